#pragma once

#include "oncall/configuration.hpp"

#include <span>

namespace oncall {

/// One line of the table in which the severities and priorities of every format come down to four words: critical, error,
/// warning, info. `word` is the source's, lower case; `format` "*" is for all that have no line of their own.
struct SeverityRow {
    std::string_view format{};
    std::string_view word{};
    std::string_view severity{};
};
std::span<const SeverityRow> severities();

/// What a source's word means: by its own settings first, then by its format's lines, then by those of all. A word nobody knows
/// stays as it is (and is of high urgency); none stays none.
std::string severity_of(const Source& source, std::string_view word);

} // namespace oncall
