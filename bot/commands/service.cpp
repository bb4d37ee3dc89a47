#include "commands/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <sys/time.h>
#include <unistd.h>

namespace commands {

namespace {

using namespace std::chrono_literals;

constexpr auto last_exit = 750ms; // after the wish to end

/// From now on this process ends, whatever hangs: a name server, a disk, a peer. What was committed is on disk.
void end_for_sure(int status)
{
    static volatile std::sig_atomic_t with = 0;
    with = status;
    std::signal(SIGALRM, [](int) { ::_exit(with); });
    ::itimerval timer{};
    timer.it_value.tv_usec = std::chrono::microseconds{last_exit}.count();
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

} // namespace

Service::Service(config::Settings settings, std::optional<oncall::Configuration> configuration, logging::Log& log)
    : log_{log}
    , mailer_{mail_server(settings, loop_.get_executor())}
    , app_{std::move(settings), std::move(configuration),
          {loop_.get_executor(), *network_, clock_, random_, *thread_, log, mailer_.get()}}
    , lifeline_{{*supervisor_, app_.database(), clock_, log, app_.audit(), [this] { return status(); }}}
{
}

int Service::run(const std::function<asio::awaitable<Keys>(App&)>& start)
{
    signals_.async_wait([this](boost::system::error_code cancelled, int) {
        if (!cancelled)
            end(0);
    });
    asio::co_spawn(loop_, start(app_), [this](std::exception_ptr error, Keys made) { started(error, made); });
    loop_.run();
    return status_;
}

void Service::started(std::exception_ptr error, const Keys& made)
{
    show_keys(error ? app_.keys_made() : made, app_.settings().database, log_);
    if (ending_)
        return;
    try {
        if (error)
            std::rethrow_exception(error);
        listen_for_verbs();
        log_.info("listening", {{"port", std::to_string(app_.port())}});
        lifeline_.ready();
        app_.context().tasks.spawn("lifeline", lifeline_.run());
        app_.context().tasks.spawn("wishes", follow_wishes());
    } catch (const std::exception& problem) {
        log_.error("cannot start", {{"error", problem.what()}});
        end(1);
    }
}

void Service::listen_for_verbs()
{
    auto serve = [this](std::string question) { return answer(app_, std::move(question)); };
    try {
        verbs_ = net::serve_local(loop_.get_executor(), socket_of(app_.settings().database), serve);
    } catch (const std::system_error& problem) {
        log_.error("commands will not reach the service", {{"error", problem.what()}});
    }
}

/// One after the other.
asio::awaitable<void> Service::follow_wishes()
{
    auto token = asio::use_awaitable;
    while (true) {
        co_await wishes_.async_wait(token);
        lifeline_.reloading();
        log_.info("oncall.yaml is read again");
        try {
            const auto read = read_settings();
            auto reloading = reload(app_, read, log_);
            co_await std::move(reloading);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            log_.error("the settings cannot be read", {{"error", error.what()}});
        }
        if (ending_)
            co_return;
        lifeline_.ready();
    }
}

void Service::end(int status)
{
    ending_ = true;
    status_ = status;
    end_for_sure(status);
    signals_.clear(); // a second one ends at once
    lifeline_.stopping();
    verbs_.reset();
    asio::co_spawn(loop_, app_.end(), [](std::exception_ptr) {});
}

std::string Service::status() const
{
    return "Listening on port " + std::to_string(app_.port()) + (app_.slack_up() ? "; Slack is there" : "; Slack is away")
        + (app_.audit().findings.empty() ? "." : "; the audit found something wrong: see the log.");
}

} // namespace commands
