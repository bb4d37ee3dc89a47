#pragma once

#include "doors/program.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace doors {

/// Why there is no picture, and what to do about it: for people.
struct NoPicture : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Rasterizer {
    std::string program{"rsvg-convert"};
    std::vector<std::filesystem::path> fonts{"/usr/share/fonts", "/usr/local/share/fonts"}; // and those below HOME
    ProgramLimits limits{};
};

/// An SVG as PNG, `zoom` pixels for each of its own, drawn by rsvg-convert in a process of its own. Blocks. Throws NoPicture.
std::string png_of(const std::string& svg, int zoom, const Rasterizer& rasterizer = {});

} // namespace doors
