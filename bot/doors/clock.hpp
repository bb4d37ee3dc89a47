#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>

namespace doors {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// Wall clock, UTC, in milliseconds: the one notion of an instant in the house.
using TimePoint = std::chrono::sys_time<milliseconds>;

/// The only place that tells time. Waiters are kept here and not in system timers, so that a test can move the clock.
/// Not thread-safe: used on the event loop alone.
class Clock {
public:
    Clock();
    virtual ~Clock();
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;

    virtual TimePoint now() const = 0;

    /// Resumes when the wall clock has reached `when`; at once if it has. Cancellation throws operation_aborted.
    asio::awaitable<void> until(TimePoint when);

    /// Resumes after `duration`. A negative one counts as none.
    asio::awaitable<void> pause(milliseconds duration);

protected:
    /// Wakes everyone whose time has come.
    void ring();
    /// Told whenever the earliest waiter may have changed.
    virtual void rearm() { }
    /// The earliest waiter, or TimePoint::max().
    TimePoint next() const;

private:
    struct Waiters;
    std::shared_ptr<Waiters> waiters_;
};

/// The machine's clock: one system timer on the loop. A jump of the wall clock is noticed within a second.
class SystemClock final : public Clock {
public:
    explicit SystemClock(asio::any_io_executor loop);
    ~SystemClock() override;
    TimePoint now() const override;

private:
    void rearm() override;
    struct Alarm;
    std::shared_ptr<Alarm> alarm_;
};

/// A clock that stands still until it is moved: for tests and for the demo.
class ManualClock final : public Clock {
public:
    explicit ManualClock(TimePoint start)
        : now_{start}
    {
    }
    TimePoint now() const override { return now_; }
    void advance(milliseconds by);
    void set(TimePoint to);
    /// When the earliest waiter is due, or TimePoint::max().
    TimePoint next_due() const { return next(); }

private:
    TimePoint now_;
};

} // namespace doors
