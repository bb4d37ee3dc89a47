#include "blocks/golden.hpp"
#include "catch.hpp"
#include "config/random_configuration.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/rotation_form.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

#include <rapidcheck.h>

using namespace handlers;
using namespace std::chrono_literals;
using blocks::Values;
using oncall::Rotation;
using oncall::Turn;

namespace {

using Refs = std::vector<std::string>;
using FieldErrors = std::map<std::string, std::string>;
const std::string rotation_zone{"Europe/Berlin"};

const Naming rotation_naming{{{"ana@example.com", "U1"}, {"bo@example.com", "U2"}, {"@bo", "U2"}, {"chi@example.com", "U3"}},
    {{"U1", "ana@example.com"}, {"U2", "bo@example.com"}}, {{"U1", "Ana"}, {"U2", "Bo"}, {"U3", "Chi"}}};

Rotation weekly_of(std::vector<Turn> turns)
{
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = *oncall::local_time_in("2026-11-02T09:00");
    rotation.turns = std::move(turns);
    return rotation;
}

struct FilledRotation {
    Rotation rotation{};
    FieldErrors errors{};
};

/// The form, opened for it, with these fields filled in.
FilledRotation filled_rotation(const Rotation& before, const Values& changes, const Naming& naming = rotation_naming)
{
    Values values;
    put_rotation(values, before, naming);
    for (const auto& [field, texts] : changes)
        values[field] = texts;
    FilledRotation read{before, {}};
    read_rotation(read.rotation, values, rotation_zone, naming, noon, read.errors);
    return read;
}

slack::View rotation_modal(const Rotation& before, const Naming& naming = rotation_naming)
{
    Values values;
    put_rotation(values, before, naming);
    blocks::Form form;
    form.title = "Rotation";
    form.submit = "Done";
    form.callback = "x";
    form.parts = rotation_parts("payments", before, rotation_zone, naming);
    return blocks::form(form, values);
}

} // namespace

TEST_CASE(
    "What the form of a rotation does not show it keeps: sent as it was opened, nothing changes", "[handlers][schedule_form]")
{
    CHECK(rc::check("for any rotation", [] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::inRange(0, most); });
        Naming naming;
        int next = 0;
        for (const auto& [person, places] : oncall::people_of(all))
            if (*rc::gen::arbitrary<bool>()) {
                naming.ids[person] = "U" + std::to_string(++next);
                naming.references.emplace(naming.ids[person], person);
            }
        for (const auto& [name, schedule] : all.schedules)
            for (const auto& rotation : schedule.rotations) {
                const auto newest = newest_of(rotation);
                Values values;
                try {
                    put_rotation(values, newest, naming);
                } catch (const oncall::Refusal&) {
                    continue; // a calendar's, or too much for a form
                }
                auto becomes = newest;
                FieldErrors errors;
                read_rotation(becomes, values, schedule.time_zone, naming, noon, errors);
                RC_ASSERT(errors == FieldErrors{});
                RC_ASSERT(becomes == newest);
                RC_ASSERT(workspace::problems_in_view(rotation_modal(newest, naming), "modal") == Refs{});
            }
    }));
}

TEST_CASE(
    "People take turns in the order in which they were chosen, in the words the file has for them", "[handlers][schedule_form]")
{
    const auto before = weekly_of({{"@bo"}, {"left@example.com"}, {"ana@example.com"}});
    Values values;
    put_rotation(values, before, rotation_naming);
    CHECK(values.at("rotation.people") == Refs{"U2", "U1"});
    CHECK(values.at("rotation.people.unknown") == Refs{"left@example.com"});
    // Whom Slack does not know keeps her place until she is taken out.
    CHECK(filled_rotation(before, {{"rotation.people", {"U3", "U1", "U2", "U9"}}}).rotation.turns
        == std::vector<Turn>{{"U3"}, {"left@example.com"}, {"ana@example.com"}, {"@bo"}, {"U9"}});
    CHECK(filled_rotation(before, {{"rotation.people", {"U1"}}, {"rotation.people.unknown", {}}}).rotation.turns
        == std::vector<Turn>{{"ana@example.com"}});
    CHECK(filled_rotation(before, {{"rotation.people", {}}, {"rotation.people.unknown", {}}}).errors.contains("rotation.people"));

    for (const auto& turns : std::vector<std::vector<Turn>>{{{"ana@example.com", "@bo"}, {"chi@example.com"}}, {{"@bo"}, {}},
             {{"@bo"}, {"ana@example.com"}, {"bo@example.com"}}}) {
        const auto kept = filled_rotation(weekly_of(turns), {{"rotation.people", {"U1"}}, {"rotation.priority", {"2"}}});
        CHECK(kept.errors == FieldErrors{});
        CHECK(kept.rotation.turns == turns);
        CHECK(kept.rotation.priority == 2);
    }
    auto given = weekly_of({});
    given.ics = "https://example.com/a.ics";
    CHECK_THROWS_AS(filled_rotation(given, {}), oncall::Refusal);
}

TEST_CASE(
    "Whom Slack did not know when the form was opened stays in turn, though it knows her by now", "[handlers][schedule_form]")
{
    auto since = rotation_naming;
    since.ids["left@example.com"] = "U9";
    since.references["U9"] = "left@example.com";
    since.ids["other@example.com"] = "U2";
    const auto sent = [&](const std::vector<Turn>& turns, const Values& changes) {
        const auto before = weekly_of(turns);
        Values values;
        put_rotation(values, before, rotation_naming);
        for (const auto& [field, texts] : changes)
            values[field] = texts;
        auto rotation = before;
        FieldErrors errors;
        read_rotation(rotation, values, rotation_zone, since, noon, errors);
        CHECK(errors == FieldErrors{});
        return rotation.turns;
    };
    const std::vector<Turn> turns{{"@bo"}, {"left@example.com"}, {"ana@example.com"}};
    CHECK(sent(turns, {}) == turns);
    CHECK(sent(turns, {{"rotation.people", {"U1"}}}) == std::vector<Turn>{{"ana@example.com"}, {"left@example.com"}});
    CHECK(sent(turns, {{"rotation.people.unknown", {}}}) == std::vector<Turn>{{"@bo"}, {"ana@example.com"}});
    CHECK(sent(turns, {{"rotation.people", {"U9", "U2"}}}) == std::vector<Turn>{{"left@example.com"}, {"@bo"}});
    // She turns out to be another of them: both names stay, and what was chosen counts.
    const std::vector<Turn> twice{{"other@example.com"}, {"@bo"}, {"ana@example.com"}};
    CHECK(sent(twice, {}) == twice);
    CHECK(sent(twice, {{"rotation.people", {"U2"}}}) == std::vector<Turn>{{"other@example.com"}, {"@bo"}});

    const Values form{{"members", {"U2"}}, {"members.unknown", {"left@example.com"}}};
    const Refs members{"@bo", "left@example.com"};
    CHECK(fields::people_in(form, "members", members, since) == members);
}

TEST_CASE("Unit, length, handoff, days, hours and zone of a rotation are fields", "[handlers][schedule_form]")
{
    const auto read = filled_rotation(weekly_of({{"@bo"}}),
        {{"rotation.name", {" nights "}}, {"rotation.unit", {"=day"}}, {"rotation.length", {"5, 2"}},
            {"rotation.start", {"2026-11-04T20:00"}}, {"rotation.days", {"Mon to Thu"}},
            {"rotation.hours", {"20:00 to 08:00\nFri 20:00 to Mon 08:00"}}, {"rotation.zone", {"Asia/Tokyo"}},
            {"rotation.priority", {"-3"}}});
    CHECK(read.errors == FieldErrors{});
    CHECK(read.rotation.name == "nights");
    CHECK(read.rotation.unit == oncall::Unit::day);
    CHECK(read.rotation.lengths == std::vector{5, 2});
    CHECK(read.rotation.start == *oncall::local_time_in("2026-11-04T20:00"));
    CHECK(read.rotation.days.size() == 4);
    REQUIRE(read.rotation.windows.size() == 2);
    CHECK(read.rotation.windows[0].to == 8h);
    CHECK(read.rotation.windows[1].from_day == oncall::Weekday::fri);
    CHECK(read.rotation.time_zone == "Asia/Tokyo");
    CHECK(read.rotation.priority == -3);
    CHECK(
        filled_rotation(weekly_of({{"@bo"}}), {{"rotation.handoff_day", {"=wed"}}}).rotation.handoff_day == oncall::Weekday::wed);

    for (const auto& [field, text] :
        std::vector<std::pair<std::string, std::string>>{{"name", " "}, {"length", "0"}, {"length", "1.5"}, {"length", "x"},
            {"start", "monday"}, {"start", "2026-02-30 09:00"}, {"start", "2026-11-02T09:00+01:00"}, {"days", "9 to 5"},
            {"days", "Mon\nTue"}, {"hours", "at night"}, {"zone", "Berlin"}}) {
        INFO(field << " " << text);
        const auto wrong = filled_rotation(weekly_of({{"@bo"}}), {{"rotation." + field, {text}}});
        CHECK(wrong.errors.size() == 1);
        CHECK(wrong.errors.contains("rotation." + field));
    }
}

TEST_CASE(
    "A new rotation begins with a handoff that is over, or with its first turn when that is to come", "[handlers][schedule_form]")
{
    const auto begun = rotation_to_begin_with(rotation_zone, noon);
    CHECK(begun.start == *oncall::local_time_in("2026-11-02T09:00"));
    // On a Monday before nine it is the Monday before.
    CHECK(rotation_to_begin_with(rotation_zone, noon - 29h).start == *oncall::local_time_in("2026-10-26T09:00"));
    const Values people{{"rotation.people", {"U1"}}, {"rotation.name", {"weekly"}}};
    CHECK_FALSE(filled_rotation(begun, people).rotation.begin);
    auto later = people;
    later["rotation.start"] = {"2026-11-09 09:00"};
    const auto to_come = filled_rotation(begun, later).rotation;
    CHECK(to_come.begin == to_come.start);
    // A mistake in what has not begun is simply mended.
    const auto mended = filled_rotation(to_come, {{"rotation.start", {"2026-11-10 10:00"}}}).rotation;
    CHECK(mended.begin == *oncall::local_time_in("2026-11-10T10:00"));
    CHECK_FALSE(filled_rotation(weekly_of({{"@bo"}}), {{"rotation.start", {"2026-11-30 09:00"}}}).rotation.begin);
}

TEST_CASE("A rotation's form looks as it did", "[handlers][schedule_form]")
{
    auto rotation = weekly_of({{"ana@example.com"}, {"left@example.com"}, {"chi@example.com"}});
    oncall::Window nights;
    nights.from = 20h;
    nights.to = 8h;
    rotation.windows = {nights};
    rotation.priority = 1;
    golden("schedule_rotation", rotation_modal(rotation));
    golden("schedule_rotation_new", rotation_modal(rotation_to_begin_with(rotation_zone, noon)));
    golden("schedule_rotation_pairs", rotation_modal(weekly_of({{"ana@example.com", "@bo"}, {}, {"chi@example.com"}})));
    for (const char* field : {"users", "windows[0].from", "time_zone", "start", "no such"})
        CHECK(rotation_field(field).starts_with("rotation."));
    CHECK(rotation_field("users[1]") == "rotation.people");
}
