#include "delivery/trouble_words.hpp"
#include "delivery/view.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/contact.hpp"
#include "handlers/home.hpp"
#include "handlers/reach.hpp"
#include "handlers/readiness.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/paging_by_hand.hpp"
#include "oncall/verbs.hpp"
#include "oncall/words.hpp"
#include "storage/levels.hpp"
#include "storage/troubles.hpp"

#include <algorithm>

namespace handlers {

using storage::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_home_shifts = 5;
constexpr std::size_t most_home_alerts = 10;
constexpr std::size_t most_home_schedules = 12;
constexpr std::size_t most_home_answers = 5;
constexpr auto told_within = 30 * 24h;
constexpr auto answered_within = 15min; // so long an answer stands there with its way back

/// "SMS Work"
std::string way_in_short(const oncall::ContactMethod& method)
{
    return std::string{oncall::title(method.kind)} + (method.label.empty() ? "" : " " + method.label);
}

blocks::HomeReach home_reach(Transaction& tx, const Context& app, const storage::Person& person, TimePoint now)
{
    blocks::HomeReach shown;
    for (const auto& method : contacts_of(tx, app, person.user_id))
        if (method.id.value == 0 || oncall::is_usable(method))
            shown.ways.push_back(way_in_short(method));
    // As if she were on call from now on.
    oncall::ComingShift shift;
    shift.person = person.user_id;
    shift.from = now;
    shift.to = now + readiness_ahead;
    for (const auto& trouble : oncall::not_ready({shift}, {{person.user_id, reach_of(tx, app, person)}}, app.ways)) {
        shown.reached = trouble.reached;
        shown.why = trouble.why;
    }
    return shown;
}

/// The most pressing first. Others' are not counted: each alert anywhere would be a change of everybody's Home.
void add_her_alerts(blocks::Home& home, Transaction& tx, HomeLook& look, const HomeDuty& duty)
{
    for (const auto& open : look.open) {
        const auto told = look.told.find(open.id);
        const bool hers = duty.places.teams.contains(open.team) || open.answered_by == home.person
            || (told != look.told.end() && told->second.contains(home.person));
        if (!hers) {
            home.other_alerts = true;
            continue;
        }
        if (home.alerts.size() == most_home_alerts) {
            ++home.more_alerts;
            continue;
        }
        auto found = look.views.find(open.id);
        if (found == look.views.end())
            if (auto alert = storage::Alerts{tx}.find(open.id); alert && alert->state != oncall::AlertState::resolved)
                found = look.views.emplace(open.id, delivery::view_of(tx, *look.configuration, std::move(*alert))).first;
        if (found != look.views.end())
            home.alerts.push_back(found->second);
    }
}

void add_her_answers(blocks::Home& home, Transaction& tx, const HomeLook& look)
{
    const auto hers = look.answered.find(home.person);
    if (hers == look.answered.end())
        return;
    for (const auto& one : hers->second) {
        if (home.answered.size() == most_home_answers || one.at + answered_within <= look.now)
            return;
        if (auto alert = storage::Alerts{tx}.find(one.alert); alert && alert->answered_at == one.at)
            home.answered.push_back({std::move(*alert), one.at, one.untouched && look.now - one.at < oncall::undo_within});
    }
}

const HomeLook::Line& line_of(HomeLook& look, const std::string& schedule, const std::vector<std::string>& admins)
{
    const auto [found, is_new] = look.lines.try_emplace(schedule);
    if (is_new) {
        found->second.on_call = oncall::who_is_on_call(look.configuration->schedules.at(schedule), look.now);
        found->second.teams = oncall::teams_of(*look.configuration, schedule);
        found->second.may_override =
            oncall::may_override(*look.configuration, look.configuration->schedules.at(schedule), admins, look.now);
    }
    return found->second;
}

/// Hers, and then the others as far as there is room.
void add_schedules(blocks::Home& home, HomeLook& look, const HomeDuty& duty, const Context& app, const oncall::Asker& asker)
{
    const auto& all = look.configuration->schedules;
    home.any_schedule = !all.empty();
    std::vector<std::string> shown;
    for (const bool hers : {true, false})
        for (const auto& [name, schedule] : all)
            if (shown.size() < most_home_schedules && duty.places.schedules.contains(name) == hers)
                shown.push_back(name);
    for (const auto& name : shown) {
        const auto& line = line_of(look, name, app.admins);
        blocks::HomeSchedule one;
        one.line.schedule = name;
        one.teams = line.teams;
        one.line.on_call = line.on_call;
        try {
            oncall::permit_override(line.may_override, name, asker, look.known);
            one.may_override = home.may_override = true;
        } catch (const oncall::Refusal&) {
            // not hers
        }
        home.schedules.push_back(std::move(one));
    }
    home.more_schedules = all.size() - shown.size();
    home.teams = look.teams;
    std::stable_partition(home.teams.begin(), home.teams.end(),
        [&](const oncall::UnscheduledTeam& one) { return duty.places.teams.contains(one.team); });
}

/// As permit_page() has it.
bool may_page_now(const Context& app, const oncall::Asker& asker, bool is_configured)
{
    try {
        oncall::permit_paging(asker, app.may_page, is_configured);
        return true;
    } catch (const oncall::Refusal&) {
        return false;
    }
}

/// Admins, else members of the teams that there are.
std::vector<std::string> to_ask(Transaction& tx, const Context& app, const HomeLook& look, const std::string& person)
{
    std::vector<std::string> found;
    const auto add = [&](const std::vector<std::string>& people) {
        for (const auto& one : people) {
            if (found.size() == oncall::most_to_ask)
                return;
            const auto id = storage::known_as(tx, one);
            if (id != person && std::find(found.begin(), found.end(), id) == found.end())
                found.push_back(id);
        }
    };
    add(app.admins);
    if (app.admins.empty())
        for (const auto& [name, team] : look.configuration->teams)
            add(team.members);
    return found;
}

TimePoint changes_at(const blocks::Home& home)
{
    auto until = TimePoint::max();
    const auto ahead_of_now = [&](TimePoint when) {
        if (when > home.now)
            until = std::min(until, when);
    };
    for (const auto& shift : home.shifts) {
        ahead_of_now(shift.start);
        if (!shift.goes_on)
            ahead_of_now(shift.end);
    }
    for (const auto& one : home.schedules)
        if (one.line.on_call.until)
            ahead_of_now(*one.line.on_call.until);
    for (const auto& one : home.answered)
        ahead_of_now(one.at + (one.may_undo ? oncall::milliseconds{oncall::undo_within} : oncall::milliseconds{answered_within}));
    return until;
}

} // namespace

HomeDuty home_duty(std::shared_ptr<const oncall::Configuration> configuration, const oncall::Known& known,
    const std::string& person, TimePoint now)
{
    HomeDuty duty;
    duty.places = oncall::places_of(*configuration, known, person, now);
    duty.shifts = oncall::shifts_of(*configuration, known, person, now, most_home_shifts);
    // What comes into sight 90 days ahead is seen a day later.
    duty.until = now + 24h;
    for (const auto& shift : duty.shifts)
        for (const auto when : {shift.start, shift.end})
            if (when > now)
                duty.until = std::min(duty.until, when);
    duty.configuration = std::move(configuration);
    return duty;
}

HomeLook home_look(Transaction& tx, const Context& app, TimePoint now)
{
    HomeLook look;
    look.now = now;
    look.configuration = app.configuration();
    look.known = storage::known_people(tx);
    look.names = storage::People{tx}.names();
    look.teams = oncall::unscheduled_teams(*look.configuration);
    look.open = storage::open_alerts(tx);
    if (!look.open.empty())
        for (const auto& [alert, people] : storage::told_of_open(tx, now - told_within, now))
            for (const auto& one : people)
                look.told[alert].insert(oncall::known_as(one, look.known));
    for (auto& one : storage::answers_given(tx, now - answered_within))
        look.answered[oncall::known_as(one.by, look.known)].push_back(std::move(one));
    return look;
}

std::vector<std::string> what_to_mend(Transaction& tx, const std::string& bot)
{
    std::vector<std::string> troubles;
    for (const auto& one : storage::Troubles{tx}.all())
        if (one.over_at == TimePoint{} && one.of.kind != "scope")
            troubles.push_back(delivery::words::stands(one, "", bot));
    for (const auto& one : storage::Followers{tx}.all())
        if (!one.trouble.empty())
            troubles.push_back(one.trouble);
    return troubles;
}

HomeShown home_of(Transaction& tx, const Context& app, HomeLook& look, const HomeDuty& duty, const std::string& person)
{
    auto who = storage::People{tx}.find(person).value_or(storage::Person{});
    who.user_id = person;
    Asked asked;
    asked.actor = person;
    asked.now = look.now;
    const auto asker = asker_of(tx, asked);
    using Reader = blocks::Home::Reader;
    blocks::Home home;
    home.person = person;
    home.now = look.now;
    home.reader = who.kind.empty() ? Reader::unknown
        : who.kind == "stranger"   ? Reader::stranger
        : who.kind == "guest"      ? Reader::guest
                                   : Reader::member;
    const bool shown_all = home.reader == Reader::guest || home.reader == Reader::member;
    home.in_team = duty.places.named;
    if (home.reader == Reader::stranger || home.reader == Reader::guest || !home.in_team)
        home.to_ask = to_ask(tx, app, look, person);
    if (shown_all) {
        home.shifts = duty.shifts;
        add_her_alerts(home, tx, look, duty);
        add_her_answers(home, tx, look);
        add_schedules(home, look, duty, app, asker);
        home.reach = home_reach(tx, app, who, look.now);
    }
    if (home.reader == Reader::member) {
        const bool admin = is_admin(tx, app, person);
        home.may_page = may_page_now(app, asker, admin || duty.places.named);
        home.may_settings = who.kind == "member";
        // While nobody is named as an admin, everybody is one.
        if (who.kind == "member" && (app.admins.empty() || admin))
            home.steps = look.steps;
    }
    HomeShown shown;
    std::swap(home.names, look.names); // there may be thousands
    shown.view = blocks::home(home);
    std::swap(home.names, look.names);
    shown.digest = storage::sha256(shown.view.dump()).substr(0, 16);
    shown.view["private_metadata"] = shown.digest;
    shown.until = changes_at(home);
    return shown;
}

} // namespace handlers
