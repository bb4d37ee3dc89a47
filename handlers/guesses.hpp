#pragma once

#include "oncall/time.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace handlers {

/// Counts wrong keys by the sender's address. From one that has used up its minute nothing is looked at, right or wrong, so that
/// whoever guesses does not learn of a hit. An address that is this machine, or had a right key, has fifty times as many: one
/// sender with a stale key must not silence the others beside it; and what was right from there before always passes.
class Guesses {
public:
    explicit Guesses(int most_a_minute)
        : most_{most_a_minute}
    {
    }

    /// `key_hash`: of the key at hand; empty when it is not known yet.
    bool is_barred(const std::string& address, const std::string& key_hash, oncall::TimePoint now) const
    {
        const auto found = senders_.find(network_of(address));
        return found != senders_.end() && found->second.count >= most_of(*found)
            && now - found->second.since < std::chrono::minutes{1} && !found->second.right.contains(key_hash);
    }
    /// Whether any key was right from there.
    bool knows_one(const std::string& address) const
    {
        const auto found = senders_.find(network_of(address));
        return found != senders_.end() && !found->second.right.empty();
    }
    void wrong(const std::string& address, oncall::TimePoint now)
    {
        auto& sender = sender_of(address, now);
        if (now - sender.since >= std::chrono::minutes{1}) {
            sender.since = now;
            sender.count = 0;
        }
        ++sender.count;
    }
    void right(const std::string& address, const std::string& key_hash, oncall::TimePoint now)
    {
        if (auto& known = sender_of(address, now).right; known.size() < most_known)
            known.insert(key_hash);
    }

private:
    struct Sender {
        oncall::TimePoint since{};
        int count{};
        std::set<std::string> right{};
    };
    static constexpr std::size_t most_senders = 10'000, most_known = 100;

    int most_of(const std::pair<const std::string, Sender>& entry) const
    {
        const auto& [address, sender] = entry;
        const bool here = address == "127.0.0.1" || address == "::1";
        return here || !sender.right.empty() ? 50 * most_ : most_;
    }
    /// Whoever has one IPv6 address has its /64; an IPv4 address may be written as one.
    static std::string network_of(const std::string& address)
    {
        constexpr std::string_view mapped = "::ffff:";
        if (address.starts_with(mapped) && address.find('.') != address.npos)
            return address.substr(mapped.size());
        if (address == "::1")
            return address;
        if (std::count(address.begin(), address.end(), ':') < 2)
            return address;
        std::size_t end = 0;
        for (int groups = 0; end < address.size() && groups < 4 && address.compare(end, 2, "::") != 0; ++groups)
            end = std::min(address.find(':', end + (end > 0 ? 1 : 0)), address.size());
        return address.substr(0, end) + "/64";
    }
    Sender& sender_of(const std::string& address, oncall::TimePoint now)
    {
        if (senders_.size() >= most_senders) {
            std::erase_if(senders_, [&](const auto& entry) {
                return entry.second.right.empty() && now - entry.second.since >= std::chrono::minutes{1};
            });
            if (senders_.size() >= most_senders)
                senders_.erase(std::min_element(senders_.begin(), senders_.end(),
                    [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
        }
        return senders_.try_emplace(network_of(address), Sender{now, 0, {}}).first->second;
    }

    int most_;
    std::map<std::string, Sender> senders_{};
};

} // namespace handlers
