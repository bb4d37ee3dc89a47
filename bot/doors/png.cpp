#include "doors/png.hpp"

#include <cstdlib>

namespace doors {

namespace {

namespace fs = std::filesystem;

bool has_font(const fs::path& folder)
{
    std::error_code error;
    for (fs::recursive_directory_iterator entry{folder, fs::directory_options::skip_permission_denied, error}, end;
         !error && entry != end; entry.increment(error)) {
        const auto kind = entry->path().extension();
        if (kind == ".ttf" || kind == ".otf" || kind == ".ttc" || kind == ".pfb")
            return true;
    }
    return false;
}

/// Without one, every letter is drawn as an empty box, and nobody complains.
bool has_font(std::vector<fs::path> folders)
{
    if (const char* home = std::getenv("HOME"))
        for (const auto* below : {".fonts", ".local/share/fonts"})
            folders.push_back(fs::path{home} / below);
    for (const auto& folder : folders)
        if (has_font(folder))
            return true;
    return false;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

} // namespace

std::string png_of(const std::string& svg, int zoom, const Rasterizer& rasterizer)
{
    const auto ended =
        run_program({rasterizer.program, "--format", "png", "--zoom", std::to_string(zoom)}, svg, rasterizer.limits);
    switch (ended.how) {
    case Ended::How::not_found:
        throw NoPicture{"PNG is drawn by " + rasterizer.program
            + ", which is not installed. Fix: apt-get install librsvg2-bin fonts-dejavu-core, or draw SVG."};
    case Ended::How::too_slow:
        throw NoPicture{rasterizer.program + " took too long to draw the picture. Fix: draw a shorter period, or SVG."};
    case Ended::How::too_much_output: throw NoPicture{"The picture is too large as PNG. Fix: draw a shorter period, or SVG."};
    case Ended::How::finished: break;
    }
    if (ended.status != 0 || !ended.output.starts_with("\x89PNG\r\n\x1a\n"))
        throw NoPicture{rasterizer.program + " could not draw the picture"
            + (ended.status < 0 ? " (signal " + std::to_string(-ended.status) + ")" : std::string{})
            + (ended.errors.empty() ? "" : ": " + first_line(ended.errors)) + ". Fix: draw SVG, and report this."};
    if (!has_font(rasterizer.fonts))
        throw NoPicture{"There is no font to write names with. Fix: apt-get install fonts-dejavu-core, or draw SVG."};
    return ended.output;
}

} // namespace doors
