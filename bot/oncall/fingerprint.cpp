#include "oncall/fingerprint.hpp"

#include "oncall/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace oncall {

namespace {

constexpr std::size_t most_fingerprinted = 400;
constexpr std::size_t most_words = 60;

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
/// Letters of every script: what is not ASCII is not taken apart.
bool is_in_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

/// "550e8400-e29b-41d4-a716-446655440000"
bool is_uuid(std::string_view word)
{
    constexpr std::array<std::size_t, 4> dashes{8, 13, 18, 23};
    if (word.size() != 36)
        return false;
    for (std::size_t at = 0; at < word.size(); ++at) {
        const bool dash = std::find(dashes.begin(), dashes.end(), at) != dashes.end();
        if (dash ? word[at] != '-' : !is_hex(word[at]))
            return false;
    }
    return true;
}

/// "10.0.3.7", with a port or a mask behind it.
bool is_ip(std::string_view word)
{
    int dots = 0, digits = 0;
    for (const char c : word) {
        if (dots == 3 && digits > 0 && (c == ':' || c == '/'))
            return true;
        if (is_digit(c)) {
            if (++digits > 3)
                return false;
        } else if (c == '.' && digits > 0 && dots < 3) {
            ++dots;
            digits = 0;
        } else {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

/// "fe80::1", "2001:db8:0:1:1:1:1:1"
bool is_ip6(std::string_view word)
{
    return std::count(word.begin(), word.end(), ':') >= 2
        && std::all_of(word.begin(), word.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

/// "0x1f", or eight and more of a hash.
bool is_hex_number(std::string_view word)
{
    const bool prefixed = word.size() > 2 && word.starts_with("0x");
    const auto digits = prefixed ? word.substr(2) : word;
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_hex))
        return false;
    return prefixed || (digits.size() >= 8 && std::any_of(digits.begin(), digits.end(), is_digit));
}

/// "97", "97%", "3.5", "12ms", "-1", "09:30": a number, and at most three letters of a unit.
bool is_numeral(std::string_view word)
{
    std::size_t at = !word.empty() && (word.front() == '-' || word.front() == '+') ? 1 : 0;
    if (at == word.size() || !is_digit(word[at]))
        return false;
    while (at < word.size() && (is_digit(word[at]) || word[at] == '.' || word[at] == ':' || word[at] == '-'))
        ++at;
    const auto unit = word.substr(at);
    return unit.size() <= 3 && std::all_of(unit.begin(), unit.end(), [](char c) { return c == '%' || (c >= 'a' && c <= 'z'); });
}

/// What ends a sentence or stands around a word does not belong to it.
std::string_view trimmed_word(std::string_view word)
{
    constexpr std::string_view around{".,;:!?()[]{}<>\"'`=|*"};
    const auto begin = word.find_first_not_of(around);
    if (begin == word.npos)
        return {};
    return word.substr(begin, word.find_last_not_of(around) - begin + 1);
}

std::string_view mask_of(std::string_view word)
{
    if (is_uuid(word))
        return "<uuid>";
    if (is_ip(word))
        return "<ip>";
    if (is_numeral(word))
        return "<num>";
    if (is_ip6(word))
        return "<ip>";
    if (is_hex_number(word))
        return "<hex>";
    return {};
}

/// The words between blanks, in lower case, each as it stands or its mask. Numbers inside a name ("db-03") are masked in it.
template <class Take> void for_masked(std::string_view text, Take take)
{
    const auto low = lower(text.substr(0, most_fingerprinted));
    const std::string_view rest{low};
    for (std::size_t at = 0; at < rest.size();) {
        const auto begin = rest.find_first_not_of(" \t\r\n", at);
        if (begin == rest.npos)
            return;
        const auto end = std::min(rest.find_first_of(" \t\r\n", begin), rest.size());
        at = end;
        const auto word = trimmed_word(rest.substr(begin, end - begin));
        if (word.empty())
            continue;
        if (const auto mask = mask_of(word); !mask.empty()) {
            take(std::string{mask}, true);
            continue;
        }
        // "disk=/dev/sda1", "db-03.eu": its parts.
        std::string part;
        const auto flush = [&] {
            if (part.empty())
                return;
            const auto mask = mask_of(part);
            take(mask.empty() ? part : std::string{mask}, !mask.empty());
            part.clear();
        };
        for (const char c : word)
            if (is_in_word(c))
                part += c;
            else
                flush();
        flush();
    }
}

void hashed(std::uint64_t& hash, std::string_view text)
{
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    hash ^= 0xff; // which no text holds: "a", "b" is not "ab", ""
    hash *= 0x100000001b3ULL;
}

} // namespace

std::string masked(std::string_view text)
{
    std::string all;
    for_masked(text, [&](const std::string& word, bool) {
        if (!all.empty())
            all += ' ';
        all += word;
    });
    return all;
}

std::vector<std::string> masked_words(std::string_view text)
{
    std::vector<std::string> words;
    for_masked(text, [&](std::string word, bool is_mask) {
        if (!is_mask && words.size() < most_words)
            words.push_back(std::move(word));
    });
    std::sort(words.begin(), words.end());
    return words;
}

std::uint64_t fingerprint(const Alert& alert)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    hashed(hash, alert.source);
    hashed(hash, alert.rule);
    hashed(hash, masked(alert.title));
    return hash;
}

double likeness(const std::vector<std::string>& one, const std::vector<std::string>& other)
{
    if (one.empty() || other.empty())
        return 0;
    const auto times = [](const std::vector<std::string>& sorted, const std::string& word) {
        const auto [from, to] = std::equal_range(sorted.begin(), sorted.end(), word);
        return static_cast<double>(to - from);
    };
    const auto product = [&](const std::vector<std::string>& left, const std::vector<std::string>& right) {
        double sum = 0; // each word as often as it stands on the left: its count times that on the right
        for (const auto& word : left)
            sum += times(right, word);
        return sum;
    };
    return product(one, other) / std::sqrt(product(one, one) * product(other, other));
}

} // namespace oncall
