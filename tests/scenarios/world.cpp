#include "scenarios/world.hpp"

#include "catch.hpp"
#include "config/oncall_yaml.hpp"
#include "handlers/configure.hpp"
#include "places.hpp"
#include "storage/invariants.hpp"
#include "storage/opened.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace scenario {

void LoopWorker::post(std::function<void()> piece)
{
    auto run = [alive = alive_, piece = std::move(piece)] {
        if (*alive)
            piece();
    };
    if (takes_ == milliseconds{}) {
        asio::post(loop_, std::move(run));
        return;
    }
    auto later = [](doors::Clock& clock, milliseconds takes, std::function<void()> then) -> asio::awaitable<void> {
        co_await clock.pause(takes);
        then();
    };
    asio::co_spawn(loop_, later(clock_, takes_, std::move(run)), [](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);
    });
}

// What is still queued was never committed: it dies with the process.
void LoopWorker::join() { *alive_ = false; }

bool by_http()
{
    const auto* const door = std::getenv("ONCALL_TEST_DOOR");
    return door && std::string{door} == "http";
}

oncall::Configuration sample_configuration()
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml"};
    std::stringstream text;
    text << file.rdbuf();
    auto parsed = config::parse(text.str(), [](const std::string&) { return std::optional<std::string>{}; });
    for (const auto& problem : parsed.problems)
        FAIL(config::describe("manifest/oncall.yaml", problem));
    return std::move(parsed.configuration);
}

oncall::Configuration sample_with_a_bare_owner()
{
    auto configuration = sample_configuration();
    oncall::Team owners;
    owners.name = "owners";
    owners.channel = configuration.teams.at("payments").channel;
    configuration.teams[owners.name] = owners;
    configuration.sources.at("alertmanager").team = owners.name;
    return configuration;
}

namespace {

std::filesystem::path temporary_folder()
{
    auto pattern = (std::filesystem::temp_directory_path() / "oncall-test-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error{"no temporary folder"};
    return pattern;
}

} // namespace

namespace {

/// Hears what the auditor says, whichever process of the bot's says it.
class Ear final : public logging::Log {
public:
    Ear(std::unique_ptr<logging::Log> log, std::shared_ptr<std::vector<std::string>> found,
        std::shared_ptr<std::vector<std::string>> lines)
        : log_{std::move(log)}
        , found_{std::move(found)}
        , lines_{std::move(lines)}
    {
    }
    void write(logging::Level level, std::string_view text, logging::Fields fields) override
    {
        log_->write(level, text, fields);
        lines_->emplace_back(text);
        for (const auto& [name, value] : fields)
            lines_->back().append(" ").append(name).append("=").append(value);
        if (text != "the audit found something wrong")
            return;
        std::string words;
        for (const auto& [name, value] : fields)
            words += (words.empty() ? "" : name == "what" ? ": " : " ") + value;
        found_->push_back(std::move(words));
    }

private:
    std::unique_ptr<logging::Log> log_;
    std::shared_ptr<std::vector<std::string>> found_;
    std::shared_ptr<std::vector<std::string>> lines_;
};

} // namespace

World::World(oncall::Configuration configuration, std::uint64_t seed)
    : configuration_{std::move(configuration)}
    , seed_{seed}
    , folder_{temporary_folder()}
    , log_{std::make_unique<Ear>(
          std::getenv("ONCALL_TEST_LOG") ? logging::to_stderr(logging::Format::text, logging::Level::debug) : logging::silent(),
          found_, logged_)}
    , random_{seed + 1}
    , tasks_{std::make_unique<doors::Tasks>(loop_.get_executor(), *log_)}
    , slack_network_{wires_.plug("slack", loop_.get_executor())}
    , monitoring_{wires_.plug("monitoring", loop_.get_executor())}
    , slack_{std::make_unique<workspace::Workspace>(workspace::Doors{*slack_network_, clock, random_, *tasks_}, "slack.com:443")}
{
    for (const std::string name : {"ana", "bo", "chi", "dee", "cto"})
        slack_->add_person(name, name + "@example.com");
    slack_->add_channel("payments-alerts", {.members = {"ana", "bo", "chi"}, .bot = true});
    slack_->add_channel("war-room", {.members = {"cto"}, .bot = true});
    slack_->add_channel("ops", {.members = {"ana", "cto"}, .bot = true});
    if (by_http()) {
        auto& slacks = slack_->settings();
        slacks.events_url = "http://oncall.test:8080/slack/events";
        slacks.commands_url = "http://oncall.test:8080/slack/commands";
        slacks.interactions_url = "http://oncall.test:8080/slack/interactions";
        slacks.options_url = slacks.interactions_url;
    }
    wires_.fault = [this](const std::string& url, const net::Request&) {
        using Fate = net::MemoryNetwork::Fate;
        const auto has = [&](const char* part) { return url.find(part) != url.npos; };
        if (!has("slack.com/") || (!has("/api/chat.") && !has("/api/files.") && !has("files.slack.com/")))
            return Fate::deliver;
        ++sends;
        if (sends == doom.before_send) {
            doomed_ = true;
            return Fate::lose_request;
        }
        if (sends == doom.after_send) {
            doomed_ = true;
            return Fate::hang_answer;
        }
        return Fate::deliver;
    };
    stored::put_empty((folder_ / "oncall.db").string());
    start();
}

World::~World()
{
    // A test that failed has said enough.
    if (std::uncaught_exceptions() == 0) {
        try {
            audit();
        } catch (...) {
            // With --abort a failed check throws, which a destructor must not.
        }
    }
    kill();
    tasks_->stop();
    settle();
    slack_.reset();
    wires_.unplug("slack");
    wires_.unplug("monitoring");
    std::filesystem::remove_all(folder_);
}

void World::audit()
{
    settle();
    if (running())
        for (const auto& one : look([&](storage::Transaction& tx) { return storage::Invariants{}.check(tx, clock.now()); }))
            found_->push_back(one.invariant + " " + one.subject + ": " + one.words);
    for (const auto& words : *found_)
        FAIL_CHECK("the auditor found " << words);
}

asio::awaitable<notify::Outcome> PostOffice::send(notify::Email email)
{
    seen.push_back(email);
    const auto came = hangs ? notify::Outcome{notify::Outcome::later, "timed out", false} : outcome;
    if (hangs)
        co_await clock_.pause(30s);
    if (came.how == notify::Outcome::accepted)
        taken.push_back(std::move(email));
    co_return came;
}

asio::awaitable<notify::Outcome> PostOffice::verify() { co_return outcome; }

std::optional<handlers::TakenUp> World::apply(oncall::Configuration file, handlers::ApplyWish wish)
{
    const auto result = std::make_shared<std::optional<handlers::TakenUp>>();
    handlers::Asked asked;
    asked.via = "a test";
    asked.now = clock.now();
    auto take = [](handlers::Context& app, oncall::Configuration what, handlers::ApplyWish how, handlers::Asked who,
                    std::shared_ptr<std::optional<handlers::TakenUp>> into) -> asio::awaitable<void> {
        auto taking = handlers::take_up(app, std::move(what), how, std::move(who));
        into->emplace(co_await std::move(taking));
    };
    asio::co_spawn(bot_->loop, take(app().context(), std::move(file), wish, std::move(asked), result), asio::detached);
    settle();
    return *result;
}

handlers::Configured World::edit(const std::string& kind, const std::string& name, const std::string& json)
{
    handlers::Asked asked;
    asked.actor = slack_->person("bo").id();
    asked.via = "a form in Slack";
    asked.now = clock.now();
    auto& context = app().context();
    auto result = write([&](storage::Transaction& tx) {
        const auto item = storage::Items{tx}.find(kind, name);
        config::Edit edit;
        edit.kind = kind;
        edit.name = name;
        edit.json = json;
        edit.opened_with = item ? item->holds : "";
        return handlers::edit(tx, context, {edit}, asked);
    });
    run([&context] { return handlers::put_in_force(context); });
    return result;
}

void World::open_post_office(const std::string& public_url)
{
    kill();
    has_mail_ = true;
    public_url_ = public_url;
    start();
}

void World::close_post_office()
{
    kill();
    has_mail_ = false;
    start();
}

void World::start()
{
    bot_ = std::make_unique<Bot>(++seed_, clock, database_takes);
    bot_->network = wires_.plug("bot", bot_->loop.get_executor());
    config::Settings settings;
    settings.slack_bot_token = config::Secret{slack_->bot_token()};
    if (by_http())
        settings.slack_signing_secret = config::Secret{slack_->signing_secret()};
    else
        settings.slack_app_token = config::Secret{slack_->app_token()};
    settings.slack_api_url = slack_->api_url();
    settings.database = (folder_ / "oncall.db").string();
    settings.listen = "oncall.test:8080";
    settings.channel = "#ops";
    settings.admins = admins;
    settings.heartbeat_url = config::Secret{heartbeat_url};
    settings.public_url = public_url_;
    if (adjust)
        adjust(settings);
    std::vector<notify::Mailer*> mailers = more_post_offices;
    if (has_mail_)
        mailers.insert(mailers.begin(), &post_office);
    bot_->app = std::make_unique<App>(std::move(settings), configuration_,
        App::Doors{bot_->loop.get_executor(), *bot_->network, clock, bot_->random, bot_->worker, *log_, std::move(mailers),
            providers, &easel, &bot_->worker, environment});
    bot_->app->database().after_each_commit([this] {
        if (++commits == doom.commit)
            throw Crash{};
    });
    auto started = [](App& app) -> asio::awaitable<void> { co_await app.start(); };
    asio::co_spawn(bot_->loop, started(*bot_->app), [](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);
    });
    settle();
}

void World::kill()
{
    doomed_ = false;
    wires_.unplug("bot");
    bot_.reset();
}

bool World::step()
{
    std::size_t happened = loop_.poll_one();
    if (bot_) {
        try {
            happened += bot_->loop.poll_one();
        } catch (const Crash&) {
            doomed_ = true;
        }
        if (doomed_) {
            kill();
            return true;
        }
    }
    return happened > 0;
}

void World::settle()
{
    while (step()) { }
}

void World::advance(milliseconds by)
{
    const auto end = clock.now() + by;
    settle();
    while (clock.next_due() <= end) {
        clock.set(std::max(clock.next_due(), clock.now()));
        settle();
    }
    clock.set(end);
    settle();
}

void World::run(const std::function<asio::awaitable<void>()>& on_the_bot)
{
    bool done = false;
    asio::co_spawn(bot_->loop, on_the_bot(), [&done](std::exception_ptr error) {
        done = true;
        if (error)
            std::rethrow_exception(error);
    });
    while (!done && step()) { }
    // What waits a moment for something gets it.
    for (const auto end = clock.now() + 10s; !done && clock.next_due() <= end;) {
        clock.set(std::max(clock.next_due(), clock.now()));
        while (!done && step()) { }
    }
    REQUIRE(done);
}

void World::put_in_force()
{
    run([this] { return handlers::put_in_force(app().context()); });
}

net::Response World::request(net::Request request)
{
    const auto url = "http://oncall.test:8080" + request.target;
    const auto machine = request.peer;
    if (machine.empty())
        return fetch(*monitoring_, url, std::move(request));
    const auto network = wires_.plug(machine, loop_.get_executor());
    auto answer = fetch(*network, url, std::move(request));
    wires_.unplug(machine);
    return answer;
}

workspace::Json World::call(const std::string& method, const workspace::Json& arguments)
{
    net::Request request;
    request.method = "POST";
    request.headers = {{"Authorization", "Bearer " + slack_->bot_token()}, {"Content-Type", "application/json; charset=utf-8"}};
    request.body = arguments.dump();
    return workspace::Json::parse(fetch(*monitoring_, slack_->api_url() + method, std::move(request)).body);
}

net::Response World::fetch(net::Network& from, const std::string& url, net::Request request)
{
    struct Answer {
        std::optional<net::Response> answer{};
        bool over{};
    };
    const auto came = std::make_shared<Answer>();
    net::FetchLimits limits;
    asio::co_spawn(loop_, from.fetch(url, std::move(request), limits), [came](std::exception_ptr error, net::Response answer) {
        came->over = true;
        if (!error)
            came->answer = std::move(answer);
    });
    while (!came->over && step()) { }
    settle();
    // 599: nobody answered.
    net::Response nobody;
    nobody.status = 599;
    return came->answer.value_or(nobody);
}

net::Response World::post(const std::string& key, const std::string& body)
{
    net::Request posted;
    posted.method = "POST";
    posted.target = "/hooks/" + key;
    posted.headers = {{"Content-Type", "application/json"}};
    posted.body = body;
    return request(std::move(posted));
}

net::Response World::alert(const std::string& title, const std::string& dedup_key, const std::string& more)
{
    return post("demo-scripts-key",
        R"({"title":")" + title + R"(","severity":"critical","service":"checkout","dedup_key":")" + dedup_key + "\"" + more
            + "}");
}

net::Response World::resolved(const std::string& dedup_key)
{
    return post("demo-scripts-key", R"({"status":"resolved","dedup_key":")" + dedup_key + "\"}");
}

} // namespace scenario
