#include "delivery/handoff_job.hpp"

#include "blocks/handoff.hpp"
#include "oncall/override_permission.hpp"
#include "oncall/reach_words.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/handoffs.hpp"
#include "storage/levels.hpp"
#include "storage/pager_tests.hpp"

#include <algorithm>
#include <charconv>

namespace delivery {

using oncall::TimePoint;
using storage::HandoffPart;
using storage::Transaction;

namespace {

constexpr int most_people_known = 500;
constexpr std::size_t most_open = 10;
constexpr std::chrono::minutes late_after{5};
constexpr std::chrono::days followed{60}; // a shift, to its end

std::int64_t number_in(std::string_view text)
{
    std::int64_t number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// "first\nsecond\nthird"
std::vector<std::string> lines_of(const std::string& body)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at <= body.size();) {
        const auto end = std::min(body.find('\n', at), body.size());
        lines.push_back(body.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

void post_message(Job& job, std::string to, slack::Message message)
{
    job.method = "chat.postMessage";
    job.to = std::move(to);
    job.message = std::move(message);
}

/// Posted once, and then edited.
void post_or_edit(Job& job, std::string to, const std::string& posted_in, const std::string& ts, slack::Message message)
{
    post_message(job, std::move(to), std::move(message));
    if (ts.empty())
        return;
    job.method = "chat.update";
    job.to = posted_in;
    job.ts = ts;
}

/// Until when it holds, and whether it is over, by what the schedule says now.
void follow_schedule(blocks::HandoffView& view, const storage::ToldHandoff& told, const oncall::Schedule& schedule,
    const oncall::Known& known, TimePoint now)
{
    view.is_planned_gap = view.incoming.empty() && view.stays.empty() && oncall::is_planned_gap(schedule, told.at);
    if (view.incoming.empty())
        return;
    const auto farthest = std::max(now, told.at) + followed;
    std::optional<TimePoint> first, last;
    bool stays = false;
    for (const auto& comes : view.incoming) {
        const auto off = oncall::goes_off(schedule, known, comes.person, told.at, farthest);
        stays = stays || !off;
        if (!off)
            continue;
        first = std::min(first.value_or(*off), *off);
        last = std::max(last.value_or(*off), *off);
    }
    view.is_over = !stays && last && *last <= now;
    if (first && *first > told.at)
        view.until = *first;
    else if (!first && told.until < farthest)
        view.until = {};
}

blocks::HandoffView handoff_view(Transaction& tx, const Desk& desk, const storage::ToldHandoff& told)
{
    const auto known = storage::known_people(tx);
    blocks::HandoffView view;
    view.schedule = told.schedule;
    view.at = told.at;
    view.until = told.until;
    view.is_over = told.until != TimePoint{} && told.until <= desk.now;
    for (const auto& part : told.parts) {
        if (part.kind == HandoffPart::outgoing)
            view.outgoing.push_back(part.person);
        else if (part.kind == HandoffPart::stays)
            view.stays.push_back(part.person);
        else {
            const auto who = oncall::known_as(part.person, known);
            const auto person = storage::People{tx}.find(who);
            view.incoming.push_back({who,
                person && !person->kind.empty() ? person->kind
                    : part.is_nobody            ? "nobody"
                                                : "",
                part.accepted_at, part.passed_on_at, part.passed_on_to});
        }
    }
    if (const auto schedule = desk.configuration.schedules.find(told.schedule); schedule != desk.configuration.schedules.end())
        follow_schedule(view, told, schedule->second, known, desk.now);
    for (auto& note : storage::HandoffNotes{tx}.of(told.id))
        if (note.schedule == told.schedule)
            view.notes.push_back({note.person, std::move(note.text), note.written_at});
    return view;
}

/// To the alert's card; empty: none stands.
std::string card_link(Transaction& tx, oncall::AlertId alert)
{
    const auto link = [](const std::string& channel, std::string ts) {
        std::erase(ts, '.');
        return "https://slack.com/archives/" + channel + "/p" + ts;
    };
    for (const auto& message : storage::Messages{tx}.of_alert(alert))
        if (message.kind == "card")
            return link(message.channel, message.ts);
    const auto bundle = storage::ChannelBundles{tx}.of_alert(alert);
    return bundle && !bundle->ts.empty() ? link(bundle->channel, bundle->ts) : std::string{};
}

/// Those of the teams that are told of things there and page by one of these schedules.
std::set<std::string> teams_told(const Desk& desk, const std::vector<storage::ToldHandoff>& told, const std::string& channel)
{
    std::set<std::string> teams;
    for (const auto& one : told)
        for (const auto& team : oncall::teams_of(desk.configuration, one.schedule))
            if (oncall::channel_told(desk.configuration.teams.at(team), desk.fallback_channel) == channel)
                teams.insert(team);
    return teams;
}

} // namespace

void handoff_job(Transaction& tx, const Desk& desk, Job& job)
{
    const auto message = storage::Handoffs{tx}.message(job.row.subject);
    if (!message)
        return;
    const auto told = storage::Handoffs{tx}.shown_in(message->id);
    blocks::HandoffMessageView shown;
    shown.id = message->id;
    shown.names = storage::People{tx}.names();
    if (!message->trouble.empty())
        shown.trouble = message->channel + ": " + message->trouble;
    for (const auto& one : told)
        shown.handoffs.push_back(handoff_view(tx, desk, one));
    const auto teams = teams_told(desk, told, message->channel);
    for (const auto& alert : storage::Alerts{tx}.all_open(most_people_known)) {
        if (alert.drill || !teams.contains(alert.team))
            continue;
        if (shown.open.size() == most_open) {
            ++shown.more;
            continue;
        }
        shown.open.push_back({alert.id, alert.service, alert.title, alert.state, card_link(tx, alert.id)});
    }
    post_or_edit(job, message->place, message->posted_in, message->ts, blocks::handoff(shown));
}

void note_request_job(Transaction& tx, const Desk& desk, Job& job)
{
    const auto lines = lines_of(job.row.body);
    const auto watched = storage::WatchedSchedules{tx}.find(job.row.subject);
    const auto schedule = watched ? desk.configuration.schedules.find(watched->name) : desk.configuration.schedules.end();
    if (lines.size() < 2 || schedule == desk.configuration.schedules.end())
        return;
    const TimePoint at{oncall::milliseconds{number_in(lines[1])}};
    const auto handoff = oncall::handoff_at(schedule->second, storage::known_people(tx), at);
    const bool goes =
        handoff && std::find(handoff->outgoing.begin(), handoff->outgoing.end(), lines[0]) != handoff->outgoing.end();
    // Over, moved, or written already: nothing is to be asked.
    if (!goes || at <= desk.now || storage::HandoffNotes{tx}.find(watched->name, lines[0], 0))
        return;
    post_message(
        job, lines[0], blocks::note_request({watched->name, at, handoff->incoming, watched->id, storage::People{tx}.names()}));
    job.to_person = true;
}

void shift_reminder_job(Transaction& tx, const Desk& desk, Job& job)
{
    const auto lines = lines_of(job.row.body);
    const auto watched = storage::WatchedSchedules{tx}.find(job.row.subject);
    const auto schedule = watched ? desk.configuration.schedules.find(watched->name) : desk.configuration.schedules.end();
    if (lines.size() < 3 || schedule == desk.configuration.schedules.end())
        return;
    const TimePoint at{oncall::milliseconds{number_in(lines[1])}};
    const auto handoff = oncall::handoff_at(schedule->second, storage::known_people(tx), at);
    const bool comes =
        handoff && std::find(handoff->incoming.begin(), handoff->incoming.end(), lines[0]) != handoff->incoming.end();
    blocks::ShiftReminderView shown;
    shown.before = oncall::milliseconds{number_in(lines[2])};
    // Taken by somebody else, moved, or so late that it is a shift by now.
    if (!comes || (shown.before > oncall::milliseconds{} && at <= desk.now) || (handoff->until && *handoff->until <= desk.now))
        return;
    shown.schedule = watched->name;
    shown.at = at;
    shown.is_late = desk.now - (at - shown.before) > late_after;
    shown.until = handoff->until.value_or(TimePoint{});
    shown.outgoing = handoff->outgoing;
    shown.together = handoff->stays;
    for (const auto& other : handoff->incoming)
        if (other != lines[0])
            shown.together.push_back(other);
    const auto told = storage::Handoffs{tx}.find(watched->name, at);
    const auto* const part = told ? told->part(lines[0], HandoffPart::incoming) : nullptr;
    if (part && part->accepted_at == TimePoint{})
        shown.accept = "h" + std::to_string(told->id);
    shown.names = storage::People{tx}.names();
    post_message(job, lines[0], blocks::shift_reminder(shown));
    job.to_person = true;
}

void accept_reminder_job(Transaction& tx, const Desk& desk, Job& job)
{
    const auto told = storage::Handoffs{tx}.find(job.row.subject);
    const auto* const part = told ? told->part(job.row.body, HandoffPart::incoming) : nullptr;
    if (!part || part->accepted_at != TimePoint{})
        return;
    const auto view = handoff_view(tx, desk, *told);
    if (view.is_over)
        return;
    post_message(job, storage::known_as(tx, job.row.body), blocks::accept_reminder(view, told->id, storage::People{tx}.names()));
    job.to_person = true;
}

void pager_test_job(Transaction& tx, const Desk&, Job& job)
{
    const auto test = storage::PagerTests{tx}.find(job.row.subject);
    if (!test)
        return;
    blocks::PagerTestView shown;
    shown.at = test->at;
    for (const auto& way : test->ways) {
        const auto method = oncall::method_in(way.method);
        shown.wakes = shown.wakes || (method && oncall::wakes(method->kind));
        shown.ways.push_back({way.words, way.state, way.why});
    }
    post_or_edit(job, test->person, test->posted_in, test->ts, blocks::pager_test(shown));
    job.to_person = job.method == "chat.postMessage";
}

void handoff_said(Transaction& tx, const Job& job, const Came& came)
{
    if (job.method != "chat.postMessage")
        return;
    if (job.row.kind == "handoff")
        storage::Handoffs{tx}.posted(job.row.subject, came.channel, came.ts);
    else if (job.row.kind == "pager_test")
        storage::PagerTests{tx}.posted(job.row.subject, came.channel, came.ts);
}

void handoff_refused(Transaction& tx, const Job& job, const std::string& why, const std::string& fallback_channel, TimePoint now)
{
    if (job.method != "chat.postMessage" || job.to == fallback_channel || fallback_channel.empty())
        return;
    storage::Handoffs{tx}.moved(job.row.subject, fallback_channel, why);
    // Of that key there is one row: it is asked for again and leaves once this one is done.
    storage::Outbox{tx}.add(job.row.key, job.row.kind, job.row.priority, fallback_channel, job.row.subject, "", now);
}

} // namespace delivery
