#include "delivery/coverage_job.hpp"

#include "blocks/coverage.hpp"
#include "storage/coverage.hpp"

#include <algorithm>

namespace delivery {

using oncall::TimePoint;
using storage::Transaction;

void coverage_job(Transaction& tx, const Desk& desk, Job& job)
{
    const storage::ToldCoverages all{tx};
    const auto message = all.message(job.row.subject);
    const auto told = message ? all.find(message->told) : std::nullopt;
    if (!told)
        return;
    blocks::CoverageTold shown;
    shown.schedule = told->schedule;
    shown.now = desk.now;
    shown.names = storage::People{tx}.names();
    if (!message->trouble.empty())
        shown.trouble = message->channel + ": " + message->trouble;
    for (const auto& one : told->findings) {
        blocks::CoverageLine line;
        line.schedule = told->schedule;
        line.finding = one.finding;
        line.state = one.over_at == TimePoint{} ? blocks::CoverageLine::holds
            : one.over_at < one.ends()          ? blocks::CoverageLine::mended
                                                : blocks::CoverageLine::past;
        shown.lines.push_back(std::move(line));
    }
    // Mended before it was told: there is nothing to tell.
    const bool holds = std::any_of(shown.lines.begin(), shown.lines.end(),
        [](const blocks::CoverageLine& line) { return line.state == blocks::CoverageLine::holds; });
    if (message->ts.empty() && !holds && !job.row.ambiguous)
        return;
    job.method = message->ts.empty() ? "chat.postMessage" : "chat.update";
    job.to = message->ts.empty() ? message->place : message->posted_in;
    job.ts = message->ts;
    job.message = blocks::coverage_told(shown);
}

void coverage_said(Transaction& tx, const Job& job, const Came& came)
{
    if (job.row.kind == "coverage" && job.method == "chat.postMessage")
        storage::ToldCoverages{tx}.posted(job.row.subject, came.channel, came.ts);
}

void coverage_refused(Transaction& tx, const Job& job, const std::string& why, const std::string& fallback_channel, TimePoint now)
{
    if (job.method != "chat.postMessage" || job.to == fallback_channel || fallback_channel.empty())
        return;
    storage::ToldCoverages{tx}.moved(job.row.subject, fallback_channel, why);
    // Of that key there is one row: it is asked for again and leaves once this one is done.
    storage::Outbox{tx}.add(job.row.key, job.row.kind, job.row.priority, fallback_channel, job.row.subject, "", now);
}

} // namespace delivery
