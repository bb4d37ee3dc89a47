#include "handlers/sources/report_fields.hpp"

#include "notify/text.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::Json;

namespace {

using Macros = std::map<std::string, std::string>;

/// A form or a JSON object of macros by their names: NOTIFICATIONTYPE, hostname …; what Nagios did not know stays "$NAME$".
Macros macros_of(const Sent& sent)
{
    Macros macros;
    const auto keep = [&](const std::string& name, const std::string& value) {
        const bool is_macro = value.size() > 2 && value.front() == '$' && value.back() == '$' && value.find(' ') == value.npos;
        if (!is_macro && macros.size() < 200)
            macros.emplace(oncall::lower(notify::clean(name)), oncall::trimmed(notify::clean(value)));
    };
    if (sent.body.is_object()) {
        for (const auto& [name, value] : sent.body.items())
            keep(name, said_at(value, {}));
        return macros;
    }
    const auto form = net::form_in(sent.text);
    if (!form)
        throw BadPayload{
            "the body is neither JSON nor a form: let nagios-oncall, the script that comes with oncall-bot, send it"};
    for (const auto& field : *form)
        keep(field.name, field.value);
    return macros;
}

std::string macro(const Macros& macros, std::initializer_list<const char*> names)
{
    for (const auto* name : names)
        if (const auto found = macros.find(name); found != macros.end() && !found->second.empty())
            return found->second;
    return {};
}

/// A line break comes as the two characters \n from Nagios. What will not be kept is not looked at.
std::string with_lines(const std::string& text)
{
    std::string lines;
    for (std::size_t i = 0; i < std::min(text.size(), 2 * most_description); ++i)
        if (text.compare(i, 2, "\\n") == 0) {
            lines += '\n';
            ++i;
        } else {
            lines += text[i];
        }
    return lines;
}

bool is_fine(const std::string& state) { return state == "ok" || state == "up"; }

} // namespace

Read nagios(const Sent& sent, const oncall::Source&)
{
    const auto macros = macros_of(sent);
    const auto type = oncall::lower(macro(macros, {"notificationtype", "type"}));
    const auto host = macro(macros, {"hostname", "host"});
    const auto service = macro(macros, {"servicedesc", "service_description"});
    const auto state =
        oncall::lower(service.empty() ? macro(macros, {"hoststate", "state"}) : macro(macros, {"servicestate", "state"}));
    if (type.empty())
        throw BadPayload{"notificationtype is missing: give the script notificationtype='$NOTIFICATIONTYPE$'"};
    if (host.empty())
        throw BadPayload{"hostname is missing: give the script hostname='$HOSTNAME$'"};

    Read read;
    Report report;
    if (type == "problem" || (type == "custom" && !is_fine(state))) {
        report.signal = Report::Signal::fire;
    } else if (type == "recovery") {
        report.signal = Report::Signal::clear;
    } else if (type == "acknowledgement") {
        report.signal = Report::Signal::acknowledge;
    } else if ((type == "flappingstop" || type == "flappingend") && is_fine(state)) {
        report.signal = Report::Signal::clear; // while it flapped, no recovery was told
    } else if (type.starts_with("flapping") || type.starts_with("downtime") || type == "custom") {
        read.note = "a notification of the type " + clipped(type, 50);
        return read;
    } else {
        throw BadPayload{"notificationtype \"" + clipped(type, 50)
            + "\" is not known: PROBLEM, RECOVERY, ACKNOWLEDGEMENT, FLAPPING… "
              "and DOWNTIME… are"};
    }
    report.dedup_key = whole_key("", service.empty() ? host : host + ";" + service);
    auto title = service.empty() ? host : service + " on " + host;
    if (!state.empty())
        title += " is " + oncall::lower(state);
    put_title(report, title, "a problem in Nagios");
    if (report.signal == Report::Signal::fire)
        report.severity = clipped(state, 50);
    report.service = clipped(macro(macros, {"service", "oncall_service"}), 255);

    put_paragraph(report, macro(macros, {"output", "serviceoutput", "hostoutput"}));
    put_paragraph(report, with_lines(macro(macros, {"longoutput", "longserviceoutput", "longhostoutput"})));
    if (const auto comment = macro(macros, {"comment", "notificationcomment"}); !comment.empty()) {
        const auto author = macro(macros, {"author", "notificationauthor"});
        put_paragraph(report, (author.empty() ? "" : author + ": ") + comment);
    }
    put_label(report, "hostname", host);
    put_label(report, "servicedesc", service);
    put_label(report, "hostgroup", macro(macros, {"hostgroup", "hostgroupname", "hostgroupnames"}));
    put_label(report, "hostaddress", macro(macros, {"hostaddress"}));
    put_label(report, "hostalias", macro(macros, {"hostalias"}));
    put_label(report, "longdatetime", macro(macros, {"longdatetime"}));
    put_link(report, macro(macros, {"notesurl", "servicenotesurl", "hostnotesurl"}), "Notes");
    put_link(report, macro(macros, {"actionurl", "serviceactionurl", "hostactionurl"}), "Actions");
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
