#include "catch.hpp"
#include "oncall/alert.hpp"
#include "oncall/look_permission.hpp"

using namespace oncall;

namespace {

bool is_let(const std::function<void(const Asker&)>& permit, const Asker& asker)
{
    try {
        permit(asker);
    } catch (const Refusal&) {
        return false;
    }
    return true;
}

} // namespace

TEST_CASE("Members look at everything, guests at schedules and their own hours, others at nothing", "[oncall][look]")
{
    struct Case {
        Asker asker{};
        bool look{}, post{}, report{}, own{};
    };
    const std::vector<Case> cases{
        {{"U1", "", "member", false}, true, true, true, true},
        {{"U1", "", "", false}, true, false, false, true}, // not looked up yet
        {{"U1", "", "guest", false}, true, false, false, true},
        {{"U1", "", "stranger", false}, false, false, false, false},
        {{"U1", "", "", true}, false, false, false, false},
    };
    for (const auto& one : cases) {
        INFO(one.asker.kind << " " << one.asker.stranger);
        CHECK(is_let(permit_look, one.asker) == one.look);
        CHECK(is_let(permit_post, one.asker) == one.post);
        CHECK(is_let(permit_coverage, one.asker) == one.report); // members
        CHECK(is_let([](const Asker& asker) { permit_report(asker, false); }, one.asker) == one.report);
        CHECK(is_let([](const Asker& asker) { permit_report(asker, true); }, one.asker) == one.own);
    }
}
