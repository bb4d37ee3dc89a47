#include "notify/sms_text.hpp"

#include "notify/text.hpp"

#include <algorithm>

namespace notify {

namespace {

constexpr std::size_t most_of_several = 80;

/// A character's place in GSM 03.38: 1 in the basic table, 2 behind an escape, 0 nowhere.
int septets(char32_t c)
{
    static const std::u32string basic{U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
                                      U"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"};
    static const std::u32string escaped{U"\f^{}\\[~]|€"};
    return basic.find(c) != basic.npos ? 1 : escaped.find(c) != escaped.npos ? 2 : 0;
}

struct Replaced {
    char32_t character{};
    std::string_view by{};
};
/// One such character would more than halve what fits.
constexpr Replaced replaced[]{{U'…', "..."}, {U'—', "-"}, {U'–', "-"}, {U'‐', "-"}, {U'‑', "-"}, {U'−', "-"}, {U'“', "\""},
    {U'”', "\""}, {U'„', "\""}, {U'«', "\""}, {U'»', "\""}, {U'‘', "'"}, {U'’', "'"}, {U'‚', "'"}, {U'`', "'"}, {U'´', "'"},
    {U'•', "*"}, {U'·', "-"}, {U'→', "->"}, {U'←', "<-"}, {U'×', "x"}, {U'\u00A0', " "}, {U'\u202F', " "}, {U'\u2009', " "},
    {U'\u200B', ""}, {U'\u200E', ""}, {U'\u200F', ""}, {U'\uFE0F', ""}};

/// `text` is well-formed, as `clean` leaves it.
std::u32string characters(std::string_view text)
{
    std::u32string all;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        char32_t character = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t more = 1; more < length && at + more < text.size(); ++more)
            character = (character << 6) | (static_cast<unsigned char>(text[at + more]) & 0x3Fu);
        all += character;
        at += length;
    }
    return all;
}

std::string bytes(char32_t c)
{
    std::string text;
    if (c < 0x80)
        return {static_cast<char>(c)};
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr unsigned leads[]{0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(leads[more] | (c >> (6 * more)));
    for (int left = more - 1; left >= 0; --left)
        text += static_cast<char>(0x80 | ((c >> (6 * left)) & 0x3F));
    return text;
}

/// Clean, and in letters that phones' networks know where that changes no word.
std::string simplified(std::string_view text)
{
    std::string all;
    for (const auto c : characters(clean(text))) {
        const auto* const found =
            std::find_if(std::begin(replaced), std::end(replaced), [&](const Replaced& one) { return one.character == c; });
        all += found == std::end(replaced) ? bytes(c) : std::string{found->by};
    }
    return all;
}

/// In segments of `room`, none of which ends inside a character.
int segments_filled(const std::vector<int>& sizes, int alone, int room)
{
    int sum = 0, count = 1, used = 0;
    for (const auto size : sizes) {
        sum += size;
        if (used + size > room) {
            ++count;
            used = 0;
        }
        used += size;
    }
    return sum <= alone ? 1 : count;
}

/// As much of `text` as fits before `behind`, with "..." where something is missing.
std::string fitted(const std::string& text, const std::string& behind)
{
    if (segments(text + behind) <= most_segments)
        return text + behind;
    const auto all = characters(text);
    std::size_t least = 0, most = all.size(); // of these many characters the first fits, the last does not
    const auto cut = [&](std::size_t count) {
        std::string kept;
        for (std::size_t at = 0; at < count; ++at)
            kept += bytes(all[at]);
        return kept + "..." + behind;
    };
    while (most - least > 1) {
        const auto middle = least + (most - least) / 2;
        (segments(cut(middle)) <= most_segments ? least : most) = middle;
    }
    return cut(least);
}

} // namespace

int segments(std::string_view text)
{
    if (text.empty())
        return 0;
    std::vector<int> in_gsm, in_ucs;
    bool gsm = true;
    for (const auto c : characters(text)) {
        const auto size = septets(c);
        gsm = gsm && size > 0;
        in_gsm.push_back(size);
        in_ucs.push_back(c > 0xFFFF ? 2 : 1);
    }
    return gsm ? segments_filled(in_gsm, 160, 153) : segments_filled(in_ucs, 70, 67);
}

std::string sms_words(std::string_view words) { return fitted(simplified(words), ""); }

std::string sms_text(const PageMessage& message)
{
    if (message.alert == 0)
        return sms_words(message.text.empty() ? message.title : message.text);
    if (!message.several.empty()) {
        auto told = (message.drill ? "DRILL, nothing is broken. " : "") + std::to_string(message.pages) + " pages:";
        for (const auto& one : message.several)
            told += (told.ends_with(':') ? " " : "; ") + one_line(one.line, most_of_several);
        return fitted(simplified(told), "\nReply 4" + (message.code.empty() ? "" : " " + message.code) + " to acknowledge all.");
    }
    const auto which = message.code.empty() ? std::string{} : " " + message.code;
    const auto ours = message.test ? std::string{"\nThis is a test; there is nothing to do."}
                                   : "\nReply 4" + which + " to acknowledge, 6" + which + " to resolve.";
    return fitted(simplified(one_line(message.title, 500)), ours);
}

} // namespace notify
