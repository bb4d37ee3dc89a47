#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tests {

/// What others say of it: Python's jsonschema by manifest/oncall.schema.json of documents in JSON, and PyYAML of pairs of a YAML
/// text and the JSON it should read as. "" where nothing is wrong. One process for all of them.
struct Verdicts {
    std::vector<std::string> documents{};
    std::vector<std::string> yaml{};
};
Verdicts validate(const std::vector<std::string>& documents, const std::vector<std::pair<std::string, std::string>>& yaml = {});

/// The file's text.
std::string text_of(const std::string& path);

} // namespace tests
