#include "handlers/sources/sources.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

namespace {

Read of(std::vector<Report> reports)
{
    Read read;
    read.reports = std::move(reports);
    return read;
}

Read read_alertmanager(const Sent& sent, const oncall::Source&) { return of(alertmanager(sent.body)); }
Read read_generic(const Sent& sent, const oncall::Source&) { return of(generic(sent.body)); }

Read of(Event event)
{
    if (!event.problems.empty())
        throw BadPayload{event.problems.front()};
    return of(std::vector<Report>{std::move(event.report)});
}

Read read_pagerduty(const Sent& sent, const oncall::Source&) { return of(pagerduty(sent.body)); }
Read read_paging(const Sent& sent, const oncall::Source&) { return of(paging(sent.body)); }

// One line for each format, in alphabetical order but for the first two.
constexpr std::array all_formats{
    Format{"alertmanager", "Prometheus Alertmanager", &read_alertmanager},
    Format{"generic", "anything that posts JSON", &read_generic},
    Format{"pagerduty", "PagerDuty Events API", &read_pagerduty},
    Format{"paging", "a page by webhook", &read_paging},
};

} // namespace

std::span<const Format> formats() { return all_formats; }

const Format* format(std::string_view name)
{
    const auto found = std::find_if(all_formats.begin(), all_formats.end(), [&](const Format& one) { return one.name == name; });
    return found == all_formats.end() ? nullptr : &*found;
}

std::string clipped(std::string text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    text.resize(most);
    return text;
}

} // namespace handlers::sources
