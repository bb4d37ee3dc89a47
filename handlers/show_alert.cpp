#include "blocks/details.hpp"
#include "delivery/spoken.hpp"
#include "delivery/view.hpp"
#include "handlers/channel_bundles.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"

#include <charconv>

namespace handlers {

using oncall::Refusal;
using storage::Transaction;

namespace {

/// "42", "#42"; zero: it is none.
oncall::AlertId alert_named(const std::string& text)
{
    const auto begin = text.find_first_not_of("# ");
    oncall::AlertId id;
    const auto* const from = text.data() + (begin == text.npos ? text.size() : begin);
    const auto read = std::from_chars(from, text.data() + text.size(), id.value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? id : oncall::AlertId{};
}

/// Throws Refusal when there is no such alert.
slack::Message details_of(Transaction& tx, const Context& app, oncall::AlertId id)
{
    auto alert = storage::Alerts{tx}.find(id);
    if (!alert)
        throw Refusal{"There is no alert #" + std::to_string(id.value) + ". `/oncall status` lists what is open."};
    const auto configuration = app.configuration();
    const auto story = storage::Timeline{tx}.of_alert(id);
    return blocks::details(delivery::whole_view_of(tx, *configuration, std::move(*alert)), story, storage::People{tx}.names());
}

} // namespace

Answer show_alert(slack::Command, std::string rest, std::string, Context& app)
{
    const auto id = alert_named(rest);
    if (id.value <= 0)
        throw Refusal{"Which alert? Write its number: `/oncall show 42`. `/oncall status` lists what is open."};
    auto load = [&](Transaction& tx) { return details_of(tx, app, id); };
    const auto shown = co_await app.database.read(load);
    co_return said(shown);
}

void follow_details(Transaction& tx, const Context& app, const std::string& delivery, oncall::AlertId alert,
    const std::string& response_url, TimePoint now)
{
    delivery::say_to(
        tx, "shown:" + delivery, response_lane(response_url), response_url, slack::body(details_of(tx, app, alert)), now, true);
}

Answer click_show_alert(slack::Action pressed, std::string delivery, Context& app)
{
    const auto id = alert_named(pressed.value);
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now) || pressed.response_url.empty())
            return;
        try {
            permit_deed(tx, oncall::Deed::answer, asked);
            delivery::say_to(tx, "shown:" + delivery, response_lane(pressed.response_url), pressed.response_url,
                slack::body(details_of(tx, app, id)), asked.now);
        } catch (const Refusal& refusal) {
            respond(tx, delivery, pressed.response_url, refusal.what(), asked.now);
        }
    };
    co_await app.database.transaction(work);
    co_return slack::Json{};
}

} // namespace handlers
