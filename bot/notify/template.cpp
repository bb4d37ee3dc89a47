#include "notify/template.hpp"

#include "notify/text.hpp"

#include <kainjow/mustache.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <set>

namespace notify {

namespace {

namespace mustache = kainjow::mustache;

mustache::data data_of(const Filling& filling)
{
    mustache::data object{mustache::data::type::object};
    for (const auto& [name, text] : filling.texts) {
        // An empty text has no section, and hides one of that name further out.
        if (text.empty())
            object.set(name, mustache::data{mustache::data::type::bool_false});
        else
            object.set(name, text);
    }
    for (const auto& [name, entries] : filling.lists) {
        mustache::data list{mustache::data::type::list};
        for (const auto& entry : entries)
            list.push_back(data_of(entry));
        object.set(name, list);
    }
    return object;
}

/// The library writes &apos;, which Outlook shows as it stands.
std::string escaped(const std::string& text)
{
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&': safe += "&amp;"; break;
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        case '"': safe += "&quot;"; break;
        case '\'': safe += "&#39;"; break;
        default: safe += c;
        }
    }
    return safe;
}

std::string filled(std::string_view sample, const Filling& filling, std::string (*escape)(const std::string&))
{
    mustache::mustache page{std::string{sample}};
    if (!page.is_valid())
        throw std::logic_error{"a template is broken: " + page.error_message()};
    page.set_custom_escape(escape);
    return page.render(data_of(filling));
}

constexpr std::size_t most_values = 2'000, most_entries_shown = 1'000, most_filled = 1 << 20;

/// What is beyond `left` values counts as not there.
mustache::data data_of_json(const slack::Json& given, std::size_t& left)
{
    mustache::data nothing{mustache::data::type::bool_false};
    if (left == 0)
        return nothing;
    --left;
    if (given.is_object()) {
        mustache::data object{mustache::data::type::object};
        for (const auto& [name, value] : given.items())
            object.set(name, data_of_json(value, left));
        return object;
    }
    if (given.is_array()) {
        mustache::data list{mustache::data::type::list};
        for (const auto& value : given) {
            if (left == 0)
                break;
            list.push_back(data_of_json(value, left));
        }
        return list;
    }
    if (given.is_string() && !given.get_ref<const std::string&>().empty())
        return mustache::data{given.get_ref<const std::string&>()};
    if (given.is_number() || (given.is_boolean() && given.get<bool>()))
        return mustache::data{given.dump()};
    return nothing;
}

/// "a" of {{a.b}}, and what stands behind "payload.". Too many do no harm: these are what is copied.
std::set<std::string> named_first(std::string_view sample)
{
    constexpr std::string_view signs{"{#^/& \t\r\n"}, ends{"} \t\r\n"}, root{"payload."};
    std::set<std::string> names;
    for (auto at = sample.find("{{"); at != sample.npos; at = sample.find("{{", at)) {
        const auto begin = std::min(sample.find_first_not_of(signs, at), sample.size());
        auto name = sample.substr(begin, sample.find_first_of(ends, begin) - begin);
        names.emplace(name.substr(0, name.find('.')));
        if (name.starts_with(root)) {
            name.remove_prefix(root.size());
            names.emplace(name.substr(0, name.find('.')));
        }
        at = begin;
    }
    return names;
}

mustache::data named_of_json(const slack::Json& given, const std::set<std::string>& names, std::size_t& left)
{
    if (!given.is_object())
        return data_of_json(given, left);
    mustache::data object{mustache::data::type::object};
    for (const auto& name : names)
        if (const auto found = given.find(name); found != given.end())
            object.set(name, data_of_json(*found, left));
    return object;
}

/// Sections in sections over the same list would else be shown for years.
class Counted : public mustache::context<std::string> {
public:
    void push(const mustache::data* data) override
    {
        if (++shown_ > most_entries_shown)
            throw BadTemplate{"it shows more than 1,000 entries of lists"};
        mustache::context<std::string>::push(data);
    }
    const mustache::data* get(const std::string& name) const override
    {
        const auto* const found = mustache::context<std::string>::get(name);
        if (found && found->is_string() && (filled_ += found->string_value().size()) > most_filled)
            throw BadTemplate{"what it makes is longer than a megabyte"};
        return found;
    }
    /// Else a text of the payload would be a template.
    const mustache::data* get_partial(const std::string&) const override { return nullptr; }

private:
    std::size_t shown_{};
    mutable std::size_t filled_{};
};

struct Written {
    std::string text{};
    Written& operator<<(const std::string& more)
    {
        text += more;
        return *this;
    }
};

std::string unescaped(const std::string& text) { return text; }

} // namespace

std::string plain(std::string_view sample, const slack::Json& given, const slack::Json& whole)
{
    mustache::mustache page{std::string{sample}};
    if (!page.is_valid())
        throw BadTemplate{page.error_message()};
    page.set_custom_escape(unescaped);
    const auto names = named_first(sample);
    std::size_t left = most_values;
    const auto data = named_of_json(given, names, left);
    mustache::data beyond{mustache::data::type::object};
    if (names.contains("payload"))
        beyond.set("payload", named_of_json(whole, names, left));
    Counted context;
    context.push(&beyond);
    context.push(&data);
    Written written;
    page.render(context, written);
    return written.text;
}

std::string html(std::string_view sample, const Filling& filling) { return filled(sample, filling, escaped); }

std::string plain(std::string_view sample, const Filling& filling) { return filled(sample, filling, unescaped); }

std::string style_source(std::string_view style)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (EVP_Digest(style.data(), style.size(), digest, &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"SHA-256 failed"};
    return "'sha256-" + base64({reinterpret_cast<const char*>(digest), length}) + "'";
}

} // namespace notify
