#include "catch.hpp"
#include "commands/check.hpp"
#include "places.hpp"

#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

namespace {

const std::string folder = std::string{ONCALL_SOURCE_DIR} + "/manifest/";

std::set<std::string> scopes_of(const YAML::Node& manifest)
{
    const auto listed = manifest["oauth_config"]["scopes"]["bot"].as<std::vector<std::string>>();
    std::set<std::string> scopes{listed.begin(), listed.end()};
    CHECK(scopes.size() == listed.size());
    return scopes;
}

std::set<std::string> keys_of(const YAML::Node& map)
{
    std::set<std::string> keys;
    for (const auto& entry : map)
        keys.insert(entry.first.as<std::string>());
    return keys;
}

std::string contents_of(const std::string& path)
{
    std::ifstream file{path};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// What a program says, and its exit status.
std::pair<std::string, int> run(const std::string& command)
{
    std::string said;
    auto* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe);
    char piece[4096];
    while (const auto size = std::fread(piece, 1, sizeof piece, pipe))
        said.append(piece, size);
    return {said, WEXITSTATUS(::pclose(pipe))};
}

} // namespace

// What Slack's schema says of them is in manifest_use_test; this is what it does not know.
TEST_CASE("Both manifests are of the shape Slack takes", "[manifest]")
{
    for (const auto* file : {"slack.yaml", "slack-http.yaml"}) {
        INFO(file);
        const auto manifest = YAML::LoadFile(folder + file);
        CHECK(keys_of(manifest)
            == std::set<std::string>{"_metadata", "display_information", "features", "oauth_config", "settings"});
        const auto shown = manifest["display_information"];
        CHECK(shown["name"].as<std::string>().size() <= 35);
        CHECK(shown["description"].as<std::string>().size() <= 140);
        CHECK(shown["background_color"].as<std::string>().size() == 7);
        const auto commands = manifest["features"]["slash_commands"];
        REQUIRE(commands.size() == 1);
        CHECK(commands[0]["command"].as<std::string>() == "/oncall");
        CHECK(commands[0]["should_escape"].as<bool>()); // people must come as ids
        CHECK(commands[0]["usage_hint"].as<std::string>().size() <= 1'000);
        // Without its messages tab nobody can be paged.
        CHECK(manifest["features"]["app_home"]["messages_tab_enabled"].as<bool>());
        CHECK(manifest["settings"]["interactivity"]["is_enabled"].as<bool>());
        // Once on, it cannot be switched off, and tokens die every twelve hours.
        CHECK_FALSE(manifest["settings"]["token_rotation_enabled"].as<bool>());
    }
}

TEST_CASE("The manifests differ in how Slack comes in, and in nothing else", "[manifest]")
{
    auto socket = YAML::LoadFile(folder + "slack.yaml"), http = YAML::LoadFile(folder + "slack-http.yaml");
    CHECK(socket["settings"]["socket_mode_enabled"].as<bool>());
    CHECK_FALSE(http["settings"]["socket_mode_enabled"].as<bool>());
    const std::string host = "https://oncall.example.com";
    CHECK(http["features"]["slash_commands"][0]["url"].as<std::string>() == host + "/slack/commands");
    CHECK(http["settings"]["interactivity"]["request_url"].as<std::string>() == host + "/slack/interactions");
    // Over HTTP each event needs its address; with Socket Mode none has one.
    if (auto events = http["settings"]["event_subscriptions"]) {
        CHECK(events["request_url"].as<std::string>() == host + "/slack/events");
        events.remove("request_url");
    }
    for (auto command : http["features"]["slash_commands"])
        command.remove("url");
    CHECK(http["settings"]["interactivity"]["message_menu_options_url"].as<std::string>() == host + "/slack/interactions");
    http["settings"]["interactivity"].remove("request_url");
    http["settings"]["interactivity"].remove("message_menu_options_url");
    http["settings"]["socket_mode_enabled"] = "true";
    CHECK(YAML::Dump(socket) == YAML::Dump(http));
}

TEST_CASE("The scopes asked for are those that are checked and explained", "[manifest]")
{
    const auto asked = scopes_of(YAML::LoadFile(folder + "slack.yaml"));
    CHECK(asked == scopes_of(YAML::LoadFile(folder + "slack-http.yaml")));
    std::set<std::string> checked;
    for (const auto& scope : commands::scopes()) {
        checked.emplace(scope.name);
        CHECK_FALSE(scope.without.empty());
    }
    CHECK(asked == checked);
    const auto readme = contents_of(std::string{ONCALL_SOURCE_DIR} + "/README.md");
    for (const auto& scope : asked) {
        INFO(scope);
        CHECK(has(readme, "`" + scope + "`"));
    }
}

TEST_CASE("The proxies let in what must be public, and nothing else", "[manifest]")
{
    const auto nginx = contents_of(folder + "nginx.conf"), caddy = contents_of(folder + "Caddyfile");
    CHECK(has(nginx,
        "location ~ ^/((slack|hooks|v2|generic|integrations|api/v1/webhook|a|twilio|push|calendar)/|(hooks|contact\\.vcf)$) {"));
    CHECK(has(caddy,
        "@public path /slack/* /hooks /hooks/* /v2/* /generic/* /integrations/* /api/v1/webhook/* /a/* /twilio/* /push/* "
        "/calendar/* /contact.vcf\n"));
    for (const auto& proxy : {nginx, caddy}) {
        CHECK(has(proxy, "127.0.0.1:8080"));
        CHECK(has(proxy, "404"));
    }
    // An address that is a secret stays out of logs, and the address of whoever sends is not what he claims.
    CHECK(has(nginx, "access_log off;"));
    CHECK(has(nginx, "proxy_set_header X-Forwarded-For $remote_addr;"));
    CHECK(has(nginx, "error_log /var/log/nginx/error.log crit;"));
    CHECK(has(caddy, "\tlog {\n\t\texclude http.log.error\n\t}\n"));
}

TEST_CASE("systemd understands the unit, and finds it well confined", "[manifest]")
{
    // Where the binary is not installed, another stands for it.
    auto unit = contents_of(folder + "oncall-bot.service");
    const std::string binary = "ExecStart=/usr/bin/oncall-bot run";
    REQUIRE(has(unit, binary));
    unit.replace(unit.find(binary), binary.size(), "ExecStart=" ONCALL_BINARY " run");
    const auto copy = std::filesystem::temp_directory_path() / ("oncall-unit-" + std::to_string(::getpid()));
    std::filesystem::create_directory(copy);
    std::ofstream{copy / "oncall-bot.service"} << unit;
    const auto path = (copy / "oncall-bot.service").string();
    INFO("Debian's package systemd has systemd-analyze; tests/run installs it");
    const auto [said, status] = run("systemd-analyze verify " + path);
    CHECK(said == "");
    CHECK(status == 0);
    const auto [exposure, confined] = run("systemd-analyze security --no-pager --offline=true --threshold=20 " + path);
    INFO(exposure);
    CHECK(confined == 0);
    std::filesystem::remove_all(copy);
}

TEST_CASE("The package's settings are the settings there are, and nothing in them is set that must be one's own", "[manifest]")
{
    const auto env = contents_of(folder + "debian/env"), readme = contents_of(std::string{ONCALL_SOURCE_DIR} + "/README.md");
    std::istringstream lines{env};
    std::map<std::string, std::string> set;
    for (std::string line; std::getline(lines, line);)
        if (const auto sign = line.find('='); !line.starts_with("#") && sign != line.npos)
            set[line.substr(0, sign)] = line.substr(sign + 1);
    for (const auto& [name, value] : set) {
        INFO(name);
        CHECK(has(readme, "`" + name + "`"));
    }
    CHECK(set.at("SLACK_BOT_TOKEN").empty());
    CHECK(set.at("SLACK_APP_TOKEN").empty());
    // The unit, the package's scripts and the settings mean the same folders and the same user.
    const auto unit = contents_of(folder + "oncall-bot.service"), postinst = contents_of(folder + "debian/postinst");
    CHECK(set.at("ONCALL_DATABASE").starts_with("/var/lib/oncall-bot/"));
    CHECK(has(unit, "\nWorkingDirectory=/var/lib/oncall-bot\n"));
    CHECK(has(unit, "\nUser=oncall-bot\n"));
    CHECK(has(postinst, "--home /var/lib/oncall-bot --no-create-home --gecos \"oncall-bot\" oncall-bot\n"));
    CHECK(has(postinst, "make_from_sample oncall.yaml " + set.at("ONCALL_CONFIG") + "\n"));
}

TEST_CASE("The package brings samples, and nothing that an upgrade would ask about", "[manifest]")
{
    // A file shipped to /etc becomes a conffile: dpkg asks when both the operator and the package have changed it.
    const auto package = contents_of(folder + "debian/package.cmake"), postinst = contents_of(folder + "debian/postinst");
    CHECK_FALSE(has(package, "DESTINATION /etc"));
    CHECK_FALSE(std::filesystem::exists(folder + "debian/conffiles"));
    CHECK(
        has(package, "install(FILES ${about}/env ${made}/oncall.yaml manifest/oncall.schema.json DESTINATION share/oncall-bot)"));
    CHECK(has(postinst, "/usr/share/oncall-bot/$1"));
    CHECK(has(contents_of(folder + "oncall.yaml"), "$schema=oncall.schema.json\n")); // told where it is installed
}

TEST_CASE("The package's scripts are sound shell", "[manifest]")
{
    for (const auto* script : {"postinst", "prerm", "postrm"}) {
        const auto [said, status] = run("sh -n " + folder + "debian/" + script);
        INFO(script << ": " << said);
        CHECK(status == 0);
    }
}
