#include "pictures/schedule_svg.hpp"

#include "oncall/calendar.hpp"
#include "pictures/lanes.hpp"
#include "pictures/palette.hpp"
#include "pictures/svg.hpp"
#include "pictures/text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

namespace pictures {

namespace {

using namespace std::chrono_literals;
using oncall::LocalTime;
using oncall::Override;
using oncall::Schedule;
using oncall::Shift;
using Anchor = Svg::Anchor;

constexpr double margin = 24;
constexpr double left = 196; // of the days
constexpr double right = picture_width - margin;
constexpr int label_text = 19;
constexpr int small_text = 16;
constexpr int head_text = 18;
constexpr double bar_height = 38;
constexpr double final_height = 46;
constexpr std::size_t most_final_rows = 6;
constexpr std::size_t most_changes = 5; // rows of them
constexpr std::size_t most_in_legend = 40;
constexpr std::size_t most_clock_changes = 4;

std::string joined(const std::vector<std::string>& words, const std::string& between)
{
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : between) + word;
    return text;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

double pixels(std::string_view words, int size) { return width(decoded(words)) * size / 100.0; }

std::string shortened_to(std::string_view words, double room, int size)
{
    return shortened(words, static_cast<int>(room * 100 / size));
}

std::string colours(const Palette& palette)
{
    std::string css;
    const auto rule = [&](const std::string& name, const std::string& what, Colour colour) {
        css += "." + name + "{" + what + ":" + hex(colour) + "}";
    };
    rule("bg", "fill", palette.surface);
    rule("lane", "fill", palette.lane);
    rule("final", "fill", palette.final_lane);
    rule("weekend", "fill", palette.weekend);
    rule("grid", "stroke", palette.grid);
    rule("edge", "stroke", palette.edge);
    rule("ink", "fill", palette.ink);
    rule("muted", "fill", palette.muted);
    rule("changed", "stroke", palette.ink);
    rule("gap", "fill", palette.gap);
    rule("hatch", "stroke", palette.gap_hatch);
    rule("gap-edge", "stroke", palette.gap_ink);
    rule("gap-ink", "fill", palette.gap_ink);
    rule("now", "stroke", palette.now);
    rule("now-pill", "fill", palette.now);
    rule("now-ink", "fill", palette.surface);
    rule("many", "fill", palette.together);
    for (std::size_t i = 0; i < people_colours; ++i) {
        rule("p" + std::to_string(i), "fill", palette.fills[i]);
        rule("s" + std::to_string(i), "stroke", palette.people[i]);
    }
    return css;
}

std::string style(Theme theme)
{
    std::string css = "text{font-family:'DejaVu Sans',Verdana,sans-serif}.b{font-weight:bold}path{fill:none}"
                      ".weekend{fill-opacity:.6}.grid,.edge,.gap-edge{stroke-width:1.2}.month{stroke-width:2.4}"
                      ".now{stroke-width:3}.changed{stroke-width:2.2;stroke-dasharray:6 3}.bracket{stroke-width:2.2}"
                      ".hatch{stroke-width:3}.hatched{fill:url(#hatching)}.solid{stroke-dasharray:none}"
                      ".w1{stroke-width:7}.w2{stroke-width:5}.w3{stroke-width:3.5}.k1{stroke-dasharray:14 "
                      "5}.k2{stroke-dasharray:4 4}.k3{stroke-dasharray:14 4 4 4}";
    css += colours(theme == Theme::dark ? dark() : light());
    if (theme == Theme::viewer)
        css += "@media (prefers-color-scheme:dark){" + colours(dark()) + "}";
    return css;
}

/// "25h", "24h30m": a day's length is not said in days.
std::string hours_words(oncall::milliseconds duration)
{
    const auto hours = std::chrono::floor<std::chrono::hours>(duration);
    return std::to_string(hours.count()) + "h" + (hours == duration ? "" : oncall::duration_out(duration - hours));
}

/// "New York" of America/New_York.
std::string city(const std::string& zone)
{
    auto name = zone.substr(zone.rfind('/') + 1); // all of it without one: npos + 1 is 0
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

/// The colour and the pattern of a person, as classes.
std::string fill_look(std::size_t place) { return "p" + std::to_string(place % people_colours); }

std::string stripe_look(std::size_t place)
{
    return "s" + std::to_string(place % people_colours) + " k" + std::to_string(place / people_colours % 4);
}

class Picture {
public:
    Picture(const Schedule& schedule, const ScheduleView& view)
        : schedule_{schedule}
        , view_{view}
        , zone_{schedule.time_zone}
        , people_{schedule, view.names}
        , strips_{strips(view.from, view.to, zone_)}
        , final_{oncall::final_shifts(schedule, view.from, view.to)}
        , gaps_{oncall::gaps(schedule, view.from, view.to)}
    {
        milliseconds_of_longest_ = 1ms;
        for (const auto& strip : strips_)
            milliseconds_of_longest_ = std::max(milliseconds_of_longest_, strip.to - strip.from);
        choose_rotations();
    }

    std::string draw();

private:
    struct Lane {
        const oncall::Rotation* rotation{};
        std::vector<Shift> shifts{};
    };
    struct Change {
        TimePoint from{};
        TimePoint to{};
        std::string words{};
        std::string person{}; // whose colour it has
    };
    /// Words below the final lane, for what is too short to hold them: one shift, or gaps near each other.
    struct Note {
        double from{};
        double to{};
        std::string words{};
        oncall::milliseconds gap{}; // how long nobody is on call; 0: a shift
        std::size_t gaps{};
    };

    void choose_rotations();
    void choose_changes();
    void title();
    void strip(const Strip& strip);
    void head(const Strip& strip, const Axis& axis);
    void ground(const Strip& strip, const Axis& axis, double top, double bottom);
    void label(double y, const std::string& name, const std::string& below, bool bold);
    void rotation_lane(const Lane& lane, const Strip& strip, const Axis& axis);
    void changes(const Strip& strip, const Axis& axis);
    void change(const Change& one, const Strip& strip, const Axis& axis, double y, double text_left);
    void final_lane(const Strip& strip, const Axis& axis);
    void bar(const Bar& bar, double y, double height, std::vector<Note>* notes);
    void gap(const Shift& gap, const Strip& strip, const Axis& axis, double y, double height, std::vector<Note>& notes);
    static std::vector<Note> together(const std::vector<Note>& notes);
    void write(const std::vector<Note>& notes);
    void now_line(const Strip& strip, const Axis& axis, double top, double bottom, Svg& svg);
    void legend();
    void remarks();
    std::string when(TimePoint from, TimePoint to) const;
    std::string sentence() const;
    std::string gap_words() const;

    const Schedule& schedule_;
    const ScheduleView& view_;
    const std::string& zone_;
    People people_;
    std::vector<Strip> strips_;
    std::vector<Shift> final_;
    std::vector<Shift> gaps_;
    std::vector<Lane> lanes_{};
    std::vector<Change> changes_{};
    oncall::milliseconds milliseconds_of_longest_{};
    std::set<std::string> seen_{}; // people in the picture
    std::size_t without_name_{}; // shifts on call that are drawn too short
    std::size_t behind_{}; // shifts beyond the rows there are
    std::size_t changes_left_out_{};
    Svg svg_{};
    double y_{margin};
};

void Picture::choose_rotations()
{
    std::vector<const oncall::Rotation*> order;
    for (const auto& rotation : schedule_.rotations)
        order.push_back(&rotation);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->priority < b->priority; });
    // The strongest stand right above what comes of them.
    const auto most = std::max<std::size_t>(4, most_drawn_rotations / std::max<std::size_t>(1, strips_.size()));
    if (order.size() > most)
        order.erase(order.begin(), order.end() - static_cast<std::ptrdiff_t>(most));
    for (const auto* rotation : order) {
        lanes_.push_back({rotation, oncall::rotation_shifts(schedule_, rotation->name, view_.from, view_.to)});
        for (const auto& shift : lanes_.back().shifts)
            seen_.insert(shift.people.begin(), shift.people.end());
    }
    for (const auto& shift : final_)
        seen_.insert(shift.people.begin(), shift.people.end());
    choose_changes();
}

void Picture::choose_changes()
{
    const auto names = [&](const std::vector<std::string>& people) {
        std::vector<std::string> words;
        for (const auto& person : people)
            words.push_back(people_.name(person));
        return words.empty() ? std::string{"nobody"} : joined(words, " + ");
    };
    const auto add = [&](TimePoint from, TimePoint to, std::string words, const std::vector<std::string>& people) {
        if (from < view_.to && to > view_.from && from < to)
            changes_.push_back({from, to, std::move(words), people.empty() ? std::string{} : people.front()});
    };
    for (const auto& one : schedule_.overrides) {
        auto words = one.kind == Override::Kind::add ? "+ " + names(one.people)
            : one.kind == Override::Kind::remove     ? "without " + names(one.people)
            : one.instead_of.empty()                 ? names(one.people)
                                                     : names(one.people) + " for " + people_.name(one.instead_of);
        if (!one.rotation.empty())
            words += " (" + one.rotation + ")";
        add(one.from, one.to, std::move(words), one.kind == Override::Kind::remove ? std::vector<std::string>{} : one.people);
    }
    for (const auto& one : schedule_.temporary)
        add(one.from, one.to, "temporary schedule", {});
    std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) { return a.from < b.from; });
}

std::string Picture::when(TimePoint from, TimePoint to) const
{
    const auto begin = oncall::to_local(from, zone_), end = oncall::to_local(to, zone_);
    return oncall::day_words(begin) + " " + oncall::clock_words(begin) + " to " + oncall::day_words(end) + " "
        + oncall::clock_words(end);
}

std::string Picture::gap_words() const
{
    oncall::milliseconds sum{};
    for (const auto& gap : gaps_)
        sum += gap.end - gap.start;
    return gaps_.empty() ? "no gaps" : counted(gaps_.size(), "gap", "gaps") + ", " + oncall::duration_out(sum);
}

std::string Picture::sentence() const
{
    std::vector<std::string> names;
    for (const auto& person : people_.all())
        if (seen_.contains(person) && names.size() < most_in_legend)
            names.push_back(people_.name(person));
    return "Who is on call by schedule " + schedule_.name + ", " + when(view_.from, view_.to) + " (" + zone_
        + "): " + (names.empty() ? "nobody" : joined(names, ", ")) + "; " + gap_words() + ".";
}

void Picture::title()
{
    const auto begin = oncall::to_local(view_.from, zone_), end = oncall::to_local(view_.to, zone_);
    const bool whole_days = begin == oncall::day_of(begin) && end == oncall::day_of(end) && end - begin >= 24h;
    const auto last = end - 24h;
    const auto period = !whole_days ? when(view_.from, view_.to)
        : begin == last             ? oncall::day_words(begin)
                                    : oncall::day_words(begin) + " to " + oncall::day_words(last);
    const auto right_words = gaps_.empty() ? "No gaps" : "Nobody on call: " + gap_words();
    const auto room = right - margin - pixels(right_words, 20) * 1.1 - 30;
    svg_.text("ink b", margin, y_ + 16, 30, shortened_to(schedule_.name, room / 1.12, 30));
    svg_.text(gaps_.empty() ? "muted" : "gap-ink b", right, y_ + 16, 20, right_words, Anchor::end);
    svg_.text("muted", margin, y_ + 50, head_text + 1, period + "  ·  " + zone_);
    y_ += 80;
}

void Picture::head(const Strip& strip, const Axis& axis)
{
    const auto day_width = axis.of(24h);
    const auto ticks = hour_ticks(strip, zone_, day_width);
    // Months: where they begin, and at the left.
    double free_from = left;
    for (const auto& day : strip.days) {
        const bool first = &day == &strip.days.front();
        if (!first && oncall::day_of_month(day.local) != 1)
            continue;
        const auto words = std::string{oncall::month_word(day.local)} + " " + std::to_string(oncall::year_of(day.local));
        const auto x = std::max(axis.x(day.begin), left);
        if (x < free_from && !first)
            continue;
        // The next month's name needs its room more than a rest of this one.
        const auto days_left = static_cast<double>(strip.days.size());
        const auto month_ends = oncall::month_of(day.local + 24h * 32 - 24h * oncall::day_of_month(day.local));
        const auto rest = axis.of(month_ends - day.local);
        if (first && rest < pixels(words, head_text) && days_left * day_width > rest + pixels(words, head_text))
            continue;
        svg_.text("ink b", std::min(x, right - pixels(words, head_text) * 1.1), y_ + 12, head_text, words);
        free_from = x + pixels(words, head_text) * 1.1 + 3;
    }
    y_ += 28;
    const bool words = day_width >= 44, letters = day_width >= 20, numbers = day_width >= 26;
    for (const auto& day : strip.days) {
        const auto x1 = std::max(axis.x(day.begin), left), x2 = axis.x(std::min(day.end, strip.to));
        const auto middle = (x1 + x2) / 2;
        const auto weekday = oncall::weekday_word(day.local);
        const auto number = std::to_string(oncall::day_of_month(day.local));
        const auto look = oncall::is_weekend(day.local) ? "muted" : "ink";
        if (words && x2 - x1 >= 36)
            svg_.text(look, middle, y_ + 10, head_text, weekday, Anchor::middle);
        else if (letters && x2 - x1 >= 18)
            svg_.text(look, middle, y_ + 10, head_text, weekday.substr(0, 1), Anchor::middle);
        if (numbers ? x2 - x1 >= 24 : weekday == "Mon" && axis.x(day.begin) >= left && axis.of(strip.to - day.begin) > 24)
            svg_.text(std::string{look} + (day_width < 34 && numbers ? "" : " b"), numbers ? middle : x1 + 2,
                y_ + (letters ? 33 : 10), day_width < 34 && numbers ? small_text : head_text + 1, number,
                numbers ? Anchor::middle : Anchor::start);
    }
    y_ += letters ? 48 : 24;
    bool any = false;
    for (const auto& day : strip.days)
        if (const auto hours = day.end - day.begin; hours != 24h) {
            const auto words_of_it = hours_words(hours);
            const auto middle = (std::max(axis.x(day.begin), left) + axis.x(std::min(day.end, strip.to))) / 2;
            const auto half = pixels(words_of_it, small_text + 1) * 0.6;
            svg_.text(
                "now-pill b", std::clamp(middle, left + half, right - half), y_ + 6, small_text + 1, words_of_it, Anchor::middle);
            any = true;
        }
    y_ += any ? 20 : 0;
    for (const auto at : ticks)
        if (axis.x(at) + 50 < right)
            svg_.text("muted", axis.x(at) + 3, y_ + 7, small_text, oncall::clock_words(oncall::to_local(at, zone_)));
    y_ += ticks.empty() ? 0 : 20;
}

/// What lies under the bars: weekends, days, months.
void Picture::ground(const Strip& strip, const Axis& axis, double top, double bottom)
{
    const auto day_width = axis.of(24h);
    for (const auto& day : strip.days) {
        const auto x1 = std::max(axis.x(day.begin), left), x2 = axis.x(std::min(day.end, strip.to));
        if (oncall::is_weekend(day.local))
            svg_.rect("weekend", x1, top, x2 - x1, bottom - top);
        if (axis.x(day.begin) > left + 0.5
            && (day_width >= 14 || oncall::weekday_word(day.local) == "Mon" || oncall::day_of_month(day.local) == 1))
            svg_.line(oncall::day_of_month(day.local) == 1 ? "grid month" : "grid", x1, top - 4, x1, bottom);
    }
    for (const auto at : hour_ticks(strip, zone_, day_width))
        svg_.line("grid", axis.x(at), top - 4, axis.x(at), bottom);
}

void Picture::label(double y, const std::string& name, const std::string& below, bool bold)
{
    const auto room = left - margin - 12;
    const auto words = shortened_to(name, bold ? room / 1.12 : room, label_text);
    svg_.text(bold ? "ink b" : "ink", margin, below.empty() ? y : y - 9, label_text, words);
    if (!below.empty())
        svg_.text("muted", margin, y + 11, small_text, shortened_to(below, room, small_text));
}

void Picture::bar(const Bar& bar, double y, double height, std::vector<Note>* notes)
{
    const auto& shift = *bar.shifts.front();
    const bool many = bar.shifts.size() > 1;
    std::vector<std::string> names;
    for (const auto& person : shift.people)
        names.push_back(people_.name(person));
    const auto by = shift.rotation.empty() ? std::string{shift.overridden ? "a change of the schedule" : ""}
                                           : shift.rotation + (shift.overridden ? ", changed" : "");
    svg_.open(many ? counted(bar.shifts.size(), "shift", "shifts")
                   : joined(names, " + ") + ": " + when(shift.start, shift.end) + (by.empty() ? "" : " (" + by + ")"));
    const auto drawn_width = std::max(bar.width, 2.5);
    const auto outline = bar_path(bar.x, y, drawn_width, height, bar.begins, bar.ends);
    const bool alone = !many && shift.people.size() == 1;
    svg_.path((alone ? fill_look(people_.place(shift.people.front())) : "many") + " edge", outline);
    if (!many) {
        const auto count = std::min<std::size_t>(shift.people.size(), 4);
        const double thick = count == 1 ? 7 : count == 2 ? 5 : 3.5;
        for (std::size_t i = 0; i < count && drawn_width > 3; ++i) {
            const auto line = y + height - 3 - thick / 2 - static_cast<double>(count - 1 - i) * (thick + 1.2);
            svg_.line(stripe_look(people_.place(shift.people[i]))
                    + (count == 1        ? " w1"
                            : count == 2 ? " w2"
                                         : " w3"),
                bar.x + 2.5, line, bar.x + drawn_width - 2.5, line);
        }
    }
    if (!many && shift.overridden)
        svg_.path("changed", outline);
    if (!bar.words.empty())
        svg_.text(
            many ? "muted" : "ink", bar.x + bar.width / 2, y + height / 2 - (many ? 0 : 4), bar.size, bar.words, Anchor::middle);
    svg_.close();
    if (bar.words.empty() && notes)
        notes->push_back({bar.x + bar.width / 2, bar.x + bar.width / 2,
            shortened_to(people_.name(shift.people.front()), 180, small_text)
                + (shift.people.size() > 1 ? " +" + std::to_string(shift.people.size() - 1) : std::string{})});
}

void Picture::gap(const Shift& gap, const Strip& strip, const Axis& axis, double y, double height, std::vector<Note>& notes)
{
    const auto x = axis.x(std::max(gap.start, strip.from));
    const auto w = std::max(axis.x(std::min(gap.end, strip.to)) - x, 4.0);
    svg_.open("nobody: " + when(gap.start, gap.end));
    svg_.rect("gap", x, y, w, height);
    svg_.path("hatched gap-edge", bar_path(x, y, w, height, false, false));
    const auto words = pixels("nobody", bar_text) * 1.12;
    if (w >= words + 12) {
        svg_.rect("gap", x + w / 2 - words / 2 - 6, y + height / 2 - 13, words + 12, 26, 4);
        svg_.text("gap-ink b", x + w / 2, y + height / 2, bar_text, "nobody", Anchor::middle);
    }
    svg_.close();
    if (w < words + 12)
        notes.push_back({x + w / 2, x + w / 2, "", gap.end - gap.start, 1});
}

void Picture::rotation_lane(const Lane& lane, const Strip& strip, const Axis& axis)
{
    std::vector<const Shift*> row;
    for (const auto& shift : lane.shifts)
        row.push_back(&shift);
    for (const auto& one : bars_of(row, strip, axis, people_, 16))
        bar(one, y_ + 4, bar_height, nullptr);
    const std::string zone =
        lane.rotation->time_zone.empty() || lane.rotation->time_zone == zone_ ? std::string{} : city(lane.rotation->time_zone);
    const std::string priority =
        lane.rotation->priority == 0 ? std::string{} : "priority " + std::to_string(lane.rotation->priority);
    const auto both = zone + (zone.empty() || priority.empty() ? "" : ", prio " + std::to_string(lane.rotation->priority));
    label(y_ + 4 + bar_height / 2, lane.rotation->name.empty() ? "without a name" : lane.rotation->name,
        zone.empty() ? priority : both, false);
}

void Picture::change(const Change& one, const Strip& strip, const Axis& axis, double y, double text_left)
{
    const auto x1 = axis.x(std::max(one.from, strip.from)), x2 = axis.x(std::min(one.to, strip.to));
    svg_.open(one.words + ": " + when(one.from, one.to));
    // An end that lies outside has no tick.
    std::string d = one.from >= strip.from ? "M" + length(x1) + " " + length(y + 11) + "V" + length(y + 3)
                                           : "M" + length(x1) + " " + length(y + 3);
    d += "H" + length(std::max(x2, x1 + 3)) + (one.to <= strip.to ? "V" + length(y + 11) : "");
    if (!one.person.empty())
        svg_.line(stripe_look(people_.place(one.person)) + " w2", x1 + 1, y + 7, std::max(x2, x1 + 3) - 1, y + 7);
    svg_.path("changed bracket solid", d);
    svg_.text("ink", text_left, y + 23, head_text, shortened_to(one.words, 360, head_text));
    svg_.close();
}

void Picture::changes(const Strip& strip, const Axis& axis)
{
    std::vector<const Change*> here;
    std::vector<std::pair<double, double>> extents;
    for (const auto& one : changes_)
        if (one.from < strip.to && one.to > strip.from) {
            const auto x1 = axis.x(std::max(one.from, strip.from)), x2 = axis.x(std::min(one.to, strip.to));
            const auto words = pixels(shortened_to(one.words, 360, head_text), head_text) * 1.02;
            here.push_back(&one);
            extents.emplace_back(std::min(x1, right - words), std::max(x2, std::min(x1, right - words) + words));
        }
    if (here.empty())
        return;
    const auto rows = placed(extents, 10);
    std::size_t count = 0;
    for (std::size_t i = 0; i < here.size(); ++i) {
        if (rows[i] >= most_changes) {
            ++changes_left_out_;
            continue;
        }
        count = std::max(count, rows[i] + 1);
        change(*here[i], strip, axis, y_ + 4 + static_cast<double>(rows[i]) * 36, extents[i].first);
    }
    label(y_ + 20, "Overrides", "", false);
    y_ += static_cast<double>(count) * 36 + 8;
}

/// Gaps whose words would be in each other's way are said together.
std::vector<Picture::Note> Picture::together(const std::vector<Note>& notes)
{
    std::vector<Note> joint;
    for (auto note : notes)
        if (note.gaps > 0) {
            constexpr double room = 150;
            if (!joint.empty() && note.from - joint.back().to < room) {
                joint.back().to = note.to;
                joint.back().gap += note.gap;
                ++joint.back().gaps;
            } else {
                joint.push_back(note);
            }
        }
    for (auto& note : joint)
        note.words = note.gaps == 1 ? "nobody " + oncall::duration_out(note.gap)
                                    : "nobody: " + std::to_string(note.gaps) + " gaps, " + oncall::duration_out(note.gap);
    std::copy_if(notes.begin(), notes.end(), std::back_inserter(joint), [](const Note& note) { return note.gaps == 0; });
    return joint;
}

void Picture::write(const std::vector<Note>& notes)
{
    constexpr std::size_t most = 2;
    std::vector<std::pair<double, double>> taken[most];
    std::size_t used = 0;
    for (const auto& note : together(notes)) {
        const bool gap = note.gaps > 0;
        const auto half = pixels(note.words, small_text) * (gap ? 0.57 : 0.51) + 4;
        const auto x = std::clamp((note.from + note.to) / 2, left + half - 4, right - half);
        const std::pair extent{std::min(x - half, note.from), std::max(x + half, note.to)};
        std::size_t row = 0;
        const auto is_taken = [&](const auto& other) { return other.first < extent.second && other.second > extent.first; };
        while (row < most && std::any_of(taken[row].begin(), taken[row].end(), is_taken))
            ++row;
        if (row == most) {
            without_name_ += gap ? 0 : 1;
            continue;
        }
        taken[row].push_back(extent);
        used = std::max(used, row + 1);
        const auto y = y_ + 10 + static_cast<double>(row) * 20;
        const auto look = gap ? "gap-edge" : "edge";
        svg_.line(look, note.from, y_ - 4, note.from, y_ + 2);
        if (note.to > note.from) {
            svg_.line(look, note.from, y_ + 2, note.to, y_ + 2);
            svg_.line(look, note.to, y_ - 4, note.to, y_ + 2);
        }
        svg_.text(gap ? "gap-ink b" : "ink", x, y + (note.to > note.from ? 2 : 0), small_text, note.words, Anchor::middle);
    }
    y_ += used == 0 ? 0 : 6 + static_cast<double>(used) * 20;
}

void Picture::final_lane(const Strip& strip, const Axis& axis)
{
    std::vector<Shift> here;
    std::copy_if(final_.begin(), final_.end(), std::back_inserter(here),
        [&](const Shift& shift) { return shift.start < strip.to && shift.end > strip.from; });
    const auto rows = rows_of(here, most_final_rows);
    const auto drawn = std::accumulate(
        rows.begin(), rows.end(), std::size_t{}, [](std::size_t sum, const auto& row) { return sum + row.size(); });
    behind_ += static_cast<std::size_t>(std::count_if(here.begin(), here.end(), [](const Shift& s) { return !s.people.empty(); }))
        - drawn;
    const auto count = std::max<std::size_t>(rows.size(), 1);
    const auto height = count == 1 ? final_height : bar_height + 4;
    const auto all = static_cast<double>(count) * (height + 6) + 6;
    std::vector<Note> notes;
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (const auto& one : bars_of(rows[i], strip, axis, people_, 1))
            bar(one, y_ + 6 + static_cast<double>(i) * (height + 6), height, &notes);
    double last = -1; // what was drawn up to it
    for (const auto& one : gaps_)
        if (one.start < strip.to && one.end > strip.from && axis.x(one.end) > last + 1) {
            gap(one, strip, axis, y_ + 6, all - 12, notes);
            last = std::max(axis.x(std::min(one.end, strip.to)), axis.x(std::max(one.start, strip.from)) + 4);
        }
    label(y_ + all / 2, "On call", "", true);
    y_ += all + 4;
    write(notes);
}

void Picture::now_line(const Strip& strip, const Axis& axis, double top, double bottom, Svg& svg)
{
    if (view_.now < strip.from || view_.now >= strip.to)
        return;
    const auto x = axis.x(view_.now);
    const auto words = "now " + oncall::clock_words(oncall::to_local(view_.now, zone_)).substr(0, 5);
    const auto half = pixels(words, small_text) * 0.57 + 7;
    const auto middle = std::clamp(x, left + half, right - half);
    svg.line("now", x, top - 2, x, bottom);
    svg.rect("now-pill", middle - half, bottom - 2, half * 2, 24, 5);
    svg.text("now-ink b", middle, bottom + 10, small_text, words, Anchor::middle);
}

void Picture::strip(const Strip& strip)
{
    const Axis axis{strip.from, left, (right - left) * 3'600'000 / static_cast<double>(milliseconds_of_longest_.count())};
    const auto end = axis.x(strip.to);
    head(strip, axis);
    // What lies below is known when what lies above has been drawn.
    const auto top = y_;
    Svg above;
    std::swap(above, svg_);
    std::vector<std::pair<double, double>> lanes;
    for (const auto& lane : lanes_) {
        lanes.emplace_back(y_, bar_height + 8);
        rotation_lane(lane, strip, axis);
        y_ += bar_height + 12;
    }
    const auto changes_top = y_;
    changes(strip, axis);
    if (y_ > changes_top)
        lanes.emplace_back(changes_top, y_ - changes_top - 4);
    const auto final_top = y_;
    Svg bars;
    std::swap(bars, svg_);
    final_lane(strip, axis);
    const auto final_bottom = y_;
    std::swap(above, svg_); // `above` has the final lane now
    for (const auto& [y, height] : lanes)
        svg_.rect("lane", left, y, end - left, height);
    svg_.rect("final", left, final_top, end - left, final_bottom - final_top - 4);
    ground(strip, axis, top, final_bottom - 4);
    svg_.append(bars);
    svg_.append(above);
    now_line(strip, axis, top, final_bottom, svg_);
    const bool has_now = view_.now >= strip.from && view_.now < strip.to;
    y_ = final_bottom + (has_now ? 46 : 24);
}

void Picture::legend()
{
    double x = margin;
    const auto chip = [&](double need) {
        if (x + need > right) {
            x = margin;
            y_ += 32;
        }
        const auto at = x;
        x += need + 22;
        return at;
    };
    const auto word = [&](double at, const std::string& words) { svg_.text("ink", at + 42, y_ + 12, head_text, words); };
    std::size_t shown = 0, more = 0;
    for (const auto& person : people_.all()) {
        if (!seen_.contains(person))
            continue;
        if (++shown > most_in_legend) {
            ++more;
            continue;
        }
        const auto given = people_.name(person);
        const auto words = shortened_to(given, 300, head_text);
        const auto at = chip(42 + pixels(words, head_text));
        svg_.path(fill_look(people_.place(person)) + " edge", bar_path(at, y_, 34, 24, true, true));
        svg_.line(stripe_look(people_.place(person)) + " w1", at + 2.5, y_ + 17.5, at + 31.5, y_ + 17.5);
        word(at, words);
    }
    if (more > 0) {
        const auto words = "and " + std::to_string(more) + " more people";
        svg_.text("ink", chip(pixels(words, head_text)), y_ + 12, head_text, words);
    }
    if (!gaps_.empty()) {
        const auto at = chip(42 + pixels("nobody is on call", head_text));
        svg_.rect("gap", at, y_, 34, 24);
        svg_.path("hatched gap-edge", bar_path(at, y_, 34, 24, false, false));
        word(at, "nobody is on call");
    }
    if (std::any_of(final_.begin(), final_.end(), [](const Shift& shift) { return shift.overridden && !shift.people.empty(); })) {
        const auto at = chip(42 + pixels("by an override", head_text));
        svg_.path("changed", bar_path(at, y_, 34, 24, true, true));
        word(at, "by an override");
    }
    y_ += 42;
}

void Picture::remarks()
{
    const auto remark = [&](const std::string& words) {
        svg_.text("muted", margin, y_ + 8, head_text, shortened_to(words, right - margin, head_text));
        y_ += 26;
    };
    const auto changes = oncall::clock_changes(zone_, view_.from, view_.to);
    for (std::size_t i = 0; i < std::min(changes.size(), most_clock_changes); ++i) {
        const auto by = changes[i].after - changes[i].before;
        const auto local = oncall::to_local(changes[i].at, zone_);
        remark("The clocks go " + std::string{by > 0ms ? "forward " : "back "} + oncall::duration_out(std::chrono::abs(by))
            + " on " + oncall::day_words(local) + ", to " + oncall::clock_words(local) + " (UTC"
            + oncall::offset_words(changes[i].after) + ").");
    }
    if (changes.size() > most_clock_changes)
        remark("The clocks change " + counted(changes.size() - most_clock_changes, "more time.", "more times."));
    if (lanes_.size() < schedule_.rotations.size())
        remark(std::to_string(lanes_.size()) + " of " + std::to_string(schedule_.rotations.size())
            + " rotations are drawn, those of the highest priority; who is on call comes of all of them.");
    if (changes_left_out_ > 0)
        remark(counted(changes_left_out_, "change is", "changes are") + " not drawn for want of room.");
    if (behind_ > 0)
        remark(counted(behind_, "shift is", "shifts are") + " not drawn: more than " + std::to_string(most_final_rows)
            + " are on at once.");
    if (without_name_ > 0)
        remark(counted(without_name_, "shift is", "shifts are") + " too short to be named here. A shorter period shows more.");
}

std::string Picture::draw()
{
    title();
    for (const auto& one : strips_)
        strip(one);
    legend();
    remarks();
    const auto height = length(std::ceil(y_ + margin - 14)); // half a pixel would be a seam
    const auto width = std::to_string(picture_width);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " "
        + height + "\" width=\"" + width + "\" height=\"" + height + "\" role=\"img\" aria-labelledby=\"title desc\">\n"
        + "<title id=\"title\">" + xml(schedule_.name) + "</title>\n<desc id=\"desc\">" + xml(sentence()) + "</desc>\n"
        + "<style>" + style(view_.theme) + "</style>\n"
        + "<defs><pattern id=\"hatching\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" "
          "patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 0V9\"/></pattern></defs>\n"
        + "<rect class=\"bg\" width=\"" + width + "\" height=\"" + height + "\"/>\n" + svg_.body() + "</svg>\n";
}

} // namespace

std::string schedule_svg(const Schedule& schedule, const ScheduleView& view)
{
    if (view.from >= view.to)
        throw std::invalid_argument{"a picture of no time"};
    if (view.to - view.from > longest_picture)
        throw std::invalid_argument{"a picture of too long a time"};
    return Picture{schedule, view}.draw();
}

} // namespace pictures
