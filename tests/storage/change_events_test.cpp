#include "storage/change_events.hpp"

#include "catch.hpp"
#include "handlers/change_events.hpp"
#include "storage/opened.hpp"
#include "storage/source_secrets.hpp"

using namespace std::chrono_literals;
using namespace storage;

namespace {

oncall::ChangeEvent build(const std::string& title, TimePoint at, const std::string& key = {})
{
    oncall::ChangeEvent change;
    change.source = "ci";
    change.service = "checkout";
    change.title = title;
    change.dedup_key = key;
    change.at = at;
    change.labels = {{"env", "prod"}};
    change.links = {{"https://ci.example.com/4711", "Build"}};
    return change;
}

std::string titles(const std::vector<oncall::ChangeEvent>& changes)
{
    std::string all;
    for (const auto& one : changes)
        all += (all.empty() ? "" : ", ") + one.title;
    return all;
}

} // namespace

TEST_CASE("Beside an alert stand the last change before it and those since, two at most", "[storage][changes]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const ChangeEvents all{tx};
        oncall::Alert alert;
        alert.service = "checkout";
        alert.triggered_at = stored::noon;
        const auto add = [&](const std::string& title, oncall::milliseconds from_noon) {
            auto change = build(title, stored::noon + from_noon);
            CHECK(all.add(change));
        };
        CHECK(titles(all.beside(alert)).empty());
        add("too old", -61min);
        CHECK(titles(all.beside(alert)).empty());
        add("old", -60min);
        CHECK(titles(all.beside(alert)) == "old");
        add("before", 0ms);
        CHECK(titles(all.beside(alert)) == "before");
        add("after", 1ms);
        add("later", 2h);
        CHECK(titles(all.beside(alert)) == "before, later");
        alert.triggered_at = stored::noon - 3h;
        CHECK(titles(all.beside(alert)) == "after, later"); // none before it
        alert.service = "ledger";
        CHECK(all.beside(alert).empty());
        alert.service.clear();
        CHECK(all.beside(alert).empty());
        return 0;
    });
}

TEST_CASE("A change that is told twice is one, and floods take no more than their room", "[storage][changes]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const ChangeEvents all{tx};
        auto one = build("build 1", stored::noon, "b1");
        CHECK(all.add(one));
        auto again = build("build 1", stored::noon + 5min, "b1");
        CHECK_FALSE(all.add(again));
        auto renamed = build("build 1: done", stored::noon + 6min, "b1");
        CHECK(all.add(renamed));
        const auto kept = all.of_service("checkout", 10);
        REQUIRE(kept.size() == 1);
        CHECK(kept[0].title == "build 1: done");
        CHECK(kept[0].at == stored::noon);
        CHECK(kept[0].labels.at("env") == "prod");
        CHECK(kept[0].links.at(0).href == "https://ci.example.com/4711");
        for (int i = 0; i < ChangeEvents::most_of_each + 20; ++i) {
            auto more = build("flood", stored::noon + 1h); // all of one moment
            CHECK(all.add(more));
        }
        CHECK(all.of_service("checkout", 5'000).size() == static_cast<std::size_t>(ChangeEvents::most_of_each));
        auto nowhere = build("nowhere", stored::noon, "n");
        nowhere.service.clear();
        CHECK(all.add(nowhere));
        CHECK(titles(all.of_source("ci", 10)) == "nowhere");
        all.tidy(stored::noon + ChangeEvents::kept_for);
        CHECK(all.of_source("ci", 10).size() == 1);
        all.tidy(stored::noon + ChangeEvents::kept_for + 1min);
        CHECK(all.of_source("ci", 10).empty());
        return 0;
    });
}

TEST_CASE("Without a key a change is known by when it was and what it says", "[storage][changes]")
{
    auto one = build("build 1", stored::noon);
    CHECK(handlers::change_key(one) == handlers::change_key(build("build 1", stored::noon)));
    CHECK(handlers::change_key(one) != handlers::change_key(build("build 2", stored::noon)));
    CHECK(handlers::change_key(one) != handlers::change_key(build("build 1", stored::noon + 1s)));
    CHECK(handlers::change_key(build("build 1", {})).empty()); // nobody says that it is the same
    CHECK(handlers::change_key(build("x", {}, "mine")) == "mine");
    const auto long_key = std::string(255, 'x');
    CHECK(handlers::change_key(build("x", {}, long_key)) == long_key);
    CHECK(handlers::change_key(build("x", {}, long_key + "1")) != handlers::change_key(build("x", {}, long_key + "2")));
    CHECK(handlers::change_key(build("x", {}, long_key + "1")).size() <= 255);
}

TEST_CASE("Signing secrets overlap for as long as was wanted, and go with their source", "[storage][secrets]")
{
    using Secrets = std::vector<std::string>;
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const SourceSecrets secrets{tx};
        secrets.save("a", "first-secret", stored::noon, 24h);
        CHECK(secrets.holding(stored::noon).at("a") == Secrets{"first-secret"});
        secrets.save("a", "second-secret", stored::noon + 1h, 24h);
        CHECK(secrets.holding(stored::noon + 2h).at("a") == Secrets{"second-secret", "first-secret"});
        CHECK(secrets.hashes().at("a") == sha256("second-secret"));
        CHECK(secrets.older_until("a", stored::noon + 2h) == stored::noon + 25h);
        CHECK(secrets.holding(stored::noon + 25h).at("a") == Secrets{"second-secret"});
        CHECK_FALSE(secrets.forget_before(stored::noon + 24h));
        CHECK(secrets.forget_before(stored::noon + 25h));
        // Back to the first: it stays.
        secrets.save("a", "first-secret", stored::noon + 26h, 24h);
        CHECK(secrets.holding(stored::noon + 26h).at("a") == Secrets{"first-secret", "second-secret"});
        CHECK(secrets.end_overlap("a", stored::noon + 27h));
        CHECK_FALSE(secrets.end_overlap("a", stored::noon + 27h));
        CHECK(secrets.holding(stored::noon + 27h).at("a") == Secrets{"first-secret"});
        secrets.save("a", "at-once-another", stored::noon + 28h, {});
        CHECK(secrets.holding(stored::noon + 28h).at("a") == Secrets{"at-once-another"});
        secrets.keep_only({"b"});
        CHECK(secrets.holding(stored::noon + 28h).empty());
        return 0;
    });
}
