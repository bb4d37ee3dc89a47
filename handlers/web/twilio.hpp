#pragma once

#include "handlers/context.hpp"
#include "net/message.hpp"

namespace handlers {

/// What Twilio posts: /twilio/sms, a text message to our number; /twilio/voice/{token}, somebody picked up or pressed a key;
/// /twilio/status, what became of what we sent. Only what it signed for ONCALL_PUBLIC_URL is read, else 403; each thing is done
/// once, however often it is told. Its answers are TwiML.
class TwilioDoor {
public:
    explicit TwilioDoor(Context& app)
        : app_{app}
    {
    }
    asio::awaitable<net::Response> serve(net::Request request);
    /// Text messages from numbers that nobody here has.
    std::int64_t strangers() const { return strangers_; }

private:
    using Fields = std::vector<net::Header>;
    asio::awaitable<net::Response> text(Fields fields);
    asio::awaitable<net::Response> status(Fields fields);
    asio::awaitable<net::Response> call(std::string token, Fields fields);
    std::vector<std::string> tokens_of(const Fields& fields) const;
    void say_refused(const net::Request& request);

    Context& app_;
    TimePoint refusal_said_{}; // in the log
    TimePoint strangers_said_{};
    std::int64_t strangers_{};
};

} // namespace handlers
