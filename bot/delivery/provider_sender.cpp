#include "delivery/provider_sender.hpp"

#include "doors/tasks.hpp"
#include "doors/within.hpp"
#include "oncall/notification_rules.hpp"
#include "storage/contact_sends.hpp"

#include <algorithm>
#include <cctype>

namespace delivery {

using namespace std::chrono_literals;

namespace {

constexpr milliseconds rest_of_a_provider = 1min; // in trouble: others are asked first
constexpr auto longest_send = 40s; // a provider says what came of it within 30

/// Not sent: it may be there already.
asio::awaitable<notify::Outcome> unsure(std::string why)
{
    notify::Outcome outcome;
    outcome.how = notify::Outcome::unknown;
    outcome.why = std::move(why);
    co_return outcome;
}

/// What is asked for, and never at once: who asks for no rest at all gets ours.
milliseconds rest_after(const notify::Outcome& outcome, milliseconds ours)
{
    const auto asked = outcome.retry_after.value_or(0ms);
    return std::max<milliseconds>(asked > 0ms ? asked : ours, 1s);
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

} // namespace

ProviderSender::ProviderSender(Doors doors, Budget& budget)
    : doors_{std::move(doors)}
    , budget_{budget}
{
}

asio::awaitable<Came> ProviderSender::mail(const Job& job)
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

asio::awaitable<notify::Outcome> ProviderSender::ask(notify::Provider& provider, const Job& job)
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

asio::awaitable<notify::Listed> ProviderSender::listed(notify::Provider& provider, const Job& job, notify::PageMessage page)
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
asio::awaitable<std::string> ProviderSender::first_new(std::vector<std::string> references)
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
asio::awaitable<bool> ProviderSender::was_taken(
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

asio::awaitable<bool> ProviderSender::still_wanted(const Job& job)
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
asio::awaitable<Came> ProviderSender::by_the_first(const Job& job, std::vector<Sends> all)
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

asio::awaitable<Came> ProviderSender::by_provider(const Job& job)
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

asio::awaitable<Came> ProviderSender::look(const Job& job)
{
    Came came;
    if (auto* const provider = provider_of(job)) {
        came.report = co_await ask(*provider, job);
        came.others = doors_.providers.at(*job.by).size() > 1;
    }
    co_return came;
}

asio::awaitable<Came> ProviderSender::hush(const Job& job)
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
notify::Provider* ProviderSender::provider_of(const Job& job) const
{
    const auto of_its_kind = doors_.providers.find(*job.by);
    if (of_its_kind == doors_.providers.end())
        return nullptr;
    const auto found = std::find_if(of_its_kind->second.begin(), of_its_kind->second.end(),
        [&](const notify::Provider* provider) { return provider->name() == job.provider; });
    return found == of_its_kind->second.end() ? nullptr : *found;
}

} // namespace delivery
