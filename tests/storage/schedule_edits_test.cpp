#include "storage/schedule_edits.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"
#include "storage/repositories.hpp"

using namespace std::chrono_literals;
using namespace storage;

TEST_CASE("An edit of a schedule is kept with what was, where it is shown, and who took it back", "[storage][schedule_edits]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const ScheduleEdits edits{tx};
        ScheduleEdit one, back;
        one.schedule = back.schedule = "payments";
        one.before = back.after = "{\"a\":1}";
        one.after = back.before = "{\"a\":2}";
        one.via = "oncall.yaml, applied by root";
        one.at = stored::noon;
        one.words = "Who is on call: …";
        back.by = "UBO";
        back.at = stored::noon + 1h;
        edits.add(one);
        const ScheduleEditMessages messages{tx};
        CHECK(messages.add({"key", one.id, "#payments", "", ""}));
        CHECK_FALSE(messages.add({"key", one.id, "#ops", "", ""}));
        messages.stands("key", "C1", "17.5");
        REQUIRE(messages.of(one.id).size() == 1);
        CHECK(messages.find("key")->place == "#payments");
        CHECK(messages.find("key")->ts == "17.5");

        edits.add(back);
        CHECK(edits.newest("payments")->id == back.id);
        CHECK_FALSE(edits.newest("search"));
        edits.undone(one.id, back);
        const auto kept = edits.find(one.id);
        REQUIRE(kept);
        CHECK(kept->before == one.before);
        CHECK(kept->words == one.words);
        CHECK(kept->undone_by == "UBO");
        CHECK(kept->undone_at == back.at);
        CHECK(edits.find(back.id)->undoes == one.id);
        CHECK(edits.find(back.id)->undone_at == TimePoint{});

        edits.ended(one.id, {7, "{}"});
        edits.ended(back.id, {8, ""});
        REQUIRE(edits.ended_by(one.id).size() == 1);
        CHECK(edits.ended_by(one.id)[0].override_id == 7);
        CHECK(edits.ended_by(one.id)[0].said == "{}");

        edits.forget_before(stored::noon + 1h);
        CHECK_FALSE(edits.find(one.id));
        CHECK(edits.ended_by(one.id).empty()); // gone with it
        CHECK(edits.ended_by(back.id).size() == 1);
        CHECK_FALSE(messages.find("key")); // gone with it
        CHECK(edits.find(back.id));
        return 0;
    });
}

TEST_CASE("Who has not been told of moved shifts is kept until they are", "[storage][schedule_edits]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const UntoldMoves moves{tx};
        moves.save({"UBO", "payments", "{}", 1});
        moves.save({"UBO", "payments", "{}", 3});
        moves.save({"UBO", "search", "{}", 2});
        moves.save({"UCHI", "payments", "{}", 3});
        REQUIRE(moves.of_person("UBO").size() == 2);
        CHECK(moves.of_person("UBO")[0].edit == 3);
        CHECK(moves.of_schedule("payments").size() == 2);
        moves.told("UBO", 2);
        REQUIRE(moves.of_person("UBO").size() == 1);
        CHECK(moves.of_person("UBO")[0].schedule == "payments");
        moves.forget(moves.of_person("UBO")[0]);
        CHECK(moves.of_person("UBO").empty());
        CHECK(moves.of_person("UCHI").size() == 1);

        const Outbox outbox{tx};
        outbox.add(untold_key("UBO") + "3", "schedule_edit_dm", Priority::answer, "UBO", 0, "", stored::noon);
        CHECK(moves.is_leaving("UBO"));
        CHECK_FALSE(moves.is_leaving("UB"));
        outbox.withdraw(untold_key("UBO"));
        CHECK_FALSE(moves.is_leaving("UBO"));
        return 0;
    });
}
