#include "blocks/choose_alert.hpp"
#include "blocks/from_message.hpp"
#include "blocks/golden.hpp"
#include "blocks/loading.hpp"
#include "blocks/samples.hpp"
#include "blocks/unable.hpp"
#include "catch.hpp"

namespace {

const blocks::Names people_in_forms{{"U01ANA00000", "Ana <!here>"}, {"U02BO000000", "Bo"}};

} // namespace

TEST_CASE("What stands before a form, and where none comes, looks as it did when somebody last looked at it", "[blocks][modals]")
{
    golden("loading", blocks::loading("`/oncall page @ana …`"));
    golden("answered_elsewhere", blocks::answered_elsewhere());
    golden("answered_here", blocks::answered_here(slack::body(blocks::words("<@U01ANA00000> has it. <this>", people_in_forms))));
    golden("not_loaded", blocks::not_loaded("<@U02BO000000> may not see <this>. Ask <@U01ANA00000>.", people_in_forms));
}

TEST_CASE("The form of a message for a timeline looks as it did when somebody last looked at it", "[blocks][modals]")
{
    const auto alert = samples::paging().alert;
    golden("alert_input", blocks::alert_input(blocks::action::alerts_lately, alert));
    golden("alert_input_nothing_chosen", blocks::alert_input(blocks::action::alerts_open, std::nullopt));
    golden("timeline_form",
        blocks::timeline_form({alert, "<@U02BO000000>", "It was the <cache> & *nothing* else", "meta", people_in_forms}));
    golden("timeline_form_of_nobody", blocks::timeline_form({std::nullopt, "", "", "meta", people_in_forms}));
    golden("timeline_done", blocks::timeline_done("It stands in the timeline of #42.", people_in_forms));
}

TEST_CASE("Somebody whom no page reaches looks as it did when somebody last looked at it", "[blocks][unable]")
{
    blocks::UnableShown shown{"U02BO000000", "is deactivated in Slack", {"schedule payments, rotation weekly", "team payments"},
        true, 1, people_in_forms};
    golden("unable_told", blocks::unable_told(shown), {"U02BO000000"});
    shown.can_be_fixed = false;
    shown.pages = 0;
    golden("unable_told_not_ours", blocks::unable_told(shown), {"U02BO000000"});
    golden("unable_over", blocks::unable_over({"U02BO000000", true, people_in_forms}), {"U02BO000000"});
    golden("unable_over_named_nowhere", blocks::unable_over({"U02BO000000", false, people_in_forms}), {"U02BO000000"});
    golden("unable_form",
        blocks::unable_form({"U02BO000000", "is deactivated in Slack", {"schedule payments, rotation weekly", "team payments"},
            {"team payments"}, {"Schedule search is another team's."}, "meta", people_in_forms}));
    blocks::PlanView plan;
    plan.lines = {"Schedule payments: rotation weekly is Ana <!here>", "<@U01ANA00000> gets 3 shifts"};
    plan.removes = true;
    golden("unable_plan", blocks::unable_plan(plan, "meta", people_in_forms));
}
