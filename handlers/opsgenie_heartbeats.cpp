#include "handlers/opsgenie_door.hpp"

#include "handlers/heartbeats.hpp"
#include "handlers/opsgenie_words.hpp"
#include "notify/text.hpp"
#include "oncall/silences.hpp"
#include "storage/first_events.hpp"
#include "storage/heartbeats.hpp"

#include <algorithm>
#include <array>

namespace handlers {

using oncall::Heartbeat;
using slack::at;
using slack::Json;
using sources::OpsgenieErrors;
using storage::Transaction;

namespace {

constexpr std::size_t most_heartbeat_name = 200, most_heartbeat_message = 130; // characters
constexpr std::size_t most_heartbeat_description = 10'000, most_heartbeat_tags = 20; // bytes

struct HeartbeatCall {
    std::string name{}; // empty: of all
    std::string deed{}; // ping, enable, disable; empty: of itself
};

/// A name may have slashes of its own: the last part alone decides.
HeartbeatCall heartbeat_call(std::string_view path)
{
    HeartbeatCall call;
    auto rest = path.substr(std::string_view{"/v2/heartbeats"}.size());
    while (!rest.empty() && rest.back() == '/')
        rest.remove_suffix(1);
    if (rest.empty())
        return call;
    rest.remove_prefix(1);
    const auto slash = rest.rfind('/');
    const auto last = slash == rest.npos ? std::string_view{} : rest.substr(slash + 1);
    if (last == "ping" || last == "enable" || last == "disable") {
        call.deed = last;
        rest = rest.substr(0, slash);
    }
    call.name = net::percent_decode(rest, false).value_or(std::string{rest});
    return call;
}

bool is_longer(std::string_view text, std::size_t most)
{
    const auto letters =
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    return static_cast<std::size_t>(letters) > most;
}

} // namespace

OpsgenieErrors fill_heartbeat(Heartbeat& heartbeat, const Json& body, bool is_new)
{
    OpsgenieErrors errors;
    const auto text = [&](const char* key, std::size_t most) { return sources::opsgenie_text(body, key, most); };
    const auto has = [&](const char* key) { return !at(body, {key}).is_null(); };
    if (is_new) {
        heartbeat.name = slack::text_at(body, {"name"});
        if (notify::one_line(heartbeat.name, most_heartbeat_name).empty())
            errors["name"] = "can not be empty";
        else if (is_longer(heartbeat.name, most_heartbeat_name) || notify::one_line(heartbeat.name, 1'000) != heartbeat.name)
            errors["name"] = "should be at most 200 characters on one line";
    }
    if (has("interval") || is_new) {
        const auto& interval = at(body, {"interval"});
        const bool is_whole =
            interval.is_number_integer() && interval.get<std::int64_t>() >= 1 && interval.get<std::int64_t>() <= 1'000'000;
        heartbeat.every = is_whole ? interval.get<int>() : 0;
    }
    if (has("intervalUnit") || is_new)
        heartbeat.unit = text("intervalUnit", 20);
    if (!oncall::heartbeat_interval(1, heartbeat.unit))
        errors["intervalUnit"] = "should be one of [minutes, hours, days]";
    else if (!oncall::heartbeat_interval(heartbeat.every, heartbeat.unit))
        errors["interval"] = "should be a whole number, at least 1 and at most a year";
    if (const auto& enabled = at(body, {"enabled"}); enabled.is_boolean())
        heartbeat.enabled = enabled.get<bool>();
    if (has("description"))
        heartbeat.description =
            sources::clipped(notify::clean(slack::text_at(body, {"description"})), most_heartbeat_description);
    if (has("alertMessage"))
        heartbeat.alert_message = text("alertMessage", 1'000);
    if (is_longer(heartbeat.alert_message, most_heartbeat_message))
        errors["alertMessage"] = "should be at most 130 characters";
    if (has("alertTags")) {
        heartbeat.tags = sources::opsgenie_words(at(body, {"alertTags"}));
        heartbeat.tags.resize(std::min(heartbeat.tags.size(), most_heartbeat_tags));
    }
    if (has("alertPriority")) {
        constexpr std::array<std::string_view, 5> known{"P1", "P2", "P3", "P4", "P5"};
        heartbeat.priority = text("alertPriority", 10);
        if (!heartbeat.priority.empty() && std::find(known.begin(), known.end(), heartbeat.priority) == known.end())
            errors["alertPriority"] = "should be one of [P1, P2, P3, P4, P5]";
    }
    if (has("ownerTeam"))
        heartbeat.owner_team = sources::opsgenie_responder(at(body, {"ownerTeam"}), "team").name;
    return errors;
}

asio::awaitable<net::Response> OpsgenieDoor::heartbeats(Asking& asking)
{
    const auto call = heartbeat_call(asking.path);
    const auto& method = asking.method;
    const auto& source = asking.source->name;
    const auto now = app_.clock.now();
    const bool of_all = call.name.empty(), of_one = !of_all && call.deed.empty();
    const bool pings = call.deed == "ping" && (method == "GET" || method == "POST" || method == "PUT" || method == "PATCH");
    const bool turns = (call.deed == "enable" || call.deed == "disable") && method == "POST";
    const bool makes = of_all && method == "POST", lists = of_all && method == "GET";
    const bool gets = of_one && method == "GET", edits = of_one && method == "PATCH", removes = of_one && method == "DELETE";
    if (!pings && !turns && !makes && !lists && !gets && !edits && !removes)
        co_return refused(asking, 405, "HTTP method not supported for this URL");

    Json body;
    if (lists) {
        auto find = [&](Transaction& tx) { return storage::Heartbeats{tx}.of_source(source); };
        const auto all = co_await app_.database.read(find);
        auto list = Json::array();
        for (const auto& one : all)
            list.push_back(heartbeat_out(one));
        body["data"]["heartbeats"] = std::move(list);
        co_return answered(asking, 200, std::move(body));
    }
    if (gets) {
        auto find = [&](Transaction& tx) { return storage::Heartbeats{tx}.find(source, call.name); };
        const auto found = co_await app_.database.read(find);
        if (!found)
            co_return refused(asking, 404, "Heartbeat with name [" + call.name + "] does not exist");
        body["data"] = heartbeat_out(*found);
        co_return answered(asking, 200, std::move(body));
    }

    OpsgenieErrors errors;
    enum class Outcome { done, missing, there, too_many, wrong, configured } outcome{Outcome::done};
    Heartbeat heartbeat;
    auto work = [&](Transaction& tx) {
        const storage::Heartbeats all{tx};
        auto found = all.find(source, makes ? slack::text_at(asking.sent.body, {"name"}) : call.name);
        if (!makes && !found) {
            outcome = Outcome::missing;
            return;
        }
        if (makes && found) {
            outcome = Outcome::there;
            return;
        }
        if ((edits || removes) && found && found->configured) {
            outcome = Outcome::configured;
            return;
        }
        heartbeat = found.value_or(Heartbeat{});
        heartbeat.source = source;
        if (pings) {
            storage::FirstEvents{tx}.heard(source, now);
            return heard_of(tx, app_, heartbeat, {}, now);
        }
        if (removes)
            return remove_heartbeat(tx, app_, heartbeat, now);
        if (turns)
            heartbeat.enabled = call.deed == "enable";
        if (makes || edits)
            errors = fill_heartbeat(heartbeat, asking.sent.body, makes);
        if (!errors.empty()) {
            outcome = Outcome::wrong;
            return;
        }
        if (!heartbeat.enabled && (!found || found->enabled)) // theirs has no end; whoever needs more says so again
            heartbeat = paused(std::move(heartbeat), now + oncall::longest_silence, {}, "disabled by Opsgenie's API");
        if (makes && static_cast<int>(all.of_source(source).size()) >= storage::Heartbeats::most_of_source) {
            outcome = Outcome::too_many;
            return;
        }
        if (makes)
            all.add(heartbeat);
        heartbeat_changed(tx, app_, heartbeat, now);
        heartbeat = all.find(heartbeat.id).value_or(heartbeat);
        storage::Audit{tx}.add(now, "", source, makes ? "make_heartbeat" : "change_heartbeat", heartbeat.name, "",
            interval_words(heartbeat) + (heartbeat.enabled ? "" : ", disabled"));
    };
    co_await app_.database.transaction(work);

    switch (outcome) {
    case Outcome::missing: {
        // Theirs answers a ping of what it does not know as any other. Nobody would be told of its silence: that is said.
        if (pings) {
            auto telling = door_.tell_refused(asking.source,
                "heartbeat \"" + notify::one_line(call.name, 100)
                    + "\" does not exist, so nobody is told when it falls silent; make it by POST /v2/heartbeats");
            co_await std::move(telling);
        }
        co_return refused(asking, 404, "Heartbeat with name [" + call.name + "] does not exist");
    }
    case Outcome::there: co_return refused(asking, 409, "Heartbeat with this name already exists");
    case Outcome::too_many:
        errors["name"] = "is one too many: 500 heartbeats are the most";
        co_return co_await not_processable(asking, std::move(errors));
    case Outcome::configured:
        co_return refused(
            asking, 409, "Heartbeat with name [" + call.name + "] is configured in oncall.yaml or in Slack: change it there");
    case Outcome::wrong: co_return co_await not_processable(asking, std::move(errors));
    case Outcome::done: break;
    }
    if (pings) {
        body["result"] = "PONG - Heartbeat received";
        co_return answered(asking, 202, std::move(body));
    }
    body["result"] = removes ? "Deleted" : makes ? "Created" : turns ? (heartbeat.enabled ? "Enabled" : "Disabled") : "Updated";
    body["data"] = makes ? heartbeat_out(heartbeat) : heartbeat_meta(heartbeat);
    co_return answered(asking, makes ? 201 : 200, std::move(body));
}

} // namespace handlers
