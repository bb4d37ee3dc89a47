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
/// An older note was written for another handoff.
constexpr milliseconds note_holds = 60 * 24h;

std::string handoff_written(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} at {time}|" + iso(at, "UTC") + ">";
}

std::string ms(TimePoint at) { return std::to_string(at.time_since_epoch().count()); }

/// Where a schedule's handoffs are told: in the channels of the teams that page by it, else in the fallback channel.
std::set<std::string> channels_told(const Context& app, const Configuration& configuration, const std::string& schedule)
{
    std::set<std::string> channels;
    for (const auto& team : teams_of(configuration, schedule))
        if (const auto& channel = configuration.teams.at(team).channel; !channel.empty())
            channels.insert(channel);
    if (channels.empty() && !app.fallback_channel.empty())
        channels.insert(app.fallback_channel);
    return channels;
}

void set_next(Transaction& tx, WatchedSchedule& watched, TimePoint next)
{
    const storage::Timers timers{tx};
    if (watched.id == 0 || watched.next != next) {
        watched.next = next;
        storage::WatchedSchedules{tx}.save(watched);
    }
    if (timers.find(storage::TimerKind::handoff, watched.id) != next)
        timers.set(storage::TimerKind::handoff, watched.id, next);
}

/// The messages that show it are brought up to date.
void show_handoff(Transaction& tx, std::int64_t handoff, TimePoint now)
{
    for (const auto& message : storage::Handoffs{tx}.showing(handoff))
        storage::Outbox{tx}.add(
            storage::handoff_key(message.id), "handoff", storage::Priority::card, message.place, message.id, "", now);
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

void tell_handoffs(Transaction& tx, const Context& app, const Configuration& configuration, const std::string& schedule,
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
    if (!handoffs.add(told))
        return;
    storage::HandoffNotes{tx}.hand_over(told, handoff.at - note_holds);
    const storage::Outbox outbox{tx};
    for (const auto& channel : channels_told(app, configuration, schedule)) {
        const auto message = handoffs.show(told, channel);
        const auto key = storage::handoff_key(message.id);
        outbox.add(key, "handoff", storage::Priority::card, message.place, message.id, "", now);
        outbox.wait(key, std::max(now, handoff.at) + after_the_followers);
    }
    std::optional<TimePoint> ask_at;
    for (const auto& one : handoff.incoming)
        if (can_be_asked(tx, one)) {
            const auto when = awake(tx, app, one, now + accept_within);
            ask_at = std::min(ask_at.value_or(when), when);
        }
    if (ask_at)
        storage::Timers{tx}.set(storage::TimerKind::accept, told.id, *ask_at);
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

/// Nobody has heard from `part.person`: whoever stands behind is told, else the channel.
void pass_on(Transaction& tx, const Configuration& configuration, const ToldHandoff& told, const HandoffPart& part, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto words = mention(part.person) + " is on call by schedule " + told.schedule + " since " + handoff_written(told.at)
        + " and has not accepted the handoff. Pages go to them all the same. Ask whether they are there; `/oncall override "
        + told.schedule + "` puts somebody else on call.";
    const auto key = "not_accepted:" + std::to_string(told.id) + ":" + part.person + ":";
    std::string to;
    for (const auto& one : others_to_tell(tx, configuration, told.schedule, part.person)) {
        outbox.add(key + one, "person_words", storage::Priority::answer, one, 0, one + "\n" + words, now);
        to += (to.empty() ? "" : ",") + one;
    }
    if (to.empty())
        for (const auto& message : storage::Handoffs{tx}.showing(told.id)) {
            outbox.add(key + message.place, "channel_words", storage::Priority::card, message.place, 0,
                message.place + "\n" + words, now);
            to += (to.empty() ? "" : ",") + message.place;
        }
    storage::Handoffs{tx}.passed_on(told.id, part.person, now, to);
    show_handoff(tx, told.id, now);
}

} // namespace

void plan_handoffs(Transaction& tx, const Context& app, TimePoint now)
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
        one.name = name;
        set_next(tx, one, overdue ? one.next : next_due(schedule, *known, *chosen, now));
    }
    for (const auto& [name, gone] : watched) {
        watches.remove(gone.id);
        storage::Timers{tx}.clear(storage::TimerKind::handoff, gone.id);
    }
}

asio::awaitable<void> follow_handoffs(Context& app)
{
    const auto now = app.clock.now();
    auto work = [&](Transaction& tx) { plan_handoffs(tx, app, now); };
    co_await app.database.transaction(work);
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
    if (const auto handoff = last_handoff(schedule->second, known, last, now))
        tell_handoffs(tx, app, *configuration, watched->name, *handoff, now);
    const storage::SentReminders sent{tx};
    for (const auto& one : reminders_due(schedule->second, known, chosen, last, now))
        if (sent.first(one.person, watched->name, one.at, one.before, now))
            say_to(tx, *watched, "shift_reminder", one.person, one.at, std::to_string(one.before.count()), now);
    for (const auto& one : note_requests_due(schedule->second, known, chosen, last, now))
        if (sent.first(one.person, watched->name, one.at, std::nullopt, now))
            say_to(tx, *watched, "note_request", one.person, one.at, "", now);
    set_next(tx, *watched, next_due(schedule->second, known, chosen, now));
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
    std::set<std::string> on_call;
    for (const auto& one : who_is_on_call(schedule->second, now).people)
        on_call.insert(known_as(one, known));
    std::optional<TimePoint> again;
    const auto not_before = [&](TimePoint when) { again = std::min(again.value_or(when), when); };
    for (const auto& part : told->parts) {
        if (part.kind != HandoffPart::incoming || part.accepted_at != TimePoint{} || part.passed_on_at != TimePoint{}
            || !on_call.contains(part.person) || !can_be_asked(tx, part.person))
            continue;
        const bool is_reminded = part.reminded_at != TimePoint{};
        const auto when = awake(tx, app, part.person, (is_reminded ? part.reminded_at : told->told_at) + accept_within);
        if (when > now) {
            not_before(when);
        } else if (is_reminded) {
            pass_on(tx, *configuration, *told, part, now);
        } else {
            storage::Handoffs{tx}.reminded(id, part.person, now);
            storage::Outbox{tx}.add("accept_reminder:" + std::to_string(id) + ":" + part.person, "accept_reminder",
                storage::Priority::answer, part.person, id, part.person, now);
            not_before(awake(tx, app, part.person, now + accept_within));
        }
    }
    if (again)
        timers.set(storage::TimerKind::accept, id, *again);
}

asio::awaitable<void> know_incoming(Context& app, std::int64_t id)
{
    const auto now = app.clock.now();
    std::map<std::string, std::string> kinds; // by Slack id, as known
    std::vector<std::int64_t> recent;
    auto load = [&](Transaction& tx) {
        const auto watched = storage::WatchedSchedules{tx}.find(id);
        for (const auto& told : storage::Handoffs{tx}.since(now - 30 * 24h)) {
            if (!watched || told.schedule != watched->name || told.told_at < now - 1min)
                continue;
            recent.push_back(told.id);
            for (const auto& part : told.parts)
                if (const auto known = storage::People{tx}.find(part.person);
                    part.kind == HandoffPart::incoming && known && !known->user_id.empty())
                    kinds[known->user_id] = known->kind;
        }
    };
    co_await app.database.read(load);
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
            for (const auto handoff : recent)
                show_handoff(tx, handoff, now);
        };
        co_await app.database.transaction(learn);
    }
}

std::vector<NoteTarget> note_targets(Transaction& tx, const Context& app, const std::string& who, TimePoint now)
{
    const auto configuration = app.configuration();
    const auto known = known_people(tx);
    const auto recent = storage::Handoffs{tx}.since(now - note_kept_open);
    std::vector<NoteTarget> targets;
    for (const auto& watched : storage::WatchedSchedules{tx}.all()) {
        const auto schedule = configuration->schedules.find(watched.name);
        if (schedule == configuration->schedules.end())
            continue;
        const auto on_call = who_is_on_call(schedule->second, now);
        if (std::any_of(on_call.people.begin(), on_call.people.end(),
                [&](const std::string& one) { return known_as(one, known) == who; })) {
            // Hers, not that of whoever is on call with her.
            NoteTarget target{watched.id, watched.name, 0, {}};
            for (const auto& coming : handoffs(schedule->second, known, now, now + 60 * 24h, 1'000))
                if (std::find(coming.outgoing.begin(), coming.outgoing.end(), who) != coming.outgoing.end()) {
                    target.at = coming.at;
                    break;
                }
            targets.push_back(std::move(target));
            continue;
        }
        const auto went = std::find_if(recent.begin(), recent.end(),
            [&](const ToldHandoff& told) { return told.schedule == watched.name && told.part(who, HandoffPart::outgoing); });
        if (went != recent.end())
            targets.push_back({watched.id, watched.name, went->id, went->at});
    }
    return targets;
}

std::string write_note(Transaction& tx, const NoteTarget& target, const std::string& text, const Asked& asked)
{
    const storage::HandoffNotes notes{tx};
    const auto before = notes.find(target.schedule, asked.actor, target.handoff);
    notes.save({target.schedule, asked.actor, target.handoff, text, asked.now});
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "handoff note", "schedule " + target.schedule, before ? before->text : "", text);
    if (target.handoff != 0)
        show_handoff(tx, target.handoff, asked.now);
    if (text.empty())
        return before ? "Your note is taken back." : "There is nothing in it, so nothing is kept.";
    if (target.handoff != 0)
        return "Your note is in the handoff of schedule " + target.schedule + " now.";
    return "Kept: your note goes with the handoff of schedule " + target.schedule
        + (target.at == TimePoint{} ? "." : ", " + handoff_written(target.at) + ".");
}

std::string accept_handoff(Transaction& tx, const std::string& value, const Asked& asked)
{
    const storage::Handoffs handoffs{tx};
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
                who.push_back(mention(part.person));
        const auto* const part = told.part(asked.actor, HandoffPart::incoming);
        if (!part)
            continue;
        is_hers = true;
        if (told.until != TimePoint{} && told.until <= asked.now) {
            is_over = true;
            continue;
        }
        if (part->accepted_at != TimePoint{})
            continue;
        handoffs.accepted(told.id, asked.actor, asked.now);
        storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "accept a handoff", "schedule " + told.schedule, "",
            "since " + iso(told.at, "UTC"));
        show_handoff(tx, told.id, asked.now);
        schedules += (schedules.empty() ? "" : ", ") + told.schedule;
        until = told.until;
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
    return "✅ You accepted: you are on call by " + schedules
        + (until == TimePoint{} ? "." : " until " + handoff_written(until) + ".");
}

} // namespace handlers
