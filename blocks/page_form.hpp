#pragma once

#include "blocks/form.hpp"

namespace blocks {

namespace action {
inline constexpr std::string_view page_people{"page.people"}; // fields of the form that tell at once
inline constexpr std::string_view page_others{"page.others"};
inline constexpr std::string_view page_urgency{"page.urgency"};
} // namespace action
namespace shortcut {
inline constexpr std::string_view page_from_message{"page_from_message"};
} // namespace shortcut
namespace view {
inline constexpr std::string_view page{"page.submit"};
inline constexpr std::string_view page_person{"person"}; // ids of its fields
inline constexpr std::string_view page_others{"others"}; // values: as oncall::recipient_out()
inline constexpr std::string_view page_urgency{"urgency"}; // "high", "low"
inline constexpr std::string_view page_why{"why"};
} // namespace view

inline constexpr int most_page_reason = 1'000;

/// The form that pages by hand, with what it would come to.
struct PageForm {
    Values values{}; // what stands in its fields
    std::vector<Choice> others{}; // services, teams, schedules, policies
    std::vector<std::string> questions{}; // "It is 03:10 for <@U…>, who is not on call.": then it pages "anyway"
    std::vector<std::string> lines{}; // who is paged, and how; as in words()
    std::string metadata{};
    Names names{};
};
View page_form(const PageForm& form);
/// It was sent: what came of it, a line each.
View page_done(const std::vector<std::string>& lines, const Names& names);

} // namespace blocks
