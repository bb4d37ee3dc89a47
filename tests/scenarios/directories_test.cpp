#include "catch.hpp"
#include "commands/verbs.hpp"
#include "config/validate.hpp"
#include "places.hpp"
#include "scenarios/sees.hpp"
#include "storage/directories.hpp"
#include "storage/sql.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

using namespace scenario;
using commands::Json;

namespace {

const std::string directory_token{"pat.shop.8f14e45fceea167a"};

std::string directory_answer(const std::string& name)
{
    return tests::text_of(std::string{ONCALL_SOURCE_DIR} + "/tests/config/directories/" + name);
}

/// The sample, with the services of a project of Harness.
oncall::Configuration with_harness()
{
    ::setenv("DIRECTORY_TEST_TOKEN", directory_token.c_str(), 1);
    auto configuration = sample_configuration();
    oncall::Directory shop;
    shop.name = "shop";
    shop.format = oncall::DirectoryFormat::harness;
    shop.token_env = "DIRECTORY_TEST_TOKEN";
    shop.account = "kmpySmUISimoRrJL6NL73w";
    shop.organization = "default";
    shop.project = "shop";
    configuration.directories["shop"] = shop;
    return configuration;
}

/// Harness, of which two services are a page, and a machine that listens to whatever comes to it.
struct HarnessWorld : World {
    std::map<std::string, std::string> services{}; // identifier → owner
    std::map<int, std::string> bodies{}; // of pages that are answered so
    std::map<int, int> statuses{};
    std::string slow{}; // targets with this in them are answered after five seconds; empty: none
    std::vector<std::string> asked{}; // targets
    std::vector<std::string> tokens{};
    std::vector<std::string> elsewhere{}; // what came to the other machine, with its headers
    std::unique_ptr<net::Listener> harness{}, other{};

    explicit HarnessWorld(std::map<std::string, std::string> first)
        : World{with_harness()}
        , services{std::move(first)}
    {
        net::Service service;
        service.serve = [this](net::Request request) { return answer(std::move(request)); };
        harness = listen("app.harness.io:443", std::move(service));
        net::Service listening;
        listening.serve = [this](net::Request request) { return overhear(std::move(request)); };
        other = listen("elsewhere.example.com:443", std::move(listening));
    }
    asio::awaitable<net::Response> answer(net::Request request)
    {
        const auto query = net::form_in(request.target.substr(request.target.find('?') + 1)).value();
        const auto page = std::stoi(std::string{net::header(query, "page")});
        asked.push_back(request.target);
        tokens.emplace_back(net::header(request.headers, "x-api-key"));
        if (!slow.empty() && has(request.target, slow))
            co_await clock.pause(5s);
        net::Response response;
        response.status = statuses.contains(page) ? statuses.at(page) : 200;
        if (response.status == 302)
            response.headers.push_back({"Location", "https://elsewhere.example.com" + request.target});
        response.body = bodies.contains(page) ? bodies.at(page) : page_of(page);
        co_return response;
    }
    asio::awaitable<net::Response> overhear(net::Request request)
    {
        elsewhere.push_back(request.target);
        for (const auto& header : request.headers)
            elsewhere.push_back(header.value);
        net::Response response;
        response.body = page_of(0);
        co_return response;
    }
    asio::awaitable<net::Response> answer_as_backstage(net::Request request)
    {
        asked.push_back(request.target);
        tokens.emplace_back(net::header(request.headers, "Authorization"));
        net::Response response;
        response.body = directory_answer("backstage_catalog.yaml");
        co_return response;
    }
    std::string page_of(int page) const
    {
        Json content = Json::array();
        int at = 0;
        for (const auto& [name, owner] : services)
            if (at++ / 2 == page) {
                Json service;
                service["identifier"] = name;
                service["name"] = name;
                service["tags"]["owner"] = owner;
                Json item;
                item["service"] = std::move(service);
                content.push_back(std::move(item));
            }
        Json body;
        body["status"] = "SUCCESS";
        body["data"]["totalPages"] = (services.size() + 1) / 2;
        body["data"]["totalItems"] = services.size();
        body["data"]["pageIndex"] = page;
        body["data"]["pageItemCount"] = content.size();
        body["data"]["content"] = std::move(content);
        return body.dump();
    }
    const std::map<std::string, oncall::Service>& held() { return app().context().configuration()->services; }
    bool has_service(const std::string& name) { return held().contains(name); }
    /// What the command line is answered.
    Json sync(const std::string& name, bool dry_run = false)
    {
        Json asked_for;
        asked_for["verb"] = "sync";
        asked_for["arguments"]["name"] = name;
        asked_for["arguments"]["dry_run"] = dry_run;
        return Json::parse(on_the_bot<std::string>([&] { return commands::answer(app(), asked_for.dump()); }));
    }
    std::string state()
    {
        return look([](storage::Transaction& tx) {
            std::string all;
            for (storage::Query row{tx,
                     "SELECT kind || name || holds || said FROM configuration UNION ALL SELECT name || services || report || "
                     "read_at || "
                     "due "
                     "|| failures FROM directories UNION ALL SELECT '' || COUNT(*) FROM audit UNION ALL SELECT '' || COUNT(*) "
                     "FROM outbox"};
                 row.step();)
                all += row.text() + "\n";
            return all;
        });
    }
    std::size_t said(const std::string& part)
    {
        std::size_t count = 0;
        for (const auto& message : fallback().messages())
            count += has(slack().plain(message), part) ? 1 : 0;
        return count;
    }
    storage::DirectoryState row()
    {
        return look([](storage::Transaction& tx) { return storage::Directories{tx}.find("shop").value(); });
    }
};

} // namespace

TEST_CASE(
    "The services of a project of Harness are there, page by page, and follow it by timer", "[scenarios][directory][socket]")
{
    HarnessWorld world{{{"basket", "payments"}, {"cart", "payments"}, {"search", "nobody's"}}};
    world.advance(15min); // it was not there at the start
    INFO(world.slack().story());
    REQUIRE(world.has_service("cart"));
    CHECK(world.held().at("cart").team == "payments");
    CHECK(world.held().at("cart").directory == "shop");
    CHECK(world.held().at("search").team == "");
    CHECK(world.asked.at(0)
        == "/ng/api/"
           "servicesV2?accountIdentifier=kmpySmUISimoRrJL6NL73w&orgIdentifier=default&projectIdentifier=shop&page=0&size=100");
    CHECK(world.asked.size() == 2);
    CHECK(world.tokens == std::vector<std::string>{directory_token, directory_token});
    CHECK(world.said("search: its owner nobody's is no team here: nobody would be paged") == 1);
    // What the file made is as it was, and an alert for a new one pages as any other.
    CHECK(world.held().at("checkout").directory == "");
    const auto by = world.look([](storage::Transaction& tx) {
        storage::Query audit{tx, "SELECT via FROM audit WHERE subject = 'service cart'"};
        audit.step();
        return storage::Items{tx}.find("service", "cart")->changed_by + ", " + audit.text();
    });
    CHECK(by == "directory shop, directory shop");

    world.services = {{"basket", "payments"}, {"cart", "payments"}, {"search", "payments"}, {"wallet", "payments"}};
    world.advance(1h);
    CHECK(world.has_service("wallet"));
    CHECK(world.held().at("search").team == "payments");
    const auto shown = type(world, world.ana(), "directory");
    CHECK(has(shown, "shop"));
    CHECK(has(shown, "4 services: 1 new, 1 changed"));
    CHECK(world.elsewhere.empty());
}

TEST_CASE("A dry run of a directory says what would change, and changes nothing at all", "[scenarios][directory]")
{
    HarnessWorld world{{{"basket", "payments"}, {"cart", "payments"}}};
    world.advance(15min);
    REQUIRE(world.has_service("cart"));
    world.services = {{"basket", "payments"}, {"checkout", "payments"}, {"wallet", "payments"}};
    world.settle();
    const auto before = world.state();

    const auto said = world.sync("shop", true);
    INFO(said.dump());
    CHECK(said["status"] == 0);
    const auto out = said["out"].get<std::string>();
    CHECK(has(out, "would be taken up: 3 services: 1 new, 1 gone, 1 left alone. This is a dry run: nothing was changed."));
    CHECK(has(out, "+ wallet: team payments"));
    CHECK(has(out, "! checkout: made here and not by the directory; left alone"));
    CHECK(has(out, "? cart: gone from the directory"));
    CHECK(world.state() == before);
    CHECK_FALSE(world.has_service("wallet"));

    SECTION("the button says the same, and the other one does it")
    {
        type(world, world.ana(), "directory");
        CHECK(world.ana().click(world.ana().last_ephemeral(), "What would change").error() == "");
        world.advance(5s);
        CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "+ wallet: team payments"));
        CHECK_FALSE(world.has_service("wallet"));
        type(world, world.ana(), "directory");
        CHECK(world.ana().click(world.ana().last_ephemeral(), "Read now").error() == "");
        world.advance(5s);
        CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "was taken up: 3 services: 1 new, 1 gone, 1 left alone."));
        CHECK(world.has_service("wallet"));
        CHECK(world.held().at("checkout").tier == 1);
    }
    SECTION("so does the command line")
    {
        CHECK(has(world.sync("")["out"].get<std::string>(), "was taken up: 3 services"));
        CHECK(world.has_service("wallet"));
        CHECK(world.sync("shap")["status"] == 1);
    }
}

TEST_CASE("A partial or failing reading of a directory changes nothing, is told once, and is made up for",
    "[scenarios][directory][socket]")
{
    HarnessWorld world{{{"basket", "payments"}, {"cart", "payments"}, {"search", "payments"}, {"wallet", "payments"},
        {"wishes", "payments"}, {"x-ray", "payments"}}};
    world.advance(15min);
    REQUIRE(world.has_service("x-ray"));
    const auto services = world.held();
    const auto known = world.row().services;
    const auto whole = world.services;
    world.services.erase("x-ray"); // which nobody may believe below
    world.services["new"] = "payments";

    SECTION("a page says 500")
    {
        world.statuses[1] = 500;
        world.advance(3h);
    }
    SECTION("a page breaks off, or is another one")
    {
        world.bodies[1] = world.page_of(1).substr(0, 90);
        world.advance(1h);
        world.bodies[1] = world.page_of(2);
        world.advance(2h);
    }
    SECTION("a page is missing, by the count of the others")
    {
        auto short_page = Json::parse(world.page_of(2));
        short_page["data"]["content"] = Json::array();
        short_page["data"]["pageItemCount"] = 0;
        world.bodies[2] = short_page.dump();
        world.advance(3h);
    }
    SECTION("the token is taken no more; what Harness says of it is not repeated")
    {
        world.bodies[0] = directory_answer("harness_error.json");
        world.statuses[0] = 400;
        world.advance(3h);
        world.statuses.clear();
        world.advance(1h);
        CHECK(has(type(world, world.ana(), "directory"), "INVALID_TOKEN"));
        for (const auto& line : world.logged())
            CHECK_FALSE(has(line, "pat."));
    }
    SECTION("it leads elsewhere, and the token stays here")
    {
        world.statuses[0] = 302;
        world.advance(3h);
        CHECK(world.elsewhere.empty());
    }
    SECTION("nobody answers there")
    {
        world.harness.reset();
        world.advance(3h);
        net::Service service;
        service.serve = [&world](net::Request request) { return world.answer(std::move(request)); };
        world.harness = world.listen("app.harness.io:443", std::move(service));
    }
    SECTION("something breaks that nobody thought of, and what was thrown is for the log alone")
    {
        world.environment = [](const std::string&) -> std::optional<std::string> {
            throw std::runtime_error{"the vault holds hunter2"};
        };
        world.kill();
        world.start();
        world.advance(3h);
        CHECK(has(type(world, world.ana(), "directory"), "something broke while it was read. The log says what."));
        CHECK_FALSE(has(world.slack().story(), "hunter2"));
        CHECK_FALSE(has(world.state(), "hunter2"));
        world.environment = {};
    }
    SECTION("fewer than half of the services are there")
    {
        world.services = {{"basket", "payments"}, {"cart", "payments"}};
        world.advance(3h);
        CHECK(
            has(type(world, world.ana(), "directory"), "it has 2 services, and had 6: that is hardly all of it. If it is, run"));
    }
    SECTION("it has a service twice, in the middle of a change")
    {
        auto twice = Json::parse(world.page_of(1));
        twice["data"]["totalItems"] = 7;
        world.bodies[1] = twice.dump();
        world.advance(3h);
    }
    INFO(world.slack().story());
    CHECK(world.held() == services);
    CHECK(world.row().services == known);
    CHECK(world.said("I cannot take up the directory shop (app.harness.io)") == 1);
    // After a restart it is not told again; once it comes, all is made up for.
    world.kill();
    world.start();
    world.advance(1h);
    CHECK(world.said("I cannot take up the directory shop") == 1);
    world.bodies.clear();
    world.statuses.clear();
    world.services = whole;
    world.services["new"] = "payments";
    world.advance(1h + 5min);
    CHECK(world.has_service("new"));
    CHECK(world.said("I can take up the directory shop (app.harness.io) again.") == 1);
}

TEST_CASE("What people changed of a directory's service stays, also over a restart; gone and back it is the same",
    "[scenarios][directory][socket][long]")
{
    HarnessWorld world{{{"basket", "payments"}, {"cart", "payments"}, {"search", "payments"}, {"wallet", "payments"}}};
    world.advance(15min);
    REQUIRE(world.has_service("cart"));
    const auto json = world.look([](storage::Transaction& tx) { return storage::Items{tx}.find("service", "cart")->holds; });
    auto edited = Json::parse(json);
    edited["tier"] = 1;
    edited["policy"] = "payments";
    REQUIRE(world.edit("service", "cart", edited.dump()).plan.problems.empty());
    world.kill();
    world.start();
    world.advance(2h);
    CHECK(world.held().at("cart").tier == 1);
    CHECK(world.held().at("cart").policy == "payments");

    // One that people changed and one that nobody did are gone.
    world.services.erase("cart");
    world.services.erase("wallet");
    world.advance(2h);
    CHECK(world.has_service("wallet"));
    CHECK(world.said("? wallet: gone from the directory") == 1);
    world.kill();
    world.start();
    SECTION("back in time nothing has happened")
    {
        world.services["wallet"] = "payments";
        world.services["cart"] = "payments";
        world.advance(26h);
        CHECK(world.has_service("wallet"));
        CHECK(world.held().at("cart").policy == "payments");
    }
    SECTION("for good, only what nobody changed goes")
    {
        world.advance(26h);
        CHECK_FALSE(world.has_service("wallet"));
        CHECK(world.has_service("cart"));
        CHECK(world.has_service("checkout"));
        CHECK(has(type(world, world.ana(), "directory"), "changed here, so it stays"));
    }
    SECTION("with an open alert it stays until that is over")
    {
        world.post("demo-scripts-key", R"({"title":"Slow","severity":"info","service":"wallet","dedup_key":"wallet-down"})");
        world.advance(26h);
        CHECK(world.has_service("wallet"));
        world.resolved("wallet-down");
        world.advance(2h);
        CHECK_FALSE(world.has_service("wallet"));
    }
}

TEST_CASE("A directory that is renamed goes on by its new name, and until then its services page as they did",
    "[scenarios][directory][socket]")
{
    HarnessWorld world{{{"basket", "payments"}, {"cart", "payments"}, {"search", "payments"}, {"wallet", "payments"}}};
    world.advance(15min);
    REQUIRE(world.has_service("cart"));
    // People change one, and delete another.
    const auto json = world.look([](storage::Transaction& tx) { return storage::Items{tx}.find("service", "cart")->holds; });
    auto edited = Json::parse(json);
    edited["tier"] = 1;
    REQUIRE(world.edit("service", "cart", edited.dump()).plan.problems.empty());
    REQUIRE(world.edit("service", "wallet", "").plan.problems.empty());

    auto file = with_harness();
    auto store = file.directories.extract("shop");
    store.key() = store.mapped().name = "store";
    file.directories.insert(std::move(store));
    REQUIRE(world.apply(file)->configured.plan.problems.empty());
    world.advance(90min);
    // Both are there until the old one is pruned.
    CHECK(world.held().at("cart").directory == "shop");
    CHECK(has(type(world, world.ana(), "directory store"), "! cart: of directory shop; left alone"));
    CHECK_FALSE(world.has_service("wallet"));

    REQUIRE(world.apply(file, {.prune = true})->configured.plan.problems.empty());
    world.post("demo-scripts-key", R"({"title":"Full","severity":"critical","service":"basket","dedup_key":"basket-full"})");
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1);
    world.resolved("basket-full");
    world.advance(2s);
    const auto before = world.state();
    const auto said = world.sync("store", true)["out"].get<std::string>();
    INFO(said);
    CHECK(has(said, "would be taken up: 4 services: 3 taken over, 1 kept as here."));
    CHECK(has(said, "~ cart: taken over from directory shop, which is not configured any more"));
    CHECK(has(said, "= wallet: deleted here, and still in the directory; stays deleted"));
    CHECK(world.state() == before);

    world.services.erase("search"); // nobody lists it any more
    world.kill();
    world.set_file(file);
    world.start();
    world.advance(2h);
    CHECK(world.held().at("basket").directory == "store");
    CHECK(world.held().at("cart").directory == "store");
    CHECK(world.held().at("cart").tier == 1);
    CHECK_FALSE(world.has_service("wallet"));
    world.advance(30h);
    CHECK(world.held().at("search").directory == "shop");
}

TEST_CASE("All directories are read but the one that is being read already, and the command says which",
    "[scenarios][directory][socket]")
{
    HarnessWorld world{{{"basket", "payments"}}};
    auto file = with_harness();
    file.directories["till"] = file.directories.at("shop");
    file.directories["till"].name = file.directories["till"].project = "till";
    REQUIRE(world.apply(file)->configured.plan.problems.empty());
    world.advance(15min);
    world.slow = "projectIdentifier=shop";
    type(world, world.ana(), "directory shop");
    CHECK(world.ana().click(world.ana().last_ephemeral(), "Read now").error() == "");
    world.settle();
    const auto said = world.sync("");
    INFO(said.dump());
    CHECK(said["status"] == 1);
    CHECK(said["err"].get<std::string>() == "The directory shop is being read just now. Try again in a moment.\n");
    CHECK(has(said["out"].get<std::string>(), "Directory till (app.harness.io) was taken up"));
    world.advance(10s);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "Directory shop (app.harness.io) was taken up"));
    CHECK(world.sync("")["status"] == 0);
}

TEST_CASE("A directory's token goes to its own host alone, and is in no log, message or row", "[scenarios][directory][socket]")
{
    HarnessWorld world{{{"basket", "payments"}}};
    world.advance(15min);
    REQUIRE(world.has_service("basket"));
    world.statuses[0] = 307;
    world.advance(2h);
    CHECK(world.elsewhere.empty());
    for (const auto& line : world.logged())
        CHECK_FALSE(has(line, directory_token));
    CHECK_FALSE(has(world.state(), directory_token));
    CHECK_FALSE(has(world.slack().story(), directory_token));
    // Without the variable nobody is asked.
    ::unsetenv("DIRECTORY_TEST_TOKEN");
    const auto before = world.asked.size();
    const auto said = world.sync("shop");
    CHECK(said["status"] == 1);
    CHECK(has(said["err"].get<std::string>(), "the variable DIRECTORY_TEST_TOKEN is not set"));
    CHECK(world.asked.size() == before);
}

TEST_CASE("Pages as Harness answers, Backstage's file and its catalog, YAML and CSV are taken up beside each other",
    "[scenarios][directory][socket]")
{
    HarnessWorld world{{}};
    world.bodies = {{0, directory_answer("harness_page_0.json")}, {1, directory_answer("harness_page_1.json")}};
    char folder[] = "/tmp/oncall-directories-XXXXXX";
    REQUIRE(::mkdtemp(folder) != nullptr);
    std::ofstream{folder + std::string{"/services.csv"}} << "name,owner,tier\nfrom-csv,payments,3\n";
    std::ofstream{folder + std::string{"/catalog.yaml"}} << directory_answer("backstage_create_app_entities.yaml");
    std::ofstream{folder + std::string{"/services.yaml"}} << directory_answer("services.yaml");
    net::Service backstage;
    backstage.serve = [&world](net::Request request) { return world.answer_as_backstage(std::move(request)); };
    const auto portal = world.listen("backstage.example.com:443", std::move(backstage));
    auto file = with_harness();
    file.directories["plain"] = {.name = "plain", .file = "services.yaml"};
    file.directories["portal"] = {.name = "portal",
        .format = oncall::DirectoryFormat::backstage,
        .url = "https://backstage.example.com/api/catalog/entities?filter=kind=component",
        .token_env = "DIRECTORY_TEST_TOKEN",
        .team = "payments"};
    file.directories["table"] = {.name = "table", .format = oncall::DirectoryFormat::csv, .file = "services.csv"};
    file.directories["catalog"] = {.name = "catalog",
        .format = oncall::DirectoryFormat::backstage,
        .file = "catalog.yaml",
        .teams = {{"guests", "payments"}}};
    world.adjust = [&folder](config::Settings& settings) { settings.config = folder + std::string{"/oncall.yaml"}; };
    world.kill();
    world.start();
    REQUIRE(world.apply(file)->configured.plan.problems.empty());
    world.advance(15min);
    INFO(world.slack().story());
    CHECK(world.held().at("search_index").description == "Search index");
    CHECK(world.held().at("from-csv").tier == 3);
    CHECK(world.held().at("example-website").team == "payments");
    CHECK(world.held().at("example-website").directory == "catalog");
    CHECK(world.held().at("orphan").directory == "plain");
    CHECK(world.held().at("search/index").directory == "portal");
    CHECK(world.held().at("search/index").team == "payments");
    CHECK(std::count(world.asked.begin(), world.asked.end(), "/api/catalog/entities?filter=kind=component") == 1);
    CHECK(std::count(world.tokens.begin(), world.tokens.end(), "Bearer " + directory_token) == 1);
    CHECK(world.held().at("checkout").directory == ""); // the file's
    const auto shown = type(world, world.ana(), "directory");
    CHECK(has(shown, "! checkout: made here and not by the directory; left alone"));
    // One that is not read any more takes nothing with it.
    file.directories.erase("table");
    REQUIRE(world.apply(file, {.prune = true})->configured.plan.problems.empty());
    world.advance(30h);
    CHECK(world.has_service("from-csv"));
    std::filesystem::remove_all(folder);
}
