#include "catch.hpp"
#include "places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;
const fs::path source_tree{ONCALL_SOURCE_DIR};

/// A function's goldens are called as it is, or that, "_" and the state that they show. Where they are called otherwise:
const std::map<std::string, Words> called_otherwise{
    {"contact_kind_form", {"contact_kind"}},
    {"contact_address_form", {"contact_address"}},
    {"contact_code_form", {"contact_code"}},
    {"contact_label_form", {"contact_label"}},
    {"contact_remove_form", {"contact_remove"}},
    {"cover", {"cover", "swap", "take"}},
    {"note_form", {"handoff_note"}},
    {"reminders_form", {"reminders"}},
    {"rule_list", {"rules"}},
    {"rule_preview", {"rules_preview"}},
    {"page_done", {"page_form_done"}},
    {"settings_list", {"settings"}},
    {"settings_plan", {"settings_plan", "settings_refused"}},
};

/// What is put together from blocks or fields outside of blocks/, by the file that does it.
const std::map<std::string, Words> built_elsewhere{
    {"handlers/rules.cpp", {"rule_form", "quiet_form"}},
    {"handlers/settings.cpp", {"settings_form", "settings_form_view"}},
    {"handlers/schedule_draft.cpp", {"schedule_form", "schedule_rotation", "schedule_view", "schedule_yaml"}},
    {"handlers/sun_form.cpp", {"sun_form"}},
    {"bot/delivery/preview.cpp", {"picture_placeholder", "picture_in"}},
    {"bot/delivery/uploads.cpp", {"schedule_shown_with_its_picture"}},
};

/// What must have a golden for each state, called by the state: how those begin, the states' enumeration, where it stands, and
/// the states that it is never shown in.
struct States {
    std::string begins{};
    std::string enumeration{};
    std::string header{};
    std::set<std::string> never{};
};
const std::vector<States> states_of{
    {"card", "AlertState", "bot/oncall/alert.hpp", {}}, {"page", "AlertState", "bot/oncall/alert.hpp", {}},
    {"home_answered", "AlertState", "bot/oncall/alert.hpp", {"triggered"}},
    {"cover", "CoverState", "bot/oncall/cover.hpp", {"declined"}}, // nobody alone is asked
    {"swap", "CoverState", "bot/oncall/cover.hpp", {"partly_taken"}},
    {"take", "CoverState", "bot/oncall/cover.hpp", {"partly_taken"}},
    {"cover_open", "CoverAudience", "bot/oncall/cover.hpp", {"asked"}},
    {"swap_open", "CoverAudience", "bot/oncall/cover.hpp", {"channel", "member", "reminder", "last_call"}},
    {"take_open", "CoverAudience", "bot/oncall/cover.hpp", {"channel", "member", "reminder", "last_call"}},
    {"home", "Reader", "blocks/home.hpp", {"member"}}, // whose Home has goldens by what there is
    {"contact_address", "ContactKind", "bot/oncall/contact.hpp", {"slack", "voice", "web_push"}}, // a call's is that of SMS
};

/// Pieces that others are made of (and have tests of their own), and what reads Slack's words.
const std::set<std::string> pieces{"blocks/kit.hpp", "blocks/typed.hpp"}, no_looks{"form", "form_file"};

std::string text_in(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<fs::path> files_in(const std::string& top, const std::string& ending)
{
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator{source_tree / top})
        if (entry.path().string().ends_with(ending))
            found.push_back(entry.path());
    return found;
}

/// Everything that is declared in blocks/ and gives what Slack shows.
std::set<std::string> builders()
{
    static const std::regex declaration{
        R"(^(?:std::(?:vector|optional)<)?(?:slack::|blocks::)?(?:Message|View|Json)>? ([a-z_0-9]+)\()"};
    std::set<std::string> found;
    for (const auto& header : files_in("blocks", ".hpp")) {
        if (pieces.contains(fs::relative(header, source_tree).string()))
            continue;
        std::istringstream lines{text_in(header)};
        std::smatch match;
        for (std::string line; std::getline(lines, line);)
            if (std::regex_search(line, match, declaration) && !no_looks.contains(match[1].str()))
                found.insert(match[1].str());
    }
    return found;
}

/// Whose golden it is: of all that may have one of that name the one with the longest.
struct Whose {
    std::map<std::string, std::string> names{}; // what its goldens are called → who has them

    Whose()
    {
        for (const auto& function : builders()) {
            const auto found = called_otherwise.find(function);
            for (const auto& name : found == called_otherwise.end() ? Words{function} : found->second)
                names[name] = function;
        }
        for (const auto& [file, called] : built_elsewhere)
            for (const auto& name : called)
                names[name] = file + " " + name;
    }
    std::string of(std::string golden) const
    {
        for (;;) {
            if (const auto found = names.find(golden); found != names.end())
                return found->second;
            const auto end = golden.rfind('_');
            if (end == golden.npos)
                return {};
            golden.resize(end);
        }
    }
};

/// The enumerators of `enum class NAME { a, b };` in a header.
Words enumerators(const std::string& header, const std::string& name)
{
    const auto text = text_in(source_tree / header);
    std::smatch found;
    const std::regex declaration{"enum class " + name + R"( \{([^}]*)\})"};
    Words all;
    if (!std::regex_search(text, found, declaration))
        return all;
    const auto list = found[1].str();
    const std::regex word{"[a-z_0-9]+"};
    for (std::sregex_iterator one{list.begin(), list.end(), word}, end; one != end; ++one)
        all.push_back(one->str());
    return all;
}

Words goldens()
{
    Words names;
    for (const auto& file : files_in("tests/blocks/golden", ".json"))
        names.push_back(file.stem().string());
    return names;
}

} // namespace

TEST_CASE("Every function that gives what Slack shows has a golden, and every golden is somebody's", "[blocks][architecture]")
{
    const Whose whose;
    std::set<std::string> shown;
    for (const auto& golden : goldens()) {
        const auto one = whose.of(golden);
        INFO("tests/blocks/golden/" << golden << ".json: no function of blocks/ is called so; see called_otherwise in this test");
        CHECK_FALSE(one.empty());
        shown.insert(one);
    }
    std::set<std::string> all;
    for (const auto& [name, owner] : whose.names)
        all.insert(owner);
    for (const auto& owner : all) {
        INFO(owner << ": write a test that holds what it gives against a golden of its name, for each of its states");
        CHECK(shown.contains(owner));
    }
    // What this test itself says is of functions that are there.
    const auto declared = builders();
    CHECK(declared.size() > 60);
    for (const auto& [function, names] : called_otherwise) {
        INFO(function);
        CHECK(declared.contains(function));
    }
}

TEST_CASE("Whatever is shown in several states has a golden for each", "[blocks][architecture]")
{
    const auto all = goldens();
    for (const auto& [begins, enumeration, header, never] : states_of) {
        const auto states = enumerators(header, enumeration);
        INFO(header << ": " << enumeration);
        CHECK(states.size() > never.size());
        for (const auto& state : never) {
            INFO(state);
            CHECK(std::find(states.begin(), states.end(), state) != states.end());
        }
        for (const auto& state : states) {
            if (never.contains(state))
                continue;
            const auto called = begins + "_" + state;
            INFO("tests/blocks/golden/" << called << ".json, or one whose name goes on behind it: write a test that makes it");
            CHECK(std::any_of(all.begin(), all.end(),
                [&](const std::string& golden) { return golden == called || golden.starts_with(called + "_"); }));
        }
    }
}

TEST_CASE("A golden that no test writes is none", "[blocks][architecture]")
{
    constexpr std::string_view letters{"abcdefghijklmnopqrstuvwxyz0123456789_"};
    std::set<std::string> written; // every word in quotes
    for (const auto* top : {"tests/blocks", "tests/handlers", "tests/delivery"})
        for (const auto& file : files_in(top, ".cpp")) {
            const auto text = text_in(file);
            for (auto at = text.find('"'); at != text.npos; at = text.find('"', at + 1))
                if (const auto end = text.find_first_not_of(letters, at + 1); end != text.npos && text[end] == '"')
                    written.insert(text.substr(at + 1, end - at - 1));
        }
    for (const auto& golden : goldens()) {
        INFO("tests/blocks/golden/" << golden << ".json");
        // Whole, or its beginning, to which the test adds a kind: "contact_address_" + name(kind).
        bool is_named = written.contains(golden);
        for (std::size_t length = golden.size(); length > 1 && !is_named; --length)
            is_named = golden[length - 1] == '_' && written.contains(golden.substr(0, length));
        CHECK(is_named);
    }
}

TEST_CASE("Outside of blocks/ only a few files put blocks and forms together, and what they make has goldens too",
    "[blocks][architecture]")
{
    std::set<std::string> found, known;
    for (const auto* top : {"handlers", "bot"})
        for (const auto& file : files_in(top, ".cpp")) {
            const auto text = text_in(file);
            for (const auto* call : {"blocks::form(", "blocks::picture(", "kit::modal(", "kit::message(", "kit::section(",
                     "kit::context(", "kit::actions(", "kit::header(", "kit::divider("})
                if (text.find(call) != text.npos)
                    found.insert(fs::relative(file, source_tree).string());
        }
    for (const auto& [file, names] : built_elsewhere)
        known.insert(file);
    CHECK(found == known);
}
