#include "commands/commands.hpp"
#include "commands/replay.hpp"
#include "commands/stage.hpp"

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
constexpr const char* scripts_hook = "/hooks/demo-scripts-key";

Cast sample_cast()
{
    Cast cast;
    for (const std::string name : {"ana", "bo", "chi", "cto"}) {
        Cast::Someone someone;
        someone.name = name;
        someone.email = name + "@example.com";
        someone.time_zone = "Europe/Berlin";
        cast.people.push_back(std::move(someone));
    }
    const auto add = [&](const char* name, std::vector<std::string> members) {
        Cast::Room room;
        room.name = name;
        room.members = std::move(members);
        cast.rooms.push_back(std::move(room));
    };
    add("payments-alerts", {"ana", "bo", "chi"});
    add("war-room", {"cto"});
    add("ops", {"ana", "cto"});
    cast.fallback = "#ops";
    return cast;
}

class Story {
public:
    explicit Story(oncall::Configuration configuration)
        : stage_{std::move(configuration), sample_cast(), demo_begins}
    {
    }

    bool tell();
    void keep_going();

private:
    void say(const std::string& text) { stage_.say(text); }
    void happens(const std::string& text) { say("\n" + stage_.time() + "  " + text); }
    void screen(const std::string& title, const std::string& content)
    {
        say("       ┌ " + title);
        std::istringstream lines{content};
        for (std::string line; std::getline(lines, line);)
            say("       │ " + line);
    }
    void wait(const std::string& what, const std::function<bool()>& condition) { stage_.wait(what, condition); }
    void pass(doors::milliseconds time) { stage_.pass(time); }
    workspace::Message page_of(const std::string& name, std::size_t nth)
    {
        auto& person = slack_.person(name);
        wait("a page for " + name, [&] { return person.dms().size() >= nth; });
        return person.dms().at(nth - 1);
    }

    Stage stage_;
    doors::ManualClock& clock_{stage_.clock()};
    workspace::Workspace& slack_{stage_.slack()};
    const Mailboxes& mailboxes_{stage_.mailboxes()};
};

bool Story::tell()
{
    say("A page, from alert to answer. A strict stand-in for Slack and the bot run on this machine; the clock is made to hurry. "
        "Times are UTC.");
    stage_.start();
    happens(
        "Everybody sleeps. Ana is on call for payments: level 1 of the policy. After her comes the whole team, then the CTO.");

    happens("Monitoring reports that the checkout is down.");
    const auto answer = stage_.post(scripts_hook,
        R"({"title":"Checkout is down","severity":"critical","service":"checkout","dedup_key":"checkout-down",)"
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
    auto& face = stage_.show(1);
    const auto lever = [&](const char* label, const char* body) {
        face.add_lever(label, [this, body] { stage_.send(scripts_hook, body); });
    };
    lever("The checkout goes down",
        R"({"title":"Checkout is down","severity":"critical","service":"checkout","dedup_key":"checkout-down",)"
        R"("description":"500s on /pay","labels":{"region":"eu-1"}})");
    lever("It recovers", R"({"status":"resolved","dedup_key":"checkout-down"})");
    lever(
        "The ledger is slow", R"({"title":"Ledger is slow","severity":"warning","service":"ledger","dedup_key":"ledger-slow"})");
    say("The bot goes on running. Look at its Slack, and click through it, for several people side by side:\n\n  " + face.url()
        + "\n\nOr send it an alert of your own, and see below what people would see:\n\n  curl -d "
          "'{\"title\":\"The disk is full\"}' "
        + stage_.address(scripts_hook) + "\n\nCtrl-C ends it.\n");
    stage_.live([] { return false; });
}

} // namespace

int demo(const DemoFlags& flags)
try {
    if (flags.from)
        return replay(*flags.from, flags.once);
    auto parsed = config::parse(sample, [](const std::string&) { return std::optional<std::string>{}; });
    for (const auto& problem : parsed.problems)
        throw std::runtime_error{config::describe("the sample configuration", problem)};
    Story story{std::move(parsed.configuration)};
    const bool well = story.tell();
    if (!flags.once)
        story.keep_going();
    return well ? 0 : 1;
} catch (const Interrupted& end) {
    return 128 + end.signal;
}

} // namespace commands
