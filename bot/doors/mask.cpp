#include "doors/mask.hpp"

namespace logging {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0; }
bool is_local(char c) { return is_letter(c) || std::string_view{".!#$%&'*+/?^_`{|}~-"}.find(c) != std::string_view::npos; }

} // namespace

std::string masked(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool has_domain = text[at] == '@' && at + 1 < text.size() && is_letter(text[at + 1]);
        std::size_t local = 0;
        while (has_domain && local < out.size() && is_local(out[out.size() - 1 - local]))
            ++local;
        if (local > 0) {
            const auto first = out.size() - local;
            std::size_t kept = 1;
            while (kept < local && (out[first + kept] & 0xc0) == 0x80) // the rest of a character of several bytes
                ++kept;
            out.replace(first + kept, local - kept, "***");
        }
        out += text[at];
    }
    return out;
}

} // namespace logging
