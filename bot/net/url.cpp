#include "net/url.hpp"

#include "net/network.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>

namespace net {

namespace {

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
