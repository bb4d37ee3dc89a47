#include "catch.hpp"
#include "noon.hpp"
#include "oncall/lint.hpp"
#include "oncall/policy.hpp"
#include "oncall/routing.hpp"
#include "oncall/service_directory.hpp"

using namespace oncall;
using Texts = std::vector<std::string>;

namespace {

Configuration some_directory()
{
    Configuration all;
    all.schedules["payments"].name = "payments";
    all.schedules["payments"].time_zone = "UTC";
    all.policies["own"].name = "own";
    all.policies["own"].levels = {{.targets = {{TargetKind::user, "bo@example.com"}}}};
    all.teams["payments"] = {.name = "payments",
        .members = {"ana@example.com", "bo@example.com"},
        .managers = {"lea@example.com", "bo@example.com"},
        .observers = {"max@example.com"},
        .schedule = "payments"};
    all.teams["bare"] = {.name = "bare"};
    all.services["checkout"] = {.name = "checkout",
        .team = "payments",
        .depends_on = {"ledger", "mail", "checkout"},
        .subscribers = {"chi@example.com"},
        .paged_by = {"team:payments", "user:dee@example.com"}};
    all.services["ledger"] = {.name = "ledger", .team = "payments", .policy = "own"};
    all.services["lost"] = {.name = "lost", .team = "bare"};
    return all;
}

const Known known_here{{"ana@example.com", "U1"}, {"bo@example.com", "U2"}, {"chi@example.com", "U3"}, {"max@example.com", "U4"},
    {"dee@example.com", "U5"}, {"lea@example.com", "U6"}};

std::string refused_to(const std::string& user, const std::vector<std::string>& admins = {}, const std::string& of = "checkout")
{
    try {
        permit_paging_of(some_directory(), of, {.id = user}, admins, known_here);
        return {};
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
}

} // namespace

TEST_CASE("A team without a policy is paged by its schedule, and then as a whole", "[oncall][directory]")
{
    auto all = some_directory();
    const auto name = policy_of_service(all, "checkout");
    CHECK(name == "schedule of team payments");
    CHECK(is_made_of_schedule(all, name));
    const auto policy = policy_in(all, name);
    REQUIRE(policy);
    REQUIRE(policy->levels.size() == 2);
    CHECK(policy->levels[0].targets == std::vector<Target>{{TargetKind::schedule, "payments"}});
    CHECK(policy->levels[1].targets == std::vector<Target>{{TargetKind::team, "payments"}});
    CHECK(teams_of(all, "payments") == Texts{"payments"});
    AlertFields fields;
    fields.service = "checkout";
    const auto routed = route(all, fields);
    CHECK(routed.page);
    CHECK(routed.policy == name);
    CHECK(routed.because.find("no policy, so whoever is on call by its schedule") != std::string::npos);

    // What names a policy goes by that; who has neither has none.
    CHECK(policy_of_service(all, "ledger") == "own");
    CHECK(policy_of_service(all, "lost").empty());
    CHECK_FALSE(policy_in(all, policy_of_service(all, "lost")));
    all.teams["payments"].policy = "own";
    CHECK(policy_of_service(all, "checkout") == "own");
    CHECK_FALSE(is_made_of_schedule(all, "own"));
    all.policies[name].name = name; // somebody's own of that name counts first
    CHECK_FALSE(is_made_of_schedule(all, name));
    CHECK(policy_in(all, name)->levels.empty());
}

TEST_CASE(
    "Told of a service are whom it names, observers and whoever subscribed, and nobody who unsubscribed", "[oncall][directory]")
{
    const auto all = some_directory();
    CHECK(subscribers_of(all, "checkout", {}, known_here) == Texts{"U3", "U4"});
    CHECK(subscribers_of(all, "checkout", {{"U3", false}, {"U9", true}, {"U4", true}}, known_here) == Texts{"U4", "U9"});
    CHECK(subscribers_of(all, "ledger", {}, known_here) == Texts{"U4"});
    CHECK(subscribers_of(all, "gone", {{"U9", true}}, known_here).empty());
    CHECK(dependents_of(all, "ledger") == Texts{"checkout"});
    CHECK(dependents_of(all, "checkout").empty());
}

TEST_CASE("Who may page a service by hand is whom it names, its teams' people and admins", "[oncall][directory]")
{
    for (const std::string user : {"U1", "U2", "U5", "U6"})
        CHECK(refused_to(user) == "");
    CHECK(refused_to("U4") == "Service checkout is paged by hand only by team payments and <@U5>. Ask them, or page its team.");
    CHECK(refused_to("U9") != "");
    CHECK(refused_to("U9", {"U9"}) == "");
    CHECK(refused_to("U9", {}, "ledger") == "");
}

TEST_CASE("Whoever only subscribes has no part in what pages", "[oncall][directory]")
{
    const auto people = people_of(some_directory());
    CHECK(people.at("chi@example.com") == Texts{"subscribers of service checkout"});
    CHECK(only_looks_on(people.at("chi@example.com")));
    CHECK_FALSE(only_looks_on(people.at("dee@example.com"))); // pages by hand
    CHECK_FALSE(only_looks_on(people.at("lea@example.com")));
    CHECK_FALSE(only_looks_on(people.at("max@example.com"))); // an observer is of the team
}

TEST_CASE("Each person of a team is said once, with all that they are", "[oncall][directory]")
{
    const auto roles = roles_in(some_directory().teams.at("payments"));
    CHECK(roles
        == std::vector<TeamMember>{{"lea@example.com", "manager"}, {"bo@example.com", "manager, responder"},
            {"ana@example.com", "responder"}, {"max@example.com", "observer"}});
}

TEST_CASE("A service that depends on what is none here deserves a look", "[oncall][directory]")
{
    Texts said;
    for (const auto& one : lint(some_directory(), noon))
        if (one.path.starts_with("service "))
            said.push_back(words_of(one));
    CHECK(said
        == Texts{"service checkout, it depends on mail, which is no service here. To mend it: correct the name, or define it.",
            "service checkout, it depends on itself. To mend it: take it out."});
}
