#include "handlers/sources/report_fields.hpp"

#include "notify/sns_signature.hpp"
#include "notify/text.hpp"
#include "oncall/words.hpp"

namespace handlers::sources {

using slack::at;
using slack::Json;

namespace {

/// What SNS says around a message; of raw delivery, its headers.
struct Envelope {
    std::string topic{};
    std::string subject{};
    std::string id{};
};

Json json_or_null(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos || text[first] != '{')
        return {};
    try {
        return slack::parse(text);
    } catch (const slack::BadJson&) {
        return {}; // a text that begins so
    }
}

/// The part of an ARN, arn:PARTITION:SERVICE:REGION:ACCOUNT:…, from 0.
std::string part_of_arn(const std::string& arn, int part)
{
    std::size_t start = 0;
    for (; part > 0; --part) {
        const auto colon = arn.find(':', start);
        if (colon == arn.npos)
            return {};
        start = colon + 1;
    }
    return arn.substr(start, arn.find(':', start) - start);
}

std::string first_line_said(const std::string& text)
{
    const auto start = text.find_first_not_of(" \t\r\n");
    return start == text.npos ? std::string{} : oncall::trimmed(text.substr(start, text.find_first_of("\r\n", start) - start));
}

std::string console_of(const std::string& arn, const std::string& alarm)
{
    const auto partition = part_of_arn(arn, 1), region = part_of_arn(arn, 3);
    if (!arn.starts_with("arn:") || region.empty()
        || region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != region.npos)
        return {};
    const std::string host = partition == "aws-cn" ? "console.amazonaws.cn"
        : partition == "aws-us-gov"                ? "console.amazonaws-us-gov.com"
                                                   : "console.aws.amazon.com";
    return "https://" + host + "/cloudwatch/home?region=" + region + "#alarmsV2:alarm/" + net::percent_encode(alarm);
}

/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
Report alarm_report(const Json& alarm)
{
    const auto name = said_at(alarm, {"AlarmName"});
    const auto state = oncall::lower(said_at(alarm, {"NewStateValue"}));
    const auto before = oncall::lower(said_at(alarm, {"OldStateValue"}));
    if (name.empty())
        throw BadPayload{"AlarmName is missing: without it nobody can say which alarm this is"};
    if (state != "alarm" && state != "ok" && state != "insufficient_data")
        throw BadPayload{"NewStateValue must be \"ALARM\", \"OK\" or \"INSUFFICIENT_DATA\""};
    const auto arn = said_at(alarm, {"AlarmArn"});
    const auto account = said_at(alarm, {"AWSAccountId"});
    Report report;
    report.dedup_key = whole_key("", !arn.empty() ? arn : account.empty() ? name : account + ":" + name);
    put_title(report, name, "an alarm of CloudWatch");
    report.signal = state == "ok" ? Report::Signal::clear : Report::Signal::fire;
    // Only an alarm that was told to does say that it has no data. What was wrong before is no less so for want of it.
    if (state != "ok")
        report.severity = before == "alarm" ? before : state;
    if (state == "insufficient_data")
        put_title(report, name + " has no data", "an alarm of CloudWatch");
    put_paragraph(report, said_at(alarm, {"AlarmDescription"}));
    put_paragraph(report, said_at(alarm, {"NewStateReason"}));
    put_label(report, "AlarmName", name);
    put_label(report, "Namespace", said_at(alarm, {"Trigger", "Namespace"}));
    put_label(report, "MetricName", said_at(alarm, {"Trigger", "MetricName"}));
    const auto region = part_of_arn(arn, 3);
    put_label(report, "Region", region.empty() ? said_at(alarm, {"Region"}) : region);
    put_label(report, "AWSAccountId", account);
    const auto& dimensions = at(alarm, {"Trigger", "Dimensions"});
    if (dimensions.is_array())
        for (const auto& dimension : dimensions)
            put_label(report, said_at(dimension, {"name"}), said_at(dimension, {"value"}));
    put_link(report, console_of(arn, name), "Alarm in CloudWatch");
    return report;
}

/// An event of EventBridge says the same in other words.
Json alarm_of_event(const Json& event)
{
    Json alarm;
    const auto& detail = at(event, {"detail"});
    alarm["AlarmName"] = said_at(detail, {"alarmName"});
    alarm["NewStateValue"] = said_at(detail, {"state", "value"});
    alarm["OldStateValue"] = said_at(detail, {"previousState", "value"});
    alarm["NewStateReason"] = said_at(detail, {"state", "reason"});
    alarm["AlarmDescription"] = said_at(detail, {"configuration", "description"});
    alarm["AWSAccountId"] = said_at(event, {"account"});
    alarm["Region"] = said_at(event, {"region"});
    const auto& resources = at(event, {"resources"});
    alarm["AlarmArn"] = resources.is_array() && !resources.empty() ? said_at(resources[0], {}) : "";
    return alarm;
}

/// What an event is about, which its later ones name too; each event has an id of its own.
std::string subject_of_event(const Json& event)
{
    const auto source = said_at(event, {"source"}), account = said_at(event, {"account"});
    if (const auto health = said_at(event, {"detail", "eventArn"}); !health.empty())
        return source + ":" + account + ":" + health;
    // Other senders may call anything an id.
    const auto finding = source.starts_with("aws.") ? first_said(at(event, {"detail"}), {"id", "findingArn"}) : std::string{};
    return finding.empty() ? said_at(event, {"id"}) : source + ":" + finding;
}

/// GuardDuty says numbers, from 1.0.
std::string severity_of_finding(const Json& severity)
{
    const auto number = severity.get<double>();
    return number >= 9 ? "critical" : number >= 7 ? "error" : number >= 4 ? "warning" : "info";
}

/// https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
Report event_report(const Json& event, const Envelope& envelope)
{
    Report report;
    const auto& detail = at(event, {"detail"});
    const auto what = first_said(detail, {"title", "eventTypeCode", "description", "eventName"});
    report.title = !envelope.subject.empty() ? envelope.subject : said_at(event, {"detail-type"});
    if (envelope.subject.empty() && !what.empty())
        report.title += ": " + first_line_said(what);
    put_title(report, std::string{report.title}, "an event of AWS");
    report.dedup_key = whole_key("event:", subject_of_event(event));
    const auto from = said_at(event, {"source"});
    const auto& severity = at(detail, {"severity"});
    report.severity = from == "aws.guardduty" && severity.is_number() ? severity_of_finding(severity)
                                                                      : clipped(oncall::lower(said_at(detail, {"severity"})), 50);
    const auto status = said_at(detail, {"statusCode"}), category = said_at(detail, {"eventTypeCategory"});
    if (from != "aws.health" || status.empty())
        report.ends = false;
    else if (status == "closed")
        report.signal = Report::Signal::clear;
    else if (status == "upcoming" || category == "scheduledChange" || category == "accountNotification")
        report.severity = "info";
    put_paragraph(report, said_at(detail, {"description"}));
    const auto& told = at(detail, {"eventDescription"}); // AWS Health
    if (told.is_array() && !told.empty())
        put_paragraph(report, said_at(told[0], {"latestDescription"}));
    for (const auto* name : {"detail-type", "source", "account", "region"})
        put_label(report, name, said_at(event, {name}));
    const auto& resources = at(event, {"resources"});
    if (resources.is_array() && !resources.empty())
        put_label(report, "resource", said_at(resources[0], {}));
    put_labels(report, detail);
    return report;
}

/// Whatever else somebody publishes: Budgets, Auto Scaling, a script.
Report message_report(const std::string& text, const Json& json, const Envelope& envelope)
{
    Report report;
    report.title = envelope.subject;
    if (json.is_object()) {
        if (report.title.empty())
            report.title = first_line_said(first_said(
                json, {"title", "summary", "subject", "Subject", "Event", "event", "message", "Message", "Description"}));
        report.severity = clipped(oncall::lower(first_said(json, {"severity", "priority"})), 50);
        report.service = clipped(first_said(json, {"service"}), 255);
        put_paragraph(report, first_said(json, {"description", "Description", "message", "Message", "Cause"}));
        put_labels(report, json);
        if (report.description.empty())
            put_paragraph(report, json.dump(2, ' ', false, Json::error_handler_t::replace));
    } else {
        if (report.title.empty())
            report.title = first_line_said(text);
        put_paragraph(report, text);
    }
    const auto topic = clipped(part_of_arn(envelope.topic, 5), 255);
    put_title(report, std::string{report.title}, topic.empty() ? "a message of Amazon SNS" : "a message of topic " + topic);
    report.ends = false;
    // Each message is an alert of its own; SNS may deliver it twice.
    if (!envelope.id.empty())
        report.dedup_key = whole_key("message:", envelope.id);
    return report;
}

Read message_read(const std::string& text, const Json& json, const Envelope& envelope)
{
    Read read;
    const auto event = first_said(json, {"Event"});
    if (event == "s3:TestEvent" || event == "autoscaling:TEST_NOTIFICATION") {
        read.note = "a test of " + first_said(json, {"Service"});
        return read;
    }
    Report report;
    if (json.is_object() && json.contains("AlarmName"))
        report = alarm_report(json);
    else if (at(json, {"detail"}).is_object() && !said_at(json, {"detail-type"}).empty())
        report = said_at(json, {"detail-type"}) == "CloudWatch Alarm State Change" ? alarm_report(alarm_of_event(json))
                                                                                   : event_report(json, envelope);
    else
        report = message_report(text, json, envelope);
    if (report.dedup_key == "event:")
        report.dedup_key = envelope.id.empty() ? "" : whole_key("message:", envelope.id);
    put_label(report, "TopicArn", envelope.topic);
    read.reports.push_back(std::move(report));
    return read;
}

} // namespace

std::string sns_topic_words(const std::string& arn)
{
    // Foreign, and said in Slack: no more than such names are made of.
    constexpr std::string_view letters{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."};
    const auto name = part_of_arn(arn, 5), region = part_of_arn(arn, 3);
    const bool is_one = arn.starts_with("arn:") && arn.size() <= 300 && !name.empty() && !region.empty()
        && name.find_first_not_of(letters) == name.npos && region.find_first_not_of(letters) == region.npos;
    return is_one ? "topic " + name + " in " + region : std::string{"a topic"};
}

Json sns_envelope(const Sent& sent)
{
    auto json = sent.body.is_object() ? sent.body : json_or_null(sent.text);
    const bool is_one = said_at(json, {"Type"}) != "" && at(json, {"Message"}).is_string() && at(json, {"TopicArn"}).is_string();
    return is_one ? json : Json{};
}

Read sns(const Sent& sent, const oncall::Source& source)
{
    const auto message = sns_envelope(sent);
    if (message.is_null()) {
        Envelope raw;
        raw.topic = notify::clean(net::header(sent.headers, "x-amz-sns-topic-arn"));
        raw.id = notify::clean(net::header(sent.headers, "x-amz-sns-message-id"));
        const auto text = notify::clean(sent.text);
        const auto json = sent.body.is_object() ? sent.body : json_or_null(text);
        if (json.is_null() && text.empty())
            throw BadPayload{"the body is empty: Amazon SNS sends a message in it"};
        return message_read(text, json, raw);
    }
    const auto type = said_at(message, {"Type"});
    const auto topic = said_at(message, {"TopicArn"});
    Read read;
    if (type == "SubscriptionConfirmation") {
        read.confirm = said_at(message, {"SubscribeURL"});
        if (at(message, {"SubscribeURL"}).is_null()) { // handlers/sns.hpp takes none without
            read.note = "a subscription to " + sns_topic_words(topic) + ", whose address is not kept";
            return read;
        }
        if (!notify::is_sns_subscribe_url(read.confirm))
            throw BadPayload{
                "SubscribeURL does not lead to Amazon SNS (https://sns.REGION.amazonaws.com/): nothing was confirmed"};
        read.note = "a subscription to " + sns_topic_words(topic) + ", which is confirmed now";
        Report again; // of what says that nothing more comes
        put_title(again, "Messages of " + sns_topic_words(topic) + " come again", "a subscription");
        again.signal = Report::Signal::clear;
        again.dedup_key = whole_key("unsubscribed:", topic);
        read.reports.push_back(std::move(again));
        return read;
    }
    if (type == "UnsubscribeConfirmation") {
        Report report;
        put_title(report, "Nothing more comes to source " + source.name + " from " + sns_topic_words(topic),
            "a subscription has ended");
        report.description =
            "Somebody or something has ended the subscription at Amazon SNS: its alarms are told to nobody here. If "
            "that is not meant, subscribe this source's address to the topic again.";
        report.severity = "error";
        report.dedup_key = whole_key("unsubscribed:", topic);
        put_label(report, "TopicArn", topic);
        read.reports.push_back(std::move(report));
        return read;
    }
    if (type != "Notification")
        throw BadPayload{"Type \"" + clipped(type, 50)
            + "\" is not known: Notification, SubscriptionConfirmation and "
              "UnsubscribeConfirmation are"};
    const auto text = said_at(message, {"Message"});
    return message_read(
        text, json_or_null(text), {topic, oncall::trimmed(said_at(message, {"Subject"})), said_at(message, {"MessageId"})});
}

} // namespace handlers::sources
