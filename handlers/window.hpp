#pragma once

#include "oncall/time.hpp"

#include <deque>

namespace handlers {

/// At most `most` in the time of `span` before now.
class SlidingWindow {
public:
    SlidingWindow(std::size_t most, oncall::milliseconds span)
        : most_{most}
        , span_{span}
    {
    }

    /// Counts one more; or, when there is no room, counts nothing and returns how long until there is.
    std::optional<std::chrono::seconds> admit(oncall::TimePoint now)
    {
        // A clock that was set back must not bar anybody for as long as it was ahead.
        if (!counted_.empty() && counted_.back() > now)
            counted_.clear();
        while (!counted_.empty() && now - counted_.front() >= span_)
            counted_.pop_front();
        if (counted_.size() >= most_)
            return std::chrono::ceil<std::chrono::seconds>(counted_.front() + span_ - now);
        counted_.push_back(now);
        return std::nullopt;
    }

private:
    std::size_t most_;
    oncall::milliseconds span_;
    std::deque<oncall::TimePoint> counted_{};
};

} // namespace handlers
