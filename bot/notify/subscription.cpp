#include "notify/subscription.hpp"

#include "net/url.hpp"
#include "notify/encrypted_content.hpp"
#include "notify/http_outcome.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

using nlohmann::json;

constexpr std::size_t longest = 4'096, longest_endpoint = 2'000;

bool is_public_name(const net::Url& url)
{
    const auto& host = url.host;
    if (host.find(':') != host.npos || host.find_first_not_of("0123456789.") == host.npos)
        return net::is_public(host);
    // A name of one word is one of a network of its own.
    return !url.loopback() && host.find('.') != host.npos;
}

} // namespace

std::optional<Subscription> subscription_in(std::string_view text)
{
    if (text.size() > longest)
        return std::nullopt;
    net::Response carrier;
    carrier.body = text;
    const auto body = body_of(carrier);
    const auto keys = body.find("keys");
    const auto endpoint = body.find("endpoint");
    if (endpoint == body.end() || !endpoint->is_string() || keys == body.end() || !keys->is_object())
        return std::nullopt;
    const auto bytes = [&](const std::string& name, std::size_t size) {
        const auto found = keys->find(name);
        auto read = found != keys->end() && found->is_string() ? base64url_in(found->get<std::string>()) : std::nullopt;
        return read && read->size() == size ? *read : std::string{};
    };
    Subscription subscription;
    subscription.endpoint = endpoint->get<std::string>();
    subscription.key = bytes("p256dh", 65);
    subscription.secret = bytes("auth", 16);
    if (subscription.endpoint.size() > longest_endpoint || subscription.secret.empty() || !is_public_key(subscription.key))
        return std::nullopt;
    try {
        const auto url = net::url_in(subscription.endpoint);
        if (!url.secure || url.link || !is_public_name(url))
            return std::nullopt;
    } catch (const net::Failure&) {
        return std::nullopt;
    }
    return subscription;
}

std::string subscription_out(const Subscription& subscription)
{
    json body;
    body["endpoint"] = subscription.endpoint;
    body["keys"]["p256dh"] = base64url(subscription.key);
    body["keys"]["auth"] = base64url(subscription.secret);
    return bytes_of(body);
}

std::string browser_name(std::string_view user_agent)
{
    struct Mark {
        std::string_view mark{};
        std::string_view name{};
    };
    // In this order: most of them claim to be those below as well.
    constexpr Mark browsers[]{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"},
        {"Vivaldi/", "Vivaldi"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"},
        {"Safari/", "Safari"}};
    constexpr Mark systems[]{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"CrOS", "ChromeOS"},
        {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}};
    const auto found = [&](const auto& marks) -> std::string {
        for (const auto& one : marks)
            if (user_agent.find(one.mark) != user_agent.npos)
                return std::string{one.name};
        return {};
    };
    const auto browser = found(browsers), system = found(systems);
    return (browser.empty() ? "A browser" : browser) + (system.empty() ? "" : " on " + system);
}

} // namespace notify
