#pragma once

#include "doors/wake.hpp"
#include "doors/worker.hpp"
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
    /// `worker`: where calendars are taken apart, while the loop goes on; nullptr: on the loop.
    Calendars(handlers::Context& app, net::Network& network, doors::Worker* worker);

    /// Until its task is cancelled. Each calendar is read when its time has come, by its row in the database.
    asio::awaitable<void> run();
    /// Until its task is cancelled: tells those who are away in shifts of theirs, whatever is being read meanwhile.
    asio::awaitable<void> tell();
    /// Another configuration is in force, or absences have changed: what is named newly is read now.
    void look_again();

private:
    asio::awaitable<oncall::TimePoint> pass();
    asio::awaitable<bool> read(storage::Feed feed);
    asio::awaitable<std::string> take_apart(storage::Feed& feed, std::string body, oncall::TimePoint now);
    asio::awaitable<oncall::TimePoint> tell_nameless();

    handlers::Context& app_;
    net::Network& network_;
    doors::Worker* worker_;
    doors::Wake wake_, news_;
    bool hurry_{true};
    std::map<std::string, oncall::TimePoint> nameless_since_{}; // by digest
    std::map<std::string, oncall::TimePoint> asked_for_{}; // whom Slack was asked for, and when
    std::set<std::string> told_of_{}; // digests
    bool has_looked_{};
};
