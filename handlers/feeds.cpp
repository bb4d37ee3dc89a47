#include "handlers/feeds.hpp"

#include "storage/absences.hpp"

#include <algorithm>

namespace handlers {

bool has_left_us(storage::Transaction& tx, const std::string& person)
{
    const auto known = storage::People{tx}.find(person);
    return known && (known->kind == "gone" || known->kind == "stranger");
}

std::vector<FeedUse> feed_uses(storage::Transaction& tx, const oncall::Configuration& configuration)
{
    std::vector<FeedUse> uses;
    for (const auto& [name, calendar] : configuration.holidays)
        if (auto address = oncall::address_of(calendar); !address.empty())
            uses.push_back({std::move(address), "of the holidays " + name, ""});
    for (const auto& [name, schedule] : configuration.schedules)
        for (const auto& rotation : schedule.rotations)
            if (auto address = oncall::address_of(rotation); !address.empty())
                uses.push_back({std::move(address), "of rotation " + rotation.name + " of schedule " + name, ""});
    for (const auto& [person, address] : storage::Absences{tx}.calendars())
        if (!has_left_us(tx, person))
            uses.push_back({address, "of your absences", person});
    return uses;
}

std::vector<oncall::Acquainted> acquaintance(
    const std::vector<storage::Person>& people, const oncall::Configuration& configuration)
{
    const auto named = oncall::people_of(configuration);
    std::vector<oncall::Acquainted> all, others;
    for (const auto& person : people) {
        oncall::Acquainted one{person.reference, person.name, person.email, person.user_id};
        (named.contains(person.reference) ? all : others).push_back(std::move(one));
    }
    // Of some Slack has not told yet.
    const auto is_there = [&](const std::string& reference) {
        return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.reference == reference; });
    };
    for (const auto& [reference, places] : named)
        if (!is_there(reference))
            all.push_back({reference, {}, {}, {}});
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

std::string shown_address(const std::string& address)
{
    const auto scheme = address.find("://");
    if (scheme == address.npos)
        return address.starts_with("file:") ? address.substr(5) : std::string{"a file"};
    return address.substr(scheme + 3, address.find_first_of("/?#", scheme + 3) - scheme - 3);
}

std::string age_words(oncall::milliseconds age)
{
    using namespace std::chrono;
    if (age < 2h)
        return std::to_string(std::max<std::int64_t>(0, floor<minutes>(age).count())) + " min";
    if (age < 72h)
        return std::to_string(floor<hours>(age).count()) + " h";
    return std::to_string(floor<days>(age).count()) + " d";
}

std::string feed_words(const FeedState& state, TimePoint now)
{
    const bool read = state.read_at != TimePoint{};
    std::string words;
    if (state.trouble.empty())
        words = read ? "read " + age_words(now - state.read_at) + " ago" : "not read yet";
    else if (read)
        words = age_words(now - state.read_at) + " old: " + state.trouble;
    else
        words = "cannot be read: " + state.trouble;
    return words + (state.notes.empty() ? "" : " " + state.notes);
}

} // namespace handlers
