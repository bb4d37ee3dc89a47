#include "handlers/http.hpp"

#include "handlers/slack.hpp"
#include "handlers/web/answer.hpp"
#include "handlers/web/contact_card.hpp"
#include "handlers/web/pager.hpp"
#include "handlers/web/push.hpp"
#include "handlers/web_answers.hpp"

namespace handlers {

asio::awaitable<net::Response> Http::serve(net::Request request)
{
    const auto path = net::path(request.target);
    const auto wants = [&](std::string_view method) {
        return request.method == method || (method == "GET" && request.method == "HEAD");
    };
    const auto* const probe = path == "/health" ? &probes_.health
        : path == "/ready"                      ? &probes_.ready
        : path == "/metrics"                    ? &probes_.metrics
                                                : nullptr;
    if (probe) {
        if (!wants("GET"))
            co_return no_response(405, "use GET");
        auto saying = (*probe)();
        co_return co_await std::move(saying);
    }
    if (Hooks::takes(path)) {
        auto taking = hooks_.serve(std::move(request));
        co_return co_await std::move(taking);
    }
    if (OpsgenieDoor::takes(path)) {
        auto taking = opsgenie_.serve(std::move(request));
        co_return co_await std::move(taking);
    }
    if (path.starts_with("/a/")) {
        if (!wants("GET") && !wants("POST"))
            co_return no_response(405, "use GET or POST");
        co_return co_await link(std::move(request));
    }
    if (path.starts_with("/twilio/"))
        co_return co_await twilio_.serve(std::move(request));
    if (path.starts_with("/push/"))
        co_return co_await push(std::move(request));
    if (path.starts_with("/calendar/")) {
        if (!wants("GET"))
            co_return no_response(405, "use GET");
        co_return co_await calendar(std::move(request));
    }
    if (path == "/contact.vcf") {
        if (!wants("GET"))
            co_return no_response(405, "use GET");
        co_return contact_card(app_.callers);
    }
    if (path.starts_with("/slack/") && slack_.is_open()) {
        if (!wants("POST"))
            co_return no_response(405, "use POST");
        co_return co_await slack_request(std::move(request));
    }
    co_return no_response(404, "there is nothing here; alerts go to POST /hooks/{key}");
}

namespace {

bool is_for_sources(const net::Request& head)
{
    const auto path = net::path(head.target);
    return Hooks::takes(path) || OpsgenieDoor::takes(path);
}

} // namespace

std::size_t Http::most_body(const net::Request& head) const { return is_for_sources(head) ? hooks_.most_body(head) : 0; }

void Http::too_large(const net::Request& head)
{
    if (is_for_sources(head))
        hooks_.too_large(head);
}

/// A link that is ours works, whoever else guesses from there; nobody guesses 256 bits.
asio::awaitable<net::Response> Http::link(net::Request request)
{
    const auto address = who_sends(request);
    const bool is_test = net::path(request.target).starts_with("/a/test/");
    auto answering = is_test ? test_link(std::move(request), app_) : answer_link(std::move(request), app_);
    auto response = co_await std::move(answering);
    const auto now = app_.clock.now();
    if (response.status == 403 && links_.is_barred(address, "", now))
        co_return too_many_links();
    if (response.status == 403)
        links_.wrong(address, now);
    co_return response;
}

asio::awaitable<net::Response> Http::push(net::Request request)
{
    const auto address = who_sends(request);
    auto answering = push_page(std::move(request), app_);
    auto response = co_await std::move(answering);
    const auto now = app_.clock.now();
    if (response.status == 403 && links_.is_barred(address, "", now))
        co_return no_response(429, "too many wrong links; wait a minute");
    if (response.status == 403)
        links_.wrong(address, now);
    co_return response;
}

/// As for links: an address that is ours works, whoever else guesses from there.
asio::awaitable<net::Response> Http::calendar(net::Request request)
{
    const auto address = who_sends(request);
    auto answering = calendars_.serve(std::move(request));
    auto response = co_await std::move(answering);
    const auto now = app_.clock.now();
    if (response.status == 404 && links_.is_barred(address, "", now))
        co_return no_response(429, "too many wrong addresses; wait a minute");
    if (response.status == 404)
        links_.wrong(address, now);
    co_return response;
}

/// What a handler throws becomes a 500: Slack tells whoever pressed, and sends an event again.
asio::awaitable<net::Response> Http::slack_request(net::Request request)
{
    auto received = slack_.receive(request, app_.clock.now());
    if (auto* at_once = std::get_if<net::Response>(&received)) {
        // Anybody can knock: said once a minute.
        const auto now = app_.clock.now();
        if (at_once->status == 401 && now - refusal_said_ >= std::chrono::minutes{1}) {
            refusal_said_ = now;
            app_.log.warning("a request to Slack's door was refused; check SLACK_SIGNING_SECRET and this machine's clock",
                {{"path", std::string{net::path(request.target).substr(0, 40)}}, {"peer", who_sends(request)}});
        }
        co_return std::move(*at_once);
    }
    auto& found = std::get<slack::HttpDoor::Received>(received);
    auto handled = from_slack(std::move(found.payload), std::move(found.delivery), app_);
    const auto said = co_await std::move(handled);
    co_return slack::HttpDoor::answer(said);
}

} // namespace handlers
