#include "handlers/what_if.hpp"

#include "handlers/key_door.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers {

using oncall::Refusal;
using slack::Json;

namespace {

const std::string usage{
    "What would happen if what? Write `/oncall what if checkout is down severity=critical service=checkout`, or paste the JSON "
    "that your monitoring sends. `/oncall what if rule NAME` tries a rule on last week's alerts."};

void replace_all(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// "<https://x|x>" and "<mailto:a@b|a@b>" are what somebody typed.
void unlink(std::string& text)
{
    for (auto open = text.find('<'); open != text.npos; open = text.find('<', open + 1)) {
        const auto close = text.find('>', open);
        if (close == text.npos)
            return;
        auto inner = text.substr(open + 1, close - open - 1);
        if (!inner.starts_with("http") && !inner.starts_with("mailto:"))
            continue;
        const auto bar = inner.find('|');
        inner = inner.starts_with("mailto:") && bar != inner.npos ? inner.substr(bar + 1) : inner.substr(0, bar);
        text.replace(open, close - open + 1, inner);
    }
}

/// As it was typed, before Slack dressed it up.
std::string as_typed(std::string text)
{
    unlink(text);
    replace_all(text, "&lt;", "<");
    replace_all(text, "&gt;", ">");
    replace_all(text, "&amp;", "&");
    return text;
}

std::string plain_quotes(std::string text)
{
    for (const std::string_view quote : {"“", "”", "„", "«", "»"})
        replace_all(text, quote, "\"");
    return text;
}

bool is_name(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'
            || c == '/';
    });
}

/// The next word from `at` on; what is in quotes after a = belongs to it, without them.
std::string word_at(const std::string& text, std::size_t& at)
{
    std::string word;
    bool quoted = false;
    for (; at < text.size() && (quoted || text[at] != ' '); ++at) {
        if (text[at] == '"' && (quoted || word.ends_with('=')))
            quoted = !quoted;
        else
            word += text[at];
    }
    return word;
}

void suppose(Supposed& asked, Report& report, const std::string& name, const std::string& value)
{
    if (name == "source")
        asked.source = value;
    else if (name == "service")
        report.service = value;
    else if (name == "severity" || name == "priority")
        report.severity = oncall::lower(value);
    else if (name == "title")
        report.title = value;
    else if (name == "description")
        report.description = value;
    else
        report.labels[name.starts_with("labels.") ? name.substr(7) : name] = value;
}

/// Takes name=value out of the words; the rest is the title.
void read_words(Supposed& asked, Report& report, const std::string& text)
{
    std::string rest;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == ' ') {
            ++at;
            continue;
        }
        const auto word = word_at(text, at);
        const auto equals = word.find('=');
        if (equals != word.npos && is_name(std::string_view{word}.substr(0, equals)))
            suppose(asked, report, word.substr(0, equals), word.substr(equals + 1));
        else
            rest += (rest.empty() ? "" : " ") + word;
    }
    if (report.title.empty())
        report.title = sources::clipped(rest, sources::most_title);
}

/// Fields by which JSON is known to be of a format: all of them stand in it.
struct Signs {
    std::string_view format{};
    std::array<std::string_view, 2> fields{};
};
// What has the most of its own comes first.
constexpr std::array signs{
    Signs{"grafana", {"alerts", "orgId"}},
    Signs{"alertmanager", {"alerts", ""}},
    Signs{"pagerduty", {"event_action", ""}},
    Signs{"pagerduty", {"routing_key", "payload"}},
    Signs{"azure", {"schemaId", "data"}},
    Signs{"sns", {"TopicArn", "Type"}},
    Signs{"sns", {"AlarmName", "NewStateValue"}},
    Signs{"google", {"incident", "version"}},
    Signs{"google", {"subscription", "message"}},
    Signs{"uptime_kuma", {"heartbeat", "monitor"}},
    Signs{"github", {"workflow_run", "repository"}},
    Signs{"github", {"check_run", "repository"}},
    Signs{"github", {"check_suite", "repository"}},
    Signs{"github", {"deployment_status", "repository"}},
    Signs{"newrelic", {"issueUrl", "state"}},
    Signs{"newrelic", {"current_state", "incident_id"}},
    Signs{"kubernetes", {"involvedObject", "reason"}},
    Signs{"kubernetes", {"regarding", "reason"}},
    Signs{"victorops", {"message_type", ""}},
    Signs{"datadog", {"alert_transition", ""}},
    Signs{"zabbix", {"event_id", "event_value"}},
    Signs{"nagios", {"notificationtype", "hostname"}},
    Signs{"paging", {"message", "email_text"}},
    Signs{"opsgenie", {"message", "alias"}},
    Signs{"opsgenie", {"message", "responders"}},
    Signs{"grafana", {"ruleName", "evalMatches"}},
    Signs{"sentry", {"action", "data"}},
};

/// Of several sources with the format the first.
std::string source_with(const oncall::Configuration& configuration, const std::string& format, std::string& note)
{
    std::vector<std::string> fit;
    for (const auto& [name, source] : configuration.sources)
        if (source.format == format)
            fit.push_back(name);
    if (fit.empty())
        return {};
    note = "Taken as from source " + fit.front() + ", which has that format"
        + (fit.size() > 1 ? "; `source=" + fit[1] + "` before it asks for another." : ".");
    return fit.front();
}

void check_source(const oncall::Configuration& configuration, const std::string& source)
{
    if (source.empty() || configuration.sources.contains(source))
        return;
    std::string known;
    for (const auto& [name, one] : configuration.sources)
        known += (known.empty() ? "" : ", ") + name;
    throw Refusal{"There is no source " + source + ". " + (known.empty() ? "None is configured." : "There are: " + known + ".")};
}

} // namespace

namespace {

/// Words may have braces, too.
std::size_t start_of_json(const std::string& text)
{
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const auto next = text.find_first_not_of(" \n\t", open + 1);
        if (next != text.npos && (text[next] == '"' || text[next] == '}' || text.compare(next, 3, "“") == 0))
            return open;
    }
    return text.npos;
}

} // namespace

std::string format_of(const Json& payload)
{
    if (!payload.is_object())
        return "generic";
    const auto has = [&](std::string_view field) { return field.empty() || payload.contains(std::string{field}); };
    for (const auto& one : signs)
        if (has(one.fields[0]) && has(one.fields[1]) && sources::format(one.format))
            return std::string{one.format};
    return "generic";
}

sources::Sent sent_from_text(std::string text)
{
    sources::Sent sent;
    try {
        sent.body = slack::parse(text, most_of_source);
    } catch (const slack::BadJson&) {
        // the format says whether it wants some
    }
    sent.text = std::move(text);
    return sent;
}

Supposed supposed(sources::Sent sent, const oncall::Source& source)
{
    const auto* const format = sources::format(source.format);
    if (!format)
        throw Refusal{"There is no format " + source.format + ". `/oncall source add` lists those there are."};
    if (!format->read)
        throw Refusal{
            "What a source of format " + source.format + " is sent cannot be read by itself: it is a talk of several requests."};
    if (format->wants_json && sent.body.is_null())
        throw Refusal{"That is no JSON, which a source of format " + source.format + " wants."};
    const bool is_event = source.format == "pagerduty" || (source.format == "paging" && sent.body.contains("event_action"));
    if (is_event && sent.body.is_object() && !sent.body.contains("routing_key"))
        sent.body["routing_key"] = "00000000000000000000000000000000"; // who would send it is asked otherwise
    Supposed asked;
    asked.source = source.name;
    asked.format = source.format;
    try {
        auto read = format->read(sent, source);
        asked.reports = std::move(read.reports);
        asked.changes = std::move(read.changes);
        asked.nothing = std::move(read.note);
        if (!read.confirm.empty())
            asked.nothing = "it asks to confirm a subscription, which I do by myself";
    } catch (const sources::BadPayload& problem) {
        throw Refusal{"A source of format " + source.format + " cannot read this: " + problem.what() + "."};
    }
    if (asked.reports.empty() && asked.changes.empty() && asked.nothing.empty())
        asked.nothing = "there is no alert in it";
    for (auto& report : asked.reports)
        understand_severity(report, source);
    return asked;
}

Supposed supposed(std::string text, const oncall::Configuration& configuration)
{
    text = as_typed(std::move(text));
    const auto begin = start_of_json(text);
    const auto before = text.substr(0, std::min(begin, text.size()));
    Supposed asked;
    Report words;
    if (begin == text.npos) {
        read_words(asked, words, plain_quotes(text));
        check_source(configuration, asked.source);
        if (words.title.empty() && words.labels.empty() && words.severity.empty() && words.service.empty())
            throw Refusal{usage};
        const auto its = configuration.sources.find(asked.source);
        understand_severity(words, its == configuration.sources.end() ? oncall::Source{} : its->second);
        asked.reports.push_back(std::move(words));
        return asked;
    }
    read_words(asked, words, before);
    if (!words.title.empty())
        throw Refusal{"Before the JSON I understand only `source=name`, not \"" + words.title + "\"."};
    sources::Sent sent;
    try {
        sent.text = plain_quotes(text.substr(begin));
        sent.body = slack::parse(sent.text);
    } catch (const slack::BadJson& problem) {
        throw Refusal{std::string{"That is no JSON that I can read: "} + problem.what() + ". Paste all of it, from { to }."};
    }
    check_source(configuration, asked.source);
    std::string note;
    if (asked.source.empty())
        asked.source = source_with(configuration, format_of(sent.body), note);
    oncall::Source source;
    if (const auto its = configuration.sources.find(asked.source); its != configuration.sources.end())
        source = its->second;
    else
        source.format = format_of(sent.body);
    asked = supposed(std::move(sent), source);
    asked.note = std::move(note);
    return asked;
}

} // namespace handlers
