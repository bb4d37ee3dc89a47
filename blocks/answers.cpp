#include "blocks/contact.hpp"
#include "blocks/overrides.hpp"

#include "blocks/choose_alert.hpp"
#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_answer_word = 60;
constexpr std::size_t most_schedules = 40;
constexpr std::size_t most_on_call = 10;
constexpr std::size_t most_in_menu = 100; // of Slack

Mrkdwn people_on_call(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> called;
    for (const auto& person : all) {
        if (called.size() == most_on_call) {
            called.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_on_call)) + " more");
            break;
        }
        called.push_back(name(person, names));
    }
    return joined(called, ", ");
}

/// "Ana until today at 9:00, then Bo"
Mrkdwn on_call_line(const oncall::OnCall& on_call, const Names& names)
{
    const auto now = people_on_call(on_call.people, names);
    auto line = now.empty() ? "⚠️ nobody is on call" : now;
    if (!on_call.until)
        return line;
    const auto next = people_on_call(on_call.next, names);
    return line + " until " + date(*on_call.until) + ", then " + (next.empty() ? "⚠️ nobody" : next);
}

struct HelpLine {
    Mrkdwn command{};
    Mrkdwn meaning{};
};
struct HelpPart {
    Mrkdwn title{};
    std::vector<HelpLine> lines{};
};

} // namespace

Message who(const std::vector<OnCallLine>& lines, oncall::TimePoint now, const Names& names)
{
    const auto page_someone = actions(
        {button("Page someone", action::open_page, "", Style::primary), button("How I am reached", action::contact_open, "")});
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
        auto schedule = one_line(one.schedule, most_answer_word);
        if (schedule.empty())
            schedule = "(no name)";
        const auto team = one_line(one.team, most_answer_word);
        const auto whose = team.empty() || team.text() == schedule.text() ? Mrkdwn{} : " (team " + team + ")";
        const auto line = on_call_line(one.on_call, names);
        text.push_back(schedule + ": " + line);
        shown.push_back(section(
            bold(schedule) + whose + "\n" + line, button("Override …", action::override_open, "schedule:" + one.schedule)));
    }
    shown.push_back(context({"As of " + date(now)}));
    shown.push_back(page_someone);
    return message(joined(text, "\n"), std::move(shown));
}

Message help()
{
    const std::vector<HelpPart> parts{
        {"Alerts and pages",
            {
                {"`/oncall status`",
                    "the open alerts: who is paged, how far, what is next; `status payments` for a team, `status here`"},
                {"`/oncall cancel 42`", "nobody else is paged for alert 42, and you have it"},
                {"`/oncall ack 42`", "you take alert 42, and nobody else is paged for it; `/oncall unack 42` gives it back"},
                {"`/oncall promise 42 10m`",
                    "you will be on it in 10 minutes; reminded then, and paged again if you don't answer"},
                {"`/oncall escalate 42`", "pages the next level of its policy at once"},
                {"`/oncall notme 42 on a train`", "whoever is next is paged at once"},
                {"`/oncall reassign 42 @bo`", "pages Bo instead, and then the policy"},
                {"`/oncall add 42 @chi needs a DBA`", "asks Chi to help as well"},
                {"`/oncall note 42 it was the cache`", "a line for everybody who looks at it"},
                {"`/oncall show 42`", "its card, with all there is to see, for you alone"},
                {"`/oncall timeline 42`", "what was done about it, and each thing that was sent to anybody for it"},
                {"`/oncall merge 17 into 12`", "alert 12 stands for both from then on; `/oncall split 17` takes it out again"},
                {"`/oncall resolve 42`", "it is over; `/oncall reopen 42` if it is not"},
                {"`/oncall snooze 42 30m`", "quiet until then, and then it pages again; without a time, for one hour"},
                {"`/oncall undo 42`", "takes your last answer back, for 30 seconds"},
                {"`/oncall page @ana the checkout is down`",
                    "pages a person and says why; a service, team, schedule, policy or user group in the same way"},
                {"`/oncall page @ana @bo payments: it is down`", "pages them all at once; `page low @ana …` with low urgency"},
                {"`/oncall policy payments`", "who would be paged by that policy now, minute by minute, and how"},
                {"`/oncall what if checkout is down severity=critical`",
                    "by which rule, service and policy such an alert would go, and to whom; pages nobody"},
                {"`/oncall test payments`", "a drill: pages by that policy for nothing, and says so everywhere"},
            }},
        {"Who is on call",
            {
                {"`/oncall`", "who is on call now, and a button to page someone"},
                {"`/oncall who payments last night`", "who is, was or will be on call; of a schedule, team or service"},
                {"`/oncall schedule payments`",
                    "a picture of two weeks; `schedule payments next month` of another time, `schedule` lists them"},
                {"`/oncall schedule edit payments`",
                    "a form that changes it, with who changes and a picture first; `schedule new` makes one"},
                {"`/oncall schedule sun`", "a form for a schedule that follows the sun: regions, their hours and people"},
                {"`/oncall coverage`",
                    "gaps, people whom no page reaches, too little rest; `coverage payments next month` of a schedule and time"},
                {"`/oncall me`", "when you are on call, and who before and after you"},
                {"`/oncall override`", "a form that puts somebody on call instead of whoever is, or as well"},
                {"`/oncall overrides`", "those that hold or are to come: edit them, end them, take them back"},
                {"`/oncall cover me friday 18:00-22:00`",
                    "asks others to take that time; alone it opens a form, `cover my next shift` and `cover cancel` work too"},
                {"`/oncall swap`", "asks somebody to swap a shift of theirs with one of yours; `swap @bo` with Bo"},
                {"`/oncall take @bo friday 18:00-22:00`", "asks Bo whether you may be on call instead"},
                {"`/oncall away next week`", "you are away: whoever is on call then hears of it ahead"},
                {"`/oncall handoff the cache is cold`", "a note for whoever comes on call after you; without words, a form"},
                {"`/oncall reminders`", "of which of your shifts you are told, and when"},
                {"`/oncall calendar`", "your shifts in your calendar app; `calendars` shows those that I read"},
                {"`/oncall report payments last month`", "hours on call of each person; also of a team, or `report me`"},
            }},
        {"Services, and what is quiet",
            {
                {"`/oncall service checkout`",
                    "whose it is, who is on call for it, what is wrong, what hangs on it; alone: all services"},
                {"`/oncall team payments`", "its people, services and hours; alone: all teams"},
                {"`/oncall changes checkout`", "what was changed in that service lately, deploys and flags; alone: in all"},
                {"`/oncall silence checkout 2h because deploy`",
                    "holds its pages back until then, and pages what is open at the end; alone a form"},
                {"`/oncall maintenance`", "the same planned ahead, once or each week, for services, teams or everything"},
                {"`/oncall silences`", "what is silent, until when, and what it holds back: edit it, end it"},
                {"`/oncall heartbeats`", "jobs that must report, and which of them have not"},
                {"`/oncall directory`", "the directories that services come from: read one now, or see what would change"},
            }},
        {"You, and the settings",
            {
                {"`/oncall contact`",
                    "how you are reached: SMS, calls, push, e-mail; add them, try them; and when which is used"},
                {"`/oncall readiness`", "who of the coming week's rota cannot be reached or woken"},
                {"`/oncall settings`",
                    "teams, services, policies, sources, rules and schedules, to be changed; it holds at once"},
                {"`/oncall source`",
                    "what sends alerts and what came last; `source add grafana` makes one, with the lines to paste there"},
                {"`/oncall help`", "this"},
            }},
    };
    std::vector<Mrkdwn> text{"What I understand:"};
    std::vector<Json> shown{header("What I understand")};
    for (const auto& part : parts) {
        std::vector<Mrkdwn> lines{bold(part.title)};
        for (const auto& line : part.lines)
            lines.push_back(line.command + " " + line.meaning);
        shown.push_back(section(joined(lines, "\n")));
        text.insert(text.end(), lines.begin(), lines.end());
    }
    shown.push_back(divider());
    shown.push_back(context(
        {"A verb alone opens a form. Sentences work too: `put me on payments for 30 minutes`, `snooze 42 until monday 9`, also "
         "as "
         "`@oncall …` and in a direct message to me. The buttons under a page do the same. Whatever you do is written into the "
         "alert's thread."}));
    return message(joined(text, "\n"), std::move(shown));
}

namespace {

struct Wording {
    std::string_view title{}, submit{};
};

Wording wording(oncall::Verb verb)
{
    switch (verb) {
    case oncall::Verb::acknowledge: return {"Acknowledge", "Acknowledge"};
    case oncall::Verb::unacknowledge: return {"Un-acknowledge", "Give it back"};
    case oncall::Verb::promise: return {"On it soon", "Promise"};
    case oncall::Verb::escalate: return {"Escalate", "Escalate"};
    case oncall::Verb::decline: return {"Not me", "Hand over"};
    case oncall::Verb::reassign: return {"Reassign", "Reassign"};
    case oncall::Verb::add_responder: return {"Ask for help", "Ask"};
    case oncall::Verb::snooze: return {"Snooze", "Snooze"};
    case oncall::Verb::resolve: return {"Resolve", "Resolve"};
    case oncall::Verb::reopen: return {"Re-open", "Re-open"};
    case oncall::Verb::note: return {"Add a note", "Add"};
    case oncall::Verb::cancel: return {"Cancel the page", "Cancel it"};
    case oncall::Verb::still_on_it: return {"Still on it", "Yes"};
    default: break;
    }
    return {"On call", "Do it"};
}

} // namespace

View verb_modal(const VerbForm& form)
{
    using oncall::Verb;
    const auto [title, submit] = wording(form.verb);
    std::vector<Json> fields;
    auto about = std::string{oncall::name(form.verb)};
    if (form.alert) {
        about += ":" + std::to_string(form.alert->id.value) + ":" + std::to_string(form.alert->version);
        fields.push_back(section(bold("#" + number(form.alert->id.value)) + " " + one_line(form.alert->title, 200)));
    } else if (form.choices.size() > most_in_menu) {
        fields.push_back(alert_input(form.verb == Verb::reopen ? action::alerts_resolved : action::alerts_open, std::nullopt));
    } else {
        std::vector<Option> alerts;
        for (const auto& alert : form.choices)
            alerts.push_back({"#" + std::to_string(alert.id.value) + " " + alert.title, std::to_string(alert.id.value)});
        fields.push_back(choice_input("Alert", view::verb_alert, "Choose an alert", alerts, alerts.size() == 1));
    }
    if (form.verb == Verb::reassign || form.verb == Verb::add_responder)
        fields.push_back(user_input("Whom", view::verb_person, "Choose a person"));
    if (form.verb == Verb::promise)
        fields.push_back(choice_input("On it in", view::verb_minutes, "Choose",
            {{"10 minutes", "10"}, {"5 minutes", "5"}, {"20 minutes", "20"}, {"30 minutes", "30"}, {"1 hour", "60"}}, true));
    if (form.verb == Verb::snooze) {
        fields.push_back(choice_input("For", view::verb_minutes, "Choose",
            {{"1 hour", "60"}, {"30 minutes", "30"}, {"4 hours", "240"}, {"12 hours", "720"}, {"24 hours", "1440"},
                {"7 days", "10080"}},
            true));
        auto until = moment_input("Or until", view::verb_until, std::nullopt);
        until["optional"] = true;
        until["hint"] = plain_words("A time of yours, within seven days. With one, what stands above does not count.");
        fields.push_back(std::move(until));
    }
    if (form.verb == Verb::note)
        fields.push_back(
            text_input("Note", view::verb_text, "It was the cache", "Everybody who looks at the alert reads it.", 2'000));
    else if (form.verb != Verb::acknowledge && form.verb != Verb::promise && form.verb != Verb::snooze)
        fields.push_back(
            text_input("Why", view::verb_text, form.verb == Verb::decline ? "I am on a train" : "A word for the others",
                "It is written into the alert's thread.", 500, Need::optional));
    auto made = modal(title, submit, view::verb, std::move(fields));
    made["private_metadata"] = about;
    return made;
}

Message words(const std::string& plain, const Names& names)
{
    const auto said = prose(plain, names);
    return message(said, {section(said)});
}

Message done(const std::string& plain, const std::string& value, const Names& names)
{
    const auto said = prose(plain, names);
    return message(said, {section(said), actions({button("Undo", action::undo, value)})});
}

std::string plain(const std::string& words, const Names& names)
{
    std::string text;
    for (std::size_t at = 0; at < words.size();) {
        const auto close = words[at] == '<' ? words.find('>', at) : words.npos;
        const auto token = close == words.npos ? std::string{} : words.substr(at + 1, close - at - 1);
        if (token.starts_with("@")) {
            const auto id = token.substr(1, token.find('|') - 1);
            const auto called = names.find(id);
            text += called == names.end() || called->second.empty() ? id : called->second;
            at = close + 1;
        } else if (token.starts_with("!date^")) {
            const auto bar = token.find('|');
            text += bar == token.npos ? "" : token.substr(bar + 1);
            at = close + 1;
        } else {
            text += words[at++];
        }
    }
    return text;
}

Message something_broke(const std::string& reference)
{
    const auto id = one_line(reference, most_answer_word);
    const auto said = "Something broke on our side; it was not you. Please try again"
        + (id.empty() ? Mrkdwn{"."} : ", and if it stays, tell whoever runs me this reference: " + id);
    return message(said, {section(said)});
}

} // namespace blocks
