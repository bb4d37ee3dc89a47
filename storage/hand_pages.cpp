#include "storage/hand_pages.hpp"

#include "storage/sql.hpp"

namespace storage {

void HandPages::add(oncall::AlertId alert, const std::string& actor, const std::string& what, TimePoint at) const
{
    run(tx, "INSERT INTO hand_pages (alert, actor, at, what) VALUES ($1, $2, $3, $4)", alert.value, actor, at, what);
}

std::optional<TimePoint> HandPages::by(const std::string& actor, TimePoint since, int most) const
{
    Query row{
        tx, "SELECT at FROM hand_pages WHERE actor = $1 AND at > $2 ORDER BY at DESC LIMIT 1 OFFSET $3", actor, since, most - 1};
    return row.step() ? std::optional{row.time()} : std::nullopt;
}

std::optional<oncall::AlertId> HandPages::same(const std::string& actor, const std::string& what, TimePoint since) const
{
    Query row{tx, "SELECT alert FROM hand_pages WHERE actor = $1 AND at > $2 AND what = $3 ORDER BY at DESC LIMIT 1", actor,
        since, what};
    return row.step() ? std::optional{oncall::AlertId{row.integer()}} : std::nullopt;
}

void HandPages::forget_before(TimePoint when) const { run(tx, "DELETE FROM hand_pages WHERE at < $1", when); }

} // namespace storage
