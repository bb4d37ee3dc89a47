#include "oncall/setup.hpp"

#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"

namespace oncall {

namespace {

constexpr std::size_t most_named = 5;

/// "a, b and 3 more"
std::string few(std::vector<std::string> names)
{
    if (names.size() > most_named) {
        const auto more = names.size() - most_named;
        names.resize(most_named);
        names.push_back(std::to_string(more) + " more");
    }
    return listed(names);
}

/// "Team a has", "Teams a and b have"
std::string have(const std::string& noun, const std::vector<std::string>& names)
{
    return noun + (names.size() == 1 ? " " : "s ") + few(names) + (names.size() == 1 ? " has" : " have");
}

struct Steps {
    std::vector<SetupStep>& all;
    void operator()(std::string what, std::string fix) const { (*this)(std::move(what), std::move(fix), std::string{}); }
    void operator()(std::string what, std::string fix, std::string kind) const
    {
        SetupStep step;
        step.what = std::move(what);
        step.fix = std::move(fix);
        step.kind = std::move(kind);
        all.push_back(std::move(step));
    }
};

bool is_empty(const Schedule& schedule, TimePoint now)
{
    const auto on_call = who_is_on_call(schedule, now);
    return on_call.people.empty() && on_call.next.empty();
}

} // namespace

std::vector<SetupStep> steps_left(const Configuration& configuration, const SetupFacts& facts, TimePoint now)
{
    std::vector<SetupStep> steps;
    const Steps add{steps};
    if (!facts.missing_scopes.empty()) {
        std::string scopes;
        for (const auto& scope : facts.missing_scopes)
            scopes += (scopes.empty() ? "" : "; ") + scope;
        add((facts.missing_scopes.size() == 1 ? "Slack has not given me the scope " : "Slack has not given me the scopes ")
                + scopes + ".",
            "Copy the scopes of manifest/slack.yaml into the app's manifest at api.slack.com/apps, and install it again.");
    }
    if (!facts.has_fallback)
        add("There is no channel for what nobody answers.", "Set ONCALL_CHANNEL, for example to #ops, and start me again.");

    if (configuration.schedules.empty())
        add("There is no schedule, so nobody is on call.", "`/oncall schedule` makes one: who, in which order, from when.");
    std::vector<std::string> empty;
    for (const auto& [name, schedule] : configuration.schedules)
        if (is_empty(schedule, now))
            empty.push_back(name);
    if (!empty.empty())
        add(have("Schedule", empty) + " nobody, now or later.", "`/oncall schedule " + empty.front() + "` puts people on it.");
    if (configuration.policies.empty())
        add("There is no policy, so no alert can page anybody.", "Make one: whom to try, and how long to wait.", "policy");
    if (configuration.teams.empty())
        add("There is no team, so no alert is anybody's.", "Make one, with its people, a channel and a policy.", "team");

    std::vector<std::string> without_policy, without_channel, lost;
    for (const auto& [name, team] : configuration.teams) {
        if (policy_of_team(configuration, name).empty())
            without_policy.push_back(name);
        if (team.channel.empty())
            without_channel.push_back(name);
    }
    for (const auto& [name, service] : configuration.services) {
        if (policy_of_service(configuration, name).empty())
            lost.push_back(name);
    }
    if (!lost.empty())
        add(have("Service", lost) + " no policy, nor has the team: alerts page nobody.", "Choose one for each of them.",
            "service");
    if (!without_policy.empty())
        add(have("Team", without_policy) + " no policy: a page to the team reaches all its people at once.",
            "Choose one for each of them.", "team");
    if (!without_channel.empty())
        add(have("Team", without_channel) + " no channel, so nobody sees cards of its alerts there.",
            "Choose one for each of them.", "team");
    if (configuration.sources.empty())
        add("Nothing sends alerts yet.", "`/oncall source add` makes a source, and shows what to paste into your monitoring.",
            "source");
    if (const auto& silent = facts.silent_sources; !silent.empty())
        add(have("Source", silent) + " not sent anything yet.",
            "`/oncall source " + silent.front() + "` shows the lines to paste, and waits for the first event with you.",
            "source");

    if (!facts.strangers.empty()) {
        std::vector<std::string> people;
        for (const auto& [person, places] : facts.strangers)
            people.push_back(mention(person) + (places.empty() ? "" : " (" + places.front() + ")"));
        add("Slack does not know " + few(people) + ".",
            "Correct the address, or name a Slack id or @handle: nobody pages them now.", "team");
    }
    for (const auto& trouble : facts.troubles)
        add(trouble, "");
    if (!facts.can_wake)
        add("Nothing is set up that wakes anybody at night: there are only Slack and e-mail.",
            "Set TWILIO_ACCOUNT_SID and what goes with it for SMS and calls, or NTFY_URL or PUSHOVER_TOKEN for push.");
    if (!facts.has_admins)
        add("Nobody is named as an administrator, so every member may change everything.",
            "Set ONCALL_ADMINS to your address, and start me again.");
    if (!facts.has_heartbeat)
        add("Nobody would notice if I were down.", "Set ONCALL_HEARTBEAT_URL to an address of a monitoring outside.");
    return steps;
}

} // namespace oncall
