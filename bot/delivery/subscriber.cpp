#include "delivery/subscriber.hpp"

#include "blocks/services.hpp"
#include "storage/services.hpp"

#include <algorithm>

namespace delivery {

using storage::SubscriberMessages;
using storage::Transaction;

namespace {

constexpr int most_alerts_told = 5;

/// "person\nservice"
std::pair<std::string, std::string> subscriber_in(const std::string& body)
{
    const auto end = std::min(body.find('\n'), body.size());
    return {body.substr(0, end), body.substr(std::min(end + 1, body.size()))};
}

} // namespace

void render_subscriber(Transaction& tx, Job& job)
{
    const auto [person, service] = subscriber_in(job.row.body);
    const auto message = SubscriberMessages{tx}.find(service, person);
    if (!message)
        return;
    blocks::SubscriberView shown;
    shown.service = service;
    shown.open = storage::ServiceAlerts{tx}.urgent(service, most_alerts_told + 1);
    // It was over before anybody was told: that is told to nobody.
    if (shown.open.empty() && message->ts.empty())
        return;
    shown.more = shown.open.size() > most_alerts_told;
    shown.open.resize(std::min<std::size_t>(shown.open.size(), most_alerts_told));
    shown.began = message->began;
    shown.over_at = message->over_at;
    shown.names = storage::People{tx}.names();
    const bool stands = !message->ts.empty();
    job.method = stands ? "chat.update" : "chat.postMessage";
    job.to = stands ? message->channel : person;
    job.ts = message->ts;
    job.to_person = !stands;
    job.message = blocks::subscriber(shown);
}

void subscriber_said(Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now)
{
    if (job.row.kind != "subscriber" || job.method != "chat.postMessage")
        return;
    const auto [person, service] = subscriber_in(job.row.body);
    SubscriberMessages{tx}.stands(service, person, came.channel, came.ts);
    // What was posted then may say less than there is by now.
    if (came.found)
        storage::Outbox{tx}.add(job.row.key, job.row.kind, job.row.priority, job.row.lane, job.row.subject, job.row.body, now);
}

bool subscriber_refused(Transaction& tx, const Job& job, const Came& came)
{
    if (job.row.kind != "subscriber")
        return false;
    const auto [person, service] = subscriber_in(job.row.body);
    if (job.method != "chat.update" || stands_no_more(came))
        SubscriberMessages{tx}.forget(service, person);
    return true;
}

} // namespace delivery
