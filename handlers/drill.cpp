#include "handlers/drill.hpp"

#include "blocks/forecast.hpp"
#include "handlers/climb.hpp"
#include "handlers/forecast.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/look.hpp"
#include "handlers/paging.hpp"
#include "handlers/routes.hpp"
#include "handlers/said.hpp"
#include "handlers/settings.hpp"

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;

namespace {

constexpr int most_open = 500; // looked through for another drill

void permit_drill(Transaction& tx, const Context& app, const std::string& policy, const Asked& asked)
{
    const auto around = surroundings(tx, app, {"policy", policy, false}, asked);
    try {
        permit_edit(around.editor, "policy", policy, *around.now, *around.now);
    } catch (const Refusal& no) {
        throw Refusal{
            "A drill pages everybody on the policy, so whoever may change the policy may run one. " + std::string{no.what()}};
    }
}

} // namespace

AlertId start_drill(Transaction& tx, const Context& app, const Policy& policy, const Asked& asked)
{
    permit_drill(tx, app, policy.name, asked);
    const auto title = "Drill of policy " + policy.name + ": nothing is broken";
    for (const auto& open : storage::Alerts{tx}.all_open(most_open))
        if (open.drill && open.title == title)
            throw Refusal{"A drill of policy " + policy.name + " is under way: #" + std::to_string(open.id.value)
                + ". `/oncall resolve " + std::to_string(open.id.value) + "` ends it."};
    remember(tx, asked);
    Alert alert;
    alert.drill = true;
    alert.title = title;
    alert.description = "This is a drill. Answer it as if it were real: acknowledge it, and resolve it.";
    alert.team = team_of(*app.configuration(), policy.name);
    alert.because = "a drill of policy " + policy.name;
    alert.triggered_at = asked.now;
    storage::Alerts{tx}.add(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "started a drill of policy " + policy.name);
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "drill", "policy " + policy.name, "", "#" + std::to_string(alert.id.value));
    start_page(tx, app, alert, policy, asked.now);
    show(tx, app, alert, asked.now, false);
    return alert.id;
}

namespace {

std::string drill_words(AlertId drill)
{
    const auto number = std::to_string(drill.value);
    return "🧪 The drill runs: #" + number + ". Everybody who is paged is told that nothing is broken. `/oncall timeline "
        + number + "` shows what was sent to whom, `/oncall resolve " + number + "` ends it.";
}

} // namespace

Answer test_policy(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto configuration = app.configuration();
    if (rest.empty() && configuration->policies.empty())
        throw Refusal{"There are no policies yet. `/oncall settings policies` makes one."};
    if (rest.empty()) {
        app.tasks.spawn("open the drill's form",
            open_form(
                blocks::drill_modal(*configuration), command.trigger_id, command.response_url, "`/oncall test payments`", app));
        co_return Json{};
    }
    const auto& policy = policy_called(*configuration, rest, "test");
    const auto asked = asked_by(command.actor, "/oncall", app);
    auto work = [&](Transaction& tx) {
        return storage::Inbox{tx}.first(delivery, asked.now) ? start_drill(tx, app, policy, asked) : AlertId{};
    };
    const auto drill = co_await app.database.transaction(work);
    if (drill.value == 0)
        co_return Json{};
    co_return said(blocks::words(drill_words(drill)));
}

Answer submit_drill(slack::Submission submission, std::string delivery, Context& app)
{
    const auto configuration = app.configuration();
    const std::string field{blocks::view::drill_policy};
    const auto name = slack::text_at(submission.state, {field, field, "selected_option", "value"});
    const auto& policy = policy_called(*configuration, name, "test");
    const auto asked = asked_by(submission.actor, "a form in Slack", app);
    auto work = [&](Transaction& tx) {
        return storage::Inbox{tx}.first(delivery, asked.now) ? start_drill(tx, app, policy, asked) : AlertId{};
    };
    const auto drill = co_await app.database.transaction(work);
    if (drill.value == 0)
        co_return Json{};
    co_return view_answer("update", blocks::drill_runs(drill_words(drill)));
}

} // namespace handlers
