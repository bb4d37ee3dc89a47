#pragma once

#include "oncall/configuration.hpp"

#include <memory>
#include <mutex>

namespace oncall {

/// The configuration that holds now: the operator's, with what was changed in Slack and the overrides. Read on any thread; a
/// reader keeps what it got for as long as its piece of work lasts, so that it never sees half of a change.
class InForce {
public:
    explicit InForce(Configuration configuration = {})
        : now_{std::make_shared<const Configuration>(std::move(configuration))}
    {
    }
    std::shared_ptr<const Configuration> get() const
    {
        const std::lock_guard lock{mutex_};
        return now_;
    }
    /// Holds from here on, unless something newer does already. `revision` grows with each change that was committed.
    void set(Configuration configuration, std::int64_t revision)
    {
        auto fresh = std::make_shared<const Configuration>(std::move(configuration));
        const std::lock_guard lock{mutex_};
        if (revision < revision_)
            return;
        now_ = std::move(fresh);
        revision_ = revision;
    }

private:
    mutable std::mutex mutex_{};
    std::shared_ptr<const Configuration> now_;
    std::int64_t revision_{};
};

} // namespace oncall
