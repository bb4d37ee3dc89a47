#include "broken.hpp"

#include "catch.hpp"
#include "config/oncall_yaml.hpp"
#include "places.hpp"
#include "validate.hpp"

#include <sstream>

namespace tests {

std::vector<Broken> broken()
{
    std::vector<Broken> found;
    std::istringstream lines{text_of(std::string{ONCALL_SOURCE_DIR} + "/tests/config/broken.txt")};
    bool in_text = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("=== ")) {
            auto& one = found.emplace_back();
            one.title = line.substr(4);
            if (const auto end = one.title.find("] "); one.title.starts_with('[') && end != std::string::npos) {
                one.wrong_in = one.title.substr(1, end - 1);
                one.title.erase(0, end + 2);
            }
            in_text = false;
        } else if (found.empty()) {
            continue; // what the file says about itself
        } else if (in_text) {
            found.back().text += line + "\n";
        } else if (line == "---") {
            in_text = true;
        } else {
            found.back().problems.push_back(line);
        }
    }
    return found;
}

} // namespace tests

namespace {

/// Whether the problem is the one that is expected: its place, and the beginnings of its two sentences.
bool is(const config::Problem& problem, const std::string& expected)
{
    const auto place = std::to_string(problem.line) + ":" + std::to_string(problem.column) + " ";
    const auto bar = expected.find(" | ");
    return expected.starts_with(place) && bar != std::string::npos
        && problem.what.starts_with(expected.substr(place.size(), bar - place.size()))
        && problem.fix.starts_with(expected.substr(bar + 3));
}

} // namespace

TEST_CASE("Each broken file gives the expected problems at the expected places, each with its fix", "[config][broken]")
{
    const auto cases = tests::broken();
    CHECK(cases.size() >= 100);
    for (const auto& one : cases) {
        const auto parsed = config::parse(one.text,
            [](const std::string& name) { return name == "KEY" ? std::optional<std::string>{"secret"} : std::nullopt; });
        std::string said;
        for (const auto& problem : parsed.problems)
            said += config::describe("oncall.yaml", problem) + "\n";
        INFO(one.title << "\n" << said << one.text);
        REQUIRE(parsed.problems.size() == one.problems.size());
        for (std::size_t i = 0; i < one.problems.size(); ++i) {
            INFO(one.problems[i]);
            CHECK(is(parsed.problems[i], one.problems[i]));
        }
    }
}
