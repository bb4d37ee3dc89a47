#pragma once

#include "app.hpp"
#include "commands/commands.hpp"
#include "slack/message.hpp"

/// Verbs that need the database. While the service runs they are done in it, asked for by the socket beside the database; else
/// the command opens the database in its own process. Either way the same function does it.
namespace commands {

namespace asio = boost::asio;
using slack::Json;

/// What a verb says: the command prints it and ends with `status`, 0 when all went well.
struct Said {
    int status{};
    std::string out{};
    std::string err{};
};

/// Done on the loop, with the service's parts. In a process of its own nothing of `app` has been started, and there is no Slack.
/// What is thrown becomes `err` and status 1.
struct Verb {
    std::string_view name{};
    asio::awaitable<Said> (*act)(App& app, Json arguments){};
    bool begins{}; // it may be what makes the database
};
const std::vector<Verb>& verbs();

// Those of the table.
asio::awaitable<Said> list_tokens(App& app, Json arguments);
asio::awaitable<Said> rotate_token(App& app, Json arguments);
asio::awaitable<Said> revoke_token(App& app, Json arguments);
/// oncall.yaml as the command read it: its text as `file`, the variables that it names as `environment`, and what the line said.
asio::awaitable<Said> apply_file(App& app, Json arguments);
/// What holds, as oncall.yaml.
asio::awaitable<Said> export_configuration(App& app, Json arguments);
/// What a `payload` would become, as `source` or `format` reads it, with `headers`: the alerts, and who would be paged now.
asio::awaitable<Said> check_payload(App& app, Json arguments);

/// Reads the directory `name`, or all there are, and takes them up, or says what that would change. One that somebody reads just
/// now is said, and the others are read.
asio::awaitable<Said> sync_directories(App& app, Json arguments);

/// Reads ONCALL_CONFIG again and takes it up, as the start does. What is wrong is logged, all of it, and changes nothing.
asio::awaitable<void> reload(App& app, const config::ReadSettings& read, logging::Log& log);

/// Where the service listens for verbs.
std::string socket_of(const std::string& database);
/// What the service answers on its socket. Both are JSON: {"verb", "arguments"} and {"status", "out", "err"}.
asio::awaitable<std::string> answer(App& app, std::string question);

/// Has a verb done, by the service or here. Nothing is thrown: what goes wrong is in what is said.
Said ask(const config::ReadSettings& settings, const std::string& verb, Json arguments);
/// The same by the settings of the environment, and prints what is said. The exit status.
int ask_and_print(const std::string& verb, Json arguments);

} // namespace commands
