#pragma once

#include "oncall/configuration.hpp"

#include <array>
#include <span>

namespace oncall {

/// One line of the table in which the severities and priorities of every format come down to four words: critical, error,
/// warning, info. `word` is the source's, lower case; `format` "*" is for all that have no line of their own. An empty `severity`
/// says that the word says nothing.
struct SeverityRow {
    std::string_view format{};
    std::string_view word{};
    std::string_view severity{};
};
std::span<const SeverityRow> severities();

/// The four words, the worst first.
inline constexpr std::array<std::string_view, 4> severity_words{"critical", "error", "warning", "info"};

/// What a source's word means: by its own settings first, then by its format's lines, then by those of all. A word nobody knows
/// stays as it is (and is of high urgency); none stays none.
std::string severity_of(const Source& source, std::string_view word);
/// The same where nothing is known of the source. "" is no format.
std::string severity_by_format(std::string_view format, std::string_view word);

/// What people are shown of a source: its own words first (with its name as `format`), then those of its format and of all that
/// these leave as they are. What is given must outlive it.
std::vector<SeverityRow> severities_of(const Source& source);

} // namespace oncall
