#include "catch.hpp"
#include "noon.hpp"
#include "oncall/run.hpp"

using namespace oncall;

namespace {

using Methods = std::vector<std::string>;

ContactMethod verified(ContactKind kind, std::int64_t id)
{
    ContactMethod method;
    method.id = {id};
    method.kind = kind;
    method.verified_at = method.consented_at = noon;
    return method;
}

std::vector<ContactMethod> all_of_hers()
{
    using enum ContactKind;
    std::vector<ContactMethod> hers{verified(slack, 0), verified(email, 0), verified(email, 3), verified(sms, 4),
        verified(sms, 5), verified(voice, 6), verified(ntfy, 7), verified(web_push, 8), verified(webhook, 9)};
    hers[0].verified_at = hers[1].verified_at = {}; // they have no row
    hers[4].stopped_at = noon;
    return hers;
}

NotificationRule a_rule(const std::string& name, Urgency urgency, std::vector<Window> windows = {})
{
    return {name, urgency, std::move(windows), {{{"slack"}, 1min}}};
}

Window at_night(std::vector<Weekday> days = {})
{
    Window window;
    window.days = std::move(days);
    window.from = 22h;
    window.to = 7h;
    return window;
}

} // namespace

TEST_CASE("A step's methods are those that the person has and can use, each once", "[oncall][rules]")
{
    const auto hers = all_of_hers();
    CHECK(methods_of({{"sms"}, {}}, hers) == Methods{"sms:4"});
    CHECK(methods_of({{"push"}, {}}, hers) == Methods{"ntfy:7", "web_push:8"});
    CHECK(methods_of({{"email"}, {}}, hers) == Methods{"email", "email:3"});
    CHECK(methods_of({{"email:3", "email", "slack"}, {}}, hers) == Methods{"email:3", "email", "slack"});
    CHECK(methods_of({{"sms:5", "gotify", "voice:1", "fax", ""}, {}}, hers).empty());
    CHECK(methods_of({{"webhook:9"}, {}}, hers) == Methods{"webhook:9"});
}

TEST_CASE(
    "The default is Slack, e-mail and push at once, SMS and voice after a minute, as far as they are set up", "[oncall][rules]")
{
    const auto steps = steps_for(default_rule(Urgency::high), all_of_hers());
    REQUIRE(steps.size() == 2);
    CHECK(steps[0] == NotificationStep{{"slack", "email", "email:3", "ntfy:7", "web_push:8"}, 1min});
    CHECK(steps[1] == NotificationStep{{"sms:4", "voice:6"}, 0ms});
    const auto hers = all_of_hers();
    const auto alone = steps_for(default_rule(Urgency::low), {hers[0], hers[1]});
    CHECK(alone == std::vector{NotificationStep{{"slack", "email"}, 1min}});
}

TEST_CASE("The first rule whose time it is holds, hers before her team's before the default", "[oncall][rules]")
{
    const auto night = a_rule("night", Urgency::high, {at_night()});
    const auto any = a_rule("any", Urgency::high);
    const auto quiet = a_rule("quiet", Urgency::low);
    const auto teams = a_rule("team", Urgency::high);
    const auto name_at = [](const std::vector<NotificationRule>& hers, const std::vector<NotificationRule>& team, Urgency urgency,
                             TimePoint at, const std::string& zone) { return rule_at(hers, team, urgency, at, zone).name; };
    CHECK(name_at({night, any, quiet}, {teams}, Urgency::high, noon, "UTC") == "any");
    CHECK(name_at({night, any, quiet}, {teams}, Urgency::high, noon + 10h, "UTC") == "night");
    CHECK(name_at({night, any, quiet}, {teams}, Urgency::high, noon + 19h, "UTC") == "any"); // 7:00
    CHECK(name_at({night}, {teams}, Urgency::high, noon, "UTC") == "team");
    CHECK(name_at({night}, {}, Urgency::high, noon, "UTC") == "the default");
    CHECK(name_at({night, any}, {teams}, Urgency::low, noon, "UTC") == "the default");
    CHECK(name_at({night}, {}, Urgency::high, noon, "Pacific/Auckland") == "night"); // 1:00 there
}

TEST_CASE("A rule's windows are on the wall clock of the person's zone, also where it is changed", "[oncall][rules]")
{
    const std::vector<NotificationRule> hers{a_rule("night", Urgency::high, {at_night({Weekday::sat})})};
    const auto holds = [&](const std::string& local) {
        return rule_at(hers, {}, Urgency::high, to_instant(*local_time_in(local), "Europe/Berlin"), "Europe/Berlin").name
            == "night";
    };
    // The clocks are set back in the night from Saturday 2026-10-24 to Sunday, at 3:00.
    CHECK_FALSE(holds("2026-10-24T21:59"));
    CHECK(holds("2026-10-24T22:00"));
    CHECK(holds("2026-10-25T02:30"));
    CHECK(holds("2026-10-25T06:59"));
    CHECK_FALSE(holds("2026-10-25T07:00"));
    CHECK_FALSE(holds("2026-10-25T22:00"));
    // An unknown zone is UTC's.
    CHECK(rule_at(hers, {}, Urgency::high, to_instant(*local_time_in("2026-10-24T22:00"), "UTC"), "Nowhere/At all").name
        == "night");
}

TEST_CASE("A run takes its steps one after the other, each when the wait of the one before is over", "[oncall][rules]")
{
    Run run;
    run.steps = {{{"slack"}, 1min}, {{"sms:4"}, 2min}, {{"voice:6"}, 5min}};
    run.due = noon;
    std::vector<std::string> taken;
    for (auto now = noon; now < noon + 1h; now += 1s) {
        const auto decision = decide_run(run, now);
        if (const auto* step = std::get_if<RunStep>(&decision)) {
            taken.push_back("+" + duration_out(now - noon) + " " + step->methods.front());
            run.next = step->step + 1;
            run.due = step->due;
        } else if (const auto* wait = std::get_if<Wait>(&decision)) {
            CHECK(wait->until == run.due);
        }
    }
    CHECK(taken == std::vector<std::string>{"+0s slack", "+1m sms:4", "+3m voice:6"});
    CHECK_FALSE(goes_on(run));
    CHECK(std::holds_alternative<Done>(decide_run(run, noon + 2h)));
}

TEST_CASE("A run that was late waits from then on, and one that has ended takes no step", "[oncall][rules]")
{
    Run run;
    run.steps = {{{"slack"}, 1min}, {{"sms:4"}, 2min}};
    run.due = noon;
    const auto late = decide_run(run, noon + 1h);
    CHECK(std::get<RunStep>(late).due == noon + 1h + 1min);
    for (const auto state : {RunState::stopped, RunState::completed}) {
        run.state = state;
        CHECK(std::holds_alternative<Done>(decide_run(run, noon)));
        CHECK(next_in_words(run).empty());
    }
}

TEST_CASE("What comes next is said in words", "[oncall][rules]")
{
    Run run;
    run.steps = {{{"sms:4", "sms:5", "voice:6"}, {}}, {{"ntfy:1", "gotify:2"}, {}}, {{"slack", "email", "webhook:1"}, {}}};
    CHECK(next_in_words(run) == "sending an SMS and calling now");
    run.next = 1;
    CHECK(next_in_words(run) == "sending a push now");
    run.next = 2;
    CHECK(next_in_words(run) == "writing in Slack, sending an e-mail and calling a webhook now");
    run.next = 3;
    CHECK(next_in_words(run).empty());
}
