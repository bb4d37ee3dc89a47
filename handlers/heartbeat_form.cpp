#include "handlers/heartbeat_form.hpp"

#include "blocks/settings.hpp"
#include "handlers/form_fields.hpp"
#include "oncall/heartbeat.hpp"
#include "oncall/words.hpp"

namespace handlers {

using namespace fields;
using blocks::Values;

namespace {

/// It stands as it was shown, which may be without what nobody sees.
bool is_untouched(const std::string& text, const std::string& was)
{
    return text == oncall::trimmed(was) || text == oncall::trimmed(blocks::kit::clean(was, was.size()));
}

} // namespace

void put_monitor(Values& values, const oncall::Monitor& monitor)
{
    values["source"] = {option(monitor.source)};
    values["every"] = {oncall::duration_out(monitor.every)};
    values["grace"] = {monitor.grace == oncall::milliseconds{} ? "" : oncall::duration_out(monitor.grace)};
    values["service"] = {option(monitor.service)};
    values["severity"] = {option(monitor.severity)};
    values["description"] = {monitor.description};
}

void monitor_parts(std::vector<blocks::Part>& parts, const oncall::Configuration& now)
{
    auto source = one("source", "Source", "By its key it is pinged; several may share one.", names(now.sources, ""),
        blocks::action::options_source);
    source.required = true;
    parts.push_back(source);
    auto every = text("every", "Expected every", "From a minute to a year: 5m, 2h, 1d.", "1d");
    every.required = true;
    parts.push_back(every);
    parts.push_back(text("grace", "Grace",
        "How late it may be; and how long a run may last that says when it begins. Empty: not late at all.", "2h"));
    parts.push_back(one("service", "Service", "Whose alert its silence is. Without one, its source's.",
        names(now.services, "(its source's)"), blocks::action::options_service));
    parts.push_back(one("severity", "Severity", "None is of high urgency.",
        {{"(none)", std::string{blocks::nothing}, ""}, {"critical", "=critical", ""}, {"error", "=error", ""},
            {"warning", "=warning", ""}, {"info", "=info", ""}}));
    auto description = lines("description", "Description", "What it is, and what to do: it stands in the alert.");
    description.most = static_cast<int>(oncall::most_monitor_description);
    parts.push_back(description);
}

void read_monitor(oncall::Monitor& monitor, const Values& values, std::map<std::string, std::string>& errors)
{
    monitor.source = option_in(values, "source");
    if (monitor.source.empty())
        errors["source"] = "Choose by whose key it is pinged.";
    const auto every = oncall::duration_in(text_in(values, "every"));
    if (!every || !oncall::may_be_interval(*every))
        errors["every"] = "I can't read that. Write 5m, 2h or 1d: whole minutes, from one to a year.";
    else
        monitor.every = *every;
    const auto text = text_in(values, "grace");
    const auto grace = text.empty() ? std::optional{oncall::milliseconds{}} : oncall::duration_in(text);
    if (!grace || !oncall::may_be_grace(*grace))
        errors["grace"] = "I can't read that. Write 5m, 2h or 1d: whole minutes, or nothing.";
    else
        monitor.grace = *grace;
    monitor.service = option_in(values, "service");
    monitor.severity = option_in(values, "severity");
    const auto description = text_in(values, "description");
    if (!is_untouched(description, monitor.description))
        monitor.description = description;
    if (monitor.description.size() > oncall::most_monitor_description)
        errors["description"] = "It is too long: 1,000 bytes are the most.";
}

} // namespace handlers
