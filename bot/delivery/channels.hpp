#pragma once

#include "slack/client.hpp"

#include <map>

namespace delivery {

namespace asio = boost::asio;

/// Channels by name, sought in Slack's list and remembered: one for all who seek.
class Channels {
public:
    explicit Channels(slack::Client& slack)
        : slack_{slack}
    {
    }
    /// The id of "#payments"; empty when there is no such channel that the bot sees, or it is archived. Throws slack::Error;
    /// after a 429 the next call reads on where the list was left.
    asio::awaitable<std::string> id_of(std::string name);
    /// Slack does not know this channel under the id that was told: it is sought again.
    void forget(const std::string& name) { ids_.erase(name); }

private:
    slack::Client& slack_;
    std::map<std::string, std::string> ids_{};
    std::string cursor_{}; // of the next page; empty: the first
};

} // namespace delivery
