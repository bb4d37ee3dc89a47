#pragma once

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <memory>
#include <string>

namespace logging {
class Log;
}

namespace doors {

namespace asio = boost::asio;

/// True for what is thrown out of a coroutine that is asked to end. Whoever catches all else lets this pass.
bool is_cancellation(const std::exception& error);

/// Owns every coroutine that nobody awaits: what escapes one is logged under its name, and a stop cancels them all.
/// Used on the event loop alone; must outlive nothing that the coroutines use.
class Tasks {
public:
    Tasks(asio::any_io_executor loop, logging::Log& log);
    ~Tasks();

    void spawn(std::string name, asio::awaitable<void> work);
    /// Asks every coroutine to end. New ones are refused (destroyed unstarted) from now on.
    void stop();
    std::size_t running() const;
    asio::any_io_executor loop() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace doors
