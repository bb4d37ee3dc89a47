#include "doors/run_on.hpp"

#include "doors/worker.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace doors {

asio::awaitable<void> run_on(Worker& worker, asio::any_io_executor loop, std::function<void()> piece)
{
    const auto problem = std::make_shared<std::exception_ptr>();
    auto initiate = [&worker, loop, problem, piece = std::move(piece)](auto handler) {
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        worker.post([loop, problem, piece, resume] {
            try {
                piece();
            } catch (...) {
                *problem = std::current_exception();
            }
            asio::post(loop, [resume] { (*resume)(); });
        });
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, token);
    if (*problem)
        std::rethrow_exception(*problem);
}

} // namespace doors
