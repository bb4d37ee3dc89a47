#include "blocks/overrides.hpp"

#include "blocks/kit.hpp"

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
constexpr std::size_t most_open = 20;

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
    if (!shown.alert.answered_by.empty())
        return " by " + name(shown.alert.answered_by, shown.names) + (via.empty() || in_slack ? Mrkdwn{} : ", by " + word(via));
    if (!shown.alert.source.empty())
        return " by its source";
    return {};
}

/// "Acknowledged by Ana": the word beside the colour.
Mrkdwn state_of(const AlertView& shown)
{
    switch (shown.alert.state) {
    case AlertState::triggered: return "Triggered";
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

Json state_line(const AlertView& shown)
{
    const auto& alert = shown.alert;
    std::vector<Mrkdwn> parts{dot_of(alert.state) + " " + bold(state_of(shown)), hash(alert)};
    if (alert.drill)
        parts.push_back("🧪 *drill: nothing is broken*");
    if (const auto severity = word(alert.severity); !severity.empty())
        parts.push_back(severity);
    if (alert.urgency == oncall::Urgency::low)
        parts.push_back("low urgency");
    if (const auto service = word(alert.service); !service.empty())
        parts.push_back("service " + service);
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

/// What is amiss with the page itself.
Json warning(const AlertView& shown)
{
    const auto& alert = shown.alert;
    if (alert.state != AlertState::triggered)
        return {};
    const bool unmapped = alert.service.empty() && !alert.source.empty();
    if (is_exhausted(shown))
        return section("⚠️ *Nobody answered.* Everybody on the policy has been tried.");
    if (unmapped && !shown.page)
        return section("⚠️ *Unmapped:* no service stands behind this alert, so nobody is paged. A rule or the source's "
                       "`service` can name one.");
    if (unmapped)
        return section("⚠️ *Unmapped:* no service stands behind this alert.");
    if (!shown.page)
        return section("Nobody is paged for this alert.");
    return {};
}

Mrkdwn next_line(const AlertView& shown)
{
    if (!is_paging(shown) || shown.next_at == TimePoint{})
        return {};
    if (shown.next.empty())
        return "Next step of the policy: " + date(shown.next_at);
    return "Next: " + by_name(shown.next, shown.names) + ", " + date(shown.next_at);
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
    for (const auto& [label, value] : alert.labels) {
        if (lines.size() == most_labels) {
            lines.push_back("+" + number(static_cast<std::int64_t>(alert.labels.size() - most_labels)) + " more");
            break;
        }
        const auto shown = one_line(value, most_value);
        lines.push_back(one_line(label, most_word) + ": " + (shown.empty() ? "–" : shown));
    }
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

/// Only what does something in this state, by the table of verbs. `person`: whose DM it is in.
Json buttons(const AlertView& shown, const std::string& person = {})
{
    const auto& alert = shown.alert;
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto acknowledge = button("Acknowledge", action::acknowledge, value, Style::primary);
    // Without a policy there is no next level, and past the last one only the same cry.
    const auto escalate = shown.page && !is_exhausted(shown) ? button("Escalate", action::escalate, value) : Json{};
    const auto resolve = button("Resolve", action::resolve, value);
    const auto call = is_exhausted(shown) || !shown.page ? button("Page someone", action::open_page, "") : Json{};
    const auto snooze = select("Snooze", action::snooze,
        {{"30 minutes", value + ":30"}, {"1 hour", value + ":60"}, {"4 hours", value + ":240"}, {"12 hours", value + ":720"},
            {"24 hours", value + ":1440"}});
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
            {acknowledge, escalate, resolve, call, snooze, more({promise, decline, reassign, add, note}), put_another});
    case AlertState::promised:
        return actions({button("I'm on it", action::acknowledge, value, Style::primary), join, cannot, escalate, resolve, snooze,
            more({back, decline, reassign, add, note}), put_another});
    case AlertState::acknowledged:
        return actions({join, cannot, escalate, resolve, snooze, more({back, decline, reassign, add, note}), put_another});
    case AlertState::snoozed:
        return actions({join, cannot, escalate, resolve, more({back, decline, reassign, add, note}), put_another});
    case AlertState::resolved: break;
    }
    return actions({button("Re-open", action::reopen, value), button("Add a note", action::note, value)});
}

/// "#42 Checkout is down (critical, checkout)"
Mrkdwn in_short(const oncall::Alert& alert)
{
    const auto facts = facts_of(alert, ", ");
    const auto title = hash(alert) + " " + title_of(alert, most_title_on_lock_screen);
    return facts.empty() ? title : title + " (" + facts + ")";
}

bool is_asked(const AlertView& shown, const std::string& person)
{
    return !person.empty() && std::find(shown.asked.begin(), shown.asked.end(), person) != shown.asked.end();
}

/// Who else was asked to help.
Json helpers(const AlertView& shown)
{
    std::vector<Mrkdwn> parts;
    if (!shown.helping.empty())
        parts.push_back("Helping: " + by_name(shown.helping, shown.names));
    if (!shown.asked.empty())
        parts.push_back("Asked to help: " + listed(shown.asked, mention));
    return context({joined(parts, " · ")});
}

Mrkdwn page_text(const AlertView& shown, const std::string& person)
{
    const auto& alert = shown.alert;
    const auto title = title_of(alert, most_title_on_lock_screen);
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
    if (is_exhausted(shown))
        text += ". Nobody has answered yet";
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

Message card(const AlertView& shown)
{
    const auto& alert = shown.alert;
    auto text = dot_of(alert.state) + " " + in_short(alert) + ": " + state_of(shown);
    Json paged;
    if (is_paging(shown) && !shown.paged.empty()) {
        text += ", paging " + by_name(shown.paged, shown.names);
        paged = section("📟 Paged now: " + listed(shown.paged, mention));
    } else if (is_exhausted(shown)) {
        text += ", nobody answered";
    }
    return message(text + ".",
        {headline(shown), state_line(shown), circumstances(shown), warning(shown), paged, context({next_line(shown)}),
            helpers(shown), description(alert), labels(alert), links(shown), buttons(shown)},
        colour_of(alert.state));
}

Message page(const AlertView& shown, const std::string& person)
{
    const auto& alert = shown.alert;
    auto note = one_line(shown.schedule_note, most_value);
    if (!note.empty())
        note = person.empty() || alert.state != AlertState::triggered ? Mrkdwn{} : "You are " + note + ".";
    const auto why = prose(shown.why, shown.names);
    const auto reason = why.empty() || person.empty() ? Json{} : context({"Why you: " + shortened(why, most_title)});
    return message(page_text(shown, person),
        {headline(shown), state_line(shown), circumstances(shown), warning(shown),
            context({note, others(shown, person), next_line(shown)}), helpers(shown), reason, description(alert), labels(alert),
            links(shown), buttons(shown, person)});
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
        auto words = shortened(prose(entry->text, names), most_title);
        if (words.empty())
            words = "did something";
        auto line = entry->actor.empty() ? words : name(entry->actor, names) + " " + words;
        if (const auto via = word(entry->via); !via.empty())
            line += " · " + via;
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
    // Read back after an answer, it must not cry any more.
    if (alert.state != AlertState::triggered)
        return card(shown);
    const auto policy = shown.page ? word(shown.page->policy.name) : Mrkdwn{};
    const auto tried =
        policy.empty() ? Mrkdwn{"Everybody on the policy has been tried."} : "Everybody on policy " + policy + " has been tried.";
    return message("🚨 Nobody answered page " + in_short(alert) + ". " + tried + " Whoever reads this: please acknowledge.",
        {section("🚨 *Nobody answered this page.* Whoever reads this: please acknowledge, or page someone."), headline(shown),
            state_line(shown), circumstances(shown), context({tried}), description(alert), labels(alert), links(shown),
            buttons(shown)},
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
            actions({button("Page someone", action::open_page, "")})},
        amber);
}

Message status(const std::vector<AlertView>& open, oncall::TimePoint now, bool slack_up)
{
    std::vector<const AlertView*> newest;
    for (const auto& one : open)
        newest.push_back(&one);
    std::stable_sort(newest.begin(), newest.end(), [](const auto* a, const auto* b) { return a->alert.id > b->alert.id; });

    const auto count = static_cast<std::int64_t>(open.size());
    const auto trouble = slack_up ? Mrkdwn{} : "⚠️ My connection to Slack is down: pages and cards may be late.";
    const auto summary = open.empty() ? Mrkdwn{"No open alerts."}
        : count == 1                  ? Mrkdwn{"1 open alert:"}
                                      : number(count) + " open alerts:";
    std::vector<Mrkdwn> lines{trouble, summary};
    std::vector<Json> blocks{section(trouble), section(bold(summary))};
    for (std::size_t i = 0; i < newest.size(); ++i) {
        if (i == most_open) {
            const auto more = "and " + number(static_cast<std::int64_t>(newest.size() - most_open)) + " older ones";
            lines.push_back(more);
            blocks.push_back(context({more}));
            break;
        }
        const auto& shown = *newest[i];
        const auto& alert = shown.alert;
        std::vector<Mrkdwn> parts{state_of(shown)};
        if (is_paging(shown))
            parts.back() += ", paging";
        else if (is_exhausted(shown))
            parts.back() += ", *nobody answered*";
        if (alert.triggered_at != TimePoint{} && alert.triggered_at <= now)
            parts.push_back("since " + date(alert.triggered_at));
        const auto state = joined(parts, " · ");
        const auto facts = facts_of(alert, " · ");
        lines.push_back(in_short(alert) + ": " + state);
        blocks.push_back(
            section(dot_of(alert.state) + " " + bold(hash(alert)) + " " + title_of(alert, most_title_on_lock_screen)));
        blocks.push_back(context({joined({state, facts}, " · ")}));
    }
    if (!open.empty())
        blocks.push_back(context({"`/oncall ack 42` takes one, `/oncall resolve 42` closes it."}));
    return message(joined(lines, "\n"), std::move(blocks));
}

} // namespace blocks
