#include "storage/home_views.hpp"

#include "storage/sql.hpp"
#include "storage/was_told.hpp"

namespace storage {

void HomeViews::opened(const std::string& person, const std::string& shows, TimePoint now) const
{
    run(tx,
        "INSERT INTO home_views (person, opened_at, shows, trouble) VALUES ($1, $2, $3, '') ON CONFLICT (person) DO UPDATE SET "
        "opened_at = MAX(opened_at, excluded.opened_at), shows = excluded.shows, trouble = ''",
        person, now, shows);
}

void HomeViews::pressed(const std::string& person, const std::string& shows, TimePoint now) const
{
    run(tx,
        "INSERT INTO home_views (person, opened_at, shows, trouble) VALUES ($1, $2, $3, '') ON CONFLICT (person) DO UPDATE SET "
        "opened_at = MAX(opened_at, excluded.opened_at), trouble = ''",
        person, now, shows);
}

std::vector<HomeView> HomeViews::lately(TimePoint since, int most) const
{
    std::vector<HomeView> found;
    for (Query row{tx,
             "SELECT person, opened_at, shows, trouble FROM home_views WHERE opened_at > $1 AND trouble = '' ORDER BY opened_at "
             "DESC, person LIMIT $2",
             since, most};
         row.step();) {
        HomeView one;
        one.person = row.text();
        one.opened_at = row.time();
        one.shows = row.text();
        one.trouble = row.text();
        found.push_back(std::move(one));
    }
    return found;
}

void HomeViews::begin(const std::string& person) const { run(tx, "UPDATE home_views SET shows = '' WHERE person = $1", person); }

void HomeViews::shows(const std::string& person, const std::string& digest) const
{
    run(tx, "UPDATE home_views SET shows = $2 WHERE person = $1", person, digest);
    run(tx, "UPDATE home_views SET trouble = '' WHERE trouble = $1", home_switched_off);
}

void HomeViews::refuse(const std::string& person, const std::string& trouble) const
{
    run(tx, "UPDATE home_views SET trouble = $2 WHERE person = $1", person, trouble);
}

void HomeViews::switched_off() const { run(tx, "UPDATE home_views SET trouble = $1", home_switched_off); }

bool HomeViews::any_before(TimePoint when) const
{
    Query row{tx, "SELECT 1 FROM home_views WHERE opened_at <= $1 LIMIT 1", when};
    return row.step();
}

void HomeViews::forget_before(TimePoint when) const { run(tx, "DELETE FROM home_views WHERE opened_at <= $1", when); }

std::vector<OpenAlert> open_alerts(Transaction& tx)
{
    std::vector<OpenAlert> found;
    for (Query row{tx,
             "SELECT id, team, answered_by FROM alerts WHERE state <> 'resolved' AND parent = 0 AND suppressed = 0 ORDER BY "
             "state <> 'triggered', state = 'triggered' AND urgency = 'low', id DESC"};
         row.step();) {
        OpenAlert one;
        one.id = {row.integer()};
        one.team = row.text();
        one.answered_by = row.text();
        found.push_back(std::move(one));
    }
    return found;
}

std::map<oncall::AlertId, std::set<std::string>> told_of_open(Transaction& tx, TimePoint from, TimePoint to)
{
    static const auto sql = "SELECT DISTINCT CASE alerts.parent WHEN 0 THEN pages.alert ELSE alerts.parent END, told.person FROM "
                            "alerts JOIN pages ON pages.alert = alerts.id JOIN "
                            "notifications AS told ON told.page = pages.id WHERE alerts.state <> 'resolved' AND "
        + was_told;
    std::map<oncall::AlertId, std::set<std::string>> found;
    for (Query row{tx, sql, from, to}; row.step();) {
        const oncall::AlertId alert{row.integer()};
        found[alert].insert(row.text());
    }
    return found;
}

std::vector<GivenAnswer> answers_given(Transaction& tx, TimePoint since)
{
    constexpr std::string_view sql = "SELECT u.alert, u.actor, u.at, a.version = u.version FROM undo u JOIN alerts a ON a.id = "
                                     "u.alert WHERE u.at >= $1 AND a.answered_by = u.actor AND a.answered_at = u.at AND a.state "
                                     "<> 'triggered' ORDER BY u.at DESC, u.alert DESC LIMIT 1000";
    std::vector<GivenAnswer> found;
    for (Query row{tx, sql, since}; row.step();) {
        GivenAnswer one;
        one.alert = {row.integer()};
        one.by = row.text();
        one.at = row.time();
        one.untouched = row.integer() != 0;
        found.push_back(std::move(one));
    }
    return found;
}

std::vector<std::string> bodies_waiting(Transaction& tx, const std::string& key_begins)
{
    std::vector<std::string> found;
    for (Query row{tx, "SELECT body FROM outbox WHERE key >= $1 AND key < $2 AND +state = 'ready' ORDER BY id", key_begins,
             key_begins + "\x7f"};
         row.step();)
        found.push_back(row.text());
    return found;
}

} // namespace storage
