#include "blocks/schedule_picture.hpp"

#include "blocks/kit.hpp"
#include "blocks/overrides.hpp"
#include "blocks/schedule_form.hpp"
#include "blocks/schedule_name.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_schedule_word = 60;
constexpr std::size_t most_together = 6;
constexpr std::size_t most_in_list = 40;
constexpr std::size_t most_alt = 2'000;

Mrkdwn people_or_nobody(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : all) {
        if (shown.size() == most_together) {
            shown.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_together)) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return shown.empty() ? Mrkdwn{"⚠️ nobody"} : joined(shown, ", ");
}

Mrkdwn now_line(const ScheduleShown& shown)
{
    auto line = "Now: " + bold(people_or_nobody(shown.on_call.people, shown.names));
    if (shown.on_call.until)
        line += " until " + date(*shown.on_call.until) + ", then " + people_or_nobody(shown.on_call.next, shown.names);
    return line;
}

/// "Ana → Bo", at each handoff.
Mrkdwn next_lines(const ScheduleShown& shown)
{
    std::vector<Mrkdwn> lines;
    for (std::size_t i = 1; i < shown.next.size(); ++i)
        lines.push_back("• " + date(shown.next[i].from) + ": " + people_or_nobody(shown.next[i - 1].people, shown.names) + " → "
            + people_or_nobody(shown.next[i].people, shown.names));
    return joined(lines, "\n");
}

std::string look_value(const ScheduleShown& shown)
{
    const auto seconds = [](oncall::TimePoint at) {
        return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    };
    return seconds(shown.from) + ":" + seconds(shown.to) + ":" + (shown.alone ? "1" : "0") + ":" + shown.schedule;
}

} // namespace

Json picture(const std::string& file, const std::string& alt)
{
    Json json;
    json["type"] = "image";
    json["slack_file"]["id"] = file;
    json["alt_text"] = clean(alt, most_alt);
    return json;
}

Message schedule_shown(const ScheduleShown& shown)
{
    const auto next = next_lines(shown);
    const auto value = look_value(shown);
    const auto coming = next.empty() ? Mrkdwn{} : bold("Next handoffs") + "\n" + next;
    auto parts = escape(shown.period) + " · the picture's times are those of " + one_line(shown.time_zone, most_schedule_word);
    if (!shown.team.empty())
        parts += " · pages team " + one_line(shown.team, most_schedule_word);
    auto text = schedule_name(shown.schedule) + ": " + now_line(shown);
    if (!next.empty())
        text += "\n" + next;
    return message(text,
        {section(bold("Schedule " + schedule_name(shown.schedule))), section(now_line(shown)), section(coming), context({parts}),
            actions({button("◀ Earlier", action::schedule_earlier, value), button("Later ▶", action::schedule_later, value),
                button("Override …", action::override_open, "schedule:" + shown.schedule),
                button("Edit …", action::schedule_edit, shown.schedule),
                shown.alone ? button("Post in this channel", action::schedule_post, value) : Json{}})});
}

Message schedule_words(const ScheduleShown& shown)
{
    const auto line = now_line(shown);
    return message(schedule_name(shown.schedule) + ": " + line,
        {section(bold(schedule_name(shown.schedule)) + "\n" + line),
            context({"The picture of " + escape(shown.period) + " follows in a moment."})});
}

Message schedules(const std::vector<ScheduleListed>& all)
{
    if (all.empty()) {
        const Mrkdwn none{"There are no schedules yet. The configuration says who is on call."};
        return message(none, {section(none), actions({button("New schedule …", action::schedule_new, "")})});
    }
    std::vector<Mrkdwn> lines;
    std::vector<Option> options;
    for (const auto& one : all) {
        const auto team = one_line(one.team, most_schedule_word);
        const auto line = "• " + schedule_name(one.name) + (team.empty() ? Mrkdwn{} : " (team " + team + ")");
        if (lines.size() < most_in_list)
            lines.push_back(line);
        options.push_back({plain_label(one.name)["text"].get<std::string>(), one.name});
    }
    if (all.size() > most_in_list)
        lines.push_back("and " + number(static_cast<std::int64_t>(all.size() - most_in_list)) + " more");
    return message("Schedules:\n" + joined(lines, "\n"),
        {header("Schedules"), section(joined(lines, "\n")),
            actions({select("Show one …", action::schedule_pick, options), button("New schedule …", action::schedule_new, "")}),
            context({"`/oncall schedule payments` shows two weeks; `/oncall schedule payments next month`, `4w` or `2026-12` "
                     "other times."})});
}

} // namespace blocks
