#include "storage/digests.hpp"

#include "storage/repositories.hpp"
#include "storage/runs.hpp"
#include "storage/sql.hpp"

namespace storage {

std::vector<oncall::Notification> Digests::of(std::int64_t digest, const std::string& method) const
{
    std::vector<oncall::Notification> found;
    for (const auto& run : Runs{tx}.of_digest(digest))
        for (auto& one : Notifications{tx}.of_page(run.page))
            if (one.run == run.id && one.method == method)
                found.push_back(std::move(one));
    return found;
}

std::vector<oncall::Notification> Digests::together(const oncall::Notification& one) const
{
    const auto digest = of(one);
    return digest == 0 ? std::vector{one} : of(digest, one.method);
}

std::int64_t Digests::of(const oncall::Notification& one) const
{
    if (one.run.value == 0)
        return 0;
    Query row{tx, "SELECT digest FROM runs WHERE id = $1", one.run.value};
    return row.step() ? row.integer() : 0;
}

std::string row_key(Transaction& tx, const oncall::Notification& one)
{
    const auto digest = Digests{tx}.of(one);
    return digest == 0 ? "notify:" + one.key : "digest:" + std::to_string(digest) + ":" + one.method;
}

} // namespace storage
