#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oncall {

/// A telephone number as somebody types it, read as E.164: "+491711234567".
struct ReadPhone {
    std::string number{}; // empty: it is none
    std::string problem{}; // and why, in words that say what to write instead; empty: it is one
};

/// Reads "+49 (0)171 123-4567", "0049 171 1234567". Numbers without their country are refused: nothing says which it is. It tells
/// what cannot be a number from what may be one; whether somebody has it, only a code sent there tells.
ReadPhone phone_in(std::string_view text);

/// A number as `phone_in` gives it: plus sign, a country's code that exists, 7 to 15 digits.
bool is_phone(std::string_view text);

/// The countries that share the longest calling code the number begins with, by ISO 3166: "US" and "CA" for +1 212, "DO" for
/// +1 809. Empty when there are none.
std::vector<std::string_view> countries_of(std::string_view number);

/// Whether an entry of ONCALL_COUNTRIES is one: a country by ISO 3166 in capitals, "DE", or the beginning of a number, "+44".
bool is_country_entry(std::string_view entry);

/// Whether the operator allows numbers like this one: `allowed` are entries of ONCALL_COUNTRIES. Empty: all are.
bool is_allowed(std::string_view number, const std::vector<std::string>& allowed);

/// Why not, and what would be: "numbers that begin with +8816 are not allowed here; allowed are DE, US. …".
std::string not_allowed(std::string_view number, const std::vector<std::string>& allowed);

} // namespace oncall
