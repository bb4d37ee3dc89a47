#include "blocks/blocks.hpp"
#include "blocks/delivery_log.hpp"
#include "config/nearest.hpp"
#include "delivery/trouble_words.hpp"
#include "delivery/view.hpp"
#include "handlers/after.hpp"
#include "handlers/choose_alert.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/digest.hpp"
#include "handlers/feeds.hpp"
#include "handlers/opening.hpp"
#include "handlers/paging.hpp"
#include "handlers/routes.hpp"
#include "handlers/said.hpp"
#include "handlers/who_then.hpp"
#include "oncall/escalation.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/time_words.hpp"
#include "oncall/words.hpp"
#include "slack/client.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/troubles.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <tuple>

namespace handlers {

using oncall::Refusal;
using oncall::Verb;
using slack::Json;
using namespace std::chrono_literals;

namespace {

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

/// "until monday 9": until when, on the speaker's wall clock. Throws Refusal.
TimePoint end_said(const std::string& words, const std::string& zone, TimePoint now)
{
    std::istringstream stream{words};
    std::vector<std::string> all;
    for (std::string word; stream >> word;)
        all.push_back(word);
    const auto said = oncall::moment_said(all, oncall::is_time_zone(zone) ? zone : "UTC", now);
    if (said.moment && said.rest.empty())
        return *said.moment;
    throw Refusal{"Until when? Write it as `/oncall snooze 42 until monday 9:00`, or `/oncall snooze 42 2h`."
        + (said.trouble.empty() ? std::string{} : " " + said.trouble)};
}

/// Slack turns a name that is chosen from its list into an id; one that is typed out, or an address, may be anybody's.
bool is_stranger(storage::Transaction& tx, const Context& app, const std::string& person)
{
    return person.find('@') != person.npos && !storage::People{tx}.find(person) && !storage::People{tx}.by_email(person)
        && !oncall::people_of(*app.configuration()).contains(person);
}

std::string stranger(const std::string& person)
{
    if (person.front() != '@')
        return "I don't know " + person
            + " yet and am asking Slack. Try again in a moment, or choose the person from the list Slack shows.";
    return "I don't know " + person + ". Choose the person from the list Slack shows while you type.";
}

/// "You acknowledged, 1 of 2: "
std::string your_count(storage::Transaction& tx, const oncall::Alert& alert)
{
    const auto so_far = tally(tx, alert.id, storage::Pages{tx}.latest(alert.id));
    return "You acknowledged, " + std::to_string(so_far.by.size()) + " of " + std::to_string(so_far.needed) + ": ";
}

} // namespace

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

std::string deed(storage::Transaction& tx, const Wish& wish, const oncall::Alert& changed)
{
    const bool had_page = storage::Pages{tx}.latest(changed.id).has_value();
    const std::string again = is_paged(tx, changed.id) ? " It is paged again." : " Nobody is paged for it.";
    const auto it = "#" + std::to_string(changed.id.value) + " " + changed.title;
    switch (wish.verb) {
    case Verb::acknowledge:
        if (changed.state == oncall::AlertState::triggered)
            return your_count(tx, changed) + it + ". The others are still being paged.";
        return "You have " + it + ". Nobody else is paged.";
    case Verb::cancel:
        return "Cancelled the page of " + it + (changed.state == oncall::AlertState::resolved ? "." : ". You have it now.");
    case Verb::still_on_it: return "You still have " + it + ".";
    case Verb::unacknowledge: return "You gave back " + it + "." + again;
    case Verb::promise:
        if (changed.state == oncall::AlertState::triggered)
            return your_count(tx, changed) + it + ". The others are still being paged, and I don't remind you.";
        return "You have " + it + ". I ask you in " + oncall::duration_out(wish.duration) + " whether you are on it"
            + (had_page ? ", and page again if you don't answer." : ".");
    case Verb::escalate:
        return "Escalated " + it
            + (is_paged(tx, changed.id) ? ": the next level is being paged."
                                        : ": nobody is left on its policy, so its channels are told.");
    case Verb::decline: return "You are out of " + it + ". Whoever else is paged, or comes next, takes over.";
    case Verb::reassign: return "Reassigned " + it + ".";
    case Verb::add_responder: return "Asked for help with " + it + ".";
    case Verb::join: return "You are on " + it + ".";
    case Verb::snooze:
        return "Snoozed " + it + " for " + oncall::duration_out(wish.duration)
            + (had_page ? ". It pages again then." : ". It comes back then.");
    case Verb::resolve: return "Resolved " + it + ".";
    case Verb::reopen: return "Re-opened " + it + "." + again;
    case Verb::note: return "Noted at " + it + ".";
    case Verb::undo: return "Taken back: " + it + " is " + std::string{oncall::name(changed.state)} + " again.";
    default: return it;
    }
}

asio::awaitable<void> open_form(
    slack::View form, std::string trigger_id, std::string response_url, std::string instead, Context& app)
{
    Opening opening;
    opening.trigger_id = std::move(trigger_id);
    opening.response_url = std::move(response_url);
    opening.instead = std::move(instead);
    auto shown = open_view(std::move(form), std::move(opening), app);
    co_await std::move(shown);
}

asio::awaitable<void> open_verb_modal(Verb verb, oncall::AlertId alert, Opening opening, std::string delivery, Context& app)
{
    const auto now = app.clock.now();
    auto make = [verb, alert, now](storage::Transaction& tx) {
        const storage::Alerts alerts{tx};
        blocks::VerbForm form;
        form.verb = verb;
        if (alert.value != 0)
            form.alert = alerts.find(alert);
        else
            form.choices = alerts_for(tx, verb, now);
        if (!form.alert && form.choices.empty())
            throw Refusal{alert.value != 0 ? "There is no such alert. `/oncall status` lists what is open."
                    : verb == Verb::reopen ? "Nothing was resolved in the last 24 hours."
                                           : "Nothing is open."};
        return blocks::verb_modal(form);
    };
    opening.instead = "`/oncall " + std::string{oncall::name(verb)} + " 42 …`, as `/oncall help` says";
    auto opened = open_or_refuse(make, std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
}

Answer who(slack::Command command, std::string rest, std::string, Context& app)
{
    if (!rest.empty()) {
        auto asking = who_of(std::move(command), std::move(rest), app);
        co_return co_await std::move(asking);
    }
    const auto now = app.clock.now();
    std::vector<blocks::OnCallLine> lines;
    const auto configuration = app.configuration();
    for (const auto& [name, schedule] : configuration->schedules) {
        blocks::OnCallLine line;
        line.schedule = name;
        line.on_call = oncall::who_is_on_call(schedule, now);
        for (const auto& [team, its] : configuration->teams)
            if (const auto policy = oncall::policy_in(*configuration, oncall::policy_of_team(*configuration, team)))
                if (line.team.empty() && oncall::schedules_of(*configuration, *policy).contains(name))
                    line.team = team;
        lines.push_back(std::move(line));
    }
    auto names = [](storage::Transaction& tx) { return storage::People{tx}.names(); };
    const auto known = co_await app.database.read(names);
    co_return said(blocks::who(lines, now, known));
}

Answer help(slack::Command, std::string, std::string, Context&) { co_return said(blocks::help()); }

namespace {

constexpr int most_looked_at = 500; // open alerts
constexpr std::size_t most_loaded = 40; // more than one message shows

/// Whose open alerts are asked for.
struct Whose {
    std::string team{};
    std::string channel{}; // a Slack id
    std::string words{}; // for the heading
};

Whose whose_in(const std::string& words, const slack::Command& command, const oncall::Configuration& configuration)
{
    if (words.empty() || words == "all")
        return {};
    if (words == "here")
        return {"", command.channel, "in this channel"};
    if (configuration.teams.contains(words))
        return {words, "", "of team " + words};
    std::vector<std::string> teams;
    for (const auto& [name, team] : configuration.teams)
        teams.push_back(name);
    const auto meant = config::nearest(words, teams);
    throw Refusal{"There is no team “" + words + "”. "
        + (meant ? "Did you mean `/oncall status " + *meant + "`? " : std::string{})
        + "`/oncall status` shows all, `/oncall status here` those of this channel."};
}

/// Its card is in that channel, or is to be.
bool is_shown_in(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const std::string& channel)
{
    if (card_channel(app, alert) == channel)
        return true;
    const auto bundle = storage::ChannelBundles{tx}.of_alert(alert.id);
    if (bundle && bundle->channel == channel)
        return true;
    const auto shown = storage::Messages{tx}.of_alert(alert.id);
    return std::any_of(
        shown.begin(), shown.end(), [&](const auto& message) { return message.kind == "card" && message.channel == channel; });
}

struct Open {
    std::vector<blocks::AlertView> shown{};
    std::size_t more{};
};

/// Those being paged first, as far as one message can show them.
Open open_of(storage::Transaction& tx, const Context& app, const oncall::Configuration& configuration, const Whose& whose)
{
    std::vector<oncall::Alert> active, others;
    const auto all = storage::Alerts{tx}.all_open(most_looked_at);
    for (const auto& alert : all) {
        if ((!whose.team.empty() && alert.team != whose.team)
            || (!whose.channel.empty() && !is_shown_in(tx, app, alert, whose.channel)))
            continue;
        const auto page = storage::Pages{tx}.latest(alert.id);
        (page && oncall::is_running(*page) ? active : others).push_back(alert);
    }
    active.insert(active.end(), others.begin(), others.end());
    Open open;
    open.more = active.size() - std::min(active.size(), most_loaded);
    if (whose.words.empty())
        open.more += static_cast<std::size_t>(storage::Alerts{tx}.count_open()) - all.size();
    active.resize(std::min(active.size(), most_loaded));
    const auto names = storage::People{tx}.names();
    for (auto& alert : active) {
        open.shown.push_back(delivery::view_of(tx, configuration, std::move(alert)));
        open.shown.back().names = names;
    }
    return open;
}

/// What somebody must mend in Slack.
std::vector<std::string> standing_troubles(storage::Transaction& tx)
{
    constexpr std::size_t most = 3;
    std::vector<std::string> found;
    for (const auto& one : storage::Troubles{tx}.all())
        if (one.over_at == TimePoint{} && found.size() < most)
            found.push_back(delivery::words::in_short(one));
    return found;
}

} // namespace

Answer status(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto now = app.clock.now();
    const auto configuration = app.configuration();
    const auto whose = whose_in(rest, command, *configuration);
    std::vector<std::string> old;
    auto load = [&](storage::Transaction& tx) {
        old = standing_troubles(tx);
        for (auto& words : old_calendars(tx, *configuration, now))
            old.push_back(std::move(words));
        return open_of(tx, app, *configuration, whose);
    };
    const auto open = co_await app.database.read(load);
    const bool up = app.slack_up && app.slack_up();
    co_return said(blocks::status(open.shown, now, up, whose.words, open.more, old));
}

Answer timeline(slack::Command, std::string rest, std::string, Context& app)
{
    const auto id = alert_number(rest, "timeline").first;
    auto load = [&](storage::Transaction& tx) {
        blocks::DeliveryLog log;
        log.alert = storage::Alerts{tx}.find(id).value_or(oncall::Alert{});
        log.entries = storage::Timeline{tx}.of_alert(id);
        log.notifications = storage::Notifications{tx}.of_alert(id);
        for (const auto& one : log.notifications) {
            const auto all = storage::Notifications{tx}.of_message(one);
            const auto told = std::count_if(all.begin(), all.end(), [](const oncall::Notification& other) {
                return other.state != oncall::NotificationState::cancelled || other.sent_at != TimePoint{};
            });
            if (told > 1)
                log.pages_in_one[one.id] = told;
        }
        log.names = storage::People{tx}.names();
        return log;
    };
    const auto log = co_await app.database.read(load);
    if (log.alert.id.value == 0)
        throw Refusal{"There is no alert #" + std::to_string(id.value) + ". `/oncall status` lists what is open."};
    co_return said(blocks::delivery_log(log));
}

Answer change_by_words(VerbRoute route, slack::Command command, std::string rest, std::string delivery, Context& app)
{
    Wish wish;
    wish.verb = route.verb;
    std::string more;
    if (!rest.empty())
        std::tie(wish.alert, more) = alert_number(rest, std::string{route.word});
    const auto word = [&] {
        const auto end = std::min(more.find(' '), more.size());
        auto first = more.substr(0, end);
        const auto begin = more.find_first_not_of(' ', end);
        more = begin == more.npos ? "" : more.substr(begin);
        return first;
    };
    if (needs_person(wish.verb)) {
        const auto said = word();
        wish.person = person_in(said);
        if (wish.person.empty() && !said.empty())
            throw Refusal{
                "Whom? Write `/oncall " + std::string{route.word} + " 42 @bo`, and choose Bo from the list Slack shows."};
    }
    std::optional<TimePoint> until;
    if (constexpr std::string_view until_when{"until "}; wish.verb == Verb::snooze && more.starts_with(until_when)) {
        std::string zone;
        auto load = [&](storage::Transaction& tx) { zone = zone_of(tx, command.actor.user); };
        co_await app.database.read(load);
        const auto now = app.clock.now();
        until = end_said(more.substr(until_when.size()), zone, now);
        wish.duration = *until - now;
        more.clear();
    }
    // "ack 42 10m" is a promise, but "ack 42 10m of logs to read" has a note.
    const auto duration = oncall::duration_in(more.substr(0, more.find(' ')));
    const bool is_promise =
        duration && wish.verb == Verb::acknowledge && more.find(' ') == more.npos && *duration >= 1min && *duration <= 4h;
    if (is_promise || (duration && needs_duration(wish.verb))) {
        word();
        wish.duration = *duration;
        if (wish.verb == Verb::acknowledge)
            wish.verb = Verb::promise;
    } else if (needs_duration(wish.verb) && !until) {
        if (!more.empty())
            check_duration(wish.verb, {});
        wish.duration = wish.verb == Verb::snooze ? oncall::milliseconds{1h} : oncall::milliseconds{10min};
    }
    wish.text = more;
    const bool missing =
        wish.alert.value == 0 || (needs_person(wish.verb) && wish.person.empty()) || (needs_text(wish.verb) && wish.text.empty());
    if (missing && wish.verb != Verb::undo && wish.verb != Verb::join) {
        Opening opening;
        opening.trigger_id = command.trigger_id;
        opening.response_url = command.response_url;
        opening.came = command.came;
        app.tasks.spawn(
            "open a verb's form", open_verb_modal(wish.verb, wish.alert, std::move(opening), std::move(delivery), app));
        co_return Json{};
    }
    if (wish.alert.value == 0)
        alert_number("", std::string{route.word});

    const auto asked = asked_by(command.actor, "/oncall", app);
    if (until)
        wish.duration = *until - asked.now;
    app.meet(wish.person);
    std::optional<std::string> undo;
    std::string words;
    auto work = [&](storage::Transaction& tx) {
        if (is_stranger(tx, app, wish.person))
            throw Refusal{stranger(wish.person)};
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return std::optional<oncall::Alert>{};
        const auto changed = change(tx, app, wish, asked);
        show(tx, app, changed, asked.now, true);
        undo = undo_value(tx, changed.id, asked);
        words = deed(tx, wish, changed);
        const auto length = "for " + oncall::duration_out(wish.duration);
        if (const auto at = until ? words.rfind(length) : words.npos; at != words.npos)
            words.replace(at, length.size(), "until " + oncall::date_token(*until));
        return std::optional{changed};
    };
    const auto changed = co_await app.database.transaction(work);
    if (!changed)
        co_return Json{};
    co_return said(undo ? blocks::done(words, *undo) : blocks::words(words));
}

} // namespace handlers
