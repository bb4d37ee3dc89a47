#pragma once

#include "net/message.hpp"
#include "slack/message.hpp"

#include <chrono>

namespace handlers {

net::Response json_response(int status, const slack::Json& body);

/// {"status": "error", "message": why}; 429 and 503 say when to come again.
net::Response no_response(int status, const std::string& why);

/// 429, or another status that senders try again for, with its own time to wait.
net::Response later_response(const slack::Json& body, std::chrono::seconds wait, int status = 429);

} // namespace handlers
