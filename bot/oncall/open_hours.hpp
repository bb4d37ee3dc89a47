#pragma once

#include "oncall/schedule.hpp"

namespace oncall {

/// When a rotation is on duty, on the wall clock alone: by its windows and days, the same every week. Windows that overlap or
/// touch are one stretch. A window that is none (no length, a weekday at one end only) is never open.
class OpenHours {
public:
    explicit OpenHours(const Rotation& rotation);

    bool always() const { return always_; }
    bool never() const { return !always_ && edges_.empty(); }
    bool at(LocalTime local) const;
    /// Whether it is open at some time of [from, to).
    bool within(LocalTime from, LocalTime to) const;
    /// The last time at or before `local`, and the first one after it, at which it opens or closes. Not to be asked when it is
    /// always or never open.
    LocalTime changed(LocalTime local) const;
    LocalTime changes(LocalTime local) const;

private:
    struct Edge {
        milliseconds at{}; // of the week, in (0, a week]
        bool opens{};
    };
    std::vector<Edge>::const_iterator after(milliseconds of_week) const;

    bool always_{};
    std::vector<Edge> edges_{}; // opening and closing in turn
};

} // namespace oncall
