#include "commands/written.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace commands {

namespace {

[[noreturn]] void fail(const std::string& path) { throw std::system_error{errno, std::generic_category(), path}; }

void write_all(int file, const std::string& text, const std::string& path)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto written = ::write(file, text.data() + at, text.size() - at);
        if (written < 0 && errno != EINTR)
            fail(path);
        at += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
}

/// A file that is closed, and removed unless it was kept.
struct Beside {
    std::string path{};
    int file{-1};
    bool kept{};
    ~Beside()
    {
        if (file >= 0)
            ::close(file);
        if (file >= 0 && !kept)
            ::unlink(path.c_str());
    }
};

} // namespace

void write_whole(const std::string& path, const std::string& text)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const auto there = fs::status(path, ignored);
    if (fs::exists(there) && !fs::is_regular_file(there)) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (file < 0)
            fail(path);
        Beside open{path, file, true};
        write_all(file, text, path);
        return;
    }
    // A link stays one.
    const auto target = fs::exists(there) ? fs::canonical(path).string() : path;
    Beside beside{target + ".XXXXXX"};
    beside.file = ::mkostemp(beside.path.data(), O_CLOEXEC);
    if (beside.file < 0)
        fail(path);
    write_all(beside.file, text, path);
    if (fs::exists(there))
        ::fchmod(beside.file, static_cast<mode_t>(there.permissions()) & 07777U);
    if (::fsync(beside.file) != 0 || ::rename(beside.path.c_str(), target.c_str()) != 0)
        fail(path);
    beside.kept = true;
}

} // namespace commands
