#pragma once

#include "metrics.hpp"
#include "net/message.hpp"
#include "storage/troubles.hpp"

/// What those hear who watch the service: /health, /ready and /metrics. Nothing in it is secret, names a person or says what an
/// alert is about.
class Watch {
public:
    struct Parts {
        storage::Database& database;
        doors::Clock& clock;
        const Auditor& auditor;
        std::function<bool()> slack_up{};
        std::function<int()> slack_links{}; // of Socket Mode; 0 in HTTP mode
        std::function<std::int64_t()> strangers{}; // text messages from numbers that nobody here has
        std::function<std::vector<storage::Trouble>()> troubles{}; // what a person must mend in Slack
    };
    explicit Watch(Parts parts);

    /// 200 while all is well, 503 with what the auditor found; and since when each part is as it is. That Slack is away is told
    /// and is no fault of ours.
    asio::awaitable<net::Response> health();
    /// 200 when the service has started and the database commits: tried by a write of its own, at most every ten seconds.
    asio::awaitable<net::Response> ready();
    /// Read from the database at most once a second, however often it is asked for.
    asio::awaitable<net::Response> metrics();

    /// The service has started.
    void started() { started_ = true; }
    /// Notes since when the parts are as they are. After each audit.
    void look();
    void http_answered(const std::string& target, int status);
    Metrics& counted() { return metrics_; }

private:
    struct Part {
        bool well{true};
        doors::TimePoint since{};
        void note(bool now_well, doors::TimePoint now);
    };

    Parts parts_;
    Metrics metrics_;
    Part database_{};
    Part slack_{};
    Part auditor_{};
    bool started_{};
    std::string trouble_{}; // of the last write that was tried
    doors::TimePoint tried_at_{};
    std::string text_{}; // of the metrics
    doors::TimePoint text_at_{};
};
