#include "handlers/opsgenie_act.hpp"

#include "handlers/by_hand.hpp"
#include "handlers/opsgenie_words.hpp"
#include "notify/text.hpp"
#include "oncall/routing.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Alert;
using oncall::AlertState;
using oncall::Recipient;
using oncall::RecipientKind;
using oncall::Verb;
using slack::at;
using slack::Json;
using sources::OpsgenieCall;
using sources::OpsgenieResponder;
using sources::OpsgenieVerb;
using storage::Transaction;

namespace {

using namespace std::chrono_literals;

/// Everything an action needs.
struct Acting {
    Transaction& tx;
    const Context& app;
    const oncall::Source& source;
    const OpsgenieCall& call;
    const sources::Sent& sent;
    Asked asked{};
    Alert alert{};
};

std::string said_of_call(const Acting& acting, std::string_view key, std::size_t most)
{
    auto text = sources::opsgenie_text(acting.sent.body, key, most);
    return text.empty() ? notify::one_line(net::header(acting.sent.query, key), most) : text;
}

void do_verb(Acting& acting, Verb verb, oncall::milliseconds duration = {}, const std::string& person = {})
{
    Wish wish;
    wish.verb = verb;
    wish.alert = acting.alert.id;
    wish.duration = duration;
    wish.person = person;
    acting.alert = change(acting.tx, acting.app, wish, acting.asked);
    show(acting.tx, acting.app, acting.alert, acting.asked.now, verb != Verb::add_responder);
}

void tell_line(Acting& acting, const std::string& words)
{
    storage::Timeline{acting.tx}.add(acting.alert.id, acting.asked.now, "", acting.asked.via, words);
    show(acting.tx, acting.app, acting.alert, acting.asked.now, false);
}

void signal_alert(Acting& acting, Report::Signal what)
{
    Report report;
    report.signal = what;
    report.dedup_key = acting.alert.dedup_key;
    receive(acting.tx, acting.app, acting.source.name, report, acting.asked);
    acting.alert = storage::Alerts{acting.tx}.find(acting.alert.id).value_or(acting.alert);
}

/// It is changed without a change of who has it.
void rewrite_alert(Acting& acting, const std::string& words)
{
    storage::Alerts{acting.tx}.save(acting.alert);
    tell_line(acting, words);
}

std::optional<Recipient> recipient_of(const OpsgenieResponder& responder, const oncall::Configuration& configuration)
{
    const auto& name = responder.name;
    if (responder.type == "team" && configuration.teams.contains(name))
        return Recipient{RecipientKind::team, name};
    if (responder.type == "schedule" && configuration.schedules.contains(name))
        return Recipient{RecipientKind::schedule, name};
    if (responder.type == "escalation" && configuration.policies.contains(name))
        return Recipient{RecipientKind::policy, name};
    if (responder.type == "user" && name.find('@') != name.npos)
        return Recipient{RecipientKind::person, name};
    return std::nullopt;
}

/// Whom that comes to now; nobody: it is not known here.
std::vector<std::string> people_of_responder(Acting& acting, const OpsgenieResponder& responder)
{
    std::vector<std::string> people;
    const auto one = recipient_of(responder, *acting.app.configuration());
    if (!one)
        return people;
    const auto look = look_at_page(acting.tx, acting.app, {*one}, acting.alert.urgency, acting.asked.now);
    for (const auto& reached : look.people)
        if (people.size() < oncall::most_recipients)
            people.push_back(reached.person);
    return people;
}

std::string ask_responder(Acting& acting, const OpsgenieResponder& responder)
{
    std::size_t asked = 0;
    for (const auto& person : people_of_responder(acting, responder)) {
        try {
            do_verb(acting, Verb::add_responder, {}, person);
            ++asked;
        } catch (const oncall::Refusal&) {
            // said below, when it was nobody
        }
    }
    if (asked > 0)
        return "Added responder";
    tell_line(acting,
        "asked for " + sources::responder_words(responder)
            + " as a responder, whom nobody here knows or who cannot be paged: " + "`/oncall page` reaches others");
    return "Responder is not known here; the request is noted in the alert";
}

std::string assign_owner(Acting& acting)
{
    const auto owner = sources::opsgenie_responder(at(acting.sent.body, {"owner"}));
    const auto people = people_of_responder(acting, {"user", owner.name});
    if (people.size() == 1) {
        try {
            do_verb(acting, Verb::reassign, {}, people.front());
            return "Assigned ownership of alert";
        } catch (const oncall::Refusal&) {
            // noted for whoever reads it
        }
    }
    tell_line(acting,
        "asked to give it to " + owner.name + ", whom nobody here knows or who cannot be paged: `/oncall reassign` does it");
    return "Owner is not known here; the request is noted in the alert";
}

std::string snooze_alert(Acting& acting)
{
    constexpr auto longest = std::chrono::days{7};
    const auto until = sources::opsgenie_time(sources::opsgenie_text(acting.sent.body, "endTime", 64)).value_or(acting.asked.now);
    const oncall::milliseconds wanted = until - acting.asked.now;
    const auto lasts = std::clamp<oncall::milliseconds>(wanted, 1min, longest);
    do_verb(acting, Verb::snooze, lasts);
    if (wanted > lasts)
        tell_line(acting, "was to be snoozed until " + opsgenie_time_out(until) + "; seven days is the most");
    return "Snoozed alert";
}

std::string add_tags(Acting& acting, const std::vector<std::string>& words, bool add)
{
    auto& label = acting.alert.labels[std::string{sources::tags_label}];
    auto all = sources::comma_words(label);
    for (const auto& word : words) {
        std::erase(all, word);
        if (add)
            all.push_back(word);
    }
    label = sources::clipped(oncall::listed(all, ", "), sources::most_label);
    if (label.empty())
        acting.alert.labels.erase(std::string{sources::tags_label});
    rewrite_alert(acting, (add ? "tagged: " : "no longer tagged: ") + oncall::listed(words, ", "));
    return add ? "Added tags" : "Removed tags";
}

std::string set_details(Acting& acting)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : at(acting.sent.body, {"details"}).items()) {
        const auto text =
            value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
        const auto key = sources::clipped(name, sources::most_label);
        if (acting.alert.labels.size() >= sources::most_labels && !acting.alert.labels.contains(key))
            break;
        acting.alert.labels[key] = sources::clipped(text, sources::most_label);
        if (names.size() < 20)
            names.push_back(notify::one_line(key, 100));
    }
    rewrite_alert(acting, "details set: " + oncall::listed(names, ", "));
    return "Added details";
}

std::string drop_details(Acting& acting)
{
    const auto keys = sources::comma_words(net::header(acting.sent.query, "keys"));
    for (const auto& key : keys)
        acting.alert.labels.erase(key);
    rewrite_alert(acting, "details taken away: " + oncall::listed(keys, ", "));
    return "Removed details";
}

std::string set_priority(Acting& acting)
{
    // As its source would report it once more: a rise may page.
    const auto word = oncall::lower(sources::opsgenie_text(acting.sent.body, "priority", 10));
    Report report;
    report.dedup_key = acting.alert.dedup_key;
    report.title = acting.alert.title;
    report.description = acting.alert.description;
    report.labels = acting.alert.labels;
    report.labels["severity"] = word;
    report.links = acting.alert.links;
    report.severity = oncall::severity_of(acting.source, word);
    receive(acting.tx, acting.app, acting.source.name, report, acting.asked);
    acting.alert = storage::Alerts{acting.tx}.find(acting.alert.id).value_or(acting.alert);
    return "Updated priority";
}

std::string refused_in_words(const Alert& alert, OpsgenieVerb verb)
{
    if (alert.state == AlertState::resolved)
        return "Alert is already closed";
    if (verb == OpsgenieVerb::acknowledge)
        return "Alert is already acknowledged";
    if (verb == OpsgenieVerb::unacknowledge)
        return "Alert is not acknowledged";
    if (verb == OpsgenieVerb::escalate)
        return "Alert has no escalation left to escalate to";
    return "Request can not be done with the alert as it is";
}

/// Needs an alert that is open.
bool needs_open(OpsgenieVerb verb)
{
    return verb != OpsgenieVerb::notes && verb != OpsgenieVerb::tags && verb != OpsgenieVerb::untag
        && verb != OpsgenieVerb::details && verb != OpsgenieVerb::undetail && verb != OpsgenieVerb::action;
}

/// What it is called when it is done. Throws Refusal.
std::string do_it(Acting& acting)
{
    const auto& body = acting.sent.body;
    switch (acting.call.verb) {
    case OpsgenieVerb::acknowledge:
        if (acting.alert.state != AlertState::triggered)
            throw oncall::Refusal{"it is acknowledged"};
        signal_alert(acting, Report::Signal::acknowledge);
        return "Acknowledged alert";
    case OpsgenieVerb::unacknowledge: do_verb(acting, Verb::unacknowledge); return "UnAcknowledged alert";
    case OpsgenieVerb::remove:
        tell_line(acting, "was deleted by its source: it is closed here, and kept");
        signal_alert(acting, Report::Signal::clear);
        return "Deleted alert";
    case OpsgenieVerb::close: signal_alert(acting, Report::Signal::clear); return "Closed alert";
    case OpsgenieVerb::snooze: return snooze_alert(acting);
    case OpsgenieVerb::escalate: do_verb(acting, Verb::escalate); return "Escalated alert to next";
    case OpsgenieVerb::assign: return assign_owner(acting);
    case OpsgenieVerb::responders: return ask_responder(acting, sources::opsgenie_responder(at(body, {"responder"})));
    case OpsgenieVerb::teams: return ask_responder(acting, sources::opsgenie_responder(at(body, {"team"}), "team"));
    case OpsgenieVerb::tags: return add_tags(acting, sources::opsgenie_words(at(body, {"tags"})), true);
    case OpsgenieVerb::untag: return add_tags(acting, sources::comma_words(net::header(acting.sent.query, "tags")), false);
    case OpsgenieVerb::details: return set_details(acting);
    case OpsgenieVerb::undetail: return drop_details(acting);
    case OpsgenieVerb::notes: return "Added note"; // with who said it
    case OpsgenieVerb::action:
        tell_line(
            acting, "custom action \"" + notify::one_line(acting.call.action, 100) + "\" was asked for; nothing here does it");
        return "Custom action is not known here; the request is noted in the alert";
    case OpsgenieVerb::message:
        acting.alert.title = sources::clipped(slack::text_at(body, {"message"}), sources::most_title);
        rewrite_alert(acting, "is called otherwise: " + notify::one_line(acting.alert.title, 200));
        return "Updated message";
    case OpsgenieVerb::description:
        acting.alert.description = sources::clipped(slack::text_at(body, {"description"}), sources::most_description);
        rewrite_alert(acting, "has another description");
        return "Updated description";
    case OpsgenieVerb::priority: return set_priority(acting);
    default: throw oncall::Refusal{"not known"};
    }
}

} // namespace

std::optional<Alert> alert_of_call(Transaction& tx, const oncall::Source& source, const OpsgenieCall& call)
{
    const storage::Alerts alerts{tx};
    std::optional<Alert> found;
    if (call.by == OpsgenieCall::By::tiny) {
        std::int64_t number{};
        const auto* const last = call.identifier.data() + call.identifier.size();
        const auto [end, error] = std::from_chars(call.identifier.data(), last, number);
        if (error == std::errc{} && end == last)
            found = alerts.find({number});
    } else if (const auto id = opsgenie_id_in(call.identifier); id && call.by == OpsgenieCall::By::id) {
        found = alerts.find(*id);
    } else if (!call.identifier.empty()) {
        // Whoever calls an alias an id, or has none but the one we gave, means this.
        found = alerts.open(source.name, sources::opsgenie_key(call.identifier));
    }
    // A key reaches its own source's alerts alone.
    return found && found->source == source.name ? found : std::nullopt;
}

void tell_who(Transaction& tx, const Context& app, oncall::AlertId alert, const std::string& user, const std::string& note,
    const Asked& asked)
{
    if (user.empty() && note.empty())
        return;
    if (note.empty()) {
        storage::Timeline{tx}.add(alert, asked.now, "", asked.via, "that was " + user);
    } else {
        Wish wish;
        wish.verb = Verb::note;
        wish.alert = alert;
        wish.text = (user.empty() ? "" : user + ": ") + note;
        change(tx, app, wish, asked);
    }
    if (const auto now_is = storage::Alerts{tx}.find(alert))
        show(tx, app, *now_is, asked.now, false);
}

OpsgenieDone act_for_opsgenie(Transaction& tx, const Context& app, const oncall::Source& source, const OpsgenieCall& call,
    const sources::Sent& sent, TimePoint now)
{
    OpsgenieDone done;
    auto alert = alert_of_call(tx, source, call);
    if (!alert) {
        done.status = "Alert does not exist";
        return done;
    }
    Acting acting{tx, app, source, call, sent, {"", "", source.name, now}, *std::move(alert)};
    done.alert = acting.alert.id;
    done.alias = acting.alert.dedup_key;
    if (needs_open(call.verb) && acting.alert.state == AlertState::resolved) {
        done.status = refused_in_words(acting.alert, call.verb);
        return done;
    }
    try {
        done.status = do_it(acting);
        done.success = true;
    } catch (const oncall::Refusal&) {
        done.status = refused_in_words(acting.alert, call.verb);
        return done;
    }
    const auto note =
        sources::clipped(notify::clean(slack::text_at(sent.body, {"note"}).empty() ? std::string{net::header(sent.query, "note")}
                                                                                   : slack::text_at(sent.body, {"note"})),
            sources::most_alert_note);
    tell_who(tx, app, acting.alert.id, said_of_call(acting, "user", 100), note, acting.asked);
    return done;
}

std::vector<std::string> whom_of(const std::vector<OpsgenieResponder>& responders, const Report& report,
    const oncall::Source& source, const oncall::Configuration& configuration, TimePoint now)
{
    oncall::AlertFields fields;
    fields.at = now;
    fields.source = source.name;
    fields.title = report.title;
    fields.description = report.description;
    fields.severity = oncall::severity_of(source, report.severity);
    fields.labels = report.labels;
    if (!oncall::route(configuration, fields).rule.empty())
        return {};
    std::vector<std::string> whom;
    for (const auto& one : responders)
        if (const auto known = recipient_of(one, configuration); known && whom.size() < oncall::most_recipients)
            whom.push_back(recipient_out(*known));
    return whom;
}

} // namespace handlers
