#include "delivery/schedule_preview.hpp"

#include "pictures/schedule_words.hpp"

namespace delivery {

void draw_schedule(Preview& preview, const oncall::Schedule& schedule, oncall::TimePoint from, oncall::milliseconds lasts,
    oncall::TimePoint now, const std::map<std::string, std::string>& names)
{
    const pictures::ScheduleView view{from, from + lasts, now, names, pictures::Theme::light};
    preview.name = "schedule.png";
    try {
        preview.svg = pictures::schedule_svg(schedule, view);
        preview.alt = pictures::schedule_words(schedule, view);
    } catch (const std::invalid_argument&) {
        preview.alt = "This time cannot be drawn.";
    }
}

} // namespace delivery
