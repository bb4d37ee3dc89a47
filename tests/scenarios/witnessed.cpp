#include "scenarios/world.hpp"
#include "workspace/witness.hpp"

#include <cstdlib>
#include <fstream>

namespace {

using workspace::Json;

/// Values that Slack's types spell out; of all others only the kind counts.
bool is_spelt_out(std::string_view key)
{
    return key == "type" || key == "style" || key == "align" || key == "level" || key == "range" || key == "trigger_actions_on"
        || key == "include";
}

Json shape_of(const Json& json, std::string_view key)
{
    if (json.is_object()) {
        Json shape = Json::object();
        for (const auto& [inner, value] : json.items())
            shape[inner] = shape_of(value, inner);
        return shape;
    }
    if (json.is_array()) {
        Json shape = Json::array();
        for (const auto& one : json)
            if (auto inner = shape_of(one, key); std::find(shape.begin(), shape.end(), inner) == shape.end())
                shape.push_back(std::move(inner));
        return shape;
    }
    if (json.is_number())
        return 1;
    return json.is_string() && !is_spelt_out(key) ? Json("x") : json;
}

/// What the bot sent in this process, each shape of it once, for Slack's own types (tests/blocks/types_test.cpp): a file in
/// ONCALL_SENT_FOLDER, where that is named.
class Witnessed {
public:
    Witnessed()
    {
        if (const char* folder = std::getenv("ONCALL_SENT_FOLDER")) {
            file_ = std::filesystem::path{folder} / (scenario::by_http() ? "sent_http.json" : "sent_socket.json");
            workspace::witness() = [](const Json& sent) { all_.take(sent); };
        }
    }
    ~Witnessed()
    {
        workspace::witness() = nullptr;
        if (shapes_.empty())
            return;
        std::ofstream out{file_};
        const char* between = "[\n";
        for (const auto& shape : shapes_)
            out << std::exchange(between, ",\n") << shape;
        out << "\n]\n";
    }

private:
    void take(Json sent)
    {
        if (sent.is_object() && sent.contains("blocks")) {
            for (const auto& block : std::exchange(sent["blocks"], Json::array()))
                keep(block);
            keep(sent);
        } else if (sent.is_array()) {
            for (const auto& block : sent)
                keep(block);
        } else {
            keep(sent);
        }
    }
    void keep(const Json& one) { shapes_.insert(shape_of(one, {}).dump()); }

    std::filesystem::path file_{};
    std::set<std::string> shapes_{};
    static Witnessed all_;
};

Witnessed Witnessed::all_{};

} // namespace
