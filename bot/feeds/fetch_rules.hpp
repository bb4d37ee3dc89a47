#pragma once

#include <chrono>
#include <string>

namespace feeds {

/// Where calendars may be fetched from, and how much of them.
struct FetchRules {
    bool loopback_too{}; // also this machine, without TLS: for tests
    std::size_t most{5 << 20}; // bytes
    std::chrono::milliseconds timeout{15'000}; // of each exchange: with its redirects it takes a minute at most
    int redirects{3};
};

/// Why such an address cannot be one of a calendar, in words for whoever wrote it; empty: nothing that its text shows. Where its
/// host leads is seen when it is called.
std::string address_problem(const std::string& address, const FetchRules& rules = {});

/// The same of a directory of services, which a company may keep in a network of its own: what is private is seen when it is
/// called.
std::string directory_address_problem(const std::string& address);

/// A calendar's host, which is no secret; the path of a file.
std::string shown_address(const std::string& address);

} // namespace feeds
