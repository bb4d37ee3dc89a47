#include "config/json.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>

namespace config {

namespace {

/// Builds the tree while nlohmann parses, so that the depth is bounded before anything recurses, and keys given twice are seen.
class JsonBuilder {
public:
    bool null() { return value({}); }
    bool boolean(bool truth) { return value(a_truth(truth)); }
    bool number_integer(nlohmann::json::number_integer_t number) { return value(a_number(number)); }
    bool number_unsigned(nlohmann::json::number_unsigned_t number) { return value(numeral(std::to_string(number))); }
    bool number_float(nlohmann::json::number_float_t, const std::string& text) { return value(numeral(text)); }
    bool string(std::string& text) { return value(a_text(std::move(text))); }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool start_object(std::size_t) { return start(a_mapping()); }
    bool start_array(std::size_t) { return start(a_list()); }
    bool key(std::string& text)
    {
        open_.back().keys.push_back(a_text(std::move(text)));
        return ++count_ <= most_nodes;
    }
    bool end_object() { return end(); }
    bool end_array() { return end(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

    Node root{};

private:
    static Node numeral(std::string text)
    {
        Node node = a_text(std::move(text));
        node.kind = Node::Kind::number;
        return node;
    }
    bool value(Node node)
    {
        (open_.empty() ? root : open_.back().items.emplace_back()) = std::move(node);
        return ++count_ <= most_nodes;
    }
    bool start(Node node)
    {
        open_.push_back(std::move(node));
        return open_.size() <= deepest_node;
    }
    bool end()
    {
        Node node = std::move(open_.back());
        open_.pop_back();
        return value(std::move(node));
    }

    std::vector<Node> open_{};
    std::size_t count_{};
};

std::string json_quoted(const std::string& text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_json(const Node& node, std::string& out)
{
    switch (node.kind) {
    case Node::Kind::null: out += "null"; return;
    case Node::Kind::text: out += json_quoted(node.text); return;
    // What YAML takes for a number may be written as JSON would not, as 0x1F.
    case Node::Kind::number:
        out += nlohmann::json::accept(node.text) ? node.text : nlohmann::json(std::strtod(node.text.c_str(), nullptr)).dump();
        return;
    case Node::Kind::truth: out += node.text.front() == 't' || node.text.front() == 'T' ? "true" : "false"; return;
    case Node::Kind::list:
    case Node::Kind::mapping: break;
    }
    const bool mapping = node.kind == Node::Kind::mapping;
    out += mapping ? '{' : '[';
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        out += i > 0 ? "," : "";
        if (mapping)
            out += json_quoted(node.keys[i].text) + ':';
        write_json(node.items[i], out);
    }
    out += mapping ? '}' : ']';
}

} // namespace

std::optional<Node> node_in_json(std::string_view text)
{
    JsonBuilder builder;
    if (text.size() > most_text || !nlohmann::json::sax_parse(text, &builder))
        return std::nullopt;
    return std::move(builder.root);
}

std::string json_of(const Node& node)
{
    std::string out;
    write_json(node, out);
    return out;
}

} // namespace config
