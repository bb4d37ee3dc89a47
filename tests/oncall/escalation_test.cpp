#include "catch.hpp"
#include "noon.hpp"
#include "oncall/escalation.hpp"

using namespace oncall;

namespace {

Page a_page(int repeat, std::vector<std::pair<milliseconds, int>> levels)
{
    Page page;
    page.policy.repeat = repeat;
    for (const auto& [patience, retries] : levels) {
        Level level;
        level.targets = {Target{TargetKind::user, "level" + std::to_string(page.policy.levels.size() + 1)}};
        level.patience = patience;
        level.retries = retries;
        page.policy.levels.push_back(level);
    }
    page.due = noon;
    return page;
}

/// With nothing else said.
Decision decide(const Page& page, TimePoint now)
{
    static const Alert alert;
    static const Configuration configuration;
    return oncall::decide(page, {alert, configuration}, now);
}

/// Runs a page on the minute it asks for, and writes down what it did: "+0 1.1 level1".
std::vector<std::string> walk(Page page)
{
    std::vector<std::string> steps;
    for (auto now = page.due; steps.size() < 100;) {
        const auto decision = decide(page, now).then;
        const auto at = "+" + duration_out(now - noon);
        if (const auto* step = std::get_if<Step>(&decision)) {
            steps.push_back(at + " " + std::to_string(step->at.round) + "." + std::to_string(step->at.level) + "."
                + std::to_string(step->at.attempt));
            page.next = step->next;
            page.last = step->at;
            page.due = now = step->due;
        } else if (std::holds_alternative<Exhausted>(decision)) {
            steps.push_back(at + " exhausted");
            return steps;
        } else {
            return steps;
        }
    }
    return steps;
}

} // namespace

TEST_CASE("A climb follows the arithmetic of its policy", "[oncall]")
{
    using Steps = std::vector<std::string>;
    CHECK(walk(a_page(0, {{5min, 0}})) == Steps{"+0s 0.0.0", "+5m exhausted"});
    CHECK(walk(a_page(0, {{5min, 2}})) == Steps{"+0s 0.0.0", "+5m 0.0.1", "+10m 0.0.2", "+15m exhausted"});
    CHECK(walk(a_page(1, {{5min, 1}, {10min, 0}}))
        == Steps{"+0s 0.0.0", "+5m 0.0.1", "+10m 0.1.0", "+20m 1.0.0", "+25m 1.0.1", "+30m 1.1.0", "+40m exhausted"});
    CHECK(walk(a_page(5, {})) == Steps{"+0s exhausted"});
}

TEST_CASE("A page waits for its time, and does nothing once it is answered", "[oncall]")
{
    auto page = a_page(0, {{5min, 0}, {5min, 0}});
    CHECK(std::get<Wait>(decide(page, noon - 1ms).then).until == noon);
    // Patience runs from now: late by an hour, the next step is five minutes away and not overdue.
    CHECK(std::get<Step>(decide(page, noon + 1h).then).due == noon + 1h + 5min);
    for (const auto state : {PageState::acknowledged, PageState::resolved, PageState::exhausted}) {
        page.state = state;
        CHECK(std::holds_alternative<Done>(decide(page, noon + 1h).then));
    }
}

TEST_CASE("Escalating skips the tries that are left on a level", "[oncall]")
{
    auto page = a_page(1, {{5min, 3}, {5min, 0}});
    CHECK_FALSE(last_step(page));
    CHECK(next_level(page) == Position{0, 0, 0});
    page.last = {0, 0, 0};
    page.next = {0, 0, 1};
    CHECK(next_level(page) == Position{0, 1, 0});
    page.last = {0, 0, 3};
    page.next = {0, 1, 0}; // the last try of level 1 was run
    CHECK(next_level(page) == Position{0, 1, 0});
    page.last = {0, 1, 0};
    page.next = {1, 0, 0};
    CHECK(next_level(page) == Position{1, 0, 0});
}

TEST_CASE("A step reaches each person once and names the targets nobody stands behind", "[oncall]")
{
    Configuration configuration;
    configuration.teams["t"].members = {"ana", "bo"};
    configuration.teams["empty"];
    configuration.schedules["gap"];
    const auto reached = reach({*target_in("user:bo"), *target_in("team:t"), *target_in("team:empty"), *target_in("schedule:gap"),
                                   *target_in("schedule:gone"), *target_in("channel:#war-room")},
        configuration, noon);
    CHECK(reached.people() == std::vector<std::string>{"bo", "ana"});
    CHECK(reached.all.back().name == "#war-room");
    CHECK(reached.all.back().kind == Reached::Kind::channel);
    CHECK(reached.empty.size() == 3);
}
