#pragma once

#include "oncall/time.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The other ways to reach a person.
namespace notify {

/// Foreign text, fit to be read: broken UTF-8 becomes U+FFFD; control characters go, and those that turn the writing direction,
/// by which one text can look like another; every line ends in \n.
std::string clean(std::string_view text);

/// The same on one line, without blanks at its ends; of more than `most` characters the rest is "…".
std::string one_line(std::string_view text, std::size_t most);

/// At most `most` characters of what is clean; the rest is "…".
std::string shortened(std::string text, std::size_t most);

/// A link that may be clicked: http or https, without anything in it that ends it early.
bool is_web_address(std::string_view href);

/// "2026-11-03 13:00 (Europe/Berlin)"; in UTC where the zone is unknown.
std::string date_and_time(oncall::TimePoint at, const std::string& zone);

/// Base64 with padding (RFC 4648 §4).
std::string base64(std::string_view bytes);
/// The same for URLs, without padding (RFC 4648 §5).
std::string base64url(std::string_view bytes);
/// Back again, also with padding; nullopt when it is none.
std::optional<std::string> base64url_in(std::string_view text);

/// At most `most` bytes of what is clean, no character cut in two; the rest is "…". A byte that JSON writes as two counts twice,
/// so that it is no longer there than here.
std::string fitting(std::string text, std::size_t most);

} // namespace notify
