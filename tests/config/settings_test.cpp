#include "catch.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <fstream>
#include <map>

using namespace config;

namespace {

ReadSettings read(std::map<std::string, std::string> environment, std::optional<std::string> dotenv = std::nullopt)
{
    return read_settings(
        [environment](const std::string& name) {
            const auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional{found->second};
        },
        dotenv);
}

const std::map<std::string, std::string> tokens{{"SLACK_BOT_TOKEN", "xoxb-1"}, {"SLACK_APP_TOKEN", "xapp-1"}};

std::map<std::string, std::string> with(const std::string& name, const std::string& value)
{
    auto all = tokens;
    all[name] = value;
    return all;
}

} // namespace

TEST_CASE("Settings come from the environment, else from .env, else by default", "[config]")
{
    const auto got = read(with("ONCALL_LISTEN", "0.0.0.0:9000"),
        "# a comment\nexport ONCALL_CHANNEL=\"#ops\"\nONCALL_LISTEN=1.1.1.1:1\nONCALL_ADMINS= ana@example.com, U123456 # "
        "two\n\nONCALL_LOG=json,debug\n");
    CHECK(got.problems == std::vector<std::string>{});
    CHECK(got.settings.listen == "0.0.0.0:9000");
    CHECK(got.settings.channel == "#ops");
    CHECK(got.settings.admins == std::vector<std::string>{"ana@example.com", "U123456"});
    CHECK(got.settings.log_format == logging::Format::json);
    CHECK(got.settings.log_level == logging::Level::debug);
    CHECK(got.settings.database == "oncall.db");
    CHECK(got.settings.slack_api_url == "https://slack.com/api/");
}

TEST_CASE("Every problem of the settings is reported at once, with its fix", "[config]")
{
    const auto got = read({{"SLACK_BOT_TOKEN", "xapp-1"}, {"SLACK_API_URL", "http://example.com"}, {"ONCALL_LISTEN", "8080"},
                              {"ONCALL_LOG", "loud"}, {"ONCALL_CHANNEL", "ops"}},
        "what is this\n");
    CHECK(got.problems.size() == 7);
    for (const auto& problem : got.problems) {
        INFO(problem);
        CHECK(problem.find("Fix: ") != std::string::npos);
        CHECK(problem.find("xapp-1") == std::string::npos); // secrets are not repeated
    }
}

TEST_CASE("Without TLS only this machine is an address for Slack", "[config]")
{
    CHECK(read(with("SLACK_API_URL", "http://127.0.0.1:8000/api")).problems.empty());
    CHECK(read(with("SLACK_API_URL", "http://127.0.0.1:8000/api")).settings.slack_api_url == "http://127.0.0.1:8000/api/");
    CHECK(read(with("SLACK_API_URL", "http://127.0.0.1.example.com/")).problems.size() == 1);
    CHECK(read(with("SLACK_API_URL", "http://localhostile/")).problems.size() == 1);
    CHECK(read(with("ONCALL_HEARTBEAT_URL", "https://hc.example.com/1")).settings.heartbeat_url.get() == "https://hc.example.com/1");
    CHECK(read(with("ONCALL_HEARTBEAT_URL", "http://hc.example.com/1")).problems.size() == 1);
}

TEST_CASE("A secret may come as the path of a file", "[config]")
{
    const auto path = std::filesystem::temp_directory_path() / "oncall-secret-test";
    std::ofstream{path} << "xoxb-file\n";
    const auto got = read({{"SLACK_BOT_TOKEN_FILE", path.string()}, {"SLACK_APP_TOKEN", "xapp-1"}});
    CHECK(got.problems.empty());
    CHECK(got.settings.slack_bot_token.get() == "xoxb-file");
    std::filesystem::remove(path);
    CHECK(read({{"SLACK_BOT_TOKEN_FILE", path.string()}, {"SLACK_APP_TOKEN", "xapp-1"}}).problems.size() >= 1);
}
