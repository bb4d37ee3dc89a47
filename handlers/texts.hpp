#pragma once

#include "handlers/context.hpp"

/// Answers by text message.
namespace handlers {

/// One that came to our number.
struct Text {
    std::string id{}; // the provider's
    std::string from{}; // E.164; whoever provides it vouches for it
    std::string words{};
    TimePoint at{}; // when it was sent; what she was told of later it is no answer to
};

/// What is to be said to it.
struct TextAnswer {
    std::string words{}; // empty: nothing
    bool stranger{}; // nobody here has that number; said once of each
};

/// Does what the text says, once; of a repeat nothing is said again. Who answers is known by the verified number, and strangers
/// are not answered. `later`: nobody waits for the words, so they are sent as a message of their own.
asio::awaitable<TextAnswer> take_text(Text text, bool later, Context& app);

} // namespace handlers
