#include "notify/page_email.hpp"

#include "notify/headline.hpp"
#include "notify/page_email_template.hpp"
#include "notify/template.hpp"
#include "notify/text.hpp"

#include <algorithm>

namespace notify {

namespace {

constexpr std::size_t most_description = 3'000, most_lines = 60, most_labels = 20, most_links = 10, most_words = 300;

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string urgency(const oncall::Alert& alert) { return std::string{oncall::name(alert.urgency)} + " urgency"; }

/// White is read on each of them (WCAG AA).
std::string colour_of(const oncall::Alert& alert)
{
    const auto& severity = alert.severity;
    if (severity == "warning")
        return "#8a5300";
    if (severity == "info" || (severity.empty() && alert.urgency == oncall::Urgency::low))
        return "#1f5fa8";
    return severity == "critical" || severity == "error" || alert.urgency == oncall::Urgency::high ? "#b3261e" : "#56606c";
}

std::string number(const oncall::Alert& alert) { return "#" + std::to_string(alert.id.value); }

Filling entry(std::map<std::string, std::string> texts) { return {std::move(texts), {}}; }

std::vector<Filling> facts(const PageEmail& page)
{
    const auto& alert = page.alert;
    std::vector<Filling> found;
    const auto add = [&](const char* name, const std::string& value, const std::string& href = {}) {
        if (!value.empty() || !href.empty())
            found.push_back(entry({{"name", name}, {"value", value}, {"href", href}}));
    };
    add("Why you", one_line(page.why, 600));
    const auto holder = one_line(page.holder, 100);
    add("State", std::string{oncall::name(alert.state)} + (holder.empty() ? ", nobody has it yet" : ", " + holder + " has it"));
    add("Since",
        date_and_time(alert.triggered_at, page.time_zone)
            + (alert.count > 1 ? ", reported " + std::to_string(alert.count) + " times" : ""));
    add("Service", alert.service.empty() ? "none that I know" : one_line(alert.service, most_words));
    add("Team", one_line(alert.team, most_words));
    if (is_web_address(page.runbook))
        add("Runbook", "", page.runbook);
    else
        add("Runbook", one_line(page.runbook, most_words));
    return found;
}

std::vector<Filling> answers(const AnswerLinks& links)
{
    std::vector<Filling> buttons;
    const auto add = [&](oncall::Verb verb, const std::string& link, const char* colour) {
        const auto words = button_words(verb);
        buttons.push_back(
            entry({{"label", std::string{words.label}}, {"does", std::string{words.does}}, {"link", link}, {"colour", colour}}));
    };
    add(oncall::Verb::acknowledge, links.acknowledge, "#0b6b4c");
    add(oncall::Verb::decline, links.decline, "#8a5300");
    add(oncall::Verb::resolve, links.resolve, "#47515e");
    return buttons;
}

/// Foreign text keeps its lines; in the plain part each is set in, so that none looks like one of ours.
std::vector<Filling> lines(const std::string& text)
{
    std::vector<Filling> found;
    auto rest = shortened(clean(text), most_description);
    while (!rest.empty() && found.size() < most_lines) {
        const auto end = std::min(rest.find('\n'), rest.size());
        found.push_back(entry({{"line", rest.substr(0, end)}}));
        rest.erase(0, end + 1);
    }
    if (!rest.empty())
        found.push_back(entry({{"line", "…"}}));
    return found;
}

Filling filling_of(const PageEmail& page)
{
    const auto& alert = page.alert;
    Filling all;
    auto& texts = all.texts;
    auto& lists = all.lists;
    const auto severity = one_line(alert.severity, 30);
    const auto command = "/oncall ack " + std::to_string(alert.id.value);
    texts["without_links"] = page.slack_is_down
        ? "Answer as soon as Slack is back, with " + command + ". Until then the page goes on to others."
        : "Answer in Slack: press a button there, or write " + command + ".";
    texts["banner"] = (alert.drill ? "DRILL, NOTHING IS BROKEN · " : std::string{})
        + (severity.empty() ? "" : upper(severity) + " · ") + "Alert " + number(alert) + " · " + urgency(alert);
    texts["headline"] = headline(alert, most_words);
    texts["preview"] = one_line(page.why, 200);
    texts["colour"] = colour_of(alert);
    texts["slack_is_down"] = page.slack_is_down ? "yes" : "";
    texts["has_answers"] = page.answers ? "yes" : "";
    if (page.answers)
        lists["answers"] = answers(*page.answers);
    lists["facts"] = facts(page);
    lists["description"] = lines(alert.description);
    texts["has_description"] = lists["description"].empty() ? "" : "yes";
    auto& links = lists["links"];
    for (const auto& link : alert.links)
        if (is_web_address(link.href) && links.size() < most_links) {
            const auto text = one_line(link.text, 100);
            links.push_back(entry({{"text", text.empty() ? "Link" : text}, {"href", link.href}}));
        }
    texts["has_links"] = links.empty() ? "" : "yes";
    auto& labels = lists["labels"];
    for (const auto& [name, value] : alert.labels)
        if (labels.size() < most_labels)
            labels.push_back(entry({{"label", one_line(name, 100) + ": " + one_line(value, most_words)}}));
    if (alert.labels.size() > most_labels)
        labels.push_back(entry({{"label", "and " + std::to_string(alert.labels.size() - most_labels) + " more"}}));
    texts["has_labels"] = labels.empty() ? "" : "yes";
    return all;
}

/// One empty line is enough anywhere.
std::string squeezed(const std::string& text)
{
    std::string lines;
    for (const char c : text)
        if (c != '\n' || (!lines.empty() && !lines.ends_with("\n\n")))
            lines += c;
    while (lines.ends_with("\n\n"))
        lines.pop_back();
    return lines;
}

std::string milliseconds_of(TimePoint at) { return std::to_string(at.time_since_epoch().count()); }

} // namespace

Email page_email(const PageEmail& page, TimePoint now)
{
    const auto& alert = page.alert;
    const auto filling = filling_of(page);
    const auto severity = one_line(alert.severity, 30);
    Email email;
    email.to = page.to;
    email.subject = "[" + number(alert) + (alert.drill ? " DRILL " : " ") + (severity.empty() ? urgency(alert) : severity) + "] "
        + headline(alert, most_words);
    email.text = squeezed(plain(page_email_text, filling));
    email.html = html(page_email_html, filling);
    // With the time in it: a new database counts from 1 again, and a mail program would take its page for one it has.
    email.id = "page-" + std::to_string(page.notification.id.value) + "." + milliseconds_of(page.notification.planned_at);
    email.thread = "alert-" + std::to_string(alert.id.value) + "." + milliseconds_of(alert.triggered_at);
    email.urgent = alert.urgency == oncall::Urgency::high;
    email.date = now;
    return email;
}

Email alarm_email(std::string to, const std::string& words, std::string id, TimePoint now)
{
    Filling filling;
    filling.texts["words"] = clean(words);
    Email email;
    email.to = std::move(to);
    email.subject = "[oncall-bot] " + one_line(words, 150);
    email.text = filling.texts["words"];
    email.html = html(alarm_email_html, filling);
    email.thread = id;
    email.id = std::move(id);
    email.urgent = true;
    email.date = now;
    return email;
}

} // namespace notify
