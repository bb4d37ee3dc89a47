#include "blocks/details.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "oncall/verbs.hpp"

using blocks::AlertView;
using blocks::Json;
using oncall::AlertState;
using oncall::Verb;

namespace {

using Words = std::vector<std::string>;

/// The verb behind a button or a menu, by its action.
std::vector<Verb> verbs(const blocks::Message& message)
{
    std::vector<Verb> out;
    for (const auto& block : message.blocks)
        if (block["type"] == "actions")
            for (const auto& element : block["elements"]) {
                const auto id = element["action_id"].get<std::string>();
                Words said{id.substr(id.find('.') + 1)};
                if (element["type"] == "overflow")
                    for (const auto& option : element["options"])
                        said.push_back(option["value"].get<std::string>());
                for (const auto verb : oncall::all_verbs)
                    for (const auto& one : said)
                        if (one.substr(0, one.find(':')) == name(verb))
                            out.push_back(verb);
            }
    return out;
}

} // namespace

TEST_CASE("A state has its colour, its word, and the buttons that do something in it", "[blocks]")
{
    const auto triggered = card(samples::paging());
    CHECK(triggered.colour == "#E01E5A");
    CHECK(has(shown(triggered), "*Triggered*"));
    CHECK(buttons(triggered) == Words{"Acknowledge", "Escalate", "Resolve", "Snooze", "…", "Page someone …", "Override …"});

    const auto acknowledged = card(samples::answered(AlertState::acknowledged));
    CHECK(acknowledged.colour == "#ECB22E");
    CHECK(has(shown(acknowledged), "*Acknowledged by Ana*"));
    CHECK(buttons(acknowledged) == Words{"Escalate", "Resolve", "Snooze", "…", "Page someone …", "Override …"});

    const auto snoozed = card(samples::answered(AlertState::snoozed));
    CHECK(snoozed.colour == "#36C5F0");
    CHECK(has(shown(snoozed), "*Snoozed until <!date^1793613720^"));
    CHECK(buttons(snoozed) == Words{"Escalate", "Resolve", "…", "Page someone …", "Override …"});

    const auto resolved = card(samples::answered(AlertState::resolved));
    CHECK(resolved.colour == "#2EB67D");
    CHECK(has(shown(resolved), "*Resolved by Ana*"));
    CHECK(buttons(resolved) == Words{"Re-open", "Add a note", "Details"});

    const auto crying = card(samples::exhausted());
    CHECK(has(shown(crying), "Nobody answered"));
    CHECK(buttons(crying) == Words{"Acknowledge", "Resolve", "Snooze", "…", "Page someone …", "Override …"});
}

TEST_CASE("An override is offered where a schedule stands behind the page", "[blocks][overrides]")
{
    auto view = samples::paging();
    view.page->policy.levels = {{{{oncall::TargetKind::team, "payments"}}, std::chrono::minutes{5}, 0}};
    CHECK(buttons(card(view)) == Words{"Acknowledge", "Escalate", "Resolve", "Snooze", "…", "Page someone …"});
}

TEST_CASE("No button is refused by the table of verbs, on a card or in a direct message", "[blocks]")
{
    for (const auto state :
        {AlertState::acknowledged, AlertState::promised, AlertState::snoozed, AlertState::resolved, AlertState::triggered}) {
        auto shown = state == AlertState::triggered ? samples::paging() : samples::answered(state);
        shown.asked = {"U02BO000000"};
        for (const auto& message :
            {card(shown), page(shown, "U01ANA00000"), page(shown, "U02BO000000"), exhausted(shown), blocks::reminder(shown)}) {
            CHECK_FALSE(verbs(message).empty());
            for (const auto verb : verbs(message)) {
                INFO(name(state) << " " << name(verb));
                CHECK(std::holds_alternative<oncall::Effect>(apply(state, verb)));
            }
        }
    }
}

TEST_CASE("An alert without a page offers no level to climb to, and says that nobody is paged", "[blocks]")
{
    auto view = samples::paging();
    view.page.reset();
    view.paged.clear();
    CHECK(buttons(card(view)) == Words{"Acknowledge", "Resolve", "Snooze", "…", "Page someone …"});
    CHECK(has(shown(card(view)), "Nobody is paged"));
    CHECK_FALSE(has(shown(card(view)), "Unmapped"));
    view.alert.service.clear();
    CHECK(has(shown(card(view)), "Unmapped"));
    view.alert.source.clear(); // by hand
    CHECK_FALSE(has(shown(card(view)), "Unmapped"));
}

TEST_CASE("Buttons carry the alert and the version that was shown, snoozes their minutes too", "[blocks]")
{
    const auto message = card(samples::paging());
    const auto& elements = message.blocks.back()["elements"];
    CHECK(elements[0]["value"] == "42:3");
    CHECK(elements[0]["style"] == "primary");
    CHECK(elements[3]["action_id"] == "alert.snooze");
    Words values;
    for (const auto& option : elements[3]["options"])
        values.push_back(option["value"].get<std::string>());
    CHECK(values == Words{"42:3:30", "42:3:60", "42:3:240", "42:3:720", "42:3:1440", "42:3:0"}); // the last opens a form
}

TEST_CASE("Only who is paged right now is mentioned, and only on the card", "[blocks]")
{
    const auto view = samples::paging();
    const auto message = card(view);
    CHECK(has(shown(message), "Paged now: <@U01ANA00000>"));
    CHECK(has(shown(message), "Next: Bo and Chi, <!date^1793610300^"));
    CHECK_FALSE(has(message.text, "<@"));
    CHECK_FALSE(has(shown(message), "<@U02BO000000>"));
    for (const auto state : {AlertState::acknowledged, AlertState::snoozed, AlertState::resolved})
        CHECK_FALSE(has(shown(card(samples::answered(state))), "<@"));
    CHECK_FALSE(has(shown(card(samples::exhausted())), "<@"));
    CHECK_FALSE(has(shown(page(view, "U01ANA00000")), "<@"));
    CHECK_FALSE(has(shown(blocks::exhausted(samples::exhausted())), "<@"));
    CHECK_FALSE(has(shown(blocks::history({{1, {42}, {}, "U01ANA00000", "", "called <@U02BO000000|bo>"}})), "<@"));

    auto by_mail = view;
    by_mail.paged = {"ana@example.com"};
    CHECK(has(shown(card(by_mail)), "Paged now: ana@example.com"));
}

TEST_CASE("The lock screen tells the whole page in one line", "[blocks]")
{
    auto view = samples::paging();
    CHECK(page(view, "U01ANA00000").text
        == "🚨 Page #42 · critical · checkout: Checkout is down (payments) - you are on call by schedule payments. Acknowledge in "
           "Slack.");
    view.alert.title = std::string(400, 'x') + "\n" + std::string(400, 'y');
    const auto text = page(view, "U01ANA00000").text;
    CHECK(text.size() < 300);
    CHECK_FALSE(has(text, "\n"));
    CHECK(has(text, "Acknowledge in Slack."));
}

TEST_CASE("A page that was answered says by whom, and has no button that means nothing any more", "[blocks]")
{
    const auto acknowledged = page(samples::answered(AlertState::acknowledged), "U02BO000000");
    CHECK(has(acknowledged.text, "Acknowledged by Ana"));
    CHECK(has(shown(acknowledged), "Acknowledged by Ana"));
    CHECK(buttons(acknowledged) == Words{"Escalate", "Resolve", "Snooze", "…", "Page someone …", "Override …"});
    CHECK(buttons(page(samples::answered(AlertState::resolved), "U02BO000000")) == Words{"Re-open", "Add a note", "Details"});
    CHECK_FALSE(has(acknowledged.text, "yours"));
    CHECK(has(page(samples::answered(AlertState::acknowledged), "U01ANA00000").text, "yours"));
    auto by_source = samples::answered(AlertState::resolved);
    by_source.alert.answered_by.clear();
    CHECK(has(page(by_source, "U02BO000000").text, "Resolved by its source"));
}

TEST_CASE("What a card said before an answer is struck through, for whoever was paged as well", "[blocks][calm]")
{
    auto view = samples::answered(AlertState::acknowledged);
    view.paged.push_back("chi@example.com");
    view.alert.answered_by = "U02BO000000";
    CHECK(has(shown(card(view)), "🟡 ~Paging Ana and Chi~ *Acknowledged by Bo*"));
    CHECK(has(shown(page(view, "U01ANA00000")), "~Paging you~ *Acknowledged by Bo*"));
    CHECK(has(shown(page(view, "U02BO000000")), "~Paging Ana and Chi~ *Acknowledged by Bo*"));
    for (const auto state : {AlertState::promised, AlertState::snoozed, AlertState::resolved})
        CHECK(has(shown(card(samples::answered(state))), "~Paging Ana~ *"));
    CHECK_FALSE(has(shown(card(samples::paging())), "~"));
    view.paged.clear();
    CHECK_FALSE(has(shown(card(view)), "~"));
    auto cried = samples::exhausted();
    cried.alert = view.alert;
    CHECK(has(shown(blocks::exhausted(cried)), "~Nobody answered~ *Acknowledged by Bo*"));
}

TEST_CASE("Whoever was paged at an earlier level reads of herself when another has answered", "[blocks][calm]")
{
    auto view = samples::answered(AlertState::acknowledged);
    view.paged = {"U02BO000000"};
    view.attempts.clear();
    CHECK_FALSE(has(shown(page(view, "U01ANA00000")), "Paging you"));
    oncall::Notification hers;
    hers.person = "U01ANA00000";
    view.attempts.push_back(hers);
    CHECK(has(shown(page(view, "U01ANA00000")), "~Paging you~"));
}

TEST_CASE("What is over folds: what it was, who ended it and after how long; the details are behind a button", "[blocks][calm]")
{
    auto view = samples::answered(AlertState::resolved);
    view.alert.answered_at = samples::start + std::chrono::minutes{72} + std::chrono::seconds{9};
    for (const auto& message : {card(view), page(view, "U01ANA00000")}) {
        CHECK(has(shown(message), "*Resolved by Ana* after 1h12m · #42 · critical · service checkout"));
        CHECK(message.blocks.size() == 3); // title, line, buttons
        CHECK_FALSE(has(shown(message), "No successful payment"));
        CHECK(buttons(message) == Words{"Re-open", "Add a note", "Details"});
    }
    view.unanswered = true;
    CHECK(has(shown(card(view)), "nobody had answered")); // never lost for calm
    const auto all = details(view);
    CHECK(has(shown(all), "No successful payment"));
    CHECK(has(shown(all), "region: eu-1"));
    CHECK_FALSE(has(shown(details(samples::paging())), "<@"));
    std::vector<oncall::TimelineEntry> story(12);
    story[3].text = "too long ago";
    story.back().text = "noted: don't fail over";
    const auto told = shown(details(view, story));
    CHECK(has(told, "4 earlier lines: `/oncall timeline 42`"));
    CHECK(has(told, "noted: don't fail over"));
    CHECK_FALSE(has(told, "too long ago"));
}

TEST_CASE("A card shows nothing that says nothing", "[blocks][calm]")
{
    auto view = samples::paging();
    view.alert.labels = {{"env", "prod"}, {"zone", ""}, {"rack", " \n"}};
    CHECK(has(shown(card(view)), "env: prod"));
    CHECK_FALSE(has(shown(card(view)), "zone"));
    CHECK_FALSE(has(shown(card(view)), "rack"));
    blocks::AlertView bare;
    bare.alert.id = {7};
    bare.alert.title = "Disk is full";
    bare.alert.source = "scripts";
    for (const auto* empty : {"none", "–", "service", "team", "Since", "Next", "level"})
        CHECK_FALSE(has(shown(card(bare)).substr(0, shown(card(bare)).find("Unmapped")), empty));
}

TEST_CASE("However many are paged, one line of the card mentions them", "[blocks][calm]")
{
    auto view = samples::paging();
    view.paged = {"U01ANA00000", "U02BO000000", "U03CHI00000"};
    const auto text = shown(card(view));
    CHECK(has(text, "Paged now: <@U01ANA00000>, <@U02BO000000> and <@U03CHI00000>"));
    const auto first = text.find("<@");
    CHECK(text.find('\n', first) > text.rfind("<@")); // all on that line
}

TEST_CASE("Only http and https addresses with an honest host become links", "[blocks]")
{
    struct Case {
        std::string href{};
        std::string shown{};
    };
    const auto one = GENERATE(values<Case>({
        {"https://a.example.com/x?y=1&z=2#f", "<https://a.example.com/x?y=1&amp;z=2#f|Graph (a.example.com)>"},
        {"HTTP://a.example.com:8080", "<http://a.example.com:8080|Graph (a.example.com)>"},
        {"https://[2001:db8::1]:443/x", "<https://[2001:db8::1]:443/x|Graph ([2001:db8::1])>"},
        {"https://a.example.com/a|b>c<d e", "<https://a.example.com/a%7Cb%3Ec%3Cd%20e|Graph (a.example.com)>"},
        {"https://a.example.com/ü", "<https://a.example.com/%C3%BC|Graph (a.example.com)>"},
        {"https://good.example.com@evil.example.com/", ""},
        {"https://ехаmple.com/", ""},
        {"https://", ""},
        {"https:///path", ""},
        {"https://a.example.com:port/", ""},
        {"https://[::1", ""},
        {"javascript://a.example.com/%0Aalert(1)", ""},
        {"ftp://a.example.com/", ""},
        {"//a.example.com/", ""},
        {"", ""},
        {"https://a.example.com/" + std::string(4'000, 'x'), ""},
    }));
    auto view = samples::paging();
    view.runbook.clear();
    view.alert.links = {{one.href, "Graph"}};
    const auto text = shown(card(view));
    INFO(one.href);
    CHECK(has(text, "|Graph") == !one.shown.empty());
    CHECK(has(text, one.shown));
}

TEST_CASE("The title is a link where the source gave a safe https address", "[blocks]")
{
    auto view = samples::paging();
    view.alert.links = {{"http://plain.example.com/", ""}, {"javascript:x", ""}, {"https://safe.example.com/", ""}};
    CHECK(has(shown(card(view)), "*<https://safe.example.com/|Checkout is down>*"));
    view.alert.links.clear();
    CHECK(has(shown(card(view)), "*Checkout is down*"));
}

TEST_CASE("Fields that say nothing are left out", "[blocks]")
{
    AlertView bare;
    bare.alert.id = {1};
    bare.alert.title = "Hello";
    const auto text = shown(card(bare));
    for (const auto* word : {"service", "team", "urgency", "Since", "reported", "Runbook", "Next", "Paged"})
        CHECK_FALSE(has(text, word));
    CHECK(unsound(card(bare)) == Words{});
    bare.alert.title = " \u200B\u00A0 ";
    CHECK(has(shown(card(bare)), "*(no title)*"));
}

TEST_CASE("Of many labels ten are shown and the rest counted", "[blocks]")
{
    auto view = samples::paging();
    view.alert.labels.clear();
    for (int i = 100; i < 300; ++i)
        view.alert.labels["label" + std::to_string(i)] = "value";
    const auto text = shown(card(view));
    CHECK(has(text, "label109: value\n+190 more"));
    CHECK_FALSE(has(text, "label110"));
}

TEST_CASE("A long history keeps its newest lines and says how many are left out", "[blocks]")
{
    std::vector<oncall::TimelineEntry> entries;
    for (int i = 0; i < 100; ++i)
        entries.push_back({i, {42}, samples::start, "", "the policy", "line " + std::to_string(i) + "."});
    const auto message = blocks::history(entries);
    CHECK(unsound(message) == Words{});
    CHECK(has(shown(message), "70 earlier lines are left out"));
    CHECK(has(shown(message), "line 99."));
    CHECK_FALSE(has(shown(message), "line 69."));
}

TEST_CASE("Status counts all, shows at most twenty, the newest first, and says when Slack is not reached", "[blocks]")
{
    std::vector<AlertView> open;
    for (int i = 1; i <= 25; ++i) {
        open.push_back(samples::paging());
        open.back().alert.id = {i};
    }
    const auto message = blocks::status(open, samples::start, true, {}, 3);
    CHECK(unsound(message) == Words{});
    const auto text = shown(message);
    CHECK(has(text, "28 open alerts"));
    CHECK(text.find("*#25*") < text.find("*#24*"));
    CHECK(has(text, "*#6*"));
    CHECK_FALSE(has(text, "*#5*"));
    CHECK(has(text, "and 8 more"));
    CHECK_FALSE(has(text, "connection to Slack is down"));
    CHECK(has(shown(blocks::status(open, samples::start, false)), "connection to Slack is down"));
}

TEST_CASE("Many schedules are shown within the limits and the rest counted", "[blocks]")
{
    std::vector<blocks::OnCallLine> lines(200);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        lines[i].schedule = "schedule-" + std::to_string(i);
        lines[i].on_call.people = std::vector<std::string>(30, "somebody-with-a-long-name@example.com");
        lines[i].on_call.until = samples::start;
    }
    const auto message = blocks::who(lines, samples::start);
    CHECK(unsound(message) == Words{});
    CHECK(has(message.text, "schedule-0: "));
    CHECK(buttons(message) == Words{"Page someone", "How I am reached"});
}
