#include "handlers/choose_alert.hpp"
#include "handlers/permits.hpp"

#include "blocks/choose_alert.hpp"
#include "oncall/words.hpp"
#include "storage/groups.hpp"

#include <charconv>

namespace handlers {

using namespace std::chrono_literals;
using slack::Json;
using storage::Transaction;

namespace {

constexpr int most_in_menu = 100; // of Slack
constexpr int most_searched = 2'000; // alerts, for what is typed
constexpr auto lately = 24h;

std::vector<blocks::Choice> alert_choices(Transaction& tx, std::string_view menu, TimePoint now)
{
    std::vector<blocks::Choice> choices;
    if (menu == blocks::action::alerts_grouped) {
        for (const auto& alert : storage::AlertGroups{tx}.all_open_children(most_searched))
            choices.push_back(blocks::alert_choice(alert, "Of the group of " + oncall::number(alert.parent)));
        return choices;
    }
    if (menu != blocks::action::alerts_resolved)
        for (const auto& alert : storage::Alerts{tx}.all_open(most_searched))
            choices.push_back(blocks::alert_choice(alert, "Open"));
    if (menu != blocks::action::alerts_open)
        for (const auto& alert : storage::Alerts{tx}.resolved_since(now - lately, most_searched))
            choices.push_back(blocks::alert_choice(alert, "Resolved in the last 24 hours"));
    return choices;
}

} // namespace

std::vector<oncall::Alert> alerts_for(Transaction& tx, oncall::Verb verb, TimePoint now)
{
    const storage::Alerts alerts{tx};
    return verb == oncall::Verb::reopen ? alerts.resolved_since(now - lately, most_in_menu + 1)
                                        : alerts.all_open(most_in_menu + 1);
}

bool some_alert_lately(Transaction& tx, TimePoint now)
{
    const storage::Alerts alerts{tx};
    return !alerts.all_open(1).empty() || !alerts.resolved_since(now - lately, 1).empty();
}

oncall::AlertId alert_chosen(const Json& state, std::string_view field)
{
    const auto values = blocks::form_values(state);
    const auto found = values.find(std::string{field});
    oncall::AlertId alert{};
    if (found != values.end() && !found->second.empty()) {
        const auto& text = found->second.front();
        std::from_chars(text.data(), text.data() + text.size(), alert.value);
    }
    return alert;
}

bool is_menu_of_alerts(std::string_view action_id)
{
    return action_id == blocks::action::alerts_open || action_id == blocks::action::alerts_resolved
        || action_id == blocks::action::alerts_lately || action_id == blocks::action::alerts_grouped;
}

Answer look_up_alerts(slack::Lookup typing, Context& app)
{
    const auto now = app.clock.now();
    auto load = [&](Transaction& tx) {
        // Who acts on no alert is shown none.
        const auto asker = asker_of(tx, asked_by(typing.actor, "a menu in Slack", app));
        return oncall::why_may_not(oncall::Deed::answer, asker.kind, asker.stranger).empty()
            ? alert_choices(tx, typing.action_id, now)
            : std::vector<blocks::Choice>{};
    };
    const auto choices = co_await app.database.read(load);
    co_return blocks::suggestions(choices, typing.typed);
}

} // namespace handlers
