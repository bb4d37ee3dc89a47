#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>

namespace doors {

namespace asio = boost::asio;

class Worker;

/// Runs `piece` on `worker` and comes back to `loop` when it is done, with what it threw. Whoever waits may be gone by then: the
/// piece owns what it uses.
asio::awaitable<void> run_on(Worker& worker, asio::any_io_executor loop, std::function<void()> piece);

} // namespace doors
