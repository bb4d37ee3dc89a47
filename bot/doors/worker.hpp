#pragma once

#include <functional>
#include <memory>

namespace doors {

/// Where work that blocks is done, one piece after the other. `SystemThread` is a thread of its own;
/// tests pass one that runs the pieces on their loop, so that a whole history is repeatable.
class Worker {
public:
    virtual ~Worker() = default;
    /// Queues `piece`. It must not throw.
    virtual void post(std::function<void()> piece) = 0;
    /// Returns when everything queued has been done; nothing may be posted afterwards.
    virtual void join() = 0;
};

/// One operating system thread.
std::unique_ptr<Worker> system_thread();

} // namespace doors
