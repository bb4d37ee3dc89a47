#include "commands/commands.hpp"
#include "commands/preview.hpp"
#include "config/nearest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>

#include <sys/stat.h>
#include <unistd.h>

namespace {

void describe_preview(CLI::App& line, commands::PreviewWords& words)
{
    line.add_option("file", words.file, "The configuration file.")->required()->type_name("FILE");
    line.add_option("--schedule", words.schedule, "Which schedule; not needed where there is one.")->type_name("NAME");
    line.add_option("--from", words.from, "From when: ISO 8601; without an offset local in the schedule's zone. Default: now.")
        ->type_name("T");
    line.add_option("--to", words.to, "Until when. Default: two weeks later.")->type_name("T");
    line.add_flag("--json", words.json, "Print JSON, for programs.");
    line.add_option("--svg", words.svg, "Draw it as SVG, which follows its viewer's light or dark.")->type_name("FILE");
    line.add_option("--png", words.png, "Draw it as PNG; light, unless --dark.")->type_name("FILE");
    line.add_flag("--dark", words.dark, "The picture for a dark background.");
    line.add_flag("--light", words.light, "The picture for a light background.");
}

int run_preview(commands::PreviewWords words)
{
    words.colour = ::isatty(STDOUT_FILENO) == 1 && !std::getenv("NO_COLOR");
    const auto now = std::chrono::floor<oncall::milliseconds>(std::chrono::system_clock::now());
    return commands::preview(words, now, std::cout, std::cerr);
}

} // namespace

int main(int argc, char* argv[])
{
    ::umask(0077); // the database holds secrets and addresses
    CLI::App line{"On-call management that lives in Slack.", "oncall-bot"};
    line.require_subcommand(1);
    auto* const run = line.add_subcommand("run", "Run the service. Settings come from the environment and .env.");
    auto* const demo =
        line.add_subcommand("demo", "Play a page from alert to answer, in a workspace of its own; needs no Slack.");
    commands::DemoFlags played;
    demo->add_flag("--once", played.once, "End after it; without, the workspace stays, to be clicked through in a browser.");
    std::string played_file;
    auto* const from = demo->add_option(
        "--from", played_file, "The path of an oncall.yaml: play what it does when alerts come and nobody answers.");
    auto* const check = line.add_subcommand("check",
        "Look whether settings, database and Slack are as they must be, and say what to mend. May run beside the service.");
    commands::PayloadFlags payload;
    auto* const payload_file = check->add_option("--payload", payload.file,
        "Only say what this payload of a monitoring would become, and who would be paged; - is standard input. Stores nothing.");
    payload_file->type_name("FILE");
    check->add_option("--source", payload.source, "As from that source.")->needs(payload_file)->type_name("NAME");
    check->add_option("--format", payload.format, "As a source of that format; without either it is guessed.")
        ->needs(payload_file)
        ->type_name("NAME");
    check->add_option("--header", payload.headers, "A header that comes with it, as \"X-GitHub-Event: workflow_run\".")
        ->needs(payload_file)
        ->type_name("NAME: VALUE");
    auto* const apply =
        line.add_subcommand("apply", "Take up an oncall.yaml, while the service runs or not, and say what changed.");
    std::string file;
    commands::ApplyFlags flags;
    apply->add_option("file", file, "The path of an oncall.yaml.")->required();
    apply->add_flag("--dry-run", flags.dry_run, "Say what would change, and change nothing.");
    apply->add_flag("--prune", flags.prune, "Delete what is gone from the file. What was made in Slack stays.");
    apply->add_flag("--force", flags.force, "Take the file's word also where Slack changed something since.");
    auto* const sync = line.add_subcommand("sync", "Read the directories that services come from now, and say what changed.");
    commands::SyncFlags synced;
    sync->add_option("name", synced.name, "As oncall.yaml names it; without it all are read.");
    sync->add_flag("--dry-run", synced.dry_run, "Say what would change, and change nothing.");
    sync->add_flag("--even-if-few", synced.even_if_few, "Also when it has fewer than half of the services it had.");
    auto* const export_ = line.add_subcommand("export", "Print what holds as an oncall.yaml, with what was changed in Slack.");
    auto* const token = line.add_subcommand("token", "Keys of sources: list them, make another, revoke.");
    token->require_subcommand(1);
    std::string source, overlap{"24h"};
    auto* const token_list = token->add_subcommand("list", "Which sources have keys, since and until when.");
    auto* const token_rotate =
        token->add_subcommand("rotate", "Make another key and print it; the old one works on for a while.")->alias("new");
    token_rotate->add_option("source", source, "As oncall.yaml names it.")->required();
    token_rotate->add_option("--overlap", overlap, "How long the old key works on; 24h, as 30m, 7d, 0s.")->capture_default_str();
    auto* const token_revoke = token->add_subcommand("revoke", "All keys of the source stop working now.");
    token_revoke->add_option("source", source, "As oncall.yaml names it.")->required();
    auto* const preview = line.add_subcommand("preview",
        "Show who will be on call by a configuration file: for people, as JSON, or as a picture. Needs neither Slack nor "
        "settings.");
    commands::PreviewWords shown;
    describe_preview(*preview, shown);
    auto* const backup = line.add_subcommand("backup", "Copy the database to a new file, checked; the service may run.");
    std::string target;
    backup->add_option("file", target, "Where to. It must not exist.")->required();
    auto* const version = line.add_subcommand("version", "Say which version this is.");
    const std::string word = argc > 1 ? argv[1] : "";
    std::vector<std::string> words;
    for (const auto* const one : line.get_subcommands({}))
        words.push_back(one->get_name());
    if (!word.empty() && word.front() != '-' && std::find(words.begin(), words.end(), word) == words.end()) {
        const auto meant = config::nearest(word, words);
        std::cerr << "oncall-bot has no command \"" << word << "\"." << (meant ? " Did you mean " + *meant + "?" : "")
                  << " oncall-bot --help lists them.\n";
        return 2;
    }
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return line.exit(error) == 0 ? 0 : 2;
    }
    try {
        if (*run)
            return commands::run();
        if (*from)
            played.from = played_file; // an empty path is a mistake, not the sample
        if (*demo)
            return commands::demo(played);
        if (*check)
            return *payload_file ? commands::check_payload(payload) : commands::check();
        if (*apply)
            return commands::apply(file, flags);
        if (*sync)
            return commands::sync(synced);
        if (*export_)
            return commands::export_yaml();
        if (*token)
            return commands::token(*token_list ? "list" : *token_rotate ? "rotate" : "revoke", source, overlap);
        if (*preview)
            return run_preview(shown);
        if (*backup)
            return commands::backup(target);
        if (*version)
            std::cout << "oncall-bot " << ONCALL_VERSION << "\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "oncall-bot: " << error.what() << "\n";
        return 1;
    }
}
