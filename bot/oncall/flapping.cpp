#include "oncall/flapping.hpp"

#include "oncall/auto_resolve.hpp"
#include "oncall/time.hpp"

#include <algorithm>

namespace oncall {

namespace {

/// "30 minutes", "2 hours"
std::string written_out(milliseconds time)
{
    const auto count = time / 1min;
    if (count >= 120)
        return std::to_string((count + 59) / 60) + " hours";
    return count == 1 ? "1 minute" : std::to_string(count) + " minutes";
}

bool is_worse(const Alert& alert, const Firing& than)
{
    Alert before;
    before.severity = than.severity;
    before.urgency = than.urgency;
    return reported_again(before, alert.severity, alert.urgency).rose;
}

} // namespace

bool comes_back(const Alert& last, TimePoint now, const Recurrence& rule)
{
    const bool its_source_said_so =
        last.state == AlertState::resolved && last.answered_by.empty() && !is_over_by_silence(last) && !last.source.empty();
    return its_source_said_so && !last.drill && !last.suppressed && last.answered_at <= now
        && now - last.answered_at < rule.reopen_within;
}

std::optional<Flapping> flapping(std::vector<TimePoint> times, TimePoint now, const Recurrence& rule)
{
    std::erase_if(times, [&](TimePoint at) { return at > now; });
    std::sort(times.begin(), times.end());
    if (rule.flapping_from <= 0 || times.empty() || now - times.back() >= rule.within)
        return std::nullopt;
    const auto within = [&](std::size_t last) {
        const auto end = times.begin() + static_cast<std::ptrdiff_t>(last) + 1;
        return static_cast<int>(end - std::upper_bound(times.begin(), end, times[last] - rule.within));
    };
    bool is = false;
    std::size_t first = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (i > 0 && times[i] - times[i - 1] >= rule.within) {
            is = false;
            first = i;
        }
        is = is || within(i) >= rule.flapping_from;
    }
    if (!is)
        return std::nullopt;
    if (const auto lately = within(times.size() - 1); lately >= rule.flapping_from)
        return Flapping{lately, rule.within};
    return Flapping{static_cast<int>(times.size() - first), times.back() - times[first]};
}

std::string in_words(const Flapping& found) { return std::to_string(found.times) + " times in " + written_out(found.over); }

std::optional<Hold> hold_of(const Alert& alert, const std::vector<Firing>& firings, TimePoint now, const Recurrence& rule)
{
    std::vector<TimePoint> times;
    std::optional<TimePoint> since;
    int own = 0;
    bool worse = true;
    for (const auto& one : firings) {
        times.push_back(one.at);
        if (one.alert == alert.id) {
            since = std::max(since.value_or(one.at), one.at);
            ++own;
        } else {
            worse = worse && is_worse(alert, one);
        }
    }
    if (!since) {
        since = alert.triggered_at;
        times.push_back(*since);
    }
    // As bad as this it has not been seen yet.
    const bool is_news = worse && own < 2 && static_cast<int>(times.size()) > own;
    const auto until = *since + rule.stays;
    const auto unsteady = flapping(std::move(times), now, rule);
    if (!unsteady || until <= now || is_news)
        return std::nullopt;
    return Hold{Hold::Kind::flapping, 0, until, "flapping: " + in_words(*unsteady)};
}

std::string over_for(milliseconds time)
{
    using namespace std::chrono;
    return duration_out(time < 1min ? time : time < 24h ? milliseconds{floor<minutes>(time)} : milliseconds{floor<hours>(time)});
}

} // namespace oncall
