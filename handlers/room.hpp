#pragma once

#include <memory>

namespace handlers {

/// So many bytes may be held at once by all who wait for something.
class Room {
public:
    explicit Room(std::size_t most)
        : most_{most}
    {
    }

    /// A place of that size, for as long as what is returned lives; nullptr: there is none. What is larger than all of it may
    /// have it alone.
    std::shared_ptr<const void> take(std::size_t size)
    {
        if (*held_ > 0 && *held_ + size > most_)
            return nullptr;
        *held_ += size;
        return {held_.get(), [held = held_, size](const void*) { *held -= size; }};
    }

private:
    std::size_t most_;
    std::shared_ptr<std::size_t> held_{std::make_shared<std::size_t>(0)}; // whoever holds some may outlive this
};

} // namespace handlers
