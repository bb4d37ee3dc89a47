#include "doors/clock.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace doors {

namespace {
using Timer = asio::steady_timer;
constexpr auto never = Timer::time_point::max();
} // namespace

/// A waiter's place in the list. It leaves however the coroutine ends: rung, cancelled, or destroyed with its loop, which may be
/// after the clock.
struct Clock::Waiters {
    struct Place;
    using List = std::multimap<TimePoint, Place*>;
    struct Place {
        std::shared_ptr<Waiters> all;
        Timer& timer;
        List::iterator at;
        bool rung{};
        Place(std::shared_ptr<Waiters> waiters, Timer& t, TimePoint due)
            : all{std::move(waiters)}
            , timer{t}
            , at{all->by_due.emplace(due, this)}
        {
        }
        ~Place()
        {
            if (rung)
                return;
            all->by_due.erase(at);
            // Nobody is to be woken: the system's alarm would keep the loop until it went off.
            if (all->by_due.empty() && all->clock)
                all->clock->rearm();
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
    };
    List by_due{};
    Clock* clock{}; // nullptr: gone
};

Clock::Clock()
    : waiters_{std::make_shared<Waiters>()}
{
    waiters_->clock = this;
}
Clock::~Clock() { waiters_->clock = nullptr; }

TimePoint Clock::next() const { return waiters_->by_due.empty() ? TimePoint::max() : waiters_->by_due.begin()->first; }

void Clock::ring()
{
    auto& waiting = waiters_->by_due;
    while (!waiting.empty() && waiting.begin()->first <= now()) {
        auto* place = waiting.begin()->second;
        waiting.erase(waiting.begin());
        place->rung = true;
        place->timer.cancel();
    }
}

asio::awaitable<void> Clock::until(TimePoint when)
{
    if (when <= now())
        co_return;
    const auto loop = co_await asio::this_coro::executor;
    Timer timer{loop, never};
    Waiters::Place place{waiters_, timer, when};
    rearm();
    boost::system::error_code cancelled;
    auto token = asio::redirect_error(asio::use_awaitable, cancelled);
    co_await timer.async_wait(token);
    if (!place.rung)
        throw boost::system::system_error{asio::error::operation_aborted};
}

asio::awaitable<void> Clock::pause(milliseconds duration)
{
    const auto when = now() + std::max(duration, milliseconds{0});
    co_await until(when);
}

struct SystemClock::Alarm {
    Timer timer;
    TimePoint set_for{TimePoint::max()};
    bool alive{true};
    explicit Alarm(asio::any_io_executor loop)
        : timer{loop}
    {
    }
};

SystemClock::SystemClock(asio::any_io_executor loop)
    : alarm_{std::make_shared<Alarm>(loop)}
{
}

SystemClock::~SystemClock()
{
    alarm_->alive = false;
    alarm_->timer.cancel();
}

TimePoint SystemClock::now() const { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

void SystemClock::rearm()
{
    const auto due = next();
    if (due == alarm_->set_for)
        return;
    alarm_->set_for = due;
    if (due == TimePoint::max()) {
        alarm_->timer.cancel();
        return;
    }
    // Never longer than a second, so that a jump of the wall clock is noticed.
    const auto wait = std::clamp(due - now(), milliseconds{0}, milliseconds{1000});
    alarm_->timer.expires_after(wait);
    alarm_->timer.async_wait([this, alarm = alarm_](boost::system::error_code cancelled) {
        if (cancelled || !alarm->alive)
            return;
        alarm->set_for = TimePoint::max();
        ring();
        rearm();
    });
}

void ManualClock::advance(milliseconds by) { set(now_ + by); }

void ManualClock::set(TimePoint to)
{
    now_ = to;
    ring();
}

} // namespace doors
