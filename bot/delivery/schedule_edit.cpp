#include "delivery/schedule_edit.hpp"

#include "blocks/schedule_edit.hpp"
#include "oncall/words.hpp"
#include "storage/schedule_edits.hpp"

#include <algorithm>
#include <charconv>

namespace delivery {

using storage::ScheduleEditMessages;
using storage::Transaction;

namespace {

struct MovedNews {
    std::string person{};
    std::int64_t edit{};
    std::string words{};
};

/// "person\nlast edit\nwords"
MovedNews moved_news_in(const std::string& body)
{
    MovedNews news;
    const auto first = std::min(body.find('\n'), body.size());
    const auto second = std::min(body.find('\n', std::min(first + 1, body.size())), body.size());
    news.person = body.substr(0, first);
    const auto* const begin = body.data() + std::min(first + 1, body.size());
    std::from_chars(begin, body.data() + second, news.edit);
    news.words = body.substr(std::min(second + 1, body.size()));
    return news;
}

} // namespace

void render_schedule_edit(Transaction& tx, Job& job)
{
    const auto message = ScheduleEditMessages{tx}.find(job.row.key);
    const auto edit = storage::ScheduleEdits{tx}.find(job.row.subject);
    if (!message || !edit)
        return;
    if (!message->ts.empty()) {
        job.method = "chat.update";
        job.to = message->channel;
        job.ts = message->ts;
    } else {
        job.method = "chat.postMessage";
        job.to = message->place;
    }
    blocks::ScheduleEditView shown;
    shown.id = edit->id;
    shown.schedule = edit->schedule;
    shown.by = edit->by;
    shown.via = edit->via;
    shown.made = edit->before.empty();
    shown.deleted = edit->after.empty();
    shown.is_undo = edit->undoes != 0;
    shown.words = edit->words;
    shown.undone_by = edit->undone_by;
    shown.undone_at = edit->undone_at;
    shown.names = storage::People{tx}.names();
    job.message = blocks::schedule_edit(shown);
}

void render_schedule_edit_dm(Transaction& tx, Job& job)
{
    const auto news = moved_news_in(job.row.body);
    // An edit since then has words of its own, which say all of it; of none left to be told, the edit is 0.
    std::int64_t last{};
    for (const auto& move : storage::UntoldMoves{tx}.of_person(news.person))
        last = std::max(last, move.edit);
    if (last != news.edit)
        return;
    job.method = "chat.postMessage";
    job.to = news.person;
    job.to_person = true;
    job.message = blocks::moved_shifts(news.words, storage::People{tx}.names());
}

void schedule_edit_said(Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now)
{
    if (job.row.kind == "schedule_edit_dm") {
        const auto news = moved_news_in(job.row.body);
        storage::UntoldMoves{tx}.told(news.person, news.edit);
    }
    if (job.row.kind != "schedule_edit" || job.method != "chat.postMessage")
        return;
    ScheduleEditMessages{tx}.stands(job.row.key, came.channel, came.ts);
    // What was posted then may say less than there is by now.
    if (came.found)
        storage::Outbox{tx}.add(job.row.key, job.row.kind, job.row.priority, job.row.lane, job.row.subject, job.row.body, now);
}

bool schedule_edit_refused(
    Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, oncall::TimePoint now)
{
    const storage::Outbox outbox{tx};
    const bool elsewhere = !fallback_channel.empty() && job.to != fallback_channel;
    if (job.row.kind == "schedule_edit_dm") {
        const auto news = moved_news_in(job.row.body);
        storage::UntoldMoves{tx}.told(news.person, news.edit);
        if (!fallback_channel.empty())
            outbox.add("elsewhere:" + job.row.key, "channel_words", job.row.priority, fallback_channel, 0,
                fallback_channel + "\nI could not tell " + oncall::mention(news.person) + " this: " + because(came)
                    + " Please make sure they know: " + news.words,
                now);
        return true;
    }
    if (job.row.kind != "schedule_edit")
        return false;
    if (job.method == "chat.update") {
        if (stands_no_more(came))
            ScheduleEditMessages{tx}.forget(job.row.key);
        return true;
    }
    ScheduleEditMessages{tx}.forget(job.row.key);
    if (!elsewhere)
        return true;
    const storage::ScheduleEditMessage there{
        "schedule_edit:" + std::to_string(job.row.subject) + ":" + fallback_channel, job.row.subject, fallback_channel, "", ""};
    if (ScheduleEditMessages{tx}.add(there))
        outbox.add(there.key, "schedule_edit", job.row.priority, fallback_channel, there.edit, fallback_channel, now);
    outbox.add("refused:" + job.row.key, "channel_words", job.row.priority, fallback_channel, 0,
        fallback_channel + "\nI could not post in " + job.to + " that a schedule changed: " + because(came), now);
    return true;
}

} // namespace delivery
