#include "blocks/details.hpp"
#include "blocks/golden.hpp"
#include "blocks/grouping.hpp"
#include "blocks/samples.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

using blocks::Json;
using oncall::AlertState;
using namespace std::chrono_literals;

namespace {

blocks::AlertView of_many()
{
    auto shown = samples::paging();
    shown.group.open = 38;
    shown.group.over = 3;
    for (const int number : {83, 82, 81, 80}) {
        oncall::Alert one;
        one.id = {number};
        one.title = "Checkout is slow on host " + std::to_string(number);
        one.severity = number == 83 ? "critical" : "error";
        shown.group.some.push_back(std::move(one));
    }
    oncall::Alert over;
    over.id = {79};
    over.title = "<!channel> *Checkout*";
    over.state = AlertState::resolved;
    shown.group.some.push_back(std::move(over));
    return shown;
}

blocks::AlertView merged_into(AlertState state)
{
    auto shown = samples::paging();
    shown.page->state = oncall::PageState::resolved;
    shown.next.clear();
    shown.parent = samples::answered(state).alert;
    shown.parent->id = {12};
    shown.parent->title = "The database is down";
    return shown;
}

} // namespace

TEST_CASE("What stands for others counts them, and what it stands for says where to look", "[blocks][grouping]")
{
    const std::set<std::string> ana{"U01ANA00000"};
    golden("card_triggered_group", card(of_many()), ana);
    auto over = of_many();
    over.group.over_by_source = true;
    golden("card_acknowledged_group_over", card([&] {
        auto shown = samples::answered(AlertState::acknowledged);
        shown.group = over.group;
        return shown;
    }()));
    auto ended = samples::answered(AlertState::resolved);
    ended.group.over = 41;
    golden("card_resolved_group", card(ended));
    golden("card_triggered_merged", card(merged_into(AlertState::acknowledged)));
    golden("page_triggered_merged", page(merged_into(AlertState::acknowledged), "U01ANA00000"));
    golden("details_merged", blocks::details(merged_into(AlertState::snoozed)));
    golden("status_group", blocks::status({of_many()}, samples::start + 5min, true));
}

TEST_CASE("The forms that merge and split are taken by Slack", "[blocks][grouping]")
{
    const auto alert = samples::paging().alert;
    golden("merge_form", blocks::merge_form(alert));
    golden("merge_form_bare", blocks::merge_form(std::nullopt));
    golden("split_form", blocks::split_form());
    golden("merge_done",
        blocks::merge_done("Merged #42 Checkout is down into #12 The database is down, which stands for both.", {42}));
    auto hostile = alert;
    hostile.title = std::string(4'000, '&') + "<!channel>";
    CHECK(workspace::problems_in_view(blocks::merge_form(hostile), "modal").empty());
}
