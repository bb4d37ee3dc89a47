#include "catch.hpp"
#include "fuzz/mutation.hpp"
#include "fuzz/targets.hpp"

#include <cstdlib>
#include <set>

namespace {

/// For a log: without what a terminal would obey.
std::string printable(const std::string& input)
{
    std::string shown;
    for (const char c : input.substr(0, 2'000)) {
        constexpr std::string_view digits{"0123456789abcdef"};
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= ' ' && byte < 0x7F)
            shown += c;
        else
            shown += std::string{"\\x"} + digits[byte >> 4] + digits[byte & 15];
    }
    return shown + (input.size() > 2'000 ? " … of " + std::to_string(input.size()) + " bytes" : "");
}

void run(const fuzz::Target& target, const std::string& input)
{
    std::string wrong;
    try {
        wrong = target.run(input);
    } catch (const std::exception& problem) {
        wrong = std::string{"it throws: "} + problem.what();
    }
    if (!wrong.empty())
        FAIL_CHECK(target.name + ": " + wrong + "\nof: " + printable(input));
}

} // namespace

TEST_CASE("Whatever strangers send, each parser reads it or says why not", "[fuzz]")
{
    // ONCALL_TEST_SEEDS=50 for fifty times as many; `tests/run --fuzz` for as long as one likes.
    const auto* const wanted = std::getenv("ONCALL_TEST_SEEDS");
    const auto rounds = 40u * static_cast<unsigned>(wanted ? std::max(std::atoi(wanted), 1) : 1);
    std::set<std::string> names;
    for (const auto& target : fuzz::targets()) {
        INFO(target.name);
        CHECK(names.insert(target.name).second);
        REQUIRE_FALSE(target.seeds.empty());
        for (const auto& seed : target.seeds)
            run(target, seed);
        run(target, "");
        // Broken off at twenty places; then what a seeded generator makes of the seeds, each in turn.
        const auto& first = target.seeds.front();
        for (std::size_t part = 1; part <= 20; ++part)
            run(target, first.substr(0, first.size() * part / 21));
        fuzz::Mutation mutation{names.size()};
        for (unsigned round = 0; round < rounds; ++round)
            run(target, mutation.of(target.seeds[round % target.seeds.size()]));
    }
}

TEST_CASE("What is changed of a payload is often still JSON, and the same seed changes the same", "[fuzz]")
{
    const std::string seed = "!x\nname: value\n\n{\"a\":[1,{\"b\":\"c\"}]}";
    fuzz::Mutation one{7}, other{7};
    int changed = 0;
    for (int i = 0; i < 50; ++i) {
        const auto made = one.of(seed);
        CHECK(made == other.of(seed));
        changed += made != seed;
    }
    CHECK(changed > 40);
    CHECK(fuzz::head_of(seed) == "!x\nname: value\n");
    CHECK(fuzz::body_of(seed) == "{\"a\":[1,{\"b\":\"c\"}]}");
    CHECK(fuzz::body_of("{\"a\":\n\n1") == "1");
    CHECK(fuzz::head_of("\n{}") == "");
    CHECK(fuzz::body_of("\n{}") == "{}");
}
