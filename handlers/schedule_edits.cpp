#include "handlers/schedule_edits.hpp"

#include "handlers/feeds.hpp"
#include "handlers/overrides.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/schedule_edits.hpp"
#include "storage/feeds.hpp"
#include "storage/schedule_edits.hpp"

#include <algorithm>

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
        std::vector<storage::Person> people;
        if (!addresses.empty())
            people = storage::People{tx_}.all();
        const auto calendars = storage::Feeds{tx_}.events(addresses);
        const oncall::NameIndex names{acquaintance(people, configuration)};
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
        message.key, "schedule_edit", storage::Priority::card, message.place, message.edit, message.place, now);
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
        const auto moved = oncall::moved_shifts(eye_.look(name, edit.before, before_.overrides),
            eye_.look(name, edit.after, now_.overrides), eye_.known(), asked_.now);
        edit.words = oncall::edit_words(edited_fields(edit.before, edit.after), moved);
        storage::ScheduleEdits{tx_}.add(edit);
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
        if (edit.before.empty())
            return;
        for (const auto& concern : oncall::concerned(moved.changes, ""))
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
        std::string words;
        std::int64_t last{};
        for (const auto& move : untold.of_person(person)) {
            const auto lines = oncall::moved_words(person, moved_since(move), asked_.now);
            if (lines.empty()) {
                untold.forget(move);
                continue;
            }
            last = std::max(last, move.edit);
            const auto edit = storage::ScheduleEdits{tx_}.newest(move.schedule);
            words += "\nSchedule " + move.schedule
                + (!edit                      ? ""
                        : edit->after.empty() ? ", deleted"
                                              : ", " + oncall::edited_by(edit->by, edit->via))
                + ":\n" + lines;
        }
        const auto key = storage::untold_key(person);
        if (words.empty()) {
            outbox.withdraw(key);
            if (!untold.is_leaving(person))
                return;
            words = "Your shifts are as they were before the last edit: it was taken back.";
        } else {
            words.insert(0, "Your shifts change.");
        }
        outbox.add(key, "schedule_edit_dm", storage::Priority::answer, person, 0,
            person + "\n" + std::to_string(last) + "\n" + words, asked_.now);
    }

    const oncall::MovedShifts& moved_since(const storage::UntoldMove& move)
    {
        const auto [found, fresh] = moved_.try_emplace({move.schedule, move.before});
        if (fresh)
            found->second = oncall::moved_shifts(eye_.look(move.schedule, move.before, before_.overrides),
                eye_.look(move.schedule, are_[move.schedule], now_.overrides), eye_.known(), asked_.now);
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

} // namespace handlers
