#include "blocks/say.hpp"
#include "catch.hpp"
#include "handlers/slack.hpp"
#include "oncall/command_verbs.hpp"
#include "scenarios/sees.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

using storage::Transaction;

/// What the bot has written in a direct message since `before`.
std::string answer_in_dm(World& world, workspace::Person& person, const std::string& words)
{
    const auto before = person.dms().size();
    for (const auto& told : person.say_to_bot(words))
        CHECK(told.error() == "");
    world.advance(2s);
    std::string said;
    const auto all = person.dms();
    for (auto at = before; at < all.size(); ++at)
        if (all[at].user == world.slack().bot_user())
            said += world.slack().plain(all[at]) + "\n";
    return said;
}

/// The bot's answers in the thread of a message that mentions it.
std::vector<workspace::Message> answers_in_thread(World& world, workspace::Person& person, const std::string& words)
{
    person.say("#payments-alerts", words);
    const auto said = world.channel().last();
    world.advance(2s);
    return world.channel().thread(said);
}

oncall::AlertState state_of(World& world, std::int64_t id)
{
    return world.look([id](Transaction& tx) { return storage::Alerts{tx}.find(oncall::AlertId{id}).value().state; });
}

workspace::Json message_event(World& world, const std::string& type, const std::string& channel, const std::string& text)
{
    const auto ts = std::to_string(std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch().count());
    workspace::Json event{{"type", type}, {"channel", channel}, {"user", world.bo().id()}, {"text", text}, {"ts", ts + ".000900"},
        {"event_ts", ts + ".000900"}, {"team", world.slack().team_id()}};
    if (type == "message")
        event["channel_type"] = "im";
    return event;
}

} // namespace

TEST_CASE("A sentence does what its command does", "[scenarios][speech]")
{
    World world;
    world.advance(2s); // who people are is known by now
    CHECK(has(type(world, world.bo(), "who is on call for payments?"), "ana until"));
    CHECK(has(type(world, world.bo(), "who is on payments next week"), "bo"));
    CHECK(has(type(world, world.bo(), "who was on call last night"), "ana"));
    CHECK(has(type(world, world.bo(), "who is on paymnts"), "Did you mean `/oncall who payments`?"));
    CHECK(has(type(world, world.ana(), "can someone cover me friday 6-10pm please"), "Asked who takes"));
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(has(type(world, world.ana(), "i have 1"), "You have #1"));
    const auto snoozed = type(world, world.ana(), "snooze 1 until tomorrow morning");
    INFO(snoozed);
    CHECK(has(snoozed, "Snoozed #1"));
    CHECK(has(snoozed, " until "));
    const auto until = world.look([](Transaction& tx) { return storage::Alerts{tx}.find(oncall::AlertId{1})->snoozed_until; });
    CHECK(until == oncall::to_instant(*oncall::local_time_in("2026-11-04T08:00"), "Europe/Berlin"));
    CHECK(has(type(world, world.bo(), "scedule payments"), "Did you mean `/oncall schedule payments`?"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Who puts themselves on call and says all of it is, at once; the rest is a form's", "[scenarios][speech]")
{
    World world;
    world.advance(2s);
    auto& bo = world.bo();
    const auto on_call = [&] { return type(world, world.chi(), "who"); };
    SECTION("typed, and undone")
    {
        const auto done = type(world, bo, "put me on payments for 30 minutes because ana is at the dentist's");
        INFO(done);
        CHECK(bo.modals() == 0);
        CHECK(has(done, "Done: you are on call by schedule payments"));
        CHECK(has(done, "Nov 3, 2026 at 12:30 UTC, instead of ana."));
        CHECK(has(on_call(), "bo until"));
        CHECK(has(world.slack().plain(world.ana().last_dm()), "You are not on call"));
        CHECK(has(world.slack().plain(world.ana().last_dm()), "Reason: ana is at the dentist's"));
        bo.click(bo.last_ephemeral(), "Undo");
        world.advance(2s);
        CHECK(has(world.slack().plain(bo.last_ephemeral()), "Undone"));
        CHECK(has(on_call(), "ana until"));
    }
    SECTION("said to the bot, until it is over")
    {
        const auto done = answer_in_dm(world, bo, "put me on payments for 30 minutes");
        INFO(done);
        CHECK(has(done, "Done: you are on call by schedule payments"));
        CHECK(has(done, "[Undo]"));
        CHECK(has(on_call(), "bo until"));
        world.advance(31min);
        CHECK(has(on_call(), "ana until"));
    }
    SECTION("asked, not said")
    {
        CHECK(has(answer_in_dm(world, bo, "put me on payments for 30 minutes?"), "Nothing was done."));
        CHECK(has(on_call(), "ana until"));
        bo.click(bo.last_dm(), "Yes, override");
        world.advance(2s);
        CHECK(has(on_call(), "bo until"));
    }
    SECTION("its end is left open")
    {
        bo.command("/oncall", "put me on payments", "#payments-alerts");
        world.advance(1s);
        CHECK(bo.modals() == 1);
        CHECK(has(on_call(), "ana until"));
    }
    SECTION("somebody else: the form comes filled in")
    {
        bo.command("/oncall", "put @chi on payments for 30 minutes", "#payments-alerts");
        world.advance(1s);
        REQUIRE(bo.modals() == 1);
        const auto values = bo.modal().json["state"]["values"];
        CHECK(values["override.schedule"]["override.schedule"]["selected_option"]["value"] == "payments");
        CHECK(values["override.people"]["override.people"]["selected_users"] == workspace::Json::array({world.chi().id()}));
        CHECK(values["override.to"]["override.to"]["selected_date_time"].get<std::int64_t>()
                - values["override.from"]["override.from"]["selected_date_time"].get<std::int64_t>()
            == 30 * 60);
        CHECK(has(on_call(), "ana until"));
        bo.submit();
        world.advance(1s);
        CHECK(has(on_call(), "chi until"));
    }
    SECTION("who may not")
    {
        auto& dee = world.slack().person("dee");
        type(world, dee, "help"); // who has not been met is asked for first
        world.advance(2s);
        const auto no = type(world, dee, "put me on payments for 30 minutes");
        INFO(no);
        CHECK(has(no, "Only those who share schedule payments"));
        CHECK(has(on_call(), "ana until"));
    }
    SECTION("two are on call: whose place it is, is chosen in the form")
    {
        auto configuration = sample_configuration();
        configuration.schedules["payments"].rotations[0].turns[0].push_back("chi@example.com");
        World both{configuration};
        both.advance(2s);
        both.bo().command("/oncall", "put me on payments for 30 minutes", "#payments-alerts");
        both.advance(1s);
        CHECK(both.bo().modals() == 1);
        CHECK(has(type(both, both.cto(), "who"), "ana"));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Times are those of whoever says them, and a button's those of whoever was asked", "[scenarios][speech]")
{
    World world;
    world.slack().move("bo", "America/New_York");
    world.alert("Checkout is down");
    world.advance(2s);
    const auto until = [&] {
        return world.look([](Transaction& tx) { return storage::Alerts{tx}.find(oncall::AlertId{1})->snoozed_until; });
    };
    const auto there = [](const char* local) { return oncall::to_instant(*oncall::local_time_in(local), "America/New_York"); };
    CHECK(has(type(world, world.bo(), "snooze 1 until 18:00"), "Snoozed #1"));
    CHECK(until() == there("2026-11-03T18:00"));

    // Ana, in Berlin, is asked back, and he presses.
    const auto asked = answers_in_thread(world, world.ana(), "@bot snooze 1 until monday 9?");
    INFO(world.slack().story());
    REQUIRE(asked.size() == 1);
    world.bo().click(asked.front(), "Yes, snooze #1");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Its times would be those of your clock"));
    CHECK(until() == there("2026-11-03T18:00"));
    world.bo().click(world.bo().last_ephemeral(), "Do it now");
    world.advance(2s);
    CHECK(until() == there("2026-11-09T09:00"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What may mean two things is asked back with buttons, and a press is as if typed by its presser", "[scenarios][speech]")
{
    World world;
    world.advance(2s);
    const auto asked = type(world, world.ana(), "cover me next friday");
    INFO(asked);
    CHECK(has(asked, "When do you mean?"));
    CHECK(has(asked, "/oncall cover 2026-11-06"));
    world.ana().click(world.ana().last_ephemeral(), "Fri 6 Nov 00:00 – Sat 7 Nov 00:00");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "Asked who takes"));

    // A name of a service that is another team's as well.
    auto configuration = sample_configuration();
    configuration.teams["ledger"] = {.name = "ledger", .members = {"bo@example.com"}};
    World two{configuration};
    two.advance(2s);
    const auto whom = type(two, two.ana(), "page ledger: it is stuck");
    INFO(whom);
    CHECK(has(whom, "Nobody was paged"));
    CHECK(two.look([](Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 0);
    two.slack().deliver_twice("interactive", 1);
    two.ana().click(two.ana().last_ephemeral(), "Page team ledger");
    two.advance(2s);
    CHECK(has(two.slack().plain(two.ana().last_ephemeral()), "Paging now: #1 it is stuck"));
    CHECK(two.look([](Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 1);
    CHECK(pages_to(two.bo()) == 1);
    CHECK(two.slack().violations().empty());
}

TEST_CASE("A mention is answered in its thread and a direct message where it was written, once", "[scenarios][speech]")
{
    World world;
    world.advance(2s);
    const auto answers = answers_in_thread(world, world.bo(), "hey @bot who is on payments?");
    INFO(world.slack().story());
    REQUIRE(answers.size() == 1);
    CHECK(has(world.slack().plain(answers.front()), "ana until"));
    CHECK(has(answer_in_dm(world, world.bo(), "who is on call tomorrow"), "ana"));
    CHECK(answers_in_thread(world, world.bo(), "thanks @bot!").empty());

    // The same message by two events, and again.
    const auto before = world.bo().dms().size();
    const auto event = message_event(world, "message", world.bo().dms().front().channel, "help");
    world.slack().send_event(event, "message.im");
    world.slack().send_event(event, "message.im");
    world.advance(3s);
    CHECK(world.bo().dms().size() == before + 1);

    // What changes something does it once, and says so.
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(has(answer_in_dm(world, world.bo(), "ack"), "Which alert?"));
    CHECK(state_of(world, 1) == oncall::AlertState::triggered);
    world.bo().click(world.bo().last_dm(), "ack #1 Checkout is down");
    world.advance(2s);
    CHECK(state_of(world, 1) == oncall::AlertState::acknowledged);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "You have #1"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("In the thread of a page its number need not be said", "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    const auto page = world.ana().last_dm();
    world.ana().say({}, "ack", page.ts);
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(state_of(world, 1) == oncall::AlertState::acknowledged);
    const auto card = world.channel().messages().front();
    world.ana().say("#payments-alerts", "@bot resolve it please", card.ts);
    world.advance(2s);
    CHECK(state_of(world, 1) == oncall::AlertState::resolved);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What is hers alone stays out of a thread, and what needs a form comes by a button", "[scenarios][speech]")
{
    World world;
    world.advance(2s);
    const auto answers = answers_in_thread(world, world.bo(), "@bot how am i reached");
    INFO(world.slack().story());
    REQUIRE(answers.size() == 1);
    CHECK(has(world.slack().plain(answers.front()), "I answered you in a direct message."));
    CHECK(has(world.slack().plain(world.bo().last_dm()), "[Open it]"));
    world.bo().click(world.bo().last_dm(), "Open it");
    world.advance(1s);
    CHECK(world.bo().modals() == 1);
    world.bo().close_all();
    const auto form = answers_in_thread(world, world.bo(), "@bot page @chi");
    REQUIRE(form.size() == 1);
    CHECK(has(world.slack().plain(form.front()), "That needs a form."));
    world.ana().click(form.front(), "Open it"); // whoever presses says it
    world.advance(1s);
    CHECK(world.ana().modals() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Bots, edits, joins and strangers are not heard", "[scenarios][speech]")
{
    World world;
    world.advance(2s);
    const auto channel = world.channel().id();
    const auto posts = [&] { return world.slack().calls("chat.postMessage").size(); };
    const auto before = posts();
    const auto mention = "<@" + world.slack().bot_user() + "> who";
    for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
             {"subtype", "bot_message"}, {"subtype", "message_changed"}, {"subtype", "channel_join"}, {"bot_id", "B0OTHER"}}) {
        auto event = message_event(world, "app_mention", channel, mention);
        event[key] = value;
        world.slack().send_event(event, "app_mention");
    }
    auto in_channel = message_event(world, "message", channel, mention);
    in_channel["channel_type"] = "channel";
    world.slack().send_event(in_channel);
    world.advance(3s);
    CHECK(posts() == before);
    auto stranger = message_event(world, "app_mention", channel, mention);
    stranger["user"] = "U0STRANGE1";
    stranger["user_team"] = "T0ELSEWHERE";
    world.slack().send_event(stranger, "app_mention");
    world.advance(3s);
    REQUIRE(posts() == before + 1);
    CHECK(has(world.slack().calls("chat.postMessage").back().arguments.dump(), "Only members of this workspace"));
}

TEST_CASE("What comes late does nothing until it is wanted again", "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto event = message_event(world, "message", world.ana().last_dm().channel, "ack 1");
    event["user"] = world.ana().id();
    world.advance(6min);
    world.slack().send_event(event, "message.im");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(state_of(world, 1) == oncall::AlertState::triggered);
    CHECK(has(world.slack().calls("chat.postMessage").back().arguments.dump(), "Do it now"));
}

TEST_CASE("Named in passing, or asked, nothing is done until somebody presses, and then the question says who did",
    "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    const auto card = world.channel().messages().front();
    world.ana().say("#payments-alerts", "@bot resolved?", card.ts);
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(state_of(world, 1) == oncall::AlertState::triggered);
    const auto asked = world.channel().thread(card).back();
    CHECK(has(world.slack().plain(asked), "Nothing was done."));
    world.bo().click(asked, "Yes, resolve #1");
    world.advance(2s);
    CHECK(state_of(world, 1) == oncall::AlertState::resolved);
    std::string thread;
    for (const auto& one : world.channel().thread(card))
        thread += world.slack().plain(one) + "\n";
    CHECK(has(thread, "said `/oncall resolve 1`"));
    CHECK_FALSE(has(thread, "[Yes, resolve #1]"));

    // By what people are reached is told aside.
    const auto paged = answers_in_thread(world, world.ana(), "@bot page @bo: the till burns");
    REQUIRE(paged.size() == 1);
    CHECK(has(world.slack().plain(paged.front()), "Paging now"));
    CHECK_FALSE(has(world.slack().plain(paged.front()), "not on call"));
    CHECK(has(world.slack().plain(world.ana().last_dm()), "not on call"));

    const auto passing = answers_in_thread(world, world.bo(), "I told @bot to ack it, and it did");
    CHECK(passing.empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Another button of a question that was answered does nothing, and says so", "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.alert("The disk is full", "disk");
    world.advance(2s);
    CHECK(has(answer_in_dm(world, world.bo(), "ack"), "Which alert?"));
    const auto asked = world.bo().last_dm();
    world.bo().click(asked, "ack #1 Checkout is down");
    world.advance(2s);
    world.bo().click_as_seen(asked, "ack #2 The disk is full");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(state_of(world, 1) == oncall::AlertState::acknowledged);
    CHECK(state_of(world, 2) == oncall::AlertState::triggered);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Nothing more was done."));
    world.bo().click(world.bo().last_ephemeral(), "Do it as well");
    world.advance(2s);
    CHECK(state_of(world, 2) == oncall::AlertState::acknowledged);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Of two buttons of one question that are pressed at once one is done", "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.alert("The disk is full", "disk");
    world.advance(2s);
    CHECK(has(answer_in_dm(world, world.bo(), "ack"), "Which alert?"));
    const auto asked = world.bo().last_dm();
    world.database_takes = 20ms; // both are on their way before either is looked at
    world.bo().click(asked, "ack #1 Checkout is down");
    world.bo().click(asked, "ack #2 The disk is full");
    world.advance(3s);
    world.database_takes = {};
    world.advance(1s);
    INFO(world.slack().story());
    const bool first = state_of(world, 1) == oncall::AlertState::acknowledged;
    const bool second = state_of(world, 2) == oncall::AlertState::acknowledged;
    CHECK(first != second);
    const auto told = world.bo().ephemerals();
    const auto other = std::find_if(told.begin(), told.end(), [&](const workspace::Message& one) {
        return has(world.slack().plain(one), "Another button of that was pressed just now. Nothing more was done.");
    });
    REQUIRE(other != told.end());
    world.bo().click(*other, "Do it as well");
    world.advance(2s);
    CHECK(state_of(world, 1) == state_of(world, 2));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A button tapped twice does its command once", "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    type(world, world.bo(), "note 1? the till is dead");
    const auto asked = world.bo().last_ephemeral();
    world.bo().click(asked, "Yes, note #1");
    world.advance(2s);
    world.bo().click_as_seen(asked, "Yes, note #1");
    world.advance(2s);
    INFO(world.slack().story());
    const auto told = world.look([](Transaction& tx) { return storage::Timeline{tx}.of_alert(oncall::AlertId{1}); });
    CHECK(std::count_if(told.begin(), told.end(), [](const auto& entry) { return has(entry.text, "the till is dead"); }) == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A button is old after an hour, and asks again", "[scenarios][speech]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(has(answer_in_dm(world, world.ana(), "1 is fixed?"), "Nothing was done."));
    const auto asked = world.ana().last_dm();
    world.advance(2h);
    world.ana().click(asked, "Yes, resolve #1");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(state_of(world, 1) != oncall::AlertState::resolved);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "That was asked a while ago"));
    world.ana().click(world.ana().last_ephemeral(), "Do it now");
    world.advance(2s);
    CHECK(state_of(world, 1) == oncall::AlertState::resolved);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Where a mention cannot be answered its writer is, and nobody else hears of it", "[scenarios][speech]")
{
    World world;
    world.slack().add_channel("news", {.members = {"bo"}, .bot = true, .read_only = true});
    world.advance(2s);
    const auto before = world.fallback().messages().size();
    world.bo().say("#news", "@bot who is on payments?");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.bo().last_dm()), "ana until"));
    CHECK(world.fallback().messages().size() == before);
}

TEST_CASE("A picture or a copy in the channel does not hide what is written to us", "[scenarios][speech]")
{
    World world;
    world.advance(2s);
    const auto posts = [&] { return world.slack().calls("chat.postMessage").size(); };
    for (const std::string subtype : {"file_share", "thread_broadcast"}) {
        const auto before = posts();
        auto event = message_event(world, "app_mention", world.channel().id(), "<@" + world.slack().bot_user() + "> who");
        event["subtype"] = subtype;
        world.slack().send_event(event, "app_mention");
        world.advance(3s);
        INFO(subtype);
        CHECK(posts() == before + 1);
    }
}

TEST_CASE("A button's value says when and on whose clock it was asked", "[blocks][speech]")
{
    const blocks::SayAsked asked{oncall::TimePoint{1'800'000'000s}, "Europe/Berlin", true};
    const auto [read, command] = blocks::say_value_in(blocks::say_value(asked, "snooze 42 until 2026-11-09 09:00"));
    CHECK(read.at == asked.at);
    CHECK(read.zone == asked.zone);
    CHECK(read.shared);
    CHECK(command == "snooze 42 until 2026-11-09 09:00");
    CHECK(blocks::names_wall_time(command));
    CHECK(blocks::names_wall_time("away 2026-12-24"));
    CHECK_FALSE(blocks::names_wall_time("snooze 42 30m"));
    CHECK_FALSE(blocks::names_wall_time("page team:db: it is down"));
    CHECK(blocks::say_value_in("ack 42").first.at == oncall::TimePoint{});
    CHECK(blocks::say_value_in("1 x\nack 42").second == "1 x\nack 42");
}

TEST_CASE("Every verb of the table has a handler, and every handler a verb", "[handlers][grammar]")
{
    std::set<std::string_view> routed, named;
    for (const auto word : handlers::routed_words())
        routed.insert(word);
    for (const auto& verb : oncall::command_verbs())
        named.insert(verb.word);
    CHECK(routed == named);
}
