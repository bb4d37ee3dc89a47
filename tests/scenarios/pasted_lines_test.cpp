#include "catch.hpp"
#include "handlers/payload_files.hpp"
#include "handlers/pings.hpp"
#include "handlers/sources/setup_lines.hpp"
#include "handlers/sources/sources.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"

#include <algorithm>
#include <fstream>

using namespace loopback;

namespace {

std::string with_instead(std::string text, std::string_view what, std::string_view instead)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + instead.size()))
        text.replace(at, what.size(), instead);
    return text;
}

/// The bot's binary with a source of each format that one sends to by hand, and whoever pastes its lines into a shell.
struct Pasted {
    Net world{};
    Folder folder{};
    std::string address{"127.0.0.1:" + std::to_string(free_port())};
    std::unique_ptr<Process> bot{};

    explicit Pasted(const std::vector<std::string>& formats)
    {
        world.slack().add_person("ana", "ana@example.com");
        world.slack().add_channel("ops", {.bot = true});
        std::string yaml = "services: {pasted: {policy: ana}}\n"
                           "policies:\n"
                           "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
                           "sources:\n";
        for (const auto& format : formats)
            yaml +=
                "  " + format + ": {format: " + format + ", key: " + key(format) + ", service: pasted, first_ping_makes: 1d}\n";
        std::ofstream{folder.path / "oncall.yaml"} << yaml;
        bot = std::make_unique<Process>(std::vector<std::string>{ONCALL_BINARY, "run"},
            std::map<std::string, std::string>{{"SLACK_BOT_TOKEN", world.slack().bot_token()},
                {"SLACK_APP_TOKEN", world.slack().app_token()}, {"SLACK_API_URL", world.slack().api_url()},
                {"ONCALL_DATABASE", (folder.path / "oncall.db").string()}, {"ONCALL_LISTEN", address},
                {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()}, {"ONCALL_CHANNEL", "#ops"},
                {"ONCALL_BUNDLE_HOLD", "0"}},
            folder.path / "bot.log");
        REQUIRE(world.until([&] { return world.exchange("GET", url() + "/health").status == 200; }));
    }

    std::string url() const { return "http://" + address; }
    static std::string key(const std::string& format) { return format + "-pasted-key-0123456789"; }

    /// What is shown for a source of that format, with the code that a shell takes: of a mail server's alias its command.
    std::vector<std::string> lines_of(const std::string& format) const
    {
        handlers::sources::SetupFor setup;
        setup.source.name = setup.source.format = format;
        setup.address = url();
        setup.key = key(format);
        std::vector<std::string> lines;
        for (const auto& line : handlers::sources::setup_lines(setup)) {
            constexpr std::string_view alias{"oncall: \"|"};
            if (line.code.starts_with("curl "))
                lines.push_back(with_instead(line.code, "ROUTING-KEY", "pasted"));
            else if (line.code.starts_with(alias) && line.code.ends_with('"'))
                lines.push_back(line.code.substr(alias.size(), line.code.size() - alias.size() - 1));
        }
        return lines;
    }
    /// Its exit status. curl is to fail when it is answered an error; else it prints that and is content.
    int run(const std::string& line)
    {
        Process shell{
            {"/bin/sh", "-c", "curl() { command curl -f \"$@\"; }\n" + line}, {{"no_proxy", "*"}}, folder.path / "shell.log"};
        std::optional<int> status;
        REQUIRE(world.until([&] { return (status = shell.ended()).has_value(); }, 40s));
        return *status;
    }
    /// A mail, as a mail server pipes it to the command of an alias.
    int pipe(const std::string& mail, const std::string& command)
    {
        std::ofstream{folder.path / "mail", std::ios::binary} << mail;
        return run(command + " < " + (folder.path / "mail").string());
    }
    /// How many messages in the channel have both.
    std::ptrdiff_t cards(const std::string& part, const std::string& other = "")
    {
        const auto all = world.slack().channel("ops").messages();
        return std::count_if(all.begin(), all.end(), [&](const workspace::Message& message) {
            const auto text = world.slack().plain(message);
            return has(text, part) && has(text, other);
        });
    }
    bool comes(const std::string& part, std::ptrdiff_t times, const std::string& other = "")
    {
        return world.until([&] { return cards(part, other) == times; }, 10s);
    }
    std::string story() { return read(folder.path / "shell.log") + read(folder.path / "bot.log") + world.slack().story(); }
};

bool is_there(const char* program)
{
    if (std::system(("command -v " + std::string{program} + " >/dev/null 2>&1").c_str()) == 0)
        return true;
    WARN("there is no " << program << ": no line was pasted");
    return false;
}

std::string readme() { return read(std::filesystem::path{ONCALL_SOURCE_DIR} / "README.md"); }

} // namespace

TEST_CASE(
    "What is shown to be pasted into a shell is sent by curl and becomes alerts", "[scenarios][peers][sources][socket][long]")
{
    if (!is_there("curl"))
        return;
    const std::vector<std::string> formats{"generic", "opsgenie", "pagerduty", "paging", "victorops"};
    Pasted pasted{formats};
    const std::string mail{"From: shop@example.com\nTo: oncall@example.com\nSubject: A mail says so, too\n\nPlease look.\n"};
    for (const auto& format : formats) {
        const auto lines = pasted.lines_of(format);
        INFO(format);
        CHECK_FALSE(lines.empty());
        for (const auto& line : lines) {
            INFO(line);
            // What stands in an alias has a mail piped into it.
            const bool is_mailed = line.starts_with("/bin/sh");
            CHECK((is_mailed ? pasted.pipe(mail, line) : pasted.run(line)) == 0);
        }
    }
    INFO(pasted.story());
    CHECK(pasted.comes("The disk is full", 1, "Resolved"));
    for (const auto* const format : {"opsgenie", "pagerduty", "victorops"})
        CHECK(pasted.comes("A test of oncall", 1, std::string{"from "} + format));
    CHECK(pasted.comes("The checkout is down", 2, "from paging")); // the mail's card says what else of its service is open
    CHECK(pasted.comes("A mail says so, too", 1, "from paging"));

    // A job's lines, whatever it is called: a failure by its exit status and last words, and the success that ends it.
    const auto pings = handlers::ping_lines(pasted.url(), Pasted::key("generic"), "night job");
    REQUIRE(pings.size() == 3);
    const auto as_job = [&](std::size_t which, const std::string& job) {
        auto code = with_instead(pings[which].code, "/usr/local/bin/job.sh", job);
        return code.starts_with("0 2 * * * ") ? code.substr(10) : code;
    };
    CHECK(pasted.run(as_job(0, "")) == 0);
    CHECK(pasted.run(as_job(1, "(exit 3)")) == 0);
    CHECK(pasted.comes("Heartbeat night job failed with exit status 3", 1));
    CHECK(pasted.run(as_job(2, "sh -c 'echo @/etc/passwd no room; exit 4'")) == 0);
    CHECK(pasted.comes("Heartbeat night job failed with exit status 4", 1));
    CHECK(pasted.comes("no room", 1));
    CHECK(pasted.run(as_job(2, "true")) == 0);
    CHECK(pasted.comes("Heartbeat night job", 1, "Resolved"));

    // The first alert of the README.
    const auto text = readme();
    const auto from = text.find("curl -d '{\"title\": \"The disk is full\"");
    REQUIRE(from != text.npos);
    auto line = text.substr(from, text.find('\n', from) - from);
    for (const auto& [what, instead] : std::map<std::string, std::string>{
             {"http://127.0.0.1:8080", pasted.url()}, {"YOUR-KEY", Pasted::key("generic")}, {"one of yours", "pasted"}}) {
        CHECK(has(line, what));
        line = with_instead(line, what, instead);
    }
    CHECK(pasted.run(line) == 0);
    CHECK(pasted.comes("The disk is full", 1, "Triggered"));
    // And that such a line fails is seen.
    CHECK(pasted.run(with_instead(line, Pasted::key("generic"), "no-such-key")) == 22);
}

TEST_CASE("A mail that a mail server pipes to the line of an alias becomes an alert, and waits while nobody listens",
    "[scenarios][peers][sources][socket]")
{
    if (!is_there("curl"))
        return;
    Pasted pasted{{"email"}};
    const auto commands = pasted.lines_of("email");
    REQUIRE(commands.size() == 1);
    const auto& command = commands.front();
    INFO(command);
    const auto* const opens = payloads::find("email/open");
    const auto* const resolves = payloads::find("email/resolve");
    REQUIRE(opens);
    REQUIRE(resolves);
    CHECK(pasted.pipe(opens->sent.text, command) == 0);
    {
        INFO(pasted.story());
        CHECK(pasted.comes("Service Alert: web-1/HTTP", 1, "Triggered"));
    }
    CHECK(pasted.pipe(resolves->sent.text, command) == 0);
    {
        INFO(pasted.story());
        CHECK(pasted.comes("Service Alert: web-1/HTTP", 1, "Resolved"));
    }
    // Of a large one the beginning is enough.
    std::string large = "From: a@example.com\nSubject: The backup failed\n\n";
    while (large.size() < 900'000)
        large += "a line of its log, which is long\n";
    CHECK(pasted.pipe(large, command) == 0);
    CHECK(pasted.comes("The backup failed", 1));

    // The same line stands in the README; 75 is EX_TEMPFAIL, by which Postfix and Exim try again.
    const auto line = with_instead(with_instead(command, pasted.url(), "http://127.0.0.1:8080"), Pasted::key("email"), "KEY");
    CHECK(has(readme(), "oncall: \"\\|" + with_instead(line, "|", "\\|") + "\""));
    pasted.bot.reset();
    CHECK(pasted.pipe(opens->sent.text, command) == 75);
}
