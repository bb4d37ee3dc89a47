#pragma once

#include "doors/clock.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace doors {

/// Thrown by `within` when the limit passed first. The work has been cancelled.
struct TimedOut : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Runs `work`, but not longer than `limit` on `clock`. What it throws comes out at once, cancellation as operation_aborted.
asio::awaitable<void> within(Clock& clock, milliseconds limit, asio::awaitable<void> work);

namespace detail {
template <class T> asio::awaitable<void> keep(std::optional<T>& result, asio::awaitable<T> work)
{
    result.emplace(co_await std::move(work));
}
} // namespace detail

template <class T> asio::awaitable<T> within(Clock& clock, milliseconds limit, asio::awaitable<T> work)
{
    std::optional<T> result;
    auto kept = detail::keep(result, std::move(work));
    co_await within(clock, limit, std::move(kept));
    co_return std::move(*result);
}

} // namespace doors
