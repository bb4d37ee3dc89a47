#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// A value of the configuration as a tree, be it from YAML or from JSON: what it says and where it stands.
struct Node {
    enum class Kind { null, text, number, truth, list, mapping };

    Kind kind{Kind::null};
    std::string text{}; // of a text, a number or a truth: as it was written
    std::vector<Node> keys{}; // of a mapping: keys[i] names items[i], in the order they were written
    std::vector<Node> items{}; // of a list or a mapping
    int line{}; // from 1; 0: it stands in no file
    int column{}; // from 1, in characters
    bool block{}; // to be written over several lines

    bool is_scalar() const { return kind == Kind::text || kind == Kind::number || kind == Kind::truth; }
    /// Says the same; where it stands does not count.
    bool operator==(const Node& other) const;
};

Node a_text(std::string text);
Node a_number(std::int64_t number);
Node a_truth(bool truth);
Node a_list(std::vector<Node> items = {});
Node a_mapping();

/// Puts an entry at the mapping's end.
void put(Node& mapping, std::string key, Node value);

/// The value of a mapping's key; nullptr when it is not there.
const Node* find(const Node& mapping, std::string_view key);

/// What a scalar without quotes is, by YAML 1.2's core schema.
Node::Kind kind_of_plain(std::string_view text);

/// How many values the tree has, and how many levels.
std::size_t size_of(const Node& node);
std::size_t depth_of(const Node& node);

/// No file and no item may be larger, deeper, or hold more values, aliases counted as what they stand for.
constexpr std::size_t most_text = 4 << 20;
constexpr std::size_t deepest_node = 32;
constexpr std::size_t most_nodes = 200'000;

} // namespace config
