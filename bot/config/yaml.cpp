#include "config/yaml.hpp"

#include "config/utf8.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace config {

namespace {

/// Where yaml-cpp says something is, in characters: it counts bytes.
class Columns {
public:
    explicit Columns(std::string_view text)
        : text_{text}
    {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1, 1) != "\n"))
                starts_.push_back(i + 1);
    }
    /// The column, from 1, of a byte in a line, both from 0. Marks mostly go forward, so that counting goes on from the last one.
    int operator()(int line, int byte)
    {
        if (line < 0 || static_cast<std::size_t>(line) >= starts_.size())
            return byte + 1;
        if (line != line_ || byte < byte_) {
            line_ = line;
            byte_ = 0;
            column_ = 1;
        }
        const auto start = starts_[static_cast<std::size_t>(line)];
        for (; byte_ < byte; ++byte_) {
            const auto at = start + static_cast<std::size_t>(byte_);
            column_ += at >= text_.size() || !is_continuation(text_[at]);
        }
        return column_;
    }

private:
    std::string_view text_;
    std::vector<std::size_t> starts_{};
    int line_{-1};
    int byte_{};
    int column_{};
};

struct Refused {
    Problem problem{};
};

class YamlBuilder : public YAML::EventHandler {
public:
    explicit YamlBuilder(Columns& columns)
        : columns_{columns}
    {
    }

    void OnDocumentStart(const YAML::Mark&) override { }
    void OnDocumentEnd() override { }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { finish(at(mark), anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end())
            refuse(mark, "an alias stands inside of what it refers to", "write it out");
        count(size_of(found->second), mark);
        check_depth(depth_of(found->second), mark);
        add(Node{found->second});
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override
    {
        auto node = at(mark);
        node.text = value;
        node.kind = kind(mark, tag, value);
        if (node.kind == Node::Kind::null)
            node.text.clear();
        const bool is_key = !open_.empty() && open_.back().wants_key();
        if (is_key && tag == "?" && value == "<<")
            open_.back().merges.push_back(open_.back().node.keys.size());
        finish(std::move(node), anchor);
    }
    void OnSequenceStart(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        start(mark, tag, anchor, Node::Kind::list);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        start(mark, tag, anchor, Node::Kind::mapping);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapEnd() override { end(); }

    Node root{};

private:
    struct Open {
        Node node{};
        YAML::anchor_t anchor{};
        std::vector<std::size_t> merges{}; // which keys are `<<`
        bool wants_key() const { return node.kind == Node::Kind::mapping && node.keys.size() == node.items.size(); }
    };

    [[noreturn]] void refuse(const YAML::Mark& mark, std::string what, std::string fix)
    {
        throw Refused{{mark.line + 1, columns_(mark.line, mark.column), std::move(what), std::move(fix)}};
    }
    void count(std::size_t more, const YAML::Mark& mark)
    {
        nodes_ += more;
        if (nodes_ > most_nodes)
            refuse(mark, "the file holds more than " + std::to_string(most_nodes) + " values",
                "this is hardly a configuration; look for aliases (`*name`) that multiply");
    }
    void check_depth(std::size_t more, const YAML::Mark& mark)
    {
        if (open_.size() + more > deepest_node)
            refuse(mark, "this is nested too deeply", "use at most " + std::to_string(deepest_node) + " levels");
    }
    Node at(const YAML::Mark& mark)
    {
        count(1, mark);
        Node node;
        node.line = mark.line + 1;
        node.column = columns_(mark.line, mark.column);
        return node;
    }
    Node::Kind kind(const YAML::Mark& mark, const std::string& tag, const std::string& value)
    {
        if (tag == "!" || tag == "tag:yaml.org,2002:str")
            return Node::Kind::text;
        if (tag != "?" && !tag.empty())
            refuse(mark, "tags (`!…`) have no meaning here", "leave it out, or write the text in quotes");
        return kind_of_plain(value);
    }
    void start(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind)
    {
        if (tag != "?" && tag != "!" && !tag.empty())
            refuse(mark, "tags (`!…`) have no meaning here", "leave it out");
        check_depth(1, mark);
        auto node = at(mark);
        node.kind = kind;
        open_.push_back({std::move(node), anchor});
    }
    void end()
    {
        auto done = std::move(open_.back());
        open_.pop_back();
        merge(done);
        finish(std::move(done.node), done.anchor);
    }
    void finish(Node node, YAML::anchor_t anchor)
    {
        if (anchor != YAML::NullAnchor) {
            count(size_of(node), YAML::Mark::null_mark());
            anchors_[anchor] = node;
        }
        add(std::move(node));
    }
    void add(Node node)
    {
        if (open_.empty()) {
            root = std::move(node);
            return;
        }
        auto& parent = open_.back();
        if (parent.wants_key()) {
            parent.node.keys.push_back(std::move(node));
            return;
        }
        if (node.kind == Node::Kind::null)
            place_nothing(node, parent.node);
        parent.node.items.push_back(std::move(node));
    }
    /// Nothing stands nowhere, and yaml-cpp says where the next thing begins: it is where its key or its dash is.
    static void place_nothing(Node& node, const Node& parent)
    {
        if (parent.kind == Node::Kind::mapping) {
            node.line = parent.keys.back().line;
            node.column = parent.keys.back().column;
        } else if (node.column <= parent.column && node.line > parent.line) {
            --node.line;
            node.column = parent.column;
        }
    }
    /// `<<: *other` brings the entries of `other` that are not there yet.
    static void merge(Open& mapping)
    {
        if (mapping.merges.empty())
            return;
        auto& node = mapping.node;
        if (mapping.merges.size() > 1) {
            const auto& again = node.keys[mapping.merges[1]];
            throw Refused{{again.line, again.column, "`<<` is there twice", "list both, as `<<: [*a, *b]`"}};
        }
        const auto index = static_cast<std::ptrdiff_t>(mapping.merges.front());
        const Node from = std::move(node.items[mapping.merges.front()]);
        node.keys.erase(node.keys.begin() + index);
        node.items.erase(node.items.begin() + index);
        const auto not_a_mapping = [](const Node& one) { return one.kind != Node::Kind::mapping; };
        const bool several = from.kind == Node::Kind::list;
        if ((!several && not_a_mapping(from)) || (several && std::any_of(from.items.begin(), from.items.end(), not_a_mapping)))
            throw Refused{{from.line, from.column, "`<<` takes mappings only", "write `<<: *name`"}};
        std::set<std::string> there;
        for (const auto& key : node.keys)
            there.insert(key.text);
        const auto add_from = [&](const Node& one) {
            for (std::size_t i = 0; i < one.keys.size(); ++i)
                if (there.insert(one.keys[i].text).second) {
                    node.keys.push_back(one.keys[i]);
                    node.items.push_back(one.items[i]);
                }
        };
        if (several)
            std::for_each(from.items.begin(), from.items.end(), add_from);
        else
            add_from(from);
    }

    Columns& columns_;
    std::vector<Open> open_{};
    std::map<YAML::anchor_t, Node> anchors_{};
    std::size_t nodes_{};
};

/// The first character that no configuration has, if there is one: broken UTF-8, or a control character.
std::optional<Problem> foreign_character(std::string_view text)
{
    int line = 1;
    int column = 1;
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        const auto code = next_character(text, at);
        if (!code)
            return Problem{line, column, "this is not UTF-8", "save the file as UTF-8"};
        if ((*code < 0x20 && *code != '\t' && *code != '\n' && *code != '\r') || *code == 0x7f)
            return Problem{line, column, "there is a control character", "delete it, or write it as an escape as \"\\x07\""};
        const bool ends = *code == '\n' || (*code == '\r' && text.substr(begin + 1, 1) != "\n");
        line += ends;
        column = ends ? 1 : column + 1;
    }
    return std::nullopt;
}

} // namespace

namespace {

/// Up to `most` documents.
std::vector<Node> documents_in(std::string_view text, std::size_t most, std::vector<Problem>& problems)
{
    std::vector<Node> documents;
    if (text.size() > most_text) {
        problems.push_back({0, 0, "the file is larger than 4 MiB", "this is hardly a configuration; check the path"});
        return documents;
    }
    if (auto problem = foreign_character(text)) {
        problems.push_back(std::move(*problem));
        return documents;
    }
    Columns columns{text};
    YamlBuilder builder{columns};
    std::istringstream stream{std::string{text}};
    try {
        YAML::Parser parser{stream};
        while (documents.size() < most && parser.HandleNextDocument(builder))
            documents.push_back(std::exchange(builder.root, {}));
    } catch (const Refused& refused) {
        problems.push_back(refused.problem);
    } catch (const YAML::Exception& error) {
        problems.push_back({error.mark.line + 1, columns(error.mark.line, error.mark.column), "this is no YAML: " + error.msg,
            "check indentation, quotes and brackets here and in the line before"});
    }
    return documents;
}

} // namespace

Node node_in_yaml(std::string_view text, std::vector<Problem>& problems)
{
    auto documents = documents_in(text, 2, problems);
    if (documents.size() > 1)
        problems.push_back(
            {documents[1].line, documents[1].column, "there is a second document in the file", "keep one, and leave `---` out"});
    return documents.empty() ? Node{} : std::move(documents.front());
}

std::vector<Node> nodes_in_yaml(std::string_view text, std::vector<Problem>& problems)
{
    auto documents = documents_in(text, most_nodes, problems);
    std::erase_if(documents, [](const Node& one) { return one.kind == Node::Kind::null; });
    return documents;
}

} // namespace config
