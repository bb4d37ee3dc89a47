#include "blocks/paging_lines.hpp"

#include "oncall/contact.hpp"
#include "oncall/escalation.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::Notification;
using oncall::NotificationState;

namespace {

constexpr std::size_t most_paging_words = 100;
constexpr std::size_t most_paged = 10;
constexpr std::size_t most_methods = 8;

Mrkdwn of(std::size_t at, std::size_t all)
{
    return number(static_cast<std::int64_t>(at)) + " of " + number(static_cast<std::int64_t>(all));
}

Mrkdwn way_of(const Notification& one)
{
    if (one.method == "channel")
        return "in the channel";
    const auto method = oncall::method_in(one.method);
    return method ? one_line(oncall::title(method->kind), most_paging_words) : Mrkdwn{"in the fallback channel"};
}

/// " sent", " *failed* (carrier)"
Mrkdwn outcome_of(const Notification& one, bool live)
{
    const auto error = one_line(one.error, most_paging_words);
    switch (one.state) {
    case NotificationState::failed: return " *failed*" + (error.empty() ? Mrkdwn{} : " (" + error + ")");
    case NotificationState::confirmed: return " delivered";
    case NotificationState::declined:
        return one.error == oncall::passed_over ? Mrkdwn{" could not answer"} : Mrkdwn{" said “not me”"};
    case NotificationState::cancelled: return " not sent";
    case NotificationState::sent: return live ? Mrkdwn{" sent"} : Mrkdwn{};
    case NotificationState::planned: break;
    }
    return live ? Mrkdwn{" under way"} : Mrkdwn{};
}

/// What one person was sent in one try.
struct Try {
    const Notification* first{};
    std::vector<Mrkdwn> methods{};
    std::size_t left_out{};
};

std::vector<Try> tries_of(const AlertView& shown, bool live)
{
    std::vector<Try> tries;
    for (const auto& one : shown.attempts) {
        auto its = std::find_if(tries.begin(), tries.end(),
            [&](const Try& seen) { return seen.first->at == one.at && seen.first->person == one.person; });
        if (its == tries.end())
            its = tries.insert(tries.end(), {&one, {}, 0});
        if (its->methods.size() == most_methods)
            ++its->left_out;
        else
            its->methods.push_back(way_of(one) + outcome_of(one, live));
    }
    return tries;
}

} // namespace

Mrkdwn where_it_stands(const AlertView& shown)
{
    if (!shown.page || !oncall::is_running(*shown.page) || shown.page->state == oncall::PageState::exhausted)
        return {};
    const auto& policy = shown.page->policy;
    const auto at = oncall::last_step(*shown.page);
    if (!at || static_cast<std::size_t>(at->level) >= policy.levels.size())
        return {};
    const auto& level = policy.levels[static_cast<std::size_t>(at->level)];
    auto text = "Level " + of(static_cast<std::size_t>(at->level) + 1, policy.levels.size());
    const auto attempt = static_cast<std::size_t>(at->attempt) + 1;
    const auto tries = std::max(static_cast<std::size_t>(level.retries) + 1, attempt);
    if (tries > 1)
        text += level.order == oncall::Order::at_once ? ", try " + of(attempt, tries)
                                                      : ", try " + number(static_cast<std::int64_t>(attempt));
    if (policy.until_answered && at->round > 0)
        text += ", round " + number(at->round + 1);
    else if (policy.repeat > 0)
        text += ", round " + of(static_cast<std::size_t>(at->round) + 1, static_cast<std::size_t>(policy.repeat) + 1);
    return text;
}

Mrkdwn what_comes_next(const AlertView& shown)
{
    if (!shown.page || shown.alert.state != oncall::AlertState::triggered)
        return {};
    if (shown.page->state == oncall::PageState::exhausted)
        return "Cries again: " + date(shown.page->due);
    if (shown.page->state != oncall::PageState::paging)
        return {};
    if (shown.next_at == oncall::TimePoint{})
        return "Then nobody is left, and it cries in the channel: " + date(shown.page->due);
    if (shown.next.empty())
        return "Next step of the policy: " + date(shown.next_at);
    std::vector<Mrkdwn> people;
    for (const auto& person : shown.next) {
        if (people.size() == most_paged) {
            people.push_back(number(static_cast<std::int64_t>(shown.next.size() - most_paged)) + " more");
            break;
        }
        people.push_back(name(person, shown.names));
    }
    auto text = (shown.page->waits ? "Waits for working hours. Next: " : Mrkdwn{"Next: "}) + people.front();
    for (std::size_t i = 1; i < people.size(); ++i)
        text += (i + 1 == people.size() ? Mrkdwn{" and "} : Mrkdwn{", "}) + people[i];
    return text + ", " + date(shown.next_at);
}

std::vector<Mrkdwn> attempt_lines(const AlertView& shown, std::size_t most, bool live)
{
    const auto tries = tries_of(shown, live);
    const auto left_out = tries.size() - std::min(tries.size(), most);
    std::vector<Mrkdwn> lines;
    if (left_out > 0)
        lines.push_back(number(static_cast<std::int64_t>(left_out)) + " earlier, see `/oncall timeline "
            + number(shown.alert.id.value) + "`");
    for (auto one = tries.begin() + static_cast<std::ptrdiff_t>(left_out); one != tries.end(); ++one) {
        auto methods = joined(one->methods, ", ");
        if (one->left_out > 0)
            methods += " and " + number(static_cast<std::int64_t>(one->left_out)) + " more";
        lines.push_back(date(one->first->planned_at) + ", level " + number(one->first->at.level + 1) + ", try "
            + number(one->first->at.attempt + 1) + ": " + name(one->first->person, shown.names) + " – " + methods);
    }
    return lines;
}

} // namespace blocks
