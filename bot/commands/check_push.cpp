#include "commands/check_push.hpp"

#include "notify/http_outcome.hpp"

#include <nlohmann/json.hpp>

namespace commands {

namespace {

bool is_success(const notify::Heard& heard) { return heard.response && heard.response->status / 100 == 2; }

std::string trouble_of(const notify::Heard& heard)
{
    return heard.response ? "it answers with " + std::to_string(heard.response->status) : heard.outcome.why;
}

asio::awaitable<notify::Heard> get(net::Network& network, std::string url)
{
    net::Request request;
    auto asking = notify::ask(network, std::move(url), std::move(request), false);
    co_return co_await std::move(asking);
}

asio::awaitable<void> check_ntfy(const config::Settings& settings, CheckDoors doors, const Tell& tell)
{
    net::Request request;
    if (!settings.ntfy_token.get().empty())
        request.headers = {{"Authorization", "Bearer " + settings.ntfy_token.get()}};
    // With a token: whether it is one. Everybody else is told whether the server is well.
    const std::string path{settings.ntfy_token.get().empty() ? "/v1/health" : "/v1/account"};
    auto asking = notify::ask(doors.network, settings.ntfy_url + path, std::move(request), false);
    const auto heard = co_await std::move(asking);
    const int status = heard.response ? heard.response->status : 0;
    if (status == 401 || status == 403)
        tell({Verdict::bad, "ntfy at " + settings.ntfy_url + " does not accept NTFY_TOKEN.",
            "make a token by `ntfy token add USER` on its server, and copy it."});
    else if (is_success(heard) && !notify::body_of(*heard.response).empty())
        tell({Verdict::good, "ntfy at " + settings.ntfy_url + " is there.", ""});
    else
        tell({Verdict::bad,
            "ntfy is not at NTFY_URL: " + (is_success(heard) ? "what answers there is no ntfy server" : trouble_of(heard)) + ".",
            "check NTFY_URL, and that this machine may connect there."});
}

asio::awaitable<void> check_pushover(const config::Settings& settings, CheckDoors doors, const Tell& tell)
{
    auto asking = get(doors.network, "https://api.pushover.net/1/apps/limits.json?token=" + settings.pushover_token.get());
    const auto heard = co_await std::move(asking);
    const auto body = heard.response ? notify::body_of(*heard.response) : nlohmann::json::object();
    const auto left = body.find("remaining");
    const bool counted = left != body.end() && left->is_number_integer();
    if (is_success(heard) && counted && left->get<std::int64_t>() > 0)
        tell({Verdict::good,
            "Pushover accepts PUSHOVER_TOKEN; " + std::to_string(left->get<std::int64_t>()) + " messages are left this month.",
            ""});
    else if (is_success(heard) && counted)
        tell({Verdict::bad, "Pushover sends nothing more this month: the application's messages are used up.",
            "buy more at pushover.net, or tell people to use another way until the first of next month."});
    else if (heard.response && heard.response->status / 100 == 4)
        tell({Verdict::bad, "Pushover does not accept PUSHOVER_TOKEN.",
            "copy the API token of your application at pushover.net."});
    else
        tell({Verdict::bad, "Pushover was not reached: " + trouble_of(heard) + ".",
            "check that this machine may connect to api.pushover.net."});
}

asio::awaitable<void> check_gotify(const config::Settings& settings, CheckDoors doors, const Tell& tell)
{
    auto asking = get(doors.network, settings.gotify_url + "/version");
    const auto heard = co_await std::move(asking);
    if (is_success(heard) && notify::body_of(*heard.response).contains("version"))
        tell({Verdict::good, "Gotify at " + settings.gotify_url + " is there.", ""});
    else
        tell({Verdict::bad,
            "Gotify is not at GOTIFY_URL: " + (is_success(heard) ? "what answers there is no Gotify server" : trouble_of(heard))
                + ".",
            "check GOTIFY_URL, and that this machine may connect there."});
}

} // namespace

asio::awaitable<void> check_push(const config::Settings& settings, CheckDoors doors, const Tell& tell)
{
    // What is wrong in itself has been said, and is not asked.
    const auto is_sound = [](const std::string& url) { return url.find("://") != url.npos; };
    if (is_sound(settings.ntfy_url))
        co_await check_ntfy(settings, doors, tell);
    if (settings.pushover_token.get().size() == 30)
        co_await check_pushover(settings, doors, tell);
    if (is_sound(settings.gotify_url))
        co_await check_gotify(settings, doors, tell);
    const bool any = !settings.ntfy_url.empty() || !settings.pushover_token.get().empty() || !settings.gotify_url.empty();
    if (settings.public_url.starts_with("https://"))
        tell({Verdict::good, "Browsers can be notified: people subscribe theirs from Slack.", ""});
    else if (!any)
        tell({Verdict::note,
            "No way to push is set up, so nothing but telephones could wake anybody. Set ONCALL_PUBLIC_URL (for browsers), "
            "NTFY_URL, "
            "PUSHOVER_TOKEN or GOTIFY_URL.",
            ""});
    if (settings.private_webhooks)
        tell({Verdict::note,
            "ONCALL_PRIVATE_WEBHOOKS is on: whoever may set up a webhook can have this machine call addresses of your own "
            "network.",
            ""});
}

} // namespace commands
