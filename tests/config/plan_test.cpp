#include "catch.hpp"
#include "config/kept.hpp"
#include "config/plan_parts.hpp"

using namespace std::chrono_literals;
using config::Action;
using kept::Kept;
using kept::said;

using namespace std::chrono_literals;

namespace {

oncall::Configuration parsed(const std::string& yaml)
{
    auto result = config::parse(yaml, [](const std::string&) { return std::optional<std::string>{}; });
    for (const auto& problem : result.problems)
        FAIL(config::describe("the file", problem));
    return std::move(result.configuration);
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    const auto at = text.find(what);
    REQUIRE(at != text.npos);
    return text.replace(at, what.size(), by);
}

const std::string file = R"(
teams:
  payments: {channel: "#payments", members: [ana@example.com, bo@example.com], policy: payments}
services:
  checkout: {team: payments}
schedules:
  payments:
    time_zone: Europe/Berlin
    rotations:
      - {name: weekly, start: 2026-11-02T09:00, users: [ana@example.com, bo@example.com]}
policies:
  payments:
    levels:
      - {targets: ["schedule:payments"], patience: 7m}
sources:
  scripts: {format: generic, key: abc, service: checkout}
rules:
  - {name: one, when: {field: severity, is: a}, then: {service: checkout}}
  - {name: two, when: {field: severity, is: b}, then: {service: checkout}}
  - {name: three, when: {field: severity, is: c}, then: {service: checkout}}
)";

std::string with_overrides(const std::string& lines, const std::string& of = file)
{
    return replaced(of, "policies:\n", "    overrides:\n" + lines + "policies:\n");
}

const std::string christmas = "      - {from: 2026-12-24T00:00, to: 2026-12-27T00:00, put: [bo@example.com]}\n";
const std::string friday = "      - {from: 2026-11-06T09:00, to: 2026-11-06T17:00, add: [bo@example.com]}\n";

Kept applied(const std::string& text = file)
{
    Kept kept;
    const auto plan = kept.apply(parsed(text));
    REQUIRE(plan.problems.empty());
    return kept;
}

config::Difference the_field(const config::Plan& plan)
{
    REQUIRE(plan.changes.size() == 1);
    REQUIRE(plan.changes[0].fields.size() == 1);
    return plan.changes[0].fields[0];
}

std::vector<std::string> rules_of(const Kept& kept)
{
    std::vector<std::string> names;
    for (const auto& rule : kept.configuration().rules)
        names.push_back(rule.name);
    return names;
}

std::string lower(const std::string& of, const std::string& what, const std::string& by) { return replaced(of, what, by); }

} // namespace

TEST_CASE("A first file makes everything it says, and the configuration is the file's", "[plan]")
{
    Kept kept;
    const auto plan = kept.apply(parsed(file));
    CHECK(plan.problems.empty());
    CHECK(plan.changes.size() == 8);
    for (const auto& change : plan.changes)
        CHECK(change.action == Action::create);
    auto wanted = parsed(file);
    wanted.sources.at("scripts").key.clear();
    wanted.sources.at("scripts").key_hash = storage::sha256("abc");
    CHECK(kept.configuration() == wanted);
    CHECK(kept.problems == 0);
}

TEST_CASE("The same file twice writes nothing the second time", "[plan]")
{
    auto kept = applied(with_overrides(christmas + friday));
    for (const auto& wishes :
        {config::Wishes{}, config::Wishes{true, false}, config::Wishes{false, true}, config::Wishes{true, true}}) {
        const auto plan = kept.apply(parsed(with_overrides(christmas + friday)), wishes);
        CHECK(said(plan).empty());
        CHECK_FALSE(plan.writes_anything());
        CHECK(config::describe(plan, {}) == "Nothing to change.\n");
    }
}

TEST_CASE("What changed in the file alone changes, with before and after", "[plan]")
{
    auto kept = applied();
    const auto plan = kept.apply(parsed(replaced(file, "patience: 7m", "patience: 10m")));
    CHECK(said(plan) == std::vector<std::string>{"policy payments: levels[0].patience: 7m → 10m"});
    CHECK(plan.changes[0].action == Action::change);
    CHECK(
        config::describe(plan, {}) == "~ policy payments: levels[0].patience: 7m → 10m\n0 new, 1 changed, 0 deleted, 0 kept.\n");
    CHECK(kept.configuration().policies.at("payments").levels[0].patience == 10min);
}

TEST_CASE("What was edited in Slack stays while the file says the same as before, and is reported each time", "[plan]")
{
    auto kept = applied();
    const auto edited = lower(kept.holds("team", "payments"), "#payments", "#pay");
    CHECK(kept.edit("team", "payments", edited).problems.empty());
    for (int times = 0; times < 2; ++times) {
        const auto plan = kept.apply(parsed(file));
        CHECK(said(plan)
            == std::vector<std::string>{
                "team payments: edited in Slack; stays so, --force takes the file's (Bo, 2026-11-03 12:00 "
                "UTC). In Slack → in the file: channel: #pay → #payments"});
        CHECK_FALSE(plan.writes_anything());
    }
    CHECK(kept.configuration().teams.at("payments").channel == "#pay");
}

TEST_CASE("What was changed in the file and in Slack stays as in Slack, reported each time, until it is forced", "[plan]")
{
    auto kept = applied();
    kept.edit("team", "payments", lower(kept.holds("team", "payments"), "#payments", "#pay"));
    const auto other = parsed(replaced(file, "channel: \"#payments\"", "channel: \"#money\""));
    for (int times = 0; times < 2; ++times) {
        const auto plan = kept.apply(other);
        CHECK_THAT(said(plan).at(0), contains("changed in the file and edited in Slack; stays as in Slack"));
        CHECK_THAT(said(plan).at(0), contains("channel: #pay → #money"));
        CHECK(kept.configuration().teams.at("payments").channel == "#pay");
    }
    const auto plan = kept.apply(other, {false, true});
    CHECK(said(plan) == std::vector<std::string>{"team payments: channel: #pay → #money"});
    CHECK(kept.configuration().teams.at("payments").channel == "#money");
    CHECK_FALSE(kept.apply(other).writes_anything());
}

TEST_CASE("What the file says by now as Slack does is only remembered", "[plan]")
{
    auto kept = applied();
    kept.edit("team", "payments", lower(kept.holds("team", "payments"), "#payments", "#pay"));
    const auto same = parsed(replaced(file, "channel: \"#payments\"", "channel: \"#pay\""));
    const auto plan = kept.apply(same);
    CHECK(said(plan).empty());
    CHECK(plan.writes_anything());
    CHECK_FALSE(kept.apply(same).writes_anything());
    // From now on the file's changes are taken again.
    CHECK(said(kept.apply(parsed(file))) == std::vector<std::string>{"team payments: channel: #pay → #payments"});
}

TEST_CASE("What is gone from the file is reported, and deleted only when pruned", "[plan]")
{
    auto kept = applied(file + "  - {name: four, when: {field: severity, is: d}, then: {service: checkout}}\n");
    auto plan = kept.apply(parsed(file));
    CHECK(said(plan).at(0) == "rule four: no longer in the file; stays, --prune deletes it");
    CHECK_FALSE(kept.holds("rule", "four").empty());
    plan = kept.apply(parsed(file), {true, false});
    CHECK(said(plan) == std::vector<std::string>{"rule four"});
    CHECK(plan.changes[0].action == Action::remove);
    CHECK(kept.holds("rule", "four").empty());
    CHECK(rules_of(kept) == std::vector<std::string>{"one", "two", "three"});
    CHECK_FALSE(kept.apply(parsed(file), {true, false}).writes_anything());
}

TEST_CASE("What is gone from the file and was edited in Slack is not pruned unless forced", "[plan]")
{
    auto kept = applied(replaced(file, "teams:\n", "teams:\n  search: {channel: \"#search\"}\n"));
    kept.edit("team", "search", lower(kept.holds("team", "search"), "#search", "#find"));
    auto plan = kept.apply(parsed(file), {true, false});
    CHECK_THAT(said(plan).at(0), contains("no longer in the file, and edited in Slack; stays"));
    CHECK_FALSE(kept.holds("team", "search").empty());
    plan = kept.apply(parsed(file), {true, true});
    CHECK(said(plan) == std::vector<std::string>{"team search"});
    CHECK(kept.holds("team", "search").empty());
}

TEST_CASE("What was deleted in Slack stays deleted and is reported, until it is forced or gone from the file", "[plan]")
{
    auto kept = applied(file + "  - {name: four, when: {field: severity, is: d}, then: {service: checkout}}\n");
    const auto four = parsed(file + "  - {name: four, when: {field: severity, is: d}, then: {service: checkout}}\n");
    kept.edit("rule", "four", "");
    for (int times = 0; times < 2; ++times) {
        const auto plan = kept.apply(four, {true, false});
        REQUIRE(said(plan).size() == 1);
        CHECK_THAT(said(plan)[0], contains("deleted in Slack, and still in the file; stays deleted"));
        CHECK_THAT(said(plan)[0], contains("(Bo, 2026-11-03 12:00 UTC)"));
        CHECK(kept.holds("rule", "four").empty());
    }
    auto forced = kept;
    CHECK(forced.apply(four, {false, true}).changes.at(0).action == Action::create);
    CHECK(rules_of(forced) == std::vector<std::string>{"one", "two", "three", "four"});
    // Both agree that it is gone; when it comes back to the file, it is new.
    kept.apply(parsed(file));
    CHECK(kept.apply(four).changes.at(0).action == Action::create);
}

TEST_CASE("What was made in Slack is never pruned, and said to be kept", "[plan]")
{
    auto kept = applied();
    CHECK(kept.edit("team", "search", R"({"channel":"#search"})").problems.empty());
    CHECK(said(kept.apply(parsed(file))).empty());
    const auto plan = kept.apply(parsed(file), {true, true});
    CHECK(said(plan)
        == std::vector<std::string>{"team search: made in Slack and never in the file; stays (Bo, 2026-11-03 12:00 UTC)"});
    CHECK_FALSE(kept.holds("team", "search").empty());
}

TEST_CASE("What was made in Slack and comes into the file otherwise stays as in Slack", "[plan]")
{
    auto kept = applied();
    kept.edit("team", "search", R"({"channel":"#search"})");
    const auto other = parsed(replaced(file, "teams:\n", "teams:\n  search: {channel: \"#find\"}\n"));
    CHECK_THAT(said(kept.apply(other)).at(0), contains("made in Slack, and now in the file otherwise"));
    CHECK(kept.configuration().teams.at("search").channel == "#search");
    kept.apply(other, {false, true});
    CHECK(kept.configuration().teams.at("search").channel == "#find");
}

TEST_CASE("Removing what others use is refused with words", "[plan]")
{
    auto kept = applied(replaced(file, "teams:\n", "teams:\n  search: {channel: \"#search\"}\n"));
    kept.edit("service", "index", R"({"team":"search","policy":"payments"})");
    const auto before = kept.stored.items.size();
    const auto plan = kept.apply(parsed(file), {true, false});
    REQUIRE(plan.problems.size() == 1);
    CHECK(plan.problems[0].what == "team search is used by service index");
    CHECK(plan.problems[0].path == "team search");
    CHECK(kept.stored.items.size() == before);

    SECTION("also from Slack")
    {
        const auto refused = kept.edit("policy", "payments", "");
        REQUIRE(refused.problems.size() == 1);
        CHECK(refused.problems[0].what == "policy payments is used by team payments, service index");
        CHECK(kept.edit("schedule", "payments", "").problems.at(0).what == "schedule payments is used by policy payments");
        CHECK(kept.edit("team", "payments", "").problems.at(0).what == "team payments is used by service checkout");
        CHECK(kept.edit("service", "checkout", "").problems.at(0).what
            == "service checkout is used by source scripts, rule one, rule two, rule three");
    }
}

TEST_CASE("A file that needs what was deleted in Slack is refused, and says who deleted it is not the file", "[plan]")
{
    const auto search = replaced(file, "teams:\n", "teams:\n  search: {channel: \"#search\", policy: payments}\n");
    auto kept = applied(search);
    kept.edit("team", "search", "");
    const auto plan = kept.apply(parsed(replaced(search, "services:\n", "services:\n  index: {team: search}\n")));
    REQUIRE(plan.problems.size() == 1);
    CHECK(plan.problems[0].what == "team search was deleted in Slack, and is used by service index");
}

TEST_CASE("Keys: one left out keeps what there is, one in the file is taken, one replaced in Slack stays", "[plan]")
{
    const auto hash = [](const std::string& key) { return storage::sha256(key); };
    const auto key_of = [](const Kept& kept) { return kept.stored.keys.at("scripts"); };
    const auto without = replaced(file, "key: abc, ", "");
    auto kept = applied();
    CHECK(key_of(kept) == hash("abc"));

    SECTION("left out from the start, one is made, once")
    {
        Kept fresh;
        CHECK(fresh.apply(parsed(without)).keyless == std::vector<std::string>{"scripts"});
        CHECK_FALSE(fresh.apply(parsed(without)).writes_anything());
        CHECK(said(fresh.apply(parsed(file))) == std::vector<std::string>{"source scripts: key: the one it has → another"});
        CHECK(key_of(fresh) == hash("abc"));
    }
    SECTION("the key of a database from before is kept when the file leaves it out")
    {
        Kept old;
        old.stored.keys["scripts"] = hash("from before");
        CHECK(old.apply(parsed(without)).keyless.empty());
        CHECK(key_of(old) == hash("from before"));
    }
    SECTION("left out later")
    {
        CHECK(said(kept.apply(parsed(without))).empty());
        CHECK(key_of(kept) == hash("abc"));
        CHECK_FALSE(kept.apply(parsed(without)).writes_anything());
    }
    SECTION("another in the file")
    {
        CHECK(said(kept.apply(parsed(replaced(file, "key: abc", "key: other"))))
            == std::vector<std::string>{"source scripts: key: the one it has → another"});
        CHECK(key_of(kept) == hash("other"));
    }
    SECTION("replaced in Slack: the file's other changes are taken, its key is not unless forced")
    {
        kept.stored.keys["scripts"] = hash("rotated");
        const auto plan = kept.apply(parsed(replaced(file, "format: generic", "format: alertmanager")));
        REQUIRE(said(plan).size() == 2);
        CHECK(said(plan)[0] == "source scripts: format: generic → alertmanager");
        CHECK_THAT(said(plan)[1], contains("its key was replaced; stays so"));
        CHECK(key_of(kept) == hash("rotated"));
        const auto other = parsed(replaced(file, "key: abc", "key: other"));
        for (int times = 0; times < 2; ++times)
            CHECK_THAT(said(kept.apply(other)).back(), contains("its key was replaced, and the file has another now; stays so"));
        CHECK(key_of(kept) == hash("rotated"));
        kept.apply(other, {false, true});
        CHECK(key_of(kept) == hash("other"));
    }
    SECTION("a revoked one does not come back by itself")
    {
        kept.stored.keys.clear();
        CHECK_THAT(said(kept.apply(parsed(file))).at(0), contains("its key was revoked; stays so"));
        CHECK(kept.stored.keys.empty());
        CHECK(kept.apply(parsed(without)).keyless.empty());
    }
    SECTION("nobody takes another's key silently")
    {
        kept.edit("source", "mine", R"({"format":"generic"})");
        kept.stored.keys["mine"] = hash("mine");
        const auto plan = kept.apply(parsed(replaced(file, "key: abc", "key: mine")));
        REQUIRE(plan.problems.size() == 1);
        CHECK(plan.problems[0].what == "sources mine and scripts have the same key");
    }
    SECTION("two sources may trade theirs")
    {
        const auto two = replaced(file, "sources:\n", "sources:\n  more: {format: generic, key: def}\n");
        auto both = applied(two);
        both.apply(parsed(replaced(replaced(replaced(two, "key: def", "key: x"), "key: abc", "key: def"), "key: x", "key: abc")));
        CHECK(key_of(both) == hash("def"));
        CHECK(both.stored.keys.at("more") == hash("abc"));
    }
}

TEST_CASE("Rules keep their order, whoever changes it", "[plan]")
{
    auto kept = applied();
    using Names = std::vector<std::string>;
    const auto rule = [](const std::string& name) {
        return "  - {name: " + name + ", when: {field: severity, is: a}, then: {service: checkout}}\n";
    };
    const auto ordered = [&](const Names& names) {
        auto text = file.substr(0, file.find("rules:\n")) + "rules:\n";
        for (const auto& name : names)
            text += rule(name);
        return parsed(text);
    };
    kept.apply(ordered({"one", "two", "three"}));
    CHECK(rules_of(kept) == Names{"one", "two", "three"});

    SECTION("in the file")
    {
        const auto plan = kept.apply(ordered({"three", "one", "two"}));
        CHECK(said(plan) == Names{"the order of the rules: order: one, two, three → three, one, two"});
        CHECK(rules_of(kept) == Names{"three", "one", "two"});
        CHECK_FALSE(kept.apply(ordered({"three", "one", "two"})).writes_anything());
    }
    SECTION("a new one comes in where it stands in the file")
    {
        CHECK(said(kept.apply(ordered({"zero", "one", "new", "two", "three"}))).size() == 2);
        CHECK(rules_of(kept) == Names{"zero", "one", "new", "two", "three"});
    }
    const auto move = [&](const std::string& name, std::size_t place) {
        return kept.edit({config::Edit{"rule", name, kept.holds("rule", name), kept.holds("rule", name), place}});
    };
    SECTION("in Slack: stays, is reported, and new ones of the file come in behind their neighbour")
    {
        CHECK(said(move("three", 0)) == Names{"the order of the rules: order: one, two, three → three, one, two"});
        const auto plan = kept.apply(ordered({"one", "two", "new", "three"}));
        CHECK_THAT(said(plan).back(), contains("the order of the rules: changed in Slack; stays so"));
        CHECK(rules_of(kept) == Names{"three", "one", "two", "new"});
        CHECK(kept.apply(ordered({"one", "two", "new", "three"}), {false, true}).changes_anything());
        CHECK(rules_of(kept) == Names{"one", "two", "new", "three"});
    }
    SECTION("in both: stays as in Slack, reported each time")
    {
        move("three", 0);
        for (int times = 0; times < 2; ++times)
            CHECK_THAT(said(kept.apply(ordered({"two", "one", "three"}))).at(0),
                contains("the order of the rules: changed in the file and in Slack"));
        CHECK(rules_of(kept) == Names{"three", "one", "two"});
    }
    SECTION("not when somebody else changed it after it was looked at")
    {
        const auto holds = kept.holds("rule", "three");
        const config::Edit wish{"rule", "three", holds, holds, 1, {"one", "two", "three"}};
        move("one", 2);
        const auto plan = kept.edit({wish});
        REQUIRE(plan.problems.size() == 1);
        CHECK(plan.problems[0].path == "rule three");
        CHECK_THAT(plan.problems[0].what, contains("order of the rules was changed by somebody else"));
        CHECK(rules_of(kept) == Names{"two", "three", "one"});
        kept.edit({config::Edit{"rule", "three", holds, holds, 0, {"two", "three", "one"}}});
        CHECK(rules_of(kept) == Names{"three", "two", "one"});
    }
    SECTION("one made in Slack keeps its neighbour when the file changes the order")
    {
        kept.edit("rule", "slack", R"({"when":{"field":"severity","is":"z"},"then":{"service":"checkout"}})");
        move("slack", 1);
        CHECK(rules_of(kept) == Names{"one", "slack", "two", "three"});
        kept.apply(ordered({"three", "two", "one"}));
        CHECK(rules_of(kept) == Names{"three", "two", "one", "slack"});
    }
}

TEST_CASE("Overrides of the file: new ones are added in its order, one that is gone is taken back", "[plan]")
{
    auto kept = applied(with_overrides(christmas));
    REQUIRE(kept.stored.overrides.size() == 1);
    CHECK(kept.stored.overrides[0].origin == "file");
    auto plan = kept.apply(parsed(with_overrides(christmas + friday)));
    CHECK(said(plan)
        == std::vector<std::string>{"schedule payments: override: 2026-11-06 09:00 to 2026-11-06 17:00: add bo@example.com"});
    plan = kept.apply(parsed(with_overrides(friday)));
    CHECK(the_field(plan).before == "2026-12-24 00:00 to 2026-12-27 00:00: put bo@example.com");
    CHECK(the_field(plan).after.empty());
    CHECK(kept.configuration().schedules.at("payments").overrides.size() == 1);
    // And once more, it is new again.
    CHECK(kept.apply(parsed(with_overrides(christmas + friday))).changes_anything());
    CHECK(kept.configuration().schedules.at("payments").overrides.size() == 2);
}

TEST_CASE("What has been of an override stays when it goes from the file", "[plan]")
{
    auto kept = applied(with_overrides(friday + christmas));
    kept.now = kept::noon + std::chrono::days{3}; // Friday noon, in the midst of it
    kept.apply(parsed(with_overrides(christmas)));
    REQUIRE(kept.stored.overrides.size() == 2);
    CHECK(kept.stored.overrides[0].what.to == kept.now);
    CHECK(kept.stored.overrides[0].cancelled_at == oncall::TimePoint{});
    CHECK_FALSE(kept.apply(parsed(with_overrides(christmas))).writes_anything());
    // One that is over and taken out of the file is history.
    kept.now = kept::noon + std::chrono::days{60};
    CHECK_FALSE(kept.apply(parsed(file)).writes_anything());
    CHECK(kept.configuration().schedules.at("payments").overrides.size() == 2);
}

TEST_CASE("An override of the file that was edited or taken back in Slack stays so, and is reported", "[plan]")
{
    auto kept = applied(with_overrides(christmas));
    SECTION("edited")
    {
        kept.stored.overrides[0].what.to -= 24h;
        const auto plan = kept.apply(parsed(with_overrides(christmas)));
        CHECK_THAT(said(plan).at(0), contains("override of payments: edited in Slack; stays so"));
        CHECK_FALSE(plan.writes_anything());
        CHECK_THAT(said(kept.apply(parsed(file))).at(0), contains("no longer in the file, and edited in Slack; stays"));
        kept.apply(parsed(with_overrides(christmas)), {false, true});
        CHECK(kept.configuration().schedules.at("payments").overrides
            == parsed(with_overrides(christmas)).schedules.at("payments").overrides);
    }
    SECTION("taken back")
    {
        kept.stored.overrides[0].cancelled_by = "UBO";
        kept.stored.overrides[0].cancelled_at = kept.now;
        const auto plan = kept.apply(parsed(with_overrides(christmas)));
        CHECK_THAT(said(plan).at(0), contains("taken back in Slack, and still in the file; stays so"));
        CHECK_FALSE(plan.writes_anything());
        CHECK(kept.configuration().schedules.at("payments").overrides.empty());
        kept.apply(parsed(with_overrides(christmas)), {false, true});
        CHECK(kept.configuration().schedules.at("payments").overrides.size() == 1);
    }
}

TEST_CASE("Overrides made in Slack are never pruned, and one that was exported is not made twice", "[plan]")
{
    auto kept = applied();
    const auto exported = parsed(with_overrides(christmas));
    kept.add_override(exported.schedules.at("payments").overrides[0], "payments");
    CHECK(said(kept.apply(parsed(file), {true, true})).empty());
    CHECK(kept.stored.overrides.size() == 1);
    CHECK(said(kept.apply(exported)).empty());
    CHECK(kept.stored.overrides.size() == 1);
    CHECK_FALSE(kept.apply(exported).writes_anything());
    // Nor does it come back by the file after it was taken back, nor go with the file.
    CHECK(said(kept.apply(parsed(file), {true, true})).empty());
    kept.stored.overrides[0].cancelled_at = kept.now;
    kept.stored.overrides[0].cancelled_by = "UBO";
    CHECK_THAT(said(kept.apply(exported)).at(0), contains("taken back in Slack"));
}

TEST_CASE("Among overrides of the file that overlap the later in the file wins, also when one is put in between", "[plan]")
{
    const std::string put = "      - {from: 2026-12-24T00:00, to: 2026-12-27T00:00, put: [ana@example.com]}\n";
    const std::string later = "      - {from: 2026-12-25T00:00, to: 2026-12-26T00:00, put: [bo@example.com]}\n";
    for (const auto& lines : {put + later, later + put, christmas + put + later, put + christmas + later, later + friday + put}) {
        auto kept = applied(with_overrides(later + christmas));
        kept.apply(parsed(with_overrides(lines)));
        CHECK(kept.configuration().schedules.at("payments").overrides
            == parsed(with_overrides(lines)).schedules.at("payments").overrides);
        CHECK_FALSE(kept.apply(parsed(with_overrides(lines))).writes_anything());
    }
}

TEST_CASE("A file that puts an override ahead of an older one renews neither: what Slack made since goes on to win", "[plan]")
{
    const std::string ana_too = "      - {from: 2026-12-23T00:00, to: 2026-12-28T00:00, put: [ana@example.com]}\n";
    const auto of_file = [](const std::string& lines) {
        return parsed(with_overrides(lines)).schedules.at("payments").overrides.at(0);
    };
    const auto holds = [](const Kept& kept) { return kept.configuration().schedules.at("payments").overrides; };
    const auto in_slack = of_file("      - {from: 2026-12-25T00:00, to: 2026-12-26T00:00, add: [ana@example.com]}\n");
    using All = std::vector<oncall::Override>;

    auto kept = applied(with_overrides(christmas));
    kept.now += 1h;
    kept.add_override(in_slack, "payments");
    kept.now += 1h;
    auto lines = ana_too + christmas;
    SECTION("ahead of one it overlaps, it counts as made just before that, and whom it does not win over is said")
    {
        const auto plan = kept.apply(parsed(with_overrides(lines)));
        CHECK(holds(kept) == All{of_file(ana_too), of_file(christmas), in_slack});
        CHECK(said(plan)
            == std::vector<std::string>{"schedule payments: override: 2026-12-23 00:00 to 2026-12-28 00:00: put ana@example.com "
                                        "(where they overlap, what was made in Slack since wins: 2026-12-25 00:00 to 2026-12-26 "
                                        "00:00: add ana@example.com)"});
        CHECK(plan.overrides.size() == 1); // the older one is not touched
    }
    SECTION("and so does one ahead of that")
    {
        lines = ana_too + "      - {from: 2026-12-24T12:00, to: 2026-12-25T12:00, add: [ana@example.com]}\n" + christmas;
        kept.apply(parsed(with_overrides(ana_too + christmas)));
        kept.apply(parsed(with_overrides(lines)));
        auto wanted = parsed(with_overrides(lines)).schedules.at("payments").overrides;
        wanted.push_back(in_slack);
        CHECK(holds(kept) == wanted);
    }
    SECTION("behind it, it is the latest made")
    {
        lines = christmas + ana_too;
        kept.apply(parsed(with_overrides(lines)));
        CHECK(holds(kept) == All{of_file(christmas), in_slack, of_file(ana_too)});
    }
    SECTION("ahead of one it does not overlap, it is too")
    {
        lines = friday + christmas;
        kept.apply(parsed(with_overrides(lines)));
        CHECK(holds(kept) == All{of_file(christmas), in_slack, of_file(friday)});
    }
    SECTION("also when the clock was set back meanwhile")
    {
        kept.now -= 48h;
        lines = christmas + ana_too;
        kept.apply(parsed(with_overrides(lines)));
        CHECK(holds(kept).back() == of_file(ana_too));
    }
    SECTION("one that moves ahead in the file goes back, and that is said")
    {
        kept = applied(with_overrides(ana_too + christmas));
        kept.now += 1h;
        kept.add_override(in_slack, "payments");
        lines = christmas + ana_too;
        const auto plan = kept.apply(parsed(with_overrides(lines)));
        CHECK(holds(kept) == All{of_file(christmas), of_file(ana_too), in_slack});
        CHECK(said(plan)
            == std::vector<std::string>{"schedule payments: override: 2026-12-24 00:00 to 2026-12-27 00:00: put bo@example.com → "
                                        "2026-12-24 00:00 to 2026-12-27 00:00: put bo@example.com, but where they overlap: "
                                        "2026-12-23 00:00 to 2026-12-28 00:00: put ana@example.com"});
    }
    SECTION("one made in Slack keeps its place whatever the file's order, and that is reported, unless forced")
    {
        lines = "      - {from: 2026-12-25T00:00, to: 2026-12-26T00:00, add: [ana@example.com]}\n" + christmas;
        for (int i = 0; i < 2; ++i) {
            const auto plan = kept.apply(parsed(with_overrides(lines)));
            CHECK_THAT(said(plan).at(0), contains("made in Slack after what stands behind it in the file"));
            CHECK(holds(kept) == All{of_file(christmas), in_slack});
        }
        kept.apply(parsed(with_overrides(lines)), {false, true});
        CHECK(holds(kept) == All{in_slack, of_file(christmas)});
    }
    CHECK_FALSE(kept.apply(parsed(with_overrides(lines))).writes_anything());
    kept.now += 1h;
    CHECK_FALSE(kept.apply(parsed(with_overrides(lines))).writes_anything());
}

TEST_CASE("Where nothing is said, a change tells the value that then holds, or that there is none", "[plan]")
{
    const auto all = [](const std::string& before, const std::string& after) {
        std::vector<std::string> words;
        for (const auto& one : config::differences(before, after))
            words.push_back(one.field + ": " + one.before + " → " + one.after);
        return words;
    };
    using Words = std::vector<std::string>;
    CHECK(all(R"({"levels":[{"targets":[]}]})", R"({"repeat":2,"levels":[{"targets":[],"patience":"9m","retries":1}]})")
        == Words{"repeat: 0 (default) → 2", "levels[0].patience: 5m (default) → 9m", "levels[0].retries: 0 (default) → 1"});
    CHECK(all(R"({"time_zone":"Europe/Berlin","rotations":[{"name":"w","time_zone":"UTC","unit":"day"}]})",
              R"({"rotations":[{"name":"w"}]})")
        == Words{"rotations[w].time_zone: UTC → the schedule's (default)", "rotations[w].unit: day → week (default)",
            "time_zone: Europe/Berlin → UTC (default)"});
    CHECK(all("{}", R"({"channel":"#a","topic":true})") == Words{"channel: unset → #a", "topic: false (default) → true"});
    CHECK(all("{}", R"({"verbosity":"cards"})") == Words{"verbosity: thread (default) → cards"});
    CHECK(all("", R"({"channel":"#a"})") == Words{"channel:  → #a"});
    CHECK(all(R"({"channel":"#a"})", "") == Words{"channel: #a → "});
}

TEST_CASE("Of a calendar's address a change tells only the host", "[plan]")
{
    const std::string one{R"({"name":"w","ics":"https://a.example/private-1/x.ics"})"};
    const std::string other{R"({"name":"w","ics":"https://a.example/private-2/x.ics"})"};
    const auto in = [](const std::string& rotations) { return R"({"rotations":[)" + rotations + "]}"; };
    struct Row {
        std::string before{};
        std::string after{};
        std::string told{};
    };
    for (const auto& [before, after, told] :
        {Row{in(one), in(R"({"name":"w","ics":"https://ana:private-3@b.example?private-3"})"), "a.example → b.example"},
            {in(one), in(other), "a.example → a.example (another address there)"},
            {in(R"({"name":"w"})"), in(one), "unset → a.example"}, {in(one), in(R"({"name":"w"})"), "a.example → unset"},
            {in(""), in(one), "none → {name: w, ics: a.example}"}, {in(one), in(""), "{name: w, ics: a.example} → none"},
            {"{}", in(one), "unset → [{name: w, ics: a.example}]"},
            {R"({"url":"https://a.example/private-1"})", R"({"url":"https://a.example/private-2"})",
                "a.example → a.example (another address there)"}}) {
        const auto found = config::differences(before, after);
        REQUIRE(found.size() == 1);
        CHECK(found[0].before + " → " + found[0].after == told);
    }
}

TEST_CASE("When the schedule's time zone changes, so do the instants of the file's overrides", "[plan]")
{
    auto kept = applied(with_overrides(christmas));
    const auto moved = parsed(replaced(with_overrides(christmas), "Europe/Berlin", "America/New_York"));
    CHECK(kept.apply(moved).changes_anything());
    CHECK(kept.configuration().schedules == moved.schedules);
    CHECK_FALSE(kept.apply(moved).writes_anything());
}

TEST_CASE("With a schedule its overrides go", "[plan]")
{
    const auto search = replaced(file, "schedules:\n",
        "schedules:\n  search:\n    rotations: [{name: a, start: 2026-11-02T09:00, users: [ana@example.com]}]\n    overrides:\n"
            + christmas);
    auto kept = applied(search);
    REQUIRE(kept.stored.overrides.size() == 1);
    kept.apply(parsed(file), {true, false});
    CHECK(kept.stored.overrides.empty());
    CHECK(kept.apply(parsed(search)).changes_anything());
    CHECK(kept.stored.overrides.size() == 1);
}

TEST_CASE("A form is checked as the whole file is, and says where", "[plan]")
{
    auto kept = applied();
    const auto plan = kept.edit("policy", "payments", R"({"levels":[{"targets":["schedule:paymens"],"patience":"soon"}]})");
    REQUIRE(plan.problems.size() == 2);
    for (const auto& problem : plan.problems)
        CHECK_THAT(problem.path, contains("policy payments.levels[0]"));
    CHECK(kept.apply(parsed(file)).changes.empty());
}

TEST_CASE("What somebody else changed while a form was open is not overwritten", "[plan]")
{
    auto kept = applied();
    const auto opened = kept.holds("team", "payments");
    kept.edit("team", "payments", lower(opened, "#payments", "#pay"));
    auto plan = kept.edit({config::Edit{"team", "payments", lower(opened, "#payments", "#money"), opened, {}}});
    REQUIRE(plan.problems.size() == 1);
    CHECK(plan.problems[0].path == "team payments");
    CHECK_THAT(plan.problems[0].what, contains("was changed by somebody else while the form was open"));
    CHECK(kept.configuration().teams.at("payments").channel == "#pay");

    kept.edit("team", "search", R"({"channel":"#search"})");
    plan = kept.edit({config::Edit{"team", "search", R"({"channel":"#other"})", "", {}}});
    CHECK_THAT(plan.problems.at(0).what, contains("there is a team search already"));
    const auto search = kept.holds("team", "search");
    kept.edit("team", "search", "");
    plan = kept.edit({config::Edit{"team", "search", R"({"channel":"#other"})", search, {}}});
    CHECK_THAT(plan.problems.at(0).what, contains("was deleted while the form was open"));
}

TEST_CASE("A form that changes nothing writes nothing", "[plan]")
{
    auto kept = applied();
    const auto plan = kept.edit("team", "payments", kept.holds("team", "payments"));
    CHECK_FALSE(plan.changes_anything());
    CHECK_FALSE(plan.writes_anything());
}

TEST_CASE("A form may make things that need one another at once", "[plan]")
{
    auto kept = applied();
    const auto plan = kept.edit({config::Edit{"service", "index", R"({"team":"search"})", "", {}},
        config::Edit{"team", "search", R"({"channel":"#search","policy":"payments"})", "", {}}});
    CHECK(plan.problems.empty());
    CHECK(kept.configuration().services.at("index").team == "search");
}

TEST_CASE("A source made in Slack gets a key, and keeps it through forms", "[plan]")
{
    auto kept = applied();
    auto plan = kept.edit("source", "more", R"({"format":"generic","service":"checkout"})");
    CHECK(plan.keyless == std::vector<std::string>{"more"});
    const auto key = kept.stored.keys.at("more");
    plan = kept.edit({config::Edit{"source", "more", R"({"format":"alertmanager","key_hash":")" + std::string(64, 'a') + "\"}",
        kept.holds("source", "more"), {}}});
    CHECK(plan.problems.empty());
    CHECK(plan.keys.empty());
    CHECK(kept.stored.keys.at("more") == key);
    CHECK(kept.configuration().sources.at("more").format == "alertmanager");
}

TEST_CASE("A name cannot make the plan say or do what it does not", "[plan]")
{
    config::Change change;
    change.action = Action::create;
    change.kind = "team";
    change.name = "a\x1b[2J\nb";
    CHECK(config::describe(change, {}) == "team a [2J b");
}

TEST_CASE("Colours are for terminals", "[plan]")
{
    Kept kept;
    const auto plan = kept.apply(parsed(file));
    CHECK(config::describe(plan, {}).find('\x1b') == std::string::npos);
    CHECK(config::describe(plan, {}, true).find("\x1b[32m+ team payments") != std::string::npos);
}

TEST_CASE("Lists are woven", "[plan]")
{
    using Names = std::vector<std::string>;
    CHECK(config::woven({"a", "b"}, {"x", "a", "y", "b", "z"}) == Names{"x", "a", "y", "b", "z"});
    CHECK(config::woven({"b", "a"}, {"a", "y", "b"}) == Names{"b", "a", "y"});
    CHECK(config::woven({}, {"a", "b"}) == Names{"a", "b"});
    CHECK(config::woven({"a"}, {}) == Names{"a"});
}
