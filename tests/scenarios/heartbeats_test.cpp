#include "catch.hpp"
#include "handlers/pings.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/heartbeats.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

const std::string cron_key{"cron-sample-key"};

/// A source whose jobs ping, and one of them: every ten minutes, five late at most.
oncall::Configuration with_backup()
{
    auto configuration = sample_configuration();
    configuration.sources["cron"] = {.name = "cron", .format = "generic", .key = cron_key, .team = "payments"};
    configuration.heartbeats["backup"] = {.name = "backup",
        .source = "cron",
        .every = 10min,
        .grace = 5min,
        .service = "checkout",
        .severity = "critical",
        .description = "The nightly <!channel> copy."};
    return configuration;
}

net::Response ping(World& world, const std::string& name, const std::string& method = "GET", const std::string& body = "",
    const std::string& key = cron_key)
{
    net::Request request;
    request.method = method;
    request.target = "/hooks/" + key + "/ping/" + name;
    request.body = body;
    return world.request(std::move(request));
}

std::optional<oncall::Heartbeat> stored_heartbeat(World& world, const std::string& name, const std::string& source = "cron")
{
    return world.look([&](storage::Transaction& tx) { return storage::Heartbeats{tx}.find(source, name); });
}

int open_alerts(World& world)
{
    return world.look([](storage::Transaction& tx) { return static_cast<int>(storage::Alerts{tx}.count_open()); });
}

void open_heartbeats(World& world, workspace::Person& person, const std::string& words = "")
{
    const auto typed = person.command("/oncall", "heartbeats" + (words.empty() ? "" : " " + words), "#payments-alerts");
    world.advance(1s);
    CHECK(typed.error() == "");
    REQUIRE(person.modals() > 0);
}

void send_heartbeat_form(World& world, workspace::Person& person)
{
    const auto sent = person.submit();
    world.advance(1s);
    CHECK(sent.error() == "");
}

} // namespace

TEST_CASE("A job that pings by GET, POST or HEAD is heard; its silence pages, and its next ping ends that",
    "[scenarios][heartbeats][socket]")
{
    World world{with_backup()};
    world.advance(2h); // before its first ping nobody waits for it
    CHECK(pages_to(world.ana()) == 0);
    for (const auto* method : {"GET", "HEAD", "POST", "GET", "PUT"}) {
        CHECK(ping(world, "backup", method).status == 200);
        world.advance(14min); // late, and within its grace
    }
    CHECK(pages_to(world.ana()) == 0);
    CHECK(ping(world, "backup", "DELETE").status == 405);
    CHECK(ping(world, "backup", "GET", "", "no-key").status == 401);
    CHECK(ping(world, "backup/?rid=5cd4a9a4-0000-4000-8000-000000000000").status == 200);

    // Over a restart, and while we are away nobody falls silent.
    world.kill();
    world.advance(1h);
    world.start();
    world.advance(14min);
    CHECK(pages_to(world.ana()) == 0);
    world.advance(2min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card(world), "Heartbeat backup is expired"));
    CHECK(has(card(world), "checkout"));
    CHECK(world.channel().messages().front().blocks.dump().find("<!channel>") == std::string::npos);
    CHECK(stored_heartbeat(world, "backup")->expired);

    world.kill();
    world.start();
    world.advance(1s);
    CHECK(ping(world, "backup").status == 200);
    world.advance(5s);
    CHECK(has(card(world), "Resolved"));
    CHECK(has(thread(world), "it was silent for 1h"));
    CHECK(open_alerts(world) == 0);

    // It is watched on, also when it was heard by a clock that was a day ahead.
    world.write([&](storage::Transaction& tx) {
        auto backup = *storage::Heartbeats{tx}.find("cron", "backup");
        backup.pinged_at = backup.counts_from = world.clock.now() + 24h;
        storage::Heartbeats{tx}.save(backup);
        storage::Timers{tx}.set(storage::TimerKind::heartbeat, backup.id, world.clock.now() + 25h);
        return 0;
    });
    world.kill();
    world.start();
    world.advance(16min);
    CHECK(open_alerts(world) == 1);
}

TEST_CASE("A job says when it begins, that it failed, and by what exit status, and its last words stand in the alert",
    "[scenarios][heartbeats][socket]")
{
    World world{with_backup()};
    CHECK(ping(world, "backup/start").status == 200);
    world.advance(90s);
    CHECK(ping(world, "backup/0", "POST", "copied 3 files").status == 200);
    const auto lasted = stored_heartbeat(world, "backup")->lasted;
    CHECK(lasted >= 90s);
    CHECK(lasted < 95s);
    CHECK(open_alerts(world) == 0);

    // Failed is told at once, hostile words and all; once more is no second page.
    CHECK(ping(world, "backup/3", "POST", "copying\n<!channel> disk \xFF full\n").status == 200);
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card(world), "Heartbeat backup failed with exit status 3"));
    CHECK(world.channel().messages().front().blocks.dump().find("<!channel>") == std::string::npos);
    CHECK(ping(world, "backup/fail", "POST", std::string(200'000, 'x') + "the end").status == 200);
    world.advance(3s);
    CHECK(pages_to(world.ana()) == 1);
    const auto kept = stored_heartbeat(world, "backup")->last_words;
    CHECK(kept.size() <= oncall::most_last_words);
    CHECK(kept.ends_with("the end"));
    CHECK(ping(world, "backup/start").status == 200); // begun is not done
    CHECK(open_alerts(world) == 1);
    CHECK(ping(world, "backup").status == 200);
    world.advance(3s);
    CHECK(open_alerts(world) == 0);
    CHECK(has(thread(world), "it succeeds again"));

    // A run that hangs is missing after its grace, though the interval is not over.
    CHECK(ping(world, "backup/start").status == 200);
    world.advance(6min);
    CHECK(open_alerts(world) == 1);
    const auto hangs = world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(1).front(); });
    CHECK(hangs.title == "Heartbeat backup is expired");
    CHECK(has(hangs.description, "began a run at"));
    for (const auto* wrong : {"backup/256", "backup/stop", "backup/fail/1", "%20", "", "a%2Fb%E2%80%AE", "backup/start/"})
        CHECK(ping(world, wrong).status == (std::string{wrong} == "backup/start/" ? 200 : 404));
    CHECK(ping(world, std::string(81, 'n')).status == 404);
}

TEST_CASE("A heartbeat that comes and goes is one alert, and a quiet source's is none", "[scenarios][heartbeats][socket]")
{
    auto configuration = with_backup();
    configuration.heartbeats.at("backup").every = 1min;
    configuration.heartbeats.at("backup").grace = {};
    World world{configuration};
    for (int round = 0; round < 6; ++round) {
        CHECK(ping(world, "backup").status == 200);
        CHECK(open_alerts(world) == 0);
        world.advance(70s);
        CHECK(open_alerts(world) == 1);
    }
    CHECK(ping(world, "backup").status == 200);
    CHECK(open_alerts(world) == 0);
    INFO(world.slack().story());
    const auto all = world.look([](storage::Transaction& tx) {
        storage::Query row{tx, "SELECT count(*) FROM alerts"};
        return row.step() ? row.number() : 0;
    });
    CHECK(all == 1);

    configuration.sources.at("cron").quiet = true;
    REQUIRE(world.apply(configuration)->configured.written);
    CHECK(ping(world, "backup/fail").status == 200);
    world.advance(10min);
    CHECK(open_alerts(world) == 0);
    configuration.sources.at("cron").quiet = false;
    REQUIRE(world.apply(configuration)->configured.written);
    world.advance(2min); // it is still dead
    CHECK(open_alerts(world) == 1);
}

TEST_CASE("First pings make heartbeats where their source says so, and no more than there is room for",
    "[scenarios][heartbeats][socket]")
{
    auto configuration = with_backup();
    World world{configuration};
    const auto unknown = ping(world, "reports");
    CHECK(unknown.status == 404);
    CHECK(has(unknown.body, "does not exist"));
    world.advance(2s);
    CHECK(has(last_card(world), "nobody is told when it falls silent"));

    configuration.sources.at("cron").first_ping_makes = 60min;
    REQUIRE(world.apply(configuration)->configured.plan.problems.empty());
    CHECK(has(ping(world, "night%20ly%3Cb%3E").body, "from now on"));
    const auto made = stored_heartbeat(world, "night ly<b>");
    REQUIRE(made);
    CHECK(made->grace == 6min);
    CHECK_FALSE(made->configured);
    CHECK(ping(world, "night%20ly%3Cb%3E").status == 200);
    int refused = 0;
    for (int i = 0; i < oncall::most_made_by_pings + 5; ++i)
        refused += ping(world, "stranger-" + std::to_string(i)).status == 404 ? 1 : 0;
    CHECK(refused == 6);
    CHECK(ping(world, "backup").status == 200); // what is configured has its own room
    CHECK(ping(world, "stranger-1").status == 200);

    // Set up by a form it is what that says, with what was heard so far.
    CHECK(world.edit("heartbeat", "stranger-1", R"({"source":"cron","every":"3h","service":"checkout"})").written);
    const auto set_up = stored_heartbeat(world, "stranger-1");
    REQUIRE(set_up);
    CHECK(set_up->configured);
    CHECK(interval_words(*set_up) == "every 3 hours");
    CHECK(world.clock.now() - set_up->pinged_at < 5s);
}

TEST_CASE("What the configuration says of a heartbeat holds with its commit: made, changed, removed, and its alert over with it",
    "[scenarios][heartbeats][socket]")
{
    auto configuration = with_backup();
    World world{configuration};
    CHECK(ping(world, "backup").status == 200);
    world.advance(16min);
    CHECK(open_alerts(world) == 1);
    const auto id = stored_heartbeat(world, "backup")->id;

    // The same file again, and a longer interval, leave what is missing missing.
    configuration.heartbeats.at("backup").every = 60min;
    REQUIRE(world.apply(configuration)->configured.written);
    CHECK(stored_heartbeat(world, "backup")->expired);
    CHECK(stored_heartbeat(world, "backup")->id == id);
    CHECK(ping(world, "backup").status == 200);
    world.advance(30min);
    CHECK(open_alerts(world) == 0);

    // A shorter one that would be over already begins now.
    configuration.heartbeats.at("backup").every = 1min;
    world.apply(configuration);
    world.advance(5min);
    CHECK(open_alerts(world) == 0);
    world.advance(2min);
    CHECK(open_alerts(world) == 1);

    // Of another source, it is another one; and gone, nobody waits for it.
    configuration.heartbeats.at("backup").source = "scripts";
    world.apply(configuration);
    CHECK(open_alerts(world) == 0);
    CHECK_FALSE(stored_heartbeat(world, "backup"));
    REQUIRE(stored_heartbeat(world, "backup", "scripts"));
    CHECK(ping(world, "backup", "GET", "", "demo-scripts-key").status == 200);
    CHECK_FALSE(world.edit("source", "scripts", "").plan.problems.empty()); // it is used
    CHECK(world.edit("heartbeat", "backup", "").written);
    CHECK_FALSE(stored_heartbeat(world, "backup", "scripts"));
    world.kill();
    world.advance(1h);
    world.start();
    world.advance(1h);
    CHECK(open_alerts(world) == 0);
    CHECK(ping(world, "backup", "GET", "", "demo-scripts-key").status == 404);
}

TEST_CASE("Opsgenie's API pings what is configured, and does not change it", "[scenarios][heartbeats][opsgenie][socket]")
{
    auto configuration = with_backup();
    configuration.sources.at("cron").format = "opsgenie";
    World world{configuration};
    const auto genie = [&](const std::string& method, const std::string& target, const std::string& body = "") {
        net::Request request;
        request.method = method;
        request.target = "/v2/heartbeats" + target;
        request.body = body;
        request.headers = {{"Authorization", "GenieKey " + cron_key}, {"Content-Type", "application/json"}};
        return world.request(std::move(request)).status;
    };
    CHECK(genie("POST", "/backup/ping") == 202);
    CHECK(genie("PATCH", "/backup", R"({"interval":1,"intervalUnit":"days"})") == 409);
    CHECK(genie("DELETE", "/backup") == 409);
    CHECK(genie("POST", "", R"({"name":"backup","interval":1,"intervalUnit":"days"})") == 409);
    CHECK(interval_words(*stored_heartbeat(world, "backup")) == "every 10 minutes");
    CHECK(genie("POST", "", R"({"name":"other","interval":1,"intervalUnit":"days"})") == 201);
    CHECK(genie("POST", "/backup/disable") == 200);
    CHECK(stored_heartbeat(world, "backup")->paused_until > world.clock.now() + 24h * 29); // theirs says no end; ours has one
    // What it is is the configuration's; that it is paused stays, over a change of it.
    configuration.heartbeats.at("backup").every = 20min;
    world.apply(configuration);
    CHECK_FALSE(stored_heartbeat(world, "backup")->enabled);
    CHECK(interval_words(*stored_heartbeat(world, "backup")) == "every 20 minutes");
    CHECK(stored_heartbeat(world, "other"));
}

TEST_CASE("A pause of a heartbeat ends by itself, is listed each morning until then, and one from before gets an end",
    "[scenarios][heartbeats][silences][socket]")
{
    World world{with_backup()};
    world.advance(2s); // who people are is known by now
    const auto digests = [&] {
        std::vector<std::string> all;
        for (const auto& message : world.channel().messages())
            if (const auto text = world.slack().plain(message); has(text, "Silent today"))
                all.push_back(text);
        return all;
    };
    CHECK(ping(world, "backup").status == 200);
    CHECK(has(type(world, world.bo(), "heartbeats pause backup 31d because the tape drive is away"), "longer than 30 days"));
    CHECK(has(type(world, world.bo(), "heartbeats pause backup 30h"), "Say why"));
    CHECK(stored_heartbeat(world, "backup")->enabled);
    const auto said = type(world, world.bo(), "heartbeats pause backup 30h because the tape drive is away");
    INFO(said);
    CHECK(has(said, "backup is paused until"));
    type(world, world.chi(), "heartbeats pause backup"); // it is, and no shorter for that
    const auto until = stored_heartbeat(world, "backup")->paused_until;
    CHECK(until > world.clock.now() + 29h);
    CHECK(has(type(world, world.bo(), "silences"), "the tape drive is away"));
    world.kill();
    world.clock.set(world.clock.now() + 19h);
    world.start();
    world.advance(1min);
    CHECK(ping(world, "backup/fail").status == 200); // told nobody, and it ends no pause
    world.advance(2h); // past nine
    const auto told = digests();
    INFO(world.slack().story());
    REQUIRE(told.size() == 1);
    for (const char* part : {"heartbeat backup is paused until", ", by ", "the tape drive is away"})
        CHECK(has(told.front(), part));
    CHECK(open_alerts(world) == 0);
    CHECK(stored_heartbeat(world, "backup")->paused_until == until);

    // The bot is down over its end: from its start on there is a whole interval and the grace.
    world.kill();
    world.clock.advance(12h);
    world.start();
    world.advance(14min);
    CHECK(stored_heartbeat(world, "backup")->enabled);
    CHECK(open_alerts(world) == 0);
    world.advance(2min);
    CHECK(open_alerts(world) == 1);

    // Paused by a version that knew no ends.
    CHECK(ping(world, "backup").status == 200);
    world.write([](storage::Transaction& tx) {
        auto backup = *storage::Heartbeats{tx}.find("cron", "backup");
        backup.enabled = false;
        storage::Heartbeats{tx}.save(backup);
        storage::Timers{tx}.clear(storage::TimerKind::heartbeat, backup.id);
        storage::Timers{tx}.clear(storage::TimerKind::digest, 0);
        return 0;
    });
    world.kill();
    world.start();
    world.advance(1s);
    CHECK_FALSE(stored_heartbeat(world, "backup")->enabled);
    CHECK(stored_heartbeat(world, "backup")->paused_until > world.clock.now() + 24h * 29);
    world.advance(13h); // past nine once more
    CHECK(digests().size() == 2);
}

TEST_CASE("Heartbeats are added, looked at, paused, resumed and set up in Slack, by whoever may", "[scenarios][heartbeats]")
{
    auto configuration = with_backup();
    configuration.sources.at("cron").first_ping_makes = 60min;
    configuration.teams["search"] = {.name = "search", .members = {"dee@example.com"}, .policy = "payments"};
    World world{configuration};
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(1s);
    auto& bo = world.bo();
    CHECK(ping(world, "backup/start").status == 200);
    CHECK(ping(world, "backup/1", "POST", "first\nno <@U1> space left\n").status == 200);
    CHECK(ping(world, "made").status == 200);
    world.advance(1s);

    open_heartbeats(world, bo);
    auto shown = modal(world, bo);
    INFO(shown);
    for (const char* part : {"backup", "failed with exit status 1", "last words: no", "space left", "source cron",
             "made by who pings it", "ONCALL_HEARTBEAT_URL"})
        CHECK(has(shown, part));
    CHECK(shown.find("backup") < shown.find("made")); // what needs somebody stands first

    CHECK(bo.choose_modal("", "Lines to paste…", "backup").error() == "");
    world.advance(1s);
    CHECK(has(modal(world, bo), "/hooks/YOUR-KEY/ping/backup"));
    CHECK(has(modal(world, bo), "curl -fsS -m 10 --retry 5"));
    bo.close();

    CHECK(bo.choose_modal("", "Pause for a day", "backup").error() == "");
    world.advance(2s);
    CHECK(has(modal(world, bo), "paused until"));
    CHECK(stored_heartbeat(world, "backup")->paused_until < world.clock.now() + 24h);
    CHECK(bo.choose_modal("", "Edit…", "backup").error() == "");
    world.advance(1s);
    CHECK(has(modal(world, bo), "It is paused until"));
    bo.close();
    CHECK(open_alerts(world) == 0);
    world.advance(1h);
    CHECK(open_alerts(world) == 0);
    bo.close_all();
    CHECK(ping(world, "made").status == 200);
    CHECK(has(type(world, bo, "heartbeats resume backup"), "its time begins now"));
    world.advance(16min); // it is as dead as before
    CHECK(open_alerts(world) == 1);
    CHECK(has(type(world, bo, "heartbeats pause bakup"), "Did you mean backup?"));

    auto& dee = world.slack().person("dee");
    open_heartbeats(world, dee);
    CHECK(has(modal(world, dee), "missing"));
    CHECK_FALSE(has(modal(world, dee), "space left"));
    dee.close_all();
    CHECK(has(type(world, dee, "heartbeats pause backup"), "members of team payments may change heartbeat backup"));

    // What a ping has made is set up by the form, which shows what it would change.
    open_heartbeats(world, bo);
    CHECK(bo.choose_modal("", "Set up…", "made").error() == "");
    world.advance(1s);
    bo.fill({{"Expected every", "90s"}});
    CHECK(bo.submit().error() == "");
    world.advance(1s);
    CHECK(has(bo.modal().errors.at("every"), "whole minutes"));
    bo.fill({{"Expected every", "1d"}, {"Service", "ledger"}});
    send_heartbeat_form(world, bo);
    send_heartbeat_form(world, bo);
    CHECK(has(modal(world, bo), "heartbeat made"));
    CHECK(interval_words(*stored_heartbeat(world, "made")) == "every day");
    CHECK(stored_heartbeat(world, "made")->service == "ledger");
    bo.close_all();
    open_heartbeats(world, bo, "add reports");
    bo.fill({{"Source", "cron"}, {"Expected every", "1h"}});
    send_heartbeat_form(world, bo);
    send_heartbeat_form(world, bo);
    REQUIRE(stored_heartbeat(world, "reports"));
    bo.close_all();
    CHECK(world.slack().violations().empty());
}
