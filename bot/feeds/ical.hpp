#pragma once

#include <libical/ical.h>

#include <memory>
#include <string>

/// libical's objects, owned.
namespace feeds {

struct FreeComponent {
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

/// A string that libical hands over.
inline std::string taken(char* text)
{
    const std::unique_ptr<char, void (*)(void*)> owned{text, [](void* one) { icalmemory_free_buffer(one); }};
    return owned ? std::string{owned.get()} : std::string{};
}

inline std::string text_of(const char* text) { return text ? std::string{text} : std::string{}; }

/// libical must never end the process over what somebody else wrote. Before anything else of it is called.
void calm();

} // namespace feeds
