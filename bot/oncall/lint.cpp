#include "oncall/lint.hpp"

#include "oncall/may_edit.hpp"
#include "oncall/policy.hpp"
#include "oncall/policy_words.hpp"
#include "oncall/routing.hpp"
#include "oncall/words.hpp"
#include "oncall/working_hours.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

constexpr auto looked_ahead = std::chrono::days{7};
constexpr std::size_t most_named_by_warning = 3;

std::string some_of(std::vector<std::string> people)
{
    if (people.size() > most_named_by_warning + 1) {
        const auto more = people.size() - most_named_by_warning;
        people.resize(most_named_by_warning);
        people.push_back(std::to_string(more) + " more");
    }
    return listed(people, " and ");
}

/// The longest time in which a level waits for somebody, in whole units.
milliseconds time_of(const Level& level) { return level.patience * (level.retries + 1); }

class Linter {
public:
    Linter(const Configuration& all, const Policy& policy, TimePoint now, const Acquaintances& known)
        : all_{all}
        , policy_{policy}
        , now_{now}
        , known_{known}
    {
        for (const auto& team : owners(all, "policy", policy.name))
            if (const auto its = all.teams.find(team); its != all.teams.end() && !its->second.working_hours.windows.empty()) {
                hours_ = true;
                rests_ = rests_ || ever_rests(its->second.working_hours);
            }
    }
    std::vector<Warning> run();

private:
    struct People {
        std::vector<std::string> named{}; // each once
        bool others{}; // a channel, a webhook, a user group: whoever that is
    };

    void warn(std::size_t level, const std::string& field, std::string what, std::string fix);
    void never_runs(std::size_t index, const Level& level);
    void by_severity(std::size_t index, const LevelCondition& when);
    void other_policies(std::size_t index, const Level& level);
    void reaches_nobody(std::size_t index, const Level& level, const People& people);
    void acknowledgements(std::size_t index, const Level& level, const People& people);
    void patience(std::size_t index, const Level& level, const People& people);
    People people_of(const Level& level) const;
    bool is_unknown(const Target& target) const;
    std::vector<std::string> people_of(const Target& target) const;

    const Configuration& all_;
    const Policy& policy_;
    TimePoint now_;
    const Acquaintances& known_;
    bool hours_{}; // one of its teams has working hours
    bool rests_{}; // and does not work at all hours
    std::vector<Warning> found_{};
};

void Linter::warn(std::size_t level, const std::string& field, std::string what, std::string fix)
{
    found_.push_back({"policy " + policy_.name + ".levels[" + std::to_string(level) + "]" + (field.empty() ? "" : "." + field),
        "level " + std::to_string(level + 1) + " " + std::move(what), std::move(fix)});
}

std::vector<std::string> Linter::people_of(const Target& target) const
{
    std::vector<std::string> people;
    const auto add_shifts = [&](const std::vector<Shift>& shifts) {
        for (const auto& shift : shifts)
            people.insert(people.end(), shift.people.begin(), shift.people.end());
    };
    if (target.kind == TargetKind::user) {
        people = {target.name};
    } else if (target.kind == TargetKind::team) {
        if (const auto team = all_.teams.find(target.name); team != all_.teams.end())
            people = team->second.members;
    } else if (target.kind == TargetKind::schedule || target.kind == TargetKind::next) {
        if (const auto schedule = all_.schedules.find(target.name); schedule != all_.schedules.end())
            add_shifts(final_shifts(schedule->second, now_, now_ + looked_ahead));
    } else if (target.kind == TargetKind::rotation) {
        if (const auto [schedule, rotation] = rotation_of(all_, target.name); rotation)
            add_shifts(rotation_shifts(*schedule, rotation->name, now_, now_ + looked_ahead));
    }
    return people;
}

/// A calendar is to say who that is, and has not, or has nobody: that is told elsewhere.
bool Linter::is_unknown(const Target& target) const
{
    const auto says_nothing = [](const Rotation& one) { return !one.ics.empty() && one.versions.empty(); };
    if (target.kind == TargetKind::rotation) {
        const auto [schedule, rotation] = rotation_of(all_, target.name);
        return rotation && says_nothing(*rotation);
    }
    const auto schedule = all_.schedules.find(target.name);
    return (target.kind == TargetKind::schedule || target.kind == TargetKind::next) && schedule != all_.schedules.end()
        && std::any_of(schedule->second.rotations.begin(), schedule->second.rotations.end(), says_nothing);
}

Linter::People Linter::people_of(const Level& level) const
{
    People people;
    std::set<std::string> seen;
    for (const auto& target : level.targets) {
        const auto those = people_of(target);
        people.others = people.others || target.kind == TargetKind::channel || target.kind == TargetKind::webhook
            || target.kind == TargetKind::user_group || target.kind == TargetKind::policy || is_unknown(target);
        for (const auto& person : those)
            if (seen.insert(person).second)
                people.named.push_back(person);
    }
    return people;
}

void Linter::by_severity(std::size_t index, const LevelCondition& when)
{
    if (!when.urgency || when.severities.empty())
        return;
    const bool ruled =
        std::any_of(all_.rules.begin(), all_.rules.end(), [&](const Rule& rule) { return rule.urgency == when.urgency; });
    const bool fits = std::any_of(when.severities.begin(), when.severities.end(),
        [&](const std::string& severity) { return urgency_of(severity) == *when.urgency; });
    if (ruled || fits)
        return;
    const bool high = *when.urgency == Urgency::high;
    warn(index, "when",
        "never runs: alerts of severity " + listed(when.severities, " or ") + " are of " + (high ? "low" : "high")
            + " urgency, and it is for " + (high ? "high" : "low") + " urgency alone",
        "take one of the two conditions out");
}

void Linter::never_runs(std::size_t index, const Level& level)
{
    const auto& when = level.when;
    if (policy_.low_urgency_in_channel && when.urgency == Urgency::low)
        warn(index, "when",
            "never runs: it is for low urgency, and by this policy low urgency goes to the channel and pages nobody",
            "take the level or `low_urgency: channel` out");
    if (when.working_hours && !hours_)
        warn(index, "when", "never runs: it depends on working hours, and no team that pages by this policy has any",
            "give the team `working_hours`, or take the condition out");
    else if (when.working_hours == false && !rests_)
        warn(index, "when", "never runs: it is for the time outside working hours, and whoever pages by this policy always works",
            "make the team's `working_hours` shorter, or take the condition out");
    else if (when.working_hours == false && level.wait_for_working_hours)
        warn(
            index, "when", "never runs: it waits for working hours, and is for the time outside them", "take one of the two out");
    else if (when.working_hours == true && level.wait_for_working_hours)
        warn(index, "wait_for_working_hours", "waits for nothing: it is for working hours alone, and passed over outside them",
            "take the condition out, if it is to wait");
    if (level.wait_for_working_hours && !hours_ && !when.working_hours)
        warn(index, "wait_for_working_hours", "waits for working hours, and no team that pages by this policy has any",
            "give the team `working_hours`, or do not wait");
    by_severity(index, when);
}

void Linter::other_policies(std::size_t index, const Level& level)
{
    for (const auto& target : level.targets) {
        if (target.kind != TargetKind::policy)
            continue;
        if (auto way = way_to_policy(all_, target.name, policy_.name); !way.empty()) {
            way.insert(way.begin(), policy_.name);
            std::string text;
            for (const auto& name : way)
                text += (text.empty() ? "" : " → ") + name;
            warn(index, "targets", "leads back to this policy: " + text, "name a policy that does not name this one");
        }
        const auto other = all_.policies.find(target.name);
        for (std::size_t i = 0; other != all_.policies.end() && i < other->second.levels.size(); ++i)
            if (!both(level.when, other->second.levels[i].when))
                warn(index, "when",
                    "never runs level " + std::to_string(i + 1) + " of policy " + target.name
                        + ": what both are for never comes together",
                    "change the condition of one of the two");
        if (other != all_.policies.end() && (other->second.repeat > 0 || other->second.until_answered))
            warn(index, "targets", "takes the levels of policy " + target.name + " once: its `repeat` counts for nothing here",
                "repeat this policy, if that is meant");
    }
}

void Linter::reaches_nobody(std::size_t index, const Level& level, const People& people)
{
    if (people.others || level.targets.empty())
        return;
    std::vector<std::string> targets, why;
    for (const auto& target : level.targets)
        targets.push_back(words_of(target));
    if (people.named.empty()) {
        warn(index, "targets", "pages nobody in the coming week: nobody stands behind " + listed(targets, " or "),
            "put people into it, or add a target such as user:ana@example.com");
        return;
    }
    if (!known_)
        return;
    for (const auto& person : people.named) {
        const auto one = known_(person, Urgency::high);
        if (one.cannot.empty())
            return;
        why.push_back(mention(one.person) + " " + one.cannot);
    }
    warn(index, "targets", "reaches nobody: " + some_of(why), "add somebody who can answer");
}

void Linter::acknowledgements(std::size_t index, const Level& level, const People& people)
{
    const auto count = static_cast<int>(people.named.size());
    if (people.others || level.acknowledgements <= count || count == 0)
        return;
    warn(index, "acknowledgements",
        "waits for " + std::to_string(level.acknowledgements) + " acknowledgements and pages "
            + (count == 1 ? "one person" : std::to_string(count) + " people"),
        "ask for fewer, or page more people");
}

void Linter::patience(std::size_t index, const Level& level, const People& people)
{
    if (!known_)
        return;
    const auto urgency = level.when.urgency.value_or(Urgency::high);
    const auto time = time_of(level);
    std::vector<std::string> late;
    milliseconds needed{};
    for (const auto& reference : people.named) {
        const auto one = known_(reference, urgency);
        milliseconds after{};
        for (const auto& step : one.steps) {
            if (after >= time) {
                std::vector<std::string> methods;
                for (const auto& method : step.methods) {
                    const auto word = words_of_method_kind(method);
                    if (std::find(methods.begin(), methods.end(), word) == methods.end())
                        methods.push_back(word);
                }
                late.push_back(listed(methods, " and ") + " to " + mention(one.person)
                    + (methods.size() == 1 ? " comes only after " : " come only after ") + duration_out(after));
                needed = std::max(needed, after);
                break;
            }
            after += step.wait;
        }
    }
    if (late.empty())
        return;
    const bool last = index + 1 == policy_.levels.size() && policy_.repeat == 0 && !policy_.until_answered;
    warn(index, "patience",
        "lasts " + duration_out(time) + " until " + (last ? "nobody is waited for any more" : "the next one is paged") + ", and "
            + some_of(late),
        "give it more patience than " + duration_out(needed) + ", or a retry; or have their rules begin sooner");
}

std::vector<Warning> Linter::run()
{
    for (std::size_t i = 0; i < policy_.levels.size(); ++i) {
        const auto& level = policy_.levels[i];
        const auto people = people_of(level);
        never_runs(i, level);
        other_policies(i, level);
        reaches_nobody(i, level, people);
        acknowledgements(i, level, people);
        patience(i, level, people);
    }
    return std::move(found_);
}

} // namespace

std::vector<Warning> lint_policy(
    const Configuration& configuration, const std::string& policy, TimePoint now, const Acquaintances& known)
{
    const auto found = configuration.policies.find(policy);
    return found == configuration.policies.end() ? std::vector<Warning>{}
                                                 : Linter{configuration, found->second, now, known}.run();
}

std::vector<Warning> lint(const Configuration& configuration, TimePoint now, const Acquaintances& known)
{
    std::vector<Warning> all;
    for (const auto& [name, policy] : configuration.policies)
        for (auto& warning : lint_policy(configuration, name, now, known))
            all.push_back(std::move(warning));
    for (const auto& [name, service] : configuration.services)
        for (std::size_t i = 0; i < service.depends_on.size(); ++i) {
            const auto& needs = service.depends_on[i];
            const auto path = "service " + name + ".depends_on[" + std::to_string(i) + "]";
            if (needs == name)
                all.push_back({path, "it depends on itself", "take it out"});
            else if (!configuration.services.contains(needs))
                all.push_back({path, "it depends on " + needs + ", which is no service here", "correct the name, or define it"});
        }
    return all;
}

std::string words_of(const Warning& warning)
{
    return warning.path.substr(0, std::min(warning.path.find(".levels["), warning.path.find(".depends_on["))) + ", "
        + warning.what + ". To mend it: " + warning.fix + ".";
}

} // namespace oncall
