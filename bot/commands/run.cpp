#include "commands/verbs.hpp"
#include "config/oncall_yaml.hpp"
#include "net/local.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace commands {

std::optional<std::string> environment(const std::string& name)
{
    const auto* const value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
}

std::optional<std::string> file(const std::string& path)
{
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return std::nullopt;
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::unique_ptr<notify::Mailer> mail_server(const config::Settings& settings, boost::asio::any_io_executor loop)
{
    if (settings.smtp_url.get().empty())
        return nullptr;
    return notify::smtp(notify::smtp_server_in(settings.smtp_url.get(), settings.smtp_from).server, std::move(loop));
}

config::Environment environment_of(const config::ReadSettings& read)
{
    return [&read](const std::string& name) {
        auto set = environment(name);
        const auto found = read.dotenv.find(name);
        return set || found == read.dotenv.end() ? set : std::optional{found->second};
    };
}

config::Parsed parse_configuration(const std::string& text, const config::ReadSettings& read)
{
    return config::parse(text, environment_of(read));
}

config::Parsed read_configuration(const config::ReadSettings& read)
{
    if (const auto text = file(read.settings.config))
        return parse_configuration(*text, read);
    config::Parsed unread;
    unread.problems.push_back({0, 0, "it cannot be read", "ONCALL_CONFIG names the file; check the path and its permissions", ""});
    return unread;
}

void show_keys(const std::map<std::string, std::string>& made, logging::Log& log)
{
    for (const auto& [source, key] : made)
        if (::isatty(STDOUT_FILENO))
            std::cout << "source " << source << ": a key was made. Alerts go to POST /hooks/" << key << " (shown only now)\n"
                      << std::flush;
        else
            log.warning("a key was made, and is not shown in a log; `oncall-bot token rotate` makes one that is shown",
                {{"source", source}});
}

asio::awaitable<void> reload(App& app, const config::ReadSettings& read, logging::Log& log)
{
    if (read.settings.config.empty()) {
        log.warning("ONCALL_CONFIG is not set, so there is nothing to read again", {});
        co_return;
    }
    try {
        auto reloading = app.reload(read_configuration(read));
        const auto made = co_await std::move(reloading);
        show_keys(made, log);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        log.error("oncall.yaml was not taken up; what held goes on to hold", {{"error", error.what()}});
    }
}

namespace {

/// A mistake in oncall.yaml must not stop the paging: what the database holds goes on to hold, if it holds anything.
asio::awaitable<std::map<std::string, std::string>> start(App& app, bool broken, logging::Log& log)
{
    if (broken) {
        auto asking = app.is_configured();
        const bool configured = co_await std::move(asking);
        if (!configured)
            throw std::runtime_error{"oncall.yaml has mistakes, and the database holds no configuration yet"};
        log.error("oncall.yaml has mistakes and was not taken up; what held before goes on to hold", {});
    }
    auto starting = app.start();
    auto made = co_await std::move(starting);
    co_return made;
}

} // namespace

int run()
{
    auto read = config::read_settings(environment, file(".env"));
    for (const auto& problem : read.problems)
        std::cerr << problem << "\n";
    std::optional<oncall::Configuration> configuration;
    bool broken = false;
    if (!read.settings.config.empty()) {
        auto parsed = read_configuration(read);
        for (const auto& problem : parsed.problems)
            std::cerr << config::describe(read.settings.config, problem) << "\n";
        broken = !parsed.problems.empty();
        if (!broken)
            configuration = std::move(parsed.configuration);
    }
    if (!read.problems.empty())
        return 1;

    const auto log = logging::to_stderr(read.settings.log_format, read.settings.log_level);
    asio::io_context loop{1};
    doors::SystemClock clock{loop.get_executor()};
    doors::SystemRandom random;
    const auto network = net::internet(loop.get_executor());
    const auto thread = doors::system_thread();
    const auto mailer = mail_server(read.settings, loop.get_executor());
    const App::Doors parts{loop.get_executor(), *network, clock, random, *thread, *log, mailer.get()};
    const auto socket = socket_of(read.settings.database);
    App app{read.settings, std::move(configuration), parts};

    std::unique_ptr<net::LocalListener> verbs_in;
    auto listen_for_verbs = [&] {
        try {
            verbs_in =
                net::serve_local(loop.get_executor(), socket, [&](std::string asked) { return answer(app, std::move(asked)); });
        } catch (const std::system_error& problem) {
            log->error("commands will not reach the service", {{"error", problem.what()}});
        }
    };
    int status = 0;
    asio::signal_set signals{loop, SIGINT, SIGTERM};
    auto stop = [&] {
        signals.cancel();
        verbs_in.reset();
        app.stop();
    };
    asio::co_spawn(loop, start(app, broken, *log), [&](std::exception_ptr error, std::map<std::string, std::string> made) {
        if (!error) {
            listen_for_verbs();
            log->info("listening", {{"port", std::to_string(app.port())}});
            show_keys(made, *log);
            return;
        }
        status = 1;
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& problem) {
            log->error("cannot start", {{"error", problem.what()}});
        }
        stop();
    });
    signals.async_wait([&](boost::system::error_code cancelled, int) {
        if (!cancelled)
            stop();
    });
    loop.run();
    return status;
}

} // namespace commands
