#include "blocks/blocks.hpp"
#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_word = 60;
constexpr std::size_t most_schedules = 40;
constexpr std::size_t most_people = 10;

Mrkdwn people(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> called;
    for (const auto& person : all) {
        if (called.size() == most_people) {
            called.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_people)) + " more");
            break;
        }
        called.push_back(name(person, names));
    }
    return joined(called, ", ");
}

/// "Ana until today at 9:00, then Bo"
Mrkdwn on_call_line(const oncall::OnCall& on_call, const Names& names)
{
    const auto now = people(on_call.people, names);
    auto line = now.empty() ? "⚠️ nobody is on call" : now;
    if (!on_call.until)
        return line;
    const auto next = people(on_call.next, names);
    return line + " until " + date(*on_call.until) + ", then " + (next.empty() ? "⚠️ nobody" : next);
}

struct Line {
    Mrkdwn command{};
    Mrkdwn meaning{};
};

} // namespace

Message who(const std::vector<OnCallLine>& lines, oncall::TimePoint now, const Names& names)
{
    const auto page_someone = actions({button("Page someone", action::open_page, "", Style::primary)});
    if (lines.empty()) {
        const Mrkdwn none{"There are no schedules yet. The configuration says who is on call."};
        return message(none, {section(none), page_someone});
    }
    std::vector<Mrkdwn> text;
    std::vector<Json> shown{header("On call now")};
    for (const auto& one : lines) {
        if (text.size() == most_schedules) {
            const auto more = "and " + number(static_cast<std::int64_t>(lines.size() - most_schedules)) + " more schedules";
            text.push_back(more);
            shown.push_back(context({more}));
            break;
        }
        auto schedule = one_line(one.schedule, most_word);
        if (schedule.empty())
            schedule = "(no name)";
        const auto team = one_line(one.team, most_word);
        const auto whose = team.empty() || team.text() == schedule.text() ? Mrkdwn{} : " (team " + team + ")";
        const auto line = on_call_line(one.on_call, names);
        text.push_back(schedule + ": " + line);
        shown.push_back(section(bold(schedule) + whose + "\n" + line));
    }
    shown.push_back(context({"As of " + date(now)}));
    shown.push_back(page_someone);
    return message(joined(text, "\n"), std::move(shown));
}

Message help()
{
    const std::vector<Line> lines{
        {"`/oncall`", "who is on call now, and a button to page someone"},
        {"`/oncall who`", "the same"},
        {"`/oncall status`", "the open alerts with their numbers"},
        {"`/oncall ack 42`", "you take alert 42, and nobody else is paged for it"},
        {"`/oncall escalate 42`", "pages the next level of its policy at once"},
        {"`/oncall resolve 42`", "it is over"},
        {"`/oncall snooze 42 30m`", "quiet until then, and then it pages again; without a time, for one hour"},
        {"`/oncall page @ana the checkout is down`", "pages a person and says why; `/oncall page` alone opens a form"},
        {"`/oncall help`", "this"},
    };
    std::vector<Mrkdwn> text;
    for (const auto& line : lines)
        text.push_back(line.command + " " + line.meaning);
    return message("What I understand:\n" + joined(text, "\n"),
        {header("What I understand"), section(joined(text, "\n")), divider(),
            context({"The buttons under a page do the same. Whatever you do is written into the alert's thread."})});
}

View page_modal()
{
    return modal("Page someone", "Page", view::page,
        {user_input("Whom", view::page_person, "Choose a person"),
            text_input("Why", view::page_why, "The checkout is down", "It is what they read first, on a phone.", 500)});
}

Message words(const std::string& plain, const Names& names)
{
    const auto said = prose(plain, names);
    return message(said, {section(said)});
}

Message something_broke(const std::string& reference)
{
    const auto id = one_line(reference, most_word);
    const auto said = "Something broke on our side; it was not you. Please try again"
        + (id.empty() ? Mrkdwn{"."} : ", and if it stays, tell whoever runs me this reference: " + id);
    return message(said, {section(said)});
}

} // namespace blocks
