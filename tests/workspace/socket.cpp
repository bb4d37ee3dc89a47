#include "workspace/state.hpp"

#include <algorithm>

namespace workspace {
namespace {

/// Retries of events: nearly at once, a minute later, five minutes later.
constexpr seconds retry_after[]{seconds{1}, seconds{60}, seconds{300}};
/// Without a pong a link is over on either side. Slack's own limit is not documented; this is that of net::LinkLimits.
constexpr seconds silence{20};

void forget(State& state, std::shared_ptr<OpenLink> open)
{
    open->dead = true;
    auto& list = state.links;
    list.erase(std::remove(list.begin(), list.end(), open), list.end());
}

/// Takes a link off the list however its coroutine ends.
struct Presence {
    std::shared_ptr<State> state{};
    std::shared_ptr<OpenLink> open{};
    ~Presence() { forget(*state, open); }
};

std::string query_value(const std::string& target, const std::string& key)
{
    const auto question = target.find('?');
    if (question == std::string::npos)
        return {};
    const auto fields = net::form_in(std::string_view{target}.substr(question + 1));
    if (fields)
        for (const auto& field : *fields)
            if (field.name == key)
                return field.value;
    return {};
}

std::string frame(const Outgoing& outgoing)
{
    Json json{{"envelope_id", outgoing.course->envelope_id}, {"payload", outgoing.payload}, {"type", outgoing.type},
        {"accepts_response_payload", outgoing.accepts_payload}};
    if (outgoing.type == "events_api") {
        const auto retry = outgoing.course->attempts - 1;
        json["retry_attempt"] = retry;
        json["retry_reason"] = retry ? "timeout" : "";
    }
    return json.dump();
}

std::shared_ptr<OpenLink> some_link(State& state)
{
    std::vector<std::shared_ptr<OpenLink>> open;
    for (const auto& link : state.links)
        if (!link->dead)
            open.push_back(link);
    if (open.empty())
        return nullptr;
    const auto index = static_cast<std::size_t>(state.doors.random.fraction() * static_cast<double>(open.size()));
    return open[std::min(index, open.size() - 1)];
}

void attempt(State& state, const std::shared_ptr<Outgoing>& outgoing);

asio::awaitable<void> attempt_at(
    std::weak_ptr<State> weak, doors::Clock& clock, TimePoint when, std::shared_ptr<Outgoing> outgoing)
{
    co_await clock.until(when);
    if (const auto state = weak.lock(); state && !state->closed)
        attempt(*state, outgoing);
}

} // namespace

void missed(State& state, const std::shared_ptr<Outgoing>& outgoing, const std::string& error, bool repeat)
{
    auto& course = *outgoing->course;
    if (repeat && outgoing->type == "events_api" && course.attempts < 4) {
        const auto when = state.now() + retry_after[course.attempts - 1];
        state.doors.tasks.spawn("workspace retry", attempt_at(state.weak_from_this(), state.doors.clock, when, outgoing));
        return;
    }
    course.done = true;
    course.error = error;
    state.note("slack", (outgoing->type == "events_api" ? "gives up an event: " : "shows an error: ") + error);
    if (outgoing->on_error)
        outgoing->on_error(error);
}

bool again(State& state, const std::string& type)
{
    for (auto fault = state.twice.begin(); fault != state.twice.end(); ++fault)
        if (fault->first == "*" || fault->first == type) {
            if (--fault->second <= 0)
                state.twice.erase(fault);
            return true;
        }
    return false;
}

void conclude(State& state, Outgoing& outgoing, Json answer)
{
    auto& course = *outgoing.course;
    course.answer = std::move(answer);
    course.took = std::chrono::duration_cast<milliseconds>(state.now() - outgoing.sent);
    course.done = true;
    const bool says_something = !course.answer.is_null() && !(course.answer.is_object() && course.answer.empty());
    if (says_something && !outgoing.accepts_payload) {
        state.violations.push_back("a payload in the answer to " + outgoing.type + ", which takes none");
        course.acked = true;
        return;
    }
    const auto problem = outgoing.on_ack ? outgoing.on_ack(course.answer) : std::string{};
    if (problem.empty()) {
        course.acked = true;
        return;
    }
    course.error = "invalid_response: " + problem;
    state.note("slack", "shows an error: " + course.error);
    if (outgoing.on_error)
        outgoing.on_error(course.error);
}

namespace {

asio::awaitable<void> expire(std::weak_ptr<State> weak, doors::Clock& clock, TimePoint when, std::string envelope_id)
{
    co_await clock.until(when);
    const auto state = weak.lock();
    if (!state || state->closed)
        co_return;
    const auto found = state->pending.find(envelope_id);
    if (found == state->pending.end())
        co_return;
    const auto outgoing = found->second;
    state->pending.erase(found);
    state->finished.insert(envelope_id);
    missed(*state, outgoing, "operation_timeout");
}

void attempt(State& state, const std::shared_ptr<Outgoing>& outgoing)
{
    auto& course = *outgoing->course;
    ++course.attempts;
    if (!state.settings.events_url.empty())
        return post(state, outgoing);
    const auto link = some_link(state);
    if (!link)
        return missed(state, outgoing, "dispatch_failed");
    const auto token = state.doors.random.token(16);
    course.envelope_id = token.substr(0, 8) + "-" + token.substr(8, 4) + "-" + token.substr(12, 4) + "-" + token.substr(16, 4)
        + "-" + token.substr(20);
    course.delivered = true;
    outgoing->sent = state.now();
    state.pending[course.envelope_id] = outgoing;
    const auto text = frame(*outgoing);
    if (!link->deaf)
        link->link->send(text);
    if (again(state, outgoing->type))
        if (const auto other = some_link(state); other && !other->deaf)
            other->link->send(text);
    const auto when = state.now() + state.settings.ack_limit;
    state.doors.tasks.spawn("workspace ack limit", expire(state.weak_from_this(), state.doors.clock, when, course.envelope_id));
}

void hear(State& state, OpenLink& link, const std::string& text)
{
    if (link.deaf || link.dead)
        return;
    const auto ack = read_json(text);
    if (!ack || !ack->is_object() || !ack->contains("envelope_id") || !(*ack)["envelope_id"].is_string()) {
        state.violations.push_back("a frame that is no ack: " + text.substr(0, 100));
        return;
    }
    for (const auto& [key, value] : ack->items())
        if (key != "envelope_id" && key != "payload")
            state.violations.push_back("an ack with the unknown key " + key);
    const auto id = (*ack)["envelope_id"].get<std::string>();
    const auto found = state.pending.find(id);
    if (found == state.pending.end()) {
        if (state.finished.count(id))
            state.note("slack", "gets an ack again or too late");
        else
            state.violations.push_back("an ack of an unknown envelope");
        return;
    }
    if (state.lost_acks > 0) {
        --state.lost_acks;
        return;
    }
    const auto outgoing = found->second;
    state.pending.erase(found);
    state.finished.insert(id);
    conclude(state, *outgoing, ack->value("payload", Json{}));
}

asio::awaitable<void> end_later(std::weak_ptr<State> weak, doors::Clock& clock, TimePoint when, std::weak_ptr<OpenLink> open)
{
    co_await clock.until(when);
    const auto state = weak.lock();
    const auto link = open.lock();
    if (state && link)
        end_link(*state, link);
}

asio::awaitable<void> live_out(
    std::weak_ptr<State> weak, doors::Clock& clock, TimePoint when, std::weak_ptr<OpenLink> open, std::string reason)
{
    co_await clock.until(when);
    const auto state = weak.lock();
    const auto link = open.lock();
    if (state && link && !link->dead)
        warn_link(*state, link, reason);
}

std::string disconnect_frame(const State& state, const OpenLink& link, const std::string& reason)
{
    Json json{{"type", "disconnect"}, {"reason", reason}, {"debug_info", {{"host", "applink-" + std::to_string(link.number)}}}};
    if (reason == "too_many_websockets") {
        json["num_connections"] = open_links(state) + 1;
        json["connection_info"] = {{"app_id", state.app_id}};
    }
    return json.dump();
}

} // namespace

std::string new_ticket(State& state)
{
    const auto ticket = state.doors.random.token(16);
    state.tickets[ticket] = false;
    return ticket;
}

std::optional<net::Response> admit(State& state, const net::Request& request)
{
    if (net::path(request.target) != "/link/")
        return net::Response{404, {}, "not found"};
    const auto found = state.tickets.find(query_value(request.target, "ticket"));
    if (found == state.tickets.end() || query_value(request.target, "app_id") != state.app_id)
        return net::Response{403, {}, "forbidden"};
    if (found->second) {
        state.note("slack", "refuses a link: its ticket was used before");
        return net::Response{409, {}, "conflict"};
    }
    found->second = true;
    return std::nullopt;
}

std::size_t open_links(const State& state)
{
    return static_cast<std::size_t>(
        std::count_if(state.links.begin(), state.links.end(), [](const auto& link) { return !link->dead; }));
}

void end_link(State& state, std::shared_ptr<OpenLink> link)
{
    if (link->dead)
        return;
    forget(state, link);
    state.note("slack", "ends link " + std::to_string(link->number));
    link->link->drop();
}

void deafen_link(State& state, const std::shared_ptr<OpenLink>& link)
{
    link->deaf = true;
    state.note("slack", "hears and says no more by link " + std::to_string(link->number));
    const auto when = state.now() + silence;
    state.doors.tasks.spawn("workspace end of a link", end_later(state.weak_from_this(), state.doors.clock, when, link));
}

void warn_link(State& state, const std::shared_ptr<OpenLink>& link, const std::string& reason)
{
    if (link->dead)
        return;
    if (!link->deaf)
        link->link->send(disconnect_frame(state, *link, reason));
    state.note("slack", "tells link " + std::to_string(link->number) + ": " + reason);
    const bool soon = reason == "warning" || reason == "refresh_requested";
    const auto when = state.now() + (soon ? seconds{10} : seconds{1});
    state.doors.tasks.spawn("workspace end of a link", end_later(state.weak_from_this(), state.doors.clock, when, link));
}

asio::awaitable<void> serve_link(std::shared_ptr<State> state, net::Request request, std::shared_ptr<net::Link> link)
{
    if (!state || state->closed)
        co_return;
    auto open = std::make_shared<OpenLink>();
    open->number = ++state->links_ever;
    open->link = link;
    const bool off = !state->socket_mode || !state->settings.events_url.empty();
    const bool too_many = open_links(*state) >= static_cast<std::size_t>(state->settings.links);
    if (too_many || off) {
        const auto* reason = too_many ? "too_many_websockets" : "link_disabled";
        link->send(disconnect_frame(*state, *open, reason));
        state->note("slack", std::string{"turns a link away: "} + reason);
        co_await link->close();
        co_return;
    }
    state->links.push_back(open);
    const auto lifetime =
        query_value(request.target, "debug_reconnects") == "true" ? seconds{360} : state->settings.link_lifetime;
    const Json hello{{"type", "hello"}, {"num_connections", open_links(*state)},
        {"debug_info",
            {{"host", "applink-" + std::to_string(open->number)}, {"build_number", 54},
                {"approximate_connection_time", state->settings.link_lifetime.count()}}},
        {"connection_info",
            {{"app_id", state->settings.app_token_is_of.empty() ? state->app_id : state->settings.app_token_is_of}}}};
    link->send(hello.dump());
    if (lifetime.count() > 0)
        state->doors.tasks.spawn("workspace life of a link",
            live_out(state->weak_from_this(), state->doors.clock, state->now() + lifetime, open,
                lifetime == seconds{360} ? "refresh_requested" : "warning"));
    Presence presence{state, open};
    state.reset();
    try {
        while (true) {
            const auto text = co_await link->read();
            hear(*presence.state, *open, text);
        }
    } catch (const net::Failure&) {
        // Gone, or told to go.
    }
}

Delivery deliver(State& state, std::shared_ptr<Outgoing> outgoing)
{
    auto course = outgoing->course;
    attempt(state, outgoing);
    return Delivery{course};
}

Delivery refuse_delivery(std::string error)
{
    auto course = std::make_shared<Delivery::Course>();
    course->done = true;
    course->error = std::move(error);
    return Delivery{course};
}

std::optional<Delivery> send_event(State& state, Json event, std::string_view subscription)
{
    if (!subscription.empty() && !state.settings.events.count(std::string{subscription}))
        return std::nullopt;
    if (!event.contains("event_ts"))
        event["event_ts"] = state.next_ts();
    auto outgoing = std::make_shared<Outgoing>();
    outgoing->type = "events_api";
    Json authorization{{"enterprise_id", nullptr}, {"team_id", state.team_id}, {"user_id", state.bot_user}, {"is_bot", true},
        {"is_enterprise_install", false}};
    outgoing->payload = {{"token", "deprecated"}, {"team_id", state.team_id}, {"context_team_id", state.team_id},
        {"context_enterprise_id", nullptr}, {"api_app_id", state.app_id}, {"event", std::move(event)}, {"type", "event_callback"},
        {"event_id", state.next_id("Ev")}, {"event_time", std::chrono::floor<seconds>(state.now()).time_since_epoch().count()},
        {"is_ext_shared_channel", false}};
    outgoing->payload["authorizations"] = Json::array();
    outgoing->payload["authorizations"].push_back(std::move(authorization));
    return deliver(state, std::move(outgoing));
}

bool Delivery::delivered() const { return course_->delivered; }
bool Delivery::acked() const { return course_->acked; }
bool Delivery::pending() const { return !course_->done; }
int Delivery::attempts() const { return course_->attempts; }
std::string Delivery::error() const { return course_->error; }
const Json& Delivery::answer() const { return course_->answer; }
milliseconds Delivery::took() const { return course_->took; }
std::string Delivery::envelope_id() const { return course_->envelope_id; }

} // namespace workspace
