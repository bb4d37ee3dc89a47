#pragma once

#include "doors/log.hpp"
#include "net/memory.hpp"
#include "workspace/workspace.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

/// A workspace and a hand-written client beside it, on one loop and one clock.
namespace workspace_test {

using namespace std::chrono_literals;
using workspace::Json;

namespace asio = boost::asio;

/// What came over a link, and whether it is still there.
struct Socket {
    std::shared_ptr<net::Link> link{};
    std::vector<Json> frames{};
    bool gone{};

    /// The envelopes of one type ("interactive", …).
    std::vector<Json> envelopes(const std::string& type) const
    {
        std::vector<Json> found;
        for (const auto& frame : frames)
            if (frame.value("type", std::string{}) == type)
                found.push_back(frame);
        return found;
    }
};

inline asio::awaitable<void> listen(std::shared_ptr<Socket> socket)
{
    try {
        while (true) {
            const auto text = co_await socket->link->read();
            socket->frames.push_back(Json::parse(text));
        }
    } catch (const net::Failure&) {
        socket->gone = true;
    }
}

struct Reply {
    int status{};
    std::string retry_after{};
    Json json{}; // null when the body is none
    std::string error() const { return json.is_object() ? json.value("error", std::string{}) : std::string{}; }
    /// The first of response_metadata.messages.
    std::string message() const
    {
        return json.contains("response_metadata") && json["response_metadata"].contains("messages")
            ? json["response_metadata"]["messages"][0].get<std::string>()
            : std::string{};
    }
};

struct World {
    // The clock first: it must outlive whatever waits on the loop.
    doors::ManualClock clock{doors::TimePoint{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 9h}};
    asio::io_context loop{1};
    net::MemoryNetwork wires{clock};
    std::unique_ptr<net::Network> there{wires.plug("slack", loop.get_executor())};
    std::unique_ptr<net::Network> here{wires.plug("bot", loop.get_executor())};
    doors::SeededRandom random{7};
    std::unique_ptr<logging::Log> silence{logging::silent()};
    doors::Tasks tasks{loop.get_executor(), *silence};
    workspace::Workspace slack;
    workspace::Person& ana;
    workspace::Person& bo;
    workspace::Channel& ops;

    explicit World(workspace::Settings settings = quiet())
        : slack{{*there, clock, random, tasks}, "slack.com:443", std::move(settings)}
        , ana{slack.add_person("ana", "ana@example.com")}
        , bo{slack.add_person("bo", "bo@example.com", "America/New_York")}
        , ops{slack.add_channel("ops", {{"ana", "bo"}, true})}
    {
    }

    ~World()
    {
        tasks.stop();
        settle();
    }

    /// The bot's own messages do not come back, so that tests see what they are about.
    static workspace::Settings quiet()
    {
        workspace::Settings settings;
        settings.own_messages_come_back = false;
        settings.link_lifetime = 0s;
        return settings;
    }

    void settle()
    {
        loop.restart();
        while (loop.poll() > 0) { }
    }

    /// Moves the clock from one due time to the next, as time passes in life.
    void advance(doors::milliseconds by)
    {
        const auto target = clock.now() + by;
        settle();
        while (clock.next_due() <= target) {
            clock.set(std::max(clock.now(), clock.next_due()));
            settle();
        }
        clock.set(target);
        settle();
    }

    template <class T> struct Outcome {
        std::optional<T> value{};
        std::exception_ptr problem{};
    };

    template <class T> T run(asio::awaitable<T> work)
    {
        auto outcome = std::make_shared<Outcome<T>>();
        asio::co_spawn(loop, std::move(work), [outcome](std::exception_ptr problem, T value) {
            outcome->problem = problem;
            outcome->value = std::move(value);
        });
        settle();
        if (outcome->problem)
            std::rethrow_exception(outcome->problem);
        if (!outcome->value)
            throw std::logic_error{"still waiting"};
        return std::move(*outcome->value);
    }

    Reply fetch(const std::string& url, net::Request request)
    {
        const auto response = run(here->fetch(url, std::move(request), {}));
        return {response.status, std::string{net::header(response.headers, "retry-after")},
            Json::parse(response.body, nullptr, false)};
    }

    net::Request request(const std::string& body, const std::string& type, const std::string& token)
    {
        net::Request request;
        request.method = "POST";
        request.body = body;
        if (!type.empty())
            request.headers.push_back({"Content-Type", type});
        if (!token.empty())
            request.headers.push_back({"Authorization", "Bearer " + token});
        return request;
    }

    Reply call(const std::string& method, const Json& arguments = Json::object())
    {
        return fetch(slack.api_url() + method, request(arguments.dump(), "application/json; charset=utf-8", slack.bot_token()));
    }

    Reply form(const std::string& method, const std::vector<net::Header>& fields = {})
    {
        return fetch(
            slack.api_url() + method, request(net::form_out(fields), "application/x-www-form-urlencoded", slack.bot_token()));
    }

    Reply respond(const std::string& response_url, const Json& body)
    {
        return fetch(response_url, request(body.dump(), "application/json", {}));
    }

    std::string ticket()
    {
        const auto opened = fetch(slack.api_url() + "apps.connections.open", request({}, {}, slack.app_token()));
        return opened.json.at("url").get<std::string>();
    }

    std::shared_ptr<Socket> connect(const std::string& url)
    {
        auto socket = std::make_shared<Socket>();
        socket->link = run(here->connect(url));
        asio::co_spawn(loop, listen(socket), [](std::exception_ptr) {});
        settle();
        return socket;
    }

    std::shared_ptr<Socket> connect() { return connect(ticket()); }

    void ack(Socket& socket, const Json& envelope, const Json& payload = nullptr)
    {
        Json answer{{"envelope_id", envelope.at("envelope_id")}};
        if (!payload.is_null())
            answer["payload"] = payload;
        socket.link->send(answer.dump());
        settle();
    }
};

/// A message with one button of that label.
inline Json with_button(const std::string& text, const std::string& label)
{
    return Json::parse(R"([{"type":"section","text":{"type":"mrkdwn","text":")" + text + R"("}},
        {"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"press","value":"v1",
            "text":{"type":"plain_text","text":")"
        + label + R"("}}]}])");
}

} // namespace workspace_test
