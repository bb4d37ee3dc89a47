#include "handlers/by_hand.hpp"

#include "config/addresses.hpp"
#include "doors/within.hpp"
#include "handlers/climb.hpp"
#include "handlers/contact.hpp"
#include "handlers/digest.hpp"
#include "handlers/page_words.hpp"
#include "handlers/paging.hpp"
#include "handlers/reach.hpp"
#include "handlers/routes.hpp"
#include "oncall/escalation.hpp"
#include "oncall/policy.hpp"
#include "oncall/reach_words.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"
#include "slack/client.hpp"
#include "slack/user.hpp"
#include "storage/hand_pages.hpp"
#include "storage/levels.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::size_t most_title = 1'024, most_description = 15'000, most_people_shown = 8, most_steps = 50;

std::string recipient_words(const Recipient& one)
{
    return one.kind == RecipientKind::person ? mention(one.name) : std::string{name(one.kind)} + " " + one.name;
}

std::string recipients_listed(const std::vector<Recipient>& whom)
{
    std::vector<std::string> words;
    for (const auto& one : whom)
        words.push_back(recipient_words(one));
    return listed(words);
}

std::string people_words(const std::vector<std::string>& people)
{
    std::vector<std::string> words;
    for (const auto& person : people) {
        if (words.size() == most_people_shown) {
            words.push_back(std::to_string(people.size() - most_people_shown) + " more");
            break;
        }
        words.push_back(mention(person));
    }
    return listed(words);
}

/// "15 min"; what is long needs no seconds.
std::string minutes_words(milliseconds time)
{
    if (time > std::chrono::minutes{10})
        time = std::chrono::ceil<std::chrono::minutes>(time);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time);
    return minutes.count() > 0 && minutes.count() < 120 && time == minutes ? std::to_string(minutes.count()) + " min"
                                                                           : duration_out(time);
}

/// The team of ours that a Slack user group belongs to: it is paged by that team's policy.
std::string team_of_group(Transaction& tx, const Configuration& configuration, const std::string& group)
{
    std::string handle;
    for (const auto& follower : storage::Followers{tx}.all())
        if (follower.kind == "group" && follower.slack_id == group)
            handle = follower.name;
    for (const auto& [name, team] : configuration.teams)
        if (!team.user_group.empty() && (team.user_group == group || team.user_group == handle))
            return name;
    return {};
}

/// Under which name it is paged: people by their Slack ids, and each once.
std::vector<Recipient> as_known(Transaction& tx, const Configuration& configuration, const std::vector<Recipient>& whom)
{
    std::vector<Recipient> known;
    for (auto one : whom) {
        if (one.kind == RecipientKind::person)
            one.name = storage::known_as(tx, one.name);
        if (one.kind == RecipientKind::user_group)
            if (const auto team = team_of_group(tx, configuration, one.name); !team.empty())
                one = {RecipientKind::team, team};
        if (std::find(known.begin(), known.end(), one) == known.end())
            known.push_back(std::move(one));
    }
    return known;
}

/// Why a person cannot be paged; empty when she can.
std::string problem_of_person(Transaction& tx, const Configuration& configuration, const std::string& id)
{
    const storage::People people{tx};
    const auto known = people.find(id);
    if (!known) {
        if (is_slack_id(id) || people_of(configuration).contains(id))
            return {};
        return "I don't know " + id + ". Choose the person from the list Slack shows while you type.";
    }
    return cannot_answer(tx, id);
}

/// Whether anybody stands behind any level of it.
bool reaches_anybody(Transaction& tx, const Policy& policy, const Configuration& configuration, TimePoint now)
{
    const auto groups = storage::ReadGroups{tx}.members();
    return std::any_of(policy.levels.begin(), policy.levels.end(),
        [&](const Level& level) { return !reach(level.targets, configuration, now, groups).all.empty(); });
}

std::string nobody_behind(const Recipient& one)
{
    switch (one.kind) {
    case RecipientKind::schedule:
        return "Nobody is on call by schedule " + one.name + " now. `/oncall override` puts somebody on call.";
    case RecipientKind::team: return "Nobody is in team " + one.name + ". `/oncall settings` adds people to it.";
    case RecipientKind::user_group: return "I don't know who is in user group " + one.name + ".";
    default: return "Nobody stands behind the levels of " + recipient_words(one) + " now.";
    }
}

std::string not_there(const Recipient& one, const Configuration& configuration)
{
    if (one.kind == RecipientKind::service && configuration.services.contains(one.name))
        return "Service " + one.name
            + " has no escalation policy, so nobody would be paged for it. `/oncall settings` gives it one.";
    return "There is no " + recipient_words(one) + " any more.";
}

std::set<std::string> on_call_now(Transaction& tx, const Configuration& configuration, TimePoint now)
{
    std::set<std::string> people;
    for (const auto& [name, schedule] : configuration.schedules)
        for (const auto& person : who_is_on_call(schedule, now).people)
            people.insert(storage::known_as(tx, person));
    return people;
}

/// Her rule as it is for this page, by kinds: which number or address it is, is hers to know.
void tell_how(Transaction& tx, const Context& app, HandReached& reached, const std::string& team, Urgency urgency, TimePoint now)
{
    const auto contacts = contacts_of(tx, app, reached.person);
    const auto rule = rule_of(tx, app, reached.person, team, urgency, now);
    auto steps = steps_for(rule, contacts);
    if (steps.empty()) // as her run begins then
        steps.push_back({methods_of(NotificationStep{{"slack", "email"}, {}}, contacts), {}});
    for (auto& step : steps) {
        std::vector<std::string> kinds;
        for (const auto& method : step.methods)
            if (const auto named = method_in(method)) {
                std::string kind{name(named->kind)};
                if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
                    kinds.push_back(std::move(kind));
            }
        step.methods = std::move(kinds);
    }
    reached.how = oncall::words_of(steps, contacts);
    reached.wakes = can_wake(rule, contacts);
    if (urgency == Urgency::low)
        reached.held = quiet_until(tx, app, reached.person, team, now);
}

/// The team whose channel shows it: that of the first who has one.
std::string team_of_those(Transaction& tx, const Configuration& configuration, const std::vector<Recipient>& whom)
{
    const auto has = [&](const Team& team, const std::string& who) {
        return std::any_of(team.members.begin(), team.members.end(),
            [&](const std::string& member) { return member == who || storage::known_as(tx, member) == who; });
    };
    for (const auto& one : whom) {
        if (one.kind == RecipientKind::team)
            return one.name;
        if (const auto service = configuration.services.find(one.name);
            one.kind == RecipientKind::service && service != configuration.services.end() && !service->second.team.empty())
            return service->second.team;
        if (one.kind == RecipientKind::schedule)
            if (const auto teams = teams_of(configuration, one.name); !teams.empty())
                return teams.front();
        for (const auto& [name, team] : configuration.teams)
            if ((one.kind == RecipientKind::policy && team.policy == one.name)
                || (one.kind == RecipientKind::person && has(team, one.name)))
                return name;
    }
    return {};
}

/// A step as it would be run if nobody answered, when its people would be told, and when the next one would come.
struct Foreseen {
    Step step{};
    TimePoint told{};
    TimePoint due{};
};

/// For how long a step of low urgency waits for the first of its people whose quiet hours are over; not at all when somebody is
/// told at once.
milliseconds held_for(Transaction& tx, const Context& app, const Step& step, const std::string& team, TimePoint at)
{
    std::optional<milliseconds> least;
    for (const auto& one : step.now)
        if (one.kind == Reached::Kind::person) {
            const auto hers = quiet_until(tx, app, one.name, team, at).value_or(at) - at;
            least = std::min(least.value_or(hers), hers);
        }
    return least.value_or(milliseconds{});
}

std::vector<Foreseen> foreseen(
    Transaction& tx, const Context& app, const HandLook& look, const std::string& team, Urgency urgency, TimePoint now)
{
    const auto configuration = app.configuration();
    Alert alert;
    alert.team = team;
    alert.urgency = urgency;
    Page page;
    page.urgency = urgency;
    page.policy = look.policy;
    page.due = now;
    std::vector<Foreseen> steps;
    auto around = storage::surroundings(tx, alert, *configuration, page);
    while (steps.size() < most_steps) {
        const auto at = page.due;
        const auto decision = decide(page, around, at);
        const auto* const step = std::get_if<Step>(&decision.then);
        if (!step)
            break;
        for (const auto& one : step->now)
            around.tried.push_back({step->at, one.name});
        const auto held = urgency == Urgency::low ? held_for(tx, app, *step, team, at) : milliseconds{};
        page.next = step->next;
        page.last = step->at;
        page.due = step->due + held;
        steps.push_back({*step, at + held, page.due});
    }
    return steps;
}

HandReached reached_of(Transaction& tx, const Context& app, const std::vector<Recipient>& whom, const std::string& person,
    const std::set<std::string>& on_call, const std::string& team, Urgency urgency, TimePoint now)
{
    HandReached one;
    one.person = person;
    one.named = std::find(whom.begin(), whom.end(), Recipient{RecipientKind::person, person}) != whom.end();
    one.on_call = on_call.contains(person);
    if (const auto known = storage::People{tx}.find(person))
        one.hour = local_hour(now, known->time_zone);
    tell_how(tx, app, one, team, urgency, now);
    return one;
}

std::string actor_name(Transaction& tx, const Asked& asked)
{
    const auto known = storage::People{tx}.find(asked.actor);
    return known && !known->name.empty() ? known->name : asked.actor_name.empty() ? asked.actor : asked.actor_name;
}

/// One line is a title, more are read in the description too.
void tell_reason(Alert& alert, const std::string& reason)
{
    alert.title = cut_between_characters(reason, most_title);
    std::replace(alert.title.begin(), alert.title.end(), '\n', ' ');
    if (alert.title != reason)
        alert.description = cut_between_characters(reason, most_description);
}

std::vector<std::string> again_words(Transaction& tx, AlertId id)
{
    const auto alert = storage::Alerts{tx}.find(id).value_or(Alert{});
    return {"That page is under way already: " + number(id) + " " + alert.title + ".",
        "If nobody answers, `/oncall escalate " + std::to_string(id.value) + "` goes on at once."};
}

void check_limit(Transaction& tx, const Context& app, const Asked& asked)
{
    constexpr auto hour = std::chrono::hours{1};
    const auto first = storage::HandPages{tx}.by(asked.actor, asked.now - hour, app.pages_an_hour);
    if (!first)
        return;
    const auto again = *first + hour;
    const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(again).time_since_epoch().count());
    throw Refusal{"You have paged " + std::to_string(app.pages_an_hour)
        + " times within the hour, and that is as often as one person may. Ask somebody else to page, or call people. You can "
          "again at <!date^"
        + seconds + "^{time}|" + iso(again, "UTC") + ">."};
}

std::string digest_of(const HandPage& wish)
{
    std::string all{name(wish.urgency)};
    for (const auto& one : wish.whom)
        all += "\n" + recipient_out(one);
    return storage::sha256(all + "\n\n" + wish.reason + "\n" + wish.link.href + "\n" + std::to_string(wish.about.value));
}

/// Stores the alert, its page and all that is said of it.
void open_hand_alert(Transaction& tx, const Context& app, Alert& alert, const HandLook& look, const Asked& asked)
{
    const auto configuration = app.configuration();
    alert.triggered_at = asked.now;
    alert.team = team_of_those(tx, *configuration, look.whom);
    if (look.whom.size() == 1 && look.whom.front().kind == RecipientKind::service)
        alert.service = look.whom.front().name;
    storage::Alerts{tx}.add(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via,
        "paged " + recipients_listed(look.whom) + (alert.urgency == Urgency::low ? ", low urgency: " : ": ") + alert.title);
    std::string after;
    for (const auto& one : look.whom)
        after += (after.empty() ? "" : ", ") + recipient_out(one);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "page", number(alert.id), "", after);
    start_page(tx, app, alert, look.policy, asked.now);
    show(tx, app, alert, asked.now, false);
}

/// The alert that somebody was paged for besides says so.
void note_at(Transaction& tx, const Context& app, const HandPage& wish, const HandLook& look, AlertId made, const Asked& asked)
{
    const auto about = wish.about.value == 0 ? std::nullopt : storage::Alerts{tx}.find(wish.about);
    if (!about)
        return;
    storage::Timeline{tx}.add(
        about->id, asked.now, asked.actor, asked.via, "paged " + recipients_listed(look.whom) + " for it: " + number(made));
    show(tx, app, *about, asked.now, false);
}

asio::awaitable<void> ask_slack_about(std::string reference, Context& app)
{
    Json arguments;
    const bool is_email = reference.find('@') != reference.npos;
    arguments[is_email ? "email" : "user"] = reference;
    const std::string method = is_email ? "users.lookupByEmail" : "users.info";
    const auto found = co_await app.slack.call(method, std::move(arguments));
    const auto& user = slack::at(found, {"user"});
    storage::Person person;
    person.reference = reference;
    person.user_id = slack::text_at(user, {"id"});
    person.name = slack::name_in(user);
    person.time_zone = slack::text_at(user, {"tz"});
    person.asked_at = app.clock.now();
    person.email = slack::text_at(user, {"profile", "email"});
    person.kind = slack::kind_in(user, app.home_team);
    auto keep = [&](Transaction& tx) {
        if (!person.user_id.empty())
            storage::People{tx}.save(person);
    };
    co_await app.database.transaction(keep);
}

asio::awaitable<void> ask_slack_who_is_in(std::string group, Context& app)
{
    Json arguments;
    arguments["usergroup"] = group;
    const auto found = co_await app.slack.call("usergroups.users.list", std::move(arguments));
    storage::ReadGroup read;
    read.name = group;
    read.slack_id = group;
    read.read_at = app.clock.now();
    for (const auto& user : slack::at(found, {"users"}))
        if (user.is_string()) {
            read.members.push_back(user.get<std::string>());
            app.meet(read.members.back());
        }
    auto keep = [&](Transaction& tx) { storage::ReadGroups{tx}.save(read); };
    co_await app.database.transaction(keep);
}

asio::awaitable<void> ask_slack_about_all(std::vector<Recipient> unknown, Context& app)
{
    for (const auto& one : unknown) {
        auto asking = one.kind == RecipientKind::user_group ? ask_slack_who_is_in(one.name, app) : ask_slack_about(one.name, app);
        std::string trouble;
        try {
            co_await std::move(asking);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            trouble = error.what(); // the page goes out all the same
        }
        if (!trouble.empty())
            app.log.info("Slack does not tell who somebody is", {{"error", trouble}});
    }
}

} // namespace

HandLook look_at_page(Transaction& tx, const Context& app, const std::vector<Recipient>& whom, Urgency urgency, TimePoint now)
{
    const auto configuration = app.configuration();
    HandLook look;
    std::vector<Policy> ladders;
    for (auto& one : as_known(tx, *configuration, whom)) {
        if (one.kind == RecipientKind::person)
            if (auto problem = problem_of_person(tx, *configuration, one.name); !problem.empty()) {
                look.problems.push_back(std::move(problem));
                continue;
            }
        const auto ladder = ladder_of(one, *configuration);
        auto whole = ladder ? expanded(*ladder, *configuration) : Policy{};
        if (!ladder)
            look.problems.push_back(not_there(one, *configuration));
        else if (!reaches_anybody(tx, whole, *configuration, now))
            look.problems.push_back(nobody_behind(one));
        else {
            ladders.push_back(std::move(whole));
            look.whom.push_back(std::move(one));
        }
    }
    look.policy = climbed_together(std::move(ladders));
    const auto team = team_of_those(tx, *configuration, look.whom);
    const auto steps = foreseen(tx, app, look, team, urgency, now);
    if (steps.empty()) {
        if (!look.policy.levels.empty())
            look.problems.push_back("No level of " + recipients_listed(look.whom) + " runs now.");
        look.policy.levels.clear();
        return look;
    }
    const auto on_call = on_call_now(tx, *configuration, now);
    for (const auto& one : steps.front().step.now)
        if (one.kind == Reached::Kind::person)
            look.people.push_back(reached_of(tx, app, look.whom, one.name, on_call, team, urgency, now));
        else
            look.others.push_back(one.kind == Reached::Kind::channel ? one.name : one.how);
    for (const auto& one_step : steps) {
        for (const auto& one : one_step.step.now) {
            const auto same = [&](const HandReached& other) { return other.person == one.name; };
            if (one.kind == Reached::Kind::person && std::none_of(look.people.begin(), look.people.end(), same))
                look.next.push_back(one.name);
        }
        if (look.next.empty())
            continue;
        look.next_in = one_step.told - now;
        break;
    }
    if (steps.size() < most_steps)
        look.lasts = steps.back().due - now;
    return look;
}

std::vector<const HandReached*> to_ask_about(const HandLook& look)
{
    std::vector<const HandReached*> about;
    for (const auto& one : look.people)
        if (one.named && (!one.on_call || (one.hour && one.hour->asleep)))
            about.push_back(&one);
    return about;
}

std::string hour_words(const HandReached& reached)
{
    const auto who = mention(reached.person);
    if (!reached.hour)
        return reached.on_call ? "" : who + " is not on call.";
    return "It is " + reached.hour->clock + " for " + who + (reached.on_call ? "." : ", who is not on call.");
}

std::vector<std::string> look_words(const HandLook& look, const Context& app)
{
    std::vector<std::string> lines;
    for (const auto& one : look.people) {
        if (lines.size() == most_people_shown) {
            lines.push_back("… and " + std::to_string(look.people.size() - most_people_shown) + " more people.");
            break;
        }
        auto line =
            mention(one.person) + ": " + (one.held ? "held until " + date_token(*one.held) + " by their quiet hours." : one.how);
        const bool asleep = one.hour && one.hour->asleep;
        if (one.named && (asleep || !one.on_call))
            line += " " + hour_words(one);
        else if (asleep)
            line += " It is " + one.hour->clock + " for them.";
        if (asleep && !one.wakes)
            line += " Nothing of theirs wakes them; page somebody else as well if it cannot wait.";
        lines.push_back(std::move(line));
    }
    if (!look.others.empty())
        lines.push_back("Told as well: " + listed(look.others) + ".");
    lines.insert(lines.end(), look.problems.begin(), look.problems.end());
    // What everybody is told later goes on later, too.
    const bool is_held = !look.people.empty()
        && std::all_of(look.people.begin(), look.people.end(), [](const HandReached& one) { return one.held.has_value(); });
    if (look.policy.levels.empty() || is_held)
        return lines;
    if (!look.next.empty())
        lines.push_back("If nobody answers within " + minutes_words(look.next_in) + ": " + people_words(look.next) + ".");
    else if (look.lasts.count() > 0 && !app.fallback_channel.empty())
        lines.push_back("If nobody answers within " + minutes_words(look.lasts) + ", " + app.fallback_channel + " is told.");
    return lines;
}

void permit_page(Transaction& tx, const Context& app, const Asked& asked)
{
    const auto asker = asker_of(tx, asked);
    bool configured = is_admin(tx, app, asked.actor);
    if (app.may_page == MayPage::configured && !configured)
        for (const auto& [person, where] : people_of(*app.configuration(), asked.now))
            configured =
                configured || (!only_looks_on(where) && (person == asked.actor || storage::known_as(tx, person) == asked.actor));
    permit_paging(asker, app.may_page, configured);
}

void count_page(Transaction& tx, const Context& app, AlertId alert, const std::string& what, const Asked& asked)
{
    check_limit(tx, app, asked);
    storage::HandPages{tx}.add(alert, asked.actor, what, asked.now);
}

void permit_page_of(Transaction& tx, const Context& app, const std::string& service, const Asked& asked)
{
    const auto configuration = app.configuration();
    const auto found = configuration->services.find(service);
    if (found != configuration->services.end() && !found->second.paged_by.empty())
        permit_paging_of(*configuration, service, asker_of(tx, asked), app.admins, storage::known_people(tx));
}

HandPaged page_by_hand(Transaction& tx, const Context& app, HandPage wish, const Asked& asked)
{
    permit_page(tx, app, asked);
    for (const auto& one : wish.whom)
        if (one.kind == RecipientKind::service)
            permit_page_of(tx, app, one.name, asked);
    remember(tx, asked);
    if (wish.whom.size() > most_recipients)
        throw Refusal{
            "That is more than " + std::to_string(most_recipients) + " at once. Page a team, or those who can help first."};
    auto look = look_at_page(tx, app, wish.whom, wish.urgency, asked.now);
    if (look.policy.levels.empty()) {
        std::string why;
        for (const auto& problem : look.problems)
            why += problem + " ";
        throw Refusal{"Nobody was paged. " + why + "`/oncall` says who is on call; `/oncall page @someone …` pages a person."};
    }
    const storage::HandPages pages{tx};
    const auto what = digest_of(wish);
    if (const auto same = pages.same(asked.actor, what, asked.now - same_page_within)) {
        const auto before = storage::Alerts{tx}.find(*same);
        if (before && before->state == AlertState::triggered)
            return {*same, true, again_words(tx, *same)};
    }
    check_limit(tx, app, asked);

    Alert alert;
    tell_reason(alert, wish.reason);
    alert.urgency = wish.urgency;
    alert.because = std::string{paged_by} + actor_name(tx, asked);
    if (!wish.link.href.empty())
        alert.links.push_back(wish.link);
    if (const auto about = wish.about.value == 0 ? std::nullopt : storage::Alerts{tx}.find(wish.about)) {
        alert.description +=
            (alert.description.empty() ? "" : "\n") + std::string{"About "} + number(about->id) + ", " + about->title;
        alert.links.insert(alert.links.end(), about->links.begin(), about->links.end());
    }
    open_hand_alert(tx, app, alert, look, asked);
    pages.add(alert.id, asked.actor, what, asked.now);
    note_at(tx, app, wish, look, alert.id, asked);

    HandPaged paged{alert.id, false, {}};
    paged.words.push_back(
        "Paging now: " + number(alert.id) + " " + alert.title + (alert.urgency == Urgency::low ? " (low urgency)" : ""));
    const auto page = storage::Pages{tx}.latest(alert.id);
    if (page && page->state == PageState::exhausted)
        paged.words = {number(alert.id) + " " + alert.title + ": nobody can be reached for it now"
            + (app.fallback_channel.empty() ? "." : ", so " + app.fallback_channel + " is told.")
            + " `/oncall page @someone …` pages a person."};
    const auto lines = look_words(look, app);
    paged.words.insert(paged.words.end(), lines.begin(), lines.end());
    return paged;
}

std::string page_for_source(
    Transaction& tx, const Context& app, Alert& alert, const std::vector<std::string>& whom, const Asked& asked)
{
    const auto configuration = app.configuration();
    std::vector<Recipient> known;
    std::vector<std::string> unknown;
    for (const auto& word : whom) {
        const auto named = recipients_named(word, *configuration);
        const auto written = recipient_written(word);
        if (!named.empty())
            known.push_back(named.front());
        else if (written && (!is_slack_id(word) || storage::People{tx}.find(word))) // a name may look like an id
            known.push_back(*written);
        else
            unknown.push_back("Nobody and nothing is called \"" + word + "\".");
    }
    auto look = look_at_page(tx, app, known, alert.urgency, asked.now);
    look.problems.insert(look.problems.begin(), unknown.begin(), unknown.end());
    if (look.policy.levels.empty())
        return "nobody whom its event names can be paged. " + listed(look.problems, " ");
    alert.service.clear();
    alert.rule.clear();
    alert.policy.clear(); // whoever it names is paged, also when it pages again
    alert.group_key.clear();
    alert.suppressed = false;
    alert.because = std::string{paged_by} + "source " + alert.source;
    open_hand_alert(tx, app, alert, look, asked);
    if (!look.problems.empty())
        dead_end(tx, app, alert, "whom:" + std::to_string(alert.id.value), listed(look.problems, " "), asked.now);
    return {};
}

bool is_slack_id(const std::string& person) { return person.find('@') == person.npos && config::is_person(person); }

std::optional<Recipient> recipient_written(const std::string& word)
{
    if (auto written = recipient_in(word))
        return written;
    const auto person = is_slack_id(word) ? word : person_in(word);
    return person.empty() ? std::nullopt : std::optional{Recipient{RecipientKind::person, person}};
}

asio::awaitable<void> get_to_know(std::vector<Recipient> whom, Context& app)
{
    constexpr auto group_is_fresh = std::chrono::minutes{10};
    constexpr auto slack_is_waited_for = std::chrono::seconds{2};
    const auto now = app.clock.now();
    auto look = [&](Transaction& tx) {
        const storage::People people{tx};
        const auto groups = storage::ReadGroups{tx}.all();
        const auto is_known = [&](const Recipient& one) {
            const auto& name = one.name;
            if (one.kind == RecipientKind::user_group)
                return std::any_of(groups.begin(), groups.end(),
                    [&](const auto& group) { return group.name == name && now - group.read_at < group_is_fresh; });
            if (one.kind != RecipientKind::person || !config::is_person(name) || name.front() == '@')
                return true;
            auto known = people.find(name);
            if (!known && name.find('@') != name.npos)
                known = people.by_email(name);
            return known && !known->kind.empty();
        };
        auto unknown = whom;
        std::erase_if(unknown, is_known);
        return unknown;
    };
    auto unknown = co_await app.database.read(look);
    if (unknown.empty())
        co_return;
    auto asking = ask_slack_about_all(std::move(unknown), app);
    try {
        co_await doors::within(app.clock, slack_is_waited_for, std::move(asking));
    } catch (const doors::TimedOut&) {
        app.log.info("Slack takes long to tell who somebody is", {});
    }
}

} // namespace handlers
