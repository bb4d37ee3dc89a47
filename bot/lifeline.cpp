#include "lifeline.hpp"

#include <algorithm>

using namespace std::chrono_literals;

namespace {

constexpr auto longest_pause = 30s; // with no watchdog, for the status alone
constexpr auto auditor_limit = 90s; // three passes
constexpr auto status_age = 5s;

} // namespace

void Lifeline::ready() { tell("READY=1\n", parts_.status()); }

void Lifeline::tell(const std::string& state, const std::string& status)
{
    status_ = status;
    parts_.supervisor.tell(state + "STATUS=" + status);
}

void Lifeline::reloading()
{
    const auto uptime = std::chrono::steady_clock::now().time_since_epoch();
    parts_.supervisor.tell(
        "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(uptime).count())
        + "\nSTATUS=Reading the configuration again.");
}

void Lifeline::stopping() { parts_.supervisor.tell("STOPPING=1\nSTATUS=Ending."); }

asio::awaitable<void> Lifeline::run()
{
    const auto watchdog = parts_.supervisor.watchdog();
    const auto pause = watchdog > 0ms ? std::min<doors::milliseconds>(watchdog / 3, longest_pause) : longest_pause;
    while (true) {
        auto looking = what_stands_still(pause);
        const auto still = co_await std::move(looking);
        if (still.empty())
            tell("WATCHDOG=1\n", parts_.status());
        else
            tell("", still);
        if (!still.empty() && alive_)
            parts_.log.error("no sign of life is given; whoever supervises the service restarts it", {{"because", still}});
        alive_ = still.empty();
        auto resting = rest(pause);
        co_await std::move(resting);
    }
}

/// Until the next sign.
asio::awaitable<void> Lifeline::rest(doors::milliseconds time)
{
    while (time > 0ms) {
        const auto part = std::min<doors::milliseconds>(time, status_age);
        co_await parts_.clock.pause(part);
        time -= part;
        if (auto status = parts_.status(); alive_ && time > 0ms && status != status_)
            tell("", status);
    }
}

asio::awaitable<std::string> Lifeline::what_stands_still(doors::milliseconds since_last)
{
    // A thread that hangs never answers: then there are no more signs, which is what they are for.
    auto nothing = [](storage::Transaction&) {};
    try {
        co_await parts_.database.read(nothing);
    } catch (const storage::Busy&) { // it has much to do, and does it
    }
    // By our own rounds and not by the clock, which may be set, and goes on while the machine sleeps.
    without_pass_ = parts_.audit.last_pass == last_pass_ ? without_pass_ + since_last : 0ms;
    last_pass_ = parts_.audit.last_pass;
    if (without_pass_ > auditor_limit)
        co_return "The auditor does not look any more.";
    const auto& findings = parts_.audit.findings;
    const auto is_disk = [](const Auditor::Standing& one) { return one.finding.invariant == "database"; };
    // What does not commit is not mended by a restart, and would not start.
    const bool disk = std::any_of(findings.begin(), findings.end(), is_disk);
    for (const auto& one : findings)
        if (one.finding.invariant == "loop" && !disk)
            co_return one.finding.words;
    co_return std::string{};
}
