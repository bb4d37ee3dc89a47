#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "handlers/sources/setup_lines.hpp"
#include "peer_missing.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"

#include <algorithm>
#include <fstream>

#include <sys/stat.h>

using namespace loopback;

namespace {

const std::filesystem::path nagios_script{ONCALL_SOURCE_DIR "/manifest/sources/nagios-oncall"};

/// A machine on which Nagios and a mail server run, beside the bot.
struct NagiosHouse {
    Net world{};
    Folder folder{};
    std::uint16_t port{free_port()};
    std::map<std::string, std::string> environment{};
    std::unique_ptr<Process> bot{};

    NagiosHouse()
    {
        for (const auto* name : {"ana", "bo"})
            world.slack().add_person(name, std::string{name} + "@example.com");
        world.slack().add_channel("ops", {.bot = true});
        std::ofstream{folder.path / "oncall.yaml"} << "services: {checkout: {policy: ana}, mailed: {policy: bo}}\n"
                                                      "policies:\n"
                                                      "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
                                                      "  bo: {levels: [{targets: [user:bo@example.com], patience: 1h}]}\n"
                                                      "sources:\n"
                                                      "  nagios: {format: nagios, key: nagios-key}\n"
                                                      "  mail: {format: email, key: mail-key, service: mailed}\n";
        environment = {{"SLACK_BOT_TOKEN", world.slack().bot_token()}, {"SLACK_APP_TOKEN", world.slack().app_token()},
            {"SLACK_API_URL", world.slack().api_url()}, {"ONCALL_DATABASE", (folder.path / "oncall.db").string()},
            {"ONCALL_LISTEN", "127.0.0.1:" + std::to_string(port)}, {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()},
            {"ONCALL_CHANNEL", "#ops"}};
        // Nobody here sleeps for a time: until the test says so.
        std::filesystem::create_directory(folder.path / "bin");
        const auto sleep = folder.path / "bin/sleep";
        std::ofstream{sleep} << "#!/bin/sh\necho slept $1 >&2\nwhile [ ! -e '" << awake().string()
                             << "' ]; do /bin/sleep 0.02; done\n";
        std::filesystem::permissions(sleep, std::filesystem::perms::owner_all);
    }
    std::filesystem::path awake() const { return folder.path / "awake"; }
    std::string base() const { return "http://127.0.0.1:" + std::to_string(port); }
    std::string hook() const { return base() + "/hooks/nagios-key"; }

    std::unique_ptr<Process> shell(std::vector<std::string> words, const std::string& log)
    {
        words.insert(words.begin(), "/bin/sh");
        const auto path = std::getenv("PATH");
        return std::make_unique<Process>(words,
            std::map<std::string, std::string>{
                {"PATH", (folder.path / "bin").string() + ":" + (path ? path : "/usr/bin:/bin")}, {"no_proxy", "*"}},
            folder.path / log);
    }
    int ended(Process& process)
    {
        std::optional<int> status;
        REQUIRE(world.until([&] { return (status = process.ended()).has_value(); }, 40s));
        return *status;
    }
    /// The script's exit status.
    int run(std::vector<std::string> words)
    {
        words.insert(words.begin(), nagios_script.string());
        return ended(*shell(words, "script.log"));
    }
    /// What the alias of a mail server does with a mail.
    int mailed()
    {
        handlers::sources::SetupFor setup;
        setup.source.format = "email";
        setup.address = base();
        setup.key = "mail-key";
        const auto lines = handlers::sources::setup_lines(setup);
        const auto line = std::find_if(lines.begin(), lines.end(), [](const auto& one) { return has(one.code, "oncall: \"|"); });
        REQUIRE(line != lines.end());
        const auto command = line->code.substr(10, line->code.size() - 11); // without the name and the quotes
        std::ofstream{folder.path / "mail"} << payloads::find("email/open")->sent.text;
        return ended(*shell({"-c", "(" + command + ") <'" + (folder.path / "mail").string() + "'"}, "mail.log"));
    }
    void start()
    {
        bot = std::make_unique<Process>(std::vector<std::string>{ONCALL_BINARY, "run"}, environment, folder.path / "bot.log");
        REQUIRE(world.until([&] { return world.exchange("GET", base() + "/health").status == 200; }));
    }
    std::size_t said_in_ops(const std::string& words, const std::string& state)
    {
        const auto cards = world.slack().channel("ops").messages();
        return static_cast<std::size_t>(std::count_if(cards.begin(), cards.end(), [&](const auto& one) {
            const auto text = world.slack().plain(one);
            return has(text, words) && has(text, state);
        }));
    }
};

} // namespace

TEST_CASE("The script for Nagios and a mail server's alias, as they are shown, page people, and try again",
    "[scenarios][peers][socket]")
{
    if (std::system("command -v curl >/dev/null 2>&1") != 0)
        return peer_missing("there is no curl: neither the script nor the alias was run");
    struct stat mode { };
    REQUIRE(::stat(nagios_script.c_str(), &mode) == 0);
    CHECK((mode.st_mode & 0111) == 0111);

    NagiosHouse house;
    const auto log = [&] { return loopback::read(house.folder.path / "script.log"); };
    // Nobody is there: after three times that is an error, and said. The mail server keeps its mail for later.
    std::ofstream{house.awake()} << "";
    CHECK(house.run({house.hook(), "notificationtype=PROBLEM", "hostname=web 01"}) != 0);
    CHECK(has(log(), "curl: "));
    CHECK(has(log(), "slept 2"));
    CHECK(house.mailed() == 75);
    // A word that is no field would be a file for curl.
    CHECK(house.run({house.hook(), "@/etc/passwd"}) == 64);
    CHECK(house.run({house.hook()}) == 64);

    // While it tries, the bot begins.
    std::filesystem::remove(house.awake());
    const std::string output = "CRITICAL: a&b = \"c\" @ 100% <!channel> ü";
    const auto before = log().size();
    const auto script =
        house.shell({nagios_script.string(), house.hook(), "notificationtype=PROBLEM", "hostname=web 01", "servicedesc=HTTP",
                        "state=CRITICAL", "output=" + output, "longoutput=", "service=checkout"},
            "script.log");
    REQUIRE(house.world.until([&] { return has(log().substr(before), "slept 1"); }));
    house.start();
    std::ofstream{house.awake()} << "";
    CHECK(house.ended(*script) == 0);
    auto& slack = house.world.slack();
    INFO(loopback::read(house.folder.path / "bot.log"));
    REQUIRE(house.world.until([&] { return !slack.person("ana").dms().empty(); }));
    CHECK(has(slack.push(slack.person("ana").last_dm()), "HTTP on web 01 is critical"));
    REQUIRE(house.world.until([&] { return house.said_in_ops("HTTP on web 01 is critical", output) == 1; }));
    CHECK(slack.broadcasts().empty());

    // The address in a file is in no list of processes.
    const auto file = house.folder.path / "url";
    std::ofstream{file} << house.hook() << "\n";
    CHECK(house.run({file.string(), "notificationtype=RECOVERY", "hostname=web 01", "servicedesc=HTTP"}) == 0);
    CHECK(house.world.until([&] { return house.said_in_ops("HTTP on web 01", "Resolved") == 1; }));

    CHECK(house.mailed() == 0);
    CHECK(house.world.until([&] { return !slack.person("bo").dms().empty(); }));
}
