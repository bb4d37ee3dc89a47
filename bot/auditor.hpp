#pragma once

#include "config/settings.hpp"
#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "net/network.hpp"
#include "storage/invariants.hpp"

#include <functional>
#include <set>

namespace asio = boost::asio;

/// The second pair of eyes. Every 30 s it checks the invariants on the read-only connection, and that the other parts of the
/// service move; what it finds it says once, again each hour while it lasts, and once more when it is over: in the log, in the
/// fallback channel, to the operators by e-mail, in /health and /metrics. A lost timer is set again, once.
/// After a pass that found nothing it asks the heartbeat's address, at most once a minute; silence is the alarm.
class Auditor {
public:
    struct Doors {
        storage::Database& database;
        net::Network& network;
        doors::Clock& clock;
        logging::Log& log;
    };
    struct Wishes {
        std::string channel{}; // the fallback channel; may be empty
        std::vector<std::string> admins{}; // e-mail addresses, @handles or Slack ids
        config::Secret heartbeat_url{}; // may be empty
        std::function<bool()> email{}; // whether there is a server for it
        std::function<void()> passed{}; // called after each pass
    };
    /// A part that must move: `ring` wakes it, and `rounds` is another number half a minute later.
    struct Part {
        std::string name{};
        std::function<void()> ring{};
        std::function<std::uint64_t()> rounds{};
    };
    Auditor(Doors doors, Wishes wishes, std::vector<Part> parts);

    /// Until its task is cancelled. The first pass is half a minute after the start, when what was due meanwhile has been done.
    asio::awaitable<void> run();
    /// One pass, now.
    asio::awaitable<void> pass();

    /// A finding that stands. Besides "I1" … "I8" there are "audit" (a check failed), "database" (it does not commit) and "loop"
    /// (a part does not move).
    struct Standing {
        storage::Finding finding{};
        doors::TimePoint since{};
        doors::TimePoint said_at{};
    };
    struct Health {
        std::vector<Standing> findings{};
        doors::TimePoint started{};
        doors::TimePoint last_pass{}; // that came to its end; zero: none yet
        std::chrono::duration<double> took{}; // the check itself
        std::uint64_t found{}; // findings that were new, since the start
        doors::TimePoint last_beat{}; // that was answered; zero: none yet
        bool beat_fails{};
    };
    const Health& health() const { return health_; }
    /// Findings stand, or the passes have stopped.
    bool is_broken() const;

private:
    asio::awaitable<std::vector<storage::Finding>> look();
    asio::awaitable<std::vector<storage::Finding>> mend(std::vector<storage::Finding> found);
    std::vector<std::string> settle(std::vector<storage::Finding> found);
    asio::awaitable<void> say();
    asio::awaitable<void> beat();

    Doors doors_;
    Wishes wishes_;
    std::vector<Part> parts_;
    storage::Invariants invariants_{};
    std::map<std::string, std::uint64_t> rounds_{}; // by part, when it was rung last
    std::uint64_t commits_failed_{};
    std::set<std::pair<std::string, std::int64_t>> mended_{}; // timers
    std::vector<std::string> unsaid_{};
    doors::TimePoint beat_at_{};
    Health health_{};
};
