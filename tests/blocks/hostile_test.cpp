#include "blocks/kit.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"

#include <rapidcheck.h>

using blocks::AlertView;
using oncall::AlertState;

namespace {

/// Bytes, and what people have tried on pagers: tokens, markup, controls, text that turns, half characters, heaps of it.
rc::Gen<std::string> hostile()
{
    static const std::vector<std::string> pieces{"<!channel>", "<!here|x>", "<@U1>", "<@U012AB3CD>", "<#C1>", "<!subteam^S1>",
        "<!date^1^{time}|x>", "<!date^1793610000^<!channel>|", "<https://evil.example.com|click>",
        "https://a.example.com/?a=<b>|c", "<", ">", "|", "&", "&amp", "&lt;", ";", "`", "```", "*", "_", "~", "\n", "\r\n", "\t",
        " ", "\u2028", "\u200B", "\u00A0", "\uFEFF", "\u202E", "\u2066", "\u2069", "\u200F", "\u061C", "😀", "👩‍🚒",
        "e\u0301", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F", "\xED\xA0\x80", "\xC2\x85", std::string(1, '\0'), "\x1B[0m",
        "U012AB3CD", "@channel", "javascript:x", "ü", "日本", "word"};
    const auto piece = rc::gen::oneOf(rc::gen::elementOf(pieces), rc::gen::arbitrary<std::string>());
    const auto mixed = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const std::vector<std::string>& all) {
        std::string text;
        for (const auto& one : all)
            text += one;
        return text;
    });
    const auto huge = rc::gen::map(rc::gen::pair(piece, rc::gen::inRange(0, 6'000)), [](const std::pair<std::string, int>& heap) {
        std::string text;
        for (int i = 0; i < heap.second && text.size() < 50'000; ++i)
            text += heap.first;
        return text;
    });
    return rc::gen::weightedOneOf<std::string>({{6, mixed}, {1, huge}});
}

rc::Gen<std::vector<std::string>> crowd() { return rc::gen::resize(12, rc::gen::container<std::vector<std::string>>(hostile())); }

oncall::TimePoint any_time()
{
    return oncall::TimePoint{std::chrono::milliseconds{
        *rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000))}};
}

blocks::Names any_names()
{
    blocks::Names names{{"U012AB3CD", *hostile()}};
    for (const auto& person : *crowd())
        names[person] = *hostile();
    return names;
}

AlertView any_alert()
{
    AlertView shown;
    auto& alert = shown.alert;
    alert.id = {*rc::gen::arbitrary<std::int64_t>()};
    alert.version = *rc::gen::arbitrary<std::int64_t>();
    alert.state = *rc::gen::element(AlertState::triggered, AlertState::acknowledged, AlertState::snoozed, AlertState::resolved);
    alert.urgency = *rc::gen::element(oncall::Urgency::high, oncall::Urgency::low);
    for (auto* text : {&alert.source, &alert.title, &alert.description, &alert.severity, &alert.service, &alert.team,
             &alert.because, &alert.answered_by, &shown.runbook, &shown.schedule_note})
        *text = *hostile();
    const auto labels = *rc::gen::element(0, 3, 200);
    const auto label = *hostile(), value = *hostile();
    for (int i = 0; i < labels; ++i)
        alert.labels[std::to_string(i) + label] = value;
    for (const auto& text : *crowd())
        alert.links.push_back(
            {*rc::gen::element<std::string>("", "https://a.example.com/", "http://b/", "https://") + text, *hostile()});
    alert.count = *rc::gen::arbitrary<std::int64_t>();
    alert.triggered_at = any_time();
    alert.answered_at = any_time();
    alert.snoozed_until = any_time();
    if (*rc::gen::arbitrary<bool>()) {
        shown.page.emplace();
        shown.page->state = *rc::gen::element(oncall::PageState::paging, oncall::PageState::acknowledged,
            oncall::PageState::resolved, oncall::PageState::exhausted);
        shown.page->policy.name = *hostile();
    }
    shown.paged = *crowd();
    if (*rc::gen::arbitrary<bool>())
        shown.paged.push_back("U012AB3CD");
    shown.next = *crowd();
    shown.next_at = any_time();
    for (auto* text : {&shown.again, &shown.alert.answered_via})
        *text = *hostile();
    shown.acknowledged = *crowd();
    shown.needed = *rc::gen::inRange(1, 4);
    shown.still_asked_at = *rc::gen::element(oncall::TimePoint{}, any_time());
    shown.unanswered = *rc::gen::arbitrary<bool>();
    for (const auto& person : *crowd()) {
        oncall::Notification one;
        one.person = person;
        one.error = *hostile();
        one.method = *rc::gen::element<std::string>("slack", "channel", "sms:4", "odd");
        one.state = *rc::gen::element(oncall::NotificationState::sent, oncall::NotificationState::failed);
        one.at.attempt = *rc::gen::inRange(0, 3);
        shown.attempts.push_back(std::move(one));
    }
    if (*rc::gen::arbitrary<bool>()) {
        shown.before = AlertView::Before{{7}, any_time(), any_time(), *hostile(), *rc::gen::arbitrary<bool>(), *hostile()};
        for (std::int64_t id = 8; id <= 10; ++id)
            shown.beside.push_back({{id}, *hostile()});
        shown.beside_count = *rc::gen::inRange<std::size_t>(3, 60);
        shown.back =
            AlertView::Back{any_time(), std::chrono::minutes{2}, *rc::gen::element<std::string>("", "5 times in 1 minute")};
        shown.alert.came_back = 2;
    }
    shown.names = any_names();
    return shown;
}

/// Those on the card that may be mentioned: who is paged now, if they are Slack ids.
std::set<std::string> may_be_mentioned(const AlertView& shown)
{
    if (shown.alert.state != AlertState::triggered || !shown.page || shown.page->state != oncall::PageState::paging)
        return {};
    return {shown.paged.begin(), shown.paged.end()};
}

void must_be_sound(
    const blocks::Message& message, const std::set<std::string>& people = {}, const std::set<std::string>* links = nullptr)
{
    const auto problems = unsound(message, people, links);
    if (!problems.empty())
        RC_FAIL(problems.front());
}

template <class Property> void holds(const std::string& what, Property property) { CHECK(rc::check(what, property)); }

} // namespace

TEST_CASE("Escaped text is valid, harmless and undone by reading it back", "[blocks][kit]")
{
    holds("escape", [] {
        const auto text = *hostile();
        const auto escaped = blocks::kit::escape(text);
        RC_ASSERT(unsound_text(escaped.text(), {}).empty());
        RC_ASSERT(escaped.text().find('<') == std::string::npos);
        const auto most = *rc::gen::inRange<std::size_t>(1, 300);
        const auto line = blocks::kit::one_line(text, most);
        RC_ASSERT(unsound_text(line.text(), {}).empty());
        RC_ASSERT(line.text().find('\n') == std::string::npos);
        RC_ASSERT(line.text().size() <= most * 4);
    });
}

TEST_CASE("Whatever an alert says, its card, page, cry and dead end are sound", "[blocks]")
{
    holds("card", [] {
        const auto shown = any_alert();
        must_be_sound(card(shown), may_be_mentioned(shown));
    });
    holds("page, exhausted, dead end", [] {
        const auto shown = any_alert();
        must_be_sound(page(shown, *rc::gen::element<std::string>("", "U012AB3CD", "x")));
        must_be_sound(exhausted(shown), may_be_mentioned(shown));
        must_be_sound(dead_end(shown, *hostile()));
        must_be_sound(blocks::still_on_it(shown), may_be_mentioned(shown));
    });
}

TEST_CASE("An alert without links of its own gets none from its words", "[blocks]")
{
    holds("no foreign links", [] {
        auto shown = any_alert();
        shown.alert.links.clear();
        shown.runbook.clear();
        const std::set<std::string> none;
        must_be_sound(card(shown), may_be_mentioned(shown), &none);
        must_be_sound(page(shown, ""), {}, &none);
    });
}

TEST_CASE("Buttons survive whatever stands above them", "[blocks]")
{
    holds("buttons", [] {
        const auto shown = any_alert();
        auto calm = shown;
        calm.alert.title = "calm";
        calm.alert.description.clear();
        calm.alert.labels.clear();
        calm.alert.links.clear();
        calm.runbook.clear();
        RC_ASSERT(buttons(card(shown)) == buttons(card(calm)));
        RC_ASSERT(buttons(page(shown, "x")) == buttons(card(calm)));
    });
}

TEST_CASE("Whatever they are asked to say, answers and history are sound", "[blocks]")
{
    const std::set<std::string> none;
    holds("history", [&] {
        std::vector<oncall::TimelineEntry> entries(*rc::gen::inRange<std::size_t>(0, 60));
        for (auto& entry : entries) {
            entry.at = any_time();
            entry.actor = *hostile();
            entry.via = *hostile();
            entry.text = *hostile();
        }
        must_be_sound(blocks::history(entries, any_names()), {}, &none);
    });
    holds("who", [&] {
        std::vector<blocks::OnCallLine> lines(*rc::gen::inRange<std::size_t>(0, 60));
        for (auto& line : lines) {
            line.schedule = *hostile();
            line.team = *hostile();
            line.on_call.people = *crowd();
            line.on_call.next = *crowd();
            if (*rc::gen::arbitrary<bool>())
                line.on_call.until = any_time();
        }
        must_be_sound(blocks::who(lines, any_time(), any_names()), {}, &none);
    });
    holds("status", [&] {
        std::vector<AlertView> open(*rc::gen::inRange<std::size_t>(0, 8));
        for (auto& one : open)
            one = any_alert();
        must_be_sound(blocks::status(open, any_time(), *rc::gen::arbitrary<bool>(), *hostile(), 3), {}, &none);
    });
    holds("words", [&] {
        must_be_sound(blocks::words(*hostile(), any_names()), {}, &none);
        must_be_sound(blocks::something_broke(*hostile()), {}, &none);
    });
}
