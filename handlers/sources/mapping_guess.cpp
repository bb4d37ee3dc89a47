#include "config/source_yaml.hpp"
#include "handlers/sources/mapped.hpp"
#include "handlers/sources/reading.hpp"
#include "oncall/mapping.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace handlers::sources {

using slack::Json;

namespace {

constexpr std::size_t most_leaves = 100, most_leaf_value = 100;

/// A name as it stands in a pointer.
std::string pointer_part(const std::string& name)
{
    std::string part;
    for (const char c : name)
        part += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
    return "/" + part;
}

void add_leaves(const Json& value, const std::string& at, std::vector<Leaf>& leaves)
{
    if (leaves.size() >= most_leaves)
        return;
    if (value.is_object()) {
        for (const auto& [name, part] : value.items())
            add_leaves(part, at + pointer_part(name), leaves);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size() && leaves.size() < most_leaves; ++i)
            add_leaves(value[i], at + "/" + std::to_string(i), leaves);
    } else if (!value.is_null() && oncall::why_no_pointer(at).empty()) {
        leaves.push_back({at, clipped(word_at(value, {}), most_leaf_value)});
    }
}

struct Usual {
    std::string_view field{};
    std::array<std::string_view, 14> names{}; // small letters and digits alone; the likeliest first
};
constexpr Usual usual[]{
    {"title",
        {"title", "summary", "alertname", "alerttitle", "problemtitle", "checkname", "rulename", "subject", "message",
            "displayname", "name", "text"}},
    {"description",
        {"description", "details", "body", "problemdetailstext", "reason", "errormessage", "output", "message", "text"}},
    {"severity", {"severity", "priority", "level", "urgency", "criticality", "problemseverity"}},
    {"status", {"status", "state", "alertstate", "alerttype", "action", "eventtype"}},
    {"dedup_key",
        {"dedupkey", "fingerprint", "incidentid", "problemid", "alertid", "checkid", "uuid", "pid", "id", "key", "code"}},
    {"service", {"service", "servicename", "app", "application", "component", "project"}},
    {"link", {"url", "link", "href", "htmlurl", "weburl", "problemurl", "incidenturl", "detailsurl"}},
};

/// "alertName", "alert_name" → "alertname"
std::string plain_name(std::string_view pointer)
{
    std::string name;
    for (const char c : pointer.substr(pointer.rfind('/') + 1))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            name += c;
        else if (c >= 'A' && c <= 'Z')
            name += static_cast<char>(c - 'A' + 'a');
    return name;
}

/// What says something, as the field wants it.
bool may_be(std::string_view field, const Leaf& leaf)
{
    const auto is_web = leaf.value.starts_with("https://") || leaf.value.starts_with("http://");
    return !leaf.value.empty() && leaf.pointer.find("/0/") == std::string::npos && is_web == (field == "link");
}

/// The likeliest name, and of that name the place that is nearest.
const Leaf* likeliest(const Usual& of, const std::vector<Leaf>& leaves, const std::vector<std::string>& taken)
{
    const auto depth = [](const Leaf& leaf) { return std::count(leaf.pointer.begin(), leaf.pointer.end(), '/'); };
    for (const auto name : of.names) {
        const Leaf* best{};
        for (const auto& leaf : leaves)
            if (!name.empty() && plain_name(leaf.pointer) == name && may_be(of.field, leaf)
                && std::find(taken.begin(), taken.end(), leaf.pointer) == taken.end() && (!best || depth(leaf) < depth(*best)))
                best = &leaf;
        if (best)
            return best;
    }
    return nullptr;
}

/// A list of objects that is called like a list of alerts.
std::string list_guessed(const Json& payload)
{
    for (const auto* const name : {"alerts", "incidents", "problems", "events", "issues"})
        if (const auto& list = slack::at(payload, {name}); list.is_array() && !list.empty() && list.front().is_object())
            return pointer_part(name);
    return {};
}

} // namespace

std::vector<Leaf> leaves_of(const Json& payload)
{
    std::vector<Leaf> leaves;
    add_leaves(payload, "", leaves);
    return leaves;
}

oncall::Mapping mapping_guessed(const Json& payload)
{
    oncall::Mapping mapping;
    mapping.each = list_guessed(payload);
    const auto leaves = leaves_of(mapping.each.empty() ? payload : payload.at(mapping.each.substr(1)).front());
    std::vector<std::string> taken;
    for (const auto& one : usual) {
        const auto* const leaf = likeliest(one, leaves, taken);
        if (!leaf)
            continue;
        taken.push_back(leaf->pointer);
        auto& field = mapping.fields[std::string{one.field}];
        field.from.push_back(leaf->pointer);
        // A word that nobody knows waits for its meaning; until then it fires.
        if (const auto word = oncall::lower(leaf->value); one.field == "status" && !signal_said(word))
            field.values.emplace(word, "firing");
    }
    return mapping.fields.contains("title") ? mapping : oncall::Mapping{};
}

std::string mapping_proposed(const Json& payload)
{
    oncall::Source source;
    source.mapping = mapping_guessed(payload);
    return config::further_yaml(source);
}

} // namespace handlers::sources
