#include "oncall/identities.hpp"
#include "oncall/schedules_in_words.hpp"

/// What is asked of a schedule besides who is on call; what is impossible; what is large.

using namespace in_words;

namespace {

using Lines = std::vector<std::string>;

TimePoint at(const char* text) { return when(text, berlin); }
std::string words(std::optional<TimePoint> t) { return t ? iso(*t, berlin).substr(0, 16) : "never"; }
Lines words(const std::vector<Shift>& shifts) { return in_words::words(shifts, berlin); }
using in_words::words;

} // namespace

TEST_CASE("Who is on call says by which whole shift, until when, and who is next", "[oncall][schedule]")
{
    SECTION("a turn")
    {
        const auto now = who_is_on_call(plan().it, at("2026-11-03T12:00"));
        CHECK(words(now.because) == Lines{"11-02T09:00 11-09T09:00 ana weekly"});
        CHECK(words(now.until) == "2026-11-09T09:00");
        CHECK(words(now.next) == "bo");
    }
    SECTION("an override that begins before the turn ends")
    {
        const auto schedule = plan().put("2026-11-05T00:00", "2026-11-20T00:00", "eve").it;
        const auto now = who_is_on_call(schedule, at("2026-11-03T12:00"));
        CHECK(words(now.because) == Lines{"11-02T09:00 11-05T00:00 ana weekly"});
        CHECK(words(now.until) == "2026-11-05T00:00");
        CHECK(words(now.next) == "eve");
        CHECK(words(who_is_on_call(schedule, at("2026-11-18T12:00")).because) == Lines{"11-05T00:00 11-20T00:00 eve *"});
        CHECK(words(who_is_on_call(schedule, at("2026-11-18T12:00")).next) == "chi+dee");
    }
    SECTION("who is next knows of a cover (grafana/oncall 3096)")
    {
        const auto now =
            who_is_on_call(plan().put("2026-11-09T00:00", "2026-11-17T00:00", "eve", "bo").it, at("2026-11-03T12:00"));
        CHECK(words(now.until) == "2026-11-09T09:00");
        CHECK(words(now.next) == "eve");
    }
    SECTION("the same people go on after a handoff")
    {
        const auto schedule = Plan{berlin, {daily("2026-11-02T09:00", "ana ana bo")}}.it;
        const auto now = who_is_on_call(schedule, at("2026-11-02T12:00"));
        CHECK(words(now.because) == Lines{"11-02T09:00 11-03T09:00 ana weekly"});
        CHECK(words(now.until) == "2026-11-04T09:00");
        CHECK(words(next_handoff(schedule, at("2026-11-02T12:00"))) == "2026-11-03T09:00");
    }
    SECTION("several, in the order of their shifts")
    {
        const auto now = who_is_on_call(Plan{berlin, {base(), weekly("2026-11-02T09:00", "eve").named("second")}}
                                            .add("2026-11-03T11:00", "2026-11-03T13:00", "fay")
                                            .it,
            at("2026-11-03T12:00"));
        CHECK(now.people == Lines{"eve", "ana", "fay"});
        CHECK(words(now.until) == "2026-11-03T13:00");
        CHECK(words(now.next) == "ana+eve");
    }
    SECTION("nobody: the gap, and who ends it")
    {
        const auto now =
            who_is_on_call(Plan{berlin, {base().window("09:00", "17:00", "mon tue wed thu fri")}}.it, at("2026-11-07T12:00"));
        CHECK(now.people.empty());
        CHECK(words(now.because) == Lines{"11-06T17:00 11-09T09:00 -"});
        CHECK(words(now.until) == "2026-11-09T09:00");
        CHECK(words(now.next) == "bo");
    }
    SECTION("always the same person: it never changes, though there are handoffs")
    {
        const auto schedule = Plan{berlin, {weekly("2026-11-02T09:00", "ana")}}.it;
        CHECK(words(who_is_on_call(schedule, at("2026-11-03T12:00")).until) == "never");
        CHECK(words(next_handoff(schedule, at("2026-11-03T12:00"))) == "2026-11-09T09:00");
    }
    SECTION("never anybody")
    {
        const auto schedule = Plan{berlin, {}}.it;
        const auto now = who_is_on_call(schedule, at("2026-11-03T12:00"));
        CHECK(now.people.empty());
        CHECK(now.because.size() == 1);
        CHECK(words(now.until) == "never");
        CHECK(words(next_handoff(schedule, at("2026-11-03T12:00"))) == "never");
    }
    SECTION("what is farther away than 400 days is not looked for")
    {
        const auto schedule =
            Plan{berlin, {weekly("2026-11-02T09:00", "ana")}}.put("2027-12-09T00:00", "2027-12-10T00:00", "eve").it;
        CHECK(words(who_is_on_call(schedule, at("2026-11-03T12:00")).until) == "never");
        CHECK(words(who_is_on_call(schedule, at("2026-11-05T12:00")).until) == "2027-12-09T00:00");
    }
}

TEST_CASE("The next handoff is the next time an entry begins or ends", "[oncall][schedule]")
{
    const auto schedule = plan().add("2026-11-03T10:00", "2026-11-03T12:00", "ana").it; // on call already
    CHECK(words(next_handoff(schedule, at("2026-11-03T09:00"))) == "2026-11-03T10:00");
    CHECK(words(next_handoff(schedule, at("2026-11-03T10:00"))) == "2026-11-03T12:00");
    CHECK(words(next_handoff(schedule, at("2026-11-03T12:00"))) == "2026-11-09T09:00");
}

TEST_CASE("A person's shifts are whole, also those that began before", "[oncall][schedule]")
{
    const auto schedule = plan().put("2026-11-11T00:00", "2026-11-12T00:00", "ana", "bo").it;
    CHECK(words(shifts_of(schedule, "bo", at("2026-11-13T00:00"), at("2026-12-31T00:00"), 9))
        == Lines{"11-12T00:00 11-16T09:00 bo weekly", "11-30T09:00 12-07T09:00 bo weekly", "12-21T09:00 12-28T09:00 bo weekly"});
    CHECK(words(shifts_of(schedule, "bo", at("2026-11-01T00:00"), at("2026-12-01T00:00"), 2))
        == Lines{"11-09T09:00 11-11T00:00 bo weekly", "11-12T00:00 11-16T09:00 bo weekly"});
    CHECK(words(shifts_of(schedule, "bo", at("2026-12-01T00:00"), at("2026-12-02T00:00"), 9))
        == Lines{"11-30T09:00 12-07T09:00 bo weekly"});
    CHECK(words(shifts_of(schedule, "ana", at("2026-11-10T00:00"), at("2026-11-20T00:00"), 9))
        == Lines{"11-11T00:00 11-12T00:00 ana weekly *"});
    CHECK(words(shifts_of(schedule, "dee", at("2026-11-10T00:00"), at("2026-11-20T00:00"), 9))
        == Lines{"11-16T09:00 11-23T09:00 chi+dee weekly"});
    CHECK(shifts_of(schedule, "nobody", at("2026-11-10T00:00"), at("2027-11-20T00:00"), 9).empty());
    CHECK(shifts_of(schedule, "ana", at("2026-11-10T00:00"), at("2027-11-20T00:00"), 0).empty());
}

TEST_CASE(
    "The first shifts of a person are those that began first, also of several that run at the beginning", "[oncall][schedule]")
{
    const auto schedule = Plan{berlin,
        {weekly("2026-11-02T09:00", "ana").named("a late one").begin("2026-11-03T00:00"),
            daily("2026-11-02T09:00", "ana").named("b").end("2026-11-04T09:00"),
            weekly("2026-11-02T09:00", "ana").named("c first")}}
                              .it;
    const auto first = [&](std::size_t most) {
        return words(shifts_of(schedule, "ana", at("2026-11-03T12:00"), at("2026-11-20T00:00"), most));
    };
    CHECK(first(1) == Lines{"11-02T09:00 11-09T09:00 ana c first"});
    CHECK(first(2) == Lines{"11-02T09:00 11-09T09:00 ana c first", "11-03T00:00 11-09T09:00 ana a late one"});
    CHECK(first(4).back() == "11-09T09:00 11-16T09:00 ana a late one");
}

TEST_CASE("Overrides find people by who they are, by whichever name", "[oncall][schedule][identities]")
{
    const Known known{{"ana", "U1"}, {"@ana", "U1"}, {"U1", "U1"}, {"bo", "U2"}, {"@bo", "U2"}, {"gone", ""}};
    const auto midday = at("2026-11-03T12:00");
    const auto who = [&](Plan plan) {
        const auto apart = words(who_is_on_call(plan.it, midday).people);
        tell_apart(plan.it, known);
        return apart + " → " + words(who_is_on_call(plan.it, midday).people);
    };
    constexpr auto from = "2026-11-03T10:00";
    constexpr auto to = "2026-11-03T14:00";
    CHECK(who(plan().put(from, to, "eve", "@ana")) == "ana → eve");
    CHECK(who(plan().put(from, to, "eve", "U1")) == "ana → eve");
    CHECK(who(plan().remove(from, to, "@ana")) == "ana → -");
    CHECK(who(plan().remove(from, to, "@ana").of("weekly")) == "ana → -");
    CHECK(who(plan().put(from, to, "@bo", "ana").remove(from, to, "bo")) == "@bo → -");
    CHECK(who(plan().add(from, to, "@bo").remove(from, to, "bo")) == "@bo+ana → ana");
    CHECK(who(plan().put(from, to, "eve", "@ana").put(from, to, "fay", "U1")) == "ana → fay");
    CHECK(who(plan().put(from, to, "eve", "gone")) == "ana → ana");
    CHECK(who(plan().add(from, to, "@ana")) == "@ana+ana → ana"); // once: the name of the shift that began first
    CHECK(who(Plan{berlin, {base(), weekly("2026-11-02T09:00", "U1").named("second")}}.remove(from, to, "ana")) == "U1 → -");

    auto two = Plan{berlin, {base(), weekly("2026-11-02T09:00", "@ana").named("second")}}.it;
    CHECK(doubles(two, midday, midday + 1h).size() == 1);
    CHECK(shifts_of(two, "ana", midday, midday + 1h, 9).size() == 1);
    tell_apart(two, known);
    CHECK(doubles(two, midday, midday + 1h).empty());
    CHECK(shifts_of(two, "ana", midday, midday + 1h, 9).size() == 2);
    CHECK(shifts_of(two, "@ana", midday, midday + 1h, 9).size() == 2);

    // The same person goes on by another name: nobody else is on call.
    auto same = Plan{berlin, {daily("2026-11-02T09:00", "ana @ana bo")}}.it;
    CHECK(words(who_is_on_call(same, at("2026-11-02T12:00")).until) == "2026-11-03T09:00");
    tell_apart(same, known);
    CHECK(words(who_is_on_call(same, at("2026-11-02T12:00")).until) == "2026-11-04T09:00");
}

TEST_CASE("An override that looks for nobody of the schedule is found", "[oncall][schedule][identities]")
{
    auto schedule = plan()
                        .put("2026-11-03T10:00", "2026-11-03T14:00", "eve", "@ana")
                        .put("2026-11-03T10:00", "2026-11-03T14:00", "eve", "bo")
                        .put("2026-11-03T10:00", "2026-11-03T14:00", "new")
                        .remove("2026-11-04T10:00", "2026-11-04T14:00", "dee+zoe+new")
                        .put("2026-11-03T10:00", "2026-11-03T14:00", "eve", "fay")
                        .temporary("2026-12-01T00:00", "2026-12-02T00:00")
                        .shift("2026-12-01T00:00", "2026-12-02T00:00", "fay")
                        .it;
    CHECK(missed(schedule) == std::vector<Missed>{{0, "@ana"}, {3, "zoe"}});
    CHECK(describe(missed(schedule)[0], schedule)
        == "schedule payments: the override of Tue 2026-11-03 10:00 puts somebody instead of @ana, but nothing in the schedule "
           "puts anybody of that name on call, so this changes nothing. Fix: call people as the rotations do, or take the "
           "override "
           "out.");
    tell_apart(schedule, {{"ana", "U1"}, {"@ana", "U1"}});
    CHECK(missed(schedule) == std::vector<Missed>{{3, "zoe"}});
}

TEST_CASE("What a rotation says by itself knows nothing of overrides and priorities", "[oncall][schedule]")
{
    const auto schedule =
        Plan{berlin, {base(), weekly("2026-11-02T09:00", "eve").named("nights").priority(1).window("20:00", "08:00", "mon")}}
            .put("2026-11-01T00:00", "2026-12-01T00:00", "fay")
            .put("2026-11-01T00:00", "2026-12-01T00:00", "fay")
            .of("nights")
            .temporary("2026-11-01T00:00", "2026-12-01T00:00")
            .it;
    CHECK(words(rotation_shifts(schedule, "nights", at("2026-11-02T00:00"), at("2026-11-16T00:00")))
        == Lines{"11-02T20:00 11-03T08:00 eve nights", "11-09T20:00 11-10T08:00 eve nights"});
    CHECK(words(rotation_shifts(schedule, "weekly", at("2026-11-03T00:00"), at("2026-11-11T00:00")))
        == Lines{"11-03T00:00 11-09T09:00 ana weekly", "11-09T09:00 11-11T00:00 bo weekly"});
    CHECK(rotation_shifts(schedule, "gone", at("2026-11-03T00:00"), at("2026-11-11T00:00")).empty());
}

TEST_CASE("Gaps are where nobody is on call, joined, whatever made them", "[oncall][schedule]")
{
    const auto schedule = Plan{berlin, {base().end("2026-11-04T00:00")}}.remove("2026-11-03T12:00", "2026-11-05T00:00", "ana").it;
    CHECK(words(gaps(schedule, at("2026-11-03T00:00"), at("2026-11-06T00:00"))) == Lines{"11-03T12:00 11-06T00:00 - *"});

    // grafana/oncall 5247: an hour's gap, or an hour of two, when the clocks change.
    for (const auto* zone :
        {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo"})
        for (const auto* border : {"02:30", "08:00", "00:00"}) {
            INFO(zone << " " << border);
            const auto shared = Plan{zone,
                {weekly("2017-01-02T08:00", "ana bo").named("days").window(border, "20:00"),
                    weekly("2017-01-02T20:00", "chi dee").named("nights").window("20:00", border)}}
                                    .it;
            CHECK(gaps(shared, at("2017-12-01T00:00"), at("2019-01-01T00:00")).empty());
            CHECK(doubles(shared, at("2017-12-01T00:00"), at("2019-01-01T00:00")).empty());
        }
}

TEST_CASE("Doubles are people together whom nobody put together", "[oncall][schedule]")
{
    const auto found = [](const Plan& plan) { return words(doubles(plan.it, at("2026-11-03T00:00"), at("2026-11-04T00:00"))); };
    const auto second = [](const char* turns) {
        return weekly("2026-11-02T09:00", turns).named("second").begin("2026-11-03T12:00");
    };
    CHECK(found({berlin, {base(), second("eve")}}) == Lines{"11-03T12:00 11-04T00:00 ana+eve"});
    CHECK(found({berlin, {base(), second("ana")}}).empty());
    CHECK(found({berlin, {base(), second("ana+eve")}}).empty()); // one turn names both
    CHECK(found({berlin, {base(), second("eve").priority(1)}}).empty());
    CHECK(found(plan().add("2026-11-03T10:00", "2026-11-03T12:00", "eve")).empty());
    CHECK(found(plan().put("2026-11-03T10:00", "2026-11-03T12:00", "eve+fay")).empty());
    CHECK(found(plan()
                    .temporary("2026-11-03T00:00", "2026-11-04T00:00")
                    .shift("2026-11-03T00:00", "2026-11-03T12:00", "eve")
                    .shift("2026-11-03T10:00", "2026-11-04T00:00", "fay"))
        == Lines{"11-03T10:00 11-03T12:00 eve+fay *"});
}

TEST_CASE("A rotation that cannot be is nobody's, and stops nothing else", "[oncall][schedule]")
{
    const auto spoilt = [](const char* name, auto spoil) {
        auto rota = weekly("2026-11-02T09:00", "ana bo").named("spoilt").priority(1);
        spoil(rota.it);
        return std::pair{name, rota};
    };
    const std::vector<std::pair<const char*, Rota>> rotations{
        spoilt("nobody", [](Rotation& it) { it.turns.clear(); }),
        spoilt("only turns with nobody",
            [](Rotation& it) {
                it.turns = {{}, {}};
            }),
        spoilt("no length", [](Rotation& it) { it.lengths.clear(); }),
        spoilt("length 0", [](Rotation& it) { it.lengths = {0}; }),
        spoilt("one length of 0",
            [](Rotation& it) {
                it.lengths = {1, 0};
            }),
        spoilt("a length below 0", [](Rotation& it) { it.lengths = {-1}; }),
        spoilt(
            "end before start", [](Rotation& it) { it.begin = local("2026-11-05T00:00"), it.end = local("2026-11-03T00:00"); }),
        spoilt("end with start", [](Rotation& it) { it.begin = it.end = local("2026-11-03T00:00"); }),
        spoilt("an unknown zone", [](Rotation& it) { it.time_zone = "Middle/Earth"; }),
        spoilt("a window of no length",
            [](Rotation& it) {
                it.windows = {{{}, {}, {}, 9h, 9h}};
            }),
        spoilt("a week's window of no length",
            [](Rotation& it) {
                it.windows = {{{}, Weekday::mon, Weekday::mon, 9h, 9h}};
            }),
        spoilt("a weekday at one end",
            [](Rotation& it) {
                it.windows = {{{}, Weekday::mon, {}, 9h, 17h}};
            }),
        spoilt("a window outside the day",
            [](Rotation& it) {
                it.windows = {{{}, {}, {}, -2h, 30h}};
            }),
        spoilt("hours of no length",
            [](Rotation& it) {
                it.unit = Unit::hour, it.windows = {{{}, {}, {}, 9h, 9h}};
            }),
    };
    for (const auto& [name, rota] : rotations) {
        INFO(name);
        const auto alone = Plan{berlin, {rota}}.it;
        const auto from = at("2026-10-01T00:00");
        const auto to = at("2027-10-01T00:00");
        CHECK(final_shifts(alone, from, to) == std::vector<Shift>{{from, to, {}, "", false}});
        CHECK(rotation_shifts(alone, "spoilt", from, to).empty());
        CHECK(who_is_on_call(alone, at("2026-11-03T12:00")).people.empty());
        CHECK(words(next_handoff(alone, at("2026-11-03T12:00"))) == "never");
        CHECK(words(who_is_on_call(Plan{berlin, {rota, base()}}.it, at("2026-11-03T12:00")).people) == "ana");
        const auto filled = Plan{berlin, {rota, base()}}.put("2026-11-03T00:00", "2026-11-04T00:00", "eve").of("spoilt").it;
        CHECK(words(who_is_on_call(filled, at("2026-11-03T12:00")).people) == "eve");
    }
    auto lost = plan().put("2026-11-04T00:00", "2026-11-05T00:00", "eve").it;
    lost.time_zone = "Middle/Earth";
    CHECK(who_is_on_call(lost, at("2026-11-03T12:00")).people.empty());
    CHECK(words(who_is_on_call(lost, at("2026-11-04T12:00")).people) == "eve");
}

TEST_CASE("Rotations as long as can be written have somebody on call", "[oncall][schedule]")
{
    for (const auto unit : {Unit::hour, Unit::day, Unit::week, Unit::month})
        for (const auto* start : {"0000-01-01T00:00", "2026-11-02T09:00", "9999-12-31T23:59"})
            for (const auto& lengths : {std::vector{2'147'483'647}, {2'147'483'647, 2'147'483'647, 1}}) {
                INFO(start);
                auto rota = Rota{unit, start, "ana bo"}.lengths(lengths);
                CHECK(who_is_on_call(Plan{berlin, {rota}}.it, at("2026-11-03T12:00")).people.size() == 1);
                rota.window("09:00", "17:00");
                CHECK(who_is_on_call(Plan{berlin, {rota}}.it, at("2026-11-03T12:00")).people.size() == 1);
            }
}

TEST_CASE("Large schedules are answered in a time that grows with the answer", "[oncall][schedule]")
{
    // No clock is looked at: what goes wrong here takes minutes.
    SECTION("an hour's rotation, for 400 days")
    {
        const auto schedule = Plan{berlin, {hours("2020-01-01T00:00", "ana bo")}}.it;
        const auto shifts = final_shifts(schedule, at("2026-01-01T00:00"), at("2027-02-05T00:00"));
        CHECK(shifts.size() == 400 * 24 - 1); // one hour was skipped, one was twice as long
        CHECK(who_is_on_call(Plan{berlin, {hours("2020-01-01T00:00", "ana")}}.it, at("2026-01-01T00:00")).people == Lines{"ana"});
    }
    const auto many = [](Override::Kind kind, milliseconds step, milliseconds length) {
        auto schedule = Plan{berlin, {base()}}.it;
        for (int i = 0; i < 100'000; ++i) {
            const auto from = when("2026-11-02T00:00", berlin) + i * step;
            schedule.overrides.push_back({from, from + length, kind, {"eve" + std::to_string(i % 50)}, i % 2 ? "zoe" : "", ""});
        }
        return schedule;
    };
    SECTION("a hundred thousand overrides, one after the other")
    {
        const auto schedule = many(Override::Kind::put, 5min, 5min);
        CHECK(words(who_is_on_call(schedule, at("2026-11-02T00:02")).people) == "eve0");
        CHECK(final_shifts(schedule, at("2026-11-02T00:00"), at("2027-11-02T00:00")).size() > 99'000);
    }
    SECTION("a hundred thousand puts at once")
    {
        const auto schedule = many(Override::Kind::put, 1s, std::chrono::hours{24 * 365});
        CHECK(words(who_is_on_call(schedule, at("2026-11-10T00:00")).people) == "eve48"); // the last one without "instead of"
        CHECK(final_shifts(schedule, at("2026-11-01T00:00"), at("2027-12-02T00:00")).size() > 10);
    }
    SECTION("a hundred thousand removals at once, of people who are not on call")
    {
        const auto schedule = many(Override::Kind::remove, 1s, std::chrono::hours{24 * 365});
        CHECK(words(who_is_on_call(schedule, at("2026-11-03T00:00")).people) == "ana");
        CHECK(words(shifts_of(schedule, "bo", at("2026-11-02T00:00"), at("2026-11-12T00:00"), 3))
            == Lines{"11-09T09:00 11-16T09:00 bo weekly"});
    }
    SECTION("a hundred thousand additions for the same time")
    {
        const auto schedule = many(Override::Kind::add, 0s, 1h);
        CHECK(who_is_on_call(schedule, at("2026-11-02T00:30")).people.size() == 52);
    }
}
