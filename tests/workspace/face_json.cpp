#include "workspace/state.hpp"

#include <algorithm>

// What the face is drawn from: everything that can be seen, and who sees it.
namespace workspace {
namespace {

constexpr std::size_t most_shown = 200; // of a conversation's messages

Json shown_message(const Message& message)
{
    Json json{{"channel", message.channel}, {"ts", message.ts}, {"user", message.user}, {"text", message.text}};
    if (!message.thread_ts.empty() && message.thread_ts != message.ts)
        json["thread_ts"] = message.thread_ts;
    if (!message.blocks.empty())
        json["blocks"] = message.blocks;
    if (!message.attachments.empty())
        json["attachments"] = message.attachments;
    if (!message.files.empty())
        json["files"] = message.files;
    if (!message.reactions.empty())
        json["reactions"] = message.reactions;
    if (message.broadcast)
        json["broadcast"] = true;
    if (message.ephemeral)
        json["ephemeral"] = true;
    // The mark belongs to edits without blocks, as in Slack.
    if (!message.edits.empty() && message.blocks.empty() && message.attachments.empty())
        json["edited"] = true;
    return json;
}

Json shown_view(const State& state, const ViewRecord& record)
{
    auto json = view_json(state, record);
    json.erase("private_metadata");
    json["errors"] = record.errors;
    json["options"] = record.options;
    json["submit_disabled"] = record.view.value("submit_disabled", false);
    return json;
}

Json shown_person(const State& state, const Member& member)
{
    Json json{{"id", member.id}, {"name", member.name}, {"real_name", member.options.real_name}, {"tz", member.tz}};
    json["direct"] = "";
    for (const auto& [id, place] : state.places)
        if (place.kind == Place::Kind::direct && place.members.count(member.id))
            json["direct"] = id;
    json["quiet"] = member.quiet_from <= state.now() && state.now() < member.quiet_until;
    json["ephemerals"] = Json::array();
    for (const auto& message : state.ephemerals)
        if (message.seen_by == member.id)
            json["ephemerals"].push_back(shown_message(message));
    json["modals"] = Json::array();
    if (const auto found = state.stacks.find(member.id); found != state.stacks.end())
        for (const auto& record : found->second)
            json["modals"].push_back(shown_view(state, *record));
    json["home"] = nullptr;
    if (const auto found = state.homes.find(member.id); found != state.homes.end())
        json["home"] = shown_view(state, *found->second);
    return json;
}

Json shown_place(const Place& place)
{
    const char* const kinds[]{"open", "closed", "direct", "group_direct"};
    Json json{{"id", place.id}, {"name", place.name}, {"kind", kinds[static_cast<int>(place.kind)]}, {"topic", place.topic},
        {"archived", place.archived}, {"members", place.members}};
    json["messages"] = Json::array();
    const auto begin = place.messages.size() > most_shown ? place.messages.size() - most_shown : 0;
    for (auto i = begin; i < place.messages.size(); ++i)
        json["messages"].push_back(shown_message(place.messages[i]));
    return json;
}

} // namespace

Json face_json(const State& state)
{
    Json json{{"now", std::chrono::floor<seconds>(state.now()).time_since_epoch().count()}, {"team", state.team_domain},
        {"bot", state.bot_user}, {"commands", state.settings.commands}, {"home_tab", state.settings.home_tab_enabled},
        {"messages_tab", state.settings.messages_tab_enabled}};
    json["names"] = Json::object(); // of everybody who may be mentioned
    json["people"] = Json::array(); // whose screens there are
    for (const auto& [id, member] : state.members) {
        json["names"][id] = member.options.real_name;
        if (id != state.bot_user && !member.options.deleted && !member.options.is_bot)
            json["people"].push_back(shown_person(state, member));
    }
    json["groups"] = Json::object();
    for (const auto& [id, group] : state.groups)
        json["groups"][id] = group.handle;
    json["places"] = Json::array();
    for (const auto& [id, place] : state.places)
        json["places"].push_back(shown_place(place));
    json["files"] = Json::object();
    for (const auto& [id, file] : state.files)
        if (file.completed)
            json["files"][id] = {{"name", file.name}, {"title", file.title}, {"alt", file.alt}, {"image", is_png(file)}};
    return json;
}

} // namespace workspace
