#include "doors/wake.hpp"

#include "doors/within.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace doors {

struct Wake::Bell {
    asio::steady_timer timer;
    bool rung{};
    explicit Bell(asio::any_io_executor loop)
        : timer{loop, asio::steady_timer::time_point::max()}
    {
    }
};

Wake::Wake(asio::any_io_executor loop)
    : bell_{std::make_shared<Bell>(std::move(loop))}
{
}

Wake::~Wake() { bell_->timer.cancel(); }

void Wake::ring()
{
    bell_->rung = true;
    bell_->timer.cancel();
}

asio::awaitable<void> Wake::sleep()
{
    const auto bell = bell_;
    if (!bell->rung) {
        boost::system::error_code cancelled;
        auto token = asio::redirect_error(asio::use_awaitable, cancelled);
        co_await bell->timer.async_wait(token);
        if (!bell->rung)
            throw boost::system::system_error{asio::error::operation_aborted};
    }
    bell->rung = false;
}

asio::awaitable<void> Wake::sleep(Clock& clock, TimePoint when)
{
    if (when == TimePoint::max()) {
        co_await sleep();
        co_return;
    }
    try {
        auto sleeping = sleep();
        co_await within(clock, when - clock.now(), std::move(sleeping));
    } catch (const TimedOut&) {
    }
}

} // namespace doors
