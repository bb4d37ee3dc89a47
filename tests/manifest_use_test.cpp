#include "blocks/from_message.hpp"
#include "blocks/page_form.hpp"
#include "catch.hpp"
#include "commands/check.hpp"
#include "handlers/slack.hpp"
#include "places.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

// What the code uses is what the manifests ask for, and the other way round.
namespace {

using Names = std::set<std::string>;

const std::string tree{ONCALL_SOURCE_DIR};

/// The scopes each method needs of a bot, by its page in Slack's reference.
const std::map<std::string, Names> scopes_of_method{{"apps.connections.open", {}}, // the app-level token's
    {"auth.test", {}}, {"bots.info", {"users:read"}}, {"chat.getPermalink", {}}, {"chat.postEphemeral", {"chat:write"}},
    {"chat.postMessage", {"chat:write"}}, {"chat.update", {"chat:write"}}, {"chat.delete", {"chat:write"}},
    {"conversations.history", {"channels:history", "groups:history", "im:history"}},
    {"conversations.info", {"channels:read", "groups:read"}}, {"conversations.list", {"channels:read", "groups:read"}},
    {"conversations.members", {"channels:read", "groups:read"}}, {"conversations.open", {"im:write"}},
    {"conversations.replies", {"channels:history", "groups:history", "im:history"}},
    {"conversations.setTopic", {"channels:write.topic", "groups:write.topic"}}, {"dnd.info", {"dnd:read"}},
    {"dnd.teamInfo", {"dnd:read"}}, {"files.completeUploadExternal", {"files:write"}},
    {"files.getUploadURLExternal", {"files:write"}}, {"files.info", {"files:read"}}, {"reactions.add", {"reactions:write"}},
    {"team.info", {"team:read"}}, {"usergroups.list", {"usergroups:read"}}, {"usergroups.users.list", {"usergroups:read"}},
    {"usergroups.users.update", {"usergroups:write"}}, {"users.getPresence", {"users:read"}},
    {"users.info", {"users:read", "users:read.email"}}, {"users.list", {"users:read"}},
    {"users.lookupByEmail", {"users:read.email"}}, {"views.open", {}}, {"views.publish", {}}, {"views.push", {}},
    {"views.update", {}}};

/// The scopes each event needs.
const std::map<std::string, Names> scopes_of_event{{"app_home_opened", {}}, {"app_mention", {"app_mentions:read"}},
    {"app_uninstalled", {}}, {"channel_archive", {"channels:read"}}, {"channel_deleted", {"channels:read"}},
    {"channel_id_changed", {}}, {"channel_left", {"channels:read"}}, {"channel_rename", {"channels:read"}},
    {"channel_unarchive", {"channels:read"}}, {"dnd_updated_user", {"dnd:read"}}, {"group_archive", {"groups:read"}},
    {"group_deleted", {"groups:read"}}, {"group_left", {"groups:read"}}, {"group_rename", {"groups:read"}},
    {"group_unarchive", {"groups:read"}}, {"member_joined_channel", {"channels:read", "groups:read"}},
    {"member_left_channel", {"channels:read", "groups:read"}}, {"message.im", {"im:history"}},
    {"subteam_created", {"usergroups:read"}}, {"subteam_members_changed", {"usergroups:read"}},
    {"subteam_updated", {"usergroups:read"}}, {"team_join", {"users:read"}}, {"tokens_revoked", {}},
    {"user_change", {"users:read"}}};

/// What needs a scope without a method or an event of its own.
const Names scopes_of_the_rest{"commands", // the command, shortcuts
    "chat:write.public", // posts to channels it is no member of
    "files:read"}; // Client::download, and file_input in a form

std::string file_text(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Every "name" in the bot's code that looks like one of Slack's: "chat.update", "app_mention".
Names literals_in_code()
{
    const auto is_sign = [](unsigned char c) { return std::isalpha(c) || c == '_' || c == '.'; };
    Names found;
    for (const auto* top : {"bot", "handlers"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator{tree + "/" + top}) {
            const auto& path = entry.path();
            // The client knows of methods that nobody calls.
            if (path.extension() != ".cpp" || path.filename() == "client.cpp")
                continue;
            const auto text = file_text(path);
            for (auto at = text.find('"'); at != text.npos; at = text.find('"', at + 1)) {
                auto end = at + 1;
                while (end < text.size() && is_sign(static_cast<unsigned char>(text[end])))
                    ++end;
                if (end > at + 1 && end < text.size() && text[end] == '"')
                    found.insert(text.substr(at + 1, end - at - 1));
            }
        }
    return found;
}

bool looks_like_a_method(const std::string& name)
{
    static const std::regex method{R"re((apps|auth|bookmarks|bots|chat|conversations|dnd|emoji|oauth|pins|reactions|team|)re"
                                   R"re(usergroups|users|views)\.[A-Za-z.]+|files\.[a-z]+[A-Z][A-Za-z]+)re"};
    return std::regex_match(name, method);
}

Names listed_in(const YAML::Node& list)
{
    Names names;
    for (const auto& one : list)
        names.insert(one.as<std::string>());
    CHECK(names.size() == list.size());
    return names;
}

/// What a line of the file says behind its "#"; a line below that has only a comment goes on with it.
std::map<std::string, std::string> comments_in(const std::string& file)
{
    static const std::regex item{R"re(^ +- (?:name: )?([^#]*[^# ]) *(?:# (.*))?$)re"}, more{R"re(^ {20,}# (.*)$)re"};
    std::map<std::string, std::string> comments;
    std::istringstream lines{file_text(file)};
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (std::regex_match(line, found, item))
            comments[last = found[1]] = found[2];
        else if (std::regex_match(line, found, more))
            comments[last] += " " + found[1].str();
        else
            last.clear();
    }
    return comments;
}

/// A document as text, however it is written.
std::string canonical(const YAML::Node& node)
{
    if (node.IsScalar())
        return "'" + node.as<std::string>() + "'";
    std::string text;
    if (node.IsSequence()) {
        for (const auto& one : node)
            text += canonical(one) + ",";
        return "[" + text + "]";
    }
    std::map<std::string, std::string> sorted;
    for (const auto& entry : node)
        sorted[entry.first.as<std::string>()] = canonical(entry.second);
    for (const auto& [key, value] : sorted)
        text += key + ":" + value + ",";
    return "{" + text + "}";
}

std::string percent_decoded(const std::string& text)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at)
        if (text[at] == '%' && at + 2 < text.size()) {
            plain += static_cast<char>(std::stoi(text.substr(at + 1, 2), nullptr, 16));
            at += 2;
        } else {
            plain += text[at];
        }
    return plain;
}

std::pair<std::string, int> said_by(const std::string& command)
{
    std::string said;
    auto* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe);
    char piece[4096];
    while (const auto size = std::fread(piece, 1, sizeof piece, pipe))
        said.append(piece, size);
    return {said, WEXITSTATUS(::pclose(pipe))};
}

const std::vector<std::string> both_manifests{tree + "/manifest/slack.yaml", tree + "/manifest/slack-http.yaml"};

} // namespace

TEST_CASE("Each scope is needed by a method, an event or a feature that is used, and the other way round", "[manifest]")
{
    auto needed = scopes_of_the_rest;
    for (const auto& name : literals_in_code())
        if (looks_like_a_method(name)) {
            INFO(name << ": write into the table what scopes it needs, as its page in Slack's reference says");
            REQUIRE(scopes_of_method.contains(name));
            needed.insert(scopes_of_method.at(name).begin(), scopes_of_method.at(name).end());
        }
    const auto manifest = YAML::LoadFile(both_manifests.front());
    for (const auto& event : listed_in(manifest["settings"]["event_subscriptions"]["bot_events"])) {
        INFO(event);
        REQUIRE(scopes_of_event.contains(event));
        needed.insert(scopes_of_event.at(event).begin(), scopes_of_event.at(event).end());
    }
    for (const auto& path : both_manifests)
        CHECK(listed_in(YAML::LoadFile(path)["oauth_config"]["scopes"]["bot"]) == needed);
}

TEST_CASE("Channels are listed for the names of the configuration alone: to post there, and by check", "[manifest]")
{
    Names found;
    for (const auto* top : {"bot", "handlers"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator{tree + "/" + top})
            if (entry.is_regular_file() && file_text(entry.path()).find("\"conversations.list\"") != std::string::npos)
                found.insert(std::filesystem::relative(entry.path(), tree).string());
    // The client knows its limits and calls nothing by itself.
    CHECK(found == Names{"bot/commands/check_channels.cpp", "bot/delivery/channels.cpp", "bot/slack/client.cpp"});
}

TEST_CASE("Each event that is asked for is heard, and each that is heard is asked for", "[manifest]")
{
    const auto code = literals_in_code();
    // "message.im" comes as a "message".
    Names heard;
    for (const auto& [event, scopes] : scopes_of_event)
        if (code.contains(event.substr(0, event.find('.'))))
            heard.insert(event);
    for (const auto& path : both_manifests)
        CHECK(listed_in(YAML::LoadFile(path)["settings"]["event_subscriptions"]["bot_events"]) == heard);
}

TEST_CASE("Each shortcut that is asked for has a handler, and each handler its shortcut", "[manifest]")
{
    Names routed;
    for (const auto id : handlers::routed_shortcuts())
        routed.emplace(id);
    const std::map<std::string, std::string> types{{std::string{blocks::shortcut::page_global}, "global"},
        {std::string{blocks::shortcut::page_from_message}, "message"},
        {std::string{blocks::shortcut::note_from_message}, "message"}};
    for (const auto& path : both_manifests) {
        Names asked;
        for (const auto& one : YAML::LoadFile(path)["features"]["shortcuts"]) {
            const auto id = one["callback_id"].as<std::string>();
            INFO(id);
            asked.insert(id);
            REQUIRE(types.contains(id));
            CHECK(one["type"].as<std::string>() == types.at(id));
            CHECK(one["name"].as<std::string>().size() <= 24);
            CHECK(one["description"].as<std::string>().size() <= 150);
        }
        CHECK(asked == routed);
    }
}

TEST_CASE("Each scope, event and shortcut says why, and an optional one what is missing without it", "[manifest]")
{
    // Without these nobody is paged, or by a wrong name.
    const Names musts{"commands", "chat:write", "im:write", "channels:read", "groups:read", "users:read", "users:read.email"};
    for (const auto& path : both_manifests) {
        const auto manifest = YAML::LoadFile(path);
        const auto comments = comments_in(path);
        const auto why = [&](const std::string& what) {
            INFO(path << ": " << what);
            REQUIRE(comments.contains(what));
            CHECK(comments.at(what).size() >= 8);
            return comments.at(what);
        };
        for (const auto& scope : listed_in(manifest["oauth_config"]["scopes"]["bot"])) {
            const auto words = why(scope);
            const bool optional = words.starts_with("optional");
            INFO(scope << ": " << words);
            CHECK(optional == !musts.contains(scope));
            CHECK((!optional || has(words, "without, ") || has(words, "the same")));
        }
        for (const auto& event : listed_in(manifest["settings"]["event_subscriptions"]["bot_events"]))
            why(event);
        for (const auto& one : manifest["features"]["shortcuts"])
            why(one["name"].as<std::string>());
    }
}

TEST_CASE("Slack's own schema has nothing against the manifests", "[manifest]")
{
    const auto [said, status] =
        said_by("/usr/bin/python3 '" + tree + "/tests/manifest/validate.py' " + both_manifests[0] + " " + both_manifests[1]);
    CHECK(said == "");
    CHECK(status == 0);
    // It is asked: a name that is too long, and a key that is none.
    const auto broken = (std::filesystem::temp_directory_path() / ("oncall-manifest-" + std::to_string(::getpid()))).string();
    auto text = file_text(both_manifests[0]);
    const std::string name = "name: Add to timeline";
    REQUIRE(has(text, name));
    text.replace(text.find(name), name.size(), "unknown: x\n      name: Add this to the timeline now");
    std::ofstream{broken} << text;
    const auto refused = said_by("/usr/bin/python3 '" + tree + "/tests/manifest/validate.py' " + broken).first;
    std::filesystem::remove(broken);
    INFO(refused);
    CHECK(has(refused, "'unknown' was unexpected"));
    CHECK(has(refused, "is too long"));
}

TEST_CASE("The README's link makes the app of the manifest", "[manifest]")
{
    const auto readme = file_text(tree + "/README.md");
    const std::string begins = "\n[create-app]: ", address = "https://api.slack.com/apps?new_app=1&manifest_yaml=";
    const auto at = readme.find(begins);
    REQUIRE(at != readme.npos);
    CHECK(has(readme, "][create-app]"));
    const auto from = at + begins.size();
    const auto link = readme.substr(from, readme.find('\n', from) - from);
    REQUIRE(link.starts_with(address));
    CHECK(link.size() < 6'000); // Slack's servers and all browsers take it
    CHECK(link.find_first_of(" \"<>()[]{}|\\^`") == link.npos);
    INFO("tests/manifest/app_link.py --write brings it up to date");
    CHECK(canonical(YAML::Load(percent_decoded(link.substr(address.size()))))
        == canonical(YAML::LoadFile(tree + "/manifest/slack.yaml")));
}
