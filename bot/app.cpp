#include "app.hpp"

#include "config/export.hpp"
#include "doors/counted.hpp"
#include "handlers/configure.hpp"
#include "handlers/covers.hpp"
#include "handlers/heartbeats.hpp"
#include "handlers/slack.hpp"
#include "notify/text.hpp"
#include "oncall/reach_words.hpp"
#include "storage/auto_resolves.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

using namespace std::chrono_literals;

namespace {

constexpr auto last_words = 300ms; // for what is under way when the service ends

net::Response later()
{
    net::Response answer;
    answer.status = 503;
    answer.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Retry-After", "5"}};
    answer.body = "the service is ending; send it again\n";
    return answer;
}

/// Files are named from where oncall.yaml is.
std::string folder_of(const std::string& file) { return std::filesystem::path{file}.parent_path().string(); }

config::Environment environment_or_own(config::Environment environment)
{
    if (environment)
        return environment;
    return [](const std::string& name) {
        const auto* const value = std::getenv(name.c_str());
        return value ? std::optional<std::string>{value} : std::nullopt;
    };
}

/// An address is written to as it is, whoever's it may be in Slack.
std::vector<std::string> named_in_slack(std::vector<std::string> people)
{
    std::erase_if(people, [](const std::string& one) { return one.find('@') != one.npos && one.front() != '@'; });
    return people;
}

/// What people can be reached by.
std::set<oncall::ContactKind> ways_of(const App::Doors& doors, const notify::Providers& all)
{
    std::set<oncall::ContactKind> ways{oncall::ContactKind::slack};
    if (!doors.mailers.empty())
        ways.insert(oncall::ContactKind::email);
    for (const auto& [kind, providers] : all)
        if (!providers.empty())
            ways.insert(kind);
    return ways;
}

/// By Twilio's accounts. One may be there twice, with another number.
std::map<std::string, std::vector<std::string>> auth_tokens_of(const config::Settings& settings)
{
    std::map<std::string, std::vector<std::string>> all;
    for (const auto& account : settings.twilio)
        for (const auto& token : account.auth_tokens)
            all[account.account_sid].push_back(token.get());
    return all;
}

/// The numbers that text messages and calls come from.
std::vector<std::string> callers_of(const config::Settings& settings)
{
    std::vector<std::string> numbers;
    for (const auto& account : settings.twilio)
        numbers.push_back(account.from);
    return numbers;
}

/// Small things of the internet: a certificate, a confirmation. No private address is spoken to, whatever a name says it is.
asio::awaitable<net::Response> from_the_internet(net::Network& network, std::string url)
{
    net::FetchLimits limits;
    limits.timeout = 5s;
    limits.body = 64 << 10;
    limits.public_only = true;
    net::Request request;
    auto fetching = network.fetch(std::move(url), std::move(request), limits);
    co_return co_await std::move(fetching);
}

/// Where others reach us, as far as we know.
std::string address_of(const config::Settings& settings)
{
    if (!settings.public_url.empty())
        return settings.public_url;
    return (settings.tls_certificate.empty() ? "http://" : "https://") + settings.listen;
}

} // namespace

App::App(config::Settings settings, std::optional<oncall::Configuration> file, Doors doors)
    : settings_{std::move(settings)}
    , file_{std::move(file)}
    , doors_{doors}
    , tasks_{doors.loop, doors.log}
    , ways_out_{settings_, doors.network, doors.clock, doors.random, std::move(doors.providers)}
    , database_{settings_.database, {doors.worker, doors.loop, doors.log}}
    , slack_{doors.network, settings_.slack_api_url, settings_.slack_bot_token.get()}
    , files_{slack_, doors.network, doors.clock, settings_.slack_api_url}
    , context_{.database = database_,
          .slack = slack_,
          .clock = doors.clock,
          .random = doors.random,
          .tasks = tasks_,
          .log = doors.log,
          .in_force = in_force_,
          .fallback_channel = settings_.channel,
          .admins = settings_.admins,
          .address = address_of(settings_),
          .public_address = !settings_.public_url.empty(),
          .require_waking = settings_.require_waking,
          .bundling = settings_.bundling,
          .recurrence = settings_.recurrence,
          .may_page = settings_.configured_page ? oncall::MayPage::configured : oncall::MayPage::everybody,
          .pages_an_hour = settings_.pages_an_hour,
          .suggests = settings_.suggests,
          .ways = ways_of(doors, ways_out_.all()),
          .twilio_auth_tokens = auth_tokens_of(settings_),
          .callers = callers_of(settings_),
          .private_webhooks = settings_.private_webhooks,
          .countries = settings_.countries}
    , auditor_{{database_, doors.network, doors.clock, doors.log},
          {settings_.channel, settings_.admins, settings_.heartbeat_url,
              [this] { return context_.ways.contains(oncall::ContactKind::email); }, [this] { watch_.look(); }},
          {{"engine", [this] { engine_.ring(); }, [this] { return engine_.rounds(); }},
              {"sender", [this] { sender_.ring(); }, [this] { return sender_.rounds(); }}}}
    , watch_{{database_, doors.clock, auditor_, [this] { return context_.slack_up(); },
          [this] { return socket_mode_ ? socket_mode_->health().links_up : 0; },
          [this] {
              auto all = http_.twilio().strangers();
              for (const auto& replies : text_replies_)
                  all += replies->strangers();
              return all;
          },
          [this] { return mender_.standing(); }}}
    , http_{context_, settings_.slack_signing_secret.get(),
          {[this] { return watch_.health(); }, [this] { return watch_.ready(); }, [this] { return watch_.metrics(); }}}
    , engine_{context_, [this](const std::string& person) { return roster_.is_nobody(person); }}
    , roster_{context_, named_in_slack(settings_.admins),
          [this] {
              followers_.ring();
              tasks_.spawn("who people are", handlers::put_in_force(context_)); // overrides find them by it
          }}
    , channels_{slack_}
    , sender_{{database_, slack_, channels_, doors.clock, doors.random, tasks_, doors.log, files_, doors.painter, doors.mailers,
                  ways_out_.all(), [this] { return bot_name_; }, [this] { mender_.ring(); }},
          in_force_, settings_.channel}
    , mender_{{database_, slack_, channels_, doors.clock, tasks_, doors.log, [this] { return bot_name_; }}, in_force_,
          {settings_.channel, settings_.admins, [this] { return context_.ways.contains(oncall::ContactKind::email); },
              !settings_.slack_app_token.get().empty()}}
    , followers_{{database_, slack_, channels_, doors.clock, tasks_, doors.log,
                     [this](const std::string& person) { return roster_.is_nobody(person); },
                     [this]() -> std::string_view { return context_.home_team; }, [this] { return bot_name_; }},
          in_force_, settings_.channel}
    , groups_{{database_, slack_, doors.clock, tasks_, doors.log, [this](const std::string& user) { context_.meet(user); }},
          in_force_, settings_.channel}
    , calendars_{context_, doors.network, doors.reader}
    , directories_{context_, {doors.network, doors.reader, folder_of(settings_.config), environment_or_own(doors.environment)}}
    , homes_{context_, [this] { return setup_facts(); }}
{
    context_.meet = [this](const std::string& user) {
        if (!user.empty())
            roster_.meet(user);
    };
    context_.get_public = [this](std::string url) { return from_the_internet(doors_.network, std::move(url)); };
    context_.sync_directory = [this](std::string name, handlers::SyncWish wish, handlers::Asked asked) {
        return directories_.sync(std::move(name), wish, std::move(asked));
    };
    context_.kind_of = [this](const std::string& user) { return roster_.kind_of(user); };
    context_.hear_of = [this](const slack::Profile& told) { return roster_.hear(told); };
    context_.configured = [this] {
        roster_.look_again();
        followers_.look_again();
        groups_.look_again();
        engine_.look_again();
        calendars_.look_again();
        directories_.look_again();
        homes_.look(false);
        if (started_)
            tasks_.spawn("requests for cover", handlers::review_covers(context_));
    };
    slack_.on_call([this](const slack::Called& call) { mender_.heard(call); });
    context_.look_at_homes = [this](bool opened) { homes_.look(opened); };
    slack_.watch([this](const net::Response& answer) { granted_.look_at(answer); });
    slack_.on_answer([this](std::string_view answer) { watch_.counted().slack_answered(answer); });
    context_.our_beat = [this] {
        blocks::OutgoingBeat ours;
        ours.is_set = !settings_.heartbeat_url.get().empty();
        ours.fails = auditor_.health().beat_fails;
        ours.last = auditor_.health().last_beat;
        return ours;
    };
    context_.slack_up = [this] { return socket_mode_ ? socket_mode_->health().links_up > 0 : slack_.reachable(); };
}

App::~App() = default;

asio::awaitable<void> App::load()
{
    auto in_force = handlers::put_in_force(context_);
    co_await std::move(in_force);
}

asio::awaitable<std::map<std::string, std::string>> App::take_up(oncall::Configuration file, std::string via, bool anyway)
{
    handlers::Asked asked;
    asked.via = std::move(via);
    asked.now = doors_.clock.now();
    const auto digest = storage::sha256(config::export_yaml(file));
    auto look = [](storage::Transaction& tx) { return storage::Journal{tx}.file_taken_up(); };
    const auto last = co_await database_.read(look);
    // A file that says what it said is no wish: another may have been applied since.
    handlers::ApplyWish wish;
    wish.dry_run = !anyway && last == digest;
    auto taking = handlers::take_up(context_, std::move(file), wish, std::move(asked));
    auto configured = co_await std::move(taking);
    handlers::log_plan(doors_.log, configured);
    if (last != digest && configured.configured.plan.problems.empty()) {
        auto remember = [&](storage::Transaction& tx) { storage::Journal{tx}.take_up_file(digest); };
        co_await database_.transaction(remember);
    }
    for (const auto& [source, key] : configured.configured.keys)
        keys_made_[source] = key;
    co_return std::move(configured.configured.keys);
}

asio::awaitable<std::map<std::string, std::string>> App::reload(config::Parsed file)
{
    for (const auto& problem : file.problems)
        doors_.log.error("oncall.yaml is wrong", {{"problem", config::describe(settings_.config, problem)}});
    if (!file.problems.empty()) {
        doors_.log.error("oncall.yaml was not taken up; what held goes on to hold", {});
        co_return std::map<std::string, std::string>{};
    }
    auto taking = take_up(std::move(file.configuration), "oncall.yaml, read again", true);
    auto made = co_await std::move(taking);
    co_return made;
}

asio::awaitable<std::map<std::string, std::string>> App::start()
{
    // Kept from the first start on: links in mails that were sent go on working.
    const auto fresh = doors_.random.token(32);
    // Browsers subscribe by the key: with another one they would have to do so again.
    const auto fresh_keys = notify::fresh_keys([this](std::size_t count) { return doors_.random.bytes(count); });
    std::string answer_secret, push_key;
    auto begin = [&](storage::Transaction& tx) {
        answer_secret = storage::Journal{tx}.secret("answer links", fresh);
        push_key = storage::Journal{tx}.secret("web push key", notify::base64url(fresh_keys.secret));
        storage::Journal{tx}.started(doors_.clock.now());
        storage::AutoResolves{tx}.begin_anew(doors_.clock.now());
    };
    co_await database_.transaction(begin);
    context_.answer_secret = std::move(answer_secret);
    auto keys = notify::key_pair(notify::base64url_in(push_key).value_or(""));
    if (WaysOut::has_web_push(settings_))
        context_.push_key = notify::base64url(keys.open);
    ways_out_.know(std::move(keys), context_.answer_secret);

    std::map<std::string, std::string> made;
    if (file_) {
        auto taking = take_up(std::move(*file_), "oncall.yaml, at the start", false);
        made = co_await std::move(taking);
        file_.reset();
    }
    auto loading = load();
    co_await std::move(loading);
    auto mend = [&](storage::Transaction& tx) { handlers::mend_heartbeats(tx, context_, doors_.clock.now()); };
    co_await database_.transaction(mend);
    sender_.sign_links(settings_.public_url, context_.answer_secret);
    co_await sender_.recover();
    database_.on_commit([this](storage::Touched touched) {
        if (touched.timers) {
            engine_.ring();
            groups_.ring();
        }
        if (touched.outbox)
            sender_.ring();
        if (touched.outbox && mender_.stands())
            mender_.ring();
        homes_.look(false);
        for (const auto& [what, number] : touched.bundled)
            watch_.counted().bundled(what, number);
        for (const auto& [how, times] : touched.notified)
            watch_.counted().notified(how.first, how.second, times);
    });
    if (ending_)
        co_return made;
    net::Service service;
    service.serve = [this](net::Request request) { return serve(std::move(request)); };
    service.most_body = [this](const net::Request& head) {
        const auto most = http_.most_body(head);
        return most == 0 ? net::ServeLimits{}.body : most;
    };
    service.most_of_all = handlers::most_of_source;
    service.too_large = [this](const net::Request& head) {
        watch_.http_answered(head.target, 413);
        if (!ending_)
            http_.too_large(head);
    };
    service.certificate = {settings_.tls_certificate, settings_.tls_key};
    listener_ = doors_.network.listen(settings_.listen, std::move(service));

    if (!settings_.slack_app_token.get().empty()) {
        const slack::SocketMode::Doors parts{doors_.network, slack_, doors_.clock, doors_.random, tasks_, doors_.log};
        auto handle = [this](slack::Envelope received) { return envelope(std::move(received)); };
        auto fatal = [this](const std::string& code) {
            doors_.log.error(
                "Slack will not let us connect; check SLACK_APP_TOKEN and the app's Socket Mode setting", {{"error", code}});
        };
        socket_mode_ =
            std::make_unique<slack::SocketMode>(parts, settings_.slack_app_token.get(), std::move(handle), std::move(fatal));
        tasks_.spawn("socket mode", keep("socket mode", [this] { return socket_mode_->run(); }));
    }
    for (const auto& account : settings_.twilio) {
        text_replies_.push_back(std::make_unique<TextReplies>(context_, doors_.network, twilio_account(settings_, account)));
        tasks_.spawn("answers by text message",
            keep("answers by text message", [replies = text_replies_.back().get()] { return replies->run(); }));
    }
    tasks_.spawn("outbox", keep("outbox", [this] { return sender_.run(); }));
    tasks_.spawn("what keeps messages", keep("what keeps messages", [this] { return mender_.run(); }));
    tasks_.spawn("engine", keep("engine", [this] { return engine_.run(); }));
    tasks_.spawn("people", keep("people", [this] { return roster_.run(); }));
    tasks_.spawn("user groups and topics", keep("user groups and topics", [this] { return followers_.run(); }));
    tasks_.spawn("user groups that are paged", keep("user groups that are paged", [this] { return groups_.run(); }));
    tasks_.spawn("calendars that are read", keep("calendars that are read", [this] { return calendars_.run(); }));
    tasks_.spawn("directories", keep("directories", [this] { return directories_.run(); }));
    tasks_.spawn("absences in shifts", keep("absences in shifts", [this] { return calendars_.tell(); }));
    tasks_.spawn("Home", keep("Home", [this] { return homes_.run(); }));
    tasks_.spawn("auditor", keep("auditor", [this] { return auditor_.run(); }));
    tasks_.spawn("who we are", know_ourselves());
    watch_.started();
    started_ = true;
    co_return made;
}

asio::awaitable<std::map<std::string, std::vector<std::string>>> App::strangers()
{
    std::map<std::string, std::vector<std::string>> found;
    if (!started_)
        co_return found;
    const auto end = doors_.clock.now() + 5s;
    auto known = roster_.strangers();
    while (!known && doors_.clock.now() < end) {
        co_await doors_.clock.pause(100ms);
        known = roster_.strangers();
    }
    const auto places = oncall::people_of(*context_.configuration());
    for (const auto& person : known.value_or(std::vector<std::string>{}))
        if (const auto at = places.find(person); at != places.end())
            found.insert(*at);
    co_return found;
}

asio::awaitable<bool> App::is_configured()
{
    auto look = [](storage::Transaction& tx) { return !storage::Items{tx}.all().empty(); };
    co_return co_await database_.read(look);
}

asio::awaitable<void> App::end()
{
    constexpr auto look = 10ms;
    ending_ = true;
    sender_.rest();
    for (auto left = last_words; under_way() > 0 && left > 0ms; left -= look)
        co_await doors_.clock.pause(look);
    co_await doors_.clock.pause(look); // the last answers reach the wire
    stop();
}

void App::stop()
{
    ending_ = true;
    listener_.reset();
    tasks_.stop();
}

asio::awaitable<net::Response> App::serve(net::Request request)
{
    if (ending_)
        co_return later();
    const doors::Counted counted{context_.answering};
    const auto target = request.target;
    net::Response answer;
    std::exception_ptr failed;
    try {
        auto serving = http_.serve(std::move(request));
        answer = co_await std::move(serving);
    } catch (...) {
        failed = std::current_exception();
    }
    watch_.http_answered(target, failed ? 500 : answer.status);
    if (failed)
        std::rethrow_exception(failed);
    co_return answer;
}

asio::awaitable<slack::Json> App::envelope(slack::Envelope received)
{
    const doors::Counted counted{context_.answering};
    auto payload = slack::read_payload(received.type, received.payload);
    // An event that Slack repeats comes in a new envelope; a click in the same one.
    std::string delivery = "envelope:" + received.id;
    if (const auto* event = std::get_if<slack::Event>(&payload); event && !event->event_id.empty())
        delivery = "event:" + event->event_id;
    auto handled = handlers::from_slack(std::move(payload), std::move(delivery), context_);
    co_return co_await std::move(handled);
}

asio::awaitable<void> App::keep(std::string name, std::function<asio::awaitable<void>()> work)
{
    while (true) {
        std::string trouble;
        try {
            auto running = work();
            co_await std::move(running);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            trouble = error.what();
        }
        doors_.log.error("a part of the service failed; it starts again", {{"part", name}, {"error", trouble}});
        watch_.counted().restarted(name);
        co_await doors_.clock.pause(1s);
    }
}

oncall::SetupFacts App::setup_facts() const
{
    const auto configuration = context_.configuration();
    oncall::SetupFacts facts;
    facts.has_admins = !settings_.admins.empty();
    facts.has_fallback = !settings_.channel.empty();
    facts.has_heartbeat = !settings_.heartbeat_url.get().empty();
    facts.can_wake = std::any_of(context_.ways.begin(), context_.ways.end(), oncall::wakes);
    facts.bot = bot_name_;
    facts.missing_scopes = granted_.missing(*configuration);
    for (const auto& [person, places] : oncall::people_of(*configuration, doors_.clock.now()))
        if (roster_.is_nobody(person))
            facts.strangers.emplace(person, places);
    return facts;
}

asio::awaitable<void> App::know_ourselves()
{
    for (doors::milliseconds rest = 1s; context_.home_team.empty(); rest = std::min<doors::milliseconds>(2 * rest, 30s)) {
        std::string trouble;
        try {
            slack::Json nothing = slack::Json::object();
            const auto us = co_await slack_.call("auth.test", std::move(nothing));
            context_.home_team = slack::text_at(us, {"team_id"});
            context_.bot_user = slack::text_at(us, {"user_id"});
            if (auto name = slack::text_at(us, {"user"}); !name.empty())
                bot_name_ = std::move(name);
        } catch (const slack::Error& error) {
            trouble = error.code();
        }
        if (!context_.home_team.empty()) {
            roster_.look_again();
            co_return;
        }
        doors_.log.warning("Slack does not tell which workspace we are in", {{"error", trouble}});
        co_await doors_.clock.pause(rest);
    }
}
