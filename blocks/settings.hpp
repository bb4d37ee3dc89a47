#pragma once

#include "blocks/forecast.hpp"
#include "blocks/paste.hpp"

/// `/oncall settings`: the configuration in Slack.
namespace blocks {

namespace action {
inline constexpr std::string_view settings_kind{"settings.kind"}; // a menu of kinds
inline constexpr std::string_view settings_page{"settings.page"}; // "<kind>:<page>"
inline constexpr std::string_view settings_page_back{"settings.page.back"}; // the same
inline constexpr std::string_view settings_new{"settings.new"}; // "<kind>"
inline constexpr std::string_view settings_edit{"settings.edit"}; // "<kind>:<name>"
inline constexpr std::string_view settings_rule{"settings.rule"}; // a menu: "edit:<name>", "up:<name>", "down:<name>"
inline constexpr std::string_view settings_add_level{"settings.level.add"};
inline constexpr std::string_view settings_level{"settings.level"}; // a menu: "edit:<index>", "up:", "down:", "remove:"
inline constexpr std::string_view settings_level_back{"settings.level.back"};
inline constexpr std::string_view settings_target{"settings.target"}; // a menu: "up:<index>", "down:<index>", "remove:<index>"
inline constexpr std::string_view settings_delete{"settings.delete"};
inline constexpr std::string_view settings_rotate{"settings.rotate"};
inline constexpr std::string_view settings_end_overlap{"settings.key.end"};
// Menus that ask for their options.
inline constexpr std::string_view options_team{"options.team"};
inline constexpr std::string_view options_service{"options.service"};
inline constexpr std::string_view options_policy{"options.policy"};
inline constexpr std::string_view options_source{"options.source"};
inline constexpr std::string_view options_schedule{"options.schedule"};
inline constexpr std::string_view options_target{"options.target"};
} // namespace action
namespace view {
inline constexpr std::string_view settings{"settings"}; // private_metadata: "<kind>:<page>"
inline constexpr std::string_view settings_form{"settings.form"};
inline constexpr std::string_view settings_plan{"settings.plan"}; // private_metadata: the draft
inline constexpr std::string_view settings_rotate{"settings.rotate"}; // private_metadata: the source
inline constexpr std::string_view settings_done{"settings.done"};
} // namespace view

/// A kind of thing that the configuration is made of, as in config::Item.
struct SettingsKind {
    std::string_view kind{};
    std::string_view many{}; // "Policies"
};
const std::vector<SettingsKind>& settings_kinds();

/// All of one kind, a page of it, with what changes them. `words` are said on top.
View settings_list(const oncall::Configuration& configuration, std::string_view kind, std::size_t page);

/// What a form would change, to be looked at before it is saved. `draft` is what Save saves; empty: it can't be saved, and the
/// lines say why.
struct PlanView {
    std::string draft{};
    std::string note{}; // above, when there is something to be careful about
    std::vector<std::string> lines{};
    bool removes{};
    std::vector<std::string> forecast{}; // of a policy: who would be paged now, a line each; first a title
    oncall::ForecastDrawing drawing{}; // the same as a picture
    std::vector<std::string> warnings{}; // what may be meant, and deserves a look
    std::vector<ForecastView> becomes{}; // of a source: what something that it sent would become
};
View settings_plan(const PlanView& plan, const Names& names);

/// It holds. Closing it closes everything.
View settings_saved(const std::vector<std::string>& lines, const Names& names);

/// Choices for how long the old key of a source goes on working.
View settings_rotate(const std::string& source);

/// A source's address and key, shown this once.
struct KeyView {
    std::string source{};
    std::string format{};
    std::string address{}; // "https://oncall.example.com", no slash at its end
    std::string key{};
    std::optional<oncall::TimePoint> old_until{}; // another key works until then
    std::vector<Paste> setup{}; // the lines to paste into what sends
    bool guessed{}; // `address` is where we listen; nobody configured how others reach us
};
View settings_key(const KeyView& shown);

} // namespace blocks
