#include "config/read.hpp"
#include "feeds/fetch_rules.hpp"

namespace config {

std::string read_calendar_address(Reader& reader, const Fields& in, const std::string& key)
{
    auto address = reader.text(in, key);
    if (address.empty())
        return {};
    if (const auto problem = feeds::address_problem(address); !problem.empty()) {
        reader.problem(in.at(key), "`" + key + "` cannot be read: " + problem,
            "write the https:// address at which the calendar is published");
        return {};
    }
    return address;
}

oncall::HolidayCalendar read_holidays(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "holidays " + name, {"url", "file", "dates"});
    oncall::HolidayCalendar calendar;
    calendar.name = name;
    if (in.has("url") + in.has("file") + in.has("dates") != 1)
        reader.problem(at, "a calendar of holidays comes from one place", "write one of url, file and dates");
    calendar.url = read_calendar_address(reader, in, "url");
    calendar.file = reader.text(in, "file");
    if (!calendar.file.empty() && calendar.file.front() != '/')
        reader.problem(
            in.at("file"), "`file` is no whole path", "write the path from the root on, as /etc/oncall-bot/holidays.ics");
    if (!in.has("dates"))
        return calendar;
    reader.names_of(in.at("dates"), "`dates`", [&](const std::string& date, const Place& key, const Node& value) {
        const auto day = date.size() == 10 ? oncall::local_time_in(date + "T00:00") : std::nullopt;
        if (!day)
            reader.problem(key, "`" + date + "` is no date", "write it as 2026-12-25");
        const auto words =
            value.kind == Node::Kind::null ? std::string{} : reader.text({&value, key.path + "." + date}, "a holiday");
        if (day)
            calendar.dates[std::chrono::floor<std::chrono::days>(*day)] = words;
    });
    return calendar;
}

} // namespace config
