#pragma once

#include "handlers/context.hpp"
#include "net/message.hpp"

namespace handlers {

/// /push/…: a page on which a person has her browser notified. GET /push/{token} is the page, with its /push/{token}/app.json for
/// phones that want it installed; POST /push/{token}/subscribe takes what the browser hands out, /push/{token}/unsubscribe one
/// of those listed; GET /push/worker.js shows what is pushed. 403: no link of ours; 410: expired.
asio::awaitable<net::Response> push_page(net::Request request, Context& app);

} // namespace handlers
