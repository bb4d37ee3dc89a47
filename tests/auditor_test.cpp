#include "auditor.hpp"
#include "catch.hpp"
#include "net/memory.hpp"
#include "storage/many.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <boost/asio/detached.hpp>

using namespace std::chrono_literals;
using stored::noon;

namespace {

/// Keeps what was logged, as "level: text field field …".
class Heard final : public logging::Log {
public:
    void write(logging::Level level, std::string_view text, logging::Fields fields) override
    {
        auto line = std::string{level == logging::Level::error ? "error: "
                : level == logging::Level::warning             ? "warning: "
                                                               : "info: "};
        line += text;
        for (const auto& [name, value] : fields)
            line += " " + value;
        lines.push_back(std::move(line));
    }
    std::size_t times(const std::string& part) const
    {
        return static_cast<std::size_t>(
            std::count_if(lines.begin(), lines.end(), [&](const auto& line) { return has(line, part); }));
    }
    std::vector<std::string> lines{};
};

/// An auditor on a real database, and nobody else: what it writes stays to be read.
struct House {
    stored::Opened db{};
    doors::ManualClock clock{noon};
    Heard log{};
    net::MemoryNetwork wires{clock};
    std::unique_ptr<net::Network> network{wires.plug("bot", db.loop().get_executor())};
    std::uint64_t rounds{};
    int rings{};
    Auditor auditor;

    explicit House(Auditor::Wishes wishes = {"#ops"})
        : auditor{{db.database(), *network, clock, log}, std::move(wishes),
            {{"engine", [this] { ++rings; }, [this] { return rounds; }}}}
    {
        write([](storage::Transaction& tx) { stored::fill(tx, 20, 10, noon); });
    }
    template <class Work> void write(Work work) { db.write(std::move(work)); }
    void sql(const std::string& one)
    {
        db.write([&](storage::Transaction& tx) { storage::run(tx, one); });
    }
    /// Half a minute later, in which the engine did its work.
    void pass(doors::milliseconds later = 30s)
    {
        clock.advance(later);
        ++rounds;
        db.finished(auditor.pass());
    }
    struct Row {
        std::string kind{};
        std::string lane{};
        std::string body{};
    };
    /// What is in the outbox, which is emptied.
    std::vector<Row> said()
    {
        return db.write([](storage::Transaction& tx) {
            std::vector<Row> rows;
            for (storage::Query row{tx, "SELECT kind, lane, body FROM outbox WHERE kind LIKE 'alarm%' ORDER BY id"};
                 row.step();) {
                auto kind = row.text();
                auto lane = row.text();
                rows.push_back({std::move(kind), std::move(lane), row.text()});
            }
            storage::run(tx, "DELETE FROM outbox");
            return rows;
        });
    }
};

constexpr auto unexplained = "UPDATE notifications SET why = '' WHERE id = 26";
constexpr auto explained = "UPDATE notifications SET why = 'x' WHERE id = 26";

} // namespace

TEST_CASE("What the auditor finds is said once, again each hour while it lasts, and when it is over", "[auditor]")
{
    House house;
    house.pass();
    CHECK(house.said().empty());
    CHECK_FALSE(house.auditor.is_broken());
    house.clock.advance(90s);
    CHECK_FALSE(house.auditor.is_broken());
    house.clock.advance(1s); // whoever does not look finds nothing
    CHECK(house.auditor.is_broken());
    house.clock.set(noon - 1min); // nor does one whose clock was set back
    CHECK(house.auditor.is_broken());
    house.clock.set(noon + 30s);
    house.sql("UPDATE pages SET stepped_at = stepped_at + 1 WHERE id = 20");
    house.pass();
    auto said = house.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].kind == "alarm");
    CHECK(said[0].lane == "#ops");
    CHECK(said[0].body.starts_with("#ops\n"));
    CHECK(has(said[0].body, "I3"));
    CHECK(has(said[0].body, "Page 20 of alert #20"));
    CHECK(house.log.times("error: the audit found something wrong I3 page 20") == 1);
    CHECK(house.auditor.is_broken());
    REQUIRE(house.auditor.health().findings.size() == 1);
    CHECK(house.auditor.health().findings[0].since == noon + 1min);

    // The other pages are kept on their way, so that nothing else is wrong.
    for (int i = 0; i < 119; ++i) {
        house.sql("UPDATE pages SET due = due + 30000 WHERE state IN ('paging', 'exhausted')");
        house.sql("UPDATE timers SET due = due + 30000 WHERE kind = 'page'");
        house.pass();
        CHECK(house.said().empty());
    }
    house.sql("UPDATE alerts SET snoozed_until = snoozed_until + 7200000 WHERE state IN ('snoozed', 'promised')");
    house.sql("UPDATE timers SET due = due + 7200000");
    house.sql("UPDATE pages SET due = due + 7200000");
    house.pass();
    said = house.said();
    REQUIRE(said.size() == 1);
    CHECK(has(said[0].body, "Still"));
    CHECK(house.auditor.health().findings[0].since == noon + 1min);

    house.sql("UPDATE pages SET stepped_at = stepped_at - 1 WHERE id = 20");
    house.pass();
    said = house.said();
    REQUIRE(said.size() == 1);
    CHECK(has(said[0].body, "No longer"));
    CHECK(house.log.times("what the audit found is over") == 1);
    CHECK_FALSE(house.auditor.is_broken());
    CHECK(house.auditor.health().found == 1);
    house.pass();
    CHECK(house.said().empty());
}

TEST_CASE("A thousand findings are one message", "[auditor]")
{
    House house;
    house.sql(unexplained);
    house.sql("UPDATE pages SET stepped_at = stepped_at + 1");
    house.pass();
    const auto said = house.said();
    REQUIRE(said.size() == 1);
    CHECK(has(said[0].body, "(I3)"));
    CHECK(has(said[0].body, "2 more"));
    CHECK(has(said[0].body, "(I7)"));
    CHECK(said[0].body.size() < 2'000);
}

TEST_CASE("The operators hear by e-mail too, where there is a server for it", "[auditor]")
{
    bool server = true;
    House house{{"#ops", {"cto@example.com", "@ana", "U999", "U555"}, {}, [&] { return server; }}};
    house.write([](storage::Transaction& tx) {
        storage::People{tx}.save({"@ana", "U777", "ana", "", noon, "ana@example.com"});
        storage::People{tx}.save({"bo", "U999", "bo", "", noon, "bo@example.com"});
    });
    house.sql(unexplained);
    house.pass();
    auto said = house.said();
    REQUIRE(said.size() == 4);
    CHECK(said[1].kind == "alarm_email");
    CHECK(said[1].lane == "email:cto@example.com");
    CHECK(said[1].body.starts_with("cto@example.com\nI found"));
    CHECK(said[2].lane == "email:ana@example.com");
    CHECK(said[3].lane == "email:bo@example.com");
    server = false;
    house.sql(explained);
    house.pass();
    CHECK(house.said().size() == 1);
}

TEST_CASE("A page without a timer gets one, once, and that is said", "[auditor]")
{
    House house;
    const auto lose = "DELETE FROM timers WHERE kind = 'page' AND subject = 13";
    const auto due = [&] {
        return house.db.read([](storage::Transaction& tx) {
            storage::Query row{tx, "SELECT due FROM timers WHERE kind = 'page' AND subject = 13"};
            return row.step() ? row.time() : storage::TimePoint{};
        });
    };
    house.sql(lose);
    house.pass();
    CHECK(due() == noon + 30s);
    auto said = house.said();
    REQUIRE(said.size() == 1);
    CHECK(has(said[0].body, "Page 13 of alert #13"));
    CHECK(has(said[0].body, "set again"));
    house.pass();
    CHECK(has(house.said().at(0).body, "No longer"));

    house.sql(lose);
    house.pass();
    CHECK(due() == storage::TimePoint{});
    CHECK(has(house.said().at(0).body, "lost once more"));
}

TEST_CASE("An audit that fails is a finding", "[auditor]")
{
    House house;
    house.sql("ALTER TABLE starts RENAME TO elsewhere");
    house.sql("DROP TABLE elsewhere");
    house.pass();
    CHECK(house.log.times("error: the audit failed") == 1);
    CHECK(has(house.said().at(0).body, "The audit failed"));
    CHECK(house.auditor.is_broken());
    CHECK(house.auditor.health().findings.at(0).finding.invariant == "audit");
}

TEST_CASE("A part that does not move is a finding, and so is a database that takes nothing", "[auditor]")
{
    House house;
    house.pass();
    CHECK(house.rings == 1);
    SECTION("an engine that hangs")
    {
        --house.rounds;
        house.pass();
        CHECK(house.rings == 2);
        REQUIRE(house.auditor.health().findings.size() == 1);
        CHECK(has(house.said().at(0).body, "The engine does not move"));
        house.pass();
        CHECK(house.auditor.health().findings.empty());
    }
    SECTION("a disk that is full")
    {
        const auto full = [&](const std::string& pages) {
            house.write([&](storage::Transaction& tx) {
                const auto sql = "PRAGMA max_page_count = " + pages;
                storage::Query{tx, sql}.step();
            });
        };
        full("1"); // what there is already
        CHECK_THROWS(house.sql("INSERT INTO secrets (name, value) VALUES ('x', hex(zeroblob(500000)))"));
        house.pass();
        REQUIRE(house.auditor.health().findings.size() == 1);
        CHECK(has(house.auditor.health().findings[0].finding.words, "database or disk is full"));
        house.pass();
        CHECK(house.auditor.health().findings.empty());
        CHECK(house.db.database().commits().failed == 1);
        full("1000000");
    }
}

TEST_CASE("What cannot be written down is said when it can", "[auditor]")
{
    House house;
    house.sql(unexplained);
    house.sql("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END");
    house.pass();
    CHECK(house.said().empty());
    CHECK(house.log.times("sent later no room") == 1);
    CHECK(house.log.times("error: the audit found something wrong") == 1);
    house.sql("DROP TRIGGER full");
    house.pass();
    CHECK(house.said().size() == 1);
    house.pass();
    CHECK(house.said().empty());
}

TEST_CASE("After a machine's sleep what is overdue has half a minute to be done", "[auditor]")
{
    House house;
    auto& loop = house.db.loop();
    asio::co_spawn(loop, house.auditor.run(), asio::detached);
    const auto settle = [&] {
        loop.restart();
        loop.poll();
    };
    settle();
    const auto later = [&](doors::milliseconds by) {
        house.clock.advance(by);
        ++house.rounds;
        settle();
    };
    later(30s);
    CHECK(house.auditor.health().last_pass == noon + 30s);
    later(8h);
    CHECK(house.auditor.health().last_pass == noon + 30s);
    CHECK(house.auditor.health().findings.empty());
    later(30s); // nobody did anything: that is not sleep any more
    CHECK(house.auditor.health().last_pass == noon + 8h + 1min);
    CHECK_FALSE(house.auditor.health().findings.empty());
    // A loop that is late each time is no excuse.
    later(1h);
    const auto skipped = house.auditor.health().last_pass;
    later(1h);
    CHECK(house.auditor.health().last_pass == skipped + 2h);
}
