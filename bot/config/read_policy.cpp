#include "config/addresses.hpp"
#include "config/read.hpp"

namespace config {

namespace {

using namespace std::chrono_literals;

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
                                        : "write user:…, schedule:…, team:… or \"channel:#…\"");
        return std::nullopt;
    }
    if (target->kind == oncall::TargetKind::schedule)
        reader.refer(at, "schedule", target->name);
    if (target->kind == oncall::TargetKind::team)
        reader.refer(at, "team", target->name);
    if (target->kind == oncall::TargetKind::user && !reader.is_person_here(target->name))
        reader.problem(at, "`" + target->name + "` is no person", "name people by e-mail, @handle or Slack id (U…)");
    if (target->kind == oncall::TargetKind::channel && !is_channel(target->name))
        reader.problem(at, "`" + target->name + "` is no channel",
            "write \"channel:#name\" in quotes and small letters, or the channel's id (C…)");
    return target;
}

oncall::Level read_level(Reader& reader, const Place& at)
{
    const auto in = reader.fields(at, "a level", {"targets", "patience", "retries"});
    oncall::Level level;
    for (const auto& item : reader.list(in, "targets"))
        if (auto one = read_target(reader, item))
            level.targets.push_back(std::move(*one));
    if (!in.has("targets") || in.at("targets").node->items.empty())
        reader.problem(in.near("targets"), "a level has no targets", "list them as `targets: [schedule:…]`");
    if (in.has("patience")) {
        const auto patience = oncall::duration_in(in.at("patience").node->text);
        if (patience && *patience >= 1s)
            level.patience = *patience;
        else
            reader.problem(
                in.at("patience"), "`patience` is no time from a second to ten years", "write it as 30s, 5m, 2h or 1d");
    }
    level.retries = reader.number(in, "retries", 0, 0, 20);
    return level;
}

} // namespace

oncall::Policy read_policy(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "policy " + name, {"repeat", "levels"});
    oncall::Policy policy;
    policy.name = name;
    policy.repeat = reader.number(in, "repeat", 0, 0, 20);
    for (const auto& item : reader.list(in, "levels"))
        policy.levels.push_back(read_level(reader, item));
    if (!in.has("levels") || in.at("levels").node->items.empty())
        reader.problem(in.near("levels"), "policy " + name + " has no levels", "list them under `levels`");
    return policy;
}

} // namespace config
