#pragma once

#include "oncall/silences.hpp"
#include "storage/database.hpp"

#include <functional>

/// Silences and maintenance windows, and what they have held.
namespace storage {

struct StoredSilence {
    oncall::Silence what{}; // with its id
    TimePoint made_at{};
    std::int64_t version{1}; // counts what people change
    bool over{}; // it will not hold again
    TimePoint begun_at{}; // it holds, since then; TimePoint{}: it does not
    TimePoint until{}; // while it holds: to when
    std::int64_t round{}; // how many times of it are over
    std::string undo{}; // as `silence_out`: before it was changed last; empty: it was not there
    std::string undo_by{}; // who did that, and may undo it; empty: nobody may
};

/// What one of them has held in the time it holds, or held last.
struct HeldCount {
    std::int64_t all{};
    std::int64_t open{}; // of these, not over yet
    std::vector<oncall::AlertId>
        waiting{}; // of those the first that nobody has, that nothing else holds, and that are not only shown
    std::int64_t waiting_count{};
};

/// All that people decide of one, as JSON text; reads what it wrote.
std::string silence_out(const oncall::Silence& silence);
oncall::Silence silence_in(const std::string& text);

struct Silences {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(StoredSilence& one) const;
    std::optional<StoredSilence> find(std::int64_t id) const;
    /// Writes all of it if the version is still the one that was read, else throws Conflict; it becomes one more.
    void save(StoredSilence& one) const;
    /// Writes where it stands: over, begun_at, until, round.
    void stands(const StoredSilence& one) const;
    /// Those whose time includes `now`; between their windows as well. Few, and quick to ask for.
    std::vector<StoredSilence> in_force(TimePoint now) const;
    /// Those that hold or will, by their end.
    std::vector<StoredSilence> coming() const;

    /// That one holds an alert now.
    void holds(std::int64_t silence, oncall::AlertId alert) const;
    HeldCount count(const StoredSilence& one, std::int64_t round, std::size_t most) const;
    /// What it holds and nobody has is looked at again now.
    void look_again(const StoredSilence& one, TimePoint now) const;
    /// Asks of each alert that came since then, newest first, at most so many.
    void each_since(TimePoint when, int most,
        const std::function<void(const oncall::AlertFields& fields, const std::string& team)>& ask) const;
    /// Those that were over then.
    void forget_before(TimePoint end) const;
};

} // namespace storage
