#pragma once

#include "commands/check.hpp"

namespace commands {

/// Asks every provider of push that is set up whether it lets us in. Nothing is sent to anybody.
asio::awaitable<void> check_push(const config::Settings& settings, CheckDoors doors, const Tell& tell);

} // namespace commands
