#include "catch.hpp"
#include "commands/cast.hpp"
#include "commands/replay.hpp"
#include "config/oncall_yaml.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"
#include "storage/repositories.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace fs = std::filesystem;
using loopback::Folder;
using loopback::Process;

namespace {

constexpr std::string_view played_yaml{
    "teams:\n"
    "  payments: {channel: \"#payments\", members: [ana.lopez@example.com, ana.lopez@example.org],\n"
    "             policy: payments, user_group: \"@payments-oncall\"}\n"
    "services:\n"
    "  checkout: {team: payments}\n"
    "  ledger: {team: payments}\n"
    "schedules:\n"
    "  payments:\n"
    "    time_zone: Asia/Tokyo\n"
    "    rotations: [{name: weekly, start: 2024-11-04T09:00, users: [\"@bo\"]}]\n"
    "policies:\n"
    "  payments:\n"
    "    levels:\n"
    "      - {targets: [\"schedule:payments\"], patience: 5m}\n"
    "      - {targets: [\"user:ana.lopez@example.com\", \"user_group:@helpers\"], patience: 5m}\n"
    "      - {targets: [\"channel:#war-room\", \"user:U0123ABCDEF\"], patience: 5m}\n"
    "sources:\n"
    "  scripts: {format: generic, key: a-key-of-real-life, service: checkout}\n"};

oncall::Configuration played()
{
    auto parsed = config::parse(played_yaml, [](const std::string&) { return std::optional<std::string>{}; });
    for (const auto& problem : parsed.problems)
        FAIL_CHECK(config::describe("oncall.yaml", problem));
    return std::move(parsed.configuration);
}

/// What `oncall-bot demo` says to these words, and how it ends.
std::pair<int, std::string> play_demo(
    const Folder& folder, const std::string& words, const std::map<std::string, std::string>& environment = {})
{
    const auto log = folder.path / "said";
    Process process{
        {"/bin/bash", "-c", "cd " + folder.path.string() + "; exec " ONCALL_BINARY " demo " + words}, environment, log};
    const int status = process.wait();
    return {status, loopback::read(log)};
}

std::size_t place_of(const std::string& text, const std::string& part)
{
    INFO(part);
    CHECK(text.find(part) != text.npos);
    return text.find(part);
}

bool has_command(const std::string& program) { return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0; }

/// Where Chromium or node is missing, a test that clicks says so; in CI it fails.
bool may_click()
{
    const bool node = has_command("node");
    if (node && has_command("chromium"))
        return true;
    const auto words = std::string{"NOT TESTED: the demo's page was not clicked through, as "} + (node ? "chromium" : "node")
        + " is not on this machine. Fix: install chromium and nodejs.";
    if (const auto* const ci = std::getenv("CI"); ci && std::string_view{ci} == "true")
        FAIL(words);
    WARN(words);
    return false;
}

/// Where the browser's pictures go.
fs::path shots_folder()
{
    const auto* const wish = std::getenv("ONCALL_TEST_SHOTS");
    auto shots = wish ? fs::path{wish} : fs::path{ONCALL_BINARY}.parent_path() / "screenshots";
    fs::create_directories(shots);
    return shots;
}

/// How tests/commands/demo_browser_peer.mjs ends, and what it said.
std::pair<int, std::string> click_through(const Folder& folder, const fs::path& shots, const std::string& from = {})
{
    std::vector<std::string> command{"/usr/bin/env", "timeout", "-k", "5", "240", "node",
        ONCALL_SOURCE_DIR "/tests/commands/demo_browser_peer.mjs", ONCALL_BINARY, folder.path.string(), shots.string()};
    if (!from.empty())
        command.push_back(from);
    const auto log = folder.path / "browser.log";
    Process browser{command, {}, log};
    const int status = browser.wait();
    return {status, loopback::read(log)};
}

} // namespace

TEST_CASE("Everybody a configuration names gets a place in the demo's workspace", "[commands][demo]")
{
    const auto cast = commands::cast_of(played());
    std::map<std::string, std::string> zones;
    std::set<std::string> names;
    for (const auto& someone : cast.people) {
        names.insert(someone.name);
        zones[someone.reference] = someone.time_zone;
    }
    CHECK(names.size() == cast.people.size()); // two of one name are two
    CHECK(names.contains("ana.lopez"));
    CHECK(names.contains("ana.lopez-2"));
    CHECK(names.contains("bo"));
    CHECK(zones["@bo"] == "Asia/Tokyo"); // the schedule's
    const auto by_id =
        std::find_if(cast.people.begin(), cast.people.end(), [](const auto& one) { return one.id == "U0123ABCDEF"; });
    CHECK(by_id != cast.people.end());
    std::set<std::string> rooms, groups;
    for (const auto& room : cast.rooms)
        rooms.insert(room.name);
    CHECK(rooms == std::set<std::string>{"ops", "payments", "war-room"});
    for (const auto& group : cast.groups) {
        groups.insert(group.handle);
        CHECK_FALSE(group.members.empty());
    }
    CHECK(groups == std::set<std::string>{"helpers", "payments-oncall"});
}

TEST_CASE("The demo's alerts lead to each source and each service, and no real key is used", "[commands][demo]")
{
    const auto programme = commands::programme_of(played());
    REQUIRE(programme.incidents.size() == 2);
    CHECK(programme.incidents[0].source == "scripts");
    CHECK(programme.incidents[0].service == "checkout");
    CHECK(programme.incidents[1].service == "ledger");
    CHECK(programme.configuration.sources.contains(programme.incidents[1].source));
    for (const auto& [name, source] : programme.configuration.sources)
        CHECK(source.key.find("real-life") == std::string::npos);
    for (const auto& incident : programme.incidents) {
        CHECK(nlohmann::json::parse(incident.fires)["status"] == "firing");
        CHECK(nlohmann::json::parse(incident.resolves)["dedup_key"] == incident.dedup_key);
        CHECK(incident.path.starts_with("/hooks/demo-key-"));
    }
}

TEST_CASE("demo --from says who is paged when, by the own file", "[commands][demo]")
{
    const Folder folder;
    // A key of the environment that is empty here, as on the machine where one writes the file.
    std::ofstream{folder.path / "ours.yaml"} << played_yaml
                                             << "  spare: {format: generic, key_env: ONCALL_TEST_KEY, service: ledger}\n";
    const auto [status, said] = play_demo(folder, "--from ours.yaml --once", {{"ONCALL_TEST_KEY", ""}});
    INFO(said);
    CHECK(status == 0);
    const auto first = place_of(said, "checkout is down");
    const auto bo = place_of(said, "at once: ");
    CHECK(said.substr(bo, said.find('\n', bo) - bo).find("Bo") != std::string::npos);
    const auto second = place_of(said, "after 5 min: ");
    CHECK(said.substr(second, said.find('\n', second) - second).find("Ana Lopez") != std::string::npos);
    CHECK(said.substr(second, said.find('\n', second) - second).find("Somebody of @helpers") != std::string::npos);
    const auto third = place_of(said, "after 10 min: ");
    CHECK(said.substr(third, said.find('\n', third) - third).find("#war-room") != std::string::npos);
    const auto end = place_of(said, "the policy payments has come to its end");
    const auto next = place_of(said, "ledger is down");
    CHECK((first < bo && bo < second && second < third && third < end && end < next));
    CHECK(said.find("real-life") == std::string::npos);
}

TEST_CASE("What the demo says of a page that it plays no further is so", "[commands][demo]")
{
    using namespace std::chrono_literals;
    oncall::Page page;
    page.policy.name = "nights";
    page.due = oncall::TimePoint{oncall::milliseconds{1'793'674'800'000}}; // Tuesday 2026-11-03, 03:00 UTC
    CHECK(commands::ending_of(page, 24h) == "after 24 h: not played on; its next step is at Tue 2026-11-03 03:00 UTC.");
    page.waits = true;
    CHECK(commands::ending_of(page, 24h)
        == "after 24 h: it waits for working hours, until Tue 2026-11-03 03:00 UTC. Not played on.");
    page.next.round = 2;
    CHECK(commands::ending_of(page, 24h).find("working hours") != std::string::npos);
    page.policy.until_answered = true;
    CHECK(commands::ending_of(page, 90min) == "And so on, until somebody answers.");
    page.state = oncall::PageState::exhausted;
    CHECK(
        commands::ending_of(page, 90min) == "after 1 h 30 min: nobody has answered, and the policy nights has come to its end.");
    page.state = oncall::PageState::acknowledged;
    CHECK(commands::ending_of(page, 0min) == "at once: somebody answered.");
}

TEST_CASE("The demo says which calendars it does not read", "[commands][demo]")
{
    oncall::Configuration ours;
    ours.holidays["germany"].url = "https://example.com/secret.ics";
    ours.holidays["office"].file = "/etc/holidays.ics"; // is read
    auto& payments = ours.schedules["payments"];
    payments.rotations.resize(2);
    payments.rotations[0].name = "weekly";
    payments.rotations[1].name = "cover";
    payments.rotations[1].ics = "https://example.com/other-secret.ics";
    CHECK(commands::calendars_unread(ours)
        == std::vector<std::string>{"Not read in the demo: the calendar of the holidays germany; no day is a holiday by it here.",
            "Not read in the demo: the calendar of rotation cover of schedule payments; it has no shifts here."});
}

TEST_CASE("The demo that is ended before it is through leaves nothing behind", "[commands][demo]")
{
    const Folder folder;
    const auto left = folder.path / "left", log = folder.path / "said";
    fs::create_directory(left);
    Process process{{ONCALL_BINARY, "demo", "--once"}, {{"TMPDIR", left.string()}}, log};
    while (loopback::read(log).find("Everybody sleeps") == std::string::npos)
        REQUIRE_FALSE(process.ended().has_value());
    CHECK_FALSE(fs::is_empty(left));
    process.kill(SIGINT);
    CHECK(process.wait() == 128 + SIGINT);
    CHECK(fs::is_empty(left));
}

TEST_CASE("demo --from says what is wrong in the file, as apply does", "[commands][demo]")
{
    const Folder folder;
    std::ofstream{folder.path / "ours.yaml"} << "services:\n  checkout: {policy: nights}\n";
    const auto [status, said] = play_demo(folder, "--from ours.yaml --once");
    CHECK(status == 1);
    CHECK(said.find("ours.yaml:2:") != std::string::npos);
    CHECK(said.find("Fix: ") != std::string::npos);
    const auto [missing, words] = play_demo(folder, "--from theirs.yaml");
    CHECK(missing == 1);
    CHECK(words.find("theirs.yaml: cannot be read") != std::string::npos);
    const Folder other;
    const auto [unnamed, why] = play_demo(other, "--from '' --once"); // "$FILE", and it is not set
    CHECK(unnamed == 1);
    CHECK(why.find("\"\": cannot be read") != std::string::npos);
}

TEST_CASE("The demo is clicked through in a real browser, where Chromium and node are", "[commands][demo][peers]")
{
    if (!may_click())
        return;
    const Folder folder;
    const auto shots = shots_folder();
    const std::set<std::string> pictures{"page.png", "acknowledged.png", "override.png", "on_call.png", "phone.png", "home.png"};
    for (const auto& picture : pictures)
        fs::remove(shots / picture); // of an earlier run
    const auto [status, said] = click_through(folder, shots);
    INFO(said);
    CHECK(status == 0);
    for (const auto& picture : pictures) {
        INFO(picture);
        CHECK(fs::exists(shots / picture));
    }
}

TEST_CASE("demo --from goes a hundred times as fast in a real browser, where Chromium and node are", "[commands][demo][peers]")
{
    if (!may_click())
        return;
    const Folder folder;
    std::ofstream{folder.path / "ours.yaml"}
        << "teams:\n"
           "  payments: {channel: \"#payments\", members: [ana.lopez@example.com, \"@bo\"], policy: payments}\n"
           "services:\n"
           "  checkout: {team: payments}\n"
           "schedules:\n"
           "  payments:\n"
           "    time_zone: Asia/Tokyo\n"
           "    rotations: [{name: weekly, start: 2024-11-04T09:00, users: [\"@bo\"]}]\n"
           "policies:\n"
           "  payments:\n"
           "    levels:\n"
           "      - {targets: [\"schedule:payments\"], patience: 5m}\n"
           "      - {targets: [\"user:ana.lopez@example.com\"], patience: 5m}\n"
           "sources:\n"
           "  scripts: {format: generic, key: a-key-of-real-life, service: checkout}\n";
    const auto [status, said] = click_through(folder, shots_folder(), "ours.yaml");
    INFO(said);
    CHECK(status == 0);
}

TEST_CASE("The README's pictures are of what is shown now", "[commands][demo]")
{
    const fs::path tree{ONCALL_SOURCE_DIR}, made_of{"manifest/pictures/made_of.txt"};
    std::set<std::string> named, others;
    std::istringstream lines{loopback::read(tree / made_of)};
    for (std::string hash, file; lines >> hash >> file;) {
        named.insert(file);
        if (hash != storage::sha256(loopback::read(tree / file)))
            others.insert(file);
    }
    for (const auto& entry : fs::directory_iterator{tree / "tests/workspace/face"})
        if (const auto file = "tests/workspace/face/" + entry.path().filename().string(); !named.contains(file))
            others.insert(file);
    INFO("What the pictures show is another than when they were made: compare "
        << made_of.string()
        << ". Fix: build (bot/run demo --once), run tests/commands/screenshots, look at the pictures, and commit them with it.");
    CHECK(others == std::set<std::string>{});
    const auto readme = loopback::read(tree / "README.md");
    for (const std::string picture : {"page", "home", "override", "phone"}) {
        const auto file = "manifest/pictures/" + picture + ".png";
        INFO(file);
        CHECK(readme.find("(" + file + ")") != std::string::npos);
        CHECK(fs::exists(tree / file));
    }
}
