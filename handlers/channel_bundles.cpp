#include "handlers/channel_bundles.hpp"

#include "blocks/channel_bundle.hpp"
#include "handlers/bundles.hpp"
#include "oncall/verbosity.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Alert;
using oncall::AlertId;
using oncall::AlertState;
using oncall::ChannelBundleId;
using oncall::ChannelPlace;
using storage::Transaction;

namespace {

/// What comes on in a storm is shown every few seconds.
constexpr std::chrono::milliseconds storm_beat{2'000};

/// "<bundle>:<alert>,<alert>…", as the button has it.
struct ShownAsWaiting {
    ChannelBundleId bundle{};
    std::vector<AlertId> alerts{};
};

ShownAsWaiting shown_as_waiting(const std::string& value)
{
    ShownAsWaiting shown;
    const auto* at = value.data();
    const auto* const end = at + value.size();
    auto read = std::from_chars(at, end, shown.bundle.value);
    while (read.ec == std::errc{} && read.ptr != end && shown.alerts.size() < oncall::most_in_channel_bundle) {
        AlertId id;
        read = std::from_chars(read.ptr + 1, end, id.value);
        if (read.ec == std::errc{})
            shown.alerts.push_back(id);
    }
    return shown;
}

/// The bundle that it joins; zero: it has a card of its own.
ChannelBundleId bundle_for(Transaction& tx, const Context& app, const std::string& channel, TimePoint now)
{
    const storage::ChannelBundles bundles{tx};
    const auto newest = bundles.newest(channel);
    std::optional<oncall::OpenChannelBundle> open;
    if (newest)
        open = oncall::OpenChannelBundle{newest->opened_at, bundles.alerts(newest->id).size()};
    const auto recent = storage::ChannelAlerts{tx}.opened(channel, now - app.bundling.within);
    switch (channel_place(recent, open, now, app.bundling)) {
    case ChannelPlace::join: return newest->id;
    case ChannelPlace::open: {
        storage::ChannelBundle bundle;
        bundle.place = channel;
        bundle.opened_at = now;
        bundles.add(bundle);
        return bundle.id;
    }
    case ChannelPlace::card: break;
    }
    return {};
}

/// Nobody is paged for an alert without a service. An edit makes nothing unread, so it is said aloud; of further ones the card
/// tells, until there is another.
void tell_nobody_is_paged(Transaction& tx, const Alert& alert, const storage::ChannelAlert& at)
{
    const auto before = storage::ChannelBundles{tx}.alerts(at.bundle);
    const bool told = before.empty() || std::any_of(before.begin(), before.end(), [&](AlertId id) {
        const auto one = storage::Alerts{tx}.find(id);
        return one && one->service.empty();
    });
    if (!told)
        storage::Outbox{tx}.add("nobody:" + std::to_string(at.bundle.value), "channel_words", storage::Priority::card, at.place,
            0,
            at.place + "\n⚠️ Nobody is paged for " + oncall::number(alert.id) + " " + alert.title
                + ": no service stands behind it. The card of this storm tells of more like it.",
            at.opened_at);
}

/// "12 alerts: #4, #5 and 10 more", as many as a line has room for.
std::string in_channel_line(const std::vector<AlertId>& alerts)
{
    constexpr std::size_t most_in_line = 10;
    std::vector<std::string> each_named;
    for (const auto id : alerts)
        if (each_named.size() < most_in_line)
            each_named.push_back(oncall::number(id));
    if (alerts.size() > most_in_line)
        each_named.push_back(std::to_string(alerts.size() - most_in_line) + " more");
    return alerts.size() == 1 ? each_named.front() : std::to_string(alerts.size()) + " alerts: " + oncall::listed(each_named);
}

/// What is said to whoever asked; `waiting`: those that were taken.
std::string acknowledge_shown(
    Transaction& tx, const Context& app, const ShownAsWaiting& shown, const Asked& asked, std::vector<AlertId>& waiting)
{
    const auto members = storage::ChannelBundles{tx}.alerts(shown.bundle);
    std::size_t known = 0;
    for (const auto id : shown.alerts) {
        if (!std::binary_search(members.begin(), members.end(), id))
            continue;
        ++known;
        if (const auto alert = storage::Alerts{tx}.find(id); alert && alert->state == AlertState::triggered)
            waiting.push_back(id);
    }
    if (known == 0)
        throw oncall::Refusal{"This button is from another version of me. Use `/oncall status` to find the alerts."};
    if (waiting.empty())
        throw oncall::Refusal{known == 1 ? "It has been answered already."
                                         : "All " + std::to_string(known) + " of them have been answered already."};
    return acknowledge_each(tx, app, waiting, asked);
}

} // namespace

storage::ChannelAlert placed(Transaction& tx, const Context& app, const Alert& alert, const std::string& channel, TimePoint now)
{
    const storage::ChannelAlerts all{tx};
    if (auto known = all.find(alert.id))
        return *known;
    storage::ChannelAlert at{alert.id, channel, alert.triggered_at, {}, std::string{name(alert.state)}};
    // Whoever pages by hand, or tries a drill, looks for a card.
    if (alert.triggered_at == now && alert.state == AlertState::triggered && !alert.source.empty() && !alert.drill)
        at.bundle = bundle_for(tx, app, channel, now);
    if (at.bundle.value != 0 && alert.service.empty())
        tell_nobody_is_paged(tx, alert, at);
    all.add(at);
    return at;
}

void follow_channel_bundle(Transaction& tx, ChannelBundleId id, TimePoint now, bool calmly)
{
    const auto bundle = storage::ChannelBundles{tx}.find(id);
    if (!bundle)
        return;
    const storage::Outbox outbox{tx};
    const auto key = "channel_bundle:" + std::to_string(id.value);
    outbox.add(key, "channel_bundle", storage::Priority::card, bundle->place, id.value, "", now);
    if (calmly && !bundle->ts.empty())
        outbox.wait(key, TimePoint{(now.time_since_epoch() / storm_beat + 1) * storm_beat});
}

void tell_change(Transaction& tx, const Context& app, const Alert& alert, const storage::ChannelAlert& at,
    const std::string& channel, TimePoint now)
{
    const std::string state{name(alert.state)};
    if (state == at.state)
        return;
    storage::ChannelAlerts{tx}.knows(alert.id, state);
    const auto configuration = app.configuration();
    const auto verbosity = oncall::verbosity_of(*configuration, channel);
    if (told_of(oncall::News::change, verbosity, at.bundle.value != 0).in_channel)
        storage::Outbox{tx}.add("line:" + std::to_string(alert.id.value) + ":" + std::to_string(alert.version), "channel_line",
            storage::Priority::furniture, channel, alert.id.value, channel + "\n" + state, now);
}

Answer click_channel_bundle(slack::Action pressed, std::string delivery, Context& app)
{
    const auto shown = shown_as_waiting(pressed.value);
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        std::string words;
        try {
            std::vector<AlertId> taken;
            words = acknowledge_shown(tx, app, shown, asked, taken);
            const auto bundle = storage::ChannelBundles{tx}.find(shown.bundle);
            const auto configuration = app.configuration();
            if (bundle && oncall::verbosity_of(*configuration, bundle->place) == oncall::Verbosity::all)
                storage::Outbox{tx}.add("line:" + delivery, "channel_words", storage::Priority::furniture, bundle->place, 0,
                    bundle->place + "\n🟡 " + oncall::mention(asked.actor) + " acknowledged " + in_channel_line(taken) + ".",
                    asked.now);
        } catch (const oncall::Refusal& refusal) {
            words = refusal.what();
        }
        respond(tx, delivery, pressed.response_url, words, asked.now);
        // What was clicked is brought up to date, also when it was stale.
        follow_channel_bundle(tx, shown.bundle, asked.now, false);
    };
    co_await app.database.transaction(work);
    co_return slack::Json{};
}

} // namespace handlers
