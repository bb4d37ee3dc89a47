#pragma once

#include "handlers/context.hpp"

/// A phone call that tells of an alert and takes an answer.
namespace handlers {

/// Somebody or a machine has picked up, or pressed a key.
struct PickedUp {
    std::string id{}; // the provider's, of the call
    std::string token{}; // an answer link's: which alert, and who is called
    std::string status{}; // the call's
    std::string answered_by{}; // "human", "machine_start", …; may be empty
    std::string keys{}; // empty: none yet
};

/// What the call says next, as TwiML. A key does what it does once a call, however often it is told of. Ends within some seconds,
/// since somebody listens: with words of regret, if need be.
asio::awaitable<std::string> take_call(PickedUp call, Context& app);

} // namespace handlers
