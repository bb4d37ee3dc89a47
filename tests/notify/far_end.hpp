#pragma once

#include "net/memory.hpp"
#include "noon.hpp"
#include "notify/provider.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <stdexcept>

/// A service at the other end of the network, and whoever sends to it.
namespace far_end {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Bench {
    asio::io_context loop{1};
    doors::ManualClock clock{noon};
    net::MemoryNetwork wires{clock};
    std::unique_ptr<net::Network> us{wires.plug("us", loop.get_executor())};
    std::unique_ptr<net::Network> them{wires.plug("them", loop.get_executor())};
    std::vector<std::unique_ptr<net::Listener>> listening{};
    std::deque<net::Request> got{}; // what is there stays where it is

    ~Bench()
    {
        listening.clear();
        wires.unplug("us");
        wires.unplug("them");
        loop.poll();
    }

    /// Answers at "host:port" by `service`, and remembers what came.
    void serve(const std::string& address, std::function<net::Response(const net::Request&)> service)
    {
        net::Service one;
        one.serve = [this, service](net::Request request) -> asio::awaitable<net::Response> {
            got.push_back(request);
            co_return service(request);
        };
        listening.push_back(them->listen(address, std::move(one)));
    }
    void serve(const std::string& address, net::Response always)
    {
        serve(address, [always](const net::Request&) { return always; });
    }

    /// Runs it to its end; time passes where it waits.
    template <class Result> Result run(asio::awaitable<Result> work)
    {
        std::optional<Result> result;
        std::exception_ptr failed;
        asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, Result came) {
            failed = error;
            result = std::move(came);
        });
        for (int turns = 0; !result; ++turns) {
            loop.restart();
            if (loop.poll() == 0 && !result) {
                if (clock.next_due() > noon + 1h || turns > 10'000)
                    throw std::runtime_error{"it waits for something that never comes"};
                clock.set(clock.next_due());
            }
        }
        if (failed)
            std::rethrow_exception(failed);
        return *result;
    }
    notify::Outcome send(notify::Provider& provider, notify::PageMessage message, std::string address)
    {
        return run(provider.send(std::move(message), std::move(address)));
    }
};

inline net::Response answer(int status, std::string body = {}, std::vector<net::Header> headers = {})
{
    net::Response response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    return response;
}

inline notify::PageMessage a_page()
{
    notify::PageMessage page;
    page.id = "12:1";
    page.alert = 42;
    page.title = "[#42 critical] checkout: Checkout is down";
    page.text = "Checkout is down\nSince 12:00. Error rate 40 %.";
    page.urgent = true;
    page.method = "webhook:12";
    for (const std::string verb : {"acknowledge", "decline", "resolve", "escalate"})
        page.actions.push_back({verb, verb == "acknowledge" ? "Acknowledge" : verb, "https://oncall.example.com/a/t-" + verb});
    return page;
}

/// What an alert may say that means no good.
inline notify::PageMessage a_hostile_page()
{
    auto page = a_page();
    page.title = "x\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script>\xE2\x80\xAE\xF0\x9F\x94\xA5 \xFF\x00 end";
    page.title += std::string{"\0\x1b[31m", 6} + std::string(2'000, 't');
    page.text = "</textarea><img src=x onerror=alert(1)>\r\nSet-Cookie: a=b\r\n\"\\\xC3\x28 \xF0\x9F\x94\xA5";
    while (page.text.size() < 100 << 10)
        page.text += "\xF0\x9F\x94\xA5\"\\\n<b>&amp; % + = ; äöü";
    return page;
}

} // namespace far_end
