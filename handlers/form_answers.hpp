#pragma once

#include "blocks/form.hpp"
#include "storage/repositories.hpp"

/// What a submitted form is answered with.
namespace handlers {

/// "update": in its place; "push": on top of it.
slack::Json view_answer(std::string_view how, slack::View view);
/// Words under its fields.
slack::Json errors_answer(const std::map<std::string, std::string>& fields, int generation = 0);
/// The same under one alone.
slack::Json error_answer(std::string_view field, const std::string& words, int generation = 0);
/// Whether the form has that field, so that an error can stand at it.
bool has_field(const std::vector<blocks::Part>& parts, const std::string& id);
/// "<@U1> changed it, <!date^…>"
std::string who_changed(const std::string& by, storage::TimePoint at);

} // namespace handlers
