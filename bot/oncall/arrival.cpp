#include "oncall/arrival.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace oncall {

namespace {

constexpr std::array<std::pair<Hold::Kind, std::string_view>, 4> hold_kinds{{{Hold::Kind::delay, "delay"},
    {Hold::Kind::flapping, "flapping"}, {Hold::Kind::silence, "silence"}, {Hold::Kind::maintenance, "maintenance"}}};

} // namespace

std::string_view name(Hold::Kind kind)
{
    for (const auto& [one, its] : hold_kinds)
        if (one == kind)
            return its;
    return {};
}

Hold::Kind hold_kind_in(std::string_view name)
{
    for (const auto& [kind, its] : hold_kinds)
        if (its == name)
            return kind;
    return Hold::Kind::delay;
}

Arrival arrival_of(const Routed& routed, const Circumstances& around, TimePoint now)
{
    if (routed.suppress)
        return {Arrival::Course::keep};
    if (around.group.value != 0)
        return {Arrival::Course::join};
    if (!routed.page)
        return {Arrival::Course::show};
    auto holds = around.holds;
    if (routed.delay > milliseconds{})
        holds.push_back({Hold::Kind::delay, 0, now + routed.delay, "its rule waits for " + duration_out(routed.delay)});
    std::erase_if(holds, [&](const Hold& hold) { return hold.until <= now; });
    if (holds.empty())
        return {Arrival::Course::page};
    const auto last = std::max_element(holds.begin(), holds.end(), [](const Hold& one, const Hold& other) {
        return std::pair{one.until, one.kind} < std::pair{other.until, other.kind};
    });
    return {Arrival::Course::hold, *last};
}

bool breaks(const Hold& hold, const Reported& now_is)
{
    return now_is.rose && (hold.kind == Hold::Kind::delay || hold.kind == Hold::Kind::flapping);
}

} // namespace oncall
