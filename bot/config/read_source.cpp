#include "config/read.hpp"
#include "config/source_yaml.hpp"
#include "config/yaml.hpp"
#include "oncall/auto_resolve.hpp"
#include "oncall/formats.hpp"
#include "oncall/mapping.hpp"
#include "oncall/severity.hpp"
#include "oncall/words.hpp"
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

void read_signing_secret(Reader& reader, const Fields& in, oncall::Source& source)
{
    if (in.has("signing_secret") && in.has("signing_secret_env"))
        reader.problem(in.of(), "source " + source.name + " has more than one signing secret",
            "keep one of signing_secret and signing_secret_env");
    auto from = in.has("signing_secret") ? std::string{"signing_secret"} : std::string{"signing_secret_env"};
    source.signing_secret = reader.text(in, "signing_secret");
    if (const auto variable = reader.text(in, "signing_secret_env"); !variable.empty()) {
        source.signing_secret = reader.variable(variable).value_or("");
        if (source.signing_secret.empty())
            reader.problem(in.at("signing_secret_env"), "the environment variable " + variable + " is not set",
                "set it, or use `signing_secret`");
    }
    if (source.signing_secret.empty())
        return;
    if (const auto why = why_no_secret(source.signing_secret); !why.empty())
        reader.problem(in.at(from), "the signing secret of source " + source.name + " " + why,
            "use 8 to 256 characters, as the tool that signs gives or takes them");
}

/// What makes sense with some formats alone. What has no format that is known is not blamed twice.
void only_with(Reader& reader, const Fields& in, const std::string& key, const oncall::Source& source,
    const std::vector<std::string_view>& formats)
{
    const auto is = [&](std::string_view name) { return name == source.format; };
    const auto& known = oncall::source_formats;
    if (!in.has(key) || std::none_of(known.begin(), known.end(), is) || std::any_of(formats.begin(), formats.end(), is))
        return;
    std::string names;
    for (const auto name : formats)
        names += (names.empty() ? "" : " or ") + std::string{name};
    reader.problem(
        in.at(key), "`" + key + "` says nothing with format " + source.format, "leave it out; it goes with format " + names);
}

/// A word → a word, the keys in lower case.
std::map<std::string, std::string> read_values(Reader& reader, const Place& at, const std::string& what)
{
    std::map<std::string, std::string> values;
    reader.names_of(at, "`" + what + "`", [&](const std::string& word, const Place& key, const Node& value) {
        auto to = reader.text(Place{&value, at.path + "." + word}, word);
        if (!values.emplace(oncall::lower(word), std::move(to)).second)
            reader.problem(key, "`" + oncall::lower(word) + "` is there twice in `" + what + "`",
                "keep one: large and small letters are the same");
    });
    return values;
}

void read_source_severities(Reader& reader, const Fields& in, oncall::Source& source)
{
    source.severities.clear();
    if (!in.has("severities"))
        return;
    const auto& at = in.at("severities");
    source.severities = read_values(reader, at, "severities");
    const std::vector<std::string> words{oncall::severity_words.begin(), oncall::severity_words.end()};
    if (at.node->kind != Node::Kind::mapping)
        return;
    for (std::size_t i = 0; i < at.node->items.size(); ++i) {
        const auto& value = at.node->items[i];
        if (value.is_scalar() && !value.text.empty() && std::find(words.begin(), words.end(), value.text) == words.end())
            reader.problem(Place{&value, at.path + "." + at.node->keys[i].text}, "there is no severity `" + value.text + "`",
                reader.suggestion(value.text, words, "write one of " + joined(words)));
    }
}

void check_pointer(Reader& reader, const Place& at, const std::string& text)
{
    if (const auto why = text.empty() ? std::string{} : oncall::why_no_pointer(text); !why.empty())
        reader.problem(
            at, "`" + text + "` is no JSON pointer: " + why, "write the way to it, as /alert/title, or /alerts/0/name in a list");
}

/// A pointer alone, or all that there is to say.
oncall::MappedField read_field(Reader& reader, const Place& at, const std::string& name)
{
    oncall::MappedField field;
    if (at.node->is_scalar()) {
        field.from.push_back(reader.text(at, name));
        check_pointer(reader, at, field.from.back());
        return field;
    }
    const std::vector<std::string> known{"from", "text", "values", "default"};
    const auto in = reader.fields(at, "`" + name + "`", known);
    if (in.has("from") && in.at("from").node->is_scalar()) {
        field.from.push_back(reader.text(in, "from"));
        check_pointer(reader, in.at("from"), field.from.back());
    } else {
        for (const auto& one : reader.list(in, "from")) {
            field.from.push_back(reader.text(one, "from"));
            check_pointer(reader, one, field.from.back());
        }
    }
    field.text = reader.text(in, "text");
    if (const auto why = oncall::why_no_template(field.text); !why.empty())
        reader.problem(in.at("text"), "`text` is no template: " + why, "write it as {{field}}, or {{#list}}{{name}} {{/list}}");
    if (in.has("values"))
        field.values = read_values(reader, in.at("values"), "values");
    field.otherwise = reader.text(in, "default");
    if (field.from.empty() && field.text.empty() && field.otherwise.empty())
        reader.problem(at, "`" + name + "` comes from nowhere",
            "write where it is in the payload, as " + name + ": /alert/" + name + "; or `from`, `text` or `default`");
    return field;
}

void read_mapping(Reader& reader, const Fields& all, oncall::Source& source)
{
    source.mapping = {};
    if (!all.has("mapping"))
        return;
    const auto& at = all.at("mapping");
    const auto in = reader.fields(at, "`mapping`", {"each", "fields"});
    source.mapping.each = reader.text(in, "each");
    if (in.has("each"))
        check_pointer(reader, in.at("each"), source.mapping.each);
    if (!in.has("fields") || (in.at("fields").node->kind != Node::Kind::list && in.at("fields").node->items.empty())) {
        reader.problem(at, "the mapping fills no field", "write `fields:` and below it, for example, title: /alert/title");
        return;
    }
    const auto& fields = in.at("fields");
    reader.names_of(fields, "`fields`", [&](const std::string& name, const Place& key, const Node& value) {
        if (!oncall::is_mapped_field(name))
            reader.problem(key, "an alert has no field `" + name + "`",
                reader.suggestion(name, oncall::mapped_fields(), "use " + joined(oncall::mapped_fields()) + ", or labels.NAME"));
        source.mapping.fields[name] = read_field(reader, Place{&value, fields.path + "." + name}, name);
    });
}

std::vector<std::string> read_texts(Reader& reader, const Fields& in, const std::string& key)
{
    std::vector<std::string> texts;
    for (const auto& at : reader.list(in, key)) {
        auto text = reader.text(at, key);
        if (!text.empty() && std::find(texts.begin(), texts.end(), text) != texts.end())
            reader.problem(at, "`" + text + "` is there twice", "name each once");
        texts.push_back(std::move(text));
    }
    return texts;
}

oncall::milliseconds read_auto_resolve(Reader& reader, const Fields& in)
{
    if (!in.has("auto_resolve"))
        return {};
    const auto& at = in.at("auto_resolve");
    if (const auto time = at.node->is_scalar() ? oncall::auto_resolve_in(at.node->text) : std::nullopt)
        return *time;
    reader.problem(at, "`auto_resolve` is no time from a minute to thirty days", "write it as 30m, 2h or 1d, or never");
    return {};
}

const std::vector<std::string> further_keys{"group", "branches", "topics", "severities", "first_ping_makes", "mapping"};

} // namespace

std::string why_no_secret(const std::string& text)
{
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return text.size() < 8                                  ? "is too short to keep anybody out"
        : text.size() > 256                                 ? "is longer than 256 bytes"
        : std::any_of(text.begin(), text.end(), is_control) ? "has a control character in it"
                                                            : "";
}

void read_further(Reader& reader, const Fields& in, oncall::Source& source)
{
    only_with(reader, in, "group", source, {"alertmanager"});
    only_with(reader, in, "branches", source, {"github"});
    only_with(reader, in, "topics", source, {"sns"});
    only_with(reader, in, "mapping", source, {"generic", "email"});
    source.by_group = reader.truth(in, "group").value_or(false);
    source.branches = read_texts(reader, in, "branches");
    source.topics = read_texts(reader, in, "topics");
    const auto topics = reader.list(in, "topics");
    for (std::size_t i = 0; i < topics.size(); ++i)
        if (const auto& topic = source.topics[i];
            !topic.empty() && !(topic.starts_with("arn:aws") && topic.find(":sns:") != topic.npos))
            reader.problem(topics[i], "`" + topic + "` is no topic of SNS",
                "write its ARN, as arn:aws:sns:eu-central-1:123456789012:alarms");
    read_source_severities(reader, in, source);
    source.first_ping_makes = read_interval(reader, in, "first_ping_makes");
    read_mapping(reader, in, source);
}

oncall::Source read_source(Reader& reader, const std::string& name, const Place& at)
{
    std::vector<std::string> known{"format", "key", "key_env", "key_hash", "service", "team", "signed", "signing_secret",
        "signing_secret_env", "quiet", "auto_resolve"};
    known.insert(known.end(), further_keys.begin(), further_keys.end());
    const auto in = reader.fields(at, "source " + name, known);
    oncall::Source source;
    source.name = name;
    source.format = reader.text(in, "format");
    const std::vector<std::string> formats{oncall::source_formats.begin(), oncall::source_formats.end()};
    if (std::find(formats.begin(), formats.end(), source.format) == formats.end())
        reader.problem(in.near("format"), "source " + name + " has no format that is known",
            reader.suggestion(source.format, formats, "write `format:` and one of " + joined(formats)));
    read_key(reader, in, source);
    source.service = reader.reference(in, "service", "service");
    source.team = reader.reference(in, "team", "team");
    source.is_signed = reader.truth(in, "signed").value_or(false);
    if (source.is_signed) // else all that comes would be refused
        only_with(reader, in, "signed", source, {oncall::signing_formats.begin(), oncall::signing_formats.end()});
    read_signing_secret(reader, in, source);
    source.quiet = reader.truth(in, "quiet").value_or(false);
    source.auto_resolve = read_auto_resolve(reader, in);
    read_further(reader, in, source);
    return source;
}

ParsedSource parse_further(std::string_view text, oncall::Source source)
{
    ParsedSource parsed;
    parsed.source = std::move(source);
    const auto root = node_in_yaml(text, parsed.problems);
    if (!parsed.problems.empty())
        return parsed;
    const Environment nothing = [](const std::string&) { return std::optional<std::string>{}; };
    Reader reader{nothing, Names::people};
    const Place at{&root, "source " + parsed.source.name};
    reader.enter(at.path);
    const auto in = reader.fields(at, "this field", further_keys);
    read_further(reader, in, parsed.source);
    parsed.problems = reader.problems();
    return parsed;
}

} // namespace config
