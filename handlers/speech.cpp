#include "handlers/speech.hpp"

#include "blocks/say.hpp"
#include "delivery/spoken.hpp"
#include "handlers/cover_forms.hpp"
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

std::optional<WrittenToUs> written_to_us(const slack::Event& event, const std::string& us)
{
    const auto& inner = event.event;
    const bool mention = event.type == "app_mention";
    if (!mention && (event.type != "message" || slack::text_at(inner, {"channel_type"}) != "im"))
        return std::nullopt;
    for (const auto* of_others : {"subtype", "bot_id", "app_id"})
        if (!slack::text_at(inner, {of_others}).empty())
            return std::nullopt;
    WrittenToUs written;
    written.channel = slack::text_at(inner, {"channel"});
    written.ts = slack::text_at(inner, {"ts"});
    written.thread_ts = slack::text_at(inner, {"thread_ts"});
    written.actor.user = slack::text_at(inner, {"user"});
    for (const auto* key : {"user_team", "source_team", "team"})
        if (written.actor.team.empty())
            written.actor.team = slack::text_at(inner, {key});
    written.text = oncall::trimmed(without_us(slack::text_at(inner, {"text"}), us));
    written.direct = written.channel.starts_with('D');
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

Json button_for(const std::string& words, const std::string& command)
{
    if (command.size() > oncall::most_command_bytes)
        return slack::body(blocks::words("That needs a form. Write it as a command: `/oncall help` lists them."));
    return slack::body(blocks::press_to_say(words, "Open it", command));
}

/// What is answered, and whether only the speaker is to read it. Null: nothing.
struct SpokenAnswer {
    Json body{};
    bool in_private{};
};

asio::awaitable<SpokenAnswer> answer_to(WrittenToUs written, std::string key, Context& app)
{
    SpokenAnswer answer;
    const auto now = app.clock.now();
    if (!written.actor.team.empty() && !app.home_team.empty() && written.actor.team != app.home_team) {
        answer.body = slack::body(blocks::words("Only members of this workspace can ask me."));
        co_return answer;
    }
    if (const auto then = time_of_ts(written.ts); now - then > stale_after && written.text.size() <= oncall::most_command_bytes) {
        answer.body = slack::body(blocks::press_to_say("You wrote that at " + oncall::date_token(then)
                + ", and I hear of it only now, so I have done nothing. Press if you still want it.",
            "Do it now", written.text));
        co_return answer;
    }
    slack::Command command;
    command.actor = written.actor;
    command.text = written.text;
    command.channel = written.channel;
    command.thread_ts = written.thread_ts;
    auto hearing = hear_command(command, app);
    const auto heard = co_await std::move(hearing);
    if (is_chatter(heard.sentence))
        co_return answer;
    const auto* const verb = heard.sentence.verb.empty() ? nullptr : oncall::command_verb(heard.sentence.verb);
    answer.in_private = verb && verb->seen == oncall::CommandVerb::Seen::in_private;
    const bool lists = heard.sentence.verb == "schedule" && heard.sentence.rest.empty();
    if (verb && verb->needs_screen && !lists) {
        answer.body = button_for("I show you that when you press.", words_of_command(heard.sentence));
        co_return answer;
    }
    auto running = from_slack(slack::Payload{command}, key, app);
    answer.body = co_await std::move(running);
    if (!answer.body.is_null())
        co_return answer;
    auto look = [&](Transaction& tx) { return storage::Inbox{tx}.seen(key); };
    const bool done_before = co_await app.database.read(look);
    // Nothing was done and nothing said: it wanted to open a form, which only a press can.
    if (!done_before)
        answer.body = button_for("That needs a form.", words_of_command(heard.sentence));
    co_return answer;
}

} // namespace

asio::awaitable<HeardCommand> hear_command(slack::Command command, Context& app)
{
    const auto configuration = app.configuration();
    oncall::Speaker speaker;
    speaker.user = command.actor.user;
    speaker.now = app.clock.now();
    speaker.has_forms = !command.trigger_id.empty();
    std::vector<storage::Person> people;
    std::vector<oncall::NamedAlert> alerts;
    HeardCommand heard;
    auto load = [&](Transaction& tx) {
        speaker.time_zone = zone_of(tx, command.actor.user);
        people = storage::People{tx}.all();
        heard.names = storage::People{tx}.names();
        if (!command.thread_ts.empty())
            if (const auto message = storage::Messages{tx}.at(command.channel, command.thread_ts))
                speaker.about = message->alert;
        if (!speaker.has_forms)
            for (const auto& alert : storage::Alerts{tx}.all_open(most_offered))
                alerts.push_back({alert.id, alert.title});
    };
    co_await app.database.read(load);
    const oncall::Vocabulary vocabulary{*configuration, called_people(people), std::move(alerts)};
    heard.sentence = oncall::understand(command.text, speaker, vocabulary);
    co_return heard;
}

Json asked_back(const HeardCommand& heard)
{
    std::vector<blocks::SayChoice> choices;
    for (const auto& one : heard.sentence.readings)
        choices.push_back({one.label, one.command});
    return said(blocks::which(heard.sentence.question, choices, heard.names));
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
            delivery::say_in(tx, "spoken:" + key + ":aside", written->actor.user, "", true, answer.body, now);
            answer.body = slack::body(blocks::words("I answered you in a direct message."));
        }
        delivery::say_in(tx, "spoken:" + key, written->channel, thread, false, answer.body, now);
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

Answer click_say(slack::Action pressed, std::string delivery, Context& app)
{
    slack::Command command;
    command.actor = pressed.actor;
    command.text = pressed.value;
    command.channel = pressed.channel;
    command.response_url = pressed.response_url;
    command.trigger_id = pressed.trigger_id;
    const auto key = delivery + ":say";
    const auto* const verb = oncall::command_verb(pressed.value.substr(0, pressed.value.find(' ')));
    auto running = from_slack(slack::Payload{command}, key, app);
    auto body = co_await std::move(running);
    if (body.is_null() || pressed.response_url.empty())
        co_return Json{};
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
    const auto now = app.clock.now();
    auto say = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first("answered:" + key, now))
            delivery::say_to(tx, "answered:" + key, response_lane(pressed.response_url), pressed.response_url, body, now);
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

} // namespace handlers
