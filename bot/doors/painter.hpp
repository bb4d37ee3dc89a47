#pragma once

#include "doors/png.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace doors {

namespace asio = boost::asio;

class Worker;

/// Draws SVG as PNG without holding up the loop; one picture after the other.
class Painter {
public:
    virtual ~Painter() = default;
    /// `zoom` pixels for each of the picture's own. Throws NoPicture.
    virtual asio::awaitable<std::string> png(std::string svg, int zoom) = 0;
};

/// By rsvg-convert, on `worker`, which nothing else should wait for. Both must outlive it.
std::unique_ptr<Painter> rsvg_painter(asio::any_io_executor loop, Worker& worker, Rasterizer rasterizer = {});

} // namespace doors
