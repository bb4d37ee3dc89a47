#include "oncall/absences.hpp"

#include "oncall/calendar.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr auto least_absence = 4h; // an appointment is no absence
constexpr auto longest_day = 25h; // when the clocks go back
constexpr auto longest_absence = std::chrono::days{400};
constexpr std::string_view ignore{"#oncall-ignore"};
constexpr std::size_t most_why = 200;
constexpr std::size_t most_in_shift = 20; // absences

struct AwayStretch {
    LocalTime from{};
    LocalTime to{};
};

/// A day, a week, or a date with or without a time: all that it means. A weekday is the first one from `earliest` on.
std::optional<AwayStretch> stretch_in(const std::string& word, LocalTime today, LocalTime earliest)
{
    constexpr std::string_view weekdays[]{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    if (word == "today")
        return AwayStretch{today, today + 24h};
    if (word == "tomorrow")
        return AwayStretch{today + 24h, today + 48h};
    const auto days_since_monday = [](LocalTime day) {
        return static_cast<int>(std::chrono::weekday{std::chrono::floor<std::chrono::days>(day)}.iso_encoding()) - 1;
    };
    const auto since_monday = days_since_monday(today);
    const auto monday = today - since_monday * 24h;
    if (word == "this week")
        return AwayStretch{today, monday + 7 * 24h};
    if (word == "next week")
        return AwayStretch{monday + 7 * 24h, monday + 14 * 24h};
    for (int day = 0; day < 7; ++day)
        if (word == weekdays[day] || word == weekdays[day].substr(0, 3)) {
            const auto first = day_of(earliest);
            const auto ahead = (day - days_since_monday(first) + 7) % 7; // today's name is today
            return AwayStretch{first + ahead * 24h, first + (ahead + 1) * 24h};
        }
    if (word.size() == 10)
        if (const auto day = local_time_in(word + "T00:00"))
            return AwayStretch{*day, *day + 24h};
    if (const auto time = local_time_in(word))
        return AwayStretch{*time, *time};
    return std::nullopt;
}

} // namespace

std::vector<Away> absences_in(
    const std::string& person, const std::vector<CalendarEvent>& events, const std::string& time_zone, const std::string& email)
{
    const auto hers = lower(email);
    const auto zone = is_time_zone(time_zone) ? time_zone : std::string{"UTC"};
    std::vector<Away> found;
    for (const auto& event : events) {
        if (lower(event.title).find(ignore) != std::string::npos)
            continue;
        const bool declined = std::find(event.declined.begin(), event.declined.end(), hers) != event.declined.end();
        if (event.tentative || declined)
            continue; // she is not going, or does not know yet
        const Away away{person, event.from_in(zone), event.to_in(zone), event.title};
        if (event.free && away.to - away.from <= longest_day)
            continue;
        if (away.to - away.from >= least_absence)
            found.push_back(away);
    }
    return found;
}

std::vector<Clash> clashes(const Configuration& configuration, const std::vector<Away>& away,
    const std::map<std::string, std::set<std::string>>& names, TimePoint now, TimePoint until)
{
    std::map<std::string, std::vector<Away>> by_person;
    for (const auto& one : away)
        if (one.to > now && one.from < until)
            by_person[one.person].push_back(one);
    std::vector<Clash> found;
    for (auto& [person, hers] : by_person) {
        const auto known = names.find(person);
        std::sort(hers.begin(), hers.end(), [](const Away& one, const Away& other) { return one.from < other.from; });
        for (const auto& entry : diary_of(configuration, known == names.end() ? std::set{person} : known->second, {now, until})) {
            std::size_t listed = 0;
            for (const auto& one : hers)
                if (listed < most_in_shift && one.from < entry.shift.end && one.to > std::max(now, entry.shift.start)) {
                    ++listed;
                    found.push_back({person, entry.schedule, entry.shift, std::max(one.from, entry.shift.start),
                        std::min(one.to, entry.shift.end), one.why});
                }
        }
    }
    return found;
}

AwayWords away_in(const std::string& words, TimePoint now, const std::string& time_zone)
{
    const auto zone = is_time_zone(time_zone) ? time_zone : std::string{"UTC"};
    const auto today = day_of(to_local(now, zone));
    AwayWords wish;
    auto text = lower(trimmed(words));
    if (const auto because = text.find(" because "); because != text.npos) {
        wish.why = trimmed(trimmed(words).substr(because + 9)).substr(0, most_why);
        text.resize(because);
    }
    if (text.starts_with("from "))
        text.erase(0, 5);
    auto first = text, last = std::string{};
    for (const std::string_view between : {" to ", " until ", " till ", " – ", " - "})
        if (const auto at = text.find(between); at != text.npos && last.empty()) {
            first = text.substr(0, at);
            last = text.substr(at + between.size());
        }
    const auto from = stretch_in(trimmed(first), today, today);
    const auto to = last.empty() || !from ? from : stretch_in(trimmed(last), today, from->from);
    if (!from || !to) {
        wish.problem = "I don't understand when. Write it as `/oncall away 2026-12-24 to 2027-01-02`, `/oncall away tomorrow` or "
                       "`/oncall away next week`.";
        return wish;
    }
    wish.from = to_instant(from->from, zone);
    wish.to = to_instant(to->to, zone);
    if (wish.to <= wish.from)
        wish.problem = "That ends before it begins. Write the first day, `to`, and the last day.";
    else if (wish.to <= now)
        wish.problem = "That is over already.";
    else if (wish.to - wish.from > longest_absence)
        wish.problem = "That is longer than a year. Write it in parts.";
    return wish;
}

} // namespace oncall
