#pragma once

#include "handlers/routes.hpp"
#include "oncall/directory.hpp"
#include "storage/directories.hpp"

/// Directories that services are synced from: what a reading changes here, and what people see of it.
namespace handlers {

struct SyncWish {
    bool dry_run{}; // say what would change, and change nothing
    bool even_if_few{}; // also when it has fewer than half of the services it had
};

/// What a reading came to.
struct SyncReport {
    bool failed{}; // it was not read, or not whole: nothing was changed
    bool written{}; // put_in_force is due
    std::string summary{}; // a line
    std::vector<std::string> lines{}; // what became of each service, and why
    /// Both, up to `most` lines.
    std::string words(std::size_t most) const;
};

/// What tells one place that a directory is read from from another.
std::string origin_of(const oncall::Directory& directory);
/// The host, or the file.
std::string shown_origin(const oncall::Directory& directory);

/// Takes up what was read, in one transaction with its audit rows and what is said of it. A reading with a problem, or with too
/// few services, changes nothing; it is counted, and said once in the fallback channel. A dry run leaves no trace.
SyncReport take_up_directory(storage::Transaction& tx, const Context& app, const oncall::Directory& directory,
    oncall::DirectoryRead read, SyncWish wish, const Asked& asked);

/// `directory`: those there are, when each was read and what came.
Answer directory_command(slack::Command command, std::string rest, std::string delivery, Context& app);
/// *Read now*, *What would change*: answers when it has been read.
Answer click_directory(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
