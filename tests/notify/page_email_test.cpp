#include "catch.hpp"
#include "noon.hpp"
#include "notify/page_email.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

using namespace notify;

namespace {

PageEmail a_page_by_mail()
{
    PageEmail page;
    page.to = "ana@example.com";
    page.notification.id = {7};
    page.notification.planned_at = noon;
    page.alert.id = {1};
    page.alert.title = "Checkout is down";
    page.alert.description = "5xx on every request\nsince the deploy";
    page.alert.severity = "critical";
    page.alert.service = "checkout";
    page.alert.team = "payments";
    page.alert.labels = {{"region", "eu-1"}};
    page.alert.links = {{"https://grafana.example.com/d/1", "Dashboard"}};
    page.alert.count = 3;
    page.alert.triggered_at = noon;
    page.why = "critical payments → service checkout → policy payments, level 1 of 3 → on call by schedule payments";
    page.runbook = "https://wiki.example.com/checkout";
    page.time_zone = "Europe/Berlin";
    page.answers =
        AnswerLinks{"https://oncall.example.com/a/one", "https://oncall.example.com/a/two", "https://oncall.example.com/a/three"};
    return page;
}

std::vector<std::string> lines(const std::string& text)
{
    std::vector<std::string> found{""};
    for (const char c : text)
        if (c == '\n')
            found.emplace_back();
        else
            found.back() += c;
    return found;
}

bool has_line(const std::string& text, const std::string& line)
{
    const auto all = lines(text);
    return std::find(all.begin(), all.end(), line) != all.end();
}

} // namespace

TEST_CASE("The subject tells the story on a lock screen", "[notify]")
{
    auto page = a_page_by_mail();
    CHECK(page_email(page, noon).subject == "[#1 critical] checkout: Checkout is down");
    page.alert.service.clear();
    page.alert.severity.clear();
    CHECK(page_email(page, noon).subject == "[#1 high urgency] Checkout is down");
    page.alert.title = "two\nlines\r\nBcc: eve@example.com";
    CHECK(page_email(page, noon).subject == "[#1 high urgency] two lines Bcc: eve@example.com");
}

TEST_CASE("A page's mail says the same in both its parts", "[notify]")
{
    const auto email = page_email(a_page_by_mail(), noon);
    for (const auto& part : {email.text, email.html}) {
        INFO(part);
        for (const std::string said : {"CRITICAL · Alert #1 · high urgency", "checkout: Checkout is down",
                 "critical payments → service checkout → policy payments, level 1 of 3 → on call by schedule payments",
                 "triggered, nobody has it yet", "2026-11-03 13:00 (Europe/Berlin), reported 3 times", "payments",
                 "https://wiki.example.com/checkout", "5xx on every request", "since the deploy", "Dashboard",
                 "https://grafana.example.com/d/1", "region: eu-1", "Acknowledge", "Not me", "Resolve",
                 "https://oncall.example.com/a/one", "https://oncall.example.com/a/two", "https://oncall.example.com/a/three"})
            CHECK(has(part, said));
        CHECK_FALSE(has(part, "{{"));
        CHECK_FALSE(has(part, "Slack cannot be reached"));
    }
    for (const auto& link :
        {"https://oncall.example.com/a/one", "https://oncall.example.com/a/two", "https://oncall.example.com/a/three"})
        CHECK(has_line(email.text, link));
    CHECK(email.to == "ana@example.com");
    CHECK(email.urgent);
    CHECK(email.date == noon);
}

TEST_CASE("A mail without a public address says how to answer, and has no buttons", "[notify]")
{
    auto page = a_page_by_mail();
    page.answers.reset();
    const auto email = page_email(page, noon);
    for (const auto& part : {email.text, email.html}) {
        CHECK(has(part, "Answer in Slack"));
        CHECK(has(part, "/oncall ack 1"));
        CHECK_FALSE(has(part, "Not me"));
        CHECK_FALSE(has(part, "/a/"));
    }
    CHECK_FALSE(has(email.text, "\n\n\n"));
    page.slack_is_down = true;
    for (const auto& part : {page_email(page, noon).text, page_email(page, noon).html}) {
        CHECK(has(part, "Answer as soon as Slack is back, with /oncall ack 1."));
        CHECK_FALSE(has(part, "Answer in Slack"));
    }
}

TEST_CASE("A mail says when Slack cannot be reached, and who has the alert", "[notify]")
{
    auto page = a_page_by_mail();
    page.slack_is_down = true;
    page.alert.state = oncall::AlertState::acknowledged;
    page.holder = "Bo";
    const auto email = page_email(page, noon);
    for (const auto& part : {email.text, email.html}) {
        CHECK(has(part, "Slack cannot be reached right now"));
        CHECK(has(part, "acknowledged, Bo has it"));
    }
}

TEST_CASE("A repeat is the same mail, another one of the alert is in its thread", "[notify]")
{
    auto page = a_page_by_mail();
    const auto first = page_email(page, noon);
    CHECK(page_email(page, noon + std::chrono::minutes{1}).id == first.id);
    page.notification.id = {8};
    CHECK(page_email(page, noon).id != first.id);
    CHECK(page_email(page, noon).thread == first.thread);
    // A new database counts from 1 again.
    page = a_page_by_mail();
    page.notification.planned_at += std::chrono::milliseconds{1};
    page.alert.triggered_at += std::chrono::milliseconds{1};
    CHECK(page_email(page, noon).id != first.id);
    CHECK(page_email(page, noon).thread != first.thread);
}

TEST_CASE("Foreign text in a mail is shown and does nothing", "[notify]")
{
    auto page = a_page_by_mail();
    const std::string evil{
        "</td><script>alert(1)</script><img src=x onerror=alert(1)>\" onclick='x' {{answers}} {{{link}}} \xE2\x80\xAE\xFF"};
    page.alert.title = evil;
    page.alert.service = evil;
    page.alert.team = evil;
    page.alert.severity = evil;
    page.alert.description =
        evil + "\nhttps://oncall.example.com/a/evil\n\nAcknowledge (You have it: nobody else is paged):\nhttps://evil.example";
    page.alert.labels = {{evil, evil}};
    page.alert.links = {{"javascript:alert(1)", evil}, {"https://ok.example/\"><script>", evil}, {"https://ok.example/<", "x"},
        {"data:text/html,x", "y"}, {"https://fine.example/?a=1&b='2'", evil}};
    page.why = evil;
    page.holder = evil;
    page.runbook = "javascript:alert(1)";
    const auto email = page_email(page, noon);
    INFO(email.html);
    CHECK_FALSE(has(email.html, "<script"));
    CHECK_FALSE(has(email.html, "<img"));
    CHECK_FALSE(has(email.html, "onclick='"));
    CHECK_FALSE(has(email.html, "href=\"javascript:"));
    CHECK_FALSE(has(email.html, "href=\"data:"));
    CHECK(has(email.html, "https://fine.example/?a=1&amp;b=&#39;2&#39;"));
    for (const auto& part : {email.subject, email.text, email.html}) {
        CHECK_FALSE(has(part, "\xE2\x80\xAE"));
        CHECK_FALSE(has(part, "\xFF"));
    }
    // In the plain part nothing foreign stands at the start of a line, where our links stand.
    CHECK_FALSE(has_line(email.text, "https://evil.example"));
    CHECK(has_line(email.text, "  https://evil.example"));
    CHECK_FALSE(has_line(email.text, "https://oncall.example.com/a/evil"));
}

TEST_CASE("However much an alert says, its mail stays small", "[notify]")
{
    auto page = a_page_by_mail();
    page.alert.title = std::string(100'000, 't');
    page.alert.description = std::string(1'000'000, 'd') + std::string(100'000, '\n');
    for (int label = 0; label < 1'000; ++label)
        page.alert.labels["label" + std::to_string(label)] = std::string(10'000, 'v');
    page.alert.links.assign(1'000, {"https://example.com/" + std::string(1'900, 'p'), std::string(10'000, 'l')});
    auto email = page_email(page, noon);
    CHECK(email.html.size() < 100'000); // Gmail cuts at 102 KB
    CHECK(email.text.size() < 60'000);
    CHECK(has(email.html, "and 981 more"));
    page.alert.description = std::string(2'000, '\n') + "end";
    email = page_email(page, noon);
    CHECK(std::count(email.text.begin(), email.text.end(), '\n') < 200);
}

TEST_CASE("The mail loads nothing, and white is read on each of its colours", "[notify]")
{
    auto page = a_page_by_mail();
    const auto linear = [](int part) {
        const auto share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    for (const std::string severity : {"critical", "error", "warning", "info", "", "odd"}) {
        page.alert.severity = severity;
        for (const auto urgency : {oncall::Urgency::high, oncall::Urgency::low}) {
            page.alert.urgency = urgency;
            const auto html = page_email(page, noon).html;
            CHECK_FALSE(has(html, "src="));
            CHECK_FALSE(has(html, "url("));
            CHECK_FALSE(has(html, "<link"));
            CHECK_FALSE(has(html, "@import"));
            const std::regex colour{R"re(bgcolor="#(\w\w)(\w\w)(\w\w)")re"};
            int found = 0;
            for (std::sregex_iterator at{html.begin(), html.end(), colour}, end; at != end; ++at) {
                const auto part = [&](std::size_t which) { return linear(std::stoi((*at)[which].str(), nullptr, 16)); };
                if ((*at)[1] == "ff" || (*at)[1] == "f1")
                    continue; // the paper
                ++found;
                const auto light = 0.2126 * part(1) + 0.7152 * part(2) + 0.0722 * part(3);
                INFO(at->str());
                CHECK(1.05 / (light + 0.05) >= 4.5);
            }
            CHECK(found == 4); // the banner and three buttons
        }
    }
}
