#include "oncall/severity.hpp"

#include "oncall/words.hpp"

namespace oncall {

std::span<const SeverityRow> severities() { return {}; }

std::string severity_of(const Source&, std::string_view word) { return lower(std::string{word}); }

} // namespace oncall
