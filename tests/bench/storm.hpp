#pragma once

#include <filesystem>
#include <string>

namespace bench {

/// 50,000 reports in a minute over 200 keys and 20 services, against the strict workspace with its limits, and people who press
/// meanwhile. Prints what came of it; false when something was lost, late or shown wrongly.
bool storm(const std::string& binary, const std::filesystem::path& folder);

/// "12.5 ms"
std::string number(double value, const char* unit);
void row(const char* what, const std::string& value, const char* good);
/// Of a process, by /proc: "VmRSS", "VmHWM".
long memory_kib(int process, const std::string& which);

} // namespace bench
