#include "blocks/my_shifts.hpp"

#include "blocks/contact.hpp"
#include "blocks/kit.hpp"
#include "blocks/overrides.hpp"
#include "blocks/schedule_picture.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_word = 60;
constexpr std::size_t most_people = 6;

Mrkdwn people(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : all) {
        if (shown.size() == most_people) {
            shown.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_people)) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return joined(shown, ", ");
}

Mrkdwn line(const oncall::MyShift& shift, oncall::TimePoint now, const Names& names)
{
    const bool runs = shift.start <= now;
    auto text = runs ? bold("On call now") + " until " + date(shift.end) : date(shift.start) + " – " + date(shift.end);
    if (runs && !shift.begun_before)
        text += ", since " + date(shift.start);
    std::vector<Mrkdwn> around;
    if (const auto before = people(shift.before, names); !before.empty() && !runs)
        around.push_back("after " + before);
    else if (shift.before.empty() && !runs)
        around.push_back("nobody before you");
    const auto after = people(shift.after, names);
    around.push_back(after.empty() ? Mrkdwn{"⚠️ nobody after you"} : "then " + after);
    if (const auto with = people(shift.with, names); !with.empty())
        around.push_back("together with " + with);
    return text + "\n" + joined(around, ", ");
}

Mrkdwn called(const std::string& schedule)
{
    const auto shown = one_line(schedule, most_word);
    return shown.empty() ? "(no name)" : shown;
}

} // namespace

Message my_shifts(const std::vector<oncall::MyShift>& shifts, oncall::TimePoint now, const Names& names)
{
    const auto buttons =
        actions({button("Override …", action::override_open, ""), button("How I am reached", action::contact_open, "")});
    if (shifts.empty()) {
        const Mrkdwn none{"You are not on call in the next 90 days, by any schedule."};
        return message(none, {section(none), buttons, context({"`/oncall schedule` lists the schedules."})});
    }
    std::vector<Mrkdwn> text;
    std::vector<Json> shown{header("When you are on call")};
    for (const auto& shift : shifts) {
        const auto words = line(shift, now, names);
        text.push_back(called(shift.schedule) + ": " + words);
        shown.push_back(section(
            bold(called(shift.schedule)) + " · " + words, button("Show schedule", action::schedule_pick, shift.schedule)));
    }
    shown.push_back(context({"Times are yours."}));
    shown.push_back(buttons);
    return message(joined(text, "\n"), std::move(shown));
}

} // namespace blocks
