#include "handlers/bundles.hpp"

#include "blocks/bundle.hpp"
#include "handlers/climb.hpp"
#include "handlers/routes.hpp"
#include "storage/answers.hpp"
#include "storage/bundles.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Alert;
using oncall::AlertState;
using oncall::Refusal;
using storage::Transaction;

namespace {

constexpr std::size_t most_named_alerts = 10;

/// "#4, #5 and 3 more"
std::string numbers(const std::vector<Alert>& alerts)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(alerts.size(), most_named_alerts); ++i)
        text += (i == 0 ? "#" : ", #") + std::to_string(alerts[i].id.value);
    return alerts.size() > most_named_alerts ? text + " and " + std::to_string(alerts.size() - most_named_alerts) + " more"
                                             : text;
}

/// "#4 Checkout is down"; "2 alerts: #4, #5"
std::string named(const std::vector<Alert>& alerts)
{
    return alerts.size() == 1 ? numbers(alerts) + " " + alerts.front().title
                              : std::to_string(alerts.size()) + " alerts: " + numbers(alerts);
}

std::string it(const std::vector<Alert>& alerts) { return alerts.size() == 1 ? "it." : "them."; }

std::string still_paged(const std::vector<Alert>& alerts) { return "Others are still paged for " + it(alerts); }

/// What was done: those she has, those that need others, too, those of these that she had acknowledged before, and how many had
/// been answered before.
std::string said_of(
    const std::vector<Alert>& taken, const std::vector<Alert>& counted, const std::vector<Alert>& hers, std::size_t before)
{
    std::string words;
    const auto say = [&words](const std::string& sentence) { words += (words.empty() ? "" : " ") + sentence; };
    if (!taken.empty())
        say("You have " + named(taken) + ". Nobody else is paged for " + it(taken));
    if (!counted.empty())
        say("You have acknowledged " + named(counted) + ". " + still_paged(counted));
    if (!hers.empty())
        say("You had acknowledged " + numbers(hers) + " before. " + still_paged(hers));
    if (before > 0)
        say(std::to_string(before) + (before == 1 ? " had" : " others had") + " been answered before.");
    return words;
}

/// Somebody has it, and she was asked to help and has not answered.
bool is_asked(Transaction& tx, const Alert& alert, const std::string& person)
{
    const auto pages = storage::Pages{tx}.of_responders(alert.id);
    return alert.state != AlertState::resolved && std::any_of(pages.begin(), pages.end(), [&](const oncall::Page& page) {
        return oncall::is_running(page) && known_as(tx, page.responder) == person;
    });
}

/// The clicked message, as that alert knows it.
std::int64_t row_of(Transaction& tx, const Alert& alert, const std::optional<storage::ShownMessage>& clicked)
{
    if (clicked)
        for (const auto& message : storage::Messages{tx}.of_alert(alert.id))
            if (message.channel == clicked->channel && message.ts == clicked->ts)
                return message.id;
    return 0;
}

} // namespace

std::string acknowledge_all(Transaction& tx, const Context& app, oncall::BundleId bundle, const Asked& asked,
    const std::optional<storage::ShownMessage>& clicked)
{
    const auto told = storage::Bundles{tx}.told(bundle);
    if (told.empty())
        throw Refusal{"None of these alerts is yours to answer any more. `/oncall status` lists what is open."};
    return acknowledge_each(tx, app, told, asked, clicked);
}

std::string acknowledge_each(Transaction& tx, const Context& app, const std::vector<oncall::AlertId>& told, const Asked& asked,
    const std::optional<storage::ShownMessage>& clicked)
{
    std::vector<Alert> open, hers; // hers: counted before, and others must follow
    for (const auto id : told) {
        auto alert = storage::Alerts{tx}.find(id);
        // It was merged since: what stands for it is taken, once.
        if (alert && alert->parent.value != 0 && alert->state != AlertState::resolved)
            alert = storage::Alerts{tx}.find(alert->parent);
        const auto is_it = [&](const Alert& other) { return alert && other.id == alert->id; };
        if (std::any_of(open.begin(), open.end(), is_it) || std::any_of(hers.begin(), hers.end(), is_it))
            continue;
        const bool waits = alert && alert->state == AlertState::triggered;
        if (waits && oncall::has_acknowledged(storage::Acknowledgements{tx}.of_alert(alert->id), asked.actor))
            hers.push_back(std::move(*alert));
        else if (waits || (alert && is_asked(tx, *alert, asked.actor)))
            open.push_back(std::move(*alert));
    }
    if (open.empty() && !hers.empty())
        throw Refusal{"You have acknowledged " + named(hers) + " already. " + still_paged(hers)};
    if (open.empty())
        throw Refusal{"All " + std::to_string(told.size()) + " of them have been answered already."};
    for (auto& alert : open) {
        Wish wish;
        wish.verb = alert.state == AlertState::triggered ? oncall::Verb::acknowledge : oncall::Verb::join;
        wish.alert = alert.id;
        if (open.size() > 1)
            wish.text = "one of " + std::to_string(open.size()) + " at once";
        alert = change(tx, app, wish, asked);
        show(tx, app, alert, asked.now, true, row_of(tx, alert, clicked));
    }
    const auto before = told.size() - open.size() - hers.size();
    std::vector<Alert> counted;
    for (const auto& alert : open)
        if (alert.state == AlertState::triggered)
            counted.push_back(alert);
    std::erase_if(open, [](const Alert& alert) { return alert.state == AlertState::triggered; });
    return said_of(open, counted, hers, before);
}

std::optional<oncall::BundleId> bundle_of(Transaction& tx, std::int64_t notification)
{
    const auto one = storage::Notifications{tx}.find(oncall::NotificationId{notification});
    const auto bundle = one ? storage::Notifications{tx}.bundle_of(*one) : oncall::BundleId{};
    return bundle.value != 0 ? std::optional{bundle} : std::nullopt;
}

Answer click_bundle(slack::Action pressed, std::string delivery, Context& app)
{
    oncall::BundleId bundle;
    std::from_chars(pressed.value.data(), pressed.value.data() + pressed.value.size(), bundle.value);
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const auto message = storage::Messages{tx}.at(pressed.channel, pressed.message_ts);
        const bool can_answer = message && !pressed.response_url.empty();
        std::string words;
        try {
            words = acknowledge_all(tx, app, bundle, asked, can_answer ? message : std::nullopt);
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        respond(tx, delivery, pressed.response_url, words, asked.now);
        if (can_answer)
            storage::Outbox{tx}.add("replace:" + delivery, "replace", storage::Priority::answer,
                response_lane(pressed.response_url), message->alert.value,
                pressed.response_url + "\n" + std::to_string(message->id), asked.now);
    };
    co_await app.database.transaction(work);
    co_return slack::Json{};
}

} // namespace handlers
