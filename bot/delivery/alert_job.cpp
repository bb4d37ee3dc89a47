#include "delivery/kinds.hpp"
#include "oncall/verbosity.hpp"
#include "storage/channel_bundles.hpp"

namespace delivery::kinds {

namespace {

std::optional<storage::ShownMessage> card_of(const Pen& pen, oncall::AlertId id)
{
    for (auto& message : storage::Messages{pen.tx}.of_alert(id))
        if (message.kind == "card")
            return message;
    return std::nullopt;
}

} // namespace

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

void card(const Pen& pen, Job& job)
{
    job.alert = {job.row.subject};
    post(job, job.row.body, blocks::card(pen.view(job.alert)));
    if (const auto card = card_of(pen, job.alert)) {
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
    const auto card = card_of(pen, job.alert);
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

} // namespace delivery::kinds
