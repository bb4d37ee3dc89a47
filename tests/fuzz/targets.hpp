#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Every parser that strangers' bytes reach, each with what it is given when all is well.
namespace fuzz {

struct Target {
    std::string name{}; // "format-grafana", "json", "calendar" …
    std::function<std::string(std::string_view input)> run{}; // any bytes; what is wrong with what became of them, or ""
    std::vector<std::string> seeds{};
};

const std::vector<Target>& targets();

} // namespace fuzz
