#include "delivery/channel_bundle_job.hpp"

#include "blocks/channel_bundle.hpp"
#include "blocks/details.hpp"
#include "delivery/view.hpp"
#include "storage/answers.hpp"
#include "storage/channel_bundles.hpp"

#include <algorithm>

namespace delivery {

using storage::Transaction;

namespace {

/// Of what was answered only that is looked up that the card of many says; they may be a hundred.
blocks::AlertView view_in_storm(Transaction& tx, const oncall::Configuration& configuration, oncall::Alert alert)
{
    if (alert.state == oncall::AlertState::triggered)
        return view_of(tx, configuration, std::move(alert));
    blocks::AlertView view;
    if (const auto person = storage::People{tx}.find(alert.answered_by); person && !person->name.empty())
        view.names[alert.answered_by] = person->name;
    if (const auto page = storage::Pages{tx}.latest(alert.id))
        view.unanswered = storage::EscalationFacts{tx}.is_unanswered(page->id);
    view.alert = std::move(alert);
    return view;
}

} // namespace

void render_channel_bundle(Transaction& tx, const Desk& desk, Job& job)
{
    const storage::ChannelBundles bundles{tx};
    const auto bundle = bundles.find({job.row.subject});
    if (!bundle)
        return;
    std::vector<oncall::Alert> alerts;
    for (const auto id : bundles.alerts(bundle->id))
        if (auto alert = storage::Alerts{tx}.find(id))
            alerts.push_back(std::move(*alert));
    if (alerts.empty())
        return;
    job.alert = alerts.front().id;
    blocks::ChannelBundleView shown;
    shown.id = std::to_string(bundle->id.value);
    shown.team = alerts.front().team;
    if (std::any_of(alerts.begin(), alerts.end(), [&](const oncall::Alert& one) { return one.team != shown.team; }))
        shown.team.clear();
    oncall::order_for_channel(alerts);
    for (auto& alert : alerts)
        shown.alerts.push_back(view_in_storm(tx, desk.configuration, std::move(alert)));
    job.method = bundle->ts.empty() ? "chat.postMessage" : "chat.update";
    job.to = bundle->ts.empty() ? bundle->place : bundle->channel;
    job.ts = bundle->ts;
    job.message = blocks::channel_bundle(shown);
}

void channel_bundle_said(Transaction& tx, const Job& job, const Came& came)
{
    if (job.row.kind != "channel_bundle" || job.method != "chat.postMessage")
        return;
    storage::ChannelBundles{tx}.stands({job.row.subject}, came.channel, came.ts);
    // What was posted then may say less than there is by now.
    if (came.found)
        storage::Outbox{tx}.again(job.row.key);
}

bool channel_bundle_refused(Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now)
{
    if (job.row.kind != "channel_bundle" || job.method != "chat.update")
        return false;
    if (stands_no_more(came)) {
        storage::ChannelBundles{tx}.stands({job.row.subject}, "", "");
        storage::Outbox{tx}.add(
            job.row.key, "channel_bundle", storage::Priority::card, job.row.lane, job.row.subject, job.row.body, now);
    }
    return true;
}

void render_channel_line(Transaction& tx, const Desk& desk, Job& job)
{
    const auto end = std::min(job.row.body.find('\n'), job.row.body.size());
    auto alert = storage::Alerts{tx}.find({job.row.subject});
    if (!alert || name(alert->state) != job.row.body.substr(std::min(end + 1, job.row.body.size())))
        return;
    job.alert = alert->id;
    job.method = "chat.postMessage";
    job.to = job.row.body.substr(0, end);
    job.message = blocks::change_line(view_of(tx, desk.configuration, std::move(*alert)));
}

} // namespace delivery
