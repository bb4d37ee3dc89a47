#include "config/locate.hpp"

#include "config/yaml.hpp"

#include <charconv>

namespace config {

namespace {

constexpr std::pair<std::string_view, std::string_view> section_of[]{{"team ", "teams"}, {"service ", "services"},
    {"schedule ", "schedules"}, {"policy ", "policies"}, {"source ", "sources"}, {"heartbeat ", "heartbeats"},
    {"directory ", "directories"}};

Spot spot(const Node& node) { return {node.line, node.column}; }

/// The value that the path begins with, and what is left of it. Names may have dots: of several the longest is meant.
const Node* named(const Node& root, std::string_view& path, Spot& at)
{
    for (const auto& [kind, section] : section_of) {
        const auto* const all = path.starts_with(kind) ? find(root, section) : nullptr;
        if (!all || all->kind != Node::Kind::mapping)
            continue;
        const auto rest = path.substr(kind.size());
        const Node* found{};
        std::size_t length{};
        for (std::size_t i = 0; i < all->keys.size(); ++i) {
            const auto& name = all->keys[i].text;
            const bool whole = rest.starts_with(name) && (rest.size() == name.size() || rest[name.size()] == '.');
            if (!whole || (found && name.size() < length))
                continue;
            found = &all->items[i];
            length = name.size();
            at = spot(all->keys[i]);
        }
        path = rest.substr(length);
        return found;
    }
    return nullptr;
}

/// One step of ".levels[0].patience"; nullptr: the file does not say it.
const Node* step(const Node& node, std::string_view& path)
{
    if (path.starts_with('[')) {
        std::size_t index{};
        const auto [end, error] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
        const auto close = path.find(']');
        path = close == path.npos ? std::string_view{} : path.substr(close + 1);
        return error == std::errc{} && node.kind == Node::Kind::list && index < node.items.size() ? &node.items[index] : nullptr;
    }
    path.remove_prefix(path.starts_with('.') ? 1 : 0);
    const auto key = path.substr(0, path.find_first_of(".["));
    path.remove_prefix(key.size());
    return node.kind == Node::Kind::mapping ? find(node, key) : nullptr;
}

} // namespace

Spot spot_of(std::string_view text, const std::string& path)
{
    std::vector<Problem> problems;
    const auto root = node_in_yaml(text, problems);
    if (!problems.empty())
        return {};
    Spot at;
    std::string_view rest{path};
    const auto* node = named(root, rest, at);
    while (node && !rest.empty()) {
        node = step(*node, rest);
        if (node && node->line > 0)
            at = spot(*node);
    }
    return at;
}

} // namespace config
