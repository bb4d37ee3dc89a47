#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace storage {

/// There is no backup; why, and what to do, is in the text. Nothing was left behind.
struct NoBackup : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Copied {
    std::uint64_t bytes{};
    int schema{}; // the version of what was copied
};

/// Copies the database at `path` as it is now to `target`, a new file of mode 0600, while a service may be writing: on a
/// read-only connection of its own, which neither writes nor checkpoints. The copy gets its name when it has been checked
/// (integrity, foreign keys, schema) and is on disk. `go_on` hears how much of it is done, 0 to 1, and may end it by false.
/// Throws NoBackup. Blocks.
Copied back_up(const std::string& path, const std::string& target, const std::function<bool(double)>& go_on);

} // namespace storage
