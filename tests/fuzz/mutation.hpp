#pragma once

#include <cstdint>
#include <random>
#include <string>

/// What people, programs and attackers make of a text that was well.
namespace fuzz {

/// A payload's shape: lines about what came beside it, an empty line, and what was sent. Without an empty line all of it is what
/// was sent.
std::string_view head_of(std::string_view input);
std::string_view body_of(std::string_view input);

/// One change or several: at the text, or, where the body is JSON, at one of its values. The same seed makes the same of the
/// same.
class Mutation {
public:
    explicit Mutation(std::uint64_t seed)
        : random_{seed}
    {
    }
    std::string of(const std::string& input);

private:
    std::size_t below(std::size_t limit) { return limit ? static_cast<std::size_t>(random_() % limit) : 0; }
    std::string piece();
    std::string json_piece();
    std::string text(std::string input);
    std::string json(std::string_view body);

    std::mt19937_64 random_;
};

} // namespace fuzz
