#include "directories.hpp"

#include "config/directory_entries.hpp"
#include "doors/run_on.hpp"
#include "doors/tasks.hpp"
#include "feeds/directory_fetch.hpp"
#include "handlers/configure.hpp"
#include "oncall/verbs.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace std::chrono_literals;
using oncall::DirectoryFormat;
using oncall::DirectoryRead;
using oncall::TimePoint;
using storage::Transaction;

namespace {

constexpr auto look_for_directories = 6h;
constexpr auto longest_sync = 5min; // of all pages together
constexpr oncall::milliseconds rest_of_death{5min}; // should a reading end this process
constexpr int services_a_page = 100, most_pages = 50;
constexpr std::string_view harness{"https://app.harness.io"};

DirectoryRead unread(std::string problem)
{
    DirectoryRead read;
    read.problem = std::move(problem);
    return read;
}

/// The file's text, or why there is none.
std::pair<std::string, std::string> text_of_file(const std::string& path)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) // a pipe would never end
        return {"", "the file " + path + " cannot be read"};
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (size < 0)
        return {"", "the file " + path + " cannot be read"};
    if (size > static_cast<std::streamoff>(oncall::most_directory_text))
        return {"", "the file " + path + " is larger than 4 MB"};
    std::string text(static_cast<std::size_t>(size), '\0');
    file.seekg(0);
    file.read(text.data(), size);
    if (!file)
        return {"", "the file " + path + " cannot be read"};
    return {std::move(text), ""};
}

DirectoryRead read_of(DirectoryFormat format, const std::string& text)
{
    switch (format) {
    case DirectoryFormat::yaml: return config::directory_in_yaml(text);
    case DirectoryFormat::csv: return config::directory_in_csv(text);
    case DirectoryFormat::backstage: return config::directory_in_backstage(text);
    case DirectoryFormat::harness: break;
    }
    return unread("Harness is read by its API");
}

std::string page_address(const oncall::Directory& directory, int page)
{
    auto base = directory.url.empty() ? std::string{harness} : directory.url;
    while (base.ends_with('/'))
        base.pop_back();
    const std::vector<net::Header> query{{"accountIdentifier", directory.account}, {"orgIdentifier", directory.organization},
        {"projectIdentifier", directory.project}, {"page", std::to_string(page)}, {"size", std::to_string(services_a_page)}};
    return base + "/ng/api/servicesV2?" + net::form_out(query);
}

/// It is not read twice at once.
struct UnderWay {
    std::set<std::string>& all;
    std::string name;
    UnderWay(std::set<std::string>& where, const std::string& what)
        : all{where}
        , name{what}
    {
        all.insert(name);
    }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;
    ~UnderWay() { all.erase(name); }
};

} // namespace

Directories::Directories(handlers::Context& app, Parts parts)
    : app_{app}
    , parts_{std::move(parts)}
    , wake_{app.tasks.loop()}
{
}

void Directories::look_again() { wake_.ring(); }

asio::awaitable<void> Directories::run()
{
    while (true) {
        const auto next = co_await pass();
        co_await wake_.sleep(app_.clock, std::min(next, app_.clock.now() + look_for_directories));
    }
}

/// Reads those whose time has come; returns when the next one's comes.
asio::awaitable<TimePoint> Directories::pass()
{
    const auto configuration = app_.configuration();
    auto next = TimePoint::max();
    if (configuration->directories.empty())
        co_return next;
    auto load = [](Transaction& tx) { return storage::Directories{tx}.all(); };
    const auto states = co_await app_.database.read(load);
    const auto now = app_.clock.now();
    std::vector<std::string> due;
    for (const auto& [name, directory] : configuration->directories) {
        const auto state =
            std::find_if(states.begin(), states.end(), [&name = name](const auto& one) { return one.name == name; });
        // Another place, or another interval, counts from now on.
        const bool is_due = state == states.end() || state->origin != handlers::origin_of(directory) || state->due <= now
            || state->due > now + std::max<oncall::milliseconds>(directory.every, 1h);
        if (is_due)
            due.push_back(name);
        else
            next = std::min(next, state->due);
    }
    for (const auto& name : due) {
        if (under_way_.contains(name))
            continue;
        // It rests first: should it end this process, it is not what the next one begins with.
        const auto origin = handlers::origin_of(configuration->directories.at(name));
        auto rest = [&](Transaction& tx) { storage::Directories{tx}.put_off(name, origin, now + rest_of_death); };
        co_await app_.database.transaction(rest);
        handlers::Asked asked;
        asked.via = "directory " + name;
        asked.now = app_.clock.now();
        handlers::SyncReport report;
        try {
            auto syncing = sync(name, handlers::SyncWish{}, std::move(asked));
            report = co_await std::move(syncing);
        } catch (const oncall::Refusal& refusal) {
            report.summary = refusal.what(); // somebody reads it by hand
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            app_.log.error("a directory was not taken up", {{"directory", name}, {"error", error.what()}});
        }
        if (report.failed)
            app_.log.warning("a directory was not taken up", {{"directory", name}, {"why", report.summary}});
        else if (report.written)
            app_.log.info("a directory was taken up", {{"directory", name}, {"what", report.summary}});
        next = app_.clock.now() + 1s; // its next time is in its row by now
    }
    co_return next;
}

asio::awaitable<handlers::SyncReport> Directories::sync(std::string name, handlers::SyncWish wish, handlers::Asked asked)
{
    const auto configuration = app_.configuration();
    const auto found = configuration->directories.find(name);
    if (found == configuration->directories.end())
        throw oncall::Refusal{"There is no directory " + name + "."};
    if (under_way_.contains(name))
        throw oncall::Refusal{"The directory " + name + " is being read just now. Try again in a moment."};
    const UnderWay guard{under_way_, name};
    const auto directory = found->second;
    DirectoryRead got;
    try {
        auto reading = read(directory);
        got = co_await std::move(reading);
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        app_.log.error("reading a directory broke off", {{"directory", name}, {"error", error.what()}});
        got = unread("something broke while it was read. The log says what"); // there alone: its words may repeat what was read
    }
    asked.now = app_.clock.now();
    auto take_up = [&](Transaction& tx) { return handlers::take_up_directory(tx, app_, directory, got, wish, asked); };
    auto report = co_await app_.database.transaction(take_up);
    if (report.written) {
        auto in_force = handlers::put_in_force(app_);
        co_await std::move(in_force);
    }
    co_return report;
}

asio::awaitable<void> Directories::on_worker(std::function<void()> piece)
{
    if (!parts_.worker) {
        piece();
        co_return;
    }
    auto working = doors::run_on(*parts_.worker, app_.tasks.loop(), std::move(piece));
    co_await std::move(working);
}

asio::awaitable<DirectoryRead> Directories::read(oncall::Directory directory)
{
    // Whoever waits may be gone before the piece is done: it owns what it uses.
    struct Piece {
        std::string text{};
        DirectoryRead read{};
    };
    const auto piece = std::make_shared<Piece>();
    if (!directory.file.empty()) {
        const auto path = (std::filesystem::path{parts_.folder} / directory.file).string();
        auto working = on_worker([piece, path, format = directory.format] {
            auto [text, problem] = text_of_file(path);
            piece->read = problem.empty() ? read_of(format, text) : unread(std::move(problem));
        });
        co_await std::move(working);
        co_return std::move(piece->read);
    }
    std::string token;
    if (!directory.token_env.empty()) {
        token = parts_.environment(directory.token_env).value_or("");
        const bool broken =
            std::any_of(token.begin(), token.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
        if (token.empty() || broken)
            co_return unread("the variable " + directory.token_env
                + (broken ? " holds blanks, which no token has" : " is not set. Put the token there, and start me again"));
    }
    if (directory.format == DirectoryFormat::harness) {
        auto pages = read_harness(directory, std::move(token));
        auto all = co_await std::move(pages);
        co_return all;
    }
    feeds::DirectoryFetch what;
    what.url = directory.url;
    what.private_too = app_.private_webhooks;
    what.header = "Authorization";
    if (!token.empty())
        what.token = "Bearer " + token;
    auto fetching = feeds::fetch_directory(parts_.network, std::move(what));
    auto fetched = co_await std::move(fetching);
    if (!fetched.trouble.empty()) {
        if (!fetched.detail.empty())
            app_.log.warning("a directory cannot be read", {{"directory", directory.name}, {"error", fetched.detail}});
        co_return unread(fetched.trouble);
    }
    piece->text = std::move(fetched.body);
    auto working = on_worker([piece, format = directory.format] { piece->read = read_of(format, piece->text); });
    co_await std::move(working);
    co_return std::move(piece->read);
}

/// All pages or none: services that come or go meanwhile make the next reading.
asio::awaitable<DirectoryRead> Directories::read_harness(oncall::Directory directory, std::string token)
{
    DirectoryRead all;
    const auto end = app_.clock.now() + longest_sync;
    int pages = 1, services = -1, count = 0;
    for (int page = 0; page < pages; ++page) {
        feeds::DirectoryFetch what;
        what.url = page_address(directory, page);
        what.private_too = app_.private_webhooks;
        what.header = "x-api-key";
        what.token = token;
        auto fetching = feeds::fetch_directory(parts_.network, std::move(what));
        auto fetched = co_await std::move(fetching);
        if (!fetched.trouble.empty()) {
            if (!fetched.detail.empty())
                app_.log.warning("a directory cannot be read", {{"directory", directory.name}, {"error", fetched.detail}});
            co_return unread((page == 0 ? std::string{} : "of page " + std::to_string(page + 1) + " ") + fetched.trouble);
        }
        const auto got = std::make_shared<config::HarnessPage>();
        const auto text = std::make_shared<std::string>(std::move(fetched.body));
        auto working = on_worker([got, text, page] { *got = config::directory_in_harness(*text, page); });
        co_await std::move(working);
        if (!got->read.problem.empty())
            co_return unread(std::move(got->read.problem));
        if (services >= 0 && (got->services != services || got->pages != pages))
            co_return unread("its services changed while they were read");
        services = got->services;
        pages = got->pages;
        count += got->count;
        if (pages > most_pages)
            co_return unread("it has more than 5,000 services");
        if (app_.clock.now() > end)
            co_return unread("reading it takes longer than five minutes");
        for (auto& entry : got->read.entries)
            all.entries.push_back(std::move(entry));
        for (auto& mistake : got->read.mistakes)
            all.mistakes.push_back(std::move(mistake));
    }
    if (count != services)
        co_return unread("it has " + std::to_string(services) + " services by its own count, and gives " + std::to_string(count));
    co_return oncall::checked(std::move(all));
}
