#include "catch.hpp"
#include "noon.hpp"
#include "oncall/followers.hpp"

using namespace oncall;

namespace {

using Names = std::vector<std::string>;

/// A day each, from midnight in Berlin of that Tuesday on.
Schedule daily_of(const std::string& name, std::vector<Turn> turns)
{
    Schedule schedule{.name = name, .time_zone = "Europe/Berlin"};
    schedule.rotations = {
        {.name = "daily", .unit = Unit::day, .start = local_time_in("2026-11-03T00:00").value(), .turns = std::move(turns)}};
    return schedule;
}

Configuration one_team()
{
    Configuration all;
    all.schedules["first"] = daily_of("first", {{"ana"}, {"bo"}});
    all.policies["first"] = {.name = "first", .levels = {{.targets = {{TargetKind::schedule, "first"}}}}};
    all.teams["first"] = {.name = "first", .channel = "#first", .user_group = "@first", .topic = true, .policy = "first"};
    return all;
}

/// Everybody of that name has the id "U-" and it.
SlackPeople people(const Names& names)
{
    SlackPeople all;
    for (const auto& name : names)
        all[name] = {"U-" + name, name, "member"};
    return all;
}

const SlackPeople everybody_in_slack = people({"ana", "bo", "chi", "dee"});

} // namespace

TEST_CASE("A group holds who is on call in the schedules of level 1, and permanent members, each once", "[oncall][followers]")
{
    auto all = one_team();
    all.schedules["later"] = daily_of("later", {{"dee"}});
    auto& levels = all.policies["first"].levels;
    levels.front().targets.push_back({TargetKind::user, "dee"}); // no schedule
    levels.push_back({.targets = {{TargetKind::schedule, "later"}}}); // level 2
    all.teams["first"].permanent_members = {"chi", "ana"};
    const auto wishes = group_wishes(all, everybody_in_slack, {}, noon);
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].group == "@first");
    CHECK(wishes[0].members == Names{"U-ana", "U-chi"});
    CHECK(wishes[0].schedules == Names{"first"});
    CHECK(wishes[0].until == noon + 11h); // midnight in Berlin
    CHECK(group_wishes(all, everybody_in_slack, {}, noon + 11h)[0].members == Names{"U-bo", "U-chi", "U-ana"});
}

TEST_CASE("Several schedules and several teams fill one group, however they write it", "[oncall][followers]")
{
    auto all = one_team();
    all.schedules["other"] = daily_of("other", {{"chi"}});
    all.schedules["other"].rotations[0].start = local_time_in("2026-11-03T15:00").value();
    all.schedules["other"].rotations[0].turns = {{"chi"}, {"dee"}};
    all.policies["first"].levels.front().targets.push_back({TargetKind::schedule, "other"});
    all.policies["second"] = {.name = "second", .levels = {{.targets = {{TargetKind::schedule, "other"}}}}};
    all.teams["second"] = {.name = "second", .user_group = "@First", .permanent_members = {"bo"}, .policy = "second"};
    all.teams["third"] = {.name = "third", .user_group = "S123", .permanent_members = {"ana"}};

    const auto apart = group_wishes(all, everybody_in_slack, {}, noon);
    REQUIRE(apart.size() == 2);
    CHECK(apart[0].members == Names{"U-ana", "U-dee", "U-bo"});
    CHECK(apart[0].teams == Names{"first", "second"});
    CHECK(apart[0].until == noon + 2h); // the earlier of the two
    CHECK(apart[1].members == Names{"U-ana"});
    CHECK_FALSE(apart[1].until);

    all.schedules["first"].rotations[0].turns = {{"dee"}};
    const auto together = group_wishes(all, everybody_in_slack, {{"@first", "S123"}, {"@First", "S123"}}, noon);
    REQUIRE(together.size() == 1);
    CHECK(together[0].members == Names{"U-dee", "U-bo", "U-ana"});
}

TEST_CASE("Whom no group takes is left out, and whom Slack did not tell of is named", "[oncall][followers]")
{
    auto all = one_team();
    all.schedules["first"].rotations[0].turns = {{"ana", "bo", "chi", "dee"}};
    auto known = people({"ana", "bo", "chi"});
    known["bo"].kind = "guest";
    known["chi"].kind = "gone";
    const auto wish = group_wishes(all, known, {}, noon).front();
    CHECK(wish.members == Names{"U-ana"});
    REQUIRE(wish.left_out.size() == 2);
    CHECK(wish.left_out[0].person == "bo");
    CHECK(wish.left_out[1].kind == "gone");
    CHECK(wish.unknown == Names{"dee"});
    // Not asked yet is no reason.
    known["ana"].kind = "";
    CHECK(group_wishes(all, known, {}, noon).front().members == Names{"U-ana"});
}

TEST_CASE("A gap leaves the permanent members, or nobody", "[oncall][followers]")
{
    auto all = one_team();
    all.schedules["first"].rotations[0].turns = {{}, {"bo"}};
    auto wish = group_wishes(all, everybody_in_slack, {}, noon).front();
    CHECK(wish.members.empty());
    CHECK(wish.until == noon + 11h);
    all.teams["first"].permanent_members = {"chi"};
    CHECK(group_wishes(all, everybody_in_slack, {}, noon).front().members == Names{"U-chi"});
    // Without a schedule there is nothing to wait for.
    all.policies.clear();
    wish = group_wishes(all, everybody_in_slack, {}, noon).front();
    CHECK(wish.schedules.empty());
    CHECK_FALSE(wish.until);
}

TEST_CASE(
    "A topic says who is on call, until when in the schedule's zone, and shorter where there is no room", "[oncall][followers]")
{
    auto all = one_team();
    all.schedules["first"].rotations[0].turns = {{"ana", "chi"}, {"bo"}};
    const auto wishes = topic_wishes(all, everybody_in_slack, {}, noon);
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].channel == "#first");
    CHECK(wishes[0].texts == Names{"[On call: ana, chi until Wed 4 Nov 00:00]", "[On call: ana, chi]", "[On call: ana +1]"});
    CHECK(wishes[0].until == noon + 11h);

    SECTION("names cannot end our part")
    {
        auto odd = everybody_in_slack;
        odd["ana"].name = "Ana [SRE]\n";
        CHECK(topic_wishes(all, odd, {}, noon)[0].texts[1] == "[On call: Ana SRE, chi]");
    }
    SECTION("nobody is said, and whoever is not known yet is called as configured")
    {
        all.schedules["first"].rotations[0].turns = {{}};
        CHECK(topic_wishes(all, everybody_in_slack, {}, noon)[0].texts == Names{"[On call: nobody]"});
        all.schedules["first"].rotations[0].turns = {{"eve@example.com"}};
        const auto wish = topic_wishes(all, everybody_in_slack, {}, noon)[0];
        CHECK(wish.texts.front() == "[On call: eve@example.com]");
        CHECK(wish.unknown == Names{"eve@example.com"});
    }
    SECTION("teams that share a channel share its topic")
    {
        all.schedules["other"] = daily_of("other", {{"dee"}});
        all.policies["second"] = {.name = "second", .levels = {{.targets = {{TargetKind::schedule, "other"}}}}};
        all.teams["second"] = {.name = "second", .channel = "C1", .topic = true, .policy = "second"};
        const auto shared = topic_wishes(all, everybody_in_slack, {{"#first", "C1"}, {"C1", "C1"}}, noon);
        REQUIRE(shared.size() == 1);
        CHECK(shared[0].texts[1] == "[On call: first: ana, chi; second: dee]");
    }
    SECTION("only teams that want it have one")
    {
        all.teams["first"].topic = false;
        CHECK(topic_wishes(all, everybody_in_slack, {}, noon).empty());
    }
}
