#include "handlers/pings.hpp"

#include "handlers/heartbeats.hpp"
#include "handlers/hooks.hpp"
#include "handlers/web_answers.hpp"
#include "notify/text.hpp"
#include "storage/first_events.hpp"
#include "storage/heartbeats.hpp"

#include <algorithm>

namespace handlers {

using oncall::Heartbeat;
using storage::Transaction;

namespace {

constexpr std::size_t most_pinged_name = 80; // characters, as in oncall.yaml

/// The parts between slashes, as they came.
std::vector<std::string_view> path_parts(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (true) {
        const auto slash = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, slash));
        if (slash == path.size())
            return parts;
        path.remove_prefix(slash + 1);
    }
}

/// What became of a ping.
struct Pinged {
    enum class Outcome { heard, unknown, too_many } outcome{Outcome::heard};
    bool made{};
    bool paused{};
};

Pinged take_ping(Transaction& tx, const Context& app, const std::string& source, const PingCall& call, TimePoint now)
{
    Pinged pinged;
    const storage::Heartbeats all{tx};
    auto found = all.find(source, call.name);
    if (!found) {
        const auto configuration = app.configuration();
        const auto its = configuration->sources.find(source);
        const auto every = its == configuration->sources.end() ? oncall::milliseconds{} : its->second.first_ping_makes;
        if (every == oncall::milliseconds{}) {
            pinged.outcome = Pinged::Outcome::unknown;
            return pinged;
        }
        if (all.made_by_pings(source) >= oncall::most_made_by_pings) {
            pinged.outcome = Pinged::Outcome::too_many;
            return pinged;
        }
        found = oncall::made_by_ping(source, call.name, every);
        all.add(*found);
        storage::Audit{tx}.add(
            now, "", source, "make_heartbeat", call.name, "", "by its first ping, " + oncall::interval_words(*found));
        pinged.made = true;
    }
    storage::FirstEvents{tx}.heard(source, now);
    heard_of(tx, app, *found, call.ping, now);
    pinged.paused = !found->enabled;
    return pinged;
}

} // namespace

bool is_ping_path(std::string_view path)
{
    const auto parts = path_parts(path);
    return parts.size() >= 3 && parts[1] == "ping";
}

std::optional<PingCall> ping_call(std::string_view path)
{
    auto parts = path_parts(path);
    if (parts.size() > 3 && parts.back().empty())
        parts.pop_back(); // a slash at its end
    if (parts.size() < 3 || parts.size() > 4 || parts[1] != "ping")
        return std::nullopt;
    auto ping = oncall::ping_in(parts.size() == 4 ? parts[3] : std::string_view{});
    const auto name = net::percent_decode(parts[2], false);
    if (!ping || !name)
        return std::nullopt;
    PingCall call;
    call.key = net::percent_decode(parts[0], false).value_or("");
    call.name = notify::one_line(*name, 1'000);
    call.ping = std::move(*ping);
    if (call.name.empty() || notify::one_line(call.name, most_pinged_name) != call.name)
        return std::nullopt;
    return call;
}

std::vector<blocks::Paste> ping_lines(const std::string& address, const std::string& key, const std::string& name)
{
    const std::string curl{"curl -fsS -m 10 --retry 5 -o /dev/null "};
    const auto url = address + "/hooks/" + (key.empty() ? "YOUR-KEY" : key) + "/ping/" + net::percent_encode(name);
    return {{"The last line of a job, which it comes to only when all went well:", curl + url},
        {"Or behind a command in a crontab, with its exit status: 0 is a success, all else a failure that is told at once.",
            "0 2 * * * /usr/local/bin/job.sh; " + curl + url + "/$?"},
        {"Or around it: then I see how long it takes, and an alert has its last words.",
            curl + url + "/start\nwords=$(/usr/local/bin/job.sh 2>&1); status=$?\nprintf %s \"$words\" | tail -c 10000 | " + curl
                + "--data-binary @- " + url + "/$status"}};
}

std::string last_words_of(std::string_view body)
{
    if (body.size() > oncall::most_last_words) {
        auto from = body.size() - oncall::most_last_words;
        while (from < body.size() && (static_cast<unsigned char>(body[from]) & 0xC0) == 0x80)
            ++from;
        body.remove_prefix(from);
    }
    auto words = notify::clean(body);
    while (!words.empty() && (words.back() == '\n' || words.back() == ' '))
        words.pop_back();
    return words.size() <= oncall::most_last_words ? words : notify::fitting(words, oncall::most_last_words);
}

asio::awaitable<net::Response> Hooks::ping(net::Request request)
{
    const auto& method = request.method;
    if (method != "GET" && method != "HEAD" && method != "POST" && method != "PUT")
        co_return no_response(405, "use GET, HEAD or POST");
    constexpr std::string_view before_key{"/hooks/"};
    const auto path = std::string{net::path(request.target).substr(before_key.size())};
    auto call = ping_call(path);
    // The key is asked for first: whoever guesses keys learns nothing else.
    const auto key = call ? call->key : std::string{path.substr(0, path.find('/'))};
    const auto knocked = door_.knock(key.empty() ? key_in_headers(request.headers) : key, who_sends(request));
    const auto source = knocked.source;
    if (knocked.barred)
        co_return no_response(429, "too many wrong keys; wait a minute");
    if (!source)
        co_return no_response(401, "no source has this key");
    auto sent = as_it_came(std::move(request), "", app_.clock.now());
    auto turning = turned_away(source, sent, manner_of(""));
    auto answer = co_await std::move(turning);
    if (answer)
        co_return std::move(*answer);
    if (!call)
        co_return no_response(404,
            "no heartbeat can be called so: /hooks/KEY/ping/NAME with a name of at most 80 characters, and behind it nothing, "
            "/start, /fail or an exit status from 0 to 255");
    call->ping.words = last_words_of(sent.text);
    sent = sources::Sent{}; // it may be large
    const auto now = app_.clock.now();
    Pinged pinged;
    std::string trouble;
    auto work = [&](Transaction& tx) { pinged = take_ping(tx, app_, source->name, *call, now); };
    try {
        co_await app_.database.transaction(work);
    } catch (const storage::Busy&) {
        trouble = "too much to do right now; send it again";
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("a ping could not be stored", {{"source", source->name}, {"error", error.what()}});
        trouble = "the ping could not be stored; send it again";
    }
    if (!trouble.empty())
        co_return no_response(503, trouble);
    const auto called = "heartbeat \"" + notify::one_line(call->name, 100) + "\"";
    if (pinged.outcome == Pinged::Outcome::unknown) {
        auto telling = door_.tell_refused(source,
            called
                + " does not exist, so nobody is told when it falls silent; add it by /oncall heartbeats, or let first pings "
                  "make them (first_ping_makes)");
        co_await std::move(telling);
        co_return no_response(404, called + " does not exist; add it by /oncall heartbeats in Slack, or in oncall.yaml");
    }
    if (pinged.outcome == Pinged::Outcome::too_many) {
        auto telling = door_.tell_refused(source,
            called + " was not made by its first ping, for " + std::to_string(oncall::most_made_by_pings)
                + " are; delete some by /oncall heartbeats. If nobody of yours pings so many, somebody else has the key: "
                  "replace it");
        co_await std::move(telling);
        co_return no_response(
            404, called + " was not made: first pings have made " + std::to_string(oncall::most_made_by_pings) + " already");
    }
    slack::Json body;
    body["status"] = "success";
    body["heartbeat"] = call->name;
    if (pinged.made)
        body["message"] = "it is a heartbeat from now on";
    else if (pinged.paused)
        body["message"] = "it is paused: its silence is told nobody";
    co_return json_response(200, body);
}

} // namespace handlers
