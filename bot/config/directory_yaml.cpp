#include "config/directory_entries.hpp"
#include "config/directory_fields.hpp"
#include "config/yaml.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace config {

std::string entry_text(const Node& mapping, std::string_view key)
{
    const auto* const value = find(mapping, key);
    return value && value->is_scalar() ? value->text : std::string{};
}

std::string first_text(const Node& mapping, std::initializer_list<std::string_view> keys)
{
    for (const auto key : keys)
        if (auto text = entry_text(mapping, key); !text.empty())
            return text;
    return {};
}

const std::vector<Node>& entry_items(const Node& mapping, std::string_view key)
{
    static const std::vector<Node> nothing;
    const auto* const value = find(mapping, key);
    return value && value->kind == Node::Kind::list ? value->items : nothing;
}

std::vector<std::string> entry_texts(const Node& mapping, std::string_view key)
{
    std::vector<std::string> texts;
    if (const auto* const value = find(mapping, key); value && value->is_scalar())
        texts.push_back(value->text);
    for (const auto& item : entry_items(mapping, key))
        if (item.is_scalar())
            texts.push_back(item.text);
    return texts;
}

std::map<std::string, std::string> entry_labels(const Node& mapping, std::string_view key)
{
    std::map<std::string, std::string> labels;
    const auto* const value = find(mapping, key);
    if (value && value->kind == Node::Kind::mapping)
        for (std::size_t i = 0; i < value->keys.size(); ++i)
            if (value->keys[i].is_scalar() && value->items[i].is_scalar() && !value->items[i].text.empty())
                labels.emplace(value->keys[i].text, value->items[i].text);
    return labels;
}

int tier_in(std::string_view text)
{
    if (text.empty())
        return 0;
    return text.size() == 1 && text.front() >= '1' && text.front() <= '9' ? text.front() - '0' : -1;
}

std::vector<std::string> words_between(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(";,"), text.size());
        if (auto word = oncall::trimmed(text.substr(0, end)); !word.empty())
            words.emplace_back(word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string first_problem(const std::vector<Problem>& problems)
{
    if (problems.empty())
        return {};
    const auto& problem = problems.front();
    return (problem.line > 0 ? "line " + std::to_string(problem.line) + ": " : std::string{}) + problem.what;
}

namespace {

using oncall::DirectoryEntry;
using oncall::DirectoryRead;

constexpr std::string_view entry_keys[]{
    "name", "owner", "team", "tier", "description", "runbook", "labels", "links", "depends_on"};

std::vector<oncall::Link> links_of(const Node& entry)
{
    std::vector<oncall::Link> links;
    for (const auto& item : entry_items(entry, "links"))
        if (item.is_scalar())
            links.push_back({item.text, {}});
        else
            links.push_back({first_text(item, {"href", "url"}), first_text(item, {"text", "title"})});
    return links;
}

/// What is wrong with the form of an entry; empty: nothing.
std::string wrong_form(const Node& entry)
{
    if (entry.kind == Node::Kind::null)
        return {};
    if (entry.kind != Node::Kind::mapping)
        return "it is no mapping of `key: value`";
    for (std::size_t i = 0; i < entry.keys.size(); ++i) {
        const auto& key = entry.keys[i].text;
        if (std::find(std::begin(entry_keys), std::end(entry_keys), key) == std::end(entry_keys))
            return "it has the key `" + oncall::foreign_line(key, 40) + "`, which says nothing here";
        const auto kind = entry.items[i].kind;
        const bool is_list = kind == Node::Kind::list;
        const bool fits = kind == Node::Kind::null
            || (key == "labels"           ? kind == Node::Kind::mapping
                    : key == "links"      ? is_list
                    : key == "depends_on" ? is_list || entry.items[i].is_scalar()
                                          : entry.items[i].is_scalar());
        if (!fits)
            return "its `" + key + "` has the wrong form";
    }
    return {};
}

void read_entry(const Node& node, const std::string& name, int line, DirectoryRead& into)
{
    if (auto wrong = wrong_form(node); !wrong.empty()) {
        into.mistakes.push_back({line, name, std::move(wrong)});
        return;
    }
    DirectoryEntry entry;
    entry.line = line;
    entry.name = name;
    entry.owner = first_text(node, {"owner", "team"});
    entry.tier = tier_in(entry_text(node, "tier"));
    entry.description = entry_text(node, "description");
    entry.runbook = entry_text(node, "runbook");
    entry.labels = entry_labels(node, "labels");
    entry.links = links_of(node);
    entry.depends_on = entry_texts(node, "depends_on");
    into.entries.push_back(std::move(entry));
}

} // namespace

DirectoryRead directory_in_yaml(std::string_view text)
{
    DirectoryRead read;
    std::vector<Problem> problems;
    const auto root = node_in_yaml(text, problems);
    read.problem = first_problem(problems);
    if (!read.problem.empty())
        return read;
    const auto* const section = find(root, "services");
    const auto& all = section ? *section : root;
    if (all.kind == Node::Kind::mapping) {
        for (std::size_t i = 0; i < all.keys.size(); ++i)
            read_entry(all.items[i], all.keys[i].text, all.keys[i].line, read);
    } else if (all.kind == Node::Kind::list) {
        for (const auto& item : all.items)
            read_entry(item, entry_text(item, "name"), item.line, read);
    } else {
        read.problem = "it has no services: write them under `services:`, by name";
    }
    return oncall::checked(std::move(read));
}

} // namespace config
