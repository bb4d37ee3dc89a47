#include "delivery/view.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/contact.hpp"
#include "handlers/home.hpp"
#include "handlers/reach.hpp"
#include "handlers/readiness.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/words.hpp"
#include "storage/levels.hpp"

#include <algorithm>

namespace handlers {

using storage::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_home_shifts = 5;
constexpr std::size_t most_home_alerts = 10;
constexpr std::size_t most_home_schedules = 12;
constexpr int most_alerts_looked_at = 500;
constexpr auto told_within = 30 * 24h;

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

/// Those that are hers, the most pressing first.
std::vector<const oncall::Alert*> her_alerts(
    Transaction& tx, const HomeLook& look, const HomeDuty& duty, const std::string& person)
{
    std::set<oncall::AlertId> told;
    for (const auto& alert : storage::Alerts{tx}.told(person, look.now - told_within, look.now))
        told.insert(alert.id);
    std::vector<const oncall::Alert*> hers;
    for (const auto& alert : look.open)
        if (duty.places.teams.contains(alert.team) || told.contains(alert.id) || alert.answered_by == person)
            hers.push_back(&alert);
    const auto pressing = [](const oncall::Alert* alert) {
        const bool triggered = alert->state == oncall::AlertState::triggered;
        return triggered && alert->urgency == oncall::Urgency::high ? 0 : triggered ? 1 : 2;
    };
    std::stable_sort(hers.begin(), hers.end(), [&](const auto* a, const auto* b) { return pressing(a) < pressing(b); });
    return hers;
}

void add_her_alerts(blocks::Home& home, Transaction& tx, HomeLook& look, const HomeDuty& duty)
{
    const auto hers = her_alerts(tx, look, duty, home.person);
    for (const auto* const alert : hers) {
        if (home.alerts.size() == most_home_alerts)
            break;
        auto found = look.views.find(alert->id);
        if (found == look.views.end())
            found = look.views.emplace(alert->id, delivery::view_of(tx, *look.configuration, *alert)).first;
        home.alerts.push_back(found->second);
    }
    home.more_alerts = hers.size() - home.alerts.size();
    home.other_alerts = look.open_count - std::min(look.open_count, hers.size());
}

const HomeLook::Line& line_of(HomeLook& look, const std::string& schedule)
{
    const auto [found, is_new] = look.lines.try_emplace(schedule);
    if (is_new) {
        found->second.on_call = oncall::who_is_on_call(look.configuration->schedules.at(schedule), look.now);
        const auto teams = oncall::teams_of(*look.configuration, schedule);
        found->second.team = teams.empty() ? "" : teams.front();
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
        const auto& line = line_of(look, name);
        blocks::HomeSchedule one;
        one.line.schedule = name;
        one.line.team = line.team;
        one.line.on_call = line.on_call;
        try {
            permit_override(*look.configuration, all.at(name), asker, app.admins, look.known, look.now);
            one.may_override = home.may_override = true;
        } catch (const oncall::Refusal&) {
            // not hers
        }
        home.schedules.push_back(std::move(one));
    }
    home.more_schedules = all.size() - shown.size();
}

bool may_page_now(Transaction& tx, const Context& app, const Asked& asked)
{
    try {
        permit_page(tx, app, asked);
        return true;
    } catch (const oncall::Refusal&) {
        return false;
    }
}

/// Admins, else members of the teams that there are.
std::vector<std::string> to_ask(Transaction& tx, const Context& app, const HomeLook& look, const std::string& person)
{
    std::vector<std::string> all = app.admins;
    for (const auto& [name, team] : look.configuration->teams)
        if (app.admins.empty())
            all.insert(all.end(), team.members.begin(), team.members.end());
    std::vector<std::string> found;
    for (const auto& one : all) {
        const auto id = storage::known_as(tx, one);
        const bool is_new = id != person && std::find(found.begin(), found.end(), id) == found.end();
        if (is_new && found.size() < oncall::most_to_ask)
            found.push_back(id);
    }
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
    look.open = storage::Alerts{tx}.all_open(most_alerts_looked_at);
    look.open_count = static_cast<std::size_t>(storage::Alerts{tx}.count_open());
    return look;
}

std::vector<std::string> troubles_of_followers(Transaction& tx)
{
    std::vector<std::string> troubles;
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
    blocks::Home home;
    home.person = person;
    home.now = look.now;
    home.names = look.names;
    home.reader = who.kind == "stranger" ? blocks::Home::Reader::stranger
        : who.kind == "guest"            ? blocks::Home::Reader::guest
                                         : blocks::Home::Reader::member;
    home.in_team = duty.places.named;
    home.to_ask = to_ask(tx, app, look, person);
    if (home.reader != blocks::Home::Reader::stranger) {
        home.shifts = duty.shifts;
        add_her_alerts(home, tx, look, duty);
        add_schedules(home, look, duty, app, asker);
        home.reach = home_reach(tx, app, who, look.now);
    }
    if (home.reader == blocks::Home::Reader::member) {
        home.may_page = may_page_now(tx, app, asked);
        home.may_settings = who.kind == "member";
        // While nobody is named as an admin, everybody is one.
        if (who.kind == "member" && (app.admins.empty() || is_admin(tx, app, person)))
            home.steps = look.steps;
    }
    HomeShown shown;
    shown.view = blocks::home(home);
    shown.digest = storage::sha256(shown.view.dump()).substr(0, 16);
    shown.view["private_metadata"] = shown.digest;
    shown.until = changes_at(home);
    return shown;
}

} // namespace handlers
