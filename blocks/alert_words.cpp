#include "blocks/alert_lines.hpp"

#include "oncall/auto_resolve.hpp"

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::TimePoint;

namespace {

constexpr std::size_t most_word = 60;

template <class Written> Mrkdwn listed(const std::vector<std::string>& people, Written written)
{
    std::vector<Mrkdwn> all;
    for (const auto& person : people) {
        if (all.size() == most_people) {
            all.push_back(number(static_cast<std::int64_t>(people.size() - most_people)) + " more");
            break;
        }
        all.push_back(written(person));
    }
    if (all.size() < 2)
        return all.empty() ? Mrkdwn{} : all.front();
    const auto last = std::move(all.back());
    all.pop_back();
    return joined(all, ", ") + " and " + last;
}

/// " by Ana", " by Ana, by a link in an e-mail"
Mrkdwn by_whom(const AlertView& shown)
{
    const auto& via = shown.alert.answered_via;
    const bool in_slack = via == "/oncall" || via.ends_with("in Slack");
    if (shown.alert.state == AlertState::acknowledged && shown.acknowledged.size() > 1)
        return " by " + by_name(shown.acknowledged, shown.names);
    if (!shown.alert.answered_by.empty())
        return " by " + name(shown.alert.answered_by, shown.names) + (via.empty() || in_slack ? Mrkdwn{} : ", by " + word(via));
    if (oncall::is_over_by_silence(shown.alert))
        return " by itself";
    if (!shown.alert.source.empty())
        return " by its source";
    return {};
}

} // namespace

Mrkdwn dot_of(AlertState state)
{
    switch (state) {
    case AlertState::triggered: return "🔴";
    case AlertState::promised:
    case AlertState::acknowledged: return "🟡";
    case AlertState::snoozed: return "🔵";
    case AlertState::resolved: break;
    }
    return "🟢";
}

std::string_view colour_of(AlertState state)
{
    switch (state) {
    case AlertState::triggered: return red;
    case AlertState::promised:
    case AlertState::acknowledged: return amber;
    case AlertState::snoozed: return blue;
    case AlertState::resolved: break;
    }
    return green;
}

Mrkdwn hash(const oncall::Alert& alert) { return "#" + number(alert.id.value); }

Mrkdwn title_of(const oncall::Alert& alert, std::size_t most)
{
    auto title = one_line(alert.title, most);
    return title.empty() ? "(no title)" : title;
}

Mrkdwn word(const std::string& foreign) { return one_line(foreign, most_word); }

Mrkdwn facts_of(const oncall::Alert& alert, const Mrkdwn& between)
{
    return joined({word(alert.severity), word(alert.service)}, between);
}

Mrkdwn by_name(const std::vector<std::string>& people, const Names& names)
{
    return listed(people, [&](const std::string& person) { return name(person, names); });
}

Mrkdwn by_mention(const std::vector<std::string>& people) { return listed(people, mention); }

Mrkdwn so_far(const AlertView& shown)
{
    if (shown.needed < 2 || shown.alert.state != AlertState::triggered)
        return {};
    auto text = number(static_cast<std::int64_t>(shown.acknowledged.size())) + " of " + number(shown.needed) + " acknowledged";
    if (!shown.acknowledged.empty())
        text += " (" + by_name(shown.acknowledged, shown.names) + ")";
    return text;
}

Mrkdwn how_long(const oncall::Alert& alert)
{
    using namespace std::chrono;
    if (alert.triggered_at == TimePoint{} || alert.answered_at < alert.triggered_at)
        return {};
    const auto took = alert.answered_at - alert.triggered_at;
    const auto rounded = took < 1min ? took : took < 24h ? milliseconds{floor<minutes>(took)} : milliseconds{floor<hours>(took)};
    return " after " + escape(oncall::duration_out(rounded));
}

Mrkdwn state_of(const AlertView& shown)
{
    if (shown.parent && shown.alert.state != AlertState::resolved)
        return "In the group of " + hash(*shown.parent);
    switch (shown.alert.state) {
    case AlertState::triggered: return joined({"Triggered", so_far(shown)}, ", ");
    case AlertState::promised: return "Acknowledged" + by_whom(shown) + ", on it by " + date(shown.alert.snoozed_until);
    case AlertState::acknowledged: return "Acknowledged" + by_whom(shown);
    case AlertState::snoozed:
        if (shown.alert.snoozed_until == TimePoint{})
            return "Snoozed" + by_whom(shown);
        return "Snoozed until " + date(shown.alert.snoozed_until) + by_whom(shown);
    case AlertState::resolved: break;
    }
    return "Resolved" + by_whom(shown);
}

Mrkdwn group_of(const AlertView& shown)
{
    const auto& group = shown.group;
    if (group.open + group.over == 0)
        return {};
    return "and " + number(group.open + group.over) + " more like it: "
        + joined(
            {group.open > 0 ? number(group.open) + " open" : Mrkdwn{}, group.over > 0 ? number(group.over) + " over" : Mrkdwn{}},
            ", ");
}

Mrkdwn in_short(const oncall::Alert& alert)
{
    const auto facts = facts_of(alert, ", ");
    const auto title = hash(alert) + " " + title_of(alert, most_title_on_lock_screen);
    return facts.empty() ? title : title + " (" + facts + ")";
}

Mrkdwn in_a_line(const AlertView& shown)
{
    return dot_of(shown.alert.state) + " " + in_short(shown.alert) + ": " + state_of(shown);
}

} // namespace blocks
