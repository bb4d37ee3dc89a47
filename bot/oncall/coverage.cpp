#include "oncall/coverage.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace oncall {

namespace {

constexpr milliseconds coverage_looked_back{15 * 24h};
constexpr milliseconds one_series{3 * 24h};
constexpr milliseconds holds_nights{24h};
constexpr milliseconds clocks_set_back{1h}; // two weeks by the calendar are no more than two weeks
constexpr std::size_t most_stretches = 400; // of one finding

constexpr std::array<std::pair<FindingKind, std::string_view>, 5> finding_names{
    {{FindingKind::gap, "gap"}, {FindingKind::gone, "gone"}, {FindingKind::doubled, "double"}, {FindingKind::no_rest, "rest"},
        {FindingKind::night, "night"}}};

milliseconds span_length(const Span& span) { return span.to - span.from; }

/// Somebody is on call without a break.
struct OnDuty {
    Span when{};
    std::string rotation{};
};
using Duties = std::map<std::string, std::vector<OnDuty>>; // by who they are

class CoverageLook {
public:
    CoverageLook(const Schedule& schedule, const RotaPeople& people, TimePoint from, TimePoint to)
        : schedule_{schedule}
        , people_{people}
        , from_{from}
        , to_{to}
    {
        add_zone(schedule.time_zone);
        for (const auto& rotation : schedule.rotations) {
            add_zone(rotation.time_zone);
            for (const auto& version : rotation.versions)
                add_zone(version.time_zone);
        }
        see_duties();
    }
    Coverage run(std::size_t most);

private:
    void add_zone(const std::string& zone)
    {
        if (!zone.empty() && is_time_zone(zone))
            zones_.insert(zone);
    }
    const RotaPerson& who(const std::string& person) const
    {
        static const RotaPerson unknown;
        const auto found = people_.find(person);
        return found == people_.end() ? unknown : found->second;
    }
    std::string id_of(const std::string& person) const
    {
        const auto& known = who(person);
        return known.user.empty() ? person : known.user;
    }
    void see_duties();
    void see_person(const std::string& person);
    bool was_so(const std::vector<Span>& all, const Span& one, std::initializer_list<int> days_before) const;
    void uncovered_or_doubled(FindingKind kind, const std::vector<Shift>& shifts);
    void beyond_reach();
    void too_long();
    void too_short();
    void nights();
    bool is_night(const std::string& zone, const Span& when) const;
    bool somebody_has_day(const std::string& but, TimePoint at) const;
    /// Adds it to the last of the same kind and people, if that was within three days.
    void add(Finding one);
    milliseconds covered() const;

    const Schedule& schedule_;
    const RotaPeople& people_;
    TimePoint from_;
    TimePoint to_;
    std::set<std::string> zones_{};
    Duties duties_{};
    std::map<std::string, RotaPerson> seen_{}; // everybody of the rotations and the shifts, by who they are
    std::vector<Finding> found_{};
};

void CoverageLook::see_person(const std::string& person) { seen_.emplace(id_of(person), who(person)); }

void CoverageLook::see_duties()
{
    for (const auto& rotation : schedule_.rotations) {
        for (const auto& turn : rotation.turns)
            for (const auto& person : turn)
                see_person(person);
        for (const auto& version : rotation.versions)
            for (const auto& turn : version.turns)
                for (const auto& person : turn)
                    see_person(person);
    }
    for (const auto& shift : final_shifts(schedule_, from_ - coverage_looked_back, to_))
        for (const auto& person : shift.people) {
            see_person(person);
            auto& hers = duties_[id_of(person)];
            if (!hers.empty() && shift.start <= hers.back().when.to)
                hers.back().when.to = std::max(hers.back().when.to, shift.end);
            else
                hers.push_back({{shift.start, shift.end}, shift.rotation});
        }
}

void CoverageLook::add(Finding one)
{
    if (one.to() <= from_)
        return;
    const bool is_mine = one.kind != FindingKind::gap && one.kind != FindingKind::doubled;
    for (auto before = found_.rbegin(); is_mine && before != found_.rend() && before->kind == one.kind; ++before)
        if (before->people == one.people && before->why == one.why && before->usual == one.usual) {
            if (one.from() - before->to() > one_series || before->stretches.size() >= most_stretches)
                break;
            before->stretches.push_back(one.stretches.front());
            return;
        }
    found_.push_back(std::move(one));
}

/// Whether one of `all`, which are in order, held all through the same local time so many days before.
bool CoverageLook::was_so(const std::vector<Span>& all, const Span& one, std::initializer_list<int> days_before) const
{
    for (const auto& zone : zones_)
        for (const int back : days_before) {
            const auto before = [&](TimePoint at) { return to_instant(to_local(at, zone) - std::chrono::days{back}, zone); };
            const Span then{before(one.from), before(one.to)};
            auto after =
                std::upper_bound(all.begin(), all.end(), then.from, [](TimePoint at, const Span& it) { return at < it.from; });
            if (after != all.begin() && std::prev(after)->to >= then.to)
                return true;
        }
    return false;
}

void CoverageLook::uncovered_or_doubled(FindingKind kind, const std::vector<Shift>& shifts)
{
    std::vector<Span> all;
    // Who is on call together changes at each handoff; that several are does not.
    std::vector<Shift> joined;
    for (const auto& shift : shifts) {
        if (!joined.empty() && joined.back().end == shift.start && joined.back().overridden == shift.overridden) {
            joined.back().end = shift.end;
            for (const auto& person : shift.people)
                if (auto& people = joined.back().people; std::find(people.begin(), people.end(), person) == people.end())
                    people.push_back(person);
        } else {
            joined.push_back(shift);
        }
        if (!all.empty() && all.back().to == shift.start)
            all.back().to = shift.end;
        else
            all.push_back({shift.start, shift.end});
    }
    Finding usual;
    usual.kind = kind;
    usual.usual = true;
    for (const auto& shift : joined) {
        const Span when{shift.start, shift.end};
        if (shift.end <= from_)
            continue;
        const bool ever = shift.start <= from_ - coverage_looked_back && kind == FindingKind::doubled;
        if (!shift.overridden && (ever || was_so(all, when, {1, 7}))) {
            if (usual.stretches.size() < most_stretches)
                usual.stretches.push_back(when);
            continue;
        }
        Finding one;
        one.kind = kind;
        one.stretches = {when};
        for (const auto& person : shift.people)
            one.people.push_back(id_of(person));
        add(std::move(one));
    }
    if (!usual.stretches.empty())
        found_.push_back(std::move(usual));
}

void CoverageLook::beyond_reach()
{
    for (const auto& [person, duties] : duties_)
        for (const auto& duty : duties)
            if (const auto& kind = seen_.at(person).kind; is_beyond_reach(kind))
                add({FindingKind::gone, {duty.when}, {person}, duty.rotation, kind});
}

void CoverageLook::too_long()
{
    for (const auto& [person, duties] : duties_)
        for (const auto& duty : duties)
            if (span_length(duty.when) > longest_on_call + clocks_set_back)
                add({FindingKind::no_rest, {{duty.when.from + longest_on_call, duty.when.to}}, {person}, duty.rotation, "long"});
}

void CoverageLook::too_short()
{
    for (const auto& [person, duties] : duties_) {
        // Shifts with less than a night between them; each finding is of the one that should not come so soon.
        std::optional<TimePoint> since, until;
        for (const auto& duty : duties) {
            if (span_length(duty.when) >= holds_nights) {
                since.reset();
                until.reset();
                continue;
            }
            const bool rested = !until || duty.when.from - *until >= least_rest;
            if (rested)
                since = duty.when.from;
            else if (duty.when.to - *since > holds_nights - least_rest)
                add({FindingKind::no_rest, {duty.when}, {person}, duty.rotation, "short"});
            until = duty.when.to;
        }
    }
}

/// Whether most of it lies between 22:00 and 07:00 there.
bool CoverageLook::is_night(const std::string& zone, const Span& when) const
{
    milliseconds asleep{};
    const auto first = std::chrono::floor<std::chrono::days>(to_local(when.from, zone)) - std::chrono::days{1};
    for (auto day = first; day <= first + std::chrono::days{3}; day += std::chrono::days{1}) {
        const auto begin = std::max(when.from, to_instant(LocalTime{day} + 22h, zone));
        const auto end = std::min(when.to, to_instant(LocalTime{day} + 31h, zone));
        asleep += std::max(end - begin, milliseconds{});
    }
    return asleep * 2 > span_length(when);
}

bool CoverageLook::somebody_has_day(const std::string& but, TimePoint at) const
{
    return std::any_of(seen_.begin(), seen_.end(), [&](const auto& one) {
        const auto& [person, known] = one;
        if (person == but || is_beyond_reach(known.kind) || !is_time_zone(known.time_zone))
            return false;
        const auto local = to_local(at, known.time_zone);
        const auto time = local - std::chrono::floor<std::chrono::days>(local);
        return time >= 7h && time < 22h;
    });
}

void CoverageLook::nights()
{
    struct Night {
        Span when{};
        std::string person{};
        std::string rotation{};
    };
    std::vector<Night> all;
    for (const auto& [person, duties] : duties_) {
        const auto& zone = seen_.at(person).time_zone;
        if (!is_time_zone(zone) || is_beyond_reach(seen_.at(person).kind))
            continue;
        for (const auto& duty : duties)
            if (span_length(duty.when) < holds_nights && is_night(zone, duty.when)
                && somebody_has_day(person, duty.when.from + span_length(duty.when) / 2))
                all.push_back({duty.when, person, duty.rotation});
    }
    std::stable_sort(all.begin(), all.end(), [](const Night& a, const Night& b) { return a.when < b.when; });
    std::vector<Span> spans;
    for (const auto& night : all)
        spans.push_back(night.when);
    for (const auto& night : all) {
        Finding one{FindingKind::night, {night.when}, {night.person}, night.rotation};
        one.usual = was_so(spans, night.when, {7});
        add(std::move(one));
    }
}

milliseconds CoverageLook::covered() const
{
    std::vector<Span> reached;
    for (const auto& [person, duties] : duties_)
        if (!is_beyond_reach(seen_.at(person).kind))
            for (const auto& duty : duties)
                if (const Span cut{std::max(duty.when.from, from_), std::min(duty.when.to, to_)}; cut.from < cut.to)
                    reached.push_back(cut);
    std::sort(reached.begin(), reached.end());
    milliseconds sum{};
    auto seen_to = from_;
    for (const auto& span : reached) {
        const auto begin = std::max(span.from, seen_to);
        sum += std::max(span.to - begin, milliseconds{});
        seen_to = std::max(seen_to, span.to);
    }
    return sum;
}

Coverage CoverageLook::run(std::size_t most)
{
    const auto begin = from_ - coverage_looked_back;
    uncovered_or_doubled(FindingKind::gap, gaps(schedule_, begin, to_));
    beyond_reach();
    uncovered_or_doubled(FindingKind::doubled, doubles(schedule_, begin, to_));
    too_long();
    too_short();
    nights();
    std::stable_sort(found_.begin(), found_.end(), [](const Finding& a, const Finding& b) {
        return std::tuple{a.kind, a.usual, a.from()} < std::tuple{b.kind, b.usual, b.from()};
    });
    Coverage all;
    all.covered = covered();
    all.whole = to_ - from_;
    if (found_.size() > most) {
        all.left_out = found_.size() - most;
        found_.resize(most);
    }
    all.findings = std::move(found_);
    return all;
}

} // namespace

bool is_beyond_reach(std::string_view kind) { return kind == "gone" || kind == "bot" || kind == "stranger" || kind == "nobody"; }

std::string_view name(FindingKind kind)
{
    for (const auto& [one, its] : finding_names)
        if (one == kind)
            return its;
    return "gap";
}

std::optional<FindingKind> finding_kind_in(std::string_view text)
{
    for (const auto& [kind, its] : finding_names)
        if (its == text)
            return kind;
    return std::nullopt;
}

Coverage coverage_of(const Schedule& schedule, const RotaPeople& people, TimePoint from, TimePoint to, std::size_t most)
{
    if (from >= to)
        return {};
    return CoverageLook{schedule, people, from, to}.run(most);
}

std::string percentage(milliseconds part, milliseconds whole)
{
    if (whole <= milliseconds{} || part >= whole)
        return "100 %";
    const auto tenths = part.count() * 1'000 / whole.count();
    return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " %";
}

} // namespace oncall
