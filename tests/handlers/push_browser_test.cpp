#include "app.hpp"
#include "catch.hpp"
#include "net/sockets.hpp"
#include "notify/push_link.hpp"
#include "notify/text.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"
#include "storage/contacts.hpp"

#include <boost/asio/detached.hpp>

#include <cstdlib>
#include <fstream>

using namespace loopback;

namespace {

bool is_here(const std::string& program) { return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0; }

/// What is for the browser vendor's push service arrives here; all else goes its way.
class WithPushService final : public net::Network {
public:
    WithPushService(net::Network& rest, std::filesystem::path file)
        : rest_{rest}
        , file_{std::move(file)}
    {
    }
    asio::awaitable<net::Response> fetch(std::string url, net::Request request, net::FetchLimits limits) override
    {
        if (!url.starts_with("https://push.example.net/")) {
            auto fetching = rest_.fetch(std::move(url), std::move(request), limits);
            co_return co_await std::move(fetching);
        }
        workspace::Json push;
        push["endpoint"] = url;
        push["authorization"] = net::header(request.headers, "Authorization");
        push["body"] = notify::base64url(request.body);
        const auto unfinished = file_.string() + ".new";
        std::ofstream{unfinished} << push.dump();
        std::filesystem::rename(unfinished, file_);
        net::Response taken;
        taken.status = 201;
        co_return taken;
    }
    asio::awaitable<std::unique_ptr<net::Link>> connect(std::string url) override { return rest_.connect(std::move(url)); }
    std::unique_ptr<net::Listener> listen(std::string address, net::Service service) override
    {
        return rest_.listen(std::move(address), std::move(service));
    }

private:
    net::Network& rest_;
    std::filesystem::path file_;
};

/// A proxy that speaks TLS and takes the path of the public address off.
asio::awaitable<net::Response> pass(net::Network& network, net::Request request, std::string path, std::uint16_t behind)
{
    if (!request.target.starts_with(path + "/")) {
        net::Response nothing;
        nothing.status = 404;
        co_return nothing;
    }
    auto url = "http://127.0.0.1:" + std::to_string(behind) + request.target.substr(path.size());
    std::erase_if(request.headers, [](const net::Header& one) { return one.name == "Host" || one.name == "Connection"; });
    net::FetchLimits limits;
    auto fetching = network.fetch(std::move(url), std::move(request), limits);
    co_return co_await std::move(fetching);
}

constexpr std::string_view configuration{"services:\n"
                                         "  checkout: {policy: ana}\n"
                                         "policies:\n"
                                         "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
                                         "sources:\n"
                                         "  scripts: {format: generic, key: k}\n"};

/// The service in this process, on the machine's network and clock, behind such a proxy.
struct House {
    Net world{};
    Folder folder{};
    sockets::Certificates certificates{};
    WithPushService network{world.network(), folder.path / "push.json"};
    std::unique_ptr<doors::Worker> thread{doors::system_thread()};
    std::uint16_t port{free_port()};
    std::unique_ptr<net::Listener> proxy{};
    std::string public_url{};
    std::unique_ptr<App> app{};

    House()
    {
        world.slack().add_person("ana", "ana@example.com");
        world.slack().add_channel("ops", {.bot = true});
        net::Service service;
        service.serve = [this](net::Request request) { return pass(world.network(), std::move(request), "/oncall", port); };
        service.certificate = {certificates.good(), certificates.key()};
        proxy = world.network().listen("127.0.0.1:0", std::move(service));
        public_url = "https://localhost:" + std::to_string(proxy->port()) + "/oncall";
        config::Settings settings;
        settings.slack_bot_token = config::Secret{world.slack().bot_token()};
        settings.slack_app_token = config::Secret{world.slack().app_token()};
        settings.slack_api_url = world.slack().api_url();
        settings.database = (folder.path / "oncall.db").string();
        settings.listen = "127.0.0.1:" + std::to_string(port);
        settings.channel = "#ops";
        settings.public_url = public_url;
        auto parsed = config::parse(std::string{configuration}, [](const std::string&) { return std::optional<std::string>{}; });
        REQUIRE(parsed.problems.empty());
        app = std::make_unique<App>(std::move(settings), std::move(parsed.configuration),
            App::Doors{world.loop().get_executor(), network, world.clock(), world.random(), *thread, world.log(), {}});
        bool started = false;
        asio::co_spawn(
            world.loop(), app->start(), [&](std::exception_ptr error, std::map<std::string, std::string>) { started = !error; });
        REQUIRE(world.until([&] { return started; }));
    }
    ~House()
    {
        app->stop();
        world.until([this] { return app->running() == 0; });
        app.reset();
        proxy.reset();
        world.until([] { return false; }, 50ms); // what its connections were doing comes to its end
    }

    template <class Work> auto look(Work work)
    {
        std::optional<std::invoke_result_t<Work&, storage::Transaction&>> result;
        asio::co_spawn(world.loop(), keep(result, work), asio::detached);
        REQUIRE(world.until([&] { return result.has_value(); }));
        return *result;
    }

private:
    template <class Result, class Work> asio::awaitable<void> keep(std::optional<Result>& result, Work& work)
    {
        result.emplace(co_await app->database().read(work));
    }
};

} // namespace

TEST_CASE("A page is received and answered in a real browser, where Chromium and node are", "[handlers][push][peers]")
{
    if (!is_here("chromium") || !is_here("node")) {
        const std::string words{"NOT TESTED: no page was answered in a browser, as chromium or node is not on this machine."};
        if (const auto* const ci = std::getenv("CI"); ci && std::string_view{ci} == "true")
            FAIL(words);
        WARN(words);
        return;
    }
    House house;
    auto& world = house.world;
    const auto ana = world.slack().person("ana").id();
    const auto inside = "http://127.0.0.1:" + std::to_string(house.port);
    const auto secret = house.app->context().answer_secret;
    const auto link = notify::push_link(house.public_url, secret, ana, world.clock().now());
    REQUIRE(world.until([&] {
        const auto page = world.exchange("GET", inside + link.substr(house.public_url.size()));
        return page.body.find("Pages for ana ") != std::string::npos; // it is known who she is
    }));

    std::vector<std::string> command{
        "/usr/bin/env", "node", ONCALL_SOURCE_DIR "/tests/handlers/push_browser_peer.mjs", house.folder.path.string(), link};
    if (const auto* const shots = std::getenv("ONCALL_TEST_SHOTS"))
        command.emplace_back(shots);
    const auto log = house.folder.path / "browser.log";
    Process browser{command, {}, log};
    const auto subscribed = [&](storage::Transaction& tx) { return storage::ContactMethods{tx}.of(ana).size(); };
    std::optional<int> status;
    const auto is_over = [&] {
        if (!status)
            status = browser.ended();
        return status.has_value();
    };
    world.until([&] { return is_over() || house.look(subscribed) == 1; }, 90s);
    INFO(read(log));
    REQUIRE(house.look(subscribed) == 1);
    REQUIRE(world
                .exchange("POST", inside + "/hooks/k",
                    R"({"title":"Checkout is down","severity":"critical","service":"checkout","dedup_key":"k"})")
                .status
        == 202);
    world.until(is_over, 150s);
    INFO(read(log));
    CHECK(status == 0);
    CHECK(house.look(subscribed) == 0);
    const auto alert = house.look([](storage::Transaction& tx) { return storage::Alerts{tx}.find({1}).value(); });
    CHECK(alert.state == oncall::AlertState::acknowledged);
    CHECK(alert.answered_by == ana);
    CHECK(alert.answered_via == "a push notification");
}
