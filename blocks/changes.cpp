#include "blocks/changes.hpp"

#include "oncall/time.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_change_title = 150, most_change_word = 60;
constexpr std::size_t most_changes_on_card = 2, most_changes_in_list = 10;

/// "build 4711", linked where there is an address that can be trusted to be one.
Mrkdwn change_title(const oncall::ChangeEvent& change)
{
    auto title = one_line(change.title, most_change_title);
    if (title.empty())
        title = "something";
    for (const auto& one : change.links)
        if (const auto url = url_in(one.href); url && url->secure)
            return link(*url, title);
    return title;
}

/// "6 minutes ago": Slack counts for each who looks, so that the card need not be brought up to date for it.
Mrkdwn ago(oncall::TimePoint at)
{
    const auto shown = std::max(at, oncall::TimePoint{});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(shown).time_since_epoch().count();
    const auto exact = oncall::iso(shown, "UTC");
    return "<!date^" + number(seconds) + "^{ago}|" + escape(exact.substr(0, 10) + " " + exact.substr(11, 5)) + " UTC>";
}

} // namespace

Mrkdwn change_lines(const std::vector<oncall::ChangeEvent>& changes)
{
    std::vector<Mrkdwn> lines;
    for (const auto& change : changes)
        if (lines.size() < most_changes_on_card)
            lines.push_back("🚀 Changed " + ago(change.at) + ": " + change_title(change));
    return joined(lines, "\n");
}

Message changes(const ChangesView& shown)
{
    const auto name = one_line(shown.name, most_change_word);
    const auto of =
        name.empty() ? Mrkdwn{} : (shown.of_service ? Mrkdwn{" of service "} : " of no known service, by source ") + name;
    if (shown.changes.empty())
        return message("No changes" + of + " are known.",
            {section("No changes" + of + " are known."),
                context(
                    {"Deploys and flags come from sources: PagerDuty's change events, GitHub's deployments, or generic JSON."})});
    const auto heading = "The last changes" + of + ":";
    std::vector<Mrkdwn> lines;
    for (const auto& change : shown.changes) {
        if (lines.size() == most_changes_in_list)
            break;
        const auto service = shown.of_service ? Mrkdwn{} : one_line(change.service, most_change_word);
        const auto about = joined({service, "from " + one_line(change.source, most_change_word)}, " · ");
        lines.push_back("🚀 " + date(change.at) + "  " + change_title(change) + " · " + about);
    }
    std::vector<Json> blocks{section(bold(heading))};
    for (const auto& line : lines)
        blocks.push_back(context({line}));
    return message(heading + "\n" + joined(lines, "\n"), std::move(blocks));
}

} // namespace blocks
