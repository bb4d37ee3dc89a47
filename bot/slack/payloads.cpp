#include "slack/payloads.hpp"

namespace slack {

namespace {

Actor actor_of(const Json& payload)
{
    Actor actor{text_at(payload, {"user", "id"}), text_at(payload, {"user", "team_id"}), text_at(payload, {"user", "name"})};
    if (actor.name.empty())
        actor.name = text_at(payload, {"user", "username"});
    if (actor.team.empty())
        actor.team = text_at(payload, {"team", "id"});
    return actor;
}

/// What was chosen, whatever the element's kind (docs.slack.dev, reference/interaction-payloads).
std::string value_of(const Json& action)
{
    for (const auto* key :
        {"value", "selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time"})
        if (auto value = text_at(action, {key}); !value.empty())
            return value;
    if (auto value = text_at(action, {"selected_option", "value"}); !value.empty())
        return value;
    if (const auto& when = at(action, {"selected_date_time"}); when.is_number_integer())
        return std::to_string(when.get<std::int64_t>());
    return {};
}

Payload pressed(const Json& payload)
{
    std::vector<Action> actions;
    const auto& list = at(payload, {"actions"});
    if (!list.is_array())
        return Ignored{"block_actions without actions"};
    for (const auto& one : list) {
        Action action;
        action.actor = actor_of(payload);
        action.action_id = text_at(one, {"action_id"});
        action.block_id = text_at(one, {"block_id"});
        action.value = value_of(one);
        action.channel = text_at(payload, {"container", "channel_id"});
        if (action.channel.empty())
            action.channel = text_at(payload, {"channel", "id"});
        action.message_ts = text_at(payload, {"container", "message_ts"});
        if (action.message_ts.empty())
            action.message_ts = text_at(payload, {"message", "ts"});
        action.view_id = text_at(payload, {"view", "id"});
        action.response_url = text_at(payload, {"response_url"});
        action.trigger_id = text_at(payload, {"trigger_id"});
        action.callback_id = text_at(payload, {"view", "callback_id"});
        action.private_metadata = text_at(payload, {"view", "private_metadata"});
        action.view_hash = text_at(payload, {"view", "hash"});
        action.state = at(payload, {"view", "state", "values"});
        actions.push_back(std::move(action));
    }
    return actions;
}

/// What the message says: many apps put all of it into attachments.
std::string text_of(const Json& message)
{
    auto text = text_at(message, {"text"});
    const auto& attachments = at(message, {"attachments"});
    if (!text.empty() || !attachments.is_array())
        return text;
    for (const auto& attachment : attachments)
        for (const auto* key : {"fallback", "text", "title"})
            if (const auto said = text_at(attachment, {key}); !said.empty()) {
                text += (text.empty() ? "" : "\n") + said;
                break;
            }
    return text;
}

std::string app_of(const Json& message)
{
    const auto name = text_at(message, {"bot_profile", "name"});
    return name.empty() ? text_at(message, {"username"}) : name;
}

Payload interactive(const Json& payload)
{
    const auto type = text_at(payload, {"type"});
    if (type == "block_actions")
        return pressed(payload);
    if (type == "view_submission") {
        const auto& values = at(payload, {"view", "state", "values"});
        return Submission{actor_of(payload), text_at(payload, {"view", "callback_id"}),
            text_at(payload, {"view", "private_metadata"}), text_at(payload, {"view", "id"}),
            values.is_object() ? values : Json::object()};
    }
    if (type == "block_suggestion")
        return Lookup{actor_of(payload), text_at(payload, {"action_id"}), text_at(payload, {"value"})};
    if (type == "shortcut" || type == "message_action") {
        auto ts = text_at(payload, {"message_ts"});
        if (ts.empty())
            ts = text_at(payload, {"message", "ts"});
        return Shortcut{actor_of(payload), text_at(payload, {"callback_id"}), text_at(payload, {"trigger_id"}),
            text_at(payload, {"response_url"}), text_at(payload, {"channel", "id"}), ts,
            text_at(payload, {"message", "thread_ts"}), text_of(at(payload, {"message"})), text_at(payload, {"message", "user"}),
            app_of(at(payload, {"message"})), text_at(payload, {"team", "domain"})};
    }
    return Ignored{type.empty() ? "interactive without a type" : type};
}

} // namespace

Payload read_payload(std::string_view envelope_type, const Json& payload)
{
    if (!payload.is_object())
        return Ignored{"a payload that is no object"};
    if (envelope_type == "slash_commands") {
        Command command;
        command.actor = {text_at(payload, {"user_id"}), text_at(payload, {"team_id"}), text_at(payload, {"user_name"})};
        command.text = text_at(payload, {"text"});
        command.channel = text_at(payload, {"channel_id"});
        command.response_url = text_at(payload, {"response_url"});
        command.trigger_id = text_at(payload, {"trigger_id"});
        return command;
    }
    if (envelope_type == "interactive")
        return interactive(payload);
    if (envelope_type == "events_api") {
        if (text_at(payload, {"type"}) != "event_callback")
            return Ignored{text_at(payload, {"type"})};
        const auto& event = at(payload, {"event"});
        if (!event.is_object())
            return Ignored{"event_callback without an event"};
        return Event{text_at(payload, {"event_id"}), text_at(event, {"type"}), event};
    }
    return Ignored{std::string{envelope_type}};
}

} // namespace slack
