#pragma once

#include "oncall/schedule.hpp"
#include "pictures/schedule_svg.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace commands {

/// `oncall-bot preview`, as it was typed; empty: not given.
struct PreviewWords {
    std::string file{};
    std::string schedule{};
    std::string from{};
    std::string to{};
    std::string svg{};
    std::string png{};
    bool json{};
    bool dark{};
    bool light{};
    bool colour{}; // on a terminal
};

/// Prints or draws a schedule of a configuration file. 0; 1: the file or the schedule is refused; 2: it was asked for in a way
/// that makes no sense. Reasons go to `err`, and so do warnings of overrides that can change nothing.
int preview(const PreviewWords& words, oncall::TimePoint now, std::ostream& out, std::ostream& err);

/// For people: a row for each shift, with local times and weekdays; gaps are said in words.
std::string preview_text(
    const oncall::Schedule& schedule, oncall::TimePoint from, oncall::TimePoint to, oncall::TimePoint now, bool colour);

/// For programs: [{"start":…,"end":…,"users":[…],"rotation":…,"override":…}, …], an entry a line.
std::string preview_json(const oncall::Schedule& schedule, oncall::TimePoint from, oncall::TimePoint to);

} // namespace commands
