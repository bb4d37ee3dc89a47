#pragma once

#include "doors/clock.hpp"
#include "slack/client.hpp"

#include <map>

namespace slack {

struct File {
    std::string name{}; // "payments.png"
    std::string title{};
    std::string alt{}; // what a picture shows, in words
    std::string bytes{};
};

/// Files in Slack (docs.slack.dev, messaging/working-with-files): `put`, then `complete`. What is never completed, Slack forgets,
/// so that a `put` may be repeated. As the client, it never repeats by itself; but it asks for nothing again before a 429's time
/// is over, and throws that Error anew instead.
class Files {
public:
    /// `api_url` as the client's. All must outlive it.
    Files(Client& client, net::Network& network, doors::Clock& clock, std::string api_url);

    /// Slack has the bytes, and calls them what is returned. Nobody sees them. Throws Error.
    asio::awaitable<std::string> put(File file);
    /// The file is there, for blocks to show (`slack_file`) once Slack has looked at it, which takes it a moment: until then they
    /// are refused as is_not_ready() says. `channel`: posted there as well, also after a moment; empty: seen by nobody.
    /// Throws Error.
    asio::awaitable<void> complete(std::string id, std::string title, std::string channel, std::string words);

private:
    asio::awaitable<Json> call(std::string method, Json arguments);
    asio::awaitable<void> upload(std::string url, std::string bytes);
    void check_rest(const std::string& method) const;

    Client& client_;
    net::Network& network_;
    doors::Clock& clock_;
    std::string api_url_;
    std::map<std::string, doors::TimePoint> resting_{}; // by method
};

/// Blocks were refused, perhaps because a file in them is not ready.
bool is_not_ready(const Error& error);

} // namespace slack
