#include "fuzz/targets.hpp"

#include "config/directory_entries.hpp"
#include "config/oncall_yaml.hpp"
#include "config/source_yaml.hpp"
#include "config/utf8.hpp"
#include "feeds/calendar_in.hpp"
#include "feeds/fetch_rules.hpp"
#include "feeds/samples.hpp"
#include "fuzz/mutation.hpp"
#include "handlers/key_door.hpp"
#include "handlers/opsgenie_door.hpp"
#include "handlers/opsgenie_words.hpp"
#include "handlers/payload_files.hpp"
#include "handlers/read_promises.hpp"
#include "handlers/settings_forms.hpp"
#include "handlers/sources/opsgenie.hpp"
#include "notify/answer_token.hpp"
#include "notify/request_signature.hpp"
#include "notify/signed_token.hpp"
#include "notify/sns_signature.hpp"
#include "oncall/alert_template.hpp"
#include "oncall/condition.hpp"
#include "oncall/grammar.hpp"
#include "oncall/words.hpp"
#include "places.hpp"
#include "slack/http_door.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace fuzz {

namespace {

using payloads::Json;
using payloads::Sent;

constexpr auto now = payloads::came;
const std::string secret = "a secret of ours, long enough";

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();)
        if (!config::next_character(text, at))
            return false;
    return true;
}

std::vector<std::string> lines_of(const std::string& path, std::size_t each)
{
    std::ifstream file{ONCALL_SOURCE_DIR + ("/" + path)};
    std::vector<std::string> lines;
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#' && count++ % each == 0)
            lines.push_back(line.substr(0, line.find(" => ")));
    return lines;
}

std::string file_at(const std::string& path)
{
    std::ifstream file{ONCALL_SOURCE_DIR + ("/" + path), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// What came beside a payload stands in lines above it: "!grafana/open" for that file's source, "/rest" of the path, "?name=value"
// of the query, "name: value" of the headers.
std::string written_out(const payloads::File& file)
{
    std::string head = "!" + file.name + "\n";
    if (!file.sent.rest.empty())
        head += "/" + file.sent.rest + "\n";
    for (const auto& one : file.sent.query)
        head += "?" + one.name + "=" + one.value + "\n";
    for (const auto& one : file.sent.headers)
        head += one.name + ": " + one.value + "\n";
    return head + "\n" + file.sent.text;
}

struct Delivery {
    Sent sent{};
    oncall::Source source{};
};

Delivery delivered(std::string_view input, const std::string& format)
{
    Delivery got;
    got.source.name = got.source.format = format;
    got.sent.now = now;
    for (auto head = head_of(input); !head.empty();) {
        const auto end = std::min(head.find('\n'), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        const auto cut = std::min(line.find(line.starts_with('?') ? "=" : ": "), line.size());
        const auto value = line.substr(std::min(cut + (line.starts_with('?') ? 1 : 2), line.size()));
        if (line.starts_with('!')) {
            if (const auto* const file = payloads::find(line.substr(1)); file && file->format == format)
                got.source = file->source;
        } else if (line.starts_with('/')) {
            got.sent.rest = line.substr(1);
        } else if (line.starts_with('?')) {
            got.sent.query.push_back({std::string{line.substr(1, std::max<std::size_t>(cut, 1) - 1)}, std::string{value}});
        } else if (!line.empty()) {
            got.sent.headers.push_back({std::string{line.substr(0, cut)}, std::string{value}});
        }
    }
    payloads::set_text(got.sent, std::string{body_of(input)});
    return got;
}

std::string what_is_read(const handlers::sources::Format& format, const Delivery& got)
{
    try {
        return payloads::written(format.read(got.sent, got.source)).dump(-1, ' ', false, Json::error_handler_t::replace);
    } catch (const handlers::sources::BadPayload& refusal) {
        return refusal.what();
    }
}

std::string read_format(const handlers::sources::Format& format, std::string_view input)
{
    const auto got = delivered(input, std::string{format.name});
    if (format.wants_json && got.sent.body.is_null())
        return {}; // the gate has sent it back
    const auto wrong = payloads::wrong_with(format, got.sent, got.source);
    if (!wrong.empty())
        return wrong.front();
    return what_is_read(format, got) == what_is_read(format, got) ? "" : "it is read otherwise a second time";
}

/// The gate for JSON.
std::string json(std::string_view input)
{
    try {
        const auto value = slack::parse(input, 512 << 10);
        return slack::parse(value.dump()) == value ? "" : "what is written of it is read otherwise";
    } catch (const slack::BadJson& problem) {
        const std::string_view words{problem.what()};
        return words.empty() || !is_utf8(words) ? "it is refused without words" : "";
    }
}

const oncall::Configuration& sample()
{
    static const auto parsed = config::parse(file_at("manifest/oncall.yaml"), [](const std::string&) { return std::nullopt; });
    return parsed.configuration;
}

/// What is written to the bot, also in passing in a channel.
std::string command(std::string_view input)
{
    static const oncall::Vocabulary vocabulary{sample(),
        {{"UANA", "Ana Weber", "ana"}, {"UBO", "Bo Lind", "bo"}, {"UKIM1", "Kim Lee", "kim.lee"},
            {"UKIM2", "Kim Ray", "kim.ray"}},
        {{oncall::AlertId{7}, "Checkout is down"}, {oncall::AlertId{9}, "Disk"}}};
    for (const bool forms : {true, false}) {
        oncall::Speaker speaker{"UANA", "Europe/Berlin", now};
        speaker.has_forms = forms;
        speaker.in_passing = !forms;
        const auto heard = oncall::understand(input, speaker, vocabulary);
        if (!heard.verb.empty() && !oncall::command_verb(heard.verb))
            return "a verb that there is not: " + heard.verb;
        if (heard.readings.size() > oncall::most_readings)
            return "too many readings";
        for (const auto& one : heard.readings)
            if (one.command.empty() || one.label.empty() || one.command.size() > oncall::most_command_bytes)
                return "a reading that no button can carry";
        if (oncall::understand(input, speaker, vocabulary).verb != heard.verb)
            return "it is understood otherwise a second time";
    }
    return {};
}

/// A calendar at somebody's address.
std::string calendar(std::string_view input)
{
    feeds::CalendarLimits limits;
    limits.events = 200;
    limits.occurrences = 500;
    const auto from = now - std::chrono::hours{24 * 30}, to = now + std::chrono::hours{24 * 60};
    const auto read = feeds::calendar_in(input, from, to, limits);
    if (read.events.size() > limits.occurrences)
        return "more occurrences than its limit";
    if (!is_utf8(read.problem))
        return "its words are no UTF-8";
    return {};
}

/// oncall.yaml, as a file and in Slack's forms.
std::string configuration(std::string_view input)
{
    const auto read =
        config::parse(input, [](const std::string& name) { return std::optional<std::string>{"value of " + name}; });
    for (const auto& problem : read.problems)
        if (problem.what.empty() || problem.line < 0 || problem.column < 0)
            return "a problem without words or place";
    return {};
}

/// What directories of services say, in each format.
std::string directory(std::string_view input)
{
    std::vector<oncall::DirectoryRead> all{config::directory_in_yaml(input), config::directory_in_csv(input),
        config::directory_in_backstage(input), oncall::checked(config::directory_in_harness(input, 0).read)};
    for (const auto& read : all) {
        if (!is_utf8(read.problem))
            return "its words are no UTF-8";
        if (!read.problem.empty())
            continue;
        if (read.entries.size() > oncall::most_services)
            return "more services than its limit";
        for (const auto& entry : read.entries)
            if (entry.name.empty() || entry.name.size() > 400 || !is_utf8(entry.name) || !is_utf8(entry.description))
                return "a service without a name that can be shown";
        for (const auto& mistake : read.mistakes)
            if (mistake.what.empty() || mistake.line < 0)
                return "a mistake without words or place";
    }
    return {};
}

notify::Answer one_answer()
{
    notify::Answer answer;
    answer.notification = 12;
    answer.alert = {7};
    answer.verb = oncall::Verb::acknowledge;
    answer.person = "UANA";
    return answer;
}

/// The links' tokens: nobody makes one that says what ours does not.
std::string token(std::string_view input)
{
    static const auto ours = notify::claims_in(secret, notify::issue(secret, one_answer(), now));
    const auto claims = notify::claims_in(secret, input);
    if (claims && (!ours || *claims != *ours))
        return "a token that nobody signed";
    const auto read = notify::read(secret, input, now);
    if (const auto* const answer = std::get_if<notify::Answer>(&read);
        answer && (answer->person != "UANA" || answer->alert.value != 7))
        return "an answer that nobody signed";
    return {};
}

/// Requests that are signed by HMAC: "timestamp\nsignature\nbody". Slack's, and those of sources.
std::string signature(std::string_view input)
{
    const auto first = std::min(input.find('\n'), input.size());
    const auto second = std::min(input.find('\n', std::min(first + 1, input.size())), input.size());
    const auto stamp = input.substr(0, first), body = input.substr(std::min(second + 1, input.size()));
    const auto signed_by = first < second ? input.substr(first + 1, second - first - 1) : std::string_view{};
    const auto ours = "v0=" + notify::hex(notify::hmac(secret, "v0:" + std::string{stamp} + ":" + std::string{body}));
    if (slack::is_signed(secret, stamp, body, signed_by, now) && signed_by != ours)
        return "a signature that is not ours";
    const auto said = oncall::lower(signed_by);
    const auto by = [&](const std::string& key) { return said.find(notify::hex(notify::hmac(key, body))) != said.npos; };
    if (notify::is_signed({secret, "another"}, body, signed_by, "sha256=") && !by(secret) && !by("another"))
        return "a signature that is not the sender's";
    (void)notify::is_recent(stamp, now);
    return {};
}

/// What SNS signs, and the addresses in it that we would call.
std::string sns(std::string_view input)
{
    const std::string written{input};
    if (notify::sns_certificate_problem(written, now).empty())
        return "a certificate of SNS that nobody made";
    const bool is_called = notify::is_sns_certificate_url(written) || notify::is_sns_subscribe_url(written);
    const auto host = written.substr(0, written.find('/', 8));
    if (is_called && (!host.starts_with("https://sns.") || host.find_first_of("@\\:?# \n%", 8) != host.npos))
        return "an address that is none of SNS";
    try {
        const auto message = slack::parse(input);
        if (notify::is_signed_by_sns(message, written))
            return "a message that SNS did not sign";
        (void)notify::sns_signed_text(message);
    } catch (const slack::BadJson&) {
    }
    return {};
}

/// Addresses of calendars that people write: none of them is on our side of the wall.
std::string address(std::string_view input)
{
    const std::string written{input};
    const auto problem = feeds::address_problem(written);
    if (!is_utf8(problem) && is_utf8(written))
        return "its words are no UTF-8";
    for (const auto* const inside : {"https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "file://", "gopher://"})
        if (problem.empty() && written.starts_with(inside))
            return "an address inside: " + written;
    return {};
}

/// Forms and percent signs.
std::string form(std::string_view input)
{
    const auto fields = net::form_in(input);
    if (!fields)
        return {};
    const auto again = net::form_in(net::form_out(*fields));
    const auto same = [](const net::Header& one, const net::Header& other) {
        return one.name == other.name && one.value == other.value;
    };
    return again && std::equal(again->begin(), again->end(), fields->begin(), fields->end(), same)
        ? ""
        : "what is written of it is read otherwise";
}

/// Opsgenie's API: "POST /v2/alerts/x/close?identifierType=alias" above what is sent.
std::string opsgenie_api(std::string_view input)
{
    namespace sources = handlers::sources;
    const auto line = head_of(input).substr(0, head_of(input).find('\n'));
    const auto blank = std::min(line.find(' '), line.size());
    const auto target = line.substr(std::min(blank + 1, line.size()));
    const auto mark = std::min(target.find('?'), target.size());
    const auto query = net::form_in(target.substr(std::min(mark + 1, target.size()))).value_or(std::vector<net::Header>{});
    Sent sent;
    payloads::set_text(sent, std::string{body_of(input)});
    const auto call = sources::opsgenie_call(line.substr(0, blank), target.substr(0, mark), query);
    const auto again = sources::opsgenie_call(line.substr(0, blank), target.substr(0, mark), query);
    if (call.verb != again.verb || call.identifier != again.identifier)
        return "a call that is understood otherwise a second time";
    for (const auto& [field, wrong] : sources::opsgenie_errors(call.verb, sent.body, now))
        if (field.empty() || wrong.empty())
            return "an error without a field or words";
    (void)handlers::opsgenie_query(net::header(query, "query"));
    (void)handlers::opsgenie_id_in(call.identifier);
    oncall::Heartbeat heartbeat;
    if (handlers::fill_heartbeat(heartbeat, sent.body, true).empty()
        && !oncall::heartbeat_interval(heartbeat.every, heartbeat.unit))
        return "a heartbeat that nobody can watch";
    auto alert = sources::opsgenie_alert(sent.body);
    if (!alert.errors.empty())
        return {};
    payloads::Read read;
    read.reports.push_back(std::move(alert.report));
    const auto wrong = payloads::wrong_in(read, "opsgenie");
    return wrong.empty() ? "" : wrong.front();
}

/// Keys in a header, as clients and proxies write them.
std::string key_in_header(std::string_view input)
{
    net::Request request;
    request.peer = "127.0.0.1";
    request.headers = {{"Authorization", std::string{input}}, {"X-Forwarded-For", std::string{input}}};
    if (handlers::key_in_headers(request.headers).size() > input.size())
        return "a key that is longer than what was sent";
    return handlers::who_sends(request).size() > 64 ? "a sender of any length" : "";
}

/// A rule's condition as somebody writes it, and below it the title of an alert, which serves as a template as well.
std::string ruled_alert(std::string_view input)
{
    const auto read = handlers::condition_in(std::string{head_of(input)});
    oncall::AlertFields fields;
    fields.title = std::string{body_of(input)};
    fields.labels["x"] = fields.title;
    fields.at = now;
    if (oncall::expanded(fields.title, fields).size() > oncall::most_expanded)
        return "a title of any length";
    if (oncall::why_no_alert_template(fields.title).empty() && fields.title.size() > oncall::most_alert_template)
        return "a template of any length";
    if (!read.condition)
        return read.error.empty() ? "a refusal without words" : "";
    if (oncall::count_of(*read.condition) > oncall::most_conditions)
        return "a condition of any size";
    const bool holds = oncall::matches(*read.condition, fields);
    return holds == oncall::matches(*read.condition, fields) ? "" : "a condition that holds now and then";
}

/// A source's settings as somebody writes them, and below them what is sent to it.
std::string mapped_payload(std::string_view input)
{
    oncall::Source source;
    source.name = source.format = "generic";
    const auto parsed = config::parse_further(head_of(input), source);
    for (const auto& problem : parsed.problems)
        if (problem.what.empty())
            return "a problem without words";
    Sent sent;
    sent.now = now;
    payloads::set_text(sent, std::string{body_of(input)});
    if (!parsed.problems.empty() || sent.body.is_null())
        return {};
    const auto wrong = payloads::wrong_with(*handlers::sources::format("generic"), sent, parsed.source);
    return wrong.empty() ? "" : wrong.front();
}

/// What is mapped in the payload files, with the mapping above it.
std::vector<std::string> mapped_seeds()
{
    std::vector<std::string> seeds;
    for (const auto& file : payloads::all())
        if (file.format == "generic" && !file.source.mapping.fields.empty())
            seeds.push_back(config::further_yaml(file.source) + "\n\n" + file.sent.text);
    return seeds;
}

std::vector<std::string> signature_seeds()
{
    const std::string stamp = "1793707200", body = R"({"title":"t"})";
    return {stamp + "\nv0=" + notify::hex(notify::hmac(secret, "v0:" + stamp + ":" + body)) + "\n" + body,
        stamp + "\nsha256=" + notify::hex(notify::hmac(secret, body)) + "\n" + body,
        stamp + "\nsha256=00,sha256=" + notify::hex(notify::hmac("another", body)) + "\n" + body};
}

std::vector<Target> made()
{
    std::vector<Target> all;
    for (const auto& format : handlers::sources::formats()) {
        Target target{
            "format-" + std::string{format.name}, [&format](std::string_view input) { return read_format(format, input); }, {}};
        for (const auto& file : payloads::all())
            if (file.format == format.name)
                target.seeds.push_back(written_out(file));
        all.push_back(std::move(target));
    }
    std::vector<std::string> texts;
    for (const auto& file : payloads::all())
        if (file.state == "open")
            texts.push_back(file.sent.text);
    auto said = lines_of("tests/oncall/sentences.txt", 8);
    const auto harmless = lines_of("tests/oncall/must_not_act.txt", 8);
    said.insert(said.end(), harmless.begin(), harmless.end());
    all.push_back({"json", &json, std::move(texts)});
    all.push_back({"command", &command, std::move(said)});
    all.push_back(
        {"calendar", &calendar, {samples::google, samples::google_holidays, samples::outlook("W. Europe Standard Time", true)}});
    all.push_back(
        {"configuration", &configuration, {file_at("manifest/oncall.yaml"), file_at("tests/config/sample_export.yaml")}});
    all.push_back({"directory", &directory,
        {file_at("tests/config/directories/services.yaml"), file_at("tests/config/directories/services.csv"),
            file_at("tests/config/directories/backstage_catalog.yaml"),
            file_at("tests/config/directories/harness_page_0.json")}});
    all.push_back({"token", &token, {notify::issue(secret, one_answer(), now)}});
    all.push_back({"signature", &signature, signature_seeds()});
    const auto* const from_sns = payloads::find("sns/open");
    all.push_back({"sns", &sns,
        {from_sns ? from_sns->sent.text : "{}",
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
            "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:a&Token=23"}});
    all.push_back({"address", &address,
        {"https://calendar.google.com/calendar/ical/x/basic.ics", "webcal://p12-caldav.icloud.com/published/2/x",
            "https://127.0.0.1/x", "https://user@[::1]:8443/a?b=c#d"}});
    all.push_back({"opsgenie-api", &opsgenie_api,
        {"POST /v2/alerts\n\n{\"message\":\"The disk is full\",\"alias\":\"disk\",\"priority\":\"P1\",\"tags\":[\"db\"]}",
            "POST /v2/alerts/disk%20full/snooze?identifierType=alias\n\n{\"endTime\":\"2026-11-03T13:00:00Z\",\"user\":\"me\"}",
            "GET /v2/alerts?query=status%3Aopen%20AND%20alias%3A%22disk%20full%22&limit=5\n\n",
            "POST /v2/alerts/00000000-0000-4000-8000-000000000001/details\n\n{\"details\":{\"a\":\"b\"}}",
            "POST /v2/heartbeats\n\n{\"name\":\"backup\",\"interval\":10,\"intervalUnit\":\"minutes\",\"alertPriority\":\"P1\"}",
            "DELETE /v2/alerts/1?identifierType=tiny\n\n"}});
    all.push_back(
        {"key", &key_in_header, {"GenieKey 0123456789abcdef", "Bearer abc", "Basic dXNlcjpwYXNz", "198.51.100.1, 203.0.113.9"}});
    all.push_back({"mapping", &mapped_payload, mapped_seeds()});
    all.push_back({"rule", &ruled_alert,
        {"{field: title, matches: '(?i)^disk.*(a+)+$'}\n\nDisk {{labels.x}} aaaaaaaa",
            "all: [{field: labels.x, in: [a, b]}, {not: {field: severity, less: error}}]\n\n{{title}}",
            "any:\n- {field: labels.x, greater: 9.5e1}\n- {during: {time_zone: Europe/Berlin, windows: [{from: \"09:00\", to: "
            "\"17:00\"}]}}\n\n97%",
            "severity = critical\nlabels.env = live\n\nx"}});
    all.push_back({"form", &form, {"data=%7B%22a%22%3A1%7D&x=1+2", "payload=%F0%9F%98%80&empty=&a=b=c"}});
    return all;
}

} // namespace

const std::vector<Target>& targets()
{
    static const auto all = made();
    return all;
}

} // namespace fuzz
