#pragma once

#include "config/plan.hpp"

/// Keys and signing secrets of sources have a place and a life of their own. What the file said of them is remembered beside what
/// it said of the source, as a hash. For config/plan*.cpp.
namespace config {

inline constexpr std::string_view key_field{"key_hash"}, secret_field{"secret_hash"};

/// "": there is none.
std::string hash_in(const std::string& json, std::string_view field);
std::string without_hashes(const std::string& json);
/// Empty hash: without it.
std::string with_hash(const std::string& json, std::string_view field, const std::string& hash);
/// Whether two JSON texts of an item mean the same, whatever their keys and secrets are.
bool same(const std::string& one, const std::string& other);

/// What the file says; of keys and signing secrets it names, their hashes.
std::vector<Item> said_by(oncall::Configuration file);

/// As people are told it.
Difference secret_changes(bool had);

} // namespace config
