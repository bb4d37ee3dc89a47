#include "blocks/services.hpp"

#include "blocks/alert_words.hpp"
#include "blocks/settings.hpp"
#include "blocks/silences.hpp"
#include "blocks/sources.hpp"
#include "blocks/typed.hpp"
#include "oncall/verbosity.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t services_on_a_page = 40;
constexpr std::size_t most_service_word = 80, most_service_text = 2'900;
constexpr std::size_t most_service_people = 20, most_service_links = 10, most_service_labels = 20, most_service_edges = 30;
constexpr std::size_t most_service_changes = 5, most_service_silences = 5, most_team_services = 25;

Mrkdwn service_word(std::string_view foreign) { return one_line(foreign, most_service_word); }

Mrkdwn service_count(std::size_t count, const Mrkdwn& one, const Mrkdwn& many)
{
    return number(static_cast<std::int64_t>(count)) + " " + (count == 1 ? one : many);
}

Mrkdwn service_people(const std::vector<std::string>& people, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : people) {
        if (shown.size() == most_service_people) {
            shown.push_back(number(static_cast<std::int64_t>(people.size() - most_service_people)) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return joined(shown, ", ");
}

Mrkdwn labelled(const Mrkdwn& label, const Mrkdwn& text) { return text.empty() ? Mrkdwn{} : "*" + label + "* " + text; }

Mrkdwn open_words(int open)
{
    return open == 0 ? Mrkdwn{} : "🔴 " + service_count(static_cast<std::size_t>(open), "open alert", "open alerts");
}

/// "🔴 ledger"; one that nobody knows says so.
Mrkdwn service_edge(const ServiceLine& line)
{
    if (!line.known)
        return service_word(line.name) + " (not known here)";
    return (line.open > 0 ? Mrkdwn{"🔴 "} : Mrkdwn{}) + service_word(line.name);
}

Mrkdwn service_edges(const std::vector<ServiceLine>& lines)
{
    std::vector<Mrkdwn> words;
    for (const auto& line : lines)
        if (words.size() < most_service_edges)
            words.push_back(service_edge(line));
    if (lines.size() > most_service_edges)
        words.push_back(number(static_cast<std::int64_t>(lines.size() - most_service_edges)) + " more");
    return joined(words, ", ");
}

Mrkdwn duty_words(const DutyLine& line, const Names& names)
{
    const auto people = service_people(line.people, names);
    auto words = line.people.empty() && !line.by.empty() ? Mrkdwn{} : people;
    if (line.by.starts_with("schedule ") && line.people.empty())
        words = "⚠️ nobody";
    if (!line.by.empty())
        words += (words.empty() ? Mrkdwn{} : Mrkdwn{" by "}) + service_word(line.by);
    if (line.until)
        words += " until " + date(*line.until)
            + (line.next.empty() ? Mrkdwn{", then nobody"} : ", then " + service_people(line.next, names));
    return words;
}

Mrkdwn on_call_words(const std::vector<DutyLine>& lines, const Names& names)
{
    std::vector<Mrkdwn> words;
    for (const auto& line : lines)
        words.push_back(duty_words(line, names));
    return joined(words, "; ");
}

Mrkdwn linked(const oncall::Link& to)
{
    const auto url = url_in(to.href);
    const auto label = service_word(to.text.empty() ? (url ? url->host : to.href) : to.text);
    return url ? link(*url, label) : label;
}

Mrkdwn links_words(const std::vector<oncall::Link>& links)
{
    std::vector<Mrkdwn> words;
    for (const auto& one : links)
        if (words.size() < most_service_links)
            words.push_back(linked(one));
    return joined(words, " · ");
}

Mrkdwn labels_words(const std::map<std::string, std::string>& labels)
{
    std::vector<Mrkdwn> words;
    for (const auto& [label, value] : labels)
        if (words.size() < most_service_labels)
            words.push_back(service_word(label) + ": " + service_word(value));
    return joined(words, " · ");
}

/// "12 min"
Mrkdwn lasted(oncall::TimePoint from, oncall::TimePoint to)
{
    return escape(oncall::duration_out(std::chrono::ceil<std::chrono::minutes>(std::max(to - from, oncall::milliseconds{}))));
}

Mrkdwn service_alert_line(const oncall::Alert& alert, const Names& names)
{
    AlertView shown;
    shown.alert = alert;
    shown.names = names;
    return dot_of(alert.state) + " " + in_short(alert) + ", " + state_of(shown) + ", since " + date(alert.triggered_at);
}

Mrkdwn resolved_alert_line(const oncall::Alert& alert, const Names& names)
{
    return "✅ " + in_short(alert) + ", " + date(alert.triggered_at) + ", " + lasted(alert.triggered_at, alert.answered_at) + ", "
        + (alert.answered_by.empty() ? Mrkdwn{"over by itself"} : name(alert.answered_by, names));
}

Heading service_paragraph(const std::vector<Mrkdwn>& lines)
{
    return {shortened(joined(lines, "\n"), most_service_text), {}, {}};
}

Mrkdwn policy_said(const std::string& policy, bool made, const std::string& own)
{
    if (policy.empty())
        return "⚠️ none: nobody would be paged";
    if (made)
        return "none; whoever is on call by its team's schedule, then the whole team";
    return service_word(policy) + (own.empty() ? Mrkdwn{" (its team's)"} : Mrkdwn{});
}

Heading hook_heading(const PagingHook& hook)
{
    std::vector<Option> menu;
    if (hook.may_edit) {
        menu.push_back({"Make a new key…", "rotate:" + hook.source});
        menu.push_back(
            hook.quiet ? Option{"Let it page again…", "hear:" + hook.source} : Option{"Make it quiet…", "quiet:" + hook.source});
    }
    menu.push_back({"What came last", "debug:" + hook.source});
    menu.push_back({"Lines to paste…", "lines:" + hook.source});
    return {"*Paging webhook* source " + service_word(hook.source)
            + (hook.quiet ? Mrkdwn{" · quiet: what comes is kept and pages nobody"} : Mrkdwn{})
            + (hook.heard ? " · last event " + date(*hook.heard) : Mrkdwn{" · nothing has come yet"}),
        action::service_hook, std::move(menu)};
}

Json service_search()
{
    auto element = typed("external_select");
    element["action_id"] = action::service_pick;
    element["placeholder"] = plain_label("Search for a service");
    element["min_query_length"] = 0;
    return actions({element});
}

/// Nothing in it is submitted.
Form sheet(std::string_view title, std::string_view callback, const std::string& metadata)
{
    Form made;
    made.title = title;
    made.close = "Close";
    made.callback = callback;
    made.metadata = metadata;
    return made;
}

/// A list that is leafed through.
struct LongList {
    std::string_view title{};
    std::string_view callback{};
    Mrkdwn none{}; // in place of its lines
    std::string_view back{}; // the actions that turn the page
    std::string_view on{};
};

/// One page of it, the last one where there are not that many; `heading` gives what stands for a line.
template <class Line, class Headed>
Form list_page(const LongList& list, const std::vector<Line>& lines, std::size_t page, Headed heading)
{
    const auto pages = std::max<std::size_t>(1, (lines.size() + services_on_a_page - 1) / services_on_a_page);
    page = std::min(page, pages - 1);
    auto made = sheet(list.title, list.callback, std::to_string(page));
    for (auto i = page * services_on_a_page; i < std::min(lines.size(), (page + 1) * services_on_a_page); ++i)
        made.parts.push_back(heading(lines[i]));
    if (lines.empty())
        made.parts.push_back(Heading{list.none, {}, {}});
    std::vector<Press> turn;
    if (page > 0)
        turn.push_back({"Previous page", list.back, std::to_string(page - 1), false, {}});
    if (page + 1 < pages)
        turn.push_back({"Next page", list.on, std::to_string(page + 1), false, {}});
    made.parts.push_back(turn);
    return made;
}

Mrkdwn silences_said(const std::vector<std::string>& silences, const Names& names)
{
    std::vector<Mrkdwn> lines;
    for (const auto& one : silences)
        if (lines.size() < most_service_silences)
            lines.push_back("🔕 " + shortened(prose(one, names), 300));
    return joined(lines, "\n");
}

void add_facts(Form& made, const ServiceView& shown)
{
    const auto& it = shown.service;
    std::vector<Mrkdwn> facts;
    facts.push_back(labelled("Team", it.team.empty() ? Mrkdwn{"⚠️ none"} : service_word(it.team)));
    facts.push_back(labelled("Policy", policy_said(shown.policy, shown.made_policy, it.policy)));
    facts.push_back(labelled("On call now", on_call_words(shown.on_call, shown.names)));
    if (!it.runbook.empty())
        facts.push_back(labelled("Runbook", linked({it.runbook, ""})));
    facts.push_back(labelled("Links", links_words(it.links)));
    facts.push_back(labelled("Labels", labels_words(it.labels)));
    facts.push_back(silences_said(shown.silences, shown.names));
    facts.push_back(labelled("Depends on", service_edges(shown.needs)));
    facts.push_back(labelled("Needed by", service_edges(shown.needed_by)));
    facts.push_back(labelled("Subscribers", service_people(shown.subscribers, shown.names)));
    std::vector<Mrkdwn> pagers;
    for (const auto& text : it.paged_by) {
        const auto who = oncall::target_in(text);
        pagers.push_back(who && who->kind == oncall::TargetKind::user ? name(who->name, shown.names)
                                                                      : "team " + service_word(who ? who->name : text));
    }
    facts.push_back(labelled("Paged by hand only by", joined(pagers, ", ")));
    const auto read = shown.read_at == oncall::TimePoint{} ? Mrkdwn{} : " at " + date(shown.read_at);
    const auto from = it.directory.empty() ? Mrkdwn{} : "read from directory " + service_word(it.directory) + read;
    const auto changed = shown.changed_at == oncall::TimePoint{} ? Mrkdwn{}
                                                                 : "last changed " + date(shown.changed_at)
            + (shown.changed_by.empty() ? Mrkdwn{} : " by " + name(shown.changed_by, shown.names));
    facts.push_back(labelled("In the directory", joined({from, changed}, ", ")));
    made.parts.push_back(service_paragraph(facts));
}

void add_alerts(
    Form& made, const std::vector<oncall::Alert>& open, const std::vector<oncall::Alert>& resolved, const Names& names)
{
    std::vector<Mrkdwn> lines{open.empty() ? Mrkdwn{"No open alert."} : Mrkdwn{"*Open alerts*"}};
    for (const auto& alert : open)
        lines.push_back(service_alert_line(alert, names));
    made.parts.push_back(service_paragraph(lines));
    if (resolved.empty())
        return;
    lines = {"*The last of this week*"};
    for (const auto& alert : resolved)
        lines.push_back(resolved_alert_line(alert, names));
    made.parts.push_back(service_paragraph(lines));
}

Heading service_heading(const ServiceLine& line)
{
    const auto words = bold(service_word(line.name)) + "\n"
        + joined({line.team.empty() ? Mrkdwn{"⚠️ no team"} : "team " + service_word(line.team),
                     line.tier == 0 ? Mrkdwn{} : "tier " + number(line.tier), open_words(line.open)},
            " · ");
    return {words, action::service_open, {{"Open", line.name}}};
}

} // namespace

View services_list(std::vector<ServiceLine> services, std::size_t page)
{
    std::stable_sort(services.begin(), services.end(), [](const ServiceLine& one, const ServiceLine& other) {
        return std::tie(one.team, one.name) < std::tie(other.team, other.name);
    });
    const LongList list{"Services", view::services,
        "There are no services yet. What alerts are about is a service, and a team owns it.", action::service_list_back,
        action::service_list};
    auto made = list_page(list, services, page, service_heading);
    made.parts.push_back(std::vector<Press>{
        {"New service…", action::settings_new, "service", false, {}}, {"Teams", action::team_list, "0", false, {}}});
    auto shown = form(made);
    if (services.size() > services_on_a_page)
        shown["blocks"].insert(shown["blocks"].begin(), service_search());
    return shown;
}

View service(const ServiceView& shown)
{
    const auto& it = shown.service;
    auto made = sheet("Service", view::service, it.name);
    if (!shown.said.empty())
        made.parts.push_back(Heading{prose(shown.said, shown.names), {}, {}});
    auto head = bold(service_word(it.name)) + (it.tier == 0 ? Mrkdwn{} : " · tier " + number(it.tier));
    if (!it.description.empty())
        head += "\n" + shortened(escape(it.description), 1'000);
    made.parts.push_back(Heading{head, {}, {}});
    add_facts(made, shown);
    for (const auto& hook : shown.hooks)
        made.parts.push_back(hook_heading(hook));
    if (shown.hooks.empty() && shown.may_edit)
        made.parts.push_back(Heading{"*Paging webhook* none: an address by which a message or a mail alone pages for it",
            action::service_hook, {{"Make one…", "make:" + it.name}}});
    std::vector<Press> presses;
    if (shown.may_page)
        presses.push_back({"Page…", action::open_page, "service:" + it.name, false, {}});
    if (shown.may_silence)
        presses.push_back({"Silence…", action::silence_open, "service:" + it.name, false, {}});
    presses.push_back(shown.subscribed ? Press{"Unsubscribe", action::service_subscribe, "off:" + it.name, false, {}}
                                       : Press{"Subscribe", action::service_subscribe, "on:" + it.name, false, {}});
    if (shown.may_edit)
        presses.push_back({"Edit…", action::settings_edit, "service:" + it.name, false, {}});
    if (!it.team.empty())
        presses.push_back({"Its team", action::team_open, it.team, false, {}});
    presses.push_back({"All services", action::service_list, "0", false, {}});
    made.parts.push_back(presses);
    add_alerts(made, shown.open, shown.resolved, shown.names);
    std::vector<Mrkdwn> changes{"*Changed lately*"};
    for (const auto& change : shown.changes)
        if (changes.size() <= most_service_changes)
            changes.push_back("🚀 " + date(change.at) + ": " + one_line(change.title, 150));
    if (!shown.changes.empty())
        made.parts.push_back(service_paragraph(changes));
    return form(made);
}

View teams_list(const std::vector<TeamLine>& teams, std::size_t page, const Names& names)
{
    const LongList list{"Teams", view::teams, "There are no teams yet. A team owns services, and its people are paged for them.",
        action::team_list_back, action::team_list};
    auto made = list_page(list, teams, page, [&](const TeamLine& line) {
        const auto words = bold(service_word(line.name)) + "\n"
            + joined({service_count(line.members, "member", "members"), service_count(line.services, "service", "services"),
                         open_words(line.open), labelled("on call", on_call_words(line.on_call, names))},
                " · ");
        return Heading{shortened(words, most_service_text), action::team_open, {{"Open", line.name}}};
    });
    made.parts.push_back(std::vector<Press>{
        {"New team…", action::settings_new, "team", false, {}}, {"Services", action::service_list, "0", false, {}}});
    return form(made);
}

View team(const TeamView& shown)
{
    const auto& it = shown.team;
    auto made = sheet("Team", view::team, it.name);
    made.parts.push_back(Heading{bold(service_word(it.name)), {}, {}});
    std::vector<Mrkdwn> members{"*Members*"};
    const auto roles = oncall::roles_in(it);
    for (const auto& one : roles)
        if (members.size() <= most_service_people)
            members.push_back("• " + name(one.person, shown.names) + ", " + escape(one.roles));
    if (roles.size() > most_service_people)
        members.push_back("and " + number(static_cast<std::int64_t>(roles.size() - most_service_people)) + " more");
    if (roles.empty())
        members.push_back("⚠️ nobody");
    made.parts.push_back(service_paragraph(members));
    std::vector<Mrkdwn> facts;
    facts.push_back(labelled("On call now", on_call_words(shown.on_call, shown.names)));
    facts.push_back(labelled("Policy",
        shown.policy.empty()    ? Mrkdwn{"⚠️ none: of services without one of their own nobody would be paged"}
            : shown.made_policy ? Mrkdwn{"none; whoever is on call by its schedule, then the whole team"}
                                : service_word(shown.policy)));
    facts.push_back(labelled("Schedule", service_word(it.schedule)));
    facts.push_back(labelled("Channel", service_word(it.channel)));
    facts.push_back(labelled("User group", service_word(it.user_group)));
    if (!it.channel.empty())
        facts.push_back(labelled("The channel is told", escape(oncall::name(it.verbosity))));
    if (shown.works)
        facts.push_back(labelled("Working hours",
            one_line(shown.hours, 300) + " (" + service_word(it.working_hours.time_zone) + "): "
                + (*shown.works            ? Mrkdwn{"at work now"}
                        : shown.works_from ? "not at work until " + date(*shown.works_from)
                                           : Mrkdwn{"not at work"})));
    facts.push_back(silences_said(shown.silences, shown.names));
    made.parts.push_back(service_paragraph(facts));
    std::vector<Press> presses{{"Page…", action::open_page, "team:" + it.name, false, {}}};
    if (shown.may_edit)
        presses.push_back({"Edit…", action::settings_edit, "team:" + it.name, false, {}});
    presses.push_back({"All teams", action::team_list, "0", false, {}});
    made.parts.push_back(presses);
    add_alerts(made, shown.open, {}, shown.names);
    made.parts.push_back(Heading{shown.services.empty() ? Mrkdwn{"It owns no service."} : Mrkdwn{"*Its services*"}, {}, {}});
    for (std::size_t i = 0; i < std::min(shown.services.size(), most_team_services); ++i)
        made.parts.push_back(service_heading(shown.services[i]));
    if (shown.services.size() > most_team_services)
        made.parts.push_back(Heading{
            "and " + number(static_cast<std::int64_t>(shown.services.size() - most_team_services)) + " more: `/oncall service`",
            {}, {}});
    return form(made);
}

Message subscriber(const SubscriberView& shown)
{
    const auto what = bold(service_word(shown.service));
    const auto buttons = actions({button("Look at it", action::service_open, shown.service),
        button("Unsubscribe", action::service_subscribe, "off:" + shown.service)});
    const auto why = context({"You subscribe to this service. Nobody pages you for it; this message is kept up to date."});
    if (shown.open.empty()) {
        const auto over = "✅ " + what + ": nothing urgent is open any more, after " + lasted(shown.began, shown.over_at);
        return message(over, {section(over), why, buttons});
    }
    std::vector<Mrkdwn> lines{"🔴 " + what + ": " + (shown.more ? Mrkdwn{"more than "} : Mrkdwn{})
        + service_count(shown.open.size(), "urgent alert is", "urgent alerts are") + " open"};
    for (const auto& alert : shown.open)
        lines.push_back(service_alert_line(alert, shown.names));
    const auto words = shortened(joined(lines, "\n"), most_service_text);
    return message(words, {section(words), why, buttons});
}

} // namespace blocks
