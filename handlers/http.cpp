#include "handlers/http.hpp"

#include "handlers/slack.hpp"
#include "handlers/sources/sources.hpp"

namespace handlers {

using slack::Json;

namespace {

net::Response json(int status, const Json& body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

net::Response no(int status, const std::string& why)
{
    auto response = json(status, Json{{"status", "error"}, {"message", why}});
    if (status == 429 || status == 503)
        response.headers.push_back({"Retry-After", status == 429 ? "60" : "5"});
    return response;
}

constexpr std::string_view hooks = "/hooks/";
constexpr int most_guesses = 20; // wrong keys a minute and address

struct Taken {
    std::vector<std::string> keys{};
    std::vector<std::int64_t> alerts{};
};

} // namespace

asio::awaitable<net::Response> Http::serve(net::Request request)
{
    const auto path = net::path(request.target);
    const auto wants = [&](std::string_view method) {
        return request.method == method || (method == "GET" && request.method == "HEAD");
    };
    if (path == "/health") {
        if (!wants("GET"))
            co_return no(405, "use GET");
        co_return json(200, Json{{"status", "ok"}});
    }
    if (path.substr(0, hooks.size()) == hooks) {
        if (!wants("POST"))
            co_return no(405, "use POST");
        co_return co_await hook(std::move(request));
    }
    if (path.starts_with("/slack/")) {
        if (!wants("POST"))
            co_return no(405, "use POST");
        co_return co_await slack_request(std::move(request));
    }
    co_return no(404, "there is nothing here; alerts go to POST /hooks/{key}");
}

bool Http::guesses_too_much(const std::string& peer)
{
    const auto now = app_.clock.now();
    const auto found = guesses_.find(peer);
    return found != guesses_.end() && now - found->second.since < std::chrono::minutes{1} && found->second.count >= most_guesses;
}

asio::awaitable<net::Response> Http::hook(net::Request request)
{
    if (guesses_too_much(request.peer))
        co_return no(429, "too many wrong keys; wait a minute");
    const auto key = net::percent_decode(net::path(request.target).substr(hooks.size()), false);
    // Looked up by its hash: how long it takes tells nothing about the keys there are.
    const auto source = app_.source_by_key.find(storage::sha256(key.value_or("")));
    const auto* configured = source != app_.source_by_key.end() ? &app_.configuration->sources.at(source->second) : nullptr;
    if (!configured) {
        const auto now = app_.clock.now();
        if (guesses_.size() > 10'000)
            guesses_.clear();
        auto& guesses = guesses_[request.peer];
        if (now - guesses.since >= std::chrono::minutes{1})
            guesses = {now, 0};
        ++guesses.count;
        co_return no(401, "no source has this key");
    }

    std::vector<Report> reports;
    try {
        const auto payload = slack::parse(request.body, 512 << 10);
        reports = sources::format(configured->format)(payload);
    } catch (const slack::BadJson& problem) {
        co_return no(400, problem.what());
    } catch (const sources::BadPayload& problem) {
        co_return no(400, problem.what());
    }
    // A key of our own lets whoever sent it resolve it later.
    for (auto& report : reports)
        if (report.dedup_key.empty())
            report.dedup_key = app_.random.token();

    const Asked asked{"", "", configured->name, app_.clock.now()};
    auto take = [&](storage::Transaction& tx) {
        Taken taken;
        for (const auto& report : reports) {
            taken.keys.push_back(report.dedup_key);
            taken.alerts.push_back(receive(tx, app_, configured->name, report, asked).value);
        }
        return taken;
    };
    std::string problem;
    int status = 503;
    Taken taken;
    try {
        taken = co_await app_.database.transaction(take);
    } catch (const storage::Busy&) {
        problem = "too much to do right now; send it again";
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("an alert could not be stored", {{"source", configured->name}, {"error", error.what()}});
        problem = "the alert could not be stored; send it again";
    }
    if (!problem.empty())
        co_return no(status, problem);

    Json answer;
    answer["status"] = "success";
    answer["dedup_key"] = taken.keys.empty() ? "" : taken.keys.front();
    if (taken.keys.size() > 1)
        answer["dedup_keys"] = taken.keys;
    answer["alerts"] = taken.alerts;
    co_return json(202, answer);
}

/// What a handler throws becomes a 500: Slack tells whoever pressed, and sends an event again.
asio::awaitable<net::Response> Http::slack_request(net::Request request)
{
    auto received = slack_.receive(request, app_.clock.now());
    if (auto* at_once = std::get_if<net::Response>(&received)) {
        if (at_once->status == 401)
            app_.log.warning("a request to Slack's door was refused; check SLACK_SIGNING_SECRET and this machine's clock",
                {{"path", std::string{net::path(request.target).substr(0, 40)}}, {"peer", request.peer}});
        co_return std::move(*at_once);
    }
    auto& found = std::get<slack::HttpDoor::Received>(received);
    auto handled = from_slack(std::move(found.payload), std::move(found.delivery), app_);
    const auto said = co_await std::move(handled);
    co_return slack::HttpDoor::answer(said);
}

} // namespace handlers
