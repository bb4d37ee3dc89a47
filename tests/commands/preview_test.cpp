#include "catch.hpp"
#include "commands/preview.hpp"
#include "commands/written.hpp"
#include "config/oncall_yaml.hpp"
#include "doors/program.hpp"
#include "oncall/calendar.hpp"
#include "places.hpp"

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;
using commands::PreviewWords;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

const auto now = *oncall::instant_in("2026-11-03T12:00Z", "UTC");

std::string text_of(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

struct Answer {
    int status{};
    std::string out{};
    std::string err{};
    Json json() const { return Json::parse(out); }
};

/// A folder with a configuration file, and what is asked of it.
struct Desk {
    fs::path folder{};
    PreviewWords words{};

    explicit Desk(const std::string& yaml)
    {
        auto pattern = (fs::temp_directory_path() / "oncall-preview-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        words.file = (folder / "oncall.yaml").string();
        std::ofstream{words.file} << yaml;
    }
    ~Desk() { fs::remove_all(folder); }

    Answer ask() const
    {
        std::ostringstream out, err;
        const int status = commands::preview(words, now, out, err);
        return {status, out.str(), err.str()};
    }
    Answer ask(const std::string& from, const std::string& to, bool json = true)
    {
        words.from = from;
        words.to = to;
        words.json = json;
        return ask();
    }
    std::string path(const std::string& name) const { return (folder / name).string(); }
};

const std::string payments = R"(schedules:
  payments:
    time_zone: Europe/Berlin
    rotations:
      - {name: weekly, start: 2026-11-02T09:00, users: [ana, bo, [chi, dee]]}
      - {name: nights, priority: 1, unit: day, start: 2026-11-02T20:00, users: [eve],
         windows: [{days: [wed], from: "20:00", to: "08:00"}]}
    overrides:
      - {from: 2026-11-05T10:00, to: 2026-11-05T12:00, put: [bo], instead_of: ana}
      - {from: 2026-11-06T09:00, to: 2026-11-06T17:00, add: [eve]}
      - {from: 2026-11-07T09:00, to: 2026-11-07T17:00, remove: [ana]}
      - {from: 2026-11-10T00:00, to: 2026-11-11T00:00, put: [dee]}
    temporary:
      - {from: 2026-11-12T00:00, to: 2026-11-13T00:00, shifts: [{from: 2026-11-12T06:00, to: 2026-11-12T18:00, users: [chi]}]}
)";

std::string shown(const Json& entry)
{
    std::string users;
    for (const auto& user : entry["users"])
        users += (users.empty() ? "" : "+") + user.get<std::string>();
    return entry["start"].get<std::string>() + " " + entry["end"].get<std::string>() + " " + (users.empty() ? "-" : users) + " "
        + (entry["rotation"].is_null() ? "null" : entry["rotation"].get<std::string>())
        + (entry["override"].get<bool>() ? " override" : "");
}

std::vector<std::string> shown_all(const Json& entries)
{
    std::vector<std::string> lines;
    for (const auto& entry : entries)
        lines.push_back(shown(entry));
    return lines;
}

using Lines = std::vector<std::string>;

/// Compares with tests/commands/golden/<name>; with ONCALL_GOLDEN=write in the environment, writes it instead.
void golden(const fs::path& file, const std::string& text)
{
    if (const char* wish = std::getenv("ONCALL_GOLDEN"); wish && std::string{wish} == "write") {
        fs::create_directories(file.parent_path());
        std::ofstream{file} << text;
    }
    INFO(file.string() << " (run with ONCALL_GOLDEN=write to renew it)");
    CHECK(text == text_of(file));
}

fs::path golden_path(const std::string& name) { return fs::path{ONCALL_SOURCE_DIR} / "tests/commands/golden" / name; }

} // namespace

TEST_CASE("preview --json has an entry for each shift and rotation, gaps too, cut to the period", "[commands][preview]")
{
    Desk desk{payments};
    CHECK(shown_all(desk.ask("2026-11-02", "2026-11-14").json())
        == Lines{
            "2026-11-02T00:00:00+01:00 2026-11-02T09:00:00+01:00 chi+dee weekly",
            "2026-11-02T09:00:00+01:00 2026-11-04T20:00:00+01:00 ana weekly",
            "2026-11-04T20:00:00+01:00 2026-11-05T08:00:00+01:00 eve nights", // a higher priority cuts the turn
            "2026-11-05T08:00:00+01:00 2026-11-05T10:00:00+01:00 ana weekly",
            "2026-11-05T10:00:00+01:00 2026-11-05T12:00:00+01:00 bo weekly override", // the rotation of the person replaced
            "2026-11-05T12:00:00+01:00 2026-11-07T09:00:00+01:00 ana weekly",
            "2026-11-06T09:00:00+01:00 2026-11-06T17:00:00+01:00 eve null override", // added: null, and overlapping
            "2026-11-07T09:00:00+01:00 2026-11-07T17:00:00+01:00 - null override", // a gap that was made
            "2026-11-07T17:00:00+01:00 2026-11-09T09:00:00+01:00 ana weekly",
            "2026-11-09T09:00:00+01:00 2026-11-10T00:00:00+01:00 bo weekly",
            "2026-11-10T00:00:00+01:00 2026-11-11T00:00:00+01:00 dee null override",
            "2026-11-11T00:00:00+01:00 2026-11-11T20:00:00+01:00 bo weekly",
            "2026-11-11T20:00:00+01:00 2026-11-12T00:00:00+01:00 eve nights",
            "2026-11-12T00:00:00+01:00 2026-11-12T06:00:00+01:00 - null override",
            "2026-11-12T06:00:00+01:00 2026-11-12T18:00:00+01:00 chi null override",
            "2026-11-12T18:00:00+01:00 2026-11-13T00:00:00+01:00 - null override",
            "2026-11-13T00:00:00+01:00 2026-11-14T00:00:00+01:00 bo weekly",
        });
}

TEST_CASE("preview --json is written byte for byte as promised", "[commands][preview]")
{
    Desk desk{payments};
    const std::string expected = R"([
{"start":"2026-11-05T09:00:00+01:00","end":"2026-11-05T10:00:00+01:00","users":["ana"],"rotation":"weekly","override":false},
{"start":"2026-11-05T10:00:00+01:00","end":"2026-11-05T11:30:00+01:00","users":["bo"],"rotation":"weekly","override":true}
]
)";
    const auto answer = desk.ask("2026-11-05T09:00", "2026-11-05T11:30");
    CHECK(answer.status == 0);
    CHECK(answer.err.empty());
    CHECK(answer.out == expected);
    // The same instants, said otherwise.
    CHECK(desk.ask("2026-11-05T08:00:00Z", "2026-11-05T05:30-05:00").out == expected);
    CHECK(desk.ask("20261105T0900", "2026-11-05 11:30:00.000").out == expected);
}

TEST_CASE("Times of a preview carry the offset of the schedule's zone, whatever the rotation's is", "[commands][preview]")
{
    Desk desk{"schedules:\n  it:\n    time_zone: Asia/Kolkata\n    rotations:\n"
              "      - {name: far, unit: day, start: 2026-10-24T09:00, time_zone: Europe/Berlin, users: [ana, bo]}\n"};
    CHECK(shown_all(desk.ask("2026-10-24T12:30", "2026-10-26T12:30").json())
        == Lines{
            "2026-10-24T12:30:00+05:30 2026-10-25T13:30:00+05:30 ana far", // Berlin's clocks went back
            "2026-10-25T13:30:00+05:30 2026-10-26T12:30:00+05:30 bo far",
        });
    Desk berlin{"schedules:\n  it:\n    time_zone: Europe/Berlin\n    rotations:\n"
                "      - {name: hours, unit: hour, start: 2026-10-25T00:00, users: [ana, bo]}\n"};
    CHECK(shown_all(berlin.ask("2026-10-25T01:00", "2026-10-25T03:00").json())
        == Lines{
            "2026-10-25T01:00:00+02:00 2026-10-25T02:00:00+02:00 bo hours",
            "2026-10-25T02:00:00+02:00 2026-10-25T03:00:00+01:00 ana hours",
        });
}

TEST_CASE("A handoff begins a new entry, also when the same people go on", "[commands][preview]")
{
    Desk desk{"schedules:\n  it:\n    rotations:\n      - {name: daily, unit: day, start: 2026-11-02T09:00, users: [ana]}\n"};
    CHECK(desk.ask("2026-11-02T09:00", "2026-11-05T09:00").json().size() == 3);
}

TEST_CASE("Rotations of equal priority overlap; entries are in order of start, then rotation", "[commands][preview]")
{
    Desk desk{"schedules:\n  it:\n    rotations:\n"
              "      - {name: zulu, unit: day, start: 2026-11-02T09:00, users: [ana, null]}\n"
              "      - {name: alpha, unit: day, start: 2026-11-02T09:00, users: [bo, null]}\n"};
    CHECK(shown_all(desk.ask("2026-11-02T09:00", "2026-11-05T09:00").json())
        == Lines{
            "2026-11-02T09:00:00+00:00 2026-11-03T09:00:00+00:00 bo alpha",
            "2026-11-02T09:00:00+00:00 2026-11-03T09:00:00+00:00 ana zulu",
            "2026-11-03T09:00:00+00:00 2026-11-04T09:00:00+00:00 - null",
            "2026-11-04T09:00:00+00:00 2026-11-05T09:00:00+00:00 bo alpha",
            "2026-11-04T09:00:00+00:00 2026-11-05T09:00:00+00:00 ana zulu",
        });
}

TEST_CASE("Any text is a person, and the file needs no more than schedules", "[commands][preview]")
{
    Desk desk{"schedules:\n  it:\n    rotations:\n"
              "      - {name: \"ro \\\"ta\\\"\", start: 2026-11-02T09:00, users: [\"Ana María 日本 \\\"x\\\" <b>\", 7]}\n"};
    const auto json = desk.ask("2026-11-02T09:00", "2026-11-16T09:00").json();
    REQUIRE(json.size() == 2);
    CHECK(json[0]["users"] == Json::array({"Ana María 日本 \"x\" <b>"}));
    CHECK(json[0]["rotation"] == "ro \"ta\"");
    CHECK(json[1]["users"] == Json::array({"7"}));
    Desk empty{"schedules:\n  it: {}\n"};
    CHECK(shown_all(empty.ask("2026-11-02", "2026-11-03").json())
        == Lines{"2026-11-02T00:00:00+00:00 2026-11-03T00:00:00+00:00 - null"});
}

TEST_CASE("A preview needs none of the settings that its file speaks of", "[commands][preview]")
{
    ::unsetenv("ONCALL_TEST_NO_SUCH_KEY");
    Desk desk{payments
        + "policies: {p: {levels: [{targets: [\"schedule:payments\"]}]}}\n"
          "services: {s: {policy: p}}\n"
          "sources:\n  a: {format: generic, service: s, key_env: ONCALL_TEST_NO_SUCH_KEY}\n"
          "  b: {format: generic, service: s, key_env: ONCALL_TEST_NO_SUCH_KEY_EITHER}\n"};
    const auto answer = desk.ask("2026-11-02", "2026-11-14");
    CHECK(answer.err == "");
    CHECK(answer.status == 0);
}

TEST_CASE("Whoever is on call at an instant is the union of the entries that hold then", "[commands][preview]")
{
    Desk desk{payments};
    const auto parsed = config::parse(
        payments, [](const std::string&) { return std::nullopt; }, config::Names::any)
                            .configuration;
    const auto& schedule = parsed.schedules.at("payments");
    const auto base = *oncall::instant_in("2026-11-01", "Europe/Berlin");
    const bool held = rc::check([&] {
        const auto from = base + std::chrono::minutes{*rc::gen::inRange(0, 20'000)};
        const auto to = from + std::chrono::minutes{*rc::gen::inRange(1, 20'000)};
        const auto json = Json::parse(commands::preview_json(schedule, from, to));
        const auto time = [](const Json& text) { return *oncall::instant_in(text.get<std::string>(), "UTC"); };
        auto covered = from;
        for (const auto& entry : json) {
            RC_ASSERT(time(entry["start"]) < time(entry["end"]));
            RC_ASSERT(time(entry["start"]) >= from);
            RC_ASSERT(time(entry["end"]) <= to);
            RC_ASSERT(time(entry["start"]) <= covered);
            covered = std::max(covered, time(entry["end"]));
        }
        RC_ASSERT(covered == to);
        for (int i = 0; i < 5; ++i) {
            const auto at = from
                + std::chrono::minutes{*rc::gen::inRange<long>(0, std::chrono::floor<std::chrono::minutes>(to - from).count())};
            std::set<std::string> people;
            for (const auto& entry : json)
                if (time(entry["start"]) <= at && at < time(entry["end"]))
                    for (const auto& user : entry["users"])
                        people.insert(user.get<std::string>());
            const auto truth = oncall::who_is_on_call(schedule, at).people;
            RC_ASSERT((people == std::set<std::string>{truth.begin(), truth.end()}));
        }
    });
    CHECK(held);
}

TEST_CASE("Without --from and --to it is two weeks from now; without --schedule the only one", "[commands][preview]")
{
    Desk desk{payments};
    auto json = desk.ask("", "").json();
    CHECK(json.front()["start"] == "2026-11-03T13:00:00+01:00");
    CHECK(json.back()["end"] == "2026-11-17T13:00:00+01:00");
    json = desk.ask("2027-03-20T12:00", "").json();
    CHECK(json.front()["start"] == "2027-03-20T12:00:00+01:00");
    CHECK(json.back()["end"] == "2027-04-03T12:00:00+02:00"); // on the wall clock
    desk.words.schedule = "payments";
    CHECK(desk.ask("", "").json().front()["start"] == "2026-11-03T13:00:00+01:00");
}

TEST_CASE("What makes no sense is refused with a reason and what to do", "[commands][preview]")
{
    struct Case {
        const char* why;
        std::function<void(Desk&)> make;
        int status;
        std::vector<std::string> said;
    };
    const std::string two = payments + "  ledger: {}\n  paymants-eu: {}\n";
    const std::vector<Case> cases{
        {"no such file", [](Desk& d) { d.words.file += ".gone"; }, 1, {"oncall.yaml.gone cannot be read", "Fix: "}},
        {"a folder", [](Desk& d) { d.words.file = d.folder.string(); }, 1, {"cannot be read"}},
        {"no YAML", [](Desk& d) { std::ofstream{d.words.file} << "schedules: {\n"; }, 1, {"oncall.yaml:"}},
        {"mistakes, all of them",
            [](Desk& d) { std::ofstream{d.words.file} << "schedules:\n  a: {time_zone: Mars/Olympus}\n  b: {rotation: []}\n"; },
            1, {"oncall.yaml:2:18: there is no time zone `Mars/Olympus`", "oncall.yaml:3:7: ", "did you mean `rotations`?"}},
        {"no schedules", [](Desk& d) { std::ofstream{d.words.file} << "teams: {}\n"; }, 1, {"has no schedules"}},
        {"which of several", [](Desk&) {}, 2, {"several schedules", "--schedule", "ledger, paymants-eu, payments"}},
        {"a name mistyped", [](Desk& d) { d.words.schedule = "payment"; }, 1,
            {"no schedule `payment`", "Did you mean `payments`?"}},
        {"a name unknown", [](Desk& d) { d.words.schedule = "frontend"; }, 1,
            {"no schedule `frontend`", "Its schedules: ledger, paymants-eu, payments."}},
        {"no time", [](Desk& d) { d.words.schedule = "payments", d.words.from = "monday"; }, 2,
            {"--from `monday` is no time", "ISO 8601", "Europe/Berlin"}},
        {"no such day", [](Desk& d) { d.words.schedule = "payments", d.words.to = "2026-02-30"; }, 2,
            {"--to `2026-02-30` is no time"}},
        {"backwards", [](Desk& d) { d.words.schedule = "payments", d.words.from = "2026-11-03", d.words.to = "2026-11-02"; }, 2,
            {"--to (2026-11-02T00:00:00+01:00) is not later than --from (2026-11-03T00:00:00+01:00)"}},
        {"no time at all",
            [](Desk& d) { d.words.schedule = "payments", d.words.from = "2026-11-03", d.words.to = "2026-11-02T23:00Z"; }, 2,
            {"is not later than"}},
        {"too long", [](Desk& d) { d.words.schedule = "payments", d.words.to = "2199-01-01"; }, 2, {"100 years"}},
        {"too long for a picture",
            [](Desk& d) { d.words.schedule = "payments", d.words.to = "2028-01-01", d.words.svg = d.path("x.svg"); }, 2,
            {"400 days"}},
        {"dark and light", [](Desk& d) { d.words.dark = d.words.light = true, d.words.svg = d.path("x.svg"); }, 2,
            {"--dark and --light"}},
        {"dark without a picture", [](Desk& d) { d.words.dark = true; }, 2, {"--svg FILE or --png FILE"}},
        {"one file for two", [](Desk& d) { d.words.svg = d.words.png = d.path("x"); }, 2, {"the same file"}},
        {"nowhere to draw", [](Desk& d) { d.words.schedule = "payments", d.words.svg = d.path("nowhere/x.svg"); }, 1,
            {"The picture cannot be written", "nowhere"}},
    };
    for (const auto& one : cases) {
        Desk desk{two};
        desk.words.json = true;
        one.make(desk);
        const auto answer = desk.ask();
        INFO(one.why << ": " << answer.err);
        CHECK(answer.status == one.status);
        CHECK(answer.out.empty());
        CHECK(answer.err.ends_with("\n"));
        for (const auto& part : one.said)
            CHECK(has(answer.err, part));
        CHECK_FALSE(fs::exists(desk.path("x.svg")));
    }
}

TEST_CASE("An override that looks for nobody of the schedule is warned of, and stops nothing", "[commands][preview]")
{
    Desk desk{R"(schedules:
  payments:
    time_zone: Europe/Berlin
    rotations:
      - {name: weekly, start: 2026-11-02T09:00, users: [ana, bo]}
    overrides:
      - {from: 2026-11-05T10:00, to: 2026-11-05T12:00, put: [bo], instead_of: "@ana"}
      - {from: 2026-11-06T10:00, to: 2026-11-06T12:00, put: [bo], instead_of: ana}
      - {from: 2026-11-07T10:00, to: 2026-11-07T12:00, remove: [zoe, ana]}
)"};
    for (const bool json : {true, false}) {
        const auto answer = desk.ask("2026-11-02T09:00", "2026-11-09T09:00", json);
        CHECK(answer.status == 0);
        CHECK(std::count(answer.err.begin(), answer.err.end(), '\n') == 2);
        CHECK(has(answer.err,
            "Warning: schedule payments: the override of Thu 2026-11-05 10:00 puts somebody instead of @ana, but nothing in the "
            "schedule puts anybody of that name on call, so this changes nothing. Fix: "));
        CHECK(has(answer.err, "the override of Sat 2026-11-07 10:00 removes zoe, "));
        if (json)
            CHECK(answer.json().size() == 5);
    }
}

TEST_CASE("A schedule of 2050 is previewed by the clocks of 2050", "[commands][preview]")
{
    Desk desk{"schedules: {s: {time_zone: Europe/Berlin, rotations: [{name: w, unit: day, start: 2050-06-30T09:00, users: [ana, "
              "bo]}]}}"};
    CHECK(shown_all(desk.ask("2050-07-01T00:00", "2050-07-02T00:00").json())
        == Lines{"2050-07-01T00:00:00+02:00 2050-07-01T09:00:00+02:00 ana w",
            "2050-07-01T09:00:00+02:00 2050-07-02T00:00:00+02:00 bo w"});
}

TEST_CASE("For people, a preview is a table with weekdays, gaps in words, clock changes and a sum", "[commands][preview]")
{
    Desk desk{payments};
    auto answer = desk.ask("2026-11-02", "2026-11-14", false);
    CHECK(answer.status == 0);
    golden(golden_path("preview.txt"), answer.out);
    CHECK(has(answer.out, "> Mon 2026-11-02 09:00  Wed 2026-11-04 20:00  2d11h"));
    CHECK_FALSE(has(answer.out, "\x1b"));

    desk.words.colour = true;
    answer = desk.ask("2026-11-07", "2026-11-08", false);
    CHECK(has(answer.out, "NOBODY")); // never by colour alone
    CHECK(has(answer.out, "\x1b[1;31m"));

    Desk clocks{"schedules:\n  \"日本 ops\":\n    time_zone: Europe/Berlin\n    rotations:\n"
                "      - {name: daily, unit: day, length: 2, start: 2026-10-24T09:00, users: [\"日本太郎\", \"Löwe\", ana]}\n"};
    golden(golden_path("preview_clocks.txt"), clocks.ask("2026-10-24", "2026-10-28", false).out);
}

TEST_CASE("A double that nothing puts together is said in the sum", "[commands][preview]")
{
    Desk desk{"schedules:\n  it:\n    rotations:\n"
              "      - {name: a, unit: day, start: 2026-11-02T09:00, users: [ana]}\n"
              "      - {name: b, unit: day, start: 2026-11-02T09:00, users: [bo, null]}\n"};
    CHECK_THAT(desk.ask("2026-11-02T09:00", "2026-11-04T09:00", false).out,
        contains("3 shifts. Somebody is on call all the time. Several are on call at once, though nothing puts them together, "
                 "for 1d."));
}

TEST_CASE("Pictures are written whole, and JSON beside them stays alone on its way", "[commands][preview]")
{
    Desk desk{payments};
    desk.words.svg = desk.path("schedule.svg");
    desk.words.png = desk.path("schedule.png");
    std::ofstream{desk.words.svg} << "what was there";
    fs::permissions(desk.words.svg, fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read);
    auto answer = desk.ask("2026-11-02", "2026-11-16");
    INFO(answer.err);
    CHECK(answer.status == 0);
    CHECK(answer.json().is_array());
    CHECK(has(text_of(desk.words.svg), "prefers-color-scheme"));
    CHECK((fs::status(desk.words.svg).permissions() & fs::perms::others_read) != fs::perms::none);
    CHECK(text_of(desk.words.png).starts_with("\x89PNG"));
    const auto light = text_of(desk.words.png);
    desk.words.dark = true;
    answer = desk.ask("2026-11-02", "2026-11-16", false);
    CHECK(answer.out.empty());
    CHECK(text_of(desk.words.png).starts_with("\x89PNG"));
    CHECK(text_of(desk.words.png) != light);
    CHECK_FALSE(has(text_of(desk.words.svg), "prefers-color-scheme"));
    CHECK(std::distance(fs::directory_iterator{desk.folder}, fs::directory_iterator{}) == 3); // nothing is left beside
}

TEST_CASE("A file is replaced as a whole, a link stays a link, a pipe is written into", "[commands]")
{
    Desk desk{""};
    const auto target = desk.path("target"), link = desk.path("link");
    commands::write_whole(target, "one");
    CHECK(text_of(target) == "one");
    fs::create_symlink("target", link);
    commands::write_whole(link, "two");
    CHECK(fs::is_symlink(link));
    CHECK(text_of(target) == "two");
    commands::write_whole("/dev/null", "three");
    CHECK(fs::is_character_file("/dev/null"));
    CHECK_THROWS_AS(commands::write_whole(desk.path("nowhere/file"), "x"), std::system_error);
    CHECK_THROWS_AS(commands::write_whole(desk.folder.string(), "x"), std::system_error);
}

TEST_CASE("The README's picture is what the command draws", "[commands][preview][manifest]")
{
    PreviewWords words;
    words.file = std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml";
    words.from = "2026-11-02T09:00";
    words.to = "2026-11-23T09:00";
    Desk desk{""};
    words.svg = desk.path("schedule.svg");
    std::ostringstream out, err;
    CHECK(commands::preview(words, *oncall::instant_in("2026-12-01", "UTC"), out, err) == 0);
    CHECK(err.str() == "");
    golden(fs::path{ONCALL_SOURCE_DIR} / "manifest/pictures/schedule.svg", text_of(words.svg));
    CHECK(has(text_of(fs::path{ONCALL_SOURCE_DIR} / "README.md"), "manifest/pictures/schedule.svg"));
}

TEST_CASE("The binary previews: its words, its exit statuses, without a setting", "[commands][preview][binary]")
{
    Desk desk{payments};
    doors::ProgramLimits patient;
    patient.time = 120s;
    patient.memory = ~std::size_t{}; // sanitizers reserve more than there is
    const auto run = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {ONCALL_BINARY, "preview"});
        return doors::run_program(words, "", patient);
    };
    const auto printed = run({desk.words.file, "--schedule", "payments", "--from", "2026-11-02", "--to", "2026-11-14", "--json"});
    CHECK(printed.status == 0);
    CHECK(printed.errors.empty());
    CHECK(printed.output == desk.ask("2026-11-02", "2026-11-14").out);
    const auto refused = run({desk.words.file, "--schedule", "nobody"});
    CHECK(refused.status == 1);
    CHECK(refused.output.empty());
    CHECK_FALSE(refused.errors.empty());
    CHECK(run({desk.words.file, "--from", "never"}).status == 2);
    CHECK(run({}).status == 2);
    CHECK(run({desk.words.file, "--schedule"}).status == 2);
    CHECK(run({desk.words.file, "--sideways"}).status == 2);
    CHECK(run({"--help"}).status == 0);
}
