#pragma once

#include "auditor.hpp"
#include "storage/counts.hpp"

#include <memory>
#include <string>
#include <string_view>

/// What Prometheus is told: counters of what happened in this process, and gauges of what is. No label names a person, an alert
/// or a key, and every label has a handful of values.
class Metrics {
public:
    explicit Metrics(doors::TimePoint started);
    ~Metrics();

    void http_answered(std::string_view route, int status);
    /// "ok", or slack::name of an error's class.
    void slack_answered(std::string_view answer);
    void notified(const std::string& method, const std::string& outcome, std::int64_t times);
    /// Pages went out in one message: "bundles", and the "pages" and "alerts" in them.
    void bundled(const std::string& what, std::int64_t number);
    /// A part failed and was started again.
    void restarted(const std::string& part);

    struct Now {
        storage::Counts counts{};
        storage::Commits commits{};
        int slack_links{};
        bool slack_up{};
        std::int64_t strangers{}; // text messages from numbers that nobody here has
    };
    /// In Prometheus' text format.
    std::string text(const Now& now, const Auditor::Health& audit);

private:
    struct State;
    std::unique_ptr<State> state_;
};
