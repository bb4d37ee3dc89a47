#include "handlers/schedule_edits.hpp"

#include "handlers/feeds.hpp"
#include "handlers/overrides.hpp"
#include "handlers/routes.hpp"
#include "handlers/schedule_form.hpp"
#include "handlers/settings.hpp"
#include "oncall/effective.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/schedule_edits.hpp"
#include "oncall/words.hpp"
#include "storage/feeds.hpp"
#include "storage/schedule_edits.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Schedule;
using storage::Transaction;

namespace {

constexpr auto edits_kept = std::chrono::hours{24 * 400};

std::map<std::string, std::string> schedules_in(const std::vector<config::Item>& items)
{
    std::map<std::string, std::string> found;
    for (const auto& item : items)
        if (item.kind == "schedule")
            found[item.name] = item.json;
    return found;
}

/// Schedules as they resolve: with what calendars say now, with overrides, and people by who they are.
class ScheduleEye {
public:
    /// `items` are those that hold now: what calendars of holidays say of it is no matter of an edit.
    ScheduleEye(Transaction& tx, const std::vector<config::Item>& items)
        : tx_{tx}
        , known_{known_people(tx)}
    {
        for (const auto& item : items)
            if (item.kind == "holidays")
                holidays_.push_back(item);
    }

    const oncall::Known& known() const { return known_; }

    Schedule look(const std::string& name, const std::string& json, const std::vector<storage::StoredOverride>& overrides) const
    {
        if (json.empty())
            return {};
        auto items = holidays_;
        items.push_back({"schedule", name, json});
        auto configuration = config::configuration_of(items).configuration;
        const auto found = configuration.schedules.find(name);
        if (found == configuration.schedules.end())
            return {};
        auto& schedule = found->second;
        const auto addresses = addresses_of(configuration);
        if (!addresses.empty() && !people_)
            people_ = storage::People{tx_}.all();
        const auto calendars = storage::Feeds{tx_}.events(addresses);
        const oncall::NameIndex names{acquaintance(people_ ? *people_ : std::vector<storage::Person>{}, configuration)};
        oncall::fill_in(schedule, configuration.holidays, calendars, names);
        for (const auto& one : overrides)
            if (one.schedule == name)
                schedule.overrides.push_back(one.what);
        tell_apart(schedule, known_);
        return std::move(schedule);
    }

private:
    Transaction& tx_;
    oncall::Known known_;
    std::vector<config::Item> holidays_{};
    mutable std::optional<std::vector<storage::Person>> people_{}; // read once, and only for calendars
};

std::vector<oncall::EditedField> edited_fields(const std::string& before, const std::string& after)
{
    std::vector<oncall::EditedField> fields;
    if (before.empty() || after.empty())
        return fields;
    for (auto& one : config::differences(before, after))
        fields.push_back({std::move(one.field), std::move(one.before), std::move(one.after)});
    return fields;
}

std::set<std::string> channels_of_edit(
    const Context& app, const oncall::Configuration& was, const oncall::Configuration& is, const std::string& schedule)
{
    std::set<std::string> channels;
    for (const auto* configuration : {&is, &was}) {
        for (const auto& name : oncall::teams_of(*configuration, schedule))
            if (const auto& channel = oncall::channel_told(configuration->teams.at(name), app.fallback_channel); !channel.empty())
                channels.insert(channel);
        if (!channels.empty())
            return channels;
    }
    if (!app.fallback_channel.empty())
        channels.insert(app.fallback_channel);
    return channels;
}

void show_edit(Transaction& tx, const storage::ScheduleEditMessage& message, TimePoint now)
{
    storage::Outbox{tx}.add(
        message.key, "schedule_edit", storage::Priority::furniture, message.place, message.edit, message.place, now);
}

/// All that is to be known to tell people of several edits in one message.
class Telling {
public:
    Telling(Transaction& tx, const Context& app, const SchedulesHeld& before, const Asked& asked)
        : tx_{tx}
        , app_{app}
        , before_{before}
        , now_{schedules_held(tx)}
        , asked_{asked}
        , eye_{tx, now_.items}
        , were_{schedules_in(before.items)}
        , are_{schedules_in(now_.items)}
    {
    }

    void run()
    {
        std::set<std::string> names;
        for (const auto* all : {&were_, &are_})
            for (const auto& [name, json] : *all)
                if (were_[name] != are_[name])
                    names.insert(name);
        if (names.empty())
            return;
        const auto was = config::configuration_of(before_.items).configuration,
                   is = config::configuration_of(now_.items).configuration;
        some_deleted_ =
            std::any_of(names.begin(), names.end(), [&](const auto& name) { return !were_[name].empty() && are_[name].empty(); });
        storage::ScheduleEdits{tx_}.forget_before(asked_.now - edits_kept);
        for (const auto& name : names)
            edited(name, channels_of_edit(app_, was, is, name));
        for (const auto& person : people_)
            tell(person);
    }

private:
    void edited(const std::string& name, const std::set<std::string>& channels)
    {
        storage::ScheduleEdit edit;
        edit.schedule = name;
        edit.before = were_[name];
        edit.after = are_[name];
        edit.by = asked_.actor;
        edit.via = asked_.via;
        edit.at = asked_.now;
        const auto& moved = moved_since(name, edit.before);
        edit.words = oncall::edit_words(edited_fields(edit.before, edit.after), moved);
        const auto last = storage::ScheduleEdits{tx_}.newest(name);
        storage::ScheduleEdits{tx_}.add(edit);
        edit_ = edit.id;
        if (edit.after.empty())
            for (const auto& one : before_.overrides)
                if (one.schedule == name)
                    storage::ScheduleEdits{tx_}.ended(edit.id, {one.what.id, one.said});
        for (const auto& channel : channels) {
            const storage::ScheduleEditMessage message{
                "schedule_edit:" + std::to_string(edit.id) + ":" + channel, edit.id, channel, "", ""};
            storage::ScheduleEditMessages{tx_}.add(message);
            show_edit(tx_, message, asked_.now);
        }
        // Who had not been told of an edit before this one is told of both at once, as of one.
        const storage::UntoldMoves untold{tx_};
        for (auto& move : untold.of_schedule(name)) {
            people_.insert(move.person);
            move.edit = edit.id;
            untold.save(move);
        }
        // Of one that is new nobody is told in person, but of one that comes back who was told that it went, and of one that may
        // take the place of another that goes.
        if (edit.before.empty() && !(last && last->after.empty()) && !some_deleted_)
            return;
        for (const auto& concern : oncall::concerned(moved))
            if (people_.insert(concern.person).second || !has_untold(concern.person, name))
                untold.save({concern.person, name, edit.before, edit.id});
    }

    bool has_untold(const std::string& person, const std::string& schedule) const
    {
        const auto all = storage::UntoldMoves{tx_}.of_person(person);
        return std::any_of(all.begin(), all.end(), [&](const auto& move) { return move.schedule == schedule; });
    }

    void tell(const std::string& person)
    {
        const storage::UntoldMoves untold{tx_};
        const storage::Outbox outbox{tx_};
        std::vector<oncall::MovedIn> all;
        std::int64_t last{};
        for (const auto& move : untold.of_person(person)) {
            auto lines = oncall::moved_words(person, moved_since(move.schedule, move.before), asked_.now);
            if (lines.empty()) {
                untold.forget(move);
                continue;
            }
            last = std::max(last, move.edit);
            const auto edit = storage::ScheduleEdits{tx_}.newest(move.schedule);
            const auto title = "Schedule " + move.schedule
                + (!edit                      ? ""
                        : edit->after.empty() ? ", deleted"
                                              : ", " + oncall::edited_by(edit->by, edit->via));
            all.push_back({move.schedule, title, std::move(lines)});
        }
        auto words = oncall::moved_paragraphs(std::move(all));
        const auto begins = storage::untold_key(person);
        outbox.withdraw(begins);
        const bool told_before = untold.is_leaving(person);
        if (words.empty() && !told_before)
            return;
        if (words.empty())
            words = "🗓️ Your shifts are as they were: what I told you last was taken back.";
        else
            words.insert(0,
                told_before ? "🗓️ Your shifts change. This takes the place of what I told you last:\n\n"
                            : "🗓️ Your shifts change.\n\n");
        outbox.add(begins + std::to_string(edit_), "schedule_edit_dm", storage::Priority::answer, person, 0,
            person + "\n" + std::to_string(last) + "\n" + words, asked_.now);
    }

    const oncall::MovedShifts& moved_since(const std::string& schedule, const std::string& before)
    {
        const auto [found, fresh] = moved_.try_emplace({schedule, before});
        if (fresh)
            found->second = oncall::moved_shifts(eye_.look(schedule, before, before_.overrides),
                eye_.look(schedule, are_[schedule], now_.overrides), eye_.known(), asked_.now);
        return found->second;
    }

    Transaction& tx_;
    const Context& app_;
    const SchedulesHeld& before_;
    SchedulesHeld now_;
    const Asked& asked_;
    ScheduleEye eye_;
    std::map<std::string, std::string> were_;
    std::map<std::string, std::string> are_;
    std::set<std::string> people_{}; // who has not been told
    std::int64_t edit_{}; // the last one
    bool some_deleted_{};
    std::map<std::pair<std::string, std::string>, oncall::MovedShifts> moved_{}; // by schedule and what it was
};

} // namespace

SchedulesHeld schedules_held(Transaction& tx)
{
    SchedulesHeld held;
    for (auto& item : storage::Items{tx}.all())
        if (!item.holds.empty() && item.kind != "order")
            held.items.push_back({std::move(item.kind), std::move(item.name), std::move(item.holds)});
    held.overrides = storage::Overrides{tx}.all();
    return held;
}

void tell_schedule_edits(Transaction& tx, const Context& app, const SchedulesHeld& before, const Asked& asked)
{
    if (!before.items.empty())
        Telling{tx, app, before, asked}.run();
}

std::vector<std::string> shifts_moved_by(Transaction& tx, const config::Plan& plan, TimePoint now)
{
    const auto before = schedules_held(tx);
    const auto were = schedules_in(before.items);
    const ScheduleEye eye{tx, before.items};
    std::vector<std::string> lines;
    for (const auto& change : plan.changes) {
        if (change.kind != "schedule" || change.action == config::Action::keep)
            continue;
        const auto was = were.find(change.name);
        const auto is = std::find_if(plan.items.begin(), plan.items.end(),
            [&](const storage::Item& item) { return item.kind == "schedule" && item.name == change.name; });
        const auto moved =
            oncall::moved_shifts(eye.look(change.name, was == were.end() ? std::string{} : was->second, before.overrides),
                eye.look(change.name, is == plan.items.end() ? std::string{} : is->holds, before.overrides), eye.known(), now);
        for (const auto& line : oncall::change_lines(moved))
            lines.push_back("schedule " + change.name + ": " + line);
    }
    return lines;
}

namespace {

/// As the item says it, without what holds besides.
std::optional<Schedule> schedule_written(const std::vector<config::Item>& held, const std::string& name, const std::string& json)
{
    std::vector<config::Item> items;
    for (const auto& item : held)
        if (item.kind == "holidays")
            items.push_back(item);
    items.push_back({"schedule", name, json});
    auto configuration = config::configuration_of(items).configuration;
    const auto found = configuration.schedules.find(name);
    return found == configuration.schedules.end() ? std::nullopt : std::optional{std::move(found->second)};
}

/// What the schedule is to be, so that it is as before from now on and what has been stays; empty: it is to go.
std::string json_put_back(Transaction& tx, const storage::ScheduleEdit& edit, TimePoint now)
{
    if (edit.before.empty() || edit.after.empty())
        return edit.before;
    const auto held = schedules_held(tx).items;
    const auto before = schedule_written(held, edit.schedule, edit.before),
               after = schedule_written(held, edit.schedule, edit.after);
    if (!before || !after)
        return edit.before;
    oncall::Configuration again;
    auto& schedule = again.schedules[edit.schedule];
    schedule = oncall::put_back(*before, *after, edit.at, now);
    return schedule == *before ? edit.before : config::items_of(again).front().json;
}

/// The overrides that ended with a schedule's deletion hold again.
void bring_overrides_back(Transaction& tx, const storage::ScheduleEdit& deletion)
{
    const storage::Overrides overrides{tx};
    for (const auto& ended : storage::ScheduleEdits{tx}.ended_by(deletion.id)) {
        auto one = overrides.find(ended.override_id);
        if (!one || one->cancelled_at != deletion.at)
            continue;
        one->cancelled_by.clear();
        one->cancelled_at = TimePoint{};
        one->said = ended.said;
        overrides.save(*one);
    }
}

/// Throws Refusal where somebody was faster.
void check_is_last(Transaction& tx, const storage::ScheduleEdit& edit, const std::string& holds)
{
    if (edit.undone_at != TimePoint{})
        throw oncall::Refusal{oncall::mention(edit.undone_by) + " undid this change already, "
            + oncall::date_token(edit.undone_at) + ". That can be undone in its own message."};
    if (holds == edit.after)
        return;
    const auto newest = storage::ScheduleEdits{tx}.newest(edit.schedule);
    const bool since = newest && newest->id != edit.id;
    throw oncall::Refusal{"Nothing was undone: schedule " + edit.schedule + " was "
        + (since ? (newest->after.empty() ? std::string{"deleted"} : oncall::edited_by(newest->by, newest->via)) + " since, "
                    + oncall::date_token(newest->at)
                 : std::string{"changed since"})
        + ". Undo that first, or change the schedule as you want it."};
}

} // namespace

std::string undo_schedule_edit(Transaction& tx, const Context& app, std::int64_t id, const Asked& asked)
{
    const storage::ScheduleEdits edits{tx};
    const auto undone = edits.find(id);
    if (!undone)
        throw oncall::Refusal{"This change was too long ago to be undone. Change the schedule as you want it."};
    const auto& name = undone->schedule;
    const auto around = surroundings(tx, app, {"schedule", name, false}, asked);
    check_is_last(tx, *undone, around.holds);
    const std::vector<config::Edit> wish{{"schedule", name, json_put_back(tx, *undone, asked.now), around.holds, {}, {}}};
    permit_edits(tx, wish, around.editor);
    if (const auto users = wish.front().json.empty() ? in_use(tx, "schedule", name) : ""; !users.empty())
        throw oncall::Refusal{"Nothing was undone: " + users};
    bring_overrides_back(tx, *undone); // before it is told who is on call again
    const auto configured = edit(tx, app, wish, asked);
    if (!configured.plan.problems.empty())
        throw oncall::Refusal{"Nothing was undone: " + words_of(configured.plan.problems.front())};
    const auto newest = edits.newest(name);
    if (!configured.written || !newest || newest->id == id)
        throw oncall::Refusal{"Schedule " + name + " is as it was before this change. Nothing is to be undone."};
    edits.undone(id, *newest);
    for (const auto& message : storage::ScheduleEditMessages{tx}.of(id))
        show_edit(tx, message, asked.now);
    return name;
}

namespace {

/// What of an undo holds for what has been as well; empty: nothing.
std::string undated_words(Transaction& tx, std::int64_t id)
{
    const auto undone = storage::ScheduleEdits{tx}.find(id);
    if (!undone || undone->before.empty() || undone->after.empty())
        return {};
    const auto what =
        undated(schedule_in(undone->after, undone->schedule).schedule, schedule_in(undone->before, undone->schedule).schedule);
    return what.empty() ? "" : " For what has been as well: " + oncall::listed(what) + ".";
}

} // namespace

Answer click_schedule_undo(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    std::int64_t id{};
    std::from_chars(pressed.value.data(), pressed.value.data() + pressed.value.size(), id);
    std::string no, schedule;
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return 0;
        schedule = undo_schedule_edit(tx, app, id, asked);
        respond(tx, delivery, pressed.response_url,
            "Schedule " + schedule + " is again as it was before this change, from now on. Whoever's shifts move is told."
                + undated_words(tx, id),
            asked.now);
        return 0;
    };
    try {
        co_await app.database.transaction(work);
    } catch (const oncall::Refusal& refusal) {
        no = refusal.what(); // nothing of it was kept
    }
    if (!no.empty()) {
        auto say = [&](Transaction& tx) {
            if (storage::Inbox{tx}.first(delivery, asked.now))
                respond(tx, delivery, pressed.response_url, no, asked.now);
            return 0;
        };
        co_await app.database.transaction(say);
        co_return slack::Json{};
    }
    if (!schedule.empty()) {
        auto effect = take_effect(schedule, app);
        co_await std::move(effect);
        app.log.info("a change of a schedule was undone in Slack", {{"by", asked.actor}, {"schedule", schedule}});
    }
    co_return slack::Json{};
}

} // namespace handlers
