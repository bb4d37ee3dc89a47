#include "catch.hpp"
#include "doors/png.hpp"
#include "doors/program.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <unistd.h>

using namespace doors;
using namespace std::chrono_literals;
using How = Ended::How;

namespace {

ProgramLimits patient()
{
    ProgramLimits limits;
    limits.time = 120s; // the machine may be slow
    return limits;
}

Ended shell(const std::string& script, std::string_view input = {}, ProgramLimits limits = patient())
{
    return run_program({"sh", "-c", script}, input, limits);
}

/// Whether there is such a process, and it is not merely waiting to be noticed as dead.
bool runs(pid_t id)
{
    std::ifstream file{"/proc/" + std::to_string(id) + "/stat"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto end = text.rfind(')');
    return end != text.npos && end + 2 < text.size() && text[end + 2] != 'Z' && text[end + 2] != 'X';
}

} // namespace

TEST_CASE("A program gets its input and its words as they are, and is heard to its end", "[doors]")
{
    const std::string large(1'000'000, 'x');
    const auto echoed = run_program({"cat"}, large, patient());
    CHECK(echoed.how == How::finished);
    CHECK(echoed.status == 0);
    CHECK(echoed.output == large);

    // No shell reads the words.
    CHECK(run_program({"printf", "%s|", "$HOME; rm -rf /", "a b", ""}, "", patient()).output == "$HOME; rm -rf /|a b||");

    const auto failed = shell("echo out; echo trouble >&2; exit 3");
    CHECK(failed.status == 3);
    CHECK(failed.output == "out\n");
    CHECK(failed.errors == "trouble\n");
    CHECK(shell("kill -TERM $$").status == -SIGTERM);
}

TEST_CASE("A program inherits neither secrets nor files nor blocked signals", "[doors]")
{
    ::setenv("ONCALL_TEST_SECRET", "xoxb-secret", 1);
    const auto seen = shell("env; ls /proc/self/fd | wc -l");
    ::unsetenv("ONCALL_TEST_SECRET");
    CHECK(seen.output.find("xoxb") == std::string::npos);
    CHECK(seen.output.find("PATH=") != std::string::npos);
    CHECK_THAT(seen.output, contains("\n4\n")); // three, and the one that lists them

    sigset_t blocked, before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const auto ended = shell("kill -TERM $$; echo survived");
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    CHECK(ended.status == -SIGTERM);
}

TEST_CASE("A program that goes beyond its limits is killed, and that is told apart", "[doors]")
{
    ProgramLimits hasty = patient();
    hasty.time = 300ms;
    CHECK(shell("sleep 600", {}, hasty).how == How::too_slow);
    CHECK(shell("exec >&- 2>&-; sleep 600", {}, hasty).how == How::too_slow); // silent, but there
    // Nor does anything it started go on.
    const auto folder = std::filesystem::temp_directory_path() / ("oncall-program-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    CHECK(shell("sleep 600 & echo $! > " + (folder / "child").string() + "; wait", {}, hasty).how == How::too_slow);
    pid_t grandchild{};
    if (std::ifstream{folder / "child"} >> grandchild) // a slow machine may not have come to it
        for (int i = 0; runs(grandchild) && i < 6'000; ++i)
            std::this_thread::sleep_for(10ms);
    CHECK((grandchild == 0 || !runs(grandchild)));
    std::filesystem::remove_all(folder);
    ProgramLimits narrow = patient();
    narrow.output = 1'000;
    CHECK(shell("while :; do echo more; done", {}, narrow).how == How::too_much_output);
    narrow.output = 5;
    CHECK(shell("echo four", {}, narrow).how == How::finished);
    CHECK(run_program({"oncall-no-such-program"}, "").how == How::not_found);
    CHECK(run_program({"/etc/passwd"}, "").how == How::not_found);
}

TEST_CASE("An SVG becomes a PNG of twice its size", "[doors][pictures]")
{
    Rasterizer rasterizer;
    rasterizer.limits = patient();
    const auto png = png_of(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="9" height="9"/></svg>)", 2, rasterizer);
    REQUIRE(png.size() > 24);
    const auto number = [&](std::size_t at) {
        unsigned value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8U | static_cast<unsigned char>(png[at + i]);
        return value;
    };
    CHECK(number(16) == 60);
    CHECK(number(20) == 40);
}

TEST_CASE("Why there is no PNG is said with what mends it", "[doors][pictures]")
{
    const auto folder = std::filesystem::temp_directory_path() / ("oncall-png-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto stand_in = [&](const std::string& script) {
        const auto path = folder / "rsvg-convert";
        std::ofstream{path} << "#!/bin/sh\n" << script << "\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path.string();
    };
    Rasterizer rasterizer;
    rasterizer.limits = patient();
    const auto why = [&] {
        try {
            png_of("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", 2, rasterizer);
            return std::string{"drawn"};
        } catch (const NoPicture& error) {
            return std::string{error.what()};
        }
    };
    rasterizer.program = "oncall-no-such-program";
    CHECK_THAT(why(), contains("not installed") && contains("apt-get install librsvg2-bin fonts-dejavu-core"));
    rasterizer.program = stand_in("echo 'out of memory' >&2; exit 1");
    CHECK_THAT(why(), contains("could not draw the picture: out of memory."));
    rasterizer.program = stand_in("echo no picture");
    CHECK_THAT(why(), contains("could not draw the picture"));
    rasterizer.program = stand_in("kill -SEGV $$");
    CHECK_THAT(why(), contains("(signal 11)"));
    rasterizer.program = stand_in("sleep 600");
    rasterizer.limits.time = 300ms;
    CHECK_THAT(why(), contains("took too long") && contains("a shorter period"));
    rasterizer = {};
    rasterizer.limits = patient();
    rasterizer.limits.output = 50;
    CHECK_THAT(why(), contains("too large"));
    // Without a font, each letter would be an empty box.
    rasterizer.limits = patient();
    rasterizer.fonts = {folder};
    const std::string home = std::getenv("HOME") ? std::getenv("HOME") : "";
    ::setenv("HOME", folder.c_str(), 1);
    CHECK_THAT(why(), contains("no font") && contains("apt-get install fonts-dejavu-core"));
    ::setenv("HOME", home.c_str(), 1);
    std::filesystem::remove_all(folder);
}
