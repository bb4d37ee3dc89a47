#include "delivery/sender.hpp"

#include "delivery/preview.hpp"
#include "delivery/trouble_words.hpp"
#include "delivery/waiting.hpp"
#include "doors/within.hpp"
#include "oncall/notification_rules.hpp"
#include "slack/errors.hpp"
#include "storage/contact_sends.hpp"
#include "storage/pager_tests.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace delivery {

using namespace std::chrono_literals;

namespace {

/// Not sent: it may be there already.
asio::awaitable<notify::Outcome> unsure(std::string why)
{
    notify::Outcome outcome;
    outcome.how = notify::Outcome::unknown;
    outcome.why = std::move(why);
    co_return outcome;
}

constexpr int most_in_flight = 32; // by Slack
constexpr int most_mails_in_flight = 4;
constexpr int most_by_a_provider = 8; // of each kind of contact method
constexpr milliseconds rest_of_a_provider = 1min; // in trouble: others are asked first
constexpr auto longest_send = 40s; // a provider says what came of it within 30
constexpr std::string_view not_looked_up_yet{"no such handle is known"};
constexpr int most_looked_at = 1'000; // lanes a round
constexpr int most_uses = 5; // of a response_url
constexpr milliseconds longest_unready = 30s; // a file that Slack has not looked at by then is left out
constexpr auto unreadable_rest = 1min; // of a row that could not be rendered
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

/// Seconds before the n-th repeat: 1, 2, 4 … 60, with jitter.
milliseconds backoff(int attempts, doors::Random& random)
{
    const auto base = std::min(60'000, 1'000 << std::min(attempts, 6));
    return milliseconds{static_cast<int>(base * (0.5 + random.fraction() / 2))};
}

/// What is asked for, and never at once: who asks for no rest at all gets ours.
milliseconds rest_after(const notify::Outcome& outcome, milliseconds ours)
{
    const auto asked = outcome.retry_after.value_or(0ms);
    return std::max<milliseconds>(asked > 0ms ? asked : ours, 1s);
}

std::string metadata_key(const Json& message) { return slack::text_at(message, {"metadata", "event_payload", "key"}); }

bool is_mail(const storage::OutboxRow& row) { return row.kind == "email" || row.kind == "alarm_email"; }

/// What a lane goes by: "contact:sms:U…" by "sms", asking what became of it by "look:sms".
std::string way_of(const std::string& lane)
{
    for (const std::string_view begins : {"contact:", "look:"})
        if (lane.starts_with(begins)) {
            const auto from = begins == "look:" ? 0 : begins.size();
            return lane.substr(from, lane.find(':', begins.size()) - from);
        }
    return lane.starts_with("email:") ? "email" : "slack";
}

/// Cards and furniture do not post while what is left is kept for pages.
bool posts_rest(const storage::OutboxRow& row, const std::set<std::string>& busy)
{
    return busy.contains("chat.postMessage")
        || (row.priority >= storage::Priority::card && busy.contains(std::string{Budget::posts_of_cards}));
}

/// Whether the only method a row can go by must rest. A card, a request for cover or an edit of a schedule is posted or edited,
/// which only its state tells.
bool must_rest(const storage::OutboxRow& row, const std::set<std::string>& busy)
{
    if (row.kind == "card" || row.kind == "channel_bundle" || row.kind == "cover" || row.kind == "schedule_edit"
        || row.kind == "subscriber")
        return posts_rest(row, busy) && busy.contains("chat.update");
    if (is_mail(row))
        return busy.contains("email");
    if (row.kind == "contact" || row.kind == "look" || row.kind == "look_words" || row.kind == "hush" || row.kind == "words")
        return busy.contains(way_of(row.lane));
    if (row.kind == "dm_update")
        return busy.contains("chat.update");
    if (row.kind == "replace" || row.kind == "respond" || row.kind == "respond_over" || row.kind == "done"
        || row.kind == "overrides" || row.kind == "picture_answer" || row.kind == "answered")
        return busy.contains("response_url");
    if (row.kind == "preview")
        return busy.contains("views.update");
    if (row.kind == "report_file" || row.kind == "text_file")
        return busy.contains("files.completeUploadExternal");
    return posts_rest(row, busy);
}

/// Servers repeat an address in their words, and one of her own is hers alone to see.
std::string without(std::string words, const std::string& address)
{
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    const std::string_view instead{"that address"};
    for (auto from = words.begin(); !address.empty();) {
        const auto at = std::search(from, words.end(), address.begin(), address.end(), same);
        if (at == words.end())
            break;
        const auto begin = at - words.begin();
        words.replace(at, at + static_cast<std::ptrdiff_t>(address.size()), instead);
        from = words.begin() + begin + static_cast<std::ptrdiff_t>(instead.size());
    }
    return words;
}

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

Sender::Sender(Doors doors, const oncall::InForce& in_force, std::string fallback_channel)
    : doors_{doors}
    , in_force_{in_force}
    , fallback_channel_{std::move(fallback_channel)}
    , wake_{doors.tasks.loop()}
    , uploads_{{doors.database, doors.slack, doors.files, doors.painter, doors.clock, doors.log}}
{
}

asio::awaitable<void> Sender::recover()
{
    auto work = [](storage::Transaction& tx) { return storage::Outbox{tx}.recover(); };
    if (const auto found = co_await doors_.database.transaction(work); found > 0)
        doors_.log.info("messages were under way when the service ended; they are checked", {{"count", std::to_string(found)}});
    auto recovering = uploads_.recover();
    co_await std::move(recovering);
}

asio::awaitable<void> Sender::run()
{
    while (true) {
        const auto now = doors_.clock.now();
        budget_.tidy(now);
        auto busy = budget_.waiting(now);
        busy.insert(in_flight_.begin(), in_flight_.end());
        Room left{in_flight_};
        auto next_of = [&](storage::Transaction& tx) {
            // Looked at on the read-only connection first: an idle round writes nothing.
            const storage::Outbox outbox{tx};
            const auto rows = outbox.ready(now, busy, most_looked_at);
            const bool any =
                std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return !must_rest(row, busy) && left.of(row) > 0; });
            return std::pair{any, outbox.next(now)};
        };
        const auto waits = co_await doors_.database.read(next_of);
        ++rounds_;
        if (waits.first && !resting_) {
            auto work = [&](storage::Transaction& tx) { return take(tx, now, busy, left); };
            auto jobs = co_await doors_.database.transaction(work);
            for (auto& job : jobs) {
                in_flight_.insert(job.row.lane);
                budget_.spend(job.row.lane, job.method, now);
                auto name = "send " + job.row.key;
                doors_.tasks.spawn(std::move(name), deliver(std::move(job)));
            }
            if (!jobs.empty())
                continue;
        }
        auto when = budget_.next(now);
        if (waits.second && !resting_)
            when = std::min(when, *waits.second);
        co_await wake_.sleep(doors_.clock, when);
    }
}

std::vector<Job> Sender::take(storage::Transaction& tx, TimePoint now, const std::set<std::string>& busy, Room room)
{
    const storage::Outbox outbox{tx};
    const auto configuration = in_force_.get();
    const Desk desk{
        *configuration, !doors_.mailers.empty(), public_url_, answer_secret_, !doors_.slack.reachable(), now, fallback_channel_};
    std::vector<Job> jobs;
    for (auto& row : outbox.ready(now, busy, most_looked_at)) {
        auto& left = room.of(row);
        if (left == 0 || must_rest(row, busy))
            continue;
        const auto id = row.id;
        Job job;
        try {
            job = job_of(tx, desk, row);
        } catch (const std::exception& error) {
            // Whatever is wrong with one, the others leave.
            doors_.log.error("a message cannot be made; it is tried again", {{"key", row.key}, {"error", error.what()}});
            outbox.later(row, now + unreadable_rest, row.ambiguous, error.what());
            continue;
        }
        const storage::Notifications notifications{tx};
        if (job.method.empty() || !job.row.ambiguous)
            for (const auto& one : job.unwanted)
                notifications.cancel(one.id);
        if (job.method.empty()) {
            for (const auto& one : job.notifications)
                notifications.cancel(one.id);
            storage::Uploads{tx}.forget(job.row.key);
            storage::Troubles{tx}.wait_no_more(job.row.key);
            // Whoever tests her pager is to find out.
            storage::PagerTests{tx}.became(job.row.key, "failed",
                now - job.row.created_at > words_wanted ? "it could not be sent within 10 minutes"
                                                        : "it has been removed or stopped",
                now);
            outbox.done(job.row);
            tx.touched.outbox = true; // what stands behind it in its lane may be due
            continue;
        }
        if (busy.contains(job.method) || (job.method == "chat.postMessage" && posts_rest(job.row, busy)))
            continue;
        outbox.lease(id);
        --left;
        jobs.push_back(std::move(job));
    }
    return jobs;
}

Sender::Room::Room(const std::set<std::string>& lanes)
{
    left_["slack"] = most_in_flight;
    left_["email"] = most_mails_in_flight;
    for (const auto& lane : lanes)
        --left_.try_emplace(way_of(lane), most_by_a_provider).first->second;
}

int& Sender::Room::of(const storage::OutboxRow& row)
{
    return left_.try_emplace(is_mail(row) ? "email" : way_of(row.lane), most_by_a_provider).first->second;
}

void Sender::sign_links(std::string public_url, std::string secret)
{
    public_url_ = std::move(public_url);
    answer_secret_ = std::move(secret);
}

asio::awaitable<Came> Sender::mail(const Job& job)
{
    if (doors_.mailers.empty() || job.to.empty()) {
        Came came;
        came.how = Came::refused;
        came.why = job.to.empty() ? "it has been removed or stopped" : "no mail server is set up any more";
        co_return came;
    }
    std::vector<Sends> all;
    for (auto* const mailer : doors_.mailers)
        all.push_back(
            {mailer->name(), "mailer:" + std::to_string(all.size()), [mailer, &job] { return mailer->send(job.email); }});
    auto sending = by_the_first(job, std::move(all));
    auto came = co_await std::move(sending);
    if (job.contact.value != 0) {
        came.why = without(came.why, job.to);
        came.passed_over = without(came.passed_over, job.to);
    }
    if (doors_.mailers.size() == 1)
        came.provider.clear(); // there is nothing to tell apart
    co_return came;
}

asio::awaitable<notify::Outcome> Sender::ask(notify::Provider& provider, const Job& job)
{
    notify::Outcome outcome;
    try {
        auto page = job.page;
        auto to = job.to;
        auto asking = job.reference.empty() ? provider.send(std::move(page), std::move(to))
            : job.row.kind == "hush"        ? provider.hush(job.reference)
                                            : provider.look(job.reference);
        auto limited = doors::within(doors_.clock, longest_send, std::move(asking));
        outcome = co_await std::move(limited);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        outcome.how = notify::Outcome::unknown;
        outcome.why = error.what();
    }
    co_return outcome;
}

asio::awaitable<notify::Listed> Sender::listed(notify::Provider& provider, const Job& job, notify::PageMessage page)
{
    notify::Listed found;
    try {
        auto to = job.to;
        auto asking = provider.taken(std::move(page), std::move(to), job.since);
        auto limited = doors::within(doors_.clock, longest_send, std::move(asking));
        found = co_await std::move(limited);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        found.trouble = error.what();
    }
    co_return found;
}

/// The first of which nobody knows what it was; empty: none, or the database does not say.
asio::awaitable<std::string> Sender::first_new(std::vector<std::string> references)
{
    auto look = [&](storage::Transaction& tx) {
        const auto found = std::find_if(references.begin(), references.end(), [&](const std::string& one) {
            return !storage::Notifications{tx}.by_reference(one) && !storage::ContactSends{tx}.awaited(one);
        });
        return found == references.end() ? std::string{} : *found;
    };
    std::string first;
    try {
        first = co_await doors_.database.read(look);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
    }
    co_return first;
}

/// Whether one of them took it when its fate became unknown. `silent`: those that do not say, and what is wrong with them.
asio::awaitable<bool> Sender::was_taken(
    const std::vector<notify::Provider*>& providers, const Job& job, Came& came, std::map<notify::Provider*, std::string>& silent)
{
    std::vector<const notify::PageMessage*> may_have{&job.page};
    if (job.page_of_all) // an attempt since then may have told less
        may_have.insert(may_have.begin(), &*job.page_of_all);
    for (auto* provider : providers) {
        std::string reference;
        for (const auto* told : may_have) {
            if (!reference.empty())
                break;
            auto looking = listed(*provider, job, *told);
            const auto found = co_await std::move(looking);
            if (!found.trouble.empty())
                silent[provider] = found.trouble;
            auto finding = first_new(found.references);
            reference = co_await std::move(finding);
            came.found = !reference.empty() && told != &job.page;
        }
        if (reference.empty())
            continue;
        came.how = Came::said;
        came.provider = provider->name();
        came.reference = reference;
        co_return true;
    }
    co_return false;
}

asio::awaitable<bool> Sender::still_wanted(const Job& job)
{
    auto look = [&](storage::Transaction& tx) {
        return job.notifications.empty()
            || std::any_of(job.notifications.begin(), job.notifications.end(), [&](const oncall::Notification& told) {
                   const auto one = storage::Notifications{tx}.find(told.id);
                   return one && is_wanted(tx, *one);
               });
    };
    bool wanted = true; // unless the database says otherwise
    try {
        wanted = co_await doors_.database.read(look);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
    }
    co_return wanted;
}

/// In their order, but those last that were in trouble a moment ago: a silent one costs its time once, not once for each message.
asio::awaitable<Came> Sender::by_the_first(const Job& job, std::vector<Sends> all)
{
    Came came;
    came.how = Came::refused;
    std::optional<milliseconds> rest;
    const auto resting = budget_.waiting(doors_.clock.now());
    std::stable_partition(all.begin(), all.end(), [&](const Sends& one) { return !resting.contains(one.trouble); });
    for (std::size_t i = 0; i < all.size(); ++i) {
        // Answered while the one before, or its list, took its time: nobody is told for nothing.
        if (i > 0 || job.row.ambiguous) {
            const bool wanted = co_await still_wanted(job);
            if (!wanted) {
                came.how = Came::dropped;
                co_return came;
            }
        }
        const auto& one = all[i];
        auto sending = one.send();
        const auto outcome = co_await std::move(sending);
        if (outcome.needs_an_operator)
            doors_.log.error("a provider refuses us; check its settings",
                {{"by", job.method}, {"provider", one.name}, {"error", outcome.why}});
        if (outcome.how == notify::Outcome::accepted || outcome.how == notify::Outcome::confirmed) {
            came.how = Came::said;
            came.passed_over = std::exchange(came.why, outcome.why);
            came.provider = one.name;
            came.reference = outcome.reference;
            came.confirmed = outcome.how == notify::Outcome::confirmed;
            co_return came;
        }
        came.why += (i == 0 ? "" : "; ") + (all.size() > 1 ? one.name + ": " : std::string{}) + outcome.why;
        if (outcome.how == notify::Outcome::refused) {
            // What one is not let to, another may be: STOP holds for the number it was sent to.
            came.gone = outcome.gone && (i == 0 || came.gone);
            came.for_good = (outcome.gone || outcome.needs_an_operator) && (i == 0 || came.for_good);
            continue;
        }
        budget_.rest(one.trouble, doors_.clock.now() + outcome.retry_after.value_or(rest_of_a_provider));
        came.how = Came::later;
        came.gone = came.for_good = false;
        if (outcome.how == notify::Outcome::unknown) {
            came.ambiguous = true;
            came.unknown += one.has_it_perhaps ? 0 : 1;
        }
        // Whoever can be asked first says when: one that wants an hour of rest does not hold up another.
        const auto its = rest_after(outcome, backoff(job.row.attempts, doors_.random));
        rest = std::min(rest.value_or(its), its);
    }
    if (came.how == Came::later)
        came.when = doors_.clock.now() + rest.value_or(1s);
    co_return came;
}

asio::awaitable<Came> Sender::by_provider(const Job& job)
{
    const auto found = doors_.providers.find(*job.by);
    const bool nobody = found == doors_.providers.end() || found->second.empty();
    Came came;
    came.how = Came::refused;
    if (job.to.empty() || nobody) {
        came.why = nobody ? "no provider is set up for it" : "it has been removed or stopped";
        came.for_good = true;
        co_return came;
    }
    std::map<notify::Provider*, std::string> silent;
    if (job.row.ambiguous) {
        const bool is_out = co_await was_taken(found->second, job, came, silent);
        if (is_out)
            co_return came;
    }
    std::vector<Sends> all;
    for (auto* const provider : found->second) {
        all.push_back({provider->name(), "provider:" + job.method + ":" + provider->name(),
            [this, provider, &job] { return ask(*provider, job); }});
        if (const auto why = silent.find(provider); why != silent.end()) {
            all.back().send = [text = why->second] { return unsure(text); };
            all.back().has_it_perhaps = true;
        }
    }
    // Which took the attempt before and then failed is asked last.
    const auto failed =
        job.notifications.empty() || job.notifications.front().attempts < 2 ? std::string{} : job.notifications.front().provider;
    std::stable_partition(all.begin(), all.end(), [&](const Sends& one) { return one.name != failed; });
    auto sending = by_the_first(job, std::move(all));
    came = co_await std::move(sending);
    // What may have rung a phone does not ring it for ever. To look whether it did rings nothing.
    const bool rings = *job.by == oncall::ContactKind::sms || *job.by == oncall::ContactKind::voice;
    if (came.how == Came::later && rings && came.unknown > 0
        && (unknown_[job.row.key] += came.unknown) >= oncall::attempts_of(*job.by).most) {
        came.how = Came::refused;
        came.for_good = true;
    }
    co_return came;
}

asio::awaitable<Came> Sender::look(const Job& job)
{
    Came came;
    if (auto* const provider = provider_of(job)) {
        came.report = co_await ask(*provider, job);
        came.others = doors_.providers.at(*job.by).size() > 1;
    }
    co_return came;
}

asio::awaitable<Came> Sender::hush(const Job& job)
{
    Came came;
    auto* const provider = provider_of(job);
    if (!provider)
        co_return came;
    const auto outcome = co_await ask(*provider, job);
    came.why = outcome.why;
    came.when = doors_.clock.now() + rest_after(outcome, backoff(job.row.attempts, doors_.random));
    if (outcome.how == notify::Outcome::refused)
        came.how = Came::refused;
    else if (outcome.how == notify::Outcome::later || outcome.how == notify::Outcome::unknown)
        came.how = Came::later;
    co_return came;
}

/// Which took what is asked about.
notify::Provider* Sender::provider_of(const Job& job) const
{
    const auto of_its_kind = doors_.providers.find(*job.by);
    if (of_its_kind == doors_.providers.end())
        return nullptr;
    const auto found = std::find_if(of_its_kind->second.begin(), of_its_kind->second.end(),
        [&](const notify::Provider* provider) { return provider->name() == job.provider; });
    return found == of_its_kind->second.end() ? nullptr : *found;
}

asio::awaitable<Came> Sender::attempt(const Job& job)
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
        health_.trouble.clear();
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
            health_.trouble = came.why;
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

asio::awaitable<void> Sender::deliver(Job job)
{
    const auto now = [this] { return doors_.clock.now(); };
    auto attempting = job.row.kind == "hush" ? hush(job)
        : !job.reference.empty()             ? look(job)
        : job.by                             ? by_provider(job)
        : job.method == "email"              ? mail(job)
                                             : attempt(job);
    const auto came = co_await std::move(attempting);
    auto work = [&](storage::Transaction& tx) { return record(tx, job, came, fallback_channel_, now()); };
    bool troubles = false;
    if (came.how == Came::later)
        doors_.log.info("a message did not get through; it is tried again",
            {{"key", job.row.key}, {"error", came.why}, {"in", oncall::duration_out(came.when - now())}});
    if (came.how == Came::refused)
        doors_.log.warning("a message was refused",
            {{"kind", job.row.kind}, {"to", job.method == "response_url" || job.contact.value != 0 ? job.method : job.to},
                {"error", came.why}});
    // The lane stays closed until it is on disk: a full disk must not make a message go out twice.
    for (bool recorded = false; !recorded;) {
        try {
            troubles = co_await doors_.database.transaction(work);
            recorded = true;
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            doors_.log.error("what came of a message could not be recorded; it is tried again",
                {{"key", job.row.key}, {"error", error.what()}});
        }
        if (!recorded)
            co_await doors_.clock.pause(1s);
    }
    if (troubles && doors_.troubles)
        doors_.troubles();
    if (came.how != Came::later)
        unknown_.erase(job.row.key);
    if (came.how != Came::later)
        url_uses_.erase(job.row.key);
    in_flight_.erase(job.row.lane);
    wake_.ring();
}

asio::awaitable<Json> Sender::send(const Job& job)
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
asio::awaitable<storage::Upload> Sender::picture_of(const Job& job)
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
asio::awaitable<Json> Sender::say(const Job& job, std::string picture, bool plainer)
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

asio::awaitable<Json> Sender::post_file(const Job& job)
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
asio::awaitable<std::string> Sender::direct_messages(std::string person)
{
    Json open;
    open["users"] = co_await user_id(std::move(person));
    const auto opened = co_await doors_.slack.call("conversations.open", std::move(open));
    co_return slack::text_at(opened, {"channel", "id"});
}

asio::awaitable<bool> Sender::is_quiet(const Job& job)
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

asio::awaitable<std::optional<Json>> Sender::read_back(const Job& job)
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

asio::awaitable<std::string> Sender::user_id(std::string person)
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
