#include "net/memory.hpp"

#include "doors/within.hpp"
#include "net/url.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <set>

namespace net {

namespace {

constexpr std::size_t most_message = 1 << 20;

/// A place where one coroutine waits to be woken. The timer lives in the waiting frame; it leaves when the frame goes.
class Bell {
public:
    void ring()
    {
        rung_ = true;
        if (timer_)
            timer_->cancel();
    }
    asio::awaitable<void> wait()
    {
        if (!rung_) {
            const auto loop = co_await asio::this_coro::executor;
            asio::steady_timer timer{loop, asio::steady_timer::time_point::max()};
            struct Here {
                asio::steady_timer*& place;
                ~Here() { place = nullptr; }
            } here{timer_};
            timer_ = &timer;
            boost::system::error_code cancelled;
            auto token = asio::redirect_error(asio::use_awaitable, cancelled);
            co_await timer.async_wait(token);
            if (!rung_)
                throw boost::system::system_error{asio::error::operation_aborted};
        }
        rung_ = false;
    }

private:
    asio::steady_timer* timer_{};
    bool rung_{};
};

/// Scheme, "host:port" and target of a URL.
struct Parts {
    std::string host{};
    std::string target{"/"};
};

Parts parts_of(const std::string& url)
{
    const auto scheme = url.find("://");
    if (scheme == url.npos)
        throw Failure{"not a URL: " + url, false};
    const auto secure = url.substr(0, scheme) == "https" || url.substr(0, scheme) == "wss";
    const auto path = std::min(url.find_first_of("/?", scheme + 3), url.size());
    Parts parts;
    parts.host = url.substr(scheme + 3, path - scheme - 3);
    if (parts.host.find(':') == parts.host.npos)
        parts.host += secure ? ":443" : ":80";
    if (path < url.size())
        parts.target = url.substr(path);
    return parts;
}

/// Names are nobody's address here, and so may be anything; what says an address itself is held to it.
bool may_be_public(const std::string& text)
{
    const auto url = url_in(text);
    boost::system::error_code is_name;
    asio::ip::make_address(url.host, is_name);
    return is_name ? url.host != "localhost" : is_public(url.host);
}

struct Exchange {
    std::optional<Response> answer{};
    std::string broken{}; // not empty: there will be none
    Bell bell{};
};

struct Pipe {
    std::deque<std::string> messages{};
    Bell bell{};
};

/// Both ends of a link. `ends[i]` is what side i reads.
struct MemoryWire {
    std::array<Pipe, 2> ends{};
    std::array<std::string, 2> machines{};
    std::string gone{}; // not empty: the link is dead, and why

    void die(const std::string& why)
    {
        if (!gone.empty())
            return;
        gone = why;
        for (auto& end : ends)
            end.bell.ring();
    }
};

class MemoryLink final : public Link {
public:
    MemoryLink(std::shared_ptr<MemoryWire> wire, std::size_t side)
        : wire_{std::move(wire)}
        , side_{side}
    {
    }
    ~MemoryLink() override { wire_->die("the other side went away"); }

    asio::awaitable<std::string> read() override
    {
        const auto wire = wire_;
        auto& mine = wire->ends[side_];
        while (mine.messages.empty()) {
            if (!wire->gone.empty())
                throw Failure{wire->gone, true};
            co_await mine.bell.wait();
        }
        auto message = std::move(mine.messages.front());
        mine.messages.pop_front();
        if (message.size() > most_message) {
            wire->die("a message over the limit");
            throw Failure{"a message over the limit", true};
        }
        co_return message;
    }
    void send(std::string text) override
    {
        if (!wire_->gone.empty())
            return;
        auto& other = wire_->ends[1 - side_];
        other.messages.push_back(std::move(text));
        other.bell.ring();
    }
    asio::awaitable<void> close() override
    {
        wire_->die("closed");
        co_return;
    }
    void drop() override { wire_->die("connection reset"); }

private:
    std::shared_ptr<MemoryWire> wire_;
    std::size_t side_;
};

struct Served {
    std::string machine{};
    asio::any_io_executor loop;
    Service service{};
};

} // namespace

struct MemoryNetwork::Wires {
    doors::Clock& clock;
    MemoryNetwork* owner;
    std::map<std::string, std::shared_ptr<Served>> listening{}; // by host:port
    std::map<std::string, int> plugged{}; // machine → how often it was plugged in
    std::multimap<std::string, std::weak_ptr<Exchange>> serving{}; // by the serving machine
    std::vector<std::weak_ptr<MemoryWire>> links{};
    std::uint16_t next_port{20'000};

    void tidy()
    {
        std::erase_if(serving, [](const auto& entry) { return entry.second.expired(); });
        std::erase_if(links, [](const auto& link) { return link.expired(); });
    }
};

namespace {

class MemoryListener final : public Listener {
public:
    MemoryListener(std::function<void()> stop, std::uint16_t port)
        : stop_{std::move(stop)}
        , port_{port}
    {
    }
    ~MemoryListener() override { stop_(); }
    std::uint16_t port() const override { return port_; }

private:
    std::function<void()> stop_;
    std::uint16_t port_;
};

asio::awaitable<void> serve(std::shared_ptr<Served> served, Request request, std::weak_ptr<Exchange> exchange)
{
    Response answer;
    try {
        const auto& service = served->service;
        if (request.body.size() > (service.most_body ? service.most_body(request) : service.limits.body)) {
            if (service.too_large)
                service.too_large(request);
            answer.status = 413;
            answer.body = "too large\n";
        } else {
            auto work = served->service.serve(std::move(request));
            answer = co_await std::move(work);
        }
    } catch (const std::exception&) {
        answer = Response{};
        answer.status = 500;
        answer.body = "internal error\n";
    }
    if (const auto waiting = exchange.lock()) {
        waiting->answer = std::move(answer);
        waiting->bell.ring();
    }
}

asio::awaitable<void> serve_in_memory(std::shared_ptr<Served> served, Request request, std::shared_ptr<MemoryWire> wire)
{
    std::shared_ptr<Link> link = std::make_shared<MemoryLink>(wire, 1);
    auto work = served->service.serve_link(std::move(request), std::move(link));
    try {
        co_await std::move(work);
    } catch (const std::exception& problem) {
        wire->die(problem.what());
    }
}

/// Nobody waits for these; what escapes has been handled inside.
constexpr auto forget = [](std::exception_ptr) {};

} // namespace

class PluggedNetwork final : public Network {
public:
    PluggedNetwork(std::shared_ptr<MemoryNetwork::Wires> wires, std::string name, asio::any_io_executor loop)
        : wires_{std::move(wires)}
        , name_{std::move(name)}
        , loop_{std::move(loop)}
        , life_{++wires_->plugged[name_]}
    {
    }

    asio::awaitable<Response> fetch(std::string url, Request request, FetchLimits limits) override
    {
        using Fate = MemoryNetwork::Fate;
        const auto parts = parts_of(url);
        request.target = parts.target;
        request.peer = name_;
        if (limits.public_only && !may_be_public(url))
            throw NotPublic{parts.host + " is no public address"};
        const auto fate = wires_->owner && wires_->owner->fault ? wires_->owner->fault(url, request) : Fate::deliver;
        const auto found = wires_->listening.find(parts.host);
        if (fate == Fate::refuse || found == wires_->listening.end() || !alive())
            throw Failure{"connection refused by " + parts.host, false};
        const auto exchange = std::make_shared<Exchange>();
        // An answer that never comes is awaited on an exchange nobody completes.
        const auto kept = fate == Fate::deliver ? exchange : std::make_shared<Exchange>();
        if (fate != Fate::lose_request) {
            const auto served = found->second;
            wires_->tidy();
            wires_->serving.emplace(served->machine, exchange);
            asio::co_spawn(served->loop, serve(served, std::move(request), exchange), forget);
        }
        if (fate == Fate::lose_answer) {
            exchange->answer.reset();
            co_await exchange->bell.wait();
            throw Failure{"connection reset by " + parts.host, true};
        }
        std::string problem;
        try {
            auto waiting = arrival(kept);
            co_await doors::within(wires_->clock, limits.timeout, std::move(waiting));
        } catch (const doors::TimedOut&) {
            problem = "no answer from " + parts.host;
        }
        if (problem.empty() && !kept->broken.empty())
            problem = kept->broken;
        if (!problem.empty())
            throw Failure{problem, true};
        if (kept->answer->body.size() > limits.body)
            throw Failure{"an answer over the limit", true};
        co_return std::move(*kept->answer);
    }

    asio::awaitable<std::unique_ptr<Link>> connect(std::string url) override
    {
        const auto parts = parts_of(url);
        const auto found = wires_->listening.find(parts.host);
        if (found == wires_->listening.end() || !alive())
            throw Failure{"connection refused by " + parts.host, false};
        const auto served = found->second;
        Request request;
        request.target = parts.target;
        request.peer = name_;
        if (!served->service.serve_link)
            throw Failure{"the upgrade was refused with 404", false};
        if (served->service.admit)
            if (const auto refusal = served->service.admit(request))
                throw Failure{"the upgrade was refused with " + std::to_string(refusal->status), false};
        const auto wire = std::make_shared<MemoryWire>();
        wire->machines = {name_, served->machine};
        wires_->tidy();
        wires_->links.push_back(wire);
        asio::co_spawn(served->loop, serve_in_memory(served, std::move(request), wire), forget);
        co_return std::make_unique<MemoryLink>(wire, 0);
    }

    std::unique_ptr<Listener> listen(std::string address, Service service) override
    {
        const auto colon = address.rfind(':');
        auto port = static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)));
        if (port == 0) {
            port = wires_->next_port++;
            address = address.substr(0, colon + 1) + std::to_string(port);
        }
        if (wires_->listening.contains(address))
            throw std::system_error{std::make_error_code(std::errc::address_in_use), address};
        const auto served = std::make_shared<Served>(Served{name_, loop_, std::move(service)});
        wires_->listening[address] = served;
        auto stop = [wires = wires_, address, served] {
            if (const auto found = wires->listening.find(address); found != wires->listening.end() && found->second == served)
                wires->listening.erase(found);
        };
        return std::make_unique<MemoryListener>(std::move(stop), port);
    }

private:
    bool alive() const { return wires_->plugged[name_] == life_; }

    static asio::awaitable<void> arrival(std::shared_ptr<Exchange> exchange)
    {
        while (!exchange->answer && exchange->broken.empty())
            co_await exchange->bell.wait();
    }

    std::shared_ptr<MemoryNetwork::Wires> wires_;
    std::string name_;
    asio::any_io_executor loop_;
    int life_;
};

MemoryNetwork::MemoryNetwork(doors::Clock& clock)
    : wires_{std::make_shared<Wires>(Wires{.clock = clock, .owner = this})}
{
}
MemoryNetwork::~MemoryNetwork() { wires_->owner = nullptr; }

std::unique_ptr<Network> MemoryNetwork::plug(std::string name, asio::any_io_executor loop)
{
    return std::make_unique<PluggedNetwork>(wires_, std::move(name), std::move(loop));
}

void MemoryNetwork::unplug(const std::string& name)
{
    ++wires_->plugged[name];
    std::erase_if(wires_->listening, [&](const auto& entry) { return entry.second->machine == name; });
    const auto [first, last] = wires_->serving.equal_range(name);
    for (auto entry = first; entry != last; ++entry)
        if (const auto exchange = entry->second.lock(); exchange && !exchange->answer) {
            exchange->broken = "connection reset by " + name;
            exchange->bell.ring();
        }
    wires_->serving.erase(first, last);
    reset_links(name);
}

void MemoryNetwork::reset_links(const std::string& name)
{
    for (const auto& one : wires_->links)
        if (const auto wire = one.lock(); wire && (wire->machines[0] == name || wire->machines[1] == name))
            wire->die("connection reset");
}

} // namespace net
