#pragma once

#include "slack/client.hpp"

#include <map>

namespace delivery {

namespace asio = boost::asio;

/// Channels by name, listed once and remembered.
class Channels {
public:
    explicit Channels(slack::Client& slack)
        : slack_{slack}
    {
    }
    /// The id of "#payments"; empty when there is no such channel that the bot sees. Throws slack::Error.
    asio::awaitable<std::string> id_of(std::string name);

private:
    slack::Client& slack_;
    std::map<std::string, std::string> ids_{};
};

} // namespace delivery
