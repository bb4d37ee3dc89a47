#include "notify/template.hpp"

#include "notify/text.hpp"

#include <kainjow/mustache.hpp>
#include <openssl/evp.h>

#include <stdexcept>

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

} // namespace

std::string html(std::string_view sample, const Filling& filling) { return filled(sample, filling, escaped); }

std::string plain(std::string_view sample, const Filling& filling)
{
    return filled(sample, filling, [](const std::string& text) { return text; });
}

std::string style_source(std::string_view style)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (EVP_Digest(style.data(), style.size(), digest, &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"SHA-256 failed"};
    return "'sha256-" + base64({reinterpret_cast<const char*>(digest), length}) + "'";
}

} // namespace notify
