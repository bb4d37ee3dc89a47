#include "handlers/sources/sources.hpp"

namespace handlers::sources {

Format format(std::string_view name)
{
    if (name == "alertmanager")
        return &alertmanager;
    if (name == "generic")
        return &generic;
    return nullptr;
}

std::string clipped(std::string text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    text.resize(most);
    return text;
}

} // namespace handlers::sources
