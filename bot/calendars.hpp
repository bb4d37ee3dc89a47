#pragma once

#include "doors/wake.hpp"
#include "handlers/context.hpp"
#include "net/network.hpp"

namespace asio = boost::asio;

namespace storage {
struct Feed;
}

/// Reads the calendars that the configuration and absent people name: holidays, rotations, out of office. What was read last
/// holds, however long a calendar cannot be read; that is said once in the fallback channel, and when it can be read again.
class Calendars {
public:
    Calendars(handlers::Context& app, net::Network& network);

    /// Until its task is cancelled. Each calendar is read when its time has come, by its row in the database.
    asio::awaitable<void> run();
    /// Another configuration is in force, or absences have changed: what is named newly is read now.
    void look_again();

private:
    asio::awaitable<oncall::TimePoint> pass();
    asio::awaitable<bool> read(storage::Feed feed);

    handlers::Context& app_;
    net::Network& network_;
    doors::Wake wake_;
    bool hurry_{true};
};
