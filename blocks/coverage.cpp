#include "blocks/coverage.hpp"

#include "blocks/kit.hpp"
#include "blocks/schedule_name.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::Finding;
using oncall::FindingKind;
using oncall::TimePoint;

namespace {

constexpr std::size_t most_coverage_lines = 25; // with a block each
constexpr std::size_t most_coverage_text = 6'000; // of all of them
constexpr std::size_t most_coverage_schedules = 20;
constexpr std::size_t most_coverage_people = 5;
constexpr std::size_t most_coverage_times = 3; // named of a finding
constexpr std::size_t most_coverage_why = 200;

Mrkdwn coverage_number(std::size_t value) { return number(static_cast<std::int64_t>(value)); }

/// Those that are not over.
std::vector<oncall::Span> to_come(const Finding& finding, TimePoint now)
{
    std::vector<oncall::Span> left;
    for (const auto& span : finding.stretches)
        if (span.to > now)
            left.push_back(span);
    return left.empty() ? finding.stretches : left;
}

Mrkdwn coverage_times(const std::vector<oncall::Span>& spans, bool lasts)
{
    std::vector<Mrkdwn> shown;
    for (const auto& span : spans) {
        if (shown.size() == most_coverage_times)
            break;
        shown.push_back(
            lasts && &span == &spans.back() ? "from " + date(span.from) + " on" : date(span.from) + " – " + date(span.to));
    }
    auto text = joined(shown, ", ");
    if (spans.size() > shown.size())
        text += " and " + coverage_number(spans.size() - shown.size()) + " times more";
    return text;
}

Mrkdwn coverage_people(const std::vector<std::string>& people, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : people) {
        if (shown.size() == most_coverage_people) {
            shown.push_back("and " + coverage_number(people.size() - shown.size()) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return joined(shown, ", ");
}

Mrkdwn beyond_reach_words(const std::string& why)
{
    return why == "bot"     ? Mrkdwn{" is an app and cannot answer a page"}
        : why == "stranger" ? Mrkdwn{" is of another workspace and cannot answer a page"}
        : why == "nobody"   ? Mrkdwn{": Slack knows nobody of that name, so no page arrives"}
                            : Mrkdwn{" has left Slack and cannot be paged"};
}

Mrkdwn finding_words(const Finding& finding, TimePoint now, const Names& names)
{
    const auto times = coverage_times(to_come(finding, now), finding.lasts);
    const auto who = coverage_people(finding.people, names);
    switch (finding.kind) {
    case FindingKind::gap:
        return finding.usual ? "🌙 At the hours that its rotations leave open nobody is to be paged: " + times
                             : "🕳️ " + bold("Nobody") + " " + times;
    case FindingKind::gone: return "🚨 " + bold(who) + beyond_reach_words(finding.why) + ": " + times;
    case FindingKind::doubled:
        return finding.usual ? "👥 Several are on call at once, as its rotations want it: " + times
                             : "👥 " + bold("Several at once") + ", " + who + ": " + times;
    case FindingKind::no_rest:
        return "🥱 " + bold(who)
            + (finding.why == "long" ? Mrkdwn{" is on call for more than 14 days in a row; beyond them: "}
                                     : Mrkdwn{" comes on call again with less than 11 hours of rest: "})
            + times;
    case FindingKind::night: break;
    }
    return "🌃 " + bold(who) + " is on call in their night, while it is day for others of the schedule: " + times;
}

bool can_be_fixed(const CoverageLine& line, TimePoint now)
{
    return line.state == CoverageLine::holds && !line.finding.usual && line.finding.to() > now;
}

std::string fix_value(const CoverageLine& line, TimePoint now)
{
    const auto span = to_come(line.finding, now).front();
    const auto seconds = [](TimePoint at) {
        return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    };
    return std::string{oncall::name(line.finding.kind)} + ":" + seconds(span.from) + ":" + seconds(span.to) + ":"
        + (line.finding.people.empty() ? "" : line.finding.people.front()) + ":" + line.schedule;
}

Mrkdwn finding_title(FindingKind kind)
{
    switch (kind) {
    case FindingKind::gap: return "Gaps";
    case FindingKind::gone: return "People whom no page reaches";
    case FindingKind::doubled: return "Several at once";
    case FindingKind::no_rest: return "Too little rest";
    case FindingKind::night: break;
    }
    return "On call at night, while it is day for others";
}

Mrkdwn covered_words(const CoverageShown::Covered& one)
{
    // The sign is its own word, as elsewhere.
    return bold(schedule_name(one.schedule)) + ": " + one_line(oncall::percentage(one.covered, one.whole), 20) + " covered";
}

/// Of a message's length, so that what is left out is counted.
struct CoverageRoom {
    std::size_t taken{};
    std::size_t text{};
    bool take(const Mrkdwn& words)
    {
        text += words.text().size();
        if (taken == most_coverage_lines || text > most_coverage_text)
            return false;
        ++taken;
        return true;
    }
};

Json line_block(const CoverageLine& line, const Mrkdwn& words, TimePoint now)
{
    if (!can_be_fixed(line, now))
        return section(words);
    return section(words,
        button(line.finding.kind == FindingKind::gap ? "Put somebody on call…" : "Fix…", action::coverage_fix,
            fix_value(line, now)));
}

} // namespace

Message coverage(const CoverageShown& shown)
{
    auto lines = shown.lines;
    std::stable_sort(lines.begin(), lines.end(), [](const CoverageLine& a, const CoverageLine& b) {
        return std::tuple{a.finding.usual, a.finding.kind, a.finding.from()}
        < std::tuple{b.finding.usual, b.finding.kind, b.finding.from()};
    });
    const bool several = shown.schedules.size() > 1;
    const bool is_well =
        shown.left_out == 0 && std::all_of(lines.begin(), lines.end(), [](const auto& line) { return line.finding.usual; });
    const Mrkdwn period = one_line(shown.period, 80);
    std::vector<Mrkdwn> text;
    std::vector<Json> blocks{header("Coverage")};
    const auto say = [&](const Mrkdwn& words) {
        text.push_back(words);
        blocks.push_back(section(words));
    };
    std::vector<Mrkdwn> covered;
    for (const auto& one : shown.schedules) {
        if (covered.size() == most_coverage_schedules) {
            covered.push_back("and " + coverage_number(shown.schedules.size() - covered.size()) + " schedules more");
            break;
        }
        covered.push_back(covered_words(one));
    }
    say((is_well ? Mrkdwn{"✅ Nothing to mend, "} : Mrkdwn{"What is to be mended, "}) + period + ".\n" + joined(covered, "\n"));
    std::optional<FindingKind> kind;
    CoverageRoom room;
    for (const auto& line : lines) {
        const auto words =
            (several ? schedule_name(line.schedule) + ": " : Mrkdwn{}) + finding_words(line.finding, shown.now, shown.names);
        if (!room.take(words))
            break;
        if (!line.finding.usual && kind != line.finding.kind) {
            kind = line.finding.kind;
            blocks.push_back(context({bold(finding_title(*kind))}));
        }
        text.push_back(words);
        blocks.push_back(line_block(line, words, shown.now));
    }
    if (const auto more = shown.left_out + lines.size() - room.taken; more > 0)
        say("and " + coverage_number(more)
            + " more: ask for one schedule or a shorter time, as in `/oncall coverage payments 1w`.");
    return message(joined(text, "\n"), std::move(blocks));
}

Message coverage_told(const CoverageTold& told)
{
    std::vector<Mrkdwn> text;
    std::vector<Json> blocks;
    const auto say = [&](const Mrkdwn& words) {
        text.push_back(words);
        blocks.push_back(section(words));
    };
    if (!told.trouble.empty())
        say("⚠️ This belongs into another channel, where I cannot post: " + one_line(told.trouble, most_coverage_why)
            + ". Invite me there, or name another channel in the configuration.");
    const bool holds =
        std::any_of(told.lines.begin(), told.lines.end(), [](const auto& line) { return line.state == CoverageLine::holds; });
    const bool mended =
        std::any_of(told.lines.begin(), told.lines.end(), [](const auto& line) { return line.state == CoverageLine::mended; });
    auto begins = TimePoint::max();
    for (const auto& line : told.lines)
        if (line.state == CoverageLine::holds)
            begins = std::min(begins, to_come(line.finding, told.now).front().from);
    using namespace std::chrono_literals;
    const auto ahead = begins <= told.now ? Mrkdwn{"Now"}
        : begins <= told.now + 24h        ? Mrkdwn{"Within a day"}
        : begins <= told.now + 48h        ? Mrkdwn{"Within two days"}
                                          : Mrkdwn{"Within a week"};
    const auto of = bold("schedule " + schedule_name(told.schedule));
    say(holds        ? "📅 " + ahead + ", " + of + " has something to mend:"
            : mended ? "✅ " + of + ": what was to be mended is."
                     : "📅 " + of + ": this is over.");
    CoverageRoom room;
    for (const auto& line : told.lines) {
        auto words = finding_words(line.finding, line.state == CoverageLine::holds ? told.now : TimePoint{}, told.names);
        if (line.state == CoverageLine::mended)
            words = "✅ Mended: " + words;
        else if (line.state == CoverageLine::past)
            words = "Over: " + words;
        if (!room.take(words))
            break;
        text.push_back(words);
        blocks.push_back(line_block(line, words, told.now));
    }
    if (told.lines.size() > room.taken)
        say("and " + coverage_number(told.lines.size() - room.taken) + " more: `/oncall coverage` lists them.");
    return message(joined(text, "\n"), std::move(blocks));
}

} // namespace blocks
