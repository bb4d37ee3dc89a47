#include "handlers/texts.hpp"

#include "handlers/bundles.hpp"
#include "handlers/routes.hpp"
#include "handlers/web/words.hpp"
#include "notify/text.hpp"
#include "oncall/reply.hpp"
#include "oncall/words.hpp"
#include "storage/bundles.hpp"
#include "storage/contacts.hpp"

#include <algorithm>

namespace handlers {

using oncall::ContactMethod;
using oncall::Reply;

namespace {

// The provider's times have whole seconds, and what has reached her is written down a moment later.
constexpr std::chrono::seconds on_its_way{2};
constexpr std::size_t most_listed = 5;
constexpr std::chrono::minutes unclear_again{10}; // phones that answer by themselves are answered this often
constexpr std::chrono::minutes too_late{10}; // for words about a text that changed nothing
const std::string via_text{"a text message"};

std::string alert_line(const oncall::Alert& alert)
{
    const auto service = notify::one_line(alert.service, 30);
    return number(alert.id) + " " + (service.empty() ? "" : service + ": ") + notify::one_line(alert.title, 60);
}

/// Who sent it, and what it says.
struct Understood {
    bool seen{};
    ContactMethod method{}; // id 0: nobody's
    Reply reply{};
    oncall::Meant meant{};
    std::optional<oncall::BundleId> bundle{}; // all of it: it was the last that she was told by text message
    blocks::Names names{};
    std::string time_zone{};
};

/// With the sender's number, hers first that is verified. STOP is heard from every number.
ContactMethod method_of(storage::Transaction& tx, const std::string& from, const Reply& reply)
{
    const auto all = storage::ContactMethods{tx}.at(oncall::ContactKind::sms, from);
    for (const auto& one : all)
        if (one.verified_at != TimePoint{})
            return one;
    return reply.what == Reply::What::stop && !all.empty() ? all.front() : ContactMethod{};
}

/// "Reply 4 to acknowledge all" was the last that she was told, and one of them still waits.
std::optional<oncall::BundleId> bundle_meant(storage::Transaction& tx, const std::string& person, TimePoint at)
{
    const storage::Bundles bundles{tx};
    const auto last = bundles.last_told(person, oncall::ContactKind::sms, at - oncall::replies_for, at);
    const auto told = last ? bundles.told(*last) : std::vector<oncall::AlertId>{};
    const bool waits = std::any_of(told.begin(), told.end(), [&](oncall::AlertId id) {
        const auto alert = storage::Alerts{tx}.find(id);
        return alert && alert->state == oncall::AlertState::triggered;
    });
    return waits && told.size() > 1 ? last : std::nullopt;
}

Understood understand(storage::Transaction& tx, const Text& text)
{
    Understood found;
    found.seen = storage::Inbox{tx}.seen("text:" + text.id);
    found.reply = oncall::reply_in(text.words);
    found.method = method_of(tx, text.from, found.reply);
    if (found.seen || found.method.id.value == 0)
        return found;
    const auto open = storage::Alerts{tx}.told(found.method.person, text.at - oncall::replies_for, text.at + on_its_way);
    const auto& reply = found.reply;
    if (reply.what == Reply::What::answer && reply.verb == oncall::Verb::acknowledge && reply.alert.value == 0 && !reply.all)
        found.bundle = bundle_meant(tx, found.method.person, text.at);
    if (found.reply.what == Reply::What::answer)
        found.meant = oncall::meant_by(found.reply, open);
    else
        found.meant.alerts = open;
    found.names = storage::People{tx}.names();
    if (const auto person = storage::People{tx}.find(found.method.person))
        found.time_zone = person->time_zone;
    return found;
}

std::string list_of(const std::vector<oncall::Alert>& alerts)
{
    std::string list;
    for (std::size_t at = 0; at < std::min(alerts.size(), most_listed); ++at)
        list += "\n" + alert_line(alerts[at]);
    if (alerts.size() > most_listed)
        list += "\nand " + std::to_string(alerts.size() - most_listed) + " more";
    return list;
}

std::string_view digit_of(oncall::Verb verb)
{
    switch (verb) {
    case oncall::Verb::resolve: return "6";
    case oncall::Verb::escalate: return "8";
    case oncall::Verb::decline: return "no";
    default: return "4";
    }
}

/// Which of several?
std::string question(const Understood& found)
{
    const std::string word{digit_of(found.reply.verb)};
    const auto& first = found.meant.alerts.front();
    return "Which one? Reply " + word + " " + std::to_string(first.id.value) + ", or " + word
        + " all:" + list_of(found.meant.alerts);
}

std::string help(const std::vector<oncall::Alert>& open)
{
    return "Reply 4 to acknowledge, 6 to resolve, 8 to escalate, no if you can't. With several open, add the number: 4 12. "
           "STOP ends text messages."
        + (open.empty() ? std::string{"\nNothing is open for you."} : "\nOpen:" + list_of(open));
}

/// What is said to a text that changes no alert. `numbers`: pages come from so many.
std::string reply_to(const Understood& found, std::size_t numbers)
{
    using What = Reply::What;
    switch (found.reply.what) {
    case What::stop:
        return "You get no more text messages from on-call. Slack and your other ways to be paged go on. Reply START to get them "
               "again.";
    case What::start:
        return found.method.consented_at == TimePoint{}
            ? "Text messages are on again as soon as you have agreed to them in Slack: /oncall contact."
            : "You get text messages from on-call again. "
                + std::string{numbers > 1 ? "If you sent STOP to another of our numbers, send START there too. " : ""}
                + "Reply STOP to end them.";
    case What::help: return help(found.meant.alerts);
    case What::unclear: return "I did not understand that. " + help(found.meant.alerts);
    case What::answer: break;
    }
    if (found.meant.what == oncall::Meant::What::none)
        return "Nothing is open that you were told of in the last 24 hours. /oncall status in Slack shows the rest.";
    if (found.meant.what == oncall::Meant::What::not_theirs)
        return number(found.reply.alert) + " is not open, or you were not told of it."
            + (found.meant.alerts.empty() ? std::string{} : " Open:" + list_of(found.meant.alerts));
    return question(found);
}

/// STOP and START, for everybody who has the number, or ever will. False when something newer has come from it, for texts are
/// found late and in any order: nothing changes.
bool turn(storage::Transaction& tx, const Text& text, bool on, TimePoint now)
{
    const storage::StoppedNumbers stopped{tx};
    if (on ? !stopped.remove(text.from, text.at) : !stopped.add(text.from, text.at))
        return false;
    const storage::ContactMethods methods{tx};
    for (auto& method : methods.at(oncall::ContactKind::sms, text.from)) {
        if (on == (method.stopped_at == TimePoint{}))
            continue;
        method.stopped_at = on ? TimePoint{} : now;
        methods.save(method);
        storage::Audit{tx}.add(now, method.person, via_text, on ? "start" : "stop", "contact " + oncall::method_out(method),
            on ? "stopped" : "on", on ? "on" : "stopped");
    }
    return true;
}

/// The text is done with. Words that nobody waits for go out as a message.
void finish(
    storage::Transaction& tx, const Understood& found, const Text& text, const std::string& words, bool later, TimePoint now)
{
    if (!storage::Inbox{tx}.first("text:" + text.id, now) || !later || words.empty())
        return;
    storage::Outbox{tx}.add("words:text:" + text.id, "words", storage::Priority::answer, "contact:sms:" + found.method.person,
        found.method.id.value, words, now);
}

/// Acts on one alert. Thrown through, a refusal takes everything back.
std::string act(
    storage::Transaction& tx, const Context& app, const Understood& found, oncall::AlertId alert, const Text& text, TimePoint now)
{
    if (!storage::Inbox{tx}.first("text:" + text.id + ":" + std::to_string(alert.value), now))
        return {};
    Asked asked;
    asked.actor = found.method.person;
    asked.via = via_text;
    asked.now = now;
    Wish wish;
    wish.verb = found.reply.verb;
    wish.alert = alert;
    const auto changed = change(tx, app, wish, asked);
    show(tx, app, changed, now, true);
    return deed(tx, wish, changed);
}

/// All of a bundle and the end of the text are one.
asio::awaitable<std::string> answered_all(const Text text, const Understood found, bool later, Context& app)
{
    const auto now = app.clock.now();
    std::string words;
    auto work = [&](storage::Transaction& tx) {
        if (!storage::Inbox{tx}.first("text:" + text.id + ":all", now))
            return;
        Asked asked;
        asked.actor = found.method.person;
        asked.via = via_text;
        asked.now = now;
        words = acknowledge_all(tx, app, *found.bundle, asked);
        finish(tx, found, text, words, later, now);
    };
    std::string refusal;
    try {
        co_await app.database.transaction(work);
    } catch (const oncall::Refusal& refused) {
        refusal = refused.what();
    }
    co_return refusal.empty() ? words : plain_words(refusal, found.names, found.time_zone);
}

/// The last of them and the end of the text are one.
asio::awaitable<std::string> answered_text(const Text text, const Understood found, bool later, Context& app)
{
    const auto now = app.clock.now();
    std::string words;
    const auto add = [&words](const std::string& said) {
        words += (words.empty() || said.empty() ? "" : "\n") + notify::one_line(said, 200);
    };
    for (std::size_t at = 0; at < found.meant.alerts.size(); ++at) {
        const auto alert = found.meant.alerts[at].id;
        const bool last = at + 1 == found.meant.alerts.size();
        std::string said, refusal;
        auto work = [&](storage::Transaction& tx) {
            said = act(tx, app, found, alert, text, now);
            if (last)
                finish(tx, found, text, words + (words.empty() ? "" : "\n") + notify::one_line(said, 200), later, now);
        };
        try {
            co_await app.database.transaction(work);
        } catch (const oncall::Refusal& refused) {
            refusal = refused.what();
        }
        add(refusal.empty() ? said : plain_words(refusal, found.names, found.time_zone));
    }
    co_return words;
}

} // namespace

asio::awaitable<TextAnswer> take_text(Text text, bool later, Context& app)
{
    TextAnswer answer;
    const auto now = app.clock.now();
    if (text.at == TimePoint{} || text.at > now)
        text.at = now;
    auto look = [&](storage::Transaction& tx) { return understand(tx, text); };
    const auto found = co_await app.database.read(look);
    const bool turns = found.reply.what == Reply::What::stop || found.reply.what == Reply::What::start;
    const bool on = found.reply.what == Reply::What::start;
    if (found.seen)
        co_return answer;
    if (found.method.id.value == 0) {
        auto note = [&](storage::Transaction& tx) {
            const bool first = storage::Inbox{tx}.first("text:" + text.id, now);
            // A code may have gone there, and whoever asked for it has removed the number since.
            if (first && turns)
                turn(tx, text, on, now);
            return first;
        };
        answer.stranger = co_await app.database.transaction(note);
        co_return answer;
    }

    const bool acts = found.bundle || (found.reply.what == Reply::What::answer && found.meant.what == oncall::Meant::What::these);
    if (found.bundle) {
        auto answering = answered_all(text, found, later, app);
        answer.words = co_await std::move(answering);
    } else if (acts) {
        auto answering = answered_text(text, found, later, app);
        answer.words = co_await std::move(answering);
    } else {
        answer.words = reply_to(found, app.callers.size());
    }
    const auto bucket = now.time_since_epoch() / unclear_again;
    auto end = [&](storage::Transaction& tx) {
        const bool overtaken = turns && !turn(tx, text, on, now);
        const auto unclear = "unclear:" + std::to_string(found.method.id.value) + ":" + std::to_string(bucket);
        const bool silent = overtaken || (!acts && now - text.at > too_late)
            || (found.reply.what == Reply::What::unclear && !storage::Inbox{tx}.first(unclear, now));
        finish(tx, found, text, silent ? std::string{} : answer.words, later, now);
        return silent;
    };
    const bool silent = co_await app.database.transaction(end);
    if (silent)
        answer.words.clear();
    co_return answer;
}

} // namespace handlers
