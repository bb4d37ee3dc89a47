#include "storage/people_sync.hpp"

#include "oncall/escalation.hpp"
#include "storage/sql.hpp"

namespace storage {

void PeopleSync::keep(const Person& told, const std::string& locale, const std::vector<std::string>& references) const
{
    for (const auto& reference : references)
        run(tx,
            "INSERT INTO people (reference, user_id, name, time_zone, asked_at, email, kind) VALUES ($1, $2, '', '', 0, '', '') "
            "ON CONFLICT (reference) DO UPDATE SET user_id = excluded.user_id",
            reference, told.user_id);
    run(tx, "UPDATE people SET name = $2, kind = $3, asked_at = $4, time_zone = $5, email = $6, locale = $7 WHERE user_id = $1",
        told.user_id, told.name, told.kind, told.asked_at, told.time_zone, told.email, locale);
}

std::string PeopleSync::locale_of(const std::string& user) const
{
    Query row{tx, "SELECT locale FROM people WHERE user_id = $1 AND locale <> '' LIMIT 1", user};
    return row.step() ? row.text() : std::string{};
}

std::map<std::string, std::string> PeopleSync::locales() const
{
    std::map<std::string, std::string> found;
    for (Query row{tx, "SELECT user_id, locale FROM people WHERE locale <> ''"}; row.step();) {
        auto user = row.text();
        found.insert_or_assign(std::move(user), row.text());
    }
    return found;
}

TimePoint PeopleSync::listed_at() const
{
    Query row{tx, "SELECT at FROM people_listed WHERE id = 1"};
    return row.step() ? row.time() : TimePoint{};
}

void PeopleSync::listed(TimePoint at) const
{
    run(tx, "INSERT INTO people_listed (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at", at);
}

std::vector<UnablePerson> UnablePeople::told() const
{
    std::vector<UnablePerson> found;
    for (Query row{tx, "SELECT person, kind, told_at, channels FROM unable_people ORDER BY person"}; row.step();) {
        UnablePerson one;
        one.person = row.text();
        one.kind = row.text();
        one.told_at = row.time();
        const auto channels = row.text();
        for (std::size_t at = 0; at < channels.size();) {
            const auto end = std::min(channels.find(',', at), channels.size());
            one.channels.push_back(channels.substr(at, end - at));
            at = end + 1;
        }
        found.push_back(std::move(one));
    }
    return found;
}

void UnablePeople::tell(const UnablePerson& one) const
{
    std::string channels;
    for (const auto& channel : one.channels)
        channels += (channels.empty() ? "" : ",") + channel;
    run(tx,
        "INSERT INTO unable_people (person, kind, told_at, channels) VALUES ($1, $2, $3, $4) ON CONFLICT (person) DO UPDATE SET "
        "kind = excluded.kind, told_at = excluded.told_at, channels = excluded.channels",
        one.person, one.kind, one.told_at, channels);
}

void UnablePeople::over(const std::string& person) const { run(tx, "DELETE FROM unable_people WHERE person = $1", person); }

std::map<std::string, std::string> who_answers_nothing(Transaction& tx)
{
    std::map<std::string, std::string> found;
    for (Query row{tx, "SELECT user_id, kind FROM people WHERE user_id <> '' AND kind IN ('gone', 'bot', 'stranger')"};
         row.step();) {
        auto user = row.text();
        found.insert_or_assign(std::move(user), row.text());
    }
    return found;
}

std::vector<TriedNow> tried_now(Transaction& tx)
{
    std::vector<TriedNow> found;
    for (Query row{tx,
             "SELECT notifications.alert, notifications.person FROM pages JOIN notifications ON notifications.page = pages.id "
             "WHERE pages.state = 'paging' AND notifications.state IN ('planned', 'sent', 'confirmed') "
             "AND notifications.method NOT IN ('fallback', 'channel') "
             "UNION SELECT runs.alert, runs.person FROM pages JOIN runs ON runs.page = pages.id "
             "WHERE pages.state = 'paging' AND runs.state IN ('active', 'held')"};
         row.step();) {
        TriedNow one;
        one.alert = {row.integer()};
        one.person = row.text();
        found.push_back(std::move(one));
    }
    return found;
}

void pass_over(Transaction& tx, oncall::PageId page, const std::string& person)
{
    run(tx, "UPDATE notifications SET error = $3 WHERE page = $1 AND person = $2 AND state IN ('planned', 'sent', 'confirmed')",
        page.value, person, oncall::passed_over);
    Notifications{tx}.decline(page, person);
}

std::set<std::string> names_of(Transaction& tx, const std::string& user)
{
    std::set<std::string> names{user};
    for (Query row{tx, "SELECT reference, email FROM people WHERE user_id = $1", user}; row.step();) {
        names.insert(row.text());
        if (auto email = row.text(); !email.empty())
            names.insert(std::move(email));
    }
    return names;
}

} // namespace storage
