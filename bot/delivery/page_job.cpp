#include "blocks/bundle.hpp"
#include "delivery/kinds.hpp"
#include "oncall/bundling.hpp"
#include "oncall/escalation.hpp"
#include "storage/bundles.hpp"
#include "storage/runs.hpp"

#include <set>

namespace delivery::kinds {

namespace {

/// A page as its receiver sees it; for a person with the reason why it is her.
slack::Message page_for(blocks::AlertView shown, const oncall::Notification& notification)
{
    if (notification.method == "channel")
        return blocks::page(shown, "");
    shown.why = notification.why;
    const std::string_view last_link = " → schedule ";
    if (const auto at = shown.why.rfind(last_link); at != shown.why.npos)
        shown.schedule_note = "on call by schedule " + shown.why.substr(at + last_link.size());
    return blocks::page(shown, notification.person);
}

/// A bundle as its receiver sees it in Slack.
blocks::BundleView bundle_view(
    const Pen& pen, std::vector<oncall::Alert> alerts, std::size_t pages, const oncall::Notification& lead)
{
    blocks::BundleView shown;
    shown.pages = pages;
    const auto bundle = storage::Notifications{pen.tx}.bundle_of(lead);
    shown.value = std::to_string(bundle.value);
    if (const auto heading = quiet_heading(pen, bundle, pages); !heading.empty())
        shown.heading = "🔔 " + heading;
    const storage::People people{pen.tx};
    for (auto& alert : alerts) {
        blocks::AlertView one;
        if (const auto person = people.find(alert.answered_by))
            one.names[alert.answered_by] = person->name;
        for (const auto& page : storage::Pages{pen.tx}.of_responders(alert.id))
            if (oncall::is_running(page) && page.responder == lead.person)
                one.asked.push_back(lead.person);
        one.alert = std::move(alert);
        shown.alerts.push_back(std::move(one));
    }
    return shown;
}

/// The same of a message that stands.
blocks::BundleView bundle_that_stands(const Pen& pen, Job& job, const storage::ShownMessage& message)
{
    oncall::Notification lead;
    for (const auto& one : storage::Messages{pen.tx}.all_at(message.channel, message.ts))
        if (one.kind == "bundle")
            if (auto told = storage::Notifications{pen.tx}.find(oncall::NotificationId{std::stoll(one.place)})) {
                lead = *told;
                job.notifications.push_back(std::move(*told));
            }
    auto alerts = several(pen, job);
    const auto pages = std::exchange(job.notifications, {}).size();
    return bundle_view(pen, std::move(alerts), pages, lead);
}

/// What the message of a notification is known by.
std::string known_by(const Pen& pen, const oncall::Notification& notification)
{
    return "notify:" + oncall::message_of(notification, storage::Notifications{pen.tx}.bundle_of(notification));
}

/// A message that stands follows its alert: by its clicker's response_url, else by an edit.
void edit(const Pen& pen, Job& job, std::int64_t id, const std::string& response_url)
{
    const auto message = storage::Messages{pen.tx}.find(id);
    if (!message)
        return;
    job.alert = message->alert;
    job.method = response_url.empty() ? "chat.update" : "response_url";
    job.to = response_url.empty() ? message->channel : response_url;
    job.ts = message->ts;
    job.shown_message = message->id;
    if (message->kind == "bundle") {
        auto bundle = bundle_that_stands(pen, job, *message);
        const auto first = storage::Notifications{pen.tx}.find(oncall::NotificationId{std::stoll(message->place)});
        if (first && !bundle.alerts.empty()) {
            job.message = blocks::bundle(bundle);
            job.message.key = known_by(pen, *first);
            return;
        }
    }
    auto shown = pen.view(message->alert);
    job.version = shown.alert.version;
    // What a message is known by stays the same when it is edited.
    if (message->kind == "dm" || message->kind == "bundle") {
        if (const auto notification = storage::Notifications{pen.tx}.find(oncall::NotificationId{std::stoll(message->place)})) {
            job.message = page_for(std::move(shown), *notification);
            job.message.key = known_by(pen, *notification);
            return;
        }
    }
    job.message = message->kind == "reminder" ? blocks::reminder(shown)
        : message->kind == "still_on_it"      ? blocks::still_on_it(shown)
        : message->kind == "channel_page"     ? blocks::page(shown, "")
        : message->kind == "exhausted"        ? blocks::exhausted(shown)
                                              : blocks::card(shown);
    job.message.key = message->kind == "card" ? "card:" + std::to_string(message->alert.value) : message->place;
}

} // namespace

std::optional<oncall::Notification> wanted(const Pen& pen, Job& job)
{
    const storage::Notifications all{pen.tx};
    const auto first = all.find(oncall::NotificationId{job.row.subject});
    if (!first)
        return std::nullopt;
    for (auto& one : all.of_message(*first))
        if (one.state == oncall::NotificationState::planned)
            (is_wanted(pen.tx, one) ? job.notifications : job.unwanted).push_back(std::move(one));
    if (job.notifications.empty() && job.row.ambiguous) {
        job.only_look = !job.unwanted.empty();
        std::swap(job.notifications, job.unwanted);
    }
    if (job.notifications.empty())
        return std::nullopt;
    job.alert = job.notifications.front().alert;
    return job.notifications.front();
}

std::vector<oncall::Alert> several(const Pen& pen, Job& job)
{
    std::set<oncall::AlertId> ids;
    for (const auto& one : job.notifications)
        ids.insert(one.alert);
    std::vector<oncall::Alert> alerts;
    if (ids.size() > 1)
        for (const auto id : ids)
            if (auto alert = storage::Alerts{pen.tx}.find(id))
                alerts.push_back(std::move(*alert));
    oncall::order_by_importance(alerts);
    for (const auto& alert : alerts) {
        job.alerts.push_back(alert.id);
        job.version += alert.version;
    }
    return alerts;
}

std::string quiet_heading(const Pen& pen, oncall::BundleId id, std::size_t pages)
{
    const auto bundle = storage::Bundles{pen.tx}.find(id);
    if (!bundle || !bundle->quiet)
        return {};
    return std::to_string(pages) + (pages == 1 ? " page" : " pages") + " that waited for the end of your quiet hours";
}

void page(const Pen& pen, Job& job)
{
    const auto notification = wanted(pen, job);
    if (!notification)
        return;
    if (auto alerts = several(pen, job); !alerts.empty()) {
        post(job, notification->person,
            blocks::bundle(bundle_view(pen, std::move(alerts), job.notifications.size(), *notification)));
    } else {
        auto shown = pen.view(notification->alert);
        job.version = shown.alert.version;
        post(job, notification->person, page_for(std::move(shown), *notification));
    }
    job.to_person = notification->method == "slack";
    const auto run = storage::Runs{pen.tx}.find(notification->run);
    job.ask_if_quiet = job.to_person && run && oncall::goes_on(*run) && run->next - 1 == notification->step;
    job.kind = job.alerts.empty() ? job.row.kind : "bundle";
    job.place = job.to_person ? std::to_string(notification->id.value) : job.row.key;
}

void skipped(const Pen& pen, Job& job)
{
    const auto notification = wanted(pen, job);
    if (notification)
        post(job, notification->person, blocks::dead_end(pen.view(notification->alert), notification->why));
}

void bundle_rest(const Pen& pen, Job& job)
{
    const auto message = storage::Messages{pen.tx}.find(job.row.subject);
    if (!message)
        return;
    const auto from = static_cast<std::size_t>(std::stoull(job.row.body));
    const auto shown = bundle_that_stands(pen, job, *message);
    if (from >= shown.alerts.size())
        return;
    job.alert = message->alert;
    post(job, message->channel, blocks::bundle_rest(shown, from));
    job.ts = message->ts;
    job.message.key = job.row.key + ":1"; // as that of any thread's post
}

void dm_update(const Pen& pen, Job& job) { edit(pen, job, job.row.subject, ""); }

void replace(const Pen& pen, Job& job)
{
    const auto [url, id] = split(job.row.body);
    edit(pen, job, std::stoll(id), url);
}

} // namespace delivery::kinds
