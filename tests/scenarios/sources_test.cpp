#include "catch.hpp"
#include "commands/commands.hpp"
#include "commands/verbs.hpp"
#include "config/items.hpp"
#include "handlers/sources/sources.hpp"
#include "places.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/first_events.hpp"
#include "storage/payloads.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

using namespace scenario;

namespace {

void open_source(World& world, workspace::Person& person, const std::string& words)
{
    const auto typed = person.command("/oncall", "source" + (words.empty() ? "" : " " + words), "#payments-alerts");
    world.advance(1s);
    CHECK(typed.error() == "");
}

void press_source(World& world, workspace::Person& person, const std::string& label)
{
    const auto pressed = person.click_modal(label);
    world.advance(1s);
    CHECK(pressed.error() == "");
}

void choose_payload(World& world, workspace::Person& person, const std::string& what, const std::string& beside)
{
    const auto chosen = person.choose_modal("", what, beside);
    world.advance(1s);
    CHECK(chosen.error() == "");
}

void send_source_form(World& world, workspace::Person& person)
{
    const auto sent = person.submit();
    world.advance(1s);
    CHECK(sent.error() == "");
}

std::size_t told_so_often(World& world, workspace::Person& person, const std::string& part)
{
    std::size_t count = 0;
    for (const auto& message : person.dms())
        count += has(world.slack().plain(message), part) ? 1 : 0;
    return count;
}

/// The item of a source with another format.
std::string source_as(const std::string& name, const std::string& format)
{
    auto configuration = sample_configuration();
    configuration.sources.at(name).format = format;
    for (const auto& item : config::items_of(configuration))
        if (item.kind == "source" && item.name == name)
            return item.json;
    return {};
}

/// What `oncall-bot check --payload` says.
slack::Json checked_payload(World& world, slack::Json arguments)
{
    slack::Json question;
    question["verb"] = "check payload";
    question["arguments"] = std::move(arguments);
    const auto text = question.dump();
    const auto answer = world.on_the_bot<std::string>([&] { return commands::answer(world.app(), text); });
    return slack::parse(answer);
}

slack::Json to_check(const std::string& payload, const std::string& source = {})
{
    slack::Json arguments;
    arguments["payload"] = payload;
    arguments["source"] = source;
    return arguments;
}

constexpr auto ledger_down = R"({"alerts": [{"status": "firing", "fingerprint": "f1", "labels": {"alertname": "LedgerDown",
    "severity": "critical", "service": "checkout"}}]})";

} // namespace

TEST_CASE("A source is added with the lines for its tool, and its first event is told to whoever waits", "[scenarios][sources]")
{
    World world;
    auto& bo = world.bo();
    open_source(world, bo, "add alertmanager");
    REQUIRE(bo.modals() == 1);
    bo.fill({{"Name", "am"}, {"Service", "checkout"}});
    send_source_form(world, bo);
    REQUIRE(bo.modals() == 2);
    send_source_form(world, bo);
    const auto shown = modal(world, bo);
    INFO(shown);
    for (const char* part : {"shown once", "webhook_configs", "send_resolved: true", "ONCALL_PUBLIC_URL"})
        CHECK(has(shown, part));
    const auto at = shown.find("/hooks/") + 7;
    const auto key = shown.substr(at, shown.find_first_of("`\n ", at) - at);
    REQUIRE(key.size() >= 20);

    // Pressed twice, once; and a restart forgets nothing.
    press_source(world, bo, "Wait for the first event");
    press_source(world, bo, "Wait for the first event");
    CHECK(told_so_often(world, bo, "I wait for the first event of source am") == 1);
    bo.close_all();
    world.kill();
    world.start();
    world.advance(1s);

    // What cannot be read is told once, and what to do.
    CHECK(world.post(key, R"({"alerts": "none"})").status == 202);
    CHECK(world.post(key, R"({"alerts": "none"})").status == 202);
    world.advance(2s);
    CHECK(told_so_often(world, bo, "I could not read it: alerts must be a list") == 1);
    CHECK(told_so_often(world, bo, "I go on waiting") == 1);

    CHECK(world.post(key, ledger_down).status == 202);
    world.advance(2s);
    const auto dm = world.slack().plain(bo.last_dm());
    INFO(dm);
    for (const char* part :
        {"This is what it became", "LedgerDown", "severity critical, high urgency", "service checkout", "Paged: "})
        CHECK(has(dm, part));
    CHECK(world.post(key, ledger_down).status == 202);
    world.advance(2h);
    CHECK(told_so_often(world, bo, "This is what it became") == 1);
    CHECK(told_so_often(world, bo, "Nothing came") == 0);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("When nothing comes within an hour, that is said with what may be the reason", "[scenarios][sources][socket]")
{
    World world;
    auto& bo = world.bo();
    open_source(world, bo, "scripts");
    press_source(world, bo, "Wait for the first event");
    CHECK(has(modal(world, bo), "I wait for its first event with you until"));
    CHECK_FALSE(has(modal(world, bo), "[Wait for the first event]"));
    bo.close_all();
    world.advance(30min);
    world.kill();
    world.clock.advance(1h); // it is over while nobody was there to see
    world.start();
    world.advance(1s);
    CHECK(told_so_often(world, bo, "Nothing came from source scripts within an hour") == 1);
    world.alert("Late");
    world.advance(2h);
    CHECK(told_so_often(world, bo, "what it became") == 0);
    CHECK(told_so_often(world, bo, "Nothing came from source scripts within an hour") == 1);
}

TEST_CASE("A dead letter is looked at, tried, replayed once or dismissed, by whoever may edit its source", "[scenarios][sources]")
{
    World world;
    auto& bo = world.bo();
    CHECK(world.post("demo-alertmanager-key", R"({"title": "The cache is cold", "service": "checkout"})").status == 202);
    world.advance(1s);
    CHECK(world.post("demo-scripts-key", R"({"severity": "info"})").status == 202);
    world.advance(1s);
    open_source(world, bo, "");
    CHECK(has(modal(world, bo), "1 dead letter"));
    bo.close_all();

    open_source(world, bo, "alertmanager");
    CHECK(has(modal(world, bo), "alerts must be a list"));
    choose_payload(world, bo, "Show it", "alerts must be a list");
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "The cache is cold"));
    bo.close();
    choose_payload(world, bo, "What would it become now?", "alerts must be a list");
    CHECK(has(modal(world, bo), "A source of format alertmanager cannot read this"));
    bo.close();
    // The source was of another format than what sends.
    world.edit("source", "alertmanager", source_as("alertmanager", "generic"));
    world.advance(1s);
    choose_payload(world, bo, "What would it become now?", "alerts must be a list");
    const auto foreseen = modal(world, bo);
    INFO(foreseen);
    for (const char* part : {"The cache is cold", "Rule: ", "Service checkout", "Policy payments", "ana",
             "Nothing was stored, and nobody was paged."})
        CHECK(has(foreseen, part));
    bo.close();
    const auto alerts = [&] {
        return world.look([](storage::Transaction& tx) {
            const auto open = storage::Alerts{tx}.all_open(100);
            return std::count_if(open.begin(), open.end(), [](const auto& alert) { return alert.title == "The cache is cold"; });
        });
    };
    CHECK(alerts() == 0);
    if (!by_http())
        world.slack().deliver_twice("interactive", 1);
    choose_payload(world, bo, "Replay", "alerts must be a list");
    CHECK(alerts() == 1);
    CHECK(has(modal(world, bo), "replayed"));
    bo.close_all();
    world.settle();

    open_source(world, bo, "scripts");
    choose_payload(world, bo, "Dismiss", "title is missing");
    CHECK(has(modal(world, bo), "dismissed"));
    CHECK(world.look([](storage::Transaction& tx) { return storage::Payloads{tx}.count_dead(); }) == 0);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What came in a shape of its own is mapped by choosing its fields, and what it becomes is shown before that is saved",
    "[scenarios][sources]")
{
    World world;
    auto& bo = world.bo();
    const auto disk = [](const std::string& state) {
        return R"({"event": {"name": "disk-check", "headline": "The disk of db-1 is full", "id": "d-7"}, "state": ")" + state
            + R"(", "level": "critical"})";
    };
    const auto disks_open = [&] {
        return world.look([](storage::Transaction& tx) {
            const auto open = storage::Alerts{tx}.all_open(50);
            return std::count_if(
                open.begin(), open.end(), [](const auto& alert) { return alert.title == "The disk of db-1 is full"; });
        });
    };
    CHECK(world.post("demo-scripts-key", R"({"title": "As ever", "severity": "info"})").status == 202);
    CHECK(world.post("demo-scripts-key", disk("RED")).status == 202);
    world.advance(1s);
    open_source(world, bo, "scripts");
    choose_payload(world, bo, "Choose its fields…", "title is missing");
    REQUIRE(bo.modals() == 2);
    const auto offered = modal(world, bo);
    INFO(offered);
    for (const char* part : {"my guess", "Title: /event/name = disk-check", "Key: /event/id = d-7", "Status: /state = RED",
             "Severity: /level = critical"})
        CHECK(has(offered, part));
    bo.fill({{"Title", "(none)"}});
    send_source_form(world, bo);
    REQUIRE(bo.modals() == 2);
    CHECK(has(bo.modal().errors.at("title"), "finds no title"));
    bo.fill({{"Title", "/event/headline = The disk of db-1 is full"}});
    send_source_form(world, bo);
    REQUIRE(bo.modals() == 3);
    const auto plan = modal(world, bo);
    INFO(plan);
    for (const char* part : {"Check, then save", "mapping", "/event/headline", "The disk of db-1 is full", "Key d-7",
             "severity critical", "Policy payments", "1 of what it sent last could be read until now"})
        CHECK(has(plan, part));
    CHECK(disks_open() == 0);
    send_source_form(world, bo);
    CHECK(has(modal(world, bo), "It holds from now on"));
    bo.close_all();
    open_source(world, bo, "scripts");
    choose_payload(world, bo, "Replay", "title is missing");
    CHECK(disks_open() == 1);
    // What is chosen already changes nothing.
    choose_payload(world, bo, "Choose its fields…", "replayed");
    CHECK(has(modal(world, bo), "Title: /event/headline"));
    send_source_form(world, bo);
    CHECK(has(bo.modal().errors.at("title"), "takes these places already"));
    bo.close_all();
    CHECK(world.post("demo-scripts-key", disk("resolved")).status == 202);
    world.advance(1s);
    CHECK(disks_open() == 0);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Who may not edit a source sees that something came, and neither what nor buttons", "[scenarios][sources]")
{
    auto configuration = sample_configuration();
    configuration.teams["search"] = {.name = "search", .members = {"dee@example.com"}, .policy = "payments"};
    World world{configuration};
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(1s);
    CHECK(world.post("demo-alertmanager-key", R"({"title": "A secret of payments"})").status == 202);
    world.advance(1s);
    auto& dee = world.slack().person("dee");
    open_source(world, dee, "alertmanager");
    const auto shown = modal(world, dee);
    INFO(shown);
    CHECK(has(shown, "dead letter"));
    for (const char* part : {"Replay", "Show it", "Choose its fields", "alerts must be", "Wait for the first event"})
        CHECK_FALSE(has(shown, part));
    dee.close_all();
    open_source(world, dee, "alertmanger");
    CHECK(has(world.slack().plain(dee.last_ephemeral()), "Did you mean `/oncall source alertmanager`?"));
}

TEST_CASE("A payload that is pasted, or in a file, is shown as what it would become; nothing changes", "[scenarios][sources]")
{
    World world;
    auto& bo = world.bo();
    open_source(world, bo, "test");
    REQUIRE(bo.modals() == 1);
    bo.fill({{"What your monitoring sends", R"({"severity": "info"})"}});
    send_source_form(world, bo);
    CHECK(has(bo.modal().errors.at("payload"), "title is missing"));
    bo.fill({{"What your monitoring sends", ledger_down}});
    send_source_form(world, bo);
    REQUIRE(bo.modals() == 2);
    const auto shown = modal(world, bo);
    INFO(shown);
    for (const char* part : {"LedgerDown", "Key f1", "From source alertmanager", "Rule: ", "high urgency, severity critical",
             "Policy payments", "ana"})
        CHECK(has(shown, part));

    const auto good = checked_payload(world, to_check(ledger_down));
    INFO(good.dump());
    CHECK(good["status"] == 0);
    for (const char* part : {"LedgerDown", "Key f1", "Rule: ", "Policy payments", "ana"})
        CHECK(has(slack::text_at(good, {"out"}), part));
    const auto bad = checked_payload(world, to_check("{}", "scripts"));
    CHECK(bad["status"] == 1);
    CHECK(has(slack::text_at(bad, {"err"}), "title is missing"));
    CHECK(checked_payload(world, to_check("{}", "none"))["status"] == 1);

    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 0);
    CHECK(world.ana().dms().empty());
}

TEST_CASE("A payload is checked that is as large as a door takes, and no larger", "[scenarios][sources][socket]")
{
    World world;
    // As text in JSON it is twice as long.
    const auto good = checked_payload(world, to_check(ledger_down + std::string(9 << 19, '\n')));
    CHECK(good["status"] == 0);
    CHECK(has(slack::text_at(good, {"out"}), "LedgerDown"));

    namespace fs = std::filesystem;
    const auto file = fs::temp_directory_path() / ("oncall-too-large-" + std::to_string(std::random_device{}()));
    std::ofstream{file};
    fs::resize_file(file, (8 << 20) + 1);
    std::ostringstream said;
    auto* const before = std::cerr.rdbuf(said.rdbuf());
    const auto status = commands::check_payload({.file = file.string()});
    std::cerr.rdbuf(before);
    fs::remove(file);
    CHECK(status == 1);
    CHECK(has(said.str(), "is larger than 8 MB, which no door of mine takes"));
}

TEST_CASE("Each payload file of the formats is one that can be checked", "[scenarios][sources][socket]")
{
    World world;
    namespace fs = std::filesystem;
    const fs::path folder = fs::path{ONCALL_SOURCE_DIR} / "tests/handlers/payloads";
    std::size_t seen = 0;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        const auto format = entry.path().parent_path().filename().string();
        const auto* const its = handlers::sources::format(format);
        if (entry.path().extension() != ".json" || entry.path().string().ends_with(".read.json") || !its || !its->read
            || handlers::sources::is_events_api(format))
            continue;
        std::ifstream in{entry.path(), std::ios::binary};
        const auto sample = slack::parse(std::string{std::istreambuf_iterator<char>{in}, {}}, 4 << 20);
        const auto has_some = [&](const char* what) { return sample.contains(what) && !sample[what].empty(); };
        if (has_some("source") || has_some("query") || !slack::text_at(sample, {"rest"}).empty())
            continue; // a file alone has none
        INFO(entry.path().string());
        auto arguments = to_check(sample.contains("body") ? sample["body"].dump() : slack::text_at(sample, {"text"}));
        arguments["format"] = format;
        if (sample.contains("headers"))
            arguments["headers"] = sample["headers"];
        const auto said = checked_payload(world, arguments);
        INFO(said.dump());
        CHECK(said["status"] == 0);
        CHECK(has(slack::text_at(said, {"out"}), "Nothing was stored, and nobody was paged."));
        ++seen;
    }
    CHECK(seen > 20);
}
