#include "pictures/schedule_words.hpp"

#include "oncall/calendar.hpp"
#include "oncall/outlook.hpp"
#include "oncall/period.hpp"
#include "pictures/people.hpp"
#include "pictures/text.hpp"

namespace pictures {

namespace {

constexpr std::size_t most_stretches = 60;
constexpr int most_name = 4'000; // hundredths of the font's size

std::string plain(const std::string& text) { return shortened(encoded(decoded(text)), most_name); }

std::string moment(oncall::TimePoint at, const std::string& zone)
{
    const auto local = oncall::to_local(at, zone);
    return oncall::day_words(local) + " " + oncall::clock_words(local);
}

} // namespace

std::string schedule_words(const oncall::Schedule& schedule, const ScheduleView& view, std::size_t most)
{
    const People people{schedule, view.names};
    auto text = "Who is on call by schedule " + plain(schedule.name) + ", "
        + oncall::words_of(oncall::Period{view.from, view.to}, schedule.time_zone) + " (" + schedule.time_zone + "): ";
    const std::string_view rest{"; and so on."};
    std::string between;
    for (const auto& stretch : oncall::outlook(schedule, view.from, view.to, most_stretches)) {
        std::string who;
        for (const auto& person : stretch.people)
            who += (who.empty() ? "" : " and ") + plain(people.name(person));
        auto line = between + (who.empty() ? "nobody" : who) + " until " + moment(stretch.to, schedule.time_zone);
        if (text.size() + line.size() + rest.size() > most)
            return text.append(rest.substr(between.empty() ? 2 : 0));
        text += line;
        between = "; ";
    }
    return text + ".";
}

} // namespace pictures
