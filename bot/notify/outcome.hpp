#pragma once

#include "doors/clock.hpp"

#include <optional>
#include <string>

namespace notify {

using doors::TimePoint;

/// What came of something that was sent.
struct Outcome {
    enum How {
        confirmed, // it has arrived
        accepted, // the server has it
        later, // nothing was taken: send it again
        unknown, // broken off after it was sent: it may have been taken
        refused // for good, this message or this address
    } how{accepted};
    std::string why{}; // in words; empty when accepted. Without a password
    bool needs_an_operator{}; // a setting or the server is at fault, and nothing will go until a person mends it
    std::string reference{}; // what the provider calls it; empty: it reports nothing later
    std::optional<std::chrono::milliseconds> retry_after{}; // with `later`: as the provider asks
    bool gone{}; // with `refused`: the address will never work again
};

} // namespace notify
