#include "handlers/opsgenie_door.hpp"

#include "handlers/by_hand.hpp"
#include "handlers/first_event.hpp"
#include "handlers/opsgenie_act.hpp"
#include "handlers/opsgenie_words.hpp"
#include "handlers/web_answers.hpp"
#include "notify/text.hpp"
#include "oncall/words.hpp"
#include "storage/opsgenie_requests.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using sources::OpsgenieCall;
using sources::OpsgenieErrors;
using sources::OpsgenieVerb;
using storage::OpsgenieRequest;
using storage::OpsgenieRequests;
using storage::Transaction;

namespace {

constexpr std::string_view alerts_base{"/v2/alerts"}, heartbeats_base{"/v2/heartbeats"};
// As their documentation numbers reasons of a 403.
constexpr int no_permission = 40301, not_supported = 40302;

bool is_below(std::string_view path, std::string_view base)
{
    return path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
}

bool is_of_status_alone(const OpsgenieQuery& query)
{
    return !query.acknowledged && !query.snoozed && query.alias.empty() && query.tiny.empty() && query.priority.empty()
        && query.tag.empty();
}

/// What a ping's body says means nothing.
bool is_ping(std::string_view path)
{
    while (!path.empty() && path.back() == '/')
        path.remove_suffix(1);
    return is_below(path, heartbeats_base) && path.ends_with("/ping");
}

std::int64_t query_number(std::string_view text, std::int64_t otherwise, std::int64_t most)
{
    std::int64_t number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number >= 0 ? std::min(number, most) : otherwise;
}

OpsgenieRequest request_of(const std::string& id, const std::string& source, OpsgenieVerb verb, OpsgenieDone done, TimePoint now)
{
    OpsgenieRequest request;
    request.request = id;
    request.source = source;
    request.at = now;
    request.action = sources::action_name(verb);
    request.success = done.success;
    request.status = std::move(done.status);
    request.alert = done.alert;
    request.alias = std::move(done.alias);
    return request;
}

} // namespace

bool OpsgenieDoor::takes(std::string_view path) { return is_below(path, alerts_base) || is_below(path, heartbeats_base); }

std::string OpsgenieDoor::key_of(const net::Request& request)
{
    auto key = key_in_headers(request.headers);
    // Their clients may also put it into the address.
    if (const auto mark = request.target.find('?'); key.empty() && mark != request.target.npos) {
        const auto query = net::form_in(std::string_view{request.target}.substr(mark + 1)).value_or(std::vector<net::Header>{});
        key = net::header(query, "apiKey");
    }
    return key;
}

net::Response OpsgenieDoor::answered(const Asking& asking, int status, Json body) const
{
    const auto took = static_cast<double>((app_.clock.now() - asking.since).count()) / 1'000;
    body["took"] = took;
    body["requestId"] = asking.id;
    auto response = json_response(status, body);
    response.headers.push_back({"X-Request-Id", asking.id});
    response.headers.push_back({"X-Response-Time", std::to_string(took)});
    response.headers.push_back({"X-RateLimit-State", status == 429 ? "THROTTLED" : "OK"});
    if (status == 429 || status == 503)
        response.headers.push_back({"Retry-After", status == 429 ? "60" : "5"});
    return response;
}

net::Response OpsgenieDoor::accepted(const Asking& asking) const
{
    Json body;
    body["result"] = "Request will be processed";
    return answered(asking, 202, std::move(body));
}

net::Response OpsgenieDoor::refused(const Asking& asking, int status, const std::string& why, int code) const
{
    Json body;
    if (code != 0)
        body["code"] = code;
    body["message"] = why;
    return answered(asking, status, std::move(body));
}

asio::awaitable<net::Response> OpsgenieDoor::not_processable(Asking& asking, OpsgenieErrors errors)
{
    std::string why;
    auto fields = Json::object();
    for (const auto& [field, wrong] : errors) {
        why += (why.empty() ? "" : "; ") + field + " " + wrong;
        fields[field] = wrong;
    }
    if (door_.may_log("not processable " + asking.source->name))
        app_.log.warning("a request of Opsgenie's API was refused", {{"source", asking.source->name}, {"why", why}});
    auto telling = door_.tell_refused(asking.source, why, std::move(asking.sent));
    co_await std::move(telling);
    Json body;
    body["message"] = "Request body is not processable. Please check the errors.";
    body["errors"] = std::move(fields);
    co_return answered(asking, 422, std::move(body));
}

asio::awaitable<net::Response> OpsgenieDoor::serve(net::Request request)
{
    Asking asking;
    asking.id = uuid_of(app_.random.bytes(16));
    asking.since = app_.clock.now();
    asking.method = request.method == "HEAD" ? "GET" : request.method;
    asking.path = net::path(request.target);
    const auto address = who_sends(request);
    auto [source, barred] = door_.knock(key_of(request), address);
    if (barred)
        co_return refused(asking, 429, "You are making too many requests with wrong keys! Wait a minute.");
    if (!source)
        co_return refused(asking, 401, "Could not authenticate");
    if (source->format != "opsgenie")
        co_return refused(asking, 403,
            "To perform this action, use an API key from an API integration: this is the key of a source of format "
                + source->format,
            no_permission);
    asking.source = std::move(source);
    std::string early;
    try {
        auto serving = admitted(asking, std::move(request));
        co_return co_await std::move(serving);
    } catch (const storage::Busy& busy) {
        early = "too much to do right now; send it again";
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("a request of Opsgenie's API failed", {{"source", asking.source->name}, {"error", error.what()}});
        early = "it could not be stored; send it again";
    }
    co_return refused(asking, 503, early);
}

asio::awaitable<net::Response> OpsgenieDoor::admitted(Asking& asking, net::Request request)
{
    // Its path stays with what is kept of it, so that it can be replayed.
    asking.sent = as_it_came(std::move(request), asking.path.substr(1), app_.clock.now());
    auto checking = door_.why_unsigned(asking.source, asking.sent);
    const auto unsigned_why = co_await std::move(checking);
    if (!unsigned_why.empty())
        co_return refused(asking, 401, unsigned_why);
    if (const auto wait = door_.admit(*asking.source)) {
        auto response = refused(asking, 429, "You are making too many requests!");
        std::erase_if(response.headers, [](const net::Header& one) { return one.name == "Retry-After"; });
        response.headers.push_back({"Retry-After", std::to_string(wait->count())});
        response.headers.push_back({"X-RateLimit-Reason", "INTEGRATION"});
        response.headers.push_back({"X-RateLimit-Period-In-Sec", "60"});
        co_return response;
    }
    auto came = opened(std::move(asking.sent));
    asking.sent = std::move(came.sent);
    const bool says_nothing = oncall::trimmed(asking.sent.text).empty();
    if (!says_nothing && !came.no_json.empty() && asking.method != "GET" && !is_ping(asking.path)) {
        auto telling = door_.tell_refused(asking.source, "it is no JSON: " + came.no_json, std::move(asking.sent));
        co_await std::move(telling);
        co_return refused(asking, 400, "Could not parse JSON: " + came.no_json);
    }
    if (is_below(asking.path, heartbeats_base))
        co_return co_await heartbeats(asking);
    co_return co_await alerts(asking);
}

asio::awaitable<net::Response> OpsgenieDoor::alerts(Asking& asking)
{
    auto call = sources::opsgenie_call(asking.method, asking.path, asking.sent.query);
    switch (call.verb) {
    case OpsgenieVerb::unknown: co_return refused(asking, 404, "Resource or handler not found");
    case OpsgenieVerb::wrong_method: co_return refused(asking, 405, "HTTP method not supported for this URL");
    case OpsgenieVerb::unsupported: co_return refused(asking, 403, "This request is not supported here", not_supported);
    case OpsgenieVerb::create: co_return co_await create(asking);
    case OpsgenieVerb::list:
    case OpsgenieVerb::count:
    case OpsgenieVerb::status:
    case OpsgenieVerb::get:
    case OpsgenieVerb::list_notes: co_return co_await look(asking, std::move(call));
    default: co_return co_await act(asking, std::move(call));
    }
}

asio::awaitable<net::Response> OpsgenieDoor::create(Asking& asking)
{
    auto alert = sources::opsgenie_alert(asking.sent.body);
    if (!alert.errors.empty())
        co_return co_await not_processable(asking, std::move(alert.errors));
    if (alert.report.dedup_key.empty())
        alert.report.dedup_key = asking.id;
    alert.report.whom = whom_of(alert.responders, alert.report, *asking.source, *app_.configuration(), app_.clock.now());
    const auto alias = alert.alias.empty() ? alert.report.dedup_key : alert.alias;
    const auto now = app_.clock.now();
    sources::Read read;
    read.reports.push_back(std::move(alert.report));
    Also also = [&](Transaction& tx, const Taken& taken) {
        OpsgenieDone done;
        done.alert = {taken.alerts.empty() ? 0 : taken.alerts.front()};
        done.success = done.alert.value != 0;
        done.status = done.success ? "Created alert" : taken.note;
        done.alias = alias;
        OpsgenieRequests{tx}.add(request_of(asking.id, asking.source->name, OpsgenieVerb::create, done, now));
        const Asked asked{"", "", asking.source->name, now};
        if (done.success)
            tell_who(tx, app_, done.alert, alert.user, alert.note, asked);
    };
    auto keeping = door_.keep(asking.source, std::move(asking.sent), std::move(read), std::move(also));
    const auto kept = co_await std::move(keeping);
    if (!kept.problem.empty())
        co_return refused(asking, 503, kept.problem);
    co_return accepted(asking);
}

asio::awaitable<net::Response> OpsgenieDoor::act(Asking& asking, OpsgenieCall call)
{
    const auto now = app_.clock.now();
    auto errors = sources::opsgenie_errors(call.verb, asking.sent.body, now);
    if (!errors.empty())
        co_return co_await not_processable(asking, std::move(errors));
    // Whom it names is looked up first: nothing is asked of Slack in a transaction.
    std::vector<oncall::Recipient> named;
    for (const auto* field : {"owner", "responder"})
        if (const auto one = sources::opsgenie_responder(slack::at(asking.sent.body, {field}));
            one.type == "user" && one.name.find('@') != one.name.npos)
            named.push_back({oncall::RecipientKind::person, one.name});
    if (!named.empty()) {
        auto knowing = get_to_know(std::move(named), app_);
        co_await std::move(knowing);
    }
    const auto whole = payload_of(*asking.source, asking.sent);
    auto work = [&](Transaction& tx) {
        auto done = act_for_opsgenie(tx, app_, *asking.source, call, asking.sent, now);
        auto payload = whole;
        payload.at = now;
        payload.words = done.status + (done.alert.value == 0 ? "" : ": alert " + oncall::number(done.alert));
        if (done.alert.value != 0)
            payload.alerts = {done.alert.value};
        storage::Payloads{tx}.add(payload);
        if (payload.id != 0)
            tell_first_event(tx, app_, payload, now);
        OpsgenieRequests{tx}.add(request_of(asking.id, asking.source->name, call.verb, std::move(done), now));
    };
    co_await app_.database.transaction(work);
    co_return accepted(asking);
}

asio::awaitable<net::Response> OpsgenieDoor::look(Asking& asking, OpsgenieCall call)
{
    const auto& source = *asking.source;
    if (call.verb == OpsgenieVerb::status) {
        auto find = [&](Transaction& tx) { return OpsgenieRequests{tx}.find(source.name, call.identifier); };
        const auto found = co_await app_.database.read(find);
        if (!found)
            co_return refused(asking, 404, "Request not found. It might not be processed, yet.");
        Json data;
        data["success"] = found->success;
        data["action"] = found->action;
        data["processedAt"] = opsgenie_time_out(found->at);
        data["integrationId"] = integration_id(source.name);
        data["isSuccess"] = found->success;
        data["status"] = found->status;
        data["alertId"] = opsgenie_id(found->alert);
        data["alias"] = found->alias;
        Json body;
        body["data"] = std::move(data);
        co_return answered(asking, 200, std::move(body));
    }
    if (call.verb == OpsgenieVerb::get || call.verb == OpsgenieVerb::list_notes) {
        std::vector<oncall::TimelineEntry> entries;
        auto find = [&](Transaction& tx) {
            auto alert = alert_of_call(tx, source, call);
            if (alert && call.verb == OpsgenieVerb::list_notes)
                entries = storage::Timeline{tx}.of_alert(alert->id);
            return alert;
        };
        const auto found = co_await app_.database.read(find);
        if (!found)
            co_return refused(asking, 404, "Alert does not exist");
        Json body;
        if (call.verb == OpsgenieVerb::get) {
            body["data"] = opsgenie_alert_out(*found, true);
            co_return answered(asking, 200, std::move(body));
        }
        constexpr std::string_view noted{"noted: "};
        constexpr std::size_t most_notes = 100;
        auto notes = Json::array();
        for (auto entry = entries.rbegin(); entry != entries.rend() && notes.size() < most_notes; ++entry)
            if (entry->text.starts_with(noted)) {
                Json note;
                note["note"] = entry->text.substr(noted.size());
                note["owner"] = entry->actor.empty() ? entry->via : entry->actor;
                note["createdAt"] = opsgenie_time_out(entry->at);
                note["offset"] = std::to_string(entry->id);
                notes.push_back(std::move(note));
            }
        body["data"] = std::move(notes);
        body["paging"] = Json::object();
        co_return answered(asking, 200, std::move(body));
    }
    const auto query = opsgenie_query(net::header(asking.sent.query, "query"));
    if (!query.problem.empty()) {
        OpsgenieErrors errors;
        errors["query"] = query.problem;
        co_return co_await not_processable(asking, std::move(errors));
    }
    using storage::SourceAlerts;
    constexpr std::size_t most_looked_at = 1'000; // where what it wants is not in the index
    constexpr auto looked_back = std::chrono::days{30};
    const auto since = app_.clock.now() - looked_back;
    const auto which = query.status == "open" ? SourceAlerts::Which::open
        : query.status == "closed"            ? SourceAlerts::Which::closed
                                              : SourceAlerts::Which::all;
    const bool by_status_alone = is_of_status_alone(query), counts = call.verb == OpsgenieVerb::count;
    const bool oldest_first = net::header(asking.sent.query, "order") == "asc";
    const auto offset = static_cast<std::size_t>(query_number(net::header(asking.sent.query, "offset"), 0, 20'000));
    const auto limit = static_cast<std::size_t>(query_number(net::header(asking.sent.query, "limit"), 20, 100));
    std::size_t count = 0;
    auto find = [&](Transaction& tx) {
        std::vector<oncall::Alert> found;
        const SourceAlerts of_source{tx};
        if (counts && by_status_alone) {
            count = static_cast<std::size_t>(of_source.count(source.name, which, since));
            return found;
        }
        const auto most = by_status_alone ? offset + limit : most_looked_at;
        for (const auto id : of_source.ids(source.name, which, since, oldest_first, static_cast<std::int64_t>(most))) {
            if (!counts && found.size() == limit)
                break;
            if (by_status_alone && count < offset) {
                ++count;
                continue;
            }
            auto one = storage::Alerts{tx}.find(id);
            if (!one || !matches(query, *one) || (++count <= offset && !counts))
                continue;
            if (!counts)
                found.push_back(*std::move(one));
        }
        return found;
    };
    const auto found = co_await app_.database.read(find);
    Json body;
    if (counts) {
        body["data"]["count"] = count;
        co_return answered(asking, 200, std::move(body));
    }
    auto list = Json::array();
    for (const auto& one : found)
        list.push_back(opsgenie_alert_out(one, false));
    body["data"] = std::move(list);
    body["paging"] = Json::object();
    co_return answered(asking, 200, std::move(body));
}

} // namespace handlers
