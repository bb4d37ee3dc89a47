#include "handlers/hooks.hpp"

#include "handlers/opsgenie_door.hpp"
#include "handlers/pings.hpp"
#include "handlers/sns.hpp"
#include "handlers/web_answers.hpp"
#include <algorithm>

namespace handlers {

using slack::Json;

namespace {

constexpr std::string_view hooks_path{"/hooks"};
constexpr std::string_view victorops_path{"/integrations/generic/20131114/alert/"};
constexpr std::string_view webhook_path{"/api/v1/webhook/"};
constexpr std::string_view enqueue_path{"/v2/enqueue"};
constexpr std::string_view change_path{"/v2/change/enqueue"};
constexpr std::string_view v1_path{"/generic/2010-04-15/create_event.json"};

bool is_events_path(std::string_view path) { return path == enqueue_path || path == change_path || path == v1_path; }

/// What comes before the first slash, and behind it; both decoded. A part that cannot be decoded is empty.
std::pair<std::string, std::string> first_part(std::string_view path)
{
    const auto slash = std::min(path.find('/'), path.size());
    return {net::percent_decode(path.substr(0, slash), false).value_or(""),
        net::percent_decode(path.substr(std::min(slash + 1, path.size())), false).value_or("")};
}

/// The field `key` of the query.
std::string key_in_query(std::string_view target)
{
    const auto query = net::form_in(target.substr(std::min(target.find('?'), target.size() - 1) + 1));
    return query ? std::string{net::header(*query, "key")} : std::string{};
}

bool has_body(const net::Request& request) { return request.method == "POST" || request.method == "PUT"; }

/// --- our own answers ---------------------------------------------------------------------------------------------------------
net::Response taken_by_us(const Taken& taken)
{
    Json answer;
    answer["status"] = "success";
    if (!taken.unread.empty())
        answer["message"] = "kept, but not understood: " + taken.unread;
    else if (!taken.note.empty())
        answer["message"] = taken.note;
    answer["dedup_key"] = taken.keys.empty() ? "" : taken.keys.front();
    if (taken.keys.size() > 1)
        answer["dedup_keys"] = taken.keys;
    answer["alerts"] = taken.alerts;
    return json_response(202, answer);
}

/// Whoever means to page somebody must hear that nobody was.
net::Response taken_as_page(const Taken& taken)
{
    return taken.unread.empty() ? taken_by_us(taken) : no_response(400, taken.unread);
}

net::Response later_by_us(std::chrono::seconds wait, int status)
{
    Json answer;
    answer["status"] = "error";
    answer["message"] = "too many requests; wait";
    return later_response(answer, wait, status);
}

/// --- VictorOps'
/// ----------------------------------------------------------------------------------------------------------------
Json victorops_failure(const std::string& why)
{
    Json answer;
    answer["result"] = "failure";
    answer["message"] = why;
    return answer;
}

net::Response victorops_no(int status, const std::string& why)
{
    auto response = no_response(status, why);
    response.body = victorops_failure(why).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

net::Response victorops_taken(const Taken& taken)
{
    if (!taken.unread.empty())
        return victorops_no(400, taken.unread);
    Json answer;
    answer["result"] = "success";
    answer["entity_id"] = taken.keys.empty() ? "" : taken.keys.front();
    return json_response(200, answer);
}

net::Response victorops_later(std::chrono::seconds wait, int status)
{
    return later_response(victorops_failure("too many requests"), wait, status);
}

/// --- PagerDuty's
/// ---------------------------------------------------------------------------------------------------------------
net::Response invalid_event(const std::vector<std::string>& errors)
{
    Json body;
    body["status"] = "invalid event";
    body["message"] = "Event object is invalid";
    body["errors"] = errors;
    return json_response(400, body);
}

net::Response too_many_events(std::chrono::seconds wait, int status)
{
    Json body;
    body["status"] = "throttle exceeded";
    body["message"] = "Requests for this service are arriving too quickly. Please retry later.";
    return later_response(body, wait, status);
}

std::string problems_joined(const std::vector<std::string>& words)
{
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : "; ") + word;
    return all;
}

/// What a call of the Events API says.
struct Spoken {
    sources::Read read{};
    std::string key{}; // of its source
    std::string dedup_key{};
    std::vector<std::string> problems{};
};

Spoken spoken_by(sources::Event event)
{
    Spoken spoken;
    spoken.key = std::move(event.routing_key);
    spoken.dedup_key = event.report.dedup_key;
    spoken.problems = std::move(event.problems);
    spoken.read.reports.push_back(std::move(event.report));
    return spoken;
}

Spoken spoken_v2(const Json& body, bool names_people)
{
    return spoken_by(names_people ? sources::paging(body) : sources::pagerduty(body));
}

Spoken spoken_v1(const Json& body, bool) { return spoken_by(sources::pagerduty_v1(body)); }

Spoken spoken_change(const Json& body, bool)
{
    auto change = sources::pagerduty_change(body);
    Spoken spoken;
    spoken.key = std::move(change.routing_key);
    spoken.problems = std::move(change.problems);
    spoken.read.changes.push_back(std::move(change.change));
    return spoken;
}

/// A page by webhook may come as an event, or as plain fields.
bool is_event(const Json& body) { return !body.is_object() || body.contains("event_action") || body.contains("payload"); }

/// Its source's key is no part of what it says: it is kept nowhere but as a hash.
void forget_key(sources::Sent& sent, const char* field)
{
    if (!sent.body.is_object() || sent.body.erase(field) == 0)
        return;
    sent.text = sent.body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

/// `names_people`: whom to page stands in the event.
struct Hooks::Call {
    Spoken (*read)(const Json& body, bool names_people);
    int success;
    const char* said; // of a success
    const char* dedup_field; // of the answer; nullptr: none
    const char* key_field;
    const char* wrong_key;
};

const Hooks::Call& Hooks::call_of(std::string_view path)
{
    static constexpr Call v2{&spoken_v2, 202, "Event processed", "dedup_key", "routing_key", "Invalid routing key"};
    static constexpr Call v1{&spoken_v1, 200, "Event processed", "incident_key", "service_key", "Invalid service key"};
    static constexpr Call change{&spoken_change, 202, "Change event processed", nullptr, "routing_key", "Invalid routing key"};
    return path == v1_path ? v1 : path == change_path ? change : v2;
}

const Hooks::Manner& Hooks::manner_of(const std::string& format)
{
    static constexpr Manner ours{&taken_by_us, &no_response, &later_by_us};
    static constexpr Manner of_victorops{&victorops_taken, &victorops_no, &victorops_later};
    static constexpr Manner of_pagerduty{&taken_by_us, &no_response, &too_many_events};
    static constexpr Manner of_pages{&taken_as_page, &no_response, &later_by_us};
    return format == "victorops" ? of_victorops : format == "pagerduty" ? of_pagerduty : format == "paging" ? of_pages : ours;
}

bool Hooks::takes(std::string_view path)
{
    return path == hooks_path || path.starts_with("/hooks/") || is_events_path(path) || path.starts_with(victorops_path)
        || path.starts_with(webhook_path);
}

namespace {

/// The key that a request carries outside its body; empty: none.
std::string key_outside(const net::Request& head)
{
    const auto path = net::path(head.target);
    std::string key;
    if (path.starts_with(webhook_path))
        key = key_in_query(head.target);
    else if (path.starts_with(victorops_path))
        return first_part(path.substr(victorops_path.size())).first;
    else if (OpsgenieDoor::takes(path))
        return OpsgenieDoor::key_of(head);
    else if (path.starts_with("/hooks/"))
        key = first_part(path.substr(hooks_path.size() + 1)).first;
    else if (is_events_path(path))
        return {};
    return key.empty() ? key_in_headers(head.headers) : key;
}

} // namespace

std::size_t Hooks::most_body(const net::Request& head) const
{
    const auto key = key_outside(head);
    return !key.empty() && door_.is_known(key, who_sends(head)) ? most_of_source : 0;
}

void Hooks::too_large(const net::Request& head)
{
    const auto address = who_sends(head);
    const auto key = key_outside(head);
    if (key.empty()) {
        if (door_.may_log("too large"))
            app_.log.warning("a request was too large, and not read",
                {{"peer", address}, {"path", std::string{net::path(head.target).substr(0, 40)}}});
        return;
    }
    // A wrong key counts as a guess: the answer tells it from a right one.
    const auto source = door_.knock(key, address).source;
    if (!source)
        return;
    if (door_.may_log("too large " + source->name))
        app_.log.warning("what a source sent was too large, and not read", {{"source", source->name}});
    door_.tell_later(source,
        "it is larger than " + std::to_string(most_of_source >> 20)
            + " MB, and none of it becomes an alert. Have it send less at once: in Alertmanager by group_by in its route, or "
              "max_alerts in the receiver");
}

asio::awaitable<net::Response> Hooks::serve(net::Request request)
{
    const auto path = net::path(request.target);
    if (path == hooks_path || path.starts_with("/hooks/"))
        co_return co_await hook(std::move(request));
    if (!has_body(request))
        co_return no_response(405, "use POST");
    if (path.starts_with(victorops_path))
        co_return co_await victorops(std::move(request));
    if (path.starts_with(webhook_path))
        co_return co_await webhook(std::move(request));
    const auto& call = call_of(path);
    auto address = who_sends(request);
    // What strangers send is read before their key is known; not for ever.
    if (door_.is_barred(address))
        co_return no_response(429, "too many wrong routing keys; wait a minute");
    auto came = opened(as_it_came(std::move(request), "", app_.clock.now()));
    co_return co_await event(nullptr, std::move(came), call, std::move(address));
}

asio::awaitable<net::Response> Hooks::hook(net::Request request)
{
    const auto path = net::path(request.target);
    const auto behind = path.substr(std::min(hooks_path.size() + 1, path.size()));
    if (is_ping_path(behind))
        co_return co_await ping(std::move(request));
    auto [key, rest] = first_part(behind);
    if (key.empty())
        key = key_in_headers(request.headers);
    // Only what no browser does by itself may act; Uptime Kuma can be set to ask instead.
    const bool asks = request.method == "GET";
    if (!asks && !has_body(request))
        co_return no_response(405, "use POST");
    const auto [source, barred] = door_.knock(key, who_sends(request));
    if (asks && (!source || source->format != "uptime_kuma"))
        co_return no_response(405, "use POST");
    if (barred)
        co_return no_response(429, "too many wrong keys; wait a minute");
    if (!source)
        co_return no_response(401, "no source has this key");
    auto sent = as_it_came(std::move(request), std::move(rest), app_.clock.now());
    co_return co_await by_source(source, std::move(sent));
}

asio::awaitable<net::Response> Hooks::victorops(net::Request request)
{
    const auto [key, routing_key] = first_part(net::path(request.target).substr(victorops_path.size()));
    const auto [source, barred] = door_.knock(key, who_sends(request));
    if (barred)
        co_return victorops_no(429, "too many wrong keys; wait a minute");
    if (!source)
        co_return victorops_no(401, "no source has this key");
    if (source->format != "victorops")
        co_return victorops_no(400, "this key is that of a source of format " + source->format + ", and victorops is wanted");
    auto sent = as_it_came(std::move(request), routing_key, app_.clock.now());
    co_return co_await by_source(source, std::move(sent));
}

asio::awaitable<net::Response> Hooks::webhook(net::Request request)
{
    const auto name = first_part(net::path(request.target).substr(webhook_path.size())).first;
    const auto [source, barred] = door_.knock(key_outside(request), who_sends(request));
    if (barred)
        co_return no_response(429, "too many wrong keys; wait a minute");
    if (!source || source->name != name)
        co_return no_response(401, "no webhook has this name and key");
    auto sent = as_it_came(std::move(request), "", app_.clock.now());
    co_return co_await by_source(source, std::move(sent));
}

asio::awaitable<std::optional<net::Response>> Hooks::turned_away(OfSource source, const sources::Sent& sent, const Manner& manner)
{
    auto checking = door_.why_unsigned(source, sent);
    const auto unsigned_why = co_await std::move(checking);
    std::optional<net::Response> answer;
    if (!unsigned_why.empty()) {
        answer = manner.no(401, unsigned_why);
    } else if (const auto wait = door_.admit(*source)) {
        const auto* const format = sources::format(source->format);
        answer = manner.later(*wait, format ? format->flooded : 429);
    }
    co_return answer;
}

asio::awaitable<net::Response> Hooks::by_source(OfSource source, sources::Sent sent)
{
    auto turning = turned_away(source, sent, manner_of(source->format));
    auto answer = co_await std::move(turning);
    if (answer)
        co_return std::move(*answer);
    auto came = opened(std::move(sent));
    const bool is_call =
        source->format == "pagerduty" || (source->format == "paging" && came.no_json.empty() && is_event(came.sent.body));
    if (is_call)
        co_return co_await event(source, std::move(came), call_of(enqueue_path), "");
    co_return co_await take(source, std::move(came), manner_of(source->format));
}

asio::awaitable<net::Response> Hooks::take(OfSource source, Opened came, const Manner& manner)
{
    auto& sent = came.sent;
    const auto* const format = sources::format(source->format);
    if (format && format->wants_json && !came.no_json.empty()) {
        if (door_.may_log("no JSON " + source->name))
            app_.log.warning("what a source sent is no JSON", {{"source", source->name}, {"why", came.no_json}});
        auto telling = door_.tell_refused(source, "it is no JSON: " + came.no_json, std::move(sent));
        co_await std::move(telling);
        co_return manner.no(400, came.no_json);
    }
    if (source->format == "sns") {
        std::string why;
        bool is_early = false;
        try {
            auto asking = why_not_sns(app_, sent, *source); // tells the owner
            why = co_await std::move(asking);
        } catch (const storage::Busy& busy) {
            why = busy.what();
            is_early = true;
        }
        if (is_early)
            co_return manner.no(503, why);
        if (!why.empty())
            co_return manner.no(403, why);
    }
    sources::Read read;
    std::string unread;
    try {
        if (!format || !format->read)
            throw sources::BadPayload{"alerts of format " + source->format + " do not come in by this address"};
        read = format->read(sent, *source);
    } catch (const sources::BadPayload& problem) {
        unread = problem.what();
    } catch (const std::exception& problem) {
        // A mistake of ours loses nobody's alert: it waits for a version that knows better.
        app_.log.error("a format failed", {{"source", source->name}, {"format", source->format}, {"error", problem.what()}});
        unread = std::string{"a mistake in this service ("} + problem.what() + "), please report it";
    }
    KeyDoor::Kept kept;
    if (unread.empty()) {
        auto keeping = door_.keep(source, std::move(sent), std::move(read));
        kept = co_await std::move(keeping);
    } else {
        auto keeping = door_.keep_unread(source, std::move(sent), std::move(unread));
        kept = co_await std::move(keeping);
    }
    if (!kept.problem.empty())
        co_return manner.no(503, kept.problem);
    co_return manner.taken(kept.taken);
}

asio::awaitable<net::Response> Hooks::event(OfSource source, Opened came, const Call& call, std::string address)
{
    const auto& body = came.sent.body;
    const bool by_its_path = source != nullptr;
    Spoken spoken;
    if (!came.no_json.empty()) {
        if (!by_its_path)
            door_.knock("", address);
        spoken.problems.push_back("JSON parse error: " + came.no_json);
    } else {
        spoken = call.read(body, false);
    }
    if (!by_its_path && came.no_json.empty()) {
        const auto found = door_.knock(spoken.key, address);
        if (found.barred)
            co_return no_response(429, "too many wrong routing keys; wait a minute");
        std::string wrong;
        if (spoken.key.empty())
            wrong = "'" + std::string{call.key_field} + "' is missing or blank";
        else if (!found.source) // 400 as PagerDuty says it, not 202: senders show it (Robusta's issue 571 has its words)
            wrong = call.wrong_key;
        else if (!sources::is_events_api(found.source->format))
            wrong =
                std::string{call.wrong_key} + ": its source has the format " + found.source->format + ", and pagerduty is wanted";
        if (!wrong.empty()) {
            if (door_.may_log("wrong key"))
                app_.log.warning("an event was refused", {{"peer", address}, {"error", wrong}});
            if (found.source) {
                auto telling = door_.tell_refused(found.source, wrong);
                co_await std::move(telling);
            }
            spoken.problems.insert(spoken.problems.begin(), wrong);
            co_return invalid_event(spoken.problems);
        }
        source = found.source;
    }
    if (!source)
        co_return invalid_event(spoken.problems); // no JSON, and so nobody's
    if (!by_its_path) {
        auto turning = turned_away(source, came.sent, manner_of("pagerduty"));
        auto answer = co_await std::move(turning);
        if (answer)
            co_return std::move(*answer);
    }
    if (source->format == "paging" && came.no_json.empty())
        spoken = call.read(body, true);
    forget_key(came.sent, "routing_key"); // a sender to the source's address may have another's, too
    forget_key(came.sent, "service_key");
    if (!came.no_json.empty()
        && (came.sent.text.find("routing_key") != std::string::npos || came.sent.text.find("service_key") != std::string::npos))
        came.sent.text.clear(); // cut short, it may still hold one
    if (!spoken.problems.empty()) {
        const auto why = problems_joined(spoken.problems);
        if (door_.may_log("event " + source->name))
            app_.log.warning("an event was refused", {{"source", source->name}, {"error", why}});
        auto telling = door_.tell_refused(source, why, std::move(came.sent));
        co_await std::move(telling);
        co_return invalid_event(spoken.problems);
    }
    const auto dedup_key = spoken.dedup_key;
    auto keeping = door_.keep(source, std::move(came.sent), std::move(spoken.read));
    const auto kept = co_await std::move(keeping);
    if (!kept.problem.empty())
        co_return no_response(503, kept.problem);

    // To the letter: Zabbix takes nothing else for a success.
    Json answer;
    answer["status"] = "success";
    answer["message"] = call.said;
    if (!call.dedup_field && !kept.taken.note.empty())
        answer["message"] = kept.taken.note; // a change that is too old
    if (call.dedup_field)
        answer[call.dedup_field] = kept.taken.keys.empty() ? dedup_key : kept.taken.keys.front();
    co_return json_response(call.success, answer);
}

} // namespace handlers
