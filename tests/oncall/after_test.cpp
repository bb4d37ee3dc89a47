#include "catch.hpp"
#include "noon.hpp"
#include "oncall/acknowledgements.hpp"
#include "oncall/facts.hpp"
#include "oncall/rise.hpp"

using namespace oncall;

namespace {

Notification told(int level, const std::string& person, const std::string& method = "slack", milliseconds after = {})
{
    Notification one;
    one.at = {0, level, 0};
    one.person = person;
    one.method = method;
    one.state = NotificationState::sent;
    one.planned_at = noon + after;
    one.sent_at = one.planned_at + 1s;
    return one;
}

Alert an_alert(AlertState state, Urgency urgency, const std::string& severity)
{
    Alert alert;
    alert.state = state;
    alert.urgency = urgency;
    alert.severity = severity;
    alert.answered_at = noon;
    return alert;
}

} // namespace

TEST_CASE("As many must acknowledge as any level wants that has told somebody", "[oncall][after]")
{
    Page page;
    page.policy.levels.resize(3);
    page.policy.levels[1].acknowledgements = 3;
    page.policy.levels[2].acknowledgements = 2;
    const auto needed = [&](const std::vector<Notification>& all, const std::vector<Run>& runs = {}) {
        return oncall::needed(page, all, runs);
    };
    CHECK(needed({}) == 1);
    CHECK(needed({told(0, "ana")}) == 1);
    CHECK(needed({told(0, "ana"), told(1, "bo")}) == 3);
    CHECK(needed({told(0, "ana"), told(2, "cto")}) == 2); // level 2 was passed over
    CHECK(needed({told(1, "bo"), told(2, "cto"), told(0, "ana")}) == 3);
    CHECK(needed({told(0, "ana"), told(1, "#ops", "fallback")}) == 1);
    CHECK(needed({told(7, "ana")}) == 1);
    auto not_reached = told(1, "bo"); // what is kept of "not me" from somebody the page had not told
    not_reached.state = NotificationState::declined;
    CHECK(needed({not_reached, told(2, "cto")}) == 2);
    auto declined = not_reached;
    declined.run = {4};
    CHECK(needed({declined, told(2, "cto")}) == 3);
    Run held; // nobody has been told yet, and somebody will be
    held.at = {0, 1, 0};
    held.state = RunState::held;
    CHECK(needed({told(0, "ana")}, {held}) == 3);
    CHECK(in_words({{"ana", noon, "/oncall"}}, 2) == "1 of 2 acknowledged");
    CHECK(has_acknowledged({{"ana", noon, "/oncall"}}, "ana"));
    CHECK_FALSE(has_acknowledged({{"ana", noon, "/oncall"}}, "bo"));
}

TEST_CASE("Severities have an order, and a word nobody knows has no place in it", "[oncall][after]")
{
    CHECK(severity_rank("critical") > severity_rank("error"));
    CHECK(severity_rank("error") > severity_rank("warning"));
    CHECK(severity_rank("warning") > severity_rank("info"));
    CHECK(severity_rank("info") > severity_rank("debug"));
    CHECK(severity_rank("p1") > severity_rank("p2"));
    CHECK_FALSE(severity_rank("chartreuse"));
    CHECK_FALSE(severity_rank(""));
}

TEST_CASE("While an alert is open its severity and its urgency never fall", "[oncall][after]")
{
    using enum Urgency;
    struct Row {
        Urgency was{};
        std::string severity{};
        std::string reported{};
        Urgency urgency{};
        std::string becomes{};
        Urgency and_urgency{};
        bool rose{};
    };
    const Row rows[] = {
        {low, "warning", "critical", high, "critical", high, true},
        {high, "error", "critical", high, "critical", high, true},
        {high, "critical", "warning", low, "critical", high, false},
        {high, "critical", "critical", high, "critical", high, false},
        {low, "info", "warning", low, "warning", low, false}, // worse, but nobody is to be woken
        {low, "warning", "warning", high, "warning", high, true}, // a rule says so
        {high, "critical", "", high, "critical", high, false},
        {high, "", "critical", high, "critical", high, false}, // nobody had said how bad it was
        {high, "chartreuse", "mauve", high, "mauve", high, false},
        {low, "chartreuse", "mauve", high, "mauve", high, true},
    };
    for (const auto& row : rows) {
        INFO(row.severity << " → " << row.reported);
        const auto is = reported_again(an_alert(AlertState::acknowledged, row.was, row.severity), row.reported, row.urgency);
        CHECK(is.severity == row.becomes);
        CHECK((is.urgency == row.and_urgency));
        CHECK(is.rose == row.rose);
    }
}

TEST_CASE("A report of an open alert pages again when its policy says so", "[oncall][after]")
{
    using enum AlertState;
    using enum Urgency;
    const auto late = noon + 2min;
    const auto why = [&](AlertState state, Urgency was, const std::string& severity, const std::string& reported, Urgency urgency,
                         bool refire, bool rise, TimePoint at) {
        Policy policy;
        policy.refire_pages = refire;
        policy.rise_pages = rise;
        const auto alert = an_alert(state, was, severity);
        return pages_again(alert, policy, reported_again(alert, reported, urgency), at);
    };
    const auto refire = [&](AlertState state, bool says_so, TimePoint at) {
        return why(state, high, "critical", "critical", high, says_so, true, at);
    };
    CHECK(refire(acknowledged, true, late) == "it fired anew");
    CHECK(refire(promised, true, late) == "it fired anew");
    CHECK(refire(acknowledged, false, late).empty());
    CHECK(refire(acknowledged, true, noon + 59s).empty()); // it was under way when somebody answered, or came twice
    CHECK(refire(snoozed, true, late).empty()); // until then it is quiet
    CHECK(refire(triggered, true, late).empty()); // it is being paged
    CHECK(refire(resolved, true, late).empty());

    const auto rise = [&](AlertState state, bool says_so) {
        return why(state, low, "warning", "critical", high, false, says_so, noon + 1s);
    };
    for (const auto state : {acknowledged, promised, snoozed}) {
        CHECK(rise(state, true) == "its urgency rose to high");
        CHECK(rise(state, false).empty());
    }
    // Nobody has it: that it must wake somebody now is not for the policy to say.
    CHECK(rise(triggered, true) == "its urgency rose to high");
    CHECK(rise(triggered, false) == "its urgency rose to high");
    CHECK(rise(resolved, true).empty());

    CHECK(why(acknowledged, high, "error", "critical", high, false, true, late) == "its severity rose from error to critical");
    CHECK(why(triggered, high, "error", "critical", high, false, true, late).empty());
    CHECK(why(acknowledged, high, "critical", "warning", low, false, true, late).empty());
}

TEST_CASE("What has paged nobody yet pages when its report would", "[oncall][after]")
{
    using enum AlertState;
    using enum Urgency;
    const auto why = [&](AlertState state, Urgency was, const std::string& severity, const std::string& reported) {
        const auto alert = an_alert(state, was, severity);
        return pages_after_all(alert, Policy{}, reported_again(alert, reported, reported == "info" ? low : high), noon + 2min);
    };
    CHECK(why(triggered, low, "info", "critical") == "its urgency rose to high");
    CHECK(why(triggered, high, "error", "critical") == "its severity rose from error to critical");
    CHECK(why(triggered, low, "info", "info") == "the rules page for it now");
    // Somebody has it: as with any other.
    CHECK(why(acknowledged, low, "info", "critical") == "its urgency rose to high");
    CHECK(why(acknowledged, low, "info", "info").empty());
    CHECK(why(resolved, low, "info", "critical").empty());
}

TEST_CASE("An answer is kept with how long it took, at which level, by which ways, and at which hour of hers", "[oncall][after]")
{
    const std::vector<Notification> all{
        told(0, "bo@example.com", "slack"), told(0, "bo@example.com", "sms:4", 1min), told(1, "ana", "slack", 5min)};
    const auto fact = answer_fact("U02BO", {"U02BO", "bo@example.com"}, all, "a text message", "Europe/Berlin", noon + 3min);
    CHECK(fact.person == "U02BO");
    REQUIRE(fact.took);
    CHECK(*fact.took == 2min + 59s);
    CHECK((fact.at == Position{0, 0, 0}));
    CHECK(fact.hour == 13);
    CHECK(fact.told_by == "sms");
    CHECK(fact.answered_by == "sms");

    SECTION("nothing had reached for her")
    {
        const auto early = answer_fact("ana", {"ana"}, all, "a button in Slack", "", noon + 3min);
        CHECK_FALSE(early.took);
        CHECK(early.told_by.empty());
        CHECK(early.hour == -1);
        CHECK(early.answered_by == "slack");
    }
    SECTION("what failed before it left did not reach for her")
    {
        auto failed = told(0, "chi");
        failed.state = NotificationState::failed;
        failed.sent_at = {};
        CHECK_FALSE(answer_fact("chi", {"chi"}, {failed}, "/oncall", "", noon + 1min).took);
    }
    SECTION("the hour is hers, also where the clock was changed and where there is no such zone")
    {
        CHECK(hour_in("America/New_York", noon) == 7);
        CHECK(hour_in("Pacific/Auckland", noon) == 1);
        CHECK(hour_in("Asia/Kolkata", noon) == 17);
        CHECK(hour_in("Nowhere/Land", noon) == -1);
    }
    SECTION("each way is known by the timeline's words")
    {
        CHECK(answered_by_kind("a phone call") == "voice");
        CHECK(answered_by_kind("a link in an SMS") == "sms");
        CHECK(answered_by_kind("a link in an e-mail") == "email");
        CHECK(answered_by_kind("a push notification") == "web_push");
        CHECK(answered_by_kind("/oncall") == "slack");
    }
}
