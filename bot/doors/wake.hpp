#pragma once

#include "doors/clock.hpp"

namespace doors {

/// A bell for one sleeper: whoever rings it wakes the coroutine that sleeps on it, or lets its next sleep end at once.
/// Used on the event loop alone.
class Wake {
public:
    explicit Wake(asio::any_io_executor loop);
    ~Wake();

    void ring();
    /// Sleeps until rung, or until `when` on `clock`.
    asio::awaitable<void> sleep(Clock& clock, TimePoint when);
    /// Sleeps until rung.
    asio::awaitable<void> sleep();

private:
    struct Bell;
    std::shared_ptr<Bell> bell_;
};

} // namespace doors
