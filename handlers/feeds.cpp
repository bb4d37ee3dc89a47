#include "handlers/feeds.hpp"

#include "notify/text.hpp"
#include "oncall/who_may.hpp"
#include "storage/absences.hpp"
#include "storage/feeds.hpp"

#include <algorithm>

namespace handlers {

bool has_left_us(storage::Transaction& tx, const std::string& person)
{
    const auto known = storage::People{tx}.find(person);
    return known && !oncall::why_may_not(oncall::Deed::be_away, known->kind, false).empty();
}

std::vector<FeedUse> feed_uses(storage::Transaction& tx, const oncall::Configuration& configuration)
{
    std::vector<FeedUse> uses;
    for (const auto& use : oncall::calendars_of(configuration))
        uses.push_back({use.address, oncall::words_of(use), "", !use.rotation.empty()});
    for (const auto& [person, address] : storage::Absences{tx}.calendars())
        if (!has_left_us(tx, person))
            uses.push_back({address, "of your absences", person, false});
    return uses;
}

std::set<std::string> addresses_of(const oncall::Configuration& configuration)
{
    std::set<std::string> all;
    for (const auto& use : oncall::calendars_of(configuration))
        all.insert(use.address);
    return all;
}

std::vector<oncall::Acquainted> acquaintance(
    const std::vector<storage::Person>& people, const oncall::Configuration& configuration)
{
    const auto named = oncall::people_of(configuration);
    std::vector<oncall::Acquainted> all, others;
    std::set<std::string> told_of;
    for (const auto& person : people) {
        told_of.insert(person.reference);
        if (person.user_id.empty() || person.kind == "gone" || person.kind == "bot" || person.kind == "stranger")
            continue; // they cannot answer
        oncall::Acquainted one{person.reference, person.name, person.email, person.user_id, named.contains(person.reference)};
        if (!one.named && person.kind == "guest")
            one.name.clear(); // somebody from outside is called by an address, or not at all
        (one.named ? all : others).push_back(std::move(one));
    }
    for (const auto& [reference, places] : named)
        if (!told_of.contains(reference))
            all.push_back({reference, {}, {}, {}, true}); // Slack may tell of her yet
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

oncall::Configuration with_calendars(storage::Transaction& tx, oncall::Configuration written)
{
    const auto addresses = addresses_of(written);
    const auto people = addresses.empty() ? std::vector<storage::Person>{} : storage::People{tx}.all();
    const oncall::NameIndex known{acquaintance(people, written)};
    oncall::fill_in(written, storage::Feeds{tx}.events(addresses), known);
    return written;
}

std::string to_come_words(std::size_t count, bool shifts)
{
    return std::to_string(count) + (shifts ? " shift" : " holiday") + (count == 1 ? "" : "s") + " to come";
}

std::string nameless_words(const oncall::Nameless& event, const oncall::Configuration& configuration)
{
    constexpr std::size_t most_title = 100, most_name = 80;
    const auto schedule = configuration.schedules.find(event.schedule);
    // Whoever writes a calendar does not write lines of ours.
    auto shown = event;
    shown.title = notify::one_line(event.title, most_title);
    for (auto* const names : {&shown.unknown, &shown.several, &shown.strange})
        for (auto& name : *names)
            name = notify::one_line(name, most_name);
    return "rotation " + event.rotation + " of schedule " + event.schedule + ": "
        + oncall::words_of(shown, schedule == configuration.schedules.end() ? "UTC" : schedule->second.time_zone);
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

std::vector<std::string> old_calendars(storage::Transaction& tx, const oncall::Configuration& configuration, TimePoint now)
{
    constexpr std::size_t most = 3;
    std::vector<std::string> found;
    for (const auto& use : oncall::calendars_of(configuration)) {
        const auto state = storage::Feeds{tx}.state(use.address);
        if (!state || found.size() == most)
            continue;
        if (!state->trouble.empty())
            found.push_back("The calendar " + oncall::words_of(use) + " (" + shown_address(use.address) + ") "
                + (state->read_at == TimePoint{} ? "" : "is ") + feed_words({state->read_at, state->trouble, {}}, now)
                + " `/oncall calendars` shows more.");
        else if (!state->notes.empty() && !use.rotation.empty())
            found.push_back("Some of the calendar " + oncall::words_of(use) + " (" + shown_address(use.address)
                + ") was left out. `/oncall calendars` shows why.");
    }
    return found;
}

} // namespace handlers
