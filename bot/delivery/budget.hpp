#pragma once

#include "doors/random.hpp"
#include "oncall/time.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace delivery {

using oncall::milliseconds;
using oncall::TimePoint;

/// Slack's limits as token buckets: about one post a second in a channel with a short burst, a method's tier per minute, and
/// whatever a 429 said. Pure: `now` comes in.
class Budget {
public:
    /// What `waiting` names while the posts that are left are kept for pages and answers: cards come after them.
    static constexpr std::string_view posts_of_cards{"posts of cards"};

    /// Whether a row of that lane by that method may go now.
    bool allows(const std::string& lane, const std::string& method, TimePoint now) const;
    /// It goes.
    void spend(const std::string& lane, const std::string& method, TimePoint now);
    /// Slack said 429 for the method: it rests until then.
    void rest(const std::string& method, TimePoint until);
    /// When `allows` can change from no to yes at the earliest; max when everything is allowed.
    TimePoint next(TimePoint now) const;
    /// Lanes and methods that must wait.
    std::set<std::string> waiting(TimePoint now) const;
    /// Forgets what has long recovered.
    void tidy(TimePoint now);

private:
    struct Bucket {
        double tokens{};
        TimePoint at{};
        double burst{};
        double per_second{};
        double level(TimePoint now) const;
        TimePoint full_token(TimePoint now, double kept = 0) const;
    };
    static Bucket fresh(const std::string& name, TimePoint now);

    std::map<std::string, Bucket> buckets_{};
    std::map<std::string, TimePoint> resting_{};
};

/// What failed rests so long before its n-th repeat: 1, 2, 4 … 60 seconds, with jitter.
milliseconds backoff(int attempts, doors::Random& random);

} // namespace delivery
