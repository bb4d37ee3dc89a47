#include "blocks/coverage.hpp"

#include "catch.hpp"

using namespace std::chrono_literals;
using blocks::CoverageLine;
using oncall::FindingKind;

namespace {

CoverageLine found_line(FindingKind kind, oncall::TimePoint from, std::vector<std::string> people = {}, bool usual = false)
{
    CoverageLine line;
    line.schedule = "payments <!channel>";
    line.finding.kind = kind;
    line.finding.stretches = {{from, from + 2h}};
    line.finding.people = std::move(people);
    line.finding.usual = usual;
    return line;
}

const oncall::TimePoint coverage_noon{oncall::milliseconds{1'793'707'200'000}};

std::string blocks_of(const blocks::Message& message) { return blocks::Json(message.blocks).dump(); }

std::size_t place_in_blocks(const std::string& text, const std::string& part)
{
    INFO(part);
    REQUIRE(text.find(part) != text.npos);
    return text.find(part);
}

} // namespace

TEST_CASE("Coverage lists the worst first, each with a button where there is a way to mend it", "[blocks][coverage]")
{
    blocks::CoverageShown shown;
    shown.now = coverage_noon;
    shown.period = "Tue 3 Nov 2026";
    shown.schedules = {{"payments <!channel>", 90h, 100h}};
    shown.lines = {found_line(FindingKind::night, coverage_noon + 1h, {"UANA"}),
        found_line(FindingKind::gap, coverage_noon + 5h, {}, true),
        found_line(FindingKind::doubled, coverage_noon + 1h, {"UANA", "UBO"}),
        found_line(FindingKind::gone, coverage_noon + 1h, {"UBO"}), found_line(FindingKind::gap, coverage_noon + 30h),
        found_line(FindingKind::gap, coverage_noon + 3h)};
    shown.names = {{"UANA", "Ana"}, {"UBO", "Bo & <!here>"}};
    const auto message = blocks::coverage(shown);
    const auto all = blocks_of(message);
    CHECK(message.text.find("<!channel>") == message.text.npos);
    CHECK(message.text.find("<!here>") == message.text.npos);
    CHECK(message.text.find("90 % covered") != message.text.npos);
    const auto first = "gap:" + std::to_string((coverage_noon + 3h).time_since_epoch().count() / 1'000) + ":"
        + std::to_string((coverage_noon + 5h).time_since_epoch().count() / 1'000) + "::payments <!channel>";
    const auto later = "gap:" + std::to_string((coverage_noon + 30h).time_since_epoch().count() / 1'000);
    CHECK(place_in_blocks(all, first) < place_in_blocks(all, later));
    CHECK(place_in_blocks(all, later) < place_in_blocks(all, "gone:"));
    CHECK(place_in_blocks(all, "gone:") < place_in_blocks(all, "Several at once"));
    CHECK(place_in_blocks(all, "Several at once") < place_in_blocks(all, "night:"));
    CHECK(place_in_blocks(all, "night:") < place_in_blocks(all, "🌙"));
    CHECK(all.find("double:") != all.npos); // the other one stays on alone
    shown.lines = {found_line(FindingKind::gap, coverage_noon + 5h, {}, true)};
    CHECK(blocks::coverage(shown).text.find("✅ Nothing to mend") != std::string::npos);
}

TEST_CASE("Of however many findings a message stays one that Slack takes, and says how many more there are", "[blocks][coverage]")
{
    blocks::CoverageShown shown;
    shown.now = coverage_noon;
    blocks::CoverageTold told;
    told.now = coverage_noon;
    told.schedule = std::string(3'000, 's');
    for (int i = 0; i < 200; ++i) {
        shown.schedules.push_back({std::string(200, 'x'), 1h, 2h});
        shown.lines.push_back(found_line(FindingKind::gone, coverage_noon + i * 3h, {std::string(200, 'p'), "UBO"}));
        told.lines.push_back(shown.lines.back());
    }
    shown.left_out = 5;
    const auto counts = [](const blocks::Message& message, std::size_t of) {
        const auto all = blocks_of(message);
        std::size_t shown_lines = 0;
        for (auto at = all.find("coverage.fix"); at != all.npos; at = all.find("coverage.fix", at + 1))
            ++shown_lines;
        INFO(shown_lines << " of " << of);
        CHECK(shown_lines > 5);
        CHECK(all.find("and " + std::to_string(of - shown_lines) + " more") != all.npos);
        CHECK(message.blocks.size() <= 50);
    };
    counts(blocks::coverage(shown), 205);
    counts(blocks::coverage_told(told), 200);
}

TEST_CASE("What was told says when it is mended or over, and has no button then", "[blocks][coverage]")
{
    blocks::CoverageTold told;
    told.now = coverage_noon;
    told.schedule = "payments";
    told.lines = {found_line(FindingKind::gap, coverage_noon + 5h)};
    told.now = coverage_noon + 6h;
    CHECK(blocks::coverage_told(told).text.find("Now, *schedule") != std::string::npos);
    told.now = coverage_noon - 31h;
    CHECK(blocks::coverage_told(told).text.find("Within two days, ") != std::string::npos);
    told.now = coverage_noon;
    auto message = blocks::coverage_told(told);
    CHECK(message.text.find("Within a day, *schedule payments* has something to mend") != std::string::npos);
    CHECK(blocks_of(message).find("coverage.fix") != std::string::npos);
    told.lines.front().state = CoverageLine::mended;
    message = blocks::coverage_told(told);
    CHECK(message.text.find("what was to be mended is") != std::string::npos);
    CHECK(message.text.find("✅ Mended: ") != std::string::npos);
    CHECK(blocks_of(message).find("coverage.fix") == std::string::npos);
    told.lines.front().state = CoverageLine::past;
    CHECK(blocks::coverage_told(told).text.find("this is over") != std::string::npos);
}
