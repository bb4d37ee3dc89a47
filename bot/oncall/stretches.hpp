#pragma once

#include "oncall/duty.hpp"
#include "oncall/precedence.hpp"

namespace oncall {

/// Who is on call at one instant after another: temporary schedule > overrides > higher priority > lower.
class Stretches {
public:
    /// The schedule must outlive it. It is quick within [from, to), and answers elsewhere too.
    Stretches(const Schedule& schedule, TimePoint from, TimePoint to);

    /// A stretch in which nothing changes, though neighbours may be alike; `since` and `until` may be without end.
    struct Stretch {
        TimePoint since{};
        TimePoint until{};
        std::vector<Entry> entries{}; // in the order of their causes; never empty: nobody is an entry without people
    };
    /// Holds until the next question.
    const Stretch& at(TimePoint t);

private:
    /// An override, a temporary schedule or a shift of one, with the time it holds.
    struct Change {
        TimePoint from{};
        TimePoint to{};
        const Override* override_{};
        std::size_t number{}; // of the override or the temporary schedule
        std::optional<std::size_t> shift{};
    };
    struct Edge {
        TimePoint at{};
        std::size_t change{};
        bool begins{};
    };
    void load(TimePoint from, TimePoint to);
    void move_to(TimePoint t);
    void cross(const Edge& edge, bool begins);
    ActiveOverrides* scope_of(const Override& one);
    bool see_rotations(TimePoint t);
    void see_temporary(std::size_t number);

    const Schedule& schedule_;
    WallClocks clocks_{};
    std::vector<Duty> duties_{};

    // All that changes the rotations within [from_, to_).
    milliseconds reach_;
    TimePoint from_{};
    TimePoint to_{};
    std::vector<Change> changes_{};
    std::vector<Edge> edges_{};
    std::size_t passed_{}; // edges at or before the instant asked for last
    std::vector<ActiveOverrides> of_rotation_{};
    ActiveOverrides of_schedule_;
    std::set<std::size_t> temporaries_{};
    std::set<std::pair<std::size_t, std::size_t>> temporary_shifts_{};

    Stretch last_{};
    std::vector<Entry> own_{}; // of one rotation
};

} // namespace oncall
