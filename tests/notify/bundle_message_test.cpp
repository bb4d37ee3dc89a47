#include "catch.hpp"
#include "notify/answer_token.hpp"
#include "notify/bundle_message.hpp"
#include "notify/sms_text.hpp"
#include "notify/twiml.hpp"
#include "notify/web_push.hpp"
#include "notify/webhook.hpp"

#include <nlohmann/json.hpp>

using namespace notify;
using namespace std::chrono_literals;

namespace {

BundlePage of(std::size_t count)
{
    BundlePage page;
    page.to = "ana@example.com";
    page.id = "bundle-7.1";
    page.thread = "bundle-7";
    page.topic = "bundle-7";
    for (std::size_t i = 0; i < count; ++i) {
        oncall::Alert alert;
        alert.id = {static_cast<std::int64_t>(i + 4)};
        alert.severity = i == 0 ? "critical" : "warning";
        alert.service = "checkout";
        alert.title = i == 0 ? "Checkout is down" : "Alert " + std::to_string(i + 4) + " <b>fires</b>\r\nBcc: eve@example.com";
        alert.triggered_at = TimePoint{1'793'707'200'000ms};
        page.alerts.push_back(std::move(alert));
    }
    page.pages = count;
    page.heading = bundle_heading(count, page.alerts);
    page.acknowledge = "https://oncall.example.com/a/token";
    return page;
}

} // namespace

TEST_CASE("A bundle's mail names every alert and has one link for all", "[notify][bundles]")
{
    const auto mail = bundle_email(of(60), TimePoint{});
    CHECK(mail.subject == "[60 pages in one] checkout: Checkout is down and 59 more");
    for (int id = 4; id < 64; ++id) {
        CHECK(has(mail.text, "#" + std::to_string(id) + " "));
        CHECK(has(mail.html, "#" + std::to_string(id) + " "));
    }
    CHECK(has(mail.text, "Acknowledge all (You have all of them: nobody else is paged):\nhttps://oncall.example.com/a/token"));
    CHECK(has(mail.html, "href=\"https://oncall.example.com/a/token\""));
    CHECK_FALSE(has(mail.html, "<b>fires"));
    CHECK_FALSE(has(mail.text, "\nBcc:"));
    CHECK(mail.urgent);

    auto without = of(2);
    without.acknowledge.clear();
    without.slack_is_down = true;
    CHECK(has(bundle_email(without, TimePoint{}).text, "Answer as soon as Slack is back"));
    CHECK_FALSE(has(bundle_email(without, TimePoint{}).html, "<a href"));
}

TEST_CASE("A text message of a bundle says how many, the first of them, and how all are answered", "[notify][bundles]")
{
    const auto few = sms_text(bundle_message(of(2)));
    CHECK(few
        == "2 pages: #4 critical - checkout: Checkout is down; #5 warning - checkout: Alert 5 <b>fires</b> Bcc: eve@example.com\n"
           "Reply 4 to acknowledge all.");
    const auto many = sms_text(bundle_message(of(200)));
    CHECK(many.starts_with("200 pages: #4 critical - checkout: Checkout is down; "));
    CHECK(many.ends_with("...\nReply 4 to acknowledge all."));
    CHECK(segments(many) <= most_segments);
}

TEST_CASE("A bundle is told by each way as far as it carries", "[notify][bundles]")
{
    auto page = of(9);
    page.pages = 10;
    page.heading = bundle_heading(10, page.alerts);
    const auto message = bundle_message(page);
    CHECK(message.title == "[10 pages in one, 9 alerts] checkout: Checkout is down and 8 more");
    CHECK(message.spoken == "10 pages. The most important is a critical alert for checkout. Checkout is down");
    CHECK(has(bundle_twiml(message.spoken, "https://x/y"), "Press 1 to acknowledge all of them, or star to hear it again."));
    CHECK_FALSE(has(bundle_twiml(message.spoken, "https://x/y"), "escalate"));

    const auto hook = nlohmann::json::parse(webhook_request("secret", message, TimePoint{}).body);
    CHECK(hook.at("type") == "page");
    CHECK(hook.at("pages") == 10);
    REQUIRE(hook.at("alerts").size() == 9);
    CHECK(hook.at("alerts")[0].at("alert") == 4);
    CHECK(hook.at("alerts")[8].at("title") == "#12 warning · checkout: Alert 12 <b>fires</b> Bcc: eve@example.com");
    REQUIRE(hook.at("actions").size() == 1);
    CHECK(hook.at("actions")[0].at("label") == "Acknowledge all");

    // It must not take the place of the page of one of them that is shown.
    CHECK(nlohmann::json::parse(push_words(message)).at("tag") == "bundle-7");
}

TEST_CASE("A bundle of drills says by each way that it is one", "[notify][bundles]")
{
    auto page = of(2);
    for (auto& alert : page.alerts)
        alert.drill = true;
    const auto message = bundle_message(page);
    CHECK(message.drill);
    CHECK(message.title == "[DRILL, nothing is broken: 2 pages in one] checkout: Checkout is down and 1 more");
    CHECK(message.text.starts_with("This is a drill: nothing is broken.\n#4 "));
    CHECK(message.spoken == "This is a drill. 2 pages. The most important is a critical alert for checkout. Checkout is down");
    CHECK(sms_text(message).starts_with("DRILL, nothing is broken. 2 pages: #4 "));
    const auto mail = bundle_email(page, TimePoint{});
    CHECK(mail.subject.starts_with("[DRILL, nothing is broken: 2 pages in one]"));
    CHECK(has(mail.html, "DRILL, nothing is broken"));
}

TEST_CASE("An answer link says whether it is for all that its message told of", "[notify][bundles]")
{
    oncall::Notification one;
    one.id = {9};
    one.alert = {4};
    one.person = "U01ANA00000";
    const TimePoint now{1'793'707'200'000ms};
    const auto token = [&](bool bundle) {
        const auto link = answer_links("", "secret", one, now, bundle).acknowledge;
        return std::get<Answer>(read("secret", link.substr(link.rfind('/') + 1), now));
    };
    CHECK(token(true).bundle);
    CHECK(token(true).notification == 9);
    CHECK_FALSE(token(false).bundle);
}
