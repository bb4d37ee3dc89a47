#include "doors/random.hpp"

#include <sys/random.h>

#include <cstring>
#include <stdexcept>

namespace doors {

std::string Random::token(std::size_t count)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(count * 2);
    for (const char c : bytes(count)) {
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

double Random::fraction()
{
    std::uint64_t bits{};
    const auto drawn = bytes(sizeof bits);
    std::memcpy(&bits, drawn.data(), sizeof bits);
    return static_cast<double>(bits >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

std::string SystemRandom::bytes(std::size_t count)
{
    std::string drawn(count, '\0');
    for (std::size_t have = 0; have < count;) {
        const auto got = ::getrandom(drawn.data() + have, count - have, 0);
        if (got < 0)
            throw std::runtime_error{"the system has no random bytes"};
        have += static_cast<std::size_t>(got);
    }
    return drawn;
}

std::string SeededRandom::bytes(std::size_t count)
{
    std::string drawn;
    drawn.reserve(count);
    while (drawn.size() < count) {
        // SplitMix64
        auto z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        z ^= z >> 31;
        for (int i = 0; i < 8 && drawn.size() < count; ++i)
            drawn += static_cast<char>(z >> (8 * i));
    }
    return drawn;
}

} // namespace doors
