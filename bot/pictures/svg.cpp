#include "pictures/svg.hpp"

#include "pictures/text.hpp"

#include <algorithm>
#include <cmath>

namespace pictures {

namespace {

std::string attribute(std::string_view name, const std::string& value) { return " " + std::string{name} + "=\"" + value + "\""; }

std::string element(std::string_view name, std::string_view look)
{
    return "<" + std::string{name} + attribute("class", std::string{look});
}

} // namespace

std::string length(double value)
{
    const auto tenths = std::lround(value * 10);
    const auto whole = std::to_string(std::abs(tenths) / 10);
    const auto rest = std::abs(tenths) % 10;
    return (tenths < 0 ? "-" : "") + whole + (rest == 0 ? "" : "." + std::to_string(rest));
}

void Svg::rect(std::string_view look, double x, double y, double w, double h, double round)
{
    body_ += element("rect", look) + attribute("x", length(x)) + attribute("y", length(y)) + attribute("width", length(w))
        + attribute("height", length(h)) + (round > 0 ? attribute("rx", length(round)) : "") + "/>\n";
}

void Svg::line(std::string_view look, double x1, double y1, double x2, double y2)
{
    path(look, "M" + length(x1) + " " + length(y1) + "L" + length(x2) + " " + length(y2));
}

void Svg::path(std::string_view look, const std::string& d) { body_ += element("path", look) + attribute("d", d) + "/>\n"; }

void Svg::text(std::string_view look, double x, double y, int size, std::string_view words, Anchor anchor)
{
    constexpr double half = 0.365; // of a capital's height
    body_ += element("text", look) + attribute("x", length(x)) + attribute("y", length(y + size * half))
        + attribute("font-size", std::to_string(size))
        + (anchor == Anchor::start ? "" : attribute("text-anchor", anchor == Anchor::middle ? "middle" : "end")) + ">"
        + xml(words) + "</text>\n";
}

void Svg::open(std::string_view title) { body_ += "<g><title>" + xml(title) + "</title>\n"; }

void Svg::close() { body_ += "</g>\n"; }

std::string bar_path(double x, double y, double w, double h, bool round_left, bool round_right)
{
    const auto most = std::min({5.0, w / 2, h / 2});
    const auto left = round_left ? most : 0, right = round_right ? most : 0;
    const auto arc = [](double radius, double dx, double dy) {
        return radius > 0 ? "a" + length(radius) + " " + length(radius) + " 0 0 1 " + length(dx) + " " + length(dy)
                          : std::string{};
    };
    return "M" + length(x + left) + " " + length(y) + "H" + length(x + w - right) + arc(right, right, right) + "V"
        + length(y + h - right) + arc(right, -right, right) + "H" + length(x + left) + arc(left, -left, -left) + "V"
        + length(y + left) + arc(left, left, -left) + "Z";
}

} // namespace pictures
