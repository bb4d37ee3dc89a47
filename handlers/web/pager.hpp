#pragma once

#include "handlers/context.hpp"
#include "net/message.hpp"

namespace handlers {

/// /a/test/{token}: a test of somebody's pager has arrived. GET shows a button and changes nothing; POST ticks it off.
asio::awaitable<net::Response> test_link(net::Request request, Context& app);

} // namespace handlers
