#pragma once

#include <string>
#include <string_view>

namespace pictures {

/// Elements of SVG, one after the other. Lengths are written in tenths, so that the same picture is the same bytes everywhere.
class Svg {
public:
    enum class Anchor { start, middle, end };

    void rect(std::string_view look, double x, double y, double w, double h, double round = 0);
    void line(std::string_view look, double x1, double y1, double x2, double y2);
    void path(std::string_view look, const std::string& d);
    /// `y` is the middle of the letters. Foreign text is escaped.
    void text(std::string_view look, double x, double y, int size, std::string_view words, Anchor anchor = Anchor::start);
    /// A group with words for those who hover over it or have it read to them.
    void open(std::string_view title);
    void close();
    void append(const Svg& other) { body_ += other.body_; }
    const std::string& body() const { return body_; }

private:
    std::string body_{};
};

/// "12.5"
std::string length(double value);

/// The outline of a bar whose ends are round where it truly begins and ends.
std::string bar_path(double x, double y, double w, double h, bool round_left, bool round_right);

} // namespace pictures
