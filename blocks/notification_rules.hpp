#pragma once

#include "blocks/form.hpp"
#include "oncall/quiet_hours.hpp"
#include "oncall/reach_words.hpp"

/// `/oncall rules`: when a person is reached by what; and who of the coming rota cannot be.
namespace blocks {

namespace action {
inline constexpr std::string_view rules_open{"rules.open"}; // instead of the ways to reach her
inline constexpr std::string_view rules_back{"rules.back"}; // and back
inline constexpr std::string_view rules_menu{"rules.menu"}; // "edit:<index>:<version>"; up, down, remove
// Of high urgency, and of low.
inline constexpr std::string_view rules_new{"rules.new"}; // "high"
inline constexpr std::string_view rules_new_low{"rules.new.low"}; // "low"
inline constexpr std::string_view rules_default{"rules.default"}; // "high:<version>": hers of that urgency go
inline constexpr std::string_view rules_default_low{"rules.default.low"}; // "low:<version>"
inline constexpr std::string_view rules_add_step{"rules.step.add"};
inline constexpr std::string_view rules_step{"rules.step"}; // a menu: "up:<index>", "down:<index>", "remove:<index>"
// Quiet hours.
inline constexpr std::string_view rules_quiet{"rules.quiet"}; // a menu: "edit:<index>:<version>", remove
inline constexpr std::string_view rules_quiet_new{"rules.quiet.new"};
inline constexpr std::string_view rules_quiet_none{"rules.quiet.none"}; // ":<version>": she has none, whatever her team has
inline constexpr std::string_view rules_quiet_team{"rules.quiet.team"}; // ":<version>": her team's hold
inline constexpr std::string_view rules_change{"rules.change"}; // from the preview to the form
} // namespace action
namespace view {
inline constexpr std::string_view rules{"rules"}; // private_metadata: the team; empty: her own
inline constexpr std::string_view rules_form{"rules.form"};
inline constexpr std::string_view rules_preview{"rules.preview"};
inline constexpr std::string_view quiet_form{"rules.quiet.form"};
} // namespace view

inline constexpr std::size_t most_rules = 10; // of a person or a team, for an urgency
inline constexpr std::size_t most_quiet_hours = 5;

/// A person's rules for both urgencies, or those that hold for a team's people who have none, with what they come to.
struct RuleList {
    std::string team{}; // empty: her own
    std::vector<oncall::NotificationRule> hers{};
    std::int64_t version{}; // of the list
    std::vector<oncall::NotificationRule> team_rules{};
    oncall::QuietHours quiet{}; // hers
    oncall::QuietHours team_quiet{};
    std::vector<oncall::ContactMethod> methods{}; // as for oncall::methods_of
    std::string time_zone{};
    std::vector<std::string> notes{}; // on top
};
View rule_list(const RuleList& list);

/// What a rule means in words, before it is saved.
struct RulePreview {
    oncall::NotificationRule rule{};
    std::vector<oncall::ContactMethod> methods{}; // as above
    std::string time_zone{};
    std::string warning{}; // it wakes nobody; empty: it does, or need not
    bool refused{}; // it can't be saved so
    std::string metadata{};
};
View rule_preview(const RulePreview& shown);

/// Who of the coming rota is not ready, as oncall::words_of says it.
Message readiness(const std::vector<std::string>& lines, const Names& names);

} // namespace blocks
