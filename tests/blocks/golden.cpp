#include "blocks/golden.hpp"

#include "blocks/sound.hpp"
#include "catch.hpp"
#include "places.hpp"
#include "workspace/block_kit.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using blocks::Json;

namespace {

const std::filesystem::path folder{ONCALL_SOURCE_DIR "/tests/blocks/golden"};

/// What Slack would refuse of a view, an answer to a menu, a message or a single block.
std::vector<std::string> refused(const Json& json)
{
    if (json.contains("options") || json.contains("option_groups"))
        return workspace::problems_in_suggestions(json);
    const auto type = json.value("type", "");
    if (type == "modal" || type == "home")
        return workspace::problems_in_view(json, type);
    if (type.empty())
        return workspace::problems_in_blocks(json.at("blocks"), workspace::Surface::message);
    return workspace::problems_in_blocks(Json::array({json}), workspace::Surface::modal);
}

} // namespace

void golden(const std::string& name, const Json& json)
{
    CHECK(refused(json) == std::vector<std::string>{});
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
    CHECK(text.find("&lt;!date") == text.npos); // a time that nobody could read
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

void golden_view(const std::string& name, const blocks::View& view)
{
    INFO(name);
    for (const auto& text : texts(view))
        CHECK(unsound_text(text) == std::vector<std::string>{});
    golden(name, view);
}
