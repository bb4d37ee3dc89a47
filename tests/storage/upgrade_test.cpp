#include "catch.hpp"
#include "config/plan.hpp"
#include "handlers/configure.hpp"
#include "storage/migrations.hpp"
#include "storage/opened.hpp"

#include <SQLiteCpp/Database.h>

namespace {

/// As it was when there were that many migrations.
SQLite::Database database_at(const std::string& path, std::size_t migrations)
{
    SQLite::Database before{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    before.exec("CREATE TABLE schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
    for (std::size_t number = 1; number <= migrations; ++number) {
        const auto& migration = storage::migrations().at(number - 1);
        before.exec(std::string{migration.sql});
        before.exec("INSERT INTO schema_version VALUES (" + std::to_string(number) + ", '" + std::string{migration.name} + "')");
    }
    return before;
}

} // namespace

TEST_CASE("A database of the release before comes over without a change for anybody", "[storage][apply]")
{
    const stored::Folder folder;
    const auto path = (folder.path / "test.db").string();
    const auto made = storage::sha256("made at the first start, and shown once");
    {
        auto before = database_at(path, 2);
        before.exec("INSERT INTO source_keys VALUES ('" + made + "', 'scripts')");
        before.exec("INSERT INTO source_keys VALUES ('" + storage::sha256("abc") + "', 'alertmanager')");
    }
    stored::Opened opened{folder};
    const auto knows = opened.read([](storage::Transaction& tx) { return handlers::stored_configuration(tx); });
    CHECK(knows.items.empty());
    CHECK(knows.overrides.empty());
    CHECK(knows.keys == std::map<std::string, std::string>{{"alertmanager", storage::sha256("abc")}, {"scripts", made}});

    oncall::Configuration file;
    file.sources["scripts"].name = "scripts";
    file.sources["scripts"].format = "generic";
    file.sources["alertmanager"].name = "alertmanager";
    file.sources["alertmanager"].format = "alertmanager";
    file.sources["alertmanager"].key = "abc";
    const auto plan = config::plan(knows, file, {}, {"the file", stored::noon});
    CHECK(plan.keyless.empty());
    CHECK(plan.keys.empty());
}

TEST_CASE("An upgrade that cannot be finished leaves the database as it was", "[storage]")
{
    const stored::Folder folder;
    const auto path = (folder.path / "test.db").string();
    database_at(path, 38).exec("CREATE TABLE silences (mine TEXT) STRICT"); // 0042 makes one
    const auto version = [&] {
        SQLite::Database now{path, SQLite::OPEN_READONLY};
        return now.execAndGet("SELECT MAX(number) FROM schema_version").getInt();
    };
    CHECK_THROWS_WITH(stored::Opened{folder}, contains("silences"));
    CHECK(version() == 38);
    SQLite::Database{path, SQLite::OPEN_READWRITE}.exec("DROP TABLE silences");
    stored::Opened{folder};
    CHECK(version() == static_cast<int>(storage::migrations().size()));
}
