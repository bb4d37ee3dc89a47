#pragma once

#include "storage/repositories.hpp"

/// What sources sent, as it came: the last of each, and what became no alert.
namespace storage {

/// `kept`: it became alerts, changes or a note. `unread`: valid, but its format could not say what is meant, or keeping it
/// failed: a dead letter, until somebody replays or dismisses it.
enum class PayloadState { kept, unread, replayed, dismissed };

struct Payload {
    std::int64_t id{};
    std::string source{};
    std::string format{}; // as it was then
    TimePoint at{};
    PayloadState state{PayloadState::kept};
    std::string body{}; // at most most_of(state) of it
    bool whole{true}; // false: it was longer
    std::string headers{}; // those a format reads, as a JSON object; never one that carries a key or a signature
    std::string query{}; // of the address, without keys
    std::string rest{}; // of the path, behind the key
    std::string words{}; // what it became, or why it became nothing
    std::vector<std::int64_t> alerts{};
    int dropped{}; // how many dead letters had to go for this one; only of one that was just added
};

struct Payloads {
    Transaction& tx;
    static constexpr std::size_t most_body = 64 << 10; // bytes
    static constexpr std::size_t most_dead_body = 8 << 20; // of a dead letter, which is to be replayed: all that a door takes
    static std::size_t most_of(PayloadState state) { return state == PayloadState::unread ? most_dead_body : most_body; }
    static constexpr int kept_of_each = 20; // besides dead letters
    // Of a source's dead letters, which are kept for 30 days; the second two: of those that are longer than most_body.
    static constexpr int most_dead = 200, most_large_dead = 32;
    static constexpr std::int64_t most_large_dead_bytes = 32 << 20;

    /// Sets `payload.id` and `payload.dropped`; drops what is too many of its source: first what belongs to no alert, for its
    /// sender was told that it is refused, and then the oldest. In a storm only some of what is understood is kept (five in five
    /// seconds): `payload.id` is zero then.
    void add(Payload& payload) const;
    std::optional<Payload> find(std::int64_t id) const;
    /// The newest of a source first, without their bodies, of which some are large; empty source: of all.
    std::vector<Payload> last(const std::string& source, int most) const;
    /// The dead letters, newest first, without their bodies; empty source: of all.
    std::vector<Payload> dead(const std::string& source, int most) const;
    std::int64_t count_dead() const;
    /// How many alerts about its dead letters ("unread:…") are open.
    std::int64_t open_reasons(const std::string& source) const;
    /// The same of each source that has some.
    std::map<std::string, std::int64_t> count_dead_of_each() const;
    /// False when it is in that state no more, as when two people press at once.
    bool move(std::int64_t id, PayloadState from, PayloadState to, const std::string& words,
        const std::vector<std::int64_t>& alerts) const;
    void tidy(TimePoint now) const;
};

} // namespace storage
