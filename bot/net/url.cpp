#include "net/url.hpp"

#include "net/network.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>

namespace net {

namespace {

using V4 = asio::ip::address_v4;
using V6 = asio::ip::address_v6;

/// The first bits that addresses have in common.
struct Block4 {
    std::uint32_t start{};
    int bits{};
};
constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d)
{
    return a << 24 | b << 16 | c << 8 | d;
}

/// IANA's registry of special-purpose addresses (RFC 6890), multicast, and Azure's server of secrets, which is none of them.
constexpr Block4 not_public[]{{ip(0, 0, 0, 0), 8}, {ip(10, 0, 0, 0), 8}, {ip(100, 64, 0, 0), 10}, {ip(127, 0, 0, 0), 8},
    {ip(169, 254, 0, 0), 16}, {ip(172, 16, 0, 0), 12}, {ip(192, 0, 0, 0), 24}, {ip(192, 0, 2, 0), 24}, {ip(192, 88, 99, 0), 24},
    {ip(192, 168, 0, 0), 16}, {ip(198, 18, 0, 0), 15}, {ip(198, 51, 100, 0), 24}, {ip(203, 0, 113, 0), 24}, {ip(224, 0, 0, 0), 3},
    {ip(168, 63, 129, 16), 32}};

bool is_public4(std::uint32_t address)
{
    return std::none_of(std::begin(not_public), std::end(not_public),
        [&](const Block4& block) { return (address ^ block.start) >> (32 - block.bits) == 0; });
}

bool is_public6(const V6::bytes_type& bytes)
{
    const auto starts = [&](std::initializer_list<unsigned> first) {
        return std::equal(first.begin(), first.end(), bytes.begin());
    };
    const auto inner = [&](std::size_t at) { return ip(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]); };
    if (starts({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) // ::ffff:0:0/96, IPv4 as IPv6
        return is_public4(inner(12));
    if (starts({0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) // 64:ff9b::/96, to IPv4 by NAT64
        return is_public4(inner(12));
    if (starts({0x20, 0x02})) // 6to4
        return is_public4(inner(2));
    // Teredo and other protocols' own, and documentation.
    const bool reserved = (starts({0x20, 0x01}) && bytes[2] < 2) || starts({0x20, 0x01, 0x0d, 0xb8}) || starts({0x3f, 0xff});
    return bytes[0] >> 5 == 1 && !reserved; // 2000::/3 is all that is given out
}

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

} // namespace

std::string Url::address() const { return bracketed(host) + ":" + std::to_string(port); }

std::string Url::authority() const { return port == (secure ? 443 : 80) ? bracketed(host) : address(); }

bool Url::loopback() const
{
    if (host == "localhost")
        return true;
    boost::system::error_code no_address;
    const auto ip = asio::ip::make_address(host, no_address);
    return !no_address && ip.is_loopback();
}

bool is_public(const std::string& ip)
{
    boost::system::error_code problem;
    const auto address = asio::ip::make_address(ip, problem);
    if (problem)
        return false;
    return address.is_v4() ? is_public4(address.to_v4().to_uint()) : is_public6(address.to_v6().to_bytes());
}

Url url_in(const std::string& text)
{
    const auto parsed = boost::urls::parse_uri(text);
    if (parsed.has_error())
        throw Failure{"not a URL", false};
    const auto& view = parsed.value();

    Url url;
    std::string scheme{view.scheme()};
    for (auto& c : scheme)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    url.link = scheme == "ws" || scheme == "wss";
    url.secure = scheme == "https" || scheme == "wss";
    if (!url.link && !url.secure && scheme != "http")
        throw Failure{"the URL's scheme is none of http, https, ws, wss", false};
    if (view.has_userinfo())
        throw Failure{"a URL with a user name in it is refused", false};

    url.host = view.host_address();
    for (auto& c : url.host)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (url.host.empty())
        throw Failure{"the URL has no host", false};
    for (const unsigned char c : url.host)
        if (c <= ' ' || c >= 0x7f || c == '/' || c == '@')
            throw Failure{"the URL's host is malformed", false};
    if (view.has_port() && !view.port().empty() && view.port_number() == 0)
        throw Failure{"the URL's port is malformed", false};
    url.port = view.port_number() ? view.port_number() : url.secure ? std::uint16_t{443} : std::uint16_t{80};

    const auto path = view.encoded_path();
    url.target = path.empty() ? "/" : std::string{path.data(), path.size()};
    if (view.has_query()) {
        const auto query = view.encoded_query();
        url.target += "?" + std::string{query.data(), query.size()};
    }
    return url;
}

} // namespace net
