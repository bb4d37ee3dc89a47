#include "oncall/rule_trial.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_compared = 1'000;
constexpr std::size_t most_title_said = 80; // bytes

void add_change(
    std::vector<std::string>& changes, const std::string& what, const std::string& was, const std::string& is, const char* none)
{
    if (was == is)
        return;
    changes.push_back(what + " " + (is.empty() ? none : is) + " instead of " + (was.empty() ? none : was));
}

std::string title_said(const std::string& title)
{
    if (title.size() <= most_title_said)
        return title.empty() ? "(no title)" : title;
    return cut_between_characters(title, most_title_said) + "…";
}

std::string alerts_counted(std::size_t count) { return std::to_string(count) + (count == 1 ? " alert" : " alerts"); }

} // namespace

std::vector<std::string> changes_between(const Routed& was, const Routed& is)
{
    std::vector<std::string> changes;
    add_change(changes, "service", was.service, is.service, "none");
    add_change(changes, "team", was.team, is.team, "none");
    if (was.suppress != is.suppress)
        changes.emplace_back(is.suppress ? "kept, and not shown" : "shown");
    const bool paged = was.page && !was.policy.empty(), pages = is.page && !is.policy.empty();
    if (paged != pages)
        changes.push_back(pages ? "pages by policy " + is.policy : "pages nobody");
    else if (pages)
        add_change(changes, "policy", was.policy, is.policy, "none");
    add_change(changes, "urgency", std::string{name(was.urgency)}, std::string{name(is.urgency)}, "none");
    add_change(changes, "severity", was.severity, is.severity, "none");
    if (pages && was.delay != is.delay)
        changes.push_back(is.delay == milliseconds{} ? "pages at once" : "pages " + duration_out(is.delay) + " later");
    if (was.group_key != is.group_key)
        changes.emplace_back(is.group_key.empty() ? "in no group" : was.group_key.empty() ? "in a group" : "in another group");
    if (was.title != is.title)
        changes.push_back("called \"" + title_said(is.title) + "\"");
    return changes;
}

RuleTrial try_rule(const Configuration& now, const Configuration& becomes, const std::string& rule, std::span<const Alert> alerts,
    RuleTrial so_far)
{
    auto trial = std::move(so_far);
    const auto its = std::find_if(becomes.rules.begin(), becomes.rules.end(), [&](const Rule& one) { return one.name == rule; });
    for (const auto& alert : alerts) {
        ++trial.looked_at;
        const auto fields = fields_of(alert);
        if (its == becomes.rules.end() || !matches(its->when, fields))
            continue;
        ++trial.met;
        if (trial.compared == most_compared)
            continue;
        ++trial.compared;
        const auto speak = rules_for(becomes, fields);
        if (std::find(speak.begin(), speak.end(), &*its) == speak.end())
            ++trial.stopped;
        auto changes = changes_between(route(now, fields), route(becomes, fields));
        const bool differs = !changes.empty();
        trial.different += differs ? 1 : 0;
        const auto is_same = [](const TriedAlert& one) { return one.changes.empty(); };
        const auto place = differs ? std::find_if(trial.first.begin(), trial.first.end(), is_same) : trial.first.end();
        trial.first.insert(place, TriedAlert{alert.id, alert.title, alert.triggered_at, std::move(changes)});
        if (trial.first.size() > most_tried_shown)
            trial.first.pop_back();
    }
    return trial;
}

std::vector<std::string> words_of(const RuleTrial& trial, int days, bool all)
{
    const auto since = "the last " + std::to_string(days) + " days";
    if (trial.looked_at == 0)
        return {"No alert came in " + since + ", so there is nothing to try it on."};
    std::vector<std::string> lines;
    lines.push_back("Of the " + (all ? std::string{} : "newest ") + alerts_counted(trial.looked_at) + " of " + since + " it "
        + (trial.met == 0 ? "would have met none." : "would have met " + std::to_string(trial.met) + ".")
        + (trial.met == 0 || trial.different > 0 ? "" : " Nothing would have been different."));
    if (trial.different > 0)
        lines.back() += " Something would have been different for " + std::to_string(trial.different)
            + (trial.compared < trial.met ? " of the " + std::to_string(trial.compared) + " compared." : ".");
    if (trial.stopped > 0)
        lines.push_back("Of those an earlier rule decides " + std::to_string(trial.stopped)
            + ": move this one up, or let that one say `continue: true`.");
    for (const auto& one : trial.first) {
        std::string line = "Alert " + number(one.alert) + " “" + title_said(one.title) + "”, " + date_token(one.at) + ": ";
        for (std::size_t i = 0; i < one.changes.size(); ++i)
            line += (i == 0 ? "" : ", ") + one.changes[i];
        lines.push_back(line + (one.changes.empty() ? "as it was" : ""));
    }
    if (trial.met > trial.first.size())
        lines.push_back("and " + std::to_string(trial.met - trial.first.size()) + " more");
    return lines;
}

} // namespace oncall
