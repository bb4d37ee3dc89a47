#include "bench/storm.hpp"

#include "scenarios/loopback.hpp"
#include "scenarios/storm.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>

namespace bench {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int reports = 50'000;
constexpr auto lasts = 60s;
constexpr int connections = 16;

struct Course {
    std::vector<storm::Volley> volleys{};
    std::size_t next{};
    int running{};
    std::int64_t accepted{}, refused{};
    std::map<int, doors::TimePoint> first_sent{};
    std::vector<double> answers{}; // milliseconds
};

/// One of the senders: it takes whatever is due next.
asio::awaitable<void> send_what_is_due(loopback::Net& world, std::string base, Course& course, Steady::time_point begins)
{
    ++course.running;
    asio::steady_timer timer{world.loop()};
    while (course.next < course.volleys.size()) {
        const auto& volley = course.volleys[course.next++];
        timer.expires_at(begins + volley.at);
        co_await timer.async_wait(asio::use_awaitable);
        for (const auto& shot : volley.shots)
            if (shot.fires)
                course.first_sent.try_emplace(shot.service, world.clock().now());
        net::Request request;
        request.method = "POST";
        request.body = storm::body(volley);
        net::FetchLimits limits;
        const auto sent = Steady::now();
        auto asking = world.network().fetch(base + storm::source_key(volley.service()), std::move(request), limits);
        const auto answer = co_await std::move(asking);
        course.answers.push_back(std::chrono::duration<double, std::milli>(Steady::now() - sent).count());
        ++(answer.status < 300 ? course.accepted : course.refused);
    }
    --course.running;
}

/// What waits to be said, by /metrics.
int to_be_said(const std::string& metrics)
{
    constexpr std::string_view rows{"\noncall_outbox_rows{"};
    int sum = 0;
    for (auto at = metrics.find(rows); at != metrics.npos; at = metrics.find(rows, at + 1))
        sum += std::stoi(metrics.substr(metrics.find("} ", at) + 2));
    return sum;
}

double percentile(std::vector<double> values, double part)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

/// What is in the database once the service has stopped.
struct Kept {
    std::int64_t reports{};
    std::map<int, storm::Tally> of{};
};
Kept kept_in(loopback::Net& world, const std::string& file)
{
    Kept kept;
    const auto thread = doors::system_thread();
    storage::Database database{file, {*thread, world.loop().get_executor(), world.log()}};
    bool over = false;
    const auto look = [&](storage::Transaction& tx) {
        storage::Query all{tx, "SELECT COUNT(*) FROM accepted WHERE source LIKE 'storm%'"};
        all.step();
        kept.reports = all.integer();
        for (int service = 0; service < storm::services; ++service) {
            storage::Query row{tx, "SELECT COUNT(*), COALESCE(SUM(state = 'resolved'), 0) FROM alerts WHERE service = $1",
                "storm" + std::to_string(service)};
            row.step();
            auto& one = kept.of[service];
            one.alerts = row.number();
            one.resolved = row.number();
        }
    };
    asio::co_spawn(world.loop(), database.read(look), [&](std::exception_ptr) { over = true; });
    world.until([&] { return over; });
    return kept;
}

} // namespace

bool storm(const std::string& binary, const std::filesystem::path& folder)
{
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "oncall.yaml"} << ::storm::yaml();
    loopback::Net world;
    ::storm::inhabit(world.slack());
    world.slack().add_channel("ops", {.bot = true});
    const auto port = std::to_string(loopback::free_port());
    const auto base = "http://127.0.0.1:" + port;
    const auto database = (folder / "oncall.db").string();
    std::optional<loopback::Process> bot;
    bot.emplace(std::vector<std::string>{binary, "run"},
        std::map<std::string, std::string>{{"SLACK_BOT_TOKEN", world.slack().bot_token()},
            {"SLACK_APP_TOKEN", world.slack().app_token()}, {"SLACK_API_URL", world.slack().api_url()},
            {"ONCALL_DATABASE", database}, {"ONCALL_LOG", "warning"}, {"ONCALL_LISTEN", "127.0.0.1:" + port},
            {"ONCALL_CHANNEL", "#ops"}, {"ONCALL_CONFIG", (folder / "oncall.yaml").string()}},
        folder / "bot.log");
    if (!world.until([&] { return world.exchange("GET", base + "/ready").status == 200 && world.slack().links() == 2; }, 30s)) {
        std::fprintf(stderr, "the bot did not start; see %s\n", (folder / "bot.log").c_str());
        return false;
    }

    world.until([] { return false; }, 5s); // people are looked up
    Course course;
    course.volleys = ::storm::volleys(reports, lasts, 7);
    const auto begins = Steady::now();
    for (int n = 0; n < connections; ++n)
        asio::co_spawn(world.loop(), send_what_is_due(world, base + "/hooks/", course, begins), [](std::exception_ptr error) {
            if (error)
                std::rethrow_exception(error);
        });
    std::vector<workspace::Delivery> presses;
    auto next_press = begins + 3s;
    int turn = 0;
    const auto press = [&] {
        next_press += 100ms;
        auto& person = world.slack().person(::storm::person(turn++ % ::storm::services));
        const auto dms = person.dms();
        const auto page = std::find_if(dms.rbegin(), dms.rend(),
            [&](const workspace::Message& one) { return world.slack().plain(one).find("[Acknowledge") != std::string::npos; });
        if (page != dms.rend()) {
            const bool many = world.slack().plain(*page).find("[Acknowledge all") != std::string::npos;
            presses.push_back(person.click(*page, many ? "Acknowledge all" : "Acknowledge"));
        }
    };
    world.until(
        [&] {
            if (Steady::now() >= next_press && course.next < course.volleys.size())
                press();
            return course.next == course.volleys.size() && course.running == 0;
        },
        5min);
    const auto took = std::chrono::duration<double>(Steady::now() - begins).count();
    // Slack takes fifty edits a minute, and each card and page has its last.
    const auto over = Steady::now();
    do
        world.until([] { return false; }, 2s);
    while (to_be_said(world.exchange("GET", base + "/metrics").body) > 0 && Steady::now() - over < 10min);
    const auto settled = std::chrono::duration<double>(Steady::now() - over).count();

    const auto health = world.exchange("GET", base + "/health");
    const auto peak = memory_kib(bot->id(), "VmHWM");
    bot->kill(SIGTERM);
    world.until([&] { return bot->ended().has_value(); }, 30s);
    bot.reset();
    const auto kept = kept_in(world, database);

    std::vector<double> clicks;
    int unanswered = 0;
    for (const auto& one : presses) {
        unanswered += !one.acked();
        if (one.acked())
            clicks.push_back(static_cast<double>(one.took().count()));
    }
    double latest_page = 0;
    for (const auto one : ::storm::until_paged(world.slack(), course.first_sent))
        latest_page = std::max(latest_page, static_cast<double>(one.count()));
    int wrong = 0;
    for (const auto& [service, stored] : kept.of)
        if (::storm::told(world.slack(), service) != stored) {
            ++wrong;
            const auto told = ::storm::told(world.slack(), service);
            std::fprintf(stderr, "#%s says %d alerts, %d over; stored are %d, %d\n", ::storm::channel(service).c_str(),
                told.alerts, told.resolved, stored.alerts, stored.resolved);
        }
    std::int64_t fired = 0;
    for (const auto& volley : course.volleys)
        for (const auto& shot : volley.shots)
            fired += shot.fires;

    std::printf("A storm of %d reports, five a request, in %.0f s, over %d keys of %d services:\n", reports, took,
        ::storm::services * ::storm::keys_of_each, ::storm::services);
    row("requests refused", std::to_string(course.refused), "good: 0");
    row("kept of those that fire", std::to_string(kept.reports) + " of " + std::to_string(fired), "good: all");
    row("a request is answered, median", number(percentile(course.answers, 0.5), "ms"), "");
    row("a request is answered, p99", number(percentile(course.answers, 0.99), "ms"), "");
    row("the last service's on-call is paged after", number(latest_page, "ms"), "good: under 2000 ms");
    row("presses answered", std::to_string(clicks.size()) + " of " + std::to_string(presses.size()), "good: all");
    row("a press is answered, median", number(percentile(clicks, 0.5), "ms"), "");
    row("a press is answered, p99", number(percentile(clicks, 0.99), "ms"), "good: under 100 ms");
    row("all is said, after the storm, in", number(settled, "s"), "");
    row("channels whose cards are wrong at the end", std::to_string(wrong), "good: 0");
    row("health at the end", std::to_string(health.status), "good: 200");
    row("memory at its most", number(static_cast<double>(peak) / 1'024, "MiB"), "good: under 96 MiB");
    return course.refused == 0 && kept.reports == fired && latest_page < 2'000 && unanswered == 0 && !presses.empty()
        && percentile(clicks, 0.99) < 100 && wrong == 0 && health.status == 200 && peak < 96 * 1'024;
}

} // namespace bench
