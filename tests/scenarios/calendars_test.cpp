#include "catch.hpp"
#include "feeds/other_reader.hpp"
#include "scenarios/world.hpp"
#include "storage/calendar_addresses.hpp"
#include "storage/sql.hpp"

using namespace scenario;
using workspace::Json;

namespace {

/// A world that can be reached from outside.
struct OpenWorld : World {
    OpenWorld()
    {
        open_post_office();
        advance(2s); // who people are is known by now
    }
    std::string type(workspace::Person& person, const std::string& text)
    {
        const auto typed = person.command("/oncall", text, "#payments-alerts");
        advance(1s);
        CHECK(typed.error() == "");
        return slack().plain(person.last_ephemeral());
    }
    /// The address in what somebody was shown, without its host.
    static std::string path_in(const std::string& shown)
    {
        const auto begin = shown.find("/calendar/");
        return begin == shown.npos ? "" : shown.substr(begin, shown.find(".ics", begin) + 4 - begin);
    }
    net::Response read(const std::string& path, const std::string& etag = {}, const std::string& peer = "calendar app")
    {
        net::Request asked;
        asked.target = path;
        asked.peer = peer;
        if (!etag.empty())
            asked.headers.push_back({"If-None-Match", etag});
        return request(std::move(asked));
    }
    void put(milliseconds from, milliseconds to, const std::string& person)
    {
        write([&](storage::Transaction& tx) {
            storage::StoredOverride one;
            one.what = {.from = clock.now() + from, .to = clock.now() + to, .people = {person}};
            one.schedule = "payments";
            one.made_by = "cto";
            one.made_at = clock.now();
            storage::Overrides{tx}.add(one);
            return one.what.id;
        });
        put_in_force();
    }
};

} // namespace

TEST_CASE("A person's shifts are a calendar at an address of her own", "[scenarios][calendar][socket]")
{
    OpenWorld world;
    const auto shown = world.type(world.ana(), "calendar");
    INFO(shown);
    CHECK(has(shown, "https://oncall.example.com/calendar/"));
    const auto path = OpenWorld::path_in(shown);
    REQUIRE(path.size() == std::string{"/calendar/"}.size() + 40 + 4);
    // Asked again, it is the same.
    CHECK(OpenWorld::path_in(world.type(world.ana(), "calendar")) == path);
    CHECK(OpenWorld::path_in(world.type(world.bo(), "calendar")) != path);

    const auto got = world.read(path);
    CHECK(got.status == 200);
    CHECK(net::header(got.headers, "Content-Type") == "text/calendar; charset=utf-8");
    CHECK(has(std::string{net::header(got.headers, "Cache-Control")}, "private"));
    const auto read = tests::read_by_others(got.body);
    const auto& events = read["events"];
    REQUIRE(events.size() > 15); // every third week of thirteen months
    CHECK(read["name"] == "On call");
    for (const auto& event : events) {
        CHECK(event["title"] == "On call: payments");
        CHECK(event["sequence"] == 0);
    }
    // Ana's week of the sample; the month before is there as well, and a year ahead.
    CHECK(std::any_of(events.begin(), events.end(), [](const Json& event) {
        return event["start"] == "2026-11-02T08:00:00+00:00" && event["end"] == "2026-11-09T08:00:00+00:00";
    }));
    CHECK(events.front()["start"].get<std::string>() < "2026-10-20");
    CHECK(events.back()["start"].get<std::string>() > "2027-10-01");

    SECTION("the app that has it is told so; another day it is asked anew and nothing has changed")
    {
        const std::string etag{net::header(got.headers, "ETag")};
        const auto again = world.read(path, etag);
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        world.advance(1h);
        CHECK(world.read(path, etag).status == 304);
        CHECK(has(world.type(world.ana(), "calendar"), "An app read it last"));
    }
    SECTION("a shift that changes keeps its name and counts its changes")
    {
        const auto running = *std::find_if(
            events.begin(), events.end(), [](const Json& event) { return event["start"] == "2026-11-02T08:00:00+00:00"; });
        world.advance(1min);
        world.put(2 * 24h, 3 * 24h, "bo@example.com");
        const auto changed = tests::read_by_others(world.read(path).body)["events"];
        const auto same =
            std::find_if(changed.begin(), changed.end(), [&](const Json& event) { return event["uid"] == running["uid"]; });
        REQUIRE(same != changed.end());
        CHECK(has((*same)["end"].get<std::string>(), "2026-11-05T12:01:"));
        CHECK((*same)["sequence"] == 1);
        CHECK((*same)["changed"] != running["changed"]);
        CHECK(changed.size() == events.size() + 1); // her week goes on after it
    }
    SECTION("a new address is made by a button, and the old one is none at once")
    {
        const auto pressed = world.ana().click(world.ana().last_ephemeral(), "New address");
        world.advance(1s);
        CHECK(pressed.error() == "");
        const auto fresh = OpenWorld::path_in(world.slack().plain(world.ana().last_ephemeral()));
        CHECK(fresh != path);
        CHECK(world.read(path).status == 404);
        CHECK(world.read(fresh).status == 200);
    }
    SECTION("whoever has left has none")
    {
        world.write([&](storage::Transaction& tx) {
            storage::People{tx}.became(world.ana().id(), "gone");
            return true;
        });
        CHECK(world.read(path).status == 404);
    }
    SECTION("neither the log nor the database has the address")
    {
        const auto token = path.substr(10, 40);
        for (const auto& line : world.logged())
            CHECK_FALSE(has(line, token));
        const auto kept = world.look([](storage::Transaction& tx) {
            std::string all;
            for (storage::Query row{tx, "SELECT nonce || token_hash FROM calendar_addresses"}; row.step();)
                all += row.text();
            for (storage::Query row{tx, "SELECT body FROM outbox"}; row.step();)
                all += row.text();
            for (storage::Query row{tx, "SELECT subject || before || after FROM audit"}; row.step();)
                all += row.text();
            return all;
        });
        CHECK_FALSE(has(kept, token));
    }
}

TEST_CASE("A schedule's shifts are a calendar too, with everybody in it", "[scenarios][calendar][socket]")
{
    OpenWorld world;
    const auto path = OpenWorld::path_in(world.type(world.chi(), "calendar payments"));
    const auto got = world.read(path);
    REQUIRE(got.status == 200);
    const auto read = tests::read_by_others(got.body);
    CHECK(read["name"] == "On call: payments");
    std::set<std::string> titles;
    std::string last_end;
    for (const auto& event : read["events"]) {
        titles.insert(event["title"].get<std::string>());
        // Whole weeks: the first is not cut where the calendar begins, nor the last where it ends.
        CHECK((last_end.empty() || event["start"] >= last_end));
        last_end = event["end"].get<std::string>();
    }
    CHECK(titles.size() >= 3);
    CHECK(has(world.type(world.chi(), "calendar paymnts"), "Did you mean"));
    // The next day the same shifts have the same names.
    world.kill();
    world.clock.advance(24h);
    world.start();
    world.advance(1s);
    const auto next = tests::read_by_others(world.read(path).body);
    std::map<std::string, std::string> before;
    for (const auto& event : read["events"])
        before[event["start"].get<std::string>()] = event["uid"].get<std::string>();
    for (const auto& event : next["events"])
        if (const auto known = before.find(event["start"].get<std::string>()); known != before.end()) {
            CHECK(event["uid"] == known->second);
            CHECK(event["sequence"] == 0);
        }
}

TEST_CASE("A calendar's address that is none is 404, guessing is slowed, and so is an app that asks too often",
    "[scenarios][calendar][socket]")
{
    OpenWorld world;
    const auto path = OpenWorld::path_in(world.type(world.ana(), "calendar"));
    for (const std::string wrong : {"/calendar/", "/calendar/x.ics", "/calendar/../a.ics"})
        CHECK(world.read(wrong, {}, "somebody").status == 404);
    int slowed = 0;
    for (int i = 0; i < 40; ++i)
        slowed += world.read("/calendar/" + std::string(40, 'a') + ".ics", {}, "guesser").status == 429 ? 1 : 0;
    CHECK(slowed == 20);
    CHECK(world.read(path, {}, "guesser").status == 200);
    int served = 0;
    for (int i = 0; i < 40; ++i)
        served += world.read(path).status == 200 ? 1 : 0;
    CHECK(served == 29);
    world.advance(10min);
    CHECK(world.read(path).status == 200);
    net::Request post;
    post.method = "POST";
    post.target = path;
    CHECK(world.request(std::move(post)).status == 405);
}

TEST_CASE("Without a public address there is no calendar, and that is said", "[scenarios][calendar][socket]")
{
    World world;
    world.advance(2s);
    world.ana().command("/oncall", "calendar", "#payments-alerts");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "ONCALL_PUBLIC_URL"));
}
