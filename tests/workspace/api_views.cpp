#include "workspace/state.hpp"

#include <algorithm>

namespace workspace {
namespace {

constexpr std::size_t most_bytes = 250'000, most_stacked = 3;

Trigger& need_trigger(State& state, const std::string& id)
{
    const auto found = state.triggers.find(id);
    if (found == state.triggers.end())
        throw Refused{"invalid_trigger_id"};
    if (found->second.used)
        throw Refused{"exchanged_trigger_id"};
    if (state.now() > found->second.expires)
        throw Refused{"expired_trigger_id"};
    return found->second;
}

Json answer_with(const State& state, const ViewRecord& record) { return {{"ok", true}, {"view", view_json(state, record)}}; }

void check_external_id(const State& state, const Json& view, const ViewRecord* own)
{
    const auto id = view.value("external_id", std::string{});
    if (id.empty())
        return;
    for (const auto& [user, stack] : state.stacks)
        for (const auto& record : stack)
            if (record.get() != own && record->view.value("external_id", std::string{}) == id)
                throw Refused{"duplicate_external_id"};
    for (const auto& [user, record] : state.homes)
        if (record.get() != own && record->view.value("external_id", std::string{}) == id)
            throw Refused{"duplicate_external_id"};
}

} // namespace

void check_view(const State& state, const Json& view, const std::string& wanted)
{
    if (view.dump().size() > most_bytes)
        throw Refused{"view_too_large"};
    auto problems = problems_in_view(view, wanted);
    if (problems.empty() && view.contains("blocks"))
        problems = problems_of_files(state, view["blocks"]);
    // What exactly Slack says is not documented; that it needs the scope is.
    if (problems.empty() && view.contains("blocks") && state.settings.scopes.count("files:read") == 0)
        for (const auto& found : elements(view["blocks"]))
            if (found.element.value("type", std::string{}) == "file_input")
                problems.push_back("file_input needs the scope files:read");
    for (auto& problem : problems)
        problem = "[ERROR] " + problem;
    if (!problems.empty())
        throw Refused{"invalid_arguments", problems};
}

Json view_json(const State& state, const ViewRecord& record, bool with_values)
{
    const auto& view = record.view;
    const bool modal = view["type"] == "modal";
    const auto or_null = [&](const char* key) { return view.contains(key) ? view[key] : Json{}; };
    Json json{{"id", record.id}, {"team_id", state.team_id}, {"type", view["type"]}, {"blocks", view["blocks"]},
        {"private_metadata", view.value("private_metadata", std::string{})},
        {"callback_id", view.value("callback_id", std::string{})}};
    json["state"] = {{"values", with_values ? state_values(record) : Json::object()}};
    json["hash"] = record.hash;
    json["title"] = modal ? view["title"] : Json{{"type", "plain_text"}, {"text", "View Title"}, {"emoji", true}};
    json["clear_on_close"] = view.value("clear_on_close", false);
    json["notify_on_close"] = view.value("notify_on_close", false);
    json["close"] = or_null("close");
    json["submit"] = or_null("submit");
    json["previous_view_id"] = record.previous.empty() ? Json{} : Json(record.previous);
    json["root_view_id"] = record.root;
    json["app_id"] = state.app_id;
    json["external_id"] = view.value("external_id", std::string{});
    json["app_installed_team_id"] = state.team_id;
    json["bot_id"] = state.bot_id;
    return json;
}

void set_view(State& state, ViewRecord& record, Json view)
{
    give_ids(state, view["blocks"]);
    // What was typed stays where block_id and action_id (and the kind of element) are the same.
    auto kept = Json::object(), options = Json::object();
    for (const auto& found : elements(view["blocks"])) {
        const auto block = found.block["block_id"].get<std::string>();
        const auto action = found.element.value("action_id", std::string{});
        if (record.values.contains(block) && record.values[block].contains(action)
            && record.values[block][action].value("type", Json{}) == found.element["type"])
            kept[block][action] = record.values[block][action];
        if (record.options.contains(block) && record.options[block].contains(action))
            options[block][action] = record.options[block][action];
    }
    record.view = std::move(view);
    record.values = std::move(kept);
    record.options = std::move(options);
    record.errors.clear();
    record.hash =
        std::to_string(std::chrono::floor<seconds>(state.now()).time_since_epoch().count()) + "." + state.doors.random.token(4);
}

std::shared_ptr<ViewRecord> stack_view(State& state, const std::string& user, Json view)
{
    check_view(state, view, "modal");
    check_external_id(state, view, nullptr);
    auto& stack = state.stacks[user];
    if (stack.size() >= most_stacked)
        throw Refused{"push_limit_reached"};
    auto record = std::make_shared<ViewRecord>();
    record->id = state.next_id("V");
    record->user = user;
    record->root = stack.empty() ? record->id : stack.front()->id;
    record->previous = stack.empty() ? std::string{} : stack.back()->id;
    set_view(state, *record, std::move(view));
    stack.push_back(record);
    state.note(state.who(user),
        "sees the modal " + record->view["title"]["text"].get<std::string>() + ":\n"
            + read_blocks(state, record->view["blocks"]));
    return record;
}

Json views_open(State& state, const Json& arguments)
{
    const auto& view = arguments["view"];
    check_view(state, view, "modal");
    auto& trigger = need_trigger(state, arguments["trigger_id"].get<std::string>());
    auto before = std::move(state.stacks[trigger.user]);
    state.stacks[trigger.user].clear();
    try {
        const auto record = stack_view(state, trigger.user, view);
        trigger.used = true;
        return answer_with(state, *record);
    } catch (const Refused&) {
        state.stacks[trigger.user] = std::move(before);
        throw;
    }
}

Json views_push(State& state, const Json& arguments)
{
    const auto& view = arguments["view"];
    check_view(state, view, "modal");
    auto& trigger = need_trigger(state, arguments["trigger_id"].get<std::string>());
    if (state.stacks[trigger.user].empty())
        throw Refused{"not_found"};
    const auto record = stack_view(state, trigger.user, view);
    trigger.used = true;
    return answer_with(state, *record);
}

Json views_update(State& state, const Json& arguments)
{
    const auto id = arguments.value("view_id", std::string{}), external = arguments.value("external_id", std::string{});
    if (id.empty() == external.empty())
        throw Refused{"invalid_arguments", {"[ERROR] either view_id or external_id"}};
    auto record = id.empty() ? nullptr : state.view(id);
    if (id.empty())
        for (const auto& [user, stack] : state.stacks)
            for (const auto& candidate : stack)
                if (candidate->view.value("external_id", std::string{}) == external)
                    record = candidate;
    if (!record)
        throw Refused{"not_found"};
    const auto& view = arguments["view"];
    check_view(state, view, record->view["type"].get<std::string>());
    check_external_id(state, view, record.get());
    if (arguments.contains("hash") && arguments["hash"] != record->hash)
        throw Refused{"hash_conflict"};
    set_view(state, *record, view);
    const bool modal = view["type"] == "modal";
    state.note(state.who(record->user),
        "sees " + (modal ? "the modal " + view["title"]["text"].get<std::string>() : std::string{"Home"}) + " change:\n"
            + read_blocks(state, view["blocks"]));
    return answer_with(state, *record);
}

Json views_publish(State& state, const Json& arguments)
{
    if (!state.settings.home_tab_enabled)
        throw Refused{"not_enabled"};
    const auto user = arguments["user_id"].get<std::string>();
    const auto found = state.members.find(user);
    if (found == state.members.end() || found->second.options.deleted || user == state.bot_user)
        throw Refused{"invalid_arguments", {"[ERROR] user not found [json-pointer:/user_id]"}};
    const auto& view = arguments["view"];
    check_view(state, view, "home");
    const auto published = state.homes.find(user);
    auto record = published == state.homes.end() ? nullptr : published->second;
    if (arguments.contains("hash") && (!record || arguments["hash"] != record->hash))
        throw Refused{"hash_conflict"};
    check_external_id(state, view, record.get());
    if (!record) {
        record = std::make_shared<ViewRecord>();
        record->id = state.next_id("V");
        record->user = user;
        record->root = record->id;
        state.homes[user] = record;
    }
    set_view(state, *record, view);
    state.note(state.who(user), "has a new Home:\n" + read_blocks(state, view["blocks"]));
    return answer_with(state, *record);
}

} // namespace workspace
