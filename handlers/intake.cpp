#include "handlers/intake.hpp"

#include "handlers/by_hand.hpp"
#include "handlers/change_events.hpp"
#include "handlers/first_event.hpp"
#include "handlers/grouping.hpp"
#include "handlers/sns.hpp"
#include "notify/text.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"
#include "storage/change_events.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace handlers {

using slack::Json;
using storage::Payload;
using storage::Payloads;
using storage::PayloadState;
using storage::Transaction;

namespace {

constexpr std::size_t most_at_once = 100; // reports and changes, in one transaction
constexpr std::size_t most_reason = 500; // characters
constexpr std::size_t most_alerts_listed = 5;

// What a format may read. No key, no signature, no address of whoever sent it.
constexpr std::array<std::string_view, 10> kept_headers{"content-type", "user-agent", "x-github-event", "x-github-delivery",
    "sentry-hook-resource", "x-amz-sns-message-type", "x-amz-sns-message-id", "x-amz-sns-topic-arn", "x-gitlab-event",
    "x-event-key"};
// Of a query: these may be keys, as some tools carry them.
constexpr std::array<std::string_view, 14> secret_fields{"key", "token", "api_key", "apikey", "api-key", "secret", "password",
    "auth", "signature", "access_token", "auth_token", "api_token", "sig", "code"};

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Digits count as one, so that the numbers of one mistake are one number.
bool is_digit_of_reason(char c) { return c >= '0' && c <= '9'; }

/// What a sender numbers its deliveries by; empty: it does not. It repeats them by the same number.
std::string delivery_of(const oncall::Source& source, const sources::Sent& sent)
{
    std::string number;
    if (source.format == "github")
        number = net::header(sent.headers, "X-GitHub-Delivery");
    else if (source.format == "sns")
        number = slack::text_at(sources::sns_envelope(sent), {"MessageId"}); // signed; what is delivered raw has the header alone
    if (source.format == "sns" && number.empty())
        number = net::header(sent.headers, "X-Amz-Sns-Message-Id");
    // Hashed, for it is foreign and may be long.
    return number.empty() ? "" : "source:" + storage::sha256(source.name + "\n" + number).substr(0, 32);
}

std::vector<oncall::Recipient> named_in(const sources::Read& read)
{
    std::vector<oncall::Recipient> named;
    for (const auto& report : read.reports)
        for (const auto& word : report.whom)
            if (auto one = recipient_written(word))
                named.push_back(std::move(*one));
    return named;
}

/// Severities in our words; a key for what has none, by which its sender can resolve it later.
void make_ready(Context& app, const oncall::Source& source, sources::Read& read)
{
    for (auto& report : read.reports) {
        understand_severity(report, source);
        if (report.dedup_key.empty())
            report.dedup_key = app.random.token();
    }
    for (auto& change : read.changes)
        change.source = source.name;
}

constexpr std::string_view is_quiet{"the source is quiet: it was kept, and no alert was made"};

/// A source that is quiet begins nothing. What it says is over is over all the same: nobody would resolve it otherwise.
void hush(const oncall::Source& source, sources::Read& read)
{
    if (!source.quiet)
        return;
    const auto begun = std::erase_if(read.reports, [](const Report& one) { return one.signal == Report::Signal::fire; });
    if (begun > 0 && read.reports.empty() && read.note.empty())
        read.note = is_quiet;
}

/// What was changed before all that is kept is not kept, and its sender hears so.
void leave_out_old(sources::Read& read, TimePoint now)
{
    const auto old = std::erase_if(read.changes, [&](const auto& change) { return is_too_old(change, now); });
    if (old > 0)
        read.note += (read.note.empty() ? "" : "; ") + std::to_string(old) + (old == 1 ? " change is" : " changes are")
            + " older than " + std::to_string(storage::ChangeEvents::kept_for.count()) + " days, and not kept";
}

/// Those there are, each once.
std::vector<std::int64_t> numbers_of(const std::vector<std::int64_t>& alerts)
{
    std::set<std::int64_t> there{alerts.begin(), alerts.end()};
    there.erase(0);
    return {there.begin(), there.end()};
}

/// "alerts #3 and #4; 1 change"
std::string became(const std::vector<std::int64_t>& alerts, const sources::Read& read)
{
    const auto numbers = numbers_of(alerts);
    std::string words;
    if (!numbers.empty()) {
        std::vector<std::string> shown;
        for (const auto number : numbers)
            if (shown.size() < most_alerts_listed)
                shown.push_back(oncall::number({number}));
        if (numbers.size() > most_alerts_listed)
            shown.push_back(std::to_string(numbers.size() - most_alerts_listed) + " more");
        words = (numbers.size() == 1 ? "alert " : "alerts ") + oncall::listed(shown);
    } else if (!read.reports.empty()) {
        words = "nothing that is open";
    }
    if (!read.changes.empty())
        words += (words.empty() ? "" : "; ") + std::to_string(read.changes.size())
            + (read.changes.size() == 1 ? " change" : " changes");
    if (!read.note.empty())
        words += (words.empty() ? "" : "; ") + notify::one_line(read.note, most_reason);
    return words.empty() ? "nothing" : words;
}

/// What its sender's repeat finds already done.
constexpr std::string_view came_before{"this came before, and nothing is changed by it"};

/// Of SNS's envelope without what is for us alone: the token confirms a subscription, and the address of UnsubscribeURL ends it
/// without asking who that is.
std::string text_to_keep(const oncall::Source& source, const sources::Sent& sent)
{
    auto envelope = source.format == "sns" ? sources::sns_envelope(sent) : Json{};
    std::size_t dropped = 0;
    if (envelope.is_object())
        for (const auto* const name : {"Token", "SubscribeURL", "UnsubscribeURL"})
            dropped += envelope.erase(name);
    if (dropped > 0)
        return dumped(envelope);
    return sent.text.substr(0, Payloads::most_dead_body + 1); // so that one sees that there was more
}

/// Of reports and changes [first, last) and, with the last of them, what goes with the whole.
struct Piece {
    std::vector<std::string> keys{};
    std::vector<std::int64_t> alerts{};
    bool repeated{};
};

} // namespace

std::string shape_of_reason(std::string_view why)
{
    std::string shape;
    for (std::size_t at = 0; at < why.size(); ++at) {
        if (why[at] == '"') {
            const auto close = why.find('"', at + 1);
            if (close == why.npos)
                break; // cut in the middle of what was quoted
            shape += "\"\"";
            at = close;
        } else if (is_digit_of_reason(why[at])) {
            if (shape.empty() || shape.back() != '0')
                shape += '0';
        } else {
            shape += why[at];
        }
    }
    return shape;
}

Payload payload_of(const oncall::Source& source, const sources::Sent& sent)
{
    constexpr std::size_t most_value = 1'024, most_path = 8'192, most_query = 32'768; // more than the listener takes
    Payload payload;
    payload.source = source.name;
    payload.format = source.format;
    payload.at = sent.now;
    auto text = text_to_keep(source, sent);
    payload.whole = text.size() <= Payloads::most_dead_body;
    payload.body = sources::clipped(std::move(text), Payloads::most_dead_body);
    payload.rest = sources::clipped(sent.rest, most_path);
    auto headers = Json::object();
    for (const auto name : kept_headers)
        if (const auto value = net::header(sent.headers, name); !value.empty())
            headers[std::string{name}] = sources::clipped(std::string{value}, most_value);
    payload.headers = dumped(headers);
    std::vector<net::Header> query;
    for (const auto& field : sent.query)
        if (std::find(secret_fields.begin(), secret_fields.end(), oncall::lower(field.name)) == secret_fields.end())
            query.push_back(field);
    payload.query = net::form_out(query);
    if (payload.query.size() > most_query) {
        payload.query.clear();
        payload.whole = false;
    }
    return payload;
}

sources::Sent sent_again(const Payload& payload, TimePoint now)
{
    sources::Sent sent;
    sent.text = payload.body;
    sent.rest = payload.rest;
    sent.now = now;
    sent.query = net::form_in(payload.query).value_or(std::vector<net::Header>{});
    try {
        const auto headers = slack::parse(payload.headers);
        for (const auto& [name, value] : headers.items())
            if (value.is_string())
                sent.headers.push_back({name, value.get<std::string>()});
    } catch (const slack::BadJson&) {
        // none were kept
    }
    try {
        sent.body = slack::parse(payload.body, Payloads::most_dead_body);
    } catch (const slack::BadJson&) {
        // what is no JSON is read as text
    }
    return sent;
}

std::shared_ptr<const Arrival> arrival_of(const oncall::Source& source, const sources::Sent& sent)
{
    return std::make_shared<const Arrival>(Arrival{payload_of(source, sent), delivery_of(source, sent)});
}

void understand_severity(Report& report, const oncall::Source& source)
{
    constexpr std::size_t most_severity = 50;
    const auto word = oncall::lower(sources::clipped(report.severity, most_severity));
    report.severity = oncall::severity_of(source, word);
    if (!word.empty() && report.severity != word && report.labels.size() < sources::most_labels)
        report.labels.emplace("severity", word);
}

asio::awaitable<Taken> take_in(Context& app, std::shared_ptr<const oncall::Source> source, std::shared_ptr<const Arrival> arrival,
    sources::Read read, Also also)
{
    auto named = named_in(read);
    if (!named.empty()) {
        auto knowing = get_to_know(std::move(named), app);
        co_await std::move(knowing);
    }
    if (!read.confirm.empty()) {
        // Before SNS has its answer: it sends again what is not taken, and a task may die with us.
        auto confirming = confirm_at_once(app, read.confirm, source->name);
        const bool is_confirmed = co_await std::move(confirming);
        if (!is_confirmed) {
            read.note = "a subscription that Amazon SNS did not let us confirm";
            read.reports.clear(); // nothing comes again
        }
    }
    const auto now = app.clock.now();
    hush(*source, read);
    leave_out_old(read, now);
    make_ready(app, *source, read);

    const Asked asked{"", "", source->name, now};
    const auto& delivery = arrival->delivery;
    const auto& reports = read.reports;
    const auto all_there_are = reports.size() + read.changes.size();
    Taken taken;
    std::size_t first = 0;
    auto take = [&](Transaction& tx) {
        Piece piece;
        if (!delivery.empty() && storage::Inbox{tx}.seen(delivery)) {
            piece.repeated = true;
            return piece;
        }
        const auto last = std::min(all_there_are, first + most_at_once);
        for (auto at = first; at < std::min(last, reports.size()); ++at) {
            piece.keys.push_back(reports[at].dedup_key);
            piece.alerts.push_back(receive(tx, app, source->name, reports[at], asked).value);
        }
        for (auto at = std::max(first, reports.size()); at < last; ++at)
            take_change(tx, app, read.changes[at - reports.size()], now);
        if (last < all_there_are)
            return piece;
        auto all = taken.alerts;
        all.insert(all.end(), piece.alerts.begin(), piece.alerts.end());
        auto payload = arrival->payload;
        payload.at = now;
        payload.words = became(all, read);
        payload.alerts = numbers_of(all);
        Payloads{tx}.add(payload);
        if (payload.id != 0)
            tell_first_event(tx, app, payload, now);
        if (!delivery.empty())
            storage::Inbox{tx}.first(delivery, now);
        if (also) {
            Taken whole_of_it = taken;
            whole_of_it.keys.insert(whole_of_it.keys.end(), piece.keys.begin(), piece.keys.end());
            whole_of_it.alerts = all;
            whole_of_it.note = read.note;
            also(tx, whole_of_it);
        }
        return piece;
    };
    // A storm's request goes to disk in pieces, so that others get their turn; sent again, what is kept already is counted.
    do {
        auto piece = co_await app.database.transaction(take);
        if (piece.repeated) {
            taken.note = came_before;
            co_return taken;
        }
        taken.keys.insert(taken.keys.end(), piece.keys.begin(), piece.keys.end());
        taken.alerts.insert(taken.alerts.end(), piece.alerts.begin(), piece.alerts.end());
        first += most_at_once;
    } while (first < all_there_are);
    taken.note = read.note;
    co_return taken;
}

namespace {

/// The words of an alert, and of a line, about what cannot be read.
std::string unread_title(const std::string& source, const std::string& why)
{
    return "Source " + source + " sent something that could not be read: " + why;
}

/// It stands for all that its source sends and that cannot be read for the same reason.
std::int64_t raise_unread(Transaction& tx, const Context& app, const oncall::Source& source, const std::string& why,
    const Payload& payload, TimePoint now)
{
    constexpr std::int64_t most_unread_reasons = 5; // open at once: a sender that varies them floods nobody
    const storage::Alerts alerts{tx};
    auto key = "unread:" + storage::sha256(source.format + "\n" + shape_of_reason(why)).substr(0, 16);
    auto open = alerts.open(source.name, key);
    if (!open && Payloads{tx}.open_reasons(source.name) >= most_unread_reasons) {
        key = "unread:others";
        open = alerts.open(source.name, key);
    }
    oncall::Alert alert = open.value_or(oncall::Alert{});
    alert.title = sources::clipped(unread_title(source.name, why), sources::most_title);
    alert.description = "Nobody was paged by it. It is kept, the last as payload " + std::to_string(payload.id)
        + ": correct what the sender sends, or the source's settings, and replay it by `/oncall source " + source.name + "`.";
    if (open) {
        alerts.refired(alert);
    } else {
        alert.source = source.name;
        alert.dedup_key = key;
        alert.severity = "warning";
        alert.urgency = oncall::Urgency::low;
        alert.team = source.team;
        alert.because = "it is about what source " + source.name + " sends, and pages nobody";
        alert.labels.emplace("format", source.format);
        alert.triggered_at = now;
        alerts.add(alert);
        storage::Timeline{tx}.add(alert.id, now, "", source.name, "reported: " + alert.title);
    }
    storage::Journal{tx}.accepted(source.name, key, alert.id, now);
    show(tx, app, alert, now, false);
    return alert.id.value;
}

std::string owners_channel(const Context& app, const oncall::Source& source)
{
    oncall::Alert its;
    its.team = source.team;
    return card_channel(app, its);
}

/// What had to go for `payload` was said to be kept: whoever can do something about it hears that, once an hour.
void tell_dropped(Transaction& tx, const Context& app, const oncall::Source& source, const Payload& payload, TimePoint now)
{
    const auto channel = owners_channel(app, source);
    const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    const auto key = "dropped:" + storage::sha256(source.name).substr(0, 16) + ":" + std::to_string(hour);
    if (payload.dropped == 0 || channel.empty() || !storage::Inbox{tx}.first(key, now))
        return;
    const auto words = "Source " + source.name
        + " has sent more that could not be read than I keep: " + std::to_string(Payloads::most_dead)
        + " of its dead letters, and " + std::to_string(Payloads::most_large_dead_bytes >> 20)
        + " MB of large ones. The oldest are being dropped, and nobody was paged by them. Correct what it sends, or its "
          "settings, "
          "and replay or dismiss what there is: `/oncall source "
        + source.name + "`.";
    storage::Outbox{tx}.add(key, "channel_words", storage::Priority::card, channel, 0, channel + "\n" + words, now);
}

} // namespace

asio::awaitable<Taken> keep_unread(
    Context& app, std::shared_ptr<const oncall::Source> source, std::shared_ptr<const Arrival> arrival, std::string why)
{
    const auto now = app.clock.now();
    why = notify::one_line(why, most_reason);
    auto keep = [&](Transaction& tx) {
        auto payload = arrival->payload;
        payload.at = now;
        payload.state = PayloadState::unread;
        payload.words = why;
        const Payloads payloads{tx};
        payloads.add(payload);
        tell_dropped(tx, app, *source, payload, now);
        if (!source->quiet) {
            payload.alerts.push_back(raise_unread(tx, app, *source, why, payload, now));
            payloads.move(payload.id, PayloadState::unread, PayloadState::unread, why, payload.alerts);
        }
        tell_first_event(tx, app, payload, now);
        return payload.alerts;
    };
    Taken taken;
    taken.alerts = co_await app.database.transaction(keep);
    taken.unread = why;
    co_return taken;
}

asio::awaitable<void> tell_refused(Context& app, std::shared_ptr<const oncall::Source> source, std::string why,
    std::shared_ptr<const Arrival> arrival, bool aloud)
{
    const auto now = app.clock.now();
    why = notify::one_line(why, most_reason);
    const auto channel = owners_channel(app, *source);
    auto tell = [&](Transaction& tx) {
        if (arrival) {
            auto payload = arrival->payload;
            payload.at = now;
            payload.state = PayloadState::unread;
            payload.words = why;
            Payloads{tx}.add(payload);
            tell_dropped(tx, app, *source, payload, now);
            tell_first_event(tx, app, payload, now);
        }
        if (!aloud || channel.empty())
            return;
        const auto words = "What is sent to source " + source->name + " is refused: " + why + (why.ends_with('.') ? "" : ".")
            + " The sender is told so each time, I say it here once an hour."
            + (arrival ? " What was sent is kept: `/oncall source " + source->name + "` shows it." : "");
        const auto key = "refused:" + storage::sha256(source->name + "\n" + shape_of_reason(why)).substr(0, 16);
        storage::Outbox{tx}.add(key, "channel_words", storage::Priority::card, channel, 0, channel + "\n" + words, now);
    };
    co_await app.database.transaction(tell);
}

void clear_unread(Transaction& tx, const Context& app, const Payload& payload, TimePoint now)
{
    for (const auto number : payload.alerts) {
        for (const auto& other : Payloads{tx}.dead(payload.source, 200))
            if (other.id != payload.id && std::find(other.alerts.begin(), other.alerts.end(), number) != other.alerts.end())
                return;
        const auto alert = storage::Alerts{tx}.find({number});
        if (!alert || alert->state == oncall::AlertState::resolved || !alert->dedup_key.starts_with("unread:"))
            continue;
        const Asked nobody{"", "", payload.source, now};
        if (outlives_its_source(tx, app, *alert, nobody))
            continue;
        const auto cleared = change(tx, app, {oncall::Verb::clear, alert->id}, nobody);
        show(tx, app, cleared, now, true);
    }
}

namespace {

/// Why a payload cannot be replayed, whatever its source says now; empty: it can.
std::string why_no_replay(const std::optional<Payload>& payload, const oncall::Configuration& configuration)
{
    if (!payload)
        return "That payload is not kept any more.";
    if (payload->state == PayloadState::replayed)
        return "It has been replayed already: " + payload->words + ".";
    if (payload->state == PayloadState::dismissed)
        return "It has been dismissed.";
    if (payload->state == PayloadState::kept)
        return "It was understood when it came, so there is nothing to replay: " + payload->words + ".";
    if (!payload->whole)
        return "It was too long, so only its beginning is kept. Let its sender send it again.";
    const auto source = configuration.sources.find(payload->source);
    if (source == configuration.sources.end())
        return "There is no source " + payload->source + " any more.";
    if (source->second.quiet)
        return "Source " + payload->source + " is quiet: no alert would be made. Take that back first.";
    return {};
}

} // namespace

asio::awaitable<std::string> replay(Context& app, std::int64_t id, Asked asked)
{
    auto find = [id](Transaction& tx) { return Payloads{tx}.find(id); };
    const auto found = co_await app.database.read(find);
    const auto configuration = app.configuration();
    if (auto no = why_no_replay(found, *configuration); !no.empty())
        co_return no;
    const auto& source = configuration->sources.at(found->source);
    const auto* const format = sources::format(source.format);
    sources::Read read;
    std::string why;
    try {
        if (!format || !format->read)
            throw sources::BadPayload{"nothing of format " + source.format + " is read"};
        const auto sent = sent_again(*found, app.clock.now());
        if (format->wants_json)
            slack::parse(sent.text, Payloads::most_dead_body); // says why it is none
        read = format->read(sent, source);
    } catch (const std::exception& problem) {
        why = notify::one_line(problem.what(), most_reason);
    }
    if (!why.empty())
        co_return "It still cannot be read: " + why + ". Correct the source's settings, or what its sender sends, and try again.";
    auto named = named_in(read);
    if (!named.empty()) {
        auto knowing = get_to_know(std::move(named), app);
        co_await std::move(knowing);
    }
    const auto now = app.clock.now();
    leave_out_old(read, now);
    make_ready(app, source, read);
    const Asked by_source{"", "", source.name, now};
    auto work = [&](Transaction& tx) {
        const Payloads payloads{tx};
        const auto payload = payloads.find(id);
        if (auto no = why_no_replay(payload, *configuration); !no.empty())
            return no;
        std::vector<std::int64_t> alerts;
        for (const auto& report : read.reports)
            alerts.push_back(receive(tx, app, source.name, report, by_source).value);
        for (const auto& change : read.changes)
            take_change(tx, app, change, now);
        const auto words = became(alerts, read);
        payloads.move(id, PayloadState::unread, PayloadState::replayed, words, numbers_of(alerts));
        storage::Audit{tx}.add(now, asked.actor, asked.via, "replay", "payload " + std::to_string(id), payload->words, words);
        clear_unread(tx, app, *payload, now);
        return "Replayed, and it became " + words + ".";
    };
    auto words = co_await app.database.transaction(work);
    if (!read.confirm.empty())
        app.tasks.spawn("a subscription that is confirmed", confirm_subscription(app, read.confirm, source.name));
    co_return words;
}

} // namespace handlers
