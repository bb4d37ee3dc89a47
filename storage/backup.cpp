#include "storage/backup.hpp"

#include "storage/migrations.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace storage {

namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 1'000;
constexpr int patience = 10'000; // milliseconds, with who holds the file for a moment

[[noreturn]] void fail(const std::string& doing, int error)
{
    auto text = doing + ": " + std::strerror(error) + ".";
    if (error == ENOSPC || error == EDQUOT)
        text += " Make room, or choose another disk.";
    else if (error == EACCES || error == EPERM || error == EROFS || error == ENOENT)
        text += " Choose a folder that exists and that you may write to.";
    throw NoBackup{text};
}

std::string taken(const std::string& target)
{
    return target + " exists already, and a backup overwrites nothing. Choose another name, or move that file away.";
}

/// The file beside the target while it is not whole; gone with this, unless it got its name.
class Partial {
public:
    explicit Partial(const std::string& target)
        : target_{target}
        , path_{target + ".part-" + std::to_string(::getpid())}
    {
        if (struct ::stat there{}; ::lstat(target.c_str(), &there) == 0)
            throw NoBackup{taken(target)};
        const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0)
            fail("cannot write " + path_, errno);
        ::fchmod(file, 0600);
        ::close(file);
    }
    ~Partial()
    {
        for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
            ::unlink((path_ + suffix).c_str());
    }
    Partial(const Partial&) = delete;
    Partial& operator=(const Partial&) = delete;

    const std::string& path() const { return path_; }

    /// To disk, and to its name, if nobody took that meanwhile.
    void finish()
    {
        sync(path_, O_RDWR);
        if (::link(path_.c_str(), target_.c_str()) != 0) {
            if (errno == EEXIST)
                throw NoBackup{taken(target_)};
            // Some file systems have no links. The name was free a moment ago.
            if (::rename(path_.c_str(), target_.c_str()) != 0)
                fail("cannot name the backup " + target_, errno);
        }
        const auto folder = fs::absolute(target_).parent_path();
        sync(folder.string(), O_RDONLY | O_DIRECTORY);
    }

private:
    static void sync(const std::string& path, int how)
    {
        const int file = ::open(path.c_str(), how | O_CLOEXEC);
        const int outcome = file < 0 ? -1 : ::fsync(file);
        const int error = errno;
        if (file >= 0)
            ::close(file);
        if (outcome != 0)
            fail("cannot bring " + path + " to disk", error);
    }

    std::string target_;
    std::string path_;
};

struct Finish {
    void operator()(sqlite3_backup* copying) const { sqlite3_backup_finish(copying); }
};

/// Page by page, of one moment: the transaction that reads stays open.
void copy(SQLite::Database& from, SQLite::Database& to, const std::function<bool(double)>& go_on)
{
    const std::unique_ptr<sqlite3_backup, Finish> copying{sqlite3_backup_init(to.getHandle(), "main", from.getHandle(), "main")};
    if (!copying)
        throw SQLite::Exception{to.getHandle()};
    for (int outcome = SQLITE_OK; outcome != SQLITE_DONE;) {
        outcome = sqlite3_backup_step(copying.get(), pages_a_step);
        if (outcome != SQLITE_OK && outcome != SQLITE_DONE)
            throw SQLite::Exception{sqlite3_errstr(outcome), outcome};
        const double all = std::max(1, sqlite3_backup_pagecount(copying.get()));
        if (!go_on((all - sqlite3_backup_remaining(copying.get())) / all))
            throw NoBackup{"The backup was broken off; nothing is left of it."};
    }
}

Copied check(const std::string& copy)
{
    SQLite::Database db{copy, SQLite::OPEN_READWRITE, patience};
    // Of one file from here on: whoever carries it away has all of it.
    db.exec("PRAGMA journal_mode = DELETE");
    const std::string worthless = " The copy was thrown away: look at the database with oncall-bot check.";
    if (const auto verdict = db.execAndGet("PRAGMA integrity_check(1)").getString(); verdict != "ok")
        throw NoBackup{"The copy is damaged (" + verdict + ")." + worthless};
    SQLite::Statement broken{db, "PRAGMA foreign_key_check"};
    if (broken.executeStep())
        throw NoBackup{"In the copy, table " + broken.getColumn(0).getString() + " refers to what is not there." + worthless};
    Copied copied;
    copied.schema = db.execAndGet("SELECT COALESCE(MAX(number), 0) FROM schema_version").getInt();
    return copied;
}

} // namespace

Copied back_up(const std::string& path, const std::string& target, const std::function<bool(double)>& go_on)
{
    std::error_code gone;
    if (!fs::exists(path, gone))
        throw NoBackup{"There is no database " + path
            + ". Run this where the service's .env is, or set ONCALL_DATABASE to the path of its database."};
    try {
        SQLite::Database from{path, SQLite::OPEN_READONLY, patience};
        from.exec("PRAGMA query_only = 1");
        from.exec("PRAGMA wal_autocheckpoint = 0");
        from.exec("BEGIN");
        if (!from.tableExists("schema_version"))
            throw NoBackup{path + " is no database of oncall-bot. ONCALL_DATABASE names the right one."};
        Partial partial{target};
        {
            SQLite::Database to{partial.path(), SQLite::OPEN_READWRITE, patience};
            copy(from, to, go_on);
        }
        auto copied = check(partial.path());
        copied.bytes = fs::file_size(partial.path());
        partial.finish();
        return copied;
    } catch (const SQLite::Exception& problem) {
        const auto code = problem.getErrorCode() & 0xff;
        std::string text = "The backup failed: " + std::string{problem.what()} + ".";
        if (code == SQLITE_FULL)
            text = "The disk is full. Make room, or choose another disk; nothing is left of the backup.";
        else if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)
            text += " Run this as the user who runs the service, or as root.";
        throw NoBackup{text};
    }
}

} // namespace storage
