#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/paging_by_hand.hpp"

using namespace oncall;
using given::at;

namespace {

Level level_for(std::vector<Target> targets, milliseconds patience, int retries = 0)
{
    Level made;
    made.targets = std::move(targets);
    made.patience = patience;
    made.retries = retries;
    return made;
}

const Target to_ana{TargetKind::user, "UANA"}, to_bo{TargetKind::user, "UBO"}, to_rota{TargetKind::schedule, "payments"};

/// Team payments has a policy, schedule and service of its name; team night has nothing but people.
Configuration payments_and_owls()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .user_group = "@payments-oncall", .policy = "payments"};
    all.teams["Night owls"] = {.name = "Night owls", .members = {"bo@example.com"}};
    all.services["payments"] = {.name = "payments", .team = "payments"};
    all.services["lost"] = {.name = "lost", .team = "Night owls"};
    all.schedules["payments"].name = "payments";
    Policy policy;
    policy.name = "payments";
    policy.levels = {level_for({to_rota}, 5min, 1), level_for({to_ana}, 10min)};
    policy.low_urgency_in_channel = true;
    all.policies["payments"] = policy;
    return all;
}

} // namespace

TEST_CASE("A bare name means a service before a team, a schedule and a policy, in whichever case", "[oncall][byhand]")
{
    const auto all = payments_and_owls();
    CHECK(recipients_named("payments", all)
        == std::vector<Recipient>{{RecipientKind::service, "payments"}, {RecipientKind::team, "payments"},
            {RecipientKind::schedule, "payments"}, {RecipientKind::policy, "payments"}});
    CHECK(recipients_named("night OWLS", all) == std::vector<Recipient>{{RecipientKind::team, "Night owls"}});
    CHECK(recipients_named("@Payments-Oncall", all) == std::vector<Recipient>{{RecipientKind::team, "payments"}});
    CHECK(recipients_named("nobody", all).empty());
    CHECK(recipients_named("", all).empty());
    for (const auto& one : {Recipient{RecipientKind::team, "Night owls"}, Recipient{RecipientKind::person, "U1"},
             Recipient{RecipientKind::user_group, "S1"}})
        CHECK(recipient_in(recipient_out(one)) == one);
    CHECK(recipient_in("user:U1") == Recipient{RecipientKind::person, "U1"});
    CHECK_FALSE(recipient_in("https://example.com"));
    CHECK_FALSE(recipient_in("team:"));
}

TEST_CASE("Whoever is paged by hand is paged by their own policy, or three times", "[oncall][byhand]")
{
    const auto all = payments_and_owls();
    CHECK(ladder_of({RecipientKind::service, "payments"}, all) == all.policies.at("payments"));
    CHECK(ladder_of({RecipientKind::team, "payments"}, all) == all.policies.at("payments"));
    CHECK(ladder_of({RecipientKind::policy, "payments"}, all) == all.policies.at("payments"));
    const std::pair<Recipient, Target> three_times[]{{{RecipientKind::person, "UANA"}, to_ana},
        {{RecipientKind::schedule, "payments"}, to_rota}, {{RecipientKind::user_group, "S1"}, {TargetKind::user_group, "S1"}},
        {{RecipientKind::team, "Night owls"}, {TargetKind::team, "Night owls"}}};
    for (const auto& [one, target] : three_times) {
        INFO(recipient_out(one));
        const auto ladder = ladder_of(one, all);
        REQUIRE(ladder);
        CHECK(ladder->name == by_hand);
        REQUIRE(ladder->levels.size() == 1);
        CHECK(ladder->levels.front().targets == std::vector{target});
        CHECK(ladder->levels.front().retries == 2);
    }
    CHECK_FALSE(ladder_of({RecipientKind::service, "lost"}, all)); // its team has no policy
    for (const auto kind : {RecipientKind::service, RecipientKind::team, RecipientKind::schedule, RecipientKind::policy})
        CHECK_FALSE(ladder_of({kind, "gone"}, all));
}

TEST_CASE("Several ladders are climbed together: nobody waits longer, and nobody is left out", "[oncall][byhand]")
{
    const auto all = payments_and_owls();
    const auto policy = all.policies.at("payments");
    SECTION("one alone is climbed as it is, but that low urgency pages too, and now")
    {
        auto alone = policy, wanted = policy;
        wanted.low_urgency_in_channel = false;
        alone.levels[0].wait_for_working_hours = true;
        CHECK(climbed_together({alone}) == wanted);
    }
    SECTION("people stay on every level, which lasts as long as the policy's")
    {
        const auto both = climbed_together({*ladder_of({RecipientKind::person, "UBO"}, all), policy});
        CHECK(both.name == by_hand);
        REQUIRE(both.levels.size() == 2);
        CHECK(both.levels[0].targets == std::vector{to_bo, to_rota});
        CHECK(both.levels[0].patience == 5min);
        CHECK(both.levels[0].retries == 1);
        CHECK(both.levels[1].targets == std::vector{to_bo, to_ana});
    }
    SECTION("of two policies the quicker says when the next level comes, and the longer how many there are")
    {
        auto quick = policy, slow = policy;
        quick.levels = {level_for({to_ana}, 1min), level_for({to_bo}, 20min)};
        slow.levels = {level_for({to_rota}, 5min), level_for({to_ana}, 5min), level_for({to_bo}, 9min)};
        slow.repeat = 2;
        const auto both = climbed_together({slow, quick});
        REQUIRE(both.levels.size() == 3);
        CHECK(both.levels[0].targets == std::vector{to_rota, to_ana});
        CHECK(both.levels[0].patience == 1min);
        CHECK(both.levels[1].targets == std::vector{to_ana, to_bo});
        CHECK(both.levels[1].patience == 5min);
        CHECK(both.levels[2].targets == std::vector{to_bo});
        CHECK(both.repeat == 2);
    }
    SECTION("conditions that would leave somebody out fall away, and rounds without end stay")
    {
        auto careful = policy;
        careful.levels[0].when.working_hours = true;
        careful.levels[0].wait_for_working_hours = true;
        careful.levels[0].order = Order::one_by_one;
        careful.levels[0].acknowledgements = 2;
        careful.until_answered = true;
        auto repeating = policy;
        repeating.repeat = 3;
        const auto both = climbed_together({careful, repeating, *ladder_of({RecipientKind::person, "UBO"}, all)});
        CHECK(both.levels[0].when == LevelCondition{});
        CHECK_FALSE(both.levels[0].wait_for_working_hours);
        CHECK(both.levels[0].order == Order::at_once);
        CHECK(both.levels[0].acknowledgements == 2);
        CHECK(both.until_answered);
        CHECK(both.repeat == 0);
    }
    SECTION("people alone are tried three times, and of nobody nothing is left")
    {
        const auto people =
            climbed_together({*ladder_of({RecipientKind::person, "UBO"}, all), *ladder_of({RecipientKind::person, "UANA"}, all)});
        REQUIRE(people.levels.size() == 1);
        CHECK(people.levels[0].targets == std::vector{to_bo, to_ana});
        CHECK(people.levels[0].retries == 2);
        CHECK(climbed_together({}).levels.empty());
        CHECK(climbed_together({Policy{}}).levels.empty());
    }
}

TEST_CASE("Somebody is taken to be asleep from ten in the evening to eight in the morning, where she is", "[oncall][byhand]")
{
    const char* const berlin = "Europe/Berlin";
    struct Case {
        const char* local{};
        const char* clock{};
        bool asleep{};
    };
    for (const auto& one : {Case{"2026-11-28T07:59", "07:59", true}, Case{"2026-11-28T08:00", "08:00", false},
             Case{"2026-11-28T21:59", "21:59", false}, Case{"2026-11-28T22:00", "22:00", true},
             Case{"2026-11-28T03:10", "03:10", true}, Case{"2026-11-28T00:00", "00:00", true},
             Case{"2026-07-01T08:00", "08:00", false}}) {
        INFO(one.local);
        const auto hour = local_hour(at(one.local, berlin), berlin);
        REQUIRE(hour);
        CHECK(hour->clock == one.clock);
        CHECK(hour->asleep == one.asleep);
    }
    // The night the clocks go back 02:30 comes twice.
    const auto first = at("2026-10-25T02:30", berlin);
    CHECK(local_hour(first, berlin)->clock == "02:30");
    CHECK(local_hour(first + 1h, berlin)->clock == "02:30");
    CHECK(local_hour(at("2026-11-28T12:00", "UTC"), "Asia/Kathmandu")->clock == "17:45");
    CHECK_FALSE(local_hour(first, ""));
    CHECK_FALSE(local_hour(first, "Mars/Olympus"));
}

TEST_CASE(
    "Everybody of the workspace may page by hand, unless it was narrowed; guests, apps and strangers never", "[oncall][byhand]")
{
    struct Case {
        const char* kind{};
        bool stranger{};
        bool may{};
    };
    for (const auto& one :
        {Case{"member", false, true}, Case{"", false, true}, Case{"guest", false, false}, Case{"bot", false, false},
            Case{"gone", false, false}, Case{"stranger", false, false}, Case{"member", true, false}}) {
        Asker asker;
        asker.id = "U1";
        asker.kind = one.kind;
        asker.stranger = one.stranger;
        for (const bool configured : {true, false})
            for (const auto who : {MayPage::everybody, MayPage::configured}) {
                INFO(one.kind << " " << configured);
                if (one.may && (configured || who == MayPage::everybody))
                    CHECK_NOTHROW(permit_paging(asker, who, configured));
                else
                    CHECK_THROWS_AS(permit_paging(asker, who, configured), Refusal);
            }
    }
}
