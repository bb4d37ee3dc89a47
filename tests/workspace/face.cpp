#include "workspace/face.hpp"

#include "net/url.hpp"
#include "workspace/state.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace workspace {

struct Face::Room {
    std::weak_ptr<State> state{};
    std::string token{};
    std::set<std::string> hosts{}; // as a Host header may name us
    std::unique_ptr<net::Listener> listener{};
    std::vector<std::pair<std::string, std::string>> shortcuts{}; // callback_id, name
    std::vector<std::pair<std::string, std::string>> global_shortcuts{};
    std::vector<std::pair<std::string, std::function<void()>>> levers{};
    std::optional<int> speed{};
    /// What somebody did, and how it ends.
    struct Gesture {
        int number{};
        std::string as{}, what{};
        Delivery delivery;
    };
    std::vector<Gesture> gestures{};
    int gestures_ever{};
    std::size_t done_here{}; // counts what no log of the workspace tells
};

namespace {

using FaceRoom = Face::Room;

constexpr std::size_t longest_gesture = 64 << 10, most_gestures = 50;
/// The page's reader lives in real time, whatever the workspace's clock does.
constexpr milliseconds look_again_after{40}, longest_wait{10'000};

/// A gesture that makes no sense, unlike one that Slack would not let happen.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

net::Response page_answer(int status, std::string_view type, std::string body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", std::string{type}}, {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"}, {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"}};
    response.body = std::move(body);
    return response;
}

net::Response page_refusal(int status, const std::string& why)
{
    return page_answer(
        status, "application/json", Json{{"ok", false}, {"error", why}}.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string text_of_gesture(const Json& gesture, const char* key)
{
    if (!gesture.contains(key))
        return {};
    if (!gesture[key].is_string())
        throw Malformed{std::string{key} + " must be a text"};
    return gesture[key].get<std::string>();
}

/// Changes whenever what is seen may have.
std::string state_mark(const FaceRoom& room, const State& state)
{
    std::size_t files = 0;
    for (const auto& [id, file] : state.files)
        files += file.completed ? 1 : 0;
    const auto minute = std::chrono::floor<std::chrono::minutes>(state.now()).time_since_epoch().count();
    const auto pending =
        std::count_if(room.gestures.begin(), room.gestures.end(), [](const auto& gesture) { return gesture.delivery.pending(); });
    std::string mark;
    for (const auto number : {state.lines.size(), state.calls.size(), files, room.done_here, static_cast<std::size_t>(pending),
             static_cast<std::size_t>(minute)})
        mark += (mark.empty() ? "" : "-") + std::to_string(number);
    return mark;
}

Json shortcuts_for_page(const std::vector<std::pair<std::string, std::string>>& shortcuts)
{
    auto json = Json::array();
    for (const auto& [callback_id, name] : shortcuts)
        json.push_back({{"callback_id", callback_id}, {"name", name}});
    return json;
}

Json state_for_page(const FaceRoom& room, const State& state)
{
    auto json = face_json(state);
    json["seen"] = state_mark(room, state);
    json["speed"] = room.speed ? Json(*room.speed) : Json{};
    json["shortcuts"] = shortcuts_for_page(room.shortcuts);
    json["global_shortcuts"] = shortcuts_for_page(room.global_shortcuts);
    json["levers"] = Json::array();
    for (const auto& [label, pull] : room.levers)
        json["levers"].push_back(label);
    json["gestures"] = Json::array();
    for (const auto& gesture : room.gestures)
        json["gestures"].push_back({{"number", gesture.number}, {"as", gesture.as}, {"what", gesture.what},
            {"pending", gesture.delivery.pending()}, {"error", gesture.delivery.error()}});
    return json;
}

/// The state once it is another than the one that was seen, or after a while.
asio::awaitable<net::Response> next_state(std::weak_ptr<FaceRoom> weak, std::string seen)
{
    const auto loop = co_await asio::this_coro::executor;
    asio::steady_timer timer{loop};
    for (auto waited = milliseconds{};; waited += look_again_after) {
        if (const auto room = weak.lock()) {
            const auto state = room->state.lock();
            if (!state)
                co_return page_refusal(503, "the workspace is gone");
            if (waited >= longest_wait || state_mark(*room, *state) != seen)
                co_return page_answer(
                    200, "application/json", state_for_page(*room, *state).dump(-1, ' ', false, Json::error_handler_t::replace));
        } else {
            co_return page_refusal(503, "the workspace is gone");
        }
        timer.expires_after(look_again_after);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

net::Response file_answer(const State& state, const std::string& id)
{
    const auto found = state.files.find(id);
    if (found == state.files.end() || !found->second.completed)
        return page_refusal(404, "no such file");
    const bool image = is_png(found->second);
    auto response = page_answer(200, image ? "image/png" : "application/octet-stream", found->second.bytes);
    if (!image)
        response.headers.push_back(
            {"Content-Disposition", "attachment; filename*=UTF-8''" + net::percent_encode(found->second.name)});
    return response;
}

/// The message that a gesture points at, as it is now.
Message pointed_at(State& state, const Person& person, const Json& gesture)
{
    const auto channel = text_of_gesture(gesture, "channel"), ts = text_of_gesture(gesture, "ts");
    for (const auto& message : state.ephemerals)
        if (message.channel == channel && message.ts == ts && message.seen_by == person.id())
            return message;
    if (const auto* message = state.find(channel, ts))
        return *message;
    throw NotThere{"The message is gone."};
}

std::vector<Delivery> act_on_element(State& state, Person& person, const Json& gesture, const std::string& what)
{
    const auto where = text_of_gesture(gesture, "in"), element = text_of_gesture(gesture, "element");
    if (element.find('/') == std::string::npos)
        throw Malformed{"element must be block_id/action_id"};
    const auto option = text_of_gesture(gesture, "option");
    const bool click = what == "click";
    if (where == "message") {
        const auto message = pointed_at(state, person, gesture);
        return {click ? person.click(message, element) : person.choose(message, element, option)};
    }
    if (where == "modal")
        return {click ? person.click_modal(element) : person.choose_modal(element, option)};
    if (where == "home")
        return {click ? person.click_home(element) : person.choose_home(element, option)};
    throw Malformed{"in must be message, modal or home"};
}

std::vector<Delivery> speak(Person& person, const Json& gesture)
{
    const auto text = text_of_gesture(gesture, "text"), place = text_of_gesture(gesture, "place");
    if (text.rfind('/', 0) != 0)
        return person.say(place, text, text_of_gesture(gesture, "thread"));
    const auto end = std::min(text.find(' '), text.size());
    return {person.command(text.substr(0, end), text.substr(std::min(end + 1, text.size())), place)};
}

std::vector<Delivery> perform(State& state, Person& person, const Json& gesture)
{
    const auto what = text_of_gesture(gesture, "what");
    if (what == "click" || what == "choose")
        return act_on_element(state, person, gesture, what);
    if (what == "fill")
        return person.fill({{text_of_gesture(gesture, "element"), text_of_gesture(gesture, "text")}});
    if (what == "look_up")
        return {person.look_up(text_of_gesture(gesture, "element"), text_of_gesture(gesture, "text"))};
    if (what == "submit")
        return {person.submit()};
    if (what == "close")
        return {person.close()};
    if (what == "close_all")
        return {person.close_all()};
    if (what == "say")
        return speak(person, gesture);
    if (what == "react")
        return person.react(pointed_at(state, person, gesture), text_of_gesture(gesture, "emoji"));
    if (what == "shortcut")
        return {person.message_shortcut(text_of_gesture(gesture, "callback_id"), pointed_at(state, person, gesture))};
    if (what == "global_shortcut")
        return {person.shortcut(text_of_gesture(gesture, "callback_id"))};
    if (what == "open_home")
        return person.open_home();
    throw Malformed{"nobody can do that: " + what};
}

/// What is done beside Slack: nobody's gesture. False when this is none of that.
bool perform_beside(FaceRoom& room, const Json& gesture)
{
    const auto what = text_of_gesture(gesture, "what");
    if (what == "speed") {
        const auto speed = gesture.contains("speed") && gesture["speed"].is_number_integer() ? gesture["speed"].get<int>() : -1;
        if (!room.speed || (speed != 0 && speed != 1 && speed != 100))
            throw Malformed{"the clock does not go as fast as that"};
        room.speed = speed;
        return true;
    }
    if (what != "lever")
        return false;
    for (const auto& [label, pull] : room.levers)
        if (label == text_of_gesture(gesture, "label")) {
            const auto pulled = pull;
            pulled();
            return true;
        }
    throw Malformed{"there is no such button"};
}

net::Response take_gesture(FaceRoom& room, State& state, const net::Request& request)
{
    if (net::header(request.headers, "X-Face-Token") != room.token)
        return page_refusal(403, "This page is of an earlier start. Load it again.");
    const auto gesture = read_json(request.body);
    if (!gesture || !gesture->is_object())
        return page_refusal(400, "no JSON object");
    Json answer{{"ok", true}, {"gestures", Json::array()}};
    try {
        ++room.done_here;
        if (!perform_beside(room, *gesture)) {
            const auto found = state.hands.find(text_of_gesture(*gesture, "as"));
            if (found == state.hands.end())
                throw Malformed{"there is nobody of that id"};
            for (auto& delivery : perform(state, *found->second, *gesture)) {
                room.gestures.push_back({++room.gestures_ever, found->first, text_of_gesture(*gesture, "what"), delivery});
                answer["gestures"].push_back(room.gestures_ever);
            }
            if (room.gestures.size() > most_gestures)
                room.gestures.erase(room.gestures.begin(), room.gestures.end() - most_gestures);
        }
    } catch (const Malformed& problem) {
        return page_refusal(400, problem.what());
    } catch (const std::exception& problem) {
        return page_refusal(409, problem.what());
    }
    return page_answer(200, "application/json", answer.dump());
}

std::string with_token(std::string page, const std::string& token)
{
    constexpr std::string_view place = "TOKEN OF THIS START";
    if (const auto at = page.find(place); at != std::string::npos)
        page.replace(at, place.size(), token);
    return page;
}

/// The answer to what needs no waiting; nullopt: the state is asked for.
std::optional<net::Response> answer_at_once(FaceRoom& room, State& state, const net::Request& request)
{
    // A page of another host, whose name was made to lead here, shall read nothing.
    if (!room.hosts.count(std::string{net::header(request.headers, "Host")}))
        return page_refusal(421, "this is another host");
    const std::string path{net::path(request.target)};
    if (path == "/gesture")
        return request.method == "POST" ? take_gesture(room, state, request) : page_refusal(405, "POST it");
    if (request.method != "GET")
        return page_refusal(405, "GET it");
    if (path == "/state")
        return std::nullopt;
    if (path.rfind("/files/", 0) == 0)
        return file_answer(state, path.substr(7));
    if (const auto* const file = page_file(path == "/" ? "index.html" : std::string_view{path}.substr(1)))
        return page_answer(200, file->type, with_token(std::string{file->text}, room.token));
    return page_refusal(404, "there is nothing here");
}

/// The state that a page says it has seen; "" for a page that has seen none.
std::string seen_by_page(const std::string& target)
{
    constexpr std::string_view query = "?seen=";
    const auto at = target.find(query);
    return at == std::string::npos ? std::string{} : target.substr(at + query.size());
}

asio::awaitable<net::Response> serve_face(std::weak_ptr<FaceRoom> weak, net::Request request)
{
    // While it waits, it keeps nothing alive.
    {
        const auto room = weak.lock();
        const auto state = room ? room->state.lock() : nullptr;
        if (!state)
            co_return page_refusal(503, "the workspace is gone");
        if (auto answer = answer_at_once(*room, *state, request))
            co_return std::move(*answer);
    }
    auto waiting = next_state(std::move(weak), seen_by_page(request.target));
    co_return co_await std::move(waiting);
}

} // namespace

Face::Face(Workspace& workspace, std::string address)
    : room_{std::make_shared<Room>()}
{
    auto& state = *workspace.state_;
    const auto colon = address.rfind(':');
    const auto host = address.substr(0, colon);
    if (colon == std::string::npos || (host != "127.0.0.1" && host != "[::1]" && host != "localhost"))
        throw std::invalid_argument{"the workspace is shown on this machine alone, not on " + address};
    room_->state = workspace.state_;
    room_->token = state.doors.random.token(16);
    net::Service service;
    const std::weak_ptr<Room> weak = room_;
    service.serve = [weak](net::Request request) { return serve_face(weak, std::move(request)); };
    service.limits.body = longest_gesture;
    room_->listener = state.doors.network.listen(address, std::move(service));
    const auto port = ":" + std::to_string(room_->listener->port());
    room_->hosts = {host + port, "localhost" + port};
}

Face::~Face() = default;

std::string Face::url() const { return "http://" + *room_->hosts.begin() + "/"; }

void Face::add_shortcut(std::string callback_id, std::string name)
{
    room_->shortcuts.emplace_back(std::move(callback_id), std::move(name));
}

void Face::add_global_shortcut(std::string callback_id, std::string name)
{
    room_->global_shortcuts.emplace_back(std::move(callback_id), std::move(name));
}

void Face::add_lever(std::string label, std::function<void()> pull)
{
    room_->levers.emplace_back(std::move(label), std::move(pull));
    ++room_->done_here;
}

void Face::let_choose_speed(int speed)
{
    room_->speed = speed;
    ++room_->done_here;
}

int Face::speed() const { return room_->speed.value_or(1); }

bool Face::is_waiting() const
{
    return std::any_of(
        room_->gestures.begin(), room_->gestures.end(), [](const auto& gesture) { return gesture.delivery.pending(); });
}

} // namespace workspace
