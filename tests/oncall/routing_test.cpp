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

TEST_CASE("What belongs to no service pages by the policy of a rule, of a rule's team or of its source's owner, else nobody",
    "[oncall][routing]")
{
    auto all = two_services();
    all.teams["bare"] = {.name = "bare"};
    all.teams["search"] = {.name = "search", .policy = "searchers"};
    all.sources["nobody's"] = {.name = "nobody's", .format = "generic"};
    all.sources["of the bare"] = {.name = "of the bare", .format = "generic", .team = "bare"};
    struct Row {
        const char* source;
        Rule then;
        const char* service;
        const char* team;
        const char* policy;
        bool own_policy, page, lost;
    };
    const std::vector<Row> rows{{"nobody's", {}, "", "", "", false, false, true},
        {"bare", {}, "", "payments", "default", true, true, false}, {"of the bare", {}, "", "bare", "", false, false, true},
        {"nobody's", {.team = "search"}, "", "search", "searchers", true, true, false},
        {"nobody's", {.team = "bare"}, "", "bare", "", false, true, false},
        {"nobody's", {.policy = "own"}, "", "", "own", true, true, false},
        {"nobody's", {.team = "search", .policy = "own"}, "", "search", "own", true, true, false},
        {"bare", {.page = false}, "", "payments", "default", true, false, false},
        {"nobody's", {.page = false}, "", "", "", false, false, false},
        {"nobody's", {.suppress = true}, "", "", "", false, false, false},
        {"scripts", {.team = "search"}, "", "search", "searchers", true, true, false},
        {"scripts", {.default_service = "checkout"}, "checkout", "payments", "default", false, true, false},
        {"scripts", {.policy = "searchers"}, "ledger", "payments", "searchers", true, true, false},
        {"scripts", {.service = "checkout", .team = "search"}, "checkout", "payments", "default", false, true, false},
        {"scripts", {.service = "gone"}, "ledger", "payments", "own", false, true, false}};
    for (const auto& row : rows) {
        all.rules = {row.then};
        all.rules.front().name = "r";
        AlertFields fields;
        fields.source = row.source;
        fields.service = "unheard of";
        const auto routed = route(all, fields);
        INFO(row.source << ": " << routed.because);
        CHECK(routed.service == row.service);
        CHECK(routed.team == row.team);
        CHECK(routed.policy == row.policy);
        CHECK(routed.own_policy == row.own_policy);
        CHECK(routed.page == row.page);
        CHECK(routed.lost == row.lost);
    }
    AlertFields fields;
    fields.source = "bare";
    fields.service = "chekout";
    all.rules.clear();
    CHECK(route(all, fields).because == "no known service, for there is no service chekout; source bare is team payments's");
}

TEST_CASE("That a service is known takes no page away: one without a team is its rule's, else its source's owner's",
    "[oncall][routing]")
{
    auto all = two_services();
    all.teams["search"] = {.name = "search", .policy = "searchers"};
    all.sources["nobody's"] = {.name = "nobody's", .format = "generic"};
    AlertFields fields;
    fields.source = "bare";
    fields.service = "cart";
    REQUIRE(route(all, fields).policy == "default"); // nobody knows it yet
    all.services["cart"] = {.name = "cart", .directory = "shop"};
    auto routed = route(all, fields);
    CHECK(routed.service == "cart");
    CHECK(routed.team == "payments");
    CHECK(routed.policy == "default");
    CHECK(routed.own_policy);
    CHECK(routed.page);
    CHECK_FALSE(routed.lost);
    CHECK(routed.because == "the alert names service cart; service cart has no team; source bare is team payments's");
    all.rules = {{.name = "r", .when = {}, .team = "search"}};
    CHECK(route(all, fields).policy == "searchers");
    // Its own policy is stronger, and so is its team.
    all.services["cart"].policy = "own";
    CHECK(route(all, fields).policy == "own");
    CHECK_FALSE(route(all, fields).own_policy);
    all.services["cart"] = {.name = "cart", .team = "payments", .directory = "shop"};
    CHECK(route(all, fields).policy == "default");
    all.services["cart"].team.clear();
    all.rules.clear();
    fields.source = "nobody's";
    routed = route(all, fields);
    CHECK(routed.policy.empty());
    CHECK(routed.page); // so that it is told that nobody is
}

TEST_CASE("What an earlier rule says to page no later rule keeps from people", "[oncall][routing]")
{
    auto all = two_services();
    all.rules = {{.name = "always", .when = is("severity", "critical"), .page = true, .goes_on = true},
        {.name = "noise", .when = {}, .suppress = true}};
    AlertFields fields;
    fields.source = "scripts";
    fields.severity = "critical";
    CHECK(route(all, fields).page);
    CHECK_FALSE(route(all, fields).suppress);
    fields.severity = "warning";
    CHECK(route(all, fields).suppress);
    all.rules.front().page = false;
    fields.severity = "critical";
    CHECK(route(all, fields).suppress);
}

TEST_CASE(
    "Rules that go on let later ones say what they do not, and each thing is said by the first that says it", "[oncall][routing]")
{
    auto all = two_services();
    const auto everything = Condition{};
    all.rules = {{.name = "title", .when = everything, .title = "{{labels.cluster}}: {{title}}", .goes_on = true},
        {.name = "another", .when = is("labels.cluster", "b"), .service = "ledger", .goes_on = true},
        {.name = "group",
            .when = everything,
            .severity = "warning",
            .delay = 5min,
            .group = {"{{labels.cluster}}/{{labels.rack}}", 10min},
            .title = "never said",
            .goes_on = true},
        {.name = "last",
            .when = everything,
            .service = "checkout",
            .policy = "own",
            .severity = "critical",
            .delay = 1h,
            .group = {"{{title}}", 1min}},
        {.name = "unheard", .when = everything, .suppress = true}};
    AlertFields fields;
    fields.source = "scripts";
    fields.title = "It is down";
    fields.severity = "critical";
    fields.labels["cluster"] = "a";
    auto routed = route(all, fields);
    CHECK(routed.rule == "title, group, last");
    CHECK(routed.because == "rules \"title\", \"group\", \"last\" matched");
    CHECK(routed.title == "a: It is down");
    CHECK(routed.service == "checkout");
    CHECK(routed.policy == "own");
    CHECK(routed.own_policy);
    CHECK(routed.severity == "warning");
    CHECK(routed.urgency == Urgency::low); // as the severity that the rule says
    CHECK(routed.delay == 5min);
    CHECK(routed.group_key == "group\na/");
    CHECK(routed.group_within == 10min);
    CHECK_FALSE(routed.suppress);
    CHECK(routed.page);

    fields.labels["cluster"] = "b";
    CHECK(route(all, fields).service == "ledger");
    // What says nothing of what it is grouped by is not grouped with all others of which that is true.
    fields.labels.clear();
    routed = route(all, fields);
    CHECK(routed.group_key.empty());
    CHECK(routed.title == ": It is down");
    all.rules.resize(3);
    all.rules[2].goes_on = false;
    all.rules[2].suppress = true;
    routed = route(all, fields);
    CHECK(routed.suppress);
    CHECK_FALSE(routed.page);
    CHECK_FALSE(routed.lost);
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
