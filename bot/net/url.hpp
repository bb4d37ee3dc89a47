#pragma once

#include <cstdint>
#include <string>

namespace net {

/// The parts of an absolute URL that a connection needs.
struct Url {
    bool secure{}; // https, wss
    bool link{}; // ws, wss
    std::string host{}; // lower case, without brackets
    std::uint16_t port{}; // the scheme's when not given
    std::string target{}; // path and query, never empty

    /// "host:port", with brackets around an IPv6 address.
    std::string address() const;
    /// As a Host header says it: the port only when it is not the scheme's.
    std::string authority() const;
    /// 127.0.0.0/8, ::1 or localhost.
    bool loopback() const;
};

/// Reads an http, https, ws or wss URL. Throws Failure (nothing was sent) when it is none.
Url url_in(const std::string& text);

} // namespace net
