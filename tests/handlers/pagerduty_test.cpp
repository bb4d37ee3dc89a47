#include "catch.hpp"
#include "handlers/sources/sources.hpp"
#include "handlers/window.hpp"

#include <algorithm>

using namespace handlers;
using namespace handlers::sources;
using namespace std::chrono_literals;
using Problems = std::vector<std::string>;

namespace {

Event event_in(const std::string& text) { return pagerduty(slack::parse(text)); }

/// A trigger with nothing but what it must have, and `more` in its payload.
std::string trigger(const std::string& more = "", const std::string& beside = "")
{
    return R"j({"routing_key":"k","event_action":"trigger","payload":{"summary":"s","source":"h","severity":"error")j" + more
        + "}" + beside + "}";
}

} // namespace

TEST_CASE("What the real Alertmanager sends to PagerDuty becomes a report", "[handlers]")
{
    // Recorded: Alertmanager 0.25.0, pagerduty_configs with severity, component, an image and a link.
    const auto fired = event_in(
        R"j({"routing_key":"demo-pagerduty-key","dedup_key":"c2aecb5aef403bda365b185720f4c3034955bffdb3b73d5536719b3f877a6521",)j"
        R"j("event_action":"trigger","payload":{"summary":"[FIRING:1] CheckoutDown (checkout critical)","source":"Alertmanager",)j"
        R"j("severity":"critical","component":"checkout","custom_details":{"firing":"Labels:\n - alertname = CheckoutDown\n)j"
        R"j( - service = checkout\n - severity = critical\nAnnotations:\n - summary = Checkout is down in eu-1\n)j"
        R"j(Source: http://prometheus.example.com/graph?g0.expr=up\n","num_firing":"1","num_resolved":"0","resolved":""}},)j"
        R"j("client":"Alertmanager","client_url":"http://vm:19112/#/alerts?receiver=oncall",)j"
        R"j("images":[{"src":"https://grafana.example.com/render.png","alt":"Graph","href":"https://grafana.example.com/d/1"}],)j"
        R"j("links":[{"href":"https://wiki.example.com/checkout","text":"Runbook"}]})j");
    CHECK(fired.problems == Problems{});
    CHECK(fired.routing_key == "demo-pagerduty-key");
    const auto& report = fired.report;
    CHECK(report.signal == Report::Signal::fire);
    CHECK(report.dedup_key == "c2aecb5aef403bda365b185720f4c3034955bffdb3b73d5536719b3f877a6521");
    CHECK(report.title == "[FIRING:1] CheckoutDown (checkout critical)");
    CHECK(report.severity == "critical");
    CHECK(report.service.empty());
    CHECK(report.labels
        == std::map<std::string, std::string>{
            {"source", "Alertmanager"}, {"component", "checkout"}, {"num_firing", "1"}, {"num_resolved", "0"}});
    CHECK(report.description.starts_with("firing:\nLabels:\n - alertname = CheckoutDown\n"));
    CHECK(has(report.description, "Checkout is down in eu-1"));
    CHECK_FALSE(has(report.description, "resolved"));
    REQUIRE(report.links.size() == 3);
    CHECK(report.links[0].href == "https://wiki.example.com/checkout");
    CHECK(report.links[0].text == "Runbook");
    CHECK(report.links[1].href == "https://grafana.example.com/d/1");
    CHECK(report.links[1].text == "Graph");
    CHECK(report.links[2].href == "http://vm:19112/#/alerts?receiver=oncall");
    CHECK(report.links[2].text == "Alertmanager");

    const auto over = event_in(
        R"j({"routing_key":"demo-pagerduty-key","dedup_key":"c2aecb5aef403bda365b185720f4c3034955bffdb3b73d5536719b3f877a6521",)j"
        R"j("event_action":"resolve","payload":{"summary":"[RESOLVED] CheckoutDown (checkout critical)","source":"Alertmanager",)j"
        R"j("severity":"critical","component":"checkout","custom_details":{"firing":"","num_firing":"0"}},"client":"Alertmanager"})j");
    CHECK(over.problems == Problems{});
    CHECK(over.report.signal == Report::Signal::clear);
    CHECK(over.report.dedup_key == report.dedup_key);
}

TEST_CASE("Grafana's PagerDuty contact point is understood", "[handlers]")
{
    const auto event = event_in(
        R"j({"routing_key":"abcdefgh0123456789","dedup_key":"6e3538104c14b583da237e9693b76debbc17f0f8058ef20492e5853096cf8733",)j"
        R"j("event_action":"trigger","payload":{"source":"grafana-1","summary":"[FIRING:1]  (val1)","severity":"critical",)j"
        R"j("class":"default","component":"Grafana","group":"default","custom_details":{"firing":"\nValue: [no value]\nLabels:\n)j"
        R"j( - alertname = alert1\n - lbl1 = val1\nAnnotations:\n - ann1 = annv1\nDashboard: http://localhost/d/abcd\n",)j"
        R"j("num_firing":"1","num_resolved":"0","resolved":""}},"links":[{"href":"http://localhost","text":"External URL"}],)j"
        R"j("client":"Grafana","client_url":"http://localhost"})j");
    CHECK(event.problems == Problems{});
    CHECK(event.report.title == "[FIRING:1]  (val1)");
    CHECK(event.report.labels.at("component") == "Grafana");
    CHECK(event.report.labels.at("group") == "default");
    CHECK(event.report.labels.at("class") == "default");
    CHECK(event.report.labels.at("source") == "grafana-1");
    CHECK(has(event.report.description, "Dashboard: http://localhost/d/abcd"));
    CHECK(event.report.links.size() == 2);
}

TEST_CASE("Uptime Kuma goes down and up", "[handlers]")
{
    const auto down =
        event_in(R"j({"payload":{"summary":"[Uptime Kuma Monitor 🔴 Down] [Shop] connect ECONNREFUSED 10.0.0.7:443",)j"
                 R"j("severity":"critical","source":"https://shop.example.com"},"routing_key":"k",)j"
                 R"j("event_action":"trigger","dedup_key":"Uptime Kuma/7"})j");
    CHECK(down.problems == Problems{});
    CHECK(down.report.title == "[Uptime Kuma Monitor 🔴 Down] [Shop] connect ECONNREFUSED 10.0.0.7:443");
    CHECK(down.report.labels.at("source") == "https://shop.example.com");
    const auto up = event_in(R"j({"payload":{"summary":"[Uptime Kuma Monitor ✅ Up] [Shop] 200 - OK","severity":"critical",)j"
                             R"j("source":"https://shop.example.com"},"routing_key":"k","event_action":"resolve",)j"
                             R"j("dedup_key":"Uptime Kuma/7"})j");
    CHECK(up.problems == Problems{});
    CHECK(up.report.signal == Report::Signal::clear);
    CHECK(up.report.dedup_key == down.report.dedup_key);
    // Its test button sends a warning of a monitor that has neither id nor name.
    const auto test = event_in(R"j({"payload":{"summary":"[Uptime Kuma Alert] [undefined] Test","severity":"warning",)j"
                               R"j("source":"Uptime Kuma Test Button"},"routing_key":"k","event_action":"trigger",)j"
                               R"j("dedup_key":"Uptime Kuma/undefined"})j");
    CHECK(test.problems == Problems{});
}

TEST_CASE("PagerDuty's own example is understood", "[handlers]")
{
    const auto event = event_in(
        R"j({"payload":{"summary":"Example alert on host1.example.com","timestamp":"2015-07-17T08:42:58.315+0000",)j"
        R"j("source":"monitoringtool:cloudvendor:central-region-dc-01:852559987:cluster/api-stats-prod-003","severity":"info",)j"
        R"j("component":"postgres","group":"prod-datapipe","class":"deploy","custom_details":{"ping time":"1500ms","load avg":0.75}},)j"
        R"j("routing_key":"samplekeyhere","dedup_key":"samplekeyhere","images":[{"src":"https://www.pagerduty.com/logo.png",)j"
        R"j("href":"https://example.com/","alt":"Example text"}],"links":[{"href":"https://example.com/","text":"Link text"}],)j"
        R"j("event_action":"trigger","client":"Sample Monitoring Service","client_url":"https://monitoring.example.com"})j");
    CHECK(event.problems == Problems{});
    CHECK(event.report.labels.at("timestamp") == "2015-07-17T08:42:58+00:00");
    CHECK(event.report.labels.at("ping time") == "1500ms");
    CHECK(event.report.labels.at("load avg") == "0.75");
    CHECK(event.report.labels.at("class") == "deploy");
    CHECK(event.report.description.empty());
}

TEST_CASE("A timestamp is read in each notation, and one that is none costs nobody a page", "[handlers]")
{
    const auto stamp = [](const std::string& text) {
        const auto event = event_in(trigger(R"j(,"timestamp":")j" + text + "\""));
        CHECK(event.problems == Problems{});
        return event.report.labels.at("timestamp");
    };
    CHECK(stamp("2015-07-17T08:42:58.315+0200") == "2015-07-17T06:42:58+00:00");
    CHECK(stamp("2015-07-17T08:42:58.315+02:00") == "2015-07-17T06:42:58+00:00");
    CHECK(stamp("2015-07-17T08:42:58-05") == "2015-07-17T13:42:58+00:00");
    CHECK(stamp("2015-07-17T08:42:58Z") == "2015-07-17T08:42:58+00:00");
    CHECK(stamp("2015-07-17 08:42") == "2015-07-17T08:42:00+00:00");
    CHECK(stamp("2026-02-30T08:00:00Z") == "2026-02-30T08:00:00Z");
    CHECK(stamp("2015-07-17T08:42:58+25:00") == "2015-07-17T08:42:58+25:00");
    CHECK(stamp("2015-07-17T08:42:58.") == "2015-07-17T08:42:58+00:00");
    CHECK(stamp("yesterday") == "yesterday");
}

TEST_CASE("Every reason why an event is none is given at once", "[handlers]")
{
    CHECK(event_in("{}").problems == Problems{"'event_action' is missing or blank"});
    CHECK(event_in("[1]").problems == Problems{"the event is not a JSON object"});
    CHECK(event_in(R"j({"event_action":"page","dedup_key":"k"})j").problems
        == Problems{"'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"});
    CHECK(event_in(R"j({"event_action":"trigger"})j").problems
        == Problems{"'payload.summary' is missing or blank", "'payload.source' is missing or blank",
            "'payload.severity' is missing or blank"});
    CHECK(event_in(R"j({"event_action":"trigger","payload":"down"})j").problems.front() == "'payload' is not an object");
    CHECK(
        event_in(R"j({"event_action":"trigger","dedup_key":["k"],"payload":{"summary":" ","source":null,"severity":"Critical",)j"
                 R"j("group":{}}})j")
            .problems
        == Problems{"'dedup_key' is not a string", "'payload.summary' is missing or blank",
            "'payload.source' is missing or blank",
            "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
            "'payload.group' is not a string"});
    CHECK(event_in(R"j({"event_action":"acknowledge"})j").problems == Problems{"'dedup_key' is missing or blank"});
    CHECK(event_in(R"j({"event_action":"resolve","dedup_key":""})j").problems == Problems{"'dedup_key' is missing or blank"});
    // What is not needed is not judged.
    CHECK(event_in(R"j({"event_action":"resolve","dedup_key":"k","payload":{"severity":"none"}})j").problems == Problems{});
}

TEST_CASE("Lengths are counted in characters, and what is too long is refused as PagerDuty refuses it", "[handlers]")
{
    const auto summary = [](std::size_t count) {
        std::string text;
        while (count-- > 0)
            text += "ü";
        return event_in(R"j({"event_action":"trigger","payload":{"source":"h","severity":"info","summary":")j" + text + "\"}}");
    };
    const auto longest = summary(1'024);
    CHECK(longest.problems == Problems{});
    // The title is shorter; the whole is in the description.
    CHECK(longest.report.title.size() <= most_title);
    CHECK(longest.report.description.size() == 2 * 1'024);
    CHECK(summary(1'025).problems == Problems{"'payload.summary' is too long (maximum is 1024 characters)"});
    const auto key = [](std::size_t size) {
        return event_in(trigger("", R"j(,"dedup_key":")j" + std::string(size, 'k') + "\"")).problems;
    };
    CHECK(key(255) == Problems{});
    CHECK(key(256) == Problems{"'dedup_key' is too long (maximum is 255 characters)"});
}

TEST_CASE("A trigger may come without a key, and a number is one", "[handlers]")
{
    CHECK(event_in(trigger()).report.dedup_key.empty());
    CHECK(event_in(trigger("", R"j(,"dedup_key":null)j")).report.dedup_key.empty());
    CHECK(event_in(trigger("", R"j(,"dedup_key":4711)j")).report.dedup_key == "4711");
}

TEST_CASE("Details of any shape are kept where they can be read", "[handlers]")
{
    const auto details = [](const std::string& json) {
        const auto event = event_in(trigger(R"j(,"component":"db","custom_details":)j" + json));
        CHECK(event.problems == Problems{});
        return event.report;
    };
    CHECK(details(R"j("the disk of db-1 is full")j").description == "the disk of db-1 is full");
    CHECK(details("[1,2]").description == "[1,2]");
    CHECK(details("null").description.empty());
    const auto mixed = details(R"j({"team":"payments","up":false,"n":3,"empty":"","none":null,"list":[1,{"a":2}],)j"
                               R"j("log":"line 1\nline 2","component":"not the payload's"})j");
    CHECK(mixed.labels.at("team") == "payments");
    CHECK(mixed.labels.at("up") == "false");
    CHECK(mixed.labels.at("n") == "3");
    CHECK(mixed.labels.at("component") == "db"); // what the payload says itself is not overruled
    CHECK(mixed.labels.size() == 5); // with the source
    CHECK(mixed.description == "list: [1,{\"a\":2}]\nlog:\nline 1\nline 2\ncomponent: not the payload's");

    std::string many = "{";
    for (int i = 0; i < 500; ++i)
        many += (i ? ",\"n" : "\"n") + std::to_string(i) + "\":\"v\"";
    const auto lots = details(many + "}");
    CHECK(lots.labels.size() == most_labels);
    CHECK(has(lots.description, "n499: v"));
    CHECK(details("\"" + std::string(100'000, 'x') + "\"").description.size() == most_description);
}

TEST_CASE("What is no link is left out, and the page comes all the same", "[handlers]")
{
    const auto event = event_in(trigger("",
        R"j(,"links":["https://a",{"href":"javascript:alert(1)"},{"text":"nowhere"},7,null,{"href":["x"]},{"href":"https://b"}],)j"
        R"j("images":[{"src":"https://c/i.png"},{"src":"file:///etc/passwd"},"x"],"client":"Cron","client_url":"cron@host")j"));
    CHECK(event.problems == Problems{});
    std::vector<std::string> hrefs;
    for (const auto& link : event.report.links)
        hrefs.push_back(link.href);
    CHECK(hrefs == std::vector<std::string>{"https://a", "https://b", "https://c/i.png"});
    CHECK(event.report.labels.at("client") == "Cron");
    CHECK(event_in(trigger("", R"j(,"links":"https://a","images":{"src":"https://b"})j")).report.links.empty());
    std::string flood = R"j(,"links":[)j";
    for (int i = 0; i < 1'000; ++i)
        flood += std::string{i ? "," : ""} + R"j({"href":"https://x"})j";
    CHECK(event_in(trigger("", flood + "]")).report.links.size() == most_links);
}

TEST_CASE("A window looks back from now and says how long to wait", "[handlers]")
{
    const oncall::TimePoint start{1'000'000s};
    handlers::SlidingWindow window{3, 60s};
    CHECK_FALSE(window.admit(start));
    CHECK_FALSE(window.admit(start + 10s));
    CHECK_FALSE(window.admit(start + 20s));
    CHECK(window.admit(start + 20'500ms) == 40s); // rounded up: not a moment too early
    CHECK(window.admit(start + 59'999ms) == 1s);
    CHECK_FALSE(window.admit(start + 60s));
    CHECK(window.admit(start + 61s) == 9s); // what was refused does not count
    CHECK_FALSE(window.admit(start - 1h)); // the clock was set back
    CHECK_FALSE(window.admit(start - 1h));
    CHECK_FALSE(window.admit(start - 1h));
    CHECK(window.admit(start - 1h) == 60s);
}

TEST_CASE("An event of format paging names whom to page, one or several, and that is no label", "[handlers][byhand]")
{
    const auto one = paging(slack::parse(trigger(R"(,"custom_details":{"page":"payments","zone":"eu-1"})")));
    CHECK(one.problems == Problems{});
    CHECK(one.report.whom == std::vector<std::string>{"payments"});
    CHECK(one.report.labels.contains("zone"));
    CHECK_FALSE(one.report.labels.contains("page"));
    const auto two = paging(slack::parse(trigger(R"(,"custom_details":{"page":["ana@example.com","team:payments",7,""]})")));
    CHECK(two.report.whom == std::vector<std::string>{"ana@example.com", "team:payments"});
    CHECK_FALSE(has(two.report.description, "page"));

    REQUIRE(paging(slack::parse(trigger())).problems.size() == 1);
    CHECK(has(paging(slack::parse(trigger())).problems[0], "'payload.custom_details.page' is missing or blank"));
    const auto over = paging(slack::parse(R"({"routing_key":"k","event_action":"resolve","dedup_key":"d"})"));
    CHECK(over.problems == Problems{});
    CHECK(is_events_api("paging"));
    CHECK_FALSE(is_events_api("generic"));
}

TEST_CASE("A page by webhook pages whatever its status says, but that it is over or answered", "[handlers]")
{
    struct Row {
        std::string status; // as JSON
        Report::Signal signal;
        std::string label;
    };
    const Row rows[] = {
        {"null", Report::Signal::fire, ""},
        {"\"triggered\"", Report::Signal::fire, ""},
        {"\"NEW\"", Report::Signal::fire, ""},
        {"\"Firing\"", Report::Signal::fire, "firing"},
        {"\"maybe\"", Report::Signal::fire, "maybe"},
        {"7", Report::Signal::fire, "7"},
        {"{}", Report::Signal::fire, ""},
        {"\"Acked\"", Report::Signal::acknowledge, ""},
        {"\"acknowledged\"", Report::Signal::acknowledge, ""},
        {"\"closed\"", Report::Signal::clear, ""},
        {"\"resolved\"", Report::Signal::clear, ""},
    };
    for (const auto& row : rows) {
        INFO(row.status);
        const auto event = paging(slack::parse(R"({"message":"m","status":)" + row.status + "}"));
        CHECK(event.problems == Problems{});
        CHECK(event.report.signal == row.signal);
        const auto label = event.report.labels.find("status");
        CHECK((label == event.report.labels.end() ? "" : label->second) == row.label);
    }
}
