#include "catch.hpp"
#include "storage/migrations.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"
#include "storage/unlocked.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <filesystem>

using namespace storage;

namespace {

using stored::noon;

struct Folder {
    std::filesystem::path path;
    Folder()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "oncall-storage-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file() const { return (path / "test.db").string(); }
};

struct OnThread {
    asio::io_context loop{1};
    std::unique_ptr<doors::Worker> worker{doors::system_thread()};
    std::unique_ptr<logging::Log> log{logging::silent()};
    Database database;

    explicit OnThread(const std::string& path)
        : database{path, {*worker, loop.get_executor(), *log}}
    {
    }

    template <class Work> static asio::awaitable<void> once(Database& on, Work work, std::exception_ptr& error)
    {
        try {
            co_await on.transaction(work);
        } catch (...) {
            error = std::current_exception();
        }
    }
    template <class Work> void operator()(Work work)
    {
        std::exception_ptr error;
        asio::co_spawn(loop, once(database, work, error), asio::detached);
        loop.restart();
        const auto guard = asio::make_work_guard(loop);
        bool over = false;
        auto wait = [](Database& on, bool& done) -> asio::awaitable<void> {
            auto nothing = [](Transaction&) {};
            co_await on.transaction(nothing);
            done = true;
        };
        asio::co_spawn(loop, wait(database, over), asio::detached);
        while (!over)
            loop.run_one();
        if (error)
            std::rethrow_exception(error);
    }
};

oncall::Alert an_alert(const std::string& key)
{
    oncall::Alert alert;
    alert.source = "s";
    alert.dedup_key = key;
    alert.title = "title \xF0\x9F\x94\xA5";
    alert.labels = {{"a", "b"}, {"quote\"", "back\\slash\n"}};
    alert.links = {{"https://x.test", "X"}};
    alert.triggered_at = noon;
    return alert;
}

} // namespace

TEST_CASE("What a transaction wrote is there after the file is opened again", "[storage]")
{
    const Folder folder;
    {
        OnThread db{folder.file()};
        db([](Transaction& tx) {
            auto alert = an_alert("k");
            Alerts{tx}.add(alert);
            CHECK(alert.id.value == 1);
            oncall::Page page;
            page.alert = alert.id;
            page.policy.name = "p";
            oncall::Level level;
            level.targets = {*oncall::target_in("schedule:x"), *oncall::target_in("user:a@b")};
            level.retries = 2;
            page.policy.levels = {level};
            page.due = noon;
            Pages{tx}.add(page);
        });
    }
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        const auto alert = Alerts{tx}.find({1});
        REQUIRE(alert);
        CHECK(alert->labels == an_alert("k").labels);
        CHECK(alert->title == an_alert("k").title);
        CHECK(alert->links.at(0).href == "https://x.test");
        CHECK(alert->triggered_at == noon);
        const auto page = Pages{tx}.latest({1});
        REQUIRE(page);
        CHECK(page->policy.levels.at(0).targets.at(1).name == "a@b");
        CHECK(page->policy.levels.at(0).retries == 2);
    });
}

TEST_CASE("A transaction that throws leaves nothing, and those beside it stay", "[storage]")
{
    const Folder folder;
    OnThread db{folder.file()};
    CHECK_THROWS_AS(db([](Transaction& tx) {
        auto alert = an_alert("gone");
        Alerts{tx}.add(alert);
        throw oncall::Refusal{"no"};
    }),
        oncall::Refusal);
    db([](Transaction& tx) { CHECK(Alerts{tx}.count_open() == 0); });
}

TEST_CASE("A save by somebody who read an older version is refused", "[storage]")
{
    const Folder folder;
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        auto first = an_alert("k");
        Alerts{tx}.add(first);
        auto second = *Alerts{tx}.find(first.id);
        Alerts{tx}.save(first);
        CHECK_THROWS_AS(Alerts{tx}.save(second), Conflict);
    });
}

TEST_CASE("A key is open once; after it was resolved it may open again", "[storage]")
{
    const Folder folder;
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        auto first = an_alert("k");
        Alerts{tx}.add(first);
        auto second = an_alert("k");
        CHECK_THROWS(Alerts{tx}.add(second));
        first.state = oncall::AlertState::resolved;
        Alerts{tx}.save(first);
        CHECK_FALSE(Alerts{tx}.open("s", "k"));
        Alerts{tx}.add(second);
        CHECK(Alerts{tx}.open("s", "k")->id == second.id);
    });
}

TEST_CASE("A second process cannot open the database beside the first", "[storage]")
{
    const Folder folder;
    const OnThread db{folder.file()};
    CHECK_THROWS_WITH(OnThread{folder.file()}, contains("another oncall-bot"));
}

TEST_CASE("A database that another process holds is waited for, three seconds and no longer", "[storage]")
{
    const Folder folder;
    auto holder = std::make_unique<OnThread>(folder.file());
    asio::io_context loop{1};
    doors::ManualClock clock{noon};
    const auto log = logging::silent();
    std::unique_ptr<OnThread> opened;
    std::exception_ptr failure;
    auto open = [&] { return std::make_unique<OnThread>(folder.file()); };
    asio::co_spawn(loop, unlocked(clock, *log, open), [&](std::exception_ptr error, std::unique_ptr<OnThread> got) {
        failure = error;
        opened = std::move(got);
    });
    const auto pass = [&](oncall::milliseconds time) {
        for (const auto end = clock.now() + time; clock.now() < end;) {
            clock.set(std::min(std::max(clock.next_due(), clock.now()), end));
            loop.restart();
            loop.poll();
        }
    };
    loop.poll();
    pass(lock_patience - oncall::milliseconds{100});
    CHECK_FALSE(opened);
    CHECK_FALSE(failure);
    SECTION("it comes free in time")
    {
        holder.reset();
        pass(oncall::milliseconds{100});
        CHECK(opened);
        CHECK_FALSE(failure);
    }
    SECTION("it does not")
    {
        pass(oncall::milliseconds{200});
        CHECK_FALSE(opened);
        REQUIRE(failure);
        CHECK_THROWS_AS(std::rethrow_exception(failure), Locked);
        CHECK(clock.next_due() == TimePoint::max());
    }
}

TEST_CASE("A database that cannot be opened for another reason is not waited for", "[storage]")
{
    asio::io_context loop{1};
    doors::ManualClock clock{noon};
    const auto log = logging::silent();
    std::exception_ptr failure;
    auto open = [] { return std::make_unique<OnThread>("/nowhere/test.db"); };
    asio::co_spawn(
        loop, unlocked(clock, *log, open), [&](std::exception_ptr error, const std::unique_ptr<OnThread>&) { failure = error; });
    loop.poll();
    REQUIRE(failure);
    CHECK_THROWS_WITH(std::rethrow_exception(failure), contains("/nowhere/test.db.lock"));
}

TEST_CASE("A migration's number is its place", "[storage]")
{
    std::size_t place = 0;
    for (const auto& migration : storage::migrations()) {
        auto number = std::to_string(++place);
        number.insert(0, 4 - number.size(), '0');
        CHECK(migration.name.starts_with(number + "_"));
    }
}

TEST_CASE("Binds are by number, not by first appearance", "[storage]")
{
    const Folder folder;
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        Query query{tx, "SELECT $2, $1", "one", "two"};
        REQUIRE(query.step());
        CHECK(query.text() == "two");
        CHECK(query.text() == "one");
    });
}

TEST_CASE("The outbox says a row once, and again when it was asked for while under way", "[storage]")
{
    const Folder folder;
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        const Outbox outbox{tx};
        outbox.add("card:1", "card", Priority::card, "#a", 1, "", noon);
        outbox.add("card:1", "card", Priority::card, "#a", 1, "", noon);
        outbox.add("dm:1", "dm", Priority::page, "U1", 1, "", noon);
        outbox.add("later", "dm", Priority::page, "U1", 2, "", noon + oncall::milliseconds{1});
        auto ready = outbox.ready(noon, {}, 10);
        REQUIRE(ready.size() == 2); // the page first, one of a kind, nothing before its time
        CHECK(ready[0].key == "dm:1");
        CHECK(ready[1].key == "card:1");
        CHECK(outbox.ready(noon, {"U1"}, 10).size() == 1);

        outbox.lease(ready[1].id);
        outbox.add("card:1", "card", Priority::card, "#a", 1, "", noon);
        outbox.done(ready[1]);
        REQUIRE(outbox.ready(noon, {}, 10).size() == 2);
        ready = outbox.ready(noon, {}, 10);
        outbox.lease(ready[1].id);
        outbox.done(ready[1]);
        CHECK(outbox.ready(noon, {}, 10).size() == 1);

        outbox.lease(ready[0].id);
        CHECK(outbox.ready(noon, {}, 10).empty());
        CHECK(outbox.recover() == 1);
        CHECK(outbox.ready(noon, {}, 10).at(0).ambiguous);
    });
}

TEST_CASE("A notification is planned once, and withdrawn only while it has not left", "[storage]")
{
    const Folder folder;
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        auto alert = an_alert("k");
        Alerts{tx}.add(alert);
        oncall::Page page;
        page.alert = alert.id;
        Pages{tx}.add(page);
        const auto plan = [&](const std::string& key) {
            oncall::Notification one;
            one.key = key;
            one.page = page.id;
            one.alert = alert.id;
            one.person = "U1" + key;
            one.planned_at = noon;
            if (Notifications{tx}.add(one))
                Outbox{tx}.add("notify:" + key, "dm", Priority::page, one.person, one.id.value, "", noon);
            return one;
        };
        const auto waiting = plan("a");
        const auto leaving = plan("b");
        CHECK(plan("a").id.value == 0);
        for (const auto& row : Outbox{tx}.ready(noon, {}, 10))
            if (row.subject == leaving.id.value)
                Outbox{tx}.lease(row.id);
        Notifications{tx}.withdraw(page.id);
        CHECK((Notifications{tx}.find(waiting.id)->state == oncall::NotificationState::cancelled));
        CHECK((Notifications{tx}.find(leaving.id)->state == oncall::NotificationState::planned));
        CHECK(Outbox{tx}.count() == 1);
    });
}

TEST_CASE("A delivery is first only once, also after a restart", "[storage]")
{
    const Folder folder;
    {
        OnThread db{folder.file()};
        db([](Transaction& tx) {
            CHECK(Inbox{tx}.first("e", noon));
            CHECK_FALSE(Inbox{tx}.first("e", noon));
        });
    }
    OnThread db{folder.file()};
    db([](Transaction& tx) {
        CHECK_FALSE(Inbox{tx}.first("e", noon));
        Inbox{tx}.forget_before(noon + oncall::milliseconds{1});
        CHECK(Inbox{tx}.first("e", noon));
    });
}
