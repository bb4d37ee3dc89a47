#include "blocks/bundle.hpp"

#include "blocks/alert_words.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::AlertState;

namespace {

constexpr std::size_t most_heading = 200;

Mrkdwn count(std::size_t number) { return kit::number(static_cast<std::int64_t>(number)); }

/// Somebody is to answer: anybody at all, or she who was asked to help.
bool is_open(const AlertView& one)
{
    const auto state = one.alert.state;
    return (state == AlertState::triggered && !one.parent) || (state != AlertState::resolved && !one.asked.empty());
}

Mrkdwn alert_line(const AlertView& one)
{
    const auto line = dot_of(one.alert.state) + " " + in_short(one.alert);
    return one.alert.state == AlertState::triggered && !one.parent ? line : line + ": " + state_of(one);
}

/// "7 pages in one", "7 pages in one, 6 alerts"; low urgency says so, and so does a drill.
Mrkdwn heading_of(const BundleView& shown)
{
    const auto drill = std::all_of(shown.alerts.begin(), shown.alerts.end(), [](const AlertView& one) { return one.alert.drill; })
        ? Mrkdwn{"🧪 Drill: nothing is broken · "}
        : Mrkdwn{};
    if (!shown.heading.empty())
        return drill + one_line(shown.heading, most_heading);
    const bool low = std::all_of(
        shown.alerts.begin(), shown.alerts.end(), [](const AlertView& one) { return one.alert.urgency == oncall::Urgency::low; });
    auto words = count(shown.pages) + (low ? Mrkdwn{" low urgency pages in one"} : " pages in one");
    if (shown.pages != shown.alerts.size())
        words += ", " + count(shown.alerts.size()) + " alerts";
    return drill + (low ? Mrkdwn{"🔔 "} : "🚨 ") + words;
}

Mrkdwn still_open(std::size_t open, std::size_t all)
{
    if (open == 0)
        return "All of them have been answered.";
    if (open == all)
        return {};
    return count(open) + " of " + count(all) + " still " + (open == 1 ? Mrkdwn{"waits"} : "wait") + " for an answer.";
}

} // namespace

Message bundle(const BundleView& shown)
{
    const auto open = static_cast<std::size_t>(std::count_if(shown.alerts.begin(), shown.alerts.end(), is_open));
    const auto heading = heading_of(shown);
    const auto state = still_open(open, shown.alerts.size());
    std::vector<Mrkdwn> text{heading + ":"};
    std::vector<Json> blocks{section(bold(heading)), open == 0 ? section(state) : context({state})};
    for (const auto& one : shown.alerts) {
        if (text.size() > most_in_bundle) {
            const auto more = "and " + count(shown.alerts.size() - most_in_bundle) + " more, in this message's thread";
            text.push_back(more);
            blocks.push_back(context({more}));
            break;
        }
        // Foreign words get a text of their own each: an open backtick in one must not swallow the others.
        text.push_back(alert_line(one));
        blocks.push_back(section(text.back()));
    }
    text.push_back(open == 0 ? state : "Acknowledge all in Slack.");
    if (open > 0)
        blocks.push_back(actions(
            {button(open == 1 ? "Acknowledge" : "Acknowledge all", action::acknowledge_all, shown.value, Style::primary)}));
    return message(joined(text, "\n"), std::move(blocks));
}

Message bundle_rest(const BundleView& shown, std::size_t from)
{
    const auto to = std::min(from + most_in_rest, shown.alerts.size());
    std::vector<Mrkdwn> text;
    std::vector<Json> blocks;
    for (auto at = from; at < to; ++at) {
        text.push_back(in_short(shown.alerts[at].alert)); // it is not edited: no state
        blocks.push_back(section(text.back()));
    }
    return message(joined(text, "\n"), std::move(blocks));
}

} // namespace blocks
