#pragma once

#include "net/network.hpp"
#include "slack/message.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace slack {

namespace asio = boost::asio;

/// What an error means for the caller (Slack's documentation of common errors, one case each).
enum class ErrorClass {
    auth_dead, // invalid_auth, token_revoked, …: stop and shout
    token_aged, // token_expired
    setup, // missing_scope, no_permission, …: a person must change the app or the workspace
    our_bug, // invalid_arguments, invalid_blocks, …: send plainer, do not repeat
    slow_down, // 429, ratelimited: wait `retry_after`
    transient, // 5xx, internal_error, service_unavailable, broken body: repeat with backoff
    unreachable, // no answer and nothing was sent: repeat at once is safe
    migration, // org_login_required, team_added_to_org: repeat for a long time
    gone, // method_deprecated, unknown_method
    refused, // the method's own no: channel_not_found, is_archived, users_not_found, …
};

std::string_view name(ErrorClass c);
/// The class of an `error` code of an answer with ok:false.
ErrorClass classify(std::string_view code);

class Error : public std::runtime_error {
public:
    Error(ErrorClass error_class, std::string method, std::string code, std::string details, bool maybe_done,
        std::optional<std::chrono::seconds> retry_after = std::nullopt);
    ErrorClass error_class() const { return class_; }
    const std::string& method() const { return method_; }
    /// Slack's code ("channel_not_found"), or "http_503", "timeout", "unreachable".
    const std::string& code() const { return code_; }
    /// needed/provided scopes, response_metadata.messages; for the log.
    const std::string& details() const { return details_; }
    /// The call may have taken effect (timeout, 5xx, internal_error, fatal_error): read back before repeating a post.
    bool maybe_done() const { return maybe_done_; }
    std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }

private:
    ErrorClass class_;
    std::string method_, code_, details_;
    bool maybe_done_;
    std::optional<std::chrono::seconds> retry_after_;
};

/// A call of the Web API and what came of it.
struct Called {
    std::string method{};
    const Error* error{}; // nullptr: it was done
    std::string scopes{}; // of the token, with commas, as the answer says; empty: it does not
};

/// Slack's Web API. Never repeats by itself: whoever called decides. Holds the token; never logs it.
class Client {
public:
    /// `api_url` ends in a slash. `network` must outlive the client.
    Client(net::Network& network, std::string api_url, std::string bot_token);

    /// Calls `method` with `arguments` (an object; JSON for methods that take it, else a form). Returns the answer, which has
    /// ok:true; throws Error.
    asio::awaitable<Json> call(std::string method, Json arguments);
    /// The same with another token (apps.connections.open takes the app-level one).
    asio::awaitable<Json> call(std::string method, Json arguments, std::string token);
    /// Posts to a response_url. Refuses (Error, our_bug) any host but hooks.slack.com, or the API's own host on loopback.
    asio::awaitable<void> respond(std::string response_url, Json body);
    /// The bytes of a file that somebody gave us, by its `url_private_download`: at most `most` of them, within `patience`. Only
    /// Slack's hosts (https://….slack.com, or the API's own on loopback) are told the token. What Slack answers without the file
    /// (it shows a login page to those without files:read) is an Error of class `setup`.
    asio::awaitable<std::string> download(std::string url, std::size_t most, std::chrono::milliseconds patience);

    /// `look` is shown each answer to a call, with its headers, before it is judged.
    void watch(std::function<void(const net::Response&)> look) { look_ = std::move(look); }

    /// Told of the outcome of each call: "ok", or the name of the error's class.
    void on_answer(std::function<void(std::string_view)> listener) { answered_ = std::move(listener); }
    /// The same in full, of each call of a method.
    void on_call(std::function<void(const Called&)> listener) { called_ = std::move(listener); }
    /// Whether the last call got any answer; true before the first.
    bool reachable() const { return reachable_; }

private:
    void note(std::string_view answer) const;
    void tell(const std::string& method, const net::Response& response, const Error* error) const;
    [[noreturn]] void fail(const Error& error) const; // noted, then thrown

    net::Network& network_;
    std::string api_url_;
    std::string token_;
    std::function<void(const net::Response&)> look_{};
    bool reachable_{true};
    std::function<void(std::string_view)> answered_{};
    std::function<void(const Called&)> called_{};
};

} // namespace slack
