#include "blocks/my_shifts.hpp"

#include "blocks/contact.hpp"
#include "blocks/kit.hpp"
#include "blocks/overrides.hpp"
#include "blocks/schedule_name.hpp"
#include "blocks/schedule_picture.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_shift_word = 60;
constexpr std::size_t most_beside = 6;

Mrkdwn few_people(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : all) {
        if (shown.size() == most_beside) {
            shown.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_beside)) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return joined(shown, ", ");
}

Mrkdwn shift_line(const oncall::MyShift& shift, oncall::TimePoint now, const Names& names, bool own)
{
    const bool runs = shift.start <= now;
    const auto least = shift.goes_on ? Mrkdwn{"at least "} : Mrkdwn{};
    auto text =
        runs ? bold("On call now") + " until " + least + date(shift.end) : date(shift.start) + " – " + least + date(shift.end);
    if (runs && !shift.begun_before)
        text += ", since " + date(shift.start);
    std::vector<Mrkdwn> around;
    if (const auto before = few_people(shift.before, names); !before.empty() && !runs)
        around.push_back("after " + before);
    else if (shift.before.empty() && !runs)
        around.push_back(own ? Mrkdwn{"nobody before you"} : Mrkdwn{"nobody before"});
    const auto after = few_people(shift.after, names);
    if (!shift.goes_on)
        around.push_back(!after.empty() ? "then " + after
                : own                   ? Mrkdwn{"⚠️ nobody after you"}
                                        : Mrkdwn{"⚠️ nobody after"});
    if (const auto with = few_people(shift.with, names); !with.empty())
        around.push_back("together with " + with);
    return around.empty() ? text : text + "\n" + joined(around, ", ");
}

} // namespace

Message my_shifts(const std::vector<oncall::MyShift>& shifts, oncall::TimePoint now, const Names& names, const std::string& whose)
{
    const auto called = name(whose, names);
    const auto buttons =
        actions({button("Override …", action::override_open, ""), button("How I am reached", action::contact_open, "")});
    if (shifts.empty()) {
        const auto none = whose.empty() ? Mrkdwn{"You are not on call in the next 90 days, by any schedule."}
                                        : called + " is not on call in the next 90 days, by any schedule.";
        return message(none, {section(none), buttons, context({"`/oncall schedule` lists the schedules."})});
    }
    std::vector<Mrkdwn> text;
    std::vector<Json> shown{whose.empty() ? header("When you are on call") : section(bold("When " + called + " is on call"))};
    for (const auto& shift : shifts) {
        const auto words = shift_line(shift, now, names, whose.empty());
        text.push_back(schedule_name(shift.schedule) + ": " + words);
        shown.push_back(section(
            bold(schedule_name(shift.schedule)) + " · " + words, button("Show schedule", action::schedule_pick, shift.schedule)));
    }
    shown.push_back(context({"Times are yours."}));
    shown.push_back(buttons);
    return message(joined(text, "\n"), std::move(shown));
}

} // namespace blocks
