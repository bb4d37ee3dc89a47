#pragma once

#include "app.hpp"
#include "commands/cast.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/painter.hpp"
#include "workspace/face.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <filesystem>

namespace commands {

/// A folder that goes with it.
struct StageFolder {
    std::filesystem::path path{};
    StageFolder();
    ~StageFolder();
    StageFolder(const StageFolder&) = delete;
    StageFolder& operator=(const StageFolder&) = delete;
};

/// Somebody ended it before it was through.
struct Interrupted {
    int signal{};
};

/// Everybody's mailbox.
class Mailboxes final : public notify::Mailer {
public:
    std::string name() const override { return "mail"; }
    asio::awaitable<notify::Outcome> send(notify::Email email) override
    {
        received.push_back(std::move(email));
        co_return notify::Outcome{};
    }
    asio::awaitable<notify::Outcome> verify() override { co_return notify::Outcome{}; }
    std::vector<notify::Email> received{};
};

/// The machine alone: what a configuration would have called elsewhere is not called. A POST is taken down and counts as taken.
class Indoors final : public net::Network {
public:
    explicit Indoors(net::Network& machine, std::function<void(const std::string& host)> posted)
        : machine_{machine}
        , posted_{std::move(posted)}
    {
    }
    asio::awaitable<net::Response> fetch(std::string url, net::Request request, net::FetchLimits limits) override;
    asio::awaitable<std::unique_ptr<net::Link>> connect(std::string url) override;
    std::unique_ptr<net::Listener> listen(std::string address, net::Service service) override;

private:
    net::Network& machine_;
    std::function<void(const std::string&)> posted_;
};

/// The bot and the strict workspace on loopback, on one loop and one clock, which whoever plays on it moves. Prints what happens.
/// SIGINT, SIGTERM and SIGHUP end it, as does the end of whoever reads what it prints: whatever waits throws Interrupted. The
/// second signal kills.
class Stage {
public:
    Stage(oncall::Configuration configuration, const Cast& cast, doors::TimePoint begins);

    workspace::Workspace& slack() { return slack_; }
    doors::ManualClock& clock() { return clock_; }
    const Mailboxes& mailboxes() const { return mailboxes_; }
    /// Hosts elsewhere that would have been posted to, and when.
    const std::vector<std::pair<doors::TimePoint, std::string>>& posted() const { return posted_; }
    std::string address(const std::string& path) const;

    void say(const std::string& text);
    std::string time() const { return oncall::iso(clock_.now(), "UTC").substr(11, 5); }

    /// Starts the bot, and waits until it is there.
    void start();
    /// Waits in real time; throws with the workspace's story when it takes too long.
    void wait(const std::string& what, const std::function<bool()>& condition);
    /// What the database was asked is answered, and what is asked for that, however busy this machine is.
    void settle();
    /// Everybody who waits on the way is woken at their minute.
    void pass(doors::milliseconds time);
    net::Response post(const std::string& path, const std::string& body);
    /// The same without waiting, from within the loop.
    void send(const std::string& path, const std::string& body);
    template <class Work> auto look(Work work)
    {
        std::optional<std::invoke_result_t<Work&, storage::Transaction&>> result;
        auto keep = [&result, &work](storage::Transaction& tx) { result.emplace(work(tx)); };
        bool done = false;
        asio::co_spawn(loop_, app_->database().read(keep), [&done](std::exception_ptr) { done = true; });
        wait("the database", [&done] { return done; });
        return *result;
    }

    /// The page on which the workspace is seen; its clock goes as fast as `speed`, or as is chosen there.
    workspace::Face& show(int speed);
    /// Time goes on, and what people see is printed, until `done` says so, or somebody ends it: false. Throws no Interrupted.
    bool live(const std::function<bool()>& done);

private:
    config::Settings furnished(const Cast& cast);

    StageFolder folder_{};
    std::unique_ptr<logging::Log> log_{logging::to_stderr(logging::Format::text, logging::Level::error)};
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
    asio::signal_set signals_{loop_, SIGINT, SIGTERM};
    doors::ManualClock clock_;
    doors::SystemRandom random_{};
    doors::Tasks tasks_{loop_.get_executor(), *log_};
    std::vector<std::pair<doors::TimePoint, std::string>> posted_{};
    std::unique_ptr<net::Network> machine_;
    Indoors network_;
    std::unique_ptr<doors::Worker> thread_;
    std::unique_ptr<doors::Worker> drawing_{doors::system_thread()};
    std::unique_ptr<doors::Painter> painter_{doors::rsvg_painter(loop_.get_executor(), *drawing_)};
    Mailboxes mailboxes_{};
    workspace::Workspace slack_;
    std::unique_ptr<App> app_;
    std::unique_ptr<workspace::Face> face_{};
    std::size_t printed_{}; // lines of the workspace's log
    int ended_{}; // by that signal
};

} // namespace commands
