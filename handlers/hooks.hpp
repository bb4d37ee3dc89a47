#pragma once

#include "handlers/key_door.hpp"

namespace handlers {

/// What monitoring sends: POST /hooks/{key} of any format, and the paths of services that we stand in for, by their own keys and
/// with their own answers: PagerDuty's Events API (v2, its change events, v1), VictorOps' REST endpoint, and the paging webhook
/// of a service; and pings of heartbeats, by the key of any source. 2xx only after the commit.
class Hooks {
public:
    Hooks(Context& app, KeyDoor& door)
        : app_{app}
        , door_{door}
    {
    }
    /// Whether a path is one of these.
    static bool takes(std::string_view path);
    asio::awaitable<net::Response> serve(net::Request request);
    /// Of these paths, and of Opsgenie's. A storm is one group of Alertmanager's, and comes in one request: whoever has a key in
    /// path, query or header may send more than strangers may: zero is what the listener takes from everybody.
    std::size_t most_body(const net::Request& head) const;
    /// The source's owner is told.
    void too_large(const net::Request& head);

private:
    using OfSource = std::shared_ptr<const oncall::Source>;

    /// /hooks/{key}/{rest}; or the key is in a header.
    asio::awaitable<net::Response> hook(net::Request request);
    /// /integrations/generic/20131114/alert/{key}/{routing_key}
    asio::awaitable<net::Response> victorops(net::Request request);
    /// /api/v1/webhook/{source}?key={key}
    asio::awaitable<net::Response> webhook(net::Request request);
    /// /hooks/{key}/ping/{name}, and below it /start, /fail and /{exit status}: a heartbeat is heard of.
    asio::awaitable<net::Response> ping(net::Request request);
    asio::awaitable<net::Response> by_source(OfSource source, sources::Sent sent);

    /// How a format's senders are answered.
    struct Manner {
        net::Response (*taken)(const Taken& taken){};
        net::Response (*no)(int status, const std::string& why){};
        net::Response (*later)(std::chrono::seconds wait, int status){};
    };
    static const Manner& manner_of(const std::string& format);
    /// Why what a source sends is not even read: it is not signed, or there is too much of it; nullopt: it is.
    asio::awaitable<std::optional<net::Response>> turned_away(OfSource source, const sources::Sent& sent, const Manner& manner);
    asio::awaitable<net::Response> take(OfSource source, Opened came, const Manner& manner);

    /// One of the Events API's calls.
    struct Call;
    static const Call& call_of(std::string_view path);
    /// `source`: whose key the path had, not turned away; nullptr: the event names it.
    asio::awaitable<net::Response> event(OfSource source, Opened came, const Call& call, std::string address);

    Context& app_;
    KeyDoor& door_;
};

} // namespace handlers
