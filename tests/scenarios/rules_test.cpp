#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

using ConditionKind = oncall::Condition::Kind;

oncall::Condition field_asked(ConditionKind kind, std::string field, std::string value, std::vector<std::string> values = {})
{
    oncall::Condition one;
    one.kind = kind;
    one.field = std::move(field);
    one.value = std::move(value);
    one.values = std::move(values);
    return one;
}

/// The journeys begin on a Tuesday at 13:00 in Berlin.
oncall::Condition on_a_tuesday_afternoon()
{
    oncall::Condition one;
    one.kind = ConditionKind::during;
    one.hours.time_zone = "Europe/Berlin";
    one.hours.windows.emplace_back();
    one.hours.windows.back().days = {oncall::Weekday::tue};
    one.hours.windows.back().from = 13h;
    one.hours.windows.back().to = 17h;
    return one;
}

/// From the file of a payload to whom it pages.
struct Journey {
    const char* name;
    const char* payload;
    std::function<void(oncall::Source&)> source; // its settings, beyond its format
    std::vector<oncall::Rule> rules; // for what this source sends
    const char* paged; // "": nobody
    const char* shown; // on its card
    const char* said; // in the fallback channel; "": nothing
    bool misspelt{}; // its service is "chekout"
    bool hidden{}; // kept, and shown nowhere
};

/// The sample, with a policy for bo and one for chi, a team with a policy and one without, and somebody who works on Sundays.
oncall::Configuration with_journeys(const std::vector<Journey>& journeys)
{
    auto all = sample_configuration();
    for (const std::string handle : {"bo", "chi"}) {
        auto& policy = all.policies["only " + handle];
        policy.name = "only " + handle;
        policy.levels.resize(1);
        policy.levels[0].targets.push_back({oncall::TargetKind::user, handle + "@example.com"});
        policy.levels[0].patience = 1h;
    }
    auto& sundays = all.schedules["sundays"] = all.schedules.at("payments");
    sundays.name = "sundays";
    sundays.rotations[0].days = {oncall::Weekday::sun};
    auto& off = all.policies["off"];
    off.name = "off";
    off.levels.resize(1);
    off.levels[0].targets.push_back({oncall::TargetKind::schedule, "sundays"});
    oncall::Team team;
    team.channel = all.teams.at("payments").channel;
    team.name = "bare";
    all.teams["bare"] = team;
    team.name = "blue";
    team.policy = "only bo";
    all.teams["blue"] = team;
    all.services["web"] = {.name = "web", .team = "payments", .policy = "only chi"};
    all.services["off"] = {.name = "off", .team = "payments", .policy = "off"};
    std::vector<oncall::Rule> rules;
    for (const auto& journey : journeys) {
        auto source = payloads::find(journey.payload)->source;
        source.name = journey.name;
        source.format = payloads::find(journey.payload)->format;
        source.key = std::string{"key-of-"} + journey.name;
        source.service.clear();
        source.team.clear();
        journey.source(source);
        all.sources[source.name] = source;
        for (auto rule : journey.rules) {
            rule.name = journey.name + (rule.name.empty() ? "" : " " + rule.name);
            oncall::Condition both;
            both.parts = {field_asked(ConditionKind::is, "source", source.name), rule.when};
            rule.when = both;
            rules.push_back(rule);
        }
    }
    all.rules.insert(all.rules.begin(), rules.begin(), rules.end());
    return all;
}

void all_is_resolved(World& world)
{
    world.write([&world](storage::Transaction& tx) {
        for (const auto& alert : storage::Alerts{tx}.all_open(100)) {
            handlers::Report over;
            over.dedup_key = alert.dedup_key;
            over.signal = handlers::Report::Signal::clear;
            handlers::receive(tx, world.app().context(), alert.source, over, {"", "", alert.source, world.clock.now()});
        }
        return true;
    });
    world.advance(1min);
}

std::string all_said_in(World& world, workspace::Channel& channel)
{
    std::string all;
    for (const auto& message : channel.messages())
        all += world.slack().plain(message) + "\n";
    return all;
}

/// Of the page, and of the alert that it is for.
std::string urgencies_of(World& world, const std::string& source)
{
    return world.look([&](storage::Transaction& tx) {
        storage::Query row{tx,
            "SELECT p.urgency || ' of ' || a.urgency FROM pages p JOIN alerts a ON a.id = p.alert WHERE a.source = $1", source};
        return row.step() ? row.text() : std::string{};
    });
}

bool is_kept(World& world, const std::string& source)
{
    return world.look([&](storage::Transaction& tx) {
        storage::Query row{tx, "SELECT 1 FROM alerts WHERE source = $1 AND state <> 'resolved'", source};
        return row.step();
    });
}

} // namespace

TEST_CASE("From a payload to who is paged: by source, rules, service or team, policy and schedule; each dead end is said",
    "[scenarios][rules][socket]")
{
    const auto nothing = [](oncall::Source&) {};
    const auto of_blue = [](oncall::Source& source) { source.team = "blue"; };
    const auto of_bare = [](oncall::Source& source) { source.team = "bare"; };
    const auto of_web = [](oncall::Source& source) { source.service = "web"; };
    const auto of_off = [](oncall::Source& source) { source.service = "off"; };
    const std::vector<Journey> journeys{{"service", "datadog/open", nothing, {}, "ana", "Host is Down", ""},
        {"source", "grafana/open", of_web, {}, "chi", "zone us-1", ""},
        {"owner", "grafana/open", of_blue, {}, "bo", "zone us-1", ""},
        {"team", "grafana/open", of_web, {{.when = field_asked(ConditionKind::is, "labels.team", "blue"), .team = "blue"}}, "bo",
            "zone us-1", ""},
        {"policy", "alertmanager/open", nothing,
            {{.when = field_asked(ConditionKind::matches, "title", "(?i)latency on 10\\.0\\.\\d"),
                .policy = "only chi",
                .severity = "critical"}},
            "chi", "High request latency", ""},
        {"hours", "generic/open-betterstack", of_web,
            {{.when = on_a_tuesday_afternoon(), .policy = "only bo", .urgency = oncall::Urgency::low}}, "bo",
            "example.com is down", ""},
        {"default", "generic/open-betterstack", nothing,
            {{.when = field_asked(ConditionKind::contains, "title", "example.com"), .default_service = "web"}}, "chi",
            "example.com is down", ""},
        {"chain", "alertmanager/open", nothing,
            {{.name = "title",
                 .when = field_asked(ConditionKind::in, "labels.job", "", {"theirs", "myjob"}),
                 .title = "{{labels.job}}: {{title}}",
                 .goes_on = true},
                {.name = "other", .when = field_asked(ConditionKind::is, "labels.job", "theirs"), .team = "blue"},
                {.name = "service", .when = field_asked(ConditionKind::exists, "labels.instance", ""), .service = "web"}},
            "chi", "myjob: High request latency", ""},
        {"card", "datadog/open", nothing, {{.when = field_asked(ConditionKind::less, "severity", "critical"), .page = false}},
            "ana", "Host is Down", ""}, // p1 is critical
        {"calm", "datadog/open", nothing, {{.when = field_asked(ConditionKind::greater, "severity", "error"), .page = false}}, "",
            "Host is Down", ""},
        {"kept", "grafana/open", of_web, {{.when = field_asked(ConditionKind::is, "labels.team", "blue"), .suppress = true}}, "",
            "zone us-1", "", false, true},
        // Dead ends.
        {"nobodys", "grafana/open", nothing, {}, "", "zone us-1",
            "the alert names no service, and its source nobodys belongs to none, so nobody was paged; and no team owns the "
            "source"},
        {"bare", "grafana/open", of_bare, {}, "", "zone us-1",
            "the alert names no service, and its source bare belongs to none, so nobody was paged"},
        {"policyless", "grafana/open", nothing, {{.when = field_asked(ConditionKind::is, "labels.team", "blue"), .team = "bare"}},
            "", "zone us-1", "team bare has no escalation policy, so nobody was paged"},
        {"asleep", "generic/open-betterstack", of_off, {}, "", "example.com is down", "nobody stands behind schedule:sundays"},
        {"stranger", "alertmanager/open", nothing, {}, "", "High request latency",
            "there is no service chekout, so nobody was paged", true}};
    World world{with_journeys(journeys)};
    world.app().context().bundling.hold = 0s; // each has its card
    for (const auto& journey : journeys) {
        std::map<std::string, std::size_t> before;
        for (const std::string handle : {"ana", "bo", "chi", "cto"})
            before[handle] = pages_to(world.slack().person(handle));
        const auto cards = all_said_in(world, world.channel()).size(), calls = all_said_in(world, world.fallback()).size();
        net::Request posted;
        posted.method = "POST";
        posted.target = std::string{"/hooks/key-of-"} + journey.name;
        posted.headers = payloads::find(journey.payload)->sent.headers;
        posted.body = payloads::find(journey.payload)->sent.text;
        for (auto at = posted.body.find("checkout"); journey.misspelt && at != posted.body.npos;
             at = posted.body.find("checkout"))
            posted.body.erase(at + 3, 1);
        CHECK(world.request(posted).status / 100 == 2);
        world.advance(3s);
        auto in_fallback = all_said_in(world, world.fallback());
        in_fallback.erase(0, std::min(calls, in_fallback.size()));
        INFO(journey.name << "\n" << in_fallback);
        for (const auto& [handle, count] : before) {
            INFO(handle);
            CHECK((pages_to(world.slack().person(handle)) > count) == (handle == journey.paged));
        }
        const auto in_channel = all_said_in(world, world.channel());
        const auto shown = in_channel.substr(std::min(cards, in_channel.size())) + in_fallback;
        CHECK(has(shown, journey.shown) != journey.hidden);
        CHECK(is_kept(world, journey.name));
        if (journey.hidden)
            CHECK_FALSE(has(type(world, world.bo(), "status"), journey.shown));
        CHECK((std::string_view{journey.said}.empty() || has(in_fallback, journey.said)));
        all_is_resolved(world);
    }
    CHECK(urgencies_of(world, "hours") == "low of low"); // critical by itself
    CHECK(urgencies_of(world, "default") == "high of high");
}

TEST_CASE(
    "What a rule keeps from people is shown and pages once no rule does, also after a restart", "[scenarios][rules][socket]")
{
    auto all = sample_configuration();
    all.rules.insert(all.rules.begin(),
        oncall::Rule{
            .name = "noise", .when = field_asked(ConditionKind::in, "severity", "", {"warning", "info"}), .suppress = true});
    World world{all};
    const auto report = [&world](const std::string& severity) {
        world.post("demo-scripts-key",
            R"({"title":"The disk fills","service":"checkout","dedup_key":"disk","severity":")" + severity + R"("})");
        world.advance(3s);
    };
    report("info");
    report("warning");
    CHECK_FALSE(has(all_said_in(world, world.channel()), "The disk fills"));
    CHECK(pages_to(world.ana()) == 0);
    world.kill();
    world.start();
    report("critical");
    CHECK(has(all_said_in(world, world.channel()), "The disk fills"));
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(type(world, world.bo(), "status"), "The disk fills"));
    report("warning"); // it is not kept again
    report("critical");
    CHECK(pages_to(world.ana()) == 1);
    world.resolved("disk");
    world.advance(3s);
    CHECK_FALSE(is_kept(world, "scripts"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A rule is tried on what came, and what it says of the next one is foretold", "[scenarios][rules][socket][long]")
{
    World world;
    world.alert("Disk of db-1 is full", "d1");
    world.alert("Disk of db-2 is full", "d2");
    world.alert("Checkout is slow", "c");
    world.advance(2s);
    CHECK(has(
        type(world, world.bo(), "what if rule ledger by label"), "Of the 3 alerts of the last 7 days it would have met none."));
    const auto made = world.edit("rule", "Full disks",
        R"({"when":{"field":"title","matches":"^Disk of db-[0-9]+ is full"},"then":{"delay":"10m","title":"disk: {{title}}"}})");
    CHECK(made.plan.problems.empty());
    world.put_in_force();
    const auto tried = type(world, world.bo(), "what if rule full disks");
    INFO(tried);
    for (const char* part : {"Rule Full disks", "it would have met 2. Something would have been different for 2.",
             "Alert #2 “Disk of db-2 is full”", "pages 10m later, called \"disk: Disk of db-1 is full\"", "Nothing was changed."})
        CHECK(has(tried, part));
    CHECK_FALSE(has(tried, "Checkout is slow"));
    const auto next = type(world, world.bo(), "what if Disk of db-9 is full service=checkout severity=critical");
    INFO(next);
    for (const char* part :
        {"disk: Disk of db-9 is full", "Called so by its rule", "Held back until", "its rule waits for 10m", "Policy payments"})
        CHECK(has(next, part));
    // Words that begin so and are no rule's name are an alert's.
    CHECK(has(type(world, world.bo(), "what if rule engine is down"), "Nobody would be paged: no service stands behind it."));

    world.resolved("d1");
    world.resolved("d2");
    world.resolved("c");
    world.advance(1min);
    const auto before = pages_to(world.ana());
    world.alert("Disk of db-3 is full", "d3");
    world.advance(9min);
    CHECK(pages_to(world.ana()) == before);
    world.kill();
    world.start();
    world.advance(2min);
    CHECK(pages_to(world.ana()) == before + 1);
    // It is tried on what came, and not on what it has made of that.
    const auto again = type(world, world.bo(), "what if rule full disks");
    INFO(again);
    CHECK(has(again, "it would have met 3. Something would have been different for 3."));
    CHECK(has(again, "called \"disk: Disk of db-3 is full\""));
    // What came more than a week ago is not looked at.
    world.resolved("d3");
    world.advance(8 * 24h);
    CHECK(has(type(world, world.bo(), "what if rule full disks"), "No alert came in the last 7 days"));

    // What would hold it back, and whose group it would be of.
    type(world, world.bo(), "silence ledger 1h because the rack is moved");
    CHECK(has(type(world, world.bo(), "what if It burns service=ledger severity=error"), "silenced by"));
    world.edit("rule", "One cluster",
        R"({"when":{"field":"labels.cluster","exists":true},"then":{"group":{"by":"{{labels.cluster}}","within":"10m"}}})");
    world.put_in_force();
    const std::string one_more{"what if Host 2 is down service=checkout severity=error cluster=eu"};
    CHECK(has(type(world, world.bo(), one_more), "come within 10m of each other would join it"));
    world.post("demo-scripts-key",
        R"({"title":"Host 1 is down","service":"checkout","severity":"error","dedup_key":"h1","labels":{"cluster":"eu"}})");
    world.advance(2s);
    CHECK(has(type(world, world.bo(), one_more), "It would join alert #5"));
}
