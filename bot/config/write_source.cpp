#include "config/source_yaml.hpp"
#include "config/write.hpp"
#include "config/yaml.hpp"
#include "oncall/auto_resolve.hpp"
#include "storage/repositories.hpp"

namespace config {

namespace {

Node write_texts(const std::vector<std::string>& texts)
{
    auto list = a_list();
    for (const auto& text : texts)
        list.items.push_back(a_text(text));
    return list;
}

Node write_values(const std::map<std::string, std::string>& values)
{
    auto node = a_mapping();
    for (const auto& [word, to] : values)
        put(node, word, a_text(to));
    return node;
}

Node write_field(const oncall::MappedField& field)
{
    const bool alone = field.text.empty() && field.values.empty() && field.otherwise.empty();
    if (alone && field.from.size() == 1)
        return a_text(field.from.front());
    auto node = a_mapping();
    if (field.from.size() == 1)
        put_text(node, "from", field.from.front());
    else if (!field.from.empty())
        put(node, "from", write_texts(field.from));
    put_text(node, "text", field.text);
    if (!field.values.empty())
        put(node, "values", write_values(field.values));
    put_text(node, "default", field.otherwise);
    return node;
}

Node write_mapping(const oncall::Mapping& mapping)
{
    auto node = a_mapping();
    node.block = true;
    put_text(node, "each", mapping.each);
    auto fields = a_mapping();
    fields.block = true;
    for (const auto& [name, field] : mapping.fields)
        put(fields, name, write_field(field));
    put(node, "fields", std::move(fields));
    return node;
}

void write_further(const oncall::Source& source, Node& node)
{
    if (source.by_group)
        put(node, "group", a_truth(true));
    if (!source.branches.empty())
        put(node, "branches", write_texts(source.branches));
    if (!source.topics.empty())
        put(node, "topics", write_texts(source.topics));
    if (!source.severities.empty())
        put(node, "severities", write_values(source.severities));
    if (source.first_ping_makes != oncall::milliseconds{})
        put(node, "first_ping_makes", a_text(oncall::duration_out(source.first_ping_makes)));
    if (source.mapping != oncall::Mapping{})
        put(node, "mapping", write_mapping(source.mapping));
}

} // namespace

Node write_source(const oncall::Source& source)
{
    auto node = a_mapping();
    node.block = source.mapping != oncall::Mapping{};
    put_text(node, "format", source.format);
    put_text(node, "key_hash", source.key.empty() ? source.key_hash : storage::sha256(source.key));
    put_text(node, "service", source.service);
    put_text(node, "team", source.team);
    if (source.is_signed)
        put(node, "signed", a_truth(true));
    if (source.quiet)
        put(node, "quiet", a_truth(true));
    put_text(node, "auto_resolve", oncall::auto_resolve_out(source.auto_resolve));
    write_further(source, node);
    return node;
}

std::string further_yaml(const oncall::Source& source)
{
    auto node = a_mapping();
    write_further(source, node);
    return node.items.empty() ? "" : yaml_of(node);
}

} // namespace config
