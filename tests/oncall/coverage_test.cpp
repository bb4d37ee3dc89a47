#include "oncall/coverage.hpp"

#include "oncall/coverage_announcements.hpp"
#include "oncall/follow_the_sun.hpp"
#include "oncall/schedules_in_words.hpp"

using namespace oncall;
using namespace in_words;

namespace {

TimePoint berlin_at(const std::string& text) { return when(text, "Europe/Berlin"); }
std::string short_time(TimePoint at) { return iso(at, "Europe/Berlin").substr(5, 11); }

/// "gap 11-06T18:00–11-09T09:00", a line each; "usual", people and how many stretches where there is something to say.
std::string findings_in_words(const Coverage& coverage, std::optional<FindingKind> kind = {})
{
    std::string text;
    for (const auto& one : coverage.findings) {
        if (kind && one.kind != *kind)
            continue;
        text += std::string{name(one.kind)} + (one.usual ? " usual" : "");
        for (const auto& person : one.people)
            text += " " + person;
        if (!one.why.empty())
            text += " (" + one.why + ")";
        if (one.stretches.size() > 1)
            text += " " + std::to_string(one.stretches.size()) + "x";
        text += " " + short_time(one.from()) + "–" + short_time(one.to()) + "\n";
    }
    return text;
}

const TimePoint that_tuesday = berlin_at("2026-11-03T12:00");

Coverage four_weeks(const Schedule& schedule, const RotaPeople& people = {})
{
    return coverage_of(schedule, people, that_tuesday, berlin_at("2026-12-01T12:00"));
}

Plan rota_of_weeks(const std::string& turns = "ana bo chi")
{
    return Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T09:00", turns}}};
}

/// In winter each takes over from the other to the minute.
Schedule two_halves_of_the_earth()
{
    FollowTheSun sun;
    sun.name = "support";
    Region berlin, new_york;
    berlin.time_zone = "Europe/Berlin";
    berlin.hours = {{.from = 6h, .to = 18h}};
    berlin.people = {"ana"};
    new_york.time_zone = "America/New_York";
    new_york.hours = {{.from = 12h, .to = 24h}};
    new_york.people = {"bo", "dee"};
    sun.regions = {berlin, new_york};
    sun.first_day = local("2027-01-04T00:00");
    return follow_the_sun(sun);
}

Finding gap_between(const std::string& from, const std::string& to)
{
    Finding gap;
    gap.stretches = {{berlin_at(from), berlin_at(to)}};
    return gap;
}

/// "week 11-07T09:00; day 11-12T18:00; ": all that is told of it, whoever looks when there is something to look at.
std::string told_of(const Finding& finding, TimePoint from, std::vector<ToldFinding> told = {})
{
    std::string text;
    for (auto now = from; now < finding.to(); now = next_look({finding}, told, "Europe/Berlin", now))
        for (const auto& one : to_tell({finding}, told, "Europe/Berlin", now)) {
            text += std::string{name(one.ahead)} + " " + short_time(now) + "; ";
            told.push_back({finding.kind, "", finding.from(), finding.to(), one.ahead});
        }
    return text;
}

/// The same of a schedule that is looked at every morning, whoever its people are; the kinds of what is told.
std::string told_on_mornings(const Schedule& schedule, const RotaPeople& people, TimePoint from, int days)
{
    std::string text;
    std::vector<ToldFinding> told;
    for (auto now = from; now < from + days * 24h; now += 24h) {
        const auto found = coverage_of(schedule, people, now, now + told_ahead).findings;
        for (auto& one : told)
            one.to = end_by_now(found, one);
        std::erase_if(told, [&](const ToldFinding& one) { return one.to <= now || !is_found(found, one); });
        for (const auto& [one, ahead] : to_tell(found, told, "Europe/Berlin", now)) {
            text += std::string{name(ahead)} + " " + std::string{name(one.kind)} + " " + short_time(now) + "; ";
            told.push_back({one.kind, one.people.empty() ? std::string{} : one.people.front(), one.from(), one.to(), ahead});
        }
    }
    return text;
}

} // namespace

TEST_CASE("A gap that a change makes is found, and so much is covered", "[oncall][coverage]")
{
    CHECK(findings_in_words(four_weeks(rota_of_weeks().it)).empty());
    CHECK(percentage(four_weeks(rota_of_weeks().it).covered, four_weeks(rota_of_weeks().it).whole) == "100 %");
    const auto schedule = rota_of_weeks().remove("2026-11-06T18:00", "2026-11-09T09:00", "ana").it;
    const auto found = four_weeks(schedule);
    CHECK(findings_in_words(found) == "gap 11-06T18:00–11-09T09:00\n");
    CHECK(percentage(found.covered, found.whole) == "90.6 %");
    CHECK(percentage(milliseconds{99'999}, milliseconds{100'000}) == "99.9 %"); // not all of it
}

TEST_CASE("Hours that the rotations leave open are one finding, and what differs is its own", "[oncall][coverage]")
{
    auto office =
        Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T09:00", "ana bo"}.window("09:00", "17:00", "mon tue wed thu fri")}};
    const auto to = berlin_at("2026-11-17T12:00");
    CHECK(findings_in_words(coverage_of(office.it, {}, that_tuesday, to)) == "gap usual 10x 11-03T17:00–11-17T09:00\n");
    office.remove("2026-11-05T16:00", "2026-11-05T17:00", "ana");
    CHECK(findings_in_words(coverage_of(office.it, {}, that_tuesday, to))
        == "gap 11-05T16:00–11-06T09:00\ngap usual 9x 11-03T17:00–11-17T09:00\n");
    // Two who are always on call together by two rotations are, too.
    const auto both = Plan{"Europe/Berlin",
        {Rota{Unit::week, "2026-11-02T09:00", "ana bo"}, Rota{Unit::week, "2026-11-02T09:00", "chi dee"}.named("second")}};
    CHECK(findings_in_words(four_weeks(both.it)).starts_with("double usual"));
    CHECK(four_weeks(both.it).findings.size() == 1);
}

TEST_CASE("The first gap and the first double of a change of the clocks are news, those after them are not", "[oncall][coverage]")
{
    const auto found = coverage_of(two_halves_of_the_earth(), {}, berlin_at("2027-03-10T12:00"), berlin_at("2027-04-05T12:00"));
    CHECK(findings_in_words(found, FindingKind::gap) == "gap 03-15T05:00–03-15T06:00\ngap usual 12x 03-16T05:00–03-27T06:00\n");
    const auto doubled = findings_in_words(found, FindingKind::doubled);
    CHECK(doubled.find(" 03-14T17:00–03-14T18:00\n") != doubled.npos);
    CHECK(doubled.find("double usual 13x 03-15T17:00–03-27T18:00\n") != doubled.npos);
}

TEST_CASE("Whoever left, an app, a stranger and a name that Slack does not know cover nothing", "[oncall][coverage]")
{
    for (const auto* kind : {"gone", "bot", "stranger", "nobody"}) {
        const auto found = four_weeks(rota_of_weeks().it, {{"bo", {"UBO", kind, "Europe/Berlin"}}});
        const auto who = std::string{"gone UBO ("} + kind + ") ";
        CHECK(findings_in_words(found) == who + "11-09T09:00–11-16T09:00\n" + who + "11-30T09:00–12-07T09:00\n");
        CHECK(percentage(found.covered, found.whole) == "70.9 %");
    }
    // A member, a guest, and whoever is not known yet, are on call.
    CHECK(four_weeks(rota_of_weeks().it, {{"bo", {"UBO", "guest", "UTC"}}, {"ana", {"UANA", "member", "UTC"}}}).findings.empty());
}

TEST_CASE("Shifts that are nights for whoever has them are found where somebody else has day", "[oncall][coverage]")
{
    const auto early = Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T08:00", "ana bo"}.window("08:00", "14:00")}}.it;
    const auto to = berlin_at("2026-11-17T12:00");
    const RotaPeople apart{{"ana", {"UANA", "member", "America/New_York"}}, {"bo", {"UBO", "member", "Europe/Berlin"}}};
    CHECK(findings_in_words(coverage_of(early, apart, that_tuesday, to), FindingKind::night)
        == "night UANA 6x 11-03T08:00–11-08T14:00\nnight UANA 2x 11-16T08:00–11-17T14:00\n");
    const RotaPeople neighbours{{"ana", {"UANA", "member", "America/New_York"}}, {"bo", {"UBO", "member", "America/Toronto"}}};
    CHECK(findings_in_words(coverage_of(early, neighbours, that_tuesday, to), FindingKind::night).empty());
    CHECK(findings_in_words(four_weeks(rota_of_weeks().it, apart), FindingKind::night).empty()); // weeks hold nights
}

TEST_CASE("Too little rest is more than two weeks on call, or shifts with less than 11 hours free", "[oncall][coverage]")
{
    CHECK(findings_in_words(four_weeks(rota_of_weeks("ana ana ana bo").it)) == "rest ana (long) 11-16T09:00–11-23T09:00\n");
    CHECK(findings_in_words(four_weeks(rota_of_weeks("ana ana bo bo").it)).empty());
    auto days = Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T08:00", "ana"}.window("08:00", "16:00")}};
    CHECK(findings_in_words(four_weeks(days.it), FindingKind::no_rest).empty());
    days.put("2026-11-05T22:00", "2026-11-06T04:00", "ana");
    CHECK(findings_in_words(four_weeks(days.it), FindingKind::no_rest) == "rest ana (short) 2x 11-05T22:00–11-06T16:00\n");
    const auto lunch =
        Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T08:00", "ana"}.window("08:00", "12:00").window("13:00", "17:00")}};
    CHECK(findings_in_words(four_weeks(lunch.it), FindingKind::no_rest).empty());
}

TEST_CASE("What begins before the end of what is looked at is whole, or said to last", "[oncall][coverage]")
{
    const auto ahead = [](const Schedule& schedule, const char* now, const RotaPeople& people = {}) {
        return coverage_of(schedule, people, berlin_at(now), berlin_at(now) + told_ahead);
    };
    const auto weekend = rota_of_weeks().remove("2026-11-13T18:00", "2026-11-16T09:00", "bo").it;
    const auto found = ahead(weekend, "2026-11-07T09:00");
    CHECK(findings_in_words(found) == "gap 11-13T18:00–11-16T09:00\n");
    CHECK_FALSE(found.findings.front().lasts);
    CHECK(found.whole == told_ahead);
    CHECK(percentage(found.covered, found.whole) == "79.6 %"); // of the eight days
    const RotaPeople left{{"bo", {"UBO", "gone", "Europe/Berlin"}}};
    CHECK(findings_in_words(ahead(rota_of_weeks().it, "2026-11-03T09:00", left)) == "gone UBO (gone) 11-09T09:00–11-16T09:00\n");
    auto ended = rota_of_weeks().it;
    ended.rotations.front().end = local("2026-11-20T09:00");
    REQUIRE(ahead(ended, "2026-11-16T09:00").findings.size() == 1);
    CHECK(ahead(ended, "2026-11-16T09:00").findings.front().lasts);
    CHECK(ahead(ended, "2026-11-10T09:00").findings.empty());
}

TEST_CASE("What lasts is told once, however long it goes on", "[oncall][coverage]")
{
    const auto morning = berlin_at("2026-11-03T09:00");
    CHECK(told_on_mornings(rota_of_weeks().remove("2026-11-09T09:00", "2026-11-29T09:00", "ana+bo+chi").it, {}, morning, 40)
        == "week gap 11-03T09:00; day gap 11-08T09:00; ");
    auto ended = rota_of_weeks().it;
    ended.rotations.front().end = local("2026-11-09T09:00");
    CHECK(told_on_mornings(ended, {}, morning, 120) == "week gap 11-03T09:00; day gap 11-08T09:00; ");
    const RotaPeople left{{"ana", {"UANA", "gone", "Europe/Berlin"}}};
    const auto days =
        Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T08:00", "ana"}.window("08:00", "16:00", "mon tue wed thu fri")}};
    CHECK(told_on_mornings(days.it, left, morning, 40) == "day gone 11-03T09:00; ");
    CHECK(told_on_mornings(rota_of_weeks("ana").it, left, morning, 120) == "day gone 11-03T09:00; ");
}

TEST_CASE("Of many findings those that have no room are counted", "[oncall][coverage]")
{
    auto schedule = rota_of_weeks();
    for (int hour = 10; hour < 20; hour += 2) {
        const auto at = "2026-11-05T" + std::to_string(hour);
        schedule.remove((at + ":00").c_str(), (at + ":30").c_str(), "ana");
    }
    const auto found = coverage_of(schedule.it, {}, that_tuesday, berlin_at("2026-12-01T12:00"), 3);
    CHECK(found.findings.size() == 3);
    CHECK(found.left_out == 2);
}

TEST_CASE("A finding is told once on a morning a week ahead and once a day ahead, not at night", "[oncall][coverage]")
{
    CHECK(told_of(gap_between("2026-11-13T18:00", "2026-11-16T09:00"), that_tuesday) == "week 11-07T09:00; day 11-12T18:00; ");
    CHECK(told_of(gap_between("2026-11-13T06:00", "2026-11-16T09:00"), that_tuesday) == "week 11-06T09:00; day 11-11T18:00; ");
    CHECK(told_of(gap_between("2026-11-13T23:30", "2026-11-16T09:00"), that_tuesday) == "week 11-07T09:00; day 11-12T18:00; ");
    // Found late: the nearest alone, at once by day, after the night, or at night when it is near.
    const auto near = gap_between("2026-11-13T18:00", "2026-11-16T09:00");
    CHECK(told_of(near, berlin_at("2026-11-12T20:00")) == "day 11-12T20:00; ");
    CHECK(told_of(near, berlin_at("2026-11-15T03:00")) == "day 11-15T03:00; "); // it runs already
    CHECK(told_of(gap_between("2026-11-13T06:00", "2026-11-16T09:00"), berlin_at("2026-11-12T02:00")) == "day 11-12T09:00; ");
    CHECK(told_of(gap_between("2026-11-13T06:00", "2026-11-16T09:00"), berlin_at("2026-11-12T23:00")) == "day 11-12T23:00; ");
    CHECK(told_of(gap_between("2026-11-13T11:00", "2026-11-16T09:00"), berlin_at("2026-11-12T22:30")) == "day 11-12T23:00; ");
    CHECK(told_of(near, berlin_at("2026-11-17T12:00")).empty());
}

TEST_CASE("Of people who were reported no shift is told ahead, of all others each", "[oncall][coverage]")
{
    const std::vector<Span> then{{berlin_at("2026-11-03T09:00"), berlin_at("2026-11-04T09:00")}};
    std::vector<Finding> all;
    for (const auto& [kind, person] : std::vector<std::pair<FindingKind, std::string>>{{FindingKind::gone, "U1"},
             {FindingKind::gone, "U2"}, {FindingKind::no_rest, "U1"}, {FindingKind::gone, "@nobody"}, {FindingKind::gap, ""}}) {
        Finding one;
        one.kind = kind;
        one.stretches = then;
        if (!person.empty())
            one.people = {person};
        all.push_back(one);
    }
    const std::vector<Finding> left{all[1], all[2], all[3], all[4]};
    CHECK(without_reported(all, {"U1"}) == left);
    CHECK(without_reported(all, {}) == all);
}

TEST_CASE("What is usual is never told, what keeps from sleep a week ahead alone, and a part of what was told not again",
    "[oncall][coverage]")
{
    auto one = gap_between("2026-11-13T18:00", "2026-11-16T09:00");
    one.usual = true;
    CHECK(told_of(one, that_tuesday).empty());
    one.usual = false;
    one.kind = FindingKind::night;
    CHECK(told_of(one, that_tuesday) == "week 11-07T09:00; ");
    CHECK(told_of(one, berlin_at("2026-11-13T19:00")).empty());
    const auto whole = gap_between("2026-11-13T18:00", "2026-11-16T09:00");
    const auto rest = gap_between("2026-11-14T12:00", "2026-11-16T09:00");
    const ToldFinding told{FindingKind::gap, "", whole.from(), whole.to(), Ahead::day};
    CHECK(told_of(rest, berlin_at("2026-11-14T10:00"), {told}).empty());
    CHECK(is_found({rest}, told));
    CHECK_FALSE(is_found({gap_between("2026-11-16T09:00", "2026-11-16T10:00")}, told));
    CHECK_FALSE(is_found({}, told));
}

TEST_CASE("Regions become rotations in their own zones, and what they leave through the year is said", "[oncall][sun]")
{
    const auto schedule = two_halves_of_the_earth();
    CHECK(schedule.time_zone == "Europe/Berlin");
    REQUIRE(schedule.rotations.size() == 2);
    CHECK(schedule.rotations[0].name == "Berlin");
    CHECK(schedule.rotations[0].time_zone.empty());
    CHECK(schedule.rotations[0].start == local("2027-01-04T06:00"));
    CHECK(schedule.rotations[1].name == "New York");
    CHECK(schedule.rotations[1].time_zone == "America/New_York");
    CHECK(schedule.rotations[1].start == local("2027-01-04T12:00"));
    CHECK(schedule.rotations[1].turns == std::vector<Turn>{{"bo"}, {"dee"}});
    const auto from = berlin_at("2027-01-01T00:00");
    CHECK(uncovered_through_the_year(schedule, from)
        == std::vector<std::string>{"Nobody: daily 05:00 – 06:00 Europe/Berlin, Mon 15 Mar 2027 to Sat 27 Mar 2027",
            "Nobody: daily 05:00 – 06:00 Europe/Berlin, Sun 31 Oct 2027 to Sun 7 Nov 2027",
            "Several at once: daily 17:00 – 18:00 Europe/Berlin, Sun 14 Mar 2027 to Sat 27 Mar 2027",
            "Several at once: daily 17:00 – 18:00 Europe/Berlin, Sun 31 Oct 2027 to Sat 6 Nov 2027"});
    CHECK(uncovered_through_the_year(schedule, from, 1).back() == "and 3 more such times");
    const auto office =
        Plan{"Europe/Berlin", {Rota{Unit::week, "2026-11-02T09:00", "ana bo"}.window("09:00", "17:00", "mon tue wed thu fri")}};
    CHECK(uncovered_through_the_year(office.it, from)
        == std::vector<std::string>{
            "Nobody: Fri 17:00 – Mon 09:00 Europe/Berlin, all year", "Nobody: Mon to Thu 17:00 – 09:00 Europe/Berlin, all year"});
    CHECK(uncovered_through_the_year(rota_of_weeks().it, from).empty());
    CHECK(place_of("America/Argentina/Buenos_Aires") == "Buenos Aires");
}
