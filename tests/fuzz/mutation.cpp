#include "fuzz/mutation.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace fuzz {

namespace {

using Tree = nlohmann::ordered_json;

std::string repeated(const std::string& piece, std::size_t times)
{
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += piece;
    return all;
}

/// Tokens, markup, controls, text that turns, half characters, heaps, and what parsers stumble over.
const std::vector<std::string>& pieces()
{
    static const std::vector<std::string> all{"<!channel>", "<@U012AB3CD>", "<!date^1^{time}|x>",
        "<https://evil.example.com|click>", "*x* _y_ `z`", "&lt;&amp", "```", "|", "\"", "\\", "\\u0000", "\\ud800", "\n",
        "\r\n\r\n", "\t", std::string(1, '\0'), "\x1B[0m", "\u202E", "\u2066", "\uFEFF", "\u200B", "😀", "e\u0301", "\xFF", "\xC3",
        "\xE2\x82", "\xED\xA0\x80", "\xF0\x9F", "{{title}}", "{{#a}}{{/a}}", "${jndi:ldap://x}", "$VAR", "%", "%00", "%zz",
        "=?utf-8?B?4pyF?=", "../../etc/passwd", "http://169.254.169.254/latest",
        "https://sns.eu-west-1.amazonaws.com.evil.example.com/x.pem", "javascript:alert(1)", "-1", "1e999",
        "99999999999999999999", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "null", "true", "[", "{", "}", ":", ",", "/",
        "~1", "#", "<<: *a", "&a [*a, *a]", "!!binary x", "BEGIN:VEVENT\r\n", "RRULE:FREQ=SECONDLY\r\n",
        "Content-Type: multipart/mixed; boundary=x\n\n", "BAh7", "eyJhbGciOiJub25lIn0", ".."};
    return all;
}

/// Every value in it, with where it is.
void collect(Tree& at, std::vector<Tree*>& values, std::vector<Tree*>& holders)
{
    constexpr std::size_t most = 400;
    if (!at.is_structured() || values.size() >= most)
        return;
    if (!at.empty())
        holders.push_back(&at);
    for (auto& one : at) {
        values.push_back(&one);
        collect(one, values, holders);
    }
}

} // namespace

std::string_view head_of(std::string_view input)
{
    if (input.starts_with('\n'))
        return {};
    const auto end = input.find("\n\n");
    return end == input.npos ? std::string_view{} : input.substr(0, end + 1);
}

std::string_view body_of(std::string_view input)
{
    if (input.starts_with('\n'))
        return input.substr(1);
    const auto end = input.find("\n\n");
    return end == input.npos ? input : input.substr(end + 2);
}

std::string Mutation::piece()
{
    const auto& one = pieces()[below(pieces().size())];
    switch (below(12)) {
    case 0: return repeated(one, 1 + below(40));
    case 1: return repeated(one, 2'000 / one.size());
    default: return one;
    }
}

/// As JSON; some are none.
std::string Mutation::json_piece()
{
    static const std::vector<std::string> values{"null", "true", "false", "0", "-1", "1", "1.5", "1e308", "-0.0",
        "18446744073709551615", "9223372036854775808", "\"\"", "\" \"", "\"x\"", "[]", "{}", "[null]", "[[]]", "{\"\":\"\"}",
        "{\"a\":{\"b\":[1,\"2\",null]}}", "[\"a\",\"b\"]", "\"Critical\"", "\"resolved\"", "\"P1\"", "1793707200",
        "\"2026-11-03T12:00:00Z\""};
    switch (below(10)) {
    case 0: return Tree(repeated("ü", 1'500)).dump();
    case 1: return repeated("[", 31) + repeated("]", 31);
    case 2: return repeated("{\"a\":", 20) + "1" + repeated("}", 20);
    case 3: {
        auto many = Tree::object();
        for (int i = 0; i < 150; ++i)
            many["k" + std::to_string(i)] = "v";
        return many.dump();
    }
    case 4:
    case 5: return Tree(piece()).dump(-1, ' ', false, Tree::error_handler_t::ignore);
    default: return values[below(values.size())];
    }
}

std::string Mutation::json(std::string_view body)
{
    auto tree = Tree::parse(body, nullptr, false);
    if (tree.is_discarded())
        return text(std::string{body});
    std::vector<Tree*> values, holders;
    collect(tree, values, holders);
    const auto other = [&] { return Tree::parse(json_piece(), nullptr, false); };
    if (values.empty())
        return json_piece();
    auto& value = *values[below(values.size())];
    auto& holder = *holders[below(holders.size())];
    switch (below(8)) {
    case 0: { // something is missing
        if (holder.is_object()) {
            const auto key = std::next(holder.begin(), static_cast<std::ptrdiff_t>(below(holder.size()))).key();
            holder.erase(key);
        } else {
            holder.erase(below(holder.size()));
        }
        break;
    }
    case 1: { // something is told twice
        auto copy = value;
        if (holder.is_object())
            holder["another"] = std::move(copy);
        else
            holder.push_back(std::move(copy));
        break;
    }
    case 2: { // it stands elsewhere
        const Tree copy = value;
        *values[below(values.size())] = copy;
        break;
    }
    case 3: // something is said inside of what was said
        if (value.is_string()) {
            auto words = value.get<std::string>();
            words.insert(below(words.size() + 1),
                Tree::parse(Tree(piece()).dump(-1, ' ', false, Tree::error_handler_t::ignore)).get<std::string>());
            value = Tree::parse(Tree(words).dump(-1, ' ', false, Tree::error_handler_t::replace));
            break;
        }
        [[fallthrough]];
    default: value = other();
    }
    return tree.dump(-1, ' ', false, Tree::error_handler_t::replace);
}

std::string Mutation::text(std::string input)
{
    const auto at = below(input.size() + 1);
    const auto length = below(std::min<std::size_t>(input.size() - at, 200) + 1);
    switch (below(7)) {
    case 0: // it breaks off
        input.resize(at);
        break;
    case 1: // a byte is another
        if (at < input.size())
            input[at] = static_cast<char>(input[at] ^ static_cast<char>(1u << below(8)));
        break;
    case 2: input.erase(at, length); break;
    case 3: input.insert(at, input.substr(at, length)); break;
    case 4: input.insert(at, repeated("[", 100'000 * below(2) + 40)); break;
    default: input.insert(at, piece());
    }
    return input;
}

std::string Mutation::of(const std::string& input)
{
    auto changed = input;
    for (auto times = 1 + below(3); times > 0; --times) {
        if (below(4) == 0) {
            changed = text(std::move(changed));
            continue;
        }
        const auto body = body_of(changed);
        const auto before = changed.substr(0, changed.size() - body.size());
        const auto made = json(body);
        changed = before + made;
    }
    return changed;
}

} // namespace fuzz
