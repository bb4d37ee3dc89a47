#include "oncall/readiness.hpp"

#include "oncall/policy.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace oncall {

namespace {

constexpr milliseconds look_every = std::chrono::minutes{30}; // a stretch that is shorter goes unnoticed

std::vector<ContactMethod> usable(const Reach& reach, const std::set<ContactKind>& ways)
{
    std::vector<ContactMethod> can(1);
    can.front().kind = ContactKind::slack;
    if (!reach.email.empty() && ways.contains(ContactKind::email)) {
        can.emplace_back().kind = ContactKind::email;
        can.back().address = reach.email;
    }
    for (const auto& method : reach.methods)
        if (ways.contains(method.kind) && is_usable(method))
            can.push_back(method);
    return can;
}

/// The steps by the kinds of their methods alone: which of hers they are is hers alone to see.
std::vector<NotificationStep> of_kinds(std::vector<NotificationStep> steps)
{
    for (auto& step : steps)
        for (auto& method : step.methods)
            method = method.substr(0, method.find(':'));
    return steps;
}

/// Why none of hers wakes her, one sentence for each that might.
void explain(std::vector<std::string>& why, const Reach& reach, const std::set<ContactKind>& ways)
{
    const bool any_way = std::any_of(ways.begin(), ways.end(), wakes);
    bool any = false;
    for (const auto& method : reach.methods) {
        if (!wakes(method.kind))
            continue;
        any = true;
        const std::string it{title(method.kind)}; // its label and address are hers alone to see
        if (!ways.contains(method.kind))
            why.push_back(it + ": no provider is set up for it any more.");
        else if (method.stopped_at != TimePoint{})
            why.push_back(it + ": it was stopped.");
        else if (method.verified_at == TimePoint{})
            why.push_back(it + ": its code was never typed in.");
        else if (!is_usable(method))
            why.push_back(it + ": it can't be used.");
    }
    if (!any && any_way)
        why.push_back("No SMS, phone call or push is set up.");
    if (!any && !any_way)
        why.push_back("Only Slack and e-mail can be used here, and they wake nobody.");
}

struct Found {
    TimePoint at{};
    const NotificationRule* rule{};
};

/// The first moment of the shift whose rule wakes nobody.
std::optional<Found> first_asleep(const ComingShift& shift, const Reach& reach, const std::vector<ContactMethod>& can)
{
    const auto by_time = [](const NotificationRule& rule) { return !rule.windows.empty(); };
    const bool varies = std::any_of(reach.rules.begin(), reach.rules.end(), by_time)
        || std::any_of(reach.team_rules.begin(), reach.team_rules.end(), by_time);
    const auto end = varies ? shift.to : std::min(shift.to, shift.from + look_every);
    for (auto at = shift.from; at < end; at += look_every) {
        const auto& rule = rule_at(reach.rules, reach.team_rules, Urgency::high, at, reach.time_zone);
        if (!can_wake(rule, can))
            return Found{at, &rule};
    }
    return std::nullopt;
}

std::string date(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} {time}|" + iso(at, "UTC") + ">";
}

std::string line_of(const NotReady& one)
{
    const bool is_id = one.person.find('@') == one.person.npos;
    auto text = (is_id ? "<@" + one.person + ">" : one.person)
        + (one.reached ? " may sleep through a page" : " cannot be reached") + " (" + one.shift.by + ", from "
        + date(one.shift.from) + "):";
    for (const auto& sentence : one.why)
        text += " " + sentence;
    return text;
}

} // namespace

std::vector<std::string> words_of(const Readiness& readiness)
{
    const auto count = readiness.not_ready.size();
    const auto rota = "on the rota until " + date(readiness.until);
    std::vector<std::string> words;
    if (readiness.people == 0) {
        words.push_back("Nobody is " + rota + ".");
    } else if (count == 0) {
        words.push_back("✅ Everybody " + rota + " can be woken (" + std::to_string(readiness.people) + ").");
    } else {
        words.push_back("⚠️ " + std::to_string(count) + " of " + std::to_string(readiness.people) + " " + rota
            + (count == 1 ? " is" : " are")
            + " not ready to be paged at night. `/oncall contact` is where each sets that right.");
        for (const auto& one : readiness.not_ready)
            words.push_back(line_of(one));
    }
    for (const auto& group : readiness.unread)
        words.push_back("Who is in user group " + group + " is not known, so its members were not looked at.");
    return words;
}

TimePoint next_report(const Configuration& configuration, TimePoint now)
{
    std::map<std::string, int> zones;
    for (const auto& [name, schedule] : configuration.schedules)
        if (is_time_zone(schedule.time_zone))
            ++zones[schedule.time_zone];
    const auto most = std::max_element(
        zones.begin(), zones.end(), [](const auto& one, const auto& other) { return one.second < other.second; });
    const auto zone = most == zones.end() ? std::string{"UTC"} : most->first;
    const auto today = std::chrono::floor<std::chrono::days>(to_local(now, zone));
    for (auto day = today;; day += std::chrono::days{1})
        if (const auto at = to_instant(day + std::chrono::hours{10}, zone);
            std::chrono::weekday{day} == std::chrono::Monday && at > now)
            return at;
}

std::vector<std::string> unread_groups(const Configuration& configuration, const GroupMembers& groups)
{
    std::set<std::string> names;
    for (const auto& [name, policy] : configuration.policies)
        names.merge(user_groups_of(policy));
    std::vector<std::string> unread;
    std::copy_if(
        names.begin(), names.end(), std::back_inserter(unread), [&](const std::string& name) { return !groups.contains(name); });
    return unread;
}

std::vector<ComingShift> coming_shifts(
    const Configuration& configuration, TimePoint from, TimePoint to, const GroupMembers& groups)
{
    std::vector<ComingShift> found;
    std::set<std::string> seen; // schedules and teams
    for (const auto& [name, policy] : configuration.policies)
        for (const auto& level : policy.levels)
            for (const auto& target : level.targets) {
                if (target.kind == TargetKind::user)
                    found.push_back({target.name, "policy " + name, from, to});
                if (target.kind == TargetKind::user || !seen.insert(target_out(target)).second)
                    continue;
                if (target.kind == TargetKind::team) {
                    if (const auto team = configuration.teams.find(target.name); team != configuration.teams.end())
                        for (const auto& person : team->second.members)
                            found.push_back({person, "team " + target.name, from, to});
                } else if (target.kind == TargetKind::user_group) {
                    if (const auto group = groups.find(target.name); group != groups.end())
                        for (const auto& person : group->second)
                            found.push_back({person, "user group " + target.name, from, to});
                } else if (const auto* const schedule = schedule_of(configuration, target)) {
                    for (const auto& shift : final_shifts(*schedule, from, to))
                        for (const auto& person : shift.people)
                            found.push_back({person, "schedule " + schedule->name, shift.start, shift.end});
                }
            }
    const auto order = [](const ComingShift& one) { return std::tie(one.from, one.person, one.by, one.to); };
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<NotReady> not_ready(
    const std::vector<ComingShift>& shifts, const std::map<std::string, Reach>& reaches, const std::set<ContactKind>& ways)
{
    std::vector<NotReady> found;
    std::set<std::string> told;
    for (const auto& shift : shifts) {
        const auto known = reaches.find(shift.person);
        const auto who = known == reaches.end() || known->second.user.empty() ? shift.person : known->second.user;
        if (told.contains(who))
            continue;
        NotReady one;
        one.person = who;
        one.shift = shift;
        if (known == reaches.end() || known->second.user.empty()) {
            one.why = {"Slack does not know this person."};
        } else if (const auto& kind = known->second.kind; kind == "gone" || kind == "bot" || kind == "stranger") {
            one.why = {kind == "gone" ? "The account is deactivated in Slack."
                    : kind == "bot"   ? "It is an app, and cannot answer."
                                      : "The account is of another workspace."};
        } else {
            const auto can = usable(known->second, ways);
            const auto asleep = first_asleep(shift, known->second, can);
            if (!asleep)
                continue;
            one.reached = !steps_for(*asleep->rule, can).empty();
            if (std::none_of(can.begin(), can.end(), [](const auto& method) { return wakes(method.kind); }))
                explain(one.why, known->second, ways);
            else
                one.why = {"The rule "
                    + (asleep->rule->name.empty() ? std::string{"that holds then"} : "\"" + asleep->rule->name + "\"")
                    + " has no step that wakes: " + words_of(of_kinds(asleep->rule->steps), can)};
        }
        told.insert(who);
        found.push_back(std::move(one));
    }
    return found;
}

} // namespace oncall
