#include "oncall/alert_template.hpp"

#include "oncall/condition.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <cstdio>

namespace oncall {

namespace {

/// The parts of a template in turn: `plain(text)` for what stands as it is, `named(field)` for a name in braces. False: a pair of
/// braces is not closed.
template <class Plain, class Named> bool each_template_part(std::string_view text, Plain plain, Named named)
{
    while (!text.empty()) {
        const auto open = std::min(text.find("{{"), text.size());
        plain(text.substr(0, open));
        if (open == text.size())
            return true;
        // Three braces are what others write for a text that is not escaped; here none is.
        const std::size_t braces = text.substr(open).starts_with("{{{") ? 3 : 2;
        const auto close = text.find(braces == 3 ? "}}}" : "}}", open + braces);
        if (close == text.npos)
            return false;
        named(trimmed(text.substr(open + braces, close - open - braces)));
        text.remove_prefix(close + braces);
    }
    return true;
}

struct AlertWords {
    std::string text{};
    bool says{}; // something of the alert, or it names nothing
};

AlertWords alert_words(std::string_view text, const AlertFields& fields)
{
    AlertWords made;
    bool names = false;
    each_template_part(
        text.substr(0, most_alert_template), [&](std::string_view plain) { made.text += plain; },
        [&](const std::string& field) {
            const auto said = field_of(fields, field);
            names = true;
            made.says = made.says || !said.empty();
            made.text += said;
        });
    made.says = made.says || !names;
    // A line end in a title would be a line end in what people read of it.
    for (auto& c : made.text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    made.text = made.says ? trimmed(made.text) : "";
    return made;
}

/// FNV-1a, 64 bits.
std::string fingerprint_of(std::string_view text)
{
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    for (const auto c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    char hex[20];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
    return hex;
}

} // namespace

std::string why_no_alert_template(std::string_view text)
{
    if (text.size() > most_alert_template)
        return "is longer than " + std::to_string(most_alert_template) + " bytes";
    std::string unknown;
    const bool closed = each_template_part(
        text, [](std::string_view) {},
        [&](const std::string& field) {
            if (unknown.empty() && !is_alert_field(field))
                unknown = "names {{" + field + "}}, which alerts do not have";
        });
    return closed ? unknown : "has a {{ that nothing closes";
}

std::string expanded(std::string_view text, const AlertFields& fields)
{
    return cut_between_characters(alert_words(text, fields).text, most_expanded);
}

std::string key_of(std::string_view text, const AlertFields& fields)
{
    auto whole = alert_words(text, fields).text;
    if (whole.size() <= most_expanded)
        return whole;
    const auto rest = "…" + fingerprint_of(whole);
    return cut_between_characters(std::move(whole), most_expanded) + rest;
}

} // namespace oncall
