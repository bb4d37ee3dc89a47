#include "storage/source_secrets.hpp"

#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <algorithm>

namespace storage {

std::map<std::string, std::vector<std::string>> SourceSecrets::holding(TimePoint now) const
{
    std::map<std::string, std::vector<std::string>> found;
    for (Query row{tx,
             "SELECT source, secret FROM source_secrets WHERE until = 0 OR until > $1 ORDER BY source, until <> 0, since DESC",
             now};
         row.step();) {
        auto source = row.text();
        found[std::move(source)].push_back(row.text());
    }
    return found;
}

std::map<std::string, std::string> SourceSecrets::hashes() const
{
    std::map<std::string, std::string> found;
    for (Query row{tx, "SELECT source, secret FROM source_secrets WHERE until = 0"}; row.step();) {
        auto source = row.text();
        found[std::move(source)] = sha256(row.text());
    }
    return found;
}

TimePoint SourceSecrets::older_until(const std::string& source, TimePoint now) const
{
    Query row{tx, "SELECT COALESCE(MAX(until), 0) FROM source_secrets WHERE source = $1 AND until > $2", source, now};
    return row.step() ? row.time() : TimePoint{};
}

void SourceSecrets::save(const std::string& source, const std::string& secret, TimePoint now, oncall::milliseconds overlap) const
{
    run(tx, "DELETE FROM source_secrets WHERE source = $1 AND (secret = $2 OR (until <> 0 AND until <= $3))", source, secret,
        now);
    if (overlap > oncall::milliseconds{})
        run(tx, "UPDATE source_secrets SET until = $2 WHERE source = $1 AND until = 0", source, now + overlap);
    else
        run(tx, "DELETE FROM source_secrets WHERE source = $1", source);
    run(tx, "INSERT INTO source_secrets (source, secret, since, until) VALUES ($1, $2, $3, 0)", source, secret, now);
}

bool SourceSecrets::end_overlap(const std::string& source, TimePoint now) const
{
    run(tx, "DELETE FROM source_secrets WHERE source = $1 AND until > $2", source, now);
    return tx.changes() > 0;
}

void SourceSecrets::keep_only(const std::vector<std::string>& sources) const
{
    std::vector<std::string> gone;
    for (Query row{tx, "SELECT DISTINCT source FROM source_secrets"}; row.step();) {
        auto name = row.text();
        if (std::find(sources.begin(), sources.end(), name) == sources.end())
            gone.push_back(std::move(name));
    }
    for (const auto& name : gone)
        run(tx, "DELETE FROM source_secrets WHERE source = $1", name);
}

bool SourceSecrets::forget_before(TimePoint now) const
{
    run(tx, "DELETE FROM source_secrets WHERE until > 0 AND until <= $1", now);
    return tx.changes() > 0;
}

} // namespace storage
