#include "handlers/suggestions.hpp"

#include "blocks/blocks.hpp"
#include "handlers/grouping.hpp"
#include "handlers/permits.hpp"
#include "oncall/words.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/suggestions.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Alert;
using oncall::AlertId;
using oncall::AlertState;
using oncall::Refusal;
using storage::Suggestion;
using storage::Transaction;

namespace {

std::string number_of_alert(AlertId id) { return "#" + std::to_string(id.value); }

bool is_open_itself(const Alert& alert) { return alert.state != AlertState::resolved && alert.parent.value == 0; }

/// Somebody said of the two, or of two like them, that they have nothing to do with each other.
void leave_out_unrelated(
    Transaction& tx, const Alert& alert, const std::vector<oncall::Around>& around, std::vector<oncall::Related>& related)
{
    const storage::UnrelatedAlerts unrelated{tx};
    std::erase_if(related, [&](const oncall::Related& one) {
        const auto by =
            std::find_if(around.begin(), around.end(), [&](const oncall::Around& other) { return other.alert.id == one.by; });
        return by == around.end() || unrelated.has(alert, by->root) || unrelated.has(alert, by->alert);
    });
}

/// "<alert>:<into>", as the buttons have it; zeros: it is none.
std::pair<AlertId, AlertId> suggestion_pressed(const std::string& value)
{
    AlertId alert, into;
    const auto* const end = value.data() + value.size();
    const auto first = std::from_chars(value.data(), end, alert.value);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ':')
        return {};
    const auto second = std::from_chars(first.ptr + 1, end, into.value);
    if (second.ec != std::errc{} || second.ptr != end)
        return {};
    return {alert, into};
}

/// Whether its buttons still mean something; throws Refusal with how things stand.
void check_suggestion(const std::optional<Suggestion>& made, const std::optional<Alert>& alert, const std::optional<Alert>& into)
{
    if (!made || !alert || !into)
        throw Refusal{"This button is from another version of me. `/oncall status` lists what is open."};
    const auto one = number_of_alert(alert->id), other = number_of_alert(into->id);
    if (made->state == Suggestion::State::merged || alert->parent == into->id)
        throw Refusal{one + " has been merged into " + other + " already."};
    if (made->state == Suggestion::State::refused)
        throw Refusal{oncall::mention(made->decided_by) + " has said already that " + one + " is not related to " + other + "."};
    if (alert->state == AlertState::resolved)
        throw Refusal{one + " is over. There is nothing left to merge."};
    if (alert->parent.value != 0)
        throw Refusal{one + " belongs to " + number_of_alert(alert->parent) + " by now."};
}

/// Merged, or never suggested again. Returns the words for whoever pressed.
std::string decide_suggestion(Transaction& tx, const Context& app, bool merges, AlertId id, AlertId target, const Asked& asked)
{
    permit_deed(tx, merges ? oncall::Deed::page_on : oncall::Deed::answer, asked);
    const storage::Suggestions suggestions{tx};
    const storage::Alerts alerts{tx};
    const auto made = suggestions.find(id);
    const auto alert = alerts.find(id), into = alerts.find(target);
    check_suggestion(made && made->likeliest.into == target ? made : std::nullopt, alert, into);
    const auto one = number_of_alert(id), other = number_of_alert(target);
    if (merges) {
        if (!is_open_itself(*into))
            throw Refusal{other + (into->state == AlertState::resolved ? " is over" : " belongs to another alert")
                + " by now, so " + one + " was not merged into it."};
        merge(tx, app, id, target, asked);
        suggestions.decide(id, Suggestion::State::merged, asked.actor, asked.now);
        return one + " is merged into " + other + ".";
    }
    suggestions.decide(id, Suggestion::State::refused, asked.actor, asked.now);
    const storage::UnrelatedAlerts unrelated{tx};
    unrelated.add(*alert, *into, asked.actor, asked.now);
    if (const auto by = made->likeliest.by == target ? std::nullopt : alerts.find(made->likeliest.by))
        unrelated.add(*alert, *by, asked.actor, asked.now);
    storage::Timeline{tx}.add(id, asked.now, asked.actor, asked.via, "said that it is not related to " + other);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "not related", one, "suggested: " + other, "refused");
    return "Noted: " + one + " is not related to " + other + ". Alerts like these two are not suggested together again.";
}

} // namespace

void suggest_group(Transaction& tx, const Context& app, const Alert& alert, TimePoint now)
{
    if (!app.suggests || alert.drill || alert.source.empty() || alert.suppressed || alert.parent.value != 0)
        return;
    const storage::Suggestions suggestions{tx};
    const auto shown = storage::ChannelAlerts{tx}.find(alert.id);
    if (!shown || shown->bundle.value != 0 || suggestions.is_storm(now))
        return;
    const auto configuration = app.configuration();
    const auto neighbours = oncall::neighbours_of(*configuration, alert.service);
    std::vector<std::string> services;
    if (!alert.service.empty())
        services.push_back(alert.service);
    services.insert(services.end(), neighbours.depends_on.begin(), neighbours.depends_on.end());
    services.insert(services.end(), neighbours.dependants.begin(), neighbours.dependants.end());
    const auto around = suggestions.around(alert, services);
    auto related = oncall::related_to(alert, around, neighbours);
    leave_out_unrelated(tx, alert, around, related);
    const auto likeliest = oncall::suggested(related, around, *configuration);
    if (!likeliest)
        return;
    Suggestion made;
    made.alert = alert.id;
    made.likeliest = *likeliest;
    made.candidates = std::move(related);
    made.made_at = now;
    suggestions.add(made);
}

Answer click_suggestion(slack::Action pressed, std::string delivery, Context& app)
{
    const auto [id, into] = suggestion_pressed(pressed.value);
    const bool merges = pressed.action_id == blocks::action::suggestion_merge;
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&, alert = id, target = into](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        std::string words;
        try {
            words = decide_suggestion(tx, app, merges, alert, target, asked);
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        respond(tx, delivery, pressed.response_url, words, asked.now);
        // Whatever came of it, the card says how things stand.
        if (const auto now_is = storage::Alerts{tx}.find(alert))
            show(tx, app, *now_is, asked.now, false);
    };
    co_await app.database.transaction(work);
    co_return slack::Json{};
}

} // namespace handlers
