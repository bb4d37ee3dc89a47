#include "blocks/kit.hpp"
#include "catch.hpp"
#include "delivery/preview.hpp"
#include "delivery/schedule_picture.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

#include <algorithm>

using namespace scenario;
using workspace::Json;

namespace {

delivery::SchedulePicture two_weeks(World& world)
{
    delivery::SchedulePicture wish;
    wish.schedule = "payments";
    wish.from = world.clock.now();
    wish.to = world.clock.now() + 14 * 24h;
    wish.place = world.channel().id();
    return wish;
}

void ask_picture(World& world, const std::string& key)
{
    const auto wish = two_weeks(world);
    world.write([&](storage::Transaction& tx) {
        delivery::add_picture(tx, key, wish, world.clock.now());
        return true;
    });
}

} // namespace

TEST_CASE("A schedule's picture comes with its words and buttons, as one message", "[scenarios][pictures][socket]")
{
    World world;
    ask_picture(world, "one");
    world.advance(5s);
    INFO(world.slack().story());
    REQUIRE(world.channel().messages().size() == 1);
    const auto message = world.channel().last();
    CHECK(shows_picture(message));
    const auto read = world.slack().plain(message);
    CHECK(has(read, "Schedule payments"));
    CHECK(has(read, "Who is on call by schedule payments, Tue 3 Nov 2026"));
    CHECK(has(read, "ana until Mon 9 Nov 2026 09:00; bo until"));
    CHECK(has(read, "[◀ Earlier] [Later ▶] [Override …]"));
    CHECK(has(message.text, "payments: Now:"));
    REQUIRE(world.slack().files().size() == 1);
    const auto file = world.slack().files().front();
    CHECK(file.name == "payments.png");
    CHECK(has(file.alt, "ana until Mon 9 Nov 2026 09:00"));
    CHECK(file.channels.empty());
    CHECK(has(file.bytes, "<svg"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Whatever a step of an upload comes to, there is one message, and its picture", "[scenarios][pictures][socket]")
{
    const auto step = GENERATE(
        as<std::string>{}, "files.getUploadURLExternal", "upload_url", "files.completeUploadExternal", "chat.postMessage");
    World world;
    auto& slack = world.slack();
    auto expected = std::size_t{1};
    const auto comes = [&](const std::string& key, doors::milliseconds within) {
        if (key != "429")
            ask_picture(world, key);
        world.advance(within);
        INFO(step << " " << key << "\n" << slack.story());
        REQUIRE(world.channel().messages().size() == expected);
        CHECK(shows_picture(world.channel().last()));
        ++expected;
    };
    slack.rate_limit(step, 7s);
    ask_picture(world, "429");
    world.advance(6s);
    CHECK(world.channel().messages().empty());
    comes("429", 9s);
    slack.fail_with_status(step, 503);
    comes("503", 10s);
    slack.act_then_status(step, 502);
    comes("502, and done", 20s);
    slack.hang(step);
    comes("silence", 60s);
    CHECK(slack.violations().empty());
}

TEST_CASE("A crash between the steps of an upload loses nothing and posts nothing twice", "[scenarios][pictures][socket]")
{
    World world;
    std::size_t asked = 0;
    const auto dies = [&](const std::string& when, const std::function<void(int)>& plan) {
        for (int nth = 1; nth <= 5; ++nth) {
            plan(nth);
            ask_picture(world, when + std::to_string(nth));
            ++asked;
            world.advance(5s);
            if (!world.running())
                world.start();
            world.doom = {};
            world.advance(30s);
            INFO(when << " " << nth << "\n" << world.slack().story());
            REQUIRE(world.channel().messages().size() == asked);
            CHECK(shows_picture(world.channel().last()));
        }
    };
    dies("commit", [&](int nth) { world.doom.commit = world.commits + 1 + nth; });
    dies("before", [&](int nth) { world.doom.before_send = world.sends + nth; });
    dies("after", [&](int nth) { world.doom.after_send = world.sends + nth; });
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Without a picture to be had, the words go alone, and that is logged once", "[scenarios][pictures][socket]")
{
    World world;
    const auto goes_without = [&](const std::string& why) {
        const auto before = world.channel().messages().size();
        ask_picture(world, why + "1");
        world.advance(2min);
        ask_picture(world, why + "2");
        world.advance(2min);
        INFO(why << "\n" << world.slack().story());
        REQUIRE(world.channel().messages().size() == before + 2);
        CHECK_FALSE(shows_picture(world.channel().last()));
        CHECK(has(world.slack().plain(world.channel().last()), "[◀ Earlier]"));
    };
    const auto complaints = [&] {
        return std::count_if(world.logged().begin(), world.logged().end(),
            [](const std::string& line) { return has(line, "a message goes without its picture"); });
    };
    world.easel.trouble = "rsvg-convert is not installed";
    goes_without("nothing draws");
    CHECK(complaints() == 1);
    world.easel.trouble.clear();
    world.slack().settings().scopes.erase("files:write");
    goes_without("no scope");
    CHECK(complaints() == 2);
    world.slack().settings().scopes.insert("files:write");
    world.slack().settings().file_takes = 10min;
    goes_without("never ready");
    world.slack().fail_with_status("upload_url", 503, 1'000);
    goes_without("nothing is taken");
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Words that are ready wait a minute for their picture, and no more", "[scenarios][pictures][socket]")
{
    World world;
    world.slack().rate_limit("files.getUploadURLExternal", 600s);
    ask_picture(world, "one");
    world.advance(50s);
    CHECK(world.channel().messages().empty());
    world.advance(15s);
    INFO(world.slack().story());
    REQUIRE(world.channel().messages().size() == 1);
    CHECK(has(world.slack().plain(world.channel().last()), "[◀ Earlier]"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A row that cannot be read holds up no page, and is told to operators", "[scenarios][pictures][socket]")
{
    World world;
    world.write([&](storage::Transaction& tx) {
        storage::Outbox{tx}.add("torn", "picture", storage::Priority::page, "torn", 0, "{", world.clock.now());
        return true;
    });
    world.alert("Checkout is down");
    world.settle();
    INFO(world.slack().story());
    CHECK(world.ana().dms().size() == 1);
    CHECK(std::count_if(world.logged().begin(), world.logged().end(), [](const std::string& line) {
        return has(line, "a message cannot be made");
    }) == 1);
    world.write([&](storage::Transaction& tx) {
        storage::Outbox{tx}.withdraw("torn");
        return true;
    });
    CHECK(world.slack().violations().empty());
}

TEST_CASE("No page waits for a picture", "[scenarios][pictures][socket]")
{
    World world;
    world.slack().hang("upload_url");
    ask_picture(world, "slow");
    world.settle();
    world.alert("Checkout is down");
    world.settle();
    INFO(world.slack().story());
    CHECK(world.ana().dms().size() == 1);
    REQUIRE(world.channel().messages().size() == 1);
    CHECK_FALSE(shows_picture(world.channel().last()));
    world.advance(1min);
    CHECK(shows_picture(world.channel().last()));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A form is there at once, and its picture a moment later", "[scenarios][pictures][socket]")
{
    World world;
    world.bo().command("/oncall", "override payments", "#payments-alerts");
    world.settle();
    REQUIRE(world.bo().modals() == 1);
    delivery::Preview preview;
    preview.view_id = world.bo().modal().id;
    preview.hash = world.bo().modal().json["hash"].get<std::string>();
    preview.view = blocks::kit::modal(
        "Override", "Save", "nothing.submit", {blocks::kit::section("Before and after"), delivery::picture_placeholder()});
    preview.svg = "<svg/>";
    preview.name = "preview.png";
    preview.alt = "Bo instead of Ana";
    const auto show = [&] {
        world.write([&](storage::Transaction& tx) {
            delivery::add_preview(tx, "one", preview, world.clock.now());
            return true;
        });
        world.advance(40s);
        return world.slack().plain(world.bo().modal());
    };
    SECTION("drawn and uploaded")
    {
        CHECK(has(show(), "Before and after\n(Bo instead of Ana)"));
        CHECK(world.bo().modal().json["blocks"][1]["type"] == "image");
    }
    SECTION("when there is none to be had, words stand in its place")
    {
        world.easel.trouble = "rsvg-convert is not installed";
        const auto read = show();
        CHECK(has(read, "Before and after\nBo instead of Ana"));
        CHECK_FALSE(has(read, "Drawing"));
    }
    SECTION("and soon when Slack takes no file")
    {
        world.slack().rate_limit("files.getUploadURLExternal", 600s);
        CHECK(has(show(), "Before and after\nBo instead of Ana"));
    }
    SECTION("or when there is too much to draw")
    {
        preview.svg.append(2 << 20, '"');
        CHECK(has(show(), "Before and after\nBo instead of Ana"));
    }
    SECTION("a form that has changed since is left alone")
    {
        preview.hash = "1.stale";
        CHECK_FALSE(has(show(), "Before and after"));
    }
    CHECK(world.slack().violations().empty());
}
