#pragma once

#include "blocks/paste.hpp"
#include "oncall/configuration.hpp"

namespace handlers::sources {

/// Where a source's tool sends to.
struct SetupFor {
    oncall::Source source{};
    std::string address{}; // "https://oncall.example.com", no slash at its end
    bool is_public{}; // others reach us there, as far as we know
    std::string key{}; // empty: nobody may see it; YOUR-KEY stands in its place
};

/// What to set in the tool of a source's format, step by step, with what to paste there. Pure; of each format that there is.
std::vector<blocks::Paste> setup_lines(const SetupFor& setup);

} // namespace handlers::sources
