#include "blocks/absences.hpp"

#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_absences = 20, most_why = 200;

Mrkdwn absence_line(const AbsenceLine& line)
{
    const auto why = one_line(line.why, most_why);
    return date(line.from) + " – " + date(line.to) + (why.empty() ? Mrkdwn{} : "\n" + why)
        + (line.id == 0 ? Mrkdwn{" (from your calendar)"} : Mrkdwn{});
}

} // namespace

Message clash(const std::string& words, const std::string& value, const Names& names)
{
    const auto text = prose(words, names);
    std::vector<Json> blocks;
    blocks.push_back(section(text));
    blocks.push_back(actions({button("Find cover", action::cover_ask, value, Style::primary)}));
    return message(text, std::move(blocks));
}

Message absences(const std::vector<AbsenceLine>& lines, const std::string& calendar, const std::string& note)
{
    std::vector<Json> blocks;
    if (!note.empty())
        blocks.push_back(section(prose(note, {})));
    if (lines.empty())
        blocks.push_back(section("You have no absences to come."));
    std::size_t listed = 0;
    for (const auto& line : lines) {
        if (listed++ == most_absences) {
            blocks.push_back(context({"and " + number(static_cast<std::int64_t>(lines.size() - most_absences)) + " more"}));
            break;
        }
        blocks.push_back(line.id == 0
                ? section(absence_line(line))
                : section(absence_line(line), button("Remove", action::away_remove, std::to_string(line.id))));
    }
    if (!calendar.empty())
        blocks.push_back(context({"Your calendar: " + prose(calendar, {})}));
    blocks.push_back(
        context({"Being away changes nothing by itself: you are paged all the same until somebody covers for you."}));
    return message("Your absences", std::move(blocks));
}

View away_form()
{
    std::vector<Json> blocks;
    blocks.push_back(moment_input("From", view::away_from, std::nullopt));
    blocks.push_back(moment_input("To", view::away_to, std::nullopt));
    blocks.push_back(
        text_input("Why", view::away_why, "holiday", "Seen by those who look at the schedule.", most_why, Need::optional));
    blocks.push_back(
        context({"If you are on call then, I tell you at once, with a button to find cover. "
                 "`/oncall away list` shows your absences; `/oncall away calendar https://…` reads them from your calendar."}));
    return modal("You are away", "Save", view::away_form, std::move(blocks));
}

} // namespace blocks
