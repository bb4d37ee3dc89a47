#include "blocks/form.hpp"
#include "catch.hpp"
#include "handlers/rule_form.hpp"
#include "workspace/block_kit.hpp"

#include <rapidcheck.h>

using namespace handlers;
using namespace std::chrono_literals;
using blocks::Values;
using oncall::NotificationRule;
using oncall::Urgency;

namespace {

oncall::ContactMethod sms(std::int64_t id, const std::string& label = {})
{
    oncall::ContactMethod one;
    one.id = {id};
    one.kind = oncall::ContactKind::sms;
    one.address = "+4915123456789";
    one.label = label;
    return one;
}

const std::vector<oncall::ContactMethod> hers{sms(12, "Work"), sms(13)};

NotificationRule nights()
{
    NotificationRule rule;
    rule.name = "Nights";
    rule.windows = {{.days = {oncall::Weekday::mon, oncall::Weekday::sun}, .from = 22h, .to = 7h}};
    rule.steps = {{{"push", "sms:12"}, 90s}, {{"voice"}, 5min}, {{"slack"}, 0s}};
    return rule;
}

ReadRule rule_after(const Values& changes)
{
    auto values = rule_values(nights());
    for (const auto& [field, texts] : changes)
        values[field] = texts;
    return rule_in(values, Urgency::high, hers);
}

} // namespace

TEST_CASE("A rule goes into its form and comes back the same", "[handlers][rules]")
{
    const auto read = rule_after({});
    CHECK(read.errors.empty());
    CHECK(read.rule == nights());
    auto always = nights();
    always.windows.clear();
    CHECK(rule_in(rule_values(always), Urgency::high, hers).rule == always);
    auto weekend = nights();
    weekend.windows = {{.days = {oncall::Weekday::sat, oncall::Weekday::sun}, .from = 0h, .to = 24h}};
    CHECK(rule_in(rule_values(weekend), Urgency::high, hers).rule == weekend);
    CHECK(carried_in(carried(rule_values(nights()))) == rule_values(nights()));
    CHECK(carried_in("{") == std::nullopt);
    CHECK(carried_in("[[1]]") == std::nullopt);
}

TEST_CASE("Times are read as people type them", "[handlers][rules]")
{
    for (const std::string nine : {"9", "9:00", "09", "09:00", " 9:00 "}) {
        const auto read = rule_after({{"from", {nine}}, {"to", {"17:30"}}});
        INFO(nine);
        CHECK(read.errors.empty());
        CHECK(read.rule.windows.front().from == 9h);
    }
    CHECK(rule_after({{"days", {}}, {"from", {}}, {"to", {}}}).rule.windows.empty());
    CHECK(
        rule_after({{"days", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}, {"from", {}}, {"to", {}}}).rule.windows.empty());
}

TEST_CASE("What is wrong stands at its field", "[handlers][rules]")
{
    const auto only = [](const ReadRule& read, const std::string& field) {
        INFO((read.errors.empty() ? "no error" : read.errors.begin()->first + ": " + read.errors.begin()->second));
        CHECK(read.errors.size() == 1);
        CHECK(read.errors.contains(field));
    };
    only(rule_after({{"name", {"  "}}}), "name");
    only(rule_after({{"from", {"25:00"}}}), "from");
    only(rule_after({{"to", {"evening"}}}), "to");
    only(rule_after({{"to", {}}}), "to");
    only(rule_after({{"from", {}}}), "from");
    only(rule_after({{"from", {"07:00"}}}), "to");
    only(rule_after({{"steps[0].methods", {}}}), "steps[0].methods");
    only(rule_after({{"steps[0].methods", {"sms:99"}}}), "steps[0].methods"); // somebody else's, or removed
    only(rule_after({{"steps[0].wait", {}}}), "steps[0].wait");
    only(rule_after({{"steps[0].wait", {"soon"}}}), "steps[0].wait");
    only(rule_after({{"steps[1].wait", {"5s"}}}), "steps[1].wait");
    only(rule_after({{"steps[1].wait", {"5h"}}}), "steps[1].wait");
    CHECK(rule_after({{"steps[2].wait", {"5m"}}}).errors.empty());
}

TEST_CASE("Steps are added up to five, moved and removed", "[handlers][rules]")
{
    auto values = rule_values(nights());
    move_step(values, 0, 1);
    CHECK(values["steps[0].methods"] == std::vector<std::string>{"voice"});
    CHECK(values["steps[1].wait"] == std::vector<std::string>{"1m30s"});
    move_step(values, 0, 9);
    CHECK(steps_in(values) == 3);
    remove_step(values, 0);
    CHECK(steps_in(values) == 2);
    CHECK(values["steps[0].methods"] == std::vector<std::string>{"push", "sms:12"});
    remove_step(values, 0);
    remove_step(values, 0);
    CHECK(steps_in(values) == 1); // the last one stays
    for (int i = 0; i < 9; ++i)
        add_step(values);
    CHECK(steps_in(values) == most_rule_steps);
}

TEST_CASE("Days begin where her week begins", "[handlers][rules]")
{
    const auto first_day = [](const std::vector<blocks::Part>& parts) {
        for (const auto& part : parts)
            if (const auto* field = std::get_if<blocks::Field>(&part); field && field->id == "days" && field->choices.size() == 7)
                return field->choices.front().label + " to " + field->choices.back().label;
        return std::string{};
    };
    CHECK(first_day(rule_parts({}, {}, "")) == "Monday to Sunday");
    CHECK(first_day(rule_parts({}, {}, "", oncall::time_style("en-US"))) == "Sunday to Saturday");
    CHECK(first_day(quiet_parts("", oncall::time_style("de-DE"))) == "Monday to Sunday");
    CHECK(first_day(quiet_parts("", oncall::time_style("ja-JP"))) == "Sunday to Saturday");
}

TEST_CASE("Whatever she has and has filled in, the rule's form is one that Slack takes", "[handlers][rules]")
{
    std::vector<oncall::ContactMethod> many;
    for (int i = 1; i <= 20; ++i)
        many.push_back(sms(i, "<!channel> " + std::string(200, 'x')));
    auto values = rule_values(nights());
    for (int i = 0; i < 9; ++i)
        add_step(values);
    blocks::Form form;
    form.title = "Rule";
    form.submit = "Check";
    form.callback = "rules.form";
    form.parts = rule_parts(values, many, "Europe/Berlin");
    CHECK(workspace::problems_in_view(blocks::form(form, values), "modal") == std::vector<std::string>{});
    form.parts = rule_parts(values, {}, "");
    CHECK(workspace::problems_in_view(blocks::form(form, values), "modal") == std::vector<std::string>{});
    CHECK(rc::check("any values are read", [&] {
        Values any;
        for (const auto* field : {"name", "days", "from", "to", "steps[0].methods", "steps[0].wait", "steps[1].methods"})
            if (*rc::gen::arbitrary<bool>())
                any[field] = *rc::gen::arbitrary<std::vector<std::string>>();
        const auto read = rule_in(any, Urgency::low, hers);
        if (read.errors.empty())
            RC_ASSERT(read.rule.steps.size() == steps_in(any));
        RC_ASSERT(carried_in(carried(any)).has_value());
    }));
}

TEST_CASE("Quiet hours are what is filled in, and nothing is said at its field", "[handlers][rules][quiet]")
{
    const auto read = [](const Values& values) { return quiet_in(values); };
    const auto night = read({{"from", {"22"}}, {"to", {"7:00"}}});
    CHECK(night.errors.empty());
    CHECK(night.window.from == 22h);
    CHECK(night.window.to == 7h);
    CHECK(night.window.days.empty());
    CHECK(read(quiet_values(night.window)).window == night.window);
    const auto sundays = read({{"days", {"sun"}}});
    CHECK(sundays.errors.empty());
    CHECK(sundays.window.to == 24h);
    CHECK(read(quiet_values(sundays.window)).window == sundays.window);
    CHECK(read({}).errors.contains("from"));
    CHECK(read({{"days", {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}}).errors.contains("from"));
    CHECK(read({{"from", {"22:00"}}}).errors.contains("to"));
    CHECK(read({{"from", {"soon"}}, {"to", {"7"}}}).errors.contains("from"));
    CHECK(read({{"from", {"7"}}, {"to", {"7"}}}).errors.contains("to"));
}
