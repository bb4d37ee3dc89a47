#include "catch.hpp"
#include "doors/painter.hpp"
#include "doors/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

using namespace doors;

TEST_CASE("Pictures are drawn off the loop, and why there is none comes back to whoever asked", "[doors][pictures]")
{
    asio::io_context loop{1};
    const auto thread = system_thread();
    Rasterizer rasterizer;
    rasterizer.limits.time = std::chrono::milliseconds{120'000}; // the machine may be slow
    const auto painter = rsvg_painter(loop.get_executor(), *thread, rasterizer);
    std::vector<std::string> came;
    const auto draw = [&](const std::string& svg) {
        asio::co_spawn(loop, painter->png(svg, 2), [&](std::exception_ptr error, std::string png) {
            try {
                if (error)
                    std::rethrow_exception(error);
                came.push_back(png.substr(1, 3));
            } catch (const NoPicture&) {
                came.push_back("none");
            }
        });
    };
    draw("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    draw("this is none");
    asio::post(loop, [&] { came.push_back("the loop goes on"); });
    const auto waits = asio::make_work_guard(loop);
    while (came.size() < 3)
        loop.run_one();
    CHECK(came == std::vector<std::string>{"the loop goes on", "PNG", "none"});
}
