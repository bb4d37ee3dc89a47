#include "handlers/from_message.hpp"

#include "blocks/from_message.hpp"
#include "handlers/choose_alert.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/opening.hpp"
#include "handlers/page_words.hpp"
#include "handlers/permits.hpp"

#include <algorithm>

namespace handlers {

using oncall::Refusal;
using oncall::Verb;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::size_t most_noted = 1'000; // of the message's text
constexpr std::size_t most_metadata_of_note = 3'000; // of Slack, in characters; counted in bytes here

/// What goes with the form unseen.
struct NotedMessage {
    std::string place{}; // of the message: "channel:ts", by which it is told from others
    std::string author{}; // a Slack id, else what the app is called; may be empty
    std::string link{};
    std::string text{};
    std::string response_url{};
};

std::string noted_out(NotedMessage message)
{
    // Half a text is better than none of it.
    for (auto most = most_noted; most > 0; most /= 2) {
        message.text = blocks::kit::clean(message.text, most);
        Json out = Json::object();
        out["place"] = message.place;
        out["author"] = message.author;
        out["link"] = message.link;
        out["text"] = message.text;
        out["answer"] = message.response_url;
        auto text = out.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (text.size() <= most_metadata_of_note)
            return text;
    }
    return "{}";
}

std::optional<NotedMessage> noted_in(const std::string& metadata)
{
    Json in;
    try {
        in = slack::parse(metadata, most_metadata_of_note);
    } catch (const slack::BadJson&) {
        return std::nullopt;
    }
    NotedMessage message{slack::text_at(in, {"place"}), slack::text_at(in, {"author"}), slack::text_at(in, {"link"}),
        slack::text_at(in, {"text"}), slack::text_at(in, {"answer"})};
    return message.place.empty() ? std::nullopt : std::optional{std::move(message)};
}

/// "<@U123> wrote https://…: it was the cache"
std::string note_text(const NotedMessage& message)
{
    const bool is_person = message.author.starts_with('U') || message.author.starts_with('W');
    auto words = message.author.empty() ? std::string{"somebody"} : is_person ? "<@" + message.author + ">" : message.author;
    words += " wrote";
    if (!message.link.empty())
        words += " " + message.link;
    return words + ": " + (message.text.empty() ? "(no words)" : message.text);
}

/// By its address: what came in is not remembered for ever.
bool stands_in_timeline(Transaction& tx, oncall::AlertId alert, const NotedMessage& message)
{
    const auto entries = storage::Timeline{tx}.of_alert(alert);
    return !message.link.empty() && std::any_of(entries.begin(), entries.end(), [&](const oncall::TimelineEntry& entry) {
        return entry.text.find(" wrote " + message.link + ": ") != entry.text.npos;
    });
}

/// The alert whose card, page or thread the message is, or is in; nullopt when that is none or not just one.
std::optional<oncall::Alert> alert_of_message(Transaction& tx, const slack::Shortcut& used)
{
    for (const auto& ts : {used.message_ts, used.thread_ts}) {
        if (ts.empty())
            continue;
        const auto shown = storage::Messages{tx}.all_at(used.channel, ts);
        const bool one = !shown.empty()
            && std::all_of(shown.begin(), shown.end(), [&](const auto& other) { return other.alert == shown.front().alert; });
        if (one)
            return storage::Alerts{tx}.find(shown.front().alert);
    }
    return std::nullopt;
}

} // namespace

std::string message_link(const slack::Shortcut& used)
{
    auto digits = used.message_ts;
    std::erase(digits, '.');
    if (used.workspace.empty() || used.channel.empty() || digits.empty())
        return {};
    const auto link = "https://" + used.workspace + ".slack.com/archives/" + used.channel + "/p" + digits;
    const bool is_reply = !used.thread_ts.empty() && used.thread_ts != used.message_ts;
    return link + (is_reply ? "?thread_ts=" + used.thread_ts + "&cid=" + used.channel : "");
}

Answer note_from_message(slack::Shortcut used, std::string delivery, Context& app)
{
    const auto asked = asked_by(used.actor, "a message in Slack", app);
    auto make = [used, asked](Transaction& tx) {
        permit_deed(tx, oncall::Deed::answer, asked);
        blocks::TimelineForm form;
        form.names = storage::People{tx}.names();
        form.alert = alert_of_message(tx, used);
        if (!form.alert && !some_alert_lately(tx, asked.now))
            throw Refusal{"Nothing is open, and nothing was resolved in the last 24 hours: there is no alert to add it to."};
        form.author = used.message_author.empty() ? used.message_app : used.message_author;
        form.text = blocks::kit::clean(typed_plain(used.message_text, form.names), most_noted);
        form.metadata =
            noted_out({used.channel + ":" + used.message_ts, form.author, message_link(used), form.text, used.response_url});
        return blocks::timeline_form(form);
    };
    Opening opening;
    opening.trigger_id = used.trigger_id;
    opening.response_url = used.response_url;
    opening.instead = "`/oncall note 42 …`";
    opening.person = asked.actor;
    auto opened = open_or_refuse(make, std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer submit_note_from_message(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, "a message in Slack", app);
    const auto message = noted_in(filled.private_metadata);
    Wish wish;
    wish.verb = Verb::note;
    wish.alert = alert_chosen(filled.state);
    std::string no;
    if (!message)
        no = "This form is from another version of me. Open it again.";
    else if (wish.alert.value == 0)
        no = "Choose an alert.";
    else
        wish.text = note_text(*message);
    blocks::Names names;
    bool there = false;
    auto work = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        const storage::Inbox inbox{tx};
        // One message stands in a timeline once, however often it comes and whoever adds it.
        const auto key = "in timeline:" + std::to_string(wish.alert.value) + ":" + message->place;
        there = inbox.seen(key) || stands_in_timeline(tx, wish.alert, *message);
        if (there)
            return;
        const auto changed = change(tx, app, wish, asked);
        inbox.first(key, asked.now);
        show(tx, app, changed, asked.now, true);
        respond(tx, delivery, message->response_url, deed(tx, wish, changed), asked.now);
    };
    try {
        if (no.empty())
            co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    if (!no.empty())
        co_return error_answer(blocks::view::verb_alert, blocks::plain(no, names));
    if (!there)
        co_return Json{};
    const auto words = "It is in the timeline of #" + std::to_string(wish.alert.value) + " already.";
    co_return view_answer("update", blocks::timeline_done(words, names));
}

} // namespace handlers
