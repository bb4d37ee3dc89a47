#include "oncall/command_verbs.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

using Seen = CommandVerb::Seen;
constexpr auto open_to_all = Seen::by_all, privately = Seen::in_private;
constexpr std::nullopt_t no_alert = std::nullopt;

constexpr CommandVerb all_command_verbs[]{
    {"who", "whos oncall on-call", "who is on call, now or at any time"},
    {"help", "? usage commands man", "what I understand"},
    {"status", "alerts incidents open", "the open alerts"},
    {"timeline", "log history", "what was done about an alert, and what was sent to whom"},
    {"show", "", "an alert's card with all there is, for you alone", no_alert, privately},
    {"merge", "", "puts an alert into the group of another, which then stands for both"},
    {"split", "unmerge", "takes an alert out of its group"},
    {"page", "call ring wake", "pages people and says why"},
    {"policy", "policies ladder", "who would be paged by a policy, minute by minute"},
    {"whatif", "what-if what", "how an alert would be routed; pages nobody"},
    {"test", "drill exercise", "a drill: pages by a policy for nothing, and says so"},
    {"override", "put replace", "decides who is on call for a while", no_alert, open_to_all, true},
    {"overrides", "", "the overrides that hold or are to come"},
    {"silence", "", "holds back the pages of what matches, until a time", no_alert, open_to_all, true},
    {"silences", "", "what is silent, by whom and until when, and what it holds"},
    {"maintenance", "maintenances downtime", "holds back pages at planned times, once or again and again", no_alert, open_to_all,
        true},
    {"cover", "", "asks others to take a time of yours"},
    {"swap", "trade exchange", "asks somebody to swap shifts", no_alert, open_to_all, true},
    {"take", "", "asks somebody whether you may be on call instead"},
    {"settings", "config configuration setup", "teams, services, policies, sources and rules", no_alert, open_to_all, true},
    {"source", "sources", "what sends alerts: add one, look at what came, try a payload", no_alert, privately, true},
    {"heartbeats", "heartbeat hb", "what is to be heard of, and whether it was; add, pause or resume one", no_alert, privately,
        true},
    {"service", "services", "a service: whose it is, who is on call, what is wrong", no_alert, privately, true},
    {"team", "teams", "a team: its people, services and hours", no_alert, privately, true},
    {"contact", "contacts notifications phone", "how you are reached", no_alert, privately, true},
    {"rules", "", "when which of your ways is used", no_alert, privately, true},
    {"readiness", "ready", "who of the coming week cannot be reached", no_alert, privately},
    {"handoff", "handover hand-off hand-over", "a note for whoever comes on call after you"},
    {"reminders", "reminder", "of which shifts you are told ahead", no_alert, privately, true},
    {"changes", "deploys deployments", "what was changed in a service lately"},
    {"calendars", "feeds", "the calendars that are read, and how old they are", no_alert, privately},
    {"directory", "directories", "the directories that services come from, and what each changed", no_alert, privately},
    {"calendar", "ics ical", "your shifts in your calendar app", no_alert, privately, true, true},
    {"away", "vacation pto ooo absent absence absences", "you are away, and hear of shifts in that time", no_alert, privately},
    {"schedule", "schedules rota roster", "a picture of a schedule", no_alert, open_to_all, true},
    {"coverage", "gaps", "gaps, people whom no page reaches, too little rest", no_alert, privately},
    {"me", "shifts", "when you are on call"},
    {"report", "reports hours", "hours on call of each person", no_alert, privately},
    {"ack", "acknowledge", "you take an alert, and nobody else is paged for it", Verb::acknowledge},
    {"unack", "unacknowledge", "you give an alert back", Verb::unacknowledge},
    {"promise", "onit on-it", "you are on it soon, and are reminded", Verb::promise},
    {"escalate", "", "pages the next level at once", Verb::escalate},
    {"notme", "decline not-me pass", "whoever is next is paged at once", Verb::decline},
    {"reassign", "assign transfer", "pages somebody else instead", Verb::reassign},
    {"add", "invite", "asks somebody to help", Verb::add_responder},
    {"join", "", "you are on the way to help", Verb::join},
    {"snooze", "mute pause", "quiet for a while", Verb::snooze},
    {"resolve", "resolved fixed close done solve", "it is over", Verb::resolve},
    {"reopen", "re-open", "it is not over", Verb::reopen},
    {"note", "comment", "a line for everybody who looks at an alert", Verb::note},
    {"undo", "oops", "takes your last answer back", Verb::undo},
    {"cancel", "stop abort", "nobody else is paged, and you have it", Verb::cancel},
    {"still", "stillonit still-on-it", "yes, you are still on it", Verb::still_on_it},
};

bool is_called(const CommandVerb& one, std::string_view word)
{
    if (word == one.word)
        return true;
    for (auto rest = one.also; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == word)
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

} // namespace

std::span<const CommandVerb> command_verbs() { return all_command_verbs; }

bool may_change(const CommandVerb& verb)
{
    constexpr std::string_view of_no_alert[]{
        "page", "test", "override", "silence", "cover", "take", "away", "handoff", "heartbeats", "merge", "split"};
    return verb.verb || std::find(std::begin(of_no_alert), std::end(of_no_alert), verb.word) != std::end(of_no_alert);
}

const CommandVerb* command_verb(std::string_view word)
{
    const auto low = lower(word);
    for (const auto& one : all_command_verbs)
        if (is_called(one, low))
            return &one;
    return nullptr;
}

std::vector<std::string> command_words()
{
    std::vector<std::string> words;
    for (const auto& one : all_command_verbs) {
        words.emplace_back(one.word);
        for (auto rest = one.also; !rest.empty();) {
            const auto end = std::min(rest.find(' '), rest.size());
            words.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return words;
}

} // namespace oncall
