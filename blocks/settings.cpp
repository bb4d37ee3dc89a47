#include "blocks/settings.hpp"

#include "blocks/forecast.hpp"
#include "blocks/schedule_form.hpp"
#include "blocks/sources.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t on_a_page = 40; // two blocks each at most, of Slack's hundred
constexpr std::size_t most_setting_word = 80;
constexpr std::size_t most_plan = 60; // lines of a plan
constexpr std::size_t most_plan_warnings = 10; // after them
constexpr std::size_t most_view_blocks = 100; // of Slack

Mrkdwn counted(std::size_t how_many, const Mrkdwn& one, const Mrkdwn& many)
{
    return number(static_cast<std::int64_t>(how_many)) + " " + (how_many == 1 ? one : many);
}

Mrkdwn setting_word(std::string_view foreign) { return one_line(foreign, most_setting_word); }

/// "label value", or nothing.
Mrkdwn with(const Mrkdwn& label, std::string_view foreign)
{
    const auto text = setting_word(foreign);
    return text.empty() ? Mrkdwn{} : label + " " + text;
}

Mrkdwn dotted(const std::vector<Mrkdwn>& parts)
{
    const auto all = joined(parts, " · ");
    return all.empty() ? Mrkdwn{} : "\n" + all;
}

Mrkdwn says(const oncall::Team& team)
{
    return dotted({setting_word(team.channel), counted(team.members.size(), "member", "members"), with("policy", team.policy)});
}

Mrkdwn says(const oncall::Service& service)
{
    return dotted({with("team", service.team), with("policy", service.policy),
        service.tier == 0 ? Mrkdwn{} : "tier " + number(service.tier), setting_word(service.runbook)});
}

Mrkdwn says(const oncall::Schedule& schedule)
{
    return dotted({counted(schedule.rotations.size(), "rotation", "rotations"), setting_word(schedule.time_zone)});
}

Mrkdwn says(const oncall::Policy& policy)
{
    return dotted({counted(policy.levels.size(), "level", "levels"),
        policy.repeat == 0 ? Mrkdwn{} : "repeated " + counted(static_cast<std::size_t>(policy.repeat), "time", "times")});
}

Mrkdwn says(const oncall::Source& source)
{
    return dotted({setting_word(source.format), with("service", source.service), with("team", source.team),
        source.is_signed ? Mrkdwn{"signed"} : Mrkdwn{}, source.quiet ? Mrkdwn{"quiet: makes no alerts"} : Mrkdwn{}});
}

Mrkdwn says(const oncall::Monitor& monitor)
{
    return dotted({with("source", monitor.source), with("every", oncall::duration_out(monitor.every)),
        monitor.grace == oncall::milliseconds{} ? Mrkdwn{} : with("grace", oncall::duration_out(monitor.grace)),
        with("service", monitor.service)});
}

Mrkdwn says(const oncall::Rule& rule)
{
    const auto urgency = !rule.urgency ? Mrkdwn{} : *rule.urgency == oncall::Urgency::high ? Mrkdwn{"high"} : Mrkdwn{"low"};
    const auto later =
        rule.delay == oncall::milliseconds{} ? Mrkdwn{} : "pages " + escape(oncall::duration_out(rule.delay)) + " later";
    return dotted({with("service", rule.service), with("service by default", rule.default_service), with("team", rule.team),
        with("policy", rule.policy), urgency, with("severity", rule.severity),
        rule.page && !*rule.page ? Mrkdwn{"pages nobody"} : Mrkdwn{}, later, rule.group.by.empty() ? Mrkdwn{} : Mrkdwn{"groups"},
        rule.suppress ? Mrkdwn{"keeps them, and does not show them"} : Mrkdwn{},
        rule.goes_on ? Mrkdwn{"goes on to later rules"} : Mrkdwn{}});
}

struct SettingLine {
    std::string name{};
    Mrkdwn text{};
};

template <class Things> std::vector<SettingLine> lines_of(const Things& things)
{
    std::vector<SettingLine> lines;
    for (const auto& [name, thing] : things)
        lines.push_back({name, bold(setting_word(name)) + says(thing)});
    return lines;
}

std::vector<SettingLine> lines_of(const oncall::Configuration& all, std::string_view kind)
{
    if (kind == "team")
        return lines_of(all.teams);
    if (kind == "service")
        return lines_of(all.services);
    if (kind == "schedule")
        return lines_of(all.schedules);
    if (kind == "policy")
        return lines_of(all.policies);
    if (kind == "source")
        return lines_of(all.sources);
    if (kind == "heartbeat")
        return lines_of(all.heartbeats);
    std::vector<SettingLine> lines;
    for (const auto& rule : all.rules)
        lines.push_back(
            {rule.name, number(static_cast<std::int64_t>(lines.size() + 1)) + ". " + bold(setting_word(rule.name)) + says(rule)});
    return lines;
}

Heading entry(std::string_view kind, const SettingLine& line, bool first, bool last)
{
    if (kind == "schedule")
        return {line.text, action::schedule_edit, {{"Edit", line.name}}};
    if (kind != "rule")
        return {line.text, action::settings_edit, {{"Edit", std::string{kind} + ":" + line.name}}};
    std::vector<Option> menu{{"Edit", "edit:" + line.name}};
    if (!first)
        menu.push_back({"Move up", "up:" + line.name});
    if (!last)
        menu.push_back({"Move down", "down:" + line.name});
    if (menu.size() == 1)
        return {line.text, action::settings_edit, {{"Edit", "rule:" + line.name}}};
    return {line.text, action::settings_rule, menu};
}

/// A menu that is no field: choosing in it shows another list at once.
Json kinds_row(std::string_view kind)
{
    std::vector<Option> options;
    for (const auto& one : settings_kinds())
        options.push_back({std::string{one.many}, std::string{one.kind}});
    auto menu = select("What", action::settings_kind, options);
    const auto listed = menu["options"];
    for (const auto& option : listed)
        if (option["value"] == kind)
            menu["initial_option"] = option;
    if (kind == "schedule")
        return actions({menu, button("New schedule…", action::schedule_new, "", Style::primary)});
    return actions({menu, button("New " + std::string{kind} + "…", action::settings_new, std::string{kind}, Style::primary)});
}

Heading line(const std::string& words, const Names& names) { return {prose(words, names), {}, {}}; }

} // namespace

const std::vector<SettingsKind>& settings_kinds()
{
    static const std::vector<SettingsKind> all{{"team", "Teams"}, {"service", "Services"}, {"policy", "Policies"},
        {"source", "Sources"}, {"heartbeat", "Heartbeats"}, {"rule", "Rules"}, {"schedule", "Schedules"}};
    return all;
}

View settings_list(const oncall::Configuration& configuration, std::string_view kind, std::size_t page)
{
    const auto lines = lines_of(configuration, kind);
    const auto pages = std::max<std::size_t>(1, (lines.size() + on_a_page - 1) / on_a_page);
    page = std::min(page, pages - 1);
    Form made;
    made.title = "Settings";
    made.close = "Close";
    made.callback = view::settings;
    made.metadata = std::string{kind} + ":" + std::to_string(page);
    for (auto i = page * on_a_page; i < std::min(lines.size(), (page + 1) * on_a_page); ++i)
        made.parts.push_back(entry(kind, lines[i], i == 0, i + 1 == lines.size()));
    if (lines.empty())
        made.parts.push_back(Heading{"There are none yet.", {}, {}});
    if (kind == "rule" && !lines.empty())
        made.parts.push_back(Heading{"The first rule that matches an alert decides.", {}, {}});
    std::vector<Press> turn;
    const auto to = [&](std::size_t other) { return std::string{kind} + ":" + std::to_string(other); };
    if (page > 0)
        turn.push_back({"Previous page", action::settings_page_back, to(page - 1), false, {}});
    if (page + 1 < pages)
        turn.push_back({"Next page", action::settings_page, to(page + 1), false, {}});
    made.parts.push_back(turn);
    auto shown = form(made);
    shown["blocks"].insert(shown["blocks"].begin(), kinds_row(kind));
    return shown;
}

View settings_plan(const PlanView& plan, const Names& names)
{
    Form made;
    made.title = plan.draft.empty() ? "Not possible" : "Check, then save";
    made.submit = plan.draft.empty() ? "" : plan.removes ? "Delete" : "Save";
    made.close = "Back";
    made.callback = view::settings_plan;
    made.metadata = plan.draft;
    if (!plan.note.empty())
        made.parts.push_back(Heading{"⚠️ " + prose(plan.note, names), {}, {}});
    if (!plan.draft.empty())
        made.parts.push_back(Heading{"This is what changes, from the moment you save it:", {}, {}});
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        if (made.parts.size() == most_plan) {
            const auto left = static_cast<std::int64_t>(plan.lines.size() - i);
            made.parts.push_back(Heading{"and " + number(left) + " lines more", {}, {}});
            break;
        }
        made.parts.push_back(line(plan.lines[i], names));
    }
    for (const auto& one : plan.warnings)
        if (made.parts.size() < most_plan + most_plan_warnings)
            made.parts.push_back(Heading{"⚠️ " + prose(one, names), {}, {}});
    if (!plan.forecast.empty())
        made.parts.push_back(Heading{bold(prose(plan.forecast.front(), names)), {}, {}});
    if (const auto picture = drawn(plan.drawing, names); !picture.empty())
        made.parts.push_back(Heading{picture, {}, {}});
    for (std::size_t i = 1; i < plan.forecast.size() && made.parts.size() < most_view_blocks; ++i)
        made.parts.push_back(line(plan.forecast[i], names));
    if (plan.becomes.empty())
        return form(made);
    made.parts.push_back(Heading{"*What the payload would become:*", {}, {}});
    auto shown = form(made);
    const auto becomes =
        forecast_view(plan.becomes, "Nothing is stored yet. A dead letter is read again when it is replayed.", names);
    for (const auto& block : becomes["blocks"])
        if (shown["blocks"].size() < most_view_blocks)
            shown["blocks"].push_back(block);
    return shown;
}

View settings_saved(const std::vector<std::string>& lines, const Names& names)
{
    Form made;
    made.title = "Saved";
    made.close = "Done";
    made.callback = view::settings_done;
    made.last = true;
    made.parts.push_back(Heading{"✅ It holds from now on. Pages that run already go on as they began.", {}, {}});
    for (const auto& one : lines)
        if (made.parts.size() < most_plan)
            made.parts.push_back(line(one, names));
    return form(made);
}

View settings_rotate(const std::string& source)
{
    Form made;
    made.title = "A new key";
    made.submit = "Make the key";
    made.callback = view::settings_rotate;
    made.metadata = source;
    made.parts.push_back(Heading{"Source " + bold(setting_word(source)) + " gets a new key, which you are shown once.", {}, {}});
    Field overlap;
    overlap.kind = Field::Kind::one;
    overlap.id = "overlap";
    overlap.label = "The old key stops working";
    overlap.hint = "Time to put the new key where the alerts come from. Until then both are taken.";
    overlap.required = true;
    overlap.choices = {{"in 24 hours", "24h", ""}, {"in an hour", "1h", ""}, {"in 7 days", "7d", ""}, {"at once", "0s", ""}};
    made.parts.push_back(overlap);
    return form(made, {{"overlap", {"24h"}}});
}

View settings_key(const KeyView& shown)
{
    const auto code = [](const std::string& text) { return "`" + one_line(text, 500) + "`"; };
    Form made;
    made.title = "The key, shown once";
    made.close = "I have copied it";
    made.callback = view::settings_done;
    made.last = true;
    made.parts.push_back(
        Heading{"⚠️ Copy it now: nobody can show it again, I keep only its fingerprint. Whoever has it can send "
                "alerts as source "
                + bold(setting_word(shown.source)) + ".",
            {}, {}});
    if (shown.format == "pagerduty" || shown.format == "paging") {
        made.parts.push_back(Heading{"*Address* of the Events API\n" + code(shown.address + "/v2/enqueue"), {}, {}});
        made.parts.push_back(Heading{"*Routing key*\n" + code(shown.key), {}, {}});
    } else if (shown.format == "opsgenie") {
        made.parts.push_back(Heading{"*Address* in place of Opsgenie's\n" + code(shown.address), {}, {}});
        made.parts.push_back(Heading{"*API key*\n" + code(shown.key), {}, {}});
    } else {
        made.parts.push_back(Heading{"*Address*\n" + code(shown.address + "/hooks/" + shown.key), {}, {}});
        made.parts.push_back(Heading{"*Key* (the last part of it)\n" + code(shown.key), {}, {}});
    }
    if (shown.guessed)
        made.parts.push_back(
            Heading{"This address is where I listen, and may work on my own machine alone: ONCALL_PUBLIC_URL is not "
                    "set. From elsewhere put the name and port in its place by which I am reached.",
                {}, {}});
    if (shown.old_until)
        made.parts.push_back(Heading{"The old key works until " + date(*shown.old_until) + ".", {}, {}});
    for (auto& part : paste_parts(shown.setup))
        made.parts.push_back(std::move(part));
    if (!shown.setup.empty()) {
        made.parts.push_back(
            Heading{"When that is done, I wait with you, an hour at most, and write to you in a direct message what "
                    "the first event became. Most tools have a button that sends a test.",
                {}, {}});
        made.parts.push_back(std::vector<Press>{{"Wait for the first event", action::source_wait, shown.source, false, {}}});
    }
    return form(made);
}

} // namespace blocks
