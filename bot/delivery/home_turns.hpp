#pragma once

#include "storage/home_views.hpp"

#include <cstdint>
#include <map>

namespace delivery {

using oncall::TimePoint;

/// Whose Home is looked at next, so that everybody's turn comes however much happens and however few calls there are. In memory:
/// after a restart everybody is looked at. Pure: `now` comes in.
class HomeTurns {
public:
    struct Turn {
        std::size_t row{};
        bool opened{}; // she has opened it, or pressed something in it, and was not served since
    };

    explicit HomeTurns(TimePoint start)
        : start_{start}
    {
    }
    /// What Homes show may have changed: everybody is to be looked at.
    void changed() { ++changes_; }
    std::uint64_t changes() const { return changes_; }
    /// Those of `rows` that are to be looked at: whoever opened hers, in the order in which they did, then those who were not
    /// looked at for longest. All others are forgotten.
    std::vector<Turn> due(const std::vector<storage::HomeView>& rows, TimePoint now);
    /// She sees how it stood when there had been that many `changes`, and nothing of it changes by itself before `until`.
    void current(const storage::HomeView& row, std::uint64_t changes, TimePoint until);
    /// Hers could not be published: others come first, and it is tried again later.
    void failed(const storage::HomeView& row, TimePoint now);
    /// When somebody is due by the time alone; max: nobody is.
    TimePoint next(TimePoint now) const;

private:
    struct Person {
        std::uint64_t changes{};
        std::uint64_t turn{}; // the order of the last looks
        TimePoint until{};
        TimePoint opened_at{}; // she was served since
        TimePoint rest_until{};
        int failures{};
    };

    TimePoint start_;
    std::uint64_t changes_{1};
    std::uint64_t turns_{};
    std::map<std::string, Person> people_{};
};

} // namespace delivery
