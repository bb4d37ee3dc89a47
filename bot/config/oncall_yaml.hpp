#pragma once

#include "oncall/configuration.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// One thing that is wrong in the file, and what to do about it. Line and column count from 1; 0: the file as a whole.
struct Problem {
    int line{};
    int column{};
    std::string what{};
    std::string fix{};
    std::string path{}; // what it is about, as "team payments.members[1]"; empty: the file as a whole
};

struct Parsed {
    oncall::Configuration configuration{}; // of use only without problems
    std::vector<Problem> problems{}; // all of them, in the file's order
};

/// The value of an environment variable, for `key_env`.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// What goes as the name of a person.
enum class Names {
    people, // what Slack can look up: e-mail, @handle or id
    any, // any text: where nobody is paged
};

/// Reads oncall.yaml. Unknown keys, keys given twice, values out of range, references to what does not exist and what could page
/// nobody are problems.
Parsed parse(std::string_view text, const Environment& environment, Names names = Names::people);

/// "file:line:column: what. Fix: fix."
std::string describe(std::string_view file, const Problem& problem);

} // namespace config
