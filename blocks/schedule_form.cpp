#include "blocks/schedule_form.hpp"

#include "blocks/schedule_name.hpp"
#include "blocks/settings.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_plan_changes = 12;
constexpr std::size_t most_schedule_warnings = 12;
constexpr std::size_t most_schedule_lines = 12;
constexpr std::size_t most_at_once = 6;

Mrkdwn those_of(const std::vector<std::string>& people, const Names& names)
{
    std::vector<Mrkdwn> shown;
    for (const auto& person : people) {
        if (shown.size() == most_at_once) {
            shown.push_back("+" + number(static_cast<std::int64_t>(people.size() - most_at_once)) + " more");
            break;
        }
        shown.push_back(name(person, names));
    }
    return shown.empty() ? Mrkdwn{"⚠️ nobody"} : joined(shown, ", ");
}

Mrkdwn and_more(std::size_t all, std::size_t shown, const Mrkdwn& what)
{
    return "and " + number(static_cast<std::int64_t>(all - shown)) + what;
}

/// From when it holds.
Mrkdwn plan_since(const SchedulePlan& plan)
{
    if (plan.fresh)
        return "It holds from the moment you save it.";
    if (plan.takes_effect)
        return "It holds from " + date(*plan.takes_effect) + " on. Until then nothing changes.";
    return "It holds from the moment you save it. What has been stays as it was.";
}

std::vector<Mrkdwn> plan_changes(const SchedulePlan& plan, const Names& names)
{
    std::vector<Mrkdwn> lines{
        bold(plan.fresh ? Mrkdwn{"Who comes on call"} : Mrkdwn{"Who changes"}) + ", " + date(plan.from) + " – " + date(plan.to)};
    for (const auto& change : plan.changes) {
        if (lines.size() > most_plan_changes) {
            lines.push_back(and_more(plan.changes.size(), most_plan_changes, " times more"));
            break;
        }
        const auto when = "• " + date(change.start) + " – " + date(change.end) + ": ";
        lines.push_back(plan.fresh ? when + bold(those_of(change.after, names))
                                   : when + those_of(change.before, names) + " → " + bold(those_of(change.after, names)));
    }
    if (plan.changes.empty())
        lines.push_back(plan.fresh ? Mrkdwn{"⚠️ Nobody."} : Mrkdwn{"Nobody: the same people are on call at the same times."});
    return lines;
}

} // namespace

View schedule_plan(const SchedulePlan& plan, const Names& names)
{
    Form made;
    made.title = "Check, then save";
    made.submit = "Save";
    made.close = "Back";
    made.callback = view::schedule_plan;
    made.metadata = plan.draft;
    if (!plan.note.empty())
        made.parts.push_back(Heading{"⚠️ " + prose(plan.note, names), {}, {}});
    made.parts.push_back(Heading{(plan.fresh ? Mrkdwn{"New schedule "} : Mrkdwn{"Schedule "}) + bold(schedule_name(plan.schedule))
            + "\n" + plan_since(plan),
        {}, {}});
    const auto picture_at = made.parts.size();
    made.parts.push_back(Heading{joined(plan_changes(plan, names), "\n"), {}, {}});
    for (std::size_t i = 0; i < plan.warnings.size(); ++i) {
        if (i == most_schedule_warnings) {
            made.parts.push_back(Heading{and_more(plan.warnings.size(), i, " warnings more"), {}, {}});
            break;
        }
        made.parts.push_back(Heading{"⚠️ " + prose(plan.warnings[i], names), {}, {}});
    }
    std::vector<Mrkdwn> lines;
    for (std::size_t i = 0; i < plan.lines.size(); ++i) {
        if (i == most_schedule_lines) {
            lines.push_back(and_more(plan.lines.size(), i, " lines more"));
            break;
        }
        lines.push_back(shortened(prose(plan.lines[i], names), 220));
    }
    auto shown = form(made);
    if (!plan.picture.is_null()) {
        auto& parts = shown["blocks"];
        parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(picture_at), plan.picture);
    }
    if (auto small = context({joined(lines, "\n")}); !lines.empty() && !small.is_null())
        shown["blocks"].push_back(std::move(small));
    if (!plan.external_id.empty())
        shown["external_id"] = plan.external_id;
    return shown;
}

View schedule_saved(const std::string& schedule, std::optional<oncall::TimePoint> from)
{
    Form made;
    made.title = "Saved";
    made.close = "Done";
    made.callback = view::settings_done;
    made.last = true;
    const auto held = from ? "from " + date(*from) + " on" : Mrkdwn{"from now on"};
    made.parts.push_back(Heading{"✅ Schedule " + bold(schedule_name(schedule)) + " holds " + held + ".", {}, {}});
    made.parts.push_back(Heading{"Pages that run already go on as they began.", {}, {}});
    return form(made);
}

} // namespace blocks
