#include "commands/commands.hpp"
#include "config/nearest.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

#include <sys/stat.h>

int main(int argc, char* argv[])
{
    ::umask(0077); // the database holds secrets and addresses
    CLI::App line{"On-call management that lives in Slack.", "oncall-bot"};
    line.require_subcommand(1);
    auto* const run = line.add_subcommand("run", "Run the service. Settings come from the environment and .env.");
    auto* const demo =
        line.add_subcommand("demo", "Play a page from alert to answer, in a workspace of its own; needs no Slack.");
    bool once = false;
    demo->add_flag("--once", once, "End after the story.");
    auto* const check = line.add_subcommand("check",
        "Look whether settings, database and Slack are as they must be, and say what to mend. May run beside the service.");
    auto* const version = line.add_subcommand("version", "Say which version this is.");
    const std::string word = argc > 1 ? argv[1] : "";
    if (!word.empty() && word.front() != '-' && word != "run" && word != "demo" && word != "check" && word != "version") {
        const auto meant = config::nearest(word, {"run", "demo", "check", "version"});
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
        if (*demo)
            return commands::demo(once);
        if (*check)
            return commands::check();
        if (*version)
            std::cout << "oncall-bot " << ONCALL_VERSION << "\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "oncall-bot: " << error.what() << "\n";
        return 1;
    }
}
