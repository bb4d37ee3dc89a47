#include "workspace/workspace.hpp"

#include "workspace/state.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace workspace {
namespace {

void listen(State& state)
{
    for (auto& address : state.addresses) {
        const std::weak_ptr<State> weak = state.weak_from_this();
        net::Service service;
        service.serve = [weak](net::Request request) { return serve(weak.lock(), std::move(request)); };
        service.admit = [weak](const net::Request& request) -> std::optional<net::Response> {
            const auto alive = weak.lock();
            return alive ? admit(*alive, request) : net::Response{503, {}, {}};
        };
        service.serve_link = [weak](net::Request request, std::shared_ptr<net::Link> link) {
            return workspace::serve_link(weak.lock(), std::move(request), std::move(link));
        };
        service.limits.body = 2 << 20;
        state.listeners.push_back(state.doors.network.listen(address, std::move(service)));
        // After an outage it has to be the same port again.
        const auto colon = address.rfind(':');
        address = address.substr(0, colon + 1) + std::to_string(state.listeners.back()->port());
    }
}

std::string without_hash(std::string_view name) { return std::string{name.substr(name.rfind('#', 0) == 0 ? 1 : 0)}; }

} // namespace

std::string State::next_ts()
{
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now().time_since_epoch()).count();
    last_micros = std::max<std::int64_t>(last_micros + 1, micros);
    char text[40];
    std::snprintf(text, sizeof text, "%lld.%06lld", static_cast<long long>(last_micros / 1'000'000),
        static_cast<long long>(last_micros % 1'000'000));
    return text;
}

std::string State::next_id(const std::string& prefix, const std::string& name)
{
    char number[16];
    std::snprintf(number, sizeof number, "%02d", ++counter);
    auto id = prefix + number;
    for (const unsigned char c : name)
        if (std::isalnum(c) && id.size() < 11)
            id += static_cast<char>(std::toupper(c));
    while (id.size() < 9)
        id += '0';
    return id;
}

void State::note(std::string who_, std::string text) { lines.push_back({now(), std::move(who_), std::move(text)}); }

std::string State::who(const std::string& user) const
{
    if (user == bot_user)
        return "bot";
    const auto found = members.find(user);
    return found == members.end() ? user : found->second.name;
}

Member* State::member(std::string_view name_or_id)
{
    const auto name = std::string{name_or_id.substr(name_or_id.rfind('@', 0) == 0 ? 1 : 0)};
    if (const auto found = members.find(name); found != members.end())
        return &found->second;
    for (auto& [id, candidate] : members)
        if (candidate.name == name)
            return &candidate;
    return nullptr;
}

Member& State::need_member(std::string_view name_or_id)
{
    if (auto* found = member(name_or_id))
        return *found;
    throw NotThere{"no person " + std::string{name_or_id}};
}

Place* State::place(std::string_view id)
{
    const auto found = places.find(std::string{id});
    return found == places.end() ? nullptr : &found->second;
}

Place* State::named_place(std::string_view name_or_id)
{
    if (auto* found = place(name_or_id))
        return found;
    const auto name = without_hash(name_or_id);
    for (auto& [id, candidate] : places)
        if (!name.empty() && candidate.name == name)
            return &candidate;
    return nullptr;
}

Place& State::direct(const std::string& user)
{
    for (auto& [id, candidate] : places)
        if (candidate.kind == Place::Kind::direct && candidate.members.count(user))
            return candidate;
    Place opened;
    opened.id = next_id("D", members.at(user).name);
    opened.kind = Place::Kind::direct;
    opened.members = {user, bot_user};
    opened.created = now();
    return places[opened.id] = std::move(opened);
}

std::string State::person_of(const Place& direct) const
{
    for (const auto& id : direct.members)
        if (id != bot_user)
            return id;
    return {};
}

std::string State::label(const Place& place) const
{
    if (place.kind == Place::Kind::direct)
        return "DM with " + who(person_of(place));
    return place.kind == Place::Kind::group_direct ? "group DM " + place.id : "#" + place.name;
}

Message* State::find(const std::string& channel, const std::string& ts)
{
    if (auto* where = place(channel))
        for (auto& message : where->messages)
            if (message.ts == ts)
                return &message;
    return nullptr;
}

std::shared_ptr<ViewRecord> State::view(const std::string& id)
{
    for (const auto& [user, stack] : stacks)
        for (const auto& record : stack)
            if (record->id == id)
                return record;
    for (const auto& [user, record] : homes)
        if (record->id == id)
            return record;
    return nullptr;
}

std::string State::new_trigger(const std::string& user)
{
    const auto id = std::to_string(++counter) + "." + std::to_string(last_micros % 1'000'000) + "." + doors.random.token(16);
    triggers[id] = {user, now() + seconds{3}, false};
    return id;
}

std::string State::new_response_url(ResponseUrl url, const std::string& kind)
{
    const auto id = doors.random.token(12);
    url.expires = now() + std::chrono::minutes{30};
    response_urls[id] = std::move(url);
    return hooks_base + "/" + kind + "/" + team_id + "/" + std::to_string(++counter) + "/" + id;
}

Workspace::Workspace(Doors doors, std::string address, Settings settings)
    : state_{std::make_shared<State>(doors, std::move(settings))}
{
    auto& state = *state_;
    state.bot_token = "xoxb-1-" + doors.random.token(12);
    state.app_token = "xapp-1-" + state.app_id + "-" + doors.random.token(12);
    state.signing_secret = doors.random.token(16);

    Member bot;
    bot.id = state.bot_user;
    bot.name = "oncall";
    bot.options.is_bot = true;
    bot.options.real_name = "On-call Bot";
    state.members[bot.id] = bot;

    const auto colon = address.rfind(':');
    const auto host = address.substr(0, colon);
    const bool in_life = host == "slack.com";
    state.addresses = {address};
    if (in_life)
        state.addresses = {address, "wss-primary.slack.com" + address.substr(colon), "hooks.slack.com" + address.substr(colon),
            "files.slack.com" + address.substr(colon)};
    listen(state);

    const auto port = state.addresses.front().substr(state.addresses.front().rfind(':'));
    const bool secure = port == ":443";
    const auto base = [&](const std::string& name, const std::string& scheme) {
        return scheme + (secure ? "s://" : "://") + name + (secure ? std::string{} : port);
    };
    state.api_base = base(host, "http");
    state.link_base = base(in_life ? "wss-primary.slack.com" : host, "ws");
    state.hooks_base = base(in_life ? "hooks.slack.com" : host, "http");
    state.files_base = base(in_life ? "files.slack.com" : host, "http");
}

Workspace::~Workspace()
{
    state_->closed = true;
    drop_links();
    state_->listeners.clear();
}

std::string Workspace::api_url() const { return state_->api_base + "/api/"; }
const std::string& Workspace::bot_token() const { return state_->bot_token; }
const std::string& Workspace::app_token() const { return state_->app_token; }
const std::string& Workspace::signing_secret() const { return state_->signing_secret; }
const std::string& Workspace::team_id() const { return state_->team_id; }
const std::string& Workspace::app_id() const { return state_->app_id; }
const std::string& Workspace::bot_user() const { return state_->bot_user; }
Settings& Workspace::settings() { return state_->settings; }

Person& Workspace::add_person(std::string name, std::string email, std::string tz, PersonOptions options)
{
    auto& state = *state_;
    if (state.member(name))
        throw std::invalid_argument{"there is a person " + name + " already"};
    Member member;
    member.id = options.id.empty() ? state.next_id("U", name) : options.id;
    member.name = name;
    member.email = std::move(email);
    member.tz = std::move(tz);
    member.options = std::move(options);
    if (member.options.real_name.empty()) {
        member.options.real_name = name;
        member.options.real_name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    }
    const auto id = member.id;
    const bool told =
        (!state.links.empty() || !state.settings.events_url.empty()) && state.settings.scopes.count("users:read") > 0;
    auto& added = state.members[id] = std::move(member);
    state.hands[id] = std::make_unique<Person>(state, id);
    if (told)
        workspace::send_event(state,
            {{"type", "team_join"}, {"user", user_json(state, added, state.settings.scopes.count("users:read.email") > 0, true)}},
            "team_join");
    return *state.hands[id];
}

Channel& Workspace::add_channel(std::string name, ChannelOptions options)
{
    auto& state = *state_;
    name = without_hash(name);
    if (state.named_place(name))
        throw std::invalid_argument{"there is a channel " + name + " already"};
    Place place;
    place.id = options.id.empty() ? state.next_id("C", name) : options.id;
    place.name = name;
    place.kind = options.is_private ? Place::Kind::closed : Place::Kind::open;
    place.archived = options.is_archived;
    place.read_only = options.read_only;
    place.created = state.now();
    for (const auto& member : options.members)
        place.members.insert(state.need_member(member).id);
    if (options.bot)
        place.members.insert(state.bot_user);
    const auto id = place.id;
    state.places[id] = std::move(place);
    state.rooms[id] = std::make_unique<Channel>(state, id);
    return *state.rooms[id];
}

std::string Workspace::add_user_group(std::string handle, std::vector<std::string> members, std::string id)
{
    auto& state = *state_;
    Group group;
    group.id = id.empty() ? state.next_id("S", handle) : std::move(id);
    group.handle = handle;
    group.name = std::move(handle);
    for (const auto& member : members)
        group.users.push_back(state.need_member(member).id);
    id = group.id;
    state.groups[id] = std::move(group);
    return id;
}

namespace {

Group& group_of(State& state, std::string_view handle)
{
    for (auto& [id, group] : state.groups)
        if (group.handle == handle)
            return group;
    throw NotThere{"no user group " + std::string{handle}};
}

} // namespace

std::vector<std::string> Workspace::user_group(std::string_view handle) const
{
    std::vector<std::string> names;
    for (const auto& id : group_of(*state_, handle).users)
        names.push_back(state_->who(id));
    std::sort(names.begin(), names.end());
    return names;
}

void Workspace::set_user_group(std::string_view handle, const std::vector<std::string>& members)
{
    auto& group = group_of(*state_, handle);
    group.users.clear();
    for (const auto& member : members)
        group.users.push_back(state_->need_member(member).id);
}

void Workspace::enable_user_group(std::string_view handle, bool enabled) { group_of(*state_, handle).disabled = !enabled; }

void Workspace::rename_user_group(std::string_view handle, std::string_view other) { group_of(*state_, handle).handle = other; }

Person& Workspace::person(std::string_view name_or_id)
{
    const auto& member = state_->need_member(name_or_id);
    const auto found = state_->hands.find(member.id);
    if (found == state_->hands.end())
        throw NotThere{member.name + " is nobody with hands"};
    return *found->second;
}

Channel& Workspace::channel(std::string_view name_or_id)
{
    const auto* place = state_->named_place(name_or_id);
    if (!place || place->kind == Place::Kind::direct || place->kind == Place::Kind::group_direct)
        throw NotThere{"no channel " + std::string{name_or_id}};
    auto& room = state_->rooms[place->id];
    if (!room)
        room = std::make_unique<Channel>(*state_, place->id);
    return *room;
}

void Workspace::deactivate(std::string_view person)
{
    auto& member = state_->need_member(person);
    member.options.deleted = true;
    workspace::changed(*state_, member);
}

void Workspace::reactivate(std::string_view person)
{
    auto& member = state_->need_member(person);
    member.options.deleted = false;
    workspace::changed(*state_, member);
}

void Workspace::rename(std::string_view person, std::string name)
{
    if (state_->member(name))
        throw std::invalid_argument{"there is a person " + name + " already"};
    auto& member = state_->need_member(person);
    member.name = std::move(name);
    workspace::changed(*state_, member);
}

void Workspace::move(std::string_view person, std::string time_zone, std::string locale)
{
    auto& member = state_->need_member(person);
    member.tz = std::move(time_zone);
    if (!locale.empty())
        member.locale = std::move(locale);
    workspace::changed(*state_, member);
}

void Workspace::set_status(std::string_view person, std::string status)
{
    auto& member = state_->need_member(person);
    member.status = std::move(status);
    workspace::changed(*state_, member);
}

void Workspace::make_guest(std::string_view person, bool guest)
{
    auto& member = state_->need_member(person);
    member.options.guest = guest;
    workspace::changed(*state_, member);
}

Message Workspace::now(const Message& message) const
{
    if (message.ephemeral) {
        for (const auto& candidate : state_->ephemerals)
            if (candidate.ts == message.ts && candidate.channel == message.channel)
                return candidate;
    } else if (const auto* found = state_->find(message.channel, message.ts)) {
        return *found;
    }
    throw NotThere{"the message " + message.ts + " is gone"};
}

std::vector<Message> Workspace::all(std::string_view channel_id) const
{
    const auto* place = state_->place(channel_id);
    if (!place)
        throw NotThere{"no conversation " + std::string{channel_id}};
    return place->messages;
}

std::string Workspace::plain(const Message& message) const { return read_message(*state_, message); }
std::string Workspace::push(const Message& message) const { return read_mrkdwn(*state_, message.text); }

const std::vector<Line>& Workspace::log() const { return state_->lines; }
std::vector<File> Workspace::files() const
{
    std::vector<File> all;
    for (const auto& [id, file] : state_->files)
        if (file.completed)
            all.push_back({id, file.name, file.title, file.alt, file.bytes, file.channels});
    return all;
}
const std::vector<Broadcast>& Workspace::broadcasts() const { return state_->broadcasts; }
const std::vector<Call>& Workspace::calls() const { return state_->calls; }
const std::vector<std::string>& Workspace::violations() const { return state_->violations; }

std::vector<Call> Workspace::calls(std::string_view method) const
{
    std::vector<Call> found;
    std::copy_if(state_->calls.begin(), state_->calls.end(), std::back_inserter(found),
        [&](const Call& call) { return call.method == method; });
    return found;
}

void Workspace::rate_limit(std::string method, seconds retry_after, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::rate_limit, times, static_cast<int>(retry_after.count()), {}});
}
void Workspace::fail_with_status(std::string method, int status, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::status, times, status, {}});
}
void Workspace::fail_with(std::string method, std::string error, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::error, times, 0, std::move(error)});
}
void Workspace::hang(std::string method, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::hang, times, 0, {}});
}
void Workspace::act_then_status(std::string method, int status, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::act_then_status, times, status, {}});
}
void Workspace::act_then_fail(std::string method, std::string error, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::act_then_error, times, 0, std::move(error)});
}
void Workspace::act_then_hang(std::string method, int times)
{
    state_->faults.push_back({std::move(method), Fault::Kind::act_then_hang, times, 0, {}});
}
void Workspace::lose_posts(int times) { state_->faults.push_back({"chat.postMessage", Fault::Kind::lose, times, 0, {}}); }
void Workspace::heal()
{
    state_->faults.clear();
    state_->twice.clear();
    state_->lost_acks = 0;
}

std::size_t Workspace::links() const { return open_links(*state_); }

void Workspace::drop_links()
{
    const auto links = state_->links;
    for (const auto& link : links)
        end_link(*state_, link);
}

void Workspace::drop_link(std::size_t index) { end_link(*state_, state_->links.at(index)); }
void Workspace::deafen_link(std::size_t index) { workspace::deafen_link(*state_, state_->links.at(index)); }

void Workspace::disconnect(std::string reason)
{
    const auto links = state_->links;
    for (const auto& link : links)
        warn_link(*state_, link, reason);
}

void Workspace::disconnect(std::string reason, std::size_t index) { warn_link(*state_, state_->links.at(index), reason); }

void Workspace::socket_mode(bool on)
{
    state_->socket_mode = on;
    if (!on)
        disconnect("link_disabled");
}

void Workspace::deliver_twice(std::string type, int times) { state_->twice.emplace_back(std::move(type), times); }
void Workspace::lose_acks(int times) { state_->lost_acks += times; }

void Workspace::outage(bool on)
{
    state_->note("slack", on ? "goes down" : "is back");
    if (on) {
        drop_links();
        state_->listeners.clear();
    } else if (state_->listeners.empty()) {
        listen(*state_);
    }
}

void Workspace::revoke_tokens() { state_->revoked = true; }

Delivery Workspace::send_event(Json event, std::string_view subscription)
{
    auto delivery = workspace::send_event(*state_, std::move(event), subscription);
    return delivery ? *delivery : refuse_delivery("not subscribed: " + std::string{subscription});
}

// Channels.

std::string Channel::name() const { return "#" + state_.places.at(id_).name; }

std::vector<Message> Channel::messages() const
{
    std::vector<Message> seen;
    for (const auto& message : state_.places.at(id_).messages)
        if (message.thread_ts.empty() || message.thread_ts == message.ts || message.broadcast)
            seen.push_back(message);
    return seen;
}

Message Channel::last() const
{
    const auto seen = messages();
    if (seen.empty())
        throw NotThere{"nothing was said in " + name()};
    return seen.back();
}

std::vector<Message> Channel::thread(const Message& parent) const
{
    std::vector<Message> seen;
    for (const auto& message : state_.places.at(id_).messages)
        if (message.thread_ts == parent.ts && message.ts != parent.ts)
            seen.push_back(message);
    return seen;
}

void Channel::archive(bool archived)
{
    state_.places.at(id_).archived = archived;
    if (archived)
        send_event(state_, {{"type", "channel_archive"}, {"channel", id_}}, "channel_archive");
}

void Channel::admit_bot(bool member)
{
    auto& place = state_.places.at(id_);
    if (!member)
        place.members.erase(state_.bot_user);
    else if (place.members.insert(state_.bot_user).second)
        send_event(state_,
            {{"type", "member_joined_channel"}, {"user", state_.bot_user}, {"channel", id_},
                {"channel_type", place.kind == Place::Kind::open ? "C" : "G"}, {"team", state_.team_id}},
            "member_joined_channel");
}

void Channel::admit(std::string_view person, bool member)
{
    auto& place = state_.places.at(id_);
    const auto user = state_.need_member(person).id;
    if (!member) {
        place.members.erase(user);
    } else if (place.members.insert(user).second && place.members.count(state_.bot_user)) {
        send_event(state_,
            {{"type", "member_joined_channel"}, {"user", user}, {"channel", id_},
                {"channel_type", place.kind == Place::Kind::open ? "C" : "G"}, {"team", state_.team_id}},
            "member_joined_channel");
    }
}

bool Channel::has_bot() const { return state_.places.at(id_).members.count(state_.bot_user) > 0; }

} // namespace workspace
