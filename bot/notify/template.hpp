#pragma once

#include "slack/message.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

/// What goes into a template (mustache). {{name}} is a text; {{#name}}…{{/name}} is shown once for a text that is not empty, and
/// once for each entry of a list, which then is what fills it; {{^name}}…{{/name}} is shown when there is none.
struct Filling {
    std::map<std::string, std::string> texts{};
    std::map<std::string, std::vector<Filling>> lists{};
};

/// Every text is escaped: it is shown as it is, in content and in quoted attributes.
std::string html(std::string_view sample, const Filling& filling);
/// Nothing is escaped.
std::string plain(std::string_view sample, const Filling& filling);

/// A template that is not ours.
struct BadTemplate : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The same over JSON: {{a.b}} leads into objects, {{.}} is an entry of a list, `whole` is "payload" unless `json` has one
/// itself. Of `json` no more is copied than the template names. Throws BadTemplate when it is none, or shows more than a thousand
/// entries, or a megabyte.
std::string plain(std::string_view sample, const slack::Json& json, const slack::Json& whole);

/// What a Content-Security-Policy says to allow this one <style>: 'sha256-…'.
std::string style_source(std::string_view style);

} // namespace notify
