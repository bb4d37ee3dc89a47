#include "delivery/cover.hpp"

#include "blocks/cover.hpp"
#include "storage/covers.hpp"

namespace delivery {

using oncall::CoverAudience;
using storage::CoverMessages;

void render_cover(storage::Transaction& tx, Job& job)
{
    const auto message = CoverMessages{tx}.find(job.row.key);
    auto request = storage::CoverRequests{tx}.find(job.row.subject);
    if (!message || !request)
        return;
    const bool is_over = !oncall::is_open(*request);
    if (!message->ts.empty()) {
        job.method = "chat.update";
        job.to = message->channel;
        job.ts = message->ts;
    } else {
        // Who was not asked yet needs not be told that it is over.
        job.only_look = is_over && message->audience != CoverAudience::requester;
        if (job.only_look && !job.row.ambiguous)
            return;
        job.method = "chat.postMessage";
        job.to = message->place;
        job.to_person = message->audience != CoverAudience::channel;
    }
    job.message = blocks::cover({std::move(*request), message->audience, storage::People{tx}.names()});
}

void cover_said(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now)
{
    if (job.method != "chat.postMessage")
        return;
    CoverMessages{tx}.stands(job.row.key, came.channel, came.ts);
    // What was posted then may say less than there is by now.
    if (came.found)
        storage::Outbox{tx}.add(job.row.key, job.row.kind, job.row.priority, job.row.lane, job.row.subject, job.row.body, now);
}

void cover_refused(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now)
{
    const auto message = CoverMessages{tx}.find(job.row.key);
    const auto request = storage::CoverRequests{tx}.find(job.row.subject);
    if (!message || !request)
        return;
    if (job.method == "chat.update") {
        // Deleted, or no longer ours to edit: the others say it.
        if (stands_no_more(came))
            CoverMessages{tx}.forget(job.row.key);
        return;
    }
    CoverMessages{tx}.forget(job.row.key);
    // Of whom no first message reached a reminder needs no words.
    if (message->audience == CoverAudience::requester || message->audience == CoverAudience::reminder
        || !oncall::is_open(*request))
        return;
    const auto words = message->audience == CoverAudience::channel
        ? "I could not ask in " + message->place + ": " + because(came)
            + " Whoever shares the schedule was asked by direct message."
        : "I could not ask <@" + message->place + ">: " + because(came);
    storage::Outbox{tx}.add("refused:" + job.row.key, "person_words", storage::Priority::answer, request->requester, 0,
        request->requester + "\n" + words, now);
}

} // namespace delivery
