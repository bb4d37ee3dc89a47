#include "catch.hpp"
#include "oncall/grouping.hpp"

using namespace oncall;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint began{1'793'707'200'000ms};

Group paged_group()
{
    Group group;
    group.parent = {12};
    group.began_at = group.last_at = began;
    group.urgency = Urgency::high;
    group.worst = 3;
    group.looked_after = true;
    return group;
}

Comer comer(bool pages, std::vector<Hold::Kind> held_by = {})
{
    Comer one;
    one.pages = pages;
    for (const auto kind : held_by)
        one.holds.push_back({kind, 0, began + 1h, "x"});
    return one;
}

} // namespace

TEST_CASE("A group takes what comes soon after its last, for an hour, and five hundred at most", "[oncall][grouping]")
{
    auto group = paged_group();
    CHECK(takes(group, comer(true), 5min, began));
    CHECK(takes(group, comer(true), 5min, began + 5min));
    CHECK_FALSE(takes(group, comer(true), 5min, began + 5min + 1ms));
    group.last_at = began + 58min;
    CHECK(takes(group, comer(true), 5min, began + 60min));
    CHECK_FALSE(takes(group, comer(true), 5min, began + 60min + 1ms)); // however often it is reported
    CHECK(takes(group, comer(true), 5min, began - 1s)); // a clock that was set back
    group.members = most_in_group - 1;
    CHECK(takes(group, comer(true), 5min, began + 59min));
    group.members = most_in_group;
    CHECK_FALSE(takes(group, comer(true), 5min, began + 59min));
}

TEST_CASE("What would page joins only where somebody is paged or has answered, and what is held agrees", "[oncall][grouping]")
{
    using enum Hold::Kind;
    struct Case {
        std::string words{};
        bool looked_after{};
        std::optional<Hold::Kind> held{};
        Comer comes{};
        bool takes{};
    };
    const std::vector<Case> cases{
        {"a paged group takes a page", true, {}, comer(true), true},
        {"one that pages nobody takes none", false, {}, comer(true), false},
        {"but what pages nobody either", false, {}, comer(false), true},
        {"what pages nobody goes anywhere", true, silence, comer(false), true},
        {"what is silenced stays out of what is not", true, {}, comer(true, {silence}), false},
        {"nor in a window", true, {}, comer(true, {maintenance}), false},
        {"both are silenced", true, silence, comer(true, {silence}), true},
        {"both are held, by either", true, maintenance, comer(true, {silence, delay}), true},
        {"what is not silenced does not wait in a silence", true, silence, comer(true), false},
        {"nor behind a delay that is not its own", true, delay, comer(true), false},
        {"a delay of both", true, delay, comer(true, {delay}), true},
        {"a delay only of the one that comes", true, {}, comer(true, {delay}), true},
        {"what flaps joins what is paged", true, {}, comer(true, {flapping}), true},
        {"a silence is not a delay", true, silence, comer(true, {delay}), false},
    };
    for (const auto& one : cases) {
        INFO(one.words);
        auto group = paged_group();
        group.looked_after = one.looked_after;
        group.held = one.held;
        CHECK(takes(group, one.comes, 5min, began) == one.takes);
    }
}

TEST_CASE("A group is paged again for what is worse than all there were, and for nothing else", "[oncall][grouping]")
{
    auto group = paged_group();
    CHECK(worse_by(group, "critical", Urgency::high) == "with severity critical");
    CHECK(worse_by(group, "error", Urgency::high).empty());
    CHECK(worse_by(group, "critical", Urgency::low).empty());
    CHECK(worse_by(group, "whatever", Urgency::high).empty());
    add_to(group, "critical", Urgency::high);
    CHECK(worse_by(group, "critical", Urgency::high).empty()); // once
    add_to(group, "info", Urgency::low);
    CHECK(group.worst == 4);
    CHECK(group.urgency == Urgency::high);

    group.urgency = Urgency::low;
    group.worst = 2;
    CHECK(worse_by(group, "whatever", Urgency::high) == "with high urgency");
    CHECK(worse_by(group, "", Urgency::high) == "with high urgency");
    CHECK(worse_by(group, "warning", Urgency::low).empty());
    group.worst = -1; // nobody said how bad it is
    CHECK(worse_by(group, "critical", Urgency::high) == "with severity critical");
}
