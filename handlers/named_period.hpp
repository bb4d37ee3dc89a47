#pragma once

#include "oncall/period.hpp"

#include <string>
#include <utility>
#include <vector>

/// What people write after a verb that shows something over a time: "payments next month".
namespace handlers {

/// The longest of `names` that `words` begins with, as a word, and what follows it; empty: none does.
std::pair<std::string, std::string> name_and_rest(const std::string& words, const std::vector<std::string>& names);

/// Throws Refusal, with `example` of how it is written.
oncall::Period period_said(const std::string& words, const std::string& zone, oncall::TimePoint now, const std::string& example);

} // namespace handlers
