#pragma once

#include "feeds/fetch_rules.hpp"
#include "net/network.hpp"

namespace feeds {

namespace asio = boost::asio;

struct Fetched {
    enum { fresh, unchanged, failed } how{failed};
    std::string body{};
    std::string etag{};
    std::string modified{}; // Last-Modified, as it came
    std::string trouble{}; // for whoever wrote the address, and without it: it may be a secret
    std::string detail{}; // for the log; empty: no more than the trouble
    std::chrono::seconds wait{}; // the server asks not to be asked before; zero: it does not
};

/// Gets what is at an https:// or webcal:// address, unless it is what `etag` and `modified` say. No private address is spoken
/// to, neither at first nor by a redirect: what is checked is what is connected to. Never throws but when it is cancelled.
asio::awaitable<Fetched> fetch(
    net::Network& network, std::string address, std::string etag, std::string modified, FetchRules rules = {});

} // namespace feeds
