#pragma once

#include "blocks/blocks.hpp"

namespace blocks {

namespace view {
inline constexpr std::string_view loading{"form.loading"}; // nothing is ever submitted from it
} // namespace view

/// What stands while a form is made; should it never come, it says what to write `instead`, as "`/oncall page …`".
View loading(const std::string& instead);
/// What stands when it was not: why, and what to do. As in words().
View not_loaded(const std::string& words, const Names& names);
/// What stands when no form was the answer.
View answered_elsewhere();
/// What stands when the answer, a message's body, cannot be given where it was asked.
View answered_here(const slack::Json& said);

} // namespace blocks
