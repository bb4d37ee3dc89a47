#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/override_permission.hpp"

using namespace oncall;
using given::People;
using given::utc;

namespace {

const TimePoint now = utc("2026-11-03T12:00");
const Known known{{"ana@example.com", "UANA"}, {"bo@example.com", "UBO"}, {"chi@example.com", "UCHI"}};

/// ana, bo and chi week by week, from Monday 8:00 UTC.
Schedule weekly_in_utc()
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = "UTC";
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = *local_time_in("2026-11-02T08:00");
    rotation.turns = {{"ana@example.com"}, {"bo@example.com"}, {"chi@example.com"}};
    schedule.rotations = {rotation};
    return schedule;
}

OverrideDraft draft(std::vector<std::string> people, std::string_view from, std::string_view to)
{
    OverrideDraft made;
    made.schedule = "payments";
    made.people = std::move(people);
    made.from = utc(from);
    made.to = utc(to);
    return made;
}

std::vector<OverrideField> wrong(
    const OverrideDraft& one, const Schedule& schedule = weekly_in_utc(), const Override* edited = nullptr)
{
    std::vector<OverrideField> fields;
    for (const auto& [field, words] : look_at(one, schedule, known, now, edited).problems) {
        CHECK_FALSE(words.empty());
        fields.push_back(field);
    }
    return fields;
}

} // namespace

TEST_CASE("A draft becomes an override that names people as the schedule does, and tells what it changes", "[oncall][overrides]")
{
    const auto one = look_at(draft({"UBO", "UDEE"}, "2026-11-03T14:00", "2026-11-03T18:00"), weekly_in_utc(), known, now);
    CHECK(one.problems.empty());
    CHECK(one.one.people == People{"bo@example.com", "UDEE"});
    CHECK(one.one.kind == Override::Kind::put);
    CHECK(one.changes == std::vector<ShiftChange>{{utc("2026-11-03T14:00"), utc("2026-11-03T18:00"), {"UANA"}, {"UBO", "UDEE"}}});
}

TEST_CASE("Only stretches in which other people are on call are changes", "[oncall][overrides]")
{
    // Across the handoff to bo on Monday the 9th.
    const auto bo = look_at(draft({"UBO"}, "2026-11-08T08:00", "2026-11-10T08:00"), weekly_in_utc(), known, now);
    CHECK(bo.changes == std::vector<ShiftChange>{{utc("2026-11-08T08:00"), utc("2026-11-09T08:00"), {"UANA"}, {"UBO"}}});
    const auto dee = look_at(draft({"UDEE"}, "2026-11-08T08:00", "2026-11-10T08:00"), weekly_in_utc(), known, now);
    CHECK(dee.changes.size() == 2);

    auto instead_of_ana = draft({"UDEE"}, "2026-11-08T08:00", "2026-11-10T08:00");
    instead_of_ana.stead = Stead::one_person;
    instead_of_ana.instead_of = "UANA";
    const auto part = look_at(instead_of_ana, weekly_in_utc(), known, now);
    CHECK(part.one.instead_of == "ana@example.com");
    CHECK(part.changes == std::vector<ShiftChange>{{utc("2026-11-08T08:00"), utc("2026-11-09T08:00"), {"UANA"}, {"UDEE"}}});

    auto as_well = draft({"UDEE"}, "2026-11-03T14:00", "2026-11-03T18:00");
    as_well.stead = Stead::as_well;
    const auto both = look_at(as_well, weekly_in_utc(), known, now);
    CHECK(both.one.kind == Override::Kind::add);
    CHECK(both.changes.front().after == People{"UDEE", "UANA"});
}

TEST_CASE("What has been stays as it was: an override begins now at the earliest", "[oncall][overrides]")
{
    const auto one = look_at(draft({"UBO"}, "2026-11-03T08:00", "2026-11-03T18:00"), weekly_in_utc(), known, now);
    CHECK(one.problems.empty());
    CHECK(one.one.from == now);
    CHECK(one.changes.front().start == now);
}

TEST_CASE("Each thing that is wrong with a draft is said at its field", "[oncall][overrides]")
{
    using enum OverrideField;
    const auto good = draft({"UBO"}, "2026-11-03T14:00", "2026-11-03T18:00");
    CHECK(wrong(good).empty());
    auto bad = good;
    bad.people.clear();
    bad.from.reset();
    bad.to.reset();
    CHECK(wrong(bad) == std::vector{people, from, to}); // all at once
    CHECK(wrong(draft({"UBO"}, "2026-11-03T18:00", "2026-11-03T14:00")) == std::vector{to});
    CHECK(wrong(draft({"UBO"}, "2026-11-03T18:00", "2026-11-03T18:00")) == std::vector{to});
    CHECK(wrong(draft({"UBO"}, "2026-11-03T08:00", "2026-11-03T12:00")) == std::vector{to}); // over already
    CHECK(wrong(draft({"UBO"}, "2026-11-03T14:00", "2027-02-01T14:00")).empty()); // 90 days to the minute
    CHECK(wrong(draft({"UBO"}, "2026-11-03T14:00", "2027-02-01T14:01")) == std::vector{to});
    CHECK(wrong(draft({"UBO"}, "2028-11-03T14:00", "2028-11-03T18:00")) == std::vector{from});
    CHECK(wrong(draft(People(11, "UBO"), "2026-11-03T14:00", "2026-11-03T18:00")) == std::vector{people});
    CHECK(wrong(draft({"UANA"}, "2026-11-03T14:00", "2026-11-03T18:00")) == std::vector{people}); // changes nothing

    auto of_one = good;
    of_one.stead = Stead::one_person;
    CHECK(wrong(of_one) == std::vector{instead_of}); // of whom?
    of_one.instead_of = "UCHI";
    CHECK(wrong(of_one) == std::vector{instead_of}); // not on call then
    of_one.instead_of = "UBO";
    CHECK(wrong(of_one) == std::vector{people}); // in her own stead
    of_one.instead_of = "UANA";
    CHECK(wrong(of_one).empty());
}

TEST_CASE("One that has begun keeps its beginning and its people; its end may change", "[oncall][overrides]")
{
    Override running{utc("2026-11-03T10:00"), utc("2026-11-03T18:00"), Override::Kind::put, {"bo@example.com"}, "", "", 7};
    const auto schedule = with(weekly_in_utc(), running);
    auto later = draft({"UCHI"}, "2026-11-03T15:00", "2026-11-03T20:00");
    const auto edited = look_at(later, schedule, known, now, &running);
    CHECK(edited.problems.empty());
    CHECK(edited.one.from == running.from);
    CHECK(edited.one.people == running.people);
    CHECK(edited.one.to == utc("2026-11-03T20:00"));
    CHECK(edited.changes == std::vector<ShiftChange>{{utc("2026-11-03T18:00"), utc("2026-11-03T20:00"), {"UANA"}, {"UBO"}}});

    later.to = utc("2026-11-03T11:00");
    CHECK(wrong(later, schedule, &running) == std::vector{OverrideField::to});
}

TEST_CASE("Editing one that is to come moves it, and shows both what goes and what comes", "[oncall][overrides]")
{
    Override coming{utc("2026-11-04T10:00"), utc("2026-11-04T12:00"), Override::Kind::put, {"bo@example.com"}, "", "", 7};
    const auto schedule = with(weekly_in_utc(), coming);
    const auto moved = look_at(draft({"UCHI"}, "2026-11-04T14:00", "2026-11-04T16:00"), schedule, known, now, &coming);
    CHECK(moved.one.id == 7);
    CHECK(moved.changes
        == std::vector<ShiftChange>{{utc("2026-11-04T10:00"), utc("2026-11-04T12:00"), {"UBO"}, {"UANA"}},
            {utc("2026-11-04T14:00"), utc("2026-11-04T16:00"), {"UANA"}, {"UCHI"}}});
    CHECK(draft_of(coming, "payments", known)->people == People{"UBO"});
    coming.rotation = "weekly";
    CHECK_FALSE(draft_of(coming, "payments", known));
}

TEST_CASE("Of one that no form has fields for the times can change, and nothing else", "[oncall][overrides]")
{
    Override coming{
        utc("2026-11-04T10:00"), utc("2026-11-04T12:00"), Override::Kind::remove, {"ana@example.com"}, "", "weekly", 7};
    const auto schedule = with(weekly_in_utc(), coming);
    auto times = draft({}, "2026-11-04T11:00", "2026-11-04T13:00");
    times.times_only = true;
    const auto moved = look_at(times, schedule, known, now, &coming);
    CHECK(moved.problems.empty());
    CHECK(moved.one.id == 7);
    CHECK(moved.one.kind == Override::Kind::remove);
    CHECK(moved.one.people == coming.people);
    CHECK(moved.one.rotation == "weekly");
    CHECK(moved.changes
        == std::vector<ShiftChange>{{utc("2026-11-04T10:00"), utc("2026-11-04T11:00"), {}, {"UANA"}},
            {utc("2026-11-04T12:00"), utc("2026-11-04T13:00"), {"UANA"}, {}}});

    times.to = utc("2026-11-04T09:00");
    CHECK(wrong(times, schedule, &coming) == std::vector{OverrideField::to});
    times.from = utc("2026-11-10T10:00"); // not her week
    times.to = utc("2026-11-10T12:00");
    CHECK(wrong(times, schedule, &coming) == std::vector{OverrideField::to});
}

TEST_CASE("Taking back ends what runs, cancels what is to come, and leaves alone what is over", "[oncall][overrides]")
{
    Override one{utc("2026-11-03T10:00"), utc("2026-11-03T18:00"), Override::Kind::put, {"bo@example.com"}};
    const auto ended = taken_back(one, now);
    REQUIRE(ended);
    CHECK(ended->from == one.from);
    CHECK(ended->to == now);
    CHECK_FALSE(taken_back(one, utc("2026-11-03T09:00")));
    CHECK_FALSE(taken_back(one, one.from)); // it has not lasted yet
    CHECK_THROWS_AS(taken_back(one, one.to), Refusal);
}

TEST_CASE("Who gains or loses time on call is concerned, but for whoever made the change", "[oncall][overrides]")
{
    const auto t = [](int hour) { return now + std::chrono::hours{hour}; };
    const std::vector<ShiftChange> changes{
        {t(0), t(1), {"UANA", "UCHI"}, {"UBO", "UCHI"}}, {t(1), t(2), {"UANA"}, {"UBO"}}, {t(5), t(6), {"UANA"}, {"UMAKER"}}};
    const auto all = concerned(changes, "UMAKER");
    REQUIRE(all.size() == 2); // chi stays on, and the maker knows
    const auto& bo = all[0].person == "UBO" ? all[0] : all[1];
    const auto& ana = all[0].person == "UBO" ? all[1] : all[0];
    CHECK(bo.losses.empty());
    CHECK(bo.gains == std::vector<Concern::Stretch>{{t(0), t(2), {"UANA"}}}); // joined
    CHECK(ana.losses == std::vector<Concern::Stretch>{{t(0), t(2), {"UBO"}}, {t(5), t(6), {"UMAKER"}}});
}

TEST_CASE("What was seen differs when the draft or what it changes does", "[oncall][overrides]")
{
    const auto one = draft({"UBO"}, "2026-11-03T12:00", "2026-11-03T18:00");
    const auto shown = [&](const OverrideDraft& wished, const Schedule& schedule, TimePoint at) {
        return seen(wished, look_at(wished, schedule, known, at).changes);
    };
    const auto before = shown(one, weekly_in_utc(), now);
    CHECK(shown(one, weekly_in_utc(), now + std::chrono::minutes{3}) == before); // "now" moves on
    auto other = one;
    other.to = utc("2026-11-03T19:00");
    CHECK(shown(other, weekly_in_utc(), now) != before);
    Override meanwhile{now, utc("2026-11-03T18:00"), Override::Kind::put, {"chi@example.com"}, "", "", 3};
    CHECK(shown(one, with(weekly_in_utc(), meanwhile), now) != before);
}

TEST_CASE("Overrides are for those who share the schedule", "[oncall][overrides]")
{
    Configuration configuration;
    configuration.schedules["payments"] = weekly_in_utc();
    Policy policy;
    policy.name = "payments";
    policy.levels = {{{{TargetKind::schedule, "payments"}}, 5min, 0}};
    configuration.policies["payments"] = policy;
    Team team;
    team.name = "payments";
    team.members = {"dee@example.com"};
    configuration.teams["payments"] = team;
    Team other;
    other.name = "search";
    other.members = {"eve@example.com"};
    configuration.teams["search"] = other;
    Service service;
    service.name = "checkout";
    service.team = "payments";
    service.policy = "payments";
    configuration.services["checkout"] = service;
    auto people = known;
    people["dee@example.com"] = "UDEE";
    people["eve@example.com"] = "UEVE";
    const auto& schedule = configuration.schedules["payments"];
    const auto refused = [&](const Asker& asker, const std::vector<std::string>& admins = {}) {
        try {
            permit_override(configuration, schedule, asker, admins, people, now);
            return std::string{};
        } catch (const Refusal& refusal) {
            return std::string{refusal.what()};
        }
    };
    const auto member = [](std::string id) { return Asker{id, id + "@elsewhere.example.com", "member", false}; };

    CHECK(teams_of(configuration, "payments") == People{"payments"});
    CHECK(refused(member("UANA")).empty()); // in the rotation
    CHECK(refused(member("UDEE")).empty()); // in the team whose service pages by it
    CHECK(refused(member("UEVE")).find("<@UANA>") != std::string::npos); // and is told whom to ask
    CHECK(refused(member("UEVE"), {"UEVE"}).empty()); // an administrator
    CHECK(refused({"UCTO", "cto@example.com", "member", false}, {"cto@example.com"}).empty()); // by address
    CHECK_FALSE(refused({"UANA", "", "guest", false}).empty()); // guests never
    CHECK_FALSE(refused({"UANA", "", "member", true}).empty()); // nor strangers
    CHECK(refused({"UANA", "", "stranger", false}).find("Only members of this workspace") != std::string::npos);
    CHECK(refused({"UEVE", "", "", false}).find("asking Slack") != std::string::npos);

    SECTION("whom an override puts on call may hand it on")
    {
        configuration.schedules["payments"].overrides = {
            {now, now + std::chrono::hours{1}, Override::Kind::put, {"eve@example.com"}}};
        CHECK(refused(member("UEVE")).empty());
        configuration.schedules["payments"].overrides[0].to = now;
        CHECK_FALSE(refused(member("UEVE")).empty());
    }
    SECTION("while Slack knows nobody of them, every full member may")
    {
        people.clear();
        CHECK(refused(member("UEVE")).empty());
        CHECK_FALSE(refused({"UEVE", "", "guest", false}).empty());
        CHECK_FALSE(refused({"UEVE", "", "", false}).empty());
    }
}

TEST_CASE("A time that somebody has by an override is passed on in place of whom that stands in for", "[oncall][overrides]")
{
    auto schedule = weekly_in_utc();
    const auto put = [&](std::string_view from, std::string_view to, People who, std::string whom,
                         Override::Kind kind = Override::Kind::put) {
        schedule.overrides.push_back({utc(from), utc(to), kind, std::move(who), std::move(whom)});
    };
    const auto passed_on = [&](const std::string& from_whom, const std::string& to_whom) {
        auto wish = draft({to_whom}, "2026-11-06T18:00", "2026-11-06T22:00");
        wish.stead = Stead::one_person;
        wish.instead_of = from_whom;
        return agreed_drafts(wish, schedule, known, now);
    };
    const auto on_call_after = [&](const std::vector<OverrideDraft>& drafts) {
        auto after = schedule;
        for (const auto& one : drafts)
            after = with(after, look_at(one, after, known, now).one);
        return changes_between(schedule, after, known, utc("2026-11-06T00:00"), utc("2026-11-07T00:00"));
    };
    using Changes = std::vector<ShiftChange>;
    const auto from = utc("2026-11-06T18:00"), to = utc("2026-11-06T22:00");

    CHECK(passed_on("UANA", "UDEE").size() == 1); // the rotation's
    put("2026-11-06T18:00", "2026-11-06T22:00", {"bo@example.com"}, "ana@example.com");
    SECTION("and on")
    {
        const auto to_chi = passed_on("UBO", "UCHI");
        REQUIRE(to_chi.size() == 1);
        CHECK(to_chi[0].instead_of == "UANA");
        CHECK(on_call_after(to_chi) == Changes{{from, to, {"UBO"}, {"UCHI"}}});
        put("2026-11-06T18:00", "2026-11-06T22:00", {"chi@example.com"}, "ana@example.com");
        CHECK(on_call_after(passed_on("UCHI", "UBO")) == Changes{{from, to, {"UCHI"}, {"UBO"}}});
    }
    SECTION("back to whose it was") { CHECK(on_call_after(passed_on("UBO", "UANA")) == Changes{{from, to, {"UBO"}, {"UANA"}}}); }
    SECTION("a part of it her own, a part not")
    {
        schedule.overrides[0].from = utc("2026-11-06T20:00");
        put("2026-11-06T17:00", "2026-11-06T20:00", {"bo@example.com"}, "");
        const auto both = passed_on("UBO", "UDEE");
        CHECK(both.size() == 2);
        CHECK(on_call_after(both) == Changes{{from, to, {"UBO"}, {"UDEE"}}});
    }
    SECTION("with somebody who stays")
    {
        schedule.overrides[0].people = {"bo@example.com", "chi@example.com"};
        CHECK(on_call_after(passed_on("UBO", "UDEE")) == Changes{{from, to, {"UBO", "UCHI"}, {"UDEE", "UCHI"}}});
    }
    SECTION("and not of whoever was added, nor within a temporary schedule")
    {
        put("2026-11-06T18:00", "2026-11-06T22:00", {"eve@example.com"}, "", Override::Kind::add);
        CHECK(passed_on("eve@example.com", "UDEE").empty());
        schedule.temporary = {{from, to, {{from, to, {"bo@example.com"}}}}};
        CHECK(passed_on("UBO", "UDEE").empty());
    }
}

TEST_CASE("However long an override of the file lasts, what it changes is looked at for a year and a bit", "[oncall][overrides]")
{
    const Override running{
        now - std::chrono::hours{1}, utc("2126-01-01T00:00"), Override::Kind::put, {"bo@example.com"}, "", "", 7};
    auto shorter = draft({"UBO"}, "2026-11-03T11:00", "2026-11-05T00:00");
    const auto edited = look_at(shorter, with(weekly_in_utc(), running), known, now, &running);
    CHECK(edited.problems.empty());
    REQUIRE_FALSE(edited.changes.empty());
    CHECK(edited.changes.front().start == utc("2026-11-05T00:00"));
    CHECK(edited.changes.back().end <= looked_at_until(now));
    CHECK(edited.changes.back().end > now + std::chrono::hours{24 * 400});
}
