#pragma once

#include <string>
#include <string_view>

namespace feeds {

/// The IANA zone that Microsoft's products call so ("W. Europe Standard Time"), by CLDR's table of its main territory; empty:
/// not known here.
std::string iana_zone(std::string_view windows_name);

} // namespace feeds
