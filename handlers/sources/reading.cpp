#include "handlers/sources/reading.hpp"

#include "oncall/words.hpp"
#include "storage/repositories.hpp"

#include <algorithm>

namespace handlers::sources {

using slack::Json;

namespace {

constexpr std::size_t most_key_bytes = 255, most_href = 2'000, most_link_text = 100;

std::string word_of(const Json& value)
{
    if (value.is_string())
        return oncall::trimmed(value.get_ref<const std::string&>());
    if (value.is_number() || value.is_boolean())
        return value.dump();
    return {};
}

/// A field of multipart/form-data (RFC 7578), whose boundary is its first line.
std::optional<std::string> multipart_field(std::string_view text, std::string_view name)
{
    const auto line = text.find("\r\n");
    if (!text.starts_with("--") || line == text.npos)
        return std::nullopt;
    const auto boundary = "\r\n" + std::string{text.substr(0, line)};
    const auto wanted = "; name=\"" + std::string{name} + "\"";
    for (auto at = line; at < text.size();) {
        const auto end = text.find("\r\n\r\n", at);
        if (end == text.npos)
            break;
        const auto next = text.find(boundary, end + 4);
        if (text.substr(at, end - at).find(wanted) != text.npos)
            return std::string{text.substr(end + 4, next == text.npos ? next : next - end - 4)};
        if (next == text.npos)
            break;
        at = next + boundary.size();
    }
    return std::nullopt;
}

std::optional<std::string> form_field(const std::string& text, std::string_view name)
{
    if (text.starts_with("--"))
        return multipart_field(text, name);
    const auto fields = net::form_in(text);
    if (!fields)
        return std::nullopt;
    const auto found = std::find_if(fields->begin(), fields->end(), [&](const net::Header& field) { return field.name == name; });
    return found == fields->end() ? std::nullopt : std::optional{found->value};
}

} // namespace

std::string word_at(const Json& json, std::initializer_list<std::string_view> keys) { return word_of(slack::at(json, keys)); }

std::string words_at(const Json& json, std::initializer_list<std::string_view> keys)
{
    const auto& value = slack::at(json, keys);
    if (!value.is_array())
        return word_of(value);
    std::string joined;
    for (const auto& one : value) {
        const auto word = word_of(one);
        if (word.empty())
            continue;
        joined += (joined.empty() ? "" : ", ") + word;
        if (joined.size() > most_label)
            break;
    }
    return joined;
}

std::string text_written(const Json& value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_null() ? std::string{} : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string first_said(std::initializer_list<std::string> texts)
{
    for (const auto& text : texts)
        if (!oncall::trimmed(text).empty())
            return text;
    return {};
}

std::string first_line_in(const std::string& text) { return oncall::trimmed(text.substr(0, text.find('\n'))); }

void put_label(std::map<std::string, std::string>& labels, const std::string& name, const std::string& value)
{
    if (!name.empty() && !value.empty() && labels.size() < most_labels)
        labels.emplace(clipped(name, most_label), clipped(value, most_label));
}

void put_link(std::vector<oncall::Link>& links, const std::string& href, const std::string& text)
{
    const auto host = href.starts_with("https://") ? 8U : href.starts_with("http://") ? 7U : 0U;
    if (host != 0 && href.size() > host && href.size() <= most_href && links.size() < most_links)
        links.push_back({href, clipped(text, most_link_text)});
}

void put_paragraph(std::string& description, const std::string& text)
{
    // What was cut between characters may be a little shorter, and is full all the same: thousands may follow.
    if (!text.empty() && description.size() + 4 < most_description)
        description = clipped(description + (description.empty() ? "" : "\n") + text, most_description);
}

std::string key_of(const std::string& key) { return key.size() <= most_key_bytes ? key : "sha256:" + storage::sha256(key); }

Read noted(std::string why)
{
    Read read;
    read.note = std::move(why);
    return read;
}

Json object_in(const Sent& sent, std::string_view field)
{
    if (sent.body.is_object())
        return sent.body;
    const bool is_json = oncall::trimmed(sent.text).starts_with("{");
    const auto text = is_json ? std::optional{sent.text} : form_field(sent.text, field);
    if (!text)
        throw BadPayload{"the body must be a JSON object, or a form with it in the field \"" + std::string{field} + "\""};
    Json body;
    try {
        body = slack::parse(*text);
    } catch (const slack::BadJson& problem) {
        throw BadPayload{problem.what()};
    }
    if (!body.is_object())
        throw BadPayload{"the field \"" + std::string{field} + "\" must be a JSON object"};
    return body;
}

} // namespace handlers::sources
