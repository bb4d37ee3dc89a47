#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

std::string number(AlertId id) { return "#" + std::to_string(id.value); }

std::string mention(const std::string& person) { return person.find('@') == person.npos ? "<@" + person + ">" : person; }

std::string listed(const std::vector<std::string>& words, std::string_view last)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? std::string{last} : ", ") + words[i];
    return text;
}

std::string date_token(TimePoint at)
{
    const auto seconds = std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    return "<!date^" + seconds + "^{date_short_pretty} {time}|" + iso(at, "UTC") + ">";
}

std::string lower(std::string_view text)
{
    std::string all{text};
    std::transform(
        all.begin(), all.end(), all.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return all;
}

std::string trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    const auto part = begin == text.npos ? std::string_view{} : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
    return std::string{part};
}

std::string cut_between_characters(std::string text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
        --most;
    text.resize(most);
    return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace oncall
