#pragma once

#include "doors/painter.hpp"

#include <vector>

namespace scenario {

/// Draws nothing, and says it is a PNG.
class Easel final : public doors::Painter {
public:
    boost::asio::awaitable<std::string> png(std::string svg, int) override
    {
        drawn.push_back(svg);
        if (!trouble.empty())
            throw doors::NoPicture{trouble};
        co_return "\x89PNG\r\n\x1a\n" + svg;
    }

    std::vector<std::string> drawn{};
    std::string trouble{}; // why there is no picture; empty: there is
};

} // namespace scenario
