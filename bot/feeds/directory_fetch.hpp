#pragma once

#include "net/network.hpp"

namespace feeds {

namespace asio = boost::asio;

struct DirectoryFetch {
    std::string url{}; // https://…
    std::string header{}; // that the token goes with: "x-api-key", "Authorization"
    std::string token{}; // as that header says it; empty: none is sent
    bool private_too{}; // it may be of a private network
    std::size_t most{4 << 20}; // bytes
    std::chrono::milliseconds timeout{15'000};
};
struct DirectoryFetched {
    std::string body{}; // without a trouble
    std::string trouble{}; // in words for whoever wrote the address; has nothing of what the server says
    std::string detail{}; // for the log; empty: no more than the trouble
};

/// Gets what is there. No redirect is followed: a token goes to the host it was given for and to no other. Never throws but when
/// it is cancelled.
asio::awaitable<DirectoryFetched> fetch_directory(net::Network& network, DirectoryFetch what);

} // namespace feeds
