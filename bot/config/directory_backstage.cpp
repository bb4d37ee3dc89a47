#include "config/directory_entries.hpp"
#include "config/directory_fields.hpp"
#include "config/yaml.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::DirectoryEntry;
using oncall::DirectoryRead;

constexpr std::size_t most_links_shown = 10;
constexpr std::string_view nobody_pages_for[]{"library", "documentation"};

const Node& part_of(const Node& entity, std::string_view key)
{
    static const Node nothing{};
    const auto* const part = find(entity, key);
    return part ? *part : nothing;
}

/// "component:default/db" → "db"; of another namespace with it. Empty: it is no component.
std::string component_in(std::string_view reference)
{
    if (const auto colon = reference.find(':'); colon != reference.npos) {
        if (oncall::lower(reference.substr(0, colon)) != "component")
            return {};
        reference.remove_prefix(colon + 1);
    }
    constexpr std::string_view usual{"default/"};
    return std::string{reference.starts_with(usual) ? reference.substr(usual.size()) : reference};
}

void read_entity_links(const Node& metadata, DirectoryEntry& entry)
{
    for (const auto& item : entry_items(metadata, "links")) {
        auto url = entry_text(item, "url");
        if (!url.starts_with("https://") && !url.starts_with("http://"))
            continue; // Backstage takes any address, as mailto:
        const auto title = entry_text(item, "title");
        const bool is_runbook =
            oncall::lower(entry_text(item, "type")) == "runbook" || oncall::lower(title).starts_with("runbook");
        if (is_runbook && entry.runbook.empty())
            entry.runbook = std::move(url);
        else if (entry.links.size() < most_links_shown)
            entry.links.push_back({std::move(url), title});
    }
}

void put_label(DirectoryEntry& entry, const std::string& name, const std::string& value)
{
    if (!value.empty())
        entry.labels.emplace(name, value);
}

void read_entity(const Node& entity, DirectoryRead& into)
{
    if (entity.kind != Node::Kind::mapping || !find(entity, "kind")) {
        into.mistakes.push_back({entity.line, {}, "it is no entity: it has no `kind`"});
        return;
    }
    if (oncall::lower(entry_text(entity, "kind")) != "component")
        return;
    const auto& metadata = part_of(entity, "metadata");
    const auto& spec = part_of(entity, "spec");
    const auto type = entry_text(spec, "type");
    if (std::find(std::begin(nobody_pages_for), std::end(nobody_pages_for), type) != std::end(nobody_pages_for))
        return;
    DirectoryEntry entry;
    entry.line = metadata.line > 0 ? metadata.line : entity.line;
    entry.name = entry_text(metadata, "name");
    const auto name_space = entry_text(metadata, "namespace");
    if (!entry.name.empty() && !name_space.empty() && name_space != "default")
        entry.name = name_space + "/" + entry.name;
    entry.owner = entry_text(spec, "owner");
    entry.description = first_text(metadata, {"description", "title"});
    entry.labels = entry_labels(metadata, "labels");
    put_label(entry, "lifecycle", entry_text(spec, "lifecycle"));
    put_label(entry, "system", entry_text(spec, "system"));
    put_label(entry, "type", type);
    std::string tags;
    for (const auto& tag : entry_texts(metadata, "tags"))
        tags += (tags.empty() ? "" : ", ") + tag;
    put_label(entry, "tags", tags);
    if (const auto tier = entry.labels.find("tier"); tier != entry.labels.end() && tier_in(tier->second) > 0) {
        entry.tier = tier_in(tier->second);
        entry.labels.erase(tier);
    }
    read_entity_links(metadata, entry);
    for (const auto& reference : entry_texts(spec, "dependsOn"))
        if (auto name = component_in(reference); !name.empty())
            entry.depends_on.push_back(std::move(name));
    into.entries.push_back(std::move(entry));
}

} // namespace

DirectoryRead directory_in_backstage(std::string_view text)
{
    DirectoryRead read;
    std::vector<Problem> problems;
    const auto documents = nodes_in_yaml(text, problems);
    read.problem = first_problem(problems);
    if (!read.problem.empty())
        return read;
    for (const auto& document : documents)
        if (document.kind == Node::Kind::list)
            for (const auto& entity : document.items)
                read_entity(entity, read);
        else
            read_entity(document, read);
    if (documents.empty())
        read.problem = "there is no entity in it";
    return oncall::checked(std::move(read));
}

} // namespace config
