#include "storage/home_views.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"

using namespace std::chrono_literals;
using namespace storage;

TEST_CASE("Homes are kept of those who opened theirs lately, the last first; what is refused waits for the next opening",
    "[storage][home]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const HomeViews homes{tx};
        const auto who = [&](TimePoint since) {
            std::string all;
            for (const auto& one : homes.lately(since, 10))
                all += one.person + "=" + one.shows + " ";
            return all;
        };
        homes.opened("U1", "", stored::noon);
        homes.opened("U2", "x", stored::noon + 1h);
        homes.shows("U1", "d1");
        CHECK(who(stored::noon - 1h) == "U2=x U1=d1 ");
        CHECK(who(stored::noon) == "U2=x ");
        homes.begin("U2");
        CHECK(who(stored::noon) == "U2= ");
        // An event that comes late takes nobody out of sight.
        homes.opened("U2", "y", stored::noon - 1h);
        CHECK(who(stored::noon) == "U2=y ");

        homes.refuse("U1", "view_too_large");
        CHECK(who(stored::noon - 1h) == "U2=y ");
        homes.switched_off();
        CHECK(who(stored::noon - 1h) == "");
        homes.opened("U1", "", stored::noon + 2h);
        homes.shows("U1", "d2"); // so it is on again, for all
        CHECK(who(stored::noon - 1h) == "U1=d2 U2=y ");

        CHECK(homes.any_before(stored::noon + 1h));
        homes.forget_before(stored::noon + 1h);
        CHECK_FALSE(homes.any_before(stored::noon + 1h));
        CHECK(who(stored::noon - 1h) == "U1=d2 ");

        homes.pressed("U1", "old", stored::noon + 3h);
        CHECK(who(stored::noon + 2h) == "U1=d2 ");
        homes.pressed("U3", "z", stored::noon + 1h); // hers was forgotten
        CHECK(who(stored::noon - 1h) == "U1=d2 U3=z ");

        const Outbox outbox{tx};
        outbox.add("home_words:t1:a", "person_words", Priority::answer, "U1", 0, "U1\nno", stored::noon);
        outbox.add("home_words:t12:a", "person_words", Priority::answer, "U1", 0, "U1\nother", stored::noon);
        CHECK(bodies_waiting(tx, "home_words:t1:") == std::vector<std::string>{"U1\nno"});
        return 0;
    });
}

TEST_CASE("Answers that hold are found by their time, and whether something has happened since", "[storage][home]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const auto answered = [&](TimePoint at) {
            oncall::Alert alert;
            Alerts{tx}.add(alert);
            alert.state = oncall::AlertState::resolved;
            alert.answered_by = "U1";
            alert.answered_at = at;
            Alerts{tx}.save(alert);
            Undo undo;
            undo.version = Alerts{tx}.find(alert.id)->version;
            undo.actor = "U1";
            undo.at = at;
            Undos{tx}.save(alert.id, undo);
            return *Alerts{tx}.find(alert.id);
        };
        answered(stored::noon - 20min);
        const auto first = answered(stored::noon - 2min);
        auto second = answered(stored::noon - 1min), third = answered(stored::noon);
        Alerts{tx}.save(second); // a note, say
        third.state = oncall::AlertState::triggered;
        third.answered_by.clear();
        Alerts{tx}.save(third); // it was re-opened
        const auto given = answers_given(tx, stored::noon - 15min);
        REQUIRE(given.size() == 2);
        CHECK(given[0].alert == second.id);
        CHECK_FALSE(given[0].untouched);
        CHECK(given[1].alert == first.id);
        CHECK(given[1].untouched);
        CHECK(given[1].by == "U1");
        return 0;
    });
}

TEST_CASE("Of however many open alerts, those that page come first, and who was told is found", "[storage][home]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const auto add = [&](oncall::AlertState state, oncall::Urgency urgency) {
            oncall::Alert alert;
            alert.state = state;
            alert.urgency = urgency;
            alert.team = "payments";
            Alerts{tx}.add(alert);
            return alert.id.value;
        };
        using enum oncall::AlertState;
        using oncall::Urgency;
        const auto first = add(triggered, Urgency::high);
        for (int i = 0; i < 600; ++i)
            add(acknowledged, Urgency::high);
        const auto low = add(triggered, Urgency::low);
        const auto last = add(triggered, Urgency::high);
        add(resolved, Urgency::high);
        const auto open = open_alerts(tx);
        REQUIRE(open.size() == 603);
        CHECK(open[0].id.value == last);
        CHECK(open[1].id.value == first);
        CHECK(open[2].id.value == low);
        CHECK(open[0].team == "payments");
        CHECK(told_of_open(tx, stored::noon, stored::noon + 1h).empty());
        return 0;
    });
}
