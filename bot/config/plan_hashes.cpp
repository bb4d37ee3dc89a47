#include "config/plan_hashes.hpp"

#include "storage/repositories.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace config {

using Json = nlohmann::json;

std::string hash_in(const std::string& json, std::string_view field)
{
    return json.empty() ? std::string{} : Json::parse(json).value(std::string{field}, std::string{});
}

std::string without_hashes(const std::string& json)
{
    if (json.find(key_field) == json.npos && json.find(secret_field) == json.npos)
        return json;
    auto object = nlohmann::ordered_json::parse(json);
    if (object.erase(std::string{key_field}) + object.erase(std::string{secret_field}) == 0)
        return json;
    return object.dump();
}

bool same(const std::string& one, const std::string& other)
{
    if (one == other)
        return true;
    if (one.empty() || other.empty())
        return false;
    auto a = Json::parse(one);
    auto b = Json::parse(other);
    for (const auto field : {key_field, secret_field}) {
        a.erase(std::string{field});
        b.erase(std::string{field});
    }
    return a == b;
}

std::string with_hash(const std::string& json, std::string_view field, const std::string& hash)
{
    if (hash_in(json, field) == hash)
        return json;
    auto object = nlohmann::ordered_json::parse(json);
    if (hash.empty())
        object.erase(std::string{field});
    else
        object[std::string{field}] = hash;
    return object.dump();
}

Difference secret_changes(bool had) { return {"signing secret", had ? "the one it has" : "none", had ? "another" : "given"}; }

std::vector<Item> said_by(oncall::Configuration file)
{
    for (auto& [name, source] : file.sources)
        if (const auto key = std::exchange(source.key, ""); !key.empty())
            source.key_hash = storage::sha256(key);
    auto items = items_of(file);
    for (auto& item : items)
        if (item.kind == "source")
            if (const auto& secret = file.sources.at(item.name).signing_secret; !secret.empty())
                item.json = with_hash(item.json, secret_field, storage::sha256(secret));
    return items;
}

} // namespace config
