#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Whether what a source's mapping says can be meant. How it is used: handlers/sources/mapped.
namespace oncall {

/// The fields of an alert that a mapping may fill; besides them `labels.NAME`.
const std::vector<std::string>& mapped_fields();
bool is_mapped_field(std::string_view name);

/// Why it is no JSON pointer (RFC 6901) to something within a payload, as "it must begin with /"; empty: it is one.
std::string why_no_pointer(std::string_view text);
/// Why it is no Mustache template, as "{{#a}} is not closed"; empty: it is one. Partials and other delimiters are none of ours.
std::string why_no_template(std::string_view text);

} // namespace oncall
