#pragma once

#include <string>
#include <vector>

namespace tests {

/// A file with something wrong in it, from broken.txt.
struct Broken {
    std::string title{};
    std::string wrong_in{
        "form"}; // "form", "meaning" (no schema can know), "yaml" (there is no tree), "twice" (a key, which JSON drops)
    std::vector<std::string> problems{}; // "line:column the beginning of what | the beginning of the fix"
    std::string text{};
};

std::vector<Broken> broken();

} // namespace tests
