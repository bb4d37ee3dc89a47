#include "oncall/schedule_edits.hpp"

#include "oncall/words.hpp"
#include "oncall/zone.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr milliseconds edit_looks_later{std::chrono::hours{24 * 366}};
constexpr std::size_t most_edit_lines = 8;
constexpr std::size_t most_moved_paragraphs = 20;
constexpr std::size_t longest_moved = 6'000; // a message takes more, but people's names and what is escaped grow
const std::string within_a_day{"⚠️ Within a day: "};
constexpr std::size_t longest_edit_value = 160;

std::string people_or_nobody(const std::vector<std::string>& people)
{
    std::vector<std::string> called;
    for (const auto& person : people)
        called.push_back(mention(person));
    return called.empty() ? "nobody" : listed(called);
}

std::string span_words(TimePoint from, TimePoint to)
{
    return to == no_end ? "from " + date_token(from) + " on" : date_token(from) + " – " + date_token(to);
}

std::string cut_value(std::string text)
{
    return text.size() <= longest_edit_value ? text : cut_between_characters(std::move(text), longest_edit_value) + "…";
}

/// "rotations[weekly].users" → "rotation weekly, users".
std::string edited_field_words(std::string field)
{
    for (const auto& [list, one] : {std::pair<std::string, std::string>{"rotations[", "rotation "}, {"versions[", "version "},
             {"windows[", "window "}, {"temporary[", "temporary schedule "}}) {
        const auto at = field.find(list);
        const auto end = at == field.npos ? at : field.find(']', at);
        if (end == field.npos)
            continue;
        field.erase(end, 1);
        field.replace(at, list.size(), one);
        if (end - list.size() + one.size() < field.size() && field[end - list.size() + one.size()] == '.')
            field.replace(end - list.size() + one.size(), 1, ", ");
    }
    std::replace(field.begin(), field.end(), '_', ' ');
    return cut_value(std::move(field));
}

/// "• and 3 more"
void add_lines(std::string& text, const std::vector<std::string>& lines, std::size_t most)
{
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
        text += (text.empty() ? "• " : "\n• ") + lines[i];
    if (lines.size() > most)
        text += "\n• and " + std::to_string(lines.size() - most) + " more";
}

struct MovedLine {
    TimePoint start{};
    std::string words{};
};

} // namespace

MovedShifts moved_shifts(const Schedule& before, const Schedule& after, const Known& known, TimePoint now)
{
    MovedShifts moved;
    moved.changes = changes_between(before, after, known, now, now + edit_looks_ahead);
    auto later = changes_between(before, after, known, now + edit_looks_ahead, now + edit_looks_later);
    // What lies across the end of that time is one change.
    if (!later.empty() && !moved.changes.empty() && moved.changes.back().end == later.front().start
        && moved.changes.back().before == later.front().before && moved.changes.back().after == later.front().after) {
        moved.changes.back().end = later.front().end;
        later.erase(later.begin());
    }
    if (!moved.changes.empty() && moved.changes.back().end == now + edit_looks_later)
        moved.changes.back().end = no_end;
    // What lasts to the end of the year lasts; one shift that is cut there does not.
    if (!later.empty() && later.back().end == now + edit_looks_later && later.back().end - later.back().start > edit_looks_ahead)
        later.back().end = no_end;
    moved.later = std::move(later);
    return moved;
}

std::vector<Concern> concerned(const MovedShifts& moved)
{
    auto all = moved.changes;
    all.insert(all.end(), moved.later.begin(), moved.later.end());
    return concerned(all, "");
}

std::vector<std::string> change_lines(const MovedShifts& moved)
{
    std::vector<std::string> lines;
    for (const auto& change : moved.changes) {
        const auto before = people_or_nobody(change.before);
        lines.push_back(span_words(change.start, change.end) + ": " + people_or_nobody(change.after) + " instead of " + before);
    }
    if (lines.size() > most_edit_lines) {
        const auto more = lines.size() - most_edit_lines;
        lines.resize(most_edit_lines);
        lines.push_back("and " + std::to_string(more) + " more");
    }
    if (!lines.empty() && !moved.later.empty())
        lines.push_back("and so on from " + date_token(moved.later.front().start) + " on");
    return lines;
}

std::string edit_words(const std::vector<EditedField>& fields, const MovedShifts& moved)
{
    std::string text;
    if (moved.changes.empty())
        text = "Nobody's shifts of the next 8 weeks move."
            + (moved.later.empty() ? "" : " The first that do: " + date_token(moved.later.front().start) + ".");
    else
        text = "Who is on call:";
    for (const auto& line : change_lines(moved))
        text += "\n• " + line;
    std::vector<std::string> lines;
    for (const auto& one : fields)
        lines.push_back(edited_field_words(one.field) + ": " + (one.before.empty() ? "nothing" : cut_value(one.before)) + " → "
            + (one.after.empty() ? "nothing" : cut_value(one.after)));
    if (!lines.empty())
        text += "\n\nWhat differs:";
    add_lines(text, lines, most_edit_lines);
    return text;
}

std::string moved_words(const std::string& person, const MovedShifts& moved, TimePoint now)
{
    std::vector<MovedLine> all;
    for (const auto& concern : concerned(moved)) {
        if (concern.person != person)
            continue;
        for (const auto& one : concern.gains)
            all.push_back({one.start,
                "You are on call " + span_words(one.start, one.end)
                    + (one.others.empty() ? "" : ", instead of " + people_or_nobody(one.others))});
        for (const auto& one : concern.losses)
            all.push_back({one.start,
                "You are not on call " + span_words(one.start, one.end) + " any more: " + people_or_nobody(one.others)
                    + (one.others.size() > 1 ? " are" : " is")});
    }
    std::stable_sort(
        all.begin(), all.end(), [](const MovedLine& one, const MovedLine& other) { return one.start < other.start; });
    std::vector<std::string> lines;
    for (auto& line : all)
        lines.push_back((line.start < now + 24h ? within_a_day : "") + line.words);
    std::string text;
    const auto shown = std::min(most_edit_lines, lines.size());
    lines.resize(shown);
    add_lines(text, lines, most_edit_lines);
    if (all.size() > shown)
        text += "\n• and so on from " + date_token(all[shown].start) + " on";
    return text;
}

std::string moved_paragraphs(std::vector<MovedIn> all)
{
    std::stable_partition(
        all.begin(), all.end(), [](const MovedIn& one) { return one.words.find(within_a_day) != std::string::npos; });
    std::string text;
    std::vector<std::string> names;
    std::size_t shown = 0;
    for (const auto& one : all) {
        if (shown > 0 && (shown == most_moved_paragraphs || text.size() + one.words.size() > longest_moved)) {
            names.push_back(one.schedule);
            continue;
        }
        ++shown;
        text += (text.empty() ? "" : "\n\n") + one.title + ":\n" + one.words;
    }
    const auto more = names.size() > most_edit_lines ? names.size() - most_edit_lines : 0;
    names.resize(names.size() - more);
    if (more > 0)
        names.push_back(std::to_string(more) + " more");
    if (!names.empty())
        text += "\n\nYour shifts also move in " + listed(names) + ". `/oncall schedule` shows them.";
    return text;
}

std::string edited_by(const std::string& by, const std::string& via)
{
    return "changed by " + (by.empty() ? (via.empty() ? "oncall.yaml" : via) : mention(by));
}

} // namespace oncall
