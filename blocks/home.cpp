#include "blocks/home.hpp"

#include "blocks/alert_words.hpp"
#include "blocks/contact.hpp"
#include "blocks/overrides.hpp"
#include "blocks/schedule_name.hpp"
#include "blocks/settings.hpp"
#include "blocks/typed.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::MyShift;

namespace {

// All of them together stay below the 100 blocks that Slack takes.
constexpr std::size_t most_home_blocks = 100;
constexpr std::size_t most_home_alerts = 10; // three blocks each
constexpr std::size_t most_home_answers = 5;
constexpr std::size_t most_home_schedules = 12;
constexpr std::size_t most_home_teams = 6;
constexpr std::size_t most_home_shifts = 4;
constexpr std::size_t most_home_steps = 12;
constexpr std::size_t most_home_people = 6;
constexpr std::size_t most_home_words = 500;
constexpr std::size_t most_home_word = 60;
constexpr std::size_t most_home_value = 1'500;

Mrkdwn home_people(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : all) {
        if (shown.size() == most_home_people) {
            shown.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_home_people)) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return joined(shown, ", ");
}

Mrkdwn until_when(const MyShift& shift)
{
    // The end of what was looked at moves on with the clock, and says nothing.
    return shift.goes_on ? Mrkdwn{"without an end in the next 90 days"} : "until " + date(shift.end);
}

Mrkdwn after_it(const MyShift& shift, const Names& names)
{
    if (shift.goes_on)
        return {};
    const auto after = home_people(shift.after, names);
    return after.empty() ? Mrkdwn{", then ⚠️ nobody"} : ", then " + after;
}

/// Whether she is on call now, and what is next when she is not.
Mrkdwn home_headline(const Home& shown)
{
    std::vector<Mrkdwn> lines;
    for (const auto& shift : shown.shifts)
        if (shift.start <= shown.now && lines.size() < most_home_shifts)
            lines.push_back("🟢 " + bold("You are on call") + " by " + schedule_name(shift.schedule) + " " + until_when(shift)
                + after_it(shift, shown.names));
    if (!lines.empty())
        return joined(lines, "\n");
    if (!shown.shifts.empty())
        return bold("You are not on call now.") + " Your next shift: " + schedule_name(shown.shifts.front().schedule) + ", "
            + date(shown.shifts.front().start) + ".";
    if (shown.in_team)
        return bold("You are not on call") + " in the next 90 days.";
    return bold("You are in no team yet") + ", and no schedule names you.";
}

Json home_bar(const Home& shown)
{
    return actions({shown.may_page ? button("Page someone …", action::open_page, "", Style::primary) : Json{},
        shown.may_override ? button("Override …", action::override_open, "") : Json{},
        shown.shifts.empty() ? Json{} : button("Find cover …", action::home_cover, ""),
        button("How I am reached …", action::contact_open, ""),
        shown.may_settings ? button("Settings …", action::home_settings, "") : Json{}});
}

bool home_exhausted(const AlertView& shown)
{
    return shown.alert.state == AlertState::triggered && shown.page && shown.page->state == oncall::PageState::exhausted;
}

/// The card's own actions and values, as far as they do something in this state.
Json home_buttons(const AlertView& shown, const std::string& person)
{
    const auto& alert = shown.alert;
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto escalate =
        (shown.page || shown.in_channel) && !home_exhausted(shown) ? button("Escalate", action::escalate, value) : Json{};
    const auto resolve = button("Resolve", action::resolve, value);
    const bool asked = std::find(shown.asked.begin(), shown.asked.end(), person) != shown.asked.end();
    const auto join = asked ? button("On my way", action::join, value, Style::primary) : Json{};
    switch (alert.state) {
    case AlertState::triggered:
        return actions({button("Acknowledge", action::acknowledge, value, Style::primary), escalate, resolve});
    case AlertState::promised:
        return actions({button("I'm on it", action::acknowledge, value, Style::primary), join, escalate, resolve});
    case AlertState::acknowledged:
    case AlertState::snoozed: return actions({join, escalate, resolve});
    case AlertState::resolved: break;
    }
    return {};
}

void add_home_alert(std::vector<Json>& to, const AlertView& shown, const Home& home)
{
    const auto& alert = shown.alert;
    auto state = state_of(shown);
    if (home_exhausted(shown))
        state += shown.acknowledged.empty() ? Mrkdwn{", *nobody answered*"} : Mrkdwn{", *nobody is left to page*"};
    else if (alert.state == AlertState::triggered && shown.page && !shown.paged.empty())
        state += ", paging " + home_people(shown.paged, shown.names);
    std::vector<Mrkdwn> about{state};
    if (alert.triggered_at != oncall::TimePoint{})
        about.push_back("since " + date(alert.triggered_at));
    if (const auto team = one_line(alert.team, most_home_word); !team.empty())
        about.push_back("team " + team);
    if (const auto group = group_of(shown); !group.empty())
        about.push_back(group);
    if (alert.drill)
        about.push_back("🧪 drill");
    to.push_back(section(dot_of(alert.state) + " " + in_short(alert)));
    to.push_back(context({joined(about, " · ")}));
    to.push_back(home_buttons(shown, home.person));
}

void add_home_alerts(std::vector<Json>& to, const Home& shown)
{
    const auto fit = std::min(shown.alerts.size(), most_home_alerts);
    const auto more = shown.more_alerts + shown.alerts.size() - fit;
    if (fit > 0)
        to.push_back(header("Open alerts"));
    for (std::size_t i = 0; i < fit; ++i)
        add_home_alert(to, shown.alerts[i], shown);
    std::vector<Mrkdwn> rest;
    if (more > 0)
        rest.push_back("and " + number(static_cast<std::int64_t>(more)) + " more: `/oncall status`");
    if (shown.other_alerts && fit == 0 && more == 0)
        rest.push_back(
            (shown.in_team ? Mrkdwn{"✅ No open alerts of your teams. Others have some"} : Mrkdwn{"There are open alerts"})
            + ": `/oncall status` lists them");
    else if (shown.other_alerts)
        rest.push_back("other teams have open alerts, too: `/oncall status`");
    if (fit == 0 && rest.empty())
        rest.push_back(shown.in_team ? Mrkdwn{"✅ No open alerts of your teams."} : Mrkdwn{"✅ No open alerts."});
    to.push_back(context({joined(rest, " · ")}));
}

void add_home_answer(std::vector<Json>& to, const HomeAnswer& one)
{
    const auto& alert = one.alert;
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const bool over = alert.state == AlertState::resolved;
    Mrkdwn what{"You have it since "};
    if (over)
        what = "You resolved it ";
    else if (alert.state == AlertState::snoozed)
        what = "You snoozed it ";
    else if (alert.state == AlertState::promised)
        what = "You said you are on it ";
    auto back = one.may_undo ? button("Undo", action::undo, value)
        : over               ? button("Re-open", action::reopen, value)
                             : button("Un-acknowledge", action::home_unacknowledge, value);
    to.push_back(section(dot_of(alert.state) + " " + in_short(alert) + "\n" + what + date(one.at) + ".", std::move(back)));
}

void add_home_answers(std::vector<Json>& to, const Home& shown)
{
    if (shown.answered.empty())
        return;
    to.push_back(header("You answered lately"));
    for (std::size_t i = 0; i < std::min(shown.answered.size(), most_home_answers); ++i)
        add_home_answer(to, shown.answered[i]);
}

/// "Teams …", as the settings call them.
Json button_of_settings(const std::string& kind)
{
    for (const auto& one : settings_kinds())
        if (one.kind == kind)
            return button(std::string{one.many} + " …", action::home_settings, kind);
    return {};
}

void add_home_steps(std::vector<Json>& to, const Home& shown)
{
    if (shown.steps.empty())
        return;
    to.push_back(header("Left to set up"));
    const auto fit = std::min(shown.steps.size(), most_home_steps);
    for (std::size_t i = 0; i < fit; ++i) {
        const auto& step = shown.steps[i];
        const auto fix = shortened(escape(step.fix), most_home_words);
        const auto text =
            "⚠️ " + shortened(prose(step.what, shown.names), most_home_words) + (fix.empty() ? fix : "\n" + fix);
        auto open = shown.may_settings ? button_of_settings(step.kind) : Json{};
        to.push_back(section(text, std::move(open)));
    }
    if (shown.steps.size() > fit)
        to.push_back(context({"and " + number(static_cast<std::int64_t>(shown.steps.size() - fit))
            + " more: `oncall-bot check` lists what it finds."}));
}

/// Those that have not begun: what runs is said at the top.
void add_home_shifts(std::vector<Json>& to, const Home& shown)
{
    std::vector<Mrkdwn> lines;
    for (const auto& shift : shown.shifts)
        if (shift.start > shown.now && lines.size() < most_home_shifts)
            lines.push_back("• " + schedule_name(shift.schedule) + ": " + date(shift.start) + " "
                + (shift.goes_on ? until_when(shift) : "– " + date(shift.end)));
    if (lines.empty())
        return;
    to.push_back(section(bold("Your next shifts") + "\n" + joined(lines, "\n")));
}

Mrkdwn home_on_call(const oncall::OnCall& on_call, const Names& names)
{
    const auto now = home_people(on_call.people, names);
    auto line = now.empty() ? "⚠️ nobody is on call" : now;
    if (!on_call.until)
        return line;
    const auto next = home_people(on_call.next, names);
    return line + " until " + date(*on_call.until) + ", then " + (next.empty() ? "⚠️ nobody" : next);
}

/// " (teams db, storage)"; nothing where the schedule is called as its only team.
Mrkdwn home_teams(const HomeSchedule& one)
{
    if (one.teams.empty() || (one.teams.size() == 1 && one.teams.front() == one.line.schedule))
        return {};
    std::vector<Mrkdwn> called;
    for (const auto& team : one.teams) {
        if (called.size() == most_home_teams) {
            called.push_back("+" + number(static_cast<std::int64_t>(one.teams.size() - most_home_teams)) + " more");
            break;
        }
        called.push_back(one_line(team, most_home_word));
    }
    return (one.teams.size() == 1 ? Mrkdwn{" (team "} : Mrkdwn{" (teams "}) + joined(called, ", ") + ")";
}

/// Whom the others page, in one block.
void add_home_teams(std::vector<Json>& to, const Home& shown)
{
    if (shown.teams.empty())
        return;
    std::vector<Mrkdwn> lines{bold("Teams without a schedule")};
    for (const auto& one : shown.teams) {
        if (lines.size() > most_home_teams) {
            lines.push_back("and " + number(static_cast<std::int64_t>(shown.teams.size() - most_home_teams)) + " more");
            break;
        }
        const auto people = home_people(one.pages, shown.names);
        lines.push_back("• " + one_line(one.team, most_home_word) + ": pages " + (people.empty() ? "⚠️ nobody" : people));
    }
    to.push_back(section(joined(lines, "\n")));
}

void add_home_schedules(std::vector<Json>& to, const Home& shown, bool buttons)
{
    if (!shown.any_schedule) {
        add_home_teams(to, shown);
        return;
    }
    to.push_back(header("On call now"));
    const auto fit = std::min(shown.schedules.size(), most_home_schedules);
    for (std::size_t i = 0; i < fit; ++i) {
        const auto& one = shown.schedules[i];
        const auto& line = one.line;
        auto change = buttons && one.may_override
            ? button("Override …", action::override_open, clean("schedule:" + line.schedule, most_home_value))
            : Json{};
        to.push_back(
            section(bold(schedule_name(line.schedule)) + home_teams(one) + "\n" + home_on_call(line.on_call, shown.names),
                std::move(change)));
    }
    const auto more = shown.more_schedules + shown.schedules.size() - fit;
    if (more > 0)
        to.push_back(context({"and " + number(static_cast<std::int64_t>(more)) + " more: `/oncall who`"}));
    add_home_teams(to, shown);
}

/// `change`: what changes it stands nowhere else.
void add_home_reach(std::vector<Json>& to, const Home& shown, bool change)
{
    std::vector<Mrkdwn> ways;
    for (const auto& way : shown.reach.ways)
        if (ways.size() < most_home_people)
            ways.push_back(one_line(way, most_home_word));
    auto text = bold("How you are reached:") + " " + joined(ways, ", ");
    if (shown.reach.why.empty()) {
        text += "\n✅ A page would wake you.";
    } else {
        text += shown.reach.reached ? Mrkdwn{"\n⚠️ *You may sleep through a page.*"}
                                    : Mrkdwn{"\n⚠️ *A page would not reach you.*"};
        for (const auto& sentence : shown.reach.why)
            text += " " + shortened(prose(sentence, shown.names), most_home_words);
    }
    to.push_back(section(text, change ? button("Change …", action::contact_open, "") : Json{}));
}

void add_whom_to_ask(std::vector<Json>& to, const Home& shown)
{
    const auto people = home_people(shown.to_ask, shown.names);
    to.push_back(section(people.empty() ? Mrkdwn{"Ask a member of this workspace who is in a team here."}
                                        : "Ask one of these for help: " + people + "."));
}

View home_of(std::vector<Json> blocks)
{
    std::erase_if(blocks, [](const Json& block) { return block.is_null(); });
    if (blocks.size() > most_home_blocks)
        blocks.resize(most_home_blocks);
    auto made = typed("home");
    made["callback_id"] = view::home;
    made["blocks"] = std::move(blocks);
    return made;
}

View home_of_stranger(const Home& shown)
{
    std::vector<Json> made{
        section("*I page the people of another workspace* when something breaks, and see that somebody answers. "
                "Only they can use me.")};
    add_whom_to_ask(made, shown);
    return home_of(std::move(made));
}

View home_of_unknown()
{
    return home_of({section("*I am asking Slack who you are.* What is here for you follows by itself, mostly within a minute.")});
}

View home_of_guest(const Home& shown)
{
    std::vector<Json> made;
    if (!shown.shifts.empty())
        made.push_back(section(home_headline(shown)));
    if (!shown.alerts.empty())
        add_home_alerts(made, shown);
    add_home_answers(made, shown);
    made.push_back(section("*You are a guest here.* Members page people, and change who is on call and the settings."));
    add_whom_to_ask(made, shown);
    add_home_shifts(made, shown);
    add_home_schedules(made, shown, false);
    if (!shown.shifts.empty() || !shown.alerts.empty())
        add_home_reach(made, shown, true);
    return home_of(std::move(made));
}

} // namespace

View home(const Home& shown)
{
    if (shown.reader == Home::Reader::unknown)
        return home_of_unknown();
    if (shown.reader == Home::Reader::stranger)
        return home_of_stranger(shown);
    if (shown.reader == Home::Reader::guest)
        return home_of_guest(shown);
    std::vector<Json> made{section(home_headline(shown))};
    made.push_back(home_bar(shown));
    add_home_alerts(made, shown);
    add_home_answers(made, shown);
    add_home_steps(made, shown);
    if (!shown.in_team)
        made.push_back(section(bold("How to get started")
            + "\n• “Page someone …” reaches whoever is on call, now.\n• To take part, "
              "have yourself added to a team: its members do that in the settings"
            + (shown.to_ask.empty() ? Mrkdwn{"."} : ", or " + home_people(shown.to_ask, shown.names) + ".")
            + "\n• `/oncall help` lists all that I understand."));
    add_home_shifts(made, shown);
    add_home_schedules(made, shown, true);
    if (!shown.any_schedule)
        made.push_back(context({"There is no schedule yet, so nobody is on call."}));
    add_home_reach(made, shown, false);
    made.push_back(context({"`/oncall me` lists your shifts, `/oncall status` all open alerts, `/oncall help` the rest."}));
    return home_of(std::move(made));
}

View home_words(const std::string& words, const Names& names)
{
    auto made = typed("modal");
    made["title"] = plain_title("Not done");
    made["close"] = plain_title("Close");
    made["blocks"] = std::vector<Json>{section(prose(words, names))};
    return made;
}

} // namespace blocks
