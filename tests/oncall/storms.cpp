#include "oncall/storms.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <random>
#include <set>

namespace storms {

using namespace std::chrono_literals;
using oncall::Alert;
using oncall::milliseconds;
using oncall::TimePoint;

namespace {

constexpr TimePoint midnight{milliseconds{1'793'664'000'000}};
constexpr milliseconds a_day = 24h;
constexpr int domain_size = 8; // services that know each other well
constexpr int hubs = 3; // that any may depend on
constexpr int on_a_host = 4;

/// The standard's own distributions differ from library to library.
class Chance {
public:
    explicit Chance(std::uint64_t seed)
        : engine_{seed}
    {
    }
    double one() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
    int below(int count) { return std::min(static_cast<int>(one() * count), count - 1); }
    int between(int least, int most) { return least + below(most - least + 1); }
    bool is(double likely) { return one() < likely; }
    milliseconds wait(milliseconds mean)
    {
        return milliseconds{static_cast<std::int64_t>(-std::log(1.0 - one()) * static_cast<double>(mean.count()))};
    }
    milliseconds within(milliseconds most)
    {
        return milliseconds{static_cast<std::int64_t>(one() * static_cast<double>(most.count()))};
    }

private:
    std::mt19937_64 engine_;
};

std::string service_name(int number) { return "service-" + std::to_string(number); }

/// What is wrong with a thing of its own, and what is wrong with whoever needs it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> causes{
    {{"Disk is full: %n% used on /data", "error"}, {"Connection pool exhausted, %n waiting", "critical"},
        {"Process restarted %n times", "critical"}, {"Replication lag %n s", "error"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> symptoms{{{"Error rate above %n%", "critical"},
    {"Latency p99 %n ms", "warning"}, {"Request queue holds %n", "error"}, {"Health check failed %n times", "critical"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> noises{{{"Certificate expires in %n days", "warning"},
    {"Nightly job took %n min", "info"}, {"Memory at %n%", "warning"}, {"Backup is %n h old", "error"}}};

class Day {
public:
    Day(const Shape& shape, std::uint64_t seed)
        : shape_{shape}
        , chance_{seed}
    {
        build();
        const auto rush = chance_.within(a_day - 1h);
        for (int i = 0; i < shape.faults; ++i) {
            const auto at = i < shape.at_once ? rush + chance_.within(10min) : chance_.within(a_day - 1h);
            ++all_.faults;
            if (chance_.is(0.15))
                host_fails(midnight + at);
            else
                service_fails(midnight + at);
        }
        for (int i = 0; i < shape.background; ++i) {
            const auto at = midnight + chance_.within(a_day - 1h);
            const auto lasts = 2min + chance_.within(10min);
            const auto service = chance_.below(shape.services);
            const auto& what = noises[static_cast<std::size_t>(chance_.below(4))];
            report(at, at + lasts, service, what, -1 - i, {});
        }
        std::stable_sort(
            all_.reports.begin(), all_.reports.end(), [](const Report& one, const Report& other) { return one.at < other.at; });
    }
    Storm take() { return std::move(all_); }

private:
    void build()
    {
        for (int i = 0; i < shape_.services; ++i) {
            oncall::Service service;
            service.name = service_name(i);
            std::set<int> needs;
            const int first = i / domain_size * domain_size;
            for (int wanted = i == first ? 0 : chance_.between(1, 3); wanted > 0; --wanted)
                if (chance_.is(0.1))
                    needs.insert(chance_.below(std::min(hubs, shape_.services)) * domain_size % shape_.services);
                else
                    needs.insert(first + chance_.below(i - first));
            needs.erase(i);
            for (const auto needed : needs)
                service.depends_on.push_back(service_name(needed));
            all_.configuration.services[service.name] = std::move(service);
            needs_.push_back(std::move(needs));
            hosts_.push_back(chance_.below(std::max(1, shape_.services / on_a_host)));
        }
    }

    static std::string host_name(int host) { return "host-" + std::to_string(host); }
    /// Each domain is in a cluster, and does not always say so.
    std::string cluster_of(int service) const { return service / domain_size % 2 == 0 ? "eu-1" : "us-1"; }

    /// It fires, is reported again every minute, and clears.
    void report(TimePoint from, TimePoint to, int service, const std::pair<std::string_view, std::string_view>& what, int truth,
        const std::string& host)
    {
        Signal one;
        one.truth = truth;
        one.alert.source = "monitoring";
        one.alert.service = service_name(service);
        one.alert.severity = what.second;
        one.alert.urgency = what.second == "critical" || what.second == "error" ? oncall::Urgency::high : oncall::Urgency::low;
        one.alert.dedup_key = one.alert.service + "/" + std::string{what.first} + (host.empty() ? "" : "/" + host);
        one.alert.group_key = "by service/" + one.alert.service;
        if (chance_.is(0.7))
            one.alert.labels["cluster"] = cluster_of(service);
        if (chance_.is(0.5))
            one.alert.labels["namespace"] = "domain-" + std::to_string(service / domain_size);
        if (!host.empty() && chance_.is(0.9))
            one.alert.labels["host"] = host;
        else if (chance_.is(0.3))
            one.alert.labels["host"] = host_name(hosts_[static_cast<std::size_t>(service)]);
        one.alert.title = what.first;
        one.alert.title.replace(one.alert.title.find("%n"), 2, std::to_string(chance_.between(2, 99)));
        for (auto at = from; at < to; at += 1min)
            all_.reports.push_back({at, all_.signals.size(), false});
        all_.reports.push_back({to, all_.signals.size(), true});
        all_.signals.push_back(std::move(one));
    }

    /// It says what is wrong with it, and whoever needs it follows, some time later and not always.
    void service_fails(TimePoint at)
    {
        const auto end = at + 6min + chance_.within(20min);
        struct Hit {
            int service{};
            TimePoint at{};
            int hops{};
        };
        std::deque<Hit> waiting{{chance_.below(shape_.services), at, 0}};
        std::set<int> hit{waiting.front().service};
        while (!waiting.empty()) {
            const auto now = waiting.front();
            waiting.pop_front();
            const auto& words = now.hops == 0 ? causes : symptoms;
            std::set<int> said;
            for (int count = chance_.between(1, 3); count > 0; --count)
                if (const int which = chance_.below(4); said.insert(which).second) {
                    // One after the other: in which order arguments are evaluated is the compiler's.
                    const auto from = now.at + chance_.within(30s);
                    const auto to = end + chance_.within(2min);
                    report(from, to, now.service, words[static_cast<std::size_t>(which)], all_.faults, {});
                }
            if (now.hops == 4)
                continue;
            for (int other = 0; other < shape_.services; ++other)
                if (needs_[static_cast<std::size_t>(other)].count(now.service) > 0 && chance_.is(0.7) && hit.insert(other).second)
                    if (const auto reached = now.at + chance_.wait(40s); reached < end)
                        waiting.push_back({other, reached, now.hops + 1});
        }
    }

    /// What runs on it has nothing else in common.
    void host_fails(TimePoint at)
    {
        const auto end = at + 6min + chance_.within(20min);
        const int host = hosts_[static_cast<std::size_t>(chance_.below(shape_.services))];
        for (int service = 0; service < shape_.services; ++service)
            if (hosts_[static_cast<std::size_t>(service)] == host) {
                const auto from = at + chance_.within(90s);
                const auto to = end + chance_.within(2min);
                const auto& what = causes[static_cast<std::size_t>(chance_.below(4))];
                report(from, to, service, what, all_.faults, host_name(host));
            }
    }

    const Shape& shape_;
    Chance chance_;
    Storm all_{};
    std::vector<std::set<int>> needs_{};
    std::vector<int> hosts_{};
};

} // namespace

Storm storm(const Shape& shape, std::uint64_t seed) { return Day{shape, seed}.take(); }

} // namespace storms
