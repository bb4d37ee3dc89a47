#include "doors/within.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace doors {

asio::awaitable<void> within(Clock& clock, milliseconds limit, asio::awaitable<void> work)
{
    using namespace asio::experimental::awaitable_operators;
    auto alarm = clock.pause(limit);
    const auto first = co_await (std::move(work) || std::move(alarm));
    if (first.index() == 1)
        throw TimedOut{"no answer within " + std::to_string(limit.count()) + " ms"};
}

} // namespace doors
