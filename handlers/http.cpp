#include "handlers/http.hpp"

#include "handlers/by_hand.hpp"
#include "handlers/slack.hpp"
#include "handlers/sources/sources.hpp"
#include "handlers/web/answer.hpp"
#include "handlers/web/contact_card.hpp"
#include "handlers/web/pager.hpp"
#include "handlers/web/push.hpp"

namespace handlers {

using slack::Json;

namespace {

net::Response json_response(int status, const Json& body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

net::Response no(int status, const std::string& why)
{
    auto response = json_response(status, Json{{"status", "error"}, {"message", why}});
    if (status == 429 || status == 503)
        response.headers.push_back({"Retry-After", status == 429 ? "60" : "5"});
    return response;
}

constexpr std::string_view hooks = "/hooks/";
constexpr std::size_t most_reports_at_once = 100; // in one transaction
constexpr std::size_t most_report = 512 << 10; // PagerDuty's limit, and the listener's: beyond it, 413

// "Approximately 120 calls a minute and integration key", over a window that looks back (PagerDuty, Events API Rate Limits).
constexpr std::size_t most_events = 120;
constexpr std::chrono::minutes events_within{1};

/// Who sends. A proxy on this machine says for whom it speaks; were all its clients one, a stranger's guesses would shut
/// everybody out. The last of a list is what the proxy itself has seen.
std::string sender(const net::Request& request)
{
    const bool here = request.peer == "127.0.0.1" || request.peer == "::1" || request.peer == "::ffff:127.0.0.1";
    // Of several lines the last, too: some proxies add one of their own below the client's.
    const std::vector<net::Header> last_first{request.headers.rbegin(), request.headers.rend()};
    auto forwarded = here ? net::header(last_first, "X-Forwarded-For") : std::string_view{};
    if (const auto comma = forwarded.rfind(','); comma != forwarded.npos)
        forwarded.remove_prefix(comma + 1);
    if (const auto first = forwarded.find_first_not_of(' '); first != forwarded.npos)
        forwarded = forwarded.substr(first, 64);
    return forwarded.empty() ? request.peer : std::string{forwarded};
}

/// As PagerDuty says no.
net::Response invalid_event(const std::vector<std::string>& errors)
{
    Json body;
    body["status"] = "invalid event";
    body["message"] = "Event object is invalid";
    body["errors"] = errors;
    return json_response(400, body);
}

net::Response too_many_events(std::chrono::seconds wait)
{
    Json body;
    body["status"] = "throttle exceeded";
    body["message"] = "Requests for this service are arriving too quickly. Please retry later.";
    auto response = json_response(429, body);
    response.headers.push_back({"Retry-After", std::to_string(wait.count())});
    return response;
}

std::string problems_joined(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : "; ") + word;
    return all;
}

} // namespace

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
            co_return no(405, "use GET");
        auto saying = (*probe)();
        co_return co_await std::move(saying);
    }
    if (path.substr(0, hooks.size()) == hooks) {
        if (!wants("POST"))
            co_return no(405, "use POST");
        co_return co_await hook(std::move(request));
    }
    if (path == "/v2/enqueue") {
        if (!wants("POST"))
            co_return no(405, "use POST");
        co_return co_await pagerduty(std::move(request), nullptr);
    }
    if (path.starts_with("/a/")) {
        if (!wants("GET") && !wants("POST"))
            co_return no(405, "use GET or POST");
        co_return co_await link(std::move(request));
    }
    if (path.starts_with("/twilio/"))
        co_return co_await twilio_.serve(std::move(request));
    if (path.starts_with("/push/"))
        co_return co_await push(std::move(request));
    if (path.starts_with("/calendar/")) {
        if (!wants("GET"))
            co_return no(405, "use GET");
        co_return co_await calendar(std::move(request));
    }
    if (path == "/contact.vcf") {
        if (!wants("GET"))
            co_return no(405, "use GET");
        co_return contact_card(app_.callers);
    }
    if (path.starts_with("/slack/") && slack_.is_open()) {
        if (!wants("POST"))
            co_return no(405, "use POST");
        co_return co_await slack_request(std::move(request));
    }
    co_return no(404, "there is nothing here; alerts go to POST /hooks/{key}");
}

Http::Knock Http::knock(const std::string& key, const std::string& address)
{
    // Looked up by its hash: how long it takes tells nothing about the keys there are.
    const auto hash = storage::sha256(key);
    const auto now = app_.clock.now();
    if (keys_.is_barred(address, hash, now))
        return {nullptr, true};
    const auto source = app_.source_by_key.find(hash);
    if (source == app_.source_by_key.end() || !source->second.holds(now)) {
        keys_.wrong(address, now);
        return {};
    }
    keys_.right(address, hash, now);
    auto configuration = app_.configuration();
    const auto found = configuration->sources.find(source->second.source);
    if (found == configuration->sources.end())
        return {}; // deleted this very moment
    return {std::shared_ptr<const oncall::Source>{std::move(configuration), &found->second}, false};
}

/// A link that is ours works, whoever else guesses from there; nobody guesses 256 bits.
asio::awaitable<net::Response> Http::link(net::Request request)
{
    const auto address = sender(request);
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
    const auto address = sender(request);
    auto answering = push_page(std::move(request), app_);
    auto response = co_await std::move(answering);
    const auto now = app_.clock.now();
    if (response.status == 403 && links_.is_barred(address, "", now))
        co_return no(429, "too many wrong links; wait a minute");
    if (response.status == 403)
        links_.wrong(address, now);
    co_return response;
}

/// As for links: an address that is ours works, whoever else guesses from there.
asio::awaitable<net::Response> Http::calendar(net::Request request)
{
    const auto address = sender(request);
    auto answering = calendars_.serve(std::move(request));
    auto response = co_await std::move(answering);
    const auto now = app_.clock.now();
    if (response.status == 404 && links_.is_barred(address, "", now))
        co_return no(429, "too many wrong addresses; wait a minute");
    if (response.status == 404)
        links_.wrong(address, now);
    co_return response;
}

asio::awaitable<net::Response> Http::hook(net::Request request)
{
    const auto key = net::percent_decode(net::path(request.target).substr(hooks.size()), false);
    const auto [source, barred] = knock(key.value_or(""), sender(request));
    if (barred)
        co_return no(429, "too many wrong keys; wait a minute");
    if (!source)
        co_return no(401, "no source has this key");
    if (sources::is_events_api(source->format))
        co_return co_await pagerduty(std::move(request), source);

    std::vector<Report> reports;
    try {
        sources::Sent sent;
        sent.body = slack::parse(request.body, most_report);
        reports = sources::format(source->format)->read(sent, *source).reports;
    } catch (const slack::BadJson& problem) {
        co_return no(400, problem.what());
    } catch (const sources::BadPayload& problem) {
        co_return no(400, problem.what());
    }
    const auto kept = co_await keep(*source, std::move(reports));
    if (!kept.problem.empty())
        co_return no(503, kept.problem);

    Json answer;
    answer["status"] = "success";
    answer["dedup_key"] = kept.keys.empty() ? "" : kept.keys.front();
    if (kept.keys.size() > 1)
        answer["dedup_keys"] = kept.keys;
    answer["alerts"] = kept.alerts;
    co_return json_response(202, answer);
}

asio::awaitable<net::Response> Http::pagerduty(net::Request request, std::shared_ptr<const oncall::Source> source)
{
    const auto address = sender(request);
    // What strangers send is read before their key is known; not for ever.
    if (!source && !keys_.knows_one(address) && keys_.is_barred(address, "", app_.clock.now()))
        co_return no(429, "too many wrong routing keys; wait a minute");
    Json body;
    sources::Event event;
    try {
        body = slack::parse(request.body, most_report);
        event = sources::pagerduty(body);
    } catch (const slack::BadJson& problem) {
        if (!source)
            knock("", address);
        event.problems.push_back(std::string{"JSON parse error: "} + problem.what());
        co_return invalid_event(event.problems);
    }
    if (!source) {
        const auto found = knock(event.routing_key, address);
        if (found.barred)
            co_return no(429, "too many wrong routing keys; wait a minute");
        source = found.source;
        std::string wrong;
        if (event.routing_key.empty())
            wrong = "'routing_key' is missing or blank";
        else if (!source) // 400 as PagerDuty says it, not 202: senders show it (Robusta's issue 571 has its words)
            wrong = "Invalid routing key";
        else if (!sources::is_events_api(source->format))
            wrong = "Invalid routing key: its source has the format " + source->format + ", and pagerduty is wanted";
        if (!wrong.empty()) {
            app_.log.warning("an event for /v2/enqueue was refused", {{"peer", address}, {"error", wrong}});
            event.problems.insert(event.problems.begin(), wrong);
            co_return invalid_event(event.problems);
        }
    }
    if (source->format == "paging")
        event = sources::paging(body);
    const auto now = app_.clock.now();
    auto& events = events_.try_emplace(source->name, Events{SlidingWindow{most_events, events_within}, {}}).first->second;
    if (const auto wait = events.window.admit(now)) {
        if (now - events.said >= events_within) {
            app_.log.warning("more than 120 events a minute: the sender is asked to wait", {{"source", source->name}});
            events.said = now;
        }
        co_return too_many_events(*wait);
    }
    if (!event.problems.empty()) {
        app_.log.warning("an event was refused", {{"source", source->name}, {"error", problems_joined(event.problems)}});
        co_return invalid_event(event.problems);
    }
    std::vector<oncall::Recipient> named;
    for (const auto& word : event.report.whom)
        if (auto one = recipient_written(word))
            named.push_back(std::move(*one));
    if (!named.empty()) {
        auto knowing = get_to_know(std::move(named), app_);
        co_await std::move(knowing);
    }
    std::vector<Report> reports;
    reports.push_back(std::move(event.report));
    const auto kept = co_await keep(*source, std::move(reports));
    if (!kept.problem.empty())
        co_return no(503, kept.problem);

    // To the letter: Zabbix takes nothing else for a success.
    Json answer;
    answer["status"] = "success";
    answer["message"] = "Event processed";
    answer["dedup_key"] = kept.keys.front();
    co_return json_response(202, answer);
}

asio::awaitable<Http::Kept> Http::keep(const oncall::Source& source, std::vector<Report> reports)
{
    // A key of our own lets whoever sent it resolve it later.
    for (auto& report : reports)
        if (report.dedup_key.empty())
            report.dedup_key = app_.random.token();

    const auto name = source.name;
    const Asked asked{"", "", name, app_.clock.now()};
    std::size_t first = 0;
    auto take = [&](storage::Transaction& tx) {
        Kept taken;
        for (auto at = first; at < std::min(reports.size(), first + most_reports_at_once); ++at) {
            taken.keys.push_back(reports[at].dedup_key);
            taken.alerts.push_back(receive(tx, app_, name, reports[at], asked).value);
        }
        return taken;
    };
    Kept kept;
    try {
        // A storm's request goes to disk in pieces, so that others get their turn; sent again, what is kept already is counted.
        for (; first < reports.size(); first += most_reports_at_once) {
            auto piece = co_await app_.database.transaction(take);
            kept.keys.insert(kept.keys.end(), piece.keys.begin(), piece.keys.end());
            kept.alerts.insert(kept.alerts.end(), piece.alerts.begin(), piece.alerts.end());
        }
    } catch (const storage::Busy&) {
        kept.problem = "too much to do right now; send it again";
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("an alert could not be stored", {{"source", name}, {"error", error.what()}});
        kept.problem = "the alert could not be stored; send it again";
    }
    co_return kept;
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
                {{"path", std::string{net::path(request.target).substr(0, 40)}}, {"peer", sender(request)}});
        }
        co_return std::move(*at_once);
    }
    auto& found = std::get<slack::HttpDoor::Received>(received);
    auto handled = from_slack(std::move(found.payload), std::move(found.delivery), app_);
    const auto said = co_await std::move(handled);
    co_return slack::HttpDoor::answer(said);
}

} // namespace handlers
