#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace doors {

struct ProgramLimits {
    std::chrono::milliseconds time{20'000};
    std::size_t output{64 << 20}; // bytes that are taken from it
    std::size_t memory{1'500 << 20}; // bytes that it may have
};

struct Ended {
    enum class How { finished, not_found, too_slow, too_much_output };
    How how{How::finished};
    int status{}; // of its exit, or minus the signal that ended it
    std::string output{};
    std::string errors{}; // the first 64 KiB of what it complained of
};

/// Runs a program to its end: no shell, nothing of our environment but PATH and HOME, no file of ours but `input` as its
/// standard input. One that goes beyond a limit is killed. Blocks: on the event loop it is for a Worker. Throws
/// std::system_error when no process can be had.
Ended run_program(const std::vector<std::string>& command, std::string_view input, const ProgramLimits& limits = {});

} // namespace doors
