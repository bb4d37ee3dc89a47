#include "delivery/budget.hpp"

#include "oncall/contact.hpp"

#include <algorithm>
#include <cmath>

namespace delivery {

namespace {

// A lane is a channel, a person or "response:…"; a method is Slack's own name with a dot in it.
constexpr double burst_in_a_channel = 3, posts_a_second = 1;
const std::string posts{"chat.postMessage"};
// In the first moment of a storm cards would use up what those need who are paged a moment later.
constexpr double posts_at_once = 100, posts_kept_for_pages = 40;

} // namespace

double Budget::Bucket::level(TimePoint now) const
{
    const auto seconds = std::chrono::duration<double>(std::max(now - at, milliseconds{0})).count();
    return std::min(burst, tokens + seconds * per_second);
}

TimePoint Budget::Bucket::full_token(TimePoint now, double kept) const
{
    const auto missing = 1 + kept - level(now);
    return missing <= 0 ? now : now + milliseconds{static_cast<std::int64_t>(std::ceil(missing / per_second * 1000))};
}

Budget::Bucket Budget::fresh(const std::string& name, TimePoint now)
{
    if (name == "chat.update")
        return {25, now, 25, 50.0 / 60};
    if (name == posts)
        return {posts_at_once, now, posts_at_once, 5};
    // What follows who is on call, and Home: tiers 2, 3 and 4.
    if (name.starts_with("usergroups.") || name == "conversations.setTopic")
        return {15, now, 15, 20.0 / 60};
    if (name == "conversations.info")
        return {25, now, 25, 50.0 / 60};
    if (name == "users.info" || name == "views.publish")
        return {50, now, 50, 100.0 / 60};
    if (name == "email")
        return {20, now, 20, 5};
    // A provider's own limits are its own to say; these keep a storm from being one of ours.
    if (oncall::contact_kind_in(name) || name.starts_with("look:"))
        return {20, now, 20, 5};
    // A response_url has an allowance of its own; ours is one for all of them.
    if (name == "response_url" || name.starts_with("response:"))
        return {100, now, 100, 50};
    // Pictures go into channels in which cards go, too, and both together must not be what Slack calls too many.
    if (name.starts_with("picture:"))
        return {1, now, 1, posts_a_second / 2};
    return {burst_in_a_channel, now, burst_in_a_channel, posts_a_second};
}

bool Budget::allows(const std::string& lane, const std::string& method, TimePoint now) const
{
    for (const auto& name : {lane, method}) {
        if (const auto resting = resting_.find(name); resting != resting_.end() && now < resting->second)
            return false;
        if (const auto bucket = buckets_.find(name); bucket != buckets_.end() && bucket->second.level(now) < 1)
            return false;
    }
    return true;
}

void Budget::spend(const std::string& lane, const std::string& method, TimePoint now)
{
    for (const auto& name : {lane, method}) {
        auto& bucket = buckets_.try_emplace(name, fresh(name, now)).first->second;
        bucket.tokens = bucket.level(now) - 1;
        bucket.at = now;
    }
}

void Budget::rest(const std::string& method, TimePoint until) { resting_[method] = std::max(resting_[method], until); }

std::set<std::string> Budget::waiting(TimePoint now) const
{
    std::set<std::string> names;
    for (const auto& [name, until] : resting_)
        if (now < until)
            names.insert(name);
    for (const auto& [name, bucket] : buckets_)
        if (bucket.level(now) < 1)
            names.insert(name);
    if (const auto found = buckets_.find(posts); found != buckets_.end() && found->second.level(now) < 1 + posts_kept_for_pages)
        names.insert(std::string{posts_of_cards});
    return names;
}

TimePoint Budget::next(TimePoint now) const
{
    auto earliest = TimePoint::max();
    for (const auto& [name, until] : resting_)
        if (now < until)
            earliest = std::min(earliest, until);
    for (const auto& [name, bucket] : buckets_)
        if (bucket.level(now) < 1)
            earliest = std::min(earliest, bucket.full_token(now));
    if (const auto found = buckets_.find(posts); found != buckets_.end() && found->second.level(now) < 1 + posts_kept_for_pages)
        earliest = std::min(earliest, found->second.full_token(now, posts_kept_for_pages));
    return earliest;
}

void Budget::tidy(TimePoint now)
{
    std::erase_if(resting_, [&](const auto& entry) { return entry.second <= now; });
    std::erase_if(buckets_, [&](const auto& entry) { return entry.second.level(now) >= entry.second.burst; });
}

milliseconds backoff(int attempts, doors::Random& random)
{
    const auto base = std::min(60'000, 1'000 << std::min(attempts, 6));
    return milliseconds{static_cast<int>(base * (0.5 + random.fraction() / 2))};
}

} // namespace delivery
