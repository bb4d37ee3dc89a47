#pragma once

#include "handlers/sources/sources.hpp"

/// What the formats read and write alike: texts that may be missing, and reports in which everything has its limit.
namespace handlers::sources {

/// The text at a path; a number or true/false as it is written, since senders number what they have; else, or blank, empty.
std::string word_at(const slack::Json& json, std::initializer_list<std::string_view> keys);
/// The same of a list: "a, b".
std::string words_at(const slack::Json& json, std::initializer_list<std::string_view> keys);
/// A text as it is, null as none, and all else as it is written in JSON.
std::string text_written(const slack::Json& value);
/// The first that says something.
std::string first_said(std::initializer_list<std::string> texts);
std::string first_line_in(const std::string& text);

/// What is empty is left out, what is too long is cut, and the first of a name stays.
void put_label(std::map<std::string, std::string>& labels, const std::string& name, const std::string& value);
/// Only what leads to the web; an address that is too long is left out, since cut it leads elsewhere.
void put_link(std::vector<oncall::Link>& links, const std::string& href, const std::string& text);
/// On a line of its own.
void put_paragraph(std::string& description, const std::string& text);

/// A key of at most 255 bytes: a longer one is hashed, never cut, as two keys must not become one.
std::string key_of(const std::string& key);

/// Understood, and nothing is to be kept: why.
Read noted(std::string why);

/// What was sent, as a JSON object: the body, or the text in this field of a form (both encodings). Throws BadPayload.
slack::Json object_in(const Sent& sent, std::string_view field);

} // namespace handlers::sources
