#include "config/addresses.hpp"
#include "config/read.hpp"
#include "config/times.hpp"
#include "oncall/verification.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::TargetKind;
using namespace std::chrono_literals;

/// What a target names that is elsewhere in the file.
void refer_to(Reader& reader, const Place& at, const oncall::Target& target)
{
    switch (target.kind) {
    case TargetKind::schedule:
    case TargetKind::next: reader.refer(at, "schedule", target.name); break;
    case TargetKind::team: reader.refer(at, "team", target.name); break;
    case TargetKind::policy: reader.refer(at, "policy", target.name); break;
    case TargetKind::rotation: reader.refer(at, "rotation", target.name); break;
    case TargetKind::user:
    case TargetKind::channel:
    case TargetKind::user_group:
    case TargetKind::webhook: break;
    }
}

/// What it names must look like.
void check_target(Reader& reader, const Place& at, oncall::Target& target)
{
    const auto& name = target.name;
    if (target.kind == TargetKind::user && !reader.is_person_here(name))
        reader.problem(at, "`" + name + "` is no person", "name people by e-mail, @handle or Slack id (U…)");
    if (target.kind == TargetKind::channel && !is_channel(name))
        reader.problem(
            at, "`" + name + "` is no channel", "write \"channel:#name\" in quotes and small letters, or the channel's id (C…)");
    if (target.kind == TargetKind::user_group && !is_user_group(name))
        reader.problem(at, "`" + name + "` is no user group",
            "write \"user_group:@handle\" in quotes and small letters, or the group's id (S…)");
    if (target.kind == TargetKind::webhook) {
        auto typed = oncall::address_in(oncall::ContactKind::webhook, name);
        if (!typed.problem.empty())
            reader.problem(at, "`" + name + "` is no address that could be called", typed.problem);
        target.name = std::move(typed.address);
    }
}

std::optional<oncall::Target> read_target(Reader& reader, const Place& at)
{
    const auto word = reader.text(at, "targets");
    if (word.empty())
        return std::nullopt;
    auto target = oncall::target_in(word);
    if (!target) {
        reader.problem(at, "`" + word + "` is no target",
            reader.is_person_here(word) ? "did you mean `user:" + word + "`?"
                : is_channel(word)      ? "did you mean `channel:" + word + "`?"
                                   : "write user:…, schedule:…, team:… or \"channel:#…\", rotation:schedule/rotation, next:… "
                                     "(of a schedule), \"user_group:@…\", webhook:https://… or policy:…");
        return std::nullopt;
    }
    if (target->kind == TargetKind::rotation && target->name.find('/') == std::string::npos) {
        reader.problem(at, "`" + word + "` does not say of which schedule", "write it as rotation:schedule/rotation");
        return std::nullopt;
    }
    refer_to(reader, at, *target);
    check_target(reader, at, *target);
    return target;
}

std::optional<oncall::Urgency> read_urgency(Reader& reader, const Fields& in)
{
    const auto word = reader.text(in, "urgency");
    if (word == "high" || word == "low")
        return word == "high" ? oncall::Urgency::high : oncall::Urgency::low;
    if (!word.empty())
        reader.problem(in.at("urgency"), "there is no urgency `" + word + "`", "write high or low");
    return std::nullopt;
}

/// One severity or a list of them, each once, in small letters as alerts have them.
std::vector<std::string> read_severities(Reader& reader, const Fields& in)
{
    std::vector<std::string> found;
    if (!in.has("severity"))
        return found;
    const auto& at = in.at("severity");
    const auto add = [&](const Place& place) {
        auto word = reader.text(place, "severity");
        std::transform(
            word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (!word.empty() && std::find(found.begin(), found.end(), word) != found.end())
            reader.problem(place, "`" + word + "` is there twice", "name each severity once");
        else if (!word.empty())
            found.push_back(std::move(word));
    };
    if (at.node->kind != Node::Kind::list)
        add(at);
    else if (at.node->items.empty())
        reader.problem(at, "`severity` names no severity", "name at least one, as [critical], or leave it out for all");
    else
        for (std::size_t i = 0; i < at.node->items.size(); ++i)
            add(at.item(i));
    return found;
}

oncall::LevelCondition read_when(Reader& reader, const Place& at)
{
    const std::vector<std::string> known{"urgency", "severity", "working_hours"};
    const auto in = reader.fields(at, "the condition of a level", known);
    oncall::LevelCondition when;
    when.urgency = read_urgency(reader, in);
    when.severities = read_severities(reader, in);
    when.working_hours = reader.truth(in, "working_hours");
    if (at.node->kind == Node::Kind::null || (at.node->kind == Node::Kind::mapping && at.node->items.empty()))
        reader.problem(at, "`when` says nothing", "write one of " + joined(known) + ", or leave `when` out");
    return when;
}

oncall::milliseconds read_duration(Reader& reader, const Fields& in, const std::string& key, oncall::milliseconds otherwise)
{
    if (!in.has(key))
        return otherwise;
    const auto duration = oncall::duration_in(in.at(key).node->text);
    if (duration && *duration >= 1s)
        return *duration;
    reader.problem(in.at(key), "`" + key + "` is no time from a second to ten years", "write it as 30s, 5m, 2h or 1d");
    return otherwise;
}

oncall::Order read_order(Reader& reader, const Fields& in)
{
    const auto word = reader.text(in, "order");
    const auto order = oncall::order_in(word);
    if (!order && !word.empty())
        reader.problem(in.at("order"), "there is no order `" + word + "`",
            reader.suggestion(word, {"at_once", "one_by_one", "round_robin"}, "use at_once, one_by_one or round_robin"));
    return order.value_or(oncall::Order::at_once);
}

/// A level that stands for another policy's has nothing of its own but its condition.
void check_policy_alone(Reader& reader, const Fields& in, const oncall::Level& level)
{
    const auto is_policy = [](const oncall::Target& target) { return target.kind == TargetKind::policy; };
    if (std::none_of(level.targets.begin(), level.targets.end(), is_policy))
        return;
    if (in.at("targets").node->items.size() > 1)
        reader.problem(in.at("targets"), "another policy stands on a level with other targets",
            "give `policy:` a level of its own: that policy's levels come in its place");
    for (const auto& [key, place] : in.all())
        if (key != "targets" && key != "when")
            reader.problem(place, "`" + key + "` means nothing on a level that stands for another policy's",
                "write it on the levels of that policy");
}

oncall::Level read_level(Reader& reader, const Place& at)
{
    const auto in = reader.fields(
        at, "a level", {"targets", "patience", "retries", "order", "acknowledgements", "when", "wait_for_working_hours"});
    oncall::Level level;
    for (const auto& item : reader.list(in, "targets"))
        if (auto one = read_target(reader, item))
            level.targets.push_back(std::move(*one));
    if (!in.has("targets") || in.at("targets").node->items.empty())
        reader.problem(in.near("targets"), "a level has no targets", "list them as `targets: [schedule:…]`");
    level.patience = read_duration(reader, in, "patience", level.patience);
    level.retries = reader.number(in, "retries", 0, 0, 20);
    level.order = read_order(reader, in);
    level.acknowledgements = reader.number(in, "acknowledgements", 1, 1, 20);
    if (in.has("when"))
        level.when = read_when(reader, in.at("when"));
    level.wait_for_working_hours = reader.truth(in, "wait_for_working_hours").value_or(false);
    check_policy_alone(reader, in, level);
    return level;
}

void read_repeat(Reader& reader, const Fields& in, oncall::Policy& policy)
{
    if (!in.has("repeat"))
        return;
    const auto& at = in.at("repeat");
    policy.until_answered = at.node->kind == Node::Kind::text && at.node->text == until_answered;
    if (!policy.until_answered && at.node->kind == Node::Kind::text)
        reader.problem(at, "`repeat` must be a whole number", "write a number from 0 to 20, without quotes, or until_answered");
    else if (!policy.until_answered)
        policy.repeat = reader.number(in, "repeat", 0, 0, 20);
}

bool read_low_urgency(Reader& reader, const Fields& in)
{
    const auto word = reader.text(in, "low_urgency");
    if (!word.empty() && word != "channel" && word != "page")
        reader.problem(in.at("low_urgency"), "alerts of low urgency cannot go to `" + word + "`",
            "write channel, where they page nobody, or page");
    return word == "channel";
}

} // namespace

oncall::Policy read_policy(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "policy " + name, {"repeat", "low_urgency", "still_on_it", "again", "levels"});
    oncall::Policy policy;
    policy.name = name;
    read_repeat(reader, in, policy);
    policy.low_urgency_in_channel = read_low_urgency(reader, in);
    policy.still_on_it = read_duration(reader, in, "still_on_it", {});
    if (in.has("again")) {
        const auto again = reader.fields(in.at("again"), "`again`", {"refire", "rise"});
        policy.refire_pages = reader.truth(again, "refire").value_or(policy.refire_pages);
        policy.rise_pages = reader.truth(again, "rise").value_or(policy.rise_pages);
    }
    for (const auto& item : reader.list(in, "levels"))
        policy.levels.push_back(read_level(reader, item));
    if (!in.has("levels") || in.at("levels").node->items.empty())
        reader.problem(in.near("levels"), "policy " + name + " has no levels", "list them under `levels`");
    return policy;
}

} // namespace config
