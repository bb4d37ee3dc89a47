#include "blocks/who_then.hpp"

#include "blocks/kit.hpp"
#include "blocks/schedule_name.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_people_then = 10;
constexpr std::size_t most_schedules_then = 30;

Mrkdwn people_then(const std::vector<std::string>& all, const Names& names)
{
    std::vector<Mrkdwn> called;
    for (const auto& person : all) {
        if (called.size() == most_people_then) {
            called.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_people_then)) + " more");
            break;
        }
        called.push_back(name(person, names));
    }
    return called.empty() ? Mrkdwn{"⚠️ nobody"} : joined(called, ", ");
}

} // namespace

Message who_then(const std::vector<OnCallThen>& all, std::optional<oncall::TimePoint> at, oncall::TimePoint from,
    oncall::TimePoint to, const Names& names)
{
    const auto when = at ? date(*at) : date(from) + " – " + date(to);
    std::vector<Mrkdwn> text{"On call " + when};
    std::vector<Json> shown{section(bold("On call " + when))};
    for (const auto& one : all) {
        if (text.size() > most_schedules_then) {
            const auto more = "and " + number(static_cast<std::int64_t>(all.size() - most_schedules_then)) + " more schedules";
            text.push_back(more);
            shown.push_back(context({more}));
            break;
        }
        std::vector<Mrkdwn> lines;
        for (const auto& stretch : one.stretches)
            lines.push_back(at ? people_then(stretch.people, names)
                               : date(stretch.from) + " – " + date(stretch.to) + ": " + people_then(stretch.people, names));
        if (one.more)
            lines.push_back("and so on");
        text.push_back(schedule_name(one.schedule) + ": " + joined(lines, "; "));
        shown.push_back(section(bold(schedule_name(one.schedule)) + "\n" + joined(lines, "\n")));
    }
    shown.push_back(context({"By the schedules as they are now, with their overrides."}));
    return message(joined(text, "\n"), std::move(shown));
}

} // namespace blocks
