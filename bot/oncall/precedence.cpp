#include "oncall/precedence.hpp"

#include <algorithm>

namespace oncall {

namespace {

std::optional<std::size_t> latest(const std::map<std::string_view, std::set<std::size_t>>& by_person, std::string_view person)
{
    const auto found = by_person.find(person);
    return found == by_person.end() ? std::nullopt : std::optional{*found->second.rbegin()};
}

} // namespace

void ActiveOverrides::change(std::size_t number, const Override& one, bool begins)
{
    const auto mark = [&](Numbers& numbers) {
        if (begins)
            numbers.insert(number);
        else
            numbers.erase(number);
    };
    const auto mark_person = [&](ByPerson& by_person, std::string_view person) {
        const auto place = by_person.try_emplace(person).first;
        mark(place->second);
        if (place->second.empty())
            by_person.erase(place);
    };
    switch (one.kind) {
    case Override::Kind::put:
        if (one.instead_of.empty())
            mark(puts_);
        else
            mark_person(replaced_, schedule_->identity(one.instead_of));
        break;
    case Override::Kind::add: mark(adds_); break;
    case Override::Kind::remove:
        for (const auto& person : one.people)
            mark_person(removed_, schedule_->identity(person));
        break;
    }
    active_ += begins ? 1 : -1;
}

bool ActiveOverrides::removed_after(std::size_t number, std::string_view person) const
{
    const auto removal = latest(removed_, person);
    return removal && *removal > number;
}

/// The people that an override brings in, and that no later one removes.
Names ActiveOverrides::kept(const Override& one, std::size_t number) const
{
    const auto removed = [&](const std::string& person) { return removed_after(number, schedule_->identity(person)); };
    if (std::none_of(one.people.begin(), one.people.end(), removed))
        return Names{one.people};
    Names people;
    for (const auto& person : one.people)
        if (!removed(person))
            people.add(person);
    return people;
}

/// Each person follows the latest override, from `first` on, that names them. Whoever comes in is not looked at again.
void ActiveOverrides::follow(Entry& entry, std::size_t first) const
{
    const auto& overrides = schedule_->overrides;
    const auto about = [&](const std::string& name) {
        const auto& person = schedule_->identity(name);
        const auto number = std::max(latest(replaced_, person), latest(removed_, person)); // nothing is less than any number
        return number >= first ? number : std::nullopt;
    };
    if (std::none_of(entry.people.begin(), entry.people.end(), about))
        return;
    Names now;
    for (const auto& person : entry.people) {
        const auto number = about(person);
        if (!number)
            now.add(person);
        else if (overrides[*number].kind == Override::Kind::put)
            for (const auto& stand_in : kept(overrides[*number], *number))
                now.add(stand_in);
    }
    entry.overridden = entry.overridden || now != entry.people;
    entry.people = std::move(now);
}

void ActiveOverrides::apply(std::vector<Entry>& entries, std::size_t scope) const
{
    if (active_ == 0)
        return;
    const auto& overrides = schedule_->overrides;
    std::size_t first = 0;
    if (!puts_.empty()) {
        const auto number = *puts_.rbegin();
        first = number + 1;
        entries.clear();
        entries.push_back({{scope, Cause::Kind::put, number, 0}, Names{overrides[number].people}, true});
    }
    if (!replaced_.empty() || !removed_.empty())
        for (auto& entry : entries)
            follow(entry, first);
    for (auto one = adds_.lower_bound(first); one != adds_.end(); ++one)
        entries.push_back({{scope, Cause::Kind::add, *one, 0}, kept(overrides[*one], *one), true});
    std::erase_if(entries, [](const Entry& entry) { return entry.people.empty(); });
}

} // namespace oncall
