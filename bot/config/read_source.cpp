#include "config/read.hpp"
#include "storage/repositories.hpp"

#include <algorithm>

namespace config {

namespace {

void read_key(Reader& reader, const Fields& in, oncall::Source& source)
{
    const auto& name = source.name;
    if (in.has("key") + in.has("key_env") + in.has("key_hash") > 1)
        reader.problem(in.of(), "source " + name + " has more than one key", "keep one of key, key_env and key_hash");
    source.key = reader.text(in, "key");
    if (const auto variable = reader.text(in, "key_env"); !variable.empty()) {
        source.key = reader.variable(variable).value_or("");
        if (source.key.empty())
            reader.problem(in.at("key_env"), "the environment variable " + variable + " is not set", "set it, or use `key`");
    }
    source.key_hash = reader.quoted_text(in, "key_hash");
    if (!source.key_hash.empty()
        && (source.key_hash.size() != 64 || source.key_hash.find_first_not_of("0123456789abcdef") != std::string::npos))
        reader.problem(in.at("key_hash"), "`key_hash` is no SHA-256", "write 64 hexadecimal digits in small letters");
    const auto hash = source.key.empty() ? source.key_hash : storage::sha256(source.key);
    if (hash.empty())
        return;
    if (const auto [other, fresh] = reader.key_hashes.emplace(hash, name); !fresh)
        reader.problem(
            in.of(), "sources " + other->second + " and " + name + " have the same key", "give each source its own key");
}

} // namespace

oncall::Source read_source(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "source " + name, {"format", "key", "key_env", "key_hash", "service", "team"});
    oncall::Source source;
    source.name = name;
    source.format = reader.text(in, "format");
    const std::vector<std::string> formats{"alertmanager", "generic", "pagerduty", "paging"};
    if (std::find(formats.begin(), formats.end(), source.format) == formats.end())
        reader.problem(in.near("format"), "source " + name + " has no format that is known",
            reader.suggestion(source.format, formats, "write `format:` and one of " + joined(formats)));
    read_key(reader, in, source);
    source.service = reader.reference(in, "service", "service");
    source.team = reader.reference(in, "team", "team");
    return source;
}

} // namespace config
