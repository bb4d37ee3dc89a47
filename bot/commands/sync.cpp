#include "commands/verbs.hpp"

#include "oncall/verbs.hpp"

namespace commands {

namespace {

constexpr std::size_t most_lines_of_sync = 6'000;

bool wished(const Json& arguments, std::string_view name)
{
    const auto& value = slack::at(arguments, {name});
    return value.is_boolean() && value.get<bool>();
}

/// What the operator's terminal must not be told to do by a name.
std::string on_a_terminal(std::string text)
{
    for (auto& c : text)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f)
            c = ' ';
    return text;
}

} // namespace

asio::awaitable<Said> sync_directories(App& app, Json arguments)
{
    const auto wanted = slack::text_at(arguments, {"name"});
    handlers::SyncWish wish;
    wish.dry_run = wished(arguments, "dry_run");
    wish.even_if_few = wished(arguments, "even_if_few");
    Said said;
    const auto configuration = app.context().configuration();
    std::vector<std::string> names;
    for (const auto& [name, directory] : configuration->directories)
        if (wanted.empty() || name == wanted)
            names.push_back(name);
    if (names.empty()) {
        said.status = 1;
        said.err = wanted.empty() ? "There are no directories. `directories:` in oncall.yaml names them.\n"
                                  : "There is no directory " + wanted + ". `oncall-bot export` shows those there are.\n";
        co_return said;
    }
    for (const auto& name : names) {
        handlers::Asked asked;
        asked.via = "directory " + name + ", read by oncall-bot sync";
        asked.now = app.context().clock.now();
        handlers::SyncReport report;
        try {
            auto syncing = app.context().sync_directory(name, wish, std::move(asked));
            report = co_await std::move(syncing);
        } catch (const oncall::Refusal& refusal) { // it is being read just now: the others are not
            report.failed = true;
            report.summary = refusal.what();
        }
        const auto words = on_a_terminal(report.words(most_lines_of_sync)) + "\n";
        (report.failed ? said.err : said.out) += words;
        said.status = report.failed ? 1 : said.status;
    }
    co_return said;
}

int sync(const SyncFlags& flags)
{
    Json arguments = Json::object();
    arguments["name"] = flags.name;
    arguments["dry_run"] = flags.dry_run;
    arguments["even_if_few"] = flags.even_if_few;
    return ask_and_print("sync", std::move(arguments));
}

} // namespace commands
