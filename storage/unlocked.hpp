#pragma once

#include "doors/clock.hpp"
#include "storage/database.hpp"

namespace storage {

/// How long a process that holds the database for a moment is waited for: a verb, or the service before, which is ending.
inline constexpr doors::milliseconds lock_patience{3'000};

/// What `open()` returns, once it throws Locked no more. Throws Locked when it still does after `lock_patience` on `clock`, and
/// everything else at once.
template <class Open> asio::awaitable<std::invoke_result_t<Open&>> unlocked(doors::Clock& clock, logging::Log& log, Open open)
{
    constexpr doors::milliseconds pause{50};
    // Pauses are counted, because the machine's clock may be set meanwhile.
    for (auto waited = doors::milliseconds{0};; waited += pause) {
        try {
            co_return open();
        } catch (const Locked&) {
            if (waited >= lock_patience)
                throw;
            if (waited == doors::milliseconds{0})
                log.warning("another process has the database open; waiting a moment for it");
        }
        co_await clock.pause(pause);
    }
}

} // namespace storage
