#include "feeds/fetch.hpp"

#include "net/url.hpp"

#include <charconv>

namespace feeds {

namespace {

constexpr std::size_t longest_address = 2'000, longest_tag = 500;
constexpr std::chrono::seconds longest_wait{3'600}; // it is to be said in time that a calendar grows old

/// "webcal://…" is what calendars on the web are linked by; it is HTTP.
std::string as_http(const std::string& address)
{
    constexpr std::string_view calendars{"webcal://"};
    return address.starts_with(calendars) ? "https://" + address.substr(calendars.size()) : address;
}

bool is_address(const std::string& host)
{
    return host.find(':') != host.npos || host.find_first_not_of("0123456789.") == host.npos;
}

/// Where a Location leads from `url` (RFC 3986 §5): a whole address, or a path on the same host.
std::string redirected(const std::string& url, const std::string& location)
{
    if (location.find("://") != location.npos)
        return as_http(location);
    const auto host = url.find("://") + 3;
    const auto path = std::min(url.find_first_of("/?#", host), url.size());
    if (location.starts_with("//"))
        return url.substr(0, host - 2) + location;
    if (location.starts_with('/'))
        return url.substr(0, path) + location;
    const auto end = std::min(url.find_first_of("?#", path), url.size());
    const auto slash = url.rfind('/', end);
    return slash == url.npos || slash < host ? url.substr(0, path) + "/" + location : url.substr(0, slash + 1) + location;
}

/// Of two whole addresses.
bool same_server(const std::string& one, const std::string& other)
{
    const auto server = [](const std::string& url) { return url.substr(0, url.find_first_of("/?#", url.find("://") + 3)); };
    return server(one) == server(other);
}

std::string words_of(int status)
{
    const auto says = "the server says " + std::to_string(status);
    switch (status) {
    case 401:
    case 403: return says + ": it does not show the calendar to whoever has the address. Publish it, or use its secret address.";
    case 404:
    case 410: return says + ": there is no calendar at that address. Look for its new one.";
    case 429: return says + ": it is asked too often.";
    default: return says + ".";
    }
}

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

std::chrono::seconds wait_in(const net::Response& response)
{
    const auto text = net::header(response.headers, "Retry-After");
    int seconds{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || seconds < 0)
        return {};
    return std::min(std::chrono::seconds{seconds}, longest_wait);
}

/// What its owner reads of an exchange that failed: the same whatever is there, or is not, or is no server of the web. It would
/// say else what a network of ours looks like from inside.
std::string words_of(const net::Failure& failure, const FetchRules& rules)
{
    const std::string what = failure.what();
    if (what.find("body limit") != what.npos)
        return "it is larger than " + std::to_string(rules.most >> 20) + " MB.";
    return "no public server answers there as one of calendars does.";
}

std::string tag_in(const net::Response& response, std::string_view name)
{
    const auto tag = net::header(response.headers, name);
    return tag.size() > longest_tag ? std::string{} : std::string{tag};
}

} // namespace

std::string shown_address(const std::string& address)
{
    const auto scheme = address.find("://");
    if (scheme == address.npos)
        return address.starts_with("file:") ? address.substr(5) : std::string{"a file"};
    const auto host = address.substr(scheme + 3, address.find_first_of("/?#", scheme + 3) - scheme - 3);
    return host.substr(host.rfind('@') + 1);
}

std::string address_problem(const std::string& address, const FetchRules& rules)
{
    if (address.size() > longest_address)
        return "the address is longer than 2,000 characters";
    net::Url parts;
    try {
        parts = net::url_in(as_http(address));
    } catch (const net::Failure& failure) {
        return std::string{"this is no address of a calendar: "} + failure.what();
    }
    if (parts.link || (!parts.secure && !(rules.loopback_too && parts.loopback())))
        return "the address must start with https:// or webcal://";
    if (!rules.loopback_too && (parts.loopback() || (is_address(parts.host) && !net::is_public(parts.host))))
        return "the address is of a private network";
    if (!rules.loopback_too && parts.port != 443 && parts.port != 8443)
        return "the address must be without a port";
    return {};
}

std::string directory_address_problem(const std::string& address)
{
    if (address.size() > longest_address)
        return "the address is longer than 2,000 characters";
    if (!address.starts_with("https://"))
        return "the address must start with https://";
    try {
        net::url_in(address);
    } catch (const net::Failure& failure) {
        return std::string{"this is no address: "} + failure.what();
    }
    if (address.find('#') != address.npos || address.substr(0, address.find('/', 8)).find('@') != address.npos)
        return "the address must be without a name, a password or a #";
    return {};
}

asio::awaitable<Fetched> fetch(
    net::Network& network, std::string address, std::string etag, std::string modified, FetchRules rules)
{
    Fetched fetched;
    auto url = as_http(address);
    const auto first = url;
    net::FetchLimits limits;
    limits.timeout = rules.timeout;
    limits.body = rules.most;
    limits.public_only = !rules.loopback_too;
    for (int hops = 0; hops <= rules.redirects; ++hops) {
        fetched.trouble = address_problem(url, rules);
        if (!fetched.trouble.empty()) {
            if (hops > 0)
                fetched.trouble = "it leads elsewhere, and there " + fetched.trouble;
            co_return fetched;
        }
        net::Request request;
        request.headers.push_back({"Accept", "text/calendar, */*;q=0.1"});
        // What the first server said of its copy is nothing to another one.
        const bool asks = hops == 0 || same_server(url, first);
        if (asks && !etag.empty())
            request.headers.push_back({"If-None-Match", etag});
        if (asks && !modified.empty())
            request.headers.push_back({"If-Modified-Since", modified});
        net::Response response;
        try {
            response = co_await network.fetch(url, request, limits);
        } catch (const net::Failure& failure) {
            fetched.trouble = words_of(failure, rules);
            fetched.detail = failure.what();
        }
        if (!fetched.trouble.empty())
            co_return fetched;
        if (is_redirect(response.status)) {
            const std::string location{net::header(response.headers, "Location")};
            if (location.empty()) {
                fetched.trouble = "the server leads elsewhere without saying where";
                co_return fetched;
            }
            url = redirected(url, location);
            continue;
        }
        if (response.status == 304 && asks && !(etag.empty() && modified.empty())) {
            fetched.how = Fetched::unchanged;
            co_return fetched;
        }
        if (response.status != 200) {
            fetched.trouble = words_of(response.status);
            if (response.status == 429 || response.status == 503)
                fetched.wait = wait_in(response);
            co_return fetched;
        }
        fetched.how = Fetched::fresh;
        fetched.body = std::move(response.body);
        fetched.etag = tag_in(response, "ETag");
        fetched.modified = tag_in(response, "Last-Modified");
        co_return fetched;
    }
    fetched.trouble = "the server leads elsewhere more than " + std::to_string(rules.redirects) + " times";
    co_return fetched;
}

} // namespace feeds
