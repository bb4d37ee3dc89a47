#include "handlers/speech.hpp"

#include "delivery/spoken.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/open_override.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"
#include "handlers/slack.hpp"
#include "oncall/words.hpp"
#include "slack/client.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using slack::Json;
using storage::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr int most_offered = 5; // alerts
constexpr auto stale_after = 5min; // Slack brings late what it could not bring
constexpr auto button_stands = 1h; // and is asked about again
constexpr std::string_view greetings{" hey hi hello hallo ok okay yo please thanks thank you dear good morning evening "};

std::vector<oncall::CalledPerson> called_people(const std::vector<storage::Person>& all)
{
    std::map<std::string, oncall::CalledPerson> by_id;
    for (const auto& person : all) {
        if (person.user_id.empty() || person.kind == "gone" || person.kind == "bot" || person.kind == "stranger")
            continue;
        auto& one = by_id[person.user_id];
        one.id = person.user_id;
        if (!person.name.empty())
            one.name = person.name;
        if (person.reference.starts_with('@'))
            one.handle = person.reference.substr(1);
    }
    std::vector<oncall::CalledPerson> people;
    for (auto& [id, one] : by_id)
        people.push_back(std::move(one));
    return people;
}

/// What somebody wrote to us.
struct WrittenToUs {
    std::string channel{};
    std::string ts{};
    std::string thread_ts{};
    slack::Actor actor{};
    std::string text{};
    bool direct{};
    bool in_passing{}; // not to us
};

/// Without our own mention, wherever it stands; until we know who we are it is the one at the beginning.
std::string without_us(std::string text, const std::string& us)
{
    for (auto at = text.find("<@"); at != text.npos; at = text.find("<@", at + 1)) {
        const auto close = text.find('>', at);
        if (close == text.npos)
            break;
        const auto id = text.substr(at + 2, std::min(text.find('|', at), close) - at - 2);
        const bool begins = text.find_first_not_of(' ') == at;
        if (us.empty() ? begins : id == us) {
            text.replace(at, close - at + 1, " ");
            if (us.empty())
                break;
        }
    }
    return text;
}

/// Whether more than a greeting stands before our mention: then others are written to.
bool names_us_in_passing(const std::string& text, const std::string& us)
{
    auto at = text.find("<@" + us);
    const auto is_us = [&] { return us.empty() || text.find_first_of(">|", at) == at + 2 + us.size(); };
    while (at != text.npos && !is_us())
        at = text.find("<@" + us, at + 1);
    if (at == text.npos)
        return false;
    std::string word;
    for (const char c : oncall::lower(text.substr(0, at)) + " ") {
        if (c != ' ' && c != '\n' && c != ',' && c != '!' && c != '.' && c != ':') {
            word += c;
        } else if (!word.empty()) {
            if (greetings.find(" " + word + " ") == greetings.npos)
                return true;
            word.clear();
        }
    }
    return false;
}

std::optional<WrittenToUs> written_to_us(const slack::Event& event, const std::string& us)
{
    const auto& inner = event.event;
    const bool mention = event.type == "app_mention";
    if (!mention && (event.type != "message" || slack::text_at(inner, {"channel_type"}) != "im"))
        return std::nullopt;
    for (const auto* of_others : {"bot_id", "app_id"})
        if (!slack::text_at(inner, {of_others}).empty())
            return std::nullopt;
    // With a picture, or shown in the channel as well, it is still said to us.
    if (const auto subtype = slack::text_at(inner, {"subtype"});
        !subtype.empty() && subtype != "file_share" && subtype != "thread_broadcast")
        return std::nullopt;
    WrittenToUs written;
    written.channel = slack::text_at(inner, {"channel"});
    written.ts = slack::text_at(inner, {"ts"});
    written.thread_ts = slack::text_at(inner, {"thread_ts"});
    written.actor.user = slack::text_at(inner, {"user"});
    for (const auto* key : {"user_team", "source_team", "team"})
        if (written.actor.team.empty())
            written.actor.team = slack::text_at(inner, {key});
    const auto text = slack::text_at(inner, {"text"});
    written.text = oncall::trimmed(without_us(text, us));
    written.direct = written.channel.starts_with('D');
    written.in_passing = !written.direct && names_us_in_passing(text, us);
    const bool nobody = written.actor.user.empty() || written.actor.user == us || written.actor.user == "USLACKBOT";
    if (nobody || written.channel.empty() || written.ts.empty() || (written.direct && written.text.empty()))
        return std::nullopt;
    return written;
}

TimePoint time_of_ts(const std::string& ts)
{
    std::int64_t seconds{};
    std::from_chars(ts.data(), ts.data() + ts.size(), seconds);
    return TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, 9'999'999'999)}};
}

/// Not said to get something done.
bool is_chatter(const oncall::Sentence& sentence)
{
    constexpr std::string_view chatter[]{
        "thanks", "thank", "thx", "ty", "great", "nice", "cool", "ok", "okay", "good", "bye", "perfect"};
    const auto word = oncall::lower(sentence.unknown);
    return sentence.verb.empty() && sentence.readings.empty()
        && std::find(std::begin(chatter), std::end(chatter), word) != std::end(chatter);
}

std::string words_of_command(const oncall::Sentence& sentence)
{
    return sentence.verb + (sentence.rest.empty() ? "" : " " + sentence.rest);
}

Json button_for(const std::string& words, const std::string& command, const blocks::SayAsked& asked)
{
    if (command.size() > oncall::most_command_bytes)
        return slack::body(blocks::words("That needs a form. Write it as a command: `/oncall help` lists them."));
    return slack::body(blocks::press_to_say(words, "Open it", command, asked));
}

/// What was to be done, and is heard of too late to do it unasked.
Json late_button(const HeardCommand& heard, TimePoint then)
{
    const auto command = words_of_command(heard.sentence);
    const auto words = "You wrote that at " + oncall::date_token(then) + ", and I hear of it only now, so I have done nothing. ";
    if (command.size() > oncall::most_command_bytes)
        return slack::body(blocks::words(words + "Write it again if you still want it."));
    return slack::body(blocks::press_to_say(
        words + "`/oncall " + command + "`: press if you still want it.", "Do it now", command, heard.asked));
}

constexpr auto done_already =
    "That is done. `/oncall status` shows the open alerts, `/oncall timeline 42` what was done about one.";

/// What is answered, and whether only the speaker is to read it. Null: nothing.
struct SpokenAnswer {
    Json body{};
    bool in_private{};
};

asio::awaitable<SpokenAnswer> answer_to(WrittenToUs written, std::string key, Context& app)
{
    SpokenAnswer answer;
    const auto now = app.clock.now();
    const auto asked = asked_by(written.actor, "a message in Slack", app);
    std::string no;
    auto permit = [&](Transaction& tx) {
        const auto asker = asker_of(tx, asked);
        no = oncall::why_may_not(oncall::Deed::speak, asker.kind, asker.stranger);
    };
    co_await app.database.read(permit);
    if (!no.empty()) {
        answer.body = slack::body(blocks::words(no));
        co_return answer;
    }
    slack::Command command;
    command.actor = written.actor;
    command.text = written.text;
    command.channel = written.channel;
    command.thread_ts = written.thread_ts;
    command.said = written.in_passing ? slack::Command::Said::in_passing : slack::Command::Said::to_us;
    const auto then = time_of_ts(written.ts);
    const bool late = now - then > stale_after;
    auto hearing = hear_command(command, late ? then : now, app);
    const auto heard = co_await std::move(hearing);
    if (is_chatter(heard.sentence))
        co_return answer;
    const auto* const verb = heard.sentence.verb.empty() ? nullptr : oncall::command_verb(heard.sentence.verb);
    if (written.in_passing && !verb && heard.sentence.question.empty())
        co_return answer; // we were spoken of
    answer.in_private = verb && verb->seen == oncall::CommandVerb::Seen::in_private;
    if (late && verb && oncall::may_change(*verb)) {
        answer.body = late_button(heard, then);
        co_return answer;
    }
    if (late && !verb && !heard.sentence.question.empty()) {
        answer.body = asked_back(heard);
        co_return answer;
    }
    const bool lists = heard.sentence.verb == "schedule" && heard.sentence.rest.empty();
    const bool at_once = heard.sentence.verb == "override" && puts_oneself_on_call(heard.sentence.rest, written.actor.user);
    if (verb && verb->needs_screen && !lists && !at_once) {
        answer.body = button_for("I show you that when you press.", words_of_command(heard.sentence), heard.asked);
        co_return answer;
    }
    auto running = from_slack(slack::Payload{command}, key, app);
    answer.body = co_await std::move(running);
    if (!answer.body.is_null())
        co_return answer;
    auto look = [&](Transaction& tx) { return storage::Inbox{tx}.seen(key); };
    const bool done_before = co_await app.database.read(look);
    // Done, and then we fell before it was answered. Or nothing was done and nothing said: it wanted to open a form, which only a
    // press can.
    answer.body = done_before ? slack::body(blocks::words(done_already))
                              : button_for("That needs a form.", words_of_command(heard.sentence), heard.asked);
    co_return answer;
}

/// The message in whose thread it was said may tell of several alerts: then those that are open are offered, and none is taken.
std::vector<oncall::NamedAlert> alerts_of_message(Transaction& tx, const slack::Command& command, oncall::Speaker& speaker)
{
    std::vector<oncall::AlertId> all;
    for (const auto& shown : storage::Messages{tx}.all_at(command.channel, command.thread_ts))
        if (std::find(all.begin(), all.end(), shown.alert) == all.end())
            all.push_back(shown.alert);
    std::vector<oncall::NamedAlert> open;
    for (const auto id : all)
        if (const auto alert = storage::Alerts{tx}.find(id); alert && alert->state != oncall::AlertState::resolved)
            open.push_back({id, alert->title});
    if (all.size() == 1)
        speaker.about = all.front();
    else if (open.size() == 1)
        speaker.about = open.front().id;
    speaker.told_of = open.size();
    if (open.size() > most_offered)
        open.resize(most_offered);
    return all.size() > 1 ? open : std::vector<oncall::NamedAlert>{};
}

} // namespace

asio::awaitable<HeardCommand> hear_command(slack::Command command, TimePoint when, Context& app)
{
    const auto configuration = app.configuration();
    oncall::Speaker speaker;
    speaker.user = command.actor.user;
    speaker.now = when;
    speaker.has_forms = !command.trigger_id.empty();
    speaker.in_passing = command.said == slack::Command::Said::in_passing;
    std::vector<storage::Person> people;
    std::vector<oncall::NamedAlert> alerts;
    HeardCommand heard;
    auto load = [&](Transaction& tx) {
        speaker.time_zone = zone_of(tx, command.actor.user);
        people = storage::People{tx}.all();
        heard.names = storage::People{tx}.names();
        if (!command.thread_ts.empty())
            alerts = alerts_of_message(tx, command, speaker);
        if (!speaker.has_forms && alerts.empty())
            for (const auto& alert : storage::Alerts{tx}.all_open(most_offered))
                alerts.push_back({alert.id, alert.title});
    };
    co_await app.database.read(load);
    const oncall::Vocabulary vocabulary{*configuration, called_people(people), std::move(alerts)};
    heard.sentence = oncall::understand(command.text, speaker, vocabulary);
    heard.asked.at = app.clock.now();
    heard.asked.zone = speaker.time_zone;
    heard.asked.shared = command.said == slack::Command::Said::to_us || command.said == slack::Command::Said::in_passing;
    co_return heard;
}

Json asked_back(const HeardCommand& heard)
{
    std::vector<blocks::SayChoice> choices;
    for (const auto& one : heard.sentence.readings)
        choices.push_back({one.label, one.command});
    return said(blocks::which(heard.sentence.question, choices, heard.asked, heard.names));
}

Answer hear_event(slack::Event event, Context& app)
{
    const auto written = written_to_us(event, app.bot_user);
    if (!written)
        co_return Json{};
    // One message may come as several events.
    const auto key = written->channel + ":" + written->ts;
    auto look = [&](Transaction& tx) { return storage::Inbox{tx}.seen("answered:" + key); };
    const bool answered = co_await app.database.read(look);
    if (answered)
        co_return Json{};
    auto answering = answer_to(*written, "spoken:" + key, app);
    auto answer = co_await std::move(answering);
    if (answer.body.is_null())
        co_return Json{};
    const auto now = app.clock.now();
    const auto thread = written->direct ? written->thread_ts : written->thread_ts.empty() ? written->ts : written->thread_ts;
    auto say = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first("answered:" + key, now))
            return;
        const bool aside = answer.in_private && !written->direct;
        if (aside) {
            delivery::say_to_person(tx, "spoken:" + key + ":aside", written->actor.user, answer.body, now);
            answer.body = slack::body(blocks::words("I answered you in a direct message."));
        }
        delivery::say_in(tx, "spoken:" + key, written->channel, thread, written->actor.user, answer.body, now);
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

Answer click_say(slack::Action pressed, std::string delivery, Context& app)
{
    const auto now = app.clock.now();
    const auto said_by_it = blocks::say_value_in(pressed.value);
    const auto& asked = said_by_it.first;
    const auto& words = said_by_it.second;
    const auto answer_key = "answered:" + delivery + ":say";
    // Each button does its command once, and a question that others see, or that stays, is answered once.
    const auto question = "say:" + pressed.channel + ":" + pressed.message_ts;
    const auto key = pressed.message_ts.empty() ? delivery + ":say" : question + ":" + storage::sha256(words);
    bool by_another = false, just_now = false, of_another_clock = false;
    auto here = asked;
    here.at = now;
    here.shared = false;
    bool answered = false;
    std::string no;
    const auto presser = asked_by(pressed.actor, "a button in Slack", app);
    auto look = [&](Transaction& tx) {
        const auto asker = asker_of(tx, presser);
        no = oncall::why_may_not(oncall::Deed::speak, asker.kind, asker.stranger);
        here.zone = zone_of(tx, pressed.actor.user);
        const storage::Inbox inbox{tx};
        answered = inbox.seen(answer_key);
        by_another = asked.shared && inbox.seen("replaced:" + question) && !inbox.seen(key);
        of_another_clock = here.zone != asked.zone && blocks::names_wall_time(words);
    };
    // Of several who press at once one has it, and keeps it if this process dies before it is done.
    auto claim = [&](Transaction& tx) {
        look(tx);
        const storage::Inbox inbox{tx};
        if (answered || by_another || of_another_clock || !no.empty() || now - asked.at > button_stands)
            return;
        const auto hers = "claimed:" + key;
        if (inbox.first("claimed:" + question, now))
            inbox.first(hers, now);
        else
            just_now = !inbox.seen(hers);
    };
    if (asked.shared)
        co_await app.database.transaction(claim);
    else
        co_await app.database.read(look);
    if (answered)
        co_return Json{};
    Json body;
    bool done = false;
    if (!no.empty()) {
        body = slack::body(blocks::words(no));
    } else if (by_another || just_now) {
        const auto how = just_now ? "Another button of that was pressed just now. "
                                  : "That was answered with another button, as the message says now. ";
        body = slack::body(
            blocks::press_to_say(std::string{how} + "Nothing more was done. Do you want `/oncall " + words + "` as well?",
                "Do it as well", words, here));
    } else if (now - asked.at > button_stands || of_another_clock) {
        const auto again = of_another_clock ? "Its times would be those of your clock: " : "That was asked a while ago: ";
        body = slack::body(
            blocks::press_to_say(std::string{again} + "`/oncall " + words + "`. I have done nothing. Press if you want it.",
                "Do it now", words, here));
    } else {
        slack::Command command;
        command.actor = pressed.actor;
        command.text = words;
        command.channel = pressed.channel;
        command.response_url = pressed.response_url;
        command.trigger_id = pressed.trigger_id;
        command.said = slack::Command::Said::pressed;
        auto running = from_slack(slack::Payload{command}, key, app);
        body = co_await std::move(running);
        auto look_again = [&](Transaction& tx) { return storage::Inbox{tx}.seen(key); };
        done = co_await app.database.read(look_again);
        if (body.is_null() && done)
            body = slack::body(blocks::words(done_already));
    }
    if (body.is_null() || pressed.response_url.empty())
        co_return Json{};
    const auto* const verb = oncall::command_verb(words.substr(0, words.find(' ')));
    if (verb && verb->is_secret) { // the outbox would keep it
        body["response_type"] = "ephemeral";
        body["replace_original"] = false;
        std::string trouble;
        try {
            co_await app.slack.respond(pressed.response_url, std::move(body));
        } catch (const slack::Error& error) {
            trouble = error.code();
        }
        if (!trouble.empty())
            app.log.warning("an answer could not be shown", {{"error", trouble}});
        co_return Json{};
    }
    const auto lane = response_lane(pressed.response_url);
    auto say = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(answer_key, now))
            return;
        delivery::say_to(tx, answer_key, lane, pressed.response_url, body, now);
        // Of the first press alone: who came later changes nothing.
        if (done && asked.shared && storage::Inbox{tx}.first("replaced:" + question, now)) {
            const auto who = "<@" + pressed.actor.user + "> said `/oncall " + words + "`.";
            const auto instead = slack::body(blocks::words(who, storage::People{tx}.names()));
            delivery::say_to(tx, "replaced:" + question, lane, pressed.response_url, instead, now, true);
        }
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

} // namespace handlers
