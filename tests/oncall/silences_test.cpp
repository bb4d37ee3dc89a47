#include "oncall/silences.hpp"

#include "catch.hpp"
#include "oncall/given.hpp"

using namespace oncall;
using given::at;
using given::utc;

namespace {

using SilentTexts = std::vector<std::string>;

const TimePoint silent_noon = at("2026-11-03T13:00");

Configuration silent_places()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .channel = "#payments", .members = {"UANA", "UBO"}};
    all.teams["db"] = {.name = "db", .managers = {"UCHI"}};
    all.services["checkout"] = {.name = "checkout", .team = "payments", .tier = 1};
    all.services["ledger"] = {.name = "ledger", .team = "payments", .tier = 2};
    all.services["night batch"] = {.name = "night batch", .team = "db"};
    all.services["db"] = {.name = "db", .team = "db"};
    all.sources["grafana"] = {.name = "grafana"};
    return all;
}

Silence ledger_for(milliseconds how_long)
{
    Silence one;
    one.services = {"ledger"};
    one.from = silent_noon;
    one.to = silent_noon + how_long;
    one.reason = "the rack is moved";
    return one;
}

/// Each week from the first time on, on the wall clock of Berlin.
Silence window_of(std::string_view how, const std::string& from, const std::string& to, const std::string& until,
    const std::string& zone = "Europe/Berlin")
{
    Silence one;
    one.kind = Hold::Kind::maintenance;
    one.from = at(from, zone);
    one.to = at(until, zone);
    one.reason = "backups";
    auto again = recurrence_of(how, at(from, zone), at(to, zone), zone);
    CHECK(again.trouble.empty());
    one.repeats = std::move(again.hours);
    return one;
}

SilentTexts times_in(const Silence& one, const std::string& from, const std::string& to)
{
    SilentTexts all;
    for (const auto& [begin, end] : occurrences(one, utc(from), utc(to), 100))
        all.push_back(iso(begin, "UTC").substr(0, 16) + " - " + iso(end, "UTC").substr(0, 16));
    return all;
}

AlertFields of_ledger()
{
    AlertFields fields;
    fields.source = "grafana";
    fields.service = "ledger";
    fields.title = "Disk full on db-3";
    fields.severity = "warning";
    fields.labels = {{"cluster", "eu-1"}};
    return fields;
}

std::string said_of_silence(const std::string& text)
{
    const auto said = silence_said(text, silent_places(), "Europe/Berlin", silent_noon);
    if (!said.trouble.empty())
        return "! " + said.trouble;
    const auto& one = said.silence;
    return words_of_match(one) + (one.to == TimePoint{} ? "" : " until " + iso(one.to, "Europe/Berlin").substr(0, 16))
        + (one.reason.empty() ? "" : ": " + one.reason);
}

std::string said_of_pause(const std::string& text)
{
    const auto said = pause_said(text, {"backup", "cron/backup", "night copy", "cron/night copy"}, "Europe/Berlin", silent_noon);
    return said.trouble.empty()
        ? said.name + " until " + iso(said.until, "Europe/Berlin").substr(0, 16) + (said.reason.empty() ? "" : ": " + said.reason)
        : "! " + said.trouble;
}

std::string wrong_with(const Silence& one)
{
    const auto problem = problem_of(one, silent_places(), silent_noon);
    return problem ? problem->words : "";
}

std::string silence_refused(
    const Silence& one, const std::string& who, const std::string& kind = "member", const SilentTexts& admins = {})
{
    try {
        permit_silence(silent_places(), one, {who, "", kind, false}, admins, {});
        return "";
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
}

} // namespace

TEST_CASE("A silence holds from its beginning to its end, and not when somebody ended it", "[oncall][silences]")
{
    auto one = ledger_for(2h);
    CHECK_FALSE(holds_until(one, silent_noon - 1ms));
    CHECK(holds_until(one, silent_noon) == silent_noon + 2h);
    CHECK(holds_until(one, silent_noon + 2h - 1ms) == silent_noon + 2h);
    CHECK_FALSE(holds_until(one, silent_noon + 2h));
    CHECK(next_change(one, silent_noon - 1h) == silent_noon);
    CHECK(next_change(one, silent_noon) == silent_noon + 2h);
    CHECK_FALSE(next_change(one, silent_noon + 2h));
    one.ended_at = silent_noon + 1h;
    CHECK_FALSE(holds_until(one, silent_noon + 1h));
    CHECK_FALSE(next_change(one, silent_noon + 1h));
}

TEST_CASE("A window comes back at the same local times, whatever the clocks do", "[oncall][silences]")
{
    SECTION("the clocks are set forward: a skipped beginning is the first instant after the gap")
    {
        const auto one = window_of("weekly", "2026-03-22T02:00", "2026-03-22T06:00", "2026-04-12T00:00");
        CHECK(times_in(one, "2026-03-01T00:00", "2026-05-01T00:00")
            == SilentTexts{"2026-03-22T01:00 - 2026-03-22T05:00", "2026-03-29T01:00 - 2026-03-29T04:00",
                "2026-04-05T00:00 - 2026-04-05T04:00"});
    }
    SECTION("they are set back: a repeated beginning is the first, and the end the later")
    {
        const auto one = window_of("weekly", "2026-10-18T02:00", "2026-10-18T06:00", "2026-11-02T00:00");
        CHECK(times_in(one, "2026-10-01T00:00", "2026-12-01T00:00")
            == SilentTexts{"2026-10-18T00:00 - 2026-10-18T04:00", "2026-10-25T00:00 - 2026-10-25T05:00",
                "2026-11-01T01:00 - 2026-11-01T05:00"});
    }
    SECTION("one inside the skipped hour does not take place that day, one inside the repeated hour once")
    {
        const auto spring = window_of("daily", "2026-03-28T02:15", "2026-03-28T02:45", "2026-03-31T00:00");
        CHECK(times_in(spring, "2026-03-28T00:00", "2026-04-01T00:00")
            == SilentTexts{"2026-03-28T01:15 - 2026-03-28T01:45", "2026-03-30T00:15 - 2026-03-30T00:45"});
        const auto autumn = window_of("daily", "2026-10-25T02:15", "2026-10-25T02:45", "2026-10-26T00:00");
        CHECK(times_in(autumn, "2026-10-24T00:00", "2026-10-27T00:00") == SilentTexts{"2026-10-25T00:15 - 2026-10-25T00:45"});
    }
    SECTION("over midnight, the end of a month and of a leap February, and cut at its end")
    {
        const auto one = window_of("daily", "2028-02-28T22:00", "2028-02-29T02:00", "2028-03-01T23:00", "UTC");
        CHECK(times_in(one, "2028-02-01T00:00", "2028-04-01T00:00")
            == SilentTexts{"2028-02-28T22:00 - 2028-02-29T02:00", "2028-02-29T22:00 - 2028-03-01T02:00",
                "2028-03-01T22:00 - 2028-03-01T23:00"});
    }
    SECTION("of a week from one day to another")
    {
        const auto one = window_of("weekly", "2026-11-06T20:00", "2026-11-09T06:00", "2026-11-20T00:00", "UTC");
        CHECK(times_in(one, "2026-11-01T00:00", "2026-12-01T00:00")
            == SilentTexts{"2026-11-06T20:00 - 2026-11-09T06:00", "2026-11-13T20:00 - 2026-11-16T06:00"});
        CHECK(words_of_recurrence(one) == "every Friday 20:00 to Monday 06:00 (UTC)");
    }
    CHECK(!recurrence_of("daily", silent_noon, silent_noon + 24h, "UTC").trouble.empty());
    CHECK(!recurrence_of("weekly", silent_noon, silent_noon + 24h * 6, "UTC").trouble.empty());
    CHECK(!recurrence_of("weekly", silent_noon, silent_noon + 1h, "Mars/Olympus").trouble.empty());
    // From 02:30 to the second 02:15 of the night in which the clocks are set back: else each day but a quarter of an hour.
    CHECK(!recurrence_of("daily", utc("2026-10-25T00:30"), utc("2026-10-25T01:15"), "Europe/Berlin").trouble.empty());
}

TEST_CASE("A silence meets what all of its words say, and a window without words everything", "[oncall][silences]")
{
    const auto fields = of_ledger();
    const auto meets_by = [&](const std::string& words) {
        return meets(silence_said(words, silent_places(), "UTC", silent_noon).silence, fields, "payments");
    };
    CHECK(meets_by("ledger"));
    CHECK(meets_by("checkout ledger"));
    CHECK_FALSE(meets_by("checkout"));
    CHECK(meets_by("team=payments"));
    CHECK_FALSE(meets_by("team=db"));
    CHECK(meets_by("labels.cluster=eu-1"));
    CHECK_FALSE(meets_by("labels.cluster=eu-2"));
    CHECK_FALSE(meets_by("labels.region=eu-1"));
    CHECK(meets_by("ledger warning"));
    CHECK_FALSE(meets_by("ledger critical"));
    CHECK(meets_by("ledger error warning")); // either
    CHECK(meets_by("severity=warning severity=Error"));
    CHECK_FALSE(meets_by("ledger error critical"));
    CHECK(meets_by("grafana title~\"Disk full\""));
    CHECK_FALSE(meets_by("title~\"CPU\""));
    CHECK(meets(Silence{}, {}, ""));
}

TEST_CASE("What is said of a silence is understood, and what is not known is said", "[oncall][silences]")
{
    CHECK(said_of_silence("checkout 2h because deploy of 4.2") == "service checkout until 2026-11-03T15:00: deploy of 4.2");
    CHECK(said_of_silence("checkout for 2 hours") == "service checkout until 2026-11-03T15:00");
    CHECK(said_of_silence("labels.cluster=eu-1 until 18:00 because rack") == "labels.cluster eu-1 until 2026-11-03T18:00: rack");
    CHECK(said_of_silence("Night Batch 30m") == "service night batch until 2026-11-03T13:30");
    CHECK(said_of_silence("team payments warning 1h") == "team payments, severity warning until 2026-11-03T14:00");
    CHECK(said_of_silence("title~“disk full” 1h because known") == "title with “disk full” until 2026-11-03T14:00: known");
    CHECK(said_of_silence("title contains disk 1h") == "title with “disk” until 2026-11-03T14:00");
    CHECK(said_of_silence("service db 1h") == "service db until 2026-11-03T14:00");
    CHECK(said_of_silence("ledger because it is known") == "service ledger: it is known");
    CHECK(said_of_silence("db 1h").starts_with("! “db” is a service and a team."));
    CHECK(said_of_silence("everything 1h").starts_with("! Nothing silences everything."));
    CHECK(said_of_silence("chekout 1h").starts_with("! I know no service, team or source “chekout”."));
    CHECK(said_of_silence("service=gone 1h") == "service gone until 2026-11-03T14:00"); // refused when it is made
}

TEST_CASE("A silence until a time ends then on the wall clock, and one for hours after so many, also when the clocks change",
    "[oncall][silences]")
{
    const auto end = [](const std::string& words, const std::string& now) {
        const auto said = silence_said(words, silent_places(), "Europe/Berlin", utc(now));
        CHECK(said.trouble == "");
        return said.silence.to;
    };
    CHECK(end("ledger until 2026-03-29 09:00", "2026-03-28T11:00") == utc("2026-03-29T07:00"));
    CHECK(end("ledger until 2026-10-25 09:00", "2026-10-24T11:00") == utc("2026-10-25T08:00"));
    CHECK(end("ledger 24h", "2026-03-28T11:00") == utc("2026-03-29T11:00"));
}

TEST_CASE("Nobody is silent for ever by accident", "[oncall][silences]")
{
    CHECK(wrong_with(ledger_for(2h)) == "");
    CHECK(wrong_with(ledger_for(30 * 24h)) == "");
    CHECK(wrong_with(ledger_for(30 * 24h + 1s)).starts_with("That is longer than 30 days"));
    CHECK(wrong_with(ledger_for(0s)) == "Choose an end after the beginning.");
    const auto with = [](auto change) {
        auto one = ledger_for(2h);
        change(one);
        return wrong_with(one);
    };
    CHECK(with([](Silence& one) { one.to = {}; }).starts_with("Until when?"));
    CHECK(with([](Silence& one) { one.services.clear(); }).starts_with("That would silence everything."));
    CHECK(with([](Silence& one) { one.services = {"gone"}; }).starts_with("There is no service gone."));
    CHECK(with([](Silence& one) { one.reason = " "; }).starts_with("Say why"));
    CHECK(with([](Silence& one) { one.reason = std::string(200, 'x'); }) == "");
    CHECK(with([](Silence& one) { one.reason = std::string(201, 'x'); }).starts_with("A reason may be"));
    // What meets nothing is no silence, though it looks like one.
    CHECK(with([](Silence& one) {
        one.when.parts = {*term_in("labels.cluster=eu-1"), *term_in("labels.cluster=eu-2")};
    }) == "That would meet nothing: no alert has two of labels.cluster. Make a silence for each.");
    CHECK(with([](Silence& one) { one.when.parts = {*term_in("title~disk"), *term_in("title~full")}; }) == "");
    std::string letters;
    for (int i = 0; i < 200; ++i)
        letters += "ä";
    CHECK(with([&](Silence& one) { one.when.parts = {*term_in("title~" + letters)}; }) == "");
    CHECK(with([&](Silence& one) { one.when.parts = {*term_in("title~" + letters + "ä")}; }).starts_with("A condition may be"));
    CHECK(with([](Silence& one) { one.from -= 4h, one.to -= 4h; }).starts_with("That is over already"));
    CHECK(with([](Silence& one) { one.from += 400 * 24h, one.to += 400 * 24h; }).starts_with("That is more than a year ahead"));
    CHECK(with([](Silence& one) {
        one.services.clear();
        one.kind = Hold::Kind::maintenance;
    }) == "");
    auto window = window_of("weekly", "2026-11-08T02:00", "2026-11-08T06:00", "2027-11-01T00:00");
    CHECK(wrong_with(window) == "");
    window.to += 30 * 24h;
    CHECK(wrong_with(window).starts_with("It may come back for a year."));
    window.to = window.from + 24h;
    CHECK(wrong_with(window) == "");

    const auto places = silent_places();
    CHECK(grave(ledger_for(2h), places, {"ledger"}).empty());
    CHECK(grave(ledger_for(2h), places, {"checkout"}).size() == 1); // it has met one of tier 1 lately
    Silence other;
    other.teams = {"payments"};
    CHECK(grave(other, places, {}) == SilentTexts{"It holds back pages of tier 1: checkout."});
    other = ledger_for(2h);
    other.when.parts = {*term_in("severity=Critical")};
    CHECK(grave(other, places, {}) == SilentTexts{"It holds back what is critical."});
    CHECK(grave(window, places, {}).size() == 1);
    other = {};
    other.when.parts = {*term_in("title~e")};
    CHECK(grave(other, places, {"ledger", "db"}).empty());
    CHECK(grave(other, places, {"ledger", "db", "night batch"})
        == SilentTexts{"It names neither a service nor a team, and would have held back pages of 3 services."});
    CHECK(gone_from(ledger_for(2h), {}) == SilentTexts{"service ledger"});
}

TEST_CASE("What is said of a heartbeat's pause has an end and a reason, as of a silence", "[oncall][silences][heartbeat]")
{
    CHECK(said_of_pause("backup") == "backup until 2026-11-04T13:00");
    CHECK(said_of_pause("backup because deploy") == "backup until 2026-11-04T13:00: deploy");
    CHECK(said_of_pause("backup 3d because the disk is moved") == "backup until 2026-11-06T13:00: the disk is moved");
    CHECK(said_of_pause("Cron/Backup until 18:00 because deploy") == "cron/backup until 2026-11-03T18:00: deploy");
    CHECK(said_of_pause("night copy for 2h because deploy") == "night copy until 2026-11-03T15:00: deploy");
    CHECK(said_of_pause("\"backup\" 3d because deploy") == "backup until 2026-11-06T13:00: deploy");
    CHECK(said_of_pause("backup 30d because deploy") == "backup until 2026-12-03T13:00: deploy");
    CHECK(said_of_pause("backup 31d because deploy").starts_with("! That is longer than 30 days"));
    CHECK(said_of_pause("backup 3d").starts_with("! Say why"));
    CHECK(said_of_pause("backup because " + std::string(201, 'x')).starts_with("! A reason may be"));
    CHECK(said_of_pause("backup forever because deploy").starts_with("! I can't read “forever”."));
    CHECK(said_of_pause("backup tomorrow because deploy").starts_with("! A pause begins now."));
    CHECK(pause_said("bakup 3d because deploy", {"backup"}, "UTC", silent_noon).name == "bakup");
    Heartbeat backup;
    backup.service = "ledger";
    CHECK(channels_of(backup, silent_places(), "#ops") == SilentTexts{"#payments"});
    backup.service.clear();
    backup.source = "grafana";
    CHECK(channels_of(backup, silent_places(), "#ops") == SilentTexts{"#ops"});
}

TEST_CASE("Pages are held back by those whose they are, and by administrators", "[oncall][silences]")
{
    auto one = ledger_for(2h);
    CHECK(silence_refused(one, "UANA") == "");
    CHECK(silence_refused(one, "UCHI").starts_with("Only members of team payments and administrators"));
    CHECK(silence_refused(one, "UCHI", "member", {"UCHI"}) == "");
    CHECK(silence_refused(one, "UANA", "guest").starts_with("Guests of this workspace cannot hold back pages"));
    CHECK(silence_refused(one, "UANA", "").starts_with("I don't know you yet"));
    one.services = {"ledger", "night batch"}; // of two teams
    CHECK(silence_refused(one, "UANA").starts_with("Only members of team db"));
    Silence by_label;
    by_label.when.parts = {*term_in("labels.cluster=eu-1")};
    CHECK(silence_refused(by_label, "UCHI") == "");
    CHECK(silence_refused(by_label, "UEVE").starts_with("Only the members of a team"));
    Silence all;
    all.kind = Hold::Kind::maintenance;
    CHECK(silence_refused(all, "UANA") == "");
    CHECK(silence_refused(all, "UANA", "member", {"UCTO"}).starts_with("Only administrators"));
    CHECK(channels_of(ledger_for(1h), silent_places(), "#ops") == SilentTexts{"#payments"});
    CHECK(channels_of(by_label, silent_places(), "#ops") == SilentTexts{"#ops"});
    CHECK(next_digest({}, utc("2026-11-03T09:00")) == utc("2026-11-04T09:00"));
    CHECK(next_digest({}, utc("2026-11-03T08:59")) == utc("2026-11-03T09:00"));
    // At nine also on the days on which the clocks change.
    Configuration berlin;
    berlin.schedules["any"].time_zone = "Europe/Berlin";
    CHECK(next_digest(berlin, utc("2026-03-28T08:00")) == utc("2026-03-29T07:00"));
    CHECK(next_digest(berlin, utc("2026-10-24T07:00")) == utc("2026-10-25T08:00"));
}
