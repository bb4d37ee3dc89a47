#pragma once

#include "handlers/key_door.hpp"
#include "handlers/sources/opsgenie.hpp"
#include "oncall/heartbeat.hpp"

namespace handlers {

/// Takes what a body says of a heartbeat over; what it does not name stays. Without errors it is one that can be watched.
sources::OpsgenieErrors fill_heartbeat(oncall::Heartbeat& heartbeat, const slack::Json& body, bool is_new);

/// Opsgenie's Alert API v2 and its Heartbeat API, by the key of a source of format opsgenie (`Authorization: GenieKey KEY`) and
/// with Opsgenie's answers: its clients need another host name, and nothing else. A key sees and changes its own source's alerts
/// and heartbeats alone. Theirs says what became of a request when asked later; ours is done when it is answered, and what became
/// of it is kept for a day with what it did.
class OpsgenieDoor {
public:
    OpsgenieDoor(Context& app, KeyDoor& door)
        : app_{app}
        , door_{door}
    {
    }
    /// Whether a path is one of these: /v2/alerts…, /v2/heartbeats….
    static bool takes(std::string_view path);
    /// The key that a request has in a header or in its address; empty: none.
    static std::string key_of(const net::Request& request);
    asio::awaitable<net::Response> serve(net::Request request);

private:
    using OfSource = std::shared_ptr<const oncall::Source>;
    using Json = slack::Json;

    /// A request while it is served.
    struct Asking {
        std::string id{}; // a UUID
        TimePoint since{};
        std::string method{};
        std::string path{};
        OfSource source{};
        sources::Sent sent{};
    };

    asio::awaitable<net::Response> admitted(Asking& asking, net::Request request);
    asio::awaitable<net::Response> alerts(Asking& asking);
    asio::awaitable<net::Response> create(Asking& asking);
    asio::awaitable<net::Response> act(Asking& asking, sources::OpsgenieCall call);
    asio::awaitable<net::Response> look(Asking& asking, sources::OpsgenieCall call);
    asio::awaitable<net::Response> heartbeats(Asking& asking);
    asio::awaitable<net::Response> not_processable(Asking& asking, sources::OpsgenieErrors errors);

    net::Response answered(const Asking& asking, int status, Json body) const;
    net::Response accepted(const Asking& asking) const;
    net::Response refused(const Asking& asking, int status, const std::string& why, int code = 0) const;

    Context& app_;
    KeyDoor& door_;
};

} // namespace handlers
