#include "oncall/mapping.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_pointer = 500, most_template = 2'000, deepest_section = 10;
constexpr std::string_view label_field{"labels."};

} // namespace

const std::vector<std::string>& mapped_fields()
{
    static const std::vector<std::string> all{
        "title", "description", "severity", "service", "dedup_key", "status", "kind", "link"};
    return all;
}

bool is_mapped_field(std::string_view name)
{
    const auto& all = mapped_fields();
    return (name.starts_with(label_field) && name.size() > label_field.size())
        || std::find(all.begin(), all.end(), name) != all.end();
}

std::string why_no_pointer(std::string_view text)
{
    if (!text.starts_with('/'))
        return "it must begin with /";
    if (text.size() > most_pointer)
        return "it is longer than 500 bytes";
    for (std::size_t at = text.find('~'); at != text.npos; at = text.find('~', at + 1))
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1'))
            return "a ~ in a name is written ~0, and a / in it ~1";
    return {};
}

std::string why_no_template(std::string_view text)
{
    if (text.size() > most_template)
        return "it is longer than 2,000 bytes";
    std::vector<std::string> open;
    for (auto at = text.find("{{"); at != text.npos; at = text.find("{{", at)) {
        const bool triple = text.substr(at).starts_with("{{{");
        const std::string_view closing{triple ? "}}}" : "}}"};
        const auto begin = at + closing.size();
        const auto end = text.find(closing, begin);
        if (end == text.npos)
            return "a {{ in it is not closed";
        auto name = trimmed(text.substr(begin, end - begin));
        at = end + closing.size();
        const char sign = triple || name.empty() ? ' ' : name.front();
        if (sign == '!')
            continue;
        if (sign == '>' || sign == '=')
            return "partials ({{> }}) and other delimiters ({{= =}}) are not known here";
        if (sign == '#' || sign == '^' || sign == '/' || sign == '&')
            name = trimmed(std::string_view{name}.substr(1));
        if (name.empty() || name.find_first_of("{}") != name.npos)
            return "a {{ }} in it names nothing";
        if (sign == '#' || sign == '^')
            open.push_back(name);
        if (open.size() > deepest_section)
            return "its sections are more than 10 deep";
        if (sign != '/')
            continue;
        if (open.empty() || open.back() != name)
            return "{{/" + name + "}} closes nothing";
        open.pop_back();
    }
    return open.empty() ? "" : "{{#" + open.back() + "}} is not closed";
}

} // namespace oncall
