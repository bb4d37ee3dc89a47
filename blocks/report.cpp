#include "blocks/report.hpp"

#include "blocks/kit.hpp"

#include <array>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_rows = 97; // a table of Slack has 100, with its head, the sum and what is left out
constexpr std::size_t most_report_word = 60;
constexpr std::size_t most_gaps = 6; // schedules named
constexpr std::size_t most_cell = 30; // all of a message's blocks hold 12,000 characters

Json cell(const std::string& text)
{
    Json json;
    json["type"] = "raw_text";
    json["text"] = clean(text, most_cell);
    if (json["text"] == "")
        json["text"] = "–";
    return json;
}

Json row(const std::string& name, const oncall::OnCallHours& hours)
{
    auto cells = Json::array();
    cells.push_back(cell(name));
    for (const auto one : {hours.total(), hours.business, hours.off, hours.sleep, hours.weekend, hours.holiday})
        cells.push_back(cell(oncall::hours_out(one)));
    return cells;
}

Json table(const oncall::Report& report)
{
    Json json;
    json["type"] = "table";
    json["rows"] = Json::array();
    auto head = Json::array();
    auto settings = Json::array();
    for (const auto* const word : {"Who", "Hours", "Business", "Off hours", "Sleep", "of it weekend", "of it holiday"}) {
        head.push_back(cell(word));
        Json setting;
        setting["align"] = settings.empty() ? "left" : "right";
        settings.push_back(std::move(setting));
    }
    json["rows"].push_back(std::move(head));
    for (const auto& one : report.rows) {
        if (json["rows"].size() > most_rows)
            break;
        json["rows"].push_back(row(one.name, one.hours));
    }
    if (report.rows.size() != 1)
        json["rows"].push_back(row("All", report.total));
    json["column_settings"] = std::move(settings);
    return json;
}

Mrkdwn hours_line(const std::string& name, const oncall::OnCallHours& hours)
{
    const auto part = [](oncall::milliseconds time) { return escape(oncall::hours_out(time)); };
    return "• " + one_line(name, most_report_word) + ": " + part(hours.total()) + " h (business " + part(hours.business)
        + ", off " + part(hours.off) + ", sleep " + part(hours.sleep) + "; weekend " + part(hours.weekend) + ", holiday "
        + part(hours.holiday) + ")";
}

/// Nothing where somebody always was.
Mrkdwn gap_line(const std::map<std::string, oncall::milliseconds>& nobody)
{
    std::vector<Mrkdwn> shown;
    for (const auto& [schedule, time] : nobody) {
        if (shown.size() == most_gaps) {
            shown.push_back("+" + number(static_cast<std::int64_t>(nobody.size() - most_gaps)) + " more");
            break;
        }
        shown.push_back(one_line(schedule, most_report_word) + " " + escape(oncall::hours_out(time)));
    }
    return shown.empty() ? Mrkdwn{} : "⚠️ Hours without anybody on call: " + joined(shown, ", ") + ".";
}

} // namespace

Message report(const ReportShown& shown)
{
    const auto& all = shown.report;
    auto title = one_line(shown.title, 2 * most_report_word) + ", " + one_line(shown.period, most_report_word);
    if (shown.planned)
        title += ", as planned";
    if (shown.so_far)
        title += ", so far";
    const auto file = actions({button("As a file (CSV)", action::report_file, shown.value)});
    if (all.rows.empty()) {
        const auto none = title + ": none.";
        const auto gaps = gap_line(all.nobody);
        return message(gaps.empty() ? none : none + "\n" + gaps, {section(none), context({gaps})});
    }
    std::vector<Mrkdwn> lines{title};
    for (const auto& one : all.rows) {
        if (lines.size() > most_rows)
            break;
        lines.push_back(hours_line(one.name, one.hours));
    }
    if (all.rows.size() > 1)
        lines.push_back(hours_line("All", all.total));
    std::vector<Mrkdwn> notes{
        "Business hours are Mon–Fri 8–18, off hours 8–22 else, sleep 22–8, each in the person's own zone. Days are those of "
        + one_line(shown.time_zone, most_report_word) + "."};
    if (all.rows.size() > most_rows)
        notes.push_back(number(static_cast<std::int64_t>(all.rows.size() - most_rows)) + " more people are in the file.");
    if (auto gaps = gap_line(all.nobody); !gaps.empty())
        notes.push_back(std::move(gaps));
    notes.push_back("As the schedules say now: what was changed since counts as it is.");
    return message(joined(lines, "\n"), {section(bold(title)), table(all), context({joined(notes, " ")}), file});
}

} // namespace blocks
