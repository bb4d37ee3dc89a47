#pragma once

#include "slack/message.hpp"

#include <chrono>
#include <optional>
#include <variant>

namespace slack {

/// Who did something. `team` is the workspace of the person (empty when Slack did not say), `name` what Slack calls her at once.
struct Actor {
    std::string user{};
    std::string team{};
    std::string name{};
};

/// /oncall …, or the same words said in another way.
struct Command {
    enum class Said {
        typed, // behind the slash
        to_us, // in prose
        in_passing, // in prose to others, with our name in it
        pressed, // by a button of ours: a verb, and the words its handler reads
    };
    Actor actor{};
    std::string text{};
    std::string channel{};
    std::string response_url{};
    std::string trigger_id{};
    std::string thread_ts{}; // of the thread in which it was said to us; what is typed behind a slash has none
    Said said{};
    std::chrono::sys_time<std::chrono::milliseconds> came{}; // its trigger lives for three seconds from then
};

/// One pressed element of a message or a view. `value` is the button's value or the selected option's.
struct Action {
    Actor actor{};
    std::string action_id{};
    std::string block_id{};
    std::string value{};
    std::string channel{}; // of the message, else empty
    std::string message_ts{}; // of the message, else empty
    std::string view_id{}; // of the view, else empty
    std::string response_url{};
    std::string trigger_id{};
    std::string callback_id{}; // of the view, as the next three
    std::string private_metadata{};
    std::string view_hash{}; // what views.update is given, so that it changes what was seen and nothing newer
    Json state{}; // `view.state.values`
};

/// A submitted modal. `state` is `view.state.values`.
struct Submission {
    Actor actor{};
    std::string callback_id{};
    std::string private_metadata{};
    std::string view_id{};
    Json state{};
};

/// Somebody types into a select that asks us for its options.
struct Lookup {
    Actor actor{};
    std::string action_id{};
    std::string typed{};
};

/// A global or message shortcut.
struct Shortcut {
    Actor actor{};
    std::string callback_id{};
    std::string trigger_id{};
    std::string response_url{};
    std::string channel{};
    std::string message_ts{};
    std::string thread_ts{}; // of the thread that the message is in or begins, else empty
    std::string message_text{}; // as Slack writes it; of an app's without text, what its attachments say
    std::string message_author{}; // a user id; may be empty
    std::string message_app{}; // what the app that wrote it calls itself; may be empty
    std::string workspace{}; // its part of "https://acme.slack.com"; may be empty
};

/// Something happened in the workspace; `event` is the inner event.
struct Event {
    std::string event_id{};
    std::string type{};
    Json event{};
};

/// Understood as Slack, but nothing we act on (view_closed, unknown types): acknowledged and forgotten.
struct Ignored {
    std::string what{};
};

using Payload = std::variant<Command, std::vector<Action>, Submission, Lookup, Shortcut, Event, Ignored>;

/// From a Socket Mode envelope's `type` ("slash_commands", "interactive", "events_api") and `payload`. HTTP hands in the same
/// values. Never throws: what makes no sense is Ignored.
Payload read_payload(std::string_view envelope_type, const Json& payload);

} // namespace slack
