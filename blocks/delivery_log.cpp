#include "blocks/delivery_log.hpp"

#include "blocks/kit.hpp"
#include "oncall/contact.hpp"
#include "oncall/escalation.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_log_lines = 45, most_log_words = 300;

Mrkdwn method_of(const oncall::Notification& one)
{
    if (one.method == "channel")
        return "in the channel";
    const auto method = oncall::method_in(one.method);
    if (!method)
        return "in the fallback channel";
    return "by "
        + one_line(method->kind == oncall::ContactKind::email  ? "e-mail"
                : method->kind == oncall::ContactKind::voice   ? "a call"
                : method->kind == oncall::ContactKind::webhook ? "a webhook"
                                                               : oncall::title(method->kind),
            most_log_words);
}

/// A webhook's whole address may be a secret.
Mrkdwn receiver_of(const oncall::Notification& one, const Names& names)
{
    return one.method == oncall::name(oncall::ContactKind::webhook) ? "a receiver of the policy" : name(one.person, names);
}

/// "sent 12:00 by Twilio, delivered 12:01", "failed: carrier".
Mrkdwn became(const oncall::Notification& one)
{
    using enum oncall::NotificationState;
    const auto by = one_line(one.provider, most_log_words);
    auto words =
        one.sent_at == oncall::TimePoint{} ? Mrkdwn{} : "sent " + date(one.sent_at) + (by.empty() ? Mrkdwn{} : " by " + by);
    const auto error = one_line(one.error, most_log_words);
    const auto because = error.empty() ? Mrkdwn{} : " (" + error + ")";
    std::vector<Mrkdwn> parts{words};
    if (one.confirmed_at != oncall::TimePoint{})
        parts.push_back("delivered " + date(one.confirmed_at));
    switch (one.state) {
    case planned: parts.push_back(one.attempts > 1 ? "to be tried again" + because : Mrkdwn{"under way"}); break;
    case failed: parts.push_back("*failed*" + because); break;
    case cancelled: parts.push_back("not sent: answered, or overtaken"); break;
    case declined: parts.push_back(one.error == oncall::passed_over ? Mrkdwn{"could not answer"} : Mrkdwn{"said not me"}); break;
    case sent:
    case confirmed: break;
    }
    if (one.attempts > 1)
        parts.push_back(number(one.attempts) + " attempts");
    return joined(parts, ", ");
}

struct LogLine {
    oncall::TimePoint at{};
    Mrkdwn text{};
};

} // namespace

Message delivery_log(const DeliveryLog& log)
{
    std::vector<LogLine> lines;
    for (const auto& entry : log.entries) {
        auto words = shortened(prose(entry.text, log.names), most_log_words);
        const auto via = one_line(entry.via, 60);
        lines.push_back({entry.at,
            (entry.actor.empty() ? words : name(entry.actor, log.names) + " " + words) + (via.empty() ? Mrkdwn{} : " · " + via)});
    }
    for (const auto& one : log.notifications) {
        const auto several = log.pages_in_one.find(one.id);
        const auto in_one = several == log.pages_in_one.end() ? Mrkdwn{} : ", " + number(several->second) + " pages in one";
        lines.push_back({one.planned_at,
            "→ " + receiver_of(one, log.names) + " " + method_of(one) + " (level " + number(one.at.level + 1) + ", try "
                + number(one.at.attempt + 1) + in_one + "): " + became(one)});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const LogLine& one, const LogLine& other) { return one.at < other.at; });
    const auto title = "#" + number(log.alert.id.value) + " " + one_line(log.alert.title, most_log_words);
    std::vector<Mrkdwn> text{title};
    std::vector<Json> shown{section(bold(title))};
    const auto left_out = lines.size() - std::min(lines.size(), most_log_lines);
    if (left_out > 0) {
        text.push_back(number(static_cast<std::int64_t>(left_out)) + " earlier lines are left out.");
        shown.push_back(context({text.back()}));
    }
    for (auto line = lines.begin() + static_cast<std::ptrdiff_t>(left_out); line != lines.end(); ++line) {
        text.push_back(date(line->at) + "  " + line->text);
        shown.push_back(context({text.back()}));
    }
    return message(joined(text, "\n"), std::move(shown));
}

} // namespace blocks
