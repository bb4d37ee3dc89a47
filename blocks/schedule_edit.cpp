#include "blocks/schedule_edit.hpp"

#include "blocks/kit.hpp"
#include "blocks/schedule_name.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_edit_via = 120;
constexpr std::size_t most_edit_text = 2'900; // of one section

/// "Ana changed schedule payments", "Schedule payments was deleted: oncall.yaml, applied by root"
Mrkdwn edit_title(const ScheduleEditView& shown)
{
    const auto what = "schedule " + bold(schedule_name(shown.schedule));
    if (!shown.by.empty()) {
        const auto deed = shown.is_undo ? Mrkdwn{" undid a change of "}
            : shown.made                ? Mrkdwn{" made "}
            : shown.deleted             ? Mrkdwn{" deleted "}
                                        : Mrkdwn{" changed "};
        return name(shown.by, shown.names) + deed + what;
    }
    const auto deed = shown.made ? Mrkdwn{" is new"} : shown.deleted ? Mrkdwn{" was deleted"} : Mrkdwn{" was changed"};
    const auto via = one_line(shown.via, most_edit_via);
    return "Schedule " + bold(schedule_name(shown.schedule)) + deed + (via.empty() ? Mrkdwn{} : ": " + via);
}

} // namespace

Message schedule_edit(const ScheduleEditView& shown)
{
    const auto title = "🗓️ " + edit_title(shown);
    const auto words = shortened(prose(shown.words, shown.names), most_edit_text);
    std::vector<Json> blocks{section(title), section(words)};
    const bool undone = shown.undone_at != oncall::TimePoint{};
    if (undone)
        blocks.push_back(context({"Undone by " + name(shown.undone_by, shown.names) + ", " + date(shown.undone_at)}));
    else
        blocks.push_back(actions({button("Undo", action::schedule_edit_undo, std::to_string(shown.id))}));
    return message(title + "\n" + words, std::move(blocks));
}

} // namespace blocks
