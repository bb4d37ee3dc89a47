#include "blocks/alert_lines.hpp"
#include "blocks/changes.hpp"
#include "blocks/details.hpp"
#include "blocks/grouping.hpp"
#include "blocks/overrides.hpp"
#include "blocks/paging_lines.hpp"
#include "blocks/silences.hpp"
#include "oncall/flapping.hpp"

#include <algorithm>

/// The messages that follow an alert and carry its buttons: its card, its page, and the cry when that found nobody.
namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::TimePoint;

namespace {

constexpr std::size_t most_entries_in_details = 8;
constexpr std::size_t most_attempts_on_card = 6;

bool is_asked(const AlertView& shown, const std::string& person)
{
    return !person.empty() && std::find(shown.asked.begin(), shown.asked.end(), person) != shown.asked.end();
}

/// The whole story of a page, as a lock screen shows it.
Mrkdwn page_text(const AlertView& shown, const std::string& person)
{
    const auto& alert = shown.alert;
    const auto title = title_of(alert, most_title_on_lock_screen);
    if (shown.parent && alert.state != AlertState::resolved)
        return "🧩 " + in_short(alert) + " is one of the group of " + stands_for_it(shown) + ".";
    if (alert.state != AlertState::triggered) {
        const bool theirs = alert.state == AlertState::acknowledged && !person.empty() && person == alert.answered_by;
        if (is_asked(shown, person))
            return "🖐️ You are asked to help with " + in_short(alert) + ", which is " + state_of(shown)
                + ". Answer in Slack.";
        return in_a_line(shown) + (theirs ? Mrkdwn{". It is yours."} : ".");
    }
    const bool high = alert.urgency == oncall::Urgency::high;
    const auto call = (high ? Mrkdwn{"🚨 Page "} : "🔔 Low urgency page ") + hash(alert);
    auto text = joined({alert.drill ? Mrkdwn{"🧪 Drill"} : Mrkdwn{}, call, word(alert.severity), word(alert.service)}, " · ")
        + ": " + title;
    if (const auto team = word(alert.team); !team.empty())
        text += " (" + team + ")";
    if (person.empty())
        text += " - this channel is paged";
    else if (const auto note = one_line(shown.schedule_note, most_value); !note.empty())
        text += " - you are " + note;
    if (is_exhausted(shown) && shown.acknowledged.empty())
        text += ". Nobody has answered yet";
    if (const auto count = so_far(shown); !count.empty())
        text += ". " + count;
    if (has_come_back(shown))
        text += ". It came back after " + escape(oncall::over_for(shown.back->over_for));
    if (!shown.again.empty())
        text += ". Paged again: " + shortened(prose(shown.again, shown.names), most_title_on_lock_screen);
    return text + ". Acknowledge in Slack.";
}

/// Who else is at it, by name.
Mrkdwn others(const AlertView& shown, const std::string& person)
{
    if (!is_paging(shown))
        return {};
    auto people = shown.paged;
    const bool with_them = std::erase(people, person) > 0;
    if (people.empty())
        return {};
    return (with_them ? Mrkdwn{"Also paged: "} : "Paged now: ") + by_name(people, shown.names);
}

/// Somebody is found by a schedule, so another person can be put on call.
bool asks_schedule(const AlertView& shown)
{
    if (!shown.page)
        return false;
    const auto& levels = shown.page->policy.levels;
    return std::any_of(levels.begin(), levels.end(), [](const oncall::Level& level) {
        return std::any_of(level.targets.begin(), level.targets.end(), [](const oncall::Target& target) {
            using enum oncall::TargetKind;
            return target.kind == schedule || target.kind == rotation || target.kind == next;
        });
    });
}

/// Only what does something in this state, by the table of verbs. `person`: whose DM it is in.
Json buttons(const AlertView& shown, const std::string& person = {})
{
    const auto& alert = shown.alert;
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto acknowledge = button("Acknowledge", action::acknowledge, value, Style::primary);
    // Without a policy there is no next level, and past the last one only the same cry.
    const auto escalate =
        (shown.page || shown.in_channel) && !is_exhausted(shown) ? button("Escalate", action::escalate, value) : Json{};
    const auto resolve = button("Resolve", action::resolve, value);
    if (shown.parent && alert.state != AlertState::resolved) {
        const auto stands = std::to_string(shown.parent->id.value);
        return actions({button("Details of #" + stands, action::show, stands), resolve,
            button("Split", action::split, std::to_string(alert.id.value)), button("Add a note", action::note, value)});
    }
    const auto call = button("Page someone …", action::open_page, "alert:" + std::to_string(alert.id.value));
    const auto snooze = select("Snooze", action::snooze,
        {{"30 minutes", value + ":30"}, {"1 hour", value + ":60"}, {"4 hours", value + ":240"}, {"12 hours", value + ":720"},
            {"24 hours", value + ":1440"}, {"Until …", value + ":0"}});
    const auto more = [&](std::initializer_list<Option> options) { return overflow(action::more, options); };
    const Option promise{"On it in 10 min", "promise:" + value + ":10"}, decline{"Not me …", "decline:" + value},
        reassign{"Reassign …", "reassign:" + value}, add{"Ask for help …", "add_responder:" + value},
        note{"Add a note …", "note:" + value}, back{"Un-acknowledge", "unacknowledge:" + value};
    const bool asked = is_asked(shown, person);
    const auto join = asked ? button("On my way", action::join, value, Style::primary) : Json{};
    const auto cannot = asked ? button("Not me", action::decline, value) : Json{};
    // The menu has its five already.
    const auto put_another =
        asks_schedule(shown) ? button("Override …", action::override_open, "alert:" + std::to_string(alert.id.value)) : Json{};
    switch (alert.state) {
    case AlertState::triggered:
        return actions(
            {acknowledge, escalate, resolve, snooze, more({promise, decline, reassign, add, note}), call, put_another});
    case AlertState::promised:
        return actions({button("I'm on it", action::acknowledge, value, Style::primary), join, cannot, escalate, resolve, snooze,
            more({back, decline, reassign, add, note}), call, put_another});
    case AlertState::acknowledged:
        return actions({join, cannot, escalate, resolve, snooze, more({back, decline, reassign, add, note}), call, put_another});
    case AlertState::snoozed:
        return actions({join, cannot, escalate, resolve, more({back, decline, reassign, add, note}), call, put_another});
    case AlertState::resolved: break;
    }
    return actions({button("Re-open", action::reopen, value), button("Add a note", action::note, value),
        button("Details", action::show, std::to_string(alert.id.value))});
}

/// What is over: what it was, who ended it and after how long. All else is behind a button, and in the thread.
Message folded(const AlertView& shown, const Mrkdwn& text, const std::string& person, std::string_view colour)
{
    return message(text,
        {section(headline(shown)), section(state_line(shown, superseded(shown, person))), section(warning(shown)),
            context({group_of(shown)}), buttons(shown, person)},
        colour);
}

/// "Level 1 of 3, try 2 of 2 · Next: Bo, today at 12:10"; "Cries again: today at 12:15"
Mrkdwn next_line(const AlertView& shown)
{
    if (!is_paging(shown) && !is_exhausted(shown))
        return {};
    return joined({where_it_stands(shown), what_comes_next(shown)}, " · ");
}

/// "Looks like #12 (db: disk full): checkout depends on db, 2 min apart."
Mrkdwn suggestion_line(const AlertView& shown)
{
    if (!shown.suggestion || shown.alert.state == AlertState::resolved)
        return {};
    const auto& into = shown.suggestion->into;
    const auto service = word(into.service);
    const auto title = title_of(into, most_title_on_lock_screen);
    return "🔗 Looks like " + hash(into) + " (" + (service.empty() ? title : service + ": " + title)
        + "): " + one_line(shown.suggestion->because, most_title) + ".";
}

Json suggestion_buttons(const AlertView& shown)
{
    if (!shown.suggestion || shown.alert.state == AlertState::resolved)
        return {};
    const auto into = std::to_string(shown.suggestion->into.id.value);
    const auto value = std::to_string(shown.alert.id.value) + ":" + into;
    return actions({button("Merge into #" + into, action::suggestion_merge, value),
        button("Not related", action::suggestion_refuse, value)});
}

Mrkdwn still_asked(const AlertView& shown)
{
    if (shown.alert.state != AlertState::acknowledged || shown.still_asked_at == TimePoint{})
        return {};
    const auto who = shown.alert.answered_by.empty() ? Mrkdwn{"This channel"} : name(shown.alert.answered_by, shown.names);
    return "⏰ " + who + " was asked “still on it?” " + date(shown.still_asked_at) + "; without an answer it pages again "
        + date(shown.still_due) + ".";
}

Mrkdwn attempts(const AlertView& shown)
{
    if (!is_paging(shown) && !is_exhausted(shown))
        return {};
    return joined(attempt_lines(shown, most_attempts_on_card, false), "\n");
}

/// What it is and how it stands: above all else, on the card and on a page.
std::vector<Json> top_of(const AlertView& shown, const std::string& person)
{
    return {section(headline(shown)), section(state_line(shown, superseded(shown, person))), context({circumstances(shown)}),
        context({back_line(shown)}), context({change_lines(shown.changes)}), context({story_lines(shown)}),
        section(warning(shown)), section(again(shown)), section(over_by_source(shown)), section(group_lines(shown))};
}

/// The last of what was done about it and said of it, above the buttons.
std::vector<Json> last_lines(const AlertView& shown, const std::vector<oncall::TimelineEntry>& story, const Names& names)
{
    std::vector<Json> lines;
    const auto from = story.size() - std::min(story.size(), most_entries_in_details);
    if (from > 0)
        lines.push_back(context({number(static_cast<std::int64_t>(from)) + " earlier lines: `/oncall timeline "
            + number(shown.alert.id.value) + "`"}));
    for (auto at = from; at < story.size(); ++at)
        lines.push_back(context({date(story[at].at) + "  " + line_of(story[at], names)}));
    return lines;
}

Message whole_card(const AlertView& shown, bool mentions, const std::vector<Json>& story = {})
{
    const auto& alert = shown.alert;
    auto text = in_a_line(shown);
    Json paged;
    if (is_paging(shown) && !shown.paged.empty()) {
        text += ", paging " + by_name(shown.paged, shown.names);
        // One line for all of them, however many they are.
        paged = section("📟 Paged now: " + (mentions ? by_mention(shown.paged) : by_name(shown.paged, shown.names)));
    } else if (is_held(shown)) {
        text += ", held until " + date(held_until(shown));
    } else if (is_exhausted(shown)) {
        text += ", nobody answered";
    }
    auto all = top_of(shown, {});
    all.insert(all.end(),
        {context({still_asked(shown)}), paged, section(held_lines(shown)), context({next_line(shown)}),
            context({attempts(shown)}), context({helpers(shown, mentions)}), context({suggestion_line(shown)}),
            suggestion_buttons(shown), section(description(alert)), context({labels(alert)}), context(links(shown))});
    all.insert(all.end(), story.begin(), story.end());
    auto pressed = buttons(shown);
    if (!mentions && !pressed.is_null()) {
        pressed["block_id"] = action::in_details;
        // The card's menu has its five already.
        if (!alert.drill && alert.state != AlertState::resolved)
            pressed["elements"].push_back(button("Silence …", action::silence_open, "alert:" + std::to_string(alert.id.value)));
    }
    all.push_back(std::move(pressed));
    if (!mentions && !shown.parent && !alert.drill && alert.state != AlertState::resolved)
        all.push_back(actions({button("Merge …", action::merge, std::to_string(alert.id.value))}));
    return message(text + ".", std::move(all), colour_of(alert.state));
}

} // namespace

Message card(const AlertView& shown)
{
    if (shown.alert.state == AlertState::resolved)
        return folded(shown, in_a_line(shown) + ".", {}, colour_of(shown.alert.state));
    if (shown.parent)
        return folded(shown, page_text(shown, {}), {}, blue);
    return whole_card(shown, true);
}

Message details(const AlertView& shown, const std::vector<oncall::TimelineEntry>& story, const Names& names)
{
    return whole_card(shown, false, last_lines(shown, story, names));
}

Message page(const AlertView& shown, const std::string& person)
{
    const auto& alert = shown.alert;
    if (alert.state == AlertState::resolved || shown.parent)
        return folded(shown, page_text(shown, person), person, {});
    auto note = one_line(shown.schedule_note, most_value);
    if (!note.empty())
        note = person.empty() || alert.state != AlertState::triggered ? Mrkdwn{} : "You are " + note + ".";
    const auto why = prose(shown.why, shown.names);
    const auto reason = why.empty() || person.empty() ? Mrkdwn{} : "Why you: " + shortened(why, most_title);
    auto all = top_of(shown, person);
    all.insert(all.end(),
        {context({note, others(shown, person), next_line(shown)}), context({helpers(shown)}), context({reason}),
            section(description(alert)), context({labels(alert)}), context(links(shown)), buttons(shown, person)});
    return message(page_text(shown, person), std::move(all));
}

Message exhausted(const AlertView& shown)
{
    const auto& alert = shown.alert;
    // After an answer it must not cry any more; all else is on the card.
    if (alert.state != AlertState::triggered) {
        const auto cried = struck(shown.needed > 1 ? Mrkdwn{"Needs more people"} : Mrkdwn{"Nobody answered"});
        return message(in_a_line(shown) + ".",
            {section(headline(shown)), section(state_line(shown, cried)), section(warning(shown)), buttons(shown)},
            colour_of(alert.state));
    }
    const bool some = !shown.acknowledged.empty();
    const auto policy = shown.page ? word(shown.page->policy.name) : Mrkdwn{};
    const auto tried =
        policy.empty() ? Mrkdwn{"Everybody on the policy has been tried."} : "Everybody on policy " + policy + " has been tried.";
    const auto what = some ? "🚨 Page " + in_short(alert) + " needs more people: " + so_far(shown) + ". "
                           : "🚨 Nobody answered page " + in_short(alert) + ". ";
    return message(what + tried + " Whoever reads this: please acknowledge.",
        {section((some ? Mrkdwn{"🚨 *This page needs more people.*"} : Mrkdwn{"🚨 *Nobody answered this page.*"})
             + " Whoever reads this: please acknowledge, or page someone."),
            section(headline(shown)), section(state_line(shown)), context({circumstances(shown)}), context({tried}),
            section(description(alert)), context({labels(alert)}), context(links(shown)), buttons(shown)},
        red);
}

} // namespace blocks
