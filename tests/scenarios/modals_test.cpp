#include "blocks/loading.hpp"
#include "catch.hpp"
#include "handlers/opening.hpp"
#include "handlers/slack.hpp"
#include "oncall/grammar.hpp"
#include "oncall/words.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

/// What she looks at while the database is busy, and then.
struct Opened {
    std::string first{};
    std::string then{};
};

Opened open_slowly(World& world, workspace::Person& person, const std::function<workspace::Delivery()>& act)
{
    const auto depth = person.modals();
    world.database_takes = 1'600ms;
    const auto acted = act();
    world.advance(1'200ms);
    Opened opened;
    INFO(world.slack().story());
    REQUIRE(person.modals() > 0);
    opened.first = modal(world, person);
    world.advance(4s);
    world.database_takes = {};
    world.advance(4s);
    CHECK(acted.error() == ""); // answered within Slack's three seconds
    REQUIRE(person.modals() == std::max<std::size_t>(depth, 1) + (depth > 0 ? 1 : 0));
    CHECK(person.modal().title != "One moment");
    opened.then = modal(world, person);
    return opened;
}

std::vector<std::string> logged_of_forms(const World& world)
{
    std::vector<std::string> lines;
    for (const auto& line : world.logged())
        if (has(line, "a form could not"))
            lines.push_back(line);
    return lines;
}

std::string titles_of_notes(World& world)
{
    return world.look([](storage::Transaction& tx) {
        std::string all;
        for (const auto& entry : storage::Timeline{tx}.of_alert({1}))
            if (has(entry.text, "noted"))
                all += entry.actor + " " + entry.text + " · " + entry.via + "\n";
        return all;
    });
}

/// A message of somebody in the thread of the alert's card.
workspace::Message said_in_thread(World& world, workspace::Person& person, const std::string& text)
{
    const auto card = world.channel().messages().front();
    person.say("#payments-alerts", text, card.ts);
    world.advance(2s);
    for (const auto& reply : world.channel().thread(card))
        if (reply.user == person.id())
            return reply;
    FAIL("it is not there");
    return {};
}

asio::awaitable<bool> open_what_breaks(handlers::Context& app, std::string person)
{
    handlers::Opening opening;
    opening.trigger_id = "1.2.none";
    opening.person = std::move(person);
    opening.instead = "`/oncall settings` once more";
    opening.alone = true;
    handlers::MakeForm make = [](storage::Transaction&) -> slack::View { throw std::runtime_error{"the disk"}; };
    auto opened = handlers::open_made_form(std::move(make), std::move(opening), app);
    co_await std::move(opened);
    co_return true;
}

/// Something that is heard late and then refused with these words; Slack opens nothing for it.
asio::awaitable<bool> refuse_late(handlers::Context& app, std::string no)
{
    handlers::Opening opening;
    opening.trigger_id = "1.2.none";
    opening.response_url = "https://hooks.slack.com/commands/none";
    opening.came = app.clock.now() - 2s;
    handlers::Hear hear = [&app]() -> asio::awaitable<void> { co_await app.clock.pause(1s); };
    handlers::AnswerBy answer = [no](std::string) -> asio::awaitable<slack::Json> {
        throw oncall::Refusal{no};
        co_return slack::Json{};
    };
    auto answered = handlers::answer_when_heard(std::move(hear), std::move(answer), std::move(opening), "late", app);
    co_await std::move(answered);
    co_return true;
}

} // namespace

TEST_CASE("While the database is busy each form says \"Loading…\" in time, and then is what it is", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto& ana = world.ana();
    const auto typed = [&](const std::string& words) {
        return open_slowly(world, ana, [&] { return ana.command("/oncall", words, "#payments-alerts"); });
    };
    const std::vector<std::pair<std::string, std::string>> words{{"page", "Or whoever answers for"}, {"note", "Note"},
        {"reassign", "Whom"}, {"add", "Whom"}, {"snooze", "Or until"}, {"override", "Who is on call then"},
        {"cover", "Your time on call"}, {"away", "If you are on call then"}, {"handoff", ""},
        {"reminders", "Remind me of my shifts"}, {"contact", "Slack"}, {"rules", "The first rule whose time it is holds"},
        {"swap", "For theirs"}, {"take", "Whose shift"}, {"source", "Add a source…"}};
    const auto listed = world.slack().calls("conversations.list").size();
    for (const auto& [word, shows] : words) {
        INFO(word);
        const auto opened = typed(word);
        INFO(opened.then);
        CHECK(has(opened.first, "Loading…"));
        CHECK(has(opened.first, "close it and try again, or write"));
        CHECK(has(opened.then, shows));
        CHECK_FALSE(has(opened.then, "Loading…"));
        ana.close_all();
        world.settle();
    }
    // What is in force already is shown without asking the database.
    world.database_takes = 1'600ms;
    ana.command("/oncall", "settings", "#payments-alerts");
    world.settle();
    REQUIRE(ana.modals() == 1);
    CHECK_FALSE(has(modal(world, ana), "Loading…"));
    world.database_takes = {};
    world.advance(4s);
    CHECK(world.slack().calls("conversations.list").size() == listed); // no form lists channels
    CHECK(logged_of_forms(world).empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A form whose words are understood by names opens within its trigger's time, too", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto& ana = world.ana();
    for (const auto* words : {"note 1", "page payments", "override payments"}) {
        INFO(words);
        world.database_takes = 1'600ms;
        ana.command("/oncall", words, "#payments-alerts");
        world.advance(1'800ms); // the names are there, and the second is over
        REQUIRE(ana.modals() == 1);
        CHECK(has(modal(world, ana), "Loading…"));
        world.advance(4s);
        world.database_takes = {};
        world.advance(4s);
        REQUIRE(ana.modals() == 1);
        CHECK_FALSE(has(modal(world, ana), "Loading…"));
        ana.close_all();
        world.settle();
    }
    CHECK(logged_of_forms(world).empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A database that takes longer than a trigger lives loses no form", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto& ana = world.ana();
    const std::vector<std::pair<std::string, std::string>> words{{"note 1", "Note"}, {"page payments", "Or whoever answers for"},
        {"override payments @bo 4h", "Who is on call then"}, {"schedule edit payments", "payments"},
        {"note 99", "There is no such alert"}};
    for (const auto& [typed, shows] : words) {
        INFO(typed);
        world.database_takes = 3'500ms;
        const auto acted = ana.command("/oncall", typed, "#payments-alerts");
        world.advance(1'200ms);
        REQUIRE(ana.modals() == 1);
        CHECK(has(modal(world, ana), "Loading…"));
        world.advance(9s);
        world.database_takes = {};
        world.advance(4s);
        INFO(world.slack().story());
        CHECK(acted.error() == ""); // answered within Slack's three seconds
        REQUIRE(ana.modals() == 1);
        CHECK_FALSE(has(modal(world, ana), "Loading…"));
        CHECK(has(modal(world, ana), shows));
        ana.close_all();
        world.settle();
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What is understood late is answered where it was asked when Slack opens nothing", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto& ana = world.ana();
    for (const std::string typed : {"page nosuch thing", "page payments down"})
        for (const bool hangs : {false, true}) {
            INFO(typed << " " << hangs);
            const auto before = ana.ephemerals().size();
            world.database_takes = 1'600ms;
            if (hangs)
                world.slack().hang("views.open");
            else
                world.slack().fail_with("views.open", "expired_trigger_id");
            const auto acted = ana.command("/oncall", typed, "#payments-alerts");
            world.advance(5s);
            world.database_takes = {};
            world.advance(20s);
            INFO(world.slack().story());
            CHECK(acted.error() == ""); // answered within Slack's three seconds
            CHECK(ana.modals() == 0);
            REQUIRE(ana.ephemerals().size() == before + 1);
            const auto said = world.slack().plain(ana.last_ephemeral());
            CHECK_FALSE(has(said, "did not let me open"));
            CHECK(has(said, "nosuch") == (typed == "page nosuch thing"));
        }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What is not understood within a minute is not waited for, and not done", "[scenarios][modals]")
{
    World world;
    world.advance(2s);
    auto& ana = world.ana();
    world.database_takes = 70s;
    ana.command("/oncall", "page payments down", "#payments-alerts");
    world.advance(1'200ms);
    REQUIRE(ana.modals() == 1);
    CHECK(has(modal(world, ana), "Loading…"));
    CHECK(world.app().under_way() > 0); // Slack has its answer, and ana has none: whoever ends the service gives it a moment
    world.advance(62s);
    CHECK(world.app().under_way() == 0);
    CHECK(has(modal(world, ana), "I have stopped waiting. Close this and try again, or write"));
    world.database_takes = {};
    world.advance(30s);
    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(10).size(); }) == 0);
}

TEST_CASE("An answer that cannot be given where it was asked stands in the view", "[handlers][modals]")
{
    auto said = slack::body(blocks::words("You have #1."));
    CHECK(has(blocks::answered_here(said).dump(), "You have #1."));
    CHECK(has(blocks::answered_here(slack::Json::object()).dump(), "where you wrote it"));
}

TEST_CASE("A late refusal calls people what everybody calls them", "[scenarios][modals]")
{
    World world;
    world.advance(2s);
    const auto no = oncall::mention(world.bo().id()) + " has it.";
    const auto names = world.look([](storage::Transaction& tx) { return storage::People{tx}.names(); });
    REQUIRE(names.contains(world.bo().id()));
    CHECK(world.on_the_bot<bool>([&] { return refuse_late(world.app().context(), no); }));
    world.advance(2s);
    std::string said;
    for (const auto& call : world.slack().calls("response_url"))
        said += call.arguments.dump();
    INFO(said);
    CHECK(has(said, slack::body(blocks::words(no, names))["text"].get<std::string>()));
}

TEST_CASE("Buttons, shortcuts and what lies on a form wait in sight, too", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto& bo = world.bo();
    SECTION("a card's menu")
    {
        const auto opened = open_slowly(world, bo, [&] { return bo.choose(world.channel().last(), "Snooze", "Until …"); });
        CHECK(has(opened.first, "Loading…"));
        CHECK(has(opened.then, "Or until"));
    }
    SECTION("a shortcut")
    {
        const auto opened = open_slowly(world, bo, [&] { return bo.shortcut("page_global"); });
        CHECK(has(opened.first, "Loading…"));
        CHECK(has(opened.then, "Or whoever answers for"));
    }
    SECTION("a form of the settings")
    {
        bo.command("/oncall", "settings teams", "#payments-alerts");
        world.settle();
        REQUIRE(bo.modals() == 1);
        const auto opened = open_slowly(world, bo, [&] { return bo.click_modal("New team…"); });
        CHECK(has(opened.first, "Loading…"));
        CHECK(has(opened.then, "User group:"));
        CHECK(bo.modals() == 2);
    }
    SECTION("the form that takes somebody out")
    {
        world.slack().deactivate("chi");
        world.advance(2s);
        const auto all = world.channel().messages();
        const auto report = std::find_if(
            all.begin(), all.end(), [&](const auto& message) { return has(world.slack().plain(message), "[Take them out"); });
        REQUIRE(report != all.end());
        const auto opened = open_slowly(world, bo, [&] { return bo.click(*report, "Take them out…"); });
        CHECK(has(opened.first, "Loading…"));
        CHECK(has(opened.then, "Who takes their place?"));
    }
    SECTION("a database that is quick shows no \"Loading…\" and opens once")
    {
        bo.shortcut("page_global");
        world.settle();
        CHECK(has(modal(world, bo), "Or whoever answers for"));
        CHECK(world.slack().calls("views.open").size() == 1);
        CHECK(world.slack().calls("views.update").empty());
    }
    CHECK(logged_of_forms(world).empty());
}

TEST_CASE("Whoever closes \"Loading…\" sees nothing more, and what goes wrong is said in it", "[scenarios][modals]")
{
    World world;
    auto& bo = world.bo();
    world.database_takes = 1'600ms;
    bo.command("/oncall", "page", "#payments-alerts");
    world.advance(1'200ms);
    REQUIRE(has(modal(world, bo), "Loading…"));
    SECTION("closed meanwhile")
    {
        bo.close();
        world.advance(10s);
        CHECK(bo.modals() == 0);
        CHECK(bo.ephemerals().empty());
        CHECK(logged_of_forms(world).empty());
    }
    SECTION("Slack is out for a moment")
    {
        world.slack().fail_with_status("views.update", 503, 1);
        world.advance(10s);
        CHECK(has(modal(world, bo), "Or whoever answers for"));
    }
    SECTION("Slack does not take the form")
    {
        world.slack().fail_with("views.update", "invalid_arguments", 1);
        world.advance(10s);
        CHECK(has(modal(world, bo), "Close this, and write `/oncall page @ana the checkout is down`"));
    }
    world.database_takes = {};
}

TEST_CASE("A refusal is the answer, and stands in \"Loading…\" once that is open", "[scenarios][modals]")
{
    World world;
    auto& guest = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.real_name = "Gus", .guest = true});
    guest.command("/oncall", "who", "#payments-alerts"); // and is known for one
    world.advance(2s);
    guest.shortcut("page_global");
    world.advance(1s);
    REQUIRE(guest.modals() == 1);
    CHECK(guest.modal().title == "Not possible");
    CHECK(has(modal(world, guest), "Guests of this workspace cannot page people"));
    guest.close();
    const auto opened = open_slowly(world, guest, [&] { return guest.shortcut("page_global"); });
    CHECK(has(opened.first, "Loading…"));
    CHECK(has(opened.then, "Guests of this workspace cannot page people"));
    CHECK(guest.modals() == 1);
}

TEST_CASE("A form that breaks where nobody listens is a form that says so", "[scenarios][modals]")
{
    World world;
    world.advance(1s);
    const auto before = world.slack().calls("views.open").size();
    CHECK(world.on_the_bot<bool>([&] { return open_what_breaks(world.app().context(), world.bo().id()); }));
    world.advance(1s);
    const auto calls = world.slack().calls("views.open");
    REQUIRE(calls.size() == before + 1);
    CHECK(has(calls.back().arguments.dump(), "Something broke on our side"));
}

TEST_CASE("Verbs that open a form alone are understood so with names and without", "[handlers][modals]")
{
    const oncall::Configuration none;
    oncall::Speaker speaker;
    speaker.user = "U1";
    speaker.now = noon;
    speaker.has_forms = true;
    for (const auto word : handlers::words_that_open_alone()) {
        INFO(word);
        const auto heard = oncall::understand(word, speaker, oncall::Vocabulary{none, {}, {}});
        CHECK(heard.verb == word);
        CHECK(heard.rest.empty());
        CHECK(heard.readings.empty());
    }
}

TEST_CASE("A snooze lasts until a time of one's own, and then it pages again", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    auto& bo = world.bo();
    const auto until = std::chrono::floor<std::chrono::minutes>(world.clock.now()) + std::chrono::minutes{95};
    const auto seconds = [](TimePoint at) {
        return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    };
    bo.choose(world.channel().last(), "Snooze", "Until …");
    world.settle();
    REQUIRE(bo.modals() == 1);
    for (const auto wrong : {world.clock.now() - 1h, world.clock.now() + 24h * 8}) {
        bo.fill({{"Or until", seconds(wrong)}});
        bo.submit();
        world.advance(1s);
        REQUIRE(bo.modals() == 1);
        CHECK(bo.modal().errors.at("until") == "Choose a time that is yet to come, within seven days.");
    }
    bo.fill({{"Or until", seconds(until)}});
    const auto sent = bo.submit();
    world.advance(2s);
    CHECK(sent.error() == "");
    CHECK(bo.modals() == 0);
    CHECK(has(card(world), "Snoozed until"));
    const auto before = pages_to(world.ana());
    world.advance(until - world.clock.now() - 1s);
    CHECK(pages_to(world.ana()) == before);
    world.advance(3s);
    CHECK(pages_to(world.ana()) == before + 1);
}

TEST_CASE("A message of an alert's thread stands in its timeline, once", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    const auto message = said_in_thread(world, world.bo(), "it was the <cache> & @ana knows");
    auto& chi = world.chi();
    const auto used = chi.message_shortcut("note_from_message", message);
    world.settle();
    CHECK(used.error() == "");
    REQUIRE(chi.modals() == 1);
    INFO(modal(world, chi));
    CHECK(has(modal(world, chi), "#1 Checkout is down")); // chosen already
    CHECK(has(modal(world, chi), "it was the <cache> & ana knows"));
    if (!by_http())
        world.slack().deliver_twice("interactive", 1);
    const auto sent = chi.submit();
    world.advance(3s);
    CHECK(sent.error() == "");
    const auto notes = titles_of_notes(world);
    INFO(notes);
    CHECK(std::count(notes.begin(), notes.end(), '\n') == 1);
    CHECK(has(notes, chi.id() + " noted"));
    CHECK(has(notes, "<@" + world.bo().id() + "> wrote https://"));
    CHECK(has(notes, "?thread_ts=" + message.thread_ts + "&cid=" + message.channel));
    CHECK(has(notes, "it was the <cache> & ana knows"));
    CHECK(has(thread(world), "chi noted: bo wrote https://"));
    CHECK(has(world.slack().plain(chi.last_ephemeral()), "Noted at #1 Checkout is down."));

    // Somebody else has the same thought, days later.
    world.write([&](storage::Transaction& tx) {
        storage::Inbox{tx}.forget_before(world.clock.now() + 1h);
        return true;
    });
    world.ana().message_shortcut("note_from_message", message);
    world.settle();
    world.ana().submit();
    world.advance(2s);
    CHECK(has(modal(world, world.ana()), "It is in the timeline of #1 already."));
    CHECK(titles_of_notes(world) == notes);
    CHECK(world.slack().broadcasts().empty());
}

TEST_CASE("A message from anywhere is added to an alert that is open or was lately, found by typing", "[scenarios][modals]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    world.alert("The disk is full", "disk");
    world.advance(2s);
    world.resolved();
    world.advance(2s);
    world.cto().say("#war-room", std::string(2'500, 'x') + " & <!channel>");
    const auto message = world.slack().channel("war-room").last();
    auto& cto = world.cto();
    cto.message_shortcut("note_from_message", message);
    world.settle();
    REQUIRE(cto.modals() == 1);
    CHECK(has(cto.submit().error(), "form: ")); // nothing is chosen
    const auto element = cto.modal().json["blocks"][0]["element"];
    CHECK(element["type"] == "external_select");
    const auto some = cto.look_up("Alert", "disk");
    world.settle();
    CHECK(has(some.answer().dump(), "#2 The disk is full"));
    CHECK_FALSE(has(some.answer().dump(), "Checkout"));
    const auto all = cto.look_up("Alert", "");
    world.settle();
    CHECK(has(all.answer().dump(), "Resolved in the last 24 hours"));
    CHECK(has(all.answer().dump(), "#2 The disk is full"));
    cto.fill({{"Alert", "#1 Checkout is down"}});
    cto.submit();
    world.advance(3s);
    CHECK(cto.modals() == 0);
    const auto notes = titles_of_notes(world);
    CHECK(has(notes, "xxxxx"));
    CHECK(notes.size() < 1'400);
    CHECK(world.slack().broadcasts().empty());
}

TEST_CASE("With no alert there is nothing to add a message to, and it is said", "[scenarios][modals]")
{
    World world;
    world.cto().say("#war-room", "hm");
    world.cto().message_shortcut("note_from_message", world.slack().channel("war-room").last());
    world.advance(1s);
    CHECK(world.cto().modals() == 0);
    CHECK(has(world.slack().plain(world.cto().last_ephemeral()), "there is no alert to add it to"));
}
