#pragma once

#include <string>
#include <string_view>

/// How text looks: on a terminal in columns, in a picture in pixels.
namespace pictures {

/// The code points of foreign text, fit to be shown: broken UTF-8 becomes U+FFFD; control characters go, line ends become
/// blanks, and what XML forbids or turns the writing direction goes too.
std::u32string decoded(std::string_view text);
std::string encoded(std::u32string_view text);

/// Columns of a terminal: East Asian and emoji take two, accents none.
std::size_t columns(std::string_view text);

/// Width in hundredths of the font's size, in DejaVu Sans or what resembles it; a little too wide rather than too narrow.
int width(std::u32string_view text);

/// At most `most` hundredths wide, the rest is "…"; empty when not even three letters fit.
std::string shortened(std::string_view text, int most);

/// Foreign text in XML, in an element or in quotes.
std::string xml(std::string_view text);

} // namespace pictures
