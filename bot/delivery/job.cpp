#include "delivery/job.hpp"

#include "blocks/absences.hpp"
#include "blocks/bundle.hpp"
#include "blocks/overrides.hpp"
#include "delivery/channel_bundle_job.hpp"
#include "delivery/cover.hpp"
#include "delivery/coverage_job.hpp"
#include "delivery/handoff_job.hpp"
#include "delivery/outcome.hpp"
#include "delivery/preview.hpp"
#include "delivery/report.hpp"
#include "delivery/schedule_edit.hpp"
#include "delivery/schedule_picture.hpp"
#include "delivery/spoken.hpp"
#include "delivery/subscriber.hpp"
#include "delivery/text_file.hpp"
#include "delivery/view.hpp"
#include "notify/bundle_message.hpp"
#include "notify/page_message.hpp"
#include "oncall/bundling.hpp"
#include "oncall/escalation.hpp"
#include "oncall/verbosity.hpp"
#include "storage/answers.hpp"
#include "storage/bundles.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/contacts.hpp"
#include "storage/levels.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace delivery {

using storage::Transaction;

namespace {

struct Pen {
    Transaction& tx;
    const Desk& desk;

    blocks::AlertView view(oncall::AlertId id) const
    {
        auto alert = storage::Alerts{tx}.find(id);
        return whole_view_of(tx, desk.configuration, alert.value_or(oncall::Alert{}));
    }
    std::optional<storage::ShownMessage> card_of(oncall::AlertId id) const
    {
        for (auto& message : storage::Messages{tx}.of_alert(id))
            if (message.kind == "card")
                return message;
        return std::nullopt;
    }
};

/// "first\nrest"
std::pair<std::string, std::string> split(const std::string& body)
{
    const auto line = std::min(body.find('\n'), body.size());
    return {body.substr(0, line), body.substr(std::min(line + 1, body.size()))};
}

void post(Job& job, std::string to, slack::Message message)
{
    job.method = "chat.postMessage";
    job.to = std::move(to);
    job.message = std::move(message);
}

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

/// The notification, or those of its bundle, that are still wanted. When it may be out already and nobody wants it, it is looked
/// up all the same, so that it can follow its alert.
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

/// What a bundle's job tells of, the most important first; empty: it is the page of one alert.
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

/// What stands above those that waited for the end of her quiet hours; empty: they did not.
std::string quiet_heading(const Pen& pen, oncall::BundleId id, std::size_t pages)
{
    const auto bundle = storage::Bundles{pen.tx}.find(id);
    if (!bundle || !bundle->quiet)
        return {};
    return std::to_string(pages) + (pages == 1 ? " page" : " pages") + " that waited for the end of your quiet hours";
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

/// To a person or a channel.
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

/// A mail cannot be looked up: one that may have been taken is sent again under the same id, unless nobody needs it any more.
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

/// By a provider. Without an address it is refused: the method is no more.
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

/// Words for the owner of a contact method, by it: it need not be verified.
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

/// What became of what a provider took; `body` is what it called it.
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

/// What became of words that a provider took; `body` is its name, what it calls them, and the test they were.
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

/// Somebody has answered: what a provider took calls nobody any more. `body` is what it called it.
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

/// The auditor's words, to an operator.
void alarm_email(const Pen& pen, Job& job)
{
    if (!pen.desk.has_mail)
        return;
    const auto [address, words] = split(job.row.body);
    job.method = "email";
    job.to = address;
    job.email = notify::alarm_email(address, words, job.row.key, pen.desk.now);
}

void reminder(const Pen& pen, Job& job)
{
    job.alert = {job.row.subject};
    const auto shown = pen.view(job.alert);
    job.only_look = shown.alert.state != oncall::AlertState::promised;
    if (job.only_look && !job.row.ambiguous)
        return;
    job.version = shown.alert.version;
    post(job, job.row.body, blocks::reminder(shown));
    job.to_person = true;
    job.kind = "reminder";
    job.place = job.row.key;
}

/// What the message of a notification is known by.
std::string known_by(const Pen& pen, const oncall::Notification& notification)
{
    return "notify:" + oncall::message_of(notification, storage::Notifications{pen.tx}.bundle_of(notification));
}

void still_on_it(const Pen& pen, Job& job)
{
    job.alert = {job.row.subject};
    const auto shown = pen.view(job.alert);
    job.only_look = shown.alert.state != oncall::AlertState::acknowledged || shown.still_asked_at == oncall::TimePoint{};
    if (job.only_look && !job.row.ambiguous)
        return;
    job.version = shown.alert.version;
    post(job, job.row.body, blocks::still_on_it(shown));
    job.to_person = job.row.body == shown.alert.answered_by;
    job.kind = "still_on_it";
    job.place = job.row.key;
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

/// Those that a bundle's message has no room for.
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

void card(const Pen& pen, Job& job)
{
    job.alert = {job.row.subject};
    post(job, job.row.body, blocks::card(pen.view(job.alert)));
    if (const auto card = pen.card_of(job.alert)) {
        job.method = "chat.update";
        job.to = card->channel;
        job.ts = card->ts;
        job.shown_message = card->id;
    } else {
        job.kind = "card";
        job.place = job.row.body;
    }
}

void thread(const Pen& pen, Job& job)
{
    job.alert = {job.row.subject};
    const auto card = pen.card_of(job.alert);
    if (!card)
        return; // asked for again once the card stands
    auto entries = storage::Timeline{pen.tx}.of_alert(job.alert, card->told_up_to);
    // The card may stand where the team had its channel before.
    const auto alert = storage::Alerts{pen.tx}.find(job.alert);
    const auto team = pen.desk.configuration.teams.find(alert ? alert->team : "");
    const bool has_channel = team != pen.desk.configuration.teams.end() && !team->second.channel.empty();
    const auto verbosity = oncall::verbosity_of(pen.desk.configuration, has_channel ? team->second.channel : card->place);
    const auto shouts = storage::Shouts{pen.tx}.after(job.alert, card->told_up_to);
    std::erase_if(entries, [&](const oncall::TimelineEntry& entry) {
        const auto news = shouts.contains(entry.id) ? oncall::News::shout : oncall::News::step;
        return !told_of(news, verbosity, false).in_thread;
    });
    if (entries.empty())
        return;
    post(job, card->channel, blocks::history(entries, storage::People{pen.tx}.names()));
    job.ts = card->ts;
    job.shown_message = card->id;
    job.told_from = card->told_up_to;
    job.told_up_to = entries.back().id;
    job.message.key = job.row.key + ":" + std::to_string(job.told_up_to);
}

void exhausted(const Pen& pen, Job& job)
{
    job.alert = {job.row.subject};
    const auto shown = pen.view(job.alert);
    job.only_look =
        shown.alert.state != oncall::AlertState::triggered || !shown.page || shown.page->state != oncall::PageState::exhausted;
    if (job.only_look && !job.row.ambiguous)
        return;
    job.version = shown.alert.version;
    post(job, job.row.body, blocks::exhausted(shown));
    job.kind = "exhausted";
    job.place = job.row.key;
}

void dead_end(const Pen& pen, Job& job)
{
    const auto [channel, words] = split(job.row.body);
    job.alert = {job.row.subject};
    auto shown = pen.view(job.alert);
    shown.names.merge(storage::People{pen.tx}.names()); // the words may name whoever has no part in it any more
    post(job, channel, blocks::dead_end(shown, words));
}

void alarm(const Pen&, Job& job)
{
    const auto [channel, words] = split(job.row.body);
    post(job, channel, blocks::words(words));
}

void answer(Job& job, std::string url, slack::Message message)
{
    job.method = "response_url";
    job.to = std::move(url);
    job.message = std::move(message);
    job.ephemeral = true;
}

void respond(const Pen& pen, Job& job)
{
    const auto [url, words] = split(job.row.body);
    answer(job, url, blocks::words(words, storage::People{pen.tx}.names()));
}

void respond_over(const Pen& pen, Job& job)
{
    respond(pen, job);
    job.ephemeral = false;
}

void done(const Pen& pen, Job& job)
{
    const auto [url, rest] = split(job.row.body);
    const auto [value, words] = split(rest);
    answer(job, url, blocks::done(words, value, storage::People{pen.tx}.names()));
}

void override_line(const Pen& pen, Job& job)
{
    const auto [to, words] = split(job.row.body);
    post(job, to, blocks::words(words, storage::People{pen.tx}.names()));
}

void override_dm(const Pen& pen, Job& job)
{
    override_line(pen, job);
    job.to_person = true;
}

void clash(const Pen& pen, Job& job)
{
    const auto [person, rest] = split(job.row.body);
    const auto [value, words] = split(rest);
    post(job, person, blocks::clash(words, value, storage::People{pen.tx}.names()));
    job.to_person = true;
}

/// As it stands now, instead of the list that was clicked.
void overrides(const Pen& pen, Job& job)
{
    const auto [url, rest] = split(job.row.body);
    const auto [undo, words] = split(rest);
    std::vector<blocks::OverrideLine> lines;
    for (auto& one : storage::Overrides{pen.tx}.all())
        lines.push_back({std::move(one.what), one.schedule, one.made_by, one.reason, one.version});
    answer(job, url, blocks::overrides(lines, pen.desk.now, storage::People{pen.tx}.names(), words, undo));
    job.ephemeral = false;
}

void handoff(const Pen& pen, Job& job) { handoff_job(pen.tx, pen.desk, job); }
void note_request(const Pen& pen, Job& job) { note_request_job(pen.tx, pen.desk, job); }
void shift_reminder(const Pen& pen, Job& job) { shift_reminder_job(pen.tx, pen.desk, job); }
void accept_reminder(const Pen& pen, Job& job) { accept_reminder_job(pen.tx, pen.desk, job); }
void pager_test(const Pen& pen, Job& job) { pager_test_job(pen.tx, pen.desk, job); }
void picture(const Pen& pen, Job& job) { draw_schedule(pen.tx, pen.desk, job); }

void preview(const Pen& pen, Job& job) { draw_preview(pen.desk, job); }

void report_file(const Pen& pen, Job& job) { write_report(pen.tx, pen.desk, job); }
void text_file(const Pen&, Job& job) { write_text_file(job); }
void cover(const Pen& pen, Job& job) { render_cover(pen.tx, job); }
void spoken(const Pen&, Job& job) { render_spoken(job); }
void answered(const Pen&, Job& job) { render_answered(job); }
void edit_of_schedule(const Pen& pen, Job& job) { render_schedule_edit(pen.tx, job); }
void moved_shifts(const Pen& pen, Job& job) { render_schedule_edit_dm(pen.tx, job); }
void coverage(const Pen& pen, Job& job) { coverage_job(pen.tx, pen.desk, job); }
void subscriber(const Pen& pen, Job& job) { render_subscriber(pen.tx, job); }
void channel_bundle(const Pen& pen, Job& job) { render_channel_bundle(pen.tx, pen.desk, job); }
void channel_line(const Pen& pen, Job& job) { render_channel_line(pen.tx, pen.desk, job); }

constexpr std::pair<std::string_view, void (*)(const Pen&, Job&)> kinds[]{{"dm", page}, {"channel_page", page},
    {"skipped", skipped}, {"email", email}, {"contact", contact}, {"words", words}, {"look", look}, {"look_words", look_words},
    {"hush", silence_siren}, {"alarm_email", alarm_email}, {"reminder", reminder}, {"still_on_it", still_on_it},
    {"bundle_rest", bundle_rest}, {"dm_update", dm_update}, {"replace", replace}, {"card", card}, {"thread", thread},
    {"channel_bundle", channel_bundle}, {"channel_line", channel_line}, {"exhausted", exhausted}, {"dead_end", dead_end},
    {"alarm", alarm}, {"respond", respond}, {"respond_over", respond_over}, {"done", done}, {"override_line", override_line},
    {"override_dm", override_dm}, {"overrides", overrides}, {"handoff", handoff}, {"note_request", note_request},
    {"shift_reminder", shift_reminder}, {"accept_reminder", accept_reminder}, {"pager_test", pager_test},
    {"person_words", override_dm}, {"channel_words", override_line}, {"clash", clash}, {"picture", picture},
    {"picture_answer", picture}, {"report_file", report_file}, {"preview", preview}, {"cover", cover}, {"text_file", text_file},
    {"coverage", coverage}, {"schedule_edit", edit_of_schedule}, {"schedule_edit_dm", moved_shifts}, {"spoken", spoken},
    {"answered", answered}, {"subscriber", subscriber}};

} // namespace

std::int64_t version_now(Transaction& tx, const Job& job)
{
    std::int64_t version = 0;
    for (const auto id : job.alerts.empty() ? std::vector{job.alert} : job.alerts)
        if (const auto alert = storage::Alerts{tx}.find(id))
            version += alert->version;
    return version;
}

bool awaits_answer(Transaction& tx, const oncall::Notification& notification)
{
    const auto page = storage::Pages{tx}.find(notification.page);
    if (!page || !oncall::is_running(*page) || notification.state == oncall::NotificationState::declined)
        return false;
    if (!page->responder.empty())
        return true;
    // Who has acknowledged a page that needs others, too, is not told of it any more, by whichever of their names.
    const auto by = storage::Acknowledgements{tx}.of_alert(page->alert);
    return by.empty() || !oncall::has_acknowledged(by, storage::known_as(tx, notification.person));
}

bool is_wanted(Transaction& tx, const oncall::Notification& notification)
{
    return notification.state == oncall::NotificationState::planned && awaits_answer(tx, notification)
        && !storage::Notifications{tx}.is_overtaken(notification);
}

Job job_of(Transaction& tx, const Desk& desk, storage::OutboxRow row)
{
    Job job;
    job.row = std::move(row);
    for (const auto& [kind, render] : kinds)
        if (kind == job.row.kind)
            render(Pen{tx, desk}, job);
    if (job.message.key.empty())
        job.message.key = job.row.key;
    return job;
}

} // namespace delivery
