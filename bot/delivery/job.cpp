#include "delivery/job.hpp"

#include "blocks/overrides.hpp"
#include "delivery/view.hpp"
#include "notify/page_message.hpp"
#include "oncall/escalation.hpp"
#include "storage/answers.hpp"
#include "storage/contacts.hpp"
#include "storage/runs.hpp"

namespace delivery {

using storage::Transaction;

namespace {

constexpr std::chrono::minutes words_wanted{10};

struct Pen {
    Transaction& tx;
    const Desk& desk;

    blocks::AlertView view(oncall::AlertId id) const
    {
        auto alert = storage::Alerts{tx}.find(id);
        return view_of(tx, desk.configuration, alert.value_or(oncall::Alert{}));
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

/// A notification that is still wanted, or may be out already: then it is looked up, so that it can follow its alert.
std::optional<oncall::Notification> wanted(const Pen& pen, Job& job)
{
    auto notification = storage::Notifications{pen.tx}.find(oncall::NotificationId{job.row.subject});
    if (!notification || notification->state != oncall::NotificationState::planned)
        return std::nullopt;
    job.only_look = !is_wanted(pen.tx, *notification);
    job.alert = notification->alert;
    job.notification = notification->id;
    if (job.only_look && !job.row.ambiguous)
        return std::nullopt;
    return notification;
}

/// To a person or a channel.
void page(const Pen& pen, Job& job)
{
    const auto notification = wanted(pen, job);
    if (!notification)
        return;
    auto shown = pen.view(notification->alert);
    job.version = shown.alert.version;
    post(job, notification->person, page_for(std::move(shown), *notification));
    job.to_person = notification->method == "slack";
    const auto run = storage::Runs{pen.tx}.find(notification->run);
    job.ask_if_quiet = job.to_person && run && oncall::goes_on(*run) && run->next - 1 == notification->step;
    job.kind = job.row.kind;
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
    if (!notification || job.only_look || !pen.desk.has_mail)
        return;
    auto mail = story(pen, *notification);
    if (const auto named = oncall::method_in(notification->method); named && named->id.value != 0) {
        job.contact = named->id;
        const auto method = usable(pen, *named, notification->person);
        mail.to = method ? method->address : "";
    }
    job.method = "email";
    job.to = mail.to;
    job.email = notify::page_email(mail, pen.desk.now);
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
    job.page = notify::page_message(told);
    job.page.method = of_policy ? oncall::target_out({oncall::TargetKind::webhook, job.to}) : notification->method;
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
    if (method->kind == oncall::ContactKind::email) {
        if (!pen.desk.has_mail)
            return;
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
    if (!named || notification->state != oncall::NotificationState::sent || notification->reference != job.row.body)
        return;
    job.by = named->kind;
    job.method = "look:" + std::string{name(named->kind)};
    job.provider = notification->provider;
    job.reference = notification->reference;
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
    auto shown = pen.view(message->alert);
    job.version = shown.alert.version;
    // What a message is known by stays the same when it is edited.
    if (message->kind == "dm") {
        if (const auto notification = storage::Notifications{pen.tx}.find(oncall::NotificationId{std::stoll(message->place)})) {
            job.message = page_for(std::move(shown), *notification);
            job.message.key = "notify:" + notification->key;
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
    const auto entries = storage::Timeline{pen.tx}.of_alert(job.alert, card->told_up_to);
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
    post(job, channel, blocks::dead_end(pen.view(job.alert), words));
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

constexpr std::pair<std::string_view, void (*)(const Pen&, Job&)> kinds[]{{"dm", page}, {"channel_page", page},
    {"skipped", skipped}, {"email", email}, {"contact", contact}, {"words", words}, {"look", look}, {"alarm_email", alarm_email},
    {"reminder", reminder}, {"still_on_it", still_on_it}, {"dm_update", dm_update}, {"replace", replace}, {"card", card},
    {"thread", thread}, {"exhausted", exhausted}, {"dead_end", dead_end}, {"alarm", alarm}, {"respond", respond},
    {"respond_over", respond_over}, {"done", done}, {"override_line", override_line}, {"override_dm", override_dm},
    {"overrides", overrides}, {"person_words", override_dm}, {"channel_words", override_line}};

} // namespace

bool is_wanted(Transaction& tx, const oncall::Notification& notification)
{
    const auto page = storage::Pages{tx}.find(notification.page);
    // Who has acknowledged a page that needs others, too, is not told of it any more.
    const auto has_it = [&] {
        return page->responder.empty()
            && oncall::has_acknowledged(storage::Acknowledgements{tx}.of_alert(page->alert), notification.person);
    };
    return page && oncall::is_running(*page) && notification.state == oncall::NotificationState::planned && !has_it()
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
