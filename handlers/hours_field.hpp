#pragma once

#include "oncall/configuration.hpp"

#include <optional>

/// Working hours as people write them into a field.
namespace handlers {

/// A window a line: "Mon to Fri, 09:00 to 17:00", "Sat", "Fri 20:00 to Mon 08:00".
std::string hours_out(const std::vector<oncall::Window>& windows);

/// What was written so, or as "mon-fri 9-17"; nullopt when a line is none. Empty: no windows.
std::optional<std::vector<oncall::Window>> hours_in(const std::string& text);

} // namespace handlers
