#include "net/message.hpp"

#include <algorithm>

namespace net {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool unreserved(char c)
{
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

std::string_view header(const std::vector<Header>& headers, std::string_view name)
{
    for (const auto& header : headers)
        if (std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                [](char a, char b) { return lower(a) == lower(b); }))
            return header.value;
    return {};
}

std::string_view path(std::string_view target) { return target.substr(0, target.find('?')); }

std::optional<std::string> percent_decode(std::string_view text, bool plus)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string percent_encode(std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::optional<std::vector<Header>> form_in(std::string_view body)
{
    std::vector<Header> fields;
    while (!body.empty()) {
        const auto field = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), field.size() + 1));
        if (field.empty())
            continue;
        const auto equals = std::min(field.find('='), field.size());
        auto name = percent_decode(field.substr(0, equals), true);
        auto value = percent_decode(field.substr(std::min(equals + 1, field.size())), true);
        if (!name || !value)
            return std::nullopt;
        fields.push_back({std::move(*name), std::move(*value)});
    }
    return fields;
}

std::string form_out(const std::vector<Header>& fields)
{
    std::string body;
    for (const auto& field : fields) {
        if (!body.empty())
            body += '&';
        body += percent_encode(field.name) + '=' + percent_encode(field.value);
    }
    return body;
}

} // namespace net
