#include "delivery/waiting.hpp"

#include "delivery/spoken.hpp"
#include "slack/errors.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/coverage.hpp"
#include "storage/handoffs.hpp"
#include "storage/schedule_edits.hpp"

#include <algorithm>
#include <array>

namespace delivery {

using oncall::TimePoint;
using storage::Transaction;
using storage::TroubleKey;
using storage::Troubles;

namespace {

constexpr std::chrono::hours longest_wait{1}; // then it is tried, whatever is known
constexpr std::chrono::hours words_count{24};

bool is_one_of(const std::string& kind, std::initializer_list<std::string_view> those)
{
    return std::find(those.begin(), those.end(), kind) != those.end();
}

bool is_channel(const std::string& text) { return !text.empty() && (text[0] == '#' || text[0] == 'C' || text[0] == 'G'); }

/// Nobody needs it any more. What its own rendering leaves out is no matter here.
bool is_pointless(Transaction& tx, const storage::OutboxRow& row, TimePoint now)
{
    if (row.kind == "card") {
        const auto alert = storage::Alerts{tx}.find({row.subject});
        const auto messages = storage::Messages{tx}.of_alert({row.subject});
        const bool stands = std::any_of(messages.begin(), messages.end(), [](const auto& one) { return one.kind == "card"; });
        return !alert || (alert->state == oncall::AlertState::resolved && !stands);
    }
    if (row.kind == "channel_bundle") {
        const storage::ChannelBundles bundles{tx};
        const auto bundle = bundles.find({row.subject});
        if (bundle && !bundle->ts.empty())
            return false;
        const auto alerts = bundle ? bundles.alerts(bundle->id) : std::vector<oncall::AlertId>{};
        return std::all_of(alerts.begin(), alerts.end(), [&](oncall::AlertId id) {
            const auto alert = storage::Alerts{tx}.find(id);
            return !alert || alert->state == oncall::AlertState::resolved;
        });
    }
    return is_one_of(row.kind, {"alarm", "dead_end", "override_line", "channel_words", "person_words"})
        && now - row.created_at > words_count;
}

std::vector<storage::OutboxRow> that_count(Transaction& tx, const TroubleKey& of, TimePoint now)
{
    auto rows = Troubles{tx}.waiting(of);
    std::erase_if(rows, [&](const storage::OutboxRow& row) {
        if (!is_pointless(tx, row, now))
            return false;
        storage::Outbox{tx}.drop(row.id);
        Troubles{tx}.wait_no_more(row.key);
        return true;
    });
    return rows;
}

/// Whether it is kept until the channel takes it. Of the others something else is made: they go to the fallback channel, or
/// whoever asked is told.
bool is_for_the_channel(const Job& job, const std::string& fallback_channel)
{
    const auto& kind = job.row.kind;
    if (is_one_of(kind, {"card", "channel_bundle", "thread", "exhausted", "dead_end", "alarm", "spoken"}))
        return true;
    return is_one_of(kind, {"handoff", "coverage", "schedule_edit", "override_line", "channel_words"})
        && job.method == "chat.postMessage" && (fallback_channel.empty() || place_of(job) == fallback_channel);
}

/// There is no channel for what waited as `row`. What stands somewhere stays there; the rest is placed anew once there is one.
void card_nowhere(Transaction& tx, const storage::OutboxRow& row, const std::vector<oncall::AlertId>& alerts)
{
    if (row.kind == "channel_bundle") {
        const auto bundle = storage::ChannelBundles{tx}.find({row.subject});
        if (bundle && !bundle->ts.empty())
            return;
    }
    for (const auto id : alerts) {
        const auto messages = storage::Messages{tx}.of_alert(id);
        if (std::none_of(messages.begin(), messages.end(), [](const auto& one) { return one.kind == "card"; }))
            storage::ChannelAlerts{tx}.forget(id);
    }
}

/// The alert's card, of its own or shared, goes to where the configuration of now has it. `row`: what waited for the old place.
void card_elsewhere(Transaction& tx, const storage::OutboxRow& row, const std::string& left_place,
    const oncall::Configuration& configuration, const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const storage::ChannelBundles bundles{tx};
    const bool shared = row.kind == "channel_bundle";
    const auto all = shared ? bundles.alerts({row.subject}) : std::vector<oncall::AlertId>{{row.subject}};
    std::optional<oncall::Alert> open;
    for (const auto id : all)
        if (auto alert = storage::Alerts{tx}.find(id); alert && alert->state != oncall::AlertState::resolved)
            open = std::move(alert);
    if (!open)
        return;
    const auto team = configuration.teams.find(open->team);
    const auto& channel =
        team != configuration.teams.end() && !team->second.channel.empty() ? team->second.channel : fallback_channel;
    if (channel.empty()) {
        card_nowhere(tx, row, all);
        return;
    }
    if (shared) {
        bundles.moved({row.subject}, channel);
        outbox.add(row.key, row.kind, row.priority, channel, row.subject, row.body, now);
        return;
    }
    const storage::Messages messages{tx};
    for (const auto& one : messages.of_alert(open->id))
        if (one.kind == "card" && one.place != left_place)
            return;
        else if (one.kind == "card")
            messages.forget(one.id);
    outbox.add("card:" + std::to_string(open->id.value), "card", storage::Priority::card, channel, row.subject, channel, now);
}

/// To the fallback channel, as where it is refused at once.
void words_elsewhere(Transaction& tx, const storage::OutboxRow& row, const storage::Trouble& stands_there,
    const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto why = slack::words_of(stands_there.code);
    if (row.kind == "handoff" || row.kind == "coverage") {
        if (row.kind == "handoff")
            storage::Handoffs{tx}.moved(row.subject, fallback_channel, why);
        else
            storage::ToldCoverages{tx}.moved(row.subject, fallback_channel, why);
        outbox.add(row.key, row.kind, row.priority, fallback_channel, row.subject, "", now);
    } else if (row.kind == "schedule_edit") {
        const storage::ScheduleEditMessages messages{tx};
        messages.forget(row.key);
        const storage::ScheduleEditMessage there{
            "schedule_edit:" + std::to_string(row.subject) + ":" + fallback_channel, row.subject, fallback_channel, "", ""};
        if (messages.add(there))
            outbox.add(there.key, row.kind, row.priority, fallback_channel, there.edit, fallback_channel, now);
    } else if (is_one_of(row.kind, {"alarm", "dead_end", "override_line", "channel_words"})) {
        outbox.add(row.key + ":elsewhere", row.kind, row.priority, fallback_channel, row.subject,
            fallback_channel + row.body.substr(std::min(row.body.find('\n'), row.body.size())) + "\nI could not post this in "
                + stands_there.of.subject + ": " + why + ".",
            now);
    }
}

} // namespace

std::string place_of(const Job& job)
{
    if (job.to_person || is_asked_for(job) || (job.method != "chat.postMessage" && job.method != "chat.update"))
        return {};
    // What is edited, and a thread, is known by Slack's id; their lane is the channel as configured.
    for (const auto* place : {&job.row.lane, &job.to})
        if (is_channel(*place))
            return *place;
    return {};
}

bool waits(Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, TimePoint now)
{
    if (!came.trouble)
        return false;
    const Troubles troubles{tx};
    troubles.note(*came.trouble, came.code, came.refused_method, now, now + try_again_every);
    const bool keeps = job.notifications.empty() && job.contact.value == 0
        && (came.how == Came::later || (came.trouble->kind == "channel" && is_for_the_channel(job, fallback_channel)));
    if (!keeps)
        return false;
    const bool begins = troubles.wait(job.row.key, *came.trouble);
    if (begins && job.row.kind == "card")
        storage::Timeline{tx}.add(job.alert, now, "", "Slack",
            "could not post this in " + (job.row.lane.empty() ? std::string{"the channel"} : job.row.lane) + ": "
                + because(came));
    storage::Outbox{tx}.later(job.row, now + longest_wait, came.ambiguous, came.why);
    return true;
}

bool mended(Transaction& tx, const Job& job, TimePoint now)
{
    const Troubles troubles{tx};
    const auto all = troubles.all();
    if (all.empty())
        return false;
    std::vector<TroubleKey> over;
    if (auto awaited = troubles.awaited(job.row.key)) {
        over.push_back(std::move(*awaited));
        troubles.wait_no_more(job.row.key);
    }
    // A thread may take what its channel does not.
    if (job.method == "chat.postMessage" && job.ts.empty()) {
        if (job.to_person)
            over.push_back({"app", "messages_tab_disabled"});
        else if (auto place = place_of(job); !place.empty())
            over.push_back({"channel", std::move(place)});
    }
    bool any = false;
    for (const auto& one : all)
        if (one.over_at == TimePoint{} && std::find(over.begin(), over.end(), one.of) != over.end()) {
            end_trouble(tx, one.of, now);
            any = true;
        }
    return any;
}

void end_trouble(Transaction& tx, const TroubleKey& of, TimePoint now)
{
    const Troubles troubles{tx};
    const auto rows = that_count(tx, of, now);
    for (const auto& row : rows) {
        troubles.wait_no_more(row.key);
        troubles.hurry(row.key, now);
    }
    troubles.over(of, static_cast<std::int64_t>(rows.size()), now);
}

void leave_channel(Transaction& tx, const storage::Trouble& stands_there, const oncall::Configuration& configuration,
    const std::string& fallback_channel, TimePoint now)
{
    for (const auto& row : that_count(tx, stands_there.of, now)) {
        storage::Outbox{tx}.drop(row.id);
        Troubles{tx}.wait_no_more(row.key);
        if (is_one_of(row.kind, {"card", "thread", "channel_bundle"}))
            card_elsewhere(tx, row, stands_there.of.subject, configuration, fallback_channel, now);
        else if (!fallback_channel.empty())
            words_elsewhere(tx, row, stands_there, fallback_channel, now);
    }
}

void probe(Transaction& tx, const TroubleKey& of, TimePoint now)
{
    if (const auto rows = that_count(tx, of, now); !rows.empty())
        Troubles{tx}.hurry(rows.front().key, now);
}

} // namespace delivery
