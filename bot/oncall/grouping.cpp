#include "oncall/grouping.hpp"

#include <algorithm>

namespace oncall {

namespace {

bool is_wanted(Hold::Kind kind) { return kind == Hold::Kind::silence || kind == Hold::Kind::maintenance; }

} // namespace

bool takes(const Group& group, const Comer& comer, milliseconds within, TimePoint now)
{
    if (group.members >= most_in_group || now - group.began_at > group_lasts || now - group.last_at > within)
        return false;
    if (!comer.pages)
        return true;
    if (!group.looked_after)
        return false;
    const bool silenced =
        std::any_of(comer.holds.begin(), comer.holds.end(), [](const Hold& hold) { return is_wanted(hold.kind); });
    const bool group_is_silenced = group.held && is_wanted(*group.held);
    if (silenced != group_is_silenced)
        return false;
    return !group.held || !comer.holds.empty();
}

std::string worse_by(const Group& group, const std::string& severity, Urgency urgency)
{
    const auto rank = severity_rank(severity);
    if (urgency == Urgency::high && rank && *rank > group.worst)
        return "with severity " + severity;
    if (urgency == Urgency::high && group.urgency == Urgency::low)
        return "with high urgency";
    return {};
}

void add_to(Group& group, const std::string& severity, Urgency urgency)
{
    group.worst = std::max(group.worst, severity_rank(severity).value_or(-1));
    if (urgency == Urgency::high)
        group.urgency = Urgency::high;
}

} // namespace oncall
