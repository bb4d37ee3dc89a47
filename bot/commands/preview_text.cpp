#include "commands/counted.hpp"
#include "commands/preview.hpp"
#include "oncall/calendar.hpp"
#include "pictures/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace commands {

namespace {

using namespace std::chrono_literals;
using oncall::Schedule;
using oncall::Shift;
using oncall::TimePoint;

constexpr std::size_t widest = 60; // columns of names

std::string shown(const std::string& foreign) { return pictures::encoded(pictures::decoded(foreign)); }

std::string padded(const std::string& text, std::size_t width)
{
    const auto taken = pictures::columns(text);
    return text + std::string(taken < width ? width - taken : 0, ' ');
}

using Row = std::array<std::string, 5>; // from, to, lasts, who, by

/// The rows and what stands between them.
class Table {
public:
    Table(const Schedule& schedule, TimePoint from, TimePoint to)
        : schedule_{schedule}
        , changes_{oncall::clock_changes(schedule.time_zone, from, to)}
    {
    }

    /// With its offset where the clocks change meanwhile.
    std::string time(TimePoint at) const
    {
        const auto words = oncall::sortable_words(oncall::to_local(at, schedule_.time_zone));
        return changes_.empty() ? words : words + " " + offset_at(at);
    }

    Row row(const Shift& shift) const
    {
        std::string who;
        for (const auto& person : shift.people)
            who += (who.empty() ? "" : ", ") + shown(person);
        return {time(shift.start), time(shift.end), oncall::duration_out(shift.end - shift.start),
            shift.people.empty() ? "NOBODY" : who, by(shift)};
    }

    /// "Sun 2027-03-28 03:00: the clocks go forward 1h, from +01:00 to +02:00", for each in (from, to].
    std::vector<std::string> clocks(TimePoint from, TimePoint to) const
    {
        std::vector<std::string> lines;
        for (const auto& change : changes_)
            if (change.at > from && change.at <= to) {
                const auto by = change.after - change.before;
                lines.push_back(oncall::sortable_words(oncall::to_local(change.at, schedule_.time_zone)) + ": the clocks go "
                    + (by > 0ms ? "forward " : "back ") + oncall::duration_out(std::chrono::abs(by)) + ", from "
                    + oncall::offset_words(change.before) + " to " + oncall::offset_words(change.after));
            }
        return lines;
    }

    std::string offset_at(TimePoint at) const { return oncall::offset_words(oncall::offset_at(at, schedule_.time_zone)); }

private:
    std::string by(const Shift& shift) const
    {
        const auto is_temporary = [&](const oncall::Temporary& one) { return one.from <= shift.start && shift.start < one.to; };
        if (std::any_of(schedule_.temporary.begin(), schedule_.temporary.end(), is_temporary))
            return shift.people.empty() ? "gap in a temporary schedule" : "temporary schedule";
        const auto rotation = shown(shift.rotation);
        if (shift.overridden)
            return std::string{shift.people.empty() ? "gap by override" : "override"}
            + (rotation.empty() ? "" : " of " + rotation);
        return shift.people.empty() ? "gap" : rotation;
    }

    const Schedule& schedule_;
    std::vector<oncall::ClockChange> changes_;
};

oncall::milliseconds sum_of(const std::vector<Shift>& shifts)
{
    oncall::milliseconds sum{};
    for (const auto& shift : shifts)
        sum += shift.end - shift.start;
    return sum;
}

std::string summary(const Schedule& schedule, const std::vector<Shift>& shifts, TimePoint from, TimePoint to)
{
    const auto gaps = oncall::gaps(schedule, from, to);
    const auto doubles = oncall::doubles(schedule, from, to);
    const auto manned = std::count_if(shifts.begin(), shifts.end(), [](const Shift& shift) { return !shift.people.empty(); });
    auto text = counted(static_cast<std::size_t>(manned), "shift", "shifts") + ". ";
    text += gaps.empty()
        ? "Somebody is on call all the time."
        : "Nobody is on call for " + oncall::duration_out(sum_of(gaps)) + ", in " + counted(gaps.size(), "gap", "gaps") + ".";
    if (!doubles.empty())
        text +=
            " Several are on call at once, though nothing puts them together, for " + oncall::duration_out(sum_of(doubles)) + ".";
    return text + "\n";
}

} // namespace

std::string preview_text(const Schedule& schedule, TimePoint from, TimePoint to, TimePoint now, bool colour)
{
    const Table table{schedule, from, to};
    const auto shifts = oncall::final_shifts(schedule, from, to);
    const Row titles{"from", "to", "lasts", "on call", "by"};
    std::vector<Row> rows;
    std::array<std::size_t, 5> widths{};
    const auto measure = [&](const Row& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], std::min(pictures::columns(row[i]), widest));
    };
    measure(titles);
    for (const auto& shift : shifts) {
        rows.push_back(table.row(shift));
        measure(rows.back());
    }
    const auto line = [&](const std::string& mark, const Row& row) {
        auto words = mark;
        for (std::size_t i = 0; i < row.size(); ++i)
            words += i + 1 < row.size() ? padded(row[i], widths[i]) + "  " : row[i];
        return words;
    };
    const auto painted = [&](const char* sgr, const std::string& words) {
        return colour ? std::string{"\x1b["} + sgr + "m" + words + "\x1b[0m" : words;
    };
    auto text = painted("1", "Schedule " + shown(schedule.name)) + ", times of " + schedule.time_zone + " (UTC"
        + table.offset_at(from) + (table.clocks(from, to).empty() ? "" : " at first") + ")\n\n" + painted("1", line("  ", titles))
        + "\n";
    auto told = from; // clock changes up to here
    bool any_now = false;
    for (std::size_t i = 0; i < shifts.size(); ++i) {
        for (const auto& change : table.clocks(told, shifts[i].start))
            text += painted("2", "  -- " + change) + "\n";
        told = std::max(told, shifts[i].start);
        const bool holds = shifts[i].start <= now && now < shifts[i].end;
        any_now = any_now || holds;
        const auto words = line(holds ? "> " : "  ", rows[i]);
        text += (shifts[i].people.empty() ? painted("1;31", words) : holds ? painted("1", words) : words) + "\n";
    }
    for (const auto& change : table.clocks(told, to))
        text += painted("2", "  -- " + change) + "\n";
    return text + "\n" + (any_now ? "> is now. " : "") + summary(schedule, shifts, from, to);
}

std::string preview_json(const Schedule& schedule, TimePoint from, TimePoint to)
{
    using PreviewJson = nlohmann::ordered_json;
    std::string text;
    for (const auto& shift : oncall::final_shifts(schedule, from, to)) {
        PreviewJson entry;
        entry["start"] = oncall::iso(shift.start, schedule.time_zone);
        entry["end"] = oncall::iso(shift.end, schedule.time_zone);
        entry["users"] = PreviewJson::array();
        for (const auto& person : shift.people)
            entry["users"].push_back(person);
        entry["rotation"] = shift.people.empty() || shift.rotation.empty() ? PreviewJson{} : PreviewJson(shift.rotation);
        entry["override"] = shift.overridden;
        text += (text.empty() ? "[\n" : ",\n") + entry.dump(-1, ' ', false, PreviewJson::error_handler_t::replace);
    }
    return text.empty() ? "[]\n" : text + "\n]\n";
}

} // namespace commands
