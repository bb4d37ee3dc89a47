#pragma once

#include "oncall/configuration.hpp"

#include <functional>

namespace tests {

/// A number from 0 to below `most`, by chance.
using Below = std::function<int(int most)>;

/// A configuration that has nothing wrong: everything the file can say, with hostile names, texts and times.
oncall::Configuration random_configuration(const Below& below);

} // namespace tests
