#include "catch.hpp"
#include "oncall/cover.hpp"
#include "oncall/given.hpp"

using namespace oncall;
using given::People;
using given::utc;

namespace {

Span span(std::string_view from, std::string_view to) { return {utc(from), utc(to)}; }
using Spans = std::vector<Span>;

const Known cover_people{
    {"ana@example.com", "UANA"}, {"bo@example.com", "UBO"}, {"chi@example.com", "UCHI"}, {"cto@example.com", "UCTO"}};

/// ana, bo and chi week by week, from Monday 8:00 UTC.
Schedule weekly_schedule()
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

/// Ana asks on Tuesday noon for Friday evening.
CoverRequest friday()
{
    CoverRequest request;
    request.schedule = "payments";
    request.requester = "UANA";
    request.when = span("2026-11-06T18:00", "2026-11-06T22:00");
    request.left = {request.when};
    request.opened_at = utc("2026-11-03T12:00");
    request.done_until = request.opened_at - 1ms;
    return request;
}

CoverPart taken_part(const std::string& taker, std::string_view from, std::string_view to, std::int64_t id = 1)
{
    return {taker, span(from, to), id, false};
}

/// "remind 2026-11-05T18:00:00+00:00" each.
std::vector<std::string> planned(const CoverRequest& request)
{
    std::vector<std::string> all;
    for (const auto& one : plan_of(request))
        all.push_back((one.step == CoverStep::remind             ? "remind "
                              : one.step == CoverStep::last_call ? "last call "
                                                                 : "end ")
            + iso(one.at, "UTC").substr(0, 16));
    return all;
}

std::string refusal(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Refusal& refused) {
        return refused.what();
    }
    return {};
}

} // namespace

TEST_CASE("What is left of a request is what its requester is on call in", "[oncall][cover]")
{
    auto schedule = weekly_schedule();
    const auto now = utc("2026-11-03T12:00");
    const auto request = friday();
    const auto left = [&] { return left_of(request, on_call_spans(schedule, cover_people, "UANA", request.when), now); };
    CHECK(left() == Spans{request.when});
    Override taken;
    taken.from = utc("2026-11-06T19:00");
    taken.to = utc("2026-11-06T20:00");
    taken.people = {"bo@example.com"};
    taken.instead_of = "ana@example.com";
    schedule.overrides = {taken};
    CHECK(left() == Spans{span("2026-11-06T18:00", "2026-11-06T19:00"), span("2026-11-06T20:00", "2026-11-06T22:00")});
    schedule.overrides[0].from = request.when.from;
    schedule.overrides[0].to = request.when.to;
    CHECK(left().empty());
    // Nobody's turn, another rotation, or a shift that is hers by two: each is what it is.
    CHECK(on_call_spans(weekly_schedule(), cover_people, "UBO", request.when).empty());
    CHECK(on_call_spans(weekly_schedule(), cover_people, "UANA", span("2026-11-09T07:00", "2026-11-09T09:00"))
        == Spans{span("2026-11-09T07:00", "2026-11-09T08:00")});
    CHECK(on_call_spans(weekly_schedule(), cover_people, "UANA", span("2026-11-09T09:00", "2026-11-09T07:00")).empty());
    CHECK(next_spans(weekly_schedule(), cover_people, "UANA", now, 2)
        == Spans{{now, utc("2026-11-09T08:00")}, span("2026-11-23T08:00", "2026-11-30T08:00")});
    // The sixtieth day is within one of hers, which is there as a whole.
    CHECK(next_spans(weekly_schedule(), cover_people, "UANA", utc("2026-11-05T12:00"), 9).back()
        == span("2027-01-04T08:00", "2027-01-11T08:00"));
}

TEST_CASE("A request goes from open over partly taken to taken, and back when something is given back", "[oncall][cover]")
{
    auto request = friday();
    CHECK(state_of(request, request.left) == CoverState::open);
    request.parts = {taken_part("UBO", "2026-11-06T18:00", "2026-11-06T20:00")};
    CHECK(state_of(request, {span("2026-11-06T20:00", "2026-11-06T22:00")}) == CoverState::partly_taken);
    CHECK(state_of(request, {}) == CoverState::ended); // the rest is hers no more, and nobody took it
    request.parts.push_back(taken_part("UCHI", "2026-11-06T20:00", "2026-11-06T22:00", 2));
    CHECK(state_of(request, {}) == CoverState::taken);
    request.state = CoverState::taken;
    CHECK(state_of(request, {span("2026-11-06T20:00", "2026-11-06T22:00")}) == CoverState::partly_taken);
    CHECK(kept_of(request.parts, {span("2026-11-06T20:00", "2026-11-06T22:00")}) == std::vector{request.parts[0]});
    // Given back from the middle on both sides of the cut.
    CHECK(kept_of(request.parts, {span("2026-11-06T19:00", "2026-11-06T21:00")})
        == std::vector{taken_part("UBO", "2026-11-06T18:00", "2026-11-06T19:00"),
            taken_part("UCHI", "2026-11-06T21:00", "2026-11-06T22:00", 2)});
    CHECK(kept_of(request.parts, {span("2026-11-06T18:30", "2026-11-06T19:00")}).size() == 3);
    for (const auto over : {CoverState::cancelled, CoverState::ended, CoverState::declined}) {
        request.state = over;
        CHECK(state_of(request, {request.when}) == over);
        CHECK(plan_of(request).empty());
        CHECK_FALSE(closed_words(request).empty());
    }
    // All that had not passed when it was asked.
    auto late = friday();
    late.opened_at = utc("2026-11-06T19:00");
    late.parts = {taken_part("UBO", "2026-11-06T19:00", "2026-11-06T22:00")};
    CHECK(state_of(late, {}) == CoverState::taken);
}

TEST_CASE("Who may take it is reminded as long as there is time, and once more for the last time", "[oncall][cover]")
{
    using Lines = std::vector<std::string>;
    auto request = friday();
    CHECK(planned(request)
        == Lines{"remind 2026-11-05T18:00", "remind 2026-11-06T14:00", "remind 2026-11-06T17:00", "last call 2026-11-06T17:30",
            "end 2026-11-06T18:00"});
    SECTION("what is left of the reminders")
    {
        request.opened_at = utc("2026-11-06T13:45"); // a quarter of an hour before the second
        CHECK(planned(request) == Lines{"remind 2026-11-06T17:00", "last call 2026-11-06T17:30", "end 2026-11-06T18:00"});
    }
    SECTION("at once when it begins soon")
    {
        request.opened_at = utc("2026-11-06T17:50");
        CHECK(planned(request) == Lines{"last call 2026-11-06T17:50", "end 2026-11-06T18:00"});
    }
    SECTION("one that runs ends with its time")
    {
        request.opened_at = utc("2026-11-06T19:00");
        request.left = {span("2026-11-06T19:00", "2026-11-06T22:00")};
        CHECK(planned(request) == Lines{"last call 2026-11-06T19:00", "end 2026-11-06T22:00"});
    }
    SECTION("of one whose beginning was taken the rest counts")
    {
        request.left = {span("2026-11-06T20:00", "2026-11-06T22:00")};
        CHECK(planned(request).back() == "end 2026-11-06T20:00");
    }
    SECTION("a swap and a take only end")
    {
        request.kind = RequestKind::swap;
        request.theirs = span("2026-11-05T09:00", "2026-11-05T17:00");
        CHECK(planned(request) == Lines{"end 2026-11-05T09:00"});
        request.kind = RequestKind::take;
        CHECK(planned(request) == Lines{"end 2026-11-06T18:00"});
        request.opened_at = utc("2026-11-06T19:00");
        CHECK(planned(request) == Lines{"end 2026-11-06T22:00"});
    }
}

TEST_CASE("Of reminders that were missed the last is sent, and none when it has begun", "[oncall][cover]")
{
    auto request = friday();
    CHECK(due_step(request, utc("2026-11-03T13:00")) == std::nullopt);
    CHECK(next_due(request, utc("2026-11-03T13:00")) == utc("2026-11-05T18:00"));
    CHECK(due_step(request, utc("2026-11-06T15:00")) == CoverStep::remind);
    CHECK(due_step(request, utc("2026-11-06T17:45")) == CoverStep::last_call);
    CHECK(due_step(request, utc("2026-11-06T18:00")) == CoverStep::end);
    request.done_until = utc("2026-11-06T15:00");
    CHECK(due_step(request, utc("2026-11-06T16:00")) == std::nullopt);
    CHECK(next_due(request, utc("2026-11-06T16:00")) == utc("2026-11-06T17:00"));
    CHECK(next_due(request, utc("2026-11-06T17:10")) == utc("2026-11-06T17:10")); // due, and not done
    request.done_until = utc("2026-11-06T19:00"); // a clock that was set back
    CHECK(due_step(request, utc("2026-11-06T18:30")) == CoverStep::end);
}

TEST_CASE("A part is what lies within what is open, from now on", "[oncall][cover]")
{
    auto request = friday();
    const auto now = utc("2026-11-03T12:00");
    CHECK(taken_of(request, std::nullopt, now) == Spans{request.when});
    CHECK(taken_of(request, span("2026-11-06T17:00", "2026-11-06T19:00"), now)
        == Spans{span("2026-11-06T18:00", "2026-11-06T19:00")});
    request.left = {span("2026-11-06T18:00", "2026-11-06T19:00"), span("2026-11-06T20:00", "2026-11-06T22:00")};
    CHECK(taken_of(request, std::nullopt, now) == request.left);
    CHECK(taken_of(request, std::nullopt, utc("2026-11-06T21:00")) == Spans{span("2026-11-06T21:00", "2026-11-06T22:00")});
    // A few minutes only where no more is open; and parts have an end.
    CHECK(refusal([&] {
        taken_of(request, span("2026-11-06T20:00", "2026-11-06T20:14"), now);
    }).starts_with("Take 15 minutes at least"));
    CHECK(taken_of(request, span("2026-11-06T20:00", "2026-11-06T23:00"), utc("2026-11-06T21:50")).size() == 1);
    auto of_many = request;
    of_many.parts.assign(most_cover_parts, taken_part("UBO", "2026-11-06T19:00", "2026-11-06T20:00"));
    CHECK(refusal([&] { taken_of(of_many, span("2026-11-06T20:00", "2026-11-06T21:00"), now); }).find("in 20 parts already")
        != std::string::npos);
    CHECK(taken_of(of_many, std::nullopt, now) == of_many.left);
    CHECK(outside(request.left, {span("2026-11-06T18:30", "2026-11-06T20:30"), span("2026-11-06T21:00", "2026-11-06T21:30")})
        == Spans{span("2026-11-06T18:00", "2026-11-06T18:30"), span("2026-11-06T20:30", "2026-11-06T21:00"),
            span("2026-11-06T21:30", "2026-11-06T22:00")});
    CHECK(refusal([&] {
        taken_of(request, span("2026-11-06T19:00", "2026-11-06T20:00"), now);
    }).starts_with("Nothing of that is open"));
    CHECK(
        refusal([&] { taken_of(request, span("2026-11-06T20:00", "2026-11-06T19:00"), now); }) == "It must end after it begins.");
}

TEST_CASE("The last call goes to whom the policy pages next, and to nobody who was asked", "[oncall][cover]")
{
    Configuration configuration;
    configuration.schedules["payments"] = weekly_schedule();
    auto& team = configuration.teams["payments"];
    team.name = "payments";
    team.policy = "payments";
    team.members = {"ana@example.com", "bo@example.com"};
    auto& policy = configuration.policies["payments"];
    policy.name = "payments";
    const auto level = [](TargetKind kind, const std::string& name) {
        Level one;
        one.targets = {{kind, name}};
        return one;
    };
    policy.levels = {level(TargetKind::user, "eve@example.com"), level(TargetKind::schedule, "payments"),
        level(TargetKind::team, "payments"), level(TargetKind::user, "cto@example.com")};
    const auto at = utc("2026-11-06T18:00");
    CHECK(next_levels(configuration, "payments", cover_people, at, {"UANA", "UBO", "UCHI"}) == People{"UCTO"});
    CHECK(next_levels(configuration, "payments", cover_people, at, {"UANA"}) == People{"UBO"});
    CHECK(next_levels(configuration, "payments", cover_people, at, {"UANA", "UBO", "UCTO"}).empty());
    policy.levels.resize(2);
    CHECK(next_levels(configuration, "payments", cover_people, at, {"UANA"}).empty()); // those before it were paged already
    CHECK(others_of(weekly_schedule(), cover_people, "UANA") == People{"UBO", "UCHI"});
}

TEST_CASE("Whose time a part was is known of a swap's and a take's too", "[oncall][cover]")
{
    auto request = friday();
    const auto part = taken_part("UBO", "2026-11-06T18:00", "2026-11-06T20:00");
    CHECK(giver_of(request, part) == "UANA");
    request.kind = RequestKind::swap;
    request.other = "UBO";
    CHECK(giver_of(request, part) == "UANA");
    CHECK(giver_of(request, taken_part("UANA", "2026-11-10T18:00", "2026-11-10T20:00")) == "UBO");
}

TEST_CASE("Every full member may take over what its owner gives", "[oncall][cover]")
{
    Asker asker;
    asker.id = "UDEE";
    for (const auto& [kind, words] : std::map<std::string, std::string>{{"member", ""}, {"guest", "Guests of this workspace"},
             {"stranger", "Only members of this workspace"}, {"gone", "Guests"}, {"bot", "Guests"},
             {"", "I don't know you yet"}}) {
        asker.kind = kind;
        const auto said = refusal([&] { permit_taker(asker); });
        INFO(kind);
        CHECK(said.starts_with(words));
        CHECK(said.empty() == words.empty());
    }
    asker.kind = "member";
    asker.stranger = true;
    CHECK(refusal([&] { permit_taker(asker); }).starts_with("Only members of this workspace"));
}
