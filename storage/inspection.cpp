#include "storage/inspection.hpp"

#include "storage/migrations.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace storage {

namespace {

namespace fs = std::filesystem;

constexpr int steps_between_questions = 10'000;

/// Who has the exclusive lock on a file, from the system's list of locks. Trying to take it would be simpler, and would make a
/// service that starts in that moment refuse to.
std::optional<int> holder_of(const std::string& path)
{
    struct ::stat file { };
    if (::stat(path.c_str(), &file) != 0)
        return std::nullopt;
    std::ifstream locks{"/proc/locks"};
    for (std::string line; std::getline(locks, line);) {
        // "1: FLOCK  ADVISORY  WRITE 1234 08:01:131090 0 EOF"
        std::istringstream words{line};
        std::string number, kind, advisory, access, where;
        int process{};
        if (!(words >> number >> kind >> advisory >> access >> process >> where) || kind != "FLOCK" || access != "WRITE")
            continue;
        unsigned major{}, minor{};
        unsigned long long inode{};
        char colon{};
        std::istringstream device{where};
        device >> std::hex >> major >> colon >> minor >> colon >> std::dec >> inode;
        if (inode == file.st_ino && major == gnu_dev_major(file.st_dev) && minor == gnu_dev_minor(file.st_dev))
            return process;
    }
    return std::nullopt;
}

int ask(void* enough) { return (*static_cast<const std::function<bool()>*>(enough))() ? 1 : 0; }

void look_at_feeds(Inspection& found, SQLite::Database& db)
{
    const auto time = [](const SQLite::Column& column) { return oncall::TimePoint{oncall::milliseconds{column.getInt64()}}; };
    SQLite::Statement feeds{db, "SELECT address, events, notes, read_at, trouble FROM feeds"};
    while (feeds.executeStep()) {
        Feed feed;
        feed.address = feeds.getColumn(0).getString();
        feed.events = calendar_events_in(feeds.getColumn(1).getString());
        feed.notes = feeds.getColumn(2).getString();
        feed.read_at = time(feeds.getColumn(3));
        feed.trouble = feeds.getColumn(4).getString();
        found.feeds.push_back(std::move(feed));
    }
    if (found.feeds.empty())
        return;
    SQLite::Statement people{db, "SELECT reference, user_id, name, email, kind FROM people"};
    while (people.executeStep()) {
        Person person;
        person.reference = people.getColumn(0).getString();
        person.user_id = people.getColumn(1).getString();
        person.name = people.getColumn(2).getString();
        person.email = people.getColumn(3).getString();
        person.kind = people.getColumn(4).getString();
        found.people.push_back(std::move(person));
    }
}

void look_at_troubles(Inspection& found, SQLite::Database& db)
{
    const auto time = [](const SQLite::Column& column) { return oncall::TimePoint{oncall::milliseconds{column.getInt64()}}; };
    if (db.tableExists("troubles")) {
        SQLite::Statement rows{
            db, "SELECT kind, subject, code, method, since FROM troubles WHERE over_at = 0 ORDER BY kind, subject"};
        while (rows.executeStep()) {
            Trouble one;
            one.of = {rows.getColumn(0).getString(), rows.getColumn(1).getString()};
            one.code = rows.getColumn(2).getString();
            one.method = rows.getColumn(3).getString();
            one.since = time(rows.getColumn(4));
            found.troubles.push_back(std::move(one));
        }
    }
    if (db.tableExists("followers")) {
        SQLite::Statement rows{db, "SELECT kind, name, trouble FROM followers WHERE trouble <> '' ORDER BY kind, name"};
        while (rows.executeStep()) {
            Follower one;
            one.kind = rows.getColumn(0).getString();
            one.name = rows.getColumn(1).getString();
            one.trouble = rows.getColumn(2).getString();
            found.unled.push_back(std::move(one));
        }
    }
}

void look_through(Inspection& found, const std::string& path, const std::function<bool()>& enough)
{
    SQLite::Database db{path, SQLite::OPEN_READONLY, 1'000};
    sqlite3_progress_handler(db.getHandle(), steps_between_questions, &ask, const_cast<std::function<bool()>*>(&enough));
    if (db.tableExists("schema_version")) {
        const auto have = db.execAndGet("SELECT COALESCE(MAX(number), 0) FROM schema_version").getInt();
        const auto known = static_cast<int>(migrations().size());
        if (have > known) {
            found.trouble = "was written by a newer oncall-bot (schema " + std::to_string(have) + ", this one knows "
                + std::to_string(known) + ")";
            found.remedy = "install the newer one again";
            return;
        }
    }
    const auto verdict = db.execAndGet("PRAGMA quick_check(1)").getString();
    found.finished = true;
    if (verdict != "ok") {
        found.trouble = "is damaged (" + verdict + ")";
        found.remedy = "stop the service and restore a backup";
        return;
    }
    if (db.tableExists("feeds"))
        look_at_feeds(found, db);
    look_at_troubles(found, db);
    if (db.tableExists("home_views"))
        found.home_is_off = db.execAndGet("SELECT COUNT(*) FROM home_views WHERE trouble = 'not_enabled'").getInt() > 0;
    if (!db.tableExists("notifications"))
        return;
    SQLite::Statement newest{db,
        "SELECT CASE state WHEN 'declined' THEN '' ELSE error END FROM notifications WHERE method = 'slack' AND state IN "
        "('sent', 'declined', 'failed') ORDER BY id DESC "
        "LIMIT "
        "1"};
    if (newest.executeStep())
        found.last_page_failed = newest.getColumn(0).getString();
}

} // namespace

Inspection inspect(const std::string& path, const std::function<bool()>& enough)
{
    Inspection found;
    std::error_code ignored;
    const auto folder = fs::absolute(path, ignored).parent_path();
    found.exists = fs::exists(path, ignored);
    if (!fs::is_directory(folder, ignored)) {
        found.trouble = "has no folder: " + folder.string() + " does not exist";
        found.remedy = "make the folder, or change ONCALL_DATABASE";
        return found;
    }
    found.free = fs::space(folder, ignored).available;
    // SQLite keeps files beside it, and so does the lock.
    const auto not_ours = [&](const std::string& what) {
        found.trouble = "cannot be written: this user may not write to " + what;
        found.remedy = "run this as the user who runs the service; if you do, give it the folder and the files in it (chown)";
    };
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        not_ours(folder.string());
        return found;
    }
    if (!found.exists) {
        found.finished = true;
        return found;
    }
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"})
        if (const auto part = path + suffix; fs::exists(part, ignored) && ::access(part.c_str(), R_OK | W_OK) != 0) {
            not_ours(part);
            return found;
        }
    found.holder = holder_of(path + ".lock");
    try {
        look_through(found, path, enough);
    } catch (const SQLite::Exception& problem) {
        if (problem.getErrorCode() == SQLITE_INTERRUPT)
            return found;
        found.trouble = std::string{"cannot be opened: "} + problem.what();
        found.remedy = "check that ONCALL_DATABASE names a database of oncall-bot; if it does, restore a backup";
    }
    return found;
}

} // namespace storage
