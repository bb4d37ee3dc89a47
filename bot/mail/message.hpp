#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mail {

/// A mail as far as it says something. All texts are UTF-8; what is not there is empty.
struct Mail {
    std::string from{}, to{}; // as "Ana Weber <ana@example.com>, …"
    std::string subject{};
    std::string text{}; // its first text, else its first HTML without what is none; no attachment
    std::string date{}; // as its header has it
    std::string message_id{}, in_reply_to{}, auto_submitted{};
};

/// Reads a message (RFC 5322, MIME), with or without mbox's line "From …", of any charset, also when it breaks off. Of parts in
/// parts ten levels are looked at, and fifty parts. nullopt: it does not begin as a mail does, with a header.
std::optional<Mail> read(std::string_view raw);

/// What people would read of it: no tags, scripts, styles or comments; paragraphs and rows are lines.
std::string text_of_html(std::string_view html);

} // namespace mail
