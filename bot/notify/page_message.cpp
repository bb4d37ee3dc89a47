#include "notify/page_message.hpp"

#include "notify/headline.hpp"
#include "notify/spoken.hpp"
#include "notify/text.hpp"

namespace notify {

namespace {

constexpr std::size_t most_page_words = 300, most_page_description = 1'500;

std::string field_line(const char* name, const std::string& value)
{
    return value.empty() ? "" : std::string{name} + ": " + value + "\n";
}

void add(std::vector<PageAction>& actions, oncall::Verb verb, const std::string& url)
{
    if (!url.empty())
        actions.push_back({std::string{oncall::name(verb)}, std::string{button_words(verb).label}, url});
}

} // namespace

PageMessage page_message(const PageEmail& page)
{
    const auto& alert = page.alert;
    const auto number = "#" + std::to_string(alert.id.value);
    const auto severity = one_line(alert.severity, 30);
    const auto urgency = std::string{oncall::name(alert.urgency)} + " urgency";
    const auto head = headline(alert, most_page_words);
    PageMessage message;
    // With the time in it: a new database counts from 1 again.
    message.id = "page-" + std::to_string(page.notification.id.value) + "."
        + std::to_string(page.notification.planned_at.time_since_epoch().count()) + "."
        + std::to_string(page.notification.attempts);
    message.alert = alert.id.value;
    message.drill = alert.drill;
    message.title = "[" + number + (alert.drill ? " DRILL " : " ") + (severity.empty() ? urgency : severity) + "] " + head;
    message.text = (alert.drill ? "This is a drill: nothing is broken.\n" : std::string{}) + head + "\n"
        + field_line("Why you", one_line(page.why, 600)) + field_line("Since", date_and_time(alert.triggered_at, page.time_zone))
        + field_line("Team", one_line(alert.team, most_page_words))
        + field_line("Runbook", one_line(page.runbook, most_page_words));
    if (auto description = shortened(clean(alert.description), most_page_description); !description.empty())
        message.text += "\n" + description + "\n";
    message.text.pop_back();
    message.spoken = spoken(alert);
    message.code = std::to_string(alert.id.value);
    message.urgent = alert.urgency == oncall::Urgency::high;
    if (page.answers) {
        add(message.actions, oncall::Verb::acknowledge, page.answers->acknowledge);
        add(message.actions, oncall::Verb::decline, page.answers->decline);
        add(message.actions, oncall::Verb::resolve, page.answers->resolve);
    }
    return message;
}

PageMessage word_message(const std::string& words, std::string id)
{
    PageMessage message;
    message.id = std::move(id);
    message.title = one_line(words, most_page_words);
    message.text = clean(words);
    message.spoken = message.title;
    message.test = true;
    return message;
}

} // namespace notify
