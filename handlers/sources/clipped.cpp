#include "config/utf8.hpp"
#include "handlers/sources/sources.hpp"
#include "oncall/words.hpp"

namespace handlers::sources {

namespace {

bool all_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();)
        if (!config::next_character(text, at))
            return false;
    return true;
}

std::string utf8_made_of(std::string_view text)
{
    std::string whole;
    for (std::size_t at = 0; at < text.size();) {
        const auto from = at;
        if (config::next_character(text, at))
            whole += text.substr(from, at - from);
        else
            whole += "\uFFFD";
    }
    return whole;
}

} // namespace

std::string clipped(std::string text, std::size_t most)
{
    if (!all_utf8(text))
        text = utf8_made_of(text);
    return oncall::cut_between_characters(std::move(text), most);
}

} // namespace handlers::sources
