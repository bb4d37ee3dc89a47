#include "slack/client.hpp"

#include "net/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace slack {

namespace {

constexpr std::size_t most_answer = 4 << 20;
constexpr std::chrono::seconds patience{10}; // with one call; what follows in its lane waits as long
constexpr std::string_view hooks = "https://hooks.slack.com/";

using enum ErrorClass;

/// These may have done part of it before they failed.
bool maybe_done(std::string_view code) { return code == "internal_error" || code == "fatal_error" || code == "request_timeout"; }

/// Methods that take no JSON body (docs.slack.dev, reference/methods).
bool wants_form(std::string_view method)
{
    constexpr std::array<std::string_view, 18> forms{"conversations.info", "conversations.list", "conversations.members",
        "conversations.replies", "users.info", "users.list", "users.lookupByEmail", "users.conversations", "users.getPresence",
        "usergroups.list", "usergroups.users.list", "dnd.info", "dnd.teamInfo", "bots.info", "emoji.list", "chat.getPermalink",
        "files.getUploadURLExternal", "users.profile.get"};
    return std::find(forms.begin(), forms.end(), method) != forms.end();
}

std::string form_of(const Json& arguments)
{
    std::vector<net::Header> fields;
    for (const auto& [name, value] : arguments.items())
        if (!value.is_null())
            fields.push_back({name,
                value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace)});
    return net::form_out(fields);
}

std::optional<std::chrono::seconds> retry_after(const net::Response& response)
{
    const auto text = net::header(response.headers, "Retry-After");
    int seconds{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || seconds < 0 || seconds > 86'400)
        return std::nullopt;
    return std::chrono::seconds{seconds};
}

std::string details_of(const Json& answer)
{
    std::string details;
    const auto add = [&](const std::string& text) { details += (details.empty() ? "" : "; ") + text; };
    for (const auto* key : {"needed", "provided"})
        if (auto value = text_at(answer, {key}); !value.empty())
            add(std::string{key} + " " + value);
    for (const auto& list : {at(answer, {"errors"}), at(answer, {"response_metadata", "messages"})})
        if (list.is_array())
            for (const auto& one : list)
                if (one.is_string() && details.size() < 2'000)
                    add(one.get<std::string>());
    return details;
}

Json read(const std::string& method, const net::Response& response)
{
    if (response.status == 429)
        throw Error{slow_down, method, "http_429", "", false, retry_after(response)};
    Json answer;
    std::string broken;
    try {
        answer = parse(response.body, most_answer);
    } catch (const BadJson& problem) {
        broken = problem.what();
    }
    const auto status = "http_" + std::to_string(response.status);
    if (response.status >= 500)
        throw Error{transient, method, status, "", true};
    if (!broken.empty() || !answer.is_object() || !at(answer, {"ok"}).is_boolean())
        throw Error{transient, method, response.status == 200 ? "bad_answer" : status, broken, true};
    if (answer["ok"].get<bool>())
        return answer;
    auto code = text_at(answer, {"error"});
    if (code.empty())
        code = "unknown_error";
    const auto error_class = classify(code);
    throw Error{error_class, method, code, details_of(answer), maybe_done(code),
        error_class == slow_down ? retry_after(response) : std::nullopt};
}

/// The scheme and host of a URL, with its port.
std::string_view origin(std::string_view url)
{
    const auto scheme = url.find("://");
    return scheme == url.npos ? std::string_view{} : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

bool on_loopback(std::string_view url)
{
    const auto site = origin(url);
    return site.starts_with("http://127.0.0.1:") || site.starts_with("http://localhost:") || site.starts_with("http://[::1]:");
}

/// A host of Slack's own, spoken to in secret: whatever else a payload names is not told our token.
bool is_slacks(const std::string& address)
{
    constexpr std::string_view domain{".slack.com"};
    try {
        const auto url = net::url_in(address);
        return url.secure && !url.link && url.port == 443 && url.host.size() > domain.size() && url.host.ends_with(domain);
    } catch (const net::Failure&) {
        return false;
    }
}

} // namespace

std::string_view name(ErrorClass c)
{
    switch (c) {
    case auth_dead: return "auth_dead";
    case token_aged: return "token_aged";
    case setup: return "setup";
    case our_bug: return "our_bug";
    case slow_down: return "slow_down";
    case transient: return "transient";
    case unreachable: return "unreachable";
    case migration: return "migration";
    case gone: return "gone";
    case refused: break;
    }
    return "refused";
}

Error::Error(ErrorClass error_class, std::string method, std::string code, std::string details, bool done,
    std::optional<std::chrono::seconds> after)
    : std::runtime_error{method + ": " + code + (details.empty() ? "" : " (" + details + ")")}
    , class_{error_class}
    , method_{std::move(method)}
    , code_{std::move(code)}
    , details_{std::move(details)}
    , maybe_done_{done}
    , retry_after_{after}
{
}

Client::Client(net::Network& network, std::string api_url, std::string bot_token)
    : network_{network}
    , api_url_{std::move(api_url)}
    , token_{std::move(bot_token)}
{
}

asio::awaitable<Json> Client::call(std::string method, Json arguments)
{
    auto token = token_;
    co_return co_await call(std::move(method), std::move(arguments), std::move(token));
}

asio::awaitable<Json> Client::call(std::string method, Json arguments, std::string token)
{
    net::Request request;
    request.method = "POST";
    const bool form = wants_form(method) || arguments.empty();
    request.headers = {{"Authorization", "Bearer " + token},
        {"Content-Type", form ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8"}};
    request.body = form ? form_of(arguments) : arguments.dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto url = api_url_ + method;
    net::FetchLimits limits;
    limits.timeout = patience;
    limits.body = most_answer;
    net::Response response;
    std::optional<Error> failed;
    try {
        response = co_await network_.fetch(url, std::move(request), limits);
    } catch (const net::Failure& failure) {
        failed.emplace(failure.maybe_sent() ? transient : unreachable, method, failure.maybe_sent() ? "no_answer" : "unreachable",
            failure.what(), failure.maybe_sent());
    }
    reachable_ = !failed && response.status < 500;
    if (failed) {
        tell(method, response, &*failed);
        fail(*failed);
    }
    if (look_)
        look_(response);
    try {
        auto answer = read(method, response);
        note("ok");
        tell(method, response, nullptr);
        co_return answer;
    } catch (const Error& error) {
        note(name(error.error_class()));
        tell(method, response, &error);
        throw;
    }
}

asio::awaitable<void> Client::respond(std::string response_url, Json body)
{
    const std::string method = "response_url";
    const bool ours = response_url.starts_with(hooks) || (on_loopback(api_url_) && origin(response_url) == origin(api_url_));
    if (!ours)
        throw Error{our_bug, method, "foreign_host", "a response_url of another host", false};
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    net::FetchLimits limits;
    limits.timeout = patience;
    net::Response response;
    std::optional<Error> failed;
    try {
        response = co_await network_.fetch(std::move(response_url), std::move(request), limits);
    } catch (const net::Failure& failure) {
        failed.emplace(failure.maybe_sent() ? transient : unreachable, method, failure.maybe_sent() ? "no_answer" : "unreachable",
            failure.what(), failure.maybe_sent());
    }
    const auto status = "http_" + std::to_string(response.status);
    if (failed)
        fail(*failed);
    if (response.status == 429)
        fail({slow_down, method, status, "", false, retry_after(response)});
    if (response.status >= 500)
        fail({transient, method, status, "", true});
    if (response.status != 200)
        fail({refused, method, status, response.body.substr(0, 200), false});
    note("ok");
}

asio::awaitable<std::string> Client::download(std::string url, std::size_t most, std::chrono::milliseconds limit)
{
    const std::string method = "download";
    if (!is_slacks(url) && !(on_loopback(api_url_) && origin(url) == origin(api_url_)))
        throw Error{our_bug, method, "foreign_host", "a file at another host", false};
    net::Request request;
    request.method = "GET";
    request.headers = {{"Authorization", "Bearer " + token_}};
    net::FetchLimits limits;
    limits.timeout = limit;
    limits.body = most;
    net::Response response;
    std::optional<Error> failed;
    try {
        response = co_await network_.fetch(std::move(url), std::move(request), limits);
    } catch (const net::Failure& failure) {
        failed.emplace(transient, method, "no_answer", failure.what(), false);
    }
    const auto status = "http_" + std::to_string(response.status);
    if (failed)
        fail(*failed);
    if (response.status == 429)
        fail({slow_down, method, status, "", false, retry_after(response)});
    if (response.status >= 500)
        fail({transient, method, status, "", false});
    const bool page = net::header(response.headers, "Content-Type").starts_with("text/html");
    if (response.status / 100 == 3 || (response.status == 200 && page))
        fail({setup, method, "login_page", "files:read may be missing", false});
    if (response.status != 200)
        fail({refused, method, status, "", false});
    note("ok");
    co_return std::move(response.body);
}

void Client::note(std::string_view answer) const
{
    if (answered_)
        answered_(answer);
}

void Client::tell(const std::string& method, const net::Response& response, const Error* error) const
{
    if (called_)
        called_({method, error, std::string{net::header(response.headers, "x-oauth-scopes")}});
}

void Client::fail(const Error& error) const
{
    note(name(error.error_class()));
    throw Error{error};
}

} // namespace slack
