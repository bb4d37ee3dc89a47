#include "catch.hpp"
#include "places.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <utility>

namespace {

namespace fs = std::filesystem;

const fs::path root{ONCALL_SOURCE_DIR};

std::string text_of(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<fs::path> sources()
{
    std::vector<fs::path> found;
    for (const auto* top : {"bot", "handlers", "blocks", "storage", "tests"})
        for (const auto& entry : fs::recursive_directory_iterator{root / top})
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
                found.push_back(fs::relative(entry.path(), root));
    return found;
}

/// The room a file is in, as its includes would name it; "app" for what stands directly in bot/ and for the commands.
std::string room_of(const fs::path& file)
{
    auto part = file.begin();
    const auto top = part->string();
    ++part;
    if (top == "tests") {
        // Those that stand in for others know nothing of us but the network.
        const auto folder = part->string();
        return (folder == "workspace" && std::next(part)->string() != "tests") || folder == "twilio" ? folder : "tests";
    }
    if (top != "bot")
        return top;
    const auto inner = part->string();
    return std::next(part) == file.end() || inner == "commands" ? "app" : inner;
}

struct Room {
    std::set<std::string> rooms{}; // or single headers
    std::set<std::string> foreign{}; // prefixes
};

/// Who may include whom. README, "How it is built", explains it.
const std::map<std::string, Room> table{
    {"oncall", {{}, {"date/", "re2/"}}},
    {"pictures", {{"oncall"}, {}}},
    {"doors",
        {{}, {"boost/asio/", "spdlog/", "systemd/sd-daemon.h", "fcntl.h", "poll.h", "spawn.h", "sys/", "time.h", "unistd.h"}}},
    {"net", {{"doors"}, {"boost/asio/", "boost/beast/", "boost/url/", "fcntl.h", "sys/", "unistd.h"}}},
    {"slack", {{"net", "doors"}, {"nlohmann/", "boost/asio/", "openssl/"}}},
    {"blocks", {{"oncall", "slack/message.hpp"}, {"nlohmann/"}}},
    {"storage",
        {{"oncall", "doors"},
            {"SQLiteCpp/", "sqlite3.h", "nlohmann/", "openssl/", "boost/asio/", "fcntl.h", "sys/", "unistd.h"}}},
    {"notify",
        {{"oncall", "net", "doors", "slack/message.hpp"}, {"nlohmann/", "curl/", "jwt/", "kainjow/", "openssl/", "boost/asio/"}}},
    {"feeds", {{"oncall", "net", "doors"}, {"libical/", "boost/asio/"}}},
    {"mail", {{}, {"gmime/"}}},
    {"config",
        {{"oncall", "storage", "doors/log.hpp", "feeds/fetch_rules.hpp", "notify/smtp_server.hpp"}, {"nlohmann/", "yaml-cpp/"}}},
    {"handlers",
        {{"oncall", "config", "storage", "blocks", "slack", "doors", "net/message.hpp", "notify/answer_token.hpp",
             "notify/outcome.hpp", "notify/pager_link.hpp", "notify/push_link.hpp", "notify/request_signature.hpp",
             "notify/sns_signature.hpp", "notify/spoken.hpp", "notify/subscription.hpp", "notify/template.hpp", "notify/text.hpp",
             "notify/twilio_outcome.hpp", "notify/twilio_signature.hpp", "notify/twiml.hpp", "notify/webhook_rules.hpp",
             "notify/webhook_secret.hpp", "notify/calendar_token.hpp", "feeds/calendar_out.hpp", "feeds/fetch_rules.hpp",
             "mail/message.hpp", "delivery/outcome.hpp", "delivery/preview.hpp", "delivery/report.hpp",
             "delivery/schedule_picture.hpp", "delivery/schedule_preview.hpp", "delivery/spoken.hpp", "delivery/text_file.hpp",
             "delivery/trouble_words.hpp", "delivery/view.hpp"},
            {"nlohmann/", "boost/asio/"}}},
    {"delivery", {{"oncall", "storage", "blocks", "slack", "notify", "doors", "pictures"}, {"nlohmann/", "boost/asio/"}}},
    {"workspace", {{"net", "doors"}, {"nlohmann/", "boost/asio/", "openssl/"}}},
    {"twilio", {{"net", "doors"}, {"nlohmann/", "boost/asio/", "openssl/"}}},
};

struct Include {
    std::string path{};
    bool own{};
    int line{};
};

std::vector<Include> includes(const std::string& text)
{
    static const std::regex pattern{R"re(\s*#\s*include\s*(["<])([^">]+)[">])re"};
    std::vector<Include> found;
    std::istringstream lines{text};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number)
        if (std::smatch match; std::regex_search(line, match, pattern, std::regex_constants::match_continuous))
            found.push_back({match[2], match[1] == "\"", number});
    return found;
}

/// Code with comments, strings and characters blanked out; as long as before.
std::string bare(std::string code)
{
    const auto blank = [&](std::size_t from, std::size_t to) {
        for (; from < std::min(to, code.size()); ++from)
            if (code[from] != '\n')
                code[from] = ' ';
    };
    for (std::size_t at = 0; at < code.size(); ++at) {
        if (code.compare(at, 2, "//") == 0) {
            const auto end = std::min(code.find('\n', at), code.size());
            blank(at, end);
            at = end;
        } else if (code.compare(at, 2, "/*") == 0) {
            const auto end = std::min(code.find("*/", at), code.size());
            blank(at, end + 2);
            at = end;
        } else if (code.compare(at, 2, "R\"") == 0) {
            const auto open = code.find('(', at);
            const auto close = ")" + code.substr(at + 2, open - at - 2) + "\"";
            const auto end = std::min(code.find(close, open), code.size());
            blank(at, end + close.size());
            at = end + close.size() - 1;
        } else if (code[at] == '"'
            || (code[at] == '\'' && (at == 0 || !std::isalnum(static_cast<unsigned char>(code[at - 1]))))) {
            const auto quote = code[at];
            auto end = at + 1;
            while (end < code.size() && code[end] != quote)
                end += code[end] == '\\' ? 2 : 1;
            blank(at + 1, end);
            at = end;
        }
    }
    return code;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// What GCC 12 miscompiles inside the full expression of a co_await, as "line: what".
std::vector<std::string> miscompiled(const std::string& source)
{
    std::vector<std::string> found;
    const auto code = bare(source);
    const std::string token = "co_await";
    for (auto at = code.find(token); at != code.npos; at = code.find(token, at + 1)) {
        if ((at > 0 && is_word(code[at - 1])) || is_word(code[at + token.size()]))
            continue;
        const auto line = std::to_string(1 + std::count(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
        const auto start = code.find_last_of(";{}", at);
        const auto before = code.substr(start + 1, at - start - 1);
        if (before.find('[') != before.npos && before.find('=') != before.npos && before.find("auto") != before.npos)
            found.push_back(line + ": a structured binding");
        // A brace that opens right before it is a block, unless it follows a name or '('.
        if (start != code.npos && code[start] == '{') {
            const auto previous = code.find_last_not_of(" \n\t", start - 1);
            if (previous != code.npos && previous < start
                && (is_word(code[previous]) || code[previous] == '(' || code[previous] == ',')) {
                const auto word_start =
                    code.find_last_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", previous);
                const auto word = code.substr(word_start + 1, previous - word_start);
                if (word != "else" && word != "do" && word != "try" && word != "const" && word != "override"
                    && word != "noexcept")
                    found.push_back(line + ": a co_await inside braces");
            }
        }
        int depth = 0;
        for (auto place = at + token.size(); place < code.size(); ++place) {
            const char c = code[place];
            if (c == ';' && depth == 0)
                break;
            if (c == '(')
                ++depth;
            else if (c == ')' && --depth < 0)
                break;
            else if (c == '{') {
                found.push_back(line + ": braces");
                break;
            } else if (c == '?') {
                found.push_back(line + ": ?:");
                break;
            } else if (c == '[' && !is_word(code[place - 1]) && code[place - 1] != ')' && code[place - 1] != ']') {
                found.push_back(line + ": a lambda");
                break;
            }
        }
    }
    return found;
}

/// The declarations of a file's unnamed namespaces, each up to its body or its end. `code` is bare, without directives.
std::vector<std::string> private_declarations(const std::string& code)
{
    static const std::regex opening{R"re(\bnamespace\s*\{)re"};
    std::vector<std::string> found;
    for (std::sregex_iterator open{code.begin(), code.end(), opening}, none; open != none; ++open) {
        std::string declaration;
        int depth = 0;
        bool has_body = false;
        for (auto at = static_cast<std::size_t>(open->position() + open->length()); at < code.size() && depth >= 0; ++at) {
            const char c = code[at];
            has_body = has_body || (c == '{' && depth == 0);
            depth += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
            declaration += c;
            const auto next = code.find_first_not_of(" \n", at + 1);
            // A brace that nothing of the declaration follows ends a function.
            const bool ends = c == '}' && next != code.npos && code[next] != ';' && code[next] != ',';
            if (depth == 0 && (c == ';' || (has_body && ends))) {
                found.push_back(std::exchange(declaration, {}));
                has_body = false;
            }
        }
    }
    return found;
}

/// The names that only a file itself knows: types, functions, constants and aliases of its unnamed namespaces.
std::set<std::string> private_names(const std::string& source)
{
    static const std::regex no_name{R"re(\s*(static_assert\b|namespace\b|using\s+namespace\b|using\s[^=]*;))re"};
    auto code = std::regex_replace(bare(source), std::regex{R"re(\bfinal\b)re"}, "");
    for (auto at = code.find('#'); at != code.npos; at = code.find('#', at))
        std::fill(code.begin() + static_cast<std::ptrdiff_t>(at),
            code.begin() + static_cast<std::ptrdiff_t>(std::min(code.find('\n', at), code.size())), ' ');
    std::set<std::string> names;
    for (const auto& text : private_declarations(code)) {
        if (std::regex_search(text, no_name, std::regex_constants::match_continuous))
            continue;
        int types = 0, values = 0; // how deep in <> of the type, in {} and () of a body or a value
        bool wanted = true; // each name of "int a = 1, b = 2;"
        bool member = false; // of a class that is declared elsewhere
        std::string word;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at], before = at == 0 ? ' ' : text[at - 1];
            if (text.compare(at, 2, "[[") == 0) {
                at = text.find("]]", at) + 1;
                continue;
            }
            const bool inherits = c == ':' && before == ' ';
            if (wanted && types + values == 0 && (inherits || std::string_view{"(={;,["}.find(c) != std::string_view::npos)) {
                if (!member)
                    names.insert(word);
                if (c == '(')
                    break;
                wanted = false;
            }
            values += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
            if (values > 0)
                continue;
            if (wanted)
                types += c == '<' ? 1 : c == '>' ? -1 : 0;
            wanted = wanted || c == ',';
            if (types > 0 || !is_word(c))
                continue;
            member = is_word(before) ? member : before == ':';
            word = is_word(before) ? word + c : std::string{c};
        }
    }
    names.erase("operator");
    return names;
}

} // namespace

TEST_CASE("Every include follows the table of rooms", "[architecture]")
{
    for (const auto& file : sources()) {
        const auto room = room_of(file);
        const auto entry = table.find(room);
        for (const auto& include : includes(text_of(root / file))) {
            INFO(file.string() << ":" << include.line << " includes " << include.path);
            if (include.own && room != "tests") {
                CHECK(include.path.find("..") == std::string::npos);
                CHECK_FALSE(include.path.starts_with("bot/"));
            }
            if (entry == table.end())
                continue;
            if (include.own) {
                const auto other = include.path.substr(0, include.path.find('/'));
                const bool allowed =
                    other == room || entry->second.rooms.contains(other) || entry->second.rooms.contains(include.path);
                CHECK(allowed);
            } else if (include.path.find_first_of("./") != std::string::npos) {
                bool allowed = false;
                for (const auto& prefix : entry->second.foreign)
                    allowed = allowed || include.path.starts_with(prefix);
                CHECK(allowed);
            }
        }
    }
}

TEST_CASE("The rooms of the table are the folders of the tree", "[architecture]")
{
    std::set<std::string> rooms;
    for (const auto& file : sources())
        rooms.insert(room_of(file));
    rooms.erase("app");
    rooms.erase("tests");
    std::set<std::string> known;
    for (const auto& [name, room] : table)
        known.insert(name);
    CHECK(rooms == known);
    // Folders alone: a database or an oncall.yaml of whoever tries it may lie beside them.
    std::set<std::string> top;
    for (const auto& entry : fs::directory_iterator{root})
        if (const auto name = entry.path().filename().string(); entry.is_directory() && name.front() != '.' && name != "build")
            top.insert(name);
    CHECK(top == std::set<std::string>{"blocks", "bot", "handlers", "manifest", "storage", "tests"});
    for (const auto* file : {"CMakeLists.txt", "LICENSE", "README.md"})
        CHECK(fs::exists(root / file));
}

TEST_CASE("Beast is compiled in two files", "[architecture]")
{
    std::set<std::string> users;
    for (const auto& file : sources())
        for (const auto& include : includes(text_of(root / file)))
            if (include.path == "net/beast.hpp" || include.path.starts_with("boost/beast/"))
                users.insert(file.string());
    CHECK(users == std::set<std::string>{"bot/net/beast.hpp", "bot/net/http_client.cpp", "bot/net/http_server.cpp"});
}

TEST_CASE("What is not to be trusted blindly is included in one file each", "[architecture]")
{
    std::map<std::string, std::set<std::string>> users;
    for (const auto& file : sources())
        for (const auto& include : includes(text_of(root / file)))
            for (const std::string library : {"jwt/", "kainjow/"})
                if (include.path.starts_with(library))
                    users[library].insert(file.string());
    CHECK(users["jwt/"] == std::set<std::string>{"bot/notify/signed_token.cpp"});
    CHECK(users["kainjow/"] == std::set<std::string>{"bot/notify/template.cpp"});
}

TEST_CASE("Metrics are made in one file", "[architecture]")
{
    std::set<std::string> users;
    for (const auto& file : sources())
        for (const auto& include : includes(text_of(root / file)))
            if (include.path.starts_with("prometheus/"))
                users.insert(file.string());
    CHECK(users == std::set<std::string>{"bot/metrics.cpp"});
}

TEST_CASE("No co_await expression holds what GCC 12 miscompiles", "[architecture]")
{
    for (const auto& file : sources()) {
        INFO(file.string());
        CHECK(miscompiled(text_of(root / file)) == std::vector<std::string>{});
    }
}

TEST_CASE("The scan for miscompiled expressions finds each kind", "[architecture]")
{
    CHECK(miscompiled("co_await f(Thing{1});").size() == 1);
    CHECK(miscompiled("co_await f(\n  {.a = 1});").size() == 1);
    CHECK(miscompiled("co_await f([x] { return x; });").size() == 1);
    CHECK(miscompiled("co_await f(a ? b : c);").size() == 1);
    CHECK(miscompiled("auto [a, b] = co_await f();").size() == 1);
    CHECK(miscompiled("return Thing{co_await f()};").size() == 1);
    CHECK(miscompiled("x(); co_await f(a[1], \"{?}\"); y();").empty());
    CHECK(miscompiled("if (co_await f()) { g(); }").empty());
    CHECK(miscompiled("do { co_await f(); } while (a ? b : c);").empty());
    CHECK(miscompiled("// co_await f({1});\nco_await g(); // {").empty());
}

TEST_CASE("A room's files share no name of their own", "[architecture]")
{
    std::map<std::string, std::map<std::string, std::string>> owners; // by room and name
    std::vector<std::string> shared;
    for (const auto& file : sources()) {
        const auto room = room_of(file);
        if (room == "tests" || file.extension() != ".cpp" || file.filename() == "main.cpp")
            continue;
        for (const auto& name : private_names(text_of(root / file)))
            if (const auto [owner, is_new] = owners[room].emplace(name, file.string()); !is_new)
                shared.push_back(name + " is in " + owner->second + " and " + file.string());
    }
    CHECK(shared == std::vector<std::string>{});
}

TEST_CASE("The scan for a file's own names finds each kind", "[architecture]")
{
    CHECK(private_names("namespace {\nconst std::map<int, T> one{{1, 2}}, two;\nenum class E { a, b };\n} // namespace\nint no;")
        == std::set<std::string>{"one", "two", "E"});
    CHECK(private_names("namespace {\nstruct S final : T {\n    int a{};\n    int f() { return 1; }\n};\nusing A = "
                        "std::vector<B>;\nvoid S::g() { f(a < b, c); }\n}")
        == std::set<std::string>{"S", "A"});
    CHECK(private_names(
              "namespace {\ntemplate <class T> T f(int x = 1)\n{\n    int y;\n}\n[[nodiscard]] int g(int a, int b) { }\n}")
        == std::set<std::string>{"f", "g"});
    CHECK(private_names("namespace {\nconstexpr char c[]{1}, d = f(1, 2);\nusing a::b;\nnamespace fs = std::filesystem;\n}\n"
                        "int other;\nnamespace {\nint again() { return 1; }\n}")
        == std::set<std::string>{"c", "d", "again"});
}
