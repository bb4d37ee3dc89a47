#include "oncall/handoff.hpp"
#include "oncall/schedules_in_words.hpp"

using namespace oncall;
using namespace in_words;

namespace {

using Names = std::vector<std::string>;

Schedule berlin_schedule(std::vector<Rota> rotas)
{
    Schedule schedule{.name = "payments", .time_zone = "Europe/Berlin"};
    for (auto& rota : rotas)
        schedule.rotations.push_back(std::move(rota.it));
    return schedule;
}

TimePoint berlin_time(const std::string& text) { return when(text, "Europe/Berlin"); }

/// "09.11. 09:00 -ana +bo =chi", a line each.
std::string as_lines(const std::vector<Handoff>& all)
{
    std::string text;
    for (const auto& one : all) {
        text += iso(one.at, "Europe/Berlin").substr(5, 11);
        const auto add = [&](const char* sign, const Names& people) {
            for (const auto& person : people)
                text += sign + person;
        };
        add(" -", one.outgoing);
        add(" +", one.incoming);
        add(" =", one.stays);
        text += "\n";
    }
    return text;
}

std::string as_lines(const std::vector<ShiftReminder>& all)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : "; ") + one.person + " " + iso(one.at, "Europe/Berlin").substr(5, 11) + " -"
            + duration_out(one.before);
    return text;
}

std::string as_lines(const std::vector<NoteRequest>& all)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : "; ") + one.person + " " + iso(one.at, "Europe/Berlin").substr(5, 11);
    return text;
}

const Known nobody{};
const ChosenReminders usual{};

} // namespace

TEST_CASE("A handoff says who goes, who comes, who stays and until when", "[oncall][handoff]")
{
    auto weekly = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo chi"}});
    const auto found = handoffs(weekly, nobody, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-17T09:00"));
    CHECK(as_lines(found) == "11-09T09:00 -ana +bo\n11-16T09:00 -bo +chi\n");
    CHECK(found[0].until == berlin_time("2026-11-16T09:00"));
    // An instant is of the handoff that it begins with.
    CHECK(as_lines({*handoff_at(weekly, nobody, berlin_time("2026-11-09T09:00"))}) == "11-09T09:00 -ana +bo\n");
    CHECK_FALSE(handoff_at(weekly, nobody, berlin_time("2026-11-09T09:01")));
    CHECK(
        last_handoff(weekly, nobody, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-30T09:00"))->incoming == Names{"bo"});
    CHECK_FALSE(last_handoff(weekly, nobody, berlin_time("2026-11-09T09:00"), berlin_time("2026-11-16T08:59")));

    SECTION("with a second who stays, and a pair of which one stays")
    {
        const auto both = berlin_schedule(
            {Rota{Unit::week, "2026-11-02T09:00", "ana bo+chi chi"}, Rota{Unit::week, "2026-11-02T09:00", "dee"}.named("lead")});
        CHECK(as_lines(handoffs(both, nobody, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-17T09:00")))
            == "11-09T09:00 -ana +bo +chi =dee\n11-16T09:00 -bo =dee =chi\n");
    }
    SECTION("a turn for the same people is none, by whichever name")
    {
        const auto alone = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana ana bo"}});
        CHECK(as_lines(handoffs(alone, nobody, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-17T09:00")))
            == "11-16T09:00 -ana +bo\n");
        const auto two_names = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana U1 bo"}});
        CHECK(as_lines(handoffs(two_names, {{"ana", "U1"}}, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-17T09:00")))
            == "11-16T09:00 -U1 +bo\n");
        // With nobody else, each turn changes by the schedule and none by who they are; there the search ends all the same.
        const auto one_person = berlin_schedule({Rota{Unit::hour, "2026-11-02T09:00", "ana U1"}});
        const Known it_is_her{{"ana", "U1"}};
        const auto from = berlin_time("2026-11-03T13:00");
        CHECK(handoffs(one_person, it_is_her, from, from + 24h).empty());
        CHECK_FALSE(goes_off(one_person, it_is_her, "U1", from, from + 24h));
        CHECK(next_due(one_person, it_is_her, usual, from) == from + 30 * 24h);
        CHECK(reminders_due(one_person, it_is_her, usual, from, from + 24h).empty());
        CHECK(note_requests_due(one_person, it_is_her, usual, from, from + 24h).empty());
    }
    SECTION("nobody comes, and nobody went")
    {
        const auto days = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo"}.window("09:00", "17:00", "mon tue")});
        CHECK(as_lines(handoffs(days, nobody, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-09T12:00")))
            == "11-03T17:00 -ana\n11-09T09:00 +bo\n");
    }
    SECTION("an override changes it")
    {
        weekly.overrides.push_back(
            {.from = berlin_time("2026-11-09T07:00"), .to = berlin_time("2026-11-09T12:00"), .people = {"dee"}});
        CHECK(as_lines(handoffs(weekly, nobody, berlin_time("2026-11-03T13:00"), berlin_time("2026-11-10T09:00")))
            == "11-09T07:00 -ana +dee\n11-09T12:00 -dee +bo\n");
    }
    SECTION("in the night in which the clocks are set back and forth it stays at its local time")
    {
        const auto nights = berlin_schedule({Rota{Unit::day, "2026-10-20T02:30", "ana bo"}});
        CHECK(as_lines(handoffs(nights, nobody, berlin_time("2026-10-24T03:00"), berlin_time("2026-10-26T03:00")))
            == "10-25T02:30 -ana +bo\n10-26T02:30 -bo +ana\n");
        CHECK(*handoffs(nights, nobody, berlin_time("2026-10-24T03:00"), berlin_time("2026-10-26T03:00")).front().until
            == berlin_time("2026-10-25T02:30") + 25h);
        const auto spring = berlin_schedule({Rota{Unit::day, "2026-03-20T02:30", "ana bo"}});
        CHECK(as_lines(handoffs(spring, nobody, berlin_time("2026-03-28T12:00"), berlin_time("2026-03-30T12:00")))
            == "03-29T03:00 -ana +bo\n03-30T02:30 -bo +ana\n");
    }
}

TEST_CASE("A shift lasts until whoever has it goes off call, whatever was said when it began", "[oncall][handoff]")
{
    auto weekly = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo"}});
    const auto at = berlin_time("2026-11-09T09:00"), later = berlin_time("2026-12-01T09:00");
    const auto off = [&] { return goes_off(weekly, nobody, "bo", at, later); };
    CHECK(off() == berlin_time("2026-11-16T09:00"));
    CHECK_FALSE(goes_off(weekly, nobody, "bo", at, berlin_time("2026-11-16T08:59")));
    CHECK(goes_off(weekly, nobody, "ana", at, later) == at); // she has none
    // Ana cannot come: bo stays.
    weekly.overrides.push_back(
        {.from = berlin_time("2026-11-16T09:00"), .to = berlin_time("2026-11-18T12:00"), .people = {"bo"}});
    CHECK(off() == berlin_time("2026-11-18T12:00"));
    // Somebody beside bo ends nothing, somebody instead of bo does.
    weekly.overrides.push_back({.from = berlin_time("2026-11-10T09:00"),
        .to = berlin_time("2026-11-10T12:00"),
        .kind = Override::Kind::add,
        .people = {"chi"}});
    CHECK(off() == berlin_time("2026-11-18T12:00"));
    weekly.overrides.push_back(
        {.from = berlin_time("2026-11-11T09:00"), .to = berlin_time("2026-11-11T12:00"), .people = {"chi"}});
    CHECK(off() == berlin_time("2026-11-11T09:00"));
}

TEST_CASE("A gap that the rotations want is told from one that somebody made, or that does not end", "[oncall][handoff]")
{
    auto days = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo"}.window("09:00", "17:00")});
    CHECK(is_planned_gap(days, berlin_time("2026-11-03T17:00")));
    CHECK_FALSE(is_planned_gap(days, berlin_time("2026-11-03T16:00")));
    days.overrides.push_back({.from = berlin_time("2026-11-03T12:00"),
        .to = berlin_time("2026-11-03T14:00"),
        .kind = Override::Kind::remove,
        .people = {"ana"}});
    CHECK_FALSE(is_planned_gap(days, berlin_time("2026-11-03T12:00")));
    days.rotations.front().end = local_time_in("2026-11-06T17:00").value();
    CHECK_FALSE(is_planned_gap(days, berlin_time("2026-11-06T17:00")));
}

TEST_CASE("Reminders become due once, and only while they help", "[oncall][handoff]")
{
    const auto weekly = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo chi"}});
    const auto due = [&](const std::string& last, const std::string& now, const ChosenReminders& chosen = usual) {
        return as_lines(reminders_due(weekly, nobody, chosen, berlin_time(last), berlin_time(now)));
    };
    CHECK(due("2026-11-07T12:00", "2026-11-08T08:59") == "");
    CHECK(due("2026-11-08T08:59", "2026-11-08T09:00") == "bo 11-09T09:00 -1d");
    CHECK(due("2026-11-08T09:00", "2026-11-09T07:59") == "");
    CHECK(due("2026-11-09T07:59", "2026-11-09T08:00") == "bo 11-09T09:00 -1h");
    // After a downtime the latest alone, and none of a shift that has begun.
    CHECK(due("2026-11-07T12:00", "2026-11-08T20:00") == "bo 11-09T09:00 -1d");
    CHECK(due("2026-11-07T12:00", "2026-11-08T22:00") == ""); // the next says it better
    CHECK(due("2026-11-07T12:00", "2026-11-09T08:30") == "bo 11-09T09:00 -1h");
    CHECK(due("2026-11-07T12:00", "2026-11-09T09:00") == "");

    SECTION("as each chooses")
    {
        ChosenReminders chosen;
        chosen.of["bo"].before = {0h, 7 * 24h};
        chosen.of["chi"].before = {};
        CHECK(due("2026-11-02T08:00", "2026-11-02T09:00", chosen) == "bo 11-09T09:00 -7d");
        CHECK(due("2026-11-09T08:00", "2026-11-09T09:00", chosen) == "bo 11-09T09:00 -0s");
        CHECK(due("2026-11-09T08:00", "2026-11-09T09:14", chosen) == "bo 11-09T09:00 -0s");
        CHECK(due("2026-11-09T08:00", "2026-11-09T09:16", chosen) == "");
        CHECK(due("2026-11-09T10:00", "2026-11-16T09:00", chosen) == "");
        CHECK(next_due(weekly, nobody, chosen, berlin_time("2026-11-01T12:00"))
            == berlin_time("2026-11-02T08:00")); // chi asked for a note
        CHECK(next_due(weekly, nobody, chosen, berlin_time("2026-11-02T08:00")) == berlin_time("2026-11-02T09:00"));
    }
    SECTION("not of a shift before which they are on call anyway")
    {
        const auto days = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo"}.window("09:00", "17:00")});
        const auto of = [&](const std::string& last, const std::string& now) {
            return as_lines(reminders_due(days, nobody, usual, berlin_time(last), berlin_time(now)));
        };
        CHECK(of("2026-11-03T08:30", "2026-11-03T17:00") == ""); // Wednesday's
        CHECK(of("2026-11-03T17:00", "2026-11-04T08:00") == "ana 11-04T09:00 -1h");
        CHECK(of("2026-11-08T08:30", "2026-11-08T09:00") == "bo 11-09T09:00 -1d");
    }
    SECTION("of each hour's shift, however many there are")
    {
        const auto hours = berlin_schedule({Rota{Unit::hour, "2026-11-02T09:00", "ana bo chi"}});
        CHECK(as_lines(reminders_due(hours, nobody, usual, berlin_time("2026-11-03T12:00"), berlin_time("2026-11-03T13:00")))
            == "chi 11-03T14:00 -1h"); // a day ahead they are on call meanwhile
    }
}

TEST_CASE("Whoever goes off call is asked for a note, if on call by then", "[oncall][handoff]")
{
    auto weekly = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo chi"}});
    const auto due = [&](const std::string& last, const std::string& now, const ChosenReminders& chosen = usual) {
        return as_lines(note_requests_due(weekly, nobody, chosen, berlin_time(last), berlin_time(now)));
    };
    CHECK(due("2026-11-09T07:00", "2026-11-09T07:59") == "");
    CHECK(due("2026-11-09T07:59", "2026-11-09T08:00") == "ana 11-09T09:00");
    CHECK(due("2026-11-09T07:00", "2026-11-09T08:59") == "ana 11-09T09:00");
    CHECK(due("2026-11-09T07:00", "2026-11-09T09:00") == "");
    ChosenReminders chosen;
    chosen.of["ana"].note = 24h;
    chosen.of["bo"].note.reset();
    CHECK(due("2026-11-08T08:00", "2026-11-08T09:00", chosen) == "ana 11-09T09:00");
    CHECK(due("2026-11-16T07:00", "2026-11-16T08:30", chosen) == "");
    // Whoever stands in for half an hour is not asked.
    weekly.overrides.push_back(
        {.from = berlin_time("2026-11-09T08:30"), .to = berlin_time("2026-11-09T09:00"), .people = {"dee"}});
    CHECK(due("2026-11-09T07:00", "2026-11-09T08:00") == "ana 11-09T08:30");
    CHECK(due("2026-11-09T08:00", "2026-11-09T08:45") == "");
}

TEST_CASE("What is to be done next for a schedule is found, whatever falls due", "[oncall][handoff]")
{
    const auto weekly = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana bo chi"}});
    // Walked from one to the next, nothing is passed over and nothing is in vain.
    std::string walked;
    auto now = berlin_time("2026-11-03T13:00");
    for (int i = 0; i < 6; ++i) {
        const auto next = next_due(weekly, nobody, usual, now);
        walked += iso(next, "Europe/Berlin").substr(5, 11) + " ";
        CHECK(reminders_due(weekly, nobody, usual, now, next).size() + note_requests_due(weekly, nobody, usual, now, next).size()
                + handoffs(weekly, nobody, now, next).size()
            > 0);
        now = next;
    }
    CHECK(walked == "11-08T09:00 11-09T08:00 11-09T09:00 11-15T09:00 11-16T08:00 11-16T09:00 ");
    // Where nothing ever changes it is looked at again after a month.
    const auto always = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana"}});
    CHECK(next_due(always, nobody, usual, now) == now + 30 * 24h);
}

TEST_CASE("Nobody is asked to accept in the night or in their quiet hours", "[oncall][handoff]")
{
    const std::string zone{"Europe/Berlin"};
    CHECK(after_the_night(berlin_time("2026-11-09T09:30"), zone, {}) == berlin_time("2026-11-09T09:30"));
    CHECK(after_the_night(berlin_time("2026-11-09T22:00"), zone, {}) == berlin_time("2026-11-10T08:00"));
    CHECK(after_the_night(berlin_time("2026-11-10T02:30"), zone, {}) == berlin_time("2026-11-10T08:00"));
    CHECK(after_the_night(berlin_time("2026-10-25T02:30"), zone, {}) == berlin_time("2026-10-25T08:00"));
    CHECK(after_the_night(berlin_time("2026-11-10T02:30"), "America/New_York", {})
        == berlin_time("2026-11-10T02:30")); // 20:30 there
    const Window morning{.from = 7h, .to = 10h}, lunch{.from = 12h, .to = 13h};
    CHECK(after_the_night(berlin_time("2026-11-10T02:30"), zone, {morning, lunch}) == berlin_time("2026-11-10T10:00"));
    CHECK(after_the_night(berlin_time("2026-11-10T12:30"), zone, {morning, lunch}) == berlin_time("2026-11-10T13:00"));
    // Quiet hours without an end hold nothing back; nights do.
    const Window always{.from = 0h, .to = 24h};
    CHECK(after_the_night(berlin_time("2026-11-10T12:30"), zone, {always}) == berlin_time("2026-11-10T12:30"));
    CHECK(after_the_night(berlin_time("2026-11-10T02:30"), zone, {always}) == berlin_time("2026-11-10T08:00"));
}

TEST_CASE("Whom the policy names behind the schedule is told of what is not accepted", "[oncall][handoff]")
{
    Configuration all;
    all.schedules["payments"] = berlin_schedule({Rota{Unit::week, "2026-11-02T09:00", "ana"}});
    auto& policy = all.policies["payments"];
    const Target schedule{TargetKind::schedule, "payments"}, team{TargetKind::team, "payments"}, lead{TargetKind::user, "lead"},
        cto{TargetKind::user, "cto"}, policy_of_cto{TargetKind::policy, "cto"};
    all.policies["cto"].levels = {{.targets = {cto}}};
    Team its{.name = "payments", .policy = "payments"};
    const auto who = [&](std::vector<std::vector<Target>> levels) {
        policy.levels.clear();
        for (auto& targets : levels)
            policy.levels.push_back({.targets = std::move(targets)});
        return who_stands_behind(all, its, "payments");
    };
    CHECK(who({{schedule}, {team}, {lead, team}, {cto}}) == Names{"lead"});
    CHECK(who({{schedule}, {policy_of_cto}}) == Names{"cto"});
    CHECK(who({{cto}, {schedule}, {team}}) == Names{});
    CHECK(who({{schedule, cto}}) == Names{}); // at once, not behind
    its.policy.clear();
    CHECK(who({{schedule}, {cto}}) == Names{});
}
