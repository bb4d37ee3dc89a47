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

config::Parsed parse_configuration(const std::string& text, const config::ReadSettings& read)
{
    return config::parse(text, [&](const std::string& name) {
        auto set = environment(name);
        const auto found = read.dotenv.find(name);
        return set || found == read.dotenv.end() ? set : std::optional{found->second};
    });
}

std::optional<oncall::Configuration> read_configuration(const config::ReadSettings& read)
{
    const auto& path = read.settings.config;
    const auto text = file(path);
    if (!text) {
        std::cerr << path << ": cannot be read. ONCALL_CONFIG names the file.\n";
        return std::nullopt;
    }
    auto parsed = parse_configuration(*text, read);
    for (const auto& problem : parsed.problems)
        std::cerr << config::describe(path, problem) << "\n";
    if (!parsed.problems.empty())
        return std::nullopt;
    return std::move(parsed.configuration);
}

int run()
{
    auto read = config::read_settings(environment, file(".env"));
    for (const auto& problem : read.problems)
        std::cerr << problem << "\n";
    oncall::Configuration configuration;
    if (!read.settings.config.empty()) {
        auto parsed = read_configuration(read);
        if (!parsed)
            return 1;
        configuration = std::move(*parsed);
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
    App app{std::move(read.settings), std::move(configuration), parts};

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
    asio::co_spawn(loop, app.start(), [&](std::exception_ptr error, std::map<std::string, std::string> made) {
        if (!error) {
            listen_for_verbs();
            log->info("listening", {{"port", std::to_string(app.port())}});
            for (const auto& [source, key] : made)
                std::cout << "source " << source << ": a key was made. Alerts go to POST /hooks/" << key << " (shown only now)\n"
                          << std::flush;
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
