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

/// Whether an IP address is one of the internet's. Not: this machine, private and shared networks, link-local ones, multicast,
/// what is reserved or for documentation, and the addresses by which clouds tell their machines secrets; nor an IPv6 address
/// that stands for such an IPv4 one.
bool is_public(const std::string& ip);

/// Reads an http, https, ws or wss URL. Throws Failure (nothing was sent) when it is none.
Url url_in(const std::string& text);

} // namespace net
