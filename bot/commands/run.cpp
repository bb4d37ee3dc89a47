#include "commands/service.hpp"
#include "commands/verbs.hpp"
#include "config/oncall_yaml.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
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
    if (!in || std::filesystem::is_directory(path))
        return std::nullopt;
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

MailServers mail_servers(const config::Settings& settings, boost::asio::any_io_executor loop)
{
    MailServers servers;
    for (const auto& one : settings.mail) {
        auto read = notify::smtp_server_in(one.url.get(), one.from, one.number);
        servers.push_back(read.problems.empty() ? notify::smtp(std::move(read.server), loop) : nullptr);
    }
    return servers;
}

std::vector<notify::Mailer*> pointers(const MailServers& servers)
{
    std::vector<notify::Mailer*> all;
    for (const auto& one : servers)
        all.push_back(one.get());
    return all;
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
    unread.problems.push_back(
        {0, 0, "it cannot be read", "ONCALL_CONFIG names the file; check the path and its permissions", ""});
    return unread;
}

namespace {

constexpr auto packaged = "/etc/oncall-bot/.env";

} // namespace

std::string hidden_settings()
{
    const bool hidden = !environment("ONCALL_DATABASE") && ::access(".env", R_OK) != 0 && ::access(packaged, F_OK) == 0
        && ::access(packaged, R_OK) != 0;
    return hidden
        ? std::string{packaged} + ", which says where the database is, cannot be read. Run this as root: sudo oncall-bot …"
        : std::string{};
}

std::string settings_file()
{
    for (const std::string path : {".env", packaged})
        if (file(path))
            return path;
    return {};
}

config::ReadSettings read_settings() { return config::read_settings(environment, file(settings_file())); }

config::Environment environment_now()
{
    return [](const std::string& name) {
        const auto read = read_settings();
        return environment_of(read)(name);
    };
}

void show_keys(const std::map<std::string, std::string>& made, const std::string& database, logging::Log& log)
{
    if (made.empty())
        return;
    const bool watched = ::isatty(STDOUT_FILENO) == 1;
    const auto path = database + "-new-keys";
    std::string text;
    for (const auto& [source, key] : made)
        text +=
            "source " + source + ": a key was made. Alerts go to POST /hooks/" + key + (watched ? " (shown only now)\n" : "\n");
    if (watched) {
        std::cout << text << std::flush;
        return;
    }
    const int out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool written = out >= 0 && ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (out >= 0)
        ::close(out);
    for (const auto& [source, key] : made)
        if (written)
            log.warning("a key was made; delete the file once you have read it there", {{"source", source}, {"file", path}});
        else
            log.error("a key was made and cannot be written down; make another with oncall-bot token rotate",
                {{"source", source}, {"file", path}});
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
        show_keys(made, read.settings.database, log);
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
    std::signal(SIGHUP, SIG_IGN); // until it is followed
    auto read = read_settings();
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
    return Service{std::move(read.settings), std::move(configuration), *log}.run(
        [&](App& app) { return start(app, broken, *log); });
}

} // namespace commands
