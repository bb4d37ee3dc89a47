#include "auditor.hpp"

#include "doors/tasks.hpp"
#include "storage/repositories.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using storage::Finding;

namespace {

constexpr auto every = 30s;
constexpr auto dead_after = 3 * every; // without a pass
constexpr auto asleep = 10s; // who wakes later than this was not running: neither were the others
constexpr auto beat_every = 60s;
constexpr auto jitter = 1s; // of two passes
constexpr auto say_again = 1h;
constexpr std::size_t most_said = 5; // of one kind at a time; the rest are counted
constexpr std::size_t most_unsaid = 20;

std::pair<std::string, std::string> key_of(const Finding& finding) { return {finding.invariant, finding.subject}; }

/// One text for all of a kind: a thousand findings must not be a thousand messages.
std::vector<std::string> gathered(const std::vector<Finding>& findings, const std::string& opening)
{
    std::map<std::string, std::vector<const Finding*>> kinds;
    for (const auto& finding : findings)
        kinds[finding.invariant].push_back(&finding);
    std::vector<std::string> texts;
    for (const auto& [kind, all] : kinds) {
        auto text = opening + " (" + kind + "):";
        for (std::size_t i = 0; i < std::min(all.size(), most_said); ++i)
            text += "\n" + all[i]->words;
        if (all.size() > most_said)
            text += "\n… and " + std::to_string(all.size() - most_said) + " more; GET /health lists them.";
        texts.push_back(std::move(text));
    }
    return texts;
}

/// The e-mail addresses of the operators, of those whose address is known.
std::vector<std::string> addresses(storage::Transaction& tx, const std::vector<std::string>& admins)
{
    std::vector<std::string> found;
    for (const auto& admin : admins) {
        const bool is_address = admin.find('@') != admin.npos && admin.front() != '@';
        const auto known = is_address ? std::nullopt : storage::People{tx}.find(admin);
        if (is_address || (known && !known->email.empty()))
            found.push_back(is_address ? admin : known->email);
    }
    return found;
}

} // namespace

Auditor::Auditor(Doors doors, Wishes wishes, std::vector<Part> parts)
    : doors_{doors}
    , wishes_{std::move(wishes)}
    , parts_{std::move(parts)}
{
    health_.started = doors_.clock.now();
    beat_at_ = health_.started;
}

bool Auditor::is_broken() const
{
    // A clock that was set back makes the next pass wait as long as it went back: that is told too.
    const auto age = doors_.clock.now() - std::max(health_.started, health_.last_pass);
    return !health_.findings.empty() || age > dead_after || age < -every;
}

asio::awaitable<void> Auditor::run()
{
    auto next = doors_.clock.now();
    bool skipped = false;
    for (const auto& part : parts_) {
        rounds_[part.name] = part.rounds();
        part.ring();
    }
    while (true) {
        next += every;
        co_await doors_.clock.until(next);
        const auto late = doors_.clock.now() - next;
        if (late > asleep)
            next = doors_.clock.now();
        // The machine slept, or its clock was set: what is overdue now is being done. Once; a loop that is late all the time is
        // no excuse.
        skipped = late > asleep && !skipped;
        if (skipped)
            continue;
        co_await pass();
    }
}

asio::awaitable<void> Auditor::pass()
{
    auto found = co_await look();
    auto mending = mend(std::move(found));
    found = co_await std::move(mending);
    for (auto& text : settle(std::move(found)))
        unsaid_.push_back(std::move(text));
    co_await say();
    health_.last_pass = doors_.clock.now();
    if (wishes_.passed)
        wishes_.passed();
    if (health_.findings.empty() && health_.last_pass >= beat_at_)
        co_await beat();
}

asio::awaitable<std::vector<Finding>> Auditor::look()
{
    const auto now = doors_.clock.now();
    std::vector<Finding> found;
    std::chrono::duration<double> took{};
    std::string trouble;
    auto check = [&](storage::Transaction& tx) {
        const auto begun = std::chrono::steady_clock::now();
        auto all = invariants_.check(tx, now);
        took = std::chrono::steady_clock::now() - begun;
        return all;
    };
    try {
        found = co_await doors_.database.read(check);
        health_.took = took;
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        trouble = error.what();
    }
    if (!trouble.empty()) {
        doors_.log.error("the audit failed", {{"error", trouble}});
        found.push_back({"audit", "audit", "The audit failed, so nobody knows whether all is well. The log says why."});
    }
    const auto commits = doors_.database.commits();
    if (commits.failed > commits_failed_)
        found.push_back({"database", "database",
            "The database does not take what is written (" + commits.trouble
                + "): alerts are refused and pages stand still. Look at the disk."});
    commits_failed_ = commits.failed;
    for (const auto& part : parts_) {
        const auto rounds = part.rounds();
        const auto before = rounds_.find(part.name);
        if (before != rounds_.end() && before->second == rounds)
            found.push_back({"loop", part.name, "The " + part.name + " does not move. Restart the service."});
        rounds_[part.name] = rounds;
        part.ring();
    }
    co_return found;
}

/// Sets lost timers again, once each.
asio::awaitable<std::vector<Finding>> Auditor::mend(std::vector<Finding> found)
{
    const auto now = doors_.clock.now();
    for (auto& finding : found) {
        if (!finding.lost)
            continue;
        if (mended_.contains({finding.lost->kind, finding.lost->subject})) {
            finding.words += " It was set again once, and is lost once more: page somebody by hand, and report it.";
            continue;
        }
        auto put_right = [&](storage::Transaction& tx) { return storage::find_again(tx, *finding.lost, now); };
        bool set = false;
        std::string trouble;
        try {
            set = co_await doors_.database.transaction(put_right);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            trouble = error.what();
        }
        if (!trouble.empty()) {
            doors_.log.error("a lost timer could not be set again", {{"subject", finding.subject}, {"error", trouble}});
            continue;
        }
        mended_.emplace(finding.lost->kind, finding.lost->subject);
        if (set)
            finding.words += " The timer has been set again. Look whether it goes on, and report it.";
    }
    co_return found;
}

/// What stands, by what was found; and the texts there are to be said.
std::vector<std::string> Auditor::settle(std::vector<Finding> found)
{
    const auto now = doors_.clock.now();
    std::map<std::pair<std::string, std::string>, Standing> before;
    for (auto& one : health_.findings)
        before.emplace(key_of(one.finding), std::move(one));
    health_.findings.clear();
    std::vector<Finding> fresh, lasting, over;
    std::set<std::pair<std::string, std::string>> seen;
    for (auto& finding : found) {
        if (!seen.insert(key_of(finding)).second)
            continue;
        const auto known = before.find(key_of(finding));
        Standing one{finding, now, now};
        if (known == before.end()) {
            ++health_.found;
            fresh.push_back(finding);
        } else {
            one.since = known->second.since;
            one.said_at = known->second.said_at;
            before.erase(known);
            if (now - one.said_at >= say_again) {
                one.said_at = now;
                lasting.push_back(finding);
            }
        }
        health_.findings.push_back(std::move(one));
    }
    for (auto& [key, one] : before)
        over.push_back(std::move(one.finding));
    for (const auto* list : {&fresh, &lasting})
        for (const auto& finding : *list)
            doors_.log.error("the audit found something wrong",
                {{"kind", finding.invariant}, {"subject", finding.subject}, {"what", finding.words}});
    for (const auto& finding : over)
        doors_.log.info(
            "what the audit found is over", {{"kind", finding.invariant}, {"subject", finding.subject}, {"what", finding.words}});
    std::vector<std::string> texts;
    const auto add = [&](const std::vector<Finding>& list, const std::string& opening) {
        for (auto& text : gathered(list, opening))
            texts.push_back(std::move(text));
    };
    add(fresh, "I found something wrong with myself");
    add(lasting, "Still wrong with me");
    add(over, "No longer wrong with me");
    return texts;
}

/// Outbox rows for the fallback channel and the operators' mail. What cannot be written (a full disk) is written later.
asio::awaitable<void> Auditor::say()
{
    if (unsaid_.empty())
        co_return;
    if (unsaid_.size() > most_unsaid)
        unsaid_.erase(unsaid_.begin(), unsaid_.end() - most_unsaid);
    std::string words;
    for (const auto& text : unsaid_)
        words += (words.empty() ? "" : "\n\n") + text;
    const auto now = doors_.clock.now();
    const auto key = "alarm:" + std::to_string(now.time_since_epoch().count()) + ":";
    const bool email = wishes_.email && wishes_.email();
    auto write = [&](storage::Transaction& tx) {
        const storage::Outbox outbox{tx};
        if (!wishes_.channel.empty())
            outbox.add(
                key + wishes_.channel, "alarm", storage::Priority::page, wishes_.channel, 0, wishes_.channel + "\n" + words, now);
        if (!email)
            return;
        for (const auto& address : addresses(tx, wishes_.admins))
            outbox.add(key + address, "alarm_email", storage::Priority::page, "email:" + address, 0, address + "\n" + words, now);
    };
    std::string trouble;
    try {
        co_await doors_.database.transaction(write);
        unsaid_.clear();
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        trouble = error.what();
    }
    if (!trouble.empty())
        doors_.log.error("the audit's words could not be sent; they are sent later", {{"error", trouble}});
}

/// Tells whoever watches from outside that all is well. Never stops anything.
asio::awaitable<void> Auditor::beat()
{
    if (wishes_.heartbeat_url.get().empty())
        co_return;
    beat_at_ = doors_.clock.now() + beat_every - jitter;
    net::Request request;
    request.headers = {{"User-Agent", "oncall-bot"}};
    net::FetchLimits limits;
    limits.timeout = 10s;
    limits.body = 64 << 10;
    auto url = wishes_.heartbeat_url.get();
    std::string trouble;
    try {
        const auto answer = co_await doors_.network.fetch(std::move(url), std::move(request), limits);
        if (answer.status < 200 || answer.status > 299)
            trouble = "status " + std::to_string(answer.status);
    } catch (const net::Failure& failure) {
        trouble = failure.what();
    }
    if (trouble.empty())
        health_.last_beat = doors_.clock.now();
    if (!trouble.empty() && !health_.beat_fails)
        doors_.log.warning("the heartbeat does not get through; check ONCALL_HEARTBEAT_URL", {{"error", trouble}});
    else if (trouble.empty() && health_.beat_fails)
        doors_.log.info("the heartbeat gets through again");
    health_.beat_fails = !trouble.empty();
}
