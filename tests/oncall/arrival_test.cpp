#include "catch.hpp"
#include "noon.hpp"
#include "oncall/arrival.hpp"

using namespace oncall;
using Course = Arrival::Course;

namespace {

Hold until(Hold::Kind kind, milliseconds later) { return {kind, 1, noon + later, "because"}; }

Routed pages()
{
    Routed routed;
    routed.page = true;
    return routed;
}

} // namespace

TEST_CASE("What becomes of a new alert: kept, joined, shown, held or paged, in this order", "[oncall][arrival]")
{
    auto suppressed = pages(), shown = pages(), late = pages();
    suppressed.suppress = true;
    shown.page = false;
    late.delay = 5min;
    const auto silence = until(Hold::Kind::silence, 1h);
    struct Row {
        const char* what{};
        Routed routed{};
        Circumstances around{};
        Course course{};
        TimePoint until{}; // of a hold
    };
    const Row rows[]{
        {"nothing stands around it", pages(), {}, Course::page, {}},
        {"suppressed, whatever holds it", suppressed, {{silence}, {7}}, Course::keep, {}},
        {"of a group, whatever holds it", pages(), {{silence}, {7}}, Course::join, {}},
        {"of a group, though it would page nobody", shown, {{}, {7}}, Course::join, {}},
        {"nothing holds what would page nobody", shown, {{silence}, {}}, Course::show, {}},
        {"silenced", pages(), {{silence}, {}}, Course::hold, noon + 1h},
        {"its rule waits", late, {}, Course::hold, noon + 5min},
        {"the hold that lasts longest counts", late, {{silence, until(Hold::Kind::maintenance, 2h)}, {}}, Course::hold,
            noon + 2h},
        {"a hold that is over holds nothing", pages(), {{until(Hold::Kind::silence, 0ms)}, {}}, Course::page, {}},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        const auto arrival = arrival_of(row.routed, row.around, noon);
        CHECK(arrival.course == row.course);
        if (row.course == Course::hold)
            CHECK(arrival.hold.until == row.until);
    }
    // Of two that end together, what somebody asked for is what is said.
    const auto both = arrival_of(late, {{until(Hold::Kind::silence, 5min)}, {}}, noon);
    CHECK(both.hold.kind == Hold::Kind::silence);
}

TEST_CASE("A hold that nobody asked for ends when the alert gets worse", "[oncall][arrival]")
{
    Reported worse, same;
    worse.rose = true;
    for (const auto kind : {Hold::Kind::delay, Hold::Kind::flapping, Hold::Kind::silence, Hold::Kind::maintenance}) {
        CHECK(hold_kind_in(name(kind)) == kind);
        CHECK_FALSE(breaks(until(kind, 1h), same));
        CHECK(breaks(until(kind, 1h), worse) == (kind == Hold::Kind::delay || kind == Hold::Kind::flapping));
    }
}
