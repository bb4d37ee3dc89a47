#include "delivery/home_turns.hpp"

#include "catch.hpp"
#include "noon.hpp"

using namespace delivery;
using namespace std::chrono_literals;

namespace {

using Views = std::vector<storage::HomeView>;

storage::HomeView view_of_home(const std::string& person, TimePoint opened_at) { return {person, opened_at, "d", ""}; }

std::string order(HomeTurns& turns, const Views& rows, TimePoint now)
{
    std::string all;
    for (const auto& turn : turns.due(rows, now))
        all += (turn.opened ? "+" : "") + rows[turn.row].person + " ";
    return all;
}

} // namespace

TEST_CASE("Whoever opens Home comes first; of the others each has her turn, however much happens", "[delivery][home]")
{
    HomeTurns turns{noon};
    Views rows{view_of_home("U1", noon - 1h), view_of_home("U2", noon - 2h), view_of_home("U3", noon - 3h)};
    CHECK(order(turns, rows, noon) == "U1 U2 U3 "); // after a restart

    // In a storm there is one call for each look, and each look finds another change.
    std::string published;
    for (int i = 0; i < 6; ++i) {
        const auto due = turns.due(rows, noon);
        REQUIRE(due.size() == 3);
        published += rows[due.front().row].person + " ";
        turns.current(rows[due.front().row], turns.changes(), TimePoint::max());
        turns.changed();
    }
    CHECK(published == "U1 U2 U3 U1 U2 U3 ");

    for (const auto& row : rows)
        turns.current(row, turns.changes(), noon + 1h);
    CHECK(order(turns, rows, noon + 1min) == ""); // nothing has changed
    CHECK(turns.next(noon + 1min) == noon + 1h);
    CHECK(order(turns, rows, noon + 1h) == "U1 U2 U3 "); // a handoff
    turns.changed();
    rows[2].opened_at = noon + 5s;
    rows[1].opened_at = noon + 6s;
    CHECK(order(turns, rows, noon + 7s) == "+U3 +U2 U1 ");
    // What changes while she is looked at is for the next look.
    const auto before = turns.changes();
    turns.changed();
    turns.current(rows[2], before, noon + 1h);
    CHECK(order(turns, rows, noon + 7s) == "+U2 U1 U3 ");
}

TEST_CASE("A Home that Slack fails over keeps nobody from hers", "[delivery][home]")
{
    HomeTurns turns{noon};
    Views rows{view_of_home("U1", noon + 1s), view_of_home("U2", noon - 2h)};
    CHECK(order(turns, rows, noon + 1s) == "+U1 U2 ");
    turns.failed(rows[0], noon + 1s);
    CHECK(order(turns, rows, noon + 1s) == "U2 ");
    CHECK(turns.next(noon + 1s) == noon + 6s);
    CHECK(order(turns, rows, noon + 6s) == "U2 U1 ");
    turns.failed(rows[0], noon + 6s);
    CHECK(order(turns, rows, noon + 15s) == "U2 ");
    CHECK(order(turns, rows, noon + 16s) == "U2 U1 ");
    turns.changed();
    CHECK(order(turns, rows, noon + 15s) == "U2 "); // what happens does not hurry it
    rows[0].opened_at = noon + 10s; // she does
    CHECK(order(turns, rows, noon + 15s) == "+U1 U2 ");
    turns.current(rows[0], turns.changes(), TimePoint::max());
    CHECK(order(turns, rows, noon + 16s) == "U2 ");
}
