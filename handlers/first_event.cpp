#include "handlers/first_event.hpp"

#include "notify/text.hpp"
#include "oncall/words.hpp"
#include "storage/first_events.hpp"

#include <algorithm>

namespace handlers {

using namespace std::chrono_literals;
using oncall::date_token;
using storage::Transaction;

namespace {

constexpr auto first_event_patience = 1h;
constexpr std::size_t most_first_alerts = 3;
constexpr std::size_t most_first_title = 150;
constexpr std::size_t most_first_reason = 500;

/// Who has been paged for it so far, or why nobody is.
std::string first_paged(Transaction& tx, const oncall::Alert& alert)
{
    std::vector<std::string> people;
    for (const auto& one : storage::Notifications{tx}.of_alert(alert.id))
        if (const auto who = oncall::mention(one.person); std::find(people.begin(), people.end(), who) == people.end())
            people.push_back(who);
    if (!people.empty())
        return "Paged: " + oncall::listed(people) + ".";
    if (const auto page = storage::Pages{tx}.latest(alert.id))
        return "Nobody has been paged yet; its page goes by policy " + page->policy.name + ".";
    if (alert.state == oncall::AlertState::resolved)
        return "It is over already.";
    if (alert.service.empty())
        return "Nobody is paged: no service stands behind it. Give the source a service in `/oncall settings sources`, or make a "
               "rule in `/oncall settings rules`.";
    return "Nobody is paged: the rule says so, or the service has no policy, or its policy shows low urgency in the channel "
           "alone. "
           "`/oncall what if …` says which.";
}

/// "Alert #12 “Disk full”: severity critical, high urgency, service db, team data (because …). Paged: ana."
std::string first_alert_words(Transaction& tx, const oncall::Alert& alert)
{
    auto words = "Alert " + oncall::number(alert.id) + " “" + notify::one_line(alert.title, most_first_title)
        + "”: " + (alert.severity.empty() ? std::string{"no severity"} : "severity " + notify::one_line(alert.severity, 40))
        + ", " + std::string{oncall::name(alert.urgency)} + " urgency";
    words += alert.service.empty() ? ", no service" : ", service " + alert.service;
    if (!alert.team.empty())
        words += ", team " + alert.team;
    if (!alert.because.empty())
        words += " (" + notify::one_line(alert.because, 200) + ")";
    return words + ". " + first_paged(tx, alert);
}

struct FirstWords {
    std::string words{};
    bool is_alert{}; // what was waited for
};

FirstWords first_words(Transaction& tx, const storage::Payload& payload)
{
    const auto came = "Source " + payload.source + " has sent something";
    const auto reason = notify::one_line(payload.words, most_first_reason);
    if (payload.state == storage::PayloadState::unread)
        return {"⚠️ " + came + ", and I could not read it: " + (reason.empty() ? "the reason is in my log" : reason)
                + "\nIt is kept. Mend what sends it, or the source's format; `/oncall source " + payload.source
                + "` shows what came and tries it again.",
            false};
    FirstWords first;
    std::size_t shown = 0;
    for (const auto id : payload.alerts) {
        const auto alert = id == 0 ? std::nullopt : storage::Alerts{tx}.find({id});
        if (!alert)
            continue;
        if (shown == most_first_alerts) {
            first.words += "\nand more.";
            break;
        }
        ++shown;
        first.words += "\n" + first_alert_words(tx, *alert);
    }
    first.is_alert = shown > 0;
    if (!first.is_alert)
        return {
            "👍 " + came + ", so the way to me is open. It became no alert" + (reason.empty() ? "" : ": " + reason) + ".", false};
    first.words = "✅ " + came + ". This is what it became:" + first.words;
    return first;
}

} // namespace

bool wait_for_first_event(Transaction& tx, const std::string& source, const std::string& person, TimePoint now)
{
    storage::FirstEvent wait;
    wait.source = source;
    wait.person = person;
    wait.since = now;
    wait.until = now + first_event_patience;
    if (!storage::FirstEvents{tx}.add(wait))
        return false;
    storage::Timers{tx}.set(storage::TimerKind::first_event, wait.id, wait.until);
    return true;
}

std::optional<TimePoint> waits_until(Transaction& tx, const std::string& source, const std::string& person)
{
    const auto wait = storage::FirstEvents{tx}.find(source, person);
    return wait ? std::optional{wait->until} : std::nullopt;
}

void tell_first_event(Transaction& tx, const Context&, const storage::Payload& payload, TimePoint now)
{
    const storage::FirstEvents waits{tx};
    waits.heard(payload.source, now);
    const auto waiting = waits.of(payload.source);
    if (waiting.empty())
        return;
    const auto first = first_words(tx, payload);
    for (const auto& wait : waiting) {
        if (!first.is_alert && wait.told)
            continue; // said once, however much of it comes
        const auto key = "first_event:" + std::to_string(wait.id) + (first.is_alert ? "" : ":so far");
        const auto words = first.is_alert
            ? first.words
            : first.words + "\nI go on waiting for its first alert until " + date_token(wait.until) + ".";
        storage::Outbox{tx}.add(key, "person_words", storage::Priority::answer, wait.person, 0, wait.person + "\n" + words, now);
        if (!first.is_alert) {
            waits.told(wait.id);
            continue;
        }
        waits.forget(wait.id);
        storage::Timers{tx}.clear(storage::TimerKind::first_event, wait.id);
    }
}

void first_event_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    const storage::FirstEvents waits{tx};
    storage::Timers{tx}.clear(storage::TimerKind::first_event, id);
    const auto wait = waits.find(id);
    if (!wait)
        return;
    waits.forget(id);
    const auto configuration = app.configuration();
    std::string words;
    if (!configuration->sources.contains(wait->source))
        words = "Source " + wait->source + " is there no more, so I have stopped waiting for its first event.";
    else if (const auto heard = waits.heard();
             heard.contains(wait->source) && heard.at(wait->source) >= wait->since && !wait->told)
        words = "No alert came from source " + wait->source + " within an hour, only pings of its heartbeats: the key is right.";
    else if (wait->told)
        words = "No alert came from source " + wait->source + " within an hour, only what I told you of. `/oncall source "
            + wait->source + "` shows what came.";
    else
        words = "Nothing came from source " + wait->source + " within an hour. The likely reasons:\n"
            + "1. Nothing has fired. Most tools have a button that sends a test.\n"
            + "2. The key or the path is not what `/oncall source " + wait->source
            + "` shows: then the sender is answered 401 or 404, and its log says so.\n" + "3. The tool's machine does not reach "
            + app.address + (app.public_address ? "" : ", which is where I listen") + ". Try `curl -i " + app.address
            + "/hooks/x -d '{}'` there: 401 is me.";
    storage::Outbox{tx}.add("first_event:" + std::to_string(id) + ":over", "person_words", storage::Priority::answer,
        wait->person, 0, wait->person + "\n" + words, now);
}

std::vector<std::string> silent_sources(Transaction& tx, const oncall::Configuration& configuration)
{
    const auto heard = storage::FirstEvents{tx}.heard();
    std::vector<std::string> silent;
    for (const auto& [name, source] : configuration.sources)
        if (!source.quiet && !heard.contains(name))
            silent.push_back(name);
    return silent;
}

} // namespace handlers
