#include "delivery/kinds.hpp"
#include "delivery/outcome.hpp"
#include "notify/answer_token.hpp"
#include "notify/bundle_message.hpp"
#include "notify/page_message.hpp"
#include "storage/answers.hpp"
#include "storage/contacts.hpp"

#include <algorithm>

namespace delivery::kinds {

namespace {

/// The story of a page for those that it reaches outside Slack.
notify::PageEmail story(const Pen& pen, const oncall::Notification& notification)
{
    const storage::People people{pen.tx};
    const auto person = people.find(notification.person);
    const auto names = people.names();
    notify::PageEmail mail;
    mail.to = person && !person->email.empty() ? person->email : notification.person;
    mail.notification = notification;
    mail.alert = storage::Alerts{pen.tx}.find(notification.alert).value_or(oncall::Alert{});
    // On a lock screen, in an SMS and by a voice it is the first that is heard.
    if (!storage::PagedAgain{pen.tx}.why(notification.page).empty())
        mail.alert.title = "Paged again: " + mail.alert.title;
    mail.why = blocks::plain(notification.why, names);
    if (!mail.alert.answered_by.empty())
        mail.holder = blocks::plain("<@" + mail.alert.answered_by + ">", names);
    if (const auto& services = pen.desk.configuration.services; services.contains(mail.alert.service))
        mail.runbook = services.at(mail.alert.service).runbook;
    mail.time_zone = person ? person->time_zone : "";
    if (!pen.desk.public_url.empty())
        mail.answers = notify::answer_links(pen.desk.public_url, pen.desk.answer_secret, notification, pen.desk.now);
    mail.slack_is_down = pen.desk.slack_is_down;
    return mail;
}

/// The same of several alerts, if it is more than one.
std::optional<notify::BundlePage> story_of_several(const Pen& pen, Job& job)
{
    auto alerts = several(pen, job);
    if (alerts.empty())
        return std::nullopt;
    const auto& lead = job.notifications.front();
    const auto bundle = storage::Notifications{pen.tx}.bundle_of(lead);
    const auto number = std::to_string(bundle.value);
    const auto person = storage::People{pen.tx}.find(lead.person);
    notify::BundlePage page;
    page.to = person && !person->email.empty() ? person->email : lead.person;
    page.time_zone = person ? person->time_zone : "";
    page.thread = "bundle-" + number + "." + std::to_string(lead.planned_at.time_since_epoch().count());
    page.id = "page-" + std::to_string(lead.id.value) + "." + page.thread;
    page.attempt = page.id + "." + std::to_string(lead.attempts);
    page.topic = "bundle-" + number;
    page.pages = job.notifications.size();
    page.heading = quiet_heading(pen, bundle, page.pages);
    if (page.heading.empty())
        page.heading = notify::bundle_heading(page.pages, alerts);
    page.alerts = std::move(alerts);
    if (!pen.desk.public_url.empty())
        page.acknowledge =
            notify::answer_links(pen.desk.public_url, pen.desk.answer_secret, lead, pen.desk.now, true).acknowledge;
    page.slack_is_down = pen.desk.slack_is_down;
    return page;
}

/// What an attempt may have told when some of those were wanted that have been answered since.
std::optional<notify::PageMessage> message_of_all(const Pen& pen, const Job& job)
{
    if (!job.row.ambiguous || job.unwanted.empty())
        return std::nullopt;
    Job then;
    then.notifications = job.notifications;
    then.notifications.insert(then.notifications.end(), job.unwanted.begin(), job.unwanted.end());
    auto bundle = story_of_several(pen, then);
    if (!bundle)
        return std::nullopt;
    for (auto& alert : bundle->alerts)
        if (std::any_of(job.unwanted.begin(), job.unwanted.end(), [&](const auto& one) { return one.alert == alert.id; }))
            alert.state = oncall::AlertState::triggered; // none that has been answered is told
    return notify::bundle_message(*bundle);
}

/// The person's own method that a notification goes by, if it can still be used.
std::optional<oncall::ContactMethod> usable(const Pen& pen, const oncall::MethodName& named, const std::string& person)
{
    auto method = storage::ContactMethods{pen.tx}.find(named.id);
    const bool hers = method && method->kind == named.kind && method->person == person;
    return hers && oncall::is_usable(*method) ? method : std::nullopt;
}

} // namespace

void email(const Pen& pen, Job& job)
{
    const auto notification = wanted(pen, job);
    if (!notification || job.only_look)
        return;
    const auto bundle = story_of_several(pen, job);
    job.method = "email";
    job.email =
        bundle ? notify::bundle_email(*bundle, pen.desk.now) : notify::page_email(story(pen, *notification), pen.desk.now);
    if (const auto named = oncall::method_in(notification->method); named && named->id.value != 0) {
        job.contact = named->id;
        const auto method = usable(pen, *named, notification->person);
        job.email.to = method ? method->address : "";
    }
    job.to = job.email.to;
}

void contact(const Pen& pen, Job& job)
{
    const auto notification = wanted(pen, job);
    const auto named = notification ? oncall::method_in(notification->method) : std::nullopt;
    if (!named || job.only_look)
        return;
    job.contact = named->id;
    job.by = named->kind;
    job.method = name(named->kind);
    auto told = story(pen, *notification);
    const bool of_policy = named->id.value == 0;
    if (of_policy) {
        // Nobody answers as a webhook.
        job.to = notification->person;
        told.answers.reset();
    } else if (const auto method = usable(pen, *named, notification->person)) {
        job.to = method->address;
    }
    const auto bundle = story_of_several(pen, job);
    job.page = bundle ? notify::bundle_message(*bundle) : notify::page_message(told);
    job.page.method = of_policy ? oncall::target_out({oncall::TargetKind::webhook, job.to}) : notification->method;
    job.page_of_all = message_of_all(pen, job);
    job.since = std::max(job.row.created_at, notification->sent_at);
}

void words(const Pen& pen, Job& job)
{
    const auto method = storage::ContactMethods{pen.tx}.find({job.row.subject});
    // Later they would only confuse: a code is over, and what was asked is forgotten.
    const bool late = pen.desk.now - job.row.created_at > words_wanted;
    if (!method || late || method->stopped_at != oncall::TimePoint{})
        return;
    job.contact = method->id;
    job.to = method->address;
    job.since = job.row.created_at;
    if (method->kind == oncall::ContactKind::email) {
        job.method = "email";
        job.email = notify::alarm_email(method->address, job.row.body, job.row.key, pen.desk.now);
        return;
    }
    job.by = method->kind;
    job.method = name(method->kind);
    job.page = notify::word_message(job.row.body, job.row.key);
    job.page.method = oncall::method_out(*method);
}

void look(const Pen& pen, Job& job)
{
    const auto notification = storage::Notifications{pen.tx}.find(oncall::NotificationId{job.row.subject});
    const auto named = notification ? oncall::method_in(notification->method) : std::nullopt;
    if (!named || !is_on_its_way(pen.tx, job.row.body))
        return;
    job.by = named->kind;
    job.method = "look:" + std::string{name(named->kind)};
    job.provider = notification->provider;
    job.reference = job.row.body;
}

void look_words(const Pen& pen, Job& job)
{
    const auto method = storage::ContactMethods{pen.tx}.find({job.row.subject});
    if (!method)
        return;
    const auto [provider, rest] = split(job.row.body);
    job.by = method->kind;
    job.method = "look:" + std::string{name(method->kind)};
    job.provider = provider;
    job.reference = split(rest).first;
}

void silence_siren(const Pen& pen, Job& job)
{
    const auto notification = storage::Notifications{pen.tx}.find(oncall::NotificationId{job.row.subject});
    const auto named = notification ? oncall::method_in(notification->method) : std::nullopt;
    if (!named || pen.desk.now - notification->sent_at > longest_siren)
        return;
    job.by = named->kind;
    job.method = "look:" + std::string{name(named->kind)};
    job.provider = notification->provider;
    job.reference = job.row.body;
}

void alarm_email(const Pen& pen, Job& job)
{
    if (!pen.desk.has_mail)
        return;
    const auto [address, words] = split(job.row.body);
    job.method = "email";
    job.to = address;
    job.email = notify::alarm_email(address, words, job.row.key, pen.desk.now);
}

} // namespace delivery::kinds
