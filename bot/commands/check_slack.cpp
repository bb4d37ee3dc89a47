#include "commands/check_slack.hpp"

#include "doors/within.hpp"
#include "oncall/policy.hpp"
#include "slack/errors.hpp"
#include "slack/scopes.hpp"

#include <algorithm>
#include <iomanip>
#include <locale>
#include <sstream>

namespace commands {

using namespace std::chrono_literals;
using doors::TimePoint;
using slack::at;
using slack::ErrorClass;
using slack::Json;
using slack::text_at;

namespace {

constexpr auto hello_limit = 10s;
constexpr auto all_limit = 40s; // with everything Slack is asked; a 429 is waited for as long as that fits
constexpr auto clock_limit = 60s;

/// "Tue, 03 Nov 2026 12:00:00 GMT" (RFC 9110, 5.6.7)
std::optional<TimePoint> http_date(std::string_view text)
{
    std::istringstream in{std::string{text}};
    in.imbue(std::locale::classic());
    std::tm parts{};
    in >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
    const std::chrono::year_month_day date{std::chrono::year{parts.tm_year + 1900},
        std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)}, std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    if (in.fail() || !date.ok())
        return std::nullopt;
    return TimePoint{std::chrono::sys_days{date}} + std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min}
    + std::chrono::seconds{parts.tm_sec};
}

bool has_groups(const oncall::Configuration& configuration)
{
    return std::any_of(configuration.teams.begin(), configuration.teams.end(),
        [](const auto& entry) { return !entry.second.user_group.empty(); });
}

bool reads_groups(const oncall::Configuration& configuration)
{
    return has_groups(configuration)
        || std::any_of(configuration.policies.begin(), configuration.policies.end(),
            [](const auto& entry) { return !oncall::user_groups_of(entry.second).empty(); });
}

bool has_topics(const oncall::Configuration& configuration)
{
    return std::any_of(
        configuration.teams.begin(), configuration.teams.end(), [](const auto& entry) { return entry.second.topic; });
}

} // namespace

std::string joined(const std::vector<std::string>& all)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : ", ") + one;
    return text;
}

bool is_true(const slack::Json& json, std::string_view key)
{
    const auto& value = at(json, {key});
    return value.is_boolean() && value.get<bool>();
}

const std::vector<Scope>& scopes()
{
    static const auto all = [] {
        const std::map<std::string_view, bool (*)(const oncall::Configuration&)> needed{{"usergroups:read", reads_groups},
            {"usergroups:write", has_groups}, {"channels:write.topic", has_topics}, {"groups:write.topic", has_topics}};
        std::vector<Scope> made;
        for (const auto& use : slack::scope_uses()) {
            const auto found = needed.find(use.name);
            made.push_back({use.name, use.without, found == needed.end() ? nullptr : found->second, use.is_optional});
        }
        return made;
    }();
    return all;
}

SlackCheck::SlackCheck(
    const config::Settings& settings, const oncall::Configuration& configuration, CheckDoors doors, const Tell& tell)
    : settings_{settings}
    , configuration_{configuration}
    , doors_{doors}
    , tell_{tell}
    , client_{doors.network, settings.slack_api_url, settings.slack_bot_token.get()}
    , end_{doors.clock.now() + all_limit}
{
    client_.watch([this](const net::Response& response) { look_at(response); });
}

asio::awaitable<void> SlackCheck::run(int others)
{
    const bool known = co_await check_token();
    check_clock();
    if (known)
        check_scopes();
    if (!settings_.slack_app_token.get().empty() && client_.reachable())
        co_await check_socket(others);
    if (!settings_.slack_signing_secret.get().empty())
        co_await check_address(others > 0);
    if (!known) {
        note("Channels and people were not looked for.");
        co_return;
    }
    co_await check_channels();
    co_await check_groups();
    co_await check_people();
}

/// The first answer tells what time it is at Slack's, and what the token may.
void SlackCheck::look_at(const net::Response& response)
{
    if (!ahead_)
        if (const auto theirs = http_date(net::header(response.headers, "Date")))
            ahead_ = std::chrono::round<std::chrono::seconds>(doors_.clock.now() - *theirs);
    if (const auto list = net::header(response.headers, "x-oauth-scopes"); !granted_ && !list.empty())
        granted_ = slack::scopes_in(list);
}

asio::awaitable<Json> SlackCheck::ask(std::string method, Json arguments)
{
    auto asked = ask(std::move(method), std::move(arguments), settings_.slack_bot_token.get());
    co_return co_await std::move(asked);
}

/// Slack's answer; a 429 is waited for while there is time. Throws slack::Error.
asio::awaitable<Json> SlackCheck::ask(std::string method, Json arguments, std::string token)
{
    while (true) {
        if (doors_.clock.now() >= end_)
            throw slack::Error{ErrorClass::transient, method, "no_time_left", "", false};
        std::optional<slack::Error> failure;
        try {
            auto given = arguments;
            co_return co_await client_.call(method, std::move(given), token);
        } catch (const slack::Error& error) {
            failure.emplace(error);
        }
        const auto rest = failure->retry_after().value_or(5s);
        if (failure->error_class() != ErrorClass::slow_down || doors_.clock.now() + rest > end_)
            throw slack::Error{*failure};
        co_await doors_.clock.pause(rest);
    }
}

/// Whether there is any use in asking more.
asio::awaitable<bool> SlackCheck::check_token()
{
    std::optional<slack::Error> failure;
    Json us;
    try {
        Json nothing = Json::object();
        us = co_await ask("auth.test", std::move(nothing));
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (!failure) {
        if (const auto user = text_at(us, {"user"}); !user.empty())
            name_ = user;
        bot_id_ = text_at(us, {"bot_id"});
        good("Slack knows the bot as @" + name_ + " in the workspace " + text_at(us, {"team"}) + ".");
        co_return true;
    }
    switch (failure->error_class()) {
    case ErrorClass::auth_dead:
    case ErrorClass::token_aged:
        bad("Slack does not accept SLACK_BOT_TOKEN (" + failure->code() + ").",
            "Copy the Bot User OAuth Token (xoxb-…) from your app's page OAuth & Permissions at "
            "https://api.slack.com/apps; if there is none, install the app to the workspace.");
        break;
    case ErrorClass::unreachable:
    case ErrorClass::transient:
        bad("Slack does not answer at " + settings_.slack_api_url + " (" + failure->code()
                + (failure->details().empty() ? "" : ": " + failure->details()) + ").",
            "Let this machine out to slack.com, port 443 (name server, firewall); if all is well here, see "
            "https://slack-status.com.");
        break;
    default: bad("Slack does not let SLACK_BOT_TOKEN in: " + slack::words_of(*failure) + ".", slack::fix_of(*failure, name_));
    }
    co_return false;
}

void SlackCheck::check_clock() const
{
    if (!ahead_) {
        note("Slack did not say what time it is, so this machine's clock was not compared.");
        return;
    }
    const auto off = std::chrono::abs(*ahead_);
    const auto words = oncall::duration_out(off);
    if (off <= clock_limit)
        good(off <= 2s ? "The clock is right." : "The clock is right to " + words + ".");
    else
        bad("This machine's clock is " + words + (*ahead_ > 0s ? " ahead of" : " behind") + " Slack's.",
            "Let it be set by the network (timedatectl set-ntp true): handoffs and escalations go by it, and what "
            "Slack has signed is refused when it is 5 min off.");
}

void SlackCheck::check_scopes() const
{
    if (!granted_) {
        note("Slack did not say which scopes the token has.");
        return;
    }
    constexpr auto add =
        "Add it on your app's page OAuth & Permissions, Bot Token Scopes, and reinstall the app to the workspace.";
    std::size_t missing = 0, spare = 0;
    for (const auto& scope : scopes())
        if (granted_->contains(std::string{scope.name}))
            continue;
        else if (scope.is_needed && !scope.is_needed(configuration_)) {
            ++spare;
            note("The scope " + std::string{scope.name} + " is missing, and nothing in the configuration needs it.");
        } else if (scope.is_optional) {
            ++spare;
            tell_({Finding::Verdict::note,
                "The scope " + std::string{scope.name}
                    + " is missing, without which people are paged all the same: " + std::string{scope.without} + ".",
                add});
        } else {
            ++missing;
            bad("The scope " + std::string{scope.name} + " is missing: " + std::string{scope.without} + ".", add);
        }
    if (missing + spare == 0)
        good("All " + std::to_string(scopes().size()) + " scopes are granted.");
    else if (missing == 0)
        good("All scopes that are needed are granted.");
}

/// The first thing Slack says on a link of our own: its hello, or why there is none. The link is closed at once, so that hardly
/// anything meant for the service comes by it.
asio::awaitable<Json> SlackCheck::greeting(std::string url)
{
    const auto link = co_await doors_.network.connect(std::move(url));
    while (true) {
        const auto text = co_await link->read();
        Json frame;
        try {
            frame = slack::parse(text);
        } catch (const slack::BadJson&) {
            continue;
        }
        if (const auto type = text_at(frame, {"type"}); type != "hello" && type != "disconnect")
            continue;
        co_await link->close();
        co_return frame;
    }
}

/// Where Slack posts to. Asked without Slack's signature, the service says no; whatever else answers there is not the service.
asio::awaitable<void> SlackCheck::check_address(bool is_running)
{
    const auto address = settings_.public_url + "/slack/events";
    if (settings_.public_url.empty() || !is_running) {
        good("HTTP mode: the signing secret is set. Whether Slack reaches "
            + (settings_.public_url.empty() ? "this machine" : settings_.public_url + "/slack/…")
            + " cannot be seen from here; /oncall in Slack shows it.");
        co_return;
    }
    if (!address.starts_with("https://")) {
        bad("HTTP mode: Slack posts only to https addresses, and ONCALL_PUBLIC_URL is " + settings_.public_url + ".",
            "Put a proxy with a certificate before this bot (manifest/Caddyfile, manifest/nginx.conf), and set ONCALL_PUBLIC_URL "
            "to "
            "its address.");
        co_return;
    }
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = "{}";
    net::FetchLimits limits;
    limits.timeout = hello_limit;
    std::string trouble;
    try {
        auto url = address;
        const auto answer = co_await doors_.network.fetch(std::move(url), std::move(request), limits);
        if (answer.status != 401)
            trouble = "it answers with " + std::to_string(answer.status) + " instead of refusing what Slack has not signed";
    } catch (const net::Failure& failure) {
        trouble = failure.what();
    }
    if (trouble.empty())
        good("HTTP mode: the service answers at " + address + ", and refuses what Slack has not signed.");
    else
        bad("HTTP mode: the service is not reached at " + address + ": " + trouble + ".",
            "See that the proxy passes /slack/ on to ONCALL_LISTEN, and that ONCALL_PUBLIC_URL is its address; or use Socket "
            "Mode.");
}

/// Which app the bot token is of; unknown without users:read.
asio::awaitable<void> SlackCheck::ask_for_app()
{
    Json arguments;
    arguments["bot"] = bot_id_;
    try {
        const auto answer = co_await ask("bots.info", std::move(arguments));
        app_id_ = text_at(answer, {"bot", "app_id"});
    } catch (const slack::Error&) {
        // Then the tokens are not compared.
    }
}

asio::awaitable<void> SlackCheck::check_socket(int others)
{
    if (!bot_id_.empty())
        co_await ask_for_app();
    std::optional<slack::Error> failure;
    std::string url, trouble;
    Json hello;
    try {
        Json nothing = Json::object();
        const auto opened = co_await ask("apps.connections.open", std::move(nothing), settings_.slack_app_token.get());
        url = text_at(opened, {"url"});
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (failure) {
        const bool refused = failure->error_class() == ErrorClass::auth_dead || failure->error_class() == ErrorClass::setup;
        bad(refused ? "Slack does not accept SLACK_APP_TOKEN (" + failure->code() + ")."
                    : "Slack gives no link for Socket Mode (" + failure->code() + ").",
            refused ? "Make an app-level token (xapp-…) with the scope connections:write on your app's page "
                      "Basic Information, and put that into SLACK_APP_TOKEN."
                    : "Run this again in a minute; if it stays, see https://slack-status.com.");
        co_return;
    }
    try {
        auto greeted = greeting(url);
        hello = co_await doors::within(doors_.clock, hello_limit, std::move(greeted));
    } catch (const net::Failure& error) {
        trouble = error.what();
    } catch (const doors::TimedOut& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) {
        bad("The link to Slack cannot be opened (" + trouble + ").",
            "Let this machine out to wss-primary.slack.com and wss-backup.slack.com, port 443, WebSockets too.");
        co_return;
    }
    judge_greeting(hello, others);
}

void SlackCheck::judge_greeting(const Json& frame, int others) const
{
    const auto reason = text_at(frame, {"reason"});
    if (text_at(frame, {"type"}) != "hello") {
        if (reason == "too_many_websockets")
            note("Socket Mode: the app has all the links it may have, so none could be opened to try. Stop other "
                 "processes that use the same app token.");
        else if (reason == "link_disabled")
            bad("Socket Mode is switched off.",
                "Turn it on: your app's page Socket Mode. Or come in by HTTP: set SLACK_SIGNING_SECRET and take "
                "manifest/slack-http.yaml.");
        else
            bad("Slack ends the link at once (" + reason + ").",
                "Run this again in a minute; if it stays, see https://slack-status.com.");
        return;
    }
    const auto its = text_at(frame, {"connection_info", "app_id"});
    if (!its.empty() && !app_id_.empty() && its != app_id_) {
        bad("The two tokens are of two apps: SLACK_BOT_TOKEN of " + app_id_ + ", SLACK_APP_TOKEN of " + its + ".",
            "Take both from the same app; as it is, clicks and commands go elsewhere.");
        return;
    }
    good("Socket Mode: Slack said hello.");
    const auto& number = at(frame, {"num_connections"});
    const int open = number.is_number_integer() ? number.get<int>() : 1;
    if (open > others + 1)
        note("The app has " + std::to_string(open - 1 - others)
            + " more links open than are known of here. If another process uses the same app token, each gets only a part of "
              "the clicks: stop it.");
}

} // namespace commands
