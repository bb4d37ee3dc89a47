#include "commands/verbs.hpp"

#include "net/local.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <iostream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <grp.h>

namespace commands {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest = net::LocalLimits{}.message;
constexpr auto patience = 10s; // with a service that starts or ends in this moment

const Verb* find(std::string_view name)
{
    for (const auto& verb : verbs())
        if (verb.name == name)
            return &verb;
    return nullptr;
}

Said failed(const std::string& why) { return {1, "", why + "\n"}; }

/// The function's answer; what it throws is an answer too.
asio::awaitable<Said> act(App& app, const Verb& verb, Json arguments)
{
    try {
        auto acting = verb.act(app, std::move(arguments));
        auto said = co_await std::move(acting);
        co_return said;
    } catch (const std::exception& problem) {
        if (doors::is_cancellation(problem))
            throw;
        co_return failed(problem.what());
    }
}

std::string text_of(const Said& said)
{
    Json json;
    json["status"] = said.status;
    json["out"] = said.out;
    json["err"] = said.err;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Said said_in(const std::string& text)
{
    const auto json = slack::parse(text, longest);
    const auto& status = slack::at(json, {"status"});
    return {status.is_number_integer() ? status.get<int>() : 1, slack::text_at(json, {"out"}), slack::text_at(json, {"err"})};
}

/// Runs the loop until the work has ended.
template <class Result> Result wait_for(asio::io_context& loop, asio::awaitable<Result> work)
{
    std::optional<Result> result;
    std::exception_ptr failure;
    asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, Result got) {
        failure = error;
        if (!error)
            result.emplace(std::move(got));
        loop.stop();
    });
    loop.restart();
    loop.run();
    if (failure)
        std::rethrow_exception(failure);
    return std::move(*result);
}

/// What root makes in here must be the service's: from now on this process is whoever owns the database, or else its folder.
void become_owner(const std::string& database)
{
    struct ::stat owner { };
    const auto folder = std::filesystem::absolute(database).parent_path();
    if (::geteuid() != 0 || (::stat(database.c_str(), &owner) != 0 && ::stat(folder.c_str(), &owner) != 0) || owner.st_uid == 0)
        return;
    if (::setgroups(0, nullptr) != 0 || ::setgid(owner.st_gid) != 0 || ::setuid(owner.st_uid) != 0)
        throw std::runtime_error{"cannot work as the user who owns " + database};
}

asio::awaitable<Said> loaded(App& app, const Verb& verb, Json arguments)
{
    auto loading = app.load();
    co_await std::move(loading);
    auto acting = act(app, verb, std::move(arguments));
    auto said = co_await std::move(acting);
    co_return said;
}

/// Opens the database in this process. Throws storage::CannotOpen, or storage::Locked while another process has it.
Said do_here(const config::ReadSettings& read, const Verb& verb, Json arguments)
{
    const auto& database = read.settings.database;
    if (!verb.begins && !std::filesystem::exists(database))
        return failed("There is no database " + database
            + ". Run this where the service's .env is, or set ONCALL_DATABASE to the path of its database.");
    become_owner(database);
    const auto log = logging::to_stderr(logging::Format::text, logging::Level::warning);
    asio::io_context loop{1};
    doors::SystemClock clock{loop.get_executor()};
    doors::SystemRandom random;
    const auto network = net::internet(loop.get_executor());
    const auto thread = doors::system_thread();
    App::Doors parts{loop.get_executor(), *network, clock, random, *thread, *log, {}};
    parts.environment = environment_now();
    App app{read.settings, {}, parts};
    return wait_for(loop, loaded(app, verb, std::move(arguments)));
}

/// nullopt when no service listens.
std::optional<Said> ask_service(const std::string& database, const std::string& question)
{
    asio::io_context loop{1};
    const auto answer = wait_for(loop, net::ask_local(loop.get_executor(), socket_of(database), question));
    return answer ? std::optional{said_in(*answer)} : std::nullopt;
}

} // namespace

std::string socket_of(const std::string& database) { return database + ".sock"; }

asio::awaitable<std::string> answer(App& app, std::string question)
{
    Said said;
    const Verb* verb = nullptr;
    Json arguments;
    try {
        auto asked = slack::parse(question, longest);
        const auto name = slack::text_at(asked, {"verb"});
        verb = find(name);
        if (!verb)
            said = {2, "",
                "The service that runs is oncall-bot " ONCALL_VERSION " and does not know \"" + name
                    + "\". Restart it, so that it is the version of this command.\n"};
        else if (const auto& given = slack::at(asked, {"arguments"}); given.is_object())
            arguments = given;
    } catch (const slack::BadJson& problem) {
        said = {2, "", "The service did not understand the command: " + std::string{problem.what()} + ".\n"};
    }
    if (verb) {
        auto acting = act(app, *verb, std::move(arguments));
        said = co_await std::move(acting);
    }
    co_return text_of(said);
}

Said ask(const config::ReadSettings& read, const std::string& name, Json arguments)
{
    if (const auto why = hidden_settings(); !why.empty())
        return failed(why);
    const auto& database = read.settings.database;
    const auto* const verb = find(name);
    if (!verb)
        return failed("there is no verb " + name);
    Json question;
    question["verb"] = name;
    question["arguments"] = arguments;
    const auto text = question.dump(-1, ' ', false, Json::error_handler_t::replace);
    try {
        for (const auto end = std::chrono::steady_clock::now() + patience;;) {
            if (auto said = ask_service(database, text))
                return *said;
            try {
                return do_here(read, *verb, arguments);
            } catch (const storage::Locked&) {
                if (std::chrono::steady_clock::now() > end)
                    return failed("Another process has " + database
                        + " open and does not listen for commands. If it is the service, it is still starting, or needs a "
                          "restart.");
            }
            std::this_thread::sleep_for(50ms);
        }
    } catch (const net::Failure& failure) {
        auto why = failure.what() + std::string{"."};
        if (failure.maybe_sent())
            why += " It may have been done all the same: look, before you do it again.";
        else
            why += " Run this as the user who runs the service, or as root.";
        return failed(why);
    } catch (const std::exception& problem) {
        return failed(problem.what());
    }
}

int ask_and_print(const std::string& verb, Json arguments)
{
    const auto said = ask(read_settings(), verb, std::move(arguments));
    std::cout << said.out << std::flush;
    std::cerr << said.err << std::flush;
    return said.status;
}

} // namespace commands
