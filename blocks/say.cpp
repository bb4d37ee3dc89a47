#include "blocks/say.hpp"

#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_command_shown = 150;

} // namespace

Message which(const std::string& question, const std::vector<SayChoice>& choices, const Names& names)
{
    const auto asked = prose(question, names);
    std::vector<Json> shown{section(asked)};
    for (const auto& choice : choices)
        shown.push_back(section(shortened(prose("/oncall " + choice.command, names), most_command_shown),
            button(choice.label, action::say, choice.command)));
    return message(asked, std::move(shown));
}

Message press_to_say(const std::string& words, const std::string& label, const std::string& command)
{
    const auto said = prose(words, {});
    return message(said, {section(said), actions({button(label, action::say, command, Style::primary)})});
}

} // namespace blocks
