#include "storage/coverage.hpp"

#include "catch.hpp"
#include "storage/opened.hpp"

using namespace std::chrono_literals;
using namespace storage;

TEST_CASE("What was told of coverage is kept as it was told, until it is over", "[storage][coverage]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        const ToldCoverages all{tx};
        ToldCoverage told;
        told.schedule = "payments";
        told.at = stored::noon;
        CoverageFinding gone, gap;
        gone.finding = {oncall::FindingKind::gone,
            {{stored::noon + 1h, stored::noon + 2h}, {stored::noon + 25h, stored::noon + 26h}}, {"UBO"}, "weekly", "gone"};
        gone.ahead = oncall::Ahead::day;
        gap.finding.stretches = {{stored::noon + 3h, stored::noon + 4h}};
        gap.ahead = oncall::Ahead::week;
        told.findings = {gone, gap};
        all.add(told);
        const auto kept = all.find(told.id);
        REQUIRE(kept);
        REQUIRE(kept->findings.size() == 2);
        CHECK(kept->findings[0].finding == gone.finding);
        CHECK(kept->findings[0].ahead == oncall::Ahead::day);
        CHECK(kept->findings[1].finding == gap.finding);
        CHECK(kept->findings[1].ahead == oncall::Ahead::week);
        CHECK(all.show(told.id, "#payments").id == all.show(told.id, "#payments").id);
        CHECK(all.messages(told.id).size() == 1);
        all.over(told.id, 0, stored::noon + 30min);
        CHECK(all.open("payments").size() == 1);
        CHECK(all.open("payments").front().findings[0].over_at == stored::noon + 30min);
        all.over(told.id, 1, stored::noon + 4h);
        CHECK(all.open("payments").empty());
        all.forget_before(stored::noon + 1h);
        CHECK_FALSE(all.find(told.id));
        return 0;
    });
}

TEST_CASE("What somebody is, is what Slack said last, by whichever name", "[storage][coverage]")
{
    stored::Opened opened;
    opened.write([](Transaction& tx) {
        Person bo;
        bo.reference = bo.email = "bo@example.com";
        bo.user_id = "UBO";
        bo.kind = "member";
        bo.time_zone = "Europe/Berlin";
        bo.asked_at = stored::noon;
        People{tx}.save(bo);
        UnknownPeople{tx}.add("bo@example.com");
        UnknownPeople{tx}.add("nobody@example.com");
        CHECK(rota_people(tx).at("bo@example.com").kind == "member");
        CHECK(rota_people(tx).at("nobody@example.com").kind == "nobody");
        bo.reference = "UBO";
        bo.kind = "gone";
        bo.asked_at = stored::noon + 1h;
        People{tx}.save(bo);
        CHECK(rota_people(tx).at("bo@example.com").kind == "gone");
        CHECK(rota_people(tx).at("UBO").kind == "gone");
        UnknownPeople{tx}.keep_only({"bo@example.com"});
        CHECK_FALSE(rota_people(tx).contains("nobody@example.com"));
        return 0;
    });
}
