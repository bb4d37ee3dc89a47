#pragma once

#include "config/oncall_yaml.hpp"

namespace config {

/// A schedule as oncall.yaml has it under its name, without its overrides, which are kept apart from it. The same schedule gives
/// the same bytes, and parse_schedule reads it back.
std::string schedule_yaml(const oncall::Schedule& schedule);

struct ParsedSchedule {
    oncall::Schedule schedule{}; // of use only without problems
    std::vector<Problem> problems{}; // all of them, in the text's order, with line and column
};

/// Reads one; also as the file has it, under its name or under `schedules`. Overrides in it are a problem: they are made by their
/// own form.
ParsedSchedule parse_schedule(std::string_view text, const std::string& name);

} // namespace config
