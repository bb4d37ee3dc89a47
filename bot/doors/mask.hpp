#pragma once

#include <string>
#include <string_view>

namespace logging {

/// The text with its e-mail addresses made unusable: of ana@example.com, a***@example.com is left, which whoever knows her
/// recognizes.
std::string masked(std::string_view text);

} // namespace logging
