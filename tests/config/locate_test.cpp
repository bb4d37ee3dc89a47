#include "catch.hpp"
#include "config/locate.hpp"

namespace {

const std::string nested_file{R"(# a comment
teams:
  payments: {channel: "#payments"}
policies:
  payments:
    levels:
      - {targets: ["team:payments"], patience: 30s}
      - targets: ["user:ana@example.com"]
        when:
          severity: [critical]
  payments.eu:
    levels: []
)"};

std::string spot(const std::string& path, const std::string& text = nested_file)
{
    const auto found = config::spot_of(text, path);
    return std::to_string(found.line) + ":" + std::to_string(found.column);
}

} // namespace

TEST_CASE("Where something stands in the file is found by its path", "[config]")
{
    CHECK(spot("policy payments") == "5:3");
    CHECK(spot("policy payments.levels[0].patience") == "7:48");
    CHECK(spot("policy payments.levels[1].when.severity[0]") == "10:22");
    CHECK(spot("policy payments.levels[1].targets") == "8:18");
    CHECK(spot("policy payments.eu.levels") == "12:13");
    CHECK(spot("team payments.channel") == "3:23");
    // What is not said stands where it would be said.
    CHECK(spot("policy payments.levels[0].acknowledgements") == "7:9");
    CHECK(spot("policy payments.levels[7].patience") == "7:7");
    for (const char* path : {"policy ledger.levels[0]", "rule x", "", "policy ", "policy payments2", "levels[0]"})
        CHECK(spot(path) == "0:0");
    CHECK(spot("policy payments", "policies: [") == "0:0");
    CHECK(spot("policy payments", "") == "0:0");
}
