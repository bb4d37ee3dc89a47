#include "handlers/services.hpp"

#include "blocks/settings.hpp"
#include "config/nearest.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/hours_field.hpp"
#include "handlers/opening.hpp"
#include "handlers/source_views.hpp"
#include "oncall/look_permission.hpp"
#include "oncall/policy.hpp"
#include "oncall/policy_words.hpp"
#include "oncall/silences.hpp"
#include "oncall/who_may.hpp"
#include "oncall/words.hpp"
#include "oncall/working_hours.hpp"
#include "storage/change_events.hpp"
#include "storage/directories.hpp"
#include "storage/first_events.hpp"
#include "storage/levels.hpp"
#include "storage/services.hpp"
#include "storage/silences.hpp"

#include <algorithm>

namespace handlers {

using oncall::Configuration;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;
namespace action = blocks::action;

namespace {

constexpr int most_service_alerts = 20, most_service_history = 10, most_service_changes_shown = 5;
constexpr auto service_history = std::chrono::days{7};
constexpr std::string_view hook_format{"paging"};
constexpr std::size_t most_of_service_in_source = 60; // bytes of its name

/// The thing of that name, or a Refusal with what may be meant.
template <class Things> const auto& thing_meant(const Things& things, const std::string& name, const std::string& kind)
{
    if (const auto found = things.find(name); found != things.end())
        return found->second;
    std::vector<std::string> known;
    for (const auto& [one, thing] : things)
        if (oncall::lower(one) == oncall::lower(name))
            return thing;
        else
            known.push_back(one);
    const auto near = config::nearest(name, known);
    throw Refusal{"There is no " + kind + " " + name + ". "
        + (near ? "Did you mean `/oncall " + kind + " " + *near + "`? " : std::string{}) + "`/oncall " + kind
        + "` lists those there are."};
}

/// Who is paged first: by schedules whoever is on call now, the rest as the policy names it.
std::vector<blocks::DutyLine> duty_by(const Configuration& configuration, const std::string& policy, TimePoint now)
{
    std::vector<blocks::DutyLine> lines;
    const auto found = oncall::policy_in(configuration, policy);
    const auto whole = found ? oncall::expanded(*found, configuration) : oncall::Policy{};
    if (whole.levels.empty())
        return lines;
    for (const auto& target : whole.levels.front().targets) {
        blocks::DutyLine line;
        const auto schedule = configuration.schedules.find(target.name);
        if (target.kind == oncall::TargetKind::user) {
            line.people = {target.name};
        } else {
            line.by = oncall::words_of(target);
            if (target.kind == oncall::TargetKind::schedule && schedule != configuration.schedules.end()) {
                const auto duty = oncall::who_is_on_call(schedule->second, now);
                line.people = duty.people;
                line.until = duty.until;
                line.next = duty.next;
            }
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

blocks::ServiceLine service_line(
    const Configuration& configuration, const std::string& name, const std::map<std::string, int>& open)
{
    blocks::ServiceLine line;
    line.name = name;
    const auto found = configuration.services.find(name);
    line.known = found != configuration.services.end();
    if (line.known) {
        line.team = found->second.team;
        line.tier = found->second.tier;
    }
    if (const auto count = open.find(name); count != open.end())
        line.open = count->second;
    return line;
}

bool may_edit(const Surroundings& around, const std::string& kind, const std::string& name)
{
    try {
        oncall::permit_edit(around.editor, kind, name, *around.now, *around.now);
        return true;
    } catch (const Refusal&) {
        return false;
    }
}

bool may_page_service(Transaction& tx, const Context& app, const std::string& service, const Asked& asked)
{
    try {
        permit_page(tx, app, asked);
        permit_page_of(tx, app, service, asked);
        return true;
    } catch (const Refusal&) {
        return false;
    }
}

std::vector<blocks::PagingHook> hooks_of(Transaction& tx, const Surroundings& around, const std::string& service)
{
    const auto heard = storage::FirstEvents{tx}.heard();
    std::vector<blocks::PagingHook> hooks;
    for (const auto& [name, source] : around.now->sources) {
        if (source.format != hook_format || source.service != service)
            continue;
        blocks::PagingHook hook;
        hook.source = name;
        hook.quiet = source.quiet;
        hook.may_edit = may_edit(around, "source", name);
        if (const auto at = heard.find(name); at != heard.end())
            hook.heard = at->second;
        hooks.push_back(std::move(hook));
    }
    return hooks;
}

/// What is silent now of a service, or of a whole team; in words.
std::vector<std::string> silences_of(Transaction& tx, const std::string& service, const std::string& team, TimePoint now)
{
    std::vector<std::string> lines;
    const auto has = [](const std::vector<std::string>& names, const std::string& name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const auto& one : storage::Silences{tx}.in_force(now)) {
        const auto& what = one.what;
        const bool is_meant =
            service.empty() ? has(what.teams, team) && !what.teams.empty() : has(what.services, service) && has(what.teams, team);
        if (!is_meant || one.begun_at == TimePoint{})
            continue;
        const bool narrower = !what.when.parts.empty();
        lines.push_back(std::string{oncall::called(what)} + " until " + oncall::date_token(one.until) + " by "
            + oncall::mention(what.made_by) + (narrower ? ", of some of its alerts" : "")
            + (what.reason.empty() ? "" : ": " + what.reason));
    }
    return lines;
}

slack::View list_of_services(Transaction& tx, const Context& app, std::size_t page)
{
    const auto configuration = app.configuration();
    const auto open = storage::ServiceAlerts{tx}.open_counts();
    std::vector<blocks::ServiceLine> lines;
    for (const auto& [name, one] : configuration->services)
        lines.push_back(service_line(*configuration, name, open));
    return blocks::services_list(std::move(lines), page);
}

slack::View view_of_service(
    Transaction& tx, const Context& app, const std::string& wanted, const Asked& asked, const std::string& said = {})
{
    const auto name = thing_meant(app.configuration()->services, wanted, "service").name;
    const auto around = surroundings(tx, app, {"service", name, false}, asked);
    const auto& configuration = *around.now;
    const storage::ServiceAlerts alerts{tx};
    const auto open = alerts.open_counts();
    blocks::ServiceView shown;
    shown.service = thing_meant(configuration.services, name, "service");
    shown.said = said;
    shown.policy = oncall::policy_of_service(configuration, name);
    shown.made_policy = oncall::is_made_of_schedule(configuration, shown.policy);
    shown.on_call = duty_by(configuration, shown.policy, asked.now);
    for (const auto& one : shown.service.depends_on)
        shown.needs.push_back(service_line(configuration, one, open));
    for (const auto& one : oncall::dependents_of(configuration, name))
        shown.needed_by.push_back(service_line(configuration, one, open));
    const auto own = storage::Subscriptions{tx}.of(name);
    shown.subscribers = oncall::subscribers_of(configuration, name, own, storage::known_people(tx));
    shown.subscribed = std::find(shown.subscribers.begin(), shown.subscribers.end(), asked.actor) != shown.subscribers.end();
    shown.may_page = may_page_service(tx, app, name, asked);
    shown.may_edit = may_edit(around, "service", name);
    shown.may_silence = oncall::why_may_not(oncall::Deed::silence, around.editor.kind, around.editor.stranger).empty();
    shown.silences = silences_of(tx, name, shown.service.team, asked.now);
    shown.hooks = hooks_of(tx, around, name);
    if (!shown.service.directory.empty())
        for (const auto& one : storage::Directories{tx}.all())
            if (one.name == shown.service.directory)
                shown.read_at = one.read_at;
    shown.changed_by = around.changed_by;
    shown.changed_at = around.changed_at;
    shown.open = alerts.open(name, most_service_alerts);
    shown.resolved = alerts.resolved(name, asked.now - service_history, most_service_history);
    shown.changes = storage::ChangeEvents{tx}.of_service(name, most_service_changes_shown);
    shown.names = around.names;
    return blocks::service(shown);
}

slack::View list_of_teams(Transaction& tx, const Context& app, std::size_t page, TimePoint now)
{
    const auto configuration = app.configuration();
    const auto open = storage::ServiceAlerts{tx}.open_counts();
    std::vector<blocks::TeamLine> lines;
    for (const auto& [name, team] : configuration->teams) {
        blocks::TeamLine line;
        line.name = name;
        line.members = team.members.size();
        for (const auto& [service, its] : configuration->services)
            if (its.team == name) {
                ++line.services;
                if (const auto count = open.find(service); count != open.end())
                    line.open += count->second;
            }
        line.on_call = duty_by(*configuration, oncall::policy_of_team(*configuration, name), now);
        lines.push_back(std::move(line));
    }
    return blocks::teams_list(lines, page, storage::People{tx}.names());
}

std::string hours_said(const oncall::WorkingHours& hours)
{
    auto words = hours_out(hours.windows);
    for (auto at = words.find('\n'); at != words.npos; at = words.find('\n', at))
        words.replace(at, 1, "; ");
    return words;
}

slack::View view_of_team(Transaction& tx, const Context& app, const std::string& wanted, const Asked& asked)
{
    const auto name = thing_meant(app.configuration()->teams, wanted, "team").name;
    const auto around = surroundings(tx, app, {"team", name, false}, asked);
    const auto& configuration = *around.now;
    const storage::ServiceAlerts alerts{tx};
    const auto open = alerts.open_counts();
    blocks::TeamView shown;
    shown.team = thing_meant(configuration.teams, name, "team");
    shown.policy = oncall::policy_of_team(configuration, name);
    shown.made_policy = oncall::is_made_of_schedule(configuration, shown.policy);
    shown.on_call = duty_by(configuration, shown.policy, asked.now);
    if (oncall::is_said(shown.team.working_hours)) {
        shown.works = oncall::works_at(shown.team.working_hours, asked.now);
        shown.works_from = oncall::works_from(shown.team.working_hours, asked.now);
        shown.hours = hours_said(shown.team.working_hours);
    }
    for (const auto& [service, its] : configuration.services)
        if (its.team == name)
            shown.services.push_back(service_line(configuration, service, open));
    shown.silences = silences_of(tx, "", name, asked.now);
    shown.open = alerts.open_of_team(name, most_service_alerts);
    shown.may_edit = may_edit(around, "team", name);
    shown.names = around.names;
    return blocks::team(shown);
}

/// What a press shows.
slack::View view_pressed(Transaction& tx, const Context& app, const slack::Action& pressed, const Asked& asked)
{
    oncall::permit_look(asker_of(tx, asked));
    const auto& id = pressed.action_id;
    if (id == action::team_open)
        return view_of_team(tx, app, pressed.value, asked);
    if (id == action::team_list || id == action::team_list_back)
        return list_of_teams(tx, app, number_in<std::size_t>(pressed.value), asked.now);
    if (id == action::service_list || id == action::service_list_back)
        return list_of_services(tx, app, number_in<std::size_t>(pressed.value));
    return view_of_service(tx, app, pressed.value, asked);
}

/// The same press twice says the same.
std::string subscribe_to(Transaction& tx, const Context& app, const std::string& value, const Asked& asked)
{
    oncall::permit_look(asker_of(tx, asked));
    const auto [how, name] = value_in_two(value);
    const auto service = thing_meant(app.configuration()->services, name, "service").name;
    const bool wants = how == "on";
    storage::Subscriptions{tx}.save(service, asked.actor, wants, asked.now);
    return wants ? "You are told by direct message when something urgent is open of service " + service
            + ", and when it is over. Nobody pages you for it."
                 : "You are told no more how service " + service + " stands.";
}

MakeForm service_view_after(const slack::Action& pressed, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall service", app);
    return [&app, pressed, asked](Transaction& tx) {
        if (pressed.action_id != action::service_subscribe)
            return view_pressed(tx, app, pressed, asked);
        const auto words = subscribe_to(tx, app, pressed.value, asked);
        return view_of_service(tx, app, value_in_two(pressed.value).second, asked, words);
    };
}

Opening opening_of_press(const slack::Action& pressed, bool in_form)
{
    Opening opening;
    opening.trigger_id = pressed.trigger_id;
    opening.response_url = pressed.response_url;
    opening.instead = "`/oncall service`";
    opening.person = pressed.actor.user;
    opening.push = in_form;
    opening.alone = in_form;
    return opening;
}

/// The source that a service is paged by, as it would be with that change; shown before it is saved.
slack::View plan_hook(Transaction& tx, Context& app, const std::string& what, const std::string& name, const Asked& asked)
{
    const bool fresh = what == "make";
    auto becomes = *app.configuration();
    auto source = name;
    if (fresh) {
        thing_meant(becomes.services, name, "service");
        const auto begin = oncall::cut_between_characters(name, most_of_service_in_source);
        source = begin + " paging";
        for (int number = 2; becomes.sources.contains(source); ++number)
            source = begin + " paging " + std::to_string(number);
        auto& made = becomes.sources[source];
        made.name = source;
        made.format = hook_format;
        made.service = name;
    } else if (const auto found = becomes.sources.find(source); found != becomes.sources.end()) {
        found->second.quiet = what == "quiet";
    } else {
        source_meant(becomes, source); // refuses
    }
    const Subject subject{"source", source, fresh};
    const auto around = surroundings(tx, app, subject, asked);
    auto planned = plan_edits(tx, app, {edit_to(subject, becomes, around)}, around, asked);
    if (planned.problems.empty() && !planned.changes)
        planned.view.lines = {"It is as you want it already."};
    return blocks::settings_plan(planned.view, around.names);
}

slack::View hook_view(Transaction& tx, Context& app, const std::string& value, const Asked& asked)
{
    const auto [what, name] = value_in_two(value);
    if (what == "make" || what == "quiet" || what == "hear")
        return plan_hook(tx, app, what, name, asked);
    if (what == "debug") {
        oncall::permit_look(asker_of(tx, asked));
        return view_of_source(tx, app, name, asked);
    }
    const auto around = around_source(tx, app, name, asked);
    const auto& source = source_meant(*around.now, name);
    if (what == "rotate") {
        permit_source(around, name);
        return blocks::settings_rotate(name);
    }
    return blocks::source_lines(name, lines_to_paste(app, source, ""));
}

} // namespace

Answer service_command(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall service", app);
    rest = oncall::trimmed(rest);
    auto make = [&app, rest, asked](Transaction& tx) {
        oncall::permit_look(asker_of(tx, asked));
        return rest.empty() ? list_of_services(tx, app, 0) : view_of_service(tx, app, rest, asked);
    };
    auto opened = open_made_form(make, opening_by(command, "`/oncall service` once more"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer team_command(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall team", app);
    rest = oncall::trimmed(rest);
    auto make = [&app, rest, asked](Transaction& tx) {
        oncall::permit_look(asker_of(tx, asked));
        return rest.empty() ? list_of_teams(tx, app, 0, asked.now) : view_of_team(tx, app, rest, asked);
    };
    auto opened = open_made_form(make, opening_by(command, "`/oncall team` once more"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_service(slack::Action pressed, std::string delivery, Context& app)
{
    if (!pressed.view_id.empty()) {
        app.tasks.spawn("a view of a service", change_view(service_view_after(pressed, app), pressed, app));
        co_return Json{};
    }
    const auto asked = asked_by(pressed.actor, "/oncall service", app);
    auto opening = opening_of_press(pressed, false);
    MakeForm make = [&app, pressed, asked](Transaction& tx) { return view_pressed(tx, app, pressed, asked); };
    app.tasks.spawn("a view of a service", open_or_refuse(std::move(make), std::move(opening), std::move(delivery), app));
    co_return Json{};
}

Answer click_subscribe(slack::Action pressed, std::string delivery, Context& app)
{
    if (!pressed.view_id.empty()) {
        app.tasks.spawn("a subscription", change_view(service_view_after(pressed, app), pressed, app));
        co_return Json{};
    }
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        std::string words;
        try {
            words = subscribe_to(tx, app, pressed.value, asked);
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        if (storage::Inbox{tx}.first(delivery, asked.now))
            respond_or_write(tx, delivery, pressed.response_url, pressed.actor.user, words, asked.now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

Answer click_service_hook(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall service", app);
    auto opening = opening_of_press(pressed, true);
    opening.writes = true; // a plan is kept until it is saved
    MakeForm make = [&app, pressed, asked](Transaction& tx) { return hook_view(tx, app, pressed.value, asked); };
    app.tasks.spawn("a service's webhook", open_or_refuse(std::move(make), std::move(opening), std::move(delivery), app));
    co_return Json{};
}

Answer look_up_services(slack::Lookup typing, Context& app)
{
    const auto configuration = app.configuration();
    std::vector<blocks::Choice> choices;
    for (const auto& [name, service] : configuration->services)
        choices.push_back({name, name, service.team.empty() ? "No team" : service.team});
    co_return blocks::suggestions(choices, typing.typed);
}

} // namespace handlers
