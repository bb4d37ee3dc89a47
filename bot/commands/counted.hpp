#pragma once

#include <string>

namespace commands {

/// "1 team", "3 teams"
inline std::string counted(std::size_t count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace commands
