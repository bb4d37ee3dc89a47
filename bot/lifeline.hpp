#pragma once

#include "auditor.hpp"
#include "doors/supervisor.hpp"

/// What keeps this process alive: it tells whoever supervises it how it is, and lets itself be killed and started again when it
/// does not do its work. A sign of life is given only when the loop runs, the database's thread answers, and the auditor passes
/// and does not find that the engine or the sender stand still. What a restart does not mend (a full disk, Slack away) counts as
/// life.
class Lifeline {
public:
    struct Parts {
        doors::Supervisor& supervisor;
        storage::Database& database;
        doors::Clock& clock;
        logging::Log& log;
        const Auditor::Health& audit;
        std::function<std::string()> status{}; // one line, for whoever looks; told again soon after it changed
    };
    explicit Lifeline(Parts parts)
        : parts_{std::move(parts)}
    {
    }

    /// The service works; again after `reloading`.
    void ready();
    /// Its configuration is being read again.
    void reloading();
    void stopping();
    /// Gives the signs, until its task is cancelled.
    asio::awaitable<void> run();

private:
    asio::awaitable<std::string> what_stands_still(doors::milliseconds since_last);
    asio::awaitable<void> rest(doors::milliseconds time);
    void tell(const std::string& state, const std::string& status);

    Parts parts_;
    doors::TimePoint last_pass_{};
    doors::milliseconds without_pass_{};
    bool alive_{true};
    std::string status_{}; // as it was last told
};
