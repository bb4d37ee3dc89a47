#include "catch.hpp"
#include "doors/program.hpp"
#include "handlers/sources/report_fields.hpp"
#include "peer_missing.hpp"
#include "places.hpp"

#include <yaml-cpp/yaml.h>

#include <filesystem>

using namespace handlers;
using namespace handlers::sources;
using namespace std::chrono_literals;

namespace {

Sent cloud_sent(const std::string& text)
{
    Sent sent;
    sent.text = text;
    try {
        sent.body = slack::parse(text);
    } catch (const slack::BadJson&) { // a form, a text
    }
    return sent;
}

std::string why_unread(std::string_view name, const std::string& text)
{
    try {
        format(name)->read(cloud_sent(text), oncall::Source{});
    } catch (const BadPayload& problem) {
        return problem.what();
    }
    return "accepted";
}

} // namespace

TEST_CASE("What clouds and monitors cannot mean is refused with what to do", "[handlers]")
{
    struct Row {
        std::string_view format;
        std::string text;
        std::string words;
    };
    const Row rows[] = {
        {"google", "[]", "incident is missing"},
        {"google", R"({"incident":{"incident_id":"1"}})", "incident.state must be"},
        {"google", R"({"incident":{"state":"open"}})", "incident.incident_id is missing"},
        {"google", R"({"message":{"data":"?"}})", "no base64"},
        {"google", R"({"message":{"data":"e30"}})", "incident is missing"},
        {"google", R"({"message":{"data":"aGVsbG8="}})", "no incident of Cloud Monitoring"},
        {"azure", R"({"status":"Activated","context":{}})", "Enable the common alert schema"},
        {"azure", R"({"data":{"essentials":{"alertId":"1"}}})", "monitorCondition must be"},
        {"azure", R"({"data":{"essentials":{"monitorCondition":"Fired"}}})", "alertId is missing"},
        {"zabbix", "{}", "zabbix_media_type.yaml"},
        {"zabbix", R"({"event_id":"1","event_value":"2"})", "{EVENT.VALUE}"},
        {"nagios", "", "notificationtype is missing"},
        {"nagios", "notificationtype=%zz", "nagios-oncall"},
        {"nagios", "notificationtype=PROBLEM", "hostname is missing"},
        {"nagios", "notificationtype=NEWS&hostname=h", "\"news\" is not known"},
        {"sns", "", "the body is empty"},
        {"sns", R"({"Type":"News","TopicArn":"t","Message":"m"})", "\"News\" is not known"},
        {"sns", R"({"AlarmName":"a","NewStateValue":"MAYBE"})", "NewStateValue must be"},
        {"sns", R"({"Type":"SubscriptionConfirmation","TopicArn":"t","Message":"m","SubscribeURL":"https://169.254.169.254/"})",
            "does not lead to Amazon SNS"},
        {"pagerduty", R"({"payload":{"summary":" "}})", "'payload.summary' is missing or blank"},
        {"pagerduty", R"({"event_type":"trigger"})", "'description' is missing or blank"},
        {"pagerduty", R"({"event_type":"explode","incident_key":"k"})", "event_type is invalid"},
        {"pagerduty", R"({"event_type":"resolve"})", "'incident_key' is missing or blank"},
        {"paging", "{}", "'message' is missing or blank"},
    };
    for (const auto& row : rows) {
        INFO(row.format << " " << row.text);
        CHECK_THAT(why_unread(row.format, row.text), contains(row.words));
    }
}

TEST_CASE("A key that is too long is hashed, and no two become one", "[handlers]")
{
    const std::string common(300, 'k');
    CHECK(whole_key("p:", "short") == "p:short");
    CHECK(whole_key("", std::string(255, 'k')).size() == 255);
    CHECK(whole_key("p:", common + "1").size() <= 255);
    CHECK(whole_key("p:", common + "1").starts_with("p:sha256:"));
    CHECK(whole_key("p:", common + "1") != whole_key("p:", common + "2"));
}

TEST_CASE("Names of blanks alone leave nothing without a title", "[handlers]")
{
    const auto title = [](std::string_view name, const std::string& text) {
        return format(name)->read(cloud_sent(text), oncall::Source{}).reports.at(0).title;
    };
    CHECK(title("google", R"({"incident":{"incident_id":"1","state":"open","policy_name":"  "}})")
        == "an incident of Google Cloud Monitoring");
    CHECK(title("azure", R"({"data":{"essentials":{"alertId":"1","monitorCondition":"Fired","alertRule":" "}}})")
        == "an alert of Azure Monitor");
    CHECK(title("zabbix", R"({"event_id":"1","event_value":"1","event_name":"{EVENT.NAME}"})") == "a problem in Zabbix");
    CHECK(title("sns", R"({"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:1:t","Message":" ","Subject":" "})")
        == "a message of topic t");
    CHECK(title("sns", "  \n  the disk is full\nmore") == "the disk is full");
}

TEST_CASE("A change is told twice when it is of the same moment, and may happen twice without one", "[handlers]")
{
    const auto key = [](const std::string& payload) {
        return pagerduty_change(slack::parse(R"({"routing_key":"k","payload":)" + payload + "}")).change.dedup_key;
    };
    const std::string at = R"({"summary":"s","timestamp":"2020-07-17T08:42:58Z"})";
    CHECK(key(at) == key(at));
    CHECK(key(at) != key(R"({"summary":"s","timestamp":"2020-07-17T08:42:59Z"})"));
    CHECK(key(R"({"summary":"s"})").empty());
    CHECK(pagerduty_change(slack::parse("[]")).problems.size() == 1);
    CHECK(pagerduty_change(slack::parse(R"({"payload":{"summary":")" + std::string(1'025, 'x') + "\"}}")).problems
        == std::vector<std::string>{"'payload.summary' is too long (maximum is 1024 characters)"});
}

TEST_CASE("The media type for Zabbix sends what its format reads", "[handlers][manifest]")
{
    const auto file = YAML::LoadFile(std::string{ONCALL_SOURCE_DIR} + "/manifest/sources/zabbix_media_type.yaml");
    const auto type = file["zabbix_export"]["media_types"][0];
    CHECK(file["zabbix_export"]["version"].as<std::string>() == "6.0");
    CHECK(type["type"].as<std::string>() == "WEBHOOK");
    // As Zabbix does: each parameter with its macros expanded, as one JSON object in `value`.
    const std::map<std::string, std::string> expanded{{"{EVENT.ID}", "4711"}, {"{EVENT.NAME}", "High load"},
        {"{EVENT.VALUE}", "1"}, {"{EVENT.SOURCE}", "0"}, {"{EVENT.NSEVERITY}", "5"}, {"{EVENT.UPDATE.STATUS}", "0"},
        {"{HOST.NAME}", "web01"}, {"{EVENT.TAGSJSON}", R"([{"tag":"service","value":"checkout"}])"}, {"{TRIGGER.ID}", "7"},
        {"{$ZABBIX.URL}", "https://zabbix.example.com"}};
    slack::Json parameters;
    for (const auto& one : type["parameters"]) {
        const auto value = one["value"].as<std::string>();
        const auto found = expanded.find(value);
        parameters[one["name"].as<std::string>()] = found == expanded.end() ? value : found->second;
    }
    const auto url = parameters["url"].get<std::string>();
    const auto script = "const value = process.argv[1]; let status = 202; const Zabbix = {log() {}};"
                        "function HttpRequest() { return {addHeader() {}, setProxy() {}, getStatus: () => status,"
                        "post(url, body) { process.stdout.write(url + '\\n' + body + '\\n'); return 'x'; }}; }"
                        "function run() {"
        + type["script"].as<std::string>()
        + "} run(); status = 503; try { run(); } catch (e) { process.stdout.write(String(e)); }";
    doors::ProgramLimits limits;
    limits.time = 60s;
    limits.memory = std::size_t{64} << 30; // Node asks for far more than it uses
    const auto ran = doors::run_program({"node", "-e", script, parameters.dump()}, "", limits);
    if (ran.how == doors::Ended::How::not_found)
        return peer_missing("there is no node: what the script sends was not looked at");
    INFO(ran.output << ran.errors);
    REQUIRE(ran.status == 0);
    const auto line = ran.output.find('\n');
    REQUIRE(line != ran.output.npos);
    CHECK(ran.output.substr(0, line) == url);
    CHECK_THAT(ran.output, contains("oncall-bot: status 503"));
    const auto body = ran.output.substr(line + 1, ran.output.find('\n', line + 1) - line - 1);
    CHECK_FALSE(has(body, url)); // the key is in it
    const auto report = zabbix(cloud_sent(body), oncall::Source{}).reports.at(0);
    CHECK(report.signal == Report::Signal::fire);
    CHECK(report.dedup_key == "4711");
    CHECK(report.title == "High load on web01");
    CHECK(report.severity == "disaster");
    CHECK(report.service == "checkout");
    CHECK(report.links.at(0).href == "https://zabbix.example.com/tr_events.php?triggerid=7&eventid=4711");
}
