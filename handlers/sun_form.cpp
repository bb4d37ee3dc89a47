#include "handlers/sun_form.hpp"

#include "blocks/kit.hpp"
#include "config/items.hpp"
#include "delivery/schedule_preview.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/hours_field.hpp"
#include "handlers/opening.hpp"
#include "handlers/permits.hpp"
#include "handlers/settings.hpp"
#include "oncall/coverage.hpp"
#include "oncall/follow_the_sun.hpp"
#include "oncall/words.hpp"
#include "storage/coverage.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;

namespace {

constexpr int most_regions = 4;
constexpr milliseconds sun_looked_at{28 * 24h}, sun_drawn{14 * 24h};
constexpr auto sun_reach = std::chrono::days{400};
constexpr std::size_t most_sun_nights = 5;
constexpr std::string_view no_zone{"There is no such time zone. Write it as Europe/Berlin or America/New_York."};

std::string numbered(std::string_view field, int region) { return std::string{field} + std::to_string(region); }

std::string date_out(TimePoint at, const std::string& zone) { return iso(at, zone).substr(0, 10); }

/// Monday of next week there.
std::string next_monday(TimePoint now, const std::string& zone)
{
    const auto today = std::chrono::floor<std::chrono::days>(to_local(now, zone));
    const auto more = 8 - static_cast<int>(std::chrono::weekday{today}.iso_encoding());
    return date_out(to_instant(LocalTime{today + std::chrono::days{more}} + 12h, zone), zone);
}

} // namespace

slack::View sun_form_view(const blocks::Values& values)
{
    blocks::Form form;
    form.title = "Follow the sun";
    form.submit = "Check";
    form.callback = sun_view;
    const auto add = [&](blocks::Field field, bool required = false) {
        field.required = required;
        form.parts.push_back(std::move(field));
    };
    form.parts.push_back(blocks::Heading{
        "Each region is on call in its own day. What this makes is an ordinary schedule, to be changed like any other.", {}, {}});
    add(fields::text("name", "Name of the schedule", "", "support"), true);
    for (int region = 1; region <= most_regions; ++region) {
        const auto label = [&](const std::string& what) {
            return "Region " + std::to_string(region) + ": " + what + (region > 2 ? " (if there is one)" : "");
        };
        add(fields::text(numbered("zone", region), label("time zone"), "", region == 1 ? "Europe/Berlin" : "America/New_York"));
        add(fields::lines(numbered("hours", region), label("hours"),
            region == 1
                ? "On its own clock, one stretch a line: “09:00 to 18:00” is every day, “Mon to Fri, 09:00 to 18:00” is not."
                : "",
            "09:00 to 18:00"));
        auto people = fields::text(numbered("people", region), label("people, in turn"), "", "Choose people");
        people.kind = blocks::Field::Kind::people;
        add(std::move(people));
    }
    add(fields::one("unit", "Who is on call changes", "", {{"every week", "=week", ""}, {"every day", "=day", ""}}), true);
    add(fields::text("first", "The first turns begin on", "", "2026-11-02"), true);
    return blocks::form(form, values);
}

namespace {

struct ReadSun {
    FollowTheSun sun{};
    std::map<std::string, std::string> errors{}; // field → what is wrong with it
};

void read_region(ReadSun& read, const blocks::Values& values, int number, const Naming& naming)
{
    const auto zone = fields::text_in(values, numbered("zone", number));
    const auto hours = fields::text_in(values, numbered("hours", number));
    const auto people = fields::people_in(values, numbered("people", number), {}, naming);
    if (zone.empty() && hours.empty() && people.empty())
        return;
    Region region;
    region.time_zone = zone;
    region.people = people;
    if (!is_time_zone(zone))
        read.errors[numbered("zone", number)] = no_zone;
    if (people.empty())
        read.errors[numbered("people", number)] = "Choose who is on call there.";
    const auto windows = hours_in(hours);
    if (!windows || windows->empty())
        read.errors[numbered("hours", number)] =
            "Write them as “09:00 to 18:00” or “Mon to Fri, 09:00 to 18:00”, one stretch a line.";
    else
        region.hours = *windows;
    read.sun.regions.push_back(std::move(region));
}

ReadSun read_sun(const blocks::Values& values, const Configuration& now, const Naming& naming, TimePoint at)
{
    ReadSun read;
    read.sun.name = fields::text_in(values, "name");
    if (read.sun.name.empty())
        read.errors["name"] = "It needs a name.";
    else if (now.schedules.contains(read.sun.name))
        read.errors["name"] = "There is a schedule of that name already. Choose another name.";
    for (int region = 1; region <= most_regions; ++region)
        read_region(read, values, region, naming);
    if (read.sun.regions.empty())
        read.errors["zone1"] = "Fill in one region at least, with its hours and people.";
    read.sun.unit = fields::option_in(values, "unit") == "day" ? Unit::day : Unit::week;
    const auto day = local_time_in(fields::text_in(values, "first") + "T00:00");
    const auto today = LocalTime{at.time_since_epoch()};
    if (!day || *day < today - sun_reach || *day > today + sun_reach)
        read.errors["first"] = "Write the day as 2026-11-02, at most a year away.";
    else
        read.sun.first_day = *day;
    return read;
}

std::string hours_of_time(milliseconds time)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
    return duration_out(std::chrono::minutes{minutes});
}

milliseconds sum_of(const std::vector<Shift>& shifts)
{
    milliseconds sum{};
    for (const auto& shift : shifts)
        sum += shift.end - shift.start;
    return sum;
}

/// What it leaves open and doubles, a line each.
std::vector<std::string> sun_lines(Transaction& tx, const Schedule& schedule, TimePoint from)
{
    const auto to = from + sun_looked_at;
    const auto coverage = coverage_of(schedule, storage::rota_people(tx), from, to);
    const auto open = sum_of(gaps(schedule, from, to)), doubled = sum_of(doubles(schedule, from, to));
    std::vector<std::string> lines;
    lines.push_back(open == milliseconds{} ? "✅ In the first four weeks somebody is on call at every hour."
                                           : "⚠️ In the first four weeks nobody is on call for " + hours_of_time(open)
                + " in all: " + percentage(sun_looked_at - open, sun_looked_at) + " is covered.");
    if (doubled > milliseconds{})
        lines.push_back("👥 In the first four weeks several are on call at once for " + hours_of_time(doubled)
            + " in all; pages go to all of them.");
    const auto year = uncovered_through_the_year(schedule, from);
    if (year.empty())
        lines.push_back("✅ Through the year, changes of the clocks included, there is no gap and nobody is on call twice over.");
    else
        lines.push_back("*Through the year, changes of the clocks included:*");
    for (const auto& line : year)
        lines.push_back("• " + line);
    std::size_t nights = 0;
    for (const auto& finding : coverage.findings)
        if (finding.kind == FindingKind::night && nights++ < most_sun_nights)
            lines.push_back("🌃 " + mention(finding.people.front())
                + " is on call in their night, by the time zone of their profile, while others have day.");
    return lines;
}

/// The plan with what it would come to, and a picture to come.
Json shown_sun(Transaction& tx, const ReadSun& read, const Planned& planned, const Surroundings& around, const Schedule& schedule,
    TimePoint now)
{
    auto view = blocks::settings_plan(planned.view, around.names);
    const auto first = to_instant(read.sun.first_day, schedule.time_zone);
    const auto today =
        to_instant(LocalTime{std::chrono::floor<std::chrono::days>(to_local(now, schedule.time_zone))}, schedule.time_zone);
    const auto from = std::max(first, today);
    for (const auto& line : sun_lines(tx, schedule, from))
        view["blocks"].push_back(blocks::kit::section(blocks::kit::prose(line, around.names)));
    view["blocks"].push_back(delivery::picture_placeholder());
    const auto external = "sun:" + planned.view.draft;
    view["external_id"] = external;
    delivery::Preview preview;
    preview.external_id = external;
    preview.view = view;
    delivery::draw_schedule(preview, schedule, from, sun_drawn, now, around.names);
    delivery::add_preview(tx, external, preview, now);
    // By then the view is there.
    storage::Outbox{tx}.wait("preview:" + external, now + 1s);
    return view_answer("push", std::move(view));
}

Json check_sun(Transaction& tx, Context& app, const blocks::Values& values, const Asked& asked)
{
    Subject subject;
    subject.kind = "schedule";
    subject.name = fields::text_in(values, "name");
    subject.fresh = true;
    const auto around = surroundings(tx, app, subject, asked);
    auto read = read_sun(values, *around.now, around.naming, asked.now);
    for (int region = 1; region <= most_regions; ++region)
        for (const auto& person : fields::texts_in(values, numbered("people", region)))
            if (const auto why = cannot_answer(tx, person); !why.empty())
                read.errors.emplace(numbered("people", region), blocks::plain(why, around.names));
    if (!read.errors.empty())
        return errors_answer(read.errors);
    const auto schedule = follow_the_sun(read.sun);
    Configuration alone;
    alone.schedules.emplace(schedule.name, schedule);
    config::Edit edit;
    edit.kind = "schedule";
    edit.name = schedule.name;
    edit.json = config::items_of(alone).front().json;
    const auto planned = plan_edits(tx, app, {edit}, around, asked);
    for (const auto& problem : planned.problems)
        read.errors.emplace("name", words_of(problem));
    if (!read.errors.empty())
        return errors_answer(read.errors);
    return shown_sun(tx, read, planned, around, schedule, asked.now);
}

} // namespace

Answer sun_form(slack::Command command, std::string name, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall schedule sun", app);
    auto make = [&app, name, asked](Transaction& tx) {
        std::string zone{"UTC"};
        Subject subject;
        subject.kind = "schedule";
        subject.fresh = true;
        const auto around = surroundings(tx, app, subject, asked);
        permit_settings(around.editor, *around.now);
        if (const auto person = storage::People{tx}.find(asked.actor); person && is_time_zone(person->time_zone))
            zone = person->time_zone;
        blocks::Values values;
        values["name"] = {name};
        values["unit"] = {"=week"};
        values["first"] = {next_monday(asked.now, zone)};
        values["zone1"] = {zone == "UTC" ? "" : zone};
        return sun_form_view(values);
    };
    auto opened = open_made_form(make, opening_by(command, "`/oncall schedule sun` once more"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer submit_sun(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "/oncall schedule sun", app);
    const auto values = blocks::form_values(filled.state);
    for (int region = 1; region <= most_regions; ++region)
        for (const auto& person : fields::texts_in(values, numbered("people", region)))
            app.meet(person);
    auto work = [&](Transaction& tx) {
        try {
            return check_sun(tx, app, values, asked);
        } catch (const Refusal& refusal) {
            return view_answer("push", refusal_view(refusal.what(), storage::People{tx}.names()));
        }
    };
    auto result = co_await app.database.transaction(work);
    co_return result;
}

} // namespace handlers
