#include "oncall/cover.hpp"

#include "oncall/escalation.hpp"
#include "oncall/overrides.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/who_may.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace oncall {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array request_kinds{std::pair{RequestKind::cover, std::string_view{"cover"}},
    std::pair{RequestKind::swap, std::string_view{"swap"}}, std::pair{RequestKind::take, std::string_view{"take"}}};
constexpr std::array states{std::pair{CoverState::open, std::string_view{"open"}},
    std::pair{CoverState::partly_taken, std::string_view{"partly taken"}},
    std::pair{CoverState::taken, std::string_view{"taken"}}, std::pair{CoverState::cancelled, std::string_view{"cancelled"}},
    std::pair{CoverState::declined, std::string_view{"declined"}}, std::pair{CoverState::ended, std::string_view{"ended"}}};

constexpr std::array audiences{std::pair{CoverAudience::channel, std::string_view{"channel"}},
    std::pair{CoverAudience::member, std::string_view{"member"}},
    std::pair{CoverAudience::reminder, std::string_view{"reminder"}},
    std::pair{CoverAudience::last_call, std::string_view{"last call"}},
    std::pair{CoverAudience::requester, std::string_view{"requester"}},
    std::pair{CoverAudience::asked, std::string_view{"asked"}}};

constexpr milliseconds next_within{hours{24 * 60}};
constexpr milliseconds before_beginning[]{hours{24}, hours{4}, hours{1}};
constexpr milliseconds last_call_before{minutes{30}};
/// Whoever was asked a moment ago is not reminded yet.
constexpr milliseconds first_reminder_after{minutes{30}};

template <class One, class All> std::string_view name_among(const All& all, One one)
{
    for (const auto& [value, name] : all)
        if (value == one)
            return name;
    return all.front().second;
}

template <class One, class All> std::optional<One> value_named(const All& all, std::string_view text)
{
    for (const auto& [value, name] : all)
        if (name == text)
            return value;
    return std::nullopt;
}

bool names_person(const std::vector<std::string>& all, const std::string& one)
{
    return std::find(all.begin(), all.end(), one) != all.end();
}

std::vector<Span> joined_spans(std::vector<Span> all)
{
    std::sort(all.begin(), all.end());
    std::vector<Span> whole;
    for (const auto& one : all)
        if (!whole.empty() && one.from <= whole.back().to)
            whole.back().to = std::max(whole.back().to, one.to);
        else
            whole.push_back(one);
    return whole;
}

std::vector<Span> common(const std::vector<Span>& all, Span within)
{
    std::vector<Span> cut;
    for (const auto& one : all)
        if (const Span both{std::max(one.from, within.from), std::min(one.to, within.to)}; both.from < both.to)
            cut.push_back(both);
    return cut;
}

std::string spans_written(const std::vector<Span>& all)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : ", ") + written(one);
    return text;
}

std::string takers(const CoverRequest& request)
{
    std::string text;
    for (const auto& part : request.parts)
        text += (text.empty() ? "" : "; ") + std::string{"<@"} + part.taker + "> has it: " + written(part.when);
    return text;
}

/// With what is left of it, it ends.
TimePoint deadline_of(const CoverRequest& request)
{
    if (request.kind == RequestKind::swap)
        return std::min(request.when.from, request.theirs.from);
    const auto& left = request.left;
    const auto first = request.kind == RequestKind::take || left.empty() ? request.when.from : left.front().from;
    const auto last = request.kind == RequestKind::take || left.empty() ? request.when.to : left.back().to;
    return first > request.opened_at ? first : last;
}

} // namespace

std::string_view name(RequestKind kind) { return name_among(request_kinds, kind); }
std::string_view name(CoverState state) { return name_among(states, state); }

std::string_view name(CoverAudience audience) { return name_among(audiences, audience); }

std::optional<RequestKind> request_kind_in(std::string_view text) { return value_named<RequestKind>(request_kinds, text); }
std::optional<CoverState> cover_state_in(std::string_view text) { return value_named<CoverState>(states, text); }
std::optional<CoverAudience> cover_audience_in(std::string_view text) { return value_named<CoverAudience>(audiences, text); }

bool is_open(const CoverRequest& request)
{
    return request.state == CoverState::open || request.state == CoverState::partly_taken;
}

std::vector<Span> on_call_spans(const Schedule& schedule, const Known& known, const std::string& person, Span within)
{
    std::vector<Span> all;
    if (within.from >= within.to)
        return all;
    for (const auto& shift : final_shifts(schedule, within.from, within.to))
        if (std::any_of(
                shift.people.begin(), shift.people.end(), [&](const auto& one) { return known_as(one, known) == person; }))
            all.push_back({shift.start, shift.end});
    return joined_spans(std::move(all));
}

std::vector<Span> next_spans(
    const Schedule& schedule, const Known& known, const std::string& person, TimePoint now, std::size_t most)
{
    auto all = on_call_spans(schedule, known, person, {now, now + next_within});
    // One that goes on then is there as a whole.
    if (!all.empty() && all.back().to == now + next_within)
        all.back().to = on_call_spans(schedule, known, person, {all.back().from, all.back().from + longest_override}).front().to;
    if (all.size() > most)
        all.resize(most);
    return all;
}

std::vector<Span> left_of(const CoverRequest& request, const std::vector<Span>& hers, TimePoint now)
{
    auto left =
        common(joined_spans(hers), {std::max(request.when.from, std::min(request.opened_at, request.when.to)), request.when.to});
    std::erase_if(left, [&](const Span& one) { return one.to <= now; });
    return left;
}

std::vector<CoverPart> kept_of(const std::vector<CoverPart>& parts, const std::vector<Span>& left)
{
    std::vector<CoverPart> kept;
    for (const auto& part : parts) {
        auto rest = part;
        for (const auto& one : joined_spans(left)) {
            if (one.to <= rest.when.from || rest.when.to <= one.from)
                continue;
            if (rest.when.from < one.from) {
                kept.push_back(rest);
                kept.back().when.to = one.from;
            }
            rest.when.from = std::min(one.to, rest.when.to);
        }
        if (rest.when.from < rest.when.to)
            kept.push_back(std::move(rest));
    }
    return kept;
}

CoverState state_of(const CoverRequest& request, const std::vector<Span>& left)
{
    const bool was_taken = request.state == CoverState::taken;
    if (!is_open(request) && !was_taken)
        return request.state;
    if (!left.empty())
        return request.parts.empty() ? CoverState::open : CoverState::partly_taken;
    std::vector<Span> parts;
    for (const auto& part : request.parts)
        parts.push_back(part.when);
    const auto covered = joined_spans(std::move(parts));
    // What had passed when it was opened belongs to nobody.
    const auto from = std::max(request.when.from, std::min(request.opened_at, request.when.to));
    const bool all = covered.size() == 1 && covered.front().from <= from && covered.front().to >= request.when.to;
    return all || was_taken ? CoverState::taken : CoverState::ended;
}

std::vector<CoverDue> plan_of(const CoverRequest& request)
{
    std::vector<CoverDue> plan;
    if (!is_open(request))
        return plan;
    const auto deadline = deadline_of(request);
    if (request.kind == RequestKind::cover) {
        const bool runs = !request.left.empty() && request.left.front().from <= request.opened_at;
        const auto last_call = runs ? request.opened_at : std::max(deadline - last_call_before, request.opened_at);
        for (const auto before : before_beginning)
            if (!runs && deadline - before >= request.opened_at + first_reminder_after)
                plan.push_back({CoverStep::remind, deadline - before});
        plan.push_back({CoverStep::last_call, last_call});
    }
    plan.push_back({CoverStep::end, deadline});
    return plan;
}

std::optional<CoverStep> due_step(const CoverRequest& request, TimePoint now)
{
    std::optional<CoverStep> due;
    for (const auto& one : plan_of(request))
        if (one.at <= now && (one.at > request.done_until || one.step == CoverStep::end))
            due = one.step;
    return due;
}

std::optional<TimePoint> next_due(const CoverRequest& request, TimePoint now)
{
    for (const auto& one : plan_of(request))
        if (one.at > request.done_until || one.step == CoverStep::end)
            return std::max(one.at, now);
    return std::nullopt;
}

std::vector<Span> taken_of(const CoverRequest& request, const std::optional<Span>& wish, TimePoint now)
{
    if (wish && wish->to <= wish->from)
        throw Refusal{"It must end after it begins."};
    const auto wanted = wish.value_or(request.when);
    auto taken = common(request.left, {std::max(wanted.from, now), wanted.to});
    if (taken.empty())
        throw Refusal{"Nothing of that is open. What is: " + spans_written(request.left) + "."};
    const auto open = common(request.left, {std::max(request.when.from, now), request.when.to});
    milliseconds length{};
    for (const auto& one : taken)
        length += one.to - one.from;
    if (taken != open && length < least_part)
        throw Refusal{"Take 15 minutes at least, or all that is open: " + spans_written(open) + "."};
    if (taken != open && request.parts.size() >= most_cover_parts)
        throw Refusal{"It is in " + std::to_string(request.parts.size())
            + " parts already. Take all that is open: " + spans_written(open) + "."};
    return taken;
}

std::vector<Span> outside(const std::vector<Span>& all, const std::vector<Span>& gone)
{
    std::vector<Span> rest;
    const auto holes = joined_spans(gone);
    for (auto one : all) {
        for (const auto& hole : holes) {
            if (hole.to <= one.from || one.to <= hole.from)
                continue;
            if (one.from < hole.from)
                rest.push_back({one.from, hole.from});
            one.from = std::min(hole.to, one.to);
        }
        if (one.from < one.to)
            rest.push_back(one);
    }
    return rest;
}

const std::string& giver_of(const CoverRequest& request, const CoverPart& part)
{
    return part.taker == request.requester ? request.other : request.requester;
}

std::string closed_words(const CoverRequest& request)
{
    const auto whose = "<@" + request.requester + ">";
    switch (request.state) {
    case CoverState::open:
    case CoverState::partly_taken: return {};
    case CoverState::taken: return request.parts.empty() ? "It is settled already." : takers(request) + ".";
    case CoverState::cancelled: return whose + " has called it off.";
    case CoverState::declined: return "<@" + request.other + "> has said no.";
    case CoverState::ended: break;
    }
    if (!request.why.empty())
        return request.why;
    if (request.kind == RequestKind::swap)
        return "A shift of it has begun, so it cannot be swapped any more.";
    if (request.kind == RequestKind::take)
        return "That time has begun, so <@" + request.other + "> keeps it.";
    return "That time has begun, and " + whose + " is on call" + (request.parts.empty() ? "." : "; " + takers(request) + ".");
}

std::vector<std::string> others_of(const Schedule& schedule, const Known& known, const std::string& without)
{
    std::vector<std::string> all;
    const auto add = [&](const Rotation& rotation) {
        for (const auto& turn : rotation.turns)
            for (const auto& person : turn)
                if (const auto id = known_as(person, known); id != without && id.find('@') == id.npos && !names_person(all, id))
                    all.push_back(id);
    };
    for (const auto& rotation : schedule.rotations) {
        add(rotation);
        for (const auto& version : rotation.versions)
            add(version);
    }
    return all;
}

std::vector<std::string> next_levels(const Configuration& configuration, const std::string& schedule, const Known& known,
    TimePoint at, const std::vector<std::string>& asked)
{
    std::set<std::string> policies;
    for (const auto& name : teams_of(configuration, schedule)) {
        policies.insert(policy_of_team(configuration, name));
        for (const auto& [service, its] : configuration.services)
            if (its.team == name)
                policies.insert(its.policy);
    }
    for (const auto& name : policies) {
        const auto found = policy_in(configuration, name);
        if (!found)
            continue;
        const auto policy = expanded(*found, configuration);
        bool after = false;
        for (const auto& level : policy.levels) {
            const bool asks_it = std::any_of(level.targets.begin(), level.targets.end(), [&](const Target& target) {
                const auto* const its = schedule_of(configuration, target);
                return its && its->name == schedule;
            });
            if (after && !asks_it) {
                std::vector<std::string> people;
                for (const auto& person : reach(level.targets, configuration, at).people())
                    if (const auto id = known_as(person, known);
                        id.find('@') == id.npos && !names_person(asked, id) && !names_person(people, id))
                        people.push_back(id);
                if (!people.empty())
                    return people;
            }
            after = after || asks_it;
        }
    }
    return {};
}

void permit_taker(const Asker& asker) { permit(Deed::take_shift, asker.kind, asker.stranger); }

} // namespace oncall
