#pragma once

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace slack {

/// Keeps keys in the order written, so that what we send reads as it was built.
using Json = nlohmann::ordered_json;

/// What is posted. `text` is what push, banners and screen readers use, so it tells everything; `colour` ("#RRGGBB", or empty)
/// puts the blocks behind a bar of that colour; `key` travels as metadata, for reading back what may have been posted.
struct Message {
    std::string text{};
    std::vector<Json> blocks{};
    std::string colour{};
    std::string key{};
};

/// A modal, as views.open takes it.
using View = Json;

/// The arguments chat.postMessage, chat.update and response_url have in common: text, blocks or attachments, metadata.
Json body(const Message& message);

/// Refused by the gate; `what()` says why in words for whoever sent it.
struct BadJson : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The one gate for JSON from outside: at most `limit` bytes, at most 32 levels deep and no more keys than can be compared with
/// each other at once (both counted before nlohmann sees it: a deep value overflows the stack when copied, and each key is looked
/// for among those before it), valid UTF-8. Throws BadJson.
Json parse(std::string_view text, std::size_t limit = 1 << 20);

/// Reading without surprises: the string at a path of keys, or "" when anything on the way is missing or of another type.
std::string text_at(const Json& json, std::initializer_list<std::string_view> keys);
/// The value at a path of keys, or null.
const Json& at(const Json& json, std::initializer_list<std::string_view> keys);

} // namespace slack
