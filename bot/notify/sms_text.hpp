#pragma once

#include "notify/provider.hpp"

namespace notify {

/// How many text messages a phone's network makes of it: 160 characters of GSM 03.38 or 70 of UCS-2 in one, 153 or 67 in each of
/// several. 0: it is empty.
int segments(std::string_view text);

/// What is sent in at most so many.
inline constexpr int most_segments = 3;

/// What a page says as a text message: first what is broken, as one line and cut where it is too long; then, on a line of its own
/// and always whole, how to answer. A bundle says how many pages it is and as many of them as fit. Foreign text cannot make a
/// line. A message that is no page (a code, a test) is its words.
std::string sms_text(const PageMessage& message);

/// Words of our own that fit; the rest is "...". Lines stay lines.
std::string sms_words(std::string_view words);

} // namespace notify
