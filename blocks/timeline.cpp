#include "blocks/alert_lines.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_entries = 30; // in one message

} // namespace

Mrkdwn line_of(const oncall::TimelineEntry& entry, const Names& names)
{
    auto words = shortened(prose(entry.text, names), most_title);
    if (words.empty())
        words = "did something";
    auto line = entry.actor.empty() ? words : name(entry.actor, names) + " " + words;
    if (const auto via = word(entry.via); !via.empty())
        line += " · " + via;
    return line;
}

Message history(const std::vector<oncall::TimelineEntry>& entries, const Names& names)
{
    // The newest ones matter most.
    const auto left_out = entries.size() - std::min(entries.size(), most_entries);
    std::vector<Mrkdwn> lines;
    std::vector<Json> shown;
    if (left_out > 0)
        lines.push_back(number(static_cast<std::int64_t>(left_out)) + " earlier lines are left out.");
    for (auto entry = entries.begin() + static_cast<std::ptrdiff_t>(left_out); entry != entries.end(); ++entry) {
        const auto line = line_of(*entry, names);
        lines.push_back(line);
        shown.push_back(context({date(entry->at) + "  " + line}));
    }
    if (left_out > 0)
        shown.insert(shown.begin(), context({lines.front()}));
    if (lines.empty())
        lines.push_back("Nothing new.");
    return message(joined(lines, "\n"), std::move(shown));
}

} // namespace blocks
