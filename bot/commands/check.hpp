#pragma once

#include "commands/commands.hpp"
#include "config/oncall_yaml.hpp"
#include "doors/clock.hpp"
#include "doors/painter.hpp"
#include "net/network.hpp"

namespace commands {

namespace asio = boost::asio;

/// One thing that was looked at. `bad` must be mended before pages can be trusted; `note` is worth knowing.
struct Finding {
    enum class Verdict { good, bad, note } verdict{};
    std::string what{}; // one line
    std::string fix{}; // of what is bad, or worth mending: what to do
};
using Verdict = Finding::Verdict;
using Tell = std::function<void(Finding)>;

/// A scope of the bot token, as the manifest asks for it, and what cannot be done without it.
struct Scope {
    std::string_view name{};
    std::string_view without{};
    bool (*is_needed)(const oncall::Configuration&){}; // nullptr: always
    bool is_optional{}; // people are paged and answer without it
};
const std::vector<Scope>& scopes();

struct Subject {
    config::ReadSettings settings{};
    std::optional<config::Parsed> configuration{}; // none: ONCALL_CONFIG names no file
    std::string text{}; // of that file
};
struct CheckDoors {
    net::Network& network;
    doors::Clock& clock;
    std::vector<notify::Mailer*> mailers{}; // as `Settings::mail` has them; nullptr: what is set is not valid
    doors::Painter* painter{}; // nullptr: whether pictures can be drawn is not looked at
};

/// Looks at settings, configuration, database and Slack, and tells each finding as it is found. Changes nothing, may run beside
/// the service, and waits for nothing longer than some seconds.
asio::awaitable<void> check(Subject subject, CheckDoors doors, Tell tell);

} // namespace commands
