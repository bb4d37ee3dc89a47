#pragma once

#include "app.hpp"
#include "handlers/configure.hpp"
#include "net/memory.hpp"
#include "scenarios/easel.hpp"
#include "workspace/workspace.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>

/// The whole service and a whole Slack in one process, on one thread, on one clock that tests move. Nothing here waits.
/// The auditor looks on: what it finds that no test expected fails the test when the world ends.
namespace scenario {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using doors::milliseconds;
using doors::TimePoint;

/// Thrown out of the bot's loop where its process is to die.
struct Crash { };

/// The database's work, done on the loop: one history for one seed.
class LoopWorker final : public doors::Worker {
public:
    LoopWorker(asio::io_context& loop, doors::Clock& clock, const milliseconds& takes)
        : loop_{loop}
        , clock_{clock}
        , takes_{takes}
    {
    }
    void post(std::function<void()> piece) override;
    void join() override;

private:
    asio::io_context& loop_;
    doors::Clock& clock_;
    const milliseconds& takes_;
    std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
};

/// 2026-11-03 12:00 UTC, a Tuesday: ana is on call by the sample.
inline constexpr TimePoint noon{milliseconds{1'793'707'200'000}};

/// By which door Slack comes in: ONCALL_TEST_DOOR is "http", or it is Socket Mode.
bool by_http();

/// manifest/oncall.yaml, with nothing wrong in it.
oncall::Configuration sample_configuration();
/// The same, but what alertmanager sends for no service pages nobody: its owner has no policy.
oncall::Configuration sample_with_a_bare_owner();

/// The mail server, as far as the bot can tell.
class PostOffice final : public notify::Mailer {
public:
    explicit PostOffice(doors::Clock& clock)
        : clock_{clock}
    {
    }
    std::string name() const override { return host; }
    asio::awaitable<notify::Outcome> send(notify::Email email) override;
    asio::awaitable<notify::Outcome> verify() override;

    std::string host{"mail.example.com"};
    notify::Outcome outcome{}; // of what comes from now on
    bool hangs{}; // it takes half a minute to say so
    std::vector<notify::Email> seen{}; // all that came, in order
    std::vector<notify::Email> taken{}; // what was accepted

private:
    doors::Clock& clock_;
};

class World {
public:
    explicit World(oncall::Configuration configuration = sample_configuration(), std::uint64_t seed = 1);
    ~World();

    /// Starts the bot (again), on the same database.
    void start();
    /// The bot's process dies: nothing it had in memory or on the way survives.
    void kill();
    bool running() const { return bot_ != nullptr; }
    App& app() { return *bot_->app; }

    /// What was changed in the database is in force from here on.
    void put_in_force();

    /// Lets everything happen that happens without time passing.
    void settle();
    /// Lets time pass, waking everyone on the way.
    void advance(milliseconds by);

    /// A monitoring system posts to /hooks/{key}.
    net::Response post(const std::string& key, const std::string& body);
    /// From the machine that `request.peer` names, else from the monitoring's.
    net::Response request(net::Request request);
    /// A firing alert for service checkout by the generic source.
    net::Response alert(const std::string& title, const std::string& dedup_key = "checkout-down", const std::string& more = "");
    /// Calls Slack's Web API as the bot would.
    workspace::Json call(const std::string& method, const workspace::Json& arguments);
    net::Response resolved(const std::string& dedup_key = "checkout-down");

    workspace::Workspace& slack() { return *slack_; }
    workspace::Person& ana() { return slack_->person("ana"); }
    workspace::Person& bo() { return slack_->person("bo"); }
    workspace::Person& chi() { return slack_->person("chi"); }
    workspace::Person& cto() { return slack_->person("cto"); }
    workspace::Channel& channel() { return slack_->channel("payments-alerts"); }
    workspace::Channel& fallback() { return slack_->channel("ops"); }

    /// Counts what the bot does that outlives it, and kills it at the n-th: each commit, each post and file to Slack before it
    /// arrives, and each after it has acted but before the answer.
    struct Doom {
        int commit{};
        int before_send{};
        int after_send{};
    };
    Doom doom{};
    int commits{};
    int sends{};

    /// Runs a transaction on the bot's database and returns its result.
    template <class Work> auto write(Work work)
    {
        std::optional<std::invoke_result_t<Work&, storage::Transaction&>> result;
        run([this, &result, &work] { return kept(result, work); });
        return std::move(*result);
    }
    /// Runs a read on the database and returns its result.
    template <class Work> auto look(Work work)
    {
        std::optional<std::invoke_result_t<Work&, storage::Transaction&>> result;
        run([this, &result, &work] { return keep(result, work); });
        return std::move(*result);
    }

    /// What oncall.yaml says from the next start on; nullopt: there is none.
    void set_file(std::optional<oncall::Configuration> file) { configuration_ = std::move(file); }
    /// Takes a file up while the bot runs, as `oncall-bot apply` does. nullopt when the bot died of it.
    std::optional<handlers::TakenUp> apply(oncall::Configuration file, handlers::ApplyWish wish = {});
    /// Changes the configuration as a form in Slack does; bo fills it in.
    handlers::Configured edit(const std::string& kind, const std::string& name, const std::string& json);
    /// Runs a coroutine of the bot's to its end.
    template <class Result> Result on_the_bot(std::function<asio::awaitable<Result>()> work)
    {
        std::optional<Result> result;
        run([this, &result, &work] { return taken(result, work); });
        return std::move(*result);
    }

    doors::ManualClock clock{noon};

    /// How long the database lets everybody wait, from now on.
    milliseconds database_takes{};

    /// The bot starts again with a mail server and ONCALL_PUBLIC_URL; or without.
    PostOffice post_office{clock};
    std::vector<notify::Mailer*> more_post_offices{}; // that come after it, from the next start on
    void open_post_office(const std::string& public_url = "https://oncall.example.com");
    void close_post_office();

    /// The ways out beside Slack and mail, from the next start on.
    notify::Providers providers{};

    Easel easel{};

    /// What the auditor found, as "I2 page 12: …". A test that expects it takes it.
    std::vector<std::string> take_found() { return std::exchange(*found_, {}); }
    bool has_found() const { return !found_->empty(); }
    /// Everything the bot has logged, each line with its fields.
    const std::vector<std::string>& logged() const { return *logged_; }
    /// ONCALL_ADMINS, from the next start on.
    std::vector<std::string> admins{};
    /// ONCALL_HEARTBEAT_URL, from the next start on.
    std::string heartbeat_url{};
    /// What the settings say otherwise, from the next start on.
    std::function<void(config::Settings&)> adjust{};
    /// Where directories' tokens are looked up, from the next start on; empty: the process's own environment.
    config::Environment environment{};
    /// The world outside the bot: the network there, and whoever does something there.
    net::Network& outside() { return *monitoring_; }
    doors::Tasks& tasks() { return *tasks_; }
    /// A machine of its own on the bot's network.
    std::unique_ptr<net::Listener> listen(const std::string& address, net::Service service)
    {
        return monitoring_->listen(address, std::move(service));
    }

private:
    void audit();
    struct Bot {
        asio::io_context loop{1};
        asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
        LoopWorker worker;
        std::unique_ptr<net::Network> network{};
        doors::SeededRandom random;
        std::unique_ptr<App> app{};
        Bot(std::uint64_t seed, doors::Clock& clock, const milliseconds& database_takes)
            : worker{loop, clock, database_takes}
            , random{seed}
        {
        }
        ~Bot() { app.reset(); }
    };
    template <class Result, class Work> asio::awaitable<void> keep(std::optional<Result>& result, Work& work)
    {
        auto job = [&work](storage::Transaction& tx) { return work(tx); };
        result.emplace(co_await app().database().read(job));
    }
    net::Response fetch(net::Network& from, const std::string& url, net::Request request);
    template <class Result, class Work> asio::awaitable<void> kept(std::optional<Result>& result, Work& work)
    {
        auto job = [&work](storage::Transaction& tx) { return work(tx); };
        result.emplace(co_await app().database().transaction(job));
    }
    template <class Result>
    asio::awaitable<void> taken(std::optional<Result>& result, std::function<asio::awaitable<Result>()>& work)
    {
        auto working = work();
        result.emplace(co_await std::move(working));
    }
    void run(const std::function<asio::awaitable<void>()>& on_the_bot);
    bool step();

    std::optional<oncall::Configuration> configuration_;
    std::uint64_t seed_;
    std::filesystem::path folder_;
    std::shared_ptr<std::vector<std::string>> found_{std::make_shared<std::vector<std::string>>()};
    std::shared_ptr<std::vector<std::string>> logged_{std::make_shared<std::vector<std::string>>()};
    std::unique_ptr<logging::Log> log_;
    net::MemoryNetwork wires_{clock};
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
    doors::SeededRandom random_;
    std::unique_ptr<doors::Tasks> tasks_;
    std::unique_ptr<net::Network> slack_network_;
    std::unique_ptr<net::Network> monitoring_;
    std::unique_ptr<workspace::Workspace> slack_;
    std::unique_ptr<Bot> bot_{};
    bool doomed_{};
    bool has_mail_{};
    std::string public_url_{};
};

} // namespace scenario
