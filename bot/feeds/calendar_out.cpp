#include "feeds/calendar_out.hpp"

#include "feeds/ical.hpp"

#include <algorithm>

namespace feeds {

namespace {

constexpr const char* product = "-//oncall-bot//on-call shifts//EN";
constexpr const char* ask_again = "PT1H";

/// libical escapes what RFC 5545 has escaped; it takes other control characters as they are, and they are allowed nowhere.
std::string plain(std::string text)
{
    std::erase_if(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; });
    return text;
}

icaltimetype utc(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return icaltime_from_timet_with_zone(static_cast<time_t>(seconds), 0, icaltimezone_get_utc_timezone());
}

icalproperty* named(const char* name, const std::string& value)
{
    auto* const property = icalproperty_new_x(plain(value).c_str());
    icalproperty_set_x_name(property, name);
    return property;
}

icalcomponent* event_out(const PublishedEvent& event)
{
    auto* const changed = icalproperty_new_lastmodified(utc(event.changed_at));
    return icalcomponent_vanew(ICAL_VEVENT_COMPONENT, icalproperty_new_uid(plain(event.uid).c_str()),
        // Without a METHOD it is when the event was last changed (RFC 5545 §3.8.7.2), so that what has not changed stays the
        // same.
        icalproperty_new_dtstamp(utc(event.changed_at)), changed, icalproperty_new_sequence(event.sequence),
        icalproperty_new_dtstart(utc(event.from)), icalproperty_new_dtend(utc(event.to)),
        icalproperty_new_summary(plain(event.title).c_str()), icalproperty_new_description(plain(event.text).c_str()),
        icalproperty_new_status(ICAL_STATUS_CONFIRMED), icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT),
        static_cast<void*>(nullptr));
}

} // namespace

std::string calendar_out(const PublishedCalendar& calendar)
{
    calm();
    const Component all{icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_prodid(product),
        icalproperty_new_version("2.0"), static_cast<void*>(nullptr))};
    auto* const interval = icalproperty_new_from_string((std::string{"REFRESH-INTERVAL;VALUE=DURATION:"} + ask_again).c_str());
    for (auto* const property : {named("X-WR-CALNAME", calendar.name), named("X-WR-CALDESC", calendar.text),
             named("X-PUBLISHED-TTL", ask_again), interval})
        if (property)
            icalcomponent_add_property(all.get(), property);
    for (const auto& event : calendar.events)
        icalcomponent_add_component(all.get(), event_out(event));
    return taken(icalcomponent_as_ical_string_r(all.get()));
}

} // namespace feeds
