#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace scenario;

namespace {

using storage::Transaction;

constexpr int bursts_a_second = 4;

/// Each alert's button is pressed once a second, and so many commands are typed beside.
struct StormPlan {
    int seconds{60};
    int alerts{15};
    int notes_a_second{35};
};

/// A link is cut after so many steps, in the middle of whatever is under way.
asio::awaitable<void> cut_in_a_while(World& world, int steps, std::size_t which)
{
    const auto loop = world.tasks().loop();
    for (int step = 0; step < steps; ++step)
        co_await asio::post(loop, asio::use_awaitable);
    if (which < world.slack().links())
        world.slack().drop_link(which);
}

/// Each alert once a second by somebody's button, and commands beside them: 50 gestures a second, each second by another person.
struct Gesture {
    workspace::Delivery sent;
    std::int64_t alert{};
    std::string actor{};
    std::string note{}; // of a command; empty: a button
};

class LinkStorm {
public:
    explicit LinkStorm(std::uint64_t seed, StormPlan plan = {})
        : dice_{seed}
        , plan_{plan}
    {
        world_.app().context().bundling.hold = 0s; // each has its card
        for (int n = 0; n < plan_.seconds; ++n)
            people_.push_back(&world_.slack().add_person("p" + std::to_string(n), "p" + std::to_string(n) + "@example.com"));
        std::string alerts;
        for (int n = 0; n < plan_.alerts; ++n)
            alerts += (n ? "," : "") + std::string{R"({"status":"firing","fingerprint":"f)"} + std::to_string(n)
                + R"(","labels":{"alertname":"Odd)" + std::to_string(100 + n) + R"("},"annotations":{}})";
        // For no known service: they have cards and page nobody.
        world_.post("demo-alertmanager-key", R"({"version":"4","status":"firing","alerts":[)" + alerts + "]}");
        world_.advance(std::chrono::seconds{45 + plan_.alerts}); // a card a second
        const auto shown = world_.channel().messages();
        for (int n = 0; n < plan_.alerts; ++n)
            for (const auto& message : shown)
                if (has(world_.slack().plain(message), "Odd" + std::to_string(100 + n)))
                    cards_.push_back(message);
        REQUIRE(cards_.size() == static_cast<std::size_t>(plan_.alerts));
        for (const auto& card : cards_)
            alerts_.push_back(world_.look(
                [&](Transaction& tx) { return storage::Messages{tx}.at(card.channel, card.ts).value().alert.value; }));
    }

    World& world() { return world_; }
    const StormPlan& plan() const { return plan_; }
    std::vector<Gesture>& gestures() { return gestures_; }

    void rage()
    {
        for (int second = 0; second < plan_.seconds; ++second)
            for (int quarter = 0; quarter < bursts_a_second; ++quarter)
                burst(second, quarter);
        world_.slack().heal();
        world_.advance(2min); // what is half-open has ended, and all answers have been given
    }

    /// A quarter of a second: what strikes the links, and who does what.
    void burst(int second, int quarter)
    {
        strike();
        auto& person = *people_[static_cast<std::size_t>(second)];
        for (int n = quarter; n < plan_.alerts; n += bursts_a_second)
            press(person, n);
        for (int n = quarter; n < plan_.notes_a_second; n += bursts_a_second) {
            const auto nth = second * plan_.notes_a_second + n;
            note(*people_[static_cast<std::size_t>((nth * 7) % plan_.seconds)], nth);
        }
        world_.advance(250ms);
    }

    void note(workspace::Person& person, int nth)
    {
        const auto alert = nth % plan_.alerts + 1;
        note_again(person.id(), alert, "it was host h" + std::to_string(10'000 + nth));
    }

    void note_again(const std::string& person, std::int64_t alert, const std::string& words)
    {
        auto sent = world_.slack().person(person).command("/oncall", "note " + std::to_string(alert) + " " + words);
        gestures_.push_back({std::move(sent), alert, person, words});
    }

    /// She does once more what the alert's card offers to her now.
    void press_again(const std::string& person, std::int64_t alert)
    {
        const auto which = std::find(alerts_.begin(), alerts_.end(), alert) - alerts_.begin();
        press(world_.slack().person(person), static_cast<int>(which));
    }

private:
    bool chance(double of) { return dice_.fraction() < of; }
    std::size_t some_link() { return chance(0.5) ? 0 : 1; }

    void strike()
    {
        auto& slack = world_.slack();
        const auto which = some_link();
        const bool there = which < slack.links();
        const int few = 1 + static_cast<int>(dice_.fraction() * 4);
        if (chance(0.03) && there)
            slack.drop_link(which);
        else if (chance(0.06))
            world_.tasks().spawn("cut a link", cut_in_a_while(world_, static_cast<int>(dice_.fraction() * 300), which));
        else if (chance(0.01) && there)
            slack.deafen_link(which);
        else if (chance(0.02) && there)
            slack.disconnect(chance(0.5) ? "warning" : "refresh_requested", which);
        if (chance(0.03))
            slack.lose_acks(few);
        if (chance(0.06))
            slack.deliver_twice("*", few);
    }

    /// She does what the card offers to her.
    void press(workspace::Person& person, int n)
    {
        const auto card = world_.slack().now(cards_[static_cast<std::size_t>(n)]);
        auto sent = has(world_.slack().plain(card), "[Acknowledge]") ? person.click(card, "Acknowledge")
                                                                     : person.choose(card, "", "Un-acknowledge");
        gestures_.push_back({std::move(sent), alerts_[static_cast<std::size_t>(n)], person.id(), ""});
    }

    World world_{sample_with_a_bare_owner()};
    doors::SeededRandom dice_;
    StormPlan plan_;
    std::vector<workspace::Person*> people_{};
    std::vector<workspace::Message> cards_{};
    std::vector<std::int64_t> alerts_{}; // of the cards
    std::vector<Gesture> gestures_{};
};

/// How often each gesture has had its effect: notes by their words, buttons by alert and person. A button that was refused had
/// it, too: its presser was told.
std::map<std::string, int> effects(LinkStorm& storm)
{
    auto& world = storm.world();
    const auto plan = storm.plan();
    std::map<std::string, int> times;
    const auto all = world.look([&](Transaction& tx) {
        std::vector<oncall::TimelineEntry> entries;
        for (int id = 1; id <= plan.alerts; ++id)
            for (auto& entry : storage::Timeline{tx}.of_alert(oncall::AlertId{id}))
                entries.push_back(std::move(entry));
        return entries;
    });
    const std::string noted{"noted: "};
    for (const auto& entry : all)
        if (entry.text.starts_with(noted))
            ++times[entry.text.substr(noted.size())];
        else if (!entry.actor.empty())
            ++times["#" + std::to_string(entry.alert.value) + ": " + entry.actor];
    for (int n = 0; n < plan.seconds; ++n) {
        const auto& person = world.slack().person("p" + std::to_string(n));
        for (const auto& told : person.ephemerals())
            for (int id = 1; id <= plan.alerts; ++id) {
                const auto begin = "#" + std::to_string(id) + ": ";
                if (has(told.text, begin) && (has(told.text, "already") || has(told.text, "Nobody has acknowledged")))
                    ++times[begin + person.id()];
            }
    }
    return times;
}

std::string effect_of(const Gesture& gesture)
{
    return gesture.note.empty() ? "#" + std::to_string(gesture.alert) + ": " + gesture.actor : gesture.note;
}

/// That what was answered happened once, and the rest once at most, with an error for whoever did it: so many of both.
std::pair<int, int> hold_against(LinkStorm& storm, std::map<std::string, int>& times)
{
    int answered = 0, told = 0;
    for (const auto& gesture : storm.gestures()) {
        const auto what = effect_of(gesture);
        const int happened = times[what];
        const auto error = gesture.sent.error();
        const bool shown_error = error == "operation_timeout" || error == "dispatch_failed";
        // Slack repeats none of these: what was not answered shows an error to whoever pressed.
        const bool fits = gesture.sent.acked() ? happened == 1 && error.empty() : happened <= 1 && shown_error;
        if (!fits)
            FAIL_CHECK(what << " came to pass " << happened << " times, " << (error.empty() ? "answered" : error));
        ++(gesture.sent.acked() ? answered : told);
    }
    return {answered, told};
}

} // namespace

TEST_CASE("Two links are dropped at random for a minute under 50 clicks a second: none is lost, none is applied twice",
    "[scenarios][socket][long]")
{
    LinkStorm storm{20'261'103};
    auto& world = storm.world();
    storm.rage();
    REQUIRE(storm.gestures().size() == 3'000);
    CHECK(world.slack().links() == 2);
    auto times = effects(storm);
    const auto [answered, told] = hold_against(storm, times);
    INFO(answered << " answered, " << told << " shown an error");
    CHECK(answered > 1'500); // two links, so that most get through
    CHECK(told > 0);

    // Who was shown an error looks, and says again what is not there.
    const auto before = storm.gestures();
    for (const auto& gesture : before)
        if (!gesture.note.empty() && times[gesture.note] == 0) {
            storm.note_again(gesture.actor, gesture.alert, gesture.note);
            world.settle();
            CHECK(storm.gestures().back().sent.acked());
        }
    world.advance(1min);
    times = effects(storm);
    for (const auto& gesture : before)
        if (!gesture.note.empty() && times[gesture.note] != 1)
            FAIL_CHECK(gesture.note << " stands there " << times[gesture.note] << " times");
    CHECK(world.slack().violations() == std::vector<std::string>{});
}

TEST_CASE("With 50 presses of buttons a second and links that are dropped at random each press counts once, at the latest when "
          "it is repeated",
    "[scenarios][socket]")
{
    LinkStorm storm{20'261'104, {20, 50, 0}};
    auto& world = storm.world();
    storm.rage();
    REQUIRE(storm.gestures().size() == 1'000);
    auto times = effects(storm);
    const auto [answered, told] = hold_against(storm, times);
    INFO(answered << " answered, " << told << " shown an error");
    CHECK(answered > 500);
    CHECK(told > 0);

    const auto before = storm.gestures();
    for (const auto& gesture : before)
        if (times[effect_of(gesture)] == 0) {
            storm.press_again(gesture.actor, gesture.alert);
            world.settle();
            CHECK(storm.gestures().back().sent.acked());
        }
    world.advance(1min);
    times = effects(storm);
    for (const auto& gesture : before)
        if (times[effect_of(gesture)] != 1)
            FAIL_CHECK(effect_of(gesture) << " came to pass " << times[effect_of(gesture)] << " times");
    CHECK(world.slack().violations() == std::vector<std::string>{});
}

TEST_CASE(
    "What is said to the bot is done once and answered once, however often Slack repeats it and both at once", "[scenarios]")
{
    World world;
    world.slack().settings().own_messages_come_back = false; // they would be events, too
    world.alert("Checkout is down");
    world.advance(2s);
    const auto answers = [&] {
        const auto dms = world.ana().dms();
        return std::count_if(
            dms.begin(), dms.end(), [&](const auto& message) { return message.user == world.slack().bot_user(); });
    };
    const auto before = answers();
    world.slack().deliver_twice("events_api", 4);
    world.slack().lose_acks(by_http() ? 3 : 6); // by HTTP the second of two is not listened to
    const auto said = world.ana().say_to_bot("ack 1");
    REQUIRE(said.size() == 1);
    world.advance(7min);
    INFO(world.slack().story());
    CHECK(said[0].attempts() == 4);
    CHECK(said[0].acked());
    CHECK(answers() == before + 1);
    const auto entries = world.look([](Transaction& tx) { return storage::Timeline{tx}.of_alert(oncall::AlertId{1}); });
    CHECK(std::count_if(entries.begin(), entries.end(), [](const auto& entry) { return entry.text == "acknowledged"; }) == 1);
}

TEST_CASE("A press that Slack delivers twice opens its form once, and nobody is told that it failed", "[scenarios][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    world.slack().deliver_twice("interactive");
    world.ana().choose(world.channel().last(), "", "Reassign …");
    world.advance(1s);
    INFO(world.slack().story());
    REQUIRE(world.ana().modals() == 1);
    CHECK(world.ana().ephemerals().empty());

    // It is refused, the answer is lost with its link, and the other one must not close the form as if it had been done.
    world.resolved();
    world.advance(2s);
    world.ana().fill({{"Whom", "dee"}, {"Why", "she wrote it"}});
    world.slack().deliver_twice("interactive");
    world.slack().lose_acks(1);
    const auto sent = world.ana().submit();
    world.advance(1s);
    CHECK(sent.acked());
    REQUIRE(world.ana().modals() == 1);
    REQUIRE(world.ana().modal().errors.size() == 1);
    CHECK(has(world.ana().modal().errors.begin()->second, "resolved"));
    CHECK(pages_to(world.slack().person("dee")) == 0);
}
