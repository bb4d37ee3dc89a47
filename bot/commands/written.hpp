#pragma once

#include <string>

namespace commands {

/// The file is as it was or holds all of `text`, whatever happens meanwhile. What is no plain file (as /dev/stdout) is written
/// into. Throws std::system_error.
void write_whole(const std::string& path, const std::string& text);

} // namespace commands
