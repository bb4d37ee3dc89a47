#include "pictures/lanes.hpp"

#include "pictures/text.hpp"

#include <algorithm>

namespace pictures {

namespace {

constexpr double padding = 6; // on both sides of a bar's words

int room_in(double pixels, double beside = padding, int size = bar_text)
{
    return static_cast<int>((pixels - 2 * beside) * 100 / size);
}

Bar bar_of(const oncall::Shift& shift, const Strip& strip, const Axis& axis, const People& people)
{
    Bar bar;
    bar.x = axis.x(std::max(shift.start, strip.from));
    bar.width = axis.x(std::min(shift.end, strip.to)) - bar.x;
    bar.shifts = {&shift};
    bar.words = people.words(shift.people, room_in(bar.width));
    // Letters may come nearer to the edges, and then be smaller.
    if (bar.words.empty())
        bar.words = people.initials(shift.people, room_in(bar.width, 2));
    if (bar.words.empty()) {
        bar.size = small_bar_text;
        bar.words = people.initials(shift.people, room_in(bar.width, 1, bar.size));
    }
    bar.begins = shift.start > strip.from;
    bar.ends = shift.end < strip.to;
    return bar;
}

Bar band_of(std::vector<Bar>::const_iterator first, std::vector<Bar>::const_iterator last, const People& people)
{
    Bar band = *first;
    const auto& end = *(last - 1);
    band.width = end.x + end.width - band.x;
    band.ends = end.ends;
    band.size = bar_text;
    std::vector<std::string> who;
    for (auto bar = first + 1; bar != last; ++bar)
        band.shifts.push_back(bar->shifts.front());
    for (const auto* shift : band.shifts)
        for (const auto& person : shift->people)
            if (std::find(who.begin(), who.end(), person) == who.end())
                who.push_back(person);
    const auto count = std::to_string(band.shifts.size());
    std::string names;
    for (const auto& person : who)
        names += (names.empty() ? "" : ", ") + people.name(person);
    const auto room = room_in(band.width);
    for (const auto& words : {count + " shifts: " + names, count + " shifts", count + "×"})
        if (width(decoded(words)) <= room) {
            band.words = words;
            break;
        }
    if (const auto all = shortened(count + " shifts: " + names, room);
        all.size() > band.words.size() + names.size() / 3) // some of the names are better than none
        band.words = all;
    return band;
}

} // namespace

std::vector<std::vector<const oncall::Shift*>> rows_of(const std::vector<oncall::Shift>& shifts, std::size_t most)
{
    std::vector<std::vector<const oncall::Shift*>> rows;
    for (const auto& shift : shifts) {
        if (shift.people.empty())
            continue;
        const auto is_free = [&](const auto& row) { return row.back()->end <= shift.start; };
        auto found = std::find_if(rows.begin(), rows.end(),
            [&](const auto& row) { return is_free(row) && !shift.rotation.empty() && row.back()->rotation == shift.rotation; });
        if (found == rows.end())
            found = std::find_if(rows.begin(), rows.end(), is_free);
        if (found != rows.end())
            found->push_back(&shift);
        else if (rows.size() < most)
            rows.push_back({&shift});
    }
    return rows;
}

std::vector<Bar> bars_of(
    const std::vector<const oncall::Shift*>& row, const Strip& strip, const Axis& axis, const People& people, double apart)
{
    std::vector<Bar> each;
    for (const auto* shift : row)
        if (shift->start < strip.to && shift->end > strip.from)
            each.push_back(bar_of(*shift, strip, axis, people));
    std::vector<Bar> bars;
    for (auto first = each.begin(); first != each.end();) {
        auto last = first + 1;
        while (first->words.empty() && last != each.end() && last->words.empty()
            && last->x - ((last - 1)->x + (last - 1)->width) < apart)
            ++last;
        if (last - first >= 3)
            bars.push_back(band_of(first, last, people));
        else
            bars.insert(bars.end(), first, last);
        first = last;
    }
    return bars;
}

std::vector<std::size_t> placed(const std::vector<std::pair<double, double>>& extents, double apart)
{
    std::vector<double> ends;
    std::vector<std::size_t> rows;
    for (const auto& [left, right] : extents) {
        std::size_t row = 0;
        while (row < ends.size() && ends[row] + apart > left)
            ++row;
        if (row == ends.size())
            ends.push_back(right);
        ends[row] = right;
        rows.push_back(row);
    }
    return rows;
}

} // namespace pictures
