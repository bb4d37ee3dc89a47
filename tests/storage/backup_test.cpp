#include "catch.hpp"
#include "storage/backup.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <sys/stat.h>

namespace fs = std::filesystem;
namespace asio = boost::asio;

namespace {

bool go_on(double) { return true; }

/// Why there is no backup; empty: there is one.
std::string why_not(const std::string& path, const std::string& target, const std::function<bool(double)>& progress = go_on)
{
    try {
        storage::back_up(path, target, progress);
        return "";
    } catch (const storage::NoBackup& problem) {
        return problem.what();
    }
}

/// Files beside the database that no backup may leave behind.
std::vector<std::string> left_in(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator{folder})
        if (const auto name = file.path().filename().string(); !name.starts_with("test.db"))
            names.push_back(name);
    return names;
}

void keep(stored::Opened& db, const std::string& name, std::size_t size)
{
    db.write([&](storage::Transaction& tx) { storage::Journal{tx}.secret(name, std::string(size, 'x')); });
}

int secrets_in(const std::string& path)
{
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    return db.execAndGet("SELECT COUNT(*) FROM secrets").getInt();
}

} // namespace

TEST_CASE("A backup is one moment of a database that is being written to, for its owner alone", "[storage][backup]")
{
    stored::Opened db;
    for (int i = 0; i < 10; ++i)
        keep(db, "before " + std::to_string(i), 1 << 20);
    const auto target = (db.folder() / "copy").string();
    std::vector<double> done;
    const auto copied = storage::back_up(db.path(), target, [&](double part) {
        keep(db, "meanwhile " + std::to_string(done.size()), 100'000);
        done.push_back(part);
        return true;
    });
    CHECK(secrets_in(target) == 10);
    REQUIRE(done.size() > 2); // and has not begun anew with each write
    CHECK(std::is_sorted(done.begin(), done.end()));
    CHECK(done.back() == 1.0);
    CHECK(copied.bytes == fs::file_size(target));
    CHECK(copied.schema > 3);
    struct ::stat file { };
    REQUIRE(::stat(target.c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0600);
    CHECK(left_in(db.folder()) == std::vector<std::string>{"copy"});
    // The database goes on as it was, and its backup opens as a database does.
    keep(db, "after", 10);
    CHECK(secrets_in(db.path()) == 11 + static_cast<int>(done.size()));
    boost::asio::io_context loop{1};
    stored::OnLoop worker{loop};
    const auto log = logging::silent();
    CHECK_NOTHROW(storage::Database{target, {worker, loop.get_executor(), *log}});
}

TEST_CASE("A backup overwrites nothing, and leaves nothing behind when there is none", "[storage][backup]")
{
    stored::Opened db;
    keep(db, "something", 6 << 20);
    const auto target = (db.folder() / "copy").string();
    SECTION("a file is there")
    {
        std::ofstream{target} << "precious";
        CHECK(has(why_not(db.path(), target), "exists already"));
        CHECK(fs::file_size(target) == 8);
    }
    SECTION("a link is there, to nowhere")
    {
        fs::create_symlink("nowhere", target);
        CHECK(has(why_not(db.path(), target), "exists already"));
    }
    SECTION("the database itself") { CHECK(has(why_not(db.path(), db.path()), "exists already")); }
    SECTION("somebody takes the name meanwhile")
    {
        auto take = [&](double) {
            std::ofstream{target} << "precious";
            return true;
        };
        CHECK(has(why_not(db.path(), target, take), "exists already"));
        CHECK(fs::file_size(target) == 8);
    }
    SECTION("it is broken off")
    {
        CHECK(has(why_not(db.path(), target, [](double) { return false; }), "broken off"));
        CHECK_FALSE(fs::exists(target));
    }
    SECTION("there is no such folder")
    {
        CHECK(has(why_not(db.path(), (db.folder() / "no" / "copy").string()), "Choose a folder that exists"));
    }
    SECTION("there is no database")
    {
        const auto nowhere = (db.folder() / "other.db").string();
        CHECK(has(why_not(nowhere, target), "ONCALL_DATABASE"));
        CHECK_FALSE(fs::exists(nowhere));
    }
    SECTION("it is another program's database")
    {
        const auto other = (db.folder() / "test.db-other").string();
        SQLite::Database{other, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec("CREATE TABLE mails (text)");
        CHECK(has(why_not(other, target), "no database of oncall-bot"));
    }
    SECTION("it is no database at all")
    {
        const auto other = (db.folder() / "test.db-other").string();
        std::ofstream{other} << std::string(10'000, 'x');
        CHECK(has(why_not(other, target), "not a database"));
    }
    for (const auto& name : left_in(db.folder()))
        CHECK(name == "copy");
}

TEST_CASE("A copy that is not sound gets no name", "[storage][backup]")
{
    stored::Opened db;
    const auto target = (db.folder() / "copy").string();
    SECTION("a row refers to what is not there")
    {
        SQLite::Database other{db.path(), SQLite::OPEN_READWRITE, 1'000};
        other.exec("PRAGMA foreign_keys = OFF");
        other.exec("CREATE TABLE child (of INTEGER REFERENCES starts (id)) STRICT");
        other.exec("INSERT INTO child VALUES (12345)");
        CHECK(has(why_not(db.path(), target), "table child refers to what is not there"));
    }
    SECTION("a page is damaged")
    {
        for (int i = 0; i < 100; ++i)
            keep(db, "row " + std::to_string(i), 1'000);
        const auto bad = (db.folder() / "test.db-bad").string();
        storage::back_up(db.path(), bad, go_on);
        // The middle of the file: rows, not the schema.
        std::fstream file{bad, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(fs::file_size(bad) / 4096 - 3) * 4096);
        file << std::string(4096, '\x7f');
        file.close();
        CHECK(has(why_not(bad, target), "damaged"));
    }
    CHECK(left_in(db.folder()).empty());
}
