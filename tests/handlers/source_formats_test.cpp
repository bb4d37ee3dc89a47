#include "catch.hpp"
#include "handlers/sources/datadog.hpp"
#include "handlers/sources/reading.hpp"

using handlers::Report;
using handlers::sources::Read;
using handlers::sources::Sent;

namespace {

Sent sent_as(const std::string& text, std::vector<net::Header> headers = {})
{
    Sent sent;
    sent.text = text;
    sent.headers = std::move(headers);
    try {
        sent.body = slack::parse(text);
    } catch (const slack::BadJson&) {
        sent.body = nullptr;
    }
    return sent;
}

Read read_as(std::string_view format, const Sent& sent, const oncall::Source& source = {})
{
    return handlers::sources::format(format)->read(sent, source);
}

std::string refusal_of(std::string_view format, const std::string& text)
{
    try {
        const auto read = read_as(format, sent_as(text));
        return "read: " + read.note;
    } catch (const handlers::sources::BadPayload& problem) {
        return problem.what();
    }
}

std::string failed_run(const std::string& branch)
{
    return R"({"action":"completed","repository":{"full_name":"o/r","default_branch":"main"},
        "workflow_run":{"workflow_id":1,"name":"CI","conclusion":"failure","head_branch":")"
        + branch + "\"}}";
}

} // namespace

TEST_CASE("What a tool's format cannot mean is refused with what to do", "[handlers]")
{
    struct Row {
        std::string format;
        std::string body;
        std::string words;
    };
    const Row rows[] = {
        {"alertmanager", "[]", "as Alertmanager's webhook sends it"},
        {"datadog", "[]", "Encode as form"},
        {"datadog", R"({"x":"t"})", "replace all of Payload"},
        {"datadog", std::string{handlers::sources::datadog_template}, "replace all of Payload"}, // nothing in it was expanded
        {"datadog", R"({"alert_transition":"Sideways"})", "\"sideways\" is not known"},
        {"datadog", R"({"alert_transition":"Recovered"})", "alert_cycle_key and alert_id are missing"},
        {"github", "a form?", "in the field \"payload\""},
        {"github", "payload=%7B", "JSON"},
        {"github", R"({"x":1})", "X-GitHub-Event is missing"},
        {"github", R"({"workflow_run":{}})", "repository.full_name is missing"},
        {"grafana", R"({"title":"t"})", "type Webhook"},
        {"grafana", R"({"state":"sideways"})", "state must be"},
        {"grafana", R"({"state":"ok"})", "ruleId is missing"},
        {"grafana", R"({"alerts":[{"status":"firing"}]})", "alerts[0].fingerprint is missing"},
        {"kubernetes", R"({"reason":"BackOff"})", "type is missing"},
        {"kubernetes", R"({"type":"Warning","reason":"BackOff"})", "involvedObject.name is missing"},
        {"kubernetes", R"({"type":"Warning","involvedObject":{"name":"n"}})", "reason is missing"},
        {"newrelic", R"({"id":"1"})", "\"state\": {{ json state }}"},
        {"newrelic", R"({"state":"ACTIVATED"})", "\"id\": {{ json issueId }}"},
        {"newrelic", R"({"current_state":"sideways"})", "current_state must be"},
        {"newrelic", R"({"current_state":"open"})", "incident_id is missing"},
        {"sentry", R"({"x":1})", "Sentry-Hook-Resource is missing"},
        {"sentry", R"({"data":{"event":{"title":"t"}}})", "the issue's id is missing"},
        {"sentry", R"({"action":"sideways","data":{"metric_alert":{"id":"1"}}})", "action must be"},
        {"uptime_kuma", "", "nothing was sent"},
        {"uptime_kuma", "a form?", "in the field \"data\""},
        {"uptime_kuma", R"({"heartbeat":{"status":7},"monitor":{}})", "heartbeat.status must be"},
        {"uptime_kuma", R"({"heartbeat":{"status":0},"monitor":{}})", "monitor.id is missing"},
        {"victorops", "{}", "message_type is missing"},
        {"victorops", R"({"message_type":"SIDEWAYS"})", "\"sideways\" is not known"},
        {"victorops", R"({"message_type":"RECOVERY"})", "entity_id is missing"},
    };
    for (const auto& row : rows) {
        INFO(row.format << " " << row.body);
        CHECK_THAT(refusal_of(row.format, row.body), contains(row.words));
    }
    oncall::Source by_group;
    by_group.by_group = true;
    CHECK_THROWS_AS(
        read_as("alertmanager", sent_as(R"({"status":"firing","alerts":[]})"), by_group), handlers::sources::BadPayload);
}

TEST_CASE("Two long keys never become one, and no link is cut", "[handlers]")
{
    const std::string stem(300, 'x');
    const auto key = [&](const std::string& entity) {
        return read_as("victorops", sent_as(R"({"message_type":"CRITICAL","entity_id":")" + entity + "\"}"))
            .reports.at(0)
            .dedup_key;
    };
    CHECK(key(stem + "1") != key(stem + "2"));
    CHECK(key(stem).size() <= 255);
    CHECK(key("short") == "short");

    std::vector<oncall::Link> links;
    for (const auto* bad : {"", "https://", "javascript:alert(1)", "ftp://host/"})
        handlers::sources::put_link(links, bad, "text");
    handlers::sources::put_link(links, "https://host/" + std::string(2'000, 'x'), "too long");
    CHECK(links.empty());
    handlers::sources::put_link(links, "https://host/", "Good");
    CHECK(links.size() == 1);
}

TEST_CASE("GitHub's failures are alerts on the branches a source names", "[handlers]")
{
    oncall::Source source;
    const auto alerts = [&](const std::string& branch) {
        return read_as("github", sent_as(failed_run(branch)), source).reports.size();
    };
    CHECK(alerts("main") == 1);
    CHECK(alerts("feature") == 0);
    source.branches = {"stable", "release/*"};
    CHECK(alerts("main") == 0);
    CHECK(alerts("stable") == 1);
    CHECK(alerts("stable2") == 0);
    CHECK(alerts("release/1.2") == 1);
    CHECK(alerts("releases") == 0);
}

TEST_CASE("A form of a tool says the same as its JSON", "[handlers]")
{
    const auto json = failed_run("main");
    const auto plain = read_as("github", sent_as(json)).reports.at(0);
    const auto form = read_as("github", sent_as(net::form_out({{"other", "1"}, {"payload", json}}))).reports.at(0);
    CHECK(form.dedup_key == plain.dedup_key);
    CHECK(form.title == "CI failed on main of o/r");

    const std::string monitor = R"({"heartbeat":{"status":0},"monitor":{"id":1,"name":"Shop"}})";
    const auto parts =
        "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n{\"x\":1}\r\n--b\r\nContent-Disposition: form-data; "
        "name=\"data\"\r\nContent-Type: application/json\r\n\r\n"
        + monitor + "\r\n--b--\r\n";
    CHECK(read_as("uptime_kuma", sent_as(parts)).reports.at(0).title == "Shop is down");
    CHECK(read_as("uptime_kuma", sent_as(monitor)).reports.at(0).title == "Shop is down");
    for (std::size_t most = 0; most < parts.size(); ++most) // of one that broke off nothing is made up
        CHECK_NOTHROW(refusal_of("uptime_kuma", parts.substr(0, most)));
}

TEST_CASE("A group is as bad as the worst of its alerts that fires, by the source's own words", "[handlers]")
{
    oncall::Source source;
    source.by_group = true;
    const auto severity = [&](const std::string& alerts) {
        const auto text = R"({"status":"firing","groupKey":"k","receiver":"ops","alerts":[)" + alerts + "]}";
        return read_as("alertmanager", sent_as(text), source).reports.at(0).severity;
    };
    const auto alert = [](const std::string& status, const std::string& word) {
        return R"({"status":")" + status + R"(","fingerprint":"f","labels":{"severity":")" + word + "\"}}";
    };
    CHECK(severity(alert("firing", "info") + "," + alert("firing", "warning")) == "warning");
    CHECK(severity(alert("firing", "critical") + "," + alert("firing", "info")) == "critical");
    CHECK(severity(alert("resolved", "critical") + "," + alert("firing", "info")) == "info");

    std::string many = alert("firing", "info");
    for (int i = 0; i < 24; ++i)
        many += "," + alert("firing", "info");
    const auto text = R"({"status":"firing","groupKey":"k","receiver":"ops","alerts":[)" + many + "]}";
    const auto group = read_as("alertmanager", sent_as(text), source).reports.at(0);
    CHECK(group.title == "alerts for ops (25 firing)");
    CHECK_THAT(group.description, contains("and 5 more"));
}

TEST_CASE("Datadog's template has a variable of Datadog's in each field", "[handlers]")
{
    const auto fields = slack::parse(handlers::sources::datadog_template);
    CHECK(fields.size() == 15);
    for (const auto& [name, variable] : fields.items()) {
        std::string upper = "$";
        for (const auto c : name)
            upper += static_cast<char>(c == '_' ? c : c - 'a' + 'A');
        CHECK(variable == upper);
    }
}

TEST_CASE("An event of Datadog's that mentions the webhook, without a transition, is an alert", "[handlers]")
{
    struct Row {
        std::string body;
        Report::Signal signal;
        std::string severity;
        bool may_end;
    };
    const Row rows[] = {
        {R"({"title":"t"})", Report::Signal::fire, "", false},
        {R"({"event_title":"t","alert_transition":"$ALERT_TRANSITION","alert_type":"$ALERT_TYPE"})", Report::Signal::fire, "",
            false},
        {R"({"event_title":"t","alert_type":"info"})", Report::Signal::fire, "info", false},
        {R"({"event_title":"t","alert_type":"user_update","aggreg_key":"k"})", Report::Signal::fire, "info", true},
        {R"({"event_title":"t","alert_type":"user_update","alert_priority":"P2"})", Report::Signal::fire, "p2", false},
        {R"({"event_title":"t","alert_type":"warning","aggreg_key":"k"})", Report::Signal::fire, "warn", true},
        {R"({"alert_type":"error","aggreg_key":"k"})", Report::Signal::fire, "error", true},
        {R"({"event_title":"t","alert_type":"success","aggreg_key":"k"})", Report::Signal::clear, "", true},
        {R"({"title":"[Recovered on {host:a}] t","aggreg_key":"k"})", Report::Signal::clear, "", true},
    };
    for (const auto& row : rows) {
        INFO(row.body);
        const auto report = read_as("datadog", sent_as(row.body)).reports.at(0);
        CHECK(report.signal == row.signal);
        CHECK(report.severity == row.severity);
        CHECK(report.ends.value_or(true) == row.may_end);
    }
    CHECK_THAT(refusal_of("datadog", R"({"title":"[Recovered] t"})"), contains("alert_cycle_key and alert_id are missing"));
}
