#include "catch.hpp"
#include "oncall/routing.hpp"

using namespace oncall;

namespace {

Configuration two_services()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .channel = "#p", .policy = "default"};
    all.services["checkout"] = {.name = "checkout", .team = "payments"};
    all.services["ledger"] = {.name = "ledger", .team = "payments", .policy = "own"};
    all.sources["scripts"] = {.name = "scripts", .format = "generic", .service = "ledger", .team = "payments"};
    all.sources["bare"] = {.name = "bare", .format = "generic", .team = "payments"};
    return all;
}

Condition is(std::string field, std::string value) { return {Condition::Kind::is, {}, std::move(field), std::move(value)}; }

} // namespace

TEST_CASE("The first rule that matches decides, else the alert's service, else its source's", "[oncall][routing]")
{
    auto all = two_services();
    AlertFields fields;
    fields.source = "scripts";
    fields.severity = "critical";
    CHECK(route(all, fields).service == "ledger");
    fields.service = "checkout";
    CHECK(route(all, fields).service == "checkout");
    CHECK(route(all, fields).policy == "default");
    CHECK(route(all, fields).page);
    fields.service = "unheard of";
    CHECK(route(all, fields).service == "ledger");
    fields.labels["app"] = "pay";
    all.rules = {
        {.name = "first", .when = is("labels.app", "pay"), .service = "checkout", .urgency = Urgency::low, .page = false},
        {.name = "second", .when = is("labels.app", "pay"), .service = "ledger"}};
    const auto routed = route(all, fields);
    CHECK(routed.service == "checkout");
    CHECK(routed.rule == "first");
    CHECK(routed.urgency == Urgency::low);
    CHECK_FALSE(routed.page);
    CHECK(routed.because.find("first") != std::string::npos);
}

TEST_CASE("What belongs to no service pages nobody and goes to its source's owner", "[oncall][routing]")
{
    AlertFields fields;
    fields.source = "bare";
    const auto routed = route(two_services(), fields);
    CHECK(routed.service.empty());
    CHECK(routed.team == "payments");
    CHECK_FALSE(routed.page);
}

TEST_CASE("Conditions are all, any, not and is", "[oncall][routing]")
{
    AlertFields fields;
    fields.title = "t";
    fields.labels["a"] = "1";
    using Kind = Condition::Kind;
    CHECK(matches(is("title", "t"), fields));
    CHECK_FALSE(matches(is("labels.b", "1"), fields));
    CHECK(matches({Kind::any, {is("title", "x"), is("labels.a", "1")}, "", ""}, fields));
    CHECK_FALSE(matches({Kind::all, {is("title", "x"), is("labels.a", "1")}, "", ""}, fields));
    CHECK(matches({Kind::no, {is("title", "x")}, "", ""}, fields));
    CHECK_FALSE(matches({Kind::no, {is("title", "t")}, "", ""}, fields));
}

TEST_CASE("A severity nobody knows is urgent", "[oncall][routing]")
{
    CHECK(urgency_of("critical") == Urgency::high);
    CHECK(urgency_of("") == Urgency::high);
    CHECK(urgency_of("sev-unknown") == Urgency::high);
    CHECK(urgency_of("warning") == Urgency::low);
    CHECK(urgency_of("info") == Urgency::low);
}
