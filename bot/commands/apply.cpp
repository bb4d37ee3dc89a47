#include "blocks/blocks.hpp"
#include "commands/verbs.hpp"
#include "config/export.hpp"
#include "config/locate.hpp"
#include "handlers/configure.hpp"
#include "handlers/forecast.hpp"
#include "handlers/overrides.hpp"

#include <filesystem>
#include <iostream>
#include <pwd.h>
#include <unistd.h>

namespace commands {

namespace {

constexpr std::size_t longest_file = 4 << 20;

bool flag(const Json& arguments, std::string_view name)
{
    const auto& value = slack::at(arguments, {name});
    return value.is_boolean() && value.get<bool>();
}

/// Who is at the keyboard, for the audit.
std::string operator_name()
{
    if (const auto before_sudo = environment("SUDO_USER"); before_sudo && !before_sudo->empty())
        return *before_sudo;
    const auto* const user = ::getpwuid(::getuid());
    return user ? user->pw_name : std::to_string(::getuid());
}

std::string described(const std::string& path, const std::vector<config::Problem>& problems)
{
    std::string lines;
    for (const auto& problem : problems)
        lines += config::describe(path, problem) + "\n";
    return lines;
}

/// Reads the file here, where its path and the variables it names mean something.
config::Parsed parse_here(const std::string& text, const config::ReadSettings& read, Json& used)
{
    used = Json::object();
    const auto look = environment_of(read);
    return config::parse(text, [&](const std::string& name) {
        auto value = look(name);
        if (value)
            used[name] = *value;
        return value;
    });
}

std::string keys_said(const std::map<std::string, std::string>& keys)
{
    std::string lines;
    for (const auto& [source, key] : keys)
        lines += "source " + source + ": a key was made. Alerts go to POST /hooks/" + key + " (shown only now)\n";
    return lines;
}

std::string strangers_said(const std::map<std::string, std::vector<std::string>>& strangers)
{
    std::string lines;
    for (const auto& [person, places] : strangers) {
        std::string where;
        for (const auto& place : places)
            where += (where.empty() ? "" : ", ") + place;
        lines += "Slack does not know " + person + " (" + where
            + "): nobody is reached by that name. Fix: correct it, or invite them.\n";
    }
    return lines;
}

/// Overrides of the file that can change nothing. Those that are over are history.
std::string missed_said(std::map<std::string, oncall::Schedule> schedules, const oncall::Known& known, oncall::TimePoint now)
{
    std::string lines;
    for (auto& [name, schedule] : schedules) {
        std::erase_if(schedule.overrides, [&](const oncall::Override& one) { return one.to <= now; });
        tell_apart(schedule, known);
        for (const auto& one : missed(schedule))
            lines += "Warning: " + describe(one, schedule) + "\n";
    }
    return lines;
}

/// What the file says that may be meant, and deserves a look.
std::string warnings_said(const std::string& path, const std::string& text, const std::vector<oncall::Warning>& warnings,
    const std::map<std::string, std::string>& names)
{
    std::string lines;
    for (const auto& warning : warnings) {
        const auto spot = config::spot_of(text, warning.path);
        lines += path + (spot.line > 0 ? ":" + std::to_string(spot.line) + ":" + std::to_string(spot.column) : std::string{})
            + ": warning: " + blocks::plain(words_of(warning), names) + "\n";
    }
    return lines;
}

} // namespace

asio::awaitable<Said> apply_file(App& app, Json arguments)
{
    const auto path = slack::text_at(arguments, {"path"});
    auto parsed = config::parse(slack::text_at(arguments, {"file"}), [&](const std::string& name) {
        const auto& value = slack::at(arguments, {"environment", name});
        return value.is_string() ? std::optional{value.get<std::string>()} : std::nullopt;
    });
    Said said;
    if (!parsed.problems.empty()) {
        said.status = 1;
        said.err = described(path, parsed.problems);
        co_return said;
    }
    handlers::ApplyWish wish;
    wish.dry_run = flag(arguments, "dry_run");
    wish.prune = flag(arguments, "prune");
    wish.force = flag(arguments, "force");
    handlers::Asked asked;
    asked.via = path + ", applied by " + slack::text_at(arguments, {"by"});
    asked.now = app.context().clock.now();
    const auto now = asked.now;
    const auto whole = parsed.configuration;
    const auto& schedules = whole.schedules;
    auto taking = handlers::take_up(app.context(), std::move(parsed.configuration), wish, std::move(asked));
    const auto taken = co_await std::move(taking);
    const auto& plan = taken.configured.plan;
    if (!plan.problems.empty()) {
        said.status = 1;
        said.err = described(path, plan.problems) + "Nothing was changed.\n";
        co_return said;
    }
    said.out = config::describe(plan, taken.names, flag(arguments, "colours"));
    auto look = [](storage::Transaction& tx) { return handlers::known_people(tx); };
    auto lint = [&](storage::Transaction& tx) { return handlers::warnings_of(tx, app.context(), whole, now); };
    const auto found = co_await app.context().database.read(lint);
    const auto warnings = warnings_said(path, slack::text_at(arguments, {"file"}), found, taken.names);
    if (wish.dry_run) {
        for (const auto& line : taken.configured.shifts)
            said.out += "  " + blocks::plain(line, taken.names) + "\n";
        if (plan.changes_anything())
            said.out += "Dry run: nothing was changed.\n";
        const auto known = co_await app.context().database.read(look);
        said.err = missed_said(schedules, known, now) + warnings;
        co_return said;
    }
    handlers::log_plan(app.context().log, taken);
    said.out += keys_said(taken.configured.keys);
    auto asking = app.strangers();
    const auto strangers = co_await std::move(asking);
    const auto known = co_await app.context().database.read(look);
    said.err = strangers_said(strangers) + missed_said(schedules, known, now) + warnings;
    if (!taken.configured.keys.empty() && !flag(arguments, "terminal"))
        said.err += "The keys that were made are in this command's output, and nowhere else.\n";
    co_return said;
}

asio::awaitable<Said> export_configuration(App& app, Json)
{
    Said said;
    const auto& context = app.context();
    said.out = config::export_yaml(oncall::without_read(*context.configuration(), context.made_of_items));
    co_return said;
}

int apply(const std::string& path, ApplyFlags flags)
{
    const auto read = read_settings();
    const auto text = file(path);
    if (!text) {
        std::cerr << path << ": cannot be read. Fix: check the path and its permissions.\n";
        return 1;
    }
    Json arguments = Json::object();
    const auto parsed = parse_here(*text, read, arguments["environment"]);
    if (text->size() > longest_file || !parsed.problems.empty()) {
        std::cerr << described(path, parsed.problems);
        return 1;
    }
    if (flags.dry_run && !std::filesystem::exists(read.settings.database)) {
        std::cout << config::describe(config::plan({}, parsed.configuration, {}, {}), {}, ::isatty(STDOUT_FILENO) != 0)
                  << "Dry run: nothing was changed. There is no database " << read.settings.database << " yet.\n";
        const auto now = std::chrono::floor<oncall::milliseconds>(std::chrono::system_clock::now());
        std::cerr << warnings_said(path, *text, oncall::lint(parsed.configuration, now), {});
        return 0;
    }
    arguments["path"] = path;
    arguments["file"] = *text;
    arguments["dry_run"] = flags.dry_run;
    arguments["prune"] = flags.prune;
    arguments["force"] = flags.force;
    arguments["colours"] = ::isatty(STDOUT_FILENO) != 0 && !environment("NO_COLOR");
    arguments["terminal"] = ::isatty(STDOUT_FILENO) != 0;
    arguments["by"] = operator_name();
    return ask_and_print("apply", std::move(arguments));
}

int export_yaml() { return ask_and_print("export", Json::object()); }

} // namespace commands
