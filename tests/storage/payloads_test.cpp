#include "storage/payloads.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"
#include "storage/sql.hpp"

using namespace std::chrono_literals;
using namespace storage;

namespace {

Payload payload(const std::string& source, TimePoint at, PayloadState state = PayloadState::kept)
{
    Payload one;
    one.source = source;
    one.format = "generic";
    one.at = at;
    one.state = state;
    one.body = "{\"title\":\"x\"}";
    one.headers = "{}";
    return one;
}

} // namespace

TEST_CASE(
    "What a source sent is kept as it came, zeros and broken letters too, and cut where it is too long", "[storage][payloads]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Payloads payloads{tx};
        auto one = payload("scripts", stored::noon);
        one.body = std::string{"a\0b\xFF", 4};
        one.headers = R"({"x-github-event":"push"})";
        one.query = "a=1";
        one.rest = "database";
        one.words = "alert #7";
        one.alerts = {7, 9};
        payloads.add(one);
        REQUIRE(one.id > 0);
        const auto kept = payloads.find(one.id);
        REQUIRE(kept);
        CHECK(kept->body == one.body);
        CHECK(kept->headers == one.headers);
        CHECK(kept->query == one.query);
        CHECK(kept->rest == one.rest);
        CHECK(kept->words == one.words);
        CHECK(kept->alerts == one.alerts);
        CHECK(kept->at == one.at);
        CHECK(kept->whole);
        REQUIRE(payloads.last("scripts", 1).size() == 1);
        CHECK(payloads.last("scripts", 1).front().words == one.words);
        CHECK(payloads.last("scripts", 1).front().body.empty()); // a list is short
        auto large = payload("scripts", stored::noon);
        large.body = std::string(Payloads::most_body + 1, 'x');
        payloads.add(large);
        CHECK_FALSE(payloads.find(large.id)->whole);
        CHECK(payloads.find(large.id)->body.size() == Payloads::most_body);
        auto dead = payload("scripts", stored::noon, PayloadState::unread);
        dead.body = std::string(Payloads::most_dead_body, 'x');
        payloads.add(dead);
        CHECK(payloads.find(dead.id)->whole);
        CHECK(payloads.find(dead.id)->body.size() == Payloads::most_dead_body);
        CHECK_FALSE(payloads.find(1'000));
    });
}

TEST_CASE("The last payloads of each source are kept, few of a storm, and dead letters beside them", "[storage][payloads]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Payloads payloads{tx};
        auto other = payload("other", stored::noon);
        payloads.add(other);
        auto at = stored::noon;
        int kept_in_storm = 0;
        for (int i = 0; i < 100; ++i, at += 50ms) { // five seconds of it
            auto one = payload("scripts", at);
            payloads.add(one);
            kept_in_storm += one.id != 0;
        }
        CHECK(kept_in_storm == 5);
        auto unread = payload("scripts", at, PayloadState::unread);
        payloads.add(unread);
        CHECK(unread.id != 0); // in whatever storm
        for (int i = 0; i < 30; ++i, at += 10s) {
            auto one = payload("scripts", at);
            payloads.add(one);
            CHECK(one.id != 0);
        }
        CHECK(payloads.last("scripts", 100).size() == Payloads::kept_of_each + 1);
        CHECK(payloads.last("other", 100).size() == 1);
        CHECK(payloads.last("", 3).size() == 3);
        REQUIRE(payloads.dead("scripts", 10).size() == 1);
        CHECK(payloads.dead("other", 10).empty());
        CHECK(payloads.count_dead() == 1);

        // A clock that was set back does not end the keeping.
        auto back = payload("scripts", stored::noon - 1h);
        payloads.add(back);
        CHECK(back.id != 0);

        for (int i = 0; i < 220; ++i) {
            auto one = payload("broken", at, PayloadState::unread);
            payloads.add(one);
        }
        CHECK(payloads.dead("broken", 1'000).size() == 200);
        CHECK(payloads.dead("", 1'000).size() == 201);
        payloads.tidy(at + 24h * 31);
        CHECK(payloads.last("", 1'000).empty());
    });
}

TEST_CASE("Two who replay the same dead letter: one of them does", "[storage][payloads]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Payloads payloads{tx};
        auto one = payload("scripts", stored::noon, PayloadState::unread);
        payloads.add(one);
        CHECK(payloads.move(one.id, PayloadState::unread, PayloadState::replayed, "alert #3", {3}));
        CHECK_FALSE(payloads.move(one.id, PayloadState::unread, PayloadState::dismissed, "", {}));
        CHECK(payloads.find(one.id)->state == PayloadState::replayed);
        CHECK(payloads.find(one.id)->words == "alert #3");
        CHECK(payloads.find(one.id)->alerts == std::vector<std::int64_t>{3});
        CHECK(payloads.dead("", 10).empty());
    });
}

TEST_CASE("Dead letters that are too many are counted, and what was refused goes before what was said to be kept",
    "[storage][payloads]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Payloads payloads{tx};
        const auto added = [&](const std::string& source, std::vector<std::int64_t> alerts, std::size_t size = 10) {
            auto one = payload(source, stored::noon, PayloadState::unread);
            one.alerts = std::move(alerts);
            one.body = std::string(size, 'x');
            payloads.add(one);
            return one;
        };
        const auto first = added("broken", {7}), refused = added("broken", {});
        int dropped = 0;
        for (int i = 2; i < Payloads::most_dead; ++i)
            dropped += added("broken", {7}).dropped;
        CHECK(dropped == 0);
        CHECK(added("broken", {7}).dropped == 1);
        CHECK_FALSE(payloads.find(refused.id));
        CHECK(payloads.find(first.id));
        const auto newest = added("broken", {}); // it stays, too, though it was refused
        CHECK(newest.dropped == 1);
        CHECK(payloads.find(newest.id));
        CHECK_FALSE(payloads.find(first.id));

        // Large ones take more room, by number and by size.
        for (int i = 0; i < Payloads::most_large_dead; ++i)
            CHECK(added("many", {7}, Payloads::most_body + 1).dropped == 0);
        CHECK(added("many", {7}).dropped == 0);
        CHECK(added("many", {7}, Payloads::most_body + 1).dropped == 1);
        const auto whole = static_cast<std::size_t>(Payloads::most_large_dead_bytes) / Payloads::most_dead_body;
        for (std::size_t i = 0; i < whole; ++i)
            CHECK(added("large", {7}, Payloads::most_dead_body).dropped == 0);
        CHECK(added("large", {7}, Payloads::most_dead_body).dropped == 1);
        CHECK(payloads.dead("large", 100).size() == whole);
        CHECK(payloads.last("large", 1).front().whole);
    });
}
