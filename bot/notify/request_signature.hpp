#pragma once

#include "oncall/time.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Requests that their sender signs by HMAC-SHA256.
namespace notify {

/// Whether `header` holds `prefix` and the HMAC-SHA256 of `words` in hex by one of the secrets; while secrets change over it may
/// hold several of these, with commas between them. How long it takes tells nothing about the secrets.
bool is_signed(const std::vector<std::string>& secrets, std::string_view words, std::string_view header, std::string_view prefix);

/// Whether a header's seconds since 1970 are five minutes from now at most.
bool is_recent(std::string_view seconds, oncall::TimePoint now);

} // namespace notify
