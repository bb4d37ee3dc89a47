#include "doors/within.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace doors {

namespace {

/// Ends well whatever happens: `||` waits for the first success, so a failure would have to sit out the alarm.
asio::awaitable<void> caught(std::exception_ptr& failure, asio::awaitable<void> work)
{
    try {
        co_await std::move(work);
    } catch (...) {
        failure = std::current_exception();
    }
}

} // namespace

asio::awaitable<void> within(Clock& clock, milliseconds limit, asio::awaitable<void> work)
{
    using namespace asio::experimental::awaitable_operators;
    std::exception_ptr failure;
    auto trying = caught(failure, std::move(work));
    auto alarm = clock.pause(limit);
    const auto first = co_await (std::move(trying) || std::move(alarm));
    if (first.index() == 0 && failure)
        std::rethrow_exception(failure);
    if (first.index() == 1)
        throw TimedOut{"no answer within " + std::to_string(limit.count()) + " ms"};
}

} // namespace doors
