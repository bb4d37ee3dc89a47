#include "notify/bundle_message.hpp"

#include "notify/answer_token.hpp"
#include "notify/bundle_email_template.hpp"
#include "notify/headline.hpp"
#include "notify/spoken.hpp"
#include "notify/template.hpp"
#include "notify/text.hpp"

#include <algorithm>

namespace notify {

namespace {

using oncall::Urgency;

constexpr std::size_t most_bundle_words = 300, most_title = 120;
const std::string all_label{"Acknowledge all"};
const std::string all_does{"You have all of them: nobody else is paged"};

bool is_urgent(const std::vector<oncall::Alert>& alerts)
{
    return std::any_of(alerts.begin(), alerts.end(), [](const oncall::Alert& alert) { return alert.urgency == Urgency::high; });
}

/// None is of a drill, or all are.
bool is_drill(const BundlePage& page) { return page.alerts.front().drill; }

std::string heading(const BundlePage& page)
{
    return (is_drill(page) ? "DRILL, nothing is broken: " : "") + one_line(page.heading, most_bundle_words);
}

std::string state(const oncall::Alert& alert)
{
    return alert.state == oncall::AlertState::triggered ? "" : std::string{oncall::name(alert.state)};
}

/// "#4 critical · checkout: Checkout is down · acknowledged"
std::string line(const oncall::Alert& alert)
{
    const auto severity = one_line(alert.severity, 30);
    const auto answered = state(alert);
    return "#" + std::to_string(alert.id.value) + " " + (severity.empty() ? "" : severity + " · ")
        + headline(alert, most_bundle_words) + (answered.empty() ? "" : " · " + answered);
}

std::string others(const BundlePage& page)
{
    const auto more = page.alerts.size() - 1;
    return more == 0 ? "" : " and " + std::to_string(more) + " more";
}

std::string without_link(bool slack_is_down)
{
    return slack_is_down ? "Answer as soon as Slack is back: press Acknowledge all there. Until then the pages go on to others."
                         : "Answer in Slack: press Acknowledge all there, or answer each by its number, as /oncall ack 42.";
}

} // namespace

std::string bundle_heading(std::size_t pages, const std::vector<oncall::Alert>& alerts)
{
    return std::to_string(pages) + (is_urgent(alerts) ? " pages in one" : " low urgency pages in one")
        + (pages == alerts.size() ? "" : ", " + std::to_string(alerts.size()) + " alerts");
}

Email bundle_email(const BundlePage& page, TimePoint now)
{
    Filling filling;
    auto& texts = filling.texts;
    texts["heading"] = heading(page);
    texts["headline"] = headline(page.alerts.front(), most_title) + others(page);
    texts["colour"] = is_urgent(page.alerts) ? "#b3261e" : "#1f5fa8";
    texts["slack_is_down"] = page.slack_is_down ? "yes" : "";
    texts["link"] = page.acknowledge;
    texts["label"] = all_label;
    texts["does"] = all_does;
    texts["without_link"] = without_link(page.slack_is_down);
    for (const auto& alert : page.alerts) {
        Filling one;
        one.texts["line"] = line(alert);
        one.texts["since"] = date_and_time(alert.triggered_at, page.time_zone);
        filling.lists["alerts"].push_back(std::move(one));
    }
    Email email;
    email.to = page.to;
    email.subject = "[" + texts["heading"] + "] " + texts["headline"];
    email.text = plain(bundle_email_text, filling);
    email.html = html(bundle_email_html, filling);
    email.id = page.id;
    email.thread = page.thread;
    email.urgent = is_urgent(page.alerts);
    email.date = now;
    return email;
}

PageMessage bundle_message(const BundlePage& page)
{
    PageMessage message;
    message.id = page.attempt.empty() ? page.id : page.attempt;
    message.topic = page.topic;
    message.alert = page.alerts.front().id.value;
    message.drill = is_drill(page);
    message.title = "[" + heading(page) + "] " + headline(page.alerts.front(), most_title) + others(page);
    message.urgent = is_urgent(page.alerts);
    message.pages = page.pages;
    if (message.drill)
        message.text = "This is a drill: nothing is broken.";
    for (const auto& alert : page.alerts) {
        const auto told = line(alert);
        message.text += (message.text.empty() ? "" : "\n") + told;
        message.several.push_back({alert.id.value, told});
    }
    auto first = page.alerts.front();
    first.drill = false;
    message.spoken = (message.drill ? "This is a drill. " : "") + std::to_string(page.pages) + " pages. The most important is a "
        + spoken(first);
    if (!page.acknowledge.empty())
        message.actions.push_back({std::string{oncall::name(oncall::Verb::acknowledge)}, all_label, page.acknowledge});
    return message;
}

} // namespace notify
