#include "blocks/blocks.hpp"
#include "handlers/paging.hpp"
#include "handlers/routes.hpp"
#include "slack/client.hpp"

#include <charconv>

namespace handlers {

using oncall::Refusal;
using oncall::Verb;
using slack::Json;

namespace {

Json said(const blocks::Message& message)
{
    auto body = slack::body(message);
    body["response_type"] = "ephemeral";
    return body;
}

/// "42", "#42". Throws Refusal with the verb's usage.
std::pair<oncall::AlertId, std::string> alert_number(const std::string& text, const std::string& verb)
{
    const auto begin = text.find_first_not_of("# ");
    std::int64_t number{};
    const auto* const from = text.data() + (begin == text.npos ? text.size() : begin);
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(from, end, number);
    if (error != std::errc{} || number <= 0 || (stop != end && *stop != ' '))
        throw Refusal{"Which alert? Write its number: `/oncall " + verb + " 42`. `/oncall status` lists what is open."};
    const auto rest = text.find_first_not_of(' ', static_cast<std::size_t>(stop - text.data()));
    return {oncall::AlertId{number}, rest == text.npos ? "" : text.substr(rest)};
}

Answer change_by_command(Wish wish, slack::Command command, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return std::optional<oncall::Alert>{};
        const auto changed = change(tx, app, wish, asked);
        show(tx, app, changed, asked.now, true);
        return std::optional{changed};
    };
    const auto changed = co_await app.database.transaction(work);
    if (!changed)
        co_return Json{};
    std::string words = "#" + std::to_string(changed->id.value) + " " + changed->title;
    switch (wish.verb) {
    case Verb::acknowledge: words = "You have " + words + ". Nobody else is paged."; break;
    case Verb::escalate: words = "Escalated " + words + ": the next level is being paged."; break;
    case Verb::resolve: words = "Resolved " + words + "."; break;
    case Verb::snooze:
        words = "Snoozed " + words + " for " + oncall::duration_out(wish.snooze_for) + ". It pages again then.";
        break;
    default: break;
    }
    co_return said(blocks::words(words));
}

/// "<@U123>", "<@U123|ana>", "@ana", "ana@example.com", "<mailto:…|…>".
std::string person_in(const std::string& word)
{
    if (word.size() > 3 && word.starts_with("<@") && word.back() == '>')
        return word.substr(2, std::min(word.find('|'), word.size() - 1) - 2);
    if (word.starts_with("<mailto:") && word.back() == '>')
        return word.substr(8, std::min(word.find('|'), word.size() - 1) - 8);
    if (word.find('@') != word.npos && word.size() > 1)
        return word;
    return {};
}

} // namespace

asio::awaitable<void> open_page_modal(std::string trigger_id, std::string response_url, Context& app)
{
    Json arguments;
    arguments["trigger_id"] = trigger_id;
    arguments["view"] = blocks::page_modal();
    std::string trouble;
    try {
        co_await app.slack.call("views.open", std::move(arguments));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    if (trouble.empty())
        co_return;
    app.log.warning("the page form could not be opened", {{"error", trouble}});
    const auto now = app.clock.now();
    auto work = [&](storage::Transaction& tx) {
        respond(tx, trigger_id, response_url,
            "Slack did not let me open the form. Try again, or write `/oncall page @ana the checkout is down`.", now);
    };
    co_await app.database.transaction(work);
}

Answer who(slack::Command, std::string, std::string, Context& app)
{
    const auto now = app.clock.now();
    std::vector<blocks::OnCallLine> lines;
    for (const auto& [name, schedule] : app.configuration->schedules) {
        blocks::OnCallLine line;
        line.schedule = name;
        line.on_call = oncall::who_is_on_call(schedule, now);
        for (const auto& [team, its] : app.configuration->teams)
            if (const auto policy = app.configuration->policies.find(its.policy); policy != app.configuration->policies.end())
                for (const auto& level : policy->second.levels)
                    for (const auto& target : level.targets)
                        if (line.team.empty() && target == oncall::Target{oncall::TargetKind::schedule, name})
                            line.team = team;
        lines.push_back(std::move(line));
    }
    auto names = [](storage::Transaction& tx) { return storage::People{tx}.names(); };
    const auto known = co_await app.database.read(names);
    co_return said(blocks::who(lines, now, known));
}

Answer help(slack::Command, std::string, std::string, Context&) { co_return said(blocks::help()); }

Answer status(slack::Command, std::string, std::string, Context& app)
{
    const auto now = app.clock.now();
    auto load = [](storage::Transaction& tx) {
        std::vector<blocks::AlertView> open;
        const auto names = storage::People{tx}.names();
        for (auto& alert : storage::Alerts{tx}.all_open(200)) {
            blocks::AlertView shown;
            shown.page = storage::Pages{tx}.latest(alert.id);
            shown.names = names;
            shown.alert = std::move(alert);
            open.push_back(std::move(shown));
        }
        return open;
    };
    const auto open = co_await app.database.read(load);
    co_return said(blocks::status(open, now, app.slack_up && app.slack_up()));
}

Answer acknowledge(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto [alert, more] = alert_number(rest, "ack");
    const Wish wish{Verb::acknowledge, alert};
    auto work = change_by_command(wish, std::move(command), std::move(delivery), app);
    co_return co_await std::move(work);
}

Answer escalate(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto [alert, more] = alert_number(rest, "escalate");
    const Wish wish{Verb::escalate, alert};
    auto work = change_by_command(wish, std::move(command), std::move(delivery), app);
    co_return co_await std::move(work);
}

Answer resolve(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto [alert, more] = alert_number(rest, "resolve");
    const Wish wish{Verb::resolve, alert};
    auto work = change_by_command(wish, std::move(command), std::move(delivery), app);
    co_return co_await std::move(work);
}

Answer snooze(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto [alert, more] = alert_number(rest, "snooze");
    const auto wanted = more.empty() ? std::optional{oncall::milliseconds{std::chrono::hours{1}}} : oncall::duration_in(more);
    if (!wanted || *wanted < std::chrono::minutes{1} || *wanted > std::chrono::days{7})
        throw Refusal{"For how long? Write `/oncall snooze 42 30m`, `2h` or `1d`: a minute at least, seven days at most."};
    const Wish wish{Verb::snooze, alert, 0, *wanted};
    auto work = change_by_command(wish, std::move(command), std::move(delivery), app);
    co_return co_await std::move(work);
}

Answer page(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    if (rest.empty()) {
        app.tasks.spawn("open the page modal", open_page_modal(command.trigger_id, command.response_url, app));
        co_return Json{};
    }
    const auto end = std::min(rest.find(' '), rest.size());
    const auto person = person_in(rest.substr(0, end));
    const auto why = rest.find_first_not_of(' ', end);
    if (person.empty() || why == rest.npos)
        throw Refusal{"Whom, and why? Write `/oncall page @ana the checkout is down`, or `/oncall page` alone for a form."};
    const auto asked = asked_by(command.actor, "/oncall", app);
    const auto reason = rest.substr(why);
    auto work = [&](storage::Transaction& tx) {
        // Slack turns a name that is chosen from its list into an id; one that is typed out may be anybody's.
        if (person.front() == '@' && !storage::People{tx}.find(person))
            throw Refusal{"I don't know " + person
                + ". Choose the person from the list Slack shows while you type, or write an e-mail address."};
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return oncall::AlertId{};
        return page_by_hand(tx, app, person, reason, asked);
    };
    const auto alert = co_await app.database.transaction(work);
    if (alert.value == 0)
        co_return Json{};
    const auto words = "Paging now: #" + std::to_string(alert.value) + " " + reason;
    co_return said(blocks::words(words));
}

} // namespace handlers
