#pragma once

#include "handlers/context.hpp"
#include "handlers/window.hpp"
#include "net/message.hpp"

namespace handlers {

/// GET /calendar/{token}.ics: somebody's shifts, or a schedule's, for a calendar app. 404: no such address, or not any more; 304:
/// the app has it already; 429: it asks too often.
class CalendarDoor {
public:
    explicit CalendarDoor(Context& app)
        : app_{app}
    {
    }
    asio::awaitable<net::Response> serve(net::Request request);

private:
    Context& app_;
    std::map<std::string, SlidingWindow> asked_{}; // by the token's hash
};

} // namespace handlers
