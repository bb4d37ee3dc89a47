#include "blocks/channel_bundle.hpp"

#include "blocks/alert_words.hpp"
#include "blocks/details.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::PageState;

namespace {

constexpr std::string_view storm_red{"#E01E5A"}, storm_amber{"#ECB22E"}, storm_green{"#2EB67D"};
constexpr std::size_t most_of_a_team = 60;
constexpr std::size_t most_mentioned = 20;
constexpr std::size_t most_numbers = 10;

/// Somebody is to answer it, and not what stands for it.
bool waits(const AlertView& one) { return one.alert.state == AlertState::triggered && !one.parent; }
bool is_over(const AlertView& one) { return one.alert.state == AlertState::resolved; }

Mrkdwn amount(std::size_t value) { return number(static_cast<std::int64_t>(value)); }

template <class Which> std::size_t how_many(const ChannelBundleView& shown, Which which)
{
    return static_cast<std::size_t>(std::count_if(shown.alerts.begin(), shown.alerts.end(), which));
}

/// "12 alerts in payments"
Mrkdwn storm_of(const ChannelBundleView& shown)
{
    const auto team = one_line(shown.team, most_of_a_team);
    return amount(shown.alerts.size()) + (shown.alerts.size() == 1 ? Mrkdwn{" alert in "} : " alerts in ")
        + (team.empty() ? Mrkdwn{"this channel"} : team);
}

/// "#4, #5 and 3 more" of those that `which` names; empty: none.
template <class Which> Mrkdwn numbers_of(const ChannelBundleView& shown, Which which)
{
    std::vector<Mrkdwn> all;
    const auto count = how_many(shown, which);
    for (const auto& one : shown.alerts)
        if (which(one) && all.size() < most_numbers)
            all.push_back("#" + number(one.alert.id.value));
    auto text = joined(all, ", ");
    return count > most_numbers ? text + " and " + amount(count - most_numbers) + " more" : text;
}

/// "9 of 12 resolved · 2 acknowledged · 1 waits for an answer"
Mrkdwn progress(const ChannelBundleView& shown)
{
    const auto over = how_many(shown, is_over);
    const auto waiting = how_many(shown, waits);
    const auto taken = shown.alerts.size() - over - waiting;
    std::vector<Mrkdwn> parts;
    if (over > 0)
        parts.push_back(amount(over) + " of " + amount(shown.alerts.size()) + " resolved");
    if (taken > 0)
        parts.push_back(amount(taken) + " answered");
    if (waiting > 0)
        parts.push_back(amount(waiting) + (waiting == 1 ? Mrkdwn{" waits for an answer"} : " wait for an answer"));
    return joined(parts, " · ");
}

/// All of them in one line.
Mrkdwn paged_now(const ChannelBundleView& shown)
{
    std::vector<std::string> people;
    for (const auto& one : shown.alerts)
        if (waits(one) && one.page && one.page->state == PageState::paging)
            for (const auto& person : one.paged)
                if (std::find(people.begin(), people.end(), person) == people.end())
                    people.push_back(person);
    std::vector<Mrkdwn> mentioned;
    for (const auto& person : people)
        if (mentioned.size() < most_mentioned)
            mentioned.push_back(mention(person));
    if (mentioned.empty())
        return {};
    if (people.size() > most_mentioned)
        mentioned.push_back(amount(people.size() - most_mentioned) + " more");
    const auto last = mentioned.back();
    mentioned.pop_back();
    return "📟 Paged now: " + (mentioned.empty() ? last : joined(mentioned, ", ") + " and " + last);
}

Mrkdwn storm_line(const AlertView& one)
{
    const auto line = dot_of(one.alert.state) + " " + in_short(one.alert);
    if (!waits(one))
        return line + ": " + state_of(one);
    return one.page && one.page->state == PageState::exhausted ? line + ": *nobody answered*" : line;
}

/// What must not get lost among many.
Mrkdwn amiss(const ChannelBundleView& shown)
{
    std::vector<Mrkdwn> lines;
    if (const auto crying = numbers_of(
            shown, [](const AlertView& one) { return waits(one) && one.page && one.page->state == PageState::exhausted; });
        !crying.empty())
        lines.push_back("⚠️ *Nobody answered:* " + crying);
    if (const auto nobody = numbers_of(shown, [](const AlertView& one) { return waits(one) && !one.page && !one.in_channel; });
        !nobody.empty())
        lines.push_back("⚠️ *Nobody is paged:* " + nobody);
    if (const auto silent = numbers_of(shown, [](const AlertView& one) { return is_over(one) && one.unanswered; });
        !silent.empty())
        lines.push_back("⚠️ *Over by themselves, and nobody had answered:* " + silent);
    return joined(lines, "\n");
}

/// Acknowledges what is shown as waiting, and nothing that comes later.
Json acknowledge_shown_button(const ChannelBundleView& shown)
{
    std::string value = shown.id + ":";
    std::size_t count = 0;
    for (const auto& one : shown.alerts)
        if (waits(one))
            value += (count++ == 0 ? "" : ",") + std::to_string(one.alert.id.value);
    if (count == 0)
        return {};
    auto pressed = button(count == 1 ? "Acknowledge" : "Acknowledge all", action::acknowledge_shown, value, Style::primary);
    const auto many = std::to_string(count) + (count == 1 ? " alert" : " alerts");
    Json sure;
    sure["title"] = plain_label("Acknowledge " + many + "?");
    sure["text"] = mrkdwn_text((count == 1 ? Mrkdwn{"You take the one that waits, and nobody else is paged for it."}
                                           : "You take all " + amount(count) + " that wait, and nobody else is paged for them.")
            + " What comes in later is not among them.",
        270);
    sure["confirm"] = plain_label("Acknowledge");
    sure["deny"] = plain_label("No");
    pressed["confirm"] = std::move(sure);
    return pressed;
}

Message folded_storm(const ChannelBundleView& shown)
{
    auto first = oncall::TimePoint::max(), last = oncall::TimePoint{};
    for (const auto& one : shown.alerts) {
        first = std::min(first, one.alert.triggered_at);
        last = std::max(last, one.alert.answered_at);
    }
    auto text = "🟢 " + storm_of(shown) + (shown.alerts.size() == 1 ? Mrkdwn{", resolved"} : ", all resolved");
    auto line = bold(text);
    if (first <= last)
        line += " after "
            + escape(oncall::duration_out(last - first < std::chrono::minutes{1}
                    ? last - first
                    : oncall::milliseconds{std::chrono::floor<std::chrono::minutes>(last - first)}));
    const auto example = number(shown.alerts.front().alert.id.value);
    return message(text + ".",
        {section(line), section(amiss(shown)),
            context({numbers_of(shown, is_over) + " · `/oncall show " + example + "` shows one of them"})},
        storm_green);
}

} // namespace

Message channel_bundle(const ChannelBundleView& shown)
{
    const auto waiting = how_many(shown, waits);
    const auto unresolved = shown.alerts.size() - how_many(shown, is_over);
    if (unresolved == 0 && !shown.alerts.empty())
        return folded_storm(shown);
    const auto heading = (waiting > 0 ? Mrkdwn{"🔴 "} : "🟡 ") + storm_of(shown);
    auto since = oncall::TimePoint::max();
    for (const auto& one : shown.alerts)
        since = std::min(since, one.alert.triggered_at);
    std::vector<Mrkdwn> text{joined({heading, progress(shown)}, ": ")};
    std::vector<Json> blocks{section(bold(heading) + (shown.alerts.empty() ? Mrkdwn{} : " since " + date(since))),
        context({progress(shown)}), section(paged_now(shown)), section(amiss(shown))};
    std::size_t said = 0;
    for (const auto& one : shown.alerts) {
        if (is_over(one))
            continue;
        if (said == most_in_channel_card)
            break;
        ++said;
        // Foreign words get a text of their own each: an open backtick in one must not swallow the others.
        const auto id = std::to_string(one.alert.id.value);
        text.push_back(storm_line(one));
        blocks.push_back(section(text.back(), button("Show #" + id, action::show, id)));
    }
    if (unresolved > said) {
        const auto team = one_line(shown.team, most_of_a_team);
        std::size_t passed = 0;
        // Whoever presses the button takes these, too: each can be looked at.
        std::vector<Mrkdwn> rest;
        for (const auto& one : shown.alerts)
            if (!is_over(one) && passed++ >= said)
                rest.push_back("#" + number(one.alert.id.value));
        const auto more = "and " + amount(unresolved - said) + " more: " + joined(rest, ", ")
            + " · `/oncall show` and a number · `/oncall status " + (team.empty() ? Mrkdwn{"here"} : team) + "`";
        text.push_back(more);
        blocks.push_back(context({more}));
    }
    blocks.push_back(actions({acknowledge_shown_button(shown)}));
    return message(joined(text, "\n"), std::move(blocks), waiting > 0 ? storm_red : storm_amber);
}

} // namespace blocks
