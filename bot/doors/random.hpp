#pragma once

#include <cstdint>
#include <string>

namespace doors {

/// The only source of randomness.
class Random {
public:
    virtual ~Random() = default;
    /// `count` random bytes. Those of SystemRandom are fit for secrets.
    virtual std::string bytes(std::size_t count) = 0;

    /// A token of `count` random bytes as lower-case hex.
    std::string token(std::size_t count = 16);
    /// Uniform in [0, 1).
    double fraction();
};

/// The operating system's generator.
class SystemRandom final : public Random {
public:
    std::string bytes(std::size_t count) override;
};

/// Repeatable: one seed, one sequence. For tests only.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed)
        : state_{seed}
    {
    }
    std::string bytes(std::size_t count) override;

private:
    std::uint64_t state_;
};

} // namespace doors
