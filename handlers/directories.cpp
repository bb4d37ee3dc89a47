#include "handlers/directories.hpp"

#include "blocks/directories.hpp"
#include "config/nearest.hpp"
#include "handlers/configure.hpp"
#include "handlers/feeds.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"
#include "handlers/slack.hpp"
#include "oncall/verbs.hpp"

#include <algorithm>

namespace handlers {

using oncall::Refusal;
using oncall::SyncFate;
using slack::Json;
using storage::Directories;
using storage::DirectoryState;
using storage::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr oncall::milliseconds rest_of_failure[]{5min, 10min, 20min, 40min, 60min};
constexpr int told_at_failure = 2; // what passes by itself is not told
constexpr std::size_t most_directory_lines = 25, most_report_kept = 200;

oncall::milliseconds rest_after_failure(int failures)
{
    const auto last = static_cast<int>(std::size(rest_of_failure)) - 1;
    return rest_of_failure[std::clamp(failures - 1, 0, last)];
}

std::string joined_lines(const std::vector<std::string>& lines, std::size_t most)
{
    std::string words;
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
        words += (words.empty() ? "" : "\n") + lines[i];
    if (lines.size() > most)
        words += "\nand " + std::to_string(lines.size() - most) + " more";
    return words;
}

void say_of_directory(Transaction& tx, const Context& app, const std::string& name, const std::string& words, TimePoint now)
{
    if (!app.fallback_channel.empty())
        storage::Outbox{tx}.add("directory:" + storage::sha256(name).substr(0, 16), "channel_words", storage::Priority::furniture,
            app.fallback_channel, 0, app.fallback_channel + "\n" + words, now);
}

SyncReport failed_reading(Transaction& tx, const Context& app, const oncall::Directory& directory, DirectoryState state,
    const std::string& trouble, SyncWish wish, TimePoint now)
{
    SyncReport report;
    report.failed = true;
    report.summary = "Directory " + directory.name + " (" + shown_origin(directory) + ") was not taken up: " + trouble
        + " Nothing was changed.";
    if (wish.dry_run)
        return report;
    ++state.failures;
    state.due = now + std::min(rest_after_failure(state.failures), directory.every);
    state.trouble = trouble;
    if (!state.told && state.failures >= told_at_failure) {
        state.told = true;
        say_of_directory(tx, app, directory.name,
            "I cannot take up the directory " + directory.name + " (" + shown_origin(directory) + "): " + trouble
                + " The services stay as they are, and I go on trying. `/oncall directory` shows more.",
            now);
    }
    Directories{tx}.save(state);
    return report;
}

/// What holds, as far as it can be read: what is broken is left out where it is put in force.
oncall::Configuration configuration_held(const config::Stored& stored)
{
    std::vector<config::Item> items;
    for (const auto& item : stored.items)
        if (!item.holds.empty() && item.kind != "order")
            items.push_back({item.kind, item.name, item.holds});
    return config::configuration_of(items).configuration;
}

/// What it begins with: what it said last itself; of the free services that it lists, what their directory said; and of a place
/// that was read by another name until now, what people have deleted.
oncall::SyncedServices said_until_now(
    Transaction& tx, const DirectoryState& state, const oncall::DirectoryRead& read, const oncall::Configuration& holds)
{
    std::map<std::string, std::string> made_by; // of the free ones
    std::set<std::string> others;
    for (const auto& entry : read.entries)
        if (const auto held = holds.services.find(entry.name);
            held != holds.services.end() && oncall::is_free(held->second, holds)) {
            made_by[entry.name] = held->second.directory;
            others.insert(held->second.directory);
        }
    oncall::SyncedServices last;
    for (const auto& other : Directories{tx}.all()) {
        const bool same_place = state.read_at == TimePoint{} && other.origin == state.origin;
        if (!same_place && !others.contains(other.name))
            continue;
        const auto said = Directories{tx}.find(other.name);
        for (const auto& [name, service] : said->services) {
            const auto made = made_by.find(name);
            const bool deleted = same_place && !holds.services.contains(name);
            if (deleted || (made != made_by.end() && made->second == other.name))
                last.emplace(name, service);
        }
    }
    last.insert(state.services.begin(), state.services.end());
    return last;
}

std::string service_json(const oncall::Service& service)
{
    oncall::Configuration alone;
    alone.services[service.name] = service;
    return config::items_of(alone).front().json;
}

std::vector<config::Edit> edits_of(const std::vector<oncall::SyncStep>& steps, const config::Stored& stored)
{
    std::map<std::string, std::string> held;
    for (const auto& item : stored.items)
        if (item.kind == "service")
            held[item.name] = item.holds;
    std::vector<config::Edit> edits;
    for (const auto& step : steps) {
        const bool removes = step.fate == SyncFate::remove;
        if (!removes && step.fate != SyncFate::create && step.fate != SyncFate::adopt && step.fate != SyncFate::change)
            continue;
        config::Edit edit;
        edit.kind = "service";
        edit.name = step.service;
        if (!removes)
            edit.json = service_json(step.becomes);
        edit.opened_with = held[step.service];
        edits.push_back(std::move(edit));
    }
    return edits;
}

/// The services that problems are about, and the first problem of each.
std::map<std::string, std::string> refused_of(
    const std::vector<config::Problem>& problems, const std::vector<config::Edit>& edits)
{
    std::map<std::string, std::string> refused;
    for (const auto& edit : edits) {
        const auto path = "service " + edit.name;
        for (const auto& problem : problems)
            if (problem.path == path || problem.path.starts_with(path + ".") || problem.path.starts_with(path + "["))
                refused.emplace(edit.name, problem.what);
    }
    return refused;
}

/// What deserves to be read by somebody though nobody asked: services that come and go.
std::string news_of(const std::vector<oncall::SyncStep>& steps, const oncall::SyncedServices& before)
{
    std::vector<std::string> lines;
    for (const auto& step : steps) {
        const auto known = before.find(step.service);
        const bool newly_gone = step.fate == SyncFate::gone && (known == before.end() || known->second.missed == 0);
        if (step.fate == SyncFate::create || step.fate == SyncFate::remove || newly_gone)
            lines.push_back(oncall::words_of(step));
    }
    return joined_lines(lines, 10);
}

} // namespace

std::string SyncReport::words(std::size_t most) const
{
    return summary + (lines.empty() ? "" : "\n") + joined_lines(lines, most);
}

std::string origin_of(const oncall::Directory& directory)
{
    return storage::sha256(std::string{oncall::name_of(directory.format)} + "\n" + directory.url + "\n" + directory.file + "\n"
        + directory.account + "\n" + directory.organization + "\n" + directory.project);
}

std::string shown_origin(const oncall::Directory& directory)
{
    if (!directory.file.empty())
        return directory.file;
    return directory.url.empty() ? std::string{"app.harness.io"} : shown_address(directory.url);
}

SyncReport take_up_directory(Transaction& tx, const Context& app, const oncall::Directory& directory, oncall::DirectoryRead read,
    SyncWish wish, const Asked& asked)
{
    auto state = Directories{tx}.find(directory.name).value_or(DirectoryState{});
    state.name = directory.name;
    state.origin = origin_of(directory);
    auto trouble = read.problem;
    if (trouble.empty() && !wish.even_if_few)
        trouble = oncall::too_few(read, state.services);
    if (trouble != read.problem)
        trouble += " If it is, run `oncall-bot sync " + directory.name + " --even-if-few`.";
    if (!trouble.empty())
        return failed_reading(
            tx, app, directory, std::move(state), trouble + (trouble.ends_with('.') ? "" : "."), wish, asked.now);

    const auto stored = stored_configuration(tx);
    const auto holds = configuration_held(stored);
    const auto last = said_until_now(tx, state, read, holds);
    auto sync = oncall::merge(directory, read, last, holds, Directories{tx}.alerting(), asked.now);

    SyncReport report;
    std::string problem;
    // One that the rest of the configuration does not bear is left out, and the others come.
    for (int tries = 0; tries < 3; ++tries) {
        const auto edits = edits_of(sync.steps, stored);
        problem.clear();
        if (edits.empty())
            break;
        const auto configured = take_over(tx, app, edits, directory.name, asked, wish.dry_run);
        report.written = configured.written;
        const auto& problems = configured.plan.problems;
        if (problems.empty())
            break;
        problem = problems.front().what;
        const auto refused = refused_of(problems, edits);
        for (const auto& [service, what] : refused) {
            std::erase_if(sync.steps, [&](const oncall::SyncStep& step) { return step.service == service; });
            read.mistakes.push_back({0, service, what});
            if (const auto before = state.services.find(service); before != state.services.end())
                sync.known[service] = before->second;
            else
                sync.known.erase(service);
        }
        if (refused.empty())
            break;
    }
    if (!problem.empty())
        return failed_reading(tx, app, directory, std::move(state), problem + ".", wish, asked.now);

    report.summary = "Directory " + directory.name + " (" + shown_origin(directory) + ") "
        + (wish.dry_run ? "would be taken up: " : "was taken up: ") + oncall::summary_of(read, sync.steps) + "."
        + (wish.dry_run ? " This is a dry run: nothing was changed." : "");
    for (const auto& step : sync.steps)
        report.lines.push_back(oncall::words_of(step));
    for (const auto& mistake : read.mistakes)
        report.lines.push_back(oncall::words_of(mistake));
    if (wish.dry_run)
        return report;

    if (state.told)
        say_of_directory(tx, app, directory.name,
            "I can take up the directory " + directory.name + " (" + shown_origin(directory) + ") again.", asked.now);
    else if (const auto news = news_of(sync.steps, state.services); !news.empty())
        say_of_directory(tx, app, directory.name, report.summary + "\n" + news, asked.now);
    state.services = std::move(sync.known);
    state.report = report.words(most_report_kept);
    state.read_at = asked.now;
    state.due = asked.now + directory.every;
    state.failures = 0;
    state.trouble.clear();
    state.told = false;
    Directories{tx}.save(state);
    return report;
}

namespace {

blocks::DirectoryView directory_view(const oncall::Directory& directory, const DirectoryState* state, TimePoint now)
{
    blocks::DirectoryView view;
    view.name = directory.name;
    view.format = oncall::name_of(directory.format);
    view.origin = shown_origin(directory);
    view.every = oncall::duration_out(directory.every);
    if (!state)
        return view;
    view.read_at = state->read_at;
    view.trouble = state->trouble;
    view.report = state->report;
    view.next_at = std::max(state->due, now);
    return view;
}

std::string no_such_directory(const oncall::Configuration& configuration, const std::string& name)
{
    std::vector<std::string> names;
    for (const auto& [known, directory] : configuration.directories)
        names.push_back(known);
    const auto meant = config::nearest(name, names);
    return "There is no directory " + name + ". "
        + (meant ? "Did you mean `/oncall directory " + *meant + "`?" : "`/oncall directory` lists those there are.");
}

/// Reads it, and tells whoever asked what came of it. Should this process end meanwhile, it is read when its time comes.
asio::awaitable<void> sync_by_hand(
    std::string name, SyncWish wish, Asked asked, std::string key, std::string response_url, Context& app)
{
    std::string words;
    try {
        auto syncing = app.sync_directory(name, wish, asked);
        const auto report = co_await std::move(syncing);
        words = report.words(most_directory_lines);
    } catch (const Refusal& refusal) {
        words = refusal.what();
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app.log.error("a directory was not taken up", {{"directory", name}, {"error", error.what()}});
        words = "Reading the directory " + name + " did not work. Nothing was changed; try again in a minute.";
    }
    auto tell = [&](Transaction& tx) { respond_or_write(tx, key, response_url, asked.actor, words, app.clock.now()); };
    co_await app.database.transaction(tell);
}

} // namespace

Answer directory_command(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall directory", app);
    const auto configuration = app.configuration();
    auto load = [&](Transaction& tx) {
        permit_deed(tx, oncall::Deed::look, asked);
        if (!rest.empty() && !configuration->directories.contains(rest))
            throw Refusal{no_such_directory(*configuration, rest)};
        std::map<std::string, DirectoryState> states;
        for (auto& state : Directories{tx}.all())
            states.emplace(state.name, std::move(state));
        std::vector<blocks::DirectoryView> views;
        for (const auto& [name, directory] : configuration->directories) {
            if (!rest.empty() && name != rest)
                continue;
            const auto state = states.find(name);
            views.push_back(directory_view(directory, state == states.end() ? nullptr : &state->second, asked.now));
        }
        return views;
    };
    const auto views = co_await app.database.read(load);
    co_return said(blocks::directories(views));
}

Answer click_directory(slack::Action action, std::string delivery, Context& app)
{
    const auto asked = asked_by(action.actor, "a button in Slack", app);
    const auto configuration = app.configuration();
    auto permit = [&](Transaction& tx) {
        std::string no;
        try {
            permit_deed(tx, oncall::Deed::change_settings, asked);
            if (!configuration->directories.contains(action.value))
                throw Refusal{no_such_directory(*configuration, action.value)};
        } catch (const Refusal& refusal) {
            no = refusal.what();
        }
        const bool first = storage::Inbox{tx}.first(delivery + ":" + action.action_id, asked.now);
        if (first && !no.empty())
            respond_or_write(tx, delivery, action.response_url, asked.actor, no, asked.now);
        return first && no.empty();
    };
    const bool may = co_await app.database.transaction(permit);
    if (!may || !app.sync_directory)
        co_return Json{};
    SyncWish wish;
    wish.dry_run = action.action_id == blocks::action::directory_try;
    app.tasks.spawn("a directory that somebody reads",
        sync_by_hand(action.value, wish, asked, delivery + ":directory", action.response_url, app));
    co_return Json{};
}

} // namespace handlers
