#include "catch.hpp"
#include "commands/check.hpp"
#include "doors/worker.hpp"
#include "net/memory.hpp"
#include "noon.hpp"
#include "places.hpp"
#include "scenarios/easel.hpp"
#include "scenarios/loopback.hpp"
#include "storage/database.hpp"
#include "storage/inspection.hpp"
#include "twilio/twilio.hpp"
#include "workspace/workspace.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace commands;
using namespace std::chrono_literals;
using Verdict = Finding::Verdict;

namespace {

/// The sample with keys of somebody's own.
std::string sample()
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml"};
    std::string yaml{std::istreambuf_iterator<char>{file}, {}};
    for (auto at = yaml.find("demo-"); at != yaml.npos; at = yaml.find("demo-"))
        yaml.replace(at, 5, "our-");
    return yaml;
}

struct MailServer final : notify::Mailer {
    notify::Outcome outcome{};
    std::string name() const override { return "mail.example.com"; }
    asio::awaitable<notify::Outcome> send(notify::Email) override { co_return outcome; }
    asio::awaitable<notify::Outcome> verify() override { co_return outcome; }
};

/// A workspace and somebody who checks, on one loop, with a clock each.
struct Bench {
    std::filesystem::path folder{};
    asio::io_context loop{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
    doors::ManualClock clock{noon}; // Slack's
    doors::ManualClock ours{noon};
    doors::SeededRandom random{7};
    std::unique_ptr<logging::Log> log{logging::silent()};
    net::MemoryNetwork wires{clock};
    std::unique_ptr<net::Network> slack_network{wires.plug("slack", loop.get_executor())};
    std::unique_ptr<net::Network> network{wires.plug("us", loop.get_executor())};
    doors::Tasks tasks{loop.get_executor(), *log};
    std::unique_ptr<workspace::Workspace> slack{
        std::make_unique<workspace::Workspace>(workspace::Doors{*slack_network, clock, random, tasks}, "slack.com:443")};
    MailServer mail_server{}, second_mail_server{};
    scenario::Easel easel{};
    std::map<std::string, std::string> environment{};
    std::string yaml{};
    std::vector<Finding> findings{};

    Bench()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "oncall-check-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        for (const std::string name : {"ana", "bo", "chi", "cto"})
            slack->add_person(name, name + "@example.com");
        slack->add_channel("payments-alerts", {.bot = true});
        slack->add_channel("war-room", {.bot = true, .is_private = true});
        slack->add_channel("ops");
        environment = {{"SLACK_BOT_TOKEN", slack->bot_token()}, {"SLACK_APP_TOKEN", slack->app_token()},
            {"SLACK_API_URL", slack->api_url()}, {"ONCALL_DATABASE", database()}, {"ONCALL_CONFIG", "oncall.yaml"},
            {"ONCALL_CHANNEL", "#ops"}, {"ONCALL_ADMINS", "cto@example.com"},
            {"ONCALL_HEARTBEAT_URL", "https://hc.example.com/1"}, {"ONCALL_PUBLIC_URL", "https://oncall.example.com"},
            {"SMTP_URL", "smtp://127.0.0.1:25"}, {"SMTP_FROM", "oncall@example.com"}};
        yaml = sample();
    }
    ~Bench()
    {
        tasks.stop();
        while (loop.poll_one() > 0) { }
        slack.reset();
        wires.unplug("slack");
        wires.unplug("us");
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
        std::filesystem::remove_all(folder);
    }
    std::string database() const { return (folder / "oncall.db").string(); }

    /// What is found, a line each, with its sign and its fix.
    std::string look()
    {
        Subject subject;
        subject.settings = config::read_settings(
            [&](const std::string& name) {
                const auto found = environment.find(name);
                return found == environment.end() ? std::nullopt : std::optional{found->second};
            },
            std::nullopt);
        if (!subject.settings.settings.config.empty())
            subject.configuration = config::parse(yaml, [](const std::string&) { return std::optional<std::string>{}; });
        subject.text = yaml;
        findings.clear();
        bool over = false;
        std::exception_ptr failure;
        auto tell = [&](const Finding& finding) { findings.push_back(finding); };
        std::vector<notify::Mailer*> mailers;
        for (const auto& one : subject.settings.settings.mail)
            mailers.push_back(one.number.empty() ? &mail_server : &second_mail_server);
        const CheckDoors doors{*network, ours, std::move(mailers), &easel};
        asio::co_spawn(loop, check(std::move(subject), doors, tell), [&](std::exception_ptr error) {
            over = true;
            failure = error;
        });
        while (!over) {
            if (loop.poll_one() > 0)
                continue;
            const auto next = std::min(clock.next_due(), ours.next_due() - (ours.now() - clock.now()));
            REQUIRE(next < noon + 10min); // it waits for something that never comes
            const auto step = std::max(next, clock.now()) - clock.now();
            clock.advance(step);
            ours.advance(step);
        }
        if (failure)
            std::rethrow_exception(failure);
        std::string lines;
        for (const auto& one : findings)
            lines += (one.verdict == Verdict::good         ? "+ "
                             : one.verdict == Verdict::bad ? "! "
                                                           : "- ")
                + one.what + (one.fix.empty() ? "" : " // " + one.fix) + "\n";
        return lines;
    }
    /// The only bad finding; every bad one says what to do.
    Finding only_bad()
    {
        const auto lines = look();
        INFO(lines);
        std::vector<Finding> bad;
        for (const auto& one : findings)
            if (one.verdict == Verdict::bad)
                bad.push_back(one);
        REQUIRE(bad.size() == 1);
        CHECK_FALSE(bad.front().fix.empty());
        return bad.front();
    }
};

} // namespace

TEST_CASE("A key that everybody can read in the sample is said", "[commands]")
{
    Bench bench;
    bench.yaml.replace(bench.yaml.find("our-scripts"), 3, "demo");
    CHECK(has(bench.only_bad().what, "Source scripts has the sample's key"));
}

TEST_CASE("A mail server that lets us not in is said with the fix; none at all is worth a word", "[commands]")
{
    Bench bench;
    bench.mail_server.outcome = {notify::Outcome::refused, "535 authentication failed", true};
    const auto bad = bench.only_bad();
    CHECK(has(bad.what, "535 authentication failed"));
    CHECK(has(bad.fix, "SMTP_URL"));
    bench.environment.erase("SMTP_URL");
    bench.environment.erase("SMTP_FROM");
    CHECK(has(bench.look(), "- SMTP_URL is not set: pages go by Slack alone"));
}

TEST_CASE("Of several mail servers each is asked, and told by its setting's name", "[commands]")
{
    Bench bench;
    bench.environment["SMTP_URL_2"] = "smtp://127.0.0.1:26";
    CHECK(has(bench.look(), "+ The mail server of SMTP_URL lets us in.\n+ The mail server of SMTP_URL_2 lets us in.\n"));
    bench.second_mail_server.outcome = {notify::Outcome::refused, "535 authentication failed", true};
    const auto bad = bench.only_bad();
    CHECK(has(bad.what, "The mail server of SMTP_URL_2 does not let us in: 535"));
    CHECK(has(bad.fix, "SMTP_URL_2"));
}

TEST_CASE("A check of what is well finds everything well, and changes nothing", "[commands]")
{
    Bench bench;
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines,
        "+ The settings are complete.\n"
        "+ oncall.yaml is valid: 1 team, 2 services, 1 schedule, 1 policy, 3 sources, 2 rules.\n"
        "+ Database "
            + bench.database() + " is not there yet and will be made.\n"));
    CHECK(has(lines,
        "+ Slack knows the bot as @oncall in the workspace Acme.\n"
        "+ The clock is right.\n"
        "+ All "
            + std::to_string(scopes().size())
            + " scopes are granted.\n"
              "+ Socket Mode: Slack said hello.\n"
              "+ Channel #ops (ONCALL_CHANNEL): the bot can post there.\n"
              "+ Channel #payments-alerts (team payments): the bot can post there.\n"
              "+ Channel #war-room (policy payments): the bot can post there.\n"
              "+ 4 people are found in Slack.\n"
              "+ The mail server of SMTP_URL lets us in.\n"
              "+ 1 administrator is named.\n"
              "+ Signs of life go to ONCALL_HEARTBEAT_URL.\n"
              "+ Browsers can be notified: people subscribe theirs from Slack.\n"
              "+ Pictures of schedules can be drawn.\n"));
    for (const auto& one : bench.findings)
        CHECK(one.verdict == Verdict::good);
    CHECK(has(lines, "MiB are free"));
    CHECK(std::filesystem::is_empty(bench.folder));
    CHECK(bench.slack->links() == 0); // its own is closed
    CHECK(bench.slack->calls("chat.postMessage").empty());
    CHECK(bench.slack->calls("conversations.open").empty());
}

TEST_CASE("A check says when nothing draws pictures, and that is no fault", "[commands]")
{
    Bench bench;
    bench.easel.trouble = "PNG is drawn by rsvg-convert, which is not installed. Fix: apt-get install librsvg2-bin";
    const auto lines = bench.look();
    CHECK(has(lines, "- In Slack, schedules are shown in words alone: PNG is drawn by rsvg-convert, which is not installed."));
    for (const auto& one : bench.findings)
        CHECK(one.verdict != Finding::Verdict::bad);
}

TEST_CASE("A check says which token Slack does not accept", "[commands]")
{
    Bench bench;
    SECTION("a revoked one")
    {
        bench.slack->revoke_tokens();
        bench.environment.erase("SLACK_APP_TOKEN");
        bench.environment["SLACK_SIGNING_SECRET"] = "s";
        const auto bad = bench.only_bad();
        CHECK(has(bad.what, "SLACK_BOT_TOKEN (invalid_auth)"));
        CHECK(has(bad.fix, "OAuth & Permissions"));
        CHECK(has(bench.look(), "The clock is right")); // a refusal tells the time as well
    }
    SECTION("a wrong app token")
    {
        bench.environment["SLACK_APP_TOKEN"] = "xapp-1-A1-1-wrong";
        const auto bad = bench.only_bad();
        CHECK(has(bad.what, "SLACK_APP_TOKEN (invalid_auth)"));
        CHECK(has(bad.fix, "connections:write"));
    }
    SECTION("none at all")
    {
        bench.environment.erase("SLACK_BOT_TOKEN");
        CHECK(has(bench.only_bad().what, "SLACK_BOT_TOKEN is not set"));
        CHECK(bench.slack->calls().empty());
    }
}

TEST_CASE("A check looks for user groups, and for their scopes only where they are needed", "[commands]")
{
    Bench bench;
    SECTION("none is configured: what is missing is no trouble")
    {
        bench.slack->settings().scopes.erase("usergroups:write");
        bench.slack->settings().scopes.erase("channels:write.topic");
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "The scope usergroups:write is missing, and nothing in the configuration needs it."));
        CHECK(has(lines, "+ All scopes that are needed are granted."));
        CHECK_FALSE(has(lines, "! "));
    }
    SECTION("one is")
    {
        const std::string channel{"    channel: \"#payments-alerts\""};
        bench.yaml.insert(bench.yaml.find(channel), "    user_group: \"@payments-oncall\"\n");
        CHECK(has(bench.look(), "! User group @payments-oncall (team payments) is not there."));
        bench.slack->add_user_group("Payments-OnCall", {"ana"});
        CHECK(has(bench.look(), "+ User group @payments-oncall (team payments) is there."));
        bench.slack->enable_user_group("Payments-OnCall", false);
        CHECK(has(bench.look(), "! User group @payments-oncall (team payments) is disabled"));
        bench.slack->settings().has_user_groups = false;
        CHECK(has(bench.look(), "paid plans only"));
        bench.slack->settings().scopes.erase("usergroups:write");
        CHECK(has(bench.look(), "! The scope usergroups:write is missing: user groups do not follow who is on call."));
    }
}

TEST_CASE("A check names each missing scope and what cannot be done without it", "[commands]")
{
    Bench bench;
    SECTION("one that channels need")
    {
        bench.slack->settings().scopes.erase("chat:write.public");
        const auto lines = bench.look();
        INFO(lines);
        // Nobody needs it to be paged.
        CHECK(has(lines,
            "- The scope chat:write.public is missing, without which people are paged all the same: the bot must be "
            "invited"));
        CHECK(has(lines, "reinstall the app"));
        CHECK(has(lines, "! Channel #ops (ONCALL_CHANNEL): the bot is not in it. // Write /invite @oncall there."));
        CHECK(has(lines, "+ Channel #payments-alerts"));
    }
    SECTION("those of private channels: the public ones are found all the same")
    {
        bench.slack->settings().scopes.erase("groups:read");
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "- The scope groups:read is missing"));
        CHECK(has(lines, "+ Channel #payments-alerts"));
        CHECK(has(lines, "! Channel #war-room"));
    }
    SECTION("those of people")
    {
        bench.slack->settings().scopes.erase("users:read.email");
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "! The scope users:read.email is missing"));
        CHECK(has(lines, "- Not everybody could be looked for (4 left)"));
        CHECK_FALSE(has(lines, "nobody's"));
        // By the list of all, which then has no addresses, it is the same.
        bench.environment["ONCALL_ADMINS"] = "@bo";
        CHECK_FALSE(has(bench.look(), "nobody's"));
    }
}

TEST_CASE("A check finds Socket Mode switched off, and links nobody knows of", "[commands]")
{
    Bench bench;
    SECTION("off")
    {
        bench.slack->socket_mode(false);
        const auto bad = bench.only_bad();
        CHECK(bad.what == "Socket Mode is switched off.");
        CHECK(has(bad.fix, "Turn it on"));
    }
    SECTION("of another app")
    {
        bench.slack->settings().app_token_is_of = "A00ANOTHER";
        CHECK(bench.only_bad().what
            == "The two tokens are of two apps: SLACK_BOT_TOKEN of " + bench.slack->app_id()
                + ", SLACK_APP_TOKEN of A00ANOTHER.");
    }
    SECTION("full")
    {
        bench.slack->settings().links = 0;
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "- Socket Mode: the app has all the links it may have"));
        CHECK_FALSE(has(lines, "! "));
    }
    SECTION("answers that never come are not waited for long")
    {
        bench.slack->hang("users.lookupByEmail", 100);
        bench.slack->hang("conversations.list", 100);
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "- Not everybody could be looked for"));
        CHECK(has(lines, "+ Signs of life"));
        CHECK(bench.ours.now() - noon <= 55s);
    }
    SECTION("one answer that never comes is not waited for long")
    {
        bench.slack->hang("apps.connections.open", 1);
        CHECK(has(bench.only_bad().what, "Slack gives no link"));
        CHECK(bench.ours.now() - noon <= 15s);
    }
}

TEST_CASE("In HTTP mode a check opens no link", "[commands]")
{
    Bench bench;
    bench.environment.erase("SLACK_APP_TOKEN");
    bench.environment["SLACK_SIGNING_SECRET"] = bench.slack->signing_secret();
    bench.environment["ONCALL_PUBLIC_URL"] = "https://oncall.example.com/";
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines, "+ HTTP mode: the signing secret is set. Whether Slack reaches https://oncall.example.com/slack/…"));
    CHECK_FALSE(has(lines, "! "));
    CHECK(bench.slack->calls("apps.connections.open").empty());
}

TEST_CASE("A check says which channel cannot be posted in, for whom it is, and what to do", "[commands]")
{
    Bench bench;
    SECTION("archived")
    {
        bench.slack->channel("payments-alerts").archive();
        CHECK(bench.only_bad().what == "Channel #payments-alerts (team payments) is archived: nothing can be posted there.");
    }
    SECTION("unknown")
    {
        bench.environment["ONCALL_CHANNEL"] = "#opps";
        const auto bad = bench.only_bad();
        CHECK(has(bad.what, "Channel #opps (ONCALL_CHANNEL) is not there"));
        CHECK(has(bad.fix, "/invite @oncall"));
    }
    SECTION("by its id")
    {
        bench.environment["ONCALL_CHANNEL"] = bench.slack->channel("ops").id();
        CHECK(has(bench.look(), "+ Channel " + bench.slack->channel("ops").id() + " = #ops (ONCALL_CHANNEL): the bot can post"));
        bench.environment["ONCALL_CHANNEL"] = "C0NOWHERE1";
        CHECK(has(bench.only_bad().what, "Channel C0NOWHERE1 (ONCALL_CHANNEL) is not there"));
    }
    SECTION("private, and without the bot")
    {
        bench.slack->channel("war-room").admit_bot(false);
        CHECK(has(bench.only_bad().what, "Channel #war-room (policy payments) is not there, or it is private"));
    }
    SECTION("one of very many is found")
    {
        for (int i = 0; i < 1'200; ++i)
            bench.slack->add_channel("a" + std::to_string(i));
        CHECK_FALSE(has(bench.look(), "! "));
    }
    SECTION("not found out in time")
    {
        bench.slack->rate_limit("conversations.list", 120s, 1);
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "- Channel #ops (ONCALL_CHANNEL) was not looked for to the end: Slack says http_429."));
        CHECK_FALSE(has(lines, "! "));
    }
    SECTION("Slack wants a pause")
    {
        bench.slack->rate_limit("conversations.list", 20s, 1);
        CHECK(has(bench.look(), "+ Channel #ops"));
        CHECK(bench.slack->violations().empty());
    }
}

TEST_CASE("A check says who cannot be paged, where they are named, and why", "[commands]")
{
    Bench bench;
    SECTION("unknown")
    {
        bench.environment["ONCALL_ADMINS"] = "cto@example.com,ghost@example.com";
        const auto bad = bench.only_bad();
        CHECK(bad.what == "ghost@example.com (ONCALL_ADMINS) is nobody's in this workspace.");
        CHECK(has(bad.fix, "Deactivated people"));
    }
    SECTION("deactivated, named by her id")
    {
        bench.environment["ONCALL_ADMINS"] = bench.slack->person("cto").id();
        bench.slack->deactivate("cto");
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "! " + bench.slack->person("cto").id() + " (ONCALL_ADMINS) is deactivated in Slack."));
        CHECK(has(lines, "! cto@example.com (policy payments) is nobody's"));
    }
    SECTION("a guest, and one by a handle")
    {
        bench.slack->add_person("visitor", "visitor@example.com", "Europe/Berlin", {.guest = true});
        bench.environment["ONCALL_ADMINS"] = "@bo,@visitor";
        const auto bad = bench.only_bad();
        CHECK(has(bad.what, "@visitor (ONCALL_ADMINS) is a guest"));
        bench.environment["ONCALL_ADMINS"] = "@nobody";
        CHECK(has(bench.only_bad().fix, "Copy member ID"));
    }
    SECTION("many people take one list, not a question each")
    {
        std::string admins;
        for (int i = 0; i < 60; ++i) {
            bench.slack->add_person("p" + std::to_string(i), "p" + std::to_string(i) + "@example.com");
            admins += (i ? ",p" : "p") + std::to_string(i) + "@example.com";
        }
        bench.environment["ONCALL_ADMINS"] = admins;
        CHECK(has(bench.look(), "+ 64 people are found"));
        CHECK(bench.slack->calls("users.lookupByEmail").empty());
        CHECK(bench.ours.now() == noon);
    }
}

TEST_CASE("A check finds a clock that is off", "[commands]")
{
    Bench bench;
    SECTION("behind")
    {
        bench.ours.set(noon - 5min);
        const auto bad = bench.only_bad();
        CHECK(bad.what == "This machine's clock is 5m behind Slack's.");
        CHECK(has(bad.fix, "timedatectl"));
    }
    SECTION("ahead")
    {
        bench.ours.set(noon + 61s);
        CHECK(bench.only_bad().what == "This machine's clock is 1m1s ahead of Slack's.");
    }
    SECTION("a little")
    {
        bench.ours.set(noon + 30s);
        CHECK(has(bench.look(), "+ The clock is right to 30s."));
    }
}

TEST_CASE("While Slack cannot be reached a check says so once, and looks at all else", "[commands]")
{
    Bench bench;
    bench.slack->outage(true);
    const auto bad = bench.only_bad();
    CHECK(has(bad.what, "Slack does not answer at https://slack.com/api/ (unreachable"));
    CHECK(has(bad.fix, "port 443"));
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines, "- Slack did not say what time it is"));
    CHECK(has(lines, "+ Database"));
    CHECK(has(lines, "+ Signs of life"));
}

TEST_CASE("A check tells every mistake of settings and configuration with its fix", "[commands]")
{
    Bench bench;
    bench.environment["ONCALL_LISTEN"] = "8080";
    bench.environment["ONCALL_LOG"] = "loud";
    bench.yaml = "teams:\n  a: {channel: ops}\n  b: {chanel: \"#ops\"}\n";
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines, "! ONCALL_LISTEN: 8080 is no address. // write host:port")
            + has(lines, "! ONCALL_LISTEN: 8080 is no address. // Write host:port")
        == 1);
    CHECK(has(lines, "! ONCALL_LOG: there is no `loud`."));
    CHECK(has(lines, "! oncall.yaml:2:16: "));
    CHECK(has(lines, "! oncall.yaml:3:7: team b has no key `chanel`. // did you mean `channel`?"));
    CHECK(has(lines, "- Channels and people of the configuration were not looked for"));
    CHECK(has(lines, "+ Channel #ops (ONCALL_CHANNEL)")); // what is set beside it is
    CHECK_FALSE(has(lines, "+ The settings are complete."));

    bench.environment.erase("ONCALL_CONFIG");
    CHECK(has(bench.look(), "! ONCALL_CONFIG is not set"));
}

TEST_CASE("A check says which levels never run or are answered by too few, and where that is written", "[commands]")
{
    Bench bench;
    const std::string level{"{targets: [\"team:payments\"], patience: 10m}"};
    const auto at = bench.yaml.find(level);
    REQUIRE(at != std::string::npos);
    bench.yaml.replace(at, level.size(), "{targets: [\"team:payments\"], acknowledgements: 4, when: {working_hours: true}}");
    const auto line =
        std::to_string(1 + std::count(bench.yaml.begin(), bench.yaml.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines, "- oncall.yaml:" + line + ":65: policy payments, level 2 never runs: it depends on working hours"));
    CHECK(has(lines, "- oncall.yaml:" + line + ":56: policy payments, level 2 waits for 4 acknowledgements and pages 3 people."));
    CHECK(std::none_of(
        bench.findings.begin(), bench.findings.end(), [](const Finding& one) { return one.verdict == Verdict::bad; }));
}

TEST_CASE("A check hints at what may be set", "[commands]")
{
    Bench bench;
    for (const auto* name : {"ONCALL_CHANNEL", "ONCALL_ADMINS", "ONCALL_HEARTBEAT_URL"})
        bench.environment.erase(name);
    const auto lines = bench.look();
    INFO(lines);
    for (const auto* name : {"ONCALL_CHANNEL", "ONCALL_ADMINS", "ONCALL_HEARTBEAT_URL"})
        CHECK(has(lines, std::string{"- "} + name + " is not set"));
    CHECK_FALSE(has(lines, "! "));
}

namespace {

/// The service's database, as it is while the service runs.
struct Serving {
    std::unique_ptr<doors::Worker> worker{doors::system_thread()};
    storage::Database database;
    explicit Serving(Bench& bench)
        : database{bench.database(), {*worker, bench.loop.get_executor(), *bench.log}}
    {
    }
};

} // namespace

TEST_CASE(
    "A check runs beside the service: it says who has the database, and looks through it all the same", "[commands][storage]")
{
    Bench bench;
    {
        const Serving service{bench};
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines,
            "+ Database " + bench.database() + " may be written and is whole; the service has it open (process "
                + std::to_string(::getpid()) + ")."));
        CHECK_FALSE(has(lines, "! "));
        CHECK_THROWS_AS(Serving{bench}, storage::CannotOpen); // the lock is still the service's
    }
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines, "+ Database " + bench.database() + " may be written and is whole.\n"));
    const Serving again{bench};
}

TEST_CASE("A check says why a database cannot be written", "[commands][storage]")
{
    Bench bench;
    SECTION("its folder is not there")
    {
        bench.environment["ONCALL_DATABASE"] = (bench.folder / "nowhere" / "oncall.db").string();
        CHECK(has(bench.only_bad().what, "nowhere does not exist"));
    }
    SECTION("it is somebody else's")
    {
        {
            const Serving service{bench};
        }
        namespace fs = std::filesystem;
        const auto seen_by_another = [&] {
            // Root may write everywhere, so somebody else looks.
            const auto child = ::fork();
            if (child == 0) {
                if (::geteuid() == 0 && (::setgid(65'534) != 0 || ::setuid(65'534) != 0))
                    ::_exit(9);
                const auto found = storage::inspect(bench.database(), [] { return false; });
                ::_exit(has(found.trouble, "may not write to") && has(found.remedy, "chown") ? 1 : 0);
            }
            int status{};
            ::waitpid(child, &status, 0);
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        };
        fs::permissions(
            bench.folder, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
        CHECK(seen_by_another() == 1);
        fs::permissions(bench.folder, fs::perms::all);
        fs::permissions(bench.database(), fs::perms::owner_read | fs::perms::others_read);
        CHECK(seen_by_another() == 1);
        fs::permissions(bench.database(), fs::perms::all);
        fs::permissions(bench.database() + ".lock", fs::perms::all);
        CHECK(seen_by_another() == 0);
    }
}

TEST_CASE("A check finds a damaged database", "[commands][storage]")
{
    Bench bench;
    {
        const Serving service{bench};
    }
    SECTION("in its middle")
    {
        std::fstream file{bench.database(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(8'192);
        file << std::string(20'000, 'x');
    }
    SECTION("or no database at all")
    {
        std::ofstream{bench.database(), std::ios::trunc} << std::string(10'000, 'x');
        CHECK(has(bench.only_bad().what, "cannot be opened"));
    }
    SECTION("or one of a newer version")
    {
        SQLite::Database{bench.database(), SQLite::OPEN_READWRITE}.exec(
            "INSERT INTO schema_version VALUES (9999, 'from the future')");
        CHECK(has(bench.only_bad().what, "was written by a newer oncall-bot (schema 9999"));
    }
    const auto bad = bench.only_bad();
    CHECK(has(bad.what, bench.database()));
}

TEST_CASE("A check says what to turn on where Slack takes no direct messages from the app", "[commands][storage]")
{
    Bench bench;
    {
        const Serving service{bench};
    }
    SQLite::Database db{bench.database(), SQLite::OPEN_READWRITE};
    const auto page = [&](const std::string& state, const std::string& error) {
        static int number = 0;
        db.exec("INSERT INTO notifications (key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, "
                "error, why) VALUES ('"
            + std::to_string(++number) + "', 1, 1, 0, 0, 0, 'ana@example.com', 'slack', '" + state + "', 1, 0, '" + error
            + "', '')");
    };
    page("failed", "messages_tab_disabled (turn it on)");
    const auto bad = bench.only_bad();
    CHECK(has(bad.what, "messages_tab_disabled"));
    CHECK(has(bad.fix, "Messages Tab"));
    page("sent", "");
    CHECK_FALSE(has(bench.look(), "messages_tab_disabled"));
}

TEST_CASE("A check says that Home is switched off in Slack", "[commands][storage][home]")
{
    Bench bench;
    {
        const Serving service{bench};
    }
    CHECK_FALSE(has(bench.look(), "Home Tab"));
    SQLite::Database db{bench.database(), SQLite::OPEN_READWRITE};
    db.exec("INSERT INTO home_views VALUES ('U1', 1, '', 'not_enabled')");
    db.exec("INSERT INTO troubles (kind, subject, code, method, since, due) VALUES ('app', 'not_enabled', 'not_enabled', "
            "'views.publish', 0, 0)");
    const auto lines = bench.look();
    CHECK(has(lines, "turn on the Home Tab"));
    CHECK_FALSE(has(lines, "! Slack refuses the service")); // once, and as no fault
}

TEST_CASE("Calendars that are read are looked at: their age, and whom nobody knows in them", "[commands][storage]")
{
    Bench bench;
    const std::string rotations{"    rotations:\n"};
    bench.yaml.insert(bench.yaml.find(rotations) + rotations.size(),
        "      - {name: cover, priority: 1, ics: \"https://calendar.example.org/secret/x.ics\"}\n");
    {
        const Serving service{bench};
    }
    CHECK(has(bench.look(), "- The calendar of rotation cover of schedule payments (calendar.example.org) was not read yet"));
    SQLite::Database db{bench.database(), SQLite::OPEN_READWRITE};
    const auto read = [&](const std::string& who, std::chrono::minutes ago, const std::string& trouble,
                          const std::string& notes = "") {
        const auto time = [](doors::TimePoint at) { return std::to_string(at.time_since_epoch().count()); };
        db.exec("DELETE FROM feeds");
        db.exec(
            "INSERT INTO feeds (address, body, etag, modified, events, notes, spread_at, read_at, due, failures, trouble, told) "
            "VALUES ('https://calendar.example.org/secret/x.ics', 'x', '', '', '[[\"1\",\""
            + who + "\",[],0," + time(noon) + "," + time(noon + 24h) + "]]', '" + notes + "', 0, " + time(noon - ago)
            + ", 0, 0, '" + trouble + "', 0)");
    };
    read("bo@example.com", 12min, "");
    CHECK(has(bench.look(), "was read 12 min ago: 1 shift to come"));
    read("bo@example.com", 3 * 60min, "the server says 404.");
    const auto old = bench.only_bad();
    CHECK(has(old.what, "is 3 h old: the server says 404."));
    CHECK_FALSE(has(old.what, "secret"));
    read("zed@example.com", 12min, "");
    CHECK(has(bench.only_bad().what, "I know nobody called zed@example.com; nobody is on duty by it"));
    // A title writes no lines of ours.
    read("Cover\\n- All is well", 12min, "");
    CHECK(has(bench.only_bad().what, "\"Cover - All is well\" on "));
    read("bo@example.com", 12min, "", "It has more than 5 events; the rest was left out.");
    CHECK(has(bench.look(), "1 shift to come. It has more than 5 events; the rest was left out."));
}

TEST_CASE("A check goes by what calendars said of who is paged", "[commands][storage]")
{
    Bench bench;
    const std::string rotations{"    rotations:\n"}, level{"{targets: [\"team:payments\"], patience: 10m}"};
    REQUIRE(bench.yaml.find(level) != std::string::npos);
    bench.yaml.replace(bench.yaml.find(level), level.size(), "{targets: [\"rotation:payments/cover\"], patience: 10m}");
    bench.yaml.insert(bench.yaml.find(rotations) + rotations.size(),
        "      - {name: cover, priority: 1, ics: \"https://calendar.example.org/x.ics\"}\n");
    {
        const Serving service{bench};
    }
    CHECK_FALSE(has(bench.look(), "pages nobody")); // nothing was read yet
    const auto read = [&](std::chrono::hours in) {
        const auto time = [](doors::TimePoint at) { return std::to_string(at.time_since_epoch().count()); };
        SQLite::Database db{bench.database(), SQLite::OPEN_READWRITE};
        db.exec("DELETE FROM feeds");
        db.exec(
            "INSERT INTO feeds (address, body, etag, modified, events, notes, spread_at, read_at, due, failures, trouble, told) "
            "VALUES ('https://calendar.example.org/x.ics', 'x', '', '', '[[\"1\",\"bo@example.com\",[],0,"
            + time(noon + in) + "," + time(noon + in + 24h) + "]]', '', 0, " + time(noon) + ", 0, 0, '', 0)");
    };
    read(48h);
    CHECK_FALSE(has(bench.look(), "pages nobody"));
    read(30 * 24h);
    CHECK(has(bench.look(), "level 2 pages nobody in the coming week"));
}

TEST_CASE("A check does not look for ever through a large database", "[commands][storage]")
{
    Bench bench;
    {
        const Serving service{bench};
    }
    SQLite::Database{bench.database(), SQLite::OPEN_READWRITE}.exec(
        "INSERT INTO inbox (key, at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " SELECT i, i FROM n");
    int asked = 0;
    auto found = storage::inspect(bench.database(), [&] { return ++asked == 2; });
    CHECK(asked == 2);
    CHECK_FALSE(found.finished);
    CHECK(found.trouble.empty());
    found = storage::inspect(bench.database(), [] { return false; });
    CHECK(found.finished);
}

TEST_CASE("The binary checks beside the running service and says by its status whether all is well", "[commands][peers]")
{
    using namespace loopback;
    Net world;
    auto& slack = world.slack();
    for (const std::string name : {"ana", "bo", "chi", "cto"})
        slack.add_person(name, name + "@example.com");
    for (const auto* name : {"payments-alerts", "war-room", "ops"})
        slack.add_channel(name, {.bot = true});
    const Folder folder;
    std::ofstream{folder.path / "oncall.yaml"} << sample();
    const auto port = std::to_string(free_port());
    std::map<std::string, std::string> environment{{"SLACK_BOT_TOKEN", slack.bot_token()}, {"SLACK_APP_TOKEN", slack.app_token()},
        {"SLACK_API_URL", slack.api_url()}, {"ONCALL_DATABASE", (folder.path / "oncall.db").string()},
        {"ONCALL_LISTEN", "127.0.0.1:" + port}, {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()},
        {"ONCALL_CHANNEL", "#ops"}};
    const Process service{{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log"};
    REQUIRE(world.until([&] { return slack.links() == 2; }));

    int runs = 0;
    const auto checked = [&](std::vector<std::string> words) {
        const auto log = folder.path / ("check-" + std::to_string(++runs));
        words.insert(words.begin(), ONCALL_BINARY);
        Process process{words, environment, log};
        std::optional<int> status;
        REQUIRE(world.until([&] { return (status = process.ended()).has_value(); }, 30s));
        std::ifstream file{log};
        return std::pair{*status, std::string{std::istreambuf_iterator<char>{file}, {}}};
    };
    {
        const auto [status, said] = checked({"check"});
        INFO(said);
        CHECK(status == 0);
        CHECK(has(said, "; the service has it open (process " + std::to_string(service.id()) + ")"));
        CHECK(has(said, "✓ The clock is right"));
        CHECK(has(said, "✓ Socket Mode: Slack said hello.\n"));
        CHECK_FALSE(has(said, "more links open"));
        CHECK(has(said, "– ONCALL_HEARTBEAT_URL is not set"));
        CHECK(has(said, "All is well.\n"));
        CHECK_FALSE(has(said, "\033")); // no colours in a file
        CHECK_FALSE(has(said, slack.bot_token()));
        CHECK_FALSE(has(said, slack.app_token()));
    }
    // Its link was let go, and the service's are as they were.
    REQUIRE(world.until([&] { return slack.links() == 2; }));
    const auto asked = slack.person("ana").command("/oncall", "who", "#ops");
    CHECK(world.until([&] { return asked.acked(); }));

    environment["SLACK_APP_TOKEN"] = "xapp-wrong";
    {
        const auto [status, said] = checked({"check"});
        INFO(said);
        CHECK(status == 1);
        CHECK(has(said, "✗ Slack does not accept SLACK_APP_TOKEN"));
        CHECK(has(said, "    Fix: Make an app-level token"));
        CHECK(has(said, "One thing is to be mended.\n"));
    }
    CHECK(checked({"check", "everything"}).first == 2);
    CHECK(checked({"chekc"}).first == 2);
    const auto [status, help] = checked({"check", "--help"});
    CHECK(status == 0);
    CHECK(has(help, "say what to mend"));
}

TEST_CASE("Twilio is asked whether it lets us in and our number can do what we need", "[commands][twilio]")
{
    Bench bench;
    twilio::Twilio far{{*bench.slack_network, bench.clock, bench.tasks}};
    bench.environment.insert({{"TWILIO_ACCOUNT_SID", std::string{twilio::Twilio::account}}, {"TWILIO_AUTH_TOKEN", far.token},
        {"TWILIO_FROM", std::string{twilio::Twilio::number}}});
    far.sms_url = "https://oncall.example.com/twilio/sms";
    CHECK(has(bench.look(),
        "+ Twilio knows the account of TWILIO_ACCOUNT_SID, and it is active.\n"
        "+ +4915735980000 can send text messages and call.\n"
        "+ Text messages to +4915735980000 are told to us.\n"));
    CHECK(far.messages.empty());
    CHECK(far.calls.empty());

    SECTION("a wrong token")
    {
        bench.environment["TWILIO_AUTH_TOKEN"] = "wrong";
        const auto bad = bench.only_bad();
        CHECK(has(bad.what, "Twilio does not let us in"));
        CHECK(has(bad.fix, "TWILIO_AUTH_TOKEN"));
        CHECK_FALSE(has(bad.what, "wrong"));
    }
    SECTION("a trial")
    {
        far.type = "Trial";
        CHECK(has(bench.only_bad().fix, "Upgrade it"));
    }
    SECTION("an account that is suspended")
    {
        far.status = "suspended";
        CHECK(has(bench.only_bad().what, "is suspended"));
    }
    SECTION("a number of somebody else's")
    {
        far.number_is_ours = false;
        CHECK(has(bench.only_bad().what, "is no number of this Twilio account"));
    }
    SECTION("a number that cannot call")
    {
        far.number_has_voice = false;
        CHECK(has(bench.only_bad().what, "cannot call"));
    }
    SECTION("answers that are told elsewhere")
    {
        far.sms_url = "https://demo.twilio.com/welcome/sms/reply";
        const auto bad = bench.only_bad();
        CHECK(has(bad.what, "are told to https://demo.twilio.com/"));
        CHECK(has(bad.fix, "to https://oncall.example.com/twilio/sms, HTTP POST"));
    }
    SECTION("no public address")
    {
        bench.environment.erase("ONCALL_PUBLIC_URL");
        CHECK(has(bench.look(), "- ONCALL_PUBLIC_URL is not set: Twilio cannot call us"));
    }
    SECTION("a second account")
    {
        const twilio::Identity other{"api.dublin.ie1.twilio.com", "ACfedcba9876543210fedcba9876543210", "+353871234567"};
        twilio::Twilio second{{*bench.slack_network, bench.clock, bench.tasks}, other};
        second.sms_url = far.sms_url;
        bench.environment.insert({{"TWILIO_ACCOUNT_SID_2", other.account}, {"TWILIO_AUTH_TOKEN_2", second.token},
            {"TWILIO_FROM_2", other.number}, {"TWILIO_API_URL_2", "https://" + other.host}});
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines,
            "+ Twilio knows the account of TWILIO_ACCOUNT_SID_2, and it is active.\n"
            "+ +353871234567 can send text messages and call.\n"
            "+ Text messages to +353871234567 are told to us.\n"));
        second.number_is_ours = false;
        CHECK(has(bench.only_bad().what, "TWILIO_FROM_2, +353871234567, is no number of this Twilio account"));
        second.token = "another one";
        CHECK(has(bench.only_bad().fix, "TWILIO_AUTH_TOKEN_2"));
    }
}

TEST_CASE("A check asks each provider of push whether it lets us in, and says what to do", "[commands][push]")
{
    Bench bench;
    const auto at = [&](const std::string& address, int status, const std::string& body) {
        net::Service service;
        service.serve = [status, body](net::Request) -> net::asio::awaitable<net::Response> {
            net::Response response;
            response.status = status;
            response.body = body;
            co_return response;
        };
        return bench.slack_network->listen(address, std::move(service));
    };
    bench.environment["NTFY_URL"] = "https://ntfy.example.com";
    bench.environment["PUSHOVER_TOKEN"] = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";
    bench.environment["GOTIFY_URL"] = "https://gotify.example.com";
    SECTION("all is well")
    {
        const auto ntfy = at("ntfy.example.com:443", 200, R"({"healthy":true})");
        const auto pushover =
            at("api.pushover.net:443", 200, R"({"limit":10000,"remaining":7496,"reset":1393653600,"status":1})");
        const auto gotify = at("gotify.example.com:443", 200, R"({"version":"2.5.0","commit":"x","buildDate":"y"})");
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines,
            "+ ntfy at https://ntfy.example.com is there.\n"
            "+ Pushover accepts PUSHOVER_TOKEN; 7496 messages are left this month.\n"
            "+ Gotify at https://gotify.example.com is there.\n"
            "+ Browsers can be notified"));
        CHECK_FALSE(has(lines, "! "));
    }
    SECTION("nobody is there")
    {
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "! ntfy is not at NTFY_URL: connection refused"));
        CHECK(has(lines, "! Pushover was not reached"));
        CHECK(has(lines, "! Gotify is not at GOTIFY_URL"));
    }
    SECTION("somebody else is there, and tokens are wrong")
    {
        bench.environment["NTFY_TOKEN"] = "tk_wrong";
        const auto ntfy = at("ntfy.example.com:443", 401, R"({"code":40101,"http":401,"error":"unauthorized"})");
        const auto pushover =
            at("api.pushover.net:443", 400, R"({"token":"invalid","errors":["application token is invalid"],"status":0})");
        const auto gotify = at("gotify.example.com:443", 200, "<html>Welcome</html>");
        const auto lines = bench.look();
        INFO(lines);
        CHECK(has(lines, "! ntfy at https://ntfy.example.com does not accept NTFY_TOKEN."));
        CHECK(has(lines, "! Pushover does not accept PUSHOVER_TOKEN."));
        CHECK(has(lines, "! Gotify is not at GOTIFY_URL: what answers there is no Gotify server."));
        CHECK_FALSE(has(lines, "azGDORePK8gMaC0QOYAMyEEuzJnyUi"));
    }
}

TEST_CASE("In HTTP mode, while the service runs, a check asks at the address that Slack posts to", "[commands]")
{
    Bench bench;
    bench.environment.erase("SLACK_APP_TOKEN");
    bench.environment["SLACK_SIGNING_SECRET"] = bench.slack->signing_secret();
    const Serving service{bench};
    int status = 401;
    std::string asked;
    const auto answers = [&] {
        net::Service its;
        its.serve = [&](net::Request request) -> net::asio::awaitable<net::Response> {
            asked = request.method + " " + request.target;
            net::Response response;
            response.status = status;
            co_return response;
        };
        return bench.slack_network->listen("oncall.example.com:443", std::move(its));
    };
    CHECK(has(
        bench.look(), "! HTTP mode: the service is not reached at https://oncall.example.com/slack/events: connection refused"));
    const auto proxy = answers();
    CHECK(has(bench.look(), "+ HTTP mode: the service answers at https://oncall.example.com/slack/events, and refuses what"));
    CHECK(asked == "POST /slack/events");
    status = 404;
    CHECK(has(bench.look(), "it answers with 404 instead of refusing what Slack has not signed. // See that the proxy"));
    bench.environment["ONCALL_PUBLIC_URL"] = "http://127.0.0.1:8080"; // of this machine alone
    CHECK(has(bench.look(), "! HTTP mode: Slack posts only to https addresses"));
}

TEST_CASE("A check repeats what the service was refused and cannot be seen from here", "[commands][storage]")
{
    Bench bench;
    {
        const Serving service{bench};
    }
    SQLite::Database db{bench.database(), SQLite::OPEN_READWRITE};
    const auto stands = [&](const std::string& kind, const std::string& subject, const std::string& code) {
        db.exec("INSERT INTO troubles (kind, subject, code, method, since, due) VALUES ('" + kind + "', '" + subject + "', '"
            + code + "', 'chat.postMessage', " + std::to_string(noon.time_since_epoch().count()) + ", 0)");
    };
    stands("channel", "#ops", "not_in_channel"); // is looked at here
    CHECK_FALSE(has(bench.look(), "! "));
    stands("channel", "#payments-alerts", "restricted_action_read_only_channel");
    stands("app", "not_enabled", "not_enabled");
    db.exec(
        "INSERT INTO followers (kind, name, slack_id, holds, set_at, trouble, said_at) VALUES ('group', '@oncall', '', '', 0, "
        "'The user group @oncall does not follow who is on call: an owner must allow it.', 0)");
    const auto lines = bench.look();
    INFO(lines);
    CHECK(has(lines,
        "! Slack refuses the service to post in #payments-alerts, since 2026-11-03T12:00 UTC: the channel is read-only for me "
        "(restricted_action_read_only_channel). // Somebody who manages the channel"));
    CHECK(has(lines,
        "the app's Home tab is off (not_enabled). // At https://api.slack.com/apps, under App Home, turn on the Home Tab."));
    CHECK(has(lines, "! The user group @oncall does not follow who is on call"));
}

TEST_CASE("All that is wrong is told at once, each with what to do", "[commands]")
{
    Bench bench;
    bench.slack->settings().scopes.erase("im:write");
    bench.slack->settings().scopes.erase("chat:write.public");
    bench.environment["SLACK_APP_TOKEN"] = "xapp-1-A1-1-wrong";
    bench.slack->channel("payments-alerts").archive();
    bench.slack->channel("war-room").admit_bot(false);
    bench.slack->deactivate("bo");
    bench.slack->make_guest("chi");
    bench.ours.advance(6min);
    auto lines = bench.look();
    const auto path = lines.find(bench.database());
    REQUIRE(path != lines.npos);
    lines.replace(path, bench.database().size(), "oncall.db");
    const auto free = lines.find("MiB are free");
    REQUIRE(free != lines.npos);
    const auto begins = lines.rfind('\n', free) + 1;
    lines.erase(begins, lines.find('\n', free) + 1 - begins);
    const auto file = std::filesystem::path{ONCALL_SOURCE_DIR} / "tests/commands/golden/check.txt";
    if (const char* wish = std::getenv("ONCALL_GOLDEN"); wish && std::string{wish} == "write")
        std::ofstream{file} << lines;
    std::ifstream kept{file};
    INFO(file.string() << " (run with ONCALL_GOLDEN=write to renew it)");
    CHECK(lines == std::string{std::istreambuf_iterator<char>{kept}, {}});
    // Whatever the file says.
    for (const auto* part : {"6m ahead of Slack's", "The scope im:write is missing: nobody can be paged",
             "SLACK_APP_TOKEN (invalid_auth)", "#payments-alerts (team payments) is archived", "#war-room (policy payments)",
             "bo@example.com (team payments, schedule payments) is nobody's", "is a guest"})
        CHECK(has(lines, part));
}
