#include "storage/pager_tests.hpp"

#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <charconv>

namespace storage {

namespace {

constexpr std::string_view way{"pager:"};

} // namespace

std::string pager_key(std::int64_t test) { return "pager_test:" + std::to_string(test); }

std::string pager_key(std::int64_t test, const std::string& method)
{
    return std::string{way} + std::to_string(test) + ":" + method;
}

bool is_pager_key(const std::string& key) { return key.starts_with(way); }

void PagerTests::add(PagerTest& test) const
{
    run(tx, "INSERT INTO pager_tests (person, at) VALUES ($1, $2)", test.person, test.at);
    test.id = tx.last_id();
    int place = 0;
    for (const auto& one : test.ways)
        run(tx, "INSERT INTO pager_test_ways (test, place, method, words, state, why) VALUES ($1, $2, $3, $4, $5, $6)", test.id,
            ++place, one.method, one.words, one.state, one.why);
}

std::optional<PagerTest> PagerTests::find(std::int64_t id) const
{
    PagerTest found;
    {
        Query row{tx, "SELECT id, person, at, posted_in, ts FROM pager_tests WHERE id = $1", id};
        if (!row.step())
            return std::nullopt;
        found.id = row.integer();
        found.person = row.text();
        found.at = row.time();
        found.posted_in = row.text();
        found.ts = row.text();
    }
    for (Query row{tx, "SELECT method, words, state, why FROM pager_test_ways WHERE test = $1 ORDER BY place", id}; row.step();) {
        PagerTest::Way one;
        one.method = row.text();
        one.words = row.text();
        one.state = row.text();
        one.why = row.text();
        found.ways.push_back(std::move(one));
    }
    return found;
}

void PagerTests::posted(std::int64_t id, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE pager_tests SET posted_in = $2, ts = $3 WHERE id = $1", id, channel, ts);
}

void PagerTests::became(const std::string& key, const std::string& state, const std::string& why, TimePoint now) const
{
    if (!is_pager_key(key))
        return;
    std::int64_t id{};
    const auto colon = key.find(':', way.size());
    std::from_chars(key.data() + way.size(), key.data() + std::min(colon, key.size()), id);
    const auto method = colon == key.npos ? std::string{} : key.substr(colon + 1);
    run(tx,
        "UPDATE pager_test_ways SET state = $3, why = $4 WHERE test = $1 AND method = $2 AND state <> 'arrived' AND (state = "
        "'planned' OR $3 <> 'sent')",
        id, method, state, why);
    if (tx.changes() == 0)
        return;
    if (const auto test = find(id))
        Outbox{tx}.add(pager_key(id), "pager_test", Priority::answer, test->person, id, test->person, now);
}

void PagerTests::forget_before(TimePoint when) const
{
    run(tx, "DELETE FROM pager_test_ways WHERE test IN (SELECT id FROM pager_tests WHERE at < $1)", when);
    run(tx, "DELETE FROM pager_tests WHERE at < $1", when);
}

} // namespace storage
