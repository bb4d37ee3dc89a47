#pragma once

#include "notify/email.hpp"

#include <functional>

namespace notify {

/// One connection of libcurl's, on this thread: sends the mail, or without one looks whether it could. `broken_off` is asked
/// about once a second; true ends it. Throws std::invalid_argument as `head` does.
Outcome attempt(const SmtpServer& server, const Email* email, const std::function<bool()>& broken_off);

} // namespace notify
