#include "delivery/slack_sender.hpp"

#include "delivery/preview.hpp"
#include "delivery/trouble_words.hpp"
#include "delivery/waiting.hpp"
#include "doors/tasks.hpp"
#include "slack/errors.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace delivery {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view not_looked_up_yet{"no such handle is known"};
constexpr int most_uses = 5; // of a response_url
constexpr milliseconds longest_unready = 30s; // a file that Slack has not looked at by then is left out
constexpr std::string_view posts_a_file{"files.completeUploadExternal"};

/// Words that are ready wait so long for their picture: less where somebody looks at the place.
milliseconds picture_patience(const std::string& method)
{
    if (method == "views.update")
        return 15s;
    return method == "response_url" ? 30s : 60s;
}

/// From then on the words go, with or without.
TimePoint words_due(const Job& job) { return job.row.created_at + picture_patience(job.method); }

/// What failed was giving Slack a file: nothing has been said.
bool is_of_a_file(const slack::Error& error) { return error.method().starts_with("files.") || error.method() == "upload_url"; }

std::string metadata_key(const Json& message) { return slack::text_at(message, {"metadata", "event_payload", "key"}); }

/// What a person must mend before this gets through.
std::optional<storage::TroubleKey> trouble_of(const Job& job, const slack::Error& error)
{
    const auto* const known = slack::known_error(error.code());
    if (!known || known->remedy != slack::Remedy::person)
        return std::nullopt;
    storage::TroubleKey of;
    if (error.code() == "missing_scope")
        of = {"scope", slack::needed_scope(error)};
    else if (error.error_class() == slack::ErrorClass::setup || known->code == "messages_tab_disabled")
        of = {"app", error.code()};
    else if (known->about == slack::About::channel)
        of = {"channel", place_of(job)};
    return of.subject.empty() ? std::nullopt : std::optional{of};
}

bool is_user_id(const std::string& text)
{
    return text.size() > 5 && (text[0] == 'U' || text[0] == 'W')
        && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isupper(c) || std::isdigit(c); });
}

} // namespace

SlackSender::SlackSender(Doors doors, Budget& budget, const oncall::InForce& in_force, std::string fallback_channel)
    : doors_{std::move(doors)}
    , budget_{budget}
    , in_force_{in_force}
    , fallback_channel_{std::move(fallback_channel)}
    , uploads_{{doors_.database, doors_.slack, doors_.files, doors_.painter, doors_.clock, doors_.log}}
{
}

asio::awaitable<Came> SlackSender::attempt(const Job& job)
{
    Came came;
    const auto now = [this] { return doors_.clock.now(); };
    try {
        std::optional<Json> answer;
        if (job.row.ambiguous && job.method == "chat.postMessage")
            answer = co_await read_back(job);
        came.found = answer.has_value();
        if (!answer && job.only_look) {
            came.how = Came::dropped;
            co_return came;
        }
        if (!answer)
            answer = co_await send(job);
        came.channel = slack::text_at(*answer, {"channel"});
        came.ts = slack::text_at(*answer, {"ts"});
        const auto& told = slack::at(*answer, {"told_up_to"});
        came.told_up_to = told.is_number_integer() ? told.get<std::int64_t>() : job.told_up_to;
        if (job.ask_if_quiet)
            came.quiet = co_await is_quiet(job);
    } catch (const slack::Error& error) {
        using enum slack::ErrorClass;
        came.why = slack::words_of(error);
        came.fix = slack::fix_of(error, called());
        came.code = error.code();
        came.refused_method = error.method();
        came.trouble = trouble_of(job, error);
        // Nobody calls a place by Slack's id, unless the configuration does: it is no more than refused.
        if (came.trouble && came.trouble->kind == "channel" && came.trouble->subject.front() != '#'
            && words::uses_of(*in_force_.get(), fallback_channel_, came.trouble->subject).empty())
            came.trouble.reset();
        came.ambiguous = error.maybe_done() || (job.row.ambiguous && error.error_class() != refused);
        switch (error.error_class()) {
        case slow_down:
            came.how = Came::later;
            came.when = now() + error.retry_after().value_or(30s);
            budget_.rest(error.method(), came.when);
            break;
        case transient:
        case unreachable:
        case migration:
            came.how = Came::later;
            came.when = now() + backoff(job.row.attempts, doors_.random);
            break;
        case auth_dead:
        case token_aged:
        case setup:
        case gone:
            // Nobody mends the app within a page's patience: she is tried otherwise. Who asked for a file is told so.
            came.how = job.notifications.empty() && job.method != posts_a_file ? Came::later : Came::refused;
            came.when = now() + 60s;
            doors_.log.error("Slack refuses us", {{"method", error.method()}, {"error", came.why}});
            break;
        case our_bug:
        case slack::ErrorClass::refused: came.how = Came::refused; break;
        }
        // A handle that is nobody's: by now the roster would have found it.
        if (error.code() == not_looked_up_yet && now() - job.row.created_at >= 2min && doors_.slack.reachable())
            came.how = Came::refused;
        if (is_of_a_file(error) && job.method != posts_a_file) {
            came.trouble.reset(); // the words go without
            came.when = std::min(came.when, std::max(now(), words_due(job)));
        } else if (job.method == "response_url" && !(job.attached && url_uses_[job.row.key] + 1 < most_uses))
            came.how = Came::refused; // it has an allowance and an hour of its own; the message is edited the usual way instead
        if (job.method == "response_url")
            came.trouble.reset();
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        came.how = Came::later;
        came.why = error.what();
        came.when = now() + backoff(job.row.attempts, doors_.random);
        came.ambiguous = true;
    }
    co_return came;
}

asio::awaitable<Json> SlackSender::send(const Job& job)
{
    if (job.method == posts_a_file) {
        auto posting = post_file(job);
        co_return co_await std::move(posting);
    }
    storage::Upload upload;
    if (job.attached && !job.attached->svg.empty()) {
        auto uploading = picture_of(job);
        upload = co_await std::move(uploading);
    }
    if (!upload.file.empty()) {
        std::optional<slack::Error> refused;
        try {
            auto saying = say(job, upload.file, false);
            co_return co_await std::move(saying);
        } catch (const slack::Error& error) {
            if (!slack::is_not_ready(error) && error.error_class() != slack::ErrorClass::our_bug)
                throw;
            refused.emplace(error);
        }
        // The last use of a response_url is for the words.
        const bool waits = slack::is_not_ready(*refused)
            && doors_.clock.now() - upload.completed_at < std::min(longest_unready, picture_patience(job.method))
            && (job.method != "response_url" || url_uses_[job.row.key] + 1 < most_uses);
        if (waits)
            throw slack::Error{slack::ErrorClass::transient, refused->method(), "file_not_ready", refused->details(), false};
        doors_.log.warning("a message goes without its picture",
            {{"why", "Slack does not show it"}, {"error", refused->code()}, {"details", refused->details()}});
    }
    auto saying = say(job, std::string{}, true);
    co_return co_await std::move(saying);
}

/// Without an id: the words are to go alone.
asio::awaitable<storage::Upload> SlackSender::picture_of(const Job& job)
{
    storage::Upload upload;
    try {
        auto uploading = uploads_.picture(job.row.key, *job.attached);
        upload = co_await std::move(uploading);
    } catch (const slack::Error& error) {
        if (doors_.clock.now() < words_due(job))
            throw;
        doors_.log.warning("a message goes without its picture", {{"why", "Slack does not take it"}, {"error", error.code()}});
    }
    co_return upload;
}

/// `picture`: a file to show; empty: none. `plainer`: when Slack does not like the blocks, the text goes alone.
asio::awaitable<Json> SlackSender::say(const Job& job, std::string picture, bool plainer)
{
    if (job.method == "views.update") {
        auto arguments = preview_arguments(job, picture);
        co_return co_await doors_.slack.call(job.method, std::move(arguments));
    }
    auto body = slack::body(picture.empty() ? job.message : with_picture(job.message, *job.attached, picture));
    if (job.method == "response_url") {
        body.erase("metadata");
        if (job.ephemeral)
            body["response_type"] = "ephemeral";
        body["replace_original"] = !job.ephemeral;
        ++url_uses_[job.row.key];
        co_await doors_.slack.respond(job.to, std::move(body));
        co_return Json{};
    }
    std::string to = job.to;
    if (job.to_person)
        to = co_await user_id(job.to);
    body["channel"] = to;
    if (job.method == "chat.update") {
        body["ts"] = job.ts;
    } else {
        if (!job.ts.empty())
            body["thread_ts"] = job.ts;
        body["unfurl_links"] = false;
        body["unfurl_media"] = false;
    }
    try {
        co_return co_await doors_.slack.call(job.method, body);
    } catch (const slack::Error& error) {
        if (error.error_class() != slack::ErrorClass::our_bug || !plainer)
            throw;
        doors_.log.error("Slack calls our blocks wrong; sending plain text",
            {{"kind", job.row.kind}, {"error", error.code()}, {"details", error.details()}});
    }
    // The page must get through, if not prettily.
    body.erase("attachments");
    body["blocks"] = Json::array();
    body["text"] = job.message.text;
    co_return co_await doors_.slack.call(job.method, std::move(body));
}

asio::awaitable<Json> SlackSender::post_file(const Job& job)
{
    auto channel = job.to;
    if (job.to_person)
        channel = co_await direct_messages(job.to);
    auto posting = uploads_.post(job.row.key, *job.attached, channel, job.row.ambiguous);
    co_await std::move(posting);
    Json answer;
    answer["channel"] = std::move(channel);
    co_return answer;
}

/// The conversation's id.
asio::awaitable<std::string> SlackSender::direct_messages(std::string person)
{
    Json open;
    open["users"] = co_await user_id(std::move(person));
    const auto opened = co_await doors_.slack.call("conversations.open", std::move(open));
    co_return slack::text_at(opened, {"channel", "id"});
}

asio::awaitable<bool> SlackSender::is_quiet(const Job& job)
{
    // When Slack does not say, it is as if she were not.
    try {
        Json arguments;
        arguments["user"] = co_await user_id(job.to);
        const auto known = co_await doors_.slack.call("dnd.info", std::move(arguments));
        const auto seconds = [&](const char* name) {
            const auto& value = slack::at(known, {name});
            return value.is_number_integer() ? value.get<std::int64_t>() : 0;
        };
        const auto now = std::chrono::floor<std::chrono::seconds>(doors_.clock.now()).time_since_epoch().count();
        const auto& on = slack::at(known, {"dnd_enabled"});
        co_return on.is_boolean() && on.get<bool>() && seconds("next_dnd_start_ts") <= now&& now < seconds("next_dnd_end_ts");
    } catch (const slack::Error& error) {
        doors_.log.info("Slack does not say whether somebody is in Do Not Disturb", {{"error", error.code()}});
    }
    co_return false;
}

asio::awaitable<std::optional<Json>> SlackSender::read_back(const Job& job)
{
    Json arguments;
    std::string channel = job.to;
    if (job.to_person) {
        channel = co_await direct_messages(job.to);
    } else if (!channel.empty() && channel[0] == '#') {
        if (auto id = co_await doors_.channels.id_of(channel); !id.empty())
            channel = std::move(id);
    }
    arguments["channel"] = channel;
    arguments["include_all_metadata"] = true;
    arguments["limit"] = 100;
    const auto since = std::chrono::floor<std::chrono::seconds>(job.row.created_at).time_since_epoch().count() - 60;
    arguments["oldest"] = std::to_string(since) + ".000000";
    const bool threaded = !job.ts.empty();
    if (threaded)
        arguments["ts"] = job.ts;
    std::string method = threaded ? "conversations.replies" : "conversations.history";
    Json found;
    try {
        found = co_await doors_.slack.call(method, std::move(arguments));
    } catch (const slack::Error& error) {
        // When reading fails for good, a duplicate page beats a lost one; a passing fault is waited for.
        using enum slack::ErrorClass;
        if (error.error_class() == slow_down || error.error_class() == unreachable)
            throw;
        co_return std::nullopt;
    }
    // A message of several is known by the key of each, and stands already when one of them goes by itself: what is written down
    // is no post that nobody knows of.
    std::set<std::string> written;
    if (!threaded) {
        auto look = [&](storage::Transaction& tx) {
            std::set<std::string> all;
            for (const auto& message : slack::at(found, {"messages"}))
                if (const auto ts = slack::text_at(message, {"ts"});
                    metadata_key(message) == job.row.key && storage::Messages{tx}.at(channel, ts))
                    all.insert(ts);
            return all;
        };
        written = co_await doors_.database.read(look);
    }
    std::optional<Json> answer;
    for (const auto& message : slack::at(found, {"messages"})) {
        if (written.contains(slack::text_at(message, {"ts"})))
            continue;
        const auto key = metadata_key(message);
        // A thread's post is known by the last entry it told; what was posted may have told less than there is by now.
        std::int64_t told{};
        if (threaded && key.starts_with(job.row.key + ":"))
            std::from_chars(key.data() + job.row.key.size() + 1, key.data() + key.size(), told);
        if (threaded ? told <= job.told_from : key != job.row.key)
            continue;
        answer.emplace();
        (*answer)["channel"] = channel;
        (*answer)["ts"] = slack::text_at(message, {"ts"});
        if (threaded)
            (*answer)["told_up_to"] = told;
    }
    co_return answer;
}

asio::awaitable<std::string> SlackSender::user_id(std::string person)
{
    if (is_user_id(person))
        co_return person;
    auto look = [&](storage::Transaction& tx) { return storage::People{tx}.find(person); };
    const auto known = co_await doors_.database.read(look);
    if (known && !known->user_id.empty())
        co_return known->user_id;
    // Who goes by a handle is looked for by the roster, in the list of all.
    if (person.front() == '@')
        throw slack::Error{slack::ErrorClass::transient, "users.list", std::string{not_looked_up_yet}, "", false};
    Json arguments;
    arguments["email"] = person;
    const auto found = co_await doors_.slack.call("users.lookupByEmail", std::move(arguments));
    co_return slack::text_at(found, {"user", "id"});
}

} // namespace delivery
