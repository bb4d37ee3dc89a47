#include "catch.hpp"
#include "delivery/budget.hpp"
#include "noon.hpp"

using namespace delivery;
using namespace std::chrono_literals;

namespace {
}

TEST_CASE("A channel takes a short burst and then a post a second", "[delivery]")
{
    Budget budget;
    int sent = 0;
    for (auto now = noon; now < noon + 10s; now += 100ms)
        if (budget.allows("C1", "chat.postMessage", now)) {
            budget.spend("C1", "chat.postMessage", now);
            ++sent;
        }
    CHECK(sent >= 12);
    CHECK(sent <= 13);
    CHECK(budget.allows("C2", "chat.postMessage", noon));
    // Beside them, pictures go at half of that.
    budget.spend("picture:1", "chat.postMessage", noon);
    CHECK_FALSE(budget.allows("picture:1", "chat.postMessage", noon + 1999ms));
    CHECK(budget.allows("picture:1", "chat.postMessage", noon + 2s));
}

TEST_CASE("Of a burst of posts forty are kept for pages, and cards wait for no others", "[delivery]")
{
    const auto cards_wait = [](const Budget& budget, TimePoint now) {
        return budget.waiting(now).contains(std::string{Budget::posts_of_cards});
    };
    Budget budget;
    int cards = 0;
    while (!cards_wait(budget, noon))
        budget.spend("C" + std::to_string(cards++), "chat.postMessage", noon);
    CHECK(cards == 60);
    CHECK(budget.next(noon) == noon + 200ms);
    CHECK_FALSE(cards_wait(budget, noon + 200ms));
    int pages = 0;
    while (budget.allows("U" + std::to_string(pages), "chat.postMessage", noon))
        budget.spend("U" + std::to_string(pages++), "chat.postMessage", noon);
    CHECK(pages == 40);
    CHECK(budget.next(noon) == noon + 200ms); // the next page's; a card's comes eight seconds later
    CHECK(cards_wait(budget, noon + 8s));
    CHECK_FALSE(cards_wait(budget, noon + 8'200ms));
}

TEST_CASE("Edits keep to Slack's tier in the long run", "[delivery]")
{
    Budget budget;
    int sent = 0;
    for (auto now = noon; now < noon + 10min; now += 50ms) {
        const auto lane = "C" + std::to_string(sent);
        if (budget.allows(lane, "chat.update", now)) {
            budget.spend(lane, "chat.update", now);
            ++sent;
        }
        budget.tidy(now);
    }
    CHECK(sent <= 10 * 50 + 25);
    CHECK(sent >= 10 * 50);
}

TEST_CASE("Homes keep to Slack's tier in the long run, and one person's to one a second", "[delivery][home]")
{
    Budget budget;
    const std::string publish{"views.publish"};
    int sent = 0, to_one = 0;
    for (auto now = noon; now < noon + 10min; now += 50ms)
        if (const auto lane = "home:U" + std::to_string(sent); budget.allows(lane, publish, now)) {
            budget.spend(lane, publish, now);
            ++sent;
        }
    CHECK(sent <= 10 * 100 + 50);
    CHECK(sent >= 10 * 90);
    Budget other;
    for (auto now = noon; now < noon + 10s; now += 50ms)
        if (other.allows("home:U1", publish, now)) {
            other.spend("home:U1", publish, now);
            ++to_one;
        }
    CHECK(to_one <= 13);
}

TEST_CASE("After a 429 the method rests as long as Slack said, and others go on", "[delivery]")
{
    Budget budget;
    budget.rest("chat.update", noon + 30s);
    CHECK_FALSE(budget.allows("C1", "chat.update", noon + 29s));
    CHECK(budget.allows("C1", "chat.postMessage", noon));
    CHECK(budget.allows("C1", "chat.update", noon + 30s));
    CHECK(budget.next(noon) == noon + 30s);
    CHECK(budget.waiting(noon) == std::set<std::string>{"chat.update"});
    CHECK(budget.next(noon + 30s) == TimePoint::max());
}
