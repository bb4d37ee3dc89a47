#pragma once

#include "oncall/alert.hpp"
#include "slack/message.hpp"

/// What people see in Slack: domain in, Block Kit out, pure.
namespace blocks {

using slack::Json;
using slack::Message;
using slack::View;

/// Written once, never renamed: yesterday's messages carry them. A button's value is "<alert id>:<version shown>"; a snooze
/// option's is
/// "<alert id>:<version>:<minutes>".
namespace action {
inline constexpr std::string_view acknowledge{"alert.acknowledge"};
inline constexpr std::string_view escalate{"alert.escalate"};
inline constexpr std::string_view resolve{"alert.resolve"};
inline constexpr std::string_view snooze{"alert.snooze"};
inline constexpr std::string_view open_page{"page.open"};
} // namespace action
namespace view {
inline constexpr std::string_view page{"page.submit"};
inline constexpr std::string_view page_person{"person"}; // block and action id of the modal's inputs
inline constexpr std::string_view page_why{"why"};
} // namespace view

/// What people are called, by Slack id or as configured. Who is not in it, or has an empty name, is shown by their id.
using Names = std::map<std::string, std::string>;

/// An alert with what surrounds it, ready to show. People are Slack ids or as configured.
struct AlertView {
    oncall::Alert alert{};
    std::optional<oncall::Page> page{};
    std::vector<std::string> paged{}; // reached by the step last run
    std::vector<std::string> next{}; // reached by the next step
    oncall::TimePoint next_at{}; // when that is; zero: never
    std::string runbook{};
    std::string schedule_note{}; // "on call by schedule payments", for the DM
    Names names{};
};

/// The channel's card. Only the people being paged right now are mentioned.
Message card(const AlertView& shown);
/// The page as a person gets it: the whole story in `text`. `person` is whose DM it is.
Message page(const AlertView& shown, const std::string& person);
/// New lines of the card's thread. No mentions: people are written by name, also those the entries mention.
Message history(const std::vector<oncall::TimelineEntry>& entries, const Names& names = {});
/// The cry in the fallback and the team's channel when a page found nobody.
Message exhausted(const AlertView& shown);
/// A configuration's dead end: an unmapped alert, a level with nobody. `what` is as in words().
Message dead_end(const AlertView& shown, const std::string& what);

/// Who is on call, for one schedule.
struct OnCallLine {
    std::string schedule{};
    std::string team{};
    oncall::OnCall on_call{};
};
Message who(const std::vector<OnCallLine>& lines, oncall::TimePoint now, const Names& names = {});
Message help();
/// Open alerts, newest first (at most 20 shown, the rest counted).
Message status(const std::vector<AlertView>& open, oncall::TimePoint now, bool slack_up);
/// The modal behind a bare `/oncall page`.
View page_modal();
/// A refusal, or any other short answer, as plain words. `<@U…>` in it becomes a name and `<!date^…>` a date of ours; all else
/// that Slack would take for a token is shown as it stands.
Message words(const std::string& plain, const Names& names = {});
Message something_broke(const std::string& reference);

} // namespace blocks
