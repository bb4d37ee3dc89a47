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

/// A section for each paragraph, so that none takes another's place.
std::vector<Json> edit_paragraphs(const std::string& words, const Names& names)
{
    std::vector<Json> sections;
    for (std::size_t at = 0; at < words.size();) {
        const auto end = std::min(words.find("\n\n", at), words.size());
        sections.push_back(section(shortened(prose(words.substr(at, end - at), names), most_edit_text)));
        at = end + 2;
    }
    return sections;
}

} // namespace

Message schedule_edit(const ScheduleEditView& shown)
{
    const auto title = "🗓️ " + edit_title(shown);
    auto blocks = edit_paragraphs(shown.words, shown.names);
    blocks.insert(blocks.begin(), section(title));
    const bool undone = shown.undone_at != oncall::TimePoint{};
    if (undone)
        blocks.push_back(context({"Undone by " + name(shown.undone_by, shown.names) + ", " + date(shown.undone_at)}));
    else
        blocks.push_back(actions({button("Undo", action::schedule_edit_undo, std::to_string(shown.id))}));
    return message(title + "\n" + prose(shown.words, shown.names), std::move(blocks));
}

Message moved_shifts(const std::string& words, const Names& names)
{
    return message(prose(words, names), edit_paragraphs(words, names));
}

} // namespace blocks
