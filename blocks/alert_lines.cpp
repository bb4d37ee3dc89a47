#include "blocks/alert_lines.hpp"

#include "oncall/flapping.hpp"
#include "oncall/paging_by_hand.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::PageState;
using oncall::TimePoint;

namespace {

constexpr std::size_t most_labels = 10;
constexpr std::size_t most_links = 5;

} // namespace

bool is_paging(const AlertView& shown)
{
    return shown.alert.state == AlertState::triggered && shown.page && shown.page->state == PageState::paging;
}

bool is_exhausted(const AlertView& shown)
{
    return shown.alert.state == AlertState::triggered && shown.page && shown.page->state == PageState::exhausted;
}

bool is_held(const AlertView& shown) { return is_paging(shown) && shown.paged.empty() && !shown.held.empty(); }

oncall::TimePoint held_until(const AlertView& shown)
{
    auto until = shown.held.front().until;
    for (const auto& one : shown.held)
        until = std::min(until, one.until);
    return until;
}

bool has_come_back(const AlertView& shown)
{
    return shown.back && shown.back->at >= shown.alert.answered_at && (!shown.page || shown.page->started_at <= shown.back->at);
}

Mrkdwn headline(const AlertView& shown)
{
    auto title = title_of(shown.alert, most_title);
    for (const auto& one : shown.alert.links)
        if (const auto url = url_in(one.href); url && url->secure) {
            title = link(*url, title);
            break;
        }
    return bold(title);
}

Mrkdwn struck(const Mrkdwn& text) { return text.empty() ? text : Mrkdwn{"~"} + text + "~"; }

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

Mrkdwn state_line(const AlertView& shown, const Mrkdwn& before)
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
        return joined(parts, " · ");
    if (const auto team = word(alert.team); !team.empty())
        parts.push_back("team " + team);
    return joined(parts, " · ");
}

Mrkdwn circumstances(const AlertView& shown)
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
    return joined(parts, " · ");
}

Mrkdwn back_line(const AlertView& shown)
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
    return text;
}

Mrkdwn story_lines(const AlertView& shown)
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
            named.push_back("#" + number(one.id.value) + " “" + word(one.title) + "”");
        const auto count = number(static_cast<std::int64_t>(shown.beside_count)) + (shown.beside_more ? Mrkdwn{"+"} : Mrkdwn{});
        const auto open = shown.beside_count == 1 ? Mrkdwn{" other open alert of "} : Mrkdwn{" other open alerts of "};
        auto text = "👥 " + count + open + word(shown.alert.service) + " from the ten minutes before: " + joined(named, ", ");
        if (shown.beside_count > named.size())
            text += " …";
        lines.push_back(text);
    }
    return joined(lines, "\n");
}

Mrkdwn stands_for_it(const AlertView& shown)
{
    AlertView parent;
    parent.alert = *shown.parent;
    parent.names = shown.names;
    return hash(parent.alert) + " " + title_of(parent.alert, most_title_on_lock_screen) + ": " + state_of(parent);
}

Mrkdwn group_lines(const AlertView& shown)
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
    return joined(lines, "\n");
}

Mrkdwn over_by_source(const AlertView& shown)
{
    if (!shown.group.over_by_source || shown.alert.state == AlertState::resolved || shown.group.open == 0)
        return {};
    return "✅ Over by its source; " + number(shown.group.open)
        + (shown.group.open == 1 ? Mrkdwn{" of its group is still open."} : Mrkdwn{" of its group are still open."});
}

Mrkdwn warning(const AlertView& shown)
{
    const auto& alert = shown.alert;
    if (shown.parent && alert.state != AlertState::resolved)
        return "🧩 *It is one of the group of* " + stands_for_it(shown) + ". What is done there holds for this one.";
    if (alert.state == AlertState::resolved && shown.unanswered)
        return "⚠️ *It was over by itself, and "
            + (shown.acknowledged.empty() ? Mrkdwn{"nobody had answered.*"}
                                          : "only* " + by_name(shown.acknowledged, shown.names) + " *had acknowledged.*");
    if (alert.state != AlertState::triggered)
        return {};
    // What a rule or a team's policy pages for is somebody's.
    const bool unmapped =
        alert.service.empty() && alert.policy.empty() && !alert.source.empty() && !alert.because.starts_with(oncall::paged_by);
    if (is_exhausted(shown) && !shown.acknowledged.empty())
        return "⚠️ *It needs more people:* " + so_far(shown) + ". Everybody on the policy has been tried.";
    if (is_exhausted(shown))
        return "⚠️ *Nobody answered.* Everybody on the policy has been tried.";
    if (shown.hold && !shown.page && shown.hold->kind == oncall::Hold::Kind::flapping)
        return "🔕 *It is " + shortened(prose(shown.hold->because, shown.names), most_title) + ".* It pages "
            + date(shown.hold->until) + " if it stays open until then.";
    if (shown.hold && !shown.page)
        return "🔕 *Held back until " + date(shown.hold->until) + ":* "
            + shortened(prose(shown.hold->because, shown.names), most_title) + ". If it is open then, it pages.";
    if (shown.in_channel)
        return "Low urgency: it is shown here, and nobody is paged for it. Escalate pages its policy.";
    if (unmapped && !shown.page)
        return "⚠️ *Unmapped:* no service stands behind this alert, so nobody is paged. A rule or the source's "
               "`service` can name one.";
    if (unmapped)
        return "⚠️ *Unmapped:* no service stands behind this alert.";
    if (!shown.page)
        return "Nobody is paged for this alert.";
    return {};
}

Mrkdwn again(const AlertView& shown)
{
    if (shown.again.empty() || shown.alert.state != AlertState::triggered)
        return {};
    return "🔁 *Paged again:* " + shortened(prose(shown.again, shown.names), most_title) + ".";
}

Mrkdwn held_lines(const AlertView& shown)
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

Mrkdwn description(const oncall::Alert& alert)
{
    if (alert.description == alert.title)
        return {};
    return shortened(escape(alert.description), most_description);
}

Mrkdwn labels(const oncall::Alert& alert)
{
    std::vector<Mrkdwn> lines;
    std::int64_t left_out = 0;
    for (const auto& [label, value] : alert.labels)
        if (const auto shown = one_line(value, most_value); shown.empty())
            continue; // it says nothing
        else if (lines.size() == most_labels)
            ++left_out;
        else
            lines.push_back(word(label) + ": " + shown);
    if (left_out > 0)
        lines.push_back("+" + number(left_out) + " more");
    return joined(lines, "\n");
}

std::vector<Mrkdwn> links(const AlertView& shown)
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
    return parts;
}

Mrkdwn helpers(const AlertView& shown, bool mentions)
{
    std::vector<Mrkdwn> parts;
    if (!shown.helping.empty())
        parts.push_back("Helping: " + by_name(shown.helping, shown.names));
    if (!shown.asked.empty())
        parts.push_back("Asked to help: " + (mentions ? by_mention(shown.asked) : by_name(shown.asked, shown.names)));
    return joined(parts, " · ");
}

} // namespace blocks
