#include "delivery/digest.hpp"

#include "blocks/bundle.hpp"
#include "delivery/view.hpp"
#include "notify/bundle_message.hpp"
#include "storage/contacts.hpp"
#include "storage/digests.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace delivery {

using namespace oncall;
using storage::Transaction;

namespace {

constexpr std::string_view prefix{"digest:"};

std::string place_of(std::int64_t digest) { return std::string{prefix} + std::to_string(digest); }

std::string heading_of(std::size_t pages)
{
    return std::to_string(pages) + (pages == 1 ? " page" : " pages") + " that waited for the end of your quiet hours";
}

/// Each once, in the order in which they came.
std::vector<AlertId> alerts_of(const std::vector<Notification>& told)
{
    std::vector<AlertId> alerts;
    for (const auto& one : told)
        alerts.push_back(one.alert);
    std::sort(alerts.begin(), alerts.end());
    alerts.erase(std::unique(alerts.begin(), alerts.end()), alerts.end());
    return alerts;
}

/// What is still to be told of a row's digest. When that is nothing, what may be out already is looked up, so that it can follow
/// its alerts.
std::vector<Notification> wanted(Transaction& tx, Job& job)
{
    auto planned = storage::Digests{tx}.of(job.row.subject, job.row.body);
    std::erase_if(planned, [](const Notification& one) { return one.state != NotificationState::planned; });
    auto open = planned;
    std::erase_if(open, [&](const Notification& one) { return !is_wanted(tx, one); });
    job.only_look = open.empty();
    const auto& told = job.only_look ? planned : open;
    for (const auto& one : told)
        job.together.push_back(one.id);
    if (told.empty() || (job.only_look && !job.row.ambiguous))
        return {};
    job.alert = told.front().alert;
    return told;
}

blocks::BundleView view(Transaction& tx, const Desk& desk, std::int64_t digest, const std::vector<Notification>& told)
{
    blocks::BundleView shown;
    shown.heading = "🔔 " + heading_of(told.size());
    shown.pages = told.size();
    shown.value = place_of(digest);
    for (const auto id : alerts_of(told))
        if (auto alert = storage::Alerts{tx}.find(id))
            shown.alerts.push_back(view_of(tx, desk.configuration, std::move(*alert)));
    return shown;
}

notify::BundlePage story(Transaction& tx, const Desk& desk, const Job& job, const std::vector<Notification>& told)
{
    const auto& first = told.front();
    const auto person = storage::People{tx}.find(first.person);
    notify::BundlePage page;
    page.to = person && !person->email.empty() ? person->email : first.person;
    // With the time in it: a new database counts from 1 again.
    page.id = "digest-" + std::to_string(job.row.subject) + "." + std::to_string(first.planned_at.time_since_epoch().count());
    page.attempt = page.id + "." + std::to_string(first.attempts);
    page.thread = page.id;
    page.topic = "digest";
    page.heading = heading_of(told.size());
    page.pages = told.size();
    page.time_zone = person ? person->time_zone : "";
    page.slack_is_down = desk.slack_is_down;
    for (const auto id : alerts_of(told))
        if (auto alert = storage::Alerts{tx}.find(id))
            page.alerts.push_back(std::move(*alert));
    return page;
}

/// Those that its message in Slack names.
std::vector<Notification> said(Transaction& tx, std::int64_t digest)
{
    auto told = storage::Digests{tx}.of(digest, "slack");
    std::erase_if(told, [](const Notification& one) { return one.sent_at == TimePoint{}; });
    return told;
}

/// The address of the person's own method that it goes by; empty: it is no more.
std::string address_of(Transaction& tx, const MethodName& named, const std::string& person)
{
    const auto method = storage::ContactMethods{tx}.find(named.id);
    const bool hers = method && method->kind == named.kind && method->person == person;
    return hers && is_usable(*method) ? method->address : std::string{};
}

} // namespace

void digest_message(Transaction& tx, const Desk& desk, Job& job)
{
    const auto told = wanted(tx, job);
    if (told.empty())
        return;
    job.method = "chat.postMessage";
    job.to = told.front().person;
    job.to_person = true;
    job.message = blocks::bundle(view(tx, desk, job.row.subject, told));
    job.version = digest_version(tx, job.together);
    job.kind = "digest";
    job.place = place_of(job.row.subject);
}

void digest_email(Transaction& tx, const Desk& desk, Job& job)
{
    const auto told = wanted(tx, job);
    if (told.empty() || job.only_look || !desk.has_mail)
        return;
    auto mail = story(tx, desk, job, told);
    if (const auto named = method_in(job.row.body); named && named->id.value != 0) {
        job.contact = named->id;
        mail.to = address_of(tx, *named, told.front().person);
    }
    job.method = "email";
    job.to = mail.to;
    job.email = notify::bundle_email(mail, desk.now);
}

void digest_contact(Transaction& tx, const Desk& desk, Job& job)
{
    const auto told = wanted(tx, job);
    const auto named = method_in(job.row.body);
    if (told.empty() || job.only_look || !named)
        return;
    job.contact = named->id;
    job.by = named->kind;
    job.method = name(named->kind);
    job.to = address_of(tx, *named, told.front().person);
    job.page = notify::bundle_message(story(tx, desk, job, told));
    job.page.method = job.row.body;
    job.page.code = "all"; // others may be open besides
}

void digest_edited(Transaction& tx, const Desk& desk, const std::string& place, Job& job)
{
    std::int64_t digest{};
    std::from_chars(place.data() + std::min(prefix.size(), place.size()), place.data() + place.size(), digest);
    const auto told = said(tx, digest);
    std::vector<NotificationId> together;
    for (const auto& one : told)
        together.push_back(one.id);
    job.message = blocks::bundle(view(tx, desk, digest, told));
    job.message.key = place + ":slack";
    job.version = digest_version(tx, together);
}

void digest_rest(Transaction& tx, const Desk& desk, Job& job)
{
    std::istringstream body{job.row.body};
    std::string channel, ts;
    std::size_t from{};
    body >> channel >> ts >> from;
    const auto told = said(tx, job.row.subject);
    if (told.empty())
        return;
    job.method = "chat.postMessage";
    job.to = channel;
    job.ts = ts;
    job.alert = told.front().alert;
    job.message = blocks::bundle_rest(view(tx, desk, job.row.subject, told), from);
    job.message.key = job.row.key + ":1"; // as a thread's lines are known by
}

void tell_rest(Transaction& tx, const Job& job, const std::string& channel, const std::string& ts, TimePoint now)
{
    const auto alerts = alerts_of(said(tx, job.row.subject)).size();
    for (auto from = blocks::most_in_bundle; from < alerts; from += blocks::most_in_rest)
        storage::Outbox{tx}.add("digest_rest:" + std::to_string(job.row.subject) + ":" + std::to_string(from), "digest_rest",
            storage::Priority::low_page, channel, job.row.subject, channel + "\n" + ts + "\n" + std::to_string(from), now);
}

std::int64_t digest_version(Transaction& tx, const std::vector<NotificationId>& together)
{
    std::int64_t version{};
    for (const auto id : together)
        if (const auto one = storage::Notifications{tx}.find(id))
            version += storage::Alerts{tx}.find(one->alert).value_or(Alert{}).version;
    return version;
}

void digest_done(Transaction& tx, const Job& job)
{
    for (const auto& one : storage::Digests{tx}.of(job.row.subject, job.row.body))
        if (one.state == NotificationState::planned && !is_wanted(tx, one))
            storage::Notifications{tx}.cancel(one.id);
}

} // namespace delivery
