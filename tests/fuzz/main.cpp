#include "fuzz/mutation.hpp"
#include "fuzz/targets.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

/// All targets in one program for libFuzzer: ONCALL_FUZZ says which is run. With ONCALL_FUZZ_SEEDS=FOLDER it writes each target's
/// seeds into a folder of its own there, prints the targets' names and ends.

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* input, std::size_t size, std::size_t most);

namespace {

const fuzz::Target* chosen{};

void write_seeds(const std::filesystem::path& folder)
{
    for (const auto& target : fuzz::targets()) {
        std::filesystem::create_directories(folder / target.name);
        std::size_t number = 0;
        for (const auto& seed : target.seeds)
            std::ofstream{folder / target.name / ("seed-" + std::to_string(++number)), std::ios::binary} << seed;
        std::cout << target.name << "\n";
    }
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***)
{
    if (const auto* const folder = std::getenv("ONCALL_FUZZ_SEEDS")) {
        write_seeds(folder);
        std::cout.flush();
        std::_Exit(0);
    }
    const auto* const name = std::getenv("ONCALL_FUZZ");
    for (const auto& target : fuzz::targets())
        if (name && target.name == name)
            chosen = &target;
    if (!chosen) {
        std::cerr << "ONCALL_FUZZ must name one of:";
        for (const auto& target : fuzz::targets())
            std::cerr << " " << target.name;
        std::cerr << std::endl;
        std::_Exit(2);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size)
{
    const auto wrong = chosen->run({reinterpret_cast<const char*>(input), size});
    if (wrong.empty())
        return 0;
    std::cerr << chosen->name << ": " << wrong << std::endl;
    std::abort();
}

/// By turns what libFuzzer makes of it, which knows the code, and what we make of it, which knows the shape.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* input, std::size_t size, std::size_t most, unsigned seed)
{
    if (seed % 2 == 0)
        return LLVMFuzzerMutate(input, size, most);
    fuzz::Mutation mutation{seed};
    const auto made = mutation.of({reinterpret_cast<const char*>(input), size});
    const auto kept = std::min(made.size(), most);
    std::memcpy(input, made.data(), kept);
    return kept;
}
