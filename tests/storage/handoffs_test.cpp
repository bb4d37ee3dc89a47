#include "catch.hpp"
#include "storage/handoffs.hpp"
#include "storage/opened.hpp"
#include "storage/pager_tests.hpp"

using namespace std::chrono_literals;
using namespace storage;

namespace {

ToldHandoff handoff(TimePoint at)
{
    ToldHandoff told;
    told.schedule = "payments";
    told.at = at;
    told.told_at = at;
    HandoffPart bo, ana;
    bo.person = "UBO";
    bo.kind = HandoffPart::incoming;
    ana.person = "UANA";
    ana.kind = HandoffPart::outgoing;
    told.parts = {bo, ana};
    return told;
}

} // namespace

TEST_CASE("A handoff is told once, and takes the note that was written for it", "[storage][handoff]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const Handoffs handoffs{tx};
        auto told = handoff(stored::noon);
        REQUIRE(handoffs.add(told));
        auto again = handoff(stored::noon);
        CHECK_FALSE(handoffs.add(again));
        const auto first = handoffs.show(told, "#payments");
        CHECK(handoffs.show(told, "#payments").id == first.id);
        CHECK(handoffs.shown_in(first.id).front().part("UBO", HandoffPart::incoming));
        CHECK_FALSE(handoffs.shown_in(first.id).front().part("UBO", HandoffPart::outgoing));

        const HandoffNotes notes{tx};
        notes.save({"payments", "UANA", 0, "cold", stored::noon - 1h});
        notes.save({"payments", "UBO", 0, "mine", stored::noon - 1h});
        CHECK(notes.waiting("payments").size() == 2);
        notes.hand_over(*notes.find("payments", "UANA", 0), told.id);
        REQUIRE(notes.of(told.id).size() == 1);
        CHECK(notes.of(told.id).front().text == "cold");
        CHECK(notes.find("payments", "UBO", 0));
        CHECK_FALSE(notes.find("payments", "UANA", 0));
        auto next = handoff(stored::noon + 48h);
        REQUIRE(handoffs.add(next));
        CHECK(handoffs.last("payments")->id == next.id);
        CHECK(handoffs.find("payments", stored::noon)->id == told.id);
        CHECK_FALSE(handoffs.find("payments", stored::noon + 1h));
        // Slack says who somebody is, or that there is none.
        handoffs.recognized(next.id, "UBO", "");
        CHECK(handoffs.find(next.id)->part("UBO", HandoffPart::incoming)->is_nobody);
        handoffs.recognized(next.id, "UBO", "UBO2");
        CHECK_FALSE(handoffs.find(next.id)->part("UBO2", HandoffPart::incoming)->is_nobody);
        handoffs.recognized(next.id, "UBO2", "UANA"); // who is in it already
        CHECK(handoffs.find(next.id)->parts.size() == 2);
        notes.save({"payments", "UANA", told.id, "", stored::noon});
        CHECK(notes.of(told.id).empty());
        // What is old goes whole.
        handoffs.forget_before(stored::noon + 1h);
        CHECK_FALSE(handoffs.find(told.id));
        CHECK_FALSE(handoffs.message(first.id));
        CHECK(handoffs.find(next.id));
        return 0;
    });
}

TEST_CASE("What people chose of reminders is kept, and what was said is said once", "[storage][handoff]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const ReminderChoices choices{tx};
        const oncall::Reminders none{{}, std::nullopt}, some{{0h, 7 * 24h}, 24h};
        choices.save("UANA", none);
        choices.save("UBO", none);
        choices.save("UBO", some);
        const auto all = choices.all();
        CHECK(all("UANA") == none);
        CHECK(all("UBO") == some);
        CHECK(all("UCHI") == oncall::Reminders{});
        CHECK(all.longest() == 7 * 24h);
        const SentReminders sent{tx};
        CHECK(sent.first("UBO", "payments", stored::noon, 1h, stored::noon));
        CHECK(sent.first("UBO", "payments", stored::noon, std::nullopt, stored::noon));
        CHECK_FALSE(sent.first("UBO", "payments", stored::noon, 1h, stored::noon + 1h));
        CHECK(sent.first("UBO", "payments", stored::noon + 1h, 1h, stored::noon));
        return 0;
    });
}

TEST_CASE("What has arrived of a pager's test stays so, in whichever order it is heard", "[storage][handoff]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const PagerTests tests{tx};
        PagerTest test;
        test.person = "UBO";
        test.at = stored::noon;
        test.ways = {{"sms:12", "SMS", "planned", ""}, {"email", "E-mail", "planned", ""}};
        tests.add(test);
        const auto state = [&](const std::string& method) {
            const auto found = tests.find(test.id);
            for (const auto& way : found->ways)
                if (way.method == method)
                    return way.state;
            return std::string{};
        };
        const auto key = pager_key(test.id, "sms:12");
        tests.became(key, "failed", "busy", stored::noon);
        tests.became(key, "sent", "", stored::noon);
        CHECK(state("sms:12") == "failed");
        tests.became(key, "arrived", "", stored::noon);
        tests.became(key, "failed", "busy", stored::noon);
        CHECK(state("sms:12") == "arrived");
        CHECK(state("email") == "planned");
        CHECK_FALSE(is_pager_key(pager_key(test.id)));
        tests.became("test:1", "arrived", "", stored::noon);
        return 0;
    });
}
