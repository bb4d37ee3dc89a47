#include "doors/painter.hpp"

#include "doors/worker.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace doors {

namespace {

class RsvgPainter final : public Painter {
public:
    RsvgPainter(asio::any_io_executor loop, Worker& worker, Rasterizer rasterizer)
        : loop_{std::move(loop)}
        , worker_{worker}
        , rasterizer_{std::move(rasterizer)}
    {
    }

    asio::awaitable<std::string> png(std::string svg, int zoom) override
    {
        struct Drawn {
            std::string png{};
            std::exception_ptr error{};
        };
        const auto drawn = std::make_shared<Drawn>();
        auto initiate = [this, drawn, svg = std::move(svg), zoom](auto handler) {
            auto resume = std::make_shared<decltype(handler)>(std::move(handler));
            worker_.post([drawn, svg, zoom, resume, loop = loop_, rasterizer = rasterizer_] {
                try {
                    drawn->png = png_of(svg, zoom, rasterizer);
                } catch (const NoPicture&) {
                    drawn->error = std::current_exception();
                } catch (const std::exception& problem) { // no process can be had
                    drawn->error = std::make_exception_ptr(NoPicture{problem.what()});
                }
                asio::post(loop, [resume] { (*resume)(); });
            });
        };
        auto token = asio::use_awaitable;
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, token);
        if (drawn->error)
            std::rethrow_exception(drawn->error);
        co_return std::move(drawn->png);
    }

private:
    asio::any_io_executor loop_;
    Worker& worker_;
    Rasterizer rasterizer_;
};

} // namespace

std::unique_ptr<Painter> rsvg_painter(asio::any_io_executor loop, Worker& worker, Rasterizer rasterizer)
{
    return std::make_unique<RsvgPainter>(std::move(loop), worker, std::move(rasterizer));
}

} // namespace doors
