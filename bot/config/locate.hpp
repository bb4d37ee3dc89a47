#pragma once

#include <string>
#include <string_view>

namespace config {

/// Where something stands in a file; from 1.
struct Spot {
    int line{};
    int column{};
};

/// The place of `path`, as Problem::path has it ("policy payments.levels[0].patience"), in the text of an oncall.yaml; of what
/// the file does not say, that which is around it. Zeros: it is none of the file's.
Spot spot_of(std::string_view text, const std::string& path);

} // namespace config
