#include "catch.hpp"
#include "noon.hpp"
#include "oncall/escalation.hpp"
#include "oncall/policy.hpp"

#include <rapidcheck.h>

using namespace oncall;

namespace {

Level level(std::vector<std::string> targets, Order order = Order::at_once, int retries = 0)
{
    Level one;
    for (const auto& target : targets)
        one.targets.push_back(*target_in(target));
    one.order = order;
    one.retries = retries;
    return one;
}

/// A page with all that it needs, which is walked as the service does.
struct Climb {
    Configuration configuration{};
    Alert alert{};
    Page page{};
    GroupMembers groups{};
    std::vector<Tried> tried{};
    std::set<std::string> declined{};
    std::map<int, Beginning> beginnings{}; // of earlier pages
    TimePoint now{noon};
    std::vector<std::string> said{};

    explicit Climb(std::vector<Level> levels, int repeat = 0)
    {
        alert.severity = "critical";
        alert.team = "payments";
        page.policy.name = "payments";
        page.policy.repeat = repeat;
        page.policy.levels = std::move(levels);
        page.due = noon;
        configuration.teams["payments"] = {.name = "payments", .members = {"ana", "bo", "chi"}};
    }
    void office_hours(const std::string& zone = "UTC")
    {
        using enum Weekday;
        configuration.teams["payments"].working_hours = {zone, {{{mon, tue, wed, thu, fri}, {}, {}, 9h, 17h}}};
    }
    Surroundings around() const
    {
        Surroundings all{alert, configuration};
        all.groups = groups;
        all.tried = tried;
        all.declined = declined;
        all.beginning = [this](const Level&, int left) {
            const auto found = beginnings.find(left);
            return found == beginnings.end() ? std::nullopt : std::optional{found->second};
        };
        return all;
    }
    /// One step, when it is due: "+5m 1.2 ana, bo" (level 1, try 2), "+0s waits …", "+10m exhausted". What was passed over goes
    /// before it, in brackets.
    std::string step(bool hurry = false)
    {
        now = std::max(now, page.due);
        const auto decision = decide(page, around(), now, hurry);
        std::string text = "+" + duration_out(now - noon);
        for (const auto& skip : decision.skipped)
            text += skip.words.empty() ? "" : " [" + skip.words + "]";
        if (const auto* step = std::get_if<Step>(&decision.then)) {
            text += " " + std::to_string(step->at.level + 1) + "." + std::to_string(step->at.attempt + 1);
            for (const auto& one : step->now) {
                text += " " + one.name;
                tried.push_back({step->at, one.name});
            }
            if (step->beginning)
                beginnings[levels_left(page.policy, step->at.level)] = *step->beginning;
            page.next = step->next;
            page.last = step->at;
            page.due = step->due;
        } else if (const auto* wait = std::get_if<Wait>(&decision.then)) {
            text += " waits until " + iso(wait->until, "UTC") + " for " + wait->why;
            page.next = wait->at;
            page.due = wait->until;
        } else if (std::holds_alternative<Exhausted>(decision.then)) {
            text += " exhausted";
            page.state = PageState::exhausted;
        } else {
            text += " done";
        }
        return text;
    }
    std::vector<std::string> walk(int most = 20)
    {
        std::vector<std::string> steps;
        while (static_cast<int>(steps.size()) < most && page.state == PageState::paging)
            steps.push_back(step());
        return steps;
    }
    /// The next page of the same policy.
    void again()
    {
        page.next = {};
        page.last.reset();
        page.state = PageState::paging;
        page.due = now = noon;
        tried.clear();
        declined.clear();
    }
};

using Steps = std::vector<std::string>;

Schedule rota_of(const std::string& name, std::vector<Turn> turns)
{
    Schedule schedule;
    schedule.name = name;
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = *local_time_in("2026-11-02T09:00");
    rotation.turns = std::move(turns);
    schedule.rotations = {rotation};
    return schedule;
}

} // namespace

TEST_CASE("Each kind of target reaches who stands behind it", "[oncall][levels]")
{
    Configuration all;
    all.teams["payments"].members = {"ana", "bo"};
    all.schedules["payments"] = rota_of("payments", {{"ana"}, {"bo"}, {"chi"}});
    Rotation nights;
    nights.name = "nights/all";
    nights.priority = 1;
    nights.start = *local_time_in("2026-11-02T09:00");
    nights.turns = {{"dee"}};
    all.schedules["payments"].rotations.push_back(nights);
    const GroupMembers groups{{"@ops", {"U1", "U2"}}, {"@nobody", {}}};
    const auto reached = [&](const std::string& target) {
        const auto found = reach({*target_in(target)}, all, noon, groups);
        std::string text;
        for (const auto& one : found.all)
            text += one.name + " (" + one.how + ") ";
        return text + (found.empty.empty() ? "" : "empty");
    };
    CHECK(reached("user:ana@example.com") == "ana@example.com (named by the policy) ");
    CHECK(reached("team:payments") == "ana (team payments) bo (team payments) ");
    CHECK(reached("schedule:payments") == "dee (schedule payments, rotation nights/all) ");
    // A rotation is asked whether or not another one comes before it.
    CHECK(reached("rotation:payments/weekly") == "ana (schedule payments, rotation weekly) ");
    CHECK(reached("rotation:payments/nights/all") == "dee (schedule payments, rotation nights/all) ");
    CHECK(reached("rotation:payments/gone") == "empty");
    CHECK(reached("next:gone") == "empty");
    CHECK(reached("user_group:@ops") == "U1 (user group @ops) U2 (user group @ops) ");
    CHECK(reached("user_group:@nobody") == "empty");
    CHECK(reached("user_group:@unread") == "empty");
    CHECK(reached("channel:#war-room") == "#war-room (channel #war-room) ");
    CHECK(reached("webhook:https://example.com/page") == "https://example.com/page (a webhook) ");
    CHECK(reached("policy:gone") == "empty");
    all.schedules["payments"].rotations.pop_back();
    CHECK(reached("next:payments") == "bo (schedule payments, next on call) ");
    // An override of the rotation counts, one of the whole schedule does not.
    Override change;
    change.from = noon - 1h;
    change.to = noon + 1h;
    change.people = {"eve"};
    all.schedules["payments"].overrides = {change};
    CHECK(reached("rotation:payments/weekly") == "ana (schedule payments, rotation weekly) ");
    change.rotation = "weekly";
    all.schedules["payments"].overrides = {change};
    CHECK(reached("rotation:payments/weekly") == "eve (schedule payments, override of rotation weekly) ");
}

TEST_CASE("A level pages all at once, one by one or in a round robin", "[oncall][levels]")
{
    SECTION("at once, in each try")
    {
        CHECK(Climb{{level({"team:payments", "channel:#war-room"}, Order::at_once, 1)}}.walk()
            == Steps{"+0s 1.1 ana bo chi #war-room", "+5m 1.2 ana bo chi #war-room", "+10m exhausted"});
    }
    SECTION("one by one, each for as long as a level at once lasts")
    {
        CHECK(Climb{{level({"team:payments"}, Order::one_by_one)}}.walk()
            == Steps{"+0s 1.1 ana", "+5m 1.2 bo", "+10m 1.3 chi", "+15m exhausted"});
        CHECK(Climb{{level({"user:bo", "team:payments"}, Order::one_by_one, 1)}}.walk()
            == Steps{
                "+0s 1.1 bo", "+5m 1.2 bo", "+10m 1.3 ana", "+15m 1.4 ana", "+20m 1.5 chi", "+25m 1.6 chi", "+30m exhausted"});
    }
    SECTION("rounds begin anew, and the level after comes when the last one's time is over")
    {
        CHECK(Climb{{level({"user:ana", "user:bo"}, Order::one_by_one), level({"user:cto"})}, 1}.walk()
            == Steps{
                "+0s 1.1 ana", "+5m 1.2 bo", "+10m 2.1 cto", "+15m 1.1 ana", "+20m 1.2 bo", "+25m 2.1 cto", "+30m exhausted"});
    }
    SECTION("a round robin begins with the next one at each page, and goes round")
    {
        Climb climb{{level({"team:payments"}, Order::round_robin)}};
        CHECK(climb.walk() == Steps{"+0s 1.1 ana", "+5m 1.2 bo", "+10m 1.3 chi", "+15m exhausted"});
        climb.again();
        CHECK(climb.walk() == Steps{"+0s 1.1 bo", "+5m 1.2 chi", "+10m 1.3 ana", "+15m exhausted"});
        climb.again();
        CHECK(climb.step() == "+0s 1.1 chi");
        climb.again();
        CHECK(climb.step() == "+0s 1.1 ana");
        // Whoever has left is no gap: the one who took the place is next.
        climb.configuration.teams["payments"].members = {"bo", "chi"};
        climb.again();
        CHECK(climb.step() == "+0s 1.1 bo");
        climb.configuration.teams["payments"].members = {"chi", "dee", "bo"};
        climb.again();
        CHECK(climb.step() == "+0s 1.1 chi");
    }
    SECTION("further rounds of one page are no new pages")
    {
        Climb climb{{level({"user:ana", "user:bo"}, Order::round_robin)}, 1};
        climb.beginnings[1] = {"ana", 0};
        CHECK(climb.walk() == Steps{"+0s 1.1 bo", "+5m 1.2 ana", "+10m 1.1 bo", "+15m 1.2 ana", "+20m exhausted"});
        CHECK(climb.beginnings[1].name == "bo");
    }
    SECTION("a level put in front by a reassignment takes nobody's turn")
    {
        Climb climb{{level({"user:eve"}), level({"team:payments"}, Order::round_robin)}};
        climb.beginnings[1] = {"bo", 1};
        CHECK(climb.walk()[1] == "+5m 2.1 chi");
    }
}

TEST_CASE("Who was tried one by one is neither skipped nor tried twice when the list shifts", "[oncall][levels]")
{
    Climb climb{{level({"schedule:payments", "team:payments"}, Order::one_by_one)}};
    climb.configuration.schedules["payments"] = rota_of("payments", {{"bo"}});
    CHECK(climb.step() == "+0s 1.1 bo");
    CHECK(climb.step() == "+5m 1.2 ana");
    // Somebody else is on call now, and stands before those who were tried.
    climb.configuration.schedules["payments"] = rota_of("payments", {{"dee"}});
    CHECK(climb.step() == "+10m 1.3 dee");
    CHECK(climb.step() == "+15m 1.4 chi");
    // And one more came in while the last was tried.
    climb.configuration.teams["payments"].members.push_back("eve");
    CHECK(climb.step() == "+20m 1.5 eve");
    CHECK(climb.step() == "+25m exhausted");
    SECTION("who leaves while tries are left is not tried again")
    {
        Climb left{{level({"team:payments"}, Order::one_by_one, 2)}};
        CHECK(left.step() == "+0s 1.1 ana");
        left.configuration.teams["payments"].members = {"bo"};
        CHECK(left.step() == "+5m 1.2 bo");
        CHECK(left.step() == "+10m 1.3 bo");
        CHECK(left.step() == "+15m 1.4 bo");
        CHECK(left.step() == "+20m exhausted");
    }
    SECTION("who said \"not me\" is passed over")
    {
        Climb no{{level({"team:payments"}, Order::round_robin)}};
        no.declined = {"ana"};
        CHECK(no.walk() == Steps{"+0s 1.1 bo", "+5m 1.2 chi", "+10m exhausted"});
        no.again();
        no.declined = {"ana", "bo", "chi"};
        CHECK(no.step() == "+0s [everybody behind level 1 of 1 has said \"not me\", so it was skipped] exhausted");
    }
}

TEST_CASE("Nobody behind a target is said, and a level of nobody is passed over at once", "[oncall][levels]")
{
    Climb climb{{level({"schedule:gone", "policy:gone"}), level({"user_group:@unread", "user:cto"}, Order::one_by_one)}};
    CHECK(climb.step()
        == "+0s [nobody stands behind schedule:gone (level 1 of 2), so it was skipped] [nobody stands behind policy:gone (level "
           "1 of "
           "2), so it was skipped] [nobody stands behind user_group:@unread (level 2 of 2)] 2.1 cto");
    // Said once, not at each person.
    CHECK(climb.step() == "+5m exhausted");
    Climb nobody{{level({"team:gone"}), level({"team:gone"})}, 20};
    CHECK(nobody.walk().size() == 1);
    // Without an end, too: nobody is nobody.
    nobody.again();
    nobody.page.policy.until_answered = true;
    CHECK(nobody.walk().back().ends_with("exhausted"));
}

TEST_CASE("Each kind of target that is deleted, or has nobody, is skipped at once and said", "[oncall][levels]")
{
    const auto target = GENERATE(as<std::string>{}, "team:gone", "team:empty", "schedule:gone", "schedule:empty", "next:gone",
        "next:empty", "rotation:gone/weekly", "rotation:empty/gone", "rotation:empty/weekly", "user_group:@unread",
        "user_group:@empty", "policy:gone");
    INFO(target);
    Climb climb{{level({target}), level({"user:cto"})}};
    climb.configuration.teams["empty"].name = "empty";
    climb.configuration.schedules["empty"] = rota_of("empty", std::vector<Turn>(1));
    climb.groups["@empty"] = {};
    const auto why = "nobody stands behind " + target;
    CHECK(climb.step() == "+0s [" + why + " (level 1 of 2), so it was skipped] 2.1 cto");
    SECTION("one of several is said, and the others are paged")
    {
        Climb both{{level({target, "user:ana"}, Order::one_by_one, 1)}};
        both.configuration = climb.configuration;
        both.groups = climb.groups;
        CHECK(both.walk() == Steps{"+0s [" + why + " (level 1 of 1)] 1.1 ana", "+5m 1.2 ana", "+10m exhausted"});
    }
}

TEST_CASE("Rounds go on until somebody answers", "[oncall][levels]")
{
    Climb climb{{level({"user:ana"}), level({"user:bo"}, Order::one_by_one)}};
    climb.page.policy.until_answered = true;
    const auto steps = climb.walk(200);
    CHECK(steps.size() == 200);
    CHECK(steps[198] == "+16h30m 1.1 ana");
    climb.page.state = PageState::acknowledged;
    CHECK(climb.step() == "+16h40m done");
}

TEST_CASE("A level is run when its condition holds, else passed over at once, with the reason", "[oncall][levels]")
{
    struct Case {
        LevelCondition when;
        Urgency urgency;
        std::string severity;
        std::string at; // UTC
        std::string why; // empty: it is run
    };
    const std::string work = "2026-11-03T12:00", night = "2026-11-03T22:00";
    const auto severities = std::vector<std::string>{"critical", "error"};
    const std::vector<Case> cases{
        {{}, Urgency::low, "", night, ""},
        {{.urgency = Urgency::high}, Urgency::high, "", work, ""},
        {{.urgency = Urgency::high}, Urgency::low, "", work, "it is for high urgency"},
        {{.urgency = Urgency::low}, Urgency::high, "", work, "it is for low urgency"},
        {{.severities = severities}, Urgency::high, "error", work, ""},
        {{.severities = severities}, Urgency::high, "warning", work, "it is for severity critical or error"},
        {{.severities = {"critical"}}, Urgency::high, "", work, "it is for severity critical"},
        {{.working_hours = true}, Urgency::high, "", work, ""},
        {{.working_hours = true}, Urgency::high, "", night, "it is for the working hours of team payments"},
        {{.working_hours = false}, Urgency::high, "", night, ""},
        {{.working_hours = false}, Urgency::high, "", work, "it is for times outside the working hours of team payments"},
        {{.urgency = Urgency::high, .severities = {"critical"}, .working_hours = false}, Urgency::high, "critical", night, ""},
        {{.urgency = Urgency::high, .severities = {"critical"}, .working_hours = false}, Urgency::high, "info", night,
            "it is for severity critical"},
    };
    for (const auto& one : cases) {
        Climb climb{{level({"user:ana"}), level({"user:bo"})}};
        climb.office_hours();
        climb.page.policy.levels.front().when = one.when;
        climb.page.urgency = one.urgency;
        climb.alert.severity = one.severity;
        climb.now = climb.page.due = to_instant(*local_time_in(one.at), "UTC");
        const auto began = "+" + duration_out(climb.now - noon);
        INFO(one.why << " " << one.at);
        CHECK(climb.step() == began + (one.why.empty() ? " 1.1 ana" : " [level 1 of 2 was passed over: " + one.why + "] 2.1 bo"));
    }
    SECTION("hours that nobody has said hold no condition")
    {
        Climb climb{{level({"user:ana"})}};
        climb.page.policy.levels.front().when.working_hours = GENERATE(true, false);
        CHECK(climb.step()
            == "+0s [level 1 of 1 was passed over: it asks for working hours, and team payments has none] exhausted");
        climb.again();
        climb.alert.team.clear();
        CHECK(climb.step()
            == "+0s [level 1 of 1 was passed over: it asks for working hours, and the alert belongs to no team] exhausted");
    }
    SECTION("what has begun goes on when its hours are over")
    {
        Climb climb{{level({"user:ana"}, Order::at_once, 1)}};
        climb.office_hours();
        climb.page.policy.levels.front().when.working_hours = true;
        climb.page.policy.levels.front().patience = 6h;
        CHECK(climb.walk() == Steps{"+0s 1.1 ana", "+6h 1.2 ana", "+12h exhausted"});
    }
}

TEST_CASE("A level waits for the team's working hours, unless somebody is in a hurry", "[oncall][levels]")
{
    Climb climb{{level({"user:ana"}), level({"user:bo"}, Order::at_once, 1)}};
    climb.office_hours("Europe/Berlin"); // noon is 13:00 there
    climb.page.policy.levels[0].wait_for_working_hours = true;
    climb.page.policy.levels[1].wait_for_working_hours = true;
    climb.page.policy.levels[0].patience = 4h;
    climb.page.policy.levels[1].patience = 10h;
    SECTION("the first try comes when they begin, and later ones when they are due")
    {
        CHECK(climb.step() == "+0s 1.1 ana");
        CHECK(climb.step() == "+4h waits until 2026-11-04T08:00:00+00:00 for the working hours of team payments");
        CHECK(climb.step() == "+20h 2.1 bo");
        CHECK(climb.step() == "+1d6h 2.2 bo");
        CHECK(climb.step() == "+1d16h exhausted");
    }
    SECTION("whoever escalates is not told to wait")
    {
        CHECK(climb.step() == "+0s 1.1 ana");
        CHECK(climb.step() == "+4h waits until 2026-11-04T08:00:00+00:00 for the working hours of team payments");
        climb.page.next = next_level(climb.page);
        CHECK(climb.page.next == Position{0, 1, 0});
        climb.page.due = climb.now;
        CHECK(climb.step(true) == "+4h 2.1 bo");
    }
    SECTION("a team that has never said its hours waits for nothing")
    {
        climb.configuration.teams["payments"].working_hours = {};
        climb.now = climb.page.due = noon + 12h;
        CHECK(climb.step() == "+12h 1.1 ana");
    }
}

TEST_CASE("A policy stands in the place of the level that names it, once, with its condition", "[oncall][levels]")
{
    Configuration all;
    const auto add = [&](const std::string& name, std::vector<Level> levels) {
        all.policies[name].name = name;
        all.policies[name].levels = std::move(levels);
    };
    add("cto", {level({"user:cto"}), level({"policy:board"})});
    all.policies["cto"].repeat = 5;
    add("board", {level({"user:ceo"}, Order::round_robin, 2)});
    add("payments", {level({"team:payments"}), level({"policy:cto"}), level({"channel:#war-room"})});
    all.policies["payments"].levels[1].when.severities = {"critical"};
    all.policies["board"].levels[0].when.urgency = Urgency::high;
    const auto whole = expanded(all.policies["payments"], all);
    REQUIRE(whole.levels.size() == 4);
    CHECK(whole.repeat == 0);
    CHECK(whole.levels[1].targets.front().name == "cto");
    CHECK(whole.levels[1].when.severities == std::vector<std::string>{"critical"});
    CHECK(whole.levels[2].targets.front().name == "ceo");
    CHECK(whole.levels[2].order == Order::round_robin);
    CHECK(whole.levels[2].when == LevelCondition{Urgency::high, {"critical"}, {}});
    CHECK(expanded(whole, all) == whole);
    SECTION("conditions that never hold together leave nothing")
    {
        all.policies["cto"].levels[1].when.urgency = Urgency::low;
        CHECK(expanded(all.policies["payments"], all).levels.size() == 3);
    }
    SECTION("what would come back to itself is found, and ends")
    {
        add("board", {level({"policy:payments"}), level({"user:ceo"})});
        CHECK(way_to_policy(all, "cto", "payments") == std::vector<std::string>{"cto", "board", "payments"});
        CHECK(way_to_policy(all, "payments", "gone").empty());
        CHECK(expanded(all.policies["payments"], all).levels.size() == 4);
    }
    SECTION("many of many are too many, and are found so at once")
    {
        const auto name = [](int i) { return std::string(1, static_cast<char>('a' + i)); };
        for (int i = 0; i < 25; ++i)
            add(name(i), {level({"policy:" + name(i + 1)}), level({"policy:" + name(i + 1)})});
        add(name(25), {});
        CHECK(has_too_many_levels(all, "a"));
        CHECK_FALSE(has_too_many_levels(all, "payments"));
    }
}

TEST_CASE("Whatever its policy and whoever answers, a page ends, and each try has a reason", "[oncall][levels]")
{
    const bool held = rc::check([] {
        const auto any = [](int of) { return *rc::gen::resize(100, rc::gen::inRange(0, of)); };
        const std::vector<std::string> targets{"user:ana", "user:bo", "team:payments", "team:gone", "schedule:payments",
            "rotation:payments/weekly", "next:payments", "user_group:@ops", "user_group:@unread", "channel:#war-room",
            "webhook:https://example.com/x", "policy:gone"};
        std::vector<Level> levels(static_cast<std::size_t>(any(4)));
        for (auto& one : levels) {
            std::vector<std::string> behind;
            for (int count = 1 + any(3); count > 0; --count)
                behind.push_back(targets[static_cast<std::size_t>(any(static_cast<int>(targets.size())))]);
            one = level(behind, static_cast<Order>(any(3)), any(3));
            one.patience = 1min * (1 + any(300));
            one.wait_for_working_hours = any(3) == 0;
            if (any(3) == 0)
                one.when.urgency = any(2) ? Urgency::high : Urgency::low;
            if (any(3) == 0)
                one.when.severities = {any(2) ? "critical" : "info"};
            if (any(3) == 0)
                one.when.working_hours = any(2) == 0;
        }
        Climb climb{levels, any(3)};
        climb.page.policy.until_answered = any(3) == 0;
        if (any(3) > 0)
            climb.office_hours("Europe/Berlin");
        climb.configuration.schedules["payments"] = rota_of("payments", {{"ana"}, {}, {"bo", "dee"}});
        climb.groups["@ops"] = {"U1"};
        const int rounds = climb.page.policy.until_answered ? 50 : climb.page.policy.repeat + 1;
        std::size_t most{1};
        for (const auto& one : levels)
            most += static_cast<std::size_t>(rounds) * (one.order == Order::at_once ? 2 + one.retries : 20 * (2 + one.retries));
        const int answers_at = any(60);
        std::map<std::pair<int, int>, std::map<std::string, int>> times;
        for (std::size_t steps = 0;; ++steps) {
            if (climb.page.policy.until_answered && static_cast<int>(steps) >= answers_at)
                climb.page.state = PageState::acknowledged;
            if (any(10) == 0)
                climb.declined.insert("ana");
            if (any(10) == 0)
                climb.configuration.teams["payments"].members = {"chi", "eve", "ana"};
            if (climb.page.state != PageState::paging)
                break;
            RC_ASSERT(steps <= 2 * most);
            climb.now = std::max(climb.now, climb.page.due);
            const auto decision = decide(climb.page, climb.around(), climb.now);
            for (const auto& skip : decision.skipped)
                RC_ASSERT(!skip.words.empty() || !skip.person.empty());
            const auto due = climb.page.due;
            if (const auto* step = std::get_if<Step>(&decision.then)) {
                RC_ASSERT(!step->now.empty());
                RC_ASSERT(step->due > climb.now);
                const auto& at = levels[static_cast<std::size_t>(step->at.level)];
                for (const auto& one : step->now) {
                    RC_ASSERT(!one.how.empty());
                    RC_ASSERT(!climb.declined.contains(one.name));
                    // Nobody more often than the level says.
                    auto& count = times[std::pair{step->at.round, step->at.level}][one.name];
                    RC_ASSERT(++count <= 1 + at.retries);
                }
                RC_ASSERT(at.order == Order::at_once || step->now.size() == 1);
            } else if (const auto* wait = std::get_if<Wait>(&decision.then)) {
                RC_ASSERT(wait->until > climb.now);
                RC_ASSERT(wait->until < climb.now + std::chrono::days{4});
            } else {
                RC_ASSERT(std::holds_alternative<Exhausted>(decision.then));
            }
            climb.step();
            RC_ASSERT(climb.page.state != PageState::paging || climb.page.due > due || due < climb.now);
        }
    });
    CHECK(held);
}
