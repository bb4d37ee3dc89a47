#include "slack/message.hpp"

#include <array>

namespace slack {

namespace {

constexpr std::size_t most_levels = 32;
// Keys that are compared with each other, and so many more for each byte: Slack's lists are long, with up to a hundred keys in
// each object. 512 KB of short keys in one object would be a thousand million: half a minute.
constexpr std::size_t most_compared = 2'000'000, compared_by_byte = 4;

/// nlohmann parses any depth and then overflows the stack when such a value is copied; and it looks for each key of an object
/// among those before it. Both are counted before it sees them.
void check_shape(std::string_view text)
{
    std::array<std::size_t, most_levels + 1> members{}; // at each level; of a list: none
    std::size_t depth = 0, compared = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_text) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            if (++depth > most_levels)
                throw BadJson{"the JSON is nested deeper than " + std::to_string(most_levels) + " levels"};
            members[depth] = c == '{' ? 1 : 0;
        } else if (c == ']' || c == '}') {
            if (depth == 0)
                return; // no JSON, as will be found
            --depth;
        } else if (c == ',' && members[depth] > 0) {
            compared += members[depth]++;
            if (compared > most_compared + compared_by_byte * text.size())
                throw BadJson{"the JSON has too many keys in its objects"};
        }
    }
}

} // namespace

Json parse(std::string_view text, std::size_t limit)
{
    if (text.size() > limit)
        throw BadJson{"the JSON is longer than " + std::to_string(limit) + " bytes"};
    check_shape(text);
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& problem) {
        throw BadJson{"this is not JSON (at byte " + std::to_string(problem.byte) + ")"};
    } catch (const Json::exception&) {
        throw BadJson{"this is not JSON"};
    }
}

Json body(const Message& message)
{
    Json body;
    body["text"] = message.text;
    if (message.colour.empty()) {
        if (!message.blocks.empty())
            body["blocks"] = message.blocks;
    } else {
        // A bar of colour is an attachment's; `blocks` empty, so that an edit from plain to coloured leaves nothing behind.
        Json attachment;
        attachment["color"] = message.colour;
        attachment["fallback"] = message.text;
        attachment["blocks"] = message.blocks;
        body["attachments"] = Json::array({std::move(attachment)});
    }
    if (!message.key.empty()) {
        Json payload;
        payload["key"] = message.key;
        body["metadata"]["event_type"] = "oncall_bot";
        body["metadata"]["event_payload"] = std::move(payload);
    }
    return body;
}

const Json& at(const Json& json, std::initializer_list<std::string_view> keys)
{
    static const Json nothing{};
    const auto* here = &json;
    for (const auto key : keys) {
        if (!here->is_object())
            return nothing;
        const auto found = here->find(key);
        if (found == here->end())
            return nothing;
        here = &*found;
    }
    return *here;
}

std::string text_at(const Json& json, std::initializer_list<std::string_view> keys)
{
    const auto& found = at(json, keys);
    return found.is_string() ? found.get<std::string>() : std::string{};
}

} // namespace slack
