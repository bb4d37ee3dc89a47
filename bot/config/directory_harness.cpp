#include "config/directory_entries.hpp"
#include "config/directory_fields.hpp"
#include "config/json.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>

namespace config {

namespace {

using oncall::DirectoryEntry;

/// -1: it is no number that may be.
int count_in(const Node& mapping, std::string_view key)
{
    const auto text = entry_text(mapping, key);
    int number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool good = error == std::errc{} && end == text.data() + text.size() && number >= 0 && number <= 1'000'000;
    return good && !text.empty() ? number : -1;
}

/// What Harness calls its mistake, as INVALID_TOKEN. Its words are not repeated: they may hold what was sent.
std::string code_in(const Node& root)
{
    const auto code = entry_text(root, "code");
    const bool good = !code.empty() && code.size() <= 60
        && std::all_of(code.begin(), code.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
    return good ? code : std::string{};
}

/// A tag that says what a field of ours says is that field.
std::string taken_tag(std::map<std::string, std::string>& tags, std::initializer_list<std::string_view> names)
{
    for (auto tag = tags.begin(); tag != tags.end(); ++tag)
        if (std::find(names.begin(), names.end(), oncall::lower(tag->first)) != names.end()) {
            auto value = std::move(tag->second);
            tags.erase(tag);
            return value;
        }
    return {};
}

DirectoryEntry entry_in(const Node& service)
{
    DirectoryEntry entry;
    entry.name = entry_text(service, "identifier");
    const auto shown = entry_text(service, "name");
    entry.description = entry_text(service, "description");
    if (entry.description.empty() && shown != entry.name)
        entry.description = shown;
    entry.labels = entry_labels(service, "tags");
    std::string bare;
    if (const auto* const tags = find(service, "tags"); tags && tags->kind == Node::Kind::mapping)
        for (std::size_t i = 0; i < tags->keys.size(); ++i)
            if (tags->items[i].kind != Node::Kind::mapping && tags->items[i].text.empty())
                bare += (bare.empty() ? "" : ", ") + tags->keys[i].text;
    if (!bare.empty()) // those without a value
        entry.labels.emplace("tags", bare);
    entry.owner = taken_tag(entry.labels, {"owner", "team"});
    entry.runbook = taken_tag(entry.labels, {"runbook"});
    if (const auto tier = taken_tag(entry.labels, {"tier"}); !tier.empty())
        entry.tier = tier_in(tier);
    return entry;
}

} // namespace

HarnessPage directory_in_harness(std::string_view body, int page)
{
    HarnessPage got;
    const auto root = body.size() > oncall::most_directory_text ? std::nullopt : node_in_json(body);
    if (!root || root->kind != Node::Kind::mapping) {
        got.read.problem = "page " + std::to_string(page + 1) + " is no answer of Harness: it is no JSON, or not all of it";
        return got;
    }
    const auto* const data = find(*root, "data");
    const auto* const content = data && data->kind == Node::Kind::mapping ? find(*data, "content") : nullptr;
    if (entry_text(*root, "status") != "SUCCESS" || !content || content->kind != Node::Kind::list) {
        const auto code = code_in(*root);
        got.read.problem = "Harness does not give the services" + (code.empty() ? std::string{} : ": " + code);
        return got;
    }
    got.pages = count_in(*data, "totalPages");
    got.services = count_in(*data, "totalItems");
    const auto said_page = count_in(*data, "pageIndex"), said_count = count_in(*data, "pageItemCount");
    const auto count = static_cast<int>(content->items.size());
    if (got.pages < 0 || got.services < 0 || (said_page >= 0 && said_page != page) || (said_count >= 0 && said_count != count)) {
        got.read.problem = "page " + std::to_string(page + 1) + " is not whole";
        return got;
    }
    got.count = count;
    for (const auto& item : content->items) {
        const auto* const service = item.kind == Node::Kind::mapping ? find(item, "service") : nullptr;
        if (!service || service->kind != Node::Kind::mapping)
            got.read.mistakes.push_back({0, {}, "it has no `service`"});
        else if (entry_text(*service, "deleted") != "true")
            got.read.entries.push_back(entry_in(*service));
    }
    return got;
}

} // namespace config
