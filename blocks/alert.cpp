#include "blocks/alert_words.hpp"
#include "blocks/changes.hpp"
#include "blocks/details.hpp"
#include "blocks/grouping.hpp"
#include "blocks/overrides.hpp"
#include "blocks/paging_lines.hpp"
#include "blocks/silences.hpp"
#include "oncall/auto_resolve.hpp"
#include "oncall/flapping.hpp"
#include "oncall/paging_by_hand.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::PageState;
using oncall::TimePoint;

namespace {

constexpr std::string_view red{"#E01E5A"}, amber{"#ECB22E"}, blue{"#36C5F0"}, green{"#2EB67D"};

// How much of foreign words is shown: enough to act on, little enough that the buttons stay in sight.
constexpr std::size_t most_title = 250;
constexpr std::size_t most_title_on_lock_screen = 120;
constexpr std::size_t most_description = 600;
constexpr std::size_t most_word = 60; // a service, a team, a severity, a label's name
constexpr std::size_t most_value = 150;
constexpr std::size_t most_labels = 10;
constexpr std::size_t most_links = 5;
constexpr std::size_t most_people = 20;
constexpr std::size_t most_entries = 30; // of history in one message
constexpr std::size_t most_entries_in_details = 8;
constexpr std::size_t most_open_blocks = 46; // beside what stands around the open alerts
constexpr std::size_t most_attempts_on_card = 6;
constexpr std::size_t most_attempts = 8; // of one open alert, and of all of them
constexpr std::size_t most_attempts_in_all = 16;
constexpr std::int64_t most_open = 20;
constexpr std::size_t most_open_text = 8'300;

bool is_paging(const AlertView& shown)
{
    return shown.alert.state == AlertState::triggered && shown.page && shown.page->state == PageState::paging;
}

bool is_exhausted(const AlertView& shown)
{
    return shown.alert.state == AlertState::triggered && shown.page && shown.page->state == PageState::exhausted;
}

std::string_view colour_of(AlertState state)
{
    switch (state) {
    case AlertState::triggered: return red;
    case AlertState::promised:
    case AlertState::acknowledged: return amber;
    case AlertState::snoozed: return blue;
    case AlertState::resolved: break;
    }
    return green;
}

} // namespace

Mrkdwn dot_of(AlertState state)
{
    switch (state) {
    case AlertState::triggered: return "🔴";
    case AlertState::promised:
    case AlertState::acknowledged: return "🟡";
    case AlertState::snoozed: return "🔵";
    case AlertState::resolved: break;
    }
    return "🟢";
}

namespace {

Mrkdwn hash(const oncall::Alert& alert) { return "#" + number(alert.id.value); }

Mrkdwn title_of(const oncall::Alert& alert, std::size_t most)
{
    auto title = one_line(alert.title, most);
    return title.empty() ? "(no title)" : title;
}

Mrkdwn word(const std::string& foreign) { return one_line(foreign, most_word); }

/// "Ana, Bo and Chi"
template <class Written> Mrkdwn listed(const std::vector<std::string>& people, Written written)
{
    std::vector<Mrkdwn> all;
    for (const auto& person : people) {
        if (all.size() == most_people) {
            all.push_back(number(static_cast<std::int64_t>(people.size() - most_people)) + " more");
            break;
        }
        all.push_back(written(person));
    }
    if (all.size() < 2)
        return all.empty() ? Mrkdwn{} : all.front();
    const auto last = std::move(all.back());
    all.pop_back();
    return joined(all, ", ") + " and " + last;
}

Mrkdwn by_name(const std::vector<std::string>& people, const Names& names)
{
    return listed(people, [&](const std::string& person) { return name(person, names); });
}

/// " by Ana", " by Ana, by a link in an e-mail"
Mrkdwn by_whom(const AlertView& shown)
{
    const auto& via = shown.alert.answered_via;
    const bool in_slack = via == "/oncall" || via.ends_with("in Slack");
    if (shown.alert.state == AlertState::acknowledged && shown.acknowledged.size() > 1)
        return " by " + by_name(shown.acknowledged, shown.names);
    if (!shown.alert.answered_by.empty())
        return " by " + name(shown.alert.answered_by, shown.names) + (via.empty() || in_slack ? Mrkdwn{} : ", by " + word(via));
    if (oncall::is_over_by_silence(shown.alert))
        return " by itself";
    if (!shown.alert.source.empty())
        return " by its source";
    return {};
}

/// "1 of 2 acknowledged (Ana)"; empty: one is enough.
Mrkdwn so_far(const AlertView& shown)
{
    if (shown.needed < 2 || shown.alert.state != AlertState::triggered)
        return {};
    auto text = number(static_cast<std::int64_t>(shown.acknowledged.size())) + " of " + number(shown.needed) + " acknowledged";
    if (!shown.acknowledged.empty())
        text += " (" + by_name(shown.acknowledged, shown.names) + ")";
    return text;
}

} // namespace

Mrkdwn state_of(const AlertView& shown)
{
    if (shown.parent && shown.alert.state != AlertState::resolved)
        return "In the group of " + hash(*shown.parent);
    switch (shown.alert.state) {
    case AlertState::triggered: return joined({"Triggered", so_far(shown)}, ", ");
    case AlertState::promised: return "Acknowledged" + by_whom(shown) + ", on it by " + date(shown.alert.snoozed_until);
    case AlertState::acknowledged: return "Acknowledged" + by_whom(shown);
    case AlertState::snoozed:
        if (shown.alert.snoozed_until == TimePoint{})
            return "Snoozed" + by_whom(shown);
        return "Snoozed until " + date(shown.alert.snoozed_until) + by_whom(shown);
    case AlertState::resolved: break;
    }
    return "Resolved" + by_whom(shown);
}

Mrkdwn group_of(const AlertView& shown)
{
    const auto& group = shown.group;
    if (group.open + group.over == 0)
        return {};
    return "and " + number(group.open + group.over) + " more like it: "
        + joined(
            {group.open > 0 ? number(group.open) + " open" : Mrkdwn{}, group.over > 0 ? number(group.over) + " over" : Mrkdwn{}},
            ", ");
}

namespace {

/// "critical · checkout"
Mrkdwn facts_of(const oncall::Alert& alert, const Mrkdwn& between)
{
    return joined({word(alert.severity), word(alert.service)}, between);
}

/// Foreign words get a text of their own each: an open backtick in one must not swallow what is ours.
Json headline(const AlertView& shown)
{
    auto title = title_of(shown.alert, most_title);
    for (const auto& one : shown.alert.links)
        if (const auto url = url_in(one.href); url && url->secure) {
            title = link(*url, title);
            break;
        }
    return section(bold(title));
}

Mrkdwn struck(const Mrkdwn& text) { return text.empty() ? text : Mrkdwn{"~"} + text + "~"; }

/// What the message said before somebody answered, struck through; `person`: whose DM it is in.
Mrkdwn superseded(const AlertView& shown, const std::string& person)
{
    if ((shown.alert.state == AlertState::triggered && !shown.parent) || !shown.page || shown.paged.empty())
        return {};
    // Whoever was paged at an earlier level reads of herself, too.
    const bool theirs = !person.empty()
        && (std::find(shown.paged.begin(), shown.paged.end(), person) != shown.paged.end()
            || std::any_of(shown.attempts.begin(), shown.attempts.end(),
                [&](const oncall::Notification& one) { return one.person == person; }));
    return struck("Paging " + (theirs ? Mrkdwn{"you"} : by_name(shown.paged, shown.names)));
}

/// " after 1h12m": as exact as anybody wants to know it.
Mrkdwn how_long(const oncall::Alert& alert)
{
    using namespace std::chrono;
    if (alert.triggered_at == TimePoint{} || alert.answered_at < alert.triggered_at)
        return {};
    const auto took = alert.answered_at - alert.triggered_at;
    const auto rounded = took < 1min ? took : took < 24h ? milliseconds{floor<minutes>(took)} : milliseconds{floor<hours>(took)};
    return " after " + escape(oncall::duration_out(rounded));
}

/// `before`: what it said before, struck through.
Json state_line(const AlertView& shown, const Mrkdwn& before = {})
{
    const auto& alert = shown.alert;
    const auto state = bold(state_of(shown)) + (alert.state == AlertState::resolved ? how_long(alert) : Mrkdwn{});
    std::vector<Mrkdwn> parts{joined({dot_of(alert.state), before, state}, " "), hash(alert)};
    if (alert.drill)
        parts.push_back("🧪 *drill: nothing is broken*");
    if (const auto severity = word(alert.severity); !severity.empty())
        parts.push_back(severity);
    if (alert.urgency == oncall::Urgency::low)
        parts.push_back("low urgency");
    if (const auto service = word(alert.service); !service.empty())
        parts.push_back("service " + service);
    // What is over fits into a line.
    if (alert.state == AlertState::resolved)
        return section(joined(parts, " · "));
    if (const auto team = word(alert.team); !team.empty())
        parts.push_back("team " + team);
    return section(joined(parts, " · "));
}

Json circumstances(const AlertView& shown)
{
    const auto& alert = shown.alert;
    std::vector<Mrkdwn> parts;
    if (alert.triggered_at != TimePoint{})
        parts.push_back("Since " + date(alert.triggered_at));
    if (alert.state != AlertState::triggered && alert.answered_at != TimePoint{})
        parts.push_back((alert.state == AlertState::resolved ? Mrkdwn{"resolved "} : "answered ") + date(alert.answered_at));
    if (alert.count > 1)
        parts.push_back("reported " + number(alert.count) + " times");
    if (const auto source = word(alert.source); !source.empty())
        parts.push_back("from " + source);
    parts.push_back(one_line(alert.because, most_value));
    return context({joined(parts, " · ")});
}

/// Nothing has become of it since: no answer, and no page that is newer.
bool has_come_back(const AlertView& shown)
{
    return shown.back && shown.back->at >= shown.alert.answered_at && (!shown.page || shown.page->started_at <= shown.back->at);
}

/// "Came back today at 12:08, after 2m, 3 times so far · flapping: 5 times in 30 minutes"
Json back_line(const AlertView& shown)
{
    const auto& alert = shown.alert;
    if (!shown.back || alert.state == AlertState::resolved)
        return {};
    auto text = "🔁 Came back " + date(shown.back->at) + ", after " + escape(oncall::over_for(shown.back->over_for));
    if (alert.came_back > 1)
        text += ", " + number(alert.came_back) + " times so far";
    if (!shown.back->flapping.empty() && !shown.hold)
        text += " · *flapping:* " + escape(shown.back->flapping)
            + (is_paging(shown) ? Mrkdwn{", so its page goes on only once it stays"} : Mrkdwn{});
    return context({text});
}

/// What it is to know of it at three in the morning, at most three lines: the time before, how that ended, and what else is open.
Json story_line(const AlertView& shown)
{
    std::vector<Mrkdwn> lines;
    if (const auto& before = shown.before) {
        const auto took = before->over_at < before->fired_at
            ? Mrkdwn{}
            : " after " + escape(oncall::over_for(before->over_at - before->fired_at));
        const auto who = before->by.empty() ? Mrkdwn{} : name(before->by, shown.names);
        const auto ended = before->resolved ? "resolved by " + who + took
            : who.empty()                   ? "it was over by itself" + took
                                            : who + " had it, and it was over by itself" + took;
        lines.push_back("🕘 Last fired " + date(before->fired_at) + " as #" + number(before->id.value) + ": " + ended);
        const auto first = before->note.substr(0, std::min(before->note.find('\n'), before->note.size()));
        if (const auto note = shortened(prose(first, shown.names), most_title); !note.empty())
            lines.push_back("📝 " + note);
    }
    if (!shown.beside.empty()) {
        std::vector<Mrkdwn> named;
        for (const auto& one : shown.beside)
            named.push_back("#" + number(one.id.value) + " “" + one_line(one.title, most_word) + "”");
        const auto count = number(static_cast<std::int64_t>(shown.beside_count)) + (shown.beside_more ? Mrkdwn{"+"} : Mrkdwn{});
        const auto open = shown.beside_count == 1 ? Mrkdwn{" other open alert of "} : Mrkdwn{" other open alerts of "};
        auto text = "👥 " + count + open + word(shown.alert.service) + " from the ten minutes before: " + joined(named, ", ");
        if (shown.beside_count > named.size())
            text += " …";
        lines.push_back(text);
    }
    return context({joined(lines, "\n")});
}

/// The alert that stands for this one, and how that is.
Mrkdwn stands_for_it(const AlertView& shown)
{
    AlertView parent;
    parent.alert = *shown.parent;
    parent.names = shown.names;
    return hash(parent.alert) + " " + title_of(parent.alert, most_title_on_lock_screen) + ": " + state_of(parent);
}

/// What it stands for: how many, and a few of them.
Json group_lines(const AlertView& shown)
{
    if (group_of(shown).empty())
        return {};
    std::vector<Mrkdwn> lines{"🧩 " + group_of(shown)};
    for (const auto& one : shown.group.some) {
        const auto severity = word(one.severity);
        lines.push_back(dot_of(one.state) + " " + hash(one) + " " + title_of(one, most_title_on_lock_screen)
            + (severity.empty() ? Mrkdwn{} : " (" + severity + ")"));
    }
    const auto left_out = shown.group.open + shown.group.over - static_cast<std::int64_t>(shown.group.some.size());
    if (left_out > 0)
        lines.push_back("… and " + number(left_out) + " more");
    return section(joined(lines, "\n"));
}

Json over_by_source(const AlertView& shown)
{
    if (!shown.group.over_by_source || shown.alert.state == AlertState::resolved || shown.group.open == 0)
        return {};
    return section("✅ Over by its source; " + number(shown.group.open)
        + (shown.group.open == 1 ? Mrkdwn{" of its group is still open."} : Mrkdwn{" of its group are still open."}));
}

/// What is amiss with the page itself.
Json warning(const AlertView& shown)
{
    const auto& alert = shown.alert;
    if (shown.parent && alert.state != AlertState::resolved)
        return section("🧩 *It is one of the group of* " + stands_for_it(shown) + ". What is done there holds for this one.");
    if (alert.state == AlertState::resolved && shown.unanswered)
        return section("⚠️ *It was over by itself, and "
            + (shown.acknowledged.empty() ? Mrkdwn{"nobody had answered.*"}
                                          : "only* " + by_name(shown.acknowledged, shown.names) + " *had acknowledged.*"));
    if (alert.state != AlertState::triggered)
        return {};
    // What a rule or a team's policy pages for is somebody's.
    const bool unmapped =
        alert.service.empty() && alert.policy.empty() && !alert.source.empty() && !alert.because.starts_with(oncall::paged_by);
    if (is_exhausted(shown) && !shown.acknowledged.empty())
        return section("⚠️ *It needs more people:* " + so_far(shown) + ". Everybody on the policy has been tried.");
    if (is_exhausted(shown))
        return section("⚠️ *Nobody answered.* Everybody on the policy has been tried.");
    if (shown.hold && !shown.page && shown.hold->kind == oncall::Hold::Kind::flapping)
        return section("🔕 *It is " + shortened(prose(shown.hold->because, shown.names), most_title) + ".* It pages "
            + date(shown.hold->until) + " if it stays open until then.");
    if (shown.hold && !shown.page)
        return section("🔕 *Held back until " + date(shown.hold->until) + ":* "
            + shortened(prose(shown.hold->because, shown.names), most_title) + ". If it is open then, it pages.");
    if (shown.in_channel)
        return section("Low urgency: it is shown here, and nobody is paged for it. Escalate pages its policy.");
    if (unmapped && !shown.page)
        return section("⚠️ *Unmapped:* no service stands behind this alert, so nobody is paged. A rule or the source's "
                       "`service` can name one.");
    if (unmapped)
        return section("⚠️ *Unmapped:* no service stands behind this alert.");
    if (!shown.page)
        return section("Nobody is paged for this alert.");
    return {};
}

/// "Held until 07:00 by Ana's quiet hours": with nobody else to be paged it waits.
Mrkdwn held_line(const AlertView& shown)
{
    std::vector<Mrkdwn> lines;
    if (is_paging(shown))
        for (const auto& one : shown.held) {
            if (lines.size() == most_people)
                break;
            lines.push_back("🌙 Held until " + date(one.until) + " by " + name(one.person, shown.names) + "'s quiet hours");
        }
    return joined(lines, "\n");
}

/// Nobody is being paged right now, and somebody will be.
bool is_held(const AlertView& shown) { return is_paging(shown) && shown.paged.empty() && !shown.held.empty(); }

oncall::TimePoint held_until(const AlertView& shown)
{
    auto until = shown.held.front().until;
    for (const auto& one : shown.held)
        until = std::min(until, one.until);
    return until;
}

/// "Level 1 of 3, try 2 of 2 · Next: Bo, today at 12:10"; "Cries again: today at 12:15"
Mrkdwn next_line(const AlertView& shown)
{
    if (!is_paging(shown) && !is_exhausted(shown))
        return {};
    return joined({where_it_stands(shown), what_comes_next(shown)}, " · ");
}

/// Why it is paged though it had been answered.
Json again(const AlertView& shown)
{
    if (shown.again.empty() || shown.alert.state != AlertState::triggered)
        return {};
    return section("🔁 *Paged again:* " + shortened(prose(shown.again, shown.names), most_title) + ".");
}

/// "Looks like #12 (db: disk full): checkout depends on db, 2 min apart."
Json suggestion_line(const AlertView& shown)
{
    if (!shown.suggestion || shown.alert.state == AlertState::resolved)
        return {};
    const auto& into = shown.suggestion->into;
    const auto service = word(into.service);
    const auto title = title_of(into, most_title_on_lock_screen);
    return context({"🔗 Looks like " + hash(into) + " (" + (service.empty() ? title : service + ": " + title)
        + "): " + one_line(shown.suggestion->because, most_title) + "."});
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

Json still_asked(const AlertView& shown)
{
    if (shown.alert.state != AlertState::acknowledged || shown.still_asked_at == TimePoint{})
        return {};
    const auto who = shown.alert.answered_by.empty() ? Mrkdwn{"This channel"} : name(shown.alert.answered_by, shown.names);
    return context({"⏰ " + who + " was asked “still on it?” " + date(shown.still_asked_at) + "; without an answer it pages again "
        + date(shown.still_due) + "."});
}

Json attempts(const AlertView& shown, std::size_t most, bool live)
{
    if (!is_paging(shown) && !is_exhausted(shown))
        return {};
    return context({joined(attempt_lines(shown, most, live), "\n")});
}

Json description(const oncall::Alert& alert)
{
    if (alert.description == alert.title)
        return {};
    return section(shortened(escape(alert.description), most_description));
}

Json labels(const oncall::Alert& alert)
{
    std::vector<Mrkdwn> lines;
    std::int64_t left_out = 0;
    for (const auto& [label, value] : alert.labels)
        if (const auto shown = one_line(value, most_value); shown.empty())
            continue; // it says nothing
        else if (lines.size() == most_labels)
            ++left_out;
        else
            lines.push_back(one_line(label, most_word) + ": " + shown);
    if (left_out > 0)
        lines.push_back("+" + number(left_out) + " more");
    return context({joined(lines, "\n")});
}

/// Where one can read on; the host is shown, so that a label cannot pretend to lead elsewhere.
Json links(const AlertView& shown)
{
    std::vector<Mrkdwn> parts;
    const auto add = [&](const Url& url, const Mrkdwn& label) {
        const auto host = one_line(url.host, most_value);
        parts.push_back(label.empty() ? link(url, host) : link(url, label + " (" + host + ")"));
    };
    if (const auto runbook = url_in(shown.runbook))
        add(*runbook, "Runbook");
    else if (const auto text = one_line(shown.runbook, most_value); !text.empty())
        parts.push_back("Runbook: " + text);
    std::size_t count = 0;
    for (const auto& one : shown.alert.links)
        if (const auto url = url_in(one.href); url && count++ < most_links)
            add(*url, word(one.text));
    return context(parts);
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

Json show_button(const oncall::Alert& alert) { return button("Details", action::show, std::to_string(alert.id.value)); }

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
    const bool asked = !person.empty() && std::find(shown.asked.begin(), shown.asked.end(), person) != shown.asked.end();
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
    return actions({button("Re-open", action::reopen, value), button("Add a note", action::note, value), show_button(alert)});
}

} // namespace

Mrkdwn in_short(const oncall::Alert& alert)
{
    const auto facts = facts_of(alert, ", ");
    const auto title = hash(alert) + " " + title_of(alert, most_title_on_lock_screen);
    return facts.empty() ? title : title + " (" + facts + ")";
}

namespace {

bool is_asked(const AlertView& shown, const std::string& person)
{
    return !person.empty() && std::find(shown.asked.begin(), shown.asked.end(), person) != shown.asked.end();
}

/// Who else was asked to help.
Json helpers(const AlertView& shown, bool mentions = true)
{
    std::vector<Mrkdwn> parts;
    if (!shown.helping.empty())
        parts.push_back("Helping: " + by_name(shown.helping, shown.names));
    if (!shown.asked.empty())
        parts.push_back("Asked to help: " + (mentions ? listed(shown.asked, mention) : by_name(shown.asked, shown.names)));
    return context({joined(parts, " · ")});
}

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
        return dot_of(alert.state) + " " + in_short(alert) + ": " + state_of(shown) + (theirs ? Mrkdwn{". It is yours."} : ".");
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

} // namespace

namespace {

Mrkdwn in_a_line(const AlertView& shown)
{
    return dot_of(shown.alert.state) + " " + in_short(shown.alert) + ": " + state_of(shown);
}

/// What is over: what it was, who ended it and after how long. All else is behind a button, and in the thread.
Message folded(const AlertView& shown, const Mrkdwn& text, const std::string& person, std::string_view colour)
{
    return message(text,
        {headline(shown), state_line(shown, superseded(shown, person)), warning(shown), context({group_of(shown)}),
            buttons(shown, person)},
        colour);
}

/// A line of a timeline, without its time.
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
        paged = section("📟 Paged now: " + (mentions ? listed(shown.paged, mention) : by_name(shown.paged, shown.names)));
    } else if (is_held(shown)) {
        text += ", held until " + date(held_until(shown));
    } else if (is_exhausted(shown)) {
        text += ", nobody answered";
    }
    std::vector<Json> all{headline(shown), state_line(shown, superseded(shown, {})), circumstances(shown), back_line(shown),
        context({change_lines(shown.changes)}), story_line(shown), warning(shown), again(shown), over_by_source(shown),
        group_lines(shown), still_asked(shown), paged, section(held_line(shown)), context({next_line(shown)}),
        attempts(shown, most_attempts_on_card, false), helpers(shown, mentions), suggestion_line(shown),
        suggestion_buttons(shown), description(alert), labels(alert), links(shown)};
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

Message change_line(const AlertView& shown)
{
    const auto& alert = shown.alert;
    auto text = dot_of(alert.state) + " " + in_short(alert) + ": ";
    if (alert.state != AlertState::resolved && has_come_back(shown))
        text += "came back after " + escape(oncall::over_for(shown.back->over_for))
            + (alert.state == AlertState::triggered ? Mrkdwn{} : ", " + state_of(shown));
    else if (alert.state == AlertState::triggered)
        text += "open again";
    else
        text += state_of(shown) + (alert.state == AlertState::resolved ? how_long(alert) : Mrkdwn{});
    return message(text + ".", {context({text + "."})});
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
    const auto reason = why.empty() || person.empty() ? Json{} : context({"Why you: " + shortened(why, most_title)});
    return message(page_text(shown, person),
        {headline(shown), state_line(shown, superseded(shown, person)), circumstances(shown), back_line(shown),
            context({change_lines(shown.changes)}), story_line(shown), warning(shown), again(shown), over_by_source(shown),
            group_lines(shown), context({note, others(shown, person), next_line(shown)}), helpers(shown), reason,
            description(alert), labels(alert), links(shown), buttons(shown, person)});
}

Message reminder(const AlertView& shown)
{
    const auto& alert = shown.alert;
    // Answered by now: what it was about, as it stands.
    if (alert.state != AlertState::promised)
        return card(shown);
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto otherwise = shown.page
        ? " Without an answer it is paged again in " + number(oncall::promise_grace / std::chrono::minutes{1}) + " minutes."
        : Mrkdwn{};
    return message("⏰ You said you would be on " + in_short(alert) + " by now. Are you?" + otherwise,
        {section("⏰ *You said you would be on this by now.*" + otherwise), headline(shown), state_line(shown), links(shown),
            actions({button("I'm on it", action::acknowledge, value, Style::primary),
                button("10 more minutes", action::promise, value + ":10"), button("Not me", action::decline, value)})},
        amber);
}

Message still_on_it(const AlertView& shown)
{
    const auto& alert = shown.alert;
    // Answered by now: what it was about, as it stands.
    if (alert.state != AlertState::acknowledged || shown.still_asked_at == TimePoint{})
        return card(shown);
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto otherwise =
        " Without an answer it is paged again in " + number(oncall::promise_grace / std::chrono::minutes{1}) + " minutes.";
    return message("⏰ Still on " + in_short(alert) + "?" + otherwise,
        {section("⏰ *Still on it?*" + otherwise), headline(shown), state_line(shown), links(shown),
            actions({button("Still on it", action::still_on_it, value, Style::primary)})},
        amber);
}

Message done(const std::string& plain, const std::string& value, const Names& names)
{
    const auto said = prose(plain, names);
    return message(said, {section(said), actions({button("Undo", action::undo, value)})});
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

Message exhausted(const AlertView& shown)
{
    const auto& alert = shown.alert;
    // After an answer it must not cry any more; all else is on the card.
    if (alert.state != AlertState::triggered) {
        const auto cried = struck(shown.needed > 1 ? Mrkdwn{"Needs more people"} : Mrkdwn{"Nobody answered"});
        return message(in_a_line(shown) + ".", {headline(shown), state_line(shown, cried), warning(shown), buttons(shown)},
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
            headline(shown), state_line(shown), circumstances(shown), context({tried}), description(alert), labels(alert),
            links(shown), buttons(shown)},
        red);
}

Message dead_end(const AlertView& shown, const std::string& what)
{
    const auto& alert = shown.alert;
    auto why = prose(what, shown.names);
    if (why.empty())
        why = "it leads nowhere";
    // No verbs here: this message is not followed up, and a button must not go dead.
    return message("⚠️ " + in_short(alert) + ": " + shortened(why, most_description),
        {section("⚠️ *This alert meets a dead end.* The configuration should say who is to be paged."), section(why),
            headline(shown), state_line(shown), circumstances(shown), links(shown),
            actions({button("Page someone …", action::open_page, "alert:" + std::to_string(alert.id.value))})},
        amber);
}

namespace {

/// Cancel, reassign, add: of a page that runs.
Json page_menu(const AlertView& shown)
{
    if (!is_paging(shown) && !is_exhausted(shown))
        return {};
    const auto value = ":" + std::to_string(shown.alert.id.value) + ":" + std::to_string(shown.alert.version);
    return overflow(action::more,
        {{"Cancel the page", "cancel" + value}, {"Reassign …", "reassign" + value}, {"Add someone …", "add_responder" + value}});
}

/// One open alert of `/oncall status`.
struct OpenLine {
    Mrkdwn text{};
    std::vector<Json> blocks{};
    std::size_t length{}; // of all its words
};

OpenLine open_line(const AlertView& shown, oncall::TimePoint now, std::size_t most_lines)
{
    const auto& alert = shown.alert;
    std::vector<Mrkdwn> parts{state_of(shown)};
    if (is_held(shown))
        parts.back() += ", held until " + date(held_until(shown)) + " by quiet hours";
    else if (is_paging(shown))
        parts.back() += ", paging" + (shown.paged.empty() ? Mrkdwn{} : " " + by_name(shown.paged, shown.names));
    else if (is_exhausted(shown))
        parts.back() += shown.acknowledged.empty() ? Mrkdwn{", *nobody answered*"} : Mrkdwn{", *nobody is left to page*"};
    if (alert.triggered_at != TimePoint{} && alert.triggered_at <= now)
        parts.push_back("since " + date(alert.triggered_at));
    const auto state = joined(parts, " · ");
    const auto title = dot_of(alert.state) + " " + bold(hash(alert)) + " " + title_of(alert, most_title_on_lock_screen);
    const auto stands = joined({where_it_stands(shown), what_comes_next(shown)}, " · ");
    const auto about = joined({joined({state, facts_of(alert, " · "), group_of(shown)}, " · "), stands}, "\n");
    const bool is_active = is_paging(shown) || is_exhausted(shown);
    const auto tried = is_active && most_lines > 0 ? joined(attempt_lines(shown, most_lines, true), "\n") : Mrkdwn{};
    auto menu = page_menu(shown);
    OpenLine line{in_short(alert) + ": " + state,
        {menu.is_null() ? section(title) : section(title, std::move(menu)), context({about}), context({tried}), helpers(shown)},
        title.text().size() + about.text().size() + tried.text().size()};
    std::erase_if(line.blocks, [](const Json& block) { return block.is_null(); });
    return line;
}

} // namespace

Message status(const std::vector<AlertView>& open, oncall::TimePoint now, bool slack_up, const std::string& whose,
    std::size_t more, const std::vector<std::string>& notes)
{
    std::vector<const AlertView*> sorted;
    for (const auto& one : open)
        sorted.push_back(&one);
    const auto is_active = [](const AlertView* one) { return is_paging(*one) || is_exhausted(*one); };
    std::stable_sort(sorted.begin(), sorted.end(),
        [&](const auto* a, const auto* b) { return is_active(a) != is_active(b) ? is_active(a) : a->alert.id > b->alert.id; });

    const auto count = static_cast<std::int64_t>(open.size() + more);
    const auto about = whose.empty() ? Mrkdwn{} : " " + one_line(whose, most_value);
    const auto trouble = slack_up ? Mrkdwn{} : "⚠️ My connection to Slack is down: pages and cards may be late.";
    const auto summary = count == 0 ? "No open alerts" + about + "."
        : count == 1                ? "1 open alert" + about + ":"
                                    : number(count) + " open alerts" + about + ":";
    std::vector<Mrkdwn> lines{trouble, summary};
    std::vector<Json> blocks{section(trouble), section(bold(summary))};
    // What is shown is shown whole: kit would leave out words.
    const auto active = static_cast<std::size_t>(std::count_if(sorted.begin(), sorted.end(), is_active));
    const auto most_lines = std::min(most_attempts_in_all / std::max<std::size_t>(active, 1), most_attempts);
    std::int64_t said = 0;
    std::size_t length = 0;
    for (const auto* one : sorted) {
        auto line = open_line(*one, now, most_lines);
        length += line.length;
        if (said == most_open || blocks.size() + line.blocks.size() > most_open_blocks || length > most_open_text)
            break;
        ++said;
        lines.push_back(line.text);
        blocks.insert(blocks.end(), std::make_move_iterator(line.blocks.begin()), std::make_move_iterator(line.blocks.end()));
    }
    if (count > said) {
        const auto rest = "and " + number(count - said) + " more";
        lines.push_back(rest);
        blocks.push_back(context({rest}));
    }
    if (count > 0)
        blocks.push_back(context({"`/oncall ack 42` takes one, `/oncall resolve 42` closes it. `/oncall status payments` shows "
                                  "one team, `/oncall status here` this channel."}));
    for (const auto& note : notes) {
        const auto said_of_it = "⚠️ " + one_line(note, most_value);
        lines.push_back(said_of_it);
        blocks.push_back(context({said_of_it}));
    }
    return message(joined(lines, "\n"), std::move(blocks));
}

} // namespace blocks
