#pragma once

#include "config/node.hpp"
#include "config/oncall_yaml.hpp"
#include "oncall/directory.hpp"

/// What the readers of directories have in common; for config/directory_*.cpp.
namespace config {

/// The text of a scalar; empty: it is none, or nothing.
std::string entry_text(const Node& mapping, std::string_view key);
/// The first of these that says something.
std::string first_text(const Node& mapping, std::initializer_list<std::string_view> keys);
/// What stands in a list; nothing where there is none.
const std::vector<Node>& entry_items(const Node& mapping, std::string_view key);
/// The scalars of a list, or the one that stands in its place.
std::vector<std::string> entry_texts(const Node& mapping, std::string_view key);
/// Scalars by name; what is none is passed over.
std::map<std::string, std::string> entry_labels(const Node& mapping, std::string_view key);
/// 0: none; -1: it is none from 1 to 9.
int tier_in(std::string_view text);
/// Words with ; or , between.
std::vector<std::string> words_between(std::string_view text);
/// The first problem of the file's form, with its line; empty: there is none.
std::string first_problem(const std::vector<Problem>& problems);

} // namespace config
