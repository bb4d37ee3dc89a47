#include "slack/http_door.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

namespace slack {

using namespace std::chrono_literals;

namespace {

constexpr auto window = 5min;
constexpr std::size_t most_body = 512 << 10;

net::Response no(int status, std::string why)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    response.body = std::move(why) + "\n";
    return response;
}

std::string hex_hmac(std::string_view key, std::string_view text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
            text.size(), digest, &length))
        throw std::runtime_error{"HMAC failed"};
    constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) {
        hex += digits[digest[i] >> 4];
        hex += digits[digest[i] & 15];
    }
    return hex;
}

/// A form's fields as the object that Socket Mode would bring; the last of equal names counts.
Json object_of(const std::vector<net::Header>& fields)
{
    auto object = Json::object();
    for (const auto& field : fields)
        object[field.name] = field.value;
    return object;
}

} // namespace

bool is_signed(
    std::string_view secret, std::string_view timestamp, std::string_view body, std::string_view signature, doors::TimePoint now)
{
    std::int64_t seconds{};
    const auto* const end = timestamp.data() + timestamp.size();
    const auto [stop, error] = std::from_chars(timestamp.data(), end, seconds);
    if (error != std::errc{} || stop != end || secret.empty())
        return false;
    const auto today = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto most = std::chrono::seconds{window}.count();
    if (seconds < today - most || seconds > today + most)
        return false;
    std::string base = "v0:";
    base += timestamp;
    base += ':';
    base += body;
    const auto expected = "v0=" + hex_hmac(secret, base);
    return signature.size() == expected.size() && CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

std::variant<HttpDoor::Received, net::Response> HttpDoor::receive(const net::Request& request, doors::TimePoint now)
{
    const auto path = net::path(request.target);
    const bool is_event = path == "/slack/events", is_command = path == "/slack/commands",
               is_interaction = path == "/slack/interactions";
    if (!is_event && !is_command && !is_interaction)
        return no(404, "Slack's requests go to /slack/events, /slack/commands and /slack/interactions");
    // Slack probes the certificate of a command's address without much ceremony; the answer tells nothing.
    if (is_command && request.body.find("ssl_check=1") != std::string::npos && request.body.size() < 1'000) {
        const auto fields = net::form_in(request.body);
        if (fields && object_of(*fields).value("ssl_check", "") == "1" && !object_of(*fields).contains("command"))
            return net::Response{};
    }
    const auto signature = net::header(request.headers, "X-Slack-Signature");
    if (!is_signed(secret_, net::header(request.headers, "X-Slack-Request-Timestamp"), request.body, signature, now))
        return no(401, "this is not signed by Slack, or too old");
    try {
        if (is_event) {
            const auto body = parse(request.body, most_body);
            if (text_at(body, {"type"}) == "url_verification") {
                auto challenge = no(200, "");
                challenge.body = text_at(body, {"challenge"});
                return challenge;
            }
            auto payload = read_payload("events_api", body);
            const auto* const event = std::get_if<Event>(&payload);
            auto delivery =
                event && !event->event_id.empty() ? "event:" + event->event_id : "signature:" + std::string{signature};
            return Received{std::move(payload), std::move(delivery)};
        }
        std::erase_if(seen_, [&](const auto& entry) { return entry.second < now - 2 * window; });
        if (!seen_.emplace(signature, now).second)
            return no(401, "this came before");
        const auto fields = net::form_in(request.body);
        if (!fields)
            return no(400, "this is no form");
        const auto form = object_of(*fields);
        auto payload = is_command ? read_payload("slash_commands", form)
                                  : read_payload("interactive", parse(text_at(form, {"payload"}), most_body));
        return Received{std::move(payload), "signature:" + std::string{signature}};
    } catch (const BadJson& problem) {
        return no(400, problem.what());
    }
}

net::Response HttpDoor::answer(const Json& said)
{
    net::Response response;
    if (said.is_null())
        return response;
    response.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    response.body = said.dump(-1, ' ', false, Json::error_handler_t::replace);
    return response;
}

} // namespace slack
