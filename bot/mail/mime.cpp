#include "mail/message.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

namespace mail {

namespace {

constexpr std::size_t most_text = 64 << 10, most_header = 4 << 10, most_addresses = 2 << 10, most_line = 16 << 10;
constexpr int most_parts = 50, deepest_part = 10;
// Of what the library gets to see.
constexpr int most_nestings = 100, most_boundaries = 500, most_headers = 2'000;

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class Object> using Owned = std::unique_ptr<Object, Unref>;
struct Free {
    void operator()(char* text) const { g_free(text); }
};
using Text = std::unique_ptr<char, Free>;

/// U+FFFD for what is none, and for NUL.
std::string valid_utf8(std::string_view bytes)
{
    const Text text{g_utf8_make_valid(bytes.data(), static_cast<gssize>(bytes.size()))};
    return text.get();
}

std::optional<std::string> converted(const std::string& bytes, const char* charset)
{
    gsize written{};
    GError* problem{};
    const Text text{g_convert(bytes.data(), static_cast<gssize>(bytes.size()), "UTF-8", charset, nullptr, &written, &problem)};
    g_clear_error(&problem);
    return text ? std::optional{valid_utf8({text.get(), written})} : std::nullopt;
}

/// By its charset; what names none, or a wrong one, is UTF-8 if it can be, else what Windows writes.
std::string utf8_of(std::string bytes, const char* charset)
{
    if (bytes.empty())
        return {};
    const auto* const name = charset ? g_mime_charset_iconv_name(charset) : nullptr;
    const bool says_nothing = !name || g_ascii_strcasecmp(charset, "us-ascii") == 0 || g_ascii_strcasecmp(charset, "utf-8") == 0;
    if (says_nothing)
        std::replace(bytes.begin(), bytes.end(), '\0', ' ');
    const bool is_utf8 = g_utf8_validate(bytes.data(), static_cast<gssize>(bytes.size()), nullptr);
    if (says_nothing && is_utf8)
        return bytes;
    if (!says_nothing)
        if (auto text = converted(bytes, name))
            return *text;
    if (is_utf8)
        return bytes;
    return converted(bytes, "WINDOWS-1252").value_or(valid_utf8(bytes));
}

std::string bytes_of(GMimePart* part)
{
    auto* const content = g_mime_part_get_content(part);
    if (!content)
        return {};
    const Owned<GMimeStream> memory{g_mime_stream_mem_new()};
    g_mime_data_wrapper_write_to_stream(content, memory.get());
    const auto* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return bytes && bytes->len > 0 ? std::string{reinterpret_cast<const char*>(bytes->data), bytes->len} : std::string{};
}

struct Texts {
    std::string plain{}, html{};
    int parts{};
};

void look_into(GMimeObject* object, int depth, Texts& texts)
{
    if (!object || depth > deepest_part || ++texts.parts > most_parts || !texts.plain.empty())
        return;
    if (GMIME_IS_MULTIPART(object)) {
        auto* const several = GMIME_MULTIPART(object);
        for (int i = 0; i < g_mime_multipart_get_count(several) && texts.parts <= most_parts; ++i)
            look_into(g_mime_multipart_get_part(several, i), depth + 1, texts);
        return;
    }
    if (GMIME_IS_MESSAGE_PART(object)) {
        if (auto* const inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)))
            look_into(g_mime_message_get_mime_part(inner), depth + 1, texts);
        return;
    }
    if (!GMIME_IS_PART(object) || g_mime_part_is_attachment(GMIME_PART(object)))
        return;
    auto* const type = g_mime_object_get_content_type(object);
    const bool is_html = g_mime_content_type_is_type(type, "text", "html");
    if (!g_mime_content_type_is_type(type, "text", "plain") && (!is_html || !texts.html.empty()))
        return;
    auto text = utf8_of(bytes_of(GMIME_PART(object)), g_mime_content_type_get_parameter(type, "charset"));
    (is_html ? texts.html : texts.plain) = std::move(text);
}

std::string header_of(GMimeMessage* message, const char* name)
{
    const auto* const value = g_mime_object_get_header(GMIME_OBJECT(message), name);
    return value ? valid_utf8(std::string_view{value}.substr(0, most_header)) : std::string{};
}

std::string addresses(InternetAddressList* list)
{
    if (!list)
        return {};
    const Text text{internet_address_list_to_string(list, nullptr, FALSE)};
    return text ? valid_utf8(std::string_view{text.get()}.substr(0, most_header)) : std::string{};
}

/// mbox's own first line, which mail servers put before what they pipe.
std::string_view without_mbox_line(std::string_view raw)
{
    if (raw.starts_with("From ") || raw.starts_with(">From "))
        raw.remove_prefix(std::min(raw.find('\n'), raw.size() - 1) + 1);
    return raw;
}

bool begins_with_header(std::string_view raw)
{
    const auto colon = raw.substr(0, 1'000).find(':');
    return colon != raw.npos && colon > 0
        && std::all_of(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) { return c > ' ' && c < 0x7f; });
}

bool begins_with(std::string_view text, std::string_view word)
{
    return text.size() >= word.size() && g_ascii_strncasecmp(text.data(), word.data(), word.size()) == 0;
}

/// Whether a line is a header in which there are addresses.
bool has_addresses(std::string_view line)
{
    for (const auto* const name : {"from", "to", "cc", "bcc", "sender", "reply-to"}) {
        if (!begins_with(line, name))
            continue;
        line.remove_prefix(std::string_view{name}.size());
        return line.substr(std::min(line.find_first_not_of(" \t"), line.size())).starts_with(':');
    }
    return false;
}

bool looks_like_header(std::string_view line)
{
    const auto end = line.find_first_of(": \t\r\n");
    return end > 0 && end != line.npos && line[end] == ':';
}

/// What the library gets to see. For each part in a part, and for each group in a group of addresses, it calls itself, until
/// there is no stack any more; each part and each header costs it time. What is behind more of them than a mail has is not read,
/// and of headers that are too long only the beginning.
std::string gated(std::string_view raw)
{
    std::string kept;
    kept.reserve(raw.size());
    int nestings = 0, boundaries = 0, headers = 0;
    bool at_top = true;
    std::size_t most = raw.size(), length = 0;
    while (!raw.empty()) {
        const auto line = raw.substr(0, std::min(raw.find('\n'), raw.size() - 1) + 1);
        raw.remove_prefix(line.size());
        for (std::size_t at = line.find_first_of("mMrR"); at < line.size(); at = line.find_first_of("mMrR", at + 1))
            if (begins_with(line.substr(at), "multipart") || begins_with(line.substr(at), "rfc822"))
                ++nestings;
        boundaries += line.starts_with("--");
        headers += looks_like_header(line);
        if (nestings > most_nestings || boundaries > most_boundaries || headers > most_headers)
            break;
        at_top = at_top && line != "\n" && line != "\r\n";
        const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
        if (!goes_on)
            most = has_addresses(line) ? most_addresses : at_top || begins_with(line, "content-") ? most_line : std::string::npos;
        length = goes_on ? length + line.size() : line.size();
        if (length <= most)
            kept += line;
        else if (!goes_on)
            kept.append(line.substr(0, most)).append("\n");
    }
    return kept;
}

} // namespace

std::optional<Mail> read(std::string_view raw)
{
    static const bool is_ready = (g_mime_init(), true);
    raw = without_mbox_line(raw);
    if (!is_ready || !begins_with_header(raw))
        return std::nullopt;
    const auto kept = gated(raw);
    const Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(kept.data(), kept.size())};
    const Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    g_mime_parser_set_persist_stream(parser.get(), FALSE);
    const Owned<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
    if (!message)
        return std::nullopt;
    Mail mail;
    mail.from = addresses(g_mime_message_get_from(message.get()));
    mail.to = addresses(g_mime_message_get_to(message.get()));
    if (const auto* const subject = g_mime_message_get_subject(message.get()))
        mail.subject = valid_utf8(std::string_view{subject}.substr(0, most_header));
    mail.date = header_of(message.get(), "Date");
    mail.message_id = header_of(message.get(), "Message-Id");
    mail.in_reply_to = header_of(message.get(), "In-Reply-To");
    mail.auto_submitted = header_of(message.get(), "Auto-Submitted");
    Texts texts;
    look_into(g_mime_message_get_mime_part(message.get()), 0, texts);
    mail.text = texts.plain.find_first_not_of(" \t\r\n") == std::string::npos ? text_of_html(texts.html) : texts.plain;
    if (mail.text.size() > most_text)
        mail.text = valid_utf8(std::string_view{mail.text}.substr(0, most_text));
    return mail;
}

} // namespace mail
