#include "delivery/home_turns.hpp"

#include <algorithm>

namespace delivery {

using namespace std::chrono_literals;

std::vector<HomeTurns::Turn> HomeTurns::due(const std::vector<storage::HomeView>& rows, TimePoint now)
{
    std::map<std::string, Person> people;
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        const auto& person = people[row.person] = people_[row.person];
        const bool opened = row.opened_at >= start_ && row.opened_at > person.opened_at;
        const bool stale = person.changes != changes_ || row.shows.empty() || now >= person.until;
        if (opened || (stale && now >= person.rest_until))
            turns.push_back({i, opened});
    }
    people_ = std::move(people);
    std::stable_sort(turns.begin(), turns.end(), [&](const Turn& a, const Turn& b) {
        if (a.opened != b.opened)
            return a.opened;
        if (a.opened)
            return rows[a.row].opened_at < rows[b.row].opened_at;
        return people_[rows[a.row].person].turn < people_[rows[b.row].person].turn;
    });
    return turns;
}

void HomeTurns::current(const storage::HomeView& row, std::uint64_t changes, TimePoint until)
{
    auto& person = people_[row.person];
    person = Person{};
    person.changes = changes;
    person.turn = ++turns_;
    person.until = until;
    person.opened_at = row.opened_at;
}

void HomeTurns::failed(const storage::HomeView& row, TimePoint now)
{
    auto& person = people_[row.person];
    person.changes = 0;
    person.turn = ++turns_;
    person.opened_at = row.opened_at;
    person.rest_until = now + std::min<oncall::milliseconds>(5min, 5s * (1 << std::min(person.failures, 8)));
    ++person.failures;
}

TimePoint HomeTurns::next(TimePoint now) const
{
    auto next = TimePoint::max();
    for (const auto& [name, person] : people_)
        for (const auto when : {person.until, person.rest_until})
            if (when > now)
                next = std::min(next, when);
    return next;
}

} // namespace delivery
