#include "blocks/choose_alert.hpp"
#include "blocks/from_message.hpp"
#include "blocks/loading.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

namespace {

std::vector<oncall::Alert> many_alerts(int count)
{
    std::vector<oncall::Alert> alerts;
    for (int number = 1; number <= count; ++number) {
        oncall::Alert alert;
        alert.id = {number};
        alert.title = "<!channel> alert " + std::string(static_cast<std::size_t>(number), 'x');
        alerts.push_back(std::move(alert));
    }
    return alerts;
}

slack::Json alert_element(const blocks::View& view)
{
    for (const auto& block : view["blocks"])
        if (block.value("block_id", std::string{}) == blocks::view::verb_alert)
            return block["element"];
    FAIL("there is no menu of alerts");
    return {};
}

} // namespace

TEST_CASE("A verb's form holds as many alerts as a menu does, and asks for more", "[blocks][modals]")
{
    blocks::VerbForm form;
    form.verb = oncall::Verb::note;
    form.choices = many_alerts(100);
    CHECK(workspace::problems_in_view(blocks::verb_modal(form), "modal") == std::vector<std::string>{});
    CHECK(alert_element(blocks::verb_modal(form))["type"] == "static_select");
    form.choices = many_alerts(101);
    CHECK(workspace::problems_in_view(blocks::verb_modal(form), "modal") == std::vector<std::string>{});
    CHECK(alert_element(blocks::verb_modal(form))["type"] == "external_select");
    CHECK(alert_element(blocks::verb_modal(form))["action_id"] == blocks::action::alerts_open);
    form.verb = oncall::Verb::reopen;
    CHECK(alert_element(blocks::verb_modal(form))["action_id"] == blocks::action::alerts_resolved);
}

TEST_CASE("However long and hostile a message is, Slack takes its form", "[blocks][modals]")
{
    const auto alert = many_alerts(90).back();
    for (const auto& text :
        {std::string{}, std::string(5'000, '&'), std::string(900, '\n'), std::string{"<!channel> *x* \xff"}}) {
        blocks::TimelineForm form;
        form.alert = alert;
        form.author = "<!here>";
        form.text = text;
        form.metadata = "{}";
        const auto view = blocks::timeline_form(form);
        CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
        CHECK(view.dump(-1, ' ', false, slack::Json::error_handler_t::replace).find("\"<!") == std::string::npos);
    }
    for (const auto& view : {blocks::loading("`/oncall page …`"), blocks::not_loaded("<!channel> no", {}),
             blocks::timeline_done("It is in the timeline of #1 already.", {})})
        CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
}
