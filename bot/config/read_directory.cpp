#include "config/read.hpp"
#include "feeds/fetch_rules.hpp"
#include "oncall/directory.hpp"

#include <algorithm>

namespace config {

namespace {

using namespace std::chrono_literals;
using oncall::DirectoryFormat;

constexpr std::string_view our_own[]{"SLACK_", "ONCALL_", "TWILIO_", "SMTP_", "NTFY_", "PUSHOVER_", "GOTIFY_", "VAPID_"};

oncall::milliseconds read_every(Reader& reader, const Fields& in)
{
    if (!in.has("every"))
        return oncall::Directory{}.every;
    const auto every = oncall::duration_in(in.at("every").node->text);
    if (every && *every >= 5min && *every <= 7 * 24h)
        return *every;
    reader.problem(in.at("every"), "`every` is no time from five minutes to a week", "write it as 30m, 1h or 1d");
    return oncall::Directory{}.every;
}

/// A secret of ours is not for others.
void check_variable(Reader& reader, const Fields& in, const std::string& name)
{
    if (name.empty())
        return;
    const bool good = name.size() <= 100 && !(name.front() >= '0' && name.front() <= '9')
        && std::all_of(name.begin(), name.end(),
            [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    const bool ours =
        std::any_of(std::begin(our_own), std::end(our_own), [&](std::string_view begin) { return name.starts_with(begin); });
    if (!good)
        reader.problem(in.at("token_env"), "`token_env` is no name of an environment variable",
            "write the variable's name here, as HARNESS_TOKEN, and the token into the environment or .env");
    else if (ours)
        reader.problem(in.at("token_env"), "`token_env` names a setting of this service, which is not for others",
            "give the token a variable of its own, as HARNESS_TOKEN");
}

void check_place(Reader& reader, const Fields& in, const oncall::Directory& directory)
{
    const bool is_harness = directory.format == DirectoryFormat::harness;
    if (is_harness) {
        for (const auto* const key : {"account", "organization", "project"})
            if (!in.has(key))
                reader.problem(
                    in.of(), std::string{"`"} + key + "` is missing", "write its identifier, as the address in Harness shows it");
        if (!in.has("token_env"))
            reader.problem(in.of(), "Harness answers to nobody without a token",
                "make a key of a service account there, and name the variable that holds it in `token_env`");
        if (in.has("file"))
            reader.problem(in.at("file"), "Harness is read by its API and not from a file", "leave `file` out");
    } else {
        if (in.has("url") + in.has("file") != 1)
            reader.problem(in.of(), "a directory is read from one place", "write either url or file");
        for (const auto* const key : {"account", "organization", "project"})
            if (in.has(key))
                reader.problem(in.at(key), std::string{"`"} + key + "` is for format harness alone", "leave it out");
        if (in.has("file") && in.has("token_env"))
            reader.problem(in.at("token_env"), "a file is read without a token", "leave `token_env` out");
    }
    if (directory.url.empty())
        return;
    if (const auto problem = feeds::directory_address_problem(directory.url); !problem.empty())
        reader.problem(in.at("url"), "`url` cannot be read: " + problem, "write the https:// address of the directory");
}

} // namespace

oncall::Directory read_directory(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "directory " + name,
        {"format", "url", "file", "token_env", "account", "organization", "project", "team", "teams", "every"});
    oncall::Directory directory;
    directory.name = name;
    const auto word = reader.text(in, "format");
    const auto format = oncall::directory_format_in(word);
    if (!in.has("format"))
        reader.problem(in.of(), "directory " + name + " has no `format`", "write yaml, csv, backstage or harness");
    else if (!format && !word.empty())
        reader.problem(in.at("format"), "there is no format `" + word + "` of directories",
            reader.suggestion(word, {"yaml", "csv", "backstage", "harness"}, "write yaml, csv, backstage or harness"));
    directory.format = format.value_or(DirectoryFormat::yaml);
    directory.url = reader.text(in, "url");
    directory.file = reader.text(in, "file");
    directory.token_env = reader.text(in, "token_env");
    directory.account = reader.text(in, "account");
    directory.organization = reader.text(in, "organization");
    directory.project = reader.text(in, "project");
    directory.team = reader.reference(in, "team", "team");
    if (in.has("teams"))
        reader.names_of(in.at("teams"), "`teams`", [&](const std::string& owner, const Place& key, const Node& value) {
            const Place place{&value, key.path + "." + owner};
            const auto team = reader.text(place, "a team");
            if (!team.empty())
                reader.refer(place, "team", team);
            directory.teams[owner] = team;
        });
    directory.every = read_every(reader, in);
    check_variable(reader, in, directory.token_env);
    if (format)
        check_place(reader, in, directory);
    return directory;
}

} // namespace config
