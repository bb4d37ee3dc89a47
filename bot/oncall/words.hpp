#pragma once

#include "oncall/alert.hpp"
#include "oncall/time.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The small words that lines and refusals are made of.
namespace oncall {

/// How many people a refusal names as those to ask.
inline constexpr std::size_t most_to_ask = 5;

/// "#17"
std::string number(AlertId id);
/// A person in words of ours: "<@U…>", or an address as it is configured.
std::string mention(const std::string& person);
/// "a, b and c"; `last` stands before the last of them.
std::string listed(const std::vector<std::string>& words, std::string_view last = " and ");
/// "<!date^…>": the day and the time, which each reader sees in the own zone.
std::string date_token(TimePoint at);

/// The ASCII letters in lower case, all else as it is.
std::string lower(std::string_view text);
/// `text` without blanks and line ends around it.
std::string trimmed(std::string_view text);
/// At most so many bytes of it, cut between characters.
std::string cut_between_characters(std::string text, std::size_t most);
bool is_digit(char c);

} // namespace oncall
