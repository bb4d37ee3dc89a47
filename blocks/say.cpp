#include "blocks/say.hpp"

#include "blocks/kit.hpp"

#include <algorithm>
#include <charconv>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_command_shown = 150, most_choices = 10;

} // namespace

std::string say_value(const SayAsked& asked, const std::string& command)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(asked.at.time_since_epoch()).count();
    return std::to_string(seconds) + " " + (asked.zone.empty() ? "-" : asked.zone) + (asked.shared ? " shared\n" : " own\n")
        + command;
}

std::pair<SayAsked, std::string> say_value_in(const std::string& value)
{
    const auto end = value.find('\n');
    const auto first = value.find(' '), second = first == value.npos ? first : value.find(' ', first + 1);
    std::int64_t seconds{};
    const auto read = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (end == value.npos || second == value.npos || second > end || read.ec != std::errc{} || read.ptr != value.data() + first)
        return {SayAsked{}, value};
    SayAsked asked;
    asked.at = oncall::TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, 9'999'999'999)}};
    asked.zone = value.substr(first + 1, second - first - 1);
    if (asked.zone == "-")
        asked.zone.clear();
    asked.shared = value.substr(second + 1, end - second - 1) == "shared";
    return {asked, value.substr(end + 1)};
}

bool names_wall_time(std::string_view command)
{
    // "18:00", "2026-11-06"
    const auto digit = [&](std::size_t at) { return at < command.size() && command[at] >= '0' && command[at] <= '9'; };
    for (std::size_t at = 1; at + 1 < command.size(); ++at) {
        const bool between = digit(at - 1) && digit(at + 1) && digit(at + 2);
        if (between && (command[at] == ':' || (command[at] == '-' && at >= 4 && digit(at - 2) && digit(at - 3) && digit(at - 4))))
            return true;
    }
    return false;
}

Message which(const std::string& question, const std::vector<SayChoice>& choices, const SayAsked& asked, const Names& names)
{
    const auto words = prose(question, names);
    std::vector<Json> shown{section(words)};
    for (std::size_t at = 0; at < std::min(choices.size(), most_choices); ++at) {
        const auto& choice = choices[at];
        shown.push_back(section(shortened(prose("/oncall " + choice.command, names), most_command_shown),
            button(plain(choice.label, names), action::say, say_value(asked, choice.command))));
    }
    return message(words, std::move(shown));
}

Message press_to_say(const std::string& words, const std::string& label, const std::string& command, const SayAsked& asked)
{
    const auto said = prose(words, {});
    return message(said, {section(said), actions({button(label, action::say, say_value(asked, command), Style::primary)})});
}

} // namespace blocks
