#include "notify/spoken.hpp"

#include "notify/text.hpp"

namespace notify {

namespace {

constexpr std::size_t most_spoken = 300;

/// Letters and single blanks alone: marks cannot be heard, and a row of digits takes a voice a minute.
std::string hearable(const std::string& text)
{
    std::string words;
    for (const unsigned char c : one_line(text, most_spoken)) {
        const bool letter = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' || c == ',' || c == '.';
        if (letter)
            words += static_cast<char>(c);
        else if (!words.empty() && words.back() != ' ')
            words += ' ';
    }
    while (words.ends_with(' '))
        words.pop_back();
    return words;
}

} // namespace

std::string spoken(const oncall::Alert& alert)
{
    const auto severity = one_line(alert.severity, 30);
    return hearable((alert.drill ? "This is a drill. " : std::string{})
        + (severity.empty() ? std::string{oncall::name(alert.urgency)} + " urgency" : severity) + " alert"
        + (alert.service.empty() ? std::string{} : " for " + one_line(alert.service, 60)) + ". " + alert.title);
}

} // namespace notify
