#include "handlers/key_door.hpp"

#include "notify/request_signature.hpp"
#include "notify/text.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers {

using slack::Json;

namespace {

// Ten times what PagerDuty takes: a storm's events must not be lost on senders that do not come again.
constexpr std::size_t most_requests = 1'200;
constexpr std::chrono::minutes requests_within{1};
constexpr std::chrono::hours told_again{1};
constexpr std::size_t most_told_of_source = 5; // in that time
constexpr std::size_t most_kept_untold = 20; // of what a source sends and is refused, a minute
static_assert(most_of_source <= storage::Payloads::most_dead_body); // so that a dead letter is never cut
// Grafana lets people name the header; these are the names we give them.
constexpr std::array<std::string_view, 2> signed_times{"X-Grafana-Alerting-Timestamp", "X-Signature-Timestamp"};

const std::string too_much{"too much to do right now; send it again"};

/// "user:password" → the password, or the user where there is none.
std::string basic_password(std::string_view credentials)
{
    std::string safe{credentials};
    for (auto& c : safe)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    const auto plain = notify::base64url_in(safe).value_or("");
    const auto colon = plain.find(':');
    if (colon == plain.npos || colon + 1 == plain.size())
        return plain.substr(0, colon);
    return plain.substr(colon + 1);
}

} // namespace

std::string who_sends(const net::Request& request)
{
    const bool here = request.peer == "127.0.0.1" || request.peer == "::1" || request.peer == "::ffff:127.0.0.1";
    // Of several lines the last, too: some proxies add one of their own below the client's. The last of a list is what the proxy
    // itself has seen.
    const std::vector<net::Header> last_first{request.headers.rbegin(), request.headers.rend()};
    auto forwarded = here ? net::header(last_first, "X-Forwarded-For") : std::string_view{};
    if (const auto comma = forwarded.rfind(','); comma != forwarded.npos)
        forwarded.remove_prefix(comma + 1);
    if (const auto first = forwarded.find_first_not_of(' '); first != forwarded.npos)
        forwarded = forwarded.substr(first, 64);
    return forwarded.empty() ? request.peer : std::string{forwarded};
}

std::string key_in_headers(const std::vector<net::Header>& headers)
{
    const auto said = oncall::trimmed(net::header(headers, "Authorization"));
    const auto blank = said.find(' ');
    const auto scheme = oncall::lower(said.substr(0, blank));
    const auto credentials = blank == said.npos ? std::string{} : oncall::trimmed(said.substr(blank));
    if (!credentials.empty() && (scheme == "bearer" || scheme == "geniekey" || scheme == "token"))
        return credentials;
    if (!credentials.empty() && scheme == "basic")
        return basic_password(credentials);
    return oncall::trimmed(net::header(headers, "X-Api-Key"));
}

sources::Sent as_it_came(net::Request request, std::string rest, TimePoint now)
{
    sources::Sent sent;
    sent.text = std::move(request.body);
    sent.headers = std::move(request.headers);
    sent.rest = std::move(rest);
    sent.now = now;
    if (const auto mark = request.target.find('?'); mark != request.target.npos)
        sent.query = net::form_in(std::string_view{request.target}.substr(mark + 1)).value_or(std::vector<net::Header>{});
    return sent;
}

Opened opened(sources::Sent sent)
{
    Opened found;
    found.sent = std::move(sent);
    try {
        found.sent.body = slack::parse(found.sent.text, most_of_source);
    } catch (const slack::BadJson& problem) {
        found.no_json = problem.what();
    }
    return found;
}

KeyDoor::Knock KeyDoor::knock(const std::string& key, const std::string& address)
{
    // Looked up by its hash: how long it takes tells nothing about the keys there are.
    const auto hash = storage::sha256(key);
    const auto now = app_.clock.now();
    if (keys_.is_barred(address, hash, now))
        return {nullptr, true};
    const auto source = app_.source_by_key.find(hash);
    if (source == app_.source_by_key.end() || !source->second.holds(now)) {
        keys_.wrong(address, now);
        return {};
    }
    keys_.right(address, hash, now);
    auto configuration = app_.configuration();
    const auto found = configuration->sources.find(source->second.source);
    if (found == configuration->sources.end())
        return {}; // deleted this very moment
    return {std::shared_ptr<const oncall::Source>{std::move(configuration), &found->second}, false};
}

bool KeyDoor::is_known(const std::string& key, const std::string& address) const
{
    const auto hash = storage::sha256(key);
    const auto now = app_.clock.now();
    const auto source = app_.source_by_key.find(hash);
    return source != app_.source_by_key.end() && source->second.holds(now) && !keys_.is_barred(address, hash, now);
}

bool KeyDoor::is_barred(const std::string& address) const
{
    return !keys_.knows_one(address) && keys_.is_barred(address, "", app_.clock.now());
}

std::optional<std::chrono::seconds> KeyDoor::admit(const oncall::Source& source)
{
    auto& window = windows_.try_emplace(source.name, most_requests, requests_within).first->second;
    const auto wait = window.admit(app_.clock.now());
    if (wait && may_log("flood " + source.name))
        app_.log.warning("too many requests: the sender is asked to wait",
            {{"source", source.name}, {"most a minute", std::to_string(most_requests)}});
    if (wait) {
        auto configuration = app_.configuration();
        if (const auto found = configuration->sources.find(source.name); found != configuration->sources.end())
            tell_later({std::move(configuration), &found->second},
                "more than " + std::to_string(most_requests)
                    + " requests came within a minute, and the rest is asked to come again. If that is no storm of yours, "
                      "somebody else has its key: replace it");
    }
    return wait;
}

asio::awaitable<std::string> KeyDoor::why_unsigned(std::shared_ptr<const oncall::Source> source, const sources::Sent& sent)
{
    if (!source->is_signed)
        co_return "";
    const auto* const format = sources::format(source->format);
    const auto secrets = app_.source_secrets.find(source->name);
    std::string why;
    if (!format || format->signature.header.empty())
        why =
            "Requests of format " + source->format + " are never signed, and this source takes signed ones alone. Turn that off.";
    else if (secrets == app_.source_secrets.end() || secrets->second.empty())
        why = "It takes signed requests alone, and has no signing secret to check them by. Give it the one that its sender uses.";
    if (!why.empty()) {
        auto telling = tell_refused(source, why);
        co_await std::move(telling);
        co_return "no request can be checked: the source has no signing secret";
    }
    const auto& signature = format->signature;
    std::string_view time;
    for (const auto& name : signed_times)
        if (time.empty())
            time = net::header(sent.headers, name);
    const auto header = net::header(sent.headers, signature.header);
    const bool is_signed = time.empty()
        ? notify::is_signed(secrets->second, sent.text, header, signature.prefix)
        : notify::is_signed(secrets->second, std::string{time} + ":" + sent.text, header, signature.prefix);
    if (is_signed && (time.empty() || notify::is_recent(time, app_.clock.now())))
        co_return "";
    if (may_log("unsigned " + source->name))
        app_.log.warning(
            is_signed ? "a signed request was too old, or its clock is wrong" : "a request was not signed as it must be",
            {{"source", source->name}, {"header", std::string{signature.header}}, {"there", header.empty() ? "no" : "yes"}});
    co_return is_signed ? "the signed request is older than five minutes, or a clock is wrong"
                        : "the signature is missing or wrong";
}

asio::awaitable<KeyDoor::Kept> KeyDoor::keep(
    std::shared_ptr<const oncall::Source> source, sources::Sent sent, sources::Read read, Also also)
{
    Kept kept;
    const auto place = room_.take(sent.text.size());
    if (!place) {
        kept.problem = too_much;
        co_return kept;
    }
    const auto arrival = arrival_of(*source, sent);
    sent = sources::Sent{}; // large, and read
    std::string failed;
    try {
        auto taking = take_in(app_, source, arrival, std::move(read), std::move(also));
        kept.taken = co_await std::move(taking);
        co_return kept;
    } catch (const storage::Busy&) {
        kept.problem = too_much;
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("an alert could not be stored", {{"source", source->name}, {"error", error.what()}});
        kept.problem = "the alert could not be stored; send it again";
        failed = error.what();
    }
    if (failed.empty())
        co_return kept;
    // Whoever does not send it again has it here. It is still refused: what it reports is no alert yet.
    auto keeping = store_unread(source, arrival, "it was understood, but could not be stored: " + failed);
    co_await std::move(keeping);
    co_return kept;
}

asio::awaitable<KeyDoor::Kept> KeyDoor::keep_unread(
    std::shared_ptr<const oncall::Source> source, sources::Sent sent, std::string why)
{
    const auto place = room_.take(sent.text.size());
    if (!place) {
        Kept none;
        none.problem = too_much;
        co_return none;
    }
    auto arrival = arrival_of(*source, sent);
    sent = sources::Sent{}; // large, and of no use
    auto storing = store_unread(std::move(source), std::move(arrival), std::move(why));
    co_return co_await std::move(storing);
}

asio::awaitable<KeyDoor::Kept> KeyDoor::store_unread(
    std::shared_ptr<const oncall::Source> source, std::shared_ptr<const Arrival> arrival, std::string why)
{
    Kept kept;
    if (may_log("unread " + source->name))
        app_.log.warning("what a source sent could not be read", {{"source", source->name}, {"why", shape_of_reason(why)}});
    try {
        auto keeping = handlers::keep_unread(app_, source, std::move(arrival), std::move(why));
        kept.taken = co_await std::move(keeping);
    } catch (const storage::Busy&) {
        kept.problem = too_much;
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        if (may_log("unkept " + source->name))
            app_.log.error("a payload could not be stored", {{"source", source->name}, {"error", error.what()}});
        kept.problem = "what was sent could not be stored; send it again";
    }
    co_return kept;
}

asio::awaitable<void> KeyDoor::tell_refused(
    std::shared_ptr<const oncall::Source> source, std::string why, std::optional<sources::Sent> sent, bool always)
{
    const auto now = app_.clock.now();
    auto& told = told_[source->name];
    // A clock that was set back must not hush anybody.
    std::erase_if(told, [&](const auto& one) { return now - one.second >= told_again || one.second > now; });
    const auto shape = shape_of_reason(why);
    const bool aloud = (always || told.size() < most_told_of_source) && told.emplace(shape, now).second;
    const auto keeps = [&] {
        return !refused_.try_emplace(source->name, most_kept_untold, requests_within).first->second.admit(now);
    };
    if (!aloud && (!sent || !keeps()))
        co_return;
    const auto place = room_.take(sent ? sent->text.size() : 0);
    std::shared_ptr<const Arrival> arrival;
    if (sent && place)
        arrival = arrival_of(*source, *sent);
    sent.reset(); // large, and of no use
    std::string trouble;
    bool is_early = false;
    try {
        auto telling = handlers::tell_refused(app_, source, std::move(why), std::move(arrival), aloud);
        co_await std::move(telling);
    } catch (const storage::Busy& busy) {
        trouble = busy.what();
        is_early = true;
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        trouble = error.what();
    }
    if (trouble.empty())
        co_return;
    if (aloud)
        told_[source->name].erase(shape); // nobody heard it
    if (!may_log("untold " + source->name))
        co_return;
    app_.log.write(is_early ? logging::Level::warning : logging::Level::error, "the owner of a source could not be told",
        {{"source", source->name}, {"error", trouble}});
}

void KeyDoor::tell_later(std::shared_ptr<const oncall::Source> source, std::string why)
{
    app_.tasks.spawn("a refusal that is told", tell_refused(std::move(source), std::move(why), std::nullopt, true));
}

bool KeyDoor::may_log(const std::string& subject)
{
    constexpr std::chrono::minutes logged_again{1};
    constexpr std::size_t most_subjects = 1'000;
    const auto now = app_.clock.now();
    const auto is_past = [&](const auto& one) { return now - one.second >= logged_again || one.second > now; };
    if (logged_.size() >= most_subjects)
        std::erase_if(logged_, is_past);
    if (const auto known = logged_.find(subject); known != logged_.end() && is_past(*known))
        logged_.erase(known);
    return logged_.size() < most_subjects && logged_.emplace(subject, now).second;
}

} // namespace handlers
