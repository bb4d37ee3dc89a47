#include "handlers/sources/reading.hpp"

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// Its three ways: JSON, a form with all of it in one field, and GET with a parameter each.
Json kuma_body(const Sent& sent)
{
    if (!sent.body.is_null() || !sent.text.empty())
        return object_in(sent, "data");
    Json body = Json::object();
    for (const auto& [name, value] : sent.query) {
        if (name == "msg")
            body[name] = clipped(value, most_description); // as it came in the address
        if (name != "heartbeat" && name != "monitor")
            continue;
        try {
            body[name] = slack::parse(value);
        } catch (const slack::BadJson& problem) {
            throw BadPayload{"the parameter " + name + ": " + problem.what()};
        }
    }
    if (body.empty())
        throw BadPayload{"nothing was sent: in Uptime Kuma, make a notification of the type Webhook"};
    return body;
}

/// What comes without a monitor: the test of a notification, and certificates and domains that expire.
Read kuma_message(const std::string& message)
{
    if (message.empty())
        throw BadPayload{
            "heartbeat, monitor and msg are missing: in Uptime Kuma, make a notification of the type Webhook, with the "
            "body that is preset"};
    if (message.ends_with("Testing"))
        return noted("Uptime Kuma's test of the notification");
    Report report;
    // The days that are left count down, and it stays the same certificate.
    report.dedup_key = key_of("message:" + message.substr(0, message.rfind(" will ")));
    report.title = clipped(message, most_title);
    report.severity = "warning";
    report.ends = false;
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace

Read uptime_kuma(const Sent& sent, const oncall::Source&)
{
    const auto body = kuma_body(sent);
    const auto& heartbeat = at(body, {"heartbeat"});
    const auto& monitor = at(body, {"monitor"});
    const auto message = word_at(body, {"msg"});
    if (heartbeat.is_null() && monitor.is_null())
        return kuma_message(message);
    const auto status = word_at(heartbeat, {"status"});
    if (status == "2" || status == "3")
        return noted(status == "2" ? "the monitor is pending: it is tried again" : "the monitor is under maintenance");
    if (status != "0" && status != "1")
        throw BadPayload{"heartbeat.status must be 0 (down), 1 (up), 2 (pending) or 3 (maintenance)"};
    const auto id = first_said({word_at(monitor, {"id"}), word_at(heartbeat, {"monitorID"})});
    if (id.empty())
        throw BadPayload{"monitor.id is missing: without it nobody can say which monitor this is"};

    const auto name = first_said({word_at(monitor, {"name"}), "monitor " + id});
    Report report;
    report.signal = status == "0" ? Report::Signal::fire : Report::Signal::clear;
    report.dedup_key = key_of("monitor:" + id);
    report.title = clipped(name, most_title - 10) + (status == "0" ? " is down" : " is up");
    report.severity = status == "0" ? "down" : "";
    put_paragraph(report.description, first_said({word_at(heartbeat, {"msg"}), message}));
    put_label(report.labels, "monitor", name);
    for (const auto* field : {"type", "hostname", "port"})
        put_label(report.labels, field, word_at(monitor, {field}));
    if (const auto& tags = at(monitor, {"tags"}); tags.is_array())
        for (const auto& tag : tags)
            put_label(report.labels, word_at(tag, {"name"}), first_said({word_at(tag, {"value"}), "yes"}));
    const auto service = report.labels.find("service");
    report.service = clipped(service == report.labels.end() ? name : service->second, 255);
    put_link(report.links, word_at(monitor, {"url"}), "What is monitored");
    Read read;
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace handlers::sources
