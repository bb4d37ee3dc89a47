#include "config/addresses.hpp"

#include "config/utf8.hpp"

#include <algorithm>

namespace config {

namespace {

bool is_id(std::string_view text, std::string_view first)
{
    return text.size() >= 6 && first.find(text.front()) != first.npos
        && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// Small letters, digits, other alphabets, and what `more` has.
bool is_handle(std::string_view text, std::string_view more)
{
    return !text.empty() && length_of(text) <= 80 && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80
            || more.find(c) != more.npos;
    });
}

/// Neither blanks and control characters nor what would end a mention or a link.
bool is_one_word(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '<' && c != '>'; });
}

} // namespace

bool is_person(std::string_view text)
{
    if (text.size() < 2 || length_of(text) > 254 || !is_one_word(text) || text.find(',') != text.npos)
        return false;
    const auto sign = text.rfind('@');
    return (sign != text.npos && sign + 1 < text.size()) || is_id(text, "UW");
}

bool is_channel(std::string_view text) { return (text.starts_with('#') && is_handle(text.substr(1), "-_")) || is_id(text, "CG"); }

bool is_user_group(std::string_view text)
{
    return (text.starts_with('@') && is_handle(text.substr(1), "-_.")) || is_id(text, "S");
}

bool is_web_address(std::string_view text)
{
    for (const std::string_view scheme : {"https://", "http://"})
        if (text.starts_with(scheme))
            return text.size() > scheme.size() && is_one_word(text);
    return false;
}

} // namespace config
