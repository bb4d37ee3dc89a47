#include "catch.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"

#include <cstdlib>

namespace fs = std::filesystem;

namespace {

const fs::path unpacked_peers{ONCALL_SOURCE_DIR "/build/peers"};

std::string variable(const char* name)
{
    const char* const value = std::getenv(name);
    return value ? value : "";
}

/// What is not here; empty: all is.
std::string missing_for_types()
{
    if (std::system("command -v node >/dev/null 2>&1") != 0)
        return "node";
    for (const auto* one : {"typescript/lib/typescript.js", "slack-types/dist/index.d.ts"})
        if (!fs::exists(unpacked_peers / one))
            return (unpacked_peers / one).string();
    return {};
}

} // namespace

TEST_CASE("Slack's own types take each golden, and each block, view and list of options that a scenario sent", "[types][peers]")
{
    if (const auto what = missing_for_types(); !what.empty()) {
        const auto words = "NOT TESTED: what we send was not held against @slack/types, as this is not here: " + what
            + ". Fix: tests/run installs node and fetches the rest from registry.npmjs.org; run it where that can be reached.";
        if (variable("CI") == "true")
            FAIL(words);
        WARN(words);
        return;
    }
    const loopback::Folder folder;
    std::vector<std::string> command{"/usr/bin/env", "timeout", "-k", "5", "300", "node",
        ONCALL_SOURCE_DIR "/tests/blocks/types_peer.mjs", unpacked_peers.string(), (folder.path / "room").string(),
        ONCALL_SOURCE_DIR "/tests/blocks/golden"};
    // As ctest has it; of a scenario run that there was not, nothing is looked at.
    for (const auto* door : {"socket", "http"})
        if (const fs::path file = fs::path{variable("ONCALL_SENT_FOLDER")} / (std::string{"sent_"} + door + ".json");
            file.is_absolute() && fs::exists(file))
            command.push_back(file.string());
    const auto log = folder.path / "log";
    loopback::Process check{command, {}, log};
    const int status = check.wait();
    INFO(loopback::read(log));
    CHECK(status == 0);
}
