#include "commands/service.hpp"

#include "storage/unlocked.hpp"

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
    : settings_{std::move(settings)}
    , configuration_{std::move(configuration)}
    , log_{log}
    , mailers_{mail_servers(settings_, loop_.get_executor())}
{
}

int Service::run(const Start& start)
{
    signals_.async_wait([this](boost::system::error_code cancelled, int) {
        if (!cancelled)
            end(0);
    });
    asio::co_spawn(loop_, open_and(start), [this](std::exception_ptr error, Keys made) { started(error, made); });
    loop_.run();
    return status_;
}

asio::awaitable<Service::Keys> Service::open_and(Start start)
{
    const App::Doors doors{loop_.get_executor(), *network_, clock_, random_, *thread_, log_, pointers(mailers_), {},
        painter_.get(), reading_.get(), environment_now()};
    auto open = [this, &doors] { return std::make_unique<App>(settings_, configuration_, doors); };
    auto opening = storage::unlocked(clock_, log_, open);
    app_ = co_await std::move(opening);
    configuration_.reset(); // the app has it
    lifeline_.emplace(Lifeline::Parts{*supervisor_, app_->database(), clock_, log_, app_->audit(), [this] { return status(); }});
    auto starting = start(*app_);
    auto made = co_await std::move(starting);
    co_return made;
}

void Service::started(std::exception_ptr error, const Keys& made)
{
    if (app_)
        show_keys(error ? app_->keys_made() : made, settings_.database, log_);
    if (ending_)
        return;
    try {
        if (error)
            std::rethrow_exception(error);
        listen_for_verbs();
        log_.info("listening", {{"port", std::to_string(app_->port())}});
        lifeline_->ready();
        app_->context().tasks.spawn("lifeline", lifeline_->run());
        app_->context().tasks.spawn("wishes", follow_wishes());
    } catch (const std::exception& problem) {
        log_.error("cannot start", {{"error", problem.what()}});
        end(1);
    }
}

void Service::listen_for_verbs()
{
    auto serve = [this](std::string question) { return answer(*app_, std::move(question)); };
    try {
        verbs_ = net::serve_local(loop_.get_executor(), socket_of(settings_.database), serve);
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
        lifeline_->reloading();
        log_.info("oncall.yaml is read again");
        try {
            const auto read = read_settings();
            auto reloading = reload(*app_, read, log_);
            co_await std::move(reloading);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            log_.error("the settings cannot be read", {{"error", error.what()}});
        }
        if (ending_)
            co_return;
        lifeline_->ready();
    }
}

void Service::end(int status)
{
    ending_ = true;
    status_ = status;
    end_for_sure(status);
    signals_.clear(); // a second one ends at once
    if (!app_) {
        loop_.stop();
        return;
    }
    lifeline_->stopping();
    verbs_.reset();
    asio::co_spawn(loop_, app_->end(), [](std::exception_ptr) {});
}

std::string Service::status()
{
    const bool up = app_->slack_up();
    met_slack_ = met_slack_ || up;
    return "Listening on port " + std::to_string(app_->port())
        + (up                ? "; Slack is there"
                : met_slack_ ? "; Slack is away"
                             : "; Slack has not answered yet")
        + (app_->audit().findings.empty() ? "." : "; the audit found something wrong: see the log.");
}

} // namespace commands
