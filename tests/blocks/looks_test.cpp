#include "blocks/absences.hpp"
#include "blocks/bundle.hpp"
#include "blocks/calendar.hpp"
#include "blocks/changes.hpp"
#include "blocks/coverage.hpp"
#include "blocks/directories.hpp"
#include "blocks/forecast.hpp"
#include "blocks/form.hpp"
#include "blocks/golden.hpp"
#include "blocks/report.hpp"
#include "blocks/samples.hpp"
#include "blocks/say.hpp"
#include "blocks/schedule_picture.hpp"
#include "blocks/sound.hpp"
#include "blocks/who_then.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

/// What no other test of this folder has a golden of.

using namespace std::chrono_literals;
using oncall::FindingKind;

namespace {

using NoProblems = std::vector<std::string>;

const blocks::Names looked_names{{"U01ANA00000", "Ana"}, {"U02BO000000", "Bo"}, {"U03CHI00000", "<!here> *Chi*"}};
const std::string hostile_look{"<!channel> ``` <@U09EVE00000> *x* & \u202E\n"};
const std::string in_time{"<!date^1793610000^{date_short_pretty} {time}|2026-11-02 09:00 UTC>"};

blocks::CoverageLine looked_at(FindingKind kind, oncall::TimePoint from, std::vector<std::string> people = {})
{
    blocks::CoverageLine line;
    line.schedule = "payments <!channel>";
    line.finding.kind = kind;
    line.finding.stretches = {{from, from + 2h}};
    line.finding.people = std::move(people);
    return line;
}

std::vector<blocks::CoverageLine> one_of_each()
{
    std::vector<blocks::CoverageLine> lines{looked_at(FindingKind::gap, samples::start + 3h),
        looked_at(FindingKind::gone, samples::start + 5h, {"U02BO000000"}),
        looked_at(FindingKind::doubled, samples::start + 7h, {"U01ANA00000", "U02BO000000"}),
        looked_at(FindingKind::no_rest, samples::start + 9h, {"U03CHI00000"}),
        looked_at(FindingKind::night, samples::start + 11h, {"U01ANA00000"}), looked_at(FindingKind::gap, samples::start + 13h)};
    lines[1].finding.why = "bot";
    lines[3].finding.why = "long";
    lines[4].finding.stretches.push_back({samples::start + 35h, samples::start + 37h});
    lines[5].finding.usual = true;
    return lines;
}

} // namespace

TEST_CASE("Absences look as they did when somebody last looked at them", "[blocks][absences]")
{
    golden("clash",
        blocks::clash("You are away " + in_time + ", and on call by schedule payments then. " + hostile_look,
            "payments|1793610000000|1793696400000", looked_names));
    golden("away_form", blocks::away_form());
    golden("absences",
        blocks::absences(
            {{7, samples::start, samples::start + 48h, "<!here> holiday"}, {8, samples::start + 96h, samples::start + 120h, ""},
                {0, samples::start + 200h, samples::start + 210h, "Dentist & co"}},
            "calendar.example.com, read " + in_time, "Saved. You are on call then: I have told you."));
    golden("absences_none", blocks::absences({}, "", ""));
    const std::vector<blocks::AbsenceLine> many(
        100, {1, samples::start, samples::start + 1h, hostile_look + std::string(3'000, 'w')});
    CHECK(unsound(blocks::absences(many, hostile_look + std::string(5'000, 'c'), hostile_look)) == NoProblems{});
    CHECK(unsound(blocks::clash(hostile_look + std::string(9'000, 'c'), std::string(200, 's'), {})) == NoProblems{});
}

TEST_CASE("A calendar's address looks as it did when somebody last looked at it", "[blocks][calendars]")
{
    blocks::CalendarAddressView shown;
    shown.url = "https://oncall.example.com/calendar/0123456789abcdef.ics";
    golden("calendar_address", blocks::calendar_address(shown));
    shown.schedule = "payments <!here>";
    shown.read_at = samples::start;
    shown.replaced = true;
    golden("calendar_address_of_a_schedule", blocks::calendar_address(shown));
    shown.schedule = hostile_look + std::string(2'000, 's');
    CHECK(unsound(blocks::calendar_address(shown)) == NoProblems{});
}

TEST_CASE("Directories of services look as they did when somebody last looked at them", "[blocks][directories]")
{
    golden("directories_none", blocks::directories({}));
    blocks::DirectoryView good;
    good.name = "shop <!here>";
    good.format = "harness";
    good.origin = "app.harness.io";
    good.every = "1h";
    good.read_at = samples::start;
    good.report = "Directory shop (app.harness.io) was taken up: 2 services: 1 new, 1 left alone.\n+ cart: team payments\n! "
                  "checkout: made here and not by the directory; left alone";
    auto bad = good;
    bad.name = "catalog";
    bad.format = "backstage";
    bad.origin = "catalog/all.yaml";
    bad.read_at = {};
    bad.next_at = samples::start + 5min;
    bad.trouble = "the server says 404: there is nothing at that address.";
    bad.report.clear();
    golden("directories", blocks::directories({good, bad}));
    good.name = good.origin = good.trouble = hostile_look + std::string(2'000, 's');
    for (int i = 0; i < 200; ++i)
        good.report += "\n" + hostile_look;
    CHECK(unsound(blocks::directories(std::vector<blocks::DirectoryView>(40, good))) == NoProblems{});
}

TEST_CASE("The form of each verb looks as it did when somebody last looked at it, with its alert and with alerts to choose from",
    "[blocks]")
{
    const auto first = samples::paging().alert;
    auto second = first;
    second.id = {41};
    second.title = "Ledger is <!channel> \u202Eslow";
    for (const auto verb : oncall::all_verbs) {
        if (verb >= oncall::Verb::refire)
            break; // those that nobody does by hand
        blocks::VerbForm form;
        form.verb = verb;
        form.alert = first;
        golden("verb_modal_" + std::string{oncall::name(verb)}, blocks::verb_modal(form));
        form.alert.reset();
        form.choices.assign(150, second);
        std::int64_t id = 0;
        for (auto& one : form.choices) {
            one.id = {++id};
            one.title = hostile_look + std::string(300, 't');
        }
        CHECK(workspace::problems_in_view(blocks::verb_modal(form), "modal") == NoProblems{});
    }
    blocks::VerbForm form;
    form.verb = oncall::Verb::snooze;
    form.choices = {first, second};
    golden("verb_modal_choice", blocks::verb_modal(form));
}

TEST_CASE("The rest of a bundle looks as it did when somebody last looked at it", "[blocks][bundles]")
{
    blocks::BundleView shown;
    for (std::int64_t i = 1; i <= static_cast<std::int64_t>(blocks::most_in_bundle) + 3; ++i) {
        auto one = i % 2 ? samples::paging() : samples::answered(oncall::AlertState::acknowledged);
        one.alert.id = {i};
        one.alert.title = "Alert " + std::to_string(i) + " <!channel> fires";
        shown.alerts.push_back(std::move(one));
    }
    shown.pages = shown.alerts.size();
    shown.value = "7";
    golden("bundle_rest", blocks::bundle_rest(shown, blocks::most_in_bundle));
    shown.alerts.resize(2);
    shown.pages = 2;
    shown.heading = "2 pages that waited for the end of your quiet hours";
    golden("bundle_of_quiet_hours", blocks::bundle(shown));
}

TEST_CASE("Coverage looks as it did when somebody last looked at it", "[blocks][coverage]")
{
    blocks::CoverageShown shown;
    shown.schedules = {{"payments <!channel>", 90h, 100h}, {"search", 100h, 100h}};
    shown.lines = one_of_each();
    shown.left_out = 2;
    shown.period = "Mon 2 Nov 2026 to Sun 8 Nov 2026";
    shown.now = samples::start;
    shown.names = looked_names;
    golden("coverage", blocks::coverage(shown));
    shown.schedules.erase(shown.schedules.begin());
    shown.lines.clear();
    shown.left_out = 0;
    golden("coverage_well", blocks::coverage(shown));

    blocks::CoverageTold told;
    told.schedule = "payments <!channel>";
    told.lines = one_of_each();
    told.now = samples::start;
    told.names = looked_names;
    golden("coverage_told", blocks::coverage_told(told));
    told.lines[0].state = blocks::CoverageLine::mended;
    told.lines[1].state = blocks::CoverageLine::past;
    told.trouble = "#payments: is_archived <!here>";
    golden("coverage_told_elsewhere", blocks::coverage_told(told));
    for (auto& line : told.lines)
        line.state = blocks::CoverageLine::mended;
    told.trouble.clear();
    golden("coverage_told_mended", blocks::coverage_told(told));
}

TEST_CASE("A drill's forms look as they did when somebody last looked at them", "[blocks]")
{
    oncall::Configuration all;
    for (const std::string name : {"payments", "search & <find> <!channel>"}) {
        auto& policy = all.policies[name];
        policy.name = name;
        policy.levels = samples::paging().page->policy.levels;
    }
    golden("drill_modal", blocks::drill_modal(all));
    golden("drill_runs", blocks::drill_runs("🧪 The drill runs: #42, of <@U01ANA00000>. `/oncall resolve 42` ends it."));
    golden("policies_two", blocks::policies(all));
    for (int i = 0; i < 300; ++i)
        all.policies[hostile_look + std::to_string(i)];
    CHECK(workspace::problems_in_view(blocks::drill_modal(all), "modal") == NoProblems{});
}

TEST_CASE("Answers to a menu that asks look as they did when somebody last looked at them", "[blocks]")
{
    std::vector<blocks::Choice> choices{{"checkout", "service:checkout", ""}, {"Check <!here>", "service:check", ""}};
    golden("suggestions", blocks::suggestions(choices, "che"));
    golden("suggestions_none", blocks::suggestions(choices, "nothing like it"));
    choices[0].group = "Services";
    choices[1].group = "Teams";
    golden("suggestions_grouped", blocks::suggestions(choices, ""));
    for (int i = 0; i < 500; ++i)
        choices.push_back({hostile_look + std::string(200, 'l'), "team:" + std::to_string(i), "Teams"});
    for (const std::string typed : {"", "check", "x", "\u202E"}) {
        INFO(typed);
        CHECK(workspace::problems_in_suggestions(blocks::suggestions(choices, typed)) == NoProblems{});
    }
}

TEST_CASE("What is asked back, and what only a press can say, look as they did when somebody last looked at them", "[blocks]")
{
    const blocks::SayAsked asked{samples::start, "Europe/Berlin", true};
    golden("which",
        blocks::which("Which Ana, <@U01ANA00000> or <!channel>?",
            {{"Ana", "override payments <@U01ANA00000> 18:00"}, {"Ana <!here>", "override payments ana@example.com"}}, asked,
            looked_names));
    golden("press_to_say", blocks::press_to_say("A form is opened by a press.", "Open the form …", "override payments", asked));
    const std::vector<blocks::SayChoice> many(60, {hostile_look + std::string(200, 'l'), std::string(1'900, 'c')});
    CHECK(unsound(blocks::which(hostile_look + std::string(9'000, 'q'), many, {}, {})) == NoProblems{});
    CHECK(unsound(blocks::press_to_say(hostile_look, std::string(200, 'l'), std::string(900, 'c'), {})) == NoProblems{});
}

TEST_CASE("Who was or will be on call looks as it did when somebody last looked at it", "[blocks][schedule_look]")
{
    const std::vector<blocks::OnCallThen> all{{"payments <!here>",
                                                  {{samples::start, samples::start + 8h, {"U01ANA00000", "U03CHI00000"}},
                                                      {samples::start + 8h, samples::start + 12h, {}}},
                                                  true},
        {"search", {{samples::start, samples::start + 12h, {"U02BO000000"}}}, false}};
    golden("who_then", blocks::who_then(all, samples::start, samples::start, samples::start, looked_names));
    golden("who_then_through_a_time", blocks::who_then(all, std::nullopt, samples::start, samples::start + 12h, looked_names));
    const std::vector<std::string> crowd(100, hostile_look);
    const std::vector<blocks::OnCallThen> many(200,
        {hostile_look + std::string(300, 's'),
            std::vector<oncall::OnCallStretch>(40, {samples::start, samples::start + 1h, crowd}), true});
    CHECK(unsound(blocks::who_then(many, std::nullopt, samples::start, samples::start + 12h, {})) == NoProblems{});
}

TEST_CASE("Answers in the states that are rare look as they did when somebody last looked at them", "[blocks]")
{
    golden("status_of_a_bad_day",
        blocks::status({samples::paging()}, samples::start, false, "", 0,
            {"I cannot post in #payments: it was archived.",
                "The calendar of rotation weekly (calendar.example.com) is 3 hours old: it took too long. `/oncall calendars` "
                "shows more."}));
    golden("schedules_none", blocks::schedules({}));
    golden("picture", blocks::picture("F0123456789", "Ana from Monday, then \"Bo\" & <!here>"));
    blocks::ReportShown report;
    report.title = "Hours on call of schedule payments";
    report.period = "November 2026";
    report.time_zone = "Europe/Berlin";
    report.planned = true;
    report.value = "schedule:1790805600:1793487600:Europe/Berlin:payments";
    golden("report_planned", blocks::report(report));
    report.planned = false;
    report.so_far = true;
    report.report.rows.push_back({"U01ANA00000", "Ana <!here>", "Europe/Berlin", {50h, 48h, 70h + 30min, 48h, 0h}, 1});
    golden("report_so_far", blocks::report(report));
}

TEST_CASE("At its longest a card, a page and a list of alerts look as they did when somebody last looked at them", "[blocks]")
{
    auto longest = samples::one_of_two();
    auto& alert = longest.alert;
    alert.title = "T" + std::string(5'000, 't');
    alert.description = "D" + std::string(5'000, 'd');
    alert.service = "S" + std::string(300, 's');
    alert.team = "E" + std::string(300, 'e');
    alert.because = "B" + std::string(2'000, 'b');
    for (int i = 10; i < 90; ++i) {
        alert.labels["label" + std::to_string(i) + std::string(60, 'l')] = std::string(600, 'v');
        alert.links.push_back({"https://example.com/" + std::to_string(i) + std::string(1'000, 'u'), std::string(200, 'n')});
        longest.paged.push_back("U" + std::to_string(i) + "0000000");
        longest.next.push_back(std::string(80, 'p') + "@example.com");
        longest.attempts.push_back(longest.attempts.front());
    }
    longest.runbook = "https://wiki.example.com/" + std::string(2'000, 'r');
    golden("card_longest", card(longest), {longest.paged.begin(), longest.paged.end()});
    golden("page_longest", page(longest, "U01ANA00000"));
    golden("status_longest", blocks::status(std::vector<blocks::AlertView>(60, longest), samples::start, true));
}

TEST_CASE("Changes look as they did when somebody last looked at them", "[blocks][changes]")
{
    oncall::ChangeEvent build, hostile;
    build.source = "ci";
    build.service = "checkout";
    build.title = "build 4711";
    build.at = samples::start - 6min;
    build.links = {{"http://ci.example.com/", "not secure"}, {"https://ci.example.com/4711", "Build"}};
    hostile = build;
    hostile.title = hostile.source = hostile.service = hostile_look + std::string(400, 'x');
    hostile.links = {{"javascript:alert(1)", "x"}};
    blocks::ChangesView shown;
    shown.changes = {hostile, build};
    golden("changes", blocks::changes(shown));
    shown.name = "checkout";
    shown.of_service = true;
    golden("changes_of_a_service", blocks::changes(shown));
    shown.changes.clear();
    shown.of_service = false;
    shown.name = "ci";
    golden("changes_none", blocks::changes(shown));
    auto card_beside = samples::paging();
    card_beside.changes = {build, hostile, build};
    golden("card_beside_changes", card(card_beside), {"U01ANA00000"});
    CHECK(blocks::change_lines({}).empty());
    // Slack counts the minutes.
    CHECK(blocks::change_lines({build}).text()
        == "🚀 Changed <!date^1793609640^{ago}|2026-11-02 08:54 UTC>: <https://ci.example.com/4711|build 4711>");
    build.at = oncall::TimePoint::min();
    CHECK(unsound_text(blocks::change_lines({build}).text()).empty());
}

TEST_CASE("What an alert may belong to is one calm line with two buttons", "[blocks][suggestions]")
{
    auto shown = samples::paging();
    blocks::AlertView::Suggestion suggestion;
    suggestion.into.id = {12};
    suggestion.into.service = "db";
    suggestion.into.title = "Disk full";
    suggestion.because = "checkout depends on db, 2 min apart";
    shown.suggestion = suggestion;
    golden("card_with_suggestion", card(shown), {"U01ANA00000"});
    shown.suggestion->into.title = shown.suggestion->into.service = shown.suggestion->because =
        hostile_look + std::string(400, 'x');
    golden("card_with_hostile_suggestion", card(shown), {"U01ANA00000"});
    // What is over belongs to nothing any more, and a page tells nobody of it.
    auto over = samples::answered(oncall::AlertState::resolved);
    over.suggestion = suggestion;
    CHECK(slack::body(card(over)).dump().find("suggestion.") == std::string::npos);
    CHECK(slack::body(page(shown, "U01ANA00000")).dump().find("suggestion.") == std::string::npos);
}

TEST_CASE("What its source's silence resolved says so", "[blocks][changes]")
{
    auto over = samples::answered(oncall::AlertState::resolved);
    over.alert.answered_by.clear();
    over.alert.answered_via = "a timer";
    golden("card_resolved_by_itself", card(over));
}
