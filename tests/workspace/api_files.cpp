#include "workspace/state.hpp"

#include <algorithm>

namespace workspace {
namespace {

constexpr std::int64_t longest_file = 1'000'000'000;
constexpr std::size_t most_alt = 1'000, most_files = 10;

/// The files that blocks show, wherever in them.
void each_file(const Json& json, const std::string& at, const std::function<void(const Json&, const std::string&)>& look)
{
    if (json.is_object() && json.contains("slack_file"))
        look(json["slack_file"], at + "/slack_file");
    if (json.is_structured())
        for (const auto& [key, value] : json.items())
            if (key != "slack_file")
                each_file(value, at + "/" + key, look);
}

bool may_share(const State& state, const Place& place)
{
    if (place.kind == Place::Kind::direct)
        return state.settings.messages_tab_enabled && !state.members.at(state.person_of(place)).options.deleted;
    return place.members.count(state.bot_user) > 0;
}

/// The message that shares files comes after a moment.
asio::awaitable<void> share(std::weak_ptr<State> weak, doors::Clock& clock, TimePoint when, std::vector<std::string> ids,
    std::string channel, std::string words, std::string thread)
{
    const auto wait = when - clock.now();
    co_await clock.pause(wait);
    const auto state = weak.lock();
    auto* place = state ? state->place(channel) : nullptr;
    if (!place || state->closed)
        co_return;
    Message message;
    message.user = state->bot_user;
    message.text = std::move(words);
    message.files = ids;
    message.thread_ts = std::move(thread);
    for (const auto& id : ids)
        state->files.at(id).channels.insert(channel);
    store(*state, *place, std::move(message));
}

} // namespace

Json files_get_upload_url(State& state, const Json& arguments)
{
    const auto length_ = arguments["length"].get<std::int64_t>();
    if (length_ < 1)
        throw Refused{"invalid_arguments", {"[ERROR] must be greater than 0 [json-pointer:/length]"}};
    if (length_ > longest_file)
        throw Refused{"file_upload_size_restricted"};
    const auto name = arguments["filename"].get<std::string>();
    if (name.empty() || name.find('/') != std::string::npos)
        throw Refused{"invalid_arguments", {"[ERROR] no file name [json-pointer:/filename]"}};
    const auto alt = arguments.value("alt_txt", std::string{});
    if (length(alt) > most_alt)
        throw Refused{"invalid_arguments", {"[ERROR] must be at most 1000 characters [json-pointer:/alt_txt]"}};
    StoredFile file;
    file.id = state.next_id("F");
    file.name = name;
    file.alt = alt;
    file.length = static_cast<std::size_t>(length_);
    file.ticket = state.doors.random.token(24);
    const auto id = file.id, ticket = file.ticket;
    state.files[id] = std::move(file);
    return {{"ok", true}, {"upload_url", state.files_base + "/upload/v1/" + ticket}, {"file_id", id}};
}

net::Response take_upload(State& state, const std::string& ticket, const net::Request& request)
{
    const auto found =
        std::find_if(state.files.begin(), state.files.end(), [&](const auto& entry) { return entry.second.ticket == ticket; });
    const auto plain = [](int status, const std::string& text) {
        return net::Response{status, {{"Content-Type", "text/plain"}}, text};
    };
    if (ticket.empty() || found == state.files.end())
        return plain(404, "not found");
    auto& file = found->second;
    if (request.method != "POST")
        return plain(405, "POST it");
    if (!net::header(request.headers, "authorization").empty())
        state.violations.push_back("a token was sent to an upload address, which needs none");
    if (file.uploaded)
        return plain(404, "the address was used");
    if (request.body.size() != file.length)
        return plain(400, "expected " + std::to_string(file.length) + " bytes, got " + std::to_string(request.body.size()));
    file.bytes = request.body;
    file.uploaded = true;
    return plain(200, "OK - " + std::to_string(file.length));
}

Json file_json(const State& state, const StoredFile& file)
{
    const auto dot = file.name.rfind('.');
    const auto type = dot == std::string::npos ? std::string{"text"} : lower(file.name.substr(dot + 1));
    const auto base = state.files_base + "/files-pri/" + state.team_id + "-" + file.id + "/";
    return {{"id", file.id}, {"created", std::chrono::floor<seconds>(state.now()).time_since_epoch().count()},
        {"name", file.name}, {"title", file.name}, {"mimetype", "text/plain"}, {"filetype", type}, {"user", file.owner},
        {"user_team", state.team_id}, {"editable", true}, {"size", file.bytes.size()}, {"mode", "snippet"},
        {"is_external", false}, {"is_public", false}, {"url_private", base + file.name},
        {"url_private_download", base + "download/" + file.name}};
}

net::Response give_file(State& state, const net::Request& request)
{
    // "/files-pri/T…-F…/download/a.yaml"; whoever may not have it is sent to log in.
    const std::string path{net::path(request.target)};
    const auto begin = path.find('-', path.find('/', 1));
    const auto id = begin == std::string::npos ? std::string{} : path.substr(begin + 1, path.find('/', begin) - begin - 1);
    const auto token = net::header(request.headers, "authorization");
    const auto found = state.files.find(id);
    const bool may = token == "Bearer " + state.bot_token && !state.revoked && state.settings.scopes.count("files:read") > 0;
    if (!may)
        return {302, {{"Location", "https://" + state.team_domain + ".slack.com/?redir=" + path}}, ""};
    if (request.method != "GET" || found == state.files.end() || found->second.owner.empty())
        return {404, {{"Content-Type", "text/html"}}, "<!DOCTYPE html><html><body>not found</body></html>"};
    return {200, {{"Content-Type", "text/plain"}}, found->second.bytes};
}

Json files_complete_upload(State& state, const Json& arguments)
{
    const auto& list = arguments["files"];
    if (list.empty() || list.size() > most_files)
        throw Refused{"invalid_arguments", {"[ERROR] from 1 to 10 files [json-pointer:/files]"}};
    std::vector<std::string> ids;
    for (const auto& one : list) {
        if (!one.is_object() || !one.contains("id") || !one["id"].is_string())
            throw Refused{"invalid_arguments", {"[ERROR] missing required field: id [json-pointer:/files]"}};
        const auto id = one["id"].get<std::string>();
        const auto found = state.files.find(id);
        if (found == state.files.end() || !found->second.uploaded)
            throw Refused{"file_not_found"};
        ids.push_back(id);
    }
    const auto channel = arguments.value("channel_id", std::string{});
    const auto words = arguments.value("initial_comment", std::string{});
    if (channel.empty() && (!words.empty() || arguments.contains("thread_ts")))
        throw Refused{"invalid_arguments", {"[ERROR] there is no channel to say it in [json-pointer:/channel_id]"}};
    if (!channel.empty()) {
        const auto* place = state.place(channel);
        if (!place)
            throw Refused{"channel_not_found"};
        if (place->archived)
            throw Refused{"posting_to_channel_denied"};
        if (!may_share(state, *place))
            throw Refused{"not_in_channel"};
    }
    auto answer = Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto& file = state.files.at(ids[i]);
        if (!file.completed) {
            file.title = list[i].value("title", file.name);
            file.completed = true;
            file.ready = state.now() + state.settings.file_takes;
        }
        answer.push_back({{"id", file.id}, {"title", file.title}});
    }
    if (!channel.empty())
        state.doors.tasks.spawn("workspace shares a file",
            share(state.weak_from_this(), state.doors.clock, state.now() + state.settings.file_takes, ids, channel, words,
                arguments.value("thread_ts", std::string{})));
    return {{"ok", true}, {"files", std::move(answer)}};
}

bool is_png(const StoredFile& file) { return file.bytes.rfind("\x89PNG", 0) == 0; }

std::vector<std::string> problems_of_files(const State& state, const Json& blocks)
{
    std::vector<std::string> problems;
    each_file(blocks, "/blocks", [&](const Json& named, const std::string& at) {
        const auto say = [&](const std::string& what) { problems.push_back(what + " [json-pointer:" + at + "]"); };
        if (!named.is_object() || named.size() != 1 || !(named.contains("id") || named.contains("url"))
            || !named.begin().value().is_string())
            return say("must provide either id or url");
        const auto found = named.contains("id") ? state.files.find(named["id"].get<std::string>()) : state.files.end();
        const bool image = found != state.files.end() && is_png(found->second);
        if (found == state.files.end() || !found->second.completed || state.now() < found->second.ready || !image)
            say("invalid slack file");
    });
    return problems;
}

} // namespace workspace
