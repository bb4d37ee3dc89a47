#include "handlers/hours_field.hpp"

#include "config/times.hpp"
#include "oncall/reach_words.hpp"

#include <algorithm>

namespace handlers {

using oncall::Weekday;
using oncall::Window;
using namespace std::chrono_literals;

namespace {

/// A word of a line: a weekday, a time of day, or "to".
struct HoursWord {
    std::optional<Weekday> day{};
    std::optional<std::chrono::minutes> time{};
    bool to{};
};

std::optional<HoursWord> word_in(std::string text)
{
    HoursWord word;
    if (text == "to" || text == "-" || text == "–") {
        word.to = true;
        return word;
    }
    if (text.size() >= 3 && text.front() >= 'a' && text.front() <= 'z') {
        word.day = config::weekday_in(text.substr(0, 3));
        return word.day ? std::optional{word} : std::nullopt;
    }
    if (text.find(':') == text.npos)
        text += ":00"; // "9" and "17" are what people type
    if (text.find(':') == 1)
        text.insert(0, "0");
    word.time = config::clock_in(text);
    return word.time ? std::optional{word} : std::nullopt;
}

/// The words of a line; what stands between them does not matter, but for a dash.
std::optional<std::vector<HoursWord>> words_in_line(const std::string& line)
{
    std::string spaced;
    for (const char c : line)
        if (c == '-')
            spaced += " - ";
        else
            spaced += c == ',' || c == '\t' || c == '\r' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    std::vector<HoursWord> words;
    for (std::size_t at = 0; at < spaced.size();) {
        const auto end = std::min(spaced.find(' ', at), spaced.size());
        const auto text = spaced.substr(at, end - at);
        at = end + 1;
        if (text.empty() || text == "every" || text == "day" || text == "daily" || text == "and")
            continue;
        const auto word = word_in(text);
        if (!word)
            return std::nullopt;
        words.push_back(*word);
    }
    return words;
}

Weekday after(Weekday day) { return static_cast<Weekday>((static_cast<int>(day) + 1) % 7); }

/// "Mon to Fri", "Mon, Wed": up to where the times begin.
std::optional<std::vector<Weekday>> days_in(const std::vector<HoursWord>& words, std::size_t& at)
{
    std::vector<Weekday> days;
    for (; at < words.size() && !words[at].time; ++at) {
        if (!words[at].to) {
            days.push_back(*words[at].day);
            continue;
        }
        if (days.empty() || at + 1 == words.size() || !words[at + 1].day)
            return std::nullopt;
        for (auto day = after(days.back()); day != *words[at + 1].day; day = after(day))
            days.push_back(day);
    }
    return days;
}

std::optional<Window> window_in(const std::vector<HoursWord>& words)
{
    Window window;
    const bool from_day_to_day =
        words.size() == 5 && words[0].day && words[1].time && words[2].to && words[3].day && words[4].time;
    if (from_day_to_day) {
        window.from_day = words[0].day;
        window.from = *words[1].time;
        window.to_day = words[3].day;
        window.to = *words[4].time;
        return window;
    }
    std::size_t at = 0;
    auto days = days_in(words, at);
    if (!days)
        return std::nullopt;
    window.days = std::move(*days);
    window.to = 24h;
    if (at == words.size())
        return window; // all day
    if (words.size() - at != 3 || !words[at + 1].to || !words[at + 2].time)
        return std::nullopt;
    window.from = *words[at].time;
    window.to = *words[at + 2].time;
    return window.from == window.to ? std::nullopt : std::optional{window};
}

} // namespace

std::string hours_out(const std::vector<Window>& windows)
{
    std::string text;
    for (const auto& window : windows)
        text += (text.empty() ? "" : "\n") + oncall::words_of(std::vector{window});
    return text;
}

std::optional<std::vector<Window>> hours_in(const std::string& text)
{
    std::vector<Window> windows;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of("\n;", at), text.size());
        const auto line = text.substr(at, end - at);
        at = end + 1;
        if (line.find_first_not_of(" \t\r") == line.npos)
            continue;
        const auto words = words_in_line(line);
        const auto window = words ? window_in(*words) : std::nullopt;
        if (!window)
            return std::nullopt;
        windows.push_back(*window);
    }
    return windows;
}

} // namespace handlers
