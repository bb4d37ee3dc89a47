#include "blocks/notification_rules.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::NotificationRule;
using oncall::Urgency;

namespace {

constexpr std::size_t most_rule_words = 700;
constexpr std::size_t most_rule_name = 60;
constexpr std::size_t most_unready = 30;

Mrkdwn said(const std::string& text) { return shortened(escape(text), most_rule_words); }

Mrkdwn rule_text(const NotificationRule& rule, const std::vector<oncall::ContactMethod>& methods)
{
    return bold(one_line(rule.name, most_rule_name)) + " · " + said(oncall::words_of(rule.windows)) + "\n"
        + said(oncall::words_of(rule.steps, methods));
}

Heading rule_line(const RuleList& list, std::size_t index, bool first, bool last, bool covered)
{
    const auto& rule = list.hers[index];
    Heading line;
    line.text = rule_text(rule, list.methods);
    if (rule.urgency == Urgency::high && !can_wake(rule, list.methods))
        line.text += "\n⚠️ it wakes nobody: no SMS, call or push in it is set up";
    if (covered)
        line.text += "\n⚠️ it never holds: one above it holds always";
    line.action = action::rules_menu;
    const auto at = ":" + std::to_string(index) + ":" + std::to_string(list.version);
    line.menu.push_back({"Edit", "edit" + at});
    if (!first)
        line.menu.push_back({"Move up", "up" + at});
    if (!last)
        line.menu.push_back({"Move down", "down" + at});
    line.menu.push_back({"Remove", "remove" + at});
    return line;
}

void add_urgency(Form& made, const RuleList& list, Urgency urgency)
{
    const bool high = urgency == Urgency::high;
    made.parts.push_back(Heading{high ? Mrkdwn{"*High urgency*"} : Mrkdwn{"*Low urgency*"}, {}, {}});
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < list.hers.size(); ++i)
        if (list.hers[i].urgency == urgency)
            own.push_back(i);
    bool covered = false;
    for (const auto index : own) {
        made.parts.push_back(rule_line(list, index, index == own.front(), index == own.back(), covered));
        covered = covered || list.hers[index].windows.empty();
    }
    if (!covered) {
        const auto of_team = std::find_if(list.team_rules.begin(), list.team_rules.end(),
            [&](const auto& rule) { return rule.urgency == urgency && rule.windows.empty(); });
        const auto rest = of_team == list.team_rules.end() ? default_rule(urgency) : *of_team;
        auto text = (own.empty() ? Mrkdwn{} : Mrkdwn{"At all other times: "})
            + (of_team == list.team_rules.end() ? Mrkdwn{"the default"} : Mrkdwn{"your team's rule"}) + "\n"
            + said(oncall::words_of(rest.steps, list.methods));
        if (high && !can_wake(rest, list.methods))
            text += "\n⚠️ it wakes nobody: no SMS, call or push is set up";
        made.parts.push_back(Heading{text, {}, {}});
    }
    std::vector<Press> presses;
    if (own.size() < most_rules)
        presses.push_back({high ? "Add a rule…" : "Add a rule for low urgency…", high ? action::rules_new : action::rules_new_low,
            high ? "high" : "low", false, {}});
    if (!own.empty())
        presses.push_back({"Use the default", high ? action::rules_default : action::rules_default_low,
            std::string{high ? "high" : "low"} + ":" + std::to_string(list.version), true, "Your own rules of this urgency go."});
    made.parts.push_back(presses);
}

/// When low urgency waits: hers, else her team's, else never.
void add_quiet_hours(Form& made, const RuleList& list)
{
    const bool own = list.quiet.has_value();
    const auto& quiet = oncall::quiet_hours(list.quiet, list.team_quiet);
    const auto version = ":" + std::to_string(list.version);
    made.parts.push_back(Heading{"*Quiet hours*", {}, {}});
    for (std::size_t i = 0; i < quiet.size(); ++i) {
        Heading line;
        line.text = "🌙 " + said(oncall::quiet_words(quiet[i], quiet.size(), list.time_zone));
        if (own) {
            line.action = action::rules_quiet;
            line.menu.push_back({"Edit", "edit:" + std::to_string(i) + version});
            line.menu.push_back({"Take away", "remove:" + std::to_string(i) + version});
        } else {
            line.text += ", as your team has it";
        }
        made.parts.push_back(line);
    }
    const bool teams = list.team_quiet && !list.team_quiet->empty();
    if (quiet.empty())
        made.parts.push_back(Heading{own && teams ? Mrkdwn{"None, though your team has some: low urgency comes at any time."}
                                                  : Mrkdwn{"None: low urgency comes at any time."},
            {}, {}});
    std::vector<Press> presses;
    if (!own || quiet.size() < most_quiet_hours)
        presses.push_back({"Add quiet hours…", action::rules_quiet_new, "new", false, {}});
    if (!own && teams)
        presses.push_back({"Have none", action::rules_quiet_none, version, false, {}});
    if (own && teams)
        presses.push_back({"Use my team's", action::rules_quiet_team, version, !quiet.empty(),
            quiet.empty() ? Mrkdwn{} : Mrkdwn{"Your own quiet hours go."}});
    made.parts.push_back(presses);
}

} // namespace

View rule_list(const RuleList& list)
{
    Form made;
    made.title = list.team.empty() ? "When which is used" : "A team's rules";
    made.close = "Close";
    made.callback = view::rules;
    made.metadata = list.team;
    for (const auto& one : list.notes)
        made.parts.push_back(Heading{prose(one, {}), {}, {}});
    if (!list.team.empty())
        made.parts.push_back(Heading{"For the people of team " + bold(one_line(list.team, most_rule_name))
                + " who have no rules of their own, by what each has set up.",
            {}, {}});
    add_urgency(made, list, Urgency::high);
    add_urgency(made, list, Urgency::low);
    add_quiet_hours(made, list);
    if (list.team.empty())
        made.parts.push_back(std::vector<Press>{{"How I am reached…", action::rules_back, "", false, {}}});
    const auto zone = list.time_zone.empty() ? Mrkdwn{} : ", " + one_line(list.time_zone, most_rule_name);
    made.parts.push_back(Heading{"The first rule whose time it is holds. Times are in the zone of "
            + (list.team.empty() ? Mrkdwn{"your Slack profile"} : Mrkdwn{"each person's Slack profile"}) + zone + ".",
        {}, {}});
    return form(made);
}

View rule_preview(const RulePreview& shown)
{
    Form made;
    made.title = shown.refused ? "Not possible" : "Check, then save";
    made.submit = shown.refused ? "" : "Save";
    made.close = "Back";
    made.callback = view::rules_preview;
    made.metadata = shown.metadata;
    const auto urgency =
        shown.rule.urgency == Urgency::high ? Mrkdwn{"Pages of high urgency, "} : Mrkdwn{"Pages of low urgency, "};
    if (!shown.warning.empty())
        made.parts.push_back(Heading{"⚠️ " + said(shown.warning), {}, {}});
    made.parts.push_back(Heading{urgency + said(oncall::words_of(shown.rule.windows))
            + (shown.rule.windows.empty() || shown.time_zone.empty() ? Mrkdwn{}
                                                                     : " (" + one_line(shown.time_zone, most_rule_name) + ")")
            + ":\n" + said(oncall::words_of(shown.rule.steps, shown.methods)),
        {}, {}});
    made.parts.push_back(std::vector<Press>{{"Change it", action::rules_change, "", false, {}}});
    made.parts.push_back(
        Heading{"It holds for pages that begin from then on. What is not set up is skipped together with its wait.", {}, {}});
    return form(made);
}

Message readiness(const std::vector<std::string>& lines, const Names& names)
{
    std::vector<Mrkdwn> text;
    std::vector<Json> shown{header("Ready to be paged?")};
    for (const auto& line : lines) {
        if (text.size() > most_unready) {
            text.push_back("and " + number(static_cast<std::int64_t>(lines.size() - text.size())) + " more");
            shown.push_back(context({text.back()}));
            break;
        }
        text.push_back(shortened(prose(line, names), most_rule_words));
        shown.push_back(section(text.back()));
    }
    return message(joined(text, "\n"), std::move(shown));
}

} // namespace blocks
