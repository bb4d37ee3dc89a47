#include "commands/stage.hpp"

#include "net/url.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>

namespace commands {

using namespace std::chrono_literals;

StageFolder::StageFolder()
{
    auto pattern = (std::filesystem::temp_directory_path() / "oncall-demo-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error{"cannot make a folder in " + std::filesystem::temp_directory_path().string()};
    path = pattern;
}

StageFolder::~StageFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

asio::awaitable<net::Response> Indoors::fetch(std::string url, net::Request request, net::FetchLimits limits)
{
    const auto where = net::url_in(url);
    if (where.loopback()) {
        auto fetching = machine_.fetch(std::move(url), std::move(request), limits);
        co_return co_await std::move(fetching);
    }
    if (request.method != "POST")
        throw net::Failure{"the demo asks nobody outside of this machine", false};
    posted_(where.host);
    net::Response taken;
    taken.status = 200;
    taken.body = "{}";
    co_return taken;
}

asio::awaitable<std::unique_ptr<net::Link>> Indoors::connect(std::string url)
{
    if (!net::url_in(url).loopback())
        throw net::Failure{"the demo asks nobody outside of this machine", false};
    return machine_.connect(std::move(url));
}

std::unique_ptr<net::Listener> Indoors::listen(std::string address, net::Service service)
{
    return machine_.listen(std::move(address), std::move(service));
}

namespace {

/// As the app's manifest has it.
workspace::Settings as_installed()
{
    workspace::Settings settings;
    settings.events = {"app_home_opened"};
    return settings;
}

} // namespace

Stage::Stage(oncall::Configuration configuration, const Cast& cast, doors::TimePoint begins)
    : clock_{begins}
    , machine_{net::internet(loop_.get_executor())}
    , network_{*machine_, [this](const std::string& host) { posted_.emplace_back(clock_.now(), host); }}
    , thread_{doors::system_thread()}
    , slack_{{network_, clock_, random_, tasks_}, "127.0.0.1:0", as_installed()}
{
    std::signal(SIGPIPE, SIG_IGN); // whoever read is gone: say() sees that
    // Under nohup it stays.
    if (std::signal(SIGHUP, SIG_IGN) != SIG_IGN)
        signals_.add(SIGHUP);
    signals_.async_wait([this](boost::system::error_code error, int signal) {
        if (error)
            return;
        ended_ = signal;
        signals_.clear(); // the next one does what it does elsewhere
    });
    auto settings = furnished(cast);
    const App::Doors parts{loop_.get_executor(), network_, clock_, random_, *thread_, *log_, {&mailboxes_}, {}, painter_.get()};
    app_ = std::make_unique<App>(std::move(settings), std::move(configuration), parts);
}

config::Settings Stage::furnished(const Cast& cast)
{
    for (const auto& person : cast.people) {
        workspace::PersonOptions options;
        options.id = person.id;
        options.real_name = person.real_name;
        slack_.add_person(person.name, person.email, person.time_zone, std::move(options));
    }
    for (const auto& room : cast.rooms) {
        workspace::ChannelOptions options;
        options.id = room.id;
        options.members = room.members;
        options.bot = true;
        slack_.add_channel(room.name, std::move(options));
    }
    for (const auto& group : cast.groups)
        slack_.add_user_group(group.handle, group.members, group.id);
    config::Settings settings;
    settings.slack_bot_token = config::Secret{slack_.bot_token()};
    settings.slack_app_token = config::Secret{slack_.app_token()};
    settings.slack_api_url = slack_.api_url();
    settings.database = (folder_.path / "oncall.db").string();
    settings.listen = "127.0.0.1:0";
    settings.channel = cast.fallback;
    settings.public_url = "https://oncall.example.com";
    // Whoever plays with it breaks the same thing again and again, and wants to see it page each time.
    settings.recurrence = {.reopen_within = {}, .flapping_from = 0};
    return settings;
}

std::string Stage::address(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(app_->port()) + path; }

void Stage::say(const std::string& text)
{
    std::cout << text << "\n" << std::flush;
    if (!std::cout && !ended_)
        ended_ = SIGPIPE;
}

void Stage::start()
{
    std::exception_ptr failed;
    bool started = false;
    asio::co_spawn(loop_, app_->start(), [&](std::exception_ptr error, const auto&) {
        failed = error;
        started = true;
    });
    wait("the start", [&] { return started; });
    if (failed)
        std::rethrow_exception(failed);
    wait("Slack's hello", [&] { return app_->slack_health().links_up == 2; });
    loop_.run_for(50ms);
}

void Stage::wait(const std::string& what, const std::function<bool()>& condition)
{
    for (const auto end = std::chrono::steady_clock::now() + 20s; !condition();) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error{"the demo got stuck waiting for: " + what + "\n" + slack_.story()};
        loop_.run_one_for(20ms);
    }
    // Not before: what was asked refers to whoever waits.
    if (ended_)
        throw Interrupted{ended_};
}

void Stage::settle()
{
    loop_.run_for(5ms);
    for (int again = 0; again < 5; ++again) {
        bool answered = false;
        auto nothing = [](storage::Transaction&) {};
        asio::co_spawn(loop_, app_->database().read(nothing), [&](std::exception_ptr) { answered = true; });
        wait("the database", [&] { return answered; });
    }
}

void Stage::pass(doors::milliseconds time)
{
    for (const auto end = clock_.now() + time; clock_.now() < end;) {
        settle();
        clock_.set(std::min(std::max(clock_.next_due(), clock_.now()), end));
    }
    settle();
}

namespace {

net::Request posting(const std::string& body)
{
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    return request;
}

} // namespace

net::Response Stage::post(const std::string& path, const std::string& body)
{
    std::optional<net::Response> answer;
    std::exception_ptr failed;
    asio::co_spawn(loop_, network_.fetch(address(path), posting(body), {}), [&](std::exception_ptr error, net::Response got) {
        failed = error;
        answer = std::move(got);
    });
    wait("the alert's answer", [&] { return answer.has_value(); });
    if (failed)
        std::rethrow_exception(failed);
    return *answer;
}

void Stage::send(const std::string& path, const std::string& body)
{
    asio::co_spawn(loop_, network_.fetch(address(path), posting(body), {}), [](std::exception_ptr, const net::Response&) {});
}

workspace::Face& Stage::show(int speed)
{
    face_ = std::make_unique<workspace::Face>(slack_);
    face_->add_global_shortcut("page_global", "Page someone");
    face_->add_shortcut("page_from_message", "Page about this");
    face_->add_shortcut("note_from_message", "Add to timeline");
    face_->let_choose_speed(speed);
    printed_ = slack_.log().size();
    return *face_;
}

bool Stage::live(const std::function<bool()>& done)
try {
    // However long a slice took, no more is made up for: the clock may be slower than it was told, but never runs away.
    constexpr doors::milliseconds longest_slice{50}, longest_second{1000};
    auto last = std::chrono::steady_clock::now();
    auto calm_until = last;
    while (!ended_ && !done()) {
        loop_.run_one_for(20ms);
        const auto passed = std::chrono::duration_cast<doors::milliseconds>(std::chrono::steady_clock::now() - last);
        last += passed;
        // What somebody did just now is answered as in life: three seconds are three seconds.
        if (face_->is_waiting())
            calm_until = last + 1s;
        const int speed = last < calm_until ? 1 : face_->speed();
        if (speed == 1)
            clock_.advance(std::min(passed, longest_second));
        else if (speed > 1)
            pass(std::min(passed, longest_slice) * speed);
        for (; printed_ < slack_.log().size(); ++printed_)
            say(time() + "  " + slack_.log()[printed_].who + ": " + slack_.log()[printed_].text);
    }
    return !ended_;
} catch (const Interrupted&) {
    return false;
}

} // namespace commands
