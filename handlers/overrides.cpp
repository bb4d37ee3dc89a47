#include "handlers/overrides.hpp"

#include "handlers/climb.hpp"
#include "handlers/configure.hpp"
#include "handlers/contact.hpp"
#include "handlers/paging.hpp"
#include "oncall/cover.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/policy.hpp"
#include "storage/covers.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::StoredOverride;
using storage::Transaction;

namespace {

constexpr std::size_t most_stretches = 10; // in one message

Schedule with_held(Schedule schedule, const std::string& name, const std::vector<StoredOverride>& held)
{
    schedule.name = name;
    std::erase_if(schedule.overrides, [](const Override& one) { return one.id != 0; });
    for (const auto& one : held)
        if (one.schedule == name)
            schedule.overrides.push_back(one.what);
    return schedule;
}

Schedule committed(Transaction& tx, const Configuration& configuration, const std::string& name)
{
    const auto found = configuration.schedules.find(name);
    if (found == configuration.schedules.end())
        throw Refusal{"There is no schedule " + name + " any more. `/oncall` lists those there are."};
    return with_held(found->second, name, storage::Overrides{tx}.all());
}

/// By what was agreed somebody has a say once it holds: else whoever takes a few minutes of a request weeks ahead could change
/// the schedule until then.
Schedule with_a_say(Schedule schedule, const std::set<std::int64_t>& agreed, TimePoint now)
{
    std::erase_if(schedule.overrides, [&](const Override& one) { return agreed.contains(one.id) && !has_begun(one, now); });
    return schedule;
}

void permit_change(Transaction& tx, const Context& app, const OverrideDesk& desk, const Asked& asked)
{
    permit_override(*app.configuration(),
        with_a_say(desk.schedule, storage::CoverRequests{tx}.overrides_made(asked.now), asked.now), asker_of(tx, asked),
        app.admins, desk.known, asked.now);
}

/// Also whoever has it by agreement may give it back.
void permit_take_back(Transaction& tx, const Context& app, const OverrideDesk& desk, const Override& one, const Asked& asked)
{
    const bool puts_her_on_call = std::any_of(
        one.people.begin(), one.people.end(), [&](const auto& person) { return known_as(person, desk.known) == asked.actor; });
    if (puts_her_on_call && storage::CoverRequests{tx}.overrides_made(asked.now).contains(one.id))
        permit_taker(asker_of(tx, asked));
    else
        permit_change(tx, app, desk, asked);
}

std::string person_written(const std::string& person) { return person.find('@') == person.npos ? "<@" + person + ">" : person; }

std::string person_written(const std::vector<std::string>& people)
{
    if (people.empty())
        return "nobody";
    std::string text;
    for (std::size_t i = 0; i < people.size(); ++i)
        text += (i == 0 ? "" : i + 1 == people.size() ? " and " : ", ") + person_written(people[i]);
    return text;
}

std::string person_written(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} at {time}|" + iso(at, "UTC") + ">";
}

std::string from_to(TimePoint from, TimePoint to) { return person_written(from) + " – " + person_written(to); }

/// For the audit: what it says, without anybody's zone.
std::string described(const StoredOverride& one)
{
    if (one.what.id == 0)
        return {};
    std::string people;
    for (const auto& person : one.what.people)
        people += (people.empty() ? "" : ", ") + person;
    using Kind = Override::Kind;
    auto text = std::string{one.what.kind == Kind::put ? "put " : one.what.kind == Kind::add ? "add " : "remove "} + people;
    if (!one.what.instead_of.empty())
        text += " instead of " + one.what.instead_of;
    if (!one.what.rotation.empty())
        text += " in rotation " + one.what.rotation;
    text += " from " + iso(one.what.from, "UTC") + " to " + iso(one.what.to, "UTC");
    if (one.cancelled_at != TimePoint{})
        text += ", taken back";
    return text + (one.reason.empty() ? "" : ": " + one.reason);
}

/// "• You are on call …" a line each.
std::string stretches(const std::vector<Concern::Stretch>& all, std::string_view begins, bool gained)
{
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == most_stretches)
            return text + "\n• and " + std::to_string(all.size() - most_stretches) + " times more";
        text += "\n• " + std::string{begins} + " " + from_to(all[i].start, all[i].end);
        if (gained)
            text += all[i].others.empty() ? "" : ", instead of " + person_written(all[i].others);
        else
            text +=
                all[i].others.empty() ? "" : ": " + person_written(all[i].others) + (all[i].others.size() == 1 ? " is" : " are");
    }
    return text;
}

std::string because(const std::string& reason) { return reason.empty() ? "" : "\nReason: " + reason; }

std::vector<std::string> ids_of(Transaction& tx, std::vector<std::string> people)
{
    for (auto& person : people)
        if (const auto known = storage::People{tx}.find(person); known && !known->user_id.empty())
            person = known->user_id;
    return people;
}

/// Who gets or loses time on call is told, and whose override it was; and so are the teams' channels, in a line.
std::vector<std::string> tell(Transaction& tx, const Context& app, const StoredOverride& one, const std::string& deed,
    const std::vector<ShiftChange>& changes, const Asked& asked)
{
    const storage::Outbox outbox{tx};
    const auto key = std::to_string(one.what.id) + ":" + std::to_string(one.version) + ":";
    const auto begins = "<@" + asked.actor + "> " + deed + " schedule " + one.schedule;
    std::vector<std::string> told;
    for (const auto& concern : concerned(changes, asked.actor)) {
        const auto words = begins + "." + stretches(concern.gains, "You are on call", true)
            + stretches(concern.losses, "You are not on call", false) + because(one.reason);
        outbox.add("override_dm:" + key + concern.person, "override_dm", storage::Priority::answer, concern.person, one.what.id,
            concern.person + "\n" + words, asked.now);
        told.push_back(concern.person);
    }
    // Whoever made it learns that it is not any more what they made.
    if (one.origin == "slack" && one.made_by != asked.actor && std::find(told.begin(), told.end(), one.made_by) == told.end()) {
        const auto now_is = one.cancelled_at != TimePoint{}
            ? std::string{"It holds no longer."}
            : "It is now: " + person_written(ids_of(tx, one.what.people)) + ", " + from_to(one.what.from, one.what.to) + ".";
        outbox.add("override_dm:" + key + one.made_by, "override_dm", storage::Priority::answer, one.made_by, one.what.id,
            one.made_by + "\n" + begins + " that you made. " + now_is + because(one.reason), asked.now);
        told.push_back(one.made_by);
    }
    if (changes.empty())
        return told;
    std::string line = begins + ": ";
    for (std::size_t i = 0; i < std::min<std::size_t>(changes.size(), 3); ++i)
        line += (i == 0 ? "" : "; ") + person_written(changes[i].after) + " instead of " + person_written(changes[i].before)
            + ", " + from_to(changes[i].start, changes[i].end);
    if (changes.size() > 3)
        line += "; and " + std::to_string(changes.size() - 3) + " times more";
    if (!one.reason.empty())
        line += " (" + one.reason + ")";
    const auto configuration = app.configuration();
    std::set<std::string> channels;
    for (const auto& team : teams_of(*configuration, one.schedule))
        if (const auto& channel = configuration->teams.at(team).channel; !channel.empty())
            channels.insert(channel);
    for (const auto& channel : channels)
        outbox.add("override_line:" + key + channel, "override_line", storage::Priority::furniture, channel, one.what.id,
            channel + "\n" + line, asked.now);
    return told;
}

/// From what moment on a change of it may be seen, and until when.
std::pair<TimePoint, TimePoint> time_touched(const Override& before, const Override& after, TimePoint now)
{
    const auto from = std::max(now, std::min(before.from, after.from));
    return {from, std::max(from, std::min(std::max(before.to, after.to), looked_at_until(now)))};
}

/// `one` is stored as it is to be, `before` is what it was (id 0: it was not there).
ChangedOverride changed(Transaction& tx, const Context& app, StoredOverride before, StoredOverride one,
    std::vector<ShiftChange> changes, std::string_view verb, const std::string& deed, bool can_be_undone, const Asked& asked)
{
    ChangedOverride done;
    done.told = tell(tx, app, one, deed, changes, asked);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, std::string{verb},
        "override " + std::to_string(one.what.id) + " of schedule " + one.schedule, described(before), described(one));
    const storage::OverrideUndos undos{tx};
    if (can_be_undone) {
        const bool made = before.what.id == 0;
        const auto& was = made ? one : before;
        undos.save({one.what.id, one.version, asked.actor, asked.now, was.what.from, was.what.to, was.what.kind, was.what.people,
            was.what.instead_of, was.reason, made ? asked.actor : before.cancelled_by, made ? asked.now : before.cancelled_at});
        done.undo = std::to_string(one.what.id) + ":" + std::to_string(one.version);
    } else {
        undos.forget(one.what.id);
    }
    done.one = std::move(one);
    done.changes = std::move(changes);
    return done;
}

StoredOverride found(Transaction& tx, std::int64_t id, std::int64_t version)
{
    const auto one = storage::Overrides{tx}.find(id);
    if (!one || one->cancelled_at != TimePoint{})
        throw Refusal{"This override was taken back" + (one ? " by " + person_written(one->cancelled_by) : std::string{})
            + ". `/oncall overrides` lists those that hold."};
    if (one->version != version)
        throw Refusal{"This override was changed since it was shown. `/oncall overrides` shows it as it is now."};
    return *one;
}

/// What is chosen to be on call must be able to answer. Of those who were on call by it `before`, no more is asked.
void check_kinds(Transaction& tx, const Override& one, const Override& before)
{
    if (one.kind == Override::Kind::remove)
        return;
    for (const auto& person : one.people) {
        const auto known = storage::People{tx}.find(person);
        const bool was = std::find(before.people.begin(), before.people.end(), person) != before.people.end();
        if (!was && (!known || known->kind.empty()))
            throw InvalidOverride{OverrideProblems{{OverrideField::people,
                "I am asking Slack who " + person_written(known && !known->user_id.empty() ? known->user_id : person)
                    + " is. Press again in a moment."}}};
        if (const auto why = cannot_answer(tx, person); !why.empty())
            throw InvalidOverride{OverrideProblems{{OverrideField::people, why}}};
    }
}

} // namespace

std::vector<std::string> schedules_to_override(Transaction& tx, const Context& app, const Asked& asked)
{
    const auto configuration = app.configuration();
    const auto known = known_people(tx);
    const auto asker = asker_of(tx, asked);
    const auto agreed = storage::CoverRequests{tx}.overrides_made(asked.now);
    std::vector<std::string> names;
    for (const auto& [name, schedule] : configuration->schedules) {
        try {
            permit_override(*configuration, with_a_say(schedule, agreed, asked.now), asker, app.admins, known, asked.now);
            names.push_back(name);
        } catch (const Refusal&) {
            // not hers
        }
    }
    return names;
}

OverrideDesk desk_of(Transaction& tx, const Context& app, const std::string& schedule)
{
    OverrideDesk desk{committed(tx, *app.configuration(), schedule), known_people(tx), storage::People{tx}.names()};
    tell_apart(desk.schedule, desk.known);
    return desk;
}

OverrideDesk override_desk(Transaction& tx, const Context& app, const std::string& schedule, const Asked& asked)
{
    auto desk = desk_of(tx, app, schedule);
    permit_change(tx, app, desk, asked);
    return desk;
}

OverrideDesks desks_of(Transaction& tx, const Context& app, const std::set<std::string>& schedules)
{
    OverrideDesks desks{{}, known_people(tx)};
    const auto held = storage::Overrides{tx}.all();
    const auto configuration = app.configuration();
    for (const auto& name : schedules)
        if (const auto found = configuration->schedules.find(name); found != configuration->schedules.end()) {
            auto& schedule = desks.schedules[name] = with_held(found->second, name, held);
            tell_apart(schedule, desks.known);
        }
    return desks;
}

std::string seen_of(const OverrideDraft& draft, const std::vector<ShiftChange>& changes)
{
    return storage::sha256(seen(draft, changes)).substr(0, 32);
}

ChangedOverride make_override(Transaction& tx, const Context& app, const OverrideWish& wish, const Asked& asked)
{
    const auto desk =
        wish.draft.agreed ? desk_of(tx, app, wish.draft.schedule) : override_desk(tx, app, wish.draft.schedule, asked);
    remember(tx, asked);
    StoredOverride before;
    if (wish.id != 0)
        before = found(tx, wish.id, wish.version);
    if (wish.id != 0 && is_over(before.what, asked.now))
        throw Refusal{"This override is over, and what has been cannot be changed."};
    auto looked_at = look_at(wish.draft, desk.schedule, desk.known, asked.now, wish.id == 0 ? nullptr : &before.what);
    if (!looked_at.problems.empty())
        throw InvalidOverride{std::move(looked_at.problems)};
    check_kinds(tx, looked_at.one, before.what);
    if (seen_of(wish.draft, looked_at.changes) != wish.seen)
        throw OverrideUnseen{wish.seen.empty() ? "Look at what it changes, and press again if that is what you want."
                                               : "What it changes is not what was shown before. Look at it below, and press "
                                                 "again if that is what you want."};

    auto one = before;
    one.what = looked_at.one;
    one.reason = wish.reason;
    const storage::Overrides overrides{tx};
    if (wish.id == 0) {
        one.schedule = wish.draft.schedule;
        one.made_by = asked.actor;
        one.made_at = asked.now;
        if (const auto ever = overrides.ever(one.schedule); !ever.empty())
            one.made_at = std::max(asked.now, ever.back().made_at); // the latest made, whatever the clock said before
        overrides.add(one);
    } else {
        overrides.save(one);
    }
    const bool is_new = wish.id == 0;
    auto done = changed(tx, app, before, std::move(one), std::move(looked_at.changes), is_new ? "override" : "edit override",
        is_new ? "made an override of" : "changed an override of", true, asked);
    done.words = is_new ? "Done: the override of schedule " + wish.draft.schedule + " is made."
                        : "Done: the override of schedule " + wish.draft.schedule + " is changed.";
    return done;
}

ChangedOverride take_back_override(Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked)
{
    const auto before = found(tx, id, version);
    const auto desk = desk_of(tx, app, before.schedule);
    permit_take_back(tx, app, desk, before.what, asked);
    remember(tx, asked);
    auto one = before;
    const auto left = taken_back(before.what, asked.now);
    if (left) {
        one.what = *left;
    } else {
        one.cancelled_by = asked.actor;
        one.cancelled_at = asked.now;
    }
    storage::Overrides{tx}.save(one);
    const auto after = left ? with(desk.schedule, *left) : without(desk.schedule, id);
    const auto [from, to] = time_touched(before.what, one.what, asked.now);
    auto changes = changes_between(desk.schedule, after, desk.known, from, to);
    auto done = changed(tx, app, before, std::move(one), std::move(changes), left ? "end override" : "take back override",
        left ? "ended an override of" : "took back an override of", true, asked);
    done.words = left ? "Ended the override of schedule " + before.schedule + "."
                      : "Took back the override of schedule " + before.schedule + ".";
    return done;
}

ChangedOverride undo_override(Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked)
{
    const auto before = storage::Overrides{tx}.find(id);
    const auto undo = storage::OverrideUndos{tx}.find(id);
    if (!before || !undo || undo->actor != asked.actor || undo->version != before->version || undo->version != version
        || asked.now - undo->at > undo_override_within)
        throw Refusal{"That can't be undone any more: only your own last change can, within 30 seconds and while nothing else "
                      "happened to it. `/oncall overrides` takes back at any time."};
    const auto desk = desk_of(tx, app, before->schedule);
    permit_take_back(tx, app, desk, before->what, asked);
    auto one = *before;
    const bool was_made = undo->cancelled_at != TimePoint{};
    // What has been stays: of one that was in force for a moment, that moment.
    const auto left = was_made ? taken_back(before->what, asked.now) : std::nullopt;
    if (left) {
        one.what = *left;
    } else {
        one.what.from = undo->from;
        one.what.to = undo->to;
        one.what.kind = undo->kind;
        one.what.people = undo->people;
        one.what.instead_of = undo->instead_of;
        one.reason = undo->reason;
        one.cancelled_by = undo->cancelled_by;
        one.cancelled_at = undo->cancelled_at;
    }
    storage::Overrides{tx}.save(one);
    // One that was taken back comes again at its own place in the order they were made.
    const auto after = committed(tx, *app.configuration(), before->schedule);
    const auto [from, to] = time_touched(before->what, one.what, asked.now);
    auto changes = changes_between(desk.schedule, after, desk.known, from, to);
    auto done = changed(
        tx, app, *before, std::move(one), std::move(changes), "undo override", "undid a change of an override of", false, asked);
    done.words = "Undone. Schedule " + done.one.schedule + " is as it was.";
    return done;
}

void follow_schedule(Transaction& tx, const Context& app, const std::string& schedule, TimePoint now)
{
    const auto configuration = app.configuration();
    for (const auto& alert : storage::Alerts{tx}.all_open(200)) {
        const auto page = storage::Pages{tx}.latest(alert.id);
        if (!page || page->state != PageState::paging)
            continue;
        if (schedules_of(*configuration, page->policy).contains(schedule))
            show(tx, app, alert, now, false);
    }
}

asio::awaitable<void> take_effect(std::string schedule, Context& app)
{
    auto in_force = put_in_force(app);
    co_await std::move(in_force);
    const auto now = app.clock.now();
    auto follow = [&](Transaction& tx) { follow_schedule(tx, app, schedule, now); };
    co_await app.database.transaction(follow);
}

} // namespace handlers
