#include "catch.hpp"
#include "config/oncall_yaml.hpp"
#include "doors/program.hpp"
#include "oncall/calendar.hpp"
#include "pictures/lanes.hpp"
#include "pictures/palette.hpp"
#include "pictures/people.hpp"
#include "pictures/schedule_svg.hpp"
#include "pictures/text.hpp"
#include "places.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace pictures;
using namespace std::chrono_literals;
using oncall::Schedule;

namespace {

Schedule schedule_of(const std::string& yaml)
{
    const auto parsed = config::parse(
        "schedules:\n  it:\n" + yaml, [](const std::string&) { return std::nullopt; }, config::Names::any);
    for (const auto& problem : parsed.problems)
        FAIL(config::describe("yaml", problem));
    return parsed.configuration.schedules.at("it");
}

/// Overlapping rotations, another zone, every kind of change, a gap, a turn of two.
Schedule rich()
{
    return schedule_of(R"(
    time_zone: Europe/Berlin
    rotations:
      - {name: weekly, start: 2026-10-19T09:00, users: [ana@example.com, bo@example.com, [chi@example.com, dee@example.com]]}
      - {name: second, unit: day, length: 2, start: 2026-10-20T12:00, users: [eve@example.com, ana@example.com]}
      - {name: nights, priority: 1, unit: day, start: 2026-10-19T20:00, time_zone: America/New_York, users: [fay@example.com],
         windows: [{days: [mon, tue, wed, thu, fri], from: "20:00", to: "08:00"}]}
    overrides:
      - {from: 2026-10-22T10:00, to: 2026-10-22T12:00, put: [bo@example.com], instead_of: ana@example.com}
      - {from: 2026-10-23T09:00, to: 2026-10-24T17:00, add: [gus@example.com]}
      - {from: 2026-10-25T09:00, to: 2026-10-25T17:00, remove: [ana@example.com, eve@example.com]}
    temporary:
      - {from: 2026-10-28T00:00, to: 2026-10-30T00:00, shifts: [{from: 2026-10-28T12:00, to: 2026-10-29T12:00, users: [dee@example.com]}]}
)");
}

Schedule daily_of(const std::vector<std::string>& people, const std::string& unit = "day")
{
    auto schedule = schedule_of("    rotations: [{name: daily, unit: " + unit + ", start: 2026-11-02T09:00, users: [x]}]\n");
    schedule.rotations[0].turns.clear();
    for (const auto& person : people)
        schedule.rotations[0].turns.push_back({person});
    return schedule;
}

ScheduleView view(const std::string& from, const std::string& to, const std::string& now = "2000-01-01")
{
    ScheduleView view;
    view.from = *oncall::instant_in(from, "Europe/Berlin");
    view.to = *oncall::instant_in(to, "Europe/Berlin");
    view.now = *oncall::instant_in(now, "Europe/Berlin");
    return view;
}

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++found;
    return found;
}

/// What Python's parser says of each; empty when all are sound.
std::string unsound(const std::vector<std::string>& documents)
{
    std::string all;
    for (const auto& document : documents)
        all += document + '\0';
    doors::ProgramLimits patient;
    patient.time = 120s;
    const auto ended = doors::run_program({"python3", "-c",
                                              "import sys, xml.etree.ElementTree as tree\n"
                                              "for text in sys.stdin.buffer.read().split(b'\\0')[:-1]: tree.fromstring(text)"},
        all, patient);
    return ended.status == 0 ? "" : ended.errors + " (status " + std::to_string(ended.status) + ")";
}

/// Compares with tests/pictures/golden/<name>.svg; with ONCALL_GOLDEN=write in the environment, writes it instead.
void golden(const std::string& name, const std::string& svg)
{
    const auto file = std::filesystem::path{ONCALL_SOURCE_DIR} / "tests/pictures/golden" / (name + ".svg");
    if (const char* wish = std::getenv("ONCALL_GOLDEN"); wish && std::string{wish} == "write") {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file} << svg;
    }
    std::ifstream in{file};
    const std::string kept{std::istreambuf_iterator<char>{in}, {}};
    INFO(file.string() << " (run with ONCALL_GOLDEN=write to renew it)");
    CHECK((svg == kept)); // in parentheses: nobody wants to read both
}

double luminance(Colour colour)
{
    const auto linear = [](int part) {
        const auto share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

/// As WCAG defines it.
double contrast(Colour a, Colour b)
{
    const auto one = luminance(a) + 0.05, other = luminance(b) + 0.05;
    return std::max(one, other) / std::min(one, other);
}

} // namespace

TEST_CASE("Every text of a picture can be read, in light and in dark", "[pictures]")
{
    for (const auto* palette : {&light(), &dark()}) {
        INFO((palette == &light() ? "light" : "dark"));
        std::vector<Colour> grounds{palette->surface, palette->lane, palette->final_lane, palette->together,
            mixed(palette->weekend, palette->lane, 0.6), mixed(palette->weekend, palette->final_lane, 0.6)};
        for (const auto& ground : grounds) {
            INFO(hex(ground));
            CHECK(contrast(palette->ink, ground) >= 4.5);
            CHECK(contrast(palette->muted, ground) >= 4.5);
            CHECK(contrast(palette->gap_ink, ground) >= 4.5);
        }
        for (const auto& fill : palette->fills) {
            INFO(hex(fill));
            CHECK(contrast(palette->ink, fill) >= 4.5);
        }
        CHECK(contrast(palette->gap_ink, palette->gap) >= 4.5);
        CHECK(contrast(palette->surface, palette->now) >= 4.5);
        // What is not text must be seen: 3.
        for (const auto ground : {palette->surface, palette->lane, palette->final_lane}) {
            CHECK(contrast(palette->edge, ground) >= 3);
            CHECK(contrast(palette->now, ground) >= 3);
            CHECK(contrast(palette->gap_ink, ground) >= 3);
        }
    }
}

TEST_CASE("Neighbours in the palette differ in lightness too, so that nobody needs colours", "[pictures]")
{
    for (const auto* palette : {&light(), &dark()})
        for (std::size_t i = 0; i < people_colours; ++i) {
            INFO((palette == &light() ? "light " : "dark ") << i);
            CHECK(contrast(palette->people[i], palette->people[(i + 1) % people_colours]) >= 1.5);
            for (std::size_t other = 0; other < i; ++other)
                CHECK_FALSE(palette->people[i] == palette->people[other]);
        }
}

TEST_CASE("Foreign text is fit to be shown: escaped, whole, measured in columns", "[pictures]")
{
    CHECK(xml("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    CHECK(xml("a\x01\x1b[31mb\xff\xc3(\xed\xa0\x80") == "a[31mb\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(xml("ab\u202Ecd\u200B\uFEFFe\nf") == "abcde f");
    CHECK(encoded(decoded("Löwe 日本 🎉")) == "Löwe 日本 🎉");
    CHECK(columns("ana") == 3);
    CHECK(columns("Löwe") == 4);
    CHECK(columns("Lo\u0308we") == 4);
    CHECK(columns("日本") == 4);
    CHECK(columns("🎉") == 2);
    CHECK(shortened("Maximiliane", 10'000) == "Maximiliane");
    CHECK(shortened("Maximiliane", 320) == "Max…");
    CHECK(shortened("Maximiliane", 200).empty());
}

TEST_CASE("People are called short, and told apart where that is not enough", "[pictures]")
{
    auto schedule = daily_of({"ana@example.com", "alex@example.com", "bo@a.example.com", "bo@b.example.com", "@chi", "U012345"});
    const People people{schedule, {{"U012345", "Dee Dee"}}};
    CHECK(people.name("ana@example.com") == "ana");
    CHECK(people.name("bo@a.example.com") == "bo@a.example.com");
    CHECK(people.name("@chi") == "chi");
    CHECK(people.name("U012345") == "Dee Dee");
    CHECK(people.initials("ana@example.com") == "an");
    CHECK(people.initials("alex@example.com") == "al");
    CHECK(people.initials("@chi") == "c");
    CHECK(people.place("ana@example.com") == 0);
    CHECK(people.place("U012345") == 5);
    CHECK(people.words({"ana@example.com", "@chi"}, 1'000) == "ana + chi");
    CHECK(people.words({"ana@example.com", "@chi"}, 300) == "an+c");
    CHECK(people.words({"ana@example.com", "@chi"}, 20).empty());
}

TEST_CASE("A picture looks as it did when somebody last looked at it", "[pictures]")
{
    const auto schedule = rich();
    auto fortnight = view("2026-10-19", "2026-11-02", "2026-10-21T14:30");
    golden("fortnight", schedule_svg(schedule, fortnight));
    fortnight.theme = Theme::dark;
    fortnight.names = {{"ana@example.com", "Ana Łukasiewicz"}, {"eve@example.com", "<Eve & \"Co\">"}};
    golden("fortnight_dark", schedule_svg(schedule, fortnight));
    golden("clock_change", schedule_svg(schedule, view("2026-10-24T18:00", "2026-10-26", "2026-10-25T02:30+01:00")));
    golden("quarter", schedule_svg(schedule, view("2026-10-01", "2027-01-01")));
    golden("twelve",
        schedule_svg(daily_of({"ana", "bo", "chi", "dee", "eve", "fay", "gus", "hal", "ivy", "jon", "kim", "liz"}),
            view("2026-11-02", "2026-11-16")));
    golden("nobody", schedule_svg(Schedule{}, view("2026-11-02", "2026-11-03")));
}

TEST_CASE("A picture is sound XML, whatever names and periods are", "[pictures]")
{
    auto hostile = rich();
    hostile.name = "</text><script>alert(1)</script>\x01\xff & \"'";
    hostile.rotations[0].name = "]]><!-- \u202E";
    hostile.rotations[0].turns = {{"<b>\n", "&amp;", "\xC0\x80", "'\""}, {std::string(10'000, 'x')}, {""}};
    auto look = view("2026-10-19", "2026-11-02");
    look.names = {{"bo@example.com", "\" onload=\"alert(1)"}};
    std::vector<std::string> documents{schedule_svg(hostile, look)};
    CHECK_FALSE(has(documents[0], "<script"));
    CHECK_FALSE(has(documents[0], "\" onload"));
    for (const auto theme : {Theme::viewer, Theme::light, Theme::dark})
        for (const auto* to :
            {"2026-10-19T00:00:01", "2026-10-19T01:00", "2026-10-20", "2026-11-01", "2026-12-24", "2027-11-01"}) {
            auto each = view("2026-10-19", to, "2026-10-19T00:00");
            each.theme = theme;
            documents.push_back(schedule_svg(rich(), each));
        }
    auto apia = rich();
    apia.time_zone = "Pacific/Apia"; // without a 30 December 2011
    documents.push_back(schedule_svg(apia, view("2011-12-25", "2012-01-08")));
    CHECK_FALSE(has(documents.back(), ">30<"));
    CHECK(unsound(documents) == "");
    CHECK_FALSE(unsound({"<svg><g></svg>"}) == "");
}

TEST_CASE("Nothing is told by colour alone: who, nobody, changed and now are words, patterns or lines", "[pictures]")
{
    const auto svg = schedule_svg(rich(), view("2026-10-19", "2026-11-02", "2026-10-21T14:30"));
    for (const auto* words : {">ana<", ">bo for ana<", ">+ gus<", ">without ana + eve<", ">temporary schedule<", ">now 14:30<",
             ">nobody is on call<", ">by an override<", ">On call<", ">New York, prio 1<", ">25h<",
             "The clocks go back 1h on Sun 25 Oct 2026, to 02:00 (UTC+01:00).", "Nobody on call: 3 gaps, "}) {
        INFO(words);
        CHECK(has(svg, words));
    }
    CHECK(has(svg, "prefers-color-scheme:dark"));
    CHECK(has(svg, "<desc id=\"desc\">Who is on call by schedule it, Mon 19 Oct 2026 00:00 to Mon 2 Nov 2026 00:00"));
    // The ninth person has the first one's colour, in another pattern.
    const auto twelve =
        schedule_svg(daily_of({"ana", "bo", "chi", "dee", "eve", "fay", "gus", "hal", "ivy", "jon", "kim", "liz"}),
            view("2026-11-02", "2026-11-16"));
    CHECK(has(twelve, "class=\"s0 k0"));
    CHECK(has(twelve, "class=\"s0 k1"));
    // The theme that is asked for is drawn, and no other.
    auto dark_view = view("2026-10-19", "2026-11-02");
    dark_view.theme = Theme::dark;
    const auto dark_svg = schedule_svg(rich(), dark_view);
    CHECK(has(dark_svg, ".bg{fill:" + hex(dark().surface) + "}"));
    CHECK_FALSE(has(dark_svg, hex(light().surface) + "}.lane"));
    CHECK_FALSE(has(dark_svg, "prefers-color-scheme"));
}

TEST_CASE("Shifts too short to be told apart are said together; a short gap is always seen", "[pictures]")
{
    auto hourly = daily_of({"ana", "bo", "chi"}, "hour");
    const auto svg = schedule_svg(hourly, view("2026-11-02", "2026-11-16"));
    CHECK(has(svg, "336 shifts: "));
    CHECK(count(svg, "<g>") < 20);
    hourly.overrides.push_back({*oncall::instant_in("2026-11-05T10:00Z", "UTC"), *oncall::instant_in("2026-11-05T10:05Z", "UTC"),
        oncall::Override::Kind::remove, {"ana", "bo", "chi"}});
    const auto with_gap = schedule_svg(hourly, view("2026-11-02", "2026-11-16"));
    CHECK(has(with_gap, ">nobody 5m<"));
    CHECK(has(with_gap, "Nobody on call: 1 gap, 5m"));
    // A lone short shift has its name below.
    auto weekly = daily_of({"ana", "bo"}, "week");
    weekly.overrides.push_back({*oncall::instant_in("2026-11-05T10:00Z", "UTC"), *oncall::instant_in("2026-11-05T10:30Z", "UTC"),
        oncall::Override::Kind::put, {"guest"}});
    CHECK(count(schedule_svg(weekly, view("2026-11-02", "2026-11-16")), ">guest<") == 3); // override, on call, legend
}

TEST_CASE("A picture of much is bounded, and says what it leaves out", "[pictures]")
{
    auto many = daily_of({"ana", "bo", "chi"}, "hour");
    for (int i = 1; i < 100; ++i) {
        many.rotations.push_back(many.rotations[0]);
        many.rotations.back().name = "rotation " + std::to_string(i);
        many.rotations.back().turns = {{"person " + std::to_string(i)}, {}};
        many.overrides.push_back({*oncall::instant_in("2026-11-05", "UTC"), *oncall::instant_in("2026-11-06", "UTC"),
            oncall::Override::Kind::add, {"guest " + std::to_string(i)}});
    }
    const auto fortnight = schedule_svg(many, view("2026-11-02", "2026-11-16"));
    CHECK(fortnight.size() < 600'000);
    CHECK(has(fortnight, "24 of 100 rotations are drawn, those of the highest priority; who is on call comes of all of them."));
    CHECK(has(fortnight, "changes are not drawn for want of room."));
    CHECK(has(fortnight, "more people"));

    auto year = daily_of({"ana", "bo", "chi"}, "hour");
    const auto svg = schedule_svg(year, view("2026-01-01", "2027-01-01"));
    CHECK(svg.size() < 200'000);
    CHECK(has(svg, "viewBox=\"0 0 1200 "));

    CHECK_THROWS_AS(schedule_svg(year, view("2026-01-01", "2026-01-01")), std::invalid_argument);
    CHECK_THROWS_AS(schedule_svg(year, view("2026-01-01", "2027-03-01")), std::invalid_argument);
}

TEST_CASE("A day is as wide as it is long", "[pictures]")
{
    const auto zone = "Europe/Berlin";
    const auto whole = strips(*oncall::instant_in("2026-10-19", zone), *oncall::instant_in("2026-11-02", zone), zone);
    REQUIRE(whole.size() == 1);
    REQUIRE(whole[0].days.size() == 14);
    CHECK(whole[0].days[6].end - whole[0].days[6].begin == 25h);
    CHECK(whole[0].days[5].end - whole[0].days[5].begin == 24h);
    // Lines of whole weeks, one after the other, cover the period.
    for (const auto* to : {"2026-10-19T00:01", "2026-11-22", "2026-11-24", "2026-12-25", "2027-03-01", "2027-10-19"}) {
        const auto from = *oncall::instant_in("2026-10-19", zone), until = *oncall::instant_in(to, zone);
        auto at = from;
        for (const auto& strip : strips(from, until, zone)) {
            CHECK(strip.from == at);
            CHECK(strip.days.size() <= 98);
            at = strip.to;
        }
        CHECK(at == until);
    }
}
