#include "handlers/calendar.hpp"

#include "blocks/calendar.hpp"
#include "config/nearest.hpp"
#include "handlers/feeds.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"
#include "notify/calendar_token.hpp"
#include "oncall/verbs.hpp"
#include "slack/client.hpp"
#include "storage/calendar_addresses.hpp"
#include "storage/feeds.hpp"

namespace handlers {

using oncall::Refusal;
using slack::Json;
using storage::CalendarAddress;
using storage::CalendarAddresses;
using storage::Transaction;

namespace {

constexpr std::string_view of_schedule{"schedule:"};
constexpr std::size_t most_calendars = 15, most_nameless = 5;

/// Whether there can be any: throws Refusal.
void permit_reading(Transaction& tx, const Context& app, const Asked& asked, const std::string& schedule)
{
    permit_deed(tx, oncall::Deed::read_calendar, asked);
    if (!app.public_address)
        throw Refusal{"Calendar apps read shifts from an address on the internet, and I have none. Ask whoever runs me to set "
                      "ONCALL_PUBLIC_URL."};
    const auto configuration = app.configuration();
    if (schedule.empty() || configuration->schedules.contains(schedule))
        return;
    std::vector<std::string> names;
    for (const auto& [name, one] : configuration->schedules)
        names.push_back(name);
    const auto meant = config::nearest(schedule, names);
    throw Refusal{"There is no schedule " + schedule + ". "
        + (meant ? "Did you mean `/oncall calendar " + *meant + "`?" : "`/oncall` lists those there are.")};
}

CalendarAddress fresh(const Asked& asked, const std::string& schedule, const std::string& nonce, const Context& app)
{
    CalendarAddress one;
    one.person = asked.actor;
    one.schedule = schedule;
    one.nonce = nonce;
    one.token_hash = storage::sha256(notify::calendar_token(app.answer_secret, nonce));
    one.made_at = asked.now;
    return one;
}

Json shown(const CalendarAddress& address, bool replaced, const Context& app)
{
    blocks::CalendarAddressView view;
    view.schedule = address.schedule;
    view.url = app.address + "/calendar/" + notify::calendar_token(app.answer_secret, address.nonce) + ".ics";
    view.read_at = address.read_at;
    view.replaced = replaced;
    return said(blocks::calendar_address(view));
}

void note(Transaction& tx, const Asked& asked, const std::string& schedule)
{
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "new calendar address",
        schedule.empty() ? "own shifts" : "schedule " + schedule, "", "");
}

} // namespace

Answer calendar(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall calendar", app);
    const auto nonce = app.random.token(16);
    auto work = [&](Transaction& tx) {
        permit_reading(tx, app, asked, rest);
        if (auto known = CalendarAddresses{tx}.find(asked.actor, rest))
            return *known;
        auto made = fresh(asked, rest, nonce, app);
        CalendarAddresses{tx}.save(made);
        note(tx, asked, rest);
        return made;
    };
    const auto address = co_await app.database.transaction(work);
    co_return shown(address, false, app);
}

Answer calendars(slack::Command command, std::string, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall calendars", app);
    const auto configuration = app.configuration();
    const auto nameless = app.nameless;
    auto list = [&](Transaction& tx) {
        permit_deed(tx, oncall::Deed::read_calendar, asked);
        std::string words;
        std::size_t count = 0;
        for (const auto& use : feed_uses(tx, *configuration)) {
            if ((!use.person.empty() && use.person != asked.actor) || ++count > most_calendars)
                continue;
            const auto feed = storage::Feeds{tx}.find(use.address).value_or(storage::Feed{});
            words += "• The calendar " + use.what + " (" + shown_address(use.address)
                + "): " + feed_words({feed.read_at, feed.trouble, feed.notes}, asked.now);
            if (use.person.empty() && feed.read_at != TimePoint{})
                words += (words.ends_with('.') ? " " : "; ") + to_come_words(oncall::to_come(feed.events, asked.now), use.shifts)
                    + ".";
            words += "\n";
        }
        if (count > most_calendars)
            words += "• and " + std::to_string(count - most_calendars) + " more\n";
        count = 0;
        for (const auto& event : nameless) {
            if (event.to <= asked.now || ++count > most_nameless)
                continue;
            words += (count == 1 ? "Events that name people whom I do not know:\n• " : "• ")
                + nameless_words(event, *configuration) + "\n";
        }
        if (count > most_nameless)
            words += "• and " + std::to_string(count - most_nameless) + " more\n";
        return words.empty() ? std::string{"No calendars are read here."} : words;
    };
    const auto all = co_await app.database.read(list);
    co_return said(blocks::words(all));
}

Answer click_calendar_new(slack::Action action, std::string delivery, Context& app)
{
    const auto asked = asked_by(action.actor, "a button in Slack", app);
    const auto schedule = action.value.starts_with(of_schedule) ? action.value.substr(of_schedule.size()) : std::string{};
    const auto nonce = app.random.token(16);
    auto work = [&](Transaction& tx) {
        permit_reading(tx, app, asked, schedule);
        auto made = fresh(asked, schedule, nonce, app);
        if (!storage::Inbox{tx}.first(delivery + ":" + action.action_id, asked.now))
            return CalendarAddresses{tx}.find(asked.actor, schedule).value_or(made);
        CalendarAddresses{tx}.save(made);
        note(tx, asked, schedule);
        return made;
    };
    const auto address = co_await app.database.transaction(work);
    // Said at once and not by the outbox, where it would lie in the clear; when Slack does not take it, `/oncall calendar` shows
    // it.
    auto body = shown(address, true, app);
    body["replace_original"] = true;
    std::string trouble;
    try {
        co_await app.slack.respond(action.response_url, std::move(body));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    if (trouble.empty())
        co_return Json{};
    app.log.warning("a new calendar address could not be shown", {{"error", trouble}});
    auto say = [&](Transaction& tx) {
        respond(tx, delivery, action.response_url,
            "The new address is made, and the one before works no more. `/oncall calendar` shows it.", app.clock.now());
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

} // namespace handlers
