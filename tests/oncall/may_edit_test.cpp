#include "catch.hpp"
#include "oncall/may_edit.hpp"

using namespace oncall;

namespace {

Configuration two_teams()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .members = {"ana@example.com", "bo@example.com"}, .policy = "payments"};
    all.teams["search"] = {.name = "search", .members = {"chi@example.com"}, .policy = "search"};
    all.services["checkout"] = {.name = "checkout", .team = "payments"};
    all.services["index"] = {.name = "index", .team = "search", .policy = "slow"};
    all.services["nobody's"] = {.name = "nobody's", .policy = "slow"};
    for (const std::string name : {"payments", "search", "slow", "spare"})
        all.policies[name].name = name;
    all.sources["by team"] = {.name = "by team", .team = "payments"};
    all.sources["by service"] = {.name = "by service", .service = "index"};
    all.sources["by nobody"] = {.name = "by nobody"};
    all.heartbeats["of its service"] = {.name = "of its service", .source = "by service", .service = "checkout"};
    all.heartbeats["of its source"] = {.name = "of its source", .source = "by service"};
    all.rules.push_back({.name = "first"});
    return all;
}

Editor editor(const std::string& user, const std::string& kind = "member")
{
    Editor one;
    one.user = user;
    one.kind = kind;
    one.admins = {"cto@example.com"};
    one.ids = {{"ana@example.com", "U1"}, {"bo@example.com", "U2"}, {"chi@example.com", "U3"}, {"cto@example.com", "U9"}};
    return one;
}

/// Why not; "" when it is permitted.
std::string why_not(const Editor& who, const std::string& kind, const std::string& name, const Configuration& after = two_teams())
{
    try {
        permit_edit(who, kind, name, two_teams(), after);
        return "";
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
}

} // namespace

TEST_CASE("A thing belongs to the team it is of, or by which it is paged", "[oncall][settings]")
{
    const auto all = two_teams();
    using Teams = std::vector<std::string>;
    CHECK(owners(all, "team", "payments") == Teams{"payments"});
    CHECK(owners(all, "service", "checkout") == Teams{"payments"});
    CHECK(owners(all, "service", "nobody's") == Teams{});
    CHECK(owners(all, "policy", "payments") == Teams{"payments"});
    CHECK(owners(all, "policy", "slow") == Teams{"search"});
    CHECK(owners(all, "policy", "spare") == Teams{});
    CHECK(owners(all, "source", "by team") == Teams{"payments"});
    CHECK(owners(all, "source", "by service") == Teams{"search"});
    CHECK(owners(all, "source", "by nobody") == Teams{});
    CHECK(owners(all, "heartbeat", "of its service") == Teams{"payments"});
    CHECK(owners(all, "heartbeat", "of its source") == Teams{"search"});
    CHECK(owners(all, "rule", "first") == Teams{});
    CHECK(owners(all, "team", "unheard of") == Teams{});
}

TEST_CASE("Members change what is their team's, admins everything", "[oncall][settings]")
{
    const std::vector<std::pair<std::string, std::string>> payments{
        {"team", "payments"}, {"service", "checkout"}, {"policy", "payments"}, {"policy", "spare"}, {"source", "by team"}};
    const std::vector<std::pair<std::string, std::string>> others{{"team", "search"}, {"service", "index"},
        {"service", "nobody's"}, {"policy", "slow"}, {"source", "by service"}, {"source", "by nobody"}, {"rule", "first"}};
    for (const auto& [kind, name] : payments) {
        INFO(kind << " " << name);
        CHECK(why_not(editor("U1"), kind, name) == "");
        CHECK(why_not(editor("U9"), kind, name) == "");
    }
    for (const auto& [kind, name] : others) {
        INFO(kind << " " << name);
        CHECK(why_not(editor("U1"), kind, name) != "");
        CHECK(why_not(editor("U9"), kind, name) == "");
    }
    CHECK(why_not(editor("U1"), "team", "search")
        == "Only admins and members of team search may change team search. Ask <@U9> or <@U3>.");
    CHECK(why_not(editor("U1"), "rule", "first") == "Only admins (ONCALL_ADMINS) may change rule first. Ask <@U9>.");
}

TEST_CASE("Nothing is given away, taken over or founded by whoever is in one team", "[oncall][settings]")
{
    auto after = two_teams();
    after.services["checkout"].team = "search";
    CHECK(why_not(editor("U1"), "service", "checkout", after) != "");
    after = two_teams();
    after.services["index"].team = "payments";
    CHECK(why_not(editor("U1"), "service", "index", after) != "");
    after = two_teams();
    after.services["fresh"] = {.name = "fresh", .team = "payments"};
    after.services["theirs"] = {.name = "theirs", .team = "search"};
    after.teams["own"] = {.name = "own", .members = {"ana@example.com"}};
    after.policies["fresh"].name = "fresh";
    CHECK(why_not(editor("U1"), "service", "fresh", after) == "");
    CHECK(why_not(editor("U1"), "policy", "fresh", after) == "");
    CHECK(why_not(editor("U1"), "service", "theirs", after) != "");
    CHECK(why_not(editor("U1"), "team", "own", after) != "");
    CHECK(why_not(editor("U7"), "policy", "fresh", after) != "");
    CHECK(why_not(editor("U9"), "team", "own", after) == "");
    after = two_teams();
    after.teams["payments"].members = {"bo@example.com"};
    CHECK(why_not(editor("U1"), "team", "payments", after) == "");
    after.teams.erase("payments");
    CHECK(why_not(editor("U1"), "team", "payments", after) == "");
}

TEST_CASE("Without admins every member may change everything; guests, bots and strangers never", "[oncall][settings]")
{
    auto anybody = editor("U7");
    anybody.admins.clear();
    CHECK(why_not(anybody, "rule", "first") == "");
    for (const std::string kind : {"guest", "bot", "gone"}) {
        auto one = editor("U9", kind);
        CHECK(why_not(one, "team", "payments") == "Guests of this workspace can't change settings. Ask <@U9>.");
        one.admins.clear();
        CHECK(why_not(one, "team", "payments") == "Guests of this workspace can't change settings.");
    }
    CHECK(why_not(editor("U1", ""), "team", "payments").find("Try again in a moment") != std::string::npos);
    auto stranger = editor("U9");
    stranger.stranger = true;
    CHECK(why_not(stranger, "team", "payments").find("members of this workspace") != std::string::npos);
    CHECK(why_not(editor("U9", "stranger"), "team", "payments").find("members of this workspace") != std::string::npos);
}

TEST_CASE("An admin who is named by an address is known by it", "[oncall][settings]")
{
    auto one = editor("U8");
    one.admins = {"boss@example.com"};
    CHECK(why_not(one, "rule", "first") == "Only admins (ONCALL_ADMINS) may change rule first. Ask boss@example.com.");
    one.email = "boss@example.com";
    CHECK(why_not(one, "rule", "first") == "");
}

TEST_CASE("Nobody takes over a policy or a schedule by having others paged by it", "[oncall][settings]")
{
    const Target theirs{TargetKind::schedule, "payments"};
    auto before = two_teams();
    before.schedules["payments"].name = "payments";
    before.schedules["free"].name = "free";
    before.policies["odd"].name = "odd";
    for (const std::string name : {"payments", "odd"})
        before.policies[name].levels = {{.targets = {theirs}}};
    const auto refused = [&](const Editor& who, const std::string& kind, const std::string& name, const Configuration& after) {
        try {
            permit_edit(who, kind, name, before, after);
            return std::string{};
        } catch (const Refusal& refusal) {
            return std::string{refusal.what()};
        }
    };
    auto after = before;
    after.teams["search"].policy = "payments";
    CHECK(refused(editor("U3"), "team", "search", after)
        == "Only admins and members of team payments may have others paged by policy payments. Ask <@U9>, <@U1> or <@U2>.");
    CHECK(refused(editor("U9"), "team", "search", after) == "");
    after = before;
    after.services["index"].policy = "payments";
    CHECK(refused(editor("U3"), "service", "index", after) != "");
    CHECK(refused(editor("U9"), "service", "index", after) == "");
    after = before;
    after.services["fresh"] = {.name = "fresh", .team = "search", .policy = "payments"};
    CHECK(refused(editor("U3"), "service", "fresh", after) != "");
    after = before;
    after.services["checkout"].policy = "payments";
    CHECK(refused(editor("U1"), "service", "checkout", after) == "");

    // The schedule, by a policy of theirs, a new one, or one that nobody pages by.
    for (const std::string name : {"search", "spare", "new"}) {
        INFO(name);
        after = before;
        after.policies[name].name = name;
        after.policies[name].levels = {{.targets = {theirs}}};
        CHECK(refused(editor("U3"), "policy", name, after)
            == "Only admins and members of team payments may have others paged by schedule payments. Ask <@U9>, <@U1> or <@U2>.");
        CHECK(refused(editor("U9"), "policy", name, after) == "");
        after.policies[name].levels = {{.targets = {{TargetKind::schedule, "free"}}}};
        CHECK(refused(editor("U3"), "policy", name, after) == "");
    }
    after = before;
    after.teams["search"].policy = "odd";
    CHECK(refused(editor("U3"), "team", "search", after) != "");

    // What an admin has set up stays theirs to edit.
    before.teams["search"].policy = "payments";
    before.policies["slow"].levels = {{.targets = {theirs}}};
    after = before;
    after.teams["search"].channel = "#search";
    after.policies["slow"].repeat = 3;
    CHECK(refused(editor("U3"), "team", "search", after) == "");
    CHECK(refused(editor("U3"), "policy", "slow", after) == "");
}

TEST_CASE("A schedule belongs to the teams that page by it, and a new one to nobody yet", "[oncall][settings]")
{
    auto before = two_teams();
    before.schedules["payments"].name = "payments";
    before.policies["payments"].levels = {{.targets = {{TargetKind::schedule, "payments"}}}};
    auto after = before;
    after.schedules["payments"].time_zone = "Europe/Berlin";
    after.schedules["fresh"].name = "fresh";
    const auto permitted = [&](const std::string& user, const std::string& schedule) {
        try {
            permit_edit(editor(user), "schedule", schedule, before, after);
            return true;
        } catch (const Refusal&) {
            return false;
        }
    };
    CHECK(permitted("U1", "payments"));
    CHECK(permitted("U9", "payments"));
    CHECK_FALSE(permitted("U3", "payments"));
    CHECK(permitted("U3", "fresh"));
    CHECK_FALSE(permitted("U7", "fresh")); // of no team
}

TEST_CASE("What is not in force belongs to nobody but admins", "[oncall][settings]")
{
    CHECK(why_not(editor("U1"), "source", "broken") == "Only admins (ONCALL_ADMINS) may change source broken. Ask <@U9>.");
    CHECK(why_not(editor("U9"), "source", "broken") == "");
}

TEST_CASE("Managers change what is their team's, and its members do not where there are any", "[oncall][settings]")
{
    auto before = two_teams();
    before.teams["payments"].managers = {"dee@example.com"};
    before.teams["payments"].observers = {"eve@example.com"};
    before.schedules["free"].name = "free";
    const auto why = [&](const std::string& user, const std::string& kind, const std::string& name, const Configuration& after) {
        auto who = editor(user);
        who.ids["dee@example.com"] = "U4";
        who.ids["eve@example.com"] = "U5";
        try {
            permit_edit(who, kind, name, before, after);
            return std::string{};
        } catch (const Refusal& refusal) {
            return std::string{refusal.what()};
        }
    };
    const std::vector<std::pair<std::string, std::string>> theirs{
        {"team", "payments"}, {"service", "checkout"}, {"policy", "payments"}, {"policy", "spare"}, {"source", "by team"}};
    for (const auto& [kind, name] : theirs) {
        INFO(kind << " " << name);
        CHECK(why("U4", kind, name, before) == "");
        CHECK(why("U9", kind, name, before) == "");
        CHECK(why("U1", kind, name, before) != "");
        CHECK(why("U5", kind, name, before) != "");
    }
    CHECK(why("U1", "service", "checkout", before)
        == "Only admins and managers of team payments may change service checkout. Ask <@U9> or <@U4>.");
    CHECK(why("U4", "service", "index", before) != "");
    CHECK(why("U4", "rule", "first", before) != "");
    CHECK(why("U3", "service", "index", before) == ""); // a team without managers: its members

    // Another team's schedule is not taken by paging by it.
    before.policies["search"].levels = {{.targets = {{TargetKind::schedule, "free"}}}};
    auto after = before;
    after.teams["payments"].schedule = "free";
    CHECK(why("U4", "team", "payments", after).find("by schedule free") != std::string::npos);
    CHECK(why("U9", "team", "payments", after) == "");
}
