#include "catch.hpp"
#include "handlers/web/push_page.hpp"
#include "places.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

TEST_CASE("The service worker shows what is pushed and answers by its buttons, where node is", "[handlers][push][peers]")
{
    auto pattern = (std::filesystem::temp_directory_path() / "oncall-worker-XXXXXX").string();
    const std::filesystem::path folder{::mkdtemp(pattern.data())};
    std::ofstream{folder / "worker.js"} << handlers::push_worker;
    const auto command = "node '" ONCALL_SOURCE_DIR "/tests/handlers/push_worker_peer.mjs' '" + (folder / "worker.js").string()
        + "' 2> '" + (folder / "errors").string() + "'";
    const auto status = std::system(command.c_str());
    std::ifstream file{folder / "errors", std::ios::binary};
    INFO((std::string{std::istreambuf_iterator<char>{file}, {}}));
    const int exit = status == -1 ? -1 : WEXITSTATUS(status);
    if (exit == 127)
        WARN("node is not here");
    else
        CHECK(exit == 0);
    std::filesystem::remove_all(folder);
}
