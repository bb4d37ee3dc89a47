#include "pictures/people.hpp"

#include "pictures/text.hpp"

#include <array>
#include <functional>

namespace pictures {

namespace {

using Each = std::function<void(const std::vector<std::string>&)>;

void each_of(const oncall::Rotation& rotation, const Each& each)
{
    for (const auto& turn : rotation.turns)
        each(turn);
    for (const auto& version : rotation.versions)
        each_of(version, each);
}

void each_of(const oncall::Schedule& schedule, const Each& each)
{
    for (const auto& rotation : schedule.rotations)
        each_of(rotation, each);
    for (const auto& one : schedule.overrides) {
        each(one.people);
        if (!one.instead_of.empty())
            each({one.instead_of});
    }
    for (const auto& one : schedule.temporary)
        for (const auto& shift : one.shifts)
            each(shift.people);
}

std::string short_name(const std::string& person)
{
    const auto sign = person.rfind('@');
    return sign == person.npos ? person : sign == 0 ? person.substr(1) : person.substr(0, sign);
}

std::string written_out(
    const std::vector<std::string>& people, const std::string& by, const std::function<std::string(const std::string&)>& word)
{
    std::string text;
    for (const auto& person : people)
        text += (text.empty() ? "" : by) + word(person);
    return text;
}

bool fits(const std::string& text, int room) { return !text.empty() && width(decoded(text)) <= room; }

} // namespace

People::People(const oncall::Schedule& schedule, const std::map<std::string, std::string>& names)
{
    std::map<std::string, int> taken;
    each_of(schedule, [&](const std::vector<std::string>& people) {
        for (const auto& person : people)
            if (known_.emplace(person, Known{all_.size(), {}, {}}).second) {
                all_.push_back(person);
                ++taken[short_name(person)];
            }
    });
    std::map<std::u32string, int> beginnings;
    for (auto& [person, known] : known_) {
        const auto given = names.find(person);
        const auto shorter = short_name(person);
        known.name = given != names.end() && !given->second.empty() ? given->second : taken[shorter] == 1 ? shorter : person;
        const auto points = decoded(known.name);
        for (std::size_t letters = 1; letters <= 3; ++letters)
            if (letters <= points.size())
                ++beginnings[points.substr(0, letters)];
    }
    for (auto& [person, known] : known_) {
        const auto points = decoded(known.name);
        std::size_t letters = 1;
        while (letters < 3 && letters < points.size() && beginnings[points.substr(0, letters)] > 1)
            ++letters;
        known.initials = encoded(points.substr(0, letters));
    }
}

std::size_t People::place(const std::string& person) const
{
    const auto found = known_.find(person);
    return found == known_.end() ? 0 : found->second.place;
}

std::string People::name(const std::string& person) const
{
    const auto found = known_.find(person);
    return found == known_.end() ? person : found->second.name;
}

std::string People::initials(const std::string& person) const
{
    const auto found = known_.find(person);
    return found == known_.end() ? encoded(decoded(person).substr(0, 1)) : found->second.initials;
}

std::string People::words(const std::vector<std::string>& people, int room) const
{
    if (people.empty())
        return {};
    const auto all = written_out(people, " + ", [&](const std::string& person) { return name(person); });
    if (fits(all, room))
        return all;
    if (people.size() == 1)
        if (auto cut = shortened(all, room); !cut.empty())
            return cut;
    const auto more = people.size() == 1 ? std::string{} : " +" + std::to_string(people.size() - 1);
    const auto first = name(people.front()) + more;
    return people.size() > 1 && fits(first, room) ? first : initials(people, room);
}

std::string People::initials(const std::vector<std::string>& people, int room) const
{
    if (people.empty())
        return {};
    const auto all = written_out(people, "+", [&](const std::string& person) { return initials(person); });
    if (fits(all, room))
        return all;
    const auto first = initials(people.front()) + "+" + std::to_string(people.size() - 1);
    return people.size() > 1 && fits(first, room) ? first : std::string{};
}

} // namespace pictures
