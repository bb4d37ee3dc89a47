#pragma once

#include "commands/check.hpp"

namespace commands {

/// The part of a check that asks Twilio, when it is set up: credentials, the account, our number and where its text messages are
/// told. Sends nothing.
asio::awaitable<void> check_twilio(const config::Settings& settings, CheckDoors doors, const Tell& tell);

} // namespace commands
