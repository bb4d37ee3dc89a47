#include "oncall/configuration.hpp"

namespace oncall {

namespace {

constexpr std::pair<TargetKind, std::string_view> kinds[]{{TargetKind::user, "user:"}, {TargetKind::schedule, "schedule:"},
    {TargetKind::team, "team:"}, {TargetKind::channel, "channel:"}};

} // namespace

std::optional<Target> target_in(std::string_view text)
{
    for (const auto& [kind, prefix] : kinds)
        if (text.starts_with(prefix) && text.size() > prefix.size())
            return Target{kind, std::string{text.substr(prefix.size())}};
    return std::nullopt;
}

std::string target_out(const Target& target)
{
    for (const auto& [kind, prefix] : kinds)
        if (kind == target.kind)
            return std::string{prefix} + target.name;
    return target.name;
}

} // namespace oncall
