#include "catch.hpp"
#include "commands/verbs.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"
#include "storage/sql.hpp"

using namespace scenario;
using commands::Json;

namespace {

/// The sample, in which bo's week is first.
oncall::Configuration with_bo_first()
{
    auto file = sample_configuration();
    auto& turns = file.schedules.at("payments").rotations.at(0).turns;
    std::swap(turns[0], turns[1]);
    return file;
}

struct Trace {
    std::int64_t revision{};
    std::int64_t audit{};
    bool operator==(const Trace&) const = default;
};

Trace trace(World& world)
{
    return world.look([](storage::Transaction& tx) {
        Trace found;
        found.revision = storage::Items{tx}.revision();
        storage::Query count{tx, "SELECT COUNT(*) FROM audit"};
        count.step();
        found.audit = count.integer();
        return found;
    });
}

/// What a verb of the command line is answered by the running service.
commands::Said asked(World& world, const std::string& verb, const Json& arguments)
{
    Json question;
    question["verb"] = verb;
    question["arguments"] = arguments;
    auto& app = world.app();
    const auto text = question.dump();
    const auto answer = Json::parse(world.on_the_bot<std::string>([&app, text] { return commands::answer(app, text); }));
    return {answer["status"].get<int>(), answer["out"].get<std::string>(), answer["err"].get<std::string>()};
}

Json applying(const std::string& file)
{
    Json arguments;
    arguments["file"] = file;
    arguments["path"] = "oncall.yaml";
    arguments["by"] = "root";
    arguments["environment"] = Json::object();
    return arguments;
}

std::string team_json(World& world, const std::string& channel)
{
    auto team = Json::parse(
        world.look([](storage::Transaction& tx) { return storage::Items{tx}.find("team", "payments"); }).value().holds);
    team["channel"] = channel;
    return team.dump();
}

std::string channel_of(World& world) { return world.app().context().configuration()->teams.at("payments").channel; }

} // namespace

TEST_CASE("A file that is applied changes who is paged next, without a restart", "[scenarios][apply]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(1s);
    REQUIRE(pages_to(world.ana()) == 1);
    const auto taken = world.apply(with_bo_first());
    REQUIRE(taken);
    CHECK(taken->configured.plan.changes.size() == 1);
    world.advance(5min);
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("A restart does not revert what Slack changed, and takes up what the file changed", "[scenarios][apply]")
{
    World world;
    CHECK(world.edit("team", "payments", team_json(world, "#ops")).plan.problems.empty());
    CHECK(channel_of(world) == "#ops");
    world.kill();
    world.start();
    CHECK(channel_of(world) == "#ops");
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(world.fallback().messages().size() == 1);

    auto file = with_bo_first();
    world.set_file(file);
    world.kill();
    world.start();
    CHECK(channel_of(world) == "#ops");
    world.alert("Ledger is down", "ledger");
    world.advance(2s);
    CHECK(pages_to(world.bo()) == 1);
}

TEST_CASE("A restart with the file that was there does not revert another that was applied since", "[scenarios][apply]")
{
    World world;
    world.apply(with_bo_first());
    world.kill();
    world.start(); // ONCALL_CONFIG says what it said
    world.settle();
    world.alert("Checkout is down");
    world.settle();
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.ana()) == 0);
}

TEST_CASE("The same file at each start and by each apply leaves no trace", "[scenarios][apply]")
{
    World world;
    const auto before = trace(world);
    world.kill();
    world.start();
    CHECK(trace(world) == before);
    CHECK_FALSE(world.apply(sample_configuration())->configured.written);
    CHECK(trace(world) == before);
}

TEST_CASE(
    "A restart brings back no override of the file that Slack took back, nor its times from before an edit", "[scenarios][apply]")
{
    auto file = sample_configuration();
    const auto from = noon - 1h;
    file.schedules.at("payments").overrides = {{.from = from, .to = noon + 8h, .people = {"bo@example.com"}},
        {.from = noon + 24h, .to = noon + 25h, .people = {"bo@example.com"}}};
    World world{file};
    world.write([&](storage::Transaction& tx) {
        const storage::Overrides overrides{tx};
        auto all = overrides.ever("payments");
        all.at(0).what.to = noon + 1h;
        all.at(1).cancelled_by = world.bo().id();
        all.at(1).cancelled_at = noon;
        for (auto& one : all)
            overrides.save(one);
        return true;
    });
    world.kill();
    world.start();
    auto elsewhere = file;
    elsewhere.teams.at("payments").channel = "#ops"; // it is read for another reason
    world.set_file(elsewhere);
    world.kill();
    world.start();
    CHECK(channel_of(world) == "#ops");
    const auto configuration = world.app().context().configuration();
    const auto& holds = configuration->schedules.at("payments").overrides;
    REQUIRE(holds.size() == 1);
    CHECK(holds[0].to == noon + 1h);
}

TEST_CASE("Without a file what the database holds holds", "[scenarios][apply]")
{
    World world;
    world.set_file(std::nullopt);
    world.kill();
    world.start();
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("A dry run says what would change and writes nothing", "[scenarios][apply]")
{
    World world;
    const auto before = trace(world);
    handlers::ApplyWish dry;
    dry.dry_run = true;
    const auto taken = world.apply(with_bo_first(), dry);
    REQUIRE(taken);
    CHECK(taken->configured.plan.changes_anything());
    CHECK(trace(world) == before);
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(pages_to(world.bo()) == 0);
}

TEST_CASE(
    "An override that comes into the file ahead of an older one leaves what Slack made since in force", "[scenarios][apply]")
{
    World world;
    const auto from = world.clock.now() - 1h, to = world.clock.now() + 8h;
    auto file = sample_configuration();
    auto& overrides = file.schedules.at("payments").overrides;
    overrides = {{.from = from, .to = to, .people = {"bo@example.com"}}};
    world.apply(file);
    const auto on_call = [&] {
        const auto configuration = world.app().context().configuration();
        return oncall::who_is_on_call(configuration->schedules.at("payments"), world.clock.now()).people;
    };
    CHECK(on_call() == std::vector<std::string>{"bo@example.com"});

    world.advance(1min);
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = {.from = world.clock.now(), .to = to, .people = {"chi@example.com"}};
        one.schedule = "payments";
        one.made_by = world.bo().id();
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return one.what.id;
    });
    world.put_in_force();
    world.advance(1min);
    overrides.insert(overrides.begin(), {.from = from, .to = to, .people = {"ana@example.com"}});
    world.apply(file);
    CHECK(on_call() == std::vector<std::string>{"chi@example.com"});
    const auto before = trace(world);
    world.apply(file);
    CHECK(trace(world) == before);
    world.set_file(file);
    world.kill();
    world.start();
    world.advance(1s);
    CHECK(on_call() == std::vector<std::string>{"chi@example.com"});
}

TEST_CASE("Each change is in the audit with who, before and after, and no keys", "[scenarios][apply]")
{
    World world;
    world.edit("team", "payments", team_json(world, "#ops"));
    struct Row {
        std::string actor, verb, subject, before, after;
    };
    const auto rows = world.look([](storage::Transaction& tx) {
        std::vector<Row> found;
        for (storage::Query row{tx, "SELECT actor, verb, subject, before, after FROM audit ORDER BY id"}; row.step();) {
            Row one;
            one.actor = row.text();
            one.verb = row.text();
            one.subject = row.text();
            one.before = row.text();
            one.after = row.text();
            found.push_back(one);
        }
        return found;
    });
    REQUIRE(rows.size() > 5);
    CHECK(rows.back().actor == world.bo().id());
    CHECK(rows.back().verb == "change");
    CHECK(rows.back().subject == "team payments");
    CHECK(rows.back().before == "channel: #payments-alerts");
    CHECK(rows.back().after == "channel: #ops");
    for (const auto& row : rows)
        CHECK(row.after.find(storage::sha256("demo-scripts-key")) == row.after.npos);
}

TEST_CASE("Dying between the commit and its taking effect is harmless", "[scenarios][apply][crash]")
{
    World world;
    world.doom.commit = world.commits + 1;
    CHECK_FALSE(world.apply(with_bo_first()));
    REQUIRE_FALSE(world.running());
    world.doom = {};
    world.start();
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(pages_to(world.bo()) == 1); // it was committed; the file at the start says what it said
    CHECK(pages_to(world.ana()) == 0);
    world.set_file(with_bo_first());
    world.doom.commit = world.commits + 2; // the start's own, then the file's
    world.kill();
    world.start();
    if (!world.running()) {
        world.doom = {};
        world.start();
    }
    world.alert("Ledger is down", "ledger");
    world.advance(1s);
    CHECK(pages_to(world.bo()) == 2);
}

TEST_CASE("A source that comes works at once, one that goes stops at once", "[scenarios][apply]")
{
    World world;
    const auto made = world.edit("source", "cron", R"({"format":"generic","service":"checkout"})");
    REQUIRE(made.keys.contains("cron"));
    const auto key = made.keys.at("cron");
    CHECK(world.post(key, R"({"title":"The job failed"})").status == 202);
    CHECK(world.edit("source", "cron", "").plan.problems.empty());
    CHECK(world.post(key, R"({"title":"The job failed"})").status != 202);
}

TEST_CASE("A replaced key works beside the new one until its time, and then no more", "[scenarios][apply][socket][long]")
{
    World world;
    handlers::Asked who;
    who.actor = world.bo().id();
    who.via = "a form in Slack";
    who.now = world.clock.now();
    auto& context = world.app().context();
    const auto in_force = [&] {
        world.on_the_bot<bool>([&context]() -> asio::awaitable<bool> {
            auto taking = handlers::put_in_force(context);
            co_await std::move(taking);
            co_return true;
        });
    };
    const auto rotate = [&](doors::milliseconds overlap) {
        auto rotated =
            world.write([&](storage::Transaction& tx) { return handlers::rotate_key(tx, context, "scripts", overlap, who); });
        in_force();
        return rotated;
    };
    const auto works = [&](const std::string& key) { return world.post(key, R"({"title":"x"})").status == 202; };
    const auto first = rotate(1h);
    CHECK(first.old_until == world.clock.now() + 1h);
    CHECK(works(first.key));
    CHECK(works("demo-scripts-key"));
    world.advance(59min);
    CHECK(works("demo-scripts-key"));
    world.advance(1min);
    CHECK_FALSE(works("demo-scripts-key"));
    CHECK(works(first.key));
    world.advance(2h);
    CHECK(world.look([](storage::Transaction& tx) { return storage::SourceKeys{tx}.all().size(); }) == 3);

    SECTION("at once, when there is to be no overlap")
    {
        who.now = world.clock.now();
        const auto second = rotate(0ms);
        CHECK(second.old_until == doors::TimePoint{});
        CHECK_FALSE(works(first.key));
        CHECK(works(second.key));
    }
    SECTION("at once, when the overlap is ended")
    {
        who.now = world.clock.now();
        const auto second = rotate(24h);
        CHECK(world.write([&](storage::Transaction& tx) { return handlers::end_overlap(tx, context, "scripts", who); }));
        in_force();
        CHECK_FALSE(works(first.key));
        CHECK(works(second.key));
        CHECK_FALSE(world.write([&](storage::Transaction& tx) { return handlers::end_overlap(tx, context, "scripts", who); }));
    }
    SECTION("and a restart with the old key in the file does not bring it back")
    {
        world.kill();
        world.start();
        CHECK_FALSE(works("demo-scripts-key"));
        CHECK(works(first.key));
    }
}

TEST_CASE("People of other workspaces change nothing", "[scenarios][apply]")
{
    World world;
    handlers::Asked who;
    who.actor = "USTRANGER";
    who.actor_team = "TOTHER";
    who.home_team = "THOME";
    auto& context = world.app().context();
    CHECK_THROWS_AS(
        world.write([&](storage::Transaction& tx) { return handlers::edit(tx, context, {}, who).written; }), oncall::Refusal);
}

TEST_CASE("A stored part that is broken is left out, and the rest pages", "[scenarios][apply]")
{
    World world;
    world.set_file(std::nullopt);
    world.write([](storage::Transaction& tx) {
        storage::Item broken;
        broken.kind = "team";
        broken.name = "broken";
        broken.holds = R"({"channel":17,"unheard":true})";
        storage::Items{tx}.save(broken);
        broken.name = "worse";
        broken.holds = "no JSON";
        storage::Items{tx}.save(broken);
        return true;
    });
    world.kill();
    world.start();
    const auto configuration = world.app().context().configuration();
    CHECK_FALSE(configuration->teams.contains("broken"));
    CHECK(configuration->teams.contains("payments"));
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("What holidays make of a rotation is not exported, but what was written", "[scenarios][apply][calendar]")
{
    auto configuration = sample_configuration();
    auto& company = configuration.holidays["company"];
    company.name = "company";
    company.dates[std::chrono::floor<std::chrono::days>(oncall::local_time_in("2026-11-04T00:00").value())] = "Founders' day";
    auto& schedule = configuration.schedules.at("payments");
    schedule.holidays = "company";
    schedule.rotations.front().on_holidays = oncall::OnHolidays::off;
    World world{configuration};
    const auto holds = world.app().context().configuration();
    REQUIRE(holds->schedules.at("payments").rotations != schedule.rotations);
    const auto exported = asked(world, "export", Json::object());
    INFO(exported.out);
    CHECK_THAT(exported.out, contains("on_holidays"));
    CHECK(exported.out.find("versions") == std::string::npos);
    CHECK(asked(world, "apply", applying(exported.out)).out == "Nothing to change.\n");
}

TEST_CASE("The command's file is taken up by the running service, which says what changed", "[scenarios][apply]")
{
    World world;
    const auto exported = asked(world, "export", Json::object());
    CHECK(exported.status == 0);
    CHECK(exported.out.find("demo-scripts-key") == std::string::npos);
    CHECK(asked(world, "apply", applying(exported.out)).out == "Nothing to change.\n");

    const std::string zoe = "zoe@example.com";
    auto file = exported.out;
    file.replace(file.find("ana@example.com"), 15, zoe);
    file += "  - {name: last, when: {field: severity, is: info}, then: {page: false}}\n";
    auto dry = applying(file);
    dry["dry_run"] = true;
    CHECK_THAT(asked(world, "apply", dry).out, contains("Dry run: nothing was changed."));
    const auto said = asked(world, "apply", applying(file));
    INFO(said.out << said.err);
    CHECK(said.status == 0);
    CHECK_THAT(said.out, contains("+ rule last"));
    CHECK_THAT(said.out, contains("~ team payments: members: [ana@example.com"));
    CHECK_THAT(said.out, contains("1 new, 1 changed, 0 deleted, 0 kept.\n"));

    SECTION("patience that is shorter than somebody's own rule is taken up, and said with its place")
    {
        const std::string level{"patience: 10m"};
        REQUIRE(file.find(level) != std::string::npos);
        auto short_file = file;
        short_file.replace(short_file.find(level), level.size(), "patience: 30s");
        world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(world.chi().id());
            rules.rules = {{"Mine", oncall::Urgency::high, {}, {{{"email"}, 60s}, {{"slack"}, 60s}, {{"slack"}, 0s}}}};
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
        auto dry_short = applying(short_file);
        dry_short["dry_run"] = true;
        const auto warned = asked(world, "apply", dry_short);
        INFO(warned.err);
        CHECK(warned.status == 0);
        CHECK_THAT(warned.err, contains("oncall.yaml:"));
        CHECK_THAT(warned.err,
            contains(": warning: policy payments, level 2 lasts 30s until the next one is paged, and Slack to chi comes only "
                     "after 1m."));
        const auto taken = asked(world, "apply", applying(short_file));
        CHECK(taken.status == 0);
        CHECK_THAT(taken.err, contains(": warning: policy payments, level 2 lasts 30s"));
    }
    SECTION("a broken one is refused with all that is wrong, and changes nothing")
    {
        const auto before = trace(world);
        const auto refused = asked(world, "apply", applying("teams: {payments: {chanel: x}}\nservices: {a: {team: none}}\n"));
        CHECK(refused.status == 1);
        CHECK_THAT(refused.err, contains("oncall.yaml:1:"));
        CHECK_THAT(refused.err, contains("oncall.yaml:2:"));
        CHECK(trace(world) == before);
    }
    SECTION("what Slack edited since is reported with who did, and stays until it is forced")
    {
        world.edit("team", "payments", team_json(world, "#ops"));
        auto again = applying(file);
        for (int i = 0; i < 2; ++i) {
            const auto kept = asked(world, "apply", again);
            CHECK(kept.status == 0);
            CHECK_THAT(
                kept.out, contains("= team payments: edited in Slack; stays so, --force takes the file's (bo, 2026-11-03"));
            CHECK_THAT(kept.out, contains("channel: #ops → #payments-alerts"));
            CHECK(channel_of(world) == "#ops");
        }
        again["force"] = true;
        CHECK_THAT(asked(world, "apply", again).out, contains("~ team payments: channel: #ops → #payments-alerts"));
        CHECK(channel_of(world) == "#payments-alerts");
    }
    SECTION("what is gone from the file is reported, and deleted when pruned")
    {
        auto less = applying(exported.out);
        CHECK_THAT(asked(world, "apply", less).out, contains("= rule last: "));
        CHECK(world.app().context().configuration()->rules.back().name == "last");
        less["prune"] = true;
        CHECK_THAT(asked(world, "apply", less).out, contains("- rule last"));
        CHECK(world.app().context().configuration()->rules.back().name != "last");
    }
    SECTION("whom Slack does not know is named, with where the file names them")
    {
        CHECK_THAT(said.err, contains("Slack does not know " + zoe + " ("));
        CHECK_THAT(said.err, contains("team payments"));
    }
    SECTION("a key that was made is shown once")
    {
        file.insert(file.find("sources:\n") + 9, "  cron: {format: generic, service: checkout}\n");
        const auto made = asked(world, "apply", applying(file));
        INFO(made.out << made.err);
        const auto at = made.out.find("/hooks/");
        REQUIRE(at != std::string::npos);
        const auto key = made.out.substr(at + 7, made.out.find(' ', at) - at - 7);
        CHECK(world.post(key, R"({"title":"The job failed"})").status == 202);
        CHECK(asked(world, "apply", applying(file)).out == "Nothing to change.\n");
    }
}

TEST_CASE("People whom Slack does not know are named to whoever applies the file", "[scenarios][apply]")
{
    World world;
    auto file = sample_configuration();
    file.teams.at("payments").members.push_back("zoe@example.com");
    world.apply(file);
    world.advance(1s);
    auto& app = world.app();
    const auto strangers = world.on_the_bot<std::map<std::string, std::vector<std::string>>>([&app] { return app.strangers(); });
    CHECK(strangers == std::map<std::string, std::vector<std::string>>{{"zoe@example.com", {"team payments"}}});
    world.slack().add_person("zoe", "zoe@example.com");
    world.advance(2min);
    CHECK(world.on_the_bot<std::map<std::string, std::vector<std::string>>>([&app] { return app.strangers(); }).empty());
}

TEST_CASE("An override finds whom the rotation calls otherwise, once Slack has said who they are", "[scenarios][apply]")
{
    World world;
    auto file = sample_configuration();
    const auto now = world.clock.now();
    file.schedules.at("payments").overrides = {{now - 1h, now + 24h, oncall::Override::Kind::put, {"bo@example.com"}, "@ana"},
        {now + 24h, now + 48h, oncall::Override::Kind::remove, {"@zoe"}, ""}};
    world.apply(file);
    world.advance(5s);
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(pages_to(world.ana()) == 0);
    CHECK(pages_to(world.bo()) == 1);

    const auto said = asked(world, "apply", applying(asked(world, "export", Json::object()).out));
    INFO(said.err);
    CHECK_THAT(said.err, contains("removes @zoe, but nothing in the schedule puts anybody of that name on call"));
    CHECK_THAT(said.err, !contains("@ana"));
}

TEST_CASE("Reading the file again takes up what it changed, or nothing when it is broken", "[scenarios][apply]")
{
    World world;
    auto& app = world.app();
    const auto reload = [&](const config::Parsed& parsed) {
        world.on_the_bot<std::map<std::string, std::string>>([&app, parsed] { return app.reload(parsed); });
    };
    config::Parsed broken;
    broken.configuration = with_bo_first();
    broken.problems.push_back({3, 1, "something", "mend it", ""});
    const auto before = trace(world);
    reload(broken);
    CHECK(trace(world) == before);
    config::Parsed right;
    right.configuration = with_bo_first();
    reload(right);
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(pages_to(world.bo()) == 1);
}
