#include "oncall/follow_the_sun.hpp"

#include "oncall/zone.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace oncall {

namespace {

constexpr auto a_year_of_days = std::chrono::days{366};
constexpr auto same_series = std::chrono::days{8};
constexpr std::array<std::string_view, 7> short_weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> short_months{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::size_t iso_weekday(LocalDay day) { return std::chrono::weekday{day}.iso_encoding() - 1; }

std::string written_day(LocalDay day)
{
    const std::chrono::year_month_day date{day};
    return std::string{short_weekdays[iso_weekday(day)]} + " " + std::to_string(static_cast<unsigned>(date.day())) + " "
        + std::string{short_months[static_cast<unsigned>(date.month()) - 1]} + " "
        + std::to_string(static_cast<int>(date.year()));
}

std::string written_clock(milliseconds time)
{
    const auto all = std::chrono::duration_cast<std::chrono::minutes>(time).count();
    const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(all / 60) + ":" + two(all % 60);
}

/// "Mon to Fri", "Sat, Sun", "daily"
std::string weekdays_in_words(const std::set<std::size_t>& which)
{
    if (which.size() == short_weekdays.size())
        return "daily";
    const auto first = *which.begin(), last = *which.rbegin();
    if (which.size() > 2 && last - first + 1 == which.size())
        return std::string{short_weekdays[first]} + " to " + std::string{short_weekdays[last]};
    std::string words;
    for (const auto day : which)
        words += (words.empty() ? "" : ", ") + std::string{short_weekdays[day]};
    return words;
}

/// What is so at one time of the day; of what lasts a day or longer, of the week.
struct YearPattern {
    bool doubled{};
    milliseconds begins{}; // of its day
    milliseconds lasts{}; // on the wall clock
    std::optional<std::size_t> weekday{};
    auto operator<=>(const YearPattern&) const = default;
};
struct YearRun {
    YearPattern what{};
    LocalDay first{};
    LocalDay last{};
    std::set<std::size_t> weekdays{};
    std::size_t times{};
};

class YearView {
public:
    YearView(const Schedule& schedule, TimePoint from)
        : zone_{is_time_zone(schedule.time_zone) ? schedule.time_zone : "UTC"}
        , from_{from}
        , to_{from + a_year_of_days}
    {
        // What reaches over an end is seen whole.
        see(gaps(schedule, from_ - same_series, to_ + same_series), false);
        see(doubles(schedule, from_ - same_series, to_ + same_series), true);
        std::stable_sort(runs_.begin(), runs_.end(), [](const YearRun& a, const YearRun& b) {
            return std::tuple{a.what.doubled, b.times * length(b)} < std::tuple{b.what.doubled, a.times * length(a)};
        });
    }
    std::vector<std::string> words(std::size_t most) const;

private:
    static std::size_t length(const YearRun& run) { return static_cast<std::size_t>(run.what.lasts.count() / 60'000); }
    void see(const std::vector<Shift>& shifts, bool doubled);
    std::string words_of_run(const YearRun& run) const;

    std::string zone_;
    TimePoint from_;
    TimePoint to_;
    std::vector<YearRun> runs_{};
};

void YearView::see(const std::vector<Shift>& shifts, bool doubled)
{
    std::vector<Shift> joined;
    for (const auto& shift : shifts)
        if (!joined.empty() && joined.back().end == shift.start)
            joined.back().end = shift.end;
        else
            joined.push_back(shift);
    std::map<YearPattern, std::size_t> newest; // the run of each that may go on
    for (const auto& shift : joined) {
        if (shift.end <= from_ || shift.start >= to_)
            continue;
        const auto begin = to_local(shift.start, zone_), end = to_local(shift.end, zone_);
        const auto day = std::chrono::floor<std::chrono::days>(begin);
        YearPattern what{doubled, begin - day, end - begin, {}};
        if (what.lasts >= 24h)
            what.weekday = iso_weekday(day);
        const auto found = newest.find(what);
        if (found == newest.end() || day - runs_[found->second].last > same_series) {
            newest[what] = runs_.size();
            runs_.push_back({what, day, day, {iso_weekday(day)}, 1});
            continue;
        }
        auto& run = runs_[found->second];
        run.last = day;
        run.weekdays.insert(iso_weekday(day));
        ++run.times;
    }
}

std::string YearView::words_of_run(const YearRun& run) const
{
    std::string words = run.what.doubled ? "Several at once: " : "Nobody: ";
    const bool once = run.times == 1;
    if (run.what.lasts >= a_year_of_days - std::chrono::days{1})
        return words + "all the time";
    const auto ends = run.what.begins + run.what.lasts;
    const auto end_day = std::chrono::floor<std::chrono::days>(ends);
    const auto until = written_clock(ends - end_day);
    const auto from = written_clock(run.what.begins);
    if (once)
        return words + written_day(run.first) + " " + from + " – "
            + (end_day > milliseconds{} ? written_day(run.first + end_day) + " " : "") + until + " " + zone_;
    if (run.what.weekday) // over days
        words += std::string{short_weekdays[*run.what.weekday]} + " " + from + " – "
            + std::string{short_weekdays[(*run.what.weekday + static_cast<std::size_t>(end_day.count())) % 7]} + " " + until;
    else
        words += weekdays_in_words(run.weekdays) + " " + from + " – " + until;
    words += " " + zone_;
    const auto begins = std::chrono::floor<std::chrono::days>(to_local(from_, zone_));
    const bool all_year =
        run.first - begins <= same_series && begins + a_year_of_days - run.last <= same_series + std::chrono::days{1};
    return words + (all_year ? ", all year" : ", " + written_day(run.first) + " to " + written_day(run.last));
}

std::vector<std::string> YearView::words(std::size_t most) const
{
    std::vector<std::string> lines;
    for (const auto& run : runs_) {
        if (lines.size() == most) {
            lines.push_back("and " + std::to_string(runs_.size() - most) + " more such times");
            break;
        }
        lines.push_back(words_of_run(run));
    }
    return lines;
}

/// When in the day the first of its hours begins.
milliseconds first_hour(const Region& region)
{
    auto first = milliseconds{24h};
    for (const auto& window : region.hours)
        first = std::min<milliseconds>(first, window.from);
    return region.hours.empty() ? milliseconds{} : first;
}

} // namespace

std::string place_of(std::string_view time_zone)
{
    std::string place{time_zone.substr(time_zone.rfind('/') == time_zone.npos ? 0 : time_zone.rfind('/') + 1)};
    std::replace(place.begin(), place.end(), '_', ' ');
    return place;
}

Schedule follow_the_sun(const FollowTheSun& sun)
{
    Schedule schedule;
    schedule.name = sun.name;
    if (!sun.regions.empty())
        schedule.time_zone = sun.regions.front().time_zone;
    std::set<std::string> names;
    for (const auto& region : sun.regions) {
        Rotation rotation;
        const auto called = region.name.empty() ? place_of(region.time_zone) : region.name;
        rotation.name = called;
        for (int number = 2; !names.insert(rotation.name).second; ++number)
            rotation.name = called + " " + std::to_string(number);
        rotation.unit = sun.unit;
        rotation.start = sun.first_day + first_hour(region);
        if (region.time_zone != schedule.time_zone)
            rotation.time_zone = region.time_zone;
        rotation.windows = region.hours;
        for (const auto& person : region.people)
            rotation.turns.push_back({person});
        schedule.rotations.push_back(std::move(rotation));
    }
    return schedule;
}

std::vector<std::string> uncovered_through_the_year(const Schedule& schedule, TimePoint from, std::size_t most)
{
    return YearView{schedule, from}.words(most);
}

} // namespace oncall
