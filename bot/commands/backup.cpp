#include "storage/backup.hpp"
#include "commands/commands.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace commands {

namespace {

std::atomic<bool> broken_off{false};

std::string size_of(std::uint64_t bytes)
{
    return bytes < (10 << 20) ? std::to_string((bytes + 1023) >> 10) + " KiB" : std::to_string(bytes >> 20) + " MiB";
}

} // namespace

int backup(const std::string& target)
{
    if (const auto why = hidden_settings(); !why.empty()) {
        std::cerr << why << "\n";
        return 1;
    }
    const auto database = read_settings().settings.database;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        std::signal(signal, [](int) { broken_off = true; });
    const bool watched = ::isatty(STDERR_FILENO) == 1;
    int shown = 0;
    auto go_on = [&](double done) {
        // What takes no time needs no progress.
        if (const int percent = static_cast<int>(done * 100); watched && percent != shown && percent < 100)
            std::cerr << "\r" << (shown = percent) << " %" << std::flush;
        return !broken_off.load();
    };
    try {
        const auto copied = storage::back_up(database, target, go_on);
        std::cerr << (shown > 0 ? "\r     \r" : "");
        std::cout << target << " is a checked copy of " << database << ": " << size_of(copied.bytes) << ", schema "
                  << copied.schema << ". To restore it, stop the service, put it in the place of the database and take away the "
                  << "-wal and -shm files beside that.\n";
        return 0;
    } catch (const storage::NoBackup& problem) {
        std::cerr << (shown > 0 ? "\r     \r" : "") << problem.what() << "\n";
        return 1;
    }
}

} // namespace commands
