#include "catch.hpp"
#include "handlers/what_if.hpp"
#include "oncall/alert.hpp"
#include "oncall/severity.hpp"

#include <rapidcheck.h>

using namespace handlers;
using oncall::Refusal;

namespace {

oncall::Configuration four_sources()
{
    oncall::Configuration all;
    all.sources["alertmanager"] = {.name = "alertmanager", .format = "alertmanager"};
    all.sources["prometheus"] = {.name = "prometheus", .format = "alertmanager"};
    all.sources["scripts"] = {.name = "scripts", .format = "generic"};
    all.sources["pagerduty"] = {.name = "pagerduty", .format = "pagerduty"};
    return all;
}

Supposed supposed(const std::string& text) { return handlers::supposed(text, four_sources()); }

} // namespace

TEST_CASE("Words with name=value are an alert as somebody imagines it", "[handlers][what_if]")
{
    const auto asked = supposed(
        "checkout is down severity=Critical service=checkout env=prod labels.team=\"the payments\" source=scripts a = b");
    REQUIRE(asked.reports.size() == 1);
    const auto& report = asked.reports.front();
    CHECK(report.title == "checkout is down a = b");
    CHECK(report.severity == "critical");
    CHECK(report.service == "checkout");
    CHECK(report.labels == std::map<std::string, std::string>{{"env", "prod"}, {"team", "the payments"}});
    CHECK(asked.source == "scripts");
    CHECK(asked.format.empty());
    // As of a source without a table of its own.
    CHECK(supposed("checkout is down severity=P1").reports.front().severity == oncall::severity_by_format("", "p1"));
    CHECK(supposed("title=x y").reports.front().title == "x");
    CHECK(supposed("a &lt; b &amp;&amp; c").reports.front().title == "a < b && c");
    CHECK(supposed("disk {full} on <https://db.example.com|db.example.com>").reports.front().title
        == "disk {full} on https://db.example.com");
    CHECK_THROWS_AS(supposed("  "), Refusal);
    CHECK_THROWS_WITH(
        supposed("x source=grafana"), "There is no source grafana. There are: alertmanager, pagerduty, prometheus, scripts.");
}

TEST_CASE("A payload is read as the source of its format would", "[handlers][what_if]")
{
    const auto alertmanager = supposed(
        R"({“alerts”: [{"status": "firing", "fingerprint": "f1", "labels": {"alertname": "Down", "severity": "critical"}},
                       {"status": "resolved", "fingerprint": "f2", "labels": {}}]})");
    REQUIRE(alertmanager.reports.size() == 2);
    CHECK(alertmanager.format == "alertmanager");
    CHECK(alertmanager.source == "alertmanager");
    CHECK(alertmanager.note
        == "Taken as from source alertmanager, which has that format; `source=prometheus` before it asks for another.");
    CHECK(alertmanager.reports[0].title == "Down");
    CHECK(alertmanager.reports[1].signal == Report::Signal::clear);

    const auto pagerduty =
        supposed(R"({"event_action": "trigger", "payload": {"summary": "Down", "source": "db1", "severity": "error"}})");
    CHECK(pagerduty.format == "pagerduty");
    CHECK(pagerduty.source == "pagerduty");
    CHECK(pagerduty.reports.front().title == "Down");

    const auto generic = supposed(R"(source=scripts {"title": "Down", "severity": "info"})");
    CHECK(generic.source == "scripts");
    CHECK(generic.note.empty());
    CHECK(generic.reports.front().severity == "info");

    CHECK_THROWS_WITH(supposed(R"({"title": "Down")"), Catch::Matchers::StartsWith("That is no JSON that I can read: "));
    CHECK_THROWS_WITH(supposed(R"({"severity": "info"})"),
        "A source of format generic cannot read this: title is missing (or summary, or message); if it stands elsewhere, the "
        "source's mapping says where.");
    CHECK_THROWS_WITH(supposed(R"(please {"title": "x"})"), "Before the JSON I understand only `source=name`, not \"please\".");
    CHECK_THROWS_WITH(supposed(R"({"event_action": "trigger"})"),
        Catch::Matchers::StartsWith("A source of format pagerduty cannot read this: "));
}

TEST_CASE("An event of a paging source names whom it pages, or is refused as that source would", "[handlers][what_if]")
{
    auto all = four_sources();
    all.sources["pager"] = {.name = "pager", .format = "paging"};
    CHECK_THROWS_WITH(handlers::supposed(R"(source=pager {"event_action": "trigger"})", all),
        Catch::Matchers::StartsWith("A source of format paging cannot read this: "));
    const auto asked = handlers::supposed(
        R"(source=pager {"event_action": "trigger", "payload": {"summary": "x", "source": "y", "severity": "info",
            "custom_details": {"page": ["payments", "ana@example.com"]}}})",
        all);
    CHECK(asked.format == "paging");
    CHECK(asked.reports.front().whom == std::vector<std::string>{"payments", "ana@example.com"});
}

TEST_CASE("Whatever is asked is an alert or a refusal with words", "[handlers][what_if]")
{
    CHECK(rc::check([] {
        using Texts = std::vector<std::string>;
        const auto pieces = *rc::gen::container<Texts>(rc::gen::elementOf(Texts{"{", "}", "\"", "“", "=", "a", " ", "<", ">", "|",
            "&", "&amp;", "source=", "alerts", ":", "[", "]", "\n", "\xFF", "https://x", "mailto:", "1", ","}));
        std::string text;
        for (const auto& piece : pieces)
            text += piece;
        try {
            const auto asked = supposed(text);
            RC_ASSERT(asked.source.empty() || four_sources().sources.contains(asked.source));
        } catch (const Refusal& no) {
            RC_ASSERT(std::string{no.what()}.size() > 10);
        }
    }));
}

TEST_CASE("JSON is taken for the format whose fields it has", "[handlers][what_if]")
{
    const auto looks_like = [](const std::string& text) { return format_of(slack::parse(text)); };
    CHECK(looks_like(R"({"alerts": [], "groupKey": "x"})") == "alertmanager");
    CHECK(looks_like(R"({"event_action": "resolve"})") == "pagerduty");
    CHECK(looks_like(R"({"title": "x"})") == "generic");
    CHECK(looks_like("[1]") == "generic");
    // As soon as those formats are known.
    for (const auto& [format, text] : std::map<std::string, std::string>{{"grafana", R"({"alerts": [], "orgId": 1})"},
             {"azure", R"({"schemaId": "azureMonitorCommonAlertSchema", "data": {}})"},
             {"sns", R"({"Type": "Notification", "TopicArn": "arn:aws:sns:x", "Message": ""})"},
             {"google", R"({"incident": {}, "version": "1.2"})"}, {"uptime_kuma", R"({"heartbeat": null, "monitor": null})"},
             {"github", R"({"action": "completed", "workflow_run": {}, "repository": {}})"},
             {"kubernetes", R"({"involvedObject": {}, "reason": "BackOff"})"}, {"sentry", R"({"action": "x", "data": {}})"}})
        CHECK(looks_like(text) == (sources::format(format) ? format : format == "grafana" ? "alertmanager" : "generic"));
}

TEST_CASE("What a source would make of something is said with its own severities", "[handlers][what_if]")
{
    oncall::Source source{.name = "scripts", .format = "generic"};
    source.severities = {{"critical", "info"}};
    auto asked = handlers::supposed(sent_from_text(R"({"title": "Down", "severity": "critical"})"), source);
    REQUIRE(asked.reports.size() == 1);
    CHECK(asked.source == "scripts");
    CHECK(asked.reports.front().severity == "info");
    CHECK(asked.reports.front().labels.at("severity") == "critical");
    CHECK_THROWS_WITH(handlers::supposed(sent_from_text("Down!"), source), Catch::Matchers::Contains("That is no JSON"));
    CHECK_THROWS_WITH(handlers::supposed(sent_from_text("{}"), source), Catch::Matchers::Contains("title is missing"));
    CHECK(handlers::supposed(sent_from_text(R"({"alerts": []})"), oncall::Source{.name = "am", .format = "alertmanager"}).nothing
        == "a notification without alerts");

    // By its own table, however the word is written, as when it comes in.
    const oncall::Source own{.name = "own", .format = "generic", .severities = {{"boom", "info"}}};
    asked = handlers::supposed(sent_from_text(R"({"title": "Down", "severity": "BOOM"})"), own);
    CHECK(asked.reports.front().severity == "info");
    CHECK(asked.reports.front().labels.at("severity") == "boom");
    auto all = four_sources();
    all.sources["own"] = own;
    CHECK(handlers::supposed("it is down severity=Boom source=own", all).reports.front().severity == "info");
}
