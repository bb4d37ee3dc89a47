#include "catch.hpp"
#include "noon.hpp"
#include "oncall/readiness.hpp"

using namespace oncall;

namespace {

constexpr auto week = std::chrono::days{7};
const std::set<ContactKind> all_ways{
    ContactKind::slack, ContactKind::email, ContactKind::sms, ContactKind::voice, ContactKind::ntfy, ContactKind::webhook};

ContactMethod method(std::int64_t id, ContactKind kind, const std::string& address)
{
    ContactMethod one;
    one.id = {id};
    one.person = "U1";
    one.kind = kind;
    one.address = address;
    one.verified_at = one.consented_at = noon;
    return one;
}

/// With those of the profile, as rules are asked.
std::vector<ContactMethod> with_profile(std::vector<ContactMethod> own)
{
    own.emplace_back().kind = ContactKind::slack;
    own.emplace_back().kind = ContactKind::email;
    return own;
}

Reach reach(std::vector<ContactMethod> methods = {})
{
    Reach one;
    one.user = "U1";
    one.kind = "member";
    one.email = "ana@example.com";
    one.time_zone = "Europe/Berlin";
    one.methods = std::move(methods);
    return one;
}

Configuration rota()
{
    Configuration all;
    Rotation weekly;
    weekly.name = "weekly";
    weekly.start = *local_time_in("2026-11-02T09:00");
    weekly.turns = {{"ana@example.com"}, {"bo@example.com"}};
    all.schedules["payments"] = {.name = "payments", .time_zone = "UTC", .rotations = {weekly}};
    all.schedules["unused"] = all.schedules["payments"];
    all.teams["payments"] = {.name = "payments", .members = {"dee@example.com"}};
    Level first, second;
    first.targets = {{TargetKind::schedule, "payments"}, {TargetKind::channel, "#war-room"}};
    second.targets = {{TargetKind::team, "payments"}, {TargetKind::user, "cto@example.com"}};
    all.policies["payments"] = {.name = "payments", .levels = {first, second, first}};
    return all;
}

NotificationRule rule(const std::string& name, std::vector<std::string> methods, std::vector<Window> windows = {})
{
    NotificationRule one;
    one.name = name;
    one.steps = {{std::move(methods), 1min}};
    one.windows = std::move(windows);
    return one;
}

std::vector<NotReady> look(const Reach& ana, const std::set<ContactKind>& ways = all_ways)
{
    return not_ready({{"ana@example.com", "schedule payments", noon, noon + week}}, {{"ana@example.com", ana}}, ways);
}

} // namespace

TEST_CASE("The coming rota is whom policies could page: by schedules, teams and by name", "[oncall][readiness]")
{
    const auto shifts = coming_shifts(rota(), noon, noon + week);
    const auto handoff = to_instant(*local_time_in("2026-11-09T09:00"), "UTC");
    CHECK(shifts
        == std::vector<ComingShift>{{"ana@example.com", "schedule payments", noon, handoff},
            {"cto@example.com", "policy payments", noon, noon + week}, {"dee@example.com", "team payments", noon, noon + week},
            {"bo@example.com", "schedule payments", handoff, noon + week}});
}

TEST_CASE(
    "Of a Slack user group those are looked at who were in it last; one that was never read is named", "[oncall][readiness]")
{
    auto configuration = rota();
    Level group;
    group.targets = {{TargetKind::user_group, "@ops"}, {TargetKind::user_group, "@night"}};
    configuration.policies["payments"].levels = {group};
    const GroupMembers groups{{"@ops", {"U1", "U2"}}};
    CHECK(coming_shifts(configuration, noon, noon + week, groups)
        == std::vector<ComingShift>{{"U1", "user group @ops", noon, noon + week}, {"U2", "user group @ops", noon, noon + week}});
    Readiness readiness;
    readiness.people = 2;
    readiness.unread = unread_groups(configuration, groups);
    const auto words = words_of(readiness);
    REQUIRE(words.size() == 2);
    CHECK(words[1] == "Who is in user group @night is not known, so its members were not looked at.");
}

TEST_CASE("Somebody with nothing but Slack and e-mail is reached and not woken", "[oncall][readiness]")
{
    const auto found = look(reach());
    REQUIRE(found.size() == 1);
    CHECK(found[0].person == "U1");
    CHECK(found[0].reached);
    CHECK(found[0].why == std::vector<std::string>{"No SMS, phone call or push is set up."});
    CHECK(look(reach(), {ContactKind::slack})[0].why
        == std::vector<std::string>{"Only Slack and e-mail can be used here, and they wake nobody."});
    CHECK(look(reach({method(1, ContactKind::webhook, "https://example.com/x")})).size() == 1);
}

TEST_CASE("One method that wakes is enough, unless it cannot be used", "[oncall][readiness]")
{
    const auto sms = method(1, ContactKind::sms, "+4915123456789");
    CHECK(look(reach({sms})).empty());
    CHECK(look(reach({method(1, ContactKind::ntfy, "topic")})).empty());
    auto unverified = sms, stopped = sms, no_consent = sms;
    unverified.verified_at = {};
    stopped.stopped_at = noon;
    no_consent.consented_at = {};
    // Everybody reads it: which number that is, is hers alone to know.
    CHECK(look(reach({unverified}))[0].why == std::vector<std::string>{"SMS: its code was never typed in."});
    CHECK(look(reach({stopped}))[0].why == std::vector<std::string>{"SMS: it was stopped."});
    CHECK(look(reach({no_consent})).size() == 1);
    CHECK(look(reach({sms}), {ContactKind::slack, ContactKind::voice})[0].why
        == std::vector<std::string>{"SMS: no provider is set up for it any more."});
    CHECK(look(reach({stopped, method(2, ContactKind::voice, "+4915123456789")})).empty());
}

TEST_CASE("A rule of hers that does not wake is told at the first hour it holds", "[oncall][readiness]")
{
    auto ana = reach({method(1, ContactKind::sms, "+4915123456789")});
    ana.rules = {rule("Quiet", {"slack", "email"})};
    auto found = look(ana);
    REQUIRE(found.size() == 1);
    CHECK(found[0].why == std::vector<std::string>{"The rule \"Quiet\" has no step that wakes: At once: Slack, e-mail."});
    // By night alone, in her zone.
    ana.rules[0].windows = {{.from = 22h, .to = 7h}};
    CHECK(look(ana).size() == 1);
    const std::vector<ComingShift> by_day{{"ana@example.com", "schedule payments", noon, noon + 8h}};
    CHECK(not_ready(by_day, {{"ana@example.com", ana}}, all_ways).empty());
    // Low urgency wakes nobody and need not.
    ana.rules[0].urgency = Urgency::low;
    CHECK(look(ana).empty());
    // The team's holds where she has none.
    ana.rules.clear();
    ana.team_rules = {rule("Team", {"slack"})};
    CHECK(look(ana).size() == 1);
    ana.rules = {rule("Mine", {"sms:1"})};
    CHECK(look(ana).empty());
}

TEST_CASE("A rule whose steps are all not set up reaches nobody", "[oncall][readiness]")
{
    auto ana = reach();
    ana.rules = {rule("Calls", {"voice"})};
    const auto found = look(ana);
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].reached);
}

TEST_CASE("Whom Slack does not know, or no longer, is not reached at all", "[oncall][readiness]")
{
    const auto unknown = not_ready({{"ana@example.com", "policy payments", noon, noon + week}}, {}, all_ways);
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].person == "ana@example.com");
    CHECK_FALSE(unknown[0].reached);
    auto gone = reach({method(1, ContactKind::sms, "+4915123456789")});
    gone.kind = "gone";
    REQUIRE(look(gone).size() == 1);
    CHECK(look(gone)[0].why == std::vector<std::string>{"The account is deactivated in Slack."});
}

TEST_CASE("Whoever is on several schedules is told of once", "[oncall][readiness]")
{
    const std::vector<ComingShift> twice{
        {"ana@example.com", "schedule a", noon, noon + 1h}, {"@ana", "schedule b", noon + 1h, noon + 2h}};
    const auto found = not_ready(twice, {{"ana@example.com", reach()}, {"@ana", reach()}}, all_ways);
    REQUIRE(found.size() == 1);
    CHECK(found[0].shift.by == "schedule a");
}

TEST_CASE("A rule is told in words, with what is not set up", "[oncall][readiness]")
{
    auto work = method(12, ContactKind::sms, "+4915123456789");
    work.label = "Work";
    const auto hers = with_profile({work, method(13, ContactKind::ntfy, "topic")});
    const auto words = [&](std::vector<NotificationStep> steps) { return words_of(steps, hers); };
    CHECK(words_of(default_rule(Urgency::high).steps, hers)
        == "At once: Slack, e-mail, push. After 1 min: SMS, phone call (not set up).");
    CHECK(words({{{"voice"}, 10min}, {{"sms:12"}, 90s}, {{"sms:99", "slack"}, 1h}, {{"email"}, 0s}})
        == "Skipped, as not set up: phone call. At once: SMS Work. After 90 s: SMS that was removed (not set up), Slack. After 1 "
           "h 1 min 30 s: e-mail.");
    CHECK(words({}) == "Nothing.");
    CHECK(words_of(default_rule(Urgency::high).steps, {})
        == "Skipped, as not set up: Slack, e-mail, push. Skipped, as not set up: SMS, phone call.");

    using enum Weekday;
    CHECK(words_of(std::vector<Window>{}) == "always");
    CHECK(words_of(std::vector<Window>{{.days = {fri, mon, tue, wed, thu}, .from = 22h, .to = 7h}})
        == "Mon to Fri, 22:00 to 07:00");
    CHECK(words_of(std::vector<Window>{{.days = {sun, sat}, .from = 0h, .to = 24h}}) == "Sat, Sun");
    CHECK(words_of(std::vector<Window>{{.from = 9h, .to = 17h + 30min}}) == "every day, 09:00 to 17:30");
}

TEST_CASE("The weekly report comes on Monday at ten in the zone most schedules have, also over a change of clocks",
    "[oncall][readiness]")
{
    Configuration all;
    CHECK(iso(next_report(all, noon), "UTC") == "2026-11-09T10:00:00+00:00");
    all.schedules["a"].time_zone = all.schedules["b"].time_zone = "Europe/Berlin";
    all.schedules["c"].time_zone = "America/New_York";
    CHECK(iso(next_report(all, noon), "Europe/Berlin") == "2026-11-09T10:00:00+01:00");
    const auto monday = next_report(all, noon);
    CHECK(next_report(all, monday - 1ms) == monday);
    CHECK(next_report(all, monday) == monday + week);
    const auto before = to_instant(*local_time_in("2026-10-24T12:00"), "Europe/Berlin");
    CHECK(iso(next_report(all, before), "Europe/Berlin") == "2026-10-26T10:00:00+01:00");
}
