#include "handlers/schedule_check.hpp"

#include "blocks/schedule_form.hpp"
#include "delivery/schedule_preview.hpp"
#include "handlers/feeds.hpp"
#include "handlers/forecast.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/permits.hpp"
#include "handlers/schedule_form.hpp"
#include "oncall/identities.hpp"
#include "oncall/words.hpp"
#include "storage/drafts.hpp"
#include "storage/feeds.hpp"
#include "storage/levels.hpp"

#include <algorithm>
#include <set>

namespace handlers {

using oncall::Refusal;
using oncall::Schedule;
using slack::Json;

namespace {

constexpr std::chrono::hours looked_ahead{24 * 14};
constexpr auto schedule_draft_lives = std::chrono::hours{24};
constexpr std::size_t most_stretches_said = 3;
constexpr std::size_t largest_wish = 2 << 20;
const std::string draft_is_gone{"This was saved already, or is older than a day. `/oncall schedule` shows what holds."};

std::string preview_row(const std::string& draft) { return "preview:" + draft; }

std::string wish_json(const ScheduleWish& wish)
{
    Json json;
    json["name"] = wish.name;
    json["new"] = wish.fresh;
    json["json"] = wish.json;
    json["from"] = wish.from ? wish.from->time_since_epoch().count() : 0;
    json["opened_with"] = wish.opened_with;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ScheduleWish schedule_wish_in(const std::string& text)
{
    const auto json = slack::parse(text, largest_wish);
    ScheduleWish wish;
    wish.name = slack::text_at(json, {"name"});
    wish.fresh = json.value("new", false);
    wish.json = slack::text_at(json, {"json"});
    if (const auto from = json.value("from", std::int64_t{}); from > 0)
        wish.from = TimePoint{oncall::milliseconds{from}};
    wish.opened_with = slack::text_at(json, {"opened_with"});
    return wish;
}

config::Edit edit_for(const ScheduleWish& wish, TimePoint now)
{
    config::Edit one;
    one.kind = "schedule";
    one.name = wish.name;
    one.json = item_of(wish, now);
    one.opened_with = wish.opened_with;
    return one;
}

/// As it would be in force: with calendars, overrides and who people are.
Schedule as_in_force(storage::Transaction& tx, Schedule schedule, const Schedule& before, const oncall::Configuration& now)
{
    auto with = now;
    with.schedules[schedule.name] = schedule;
    oncall::fill_in(schedule, now.holidays, storage::Feeds{tx}.events(addresses_of(with)),
        oncall::NameIndex{acquaintance(storage::People{tx}.all(), with)});
    const auto has = [&](const std::string& rotation) {
        return std::any_of(schedule.rotations.begin(), schedule.rotations.end(),
            [&](const oncall::Rotation& one) { return one.name == rotation; });
    };
    for (const auto& one : before.overrides)
        if (one.rotation.empty() || has(one.rotation))
            schedule.overrides.push_back(one);
    oncall::tell_apart(schedule, storage::known_people(tx));
    return schedule;
}

std::string stretch_words(const oncall::Shift& stretch)
{
    return oncall::date_token(stretch.start) + " – " + oncall::date_token(stretch.end);
}

/// "Nobody is on call <from> – <to>", the first of them.
void say_stretches(std::vector<std::string>& warnings, const std::vector<oncall::Shift>& stretches, const std::string& what)
{
    for (std::size_t i = 0; i < std::min(stretches.size(), most_stretches_said); ++i) {
        std::string who;
        for (const auto& person : stretches[i].people)
            who += (who.empty() ? "" : ", ") + oncall::mention(person);
        warnings.push_back((who.empty() ? what : who + " " + what) + " " + stretch_words(stretches[i]) + ".");
    }
    if (stretches.size() > most_stretches_said)
        warnings.push_back(
            "That happens " + std::to_string(stretches.size() - most_stretches_said) + " times more in that time.");
}

std::set<std::string> everybody_in(const Schedule& schedule)
{
    oncall::Configuration all;
    all.schedules[schedule.name] = schedule;
    all.schedules[schedule.name].overrides.clear();
    std::set<std::string> people;
    for (const auto& [person, places] : oncall::people_of(all))
        people.insert(person);
    return people;
}

struct ScheduleCompared {
    Schedule before{};
    Schedule after{};
    TimePoint from{};
    TimePoint to{};
};

std::vector<std::string> schedule_warnings(
    storage::Transaction& tx, const Context& app, const ScheduleCompared& compared, const Surroundings& around, TimePoint now)
{
    std::vector<std::string> warnings;
    const auto& [before, after, from, to] = compared;
    say_stretches(warnings, oncall::gaps(after, from, to), "Nobody is on call");
    say_stretches(warnings, oncall::doubles(after, from, to), "are on call at the same time");
    if (const auto lost = before.overrides.size() - after.overrides.size(); lost > 0)
        warnings.push_back((lost == 1 ? std::string{"An override"} : std::to_string(lost) + " overrides")
            + " of a rotation that is gone would change nothing any more. `/oncall overrides " + after.name + "` shows them.");
    const auto had = everybody_in(before);
    for (const auto& person : everybody_in(after))
        if (!had.contains(person) && !around.naming.ids.contains(person) && person.find('@') != person.npos)
            warnings.push_back(
                "I know nobody in Slack called " + person + " so far. If it stays so, nobody is paged in that person's turns.");
    auto becomes = *around.now;
    becomes.schedules[after.name] = after;
    const auto known = warnings_of(tx, app, *around.now, now);
    for (const auto& warning : warnings_of(tx, app, becomes, now))
        if (std::find(known.begin(), known.end(), warning) == known.end())
            warnings.push_back(oncall::words_of(warning));
    return warnings;
}

/// The people that it puts into the schedule and who cannot answer a page.
std::string unable_in(storage::Transaction& tx, const ScheduleWish& wish)
{
    const auto had = everybody_in(schedule_in(wish.opened_with.empty() ? "{}" : wish.opened_with, wish.name).schedule);
    std::string words;
    for (const auto& person : everybody_in(schedule_in(wish.json, wish.name).schedule))
        if (const auto known = had.contains(person) ? std::nullopt : storage::People{tx}.find(person))
            if (const auto why = cannot_answer(tx, known->user_id); !why.empty())
                words += (words.empty() ? "" : " ") + why;
    return words;
}

} // namespace

std::string item_of(const ScheduleWish& wish, TimePoint now)
{
    if (wish.fresh || wish.opened_with.empty() || wish.json == wish.opened_with)
        return wish.json;
    const auto was = schedule_in(wish.opened_with, wish.name), becomes = schedule_in(wish.json, wish.name);
    if (!was.problems.empty() || !becomes.problems.empty())
        return wish.json; // it is refused, or mends what is broken
    const auto first = std::chrono::ceil<std::chrono::minutes>(now);
    return schedule_out(holding_from(was.schedule, becomes.schedule, std::max<TimePoint>(wish.from.value_or(first), first)));
}

CheckedSchedule check_schedule(storage::Transaction& tx, Context& app, const ScheduleWish& wish, const std::string& note,
    const Surroundings& around, const Asked& asked)
{
    CheckedSchedule checked;
    const auto one = edit_for(wish, asked.now);
    permit_edits(tx, {one}, around.editor);
    const auto plan = edit(tx, app, {one}, asked, true).plan;
    checked.problems = plan.problems;
    if (!plan.problems.empty() || !plan.changes_anything())
        return checked;
    if (const auto words = unable_in(tx, wish); !words.empty()) {
        checked.problems.push_back({0, 0, words, "choose somebody else", "schedule " + wish.name});
        return checked;
    }
    ScheduleCompared compared;
    if (const auto now = around.now->schedules.find(wish.name); now != around.now->schedules.end())
        compared.before = now->second;
    compared.after = as_in_force(tx, schedule_in(one.json, wish.name).schedule, compared.before, *around.now);
    const bool far = wish.from && *wish.from > asked.now + looked_ahead / 2;
    compared.from = far ? std::chrono::floor<std::chrono::days>(*wish.from) : asked.now;
    compared.to = compared.from + looked_ahead;
    const auto known = storage::known_people(tx);

    blocks::SchedulePlan shown;
    shown.schedule = wish.name;
    shown.fresh = wish.fresh;
    shown.draft = app.random.token(16);
    shown.external_id = "schedule-" + shown.draft;
    shown.note = note;
    shown.takes_effect = wish.from;
    shown.from = compared.from;
    shown.to = compared.to;
    shown.changes = oncall::changes_between(compared.before, compared.after, known, compared.from, compared.to);
    shown.warnings = schedule_warnings(tx, app, compared, around, asked.now);
    if (!wish.fresh)
        for (const auto& what :
            undated(schedule_in(wish.opened_with, wish.name).schedule, schedule_in(wish.json, wish.name).schedule))
            shown.warnings.push_back("It holds for what has been as well: " + what + ".");
    shown.lines = lines_of(plan);
    shown.picture = delivery::picture_placeholder();
    checked.view = blocks::schedule_plan(shown, around.names);

    const storage::Drafts drafts{tx};
    drafts.forget_before(asked.now - schedule_draft_lives);
    drafts.add({shown.draft, asked.actor, wish_json(wish), asked.now});
    delivery::Preview preview;
    preview.external_id = shown.external_id;
    preview.view = checked.view;
    delivery::draw_schedule(preview, compared.after, compared.from, looked_ahead, asked.now, around.names);
    delivery::add_preview(tx, shown.draft, preview, asked.now);
    // By then the view is there.
    storage::Outbox{tx}.wait(preview_row(shown.draft), asked.now + std::chrono::seconds{1});
    return checked;
}

SavedSchedule save_schedule_draft(storage::Transaction& tx, Context& app, const std::string& id, const Asked& asked)
{
    const storage::Drafts drafts{tx};
    const auto draft = drafts.find(id);
    if (!draft || draft->actor != asked.actor)
        throw Refusal{draft_is_gone};
    storage::Outbox{tx}.withdraw(preview_row(id)); // it would be drawn over the answer
    const auto wish = schedule_wish_in(draft->edits);
    const auto around = surroundings(tx, app, {"schedule", wish.name, false}, asked);
    const std::string again{" Nothing was saved. Your form is as you left it: go back to it, and press Check again."};
    if (around.holds != wish.opened_with)
        throw Refusal{(around.holds.empty() ? "Schedule " + wish.name + " was deleted meanwhile."
                                            : who_changed(around.changed_by, around.changed_at) + ", while you looked at it.")
            + again};
    if (wish.from && *wish.from <= asked.now)
        throw Refusal{"The time from which it was to hold has passed meanwhile." + again};
    const auto one = edit_for(wish, asked.now);
    permit_edits(tx, {one}, around.editor);
    if (const auto words = unable_in(tx, wish); !words.empty())
        throw Refusal{words + again};
    const auto plan = edit(tx, app, {one}, asked).plan;
    if (!plan.problems.empty())
        throw Refusal{words_of(plan.problems.front()) + again};
    drafts.forget(id);
    SavedSchedule saved;
    saved.lines = lines_of(plan);
    saved.view = blocks::schedule_saved(wish.name, wish.from);
    return saved;
}

} // namespace handlers
