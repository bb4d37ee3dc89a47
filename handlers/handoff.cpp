#include "handlers/handoff.hpp"

#include "handlers/overrides.hpp"
#include "handlers/reach.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/words.hpp"
#include "slack/client.hpp"
#include "slack/user.hpp"
#include "storage/contacts.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::HandoffPart;
using storage::ToldHandoff;
using storage::Transaction;
using storage::WatchedSchedule;

namespace {

/// Topics and user groups follow within moments: the message comes when they say the same.
constexpr milliseconds after_the_followers = 10s;
/// A message of many handoffs may still be open in Slack for so long that its shifts are over, by whatever the schedule says.
constexpr milliseconds shift_followed = 60 * 24h;

std::string ms(TimePoint at) { return std::to_string(at.time_since_epoch().count()); }

void set_next(Transaction& tx, WatchedSchedule& watched, TimePoint next, TimePoint seen)
{
    const storage::Timers timers{tx};
    watched.next = next;
    watched.seen = seen;
    storage::WatchedSchedules{tx}.save(watched);
    if (timers.find(storage::TimerKind::handoff, watched.id) != next)
        timers.set(storage::TimerKind::handoff, watched.id, next);
}

/// When `who` may be asked to accept, at `at` or once the night there is over.
TimePoint awake(Transaction& tx, const Context& app, const std::string& who, TimePoint at)
{
    const auto known = storage::People{tx}.find(who);
    const auto hers = storage::NotificationRules{tx}.of(known ? known->user_id : who).quiet;
    return after_the_night(at, known ? known->time_zone : "", quiet_hours(hers, team_quiet_of(tx, app, who, "")));
}

/// Whether Slack can tell somebody anything at all.
bool can_be_asked(Transaction& tx, const std::string& who)
{
    const auto known = storage::People{tx}.find(who);
    return known && !known->user_id.empty() && known->kind != "gone" && known->kind != "bot";
}

/// Once. Returns its id.
std::int64_t tell_handoffs(Transaction& tx, const Context& app, const Configuration& configuration, const std::string& schedule,
    const Handoff& handoff, TimePoint now)
{
    ToldHandoff told;
    told.schedule = schedule;
    told.at = handoff.at;
    told.until = handoff.until.value_or(TimePoint{});
    told.told_at = now;
    const auto add = [&](const std::vector<std::string>& people, HandoffPart::Kind kind) {
        for (const auto& one : people) {
            HandoffPart part;
            part.person = one;
            part.kind = kind;
            told.parts.push_back(std::move(part));
        }
    };
    add(handoff.incoming, HandoffPart::incoming);
    add(handoff.outgoing, HandoffPart::outgoing);
    add(handoff.stays, HandoffPart::stays);
    const storage::Handoffs handoffs{tx};
    if (!handoffs.add(told)) {
        const auto before = handoffs.find(schedule, handoff.at);
        return before ? before->id : 0;
    }
    const storage::Outbox outbox{tx};
    for (const auto& channel : channels_told(app, configuration, schedule)) {
        const auto message = handoffs.show(told, channel);
        const auto key = storage::handoff_key(message.id);
        outbox.add(key, "handoff", storage::Priority::card, message.place, message.id, "", now);
        outbox.wait(key, std::max(now, handoff.at) + after_the_followers);
    }
    std::optional<TimePoint> ask_at;
    for (const auto& one : handoff.incoming)
        if (can_be_asked(tx, one) || !storage::People{tx}.find(one)) { // who is not known yet may be by then
            const auto when = awake(tx, app, one, now + accept_within);
            ask_at = std::min(ask_at.value_or(when), when);
        }
    if (ask_at)
        storage::Timers{tx}.set(storage::TimerKind::accept, told.id, *ask_at);
    return told.id;
}

void say_to(Transaction& tx, const WatchedSchedule& watched, const std::string& kind, const std::string& who, TimePoint at,
    const std::string& more, TimePoint now)
{
    storage::Outbox{tx}.add(kind + ":" + std::to_string(watched.id) + ":" + ms(at) + ":" + who + (more.empty() ? "" : ":" + more),
        kind, storage::Priority::answer, who, watched.id, who + "\n" + ms(at) + (more.empty() ? "" : "\n" + more), now);
}

/// Others than `who` that the teams' policies name in person behind the schedule, by their Slack ids.
std::vector<std::string> others_to_tell(
    Transaction& tx, const Configuration& configuration, const std::string& schedule, const std::string& who)
{
    std::vector<std::string> found;
    for (const auto& team : teams_of(configuration, schedule))
        for (const auto& one : who_stands_behind(configuration, configuration.teams.at(team), schedule)) {
            const auto known = storage::People{tx}.find(one);
            if (!known || !can_be_asked(tx, one) || known->user_id == who)
                continue;
            if (std::find(found.begin(), found.end(), known->user_id) == found.end())
                found.push_back(known->user_id);
        }
    return found;
}

std::string not_accepted_key(std::int64_t handoff, const std::string& person)
{
    return "not_accepted:" + std::to_string(handoff) + ":" + person + ":";
}

/// Nobody has heard from `who`, called `part` there: whoever stands behind is told, once awake, else the channel.
void pass_on(Transaction& tx, const Context& app, const Configuration& configuration, const ToldHandoff& told,
    const std::string& part, const std::string& who, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto words = mention(who) + " is on call by schedule " + told.schedule + " since " + date_token(told.at)
        + " and has not accepted the handoff. Pages go to them all the same. Ask whether they are there; `/oncall override "
        + told.schedule + "` puts somebody else on call.";
    const auto key = not_accepted_key(told.id, part);
    const auto known = known_people(tx);
    const auto& schedule = configuration.schedules.at(told.schedule);
    std::string to;
    for (const auto& one : others_to_tell(tx, configuration, told.schedule, who)) {
        const auto when = awake(tx, app, one, now);
        if (goes_off(schedule, known, who, told.at, when))
            continue; // it is over by then
        outbox.add(key + one, "person_words", storage::Priority::answer, one, 0, one + "\n" + words, now);
        outbox.wait(key + one, when);
        to += (to.empty() ? "" : ",") + one;
    }
    if (to.empty())
        for (const auto& message : storage::Handoffs{tx}.showing(told.id)) {
            outbox.add(key + message.place, "channel_words", storage::Priority::card, message.place, 0,
                message.place + "\n" + words, now);
            to += (to.empty() ? "" : ",") + message.place;
        }
    storage::Handoffs{tx}.passed_on(told.id, part, now, to);
    show_handoff(tx, told.id, now);
}

} // namespace

std::set<std::string> channels_told(const Context& app, const Configuration& configuration, const std::string& schedule)
{
    std::set<std::string> channels;
    for (const auto& team : teams_of(configuration, schedule))
        channels.insert(channel_told(configuration.teams.at(team), app.fallback_channel));
    channels.erase("");
    return channels;
}

void show_handoff(Transaction& tx, std::int64_t handoff, TimePoint now)
{
    for (const auto& message : storage::Handoffs{tx}.showing(handoff))
        storage::Outbox{tx}.add(
            storage::handoff_key(message.id), "handoff", storage::Priority::card, message.place, message.id, "", now);
}

void plan_handoffs(Transaction& tx, const Context& app, TimePoint now, bool is_late)
{
    const auto configuration = app.configuration();
    const storage::WatchedSchedules watches{tx};
    std::map<std::string, WatchedSchedule> watched;
    for (auto& one : watches.all())
        watched.emplace(one.name, std::move(one));
    std::optional<Known> known;
    std::optional<ChosenReminders> chosen;
    for (const auto& [name, schedule] : configuration->schedules) {
        if (teams_of(*configuration, name).empty())
            continue;
        if (!known) {
            known = known_people(tx);
            chosen = storage::ReminderChoices{tx}.all();
        }
        auto one = WatchedSchedule{};
        if (const auto found = watched.extract(name); !found.empty())
            one = found.mapped();
        const bool overdue = one.id != 0 && one.next <= now;
        const auto from = is_late && one.id != 0 ? std::min(one.seen, now) : now;
        const auto next = overdue ? one.next : next_due(schedule, *known, *chosen, from);
        one.name = name;
        // What has become due meanwhile is looked for from there on until it is done.
        set_next(tx, one, next, next <= now ? std::min(one.id != 0 ? one.seen : now, next) : now);
        if (next > now)
            hand_notes_over(tx, app, name, 0, now);
    }
    for (const auto& [name, gone] : watched) {
        watches.remove(gone.id);
        storage::Timers{tx}.clear(storage::TimerKind::handoff, gone.id);
    }
}

void handoff_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    const auto configuration = app.configuration();
    auto watched = storage::WatchedSchedules{tx}.find(id);
    const auto schedule = watched ? configuration->schedules.find(watched->name) : configuration->schedules.end();
    if (schedule == configuration->schedules.end()) {
        storage::Timers{tx}.clear(storage::TimerKind::handoff, id);
        if (watched)
            storage::WatchedSchedules{tx}.remove(id);
        return;
    }
    const auto known = known_people(tx);
    const auto chosen = storage::ReminderChoices{tx}.all();
    const auto last = watched->next - 1ms;
    const auto handoff = last_handoff(schedule->second, known, last, now);
    hand_notes_over(
        tx, app, watched->name, handoff ? tell_handoffs(tx, app, *configuration, watched->name, *handoff, now) : 0, now);
    const storage::SentReminders sent{tx};
    for (const auto& one : reminders_due(schedule->second, known, chosen, last, now))
        if (sent.first(one.person, watched->name, one.at, one.before, now))
            say_to(tx, *watched, "shift_reminder", one.person, one.at, std::to_string(one.before.count()), now);
    for (const auto& one : note_requests_due(schedule->second, known, chosen, last, now))
        if (sent.first(one.person, watched->name, one.at, std::nullopt, now))
            say_to(tx, *watched, "note_request", one.person, one.at, "", now);
    set_next(tx, *watched, next_due(schedule->second, known, chosen, now), now);
}

void accept_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    const storage::Timers timers{tx};
    timers.clear(storage::TimerKind::accept, id);
    const auto told = storage::Handoffs{tx}.find(id);
    const auto configuration = app.configuration();
    const auto schedule = told ? configuration->schedules.find(told->schedule) : configuration->schedules.end();
    if (schedule == configuration->schedules.end())
        return;
    const auto known = known_people(tx);
    std::optional<TimePoint> again;
    const auto not_before = [&](TimePoint when) { again = std::min(again.value_or(when), when); };
    for (const auto& part : told->parts) {
        const auto who = known_as(part.person, known);
        // Another shift of theirs is another handoff's.
        if (part.kind != HandoffPart::incoming || part.accepted_at != TimePoint{} || part.passed_on_at != TimePoint{}
            || goes_off(schedule->second, known, who, told->at, now) || !can_be_asked(tx, who))
            continue;
        const bool is_reminded = part.reminded_at != TimePoint{};
        // The night that counts is the one it is now: the bot may have been away since.
        const auto due = (is_reminded ? part.reminded_at : told->told_at) + accept_within;
        const auto when = awake(tx, app, who, std::max(now, due));
        if (when > now) {
            not_before(when);
        } else if (is_reminded) {
            pass_on(tx, app, *configuration, *told, part.person, who, now);
        } else {
            storage::Handoffs{tx}.reminded(id, part.person, now);
            storage::Outbox{tx}.add("accept_reminder:" + std::to_string(id) + ":" + part.person, "accept_reminder",
                storage::Priority::answer, who, id, part.person, now);
            not_before(awake(tx, app, who, now + accept_within));
        }
    }
    if (again)
        timers.set(storage::TimerKind::accept, id, *again);
}

asio::awaitable<void> name_incoming(Context& app, IsNobody is_nobody)
{
    const auto now = app.clock.now();
    struct Nameless {
        std::int64_t handoff{};
        std::string person{};
        std::string user{};
    };
    std::vector<Nameless> all;
    auto load = [&](Transaction& tx) {
        for (const auto& told : storage::Handoffs{tx}.since(now - 24h))
            for (const auto& part : told.parts) {
                if (part.kind != HandoffPart::incoming || part.person.find('@') == part.person.npos)
                    continue;
                auto user = storage::known_as(tx, part.person);
                if (user != part.person)
                    all.push_back({told.id, part.person, std::move(user)});
                else if (!part.is_nobody)
                    all.push_back({told.id, part.person, {}});
            }
    };
    co_await app.database.read(load);
    std::erase_if(all, [&](const Nameless& one) { return one.user.empty() && !is_nobody(one.person); });
    if (all.empty())
        co_return;
    auto learn = [&](Transaction& tx) {
        for (const auto& one : all) {
            storage::Handoffs{tx}.recognized(one.handoff, one.person, one.user);
            show_handoff(tx, one.handoff, now);
        }
    };
    co_await app.database.transaction(learn);
}

asio::awaitable<void> know_incoming(Context& app, std::int64_t id, IsNobody is_nobody)
{
    const auto now = app.clock.now();
    std::map<std::string, std::string> kinds; // by Slack id, as known
    std::int64_t recent = 0;
    auto load = [&](Transaction& tx) {
        const auto watched = storage::WatchedSchedules{tx}.find(id);
        const auto told = watched ? storage::Handoffs{tx}.last(watched->name) : std::nullopt;
        if (!told || told->told_at < now - 1min)
            return;
        recent = told->id;
        for (const auto& part : told->parts)
            if (const auto known = storage::People{tx}.find(part.person);
                part.kind == HandoffPart::incoming && known && !known->user_id.empty())
                kinds[known->user_id] = known->kind;
    };
    co_await app.database.read(load);
    if (recent == 0)
        co_return;
    auto naming = name_incoming(app, std::move(is_nobody));
    co_await std::move(naming);
    if (app.home_team.empty())
        co_return;
    for (const auto& [user, known_kind] : kinds) {
        std::string kind;
        try {
            Json arguments;
            arguments["user"] = user;
            const auto answer = co_await app.slack.call("users.info", std::move(arguments));
            kind = slack::kind_in(slack::at(answer, {"user"}), app.home_team);
        } catch (const slack::Error& error) {
            kind = error.code() == "user_not_found" ? "gone" : known_kind;
        }
        if (kind == known_kind)
            continue;
        auto learn = [&, who = user](Transaction& tx) {
            storage::People{tx}.became(who, kind);
            show_handoff(tx, recent, now);
        };
        co_await app.database.transaction(learn);
    }
}

std::string accept_handoff(Transaction& tx, const Context& app, const std::string& value, const Asked& asked)
{
    const storage::Handoffs handoffs{tx};
    const auto configuration = app.configuration();
    const auto known = known_people(tx);
    const auto id = value.size() > 1 ? std::strtoll(value.c_str() + 1, nullptr, 10) : 0;
    std::vector<ToldHandoff> meant;
    if (value.starts_with('m'))
        meant = handoffs.shown_in(id);
    else if (auto one = handoffs.find(id))
        meant.push_back(std::move(*one));
    std::vector<std::string> who;
    std::string schedules;
    TimePoint until{};
    bool is_hers = false, is_over = false;
    for (const auto& told : meant) {
        for (const auto& part : told.parts)
            if (part.kind == HandoffPart::incoming)
                who.push_back(mention(known_as(part.person, known)));
        const auto part = std::find_if(told.parts.begin(), told.parts.end(), [&](const HandoffPart& one) {
            return one.kind == HandoffPart::incoming && known_as(one.person, known) == asked.actor;
        });
        if (part == told.parts.end())
            continue;
        is_hers = true;
        // By what the schedule says now: somebody may have taken it over, or it lasts longer.
        const auto schedule = configuration->schedules.find(told.schedule);
        const auto ends = schedule == configuration->schedules.end()
            ? std::optional{told.at}
            : goes_off(schedule->second, known, asked.actor, told.at, asked.now + shift_followed);
        if ((ends && *ends <= asked.now) || told.at + shift_followed < asked.now) {
            is_over = true;
            continue;
        }
        if (part->accepted_at != TimePoint{})
            continue;
        handoffs.accepted(told.id, part->person, asked.now);
        storage::Outbox{tx}.withdraw(not_accepted_key(told.id, part->person));
        storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "accept a handoff", "schedule " + told.schedule, "",
            "since " + iso(told.at, "UTC"));
        show_handoff(tx, told.id, asked.now);
        schedules += (schedules.empty() ? "" : ", ") + told.schedule;
        until = ends.value_or(told.until > asked.now + shift_followed ? told.until : TimePoint{});
    }
    if (!is_hers) {
        std::string names;
        for (std::size_t i = 0; i < who.size(); ++i)
            names += (i == 0 ? "" : i + 1 == who.size() ? " or " : ", ") + who[i];
        throw Refusal{
            who.empty() ? "This handoff is not there any more." : "Only " + names + " can accept this: it is who comes on call."};
    }
    if (schedules.empty())
        throw Refusal{is_over ? "This shift is over, so there is nothing to accept any more. `/oncall` shows who is on call."
                              : "You have accepted this already."};
    return "✅ You accepted: you are on call by " + schedules + (until == TimePoint{} ? "." : " until " + date_token(until) + ".");
}

} // namespace handlers
