#include "slack/message.hpp"

namespace slack {

namespace {

constexpr int most_levels = 32;

/// nlohmann parses any depth and then overflows the stack when such a value is copied: counted before it sees it.
void check_depth(std::string_view text)
{
    int depth = 0;
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
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
}

} // namespace

Json parse(std::string_view text, std::size_t limit)
{
    if (text.size() > limit)
        throw BadJson{"the JSON is longer than " + std::to_string(limit) + " bytes"};
    check_depth(text);
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
