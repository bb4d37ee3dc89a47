#include "catch.hpp"
#include "oncall/verbs.hpp"

using namespace oncall;

TEST_CASE("Each cell of state × verb says what happens", "[oncall]")
{
    using enum AlertState;
    using P = Effect::Paging;
    struct Cell {
        AlertState state;
        Verb verb;
        std::optional<AlertState> becomes; // nullopt: refused
        P paging;
    };
    const Cell cells[] = {
        {triggered, Verb::acknowledge, acknowledged, P::stop},
        {triggered, Verb::escalate, triggered, P::next_level},
        {triggered, Verb::resolve, resolved, P::stop},
        {triggered, Verb::snooze, snoozed, P::stop},
        {triggered, Verb::refire, triggered, P::keep},
        {triggered, Verb::clear, resolved, P::stop},
        {triggered, Verb::wake, std::nullopt, P::keep},
        {acknowledged, Verb::acknowledge, std::nullopt, P::keep},
        {acknowledged, Verb::escalate, triggered, P::next_level},
        {acknowledged, Verb::resolve, resolved, P::stop},
        {acknowledged, Verb::snooze, snoozed, P::stop},
        {acknowledged, Verb::refire, acknowledged, P::keep},
        {acknowledged, Verb::clear, resolved, P::stop},
        {acknowledged, Verb::wake, std::nullopt, P::keep},
        {snoozed, Verb::acknowledge, acknowledged, P::stop},
        {snoozed, Verb::escalate, triggered, P::next_level},
        {snoozed, Verb::resolve, resolved, P::stop},
        {snoozed, Verb::snooze, snoozed, P::stop},
        {snoozed, Verb::refire, snoozed, P::keep},
        {snoozed, Verb::clear, resolved, P::stop},
        {snoozed, Verb::wake, triggered, P::start},
        {resolved, Verb::acknowledge, std::nullopt, P::keep},
        {resolved, Verb::escalate, std::nullopt, P::keep},
        {resolved, Verb::resolve, std::nullopt, P::keep},
        {resolved, Verb::snooze, std::nullopt, P::keep},
        {resolved, Verb::refire, std::nullopt, P::keep},
        {resolved, Verb::clear, std::nullopt, P::keep},
        {resolved, Verb::wake, std::nullopt, P::keep},
    };
    CHECK(std::size(cells) == 4 * 7);
    for (const auto& cell : cells) {
        INFO(name(cell.state) << " × " << name(cell.verb));
        const auto outcome = apply(cell.state, cell.verb);
        if (!cell.becomes) {
            CHECK(std::holds_alternative<Refusal>(outcome));
            continue;
        }
        REQUIRE(std::holds_alternative<Effect>(outcome));
        CHECK(std::get<Effect>(outcome).state == *cell.becomes);
        CHECK((std::get<Effect>(outcome).paging == cell.paging));
    }
}

TEST_CASE("Only members of the workspace may change an alert", "[oncall]")
{
    CHECK_NOTHROW(permit(Verb::acknowledge, "T1", "T1"));
    CHECK_NOTHROW(permit(Verb::acknowledge, "", "T1"));
    CHECK_THROWS_AS(permit(Verb::acknowledge, "T2", "T1"), Refusal);
}
