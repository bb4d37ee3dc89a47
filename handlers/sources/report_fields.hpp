#pragma once

#include "handlers/sources/sources.hpp"

/// What formats make their reports of. Nothing here throws: what is of another type than it should be is left out.
namespace handlers::sources {

/// A text, a number or true/false as a text; of anything else, of blanks alone, and of what is not there, "".
std::string said_at(const slack::Json& json, std::initializer_list<std::string_view> keys);
/// The first of these fields that says something.
std::string first_said(const slack::Json& json, std::initializer_list<std::string_view> names);

/// Without the blanks around it, and never empty: else it is called `otherwise`.
void put_title(Report& report, const std::string& text, const std::string& otherwise);
/// What is empty is none; of two with one name the first stays.
void put_label(Report& report, const std::string& name, const std::string& value);
/// Each text, number and true/false of an object that is short and on one line.
void put_labels(Report& report, const slack::Json& object);
/// http and https alone, each once.
void put_link(Report& report, const std::string& href, const std::string& text);
void put_paragraph(Report& report, const std::string& text);

/// `prefix` and `key`; what is longer than 255 bytes is hashed behind the prefix, so that no two become one.
std::string whole_key(const std::string& prefix, const std::string& key);

/// "2015-07-17T08:42:58.315+0000" and its like (ISO 8601).
std::optional<TimePoint> instant_said(std::string_view text);

/// Base64 (RFC 4648 §4); nullopt when it is none.
std::optional<std::string> base64_said(std::string text);

} // namespace handlers::sources
