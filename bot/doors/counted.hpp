#pragma once

#include <cstddef>
#include <memory>

namespace doors {

/// Counts while it lasts. What is counted by may outlive whoever looks at the count.
class Counted {
public:
    explicit Counted(std::shared_ptr<std::size_t> count)
        : count_{std::move(count)}
    {
        ++*count_;
    }
    ~Counted() { --*count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::shared_ptr<std::size_t> count_;
};

} // namespace doors
