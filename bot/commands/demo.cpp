#include "app.hpp"
#include "commands/commands.hpp"
#include "config/oncall_yaml.hpp"
#include "workspace/workspace.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace commands {

namespace {

using namespace std::chrono_literals;

/// The sample configuration, compiled in so that the demo needs no file.
constexpr std::string_view sample =
#include "sample.inc"
    ;

constexpr doors::TimePoint demo_begins{doors::milliseconds{1'793'674'800'000}}; // Tuesday 2026-11-03, 03:00 UTC

struct Folder {
    std::filesystem::path path{};
    Folder()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "oncall-demo-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error{"cannot make a folder in " + std::filesystem::temp_directory_path().string()};
        path = pattern;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

/// Everybody's mailbox.
class Mailboxes final : public notify::Mailer {
public:
    std::string name() const override { return "mail"; }
    asio::awaitable<notify::Outcome> send(notify::Email email) override
    {
        received.push_back(std::move(email));
        co_return notify::Outcome{};
    }
    asio::awaitable<notify::Outcome> verify() override { co_return notify::Outcome{}; }
    std::vector<notify::Email> received{};
};

/// The bot and the strict workspace on loopback, on one loop and one clock, which the story moves.
class Story {
public:
    explicit Story(oncall::Configuration configuration)
        : network_{net::internet(loop_.get_executor())}
        , thread_{doors::system_thread()}
        , slack_{{*network_, clock_, random_, tasks_}, "127.0.0.1:0"}
        , app_{settings(), std::move(configuration),
              {loop_.get_executor(), *network_, clock_, random_, *thread_, *log_, {&mailboxes_}}}
    {
    }

    bool tell();
    void keep_going();

private:
    config::Settings settings()
    {
        for (const std::string name : {"ana", "bo", "chi", "cto"})
            slack_.add_person(name, name + "@example.com");
        slack_.add_channel("payments-alerts", {.members = {"ana", "bo", "chi"}, .bot = true});
        slack_.add_channel("war-room", {.members = {"cto"}, .bot = true});
        slack_.add_channel("ops", {.members = {"ana", "cto"}, .bot = true});
        config::Settings settings;
        settings.slack_bot_token = config::Secret{slack_.bot_token()};
        settings.slack_app_token = config::Secret{slack_.app_token()};
        settings.slack_api_url = slack_.api_url();
        settings.database = (folder_.path / "oncall.db").string();
        settings.listen = "127.0.0.1:0";
        settings.channel = "#ops";
        settings.public_url = "https://oncall.example.com";
        return settings;
    }

    std::string time() const { return oncall::iso(clock_.now(), "UTC").substr(11, 5); }
    void say(const std::string& text) { std::cout << text << "\n" << std::flush; }
    void happens(const std::string& text) { say("\n" + time() + "  " + text); }
    void screen(const std::string& title, const std::string& content)
    {
        say("       ┌ " + title);
        std::istringstream lines{content};
        for (std::string line; std::getline(lines, line);)
            say("       │ " + line);
    }

    template <class Condition> void wait(const std::string& what, Condition condition)
    {
        for (const auto end = std::chrono::steady_clock::now() + 20s; !condition();) {
            if (std::chrono::steady_clock::now() > end)
                throw std::runtime_error{"the story got stuck waiting for: " + what + "\n" + slack_.story()};
            loop_.run_one_for(20ms);
        }
    }
    /// What the database was asked is answered, and what is asked for that, however busy this machine is.
    void settle()
    {
        loop_.run_for(5ms);
        for (int again = 0; again < 5; ++again) {
            bool answered = false;
            auto nothing = [](storage::Transaction&) {};
            asio::co_spawn(loop_, app_.database().read(nothing), [&](std::exception_ptr) { answered = true; });
            wait("the database", [&] { return answered; });
        }
    }
    void pass(doors::milliseconds time)
    {
        // Everybody who waits on the way is woken at their minute.
        for (const auto end = clock_.now() + time; clock_.now() < end;) {
            settle();
            clock_.set(std::min(std::max(clock_.next_due(), clock_.now()), end));
        }
        settle();
    }
    net::Response post(const std::string& body);
    workspace::Message page_of(const std::string& name, std::size_t nth)
    {
        auto& person = slack_.person(name);
        wait("a page for " + name, [&] { return person.dms().size() >= nth; });
        return person.dms().at(nth - 1);
    }

    Folder folder_{};
    std::unique_ptr<logging::Log> log_{logging::to_stderr(logging::Format::text, logging::Level::error)};
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
    doors::ManualClock clock_{demo_begins};
    doors::SystemRandom random_{};
    doors::Tasks tasks_{loop_.get_executor(), *log_};
    std::unique_ptr<net::Network> network_;
    std::unique_ptr<doors::Worker> thread_;
    Mailboxes mailboxes_{};
    workspace::Workspace slack_;
    App app_;
};

net::Response Story::post(const std::string& body)
{
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    std::optional<net::Response> answer;
    std::exception_ptr failed;
    const auto url = "http://127.0.0.1:" + std::to_string(app_.port()) + "/hooks/demo-scripts-key";
    asio::co_spawn(loop_, network_->fetch(url, std::move(request), {}), [&](std::exception_ptr error, net::Response got) {
        failed = error;
        answer = std::move(got);
    });
    wait("the alert's answer", [&] { return answer.has_value(); });
    if (failed)
        std::rethrow_exception(failed);
    return *answer;
}

bool Story::tell()
{
    say("A page, from alert to answer. A strict stand-in for Slack and the bot run on this machine; the clock is made to hurry. "
        "Times are UTC.");
    std::exception_ptr failed;
    bool started = false;
    asio::co_spawn(loop_, app_.start(), [&](std::exception_ptr error, const auto&) {
        failed = error;
        started = true;
    });
    wait("the start", [&] { return started; });
    if (failed)
        std::rethrow_exception(failed);
    wait("Slack's hello", [&] { return app_.slack_health().links_up == 2; });
    loop_.run_for(50ms);
    happens(
        "Everybody sleeps. Ana is on call for payments: level 1 of the policy. After her comes the whole team, then the CTO.");

    happens("Monitoring reports that the checkout is down.");
    const auto answer =
        post(R"({"title":"Checkout is down","severity":"critical","service":"checkout","dedup_key":"checkout-down",)"
             R"("description":"500s on /pay since 02:58","labels":{"region":"eu-1"}})");
    say("       It is on disk before the sender is told so: " + std::to_string(answer.status) + " "
        + answer.body.substr(0, answer.body.find('\n')));
    const auto first_alert_at = clock_.now();
    const auto first = page_of("ana", 1);
    screen("Ana's lock screen", slack_.push(first));
    wait("a mail for Ana", [&] { return !mailboxes_.received.empty(); });
    const auto& mail = mailboxes_.received.front();
    const auto why = mail.text.substr(mail.text.find("Why you:"));
    screen("Ana's mailbox, at the same time",
        mail.subject + "\n" + why.substr(0, why.find('\n')) + "\n[Acknowledge] [Not me] [Resolve]");
    auto& channel = slack_.channel("payments-alerts");
    wait("the card", [&] { return !channel.messages().empty(); });
    screen("#payments-alerts", slack_.plain(channel.last()));

    pass(5min);
    page_of("ana", 2);
    happens("Nobody answers. Ana is paged once more, as the policy says.");
    pass(5min);
    const auto bo_page = page_of("bo", 1);
    page_of("chi", 1);
    happens("Still nobody. The page climbs: the whole team is paged.");
    screen("Bo's lock screen", slack_.push(bo_page));

    pass(1min);
    happens("Bo presses Acknowledge.");
    const auto press = slack_.person("bo").click(bo_page, "Acknowledge");
    const auto acknowledged_at = clock_.now();
    wait("the answer", [&] { return !press.pending(); });
    wait("the card to follow", [&] { return slack_.plain(channel.last()).find("Acknowledged") != std::string::npos; });
    screen("#payments-alerts", slack_.plain(channel.last()));
    pass(10s);
    wait("Ana's messages to follow", [&] { return slack_.plain(slack_.now(first)).find("[Acknowledge]") == std::string::npos; });
    screen("Ana's direct message says so too", slack_.plain(slack_.now(first)));

    pass(4min);
    happens("Ana wakes up, and presses Escalate on the page of 03:00, which her phone still shows as it was.");
    slack_.person("ana").click_as_seen(first, "Escalate");
    pass(1s);
    wait("words for Ana", [&] { return !slack_.person("ana").ephemerals().empty(); });
    screen("Only Ana sees", slack_.plain(slack_.person("ana").last_ephemeral()));

    pass(11min);
    happens("Bo has mended it: /oncall resolve 1");
    slack_.person("bo").command("/oncall", "resolve 1", "#payments-alerts");
    const auto resolved_at = clock_.now();
    wait("the end", [&] { return slack_.plain(channel.last()).find("Resolved") != std::string::npos; });
    pass(10s);
    wait("the thread", [&] {
        const auto thread = channel.thread(channel.last());
        return !thread.empty() && slack_.plain(thread.back()).find("resolved") != std::string::npos;
    });
    std::string history;
    for (const auto& line : channel.thread(channel.last()))
        history += slack_.plain(line) + "\n";
    screen("The thread under the card keeps the history", history);

    const auto minutes = [](auto from, auto to) {
        return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(to - from).count()) + " min";
    };
    say("\nWho was reached, when, and how it was answered");
    for (const std::string name : {"ana", "bo", "chi", "cto"}) {
        std::string times;
        for (const auto& page : slack_.person(name).dms())
            if (!page.ephemeral)
                times += (times.empty() ? "" : ", ") + oncall::iso(page.posted, "UTC").substr(11, 5);
        say("  " + name + std::string(6 - name.size(), ' ')
            + (times.empty() ? "was not disturbed" : "paged by Slack and e-mail at " + times));
    }
    say("  Acknowledged by Bo with a button, " + minutes(first_alert_at, acknowledged_at)
        + " after the alert; resolved by Bo with /oncall, " + minutes(first_alert_at, resolved_at) + " after it.");
    const bool clean = slack_.violations().empty() && slack_.broadcasts().empty() && slack_.person("cto").dms().empty();
    say(clean ? "  Slack had nothing to complain about.\n" : "  Slack complained: see the log.\n");
    for (const auto& violation : slack_.violations())
        say("  " + violation);
    return clean;
}

void Story::keep_going()
{
    const auto url = "http://127.0.0.1:" + std::to_string(app_.port()) + "/hooks/demo-scripts-key";
    say("The bot goes on running. Send it an alert of your own, and see below what people would see:\n\n  curl -d "
        "'{\"title\":\"The disk is full\"}' "
        + url + "\n\nCtrl-C ends it.\n");
    bool ended = false;
    asio::signal_set signals{loop_, SIGINT, SIGTERM};
    signals.async_wait([&](boost::system::error_code, int) { ended = true; });
    auto printed = slack_.log().size();
    auto last = std::chrono::steady_clock::now();
    while (!ended) {
        loop_.run_one_for(100ms);
        const auto now = std::chrono::steady_clock::now();
        clock_.advance(std::chrono::duration_cast<doors::milliseconds>(now - last));
        last = now;
        for (; printed < slack_.log().size(); ++printed)
            say(time() + "  " + slack_.log()[printed].who + ": " + slack_.log()[printed].text);
    }
}

} // namespace

int demo(bool once)
{
    auto parsed = config::parse(sample, [](const std::string&) { return std::optional<std::string>{}; });
    for (const auto& problem : parsed.problems)
        throw std::runtime_error{config::describe("the sample configuration", problem)};
    Story story{std::move(parsed.configuration)};
    const bool well = story.tell();
    if (!once)
        story.keep_going();
    return well ? 0 : 1;
}

} // namespace commands
