#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "notify/smtp_peer.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <csignal>
#include <fstream>
#include <sys/stat.h>

// The real binary as systemd would run it. Nothing here asserts how short a time is: only limits of tens of seconds.

using namespace loopback;

namespace {

void write(const std::filesystem::path& path, const std::string& text) { std::ofstream{path} << text; }

const std::string people_and_sources = "services: {checkout: {policy: night}}\n"
                                       "policies:\n"
                                       "  night:\n"
                                       "    levels:\n"
                                       "      - {targets: [user:ana@example.com], patience: 10s}\n"
                                       "      - {targets: [user:bo@example.com], patience: 1h}\n"
                                       "sources: {scripts: {format: generic, key: k, service: checkout}}\n";

/// A service with a workspace of its own, in a folder of its own.
struct House {
    Net world{};
    Folder folder{};
    std::uint16_t port{free_port()};
    std::map<std::string, std::string> environment{};
    std::unique_ptr<Process> bot{};

    explicit House(const std::string& yaml = people_and_sources)
    {
        for (const auto* name : {"ana", "bo"})
            world.slack().add_person(name, std::string{name} + "@example.com");
        world.slack().add_channel("ops", {.bot = true});
        write(yaml_file(), yaml);
        environment = {{"SLACK_BOT_TOKEN", world.slack().bot_token()}, {"SLACK_APP_TOKEN", world.slack().app_token()},
            {"SLACK_API_URL", world.slack().api_url()}, {"ONCALL_DATABASE", database()},
            {"ONCALL_LISTEN", "127.0.0.1:" + std::to_string(port)}, {"ONCALL_CONFIG", yaml_file().string()},
            {"ONCALL_CHANNEL", "#ops"}};
    }
    std::filesystem::path yaml_file() const { return folder.path / "oncall.yaml"; }
    std::filesystem::path log_file() const { return folder.path / "bot.log"; }
    std::string database() const { return (folder.path / "oncall.db").string(); }
    std::string base() const { return "http://127.0.0.1:" + std::to_string(port); }

    void launch() { bot = std::make_unique<Process>(std::vector<std::string>{ONCALL_BINARY, "run"}, environment, log_file()); }
    bool listens()
    {
        return world.until([&] { return world.exchange("GET", base() + "/ready").status == 200; }, 60s)
            && world.until([&] { return std::filesystem::exists(database() + ".sock"); }, 60s);
    }
    void start()
    {
        launch();
        INFO(read(log_file()));
        REQUIRE(listens());
    }
    /// How it ended; nullopt: not within a minute.
    std::optional<int> ended()
    {
        std::optional<int> status;
        world.until([&] { return (status = bot->ended()).has_value(); }, 60s);
        return status;
    }
    void stop()
    {
        bot->kill(SIGTERM);
        CHECK(ended() == 0);
    }

    int post(const std::string& key, const std::string& title)
    {
        return world.exchange("POST", base() + "/hooks/" + key, "{\"title\":\"" + title + "\"}").status;
    }

    struct Ran {
        int status{};
        std::string text{}; // standard output and error
    };
    /// A verb of the command line, to its end. `before`: what the shell does first.
    Ran command(const std::string& words, const std::string& before = "true")
    {
        const auto said = folder.path / ("said-" + std::to_string(++commands_));
        Process process{{"/bin/bash", "-c", before + "; cd " + folder.path.string() + "; exec " ONCALL_BINARY " " + words},
            environment, said};
        std::optional<int> status;
        REQUIRE(world.until([&] { return (status = process.ended()).has_value(); }, 90s));
        return {*status, read(said)};
    }

private:
    int commands_{};
};

/// The line that begins so: a key stands on one of its own.
std::string key_on_a_line(const std::string& text)
{
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
        if (line.size() == 48 && line.find_first_not_of("0123456789abcdef") == line.npos)
            return line;
    return "no key";
}

/// What systemd would hear.
class Notified {
public:
    Notified(asio::io_context& loop, const std::filesystem::path& path)
        : socket_{loop, asio::local::datagram_protocol::endpoint{path.string()}}
    {
        socket_.non_blocking(true);
    }
    /// All that was said so far.
    const std::string& text()
    {
        std::array<char, 4096> space{};
        boost::system::error_code none;
        while (const auto size = socket_.receive(asio::buffer(space), 0, none))
            text_ += std::string{space.data(), size} + "\n";
        return text_;
    }

private:
    asio::local::datagram_protocol::socket socket_;
    std::string text_{};
};

} // namespace

TEST_CASE(
    "Whoever supervises the service hears that it is ready, lives, reads its configuration again, and ends", "[service][socket]")
{
    House house;
    const auto path = house.folder.path / "notify";
    Notified systemd{house.world.loop(), path};
    house.environment["NOTIFY_SOCKET"] = path.string();
    house.environment["WATCHDOG_USEC"] = "9000000";
    house.launch();
    const auto hears = [&](const std::string& part) { return house.world.until([&] { return has(systemd.text(), part); }, 60s); };
    REQUIRE(hears("READY=1"));
    CHECK(house.world.exchange("GET", house.base() + "/ready").status == 200); // it was no promise
    CHECK(hears("WATCHDOG=1"));
    CHECK(hears("STATUS=Listening on port " + std::to_string(house.port)));
    const auto before = systemd.text().size();
    CHECK(house.world.until([&] { return systemd.text().find("WATCHDOG=1", before) != std::string::npos; }, 60s));
    CHECK_FALSE(has(systemd.text(), "RELOADING=1"));
    house.bot->kill(SIGHUP);
    REQUIRE(hears("RELOADING=1\nMONOTONIC_USEC="));
    const auto reloading = systemd.text().find("RELOADING=1");
    CHECK(house.world.until([&] { return systemd.text().find("READY=1", reloading) != std::string::npos; }, 60s));
    house.stop();
    CHECK(has(systemd.text(), "STOPPING=1"));
}

TEST_CASE("SIGHUP takes up the configuration again, at any moment, and a mistake in it changes nothing", "[service][socket]")
{
    House house;
    house.launch();
    // From when it has its database on: also before it listens.
    REQUIRE(house.world.until([&] { return std::filesystem::exists(house.database() + ".lock"); }, 60s));
    for (int i = 0; i < 20; ++i)
        house.bot->kill(SIGHUP);
    REQUIRE(house.listens());
    CHECK(house.post("k", "The disk is full") == 202);
    CHECK(house.post("k2", "The disk is full") == 401);

    write(house.yaml_file(), "sources: {scripts: {format: generic, kee: k}\n");
    house.bot->kill(SIGHUP);
    CHECK(house.world.until([&] { return has(read(house.log_file()), "was not taken up"); }, 60s));
    CHECK(house.post("k", "The disk is fuller") == 202);

    write(house.yaml_file(), people_and_sources + "rules: []\n");
    std::filesystem::remove(house.yaml_file());
    house.bot->kill(SIGHUP);
    CHECK(house.world.until([&] { return has(read(house.log_file()), "it cannot be read"); }, 60s));
    CHECK(house.post("k", "The disk is fuller still") == 202);

    auto more = people_and_sources;
    more.replace(more.find("sources: {"), 10, "sources: {more: {format: generic, key: k2}, ");
    write(house.yaml_file(), more);
    house.bot->kill(SIGHUP);
    CHECK(house.world.until([&] { return house.post("k2", "Another source") == 202; }, 60s));
    house.stop();
}

TEST_CASE("The service ends politely while Slack and the mail server hang and clients hold connections", "[service][socket]")
{
    House house;
    // Takes connections and never says a word.
    asio::ip::tcp::acceptor mute{house.world.loop(), {asio::ip::address_v4::loopback(), 0}};
    const auto nowhere = "127.0.0.1:" + std::to_string(mute.local_endpoint().port());
    house.environment["SLACK_API_URL"] = "http://" + nowhere + "/api/";
    house.environment["SMTP_URL"] = "smtp://" + nowhere;
    house.environment["SMTP_FROM"] = "oncall@example.com";
    house.start();
    REQUIRE(house.post("k", "It is down") == 202);

    const asio::ip::tcp::endpoint bot{asio::ip::address_v4::loopback(), house.port};
    asio::ip::tcp::socket idle{house.world.loop()}, half{house.world.loop()};
    idle.connect(bot);
    half.connect(bot);
    asio::write(half, asio::buffer(std::string{"POST /hooks/k HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"}));
    asio::local::stream_protocol::socket verb{house.world.loop()};
    verb.connect(asio::local::stream_protocol::endpoint{house.database() + ".sock"});

    house.bot->kill(SIGTERM);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(house.ended() == 0);
    CHECK(std::chrono::steady_clock::now() - begun < 25s); // each of them would have held it for 30
    CHECK_FALSE(std::filesystem::exists(house.database() + ".sock"));

    // What was accepted is there.
    house.environment["SLACK_API_URL"] = house.world.slack().api_url();
    house.environment.erase("SMTP_URL");
    house.environment.erase("SMTP_FROM");
    house.start();
    CHECK(house.world.until([&] { return !house.world.slack().person("ana").dms().empty(); }, 60s));
    house.stop();
}

TEST_CASE("Told twice to end, the service ends", "[service][socket]")
{
    House house;
    house.start();
    house.bot->kill(SIGTERM);
    house.bot->kill(SIGINT);
    const auto status = house.ended();
    CHECK((status == 0 || status == -SIGINT));
}

TEST_CASE("Keys of sources are listed, rotated and revoked, beside the service and without it", "[service][socket]")
{
    House house;
    const bool runs = GENERATE(true, false);
    house.start();
    if (!runs)
        house.stop();
    const auto works = [&](const std::string& key) {
        if (!runs)
            house.start();
        const auto status = house.post(key, "It is down");
        if (!runs)
            house.stop();
        return status == 202;
    };
    const auto listed = house.command("token list");
    CHECK(listed.status == 0);
    CHECK(has(listed.text, "scripts  made 20"));
    CHECK_FALSE(has(listed.text, "until"));

    const auto rotated = house.command("token rotate scripts");
    INFO(rotated.text);
    CHECK(rotated.status == 0);
    const auto fresh = key_on_a_line(rotated.text);
    CHECK(has(rotated.text, "The old one works until"));
    const auto both = house.command("token list").text;
    CHECK(has(both, "until"));
    CHECK_FALSE(has(both, fresh));
    CHECK_FALSE(has(both, fresh.substr(0, 8)));
    CHECK(works("k"));
    CHECK(works(fresh));
    const auto newest = key_on_a_line(house.command("token new scripts --overlap 0s").text);
    CHECK(works(newest));
    CHECK_FALSE(works(fresh));
    CHECK_FALSE(works("k"));
    CHECK(house.command("token revoke scripts").status == 0);
    CHECK_FALSE(works(newest));
    CHECK(has(house.command("token list").text, "none that holds"));

    for (const auto& [words, said] :
        std::vector<std::pair<std::string, std::string>>{{"token rotate script", "Did you mean scripts?"},
            {"token rotate nothing-like-it", "There is no source nothing-like-it."},
            {"token revoke scripts", "has no key that works"}, {"token rotate scripts --overlap soon", "--overlap"}}) {
        const auto refused = house.command(words);
        INFO(words << ": " << refused.text);
        CHECK(refused.status == 1);
        CHECK(has(refused.text, said));
    }
}

TEST_CASE("Verbs say what to do where there is no database, or a service that does not answer", "[service][socket]")
{
    House house;
    auto refused = house.command("token list");
    CHECK(refused.status == 1);
    CHECK(has(refused.text, "There is no database"));
    CHECK_FALSE(std::filesystem::exists(house.database()));
    refused = house.command("backup copy");
    CHECK(refused.status == 1);
    CHECK(has(refused.text, "There is no database"));
    // A payload is looked at all the same, by the file that ONCALL_CONFIG names.
    write(house.folder.path / "run.json", payloads::find("github/open")->sent.text);
    const auto looked = house.command("check --payload run.json --format github --header 'X-GitHub-Event: workflow_run'");
    INFO(looked.text);
    CHECK(looked.status == 0);
    CHECK(has(looked.text, "test failed on master of octo-org/octo-repo"));
    CHECK_FALSE(std::filesystem::exists(house.database()));
    refused = house.command("check --payload - --source scripts <run.json");
    CHECK(refused.status == 1);
    CHECK(has(refused.text, "standard input: A source of format generic cannot read this: title is missing"));
    CHECK(house.command("check --payload run.json --header nonsense").status == 2);

    house.start();
    write(house.folder.path / "down.json", R"({"title": "The disk is full"})");
    const auto foreseen = house.command("check --payload down.json --source scripts");
    INFO(foreseen.text);
    CHECK(foreseen.status == 0);
    for (const auto* part : {"The disk is full", "Rule: ", "Policy night", "ana"})
        CHECK(has(foreseen.text, part));
    house.stop();
    // Somebody has the lock, and no socket.
    const auto lock = house.database() + ".lock";
    Process holder{{"/usr/bin/flock", lock, "/bin/sleep", "600"}, {}, house.folder.path / "holder"};
    REQUIRE(house.world.until([&] { return ::system(("flock -n " + lock + " true").c_str()) != 0; }, 60s));
    refused = house.command("token list");
    CHECK(refused.status == 1);
    CHECK(has(refused.text, "does not listen for commands"));
    // Another service waits a moment for it, and says what to do.
    house.launch();
    CHECK(house.ended() == 1);
    const auto log = read(house.log_file());
    INFO(log);
    CHECK(has(log, "waiting a moment"));
    CHECK(has(log, lock + " is locked). Stop it first."));
}

TEST_CASE("A second service does not start beside the first, nor does a verb write beside it", "[service][socket]")
{
    House house;
    house.start();
    const auto second = house.command("run");
    INFO(second.text);
    CHECK(second.status == 1);
    CHECK(has(second.text, "another oncall-bot has this database open"));
    CHECK(house.post("k", "The first goes on") == 202);

    // The verb asks the first, which has it in force at once.
    write(house.yaml_file(), people_and_sources + "rules: [{name: one, when: {field: severity, is: a}, then: {page: false}}]\n");
    const auto applied = house.command("apply oncall.yaml");
    CHECK(applied.status == 0);
    CHECK(has(applied.text, "+ rule one"));
    CHECK(has(house.command("export").text, "name: one"));
    house.stop();
    CHECK(has(house.command("apply oncall.yaml").text, "Nothing to change."));
    CHECK(has(house.command("export").text, "name: one"));

    const auto lock = house.database() + ".lock";
    Process holder{{"/usr/bin/flock", lock, "/bin/sleep", "600"}, {}, house.folder.path / "holder"};
    REQUIRE(house.world.until([&] { return ::system(("flock -n " + lock + " true").c_str()) != 0; }, 60s));
    write(house.yaml_file(), people_and_sources);
    const auto refused = house.command("apply oncall.yaml --prune --force");
    CHECK(refused.status == 1);
    CHECK(has(refused.text, "does not listen for commands"));
}

TEST_CASE("A key that is made at the start goes into a file of the service's, and not into its log", "[service][socket]")
{
    House house{"sources: {scripts: {format: generic}}\n"};
    house.start();
    const auto file = house.database() + "-new-keys";
    const auto text = read(file);
    INFO(text);
    const auto at = text.find("/hooks/");
    REQUIRE(at != text.npos);
    const auto key = text.substr(at + 7, 48);
    struct ::stat kept { };
    REQUIRE(::stat(file.c_str(), &kept) == 0);
    CHECK((kept.st_mode & 0777) == 0600);
    CHECK(house.post(key, "It is down") == 202);
    const auto log = read(house.log_file());
    CHECK_FALSE(has(log, key));
    CHECK(has(log, file));
    house.stop();
}

TEST_CASE("From a backup made while the service runs, pages go on", "[service][socket]")
{
    House house;
    house.start();
    REQUIRE(house.post("k", "It is down") == 202);
    auto& ana = house.world.slack().person("ana");
    REQUIRE(house.world.until([&] { return !ana.dms().empty(); }, 60s));
    const auto copy = (house.folder.path / "copy.db").string();
    const auto made = house.command("backup copy.db");
    INFO(made.text);
    REQUIRE(made.status == 0);
    CHECK(has(made.text, "copy.db is a checked copy"));
    CHECK(house.command("backup copy.db").status == 1);
    CHECK(house.post("k", "The service goes on meanwhile") == 202);

    // The machine is lost.
    house.bot->kill(SIGKILL);
    house.ended();
    for (const auto* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(house.database() + suffix);
    std::filesystem::rename(copy, house.database());
    house.start();
    auto& bo = house.world.slack().person("bo");
    CHECK(house.world.until([&] { return !bo.dms().empty(); }, 60s));
    CHECK(has(house.world.slack().push(bo.last_dm()), "It is down"));
    house.stop();
}

TEST_CASE("A backup for which there is no room leaves nothing behind", "[service][socket]")
{
    House house;
    house.start();
    const auto refused = house.command("backup copy.db", "trap '' XFSZ; ulimit -f 16");
    INFO(refused.text);
    CHECK(refused.status == 1);
    for (const auto& file : std::filesystem::directory_iterator{house.folder.path})
        CHECK_FALSE(file.path().filename().string().starts_with("copy"));
    house.stop();
}

TEST_CASE("No line of the log holds a secret or an address", "[service][socket]")
{
    const std::string format = GENERATE("text", "json");
    House house;
    peers::MailServer mail{{"--login", "canary-user:canary-password"}};
    const std::vector<std::string> secrets{house.world.slack().bot_token(), house.world.slack().app_token(), "canary-signing",
        "canary-user", "canary-password", "canary-beat", "canary-key", "canary-wrong", "canary-env-key", "ana@example.com",
        "nobody@example.com"};
    auto yaml = people_and_sources;
    yaml.replace(yaml.find("key: k,"), 7, "key: canary-key,");
    yaml.replace(yaml.find("sources: {"), 10, "sources: {more: {format: generic, key_env: MORE_KEY}, made: {format: generic}, ");
    yaml.replace(yaml.find("[user:bo@example.com]"), 21, "[user:bo@example.com, user:nobody@example.com]");
    write(house.yaml_file(), yaml);
    house.environment["MORE_KEY"] = "canary-env-key";
    house.environment["SLACK_SIGNING_SECRET"] = "canary-signing";
    house.environment["SMTP_URL"] = "smtp://canary-user:canary-password@127.0.0.1:" + std::to_string(mail.port());
    house.environment["SMTP_FROM"] = "oncall@example.com";
    house.environment["ONCALL_PUBLIC_URL"] = "https://oncall.example.com";
    house.environment["ONCALL_HEARTBEAT_URL"] = "http://127.0.0.1:" + std::to_string(free_port()) + "/canary-beat";
    house.environment["ONCALL_ADMINS"] = "nobody@example.com";
    house.environment["ONCALL_LOG"] = format + ",debug";
    house.start();
    REQUIRE(house.world.until([&] { return house.world.slack().links() == 2; }, 60s));
    CHECK(house.post("canary-wrong", "Guessed") == 401);
    CHECK(house.post("canary-env-key", "It is down") == 202);
    house.world.slack().hang("chat.postMessage", 1);
    REQUIRE(house.post("canary-key", "Checkout is down") == 202);
    REQUIRE(house.world.until([&] { return !mail.mails().empty(); }, 60s));
    auto& ana = house.world.slack().person("ana");
    REQUIRE(house.world.until([&] { return !ana.dms().empty(); }, 60s));
    CHECK(house.world.exchange("GET", house.base() + "/a/canary-wrong").status == 403);
    const auto text = mail.mails().front().dump();
    const auto at = text.find("https://oncall.example.com/a/");
    REQUIRE(at != text.npos);
    house.world.exchange("GET", house.base() + text.substr(at + 26, text.find_first_of("\"\\ <", at) - at - 26));
    const auto token = text.substr(at + 29, 40);
    const auto press = ana.click(ana.last_dm(), "Acknowledge");
    CHECK(house.world.until([&] { return press.acked(); }, 60s));
    const auto rotated = key_on_a_line(house.command("token rotate scripts").text);
    REQUIRE(rotated.size() == 48);
    house.world.slack().drop_links();
    REQUIRE(house.world.until([&] { return house.world.slack().links() == 2; }, 60s));
    house.bot->kill(SIGHUP);
    CHECK(house.world.until([&] { return has(read(house.log_file()), "read again"); }, 60s));
    house.stop();

    // Settings that are wrong are told without what they are.
    auto wrong = house.environment;
    std::swap(wrong["SLACK_BOT_TOKEN"], wrong["SLACK_APP_TOKEN"]);
    wrong["SMTP_URL"] = "imap://canary-user:canary-password@127.0.0.1";
    wrong["ONCALL_HEARTBEAT_URL"] = "gopher://canary-beat";
    Process mistaken{{ONCALL_BINARY, "run"}, wrong, house.log_file()};
    std::optional<int> status;
    CHECK(house.world.until([&] { return (status = mistaken.ended()).has_value(); }, 60s));
    CHECK(status == 1);

    const auto log = read(house.log_file());
    CHECK(log.size() > 500);
    if (std::getenv("ONCALL_TEST_LOG"))
        WARN(log);
    std::istringstream lines{log};
    for (std::string line; std::getline(lines, line);)
        for (const auto& secret : secrets) {
            INFO(secret << " in: " << line);
            CHECK_FALSE(has(line, secret));
        }
    CHECK_FALSE(has(log, token));
    CHECK_FALSE(has(log, rotated));
}
