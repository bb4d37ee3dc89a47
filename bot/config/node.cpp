#include "config/node.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace config {

namespace {

/// Takes the digits at the front of `text` away and says whether there were any.
bool take_digits(std::string_view& text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), oncall::is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count > 0;
}

bool is_number(std::string_view text)
{
    if (text.starts_with("0o"))
        return text.size() > 2 && text.find_first_not_of("01234567", 2) == text.npos;
    if (text.starts_with("0x"))
        return text.size() > 2 && text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos;
    if (text == ".nan" || text == ".NaN" || text == ".NAN")
        return true;
    if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
    if (text == ".inf" || text == ".Inf" || text == ".INF")
        return true;
    bool any = take_digits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        any = take_digits(text) || any;
    }
    if (!any)
        return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('-') || text.starts_with('+'))
            text.remove_prefix(1);
        if (!take_digits(text))
            return false;
    }
    return text.empty();
}

} // namespace

bool Node::operator==(const Node& other) const
{
    return kind == other.kind && text == other.text && keys == other.keys && items == other.items;
}

Node a_text(std::string text)
{
    Node node;
    node.kind = Node::Kind::text;
    node.text = std::move(text);
    return node;
}

Node a_number(std::int64_t number)
{
    Node node;
    node.kind = Node::Kind::number;
    node.text = std::to_string(number);
    return node;
}

Node a_truth(bool truth)
{
    Node node;
    node.kind = Node::Kind::truth;
    node.text = truth ? "true" : "false";
    return node;
}

Node a_list(std::vector<Node> items)
{
    Node node;
    node.kind = Node::Kind::list;
    node.items = std::move(items);
    return node;
}

Node a_mapping()
{
    Node node;
    node.kind = Node::Kind::mapping;
    return node;
}

void put(Node& mapping, std::string key, Node value)
{
    mapping.keys.push_back(a_text(std::move(key)));
    mapping.items.push_back(std::move(value));
}

const Node* find(const Node& mapping, std::string_view key)
{
    for (std::size_t i = 0; i < mapping.keys.size(); ++i)
        if (mapping.keys[i].text == key)
            return &mapping.items[i];
    return nullptr;
}

Node::Kind kind_of_plain(std::string_view text)
{
    for (const std::string_view word : {"", "~", "null", "Null", "NULL"})
        if (text == word)
            return Node::Kind::null;
    for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"})
        if (text == word)
            return Node::Kind::truth;
    return is_number(text) ? Node::Kind::number : Node::Kind::text;
}

std::size_t depth_of(const Node& node)
{
    std::size_t deepest = 0;
    for (const auto& item : node.items)
        deepest = std::max(deepest, depth_of(item));
    return deepest + (node.kind == Node::Kind::list || node.kind == Node::Kind::mapping);
}

std::size_t size_of(const Node& node)
{
    std::size_t count = 1 + node.keys.size();
    for (const auto& item : node.items)
        count += size_of(item);
    return count;
}

} // namespace config
