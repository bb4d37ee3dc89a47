#include "notify/http_outcome.hpp"

#include "notify/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace notify {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::size_t longest_answer = 64 << 10;
constexpr int deepest_answer = 16;

/// Parsing goes as deep as the text does; copying it then would overflow the stack.
bool is_shallow(std::string_view text)
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            at += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > deepest_answer)
                return false;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return true;
}

std::string with(const std::string& what, const std::string& said) { return said.empty() ? what : what + " (" + said + ")"; }

} // namespace

std::optional<std::chrono::milliseconds> retry_after(const net::Response& response, TimePoint now)
{
    const std::string text{net::header(response.headers, "Retry-After")};
    if (text.empty())
        return std::nullopt;
    std::int64_t seconds{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc{} || end != text.data() + text.size()) {
        std::tm date{};
        const auto* const rest = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
        if (!rest || *rest)
            return std::nullopt;
        seconds = ::timegm(&date) - std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    }
    return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, 3'600)};
}

Outcome outcome_of(const net::Response& response, const std::string& said, TimePoint now)
{
    const auto status = response.status;
    const auto number = std::to_string(status);
    Outcome outcome;
    if (status >= 200 && status < 300)
        return outcome;
    if (status == 429 || status == 503) {
        outcome.how = Outcome::later;
        outcome.why = with(status == 429 ? "it asks us to send less (429)" : "it is overloaded (503)", said);
        outcome.retry_after = retry_after(response, now);
        return outcome;
    }
    if (status == 408 || status == 425 || status >= 500) {
        outcome.how = Outcome::later;
        outcome.why = with("it answers with " + number, said);
        return outcome;
    }
    outcome.how = Outcome::refused;
    outcome.why = status >= 300 && status < 400 ? "it answers with a redirect (" + number + "), which is not followed"
                                                : with("it answers with " + number, said);
    return outcome;
}

Outcome outcome_of(const net::Failure& failure)
{
    Outcome outcome;
    outcome.how = dynamic_cast<const net::NotPublic*>(&failure) ? Outcome::refused
        : failure.maybe_sent()                                  ? Outcome::unknown
                                                                : Outcome::later;
    outcome.why = one_line(failure.what(), 200);
    return outcome;
}

json body_of(const net::Response& response)
{
    if (response.body.size() > longest_answer || !is_shallow(response.body))
        return json::object();
    auto body = json::parse(response.body, nullptr, false);
    return body.is_object() ? body : json::object();
}

std::string text_in(const json& body, const std::string& name)
{
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? one_line(found->get<std::string>(), 200) : "";
}

std::string bytes_of(const json& body) { return body.dump(-1, ' ', false, json::error_handler_t::replace); }

asio::awaitable<Heard> ask(net::Network& network, std::string url, net::Request request, bool public_only)
{
    net::FetchLimits limits;
    limits.timeout = 20s;
    limits.body = 256 << 10;
    limits.public_only = public_only;
    Heard heard;
    try {
        heard.response = co_await network.fetch(std::move(url), std::move(request), limits);
    } catch (const net::Failure& failure) {
        heard.outcome = outcome_of(failure);
    }
    co_return heard;
}

net::Request post(const json& body)
{
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = bytes_of(body);
    return request;
}

} // namespace notify
