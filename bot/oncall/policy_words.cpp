#include "oncall/policy_words.hpp"

#include "oncall/contact.hpp"

namespace oncall {

namespace {

std::string host_of(const std::string& url)
{
    const auto scheme = url.find("://");
    const auto begin = scheme == url.npos ? 0 : scheme + 3;
    const auto end = url.find_first_of("/:?#", begin);
    return url.substr(begin, end == url.npos ? url.npos : end - begin);
}

void add(std::string& text, const std::string& more, const char* between = ", ")
{
    if (!more.empty())
        text += (text.empty() ? "" : between) + more;
}

} // namespace

std::string words_of(const Target& target)
{
    const auto& name = target.name;
    switch (target.kind) {
    case TargetKind::user: return name.find('@') == name.npos ? "<@" + name + ">" : name;
    case TargetKind::schedule: return "schedule " + name;
    case TargetKind::team: return "team " + name;
    case TargetKind::channel: return name;
    case TargetKind::rotation: {
        const auto slash = name.find('/');
        return slash == name.npos ? "rotation " + name
                                  : "rotation " + name.substr(slash + 1) + " of schedule " + name.substr(0, slash);
    }
    case TargetKind::next: return "who is on call next by schedule " + name;
    case TargetKind::user_group: return "user group " + name;
    case TargetKind::webhook: return "a webhook at " + host_of(name);
    case TargetKind::policy: break;
    }
    return "policy " + name;
}

std::string words_of_method_kind(const std::string& method)
{
    const auto named = method_in(method);
    if (!named)
        return method;
    switch (named->kind) {
    case ContactKind::slack: return "Slack";
    case ContactKind::email: return "e-mail";
    case ContactKind::sms: return "SMS";
    case ContactKind::voice: return "call";
    case ContactKind::webhook: return "webhook";
    default: break;
    }
    return "push";
}

std::string words_of(const LevelCondition& when)
{
    std::string text;
    if (when.urgency)
        add(text, *when.urgency == Urgency::high ? "high urgency" : "low urgency");
    std::string severities;
    for (const auto& severity : when.severities)
        add(severities, severity, " or ");
    if (!severities.empty())
        add(text, "severity " + severities);
    if (when.working_hours)
        add(text, *when.working_hours ? "in working hours" : "outside working hours");
    return text.empty() ? text : "only for " + text;
}

std::string words_of(const Level& level)
{
    auto text = words_of(level.when);
    add(text, level.wait_for_working_hours ? "waits for working hours" : "", "; ");
    const auto tries = level.retries + 1;
    auto how = tries == 1 ? duration_out(level.patience) : std::to_string(tries) + " tries of " + duration_out(level.patience);
    if (level.order == Order::one_by_one)
        how += " each, one person after the other";
    if (level.order == Order::round_robin)
        how += " each, one person after the other, beginning with another one for each page";
    add(text, how, "; ");
    if (level.acknowledgements > 1)
        add(text, std::to_string(level.acknowledgements) + " people must acknowledge", "; ");
    return text;
}

} // namespace oncall
