#pragma once

#include "commands/verbs.hpp"
#include "doors/supervisor.hpp"
#include "lifeline.hpp"
#include "net/local.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace commands {

/// The service as a process: on the machine's doors, from its start to its end. SIGHUP reads the configuration again. SIGTERM and
/// SIGINT end it within a second, whatever hangs; a second one ends it at once. Whoever supervises it is kept informed.
class Service {
public:
    using Keys = std::map<std::string, std::string>;
    using Start = std::function<asio::awaitable<Keys>(App&)>;

    Service(config::Settings settings, std::optional<oncall::Configuration> configuration, logging::Log& log);
    /// Opens the database, waiting a moment for whoever has it, and runs until it is to end. `start` starts the app and returns
    /// the keys that were made. The exit status.
    int run(const Start& start);

private:
    asio::awaitable<Keys> open_and(Start start);
    void started(std::exception_ptr error, const Keys& made);
    void listen_for_verbs();
    asio::awaitable<void> follow_wishes();
    void end(int status);
    std::string status();

    config::Settings settings_;
    std::optional<oncall::Configuration> configuration_;
    logging::Log& log_;
    asio::io_context loop_{1};
    doors::SystemClock clock_{loop_.get_executor()};
    doors::SystemRandom random_{};
    std::unique_ptr<net::Network> network_{net::internet(loop_.get_executor())};
    std::unique_ptr<doors::Worker> thread_{doors::system_thread()};
    std::unique_ptr<doors::Worker> drawing_{doors::system_thread()};
    std::unique_ptr<doors::Worker> reading_{doors::system_thread()};
    std::unique_ptr<doors::Painter> painter_{doors::rsvg_painter(loop_.get_executor(), *drawing_)};
    std::unique_ptr<doors::Supervisor> supervisor_{doors::service_manager()};
    MailServers mailers_;
    asio::signal_set wishes_{loop_, SIGHUP};
    asio::signal_set signals_{loop_, SIGINT, SIGTERM};
    std::unique_ptr<App> app_{}; // from when the database is open
    std::optional<Lifeline> lifeline_{};
    std::unique_ptr<net::LocalListener> verbs_{};
    int status_{};
    bool ending_{};
    bool met_slack_{};
};

} // namespace commands
