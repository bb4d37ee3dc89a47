#include "handlers/sources/report_fields.hpp"

#include "oncall/words.hpp"

#include <array>

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// What Zabbix puts in place of a macro; one that it knows nothing for stays "{EVENT.ID}" or becomes "*UNKNOWN*".
std::string expanded_macro(const Json& body, std::string_view name)
{
    auto text = oncall::trimmed(said_at(body, {name}));
    const bool is_macro = text.size() > 2 && text.front() == '{' && text.back() == '}'
        && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._$", 1) == text.size() - 1;
    const bool is_unknown = text.size() > 2 && text.front() == '*' && text.back() == '*';
    return is_macro || is_unknown ? std::string{} : text;
}

/// By Zabbix's own names, which people may have changed there: the number stays.
std::string severity_by_number(const std::string& number)
{
    constexpr std::array<std::string_view, 6> names{"not classified", "information", "warning", "average", "high", "disaster"};
    return number.size() == 1 && number[0] >= '0' && number[0] <= '5'
        ? std::string{names[static_cast<std::size_t>(number[0] - '0')]}
        : oncall::lower(number);
}

/// {EVENT.TAGSJSON}: [{"tag":"service","value":"checkout"}], as a list or as its text.
void put_zabbix_tags(Report& report, const Json& said)
{
    auto tags = said;
    if (said.is_string()) {
        try {
            tags = slack::parse(said.get_ref<const std::string&>());
        } catch (const slack::BadJson&) {
            return; // a macro that was not expanded
        }
    }
    if (!tags.is_array())
        return;
    for (const auto& tag : tags) {
        const auto name = said_at(tag, {"tag"}), value = said_at(tag, {"value"});
        put_label(report, name, value.empty() ? "true" : value);
        if (name == "service" && report.service.empty())
            report.service = clipped(value, 255);
    }
}

/// Which of the things that people do to a problem in Zabbix this is: "acknowledged, commented".
enum class Update { acknowledged, unacknowledged, severity, other };
Update update_in(const std::string& action, bool is_acknowledged)
{
    const auto words = oncall::lower(action);
    if (words.empty())
        return is_acknowledged ? Update::acknowledged : Update::other;
    // "unacknowledged" has the other word in it. One update may do several things.
    const bool taken_back = words.find("unacknowledged") != words.npos;
    if (!taken_back && words.find("acknowledged") != words.npos)
        return Update::acknowledged;
    if (words.find("severity") != words.npos)
        return Update::severity;
    return taken_back ? Update::unacknowledged : Update::other;
}

} // namespace

Read zabbix(const Sent& sent, const oncall::Source&)
{
    const auto& body = sent.body;
    if (!body.is_object() || !body.contains("event_id"))
        throw BadPayload{
            "event_id is missing: this address takes what the media type of oncall-bot sends (zabbix_media_type.yaml, "
            "to be imported in Zabbix)"};
    Read read;
    const auto id = expanded_macro(body, "event_id");
    if (id.empty()) {
        read.note = "a test of the media type: there is no event in it";
        return read;
    }
    const auto value = expanded_macro(body, "event_value");
    const auto origin = expanded_macro(body, "event_source");
    // Of a trigger, an item's state or a service; what is discovered or registers itself has no end.
    const bool is_service = origin == "4", is_internal = origin == "3";
    const bool ends = origin.empty() || origin == "0" || origin == "3" || origin == "4";
    if (ends && value != "0" && value != "1")
        throw BadPayload{"event_value must be 0 or 1: {EVENT.VALUE} in the media type's parameters"};

    Report report;
    if (ends && value == "0") {
        report.signal = Report::Signal::clear;
    } else if (expanded_macro(body, "event_update_status") == "1") {
        const auto update = is_service // is updated when its severity changes, and knows no other macro of updates
            ? Update::severity
            : update_in(
                expanded_macro(body, "event_update_action"), oncall::lower(expanded_macro(body, "event_ack_status")) == "yes");
        if (update == Update::unacknowledged || update == Update::other) {
            read.note = update == Update::other
                ? "an update that neither acknowledges the problem nor changes its severity"
                : "the problem is unacknowledged in Zabbix; here it stays as it is: somebody may take the answer back";
            return read;
        }
        if (update == Update::acknowledged)
            report.signal = Report::Signal::acknowledge;
    }
    report.dedup_key = whole_key("", ends ? id : origin + ":" + id);
    if (!ends)
        report.ends = false;
    const auto host = expanded_macro(body, "host_name");
    auto title = expanded_macro(body, "event_name");
    if (title.empty())
        title = expanded_macro(body, "alert_subject");
    if (!host.empty() && !title.empty() && title.find(host) == title.npos)
        title += " on " + host;
    put_title(report, title, "a problem in Zabbix");
    const auto changed = is_service ? expanded_macro(body, "event_update_nseverity") : std::string{};
    report.severity = clipped(severity_by_number(changed.empty() ? expanded_macro(body, "event_nseverity") : changed), 50);
    // These have none in Zabbix; an unknown word would wake people for an item that is not supported.
    if (report.severity.empty() && (is_internal || !ends))
        report.severity = is_internal ? "warning" : "information";
    put_zabbix_tags(report, at(body, {"event_tags"}));
    put_label(report, "host", host);
    put_label(report, "host_ip", expanded_macro(body, "host_ip"));
    put_label(report, "host_groups", expanded_macro(body, "host_groups"));
    put_label(report, "event_id", id);
    put_label(report, "trigger_id", expanded_macro(body, "trigger_id"));
    if (const auto now = expanded_macro(body, "event_opdata"); !now.empty())
        put_paragraph(report, "Now: " + now);
    put_paragraph(report, expanded_macro(body, "trigger_description"));
    if (!ends)
        put_paragraph(report, expanded_macro(body, "alert_message"));
    const auto url = expanded_macro(body, "zabbix_url");
    const auto trigger = expanded_macro(body, "trigger_id");
    if (!url.empty() && !trigger.empty())
        put_link(report,
            url.substr(0, url.find_last_not_of('/') + 1) + "/tr_events.php?triggerid=" + net::percent_encode(trigger)
                + "&eventid=" + net::percent_encode(id),
            "Event in Zabbix");
    put_link(report, expanded_macro(body, "trigger_url"), "Runbook");
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
