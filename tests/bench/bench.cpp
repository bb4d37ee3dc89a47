#include "bench/schedules.hpp"
#include "bench/storm.hpp"
#include "net/network.hpp"
#include "scenarios/loopback.hpp"
#include "storage/counts.hpp"
#include "storage/invariants.hpp"
#include "storage/many.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

/// How fast the real binary is, against a Slack that answers everything at once. Prints; judges nothing. The binary is the first
/// argument.
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using bench::number;
using bench::row;

constexpr int people = 20;
constexpr int sources = 64; // one of them may send 1,200 requests a minute
constexpr auto long_enough = 4s;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The least that can be called Slack.
struct Slack {
    asio::io_context& loop;
    net::Network& network;
    std::unique_ptr<net::Listener> listener{};
    std::vector<std::shared_ptr<net::Link>> links{};
    std::int64_t posts{};
    std::function<void(const std::string& text)> posted{};
    std::function<void()> answered{};
    std::uint64_t acks{};

    std::string base() const { return "http://127.0.0.1:" + std::to_string(listener->port()); }

    void open()
    {
        net::Service service;
        service.serve = [this](net::Request request) { return serve(std::move(request)); };
        service.serve_link = [this](net::Request, std::shared_ptr<net::Link> link) { return hold(std::move(link)); };
        listener = network.listen("127.0.0.1:0", std::move(service));
    }
    asio::awaitable<net::Response> serve(net::Request request)
    {
        net::Response answer;
        const auto method = request.target.substr(request.target.rfind('/') + 1);
        if (method == "apps.connections.open") {
            answer.body = R"({"ok":true,"url":"ws://127.0.0.1:)" + std::to_string(listener->port()) + "/link\"}";
        } else if (method == "users.lookupByEmail") {
            const auto number =
                request.body.substr(request.body.find('=') + 2, request.body.find('%') - request.body.find('=') - 2);
            answer.body = R"({"ok":true,"user":{"id":"U00000)" + number + R"(","name":"p)" + number + "\"}}";
        } else if (method == "chat.postMessage") {
            ++posts;
            if (posted)
                posted(request.body);
            answer.body = R"({"ok":true,"channel":"D1","ts":")" + std::to_string(1'700'000'000 + posts) + ".000001\"}";
        } else {
            answer.body = R"({"ok":true,"team_id":"T1","channel":"D1","ts":"1.1"})";
        }
        co_return answer;
    }
    asio::awaitable<void> hold(std::shared_ptr<net::Link> link)
    {
        link->send(R"({"type":"hello","num_connections":1})");
        links.push_back(link);
        while (true) {
            co_await link->read();
            ++acks;
            if (answered)
                answered();
        }
    }
};

std::string configuration()
{
    std::string yaml = "sources:\n";
    for (int i = 0; i < sources; ++i)
        yaml += "  bench" + std::to_string(i) + ": {format: generic, key: k" + std::to_string(i) + "}\n";
    yaml += "services:\n";
    for (int i = 0; i < people; ++i)
        yaml += "  s" + std::to_string(i) + ": {policy: p" + std::to_string(i) + "}\n";
    yaml += "policies:\n";
    for (int i = 0; i < people; ++i)
        yaml += "  p" + std::to_string(i) + ": {levels: [{targets: [\"user:p" + std::to_string(i)
            + "@example.com\"], patience: 1h}]}\n";
    return yaml;
}

std::string processor()
{
    std::ifstream info{"/proc/cpuinfo"};
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    return "an unknown processor";
}

struct Storm {
    net::Network& network;
    std::string hooks; // what a source's key is put behind
    Clock::time_point end{};
    std::int64_t sent{};
    std::int64_t accepted{};
    int running{};

    asio::awaitable<void> one()
    {
        ++running;
        while (Clock::now() < end) {
            const auto number = std::to_string(sent++);
            net::Request request;
            request.method = "POST";
            request.body = R"({"title":"Alert )" + number + R"(","severity":"critical","service":"s)"
                + std::to_string(sent % people) + R"(","dedup_key":")" + number + R"(","labels":{"region":"eu-1","host":"web-)"
                + number + "\"}}";
            net::FetchLimits limits;
            const auto url = hooks + std::to_string(sent % sources);
            const auto answer = co_await network.fetch(url, std::move(request), limits);
            accepted += answer.status == 202;
        }
        --running;
    }
};

/// Waits for one piece of work on a database of its own.
template <class Work> void finish(asio::io_context& loop, asio::awaitable<Work> work)
{
    bool over = false;
    asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, auto&&...) {
        over = true;
        if (error)
            std::rethrow_exception(error);
    });
    while (!over)
        loop.run_one();
}

/// What the auditor and a scrape of /metrics cost the database's thread, at their best of ten.
void audit(asio::io_context& loop, const std::filesystem::path& folder)
{
    constexpr int alerts = 100'000, open = 1'000;
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto log = logging::silent();
    const auto thread = doors::system_thread();
    storage::Database database{(folder / "audit.db").string(), {*thread, loop.get_executor(), *log}};
    finish(loop, database.transaction([&](storage::Transaction& tx) { stored::fill(tx, alerts, open, now); }));
    storage::Invariants invariants;
    double audit = 1'000, scrape = 1'000;
    for (int i = 0; i < 10; ++i)
        finish(loop, database.read([&](storage::Transaction& tx) {
            const auto begun = Clock::now();
            if (const auto found = invariants.check(tx, now); !found.empty())
                std::fprintf(stderr, "%s\n", found.front().words.c_str());
            audit = std::min(audit, seconds_since(begun) * 1'000);
            const auto counting = Clock::now();
            storage::count(tx, now);
            scrape = std::min(scrape, seconds_since(counting) * 1'000);
        }));
    row("an audit of 100000 alerts, 1000 of them open", number(audit, "ms"), "good: under 5 ms");
    row("a scrape of /metrics, of the same", number(scrape, "ms"), "");
}

} // namespace

long bench::memory_kib(int process, const std::string& which)
{
    std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(which + ":"))
            return std::stol(line.substr(which.size() + 1));
    return 0;
}

void bench::row(const char* what, const std::string& value, const char* good)
{
    std::printf("%-58s %18s   %s\n", what, value.c_str(), good);
}

std::string bench::number(double value, const char* unit)
{
    char text[64];
    std::snprintf(text, sizeof text, value >= 100 ? "%.0f %s" : "%.1f %s", value, unit);
    return text;
}

int main(int argc, char* argv[])
{
    if (argc == 4 && argv[3] == std::string_view{"storm"}) {
        std::printf("%s, %u threads\n\n", processor().c_str(), std::thread::hardware_concurrency());
        return bench::storm(argv[1], argv[2]) ? 0 : 1;
    }
    if (argc != 3) {
        std::fprintf(stderr, "usage: oncall-bench BINARY FOLDER [storm]\n");
        return 2;
    }
    const std::filesystem::path folder{argv[2]};
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "oncall.yaml"} << configuration();

    asio::io_context loop{1};
    const auto network = net::internet(loop.get_executor());
    Slack slack{loop, *network};
    slack.open();
    const auto run_until = [&](const std::function<bool()>& done, std::chrono::milliseconds limit = 60s) {
        for (const auto end = Clock::now() + limit; !done() && Clock::now() < end;)
            loop.run_one_for(1ms);
        return done();
    };
    const auto port = loopback::free_port();
    const std::map<std::string, std::string> settings{{"SLACK_BOT_TOKEN", "xoxb-bench"}, {"SLACK_APP_TOKEN", "xapp-bench"},
        {"SLACK_API_URL", slack.base() + "/api/"}, {"ONCALL_DATABASE", (folder / "oncall.db").string()},
        {"ONCALL_LOG", "warning"}, {"ONCALL_LISTEN", "127.0.0.1:" + std::to_string(port)},
        {"ONCALL_CONFIG", (folder / "oncall.yaml").string()}};

    std::printf("%s, %u threads\n\n", processor().c_str(), std::thread::hardware_concurrency());
    row("a year of final shifts", number(bench::a_year_of_shifts(), "ms"), "good: under 2 ms");
    row("who is on call now in 1000 schedules", number(bench::who_in_a_thousand(), "ms"), "good: under 10 ms");
    const auto started = Clock::now();
    const loopback::Process bot{{argv[1], "run"}, settings, folder / "bot.log"};
    if (!run_until([&] { return !slack.links.empty(); })) {
        std::fprintf(stderr, "the bot did not start; see %s\n", (folder / "bot.log").c_str());
        return 1;
    }
    row("start to Slack's hello", number(seconds_since(started) * 1'000, "ms"), "good: under 100 ms");
    run_until([&] { return slack.links.size() == 2; });
    run_until([] { return false; }, 1s); // people are looked up
    row("memory after the start", number(static_cast<double>(bench::memory_kib(bot.id(), "VmRSS")) / 1'024, "MiB"),
        "good: under 24 MiB");

    // Alert to DM.
    const auto hooks = "http://127.0.0.1:" + std::to_string(port) + "/hooks/k";
    std::vector<double> delays;
    for (int i = 0; i < 2 * people; ++i) {
        bool arrived = false;
        slack.posted = [&](const std::string&) { arrived = true; };
        net::Request request;
        request.method = "POST";
        request.body = R"({"title":"Quick","service":"s)" + std::to_string(i % people) + R"(","dedup_key":"quick-)"
            + std::to_string(i) + "\"}";
        const auto sent = Clock::now();
        asio::co_spawn(loop, network->fetch(hooks + "0", std::move(request), net::FetchLimits{}),
            [](std::exception_ptr, const net::Response&) {});
        run_until([&] { return arrived; }, 5s);
        delays.push_back(seconds_since(sent) * 1'000);
        run_until([] { return false; }, 60ms);
    }
    slack.posted = {};
    std::sort(delays.begin(), delays.end());
    row("alert to DM on the wire, median", number(delays[delays.size() / 2], "ms"), "good: under 10 ms");
    row("alert to DM on the wire, worst", number(delays.back(), "ms"), "");

    // Alerts.
    std::int64_t alerts = 2 * people;
    Storm storm{*network, hooks};
    for (const int connections : {1, 16}) {
        const auto begin = Clock::now();
        const auto before = storm.accepted;
        storm.end = begin + long_enough;
        for (int i = 0; i < connections; ++i)
            asio::co_spawn(loop, storm.one(), [](std::exception_ptr) {});
        run_until([&] { return Clock::now() >= storm.end && storm.running == 0; });
        const auto rate = static_cast<double>(storm.accepted - before) / seconds_since(begin);
        const auto what =
            "alerts a second, durable, " + std::to_string(connections) + (connections == 1 ? " connection" : " connections");
        row(what.c_str(), number(rate, "/s"), "good: over 10000/s");
    }
    alerts += storm.accepted;

    // Clicks: each acknowledges an alert of its own.
    std::int64_t clicked = 0;
    for (const int outstanding : {1, 64}) {
        const auto begin = Clock::now();
        const auto end = begin + long_enough;
        const auto before = slack.acks;
        std::int64_t open = 0;
        const auto click = [&] {
            ++clicked;
            ++open;
            const auto id = std::to_string(clicked);
            slack.links[static_cast<std::size_t>(clicked) % slack.links.size()]->send(R"({"envelope_id":"e)" + id
                + R"(","type":"interactive","accepts_response_payload":false,"payload":{"type":"block_actions","user":{"id":"U000001","name":"p1","team_id":"T1"},)"
                  R"("team":{"id":"T1"},"container":{"type":"message","message_ts":"1.1","channel_id":"D1"},"channel":{"id":"D1"},"trigger_id":"t",)"
                  R"("actions":[{"type":"button","action_id":"alert.acknowledge","block_id":"b","value":")"
                + id + R"(:1","action_ts":"1.1"}]}})");
        };
        slack.answered = [&] {
            --open;
            if (Clock::now() < end && clicked < alerts)
                click();
        };
        for (int i = 0; i < outstanding; ++i)
            click();
        run_until([&] { return open == 0; });
        const auto rate = static_cast<double>(slack.acks - before) / seconds_since(begin);
        const auto what = "clicks a second, durable, " + std::to_string(outstanding) + " outstanding";
        row(what.c_str(), number(rate, "/s"), "good: over 10000/s");
    }
    slack.answered = {};
    row("memory after all that", number(static_cast<double>(bench::memory_kib(bot.id(), "VmRSS")) / 1'024, "MiB"), "");
    audit(loop, folder);
    std::printf("\n%lld alerts were accepted of %lld sent, %lld acknowledged.\n", static_cast<long long>(alerts),
        static_cast<long long>(2 * people + storm.sent), static_cast<long long>(clicked));
    return 0;
}
