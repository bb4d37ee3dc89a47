#include "blocks/golden.hpp"

#include "blocks/sound.hpp"
#include "catch.hpp"
#include "places.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using blocks::Json;

namespace {

const std::filesystem::path folder{ONCALL_SOURCE_DIR "/tests/blocks/golden"};

} // namespace

void golden(const std::string& name, const Json& json)
{
    const auto file = folder / (name + ".json");
    const auto text = json.dump(2) + "\n";
    if (const char* wish = std::getenv("ONCALL_GOLDEN"); wish && std::string{wish} == "write") {
        std::filesystem::create_directories(folder);
        std::ofstream{file} << text;
    }
    std::ifstream in{file};
    const std::string kept{std::istreambuf_iterator<char>{in}, {}};
    INFO(file.string() << " (run with ONCALL_GOLDEN=write to renew it)");
    CHECK(text == kept);
}

void golden(const std::string& name, const blocks::Message& message, const std::set<std::string>& people)
{
    CHECK(unsound(message, people) == std::vector<std::string>{});
    Json json;
    json["text"] = message.text;
    if (!message.colour.empty())
        json["colour"] = message.colour;
    json["blocks"] = message.blocks;
    golden(name, json);
}
