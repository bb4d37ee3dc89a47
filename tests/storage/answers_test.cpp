#include "catch.hpp"
#include "storage/answers.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"

using storage::Transaction;
using namespace std::chrono_literals;
using stored::noon;

namespace {

struct Stored {
    oncall::Alert alert{};
    oncall::Page page{};
};

Stored alert_and_page(Transaction& tx)
{
    Stored made;
    made.alert.source = "scripts";
    made.alert.title = "Checkout is down";
    made.alert.service = "checkout";
    storage::Alerts{tx}.add(made.alert);
    made.page.alert = made.alert.id;
    made.page.policy.name = "payments";
    storage::Pages{tx}.add(made.page);
    return made;
}

} // namespace

TEST_CASE("Acknowledgements are one for each person, in their order", "[storage][after]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const auto [alert, page] = alert_and_page(tx);
        const storage::Acknowledgements all{tx};
        CHECK(all.add(alert.id, {"U02BO", noon, "/oncall"}));
        CHECK(all.add(alert.id, {"U01ANA", noon + 1s, "a phone call"}));
        CHECK_FALSE(all.add(alert.id, {"U02BO", noon + 2s, "a button in Slack"}));
        auto found = all.of_alert(alert.id);
        REQUIRE(found.size() == 2);
        CHECK(found[0].person == "U02BO");
        CHECK(found[0].at == noon);
        CHECK(found[1].via == "a phone call");
        CHECK(all.remove(alert.id, "U02BO"));
        CHECK_FALSE(all.remove(alert.id, "U02BO"));
        all.clear(alert.id);
        CHECK(all.of_alert(alert.id).empty());
        const storage::PagedAgain again{tx};
        CHECK(again.why(page.id).empty());
        again.add(page.id, "it fired anew");
        CHECK(again.why(page.id) == "it fired anew");
    });
}

TEST_CASE("When somebody is to be asked whether they are still on it is kept", "[storage][after]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const auto alert = alert_and_page(tx).alert;
        const storage::StillOnIts stills{tx};
        CHECK_FALSE(stills.find(alert.id));
        stills.save({alert.id, "U01ANA", 30min, noon + 30min, {}});
        auto found = stills.find(alert.id);
        REQUIRE(found);
        CHECK(found->every == 30min);
        CHECK(found->asked_at == storage::TimePoint{});
        found->asked_at = noon + 30min;
        found->due = noon + 35min;
        stills.save(*found);
        CHECK(stills.find(alert.id)->due == noon + 35min);
        CHECK(stills.find(alert.id)->person == "U01ANA");
        stills.forget(alert.id);
        CHECK_FALSE(stills.find(alert.id));
    });
}

TEST_CASE("How escalations went is kept: who answered after how long, and who was passed over why", "[storage][after]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const auto [alert, page] = alert_and_page(tx);
        const storage::EscalationFacts facts{tx};
        facts.add(alert, page, {"U01ANA", {0, 1, 0}, noon + 2min, 2min, 13, "sms", "voice"});
        facts.add(alert, page, {"U02BO", {0, 0, 0}, noon + 3min, std::nullopt, -1, "", "slack"});
        const auto answers = facts.answers(alert.id);
        REQUIRE(answers.size() == 2);
        CHECK(answers[0].person == "U01ANA");
        CHECK((answers[0].at == oncall::Position{0, 1, 0}));
        CHECK(answers[0].took == 2min);
        CHECK(answers[0].hour == 13);
        CHECK(answers[0].told_by == "sms");
        CHECK(answers[0].answered_by == "voice");
        CHECK_FALSE(answers[1].took);
        CHECK(facts.answers_of("U01ANA", noon).size() == 1);
        CHECK(facts.answers_of("U01ANA", noon + 1h).empty());
        facts.take_back(alert.id, "U01ANA", noon + 3min); // at which she gave none
        CHECK(facts.answers(alert.id).size() == 2);
        facts.take_back(alert.id, "U01ANA", noon + 2min);
        CHECK(facts.answers(alert.id).size() == 1);

        CHECK_FALSE(facts.is_unanswered(page.id));
        facts.add_unanswered(page.id, noon);
        CHECK(facts.is_unanswered(page.id));

        using Why = oncall::Skip::Why;
        facts.add(page, {"schedule:payments", {0, 0, 0}, noon, Why::empty});
        facts.add(page, {"schedule:payments", {0, 0, 0}, noon + 1s, Why::empty});
        facts.add(page, {"U03CHI", {0, 1, 0}, noon, Why::declined});
        facts.add(page, {"U01ANA", {0, 1, 0}, noon, Why::acknowledged});
        facts.add(page, {"level 2 of 3", {0, 1, 0}, noon, Why::condition});
        const auto skips = facts.skips(alert.id);
        REQUIRE(skips.size() == 4);
        CHECK(skips[0].who == "schedule:payments");
        CHECK(skips[0].when == noon);
        CHECK((skips[0].why == Why::empty));
        CHECK((skips[1].why == Why::declined));
        CHECK((skips[2].why == Why::acknowledged));
        CHECK((skips[3].why == Why::condition));
    });
}

TEST_CASE(
    "Lines for one reader leave in one message, until it has begun to leave; the tenth and on are counted", "[storage][after]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const storage::Outbox outbox{tx};
        const storage::Gathered gathered{tx};
        gathered.add("person_words", "U02BO", "another's", noon);
        for (int i = 1; i <= 13; ++i)
            gathered.add("person_words", "U01ANA", "line\n" + std::to_string(i), noon + i * 1s);
        CHECK(outbox.count() == 2);
        auto rows = outbox.ready(noon + 1min, {}, 9);
        REQUIRE(rows.size() == 2);
        CHECK(rows[1].lane == "U01ANA");
        CHECK(rows[1].body
            == "U01ANA\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\nand 3 more, see "
               "`/oncall status`");
        outbox.lease(rows[1].id);
        gathered.add("person_words", "U01ANA", "later", noon + 1min);
        CHECK(outbox.count() == 3);
    });
}
