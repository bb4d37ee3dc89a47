#include "catch.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/mask.hpp"
#include "doors/random.hpp"
#include "doors/tasks.hpp"
#include "doors/wake.hpp"
#include "doors/within.hpp"
#include "doors/worker.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>

using namespace doors;
using namespace std::chrono_literals;

namespace {

struct Loop {
    asio::io_context io{1};
    ManualClock clock{TimePoint{1'000s}};
    std::unique_ptr<logging::Log> log{logging::silent()};
    Tasks tasks{io.get_executor(), *log};
    std::vector<std::string> said{};

    void settle()
    {
        io.restart();
        while (io.poll_one() > 0) { }
    }
    asio::awaitable<void> say_after(milliseconds pause, std::string what)
    {
        co_await clock.pause(pause);
        said.push_back(what);
    }
    asio::awaitable<std::string> slow(milliseconds pause)
    {
        co_await clock.pause(pause);
        co_return "done";
    }
    asio::awaitable<std::string> failing(milliseconds pause)
    {
        co_await clock.pause(pause);
        throw std::runtime_error{"failed"};
    }
    asio::awaitable<void> limited_failure(milliseconds pause, milliseconds limit)
    {
        auto work = failing(pause);
        try {
            co_await within(clock, limit, std::move(work));
        } catch (const std::runtime_error& failure) {
            said.push_back(failure.what());
        }
    }
    asio::awaitable<void> limited_sleep(milliseconds limit)
    {
        auto work = slow(1h);
        try {
            co_await within(clock, limit, std::move(work));
        } catch (const boost::system::system_error& error) {
            said.push_back(error.code() == asio::error::operation_aborted ? "aborted" : "else");
            throw;
        }
    }
    asio::awaitable<void> limited(milliseconds pause, milliseconds limit)
    {
        auto work = slow(pause);
        std::string outcome = "timed out";
        try {
            outcome = co_await within(clock, limit, std::move(work));
        } catch (const TimedOut&) {
        }
        said.push_back(outcome);
    }
};

} // namespace

TEST_CASE("A failure inside a limit comes out at once, and so does a cancellation", "[doors]")
{
    Loop loop;
    loop.tasks.spawn("fails", loop.limited_failure(1s, 1h));
    loop.settle();
    loop.clock.advance(1s);
    loop.settle();
    CHECK(loop.said == std::vector<std::string>{"failed"});
    loop.tasks.spawn("sleeps", loop.limited_sleep(2h));
    loop.settle();
    loop.tasks.stop();
    loop.settle();
    CHECK(loop.said == std::vector<std::string>{"failed", "aborted"});
    CHECK(loop.tasks.running() == 0);
}

TEST_CASE("A task that had not begun when everything was stopped never begins", "[doors]")
{
    Loop loop;
    loop.tasks.spawn("late", loop.say_after(0s, "late"));
    loop.tasks.stop();
    loop.settle();
    CHECK(loop.said.empty());
    CHECK(loop.tasks.running() == 0);
}

TEST_CASE("Time passes only when the clock is moved", "[doors]")
{
    Loop loop;
    loop.tasks.spawn("b", loop.say_after(2s, "b"));
    loop.tasks.spawn("a", loop.say_after(1s, "a"));
    loop.settle();
    CHECK(loop.said.empty());
    CHECK(loop.clock.next_due() == TimePoint{1'001s});
    loop.clock.advance(1s);
    loop.settle();
    CHECK(loop.said == std::vector<std::string>{"a"});
    loop.clock.advance(10s);
    loop.settle();
    CHECK(loop.said == std::vector<std::string>{"a", "b"});
    CHECK(loop.tasks.running() == 0);
}

TEST_CASE("Work within a limit is cancelled when the limit passes", "[doors]")
{
    Loop loop;
    loop.tasks.spawn("quick", loop.limited(1s, 2s));
    loop.tasks.spawn("slow", loop.limited(3s, 2s));
    loop.settle();
    loop.clock.advance(1s);
    loop.settle();
    loop.clock.advance(1s);
    loop.settle();
    CHECK(loop.said == std::vector<std::string>{"done", "timed out"});
    CHECK(loop.clock.next_due() == TimePoint::max()); // nobody is left waiting
}

TEST_CASE("A stop ends every task, and waiting ones leave the clock", "[doors]")
{
    Loop loop;
    loop.tasks.spawn("a", loop.say_after(1s, "a"));
    loop.settle();
    loop.tasks.stop();
    loop.settle();
    CHECK(loop.tasks.running() == 0);
    CHECK(loop.clock.next_due() == TimePoint::max());
    loop.tasks.spawn("too late", loop.say_after(0s, "late"));
    loop.settle();
    CHECK(loop.said.empty());
}

TEST_CASE("A bell wakes its sleeper, and one rung before is not forgotten", "[doors]")
{
    Loop loop;
    Wake wake{loop.io.get_executor()};
    const auto sleeper = [](Loop& l, Wake& w) -> asio::awaitable<void> {
        const auto late = l.clock.now() + 1h;
        co_await w.sleep(l.clock, late);
        l.said.push_back("woken");
    };
    wake.ring();
    loop.tasks.spawn("first", sleeper(loop, wake));
    loop.settle();
    CHECK(loop.said.size() == 1);
    loop.tasks.spawn("second", sleeper(loop, wake));
    loop.settle();
    CHECK(loop.said.size() == 1);
    wake.ring();
    loop.settle();
    CHECK(loop.said.size() == 2);
    loop.tasks.spawn("third", sleeper(loop, wake));
    loop.settle();
    loop.clock.advance(1h);
    loop.settle();
    CHECK(loop.said.size() == 3);
}

TEST_CASE("A thread does its pieces in order and all of them before it joins", "[doors]")
{
    std::vector<int> done;
    auto thread = system_thread();
    for (int i = 0; i < 100; ++i)
        thread->post([&done, i] { done.push_back(i); });
    thread->join();
    REQUIRE(done.size() == 100);
    CHECK(std::is_sorted(done.begin(), done.end()));
}

TEST_CASE("Randomness is repeatable for a seed and not otherwise", "[doors]")
{
    SeededRandom a{7}, b{7}, c{8};
    CHECK(a.token() == b.token());
    CHECK(a.token() != c.token());
    SystemRandom system;
    CHECK(system.token().size() == 32);
    CHECK(system.token() != system.token());
    for (int i = 0; i < 1000; ++i) {
        const auto drawn = a.fraction();
        CHECK((drawn >= 0 && drawn < 1));
    }
}

TEST_CASE("A cancelled wait leaves no alarm behind that would keep the loop", "[doors]")
{
    asio::io_context loop{1};
    SystemClock clock{loop.get_executor()};
    asio::cancellation_signal cancel;
    asio::co_spawn(loop, clock.pause(1h), asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
    loop.poll();
    CHECK_FALSE(loop.stopped());
    cancel.emit(asio::cancellation_type::terminal);
    loop.poll();
    CHECK(loop.stopped());
}

TEST_CASE("Of an e-mail address enough is left to recognize it, and not to use it", "[doors]")
{
    using logging::masked;
    CHECK(masked("ana@example.com") == "a***@example.com");
    CHECK(masked("<first.last+tag@mail.example.com>, b@c") == "<f***@mail.example.com>, b***@c");
    CHECK(masked("smtp://user:secret@host:587") == "smtp://user:s***@host:587");
    CHECK(masked("@bo is no address, nor is a @ b, nor x@") == "@bo is no address, nor is a @ b, nor x@");
    CHECK(masked("jörg@example.com and ana@example.com") == "j***@example.com and a***@example.com");
    CHECK(masked("ößt@example.com") == "ö***@example.com");
    CHECK(masked("") == "");
}
