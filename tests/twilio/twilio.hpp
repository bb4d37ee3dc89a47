#pragma once

#include "doors/clock.hpp"
#include "doors/tasks.hpp"
#include "net/network.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <set>

/// A strict Twilio: its API of 2010-04-01 as far as text messages and calls go, and the phones behind it. It refuses what the
/// real one refuses, signs what it posts, and knows nothing of the bot but HTTP.
namespace twilio {

namespace asio = boost::asio;
using Json = nlohmann::json;
using doors::TimePoint;

/// What the real one would not understand.
struct BadTwiml : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// TwiML as a tree; the text of an element is its own.
struct Element {
    std::string name{};
    std::map<std::string, std::string> attributes{};
    std::string text{};
    std::vector<Element> inner{};
};
/// Strict: one Response, verbs and attributes that exist, proper nesting, the five entities. Throws BadTwiml.
Element twiml_in(const std::string& document);

/// base64(HMAC-SHA1(token, url + the parameters by name)).
std::string signature(const std::string& token, const std::string& url, const std::vector<net::Header>& parameters);

struct Message {
    std::string sid{};
    std::string from{};
    std::string to{};
    std::string body{};
    std::string direction{}; // "outbound-api", "inbound", "outbound-reply"
    std::string status{};
    int error{};
    std::string callback{};
    TimePoint at{};
};

struct Call {
    std::string sid{};
    std::string from{};
    std::string to{};
    std::string url{}; // or
    std::string twiml{};
    bool detects_machines{};
    std::string callback{};
    std::string status{};
    std::string answered_by{};
    std::vector<std::string> heard{}; // each sentence
    std::string action{}; // where the next key goes; empty: none is waited for
    std::vector<Element> rest{}; // what is done when no key comes
    TimePoint at{};
};

struct Doors {
    net::Network& network;
    doors::Clock& clock;
    doors::Tasks& tasks;
};

/// Which account it knows, and where.
struct Identity {
    std::string host{"api.twilio.com"};
    std::string account{"AC0123456789abcdef0123456789abcdef"};
    std::string number{"+4915735980000"};
};

/// Callbacks and webhooks go out as tasks: whoever drives the loop lets them arrive.
class Twilio {
public:
    explicit Twilio(Doors doors, Identity us = {});

    static constexpr std::string_view account{"AC0123456789abcdef0123456789abcdef"};
    static constexpr std::string_view number{"+4915735980000"};
    std::string token{"12345678901234567890123456789012"};
    std::string status{"active"};
    std::string type{"Full"};
    std::string sms_url{}; // where a message to our number is told; empty: nowhere
    bool number_is_ours{true}, number_has_sms{true}, number_has_voice{true};

    std::deque<Message> messages{}; // oldest first, both ways
    std::deque<Call> calls{};
    std::vector<std::string> refused{}; // why, of each request that was not taken
    int asked{}; // requests in all
    int listed{}; // of these, for lists of messages to our number
    std::vector<net::Response> answers{}; // of the bot, to what was posted

    /// The next `times` requests that would send something get this.
    void fail(net::Response response, int times = 1);
    /// The next `times` requests that would send something are answered after a minute; done before, or never.
    void be_silent(bool acts = true, int times = 1)
    {
        silent_ = times;
        acts_ = acts;
    }
    /// What Twilio says when it refuses.
    static net::Response error(int http, int code, const std::string& words);

    /// The network reports of it, and Twilio tells; `tells`: unless its callback is lost.
    void report(Message& message, const std::string& status_now, int error = 0, bool tells = true);
    /// Somebody sends a message to our number. STOP and START are obeyed as Twilio does by itself.
    void text(const std::string& from, const std::string& body);
    /// Posts what was posted last once more, to the letter.
    void repeat();

    /// "human", "machine_start", "unknown": what is said is heard up to a key or its end.
    void pick_up(Call& call, const std::string& by = "human");
    void press(Call& call, const std::string& key);
    /// No key comes.
    void wait(Call& call);
    /// "completed", "busy", "no-answer", "failed"
    void end(Call& call, const std::string& status_now, bool tells = true);

    /// Posts to the bot, signed for that URL.
    void post(std::string url, std::vector<net::Header> fields);

private:
    asio::awaitable<net::Response> serve(net::Request request);
    net::Response send_message(const std::vector<net::Header>& fields);
    net::Response make_call(const std::vector<net::Header>& fields);
    net::Response list(const std::vector<net::Header>& query);
    net::Response list_calls(const std::vector<net::Header>& query);
    net::Response no(int http, int code, const std::string& words);
    std::string sid(const std::string& kind);
    asio::awaitable<void> deliver(std::string url, std::vector<net::Header> fields, std::string signed_with);
    asio::awaitable<void> converse(std::string sid, std::string url, std::vector<net::Header> fields);
    asio::awaitable<void> tell(std::string url, std::vector<net::Header> fields);
    asio::awaitable<net::Response> fetch(std::string url, std::vector<net::Header> fields, std::string signed_with);
    std::vector<net::Header> of(const Call& call) const;
    void follow(Call& call, const Element& response);
    Json json(const Message& message) const;
    Json json(const Call& call) const;

    Doors doors_;
    Identity us_;
    std::set<std::string> stopped_{};
    std::vector<net::Response> failures_{};
    int silent_{};
    bool acts_{};
    int count_{};
    std::string last_url_{};
    std::vector<net::Header> last_fields_{};
    std::unique_ptr<net::Listener> listener_;
};

} // namespace twilio
