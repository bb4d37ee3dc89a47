#include "catch.hpp"
#include "oncall/who_may.hpp"

#include "oncall/verbs.hpp"
#include <set>

#include <map>

using namespace oncall;

namespace {

using enum AlertState;
using P = Effect::Paging;

/// What a cell says: the new state and what becomes of the page; nullopt: refused.
using Cell = std::optional<std::pair<AlertState, P>>;
struct Row {
    Verb verb{};
    Cell triggered{}, promised{}, acknowledged{}, snoozed{}, resolved{};
};

Cell to(AlertState state, P paging) { return std::pair{state, paging}; }
const Cell no = std::nullopt;

const Row table[] = {
    {Verb::acknowledge, to(acknowledged, P::stop), to(acknowledged, P::stop), no, to(acknowledged, P::stop), no},
    {Verb::unacknowledge, no, to(triggered, P::start), to(triggered, P::start), to(triggered, P::start), no},
    {Verb::promise, to(promised, P::stop), to(promised, P::stop), no, to(promised, P::stop), no},
    {Verb::escalate, to(triggered, P::next_level), to(triggered, P::next_level), to(triggered, P::next_level),
        to(triggered, P::next_level), no},
    {Verb::decline, to(triggered, P::hand_over), to(triggered, P::next_level), to(triggered, P::next_level),
        to(triggered, P::next_level), no},
    {Verb::reassign, to(triggered, P::redirect), to(triggered, P::redirect), to(triggered, P::redirect),
        to(triggered, P::redirect), no},
    {Verb::add_responder, to(triggered, P::ask), to(promised, P::ask), to(acknowledged, P::ask), to(snoozed, P::ask), no},
    {Verb::join, to(acknowledged, P::stop), to(promised, P::keep), to(acknowledged, P::keep), to(snoozed, P::keep), no},
    {Verb::snooze, to(snoozed, P::stop), to(snoozed, P::stop), to(snoozed, P::stop), to(snoozed, P::stop), no},
    {Verb::resolve, to(resolved, P::stop), to(resolved, P::stop), to(resolved, P::stop), to(resolved, P::stop), no},
    {Verb::reopen, no, no, no, no, to(triggered, P::start)},
    {Verb::note, to(triggered, P::keep), to(promised, P::keep), to(acknowledged, P::keep), to(snoozed, P::keep),
        to(resolved, P::keep)},
    {Verb::undo, no, to(triggered, P::resume), to(triggered, P::resume), to(triggered, P::resume), to(triggered, P::resume)},
    {Verb::cancel, to(acknowledged, P::stop), no, no, no, no},
    {Verb::still_on_it, to(acknowledged, P::stop), no, to(acknowledged, P::keep), no, no},
    {Verb::refire, to(triggered, P::keep), to(promised, P::keep), to(acknowledged, P::keep), to(snoozed, P::keep), no},
    {Verb::again, to(triggered, P::start), to(triggered, P::start), to(triggered, P::start), to(triggered, P::start), no},
    {Verb::clear, to(resolved, P::stop), to(resolved, P::stop), to(resolved, P::stop), to(resolved, P::stop), no},
    {Verb::come_back, no, no, no, no, to(triggered, P::resume)},
    {Verb::wake, no, no, no, to(triggered, P::start), no},
    {Verb::lapse, no, to(triggered, P::start), to(triggered, P::start), no, no},
};

void check_cell(AlertState state, Verb verb, const Cell& cell)
{
    INFO(name(state) << " × " << name(verb));
    const auto outcome = apply(state, verb);
    if (!cell) {
        REQUIRE(std::holds_alternative<Refusal>(outcome));
        // Words that say what to do or that there is nothing to do.
        CHECK(std::string{std::get<Refusal>(outcome).what()}.size() > 15);
        return;
    }
    REQUIRE(std::holds_alternative<Effect>(outcome));
    CHECK(std::get<Effect>(outcome).state == cell->first);
    CHECK((std::get<Effect>(outcome).paging == cell->second));
    CHECK((std::get<Effect>(outcome).words.empty() == (verb == Verb::refire)));
}

} // namespace

TEST_CASE("Each cell of state × verb says what happens", "[oncall]")
{
    REQUIRE(std::size(table) == all_verbs.size());
    for (std::size_t i = 0; i < all_verbs.size(); ++i) {
        const auto& row = table[i];
        REQUIRE(row.verb == all_verbs[i]);
        check_cell(triggered, row.verb, row.triggered);
        check_cell(promised, row.verb, row.promised);
        check_cell(acknowledged, row.verb, row.acknowledged);
        check_cell(snoozed, row.verb, row.snoozed);
        check_cell(resolved, row.verb, row.resolved);
    }
}

TEST_CASE("Verbs have names of their own", "[oncall]")
{
    std::map<std::string_view, int> names;
    for (const auto verb : all_verbs)
        CHECK(++names[name(verb)] == 1);
}

TEST_CASE("Nobody of another workspace changes an alert, and no guest pages by it", "[oncall]")
{
    const std::set<Verb> pages{Verb::reassign, Verb::add_responder, Verb::escalate, Verb::reopen};
    for (const auto verb : all_verbs) {
        CHECK_NOTHROW(permit(deed_of(verb), "member", false));
        CHECK_THROWS_AS(permit(deed_of(verb), "", true), Refusal);
        CHECK(why_may_not(deed_of(verb), "guest", false).empty() == (pages.count(verb) == 0));
    }
    // Their own acknowledgement guests take back, and that of others they leave.
    CHECK_THROWS_WITH(
        permit(deed_of(Verb::unacknowledge, false), "guest", false), contains("Guests of this workspace cannot page"));
    CHECK_NOTHROW(permit(deed_of(Verb::unacknowledge, false), "member", false));
}
