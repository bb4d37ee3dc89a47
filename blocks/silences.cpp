#include "blocks/silences.hpp"

#include "blocks/heartbeats.hpp"
#include "blocks/kit.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_silences = 15, most_silence_words = 400, most_open_shown = 8, most_paused_name = 80;

Mrkdwn match_words(const oncall::Silence& what) { return one_line(oncall::words_of_match(what), most_silence_words); }

Mrkdwn silence_line(const SilenceLine& line, const Names& names)
{
    const bool planned = line.what.kind == oncall::Hold::Kind::maintenance;
    auto text = (planned ? Mrkdwn{"🛠️ *Maintenance of "} : Mrkdwn{"🔕 *Silence of "}) + match_words(line.what) + "*";
    if (line.until)
        text += " until " + date(*line.until);
    else if (line.next)
        text += ", next " + date(*line.next);
    if (const auto again = one_line(oncall::words_of_recurrence(line.what), most_silence_words); !again.empty())
        text += "\n" + again + ", until " + date(line.what.to);
    text += "\nby " + name(line.what.made_by, names);
    if (const auto reason = one_line(line.what.reason, most_silence_words); !reason.empty())
        text += ": " + reason;
    if (line.until || line.held > 0)
        text += "\nHolds " + number(line.held) + (line.held == 1 ? Mrkdwn{" alert"} : Mrkdwn{" alerts"})
            + (line.held == 0 ? Mrkdwn{} : ", " + number(line.open) + " of them open");
    if (!line.gone.empty()) {
        std::string all;
        for (const auto& one : line.gone)
            all += (all.empty() ? "" : ", ") + one;
        text += "\n⚠️ There is no " + one_line(all, most_silence_words) + " any more: it meets nothing of that.";
    }
    return text;
}

Field silence_field(Field::Kind kind, std::string_view id, std::string label, std::string hint = {}, std::string placeholder = {})
{
    Field made;
    made.kind = kind;
    made.id = std::string{id};
    made.label = std::move(label);
    made.hint = std::move(hint);
    made.placeholder = std::move(placeholder);
    return made;
}

Field silence_choices(std::string_view id, std::string label, std::vector<Choice> choices, std::string_view lookup = {})
{
    auto made = silence_field(Field::Kind::some, id, std::move(label));
    made.choices = std::move(choices);
    made.lookup = lookup;
    return made;
}

} // namespace

Message silences(const std::vector<SilenceLine>& lines, const std::string& note, const std::string& undo, const Names& names,
    const std::vector<oncall::Heartbeat>& paused)
{
    std::vector<Json> blocks;
    if (!note.empty())
        blocks.push_back(
            undo.empty() ? section(prose(note, names)) : section(prose(note, names), button("Undo", action::silence_undo, undo)));
    const auto all = lines.size() + paused.size();
    if (all == 0)
        blocks.push_back(section("Nothing is silent: whatever comes pages as it should."));
    std::size_t listed = 0;
    for (const auto& line : lines) {
        if (listed == most_silences)
            break;
        ++listed;
        const auto value = std::to_string(line.what.id) + ":" + std::to_string(line.version);
        blocks.push_back(section(silence_line(line, names)));
        const bool ends = line.until && !oncall::comes_back(line.what);
        blocks.push_back(actions(
            {button(ends ? "End now" : "Delete", action::silence_end, value), button("Edit", action::silence_edit, value)}));
    }
    for (const auto& one : paused) {
        if (listed == most_silences)
            break;
        ++listed;
        blocks.push_back(section("🔕 *Heartbeat " + one_line(one.name, most_paused_name) + "* is " + pause_words(one, names)
            + ". `/oncall heartbeats` resumes it."));
    }
    if (all > listed)
        blocks.push_back(context({"and " + number(static_cast<std::int64_t>(all - listed)) + " more"}));
    blocks.push_back(context({"What is silent is shown on its cards and pages nobody; what is open at the end pages then."}));
    return message(note.empty() ? Mrkdwn{"What is silent"} : prose(note, names), std::move(blocks));
}

std::vector<Part> silence_parts(const SilenceForm& shown)
{
    const bool planned = shown.kind == oncall::Hold::Kind::maintenance;
    std::vector<Part> parts;
    if (!shown.note.empty())
        parts.push_back(Heading{"⚠️ " + prose(shown.note, {}), {}, {}});
    parts.push_back(silence_choices(field::silence_services, "Services", shown.services, action::silence_services));
    auto teams = silence_choices(field::silence_teams, "Teams", shown.teams, action::silence_teams);
    if (planned)
        teams.hint = "With neither services nor teams it is of everything.";
    parts.push_back(std::move(teams));
    if (!planned) {
        parts.push_back(silence_choices(field::silence_severities, "Severities",
            {{"critical", "critical", {}}, {"error", "error", {}}, {"warning", "warning", {}}, {"info", "info", {}}}));
        auto title = silence_field(Field::Kind::text, field::silence_title, "Title contains", {}, "disk full");
        title.most = 200;
        parts.push_back(std::move(title));
        parts.push_back(silence_field(Field::Kind::lines, field::silence_terms, "Labels and source",
            "One a line. All that is given here must be so.", "labels.cluster=eu-1"));
    }
    auto from = silence_field(Field::Kind::moment, field::silence_from, "From", planned ? "" : "Empty: now.");
    from.required = planned;
    parts.push_back(std::move(from));
    auto to = silence_field(Field::Kind::moment, field::silence_to, planned ? "To" : "Until",
        planned ? "The end of the first time." : "At most 30 days: nothing is silent for ever.");
    to.required = true;
    parts.push_back(std::move(to));
    if (planned) {
        auto repeat = silence_field(
            Field::Kind::one, field::silence_repeat, "Comes back", "At the same local times, also when the clocks change.");
        repeat.choices = {{"Once", std::string{nothing}, {}}, {"Every day", "daily", {}}, {"Monday to Friday", "weekdays", {}},
            {"Every week", "weekly", {}}};
        parts.push_back(std::move(repeat));
        parts.push_back(silence_field(
            Field::Kind::moment, field::silence_until, "Comes back until", "Of one that comes back; at most a year."));
        auto zone = silence_field(Field::Kind::text, field::silence_zone, "Time zone", {}, "Europe/Berlin");
        zone.most = 60;
        parts.push_back(std::move(zone));
    }
    auto reason = silence_field(Field::Kind::text, field::silence_reason, "Why", {}, "the rack is moved");
    reason.required = true;
    reason.most = 200;
    parts.push_back(std::move(reason));
    if (!shown.edits) {
        auto open = silence_field(
            Field::Kind::tick, field::silence_open_too, "Alerts that page now", "Otherwise what pages already goes on.");
        open.choices = {{"Hold those open now as well", "true", {}}};
        parts.push_back(std::move(open));
    }
    return parts;
}

View silence_form(const SilenceForm& shown)
{
    const bool planned = shown.kind == oncall::Hold::Kind::maintenance;
    Form made;
    made.title = planned ? "Maintenance" : "Silence";
    made.submit = "Look at it";
    made.callback = view::silence_form;
    made.metadata = shown.metadata;
    made.parts = silence_parts(shown);
    return form(made, shown.values);
}

View silence_plan(const SilencePlan& plan, const Names& names)
{
    const bool planned = plan.what.kind == oncall::Hold::Kind::maintenance;
    Form made;
    made.title = plan.done ? "Done" : plan.draft.empty() ? "Not possible" : "Check, then save";
    made.submit = plan.draft.empty() ? "" : planned ? "Save" : "Silence";
    made.close = plan.done ? "Close" : "Back";
    made.last = plan.done;
    made.callback = view::silence_plan;
    made.metadata = plan.draft;
    if (!plan.note.empty())
        made.parts.push_back(Heading{(plan.done ? Mrkdwn{} : Mrkdwn{"⚠️ "}) + prose(plan.note, names), {}, {}});
    if (!plan.undo.empty())
        made.parts.push_back(std::vector<Press>{{"Undo", action::silence_undo, plan.undo, false, {}}});
    if (!plan.draft.empty()) {
        auto what = bold(match_words(plan.what)) + "\n" + date(plan.what.from) + " – " + date(plan.what.to);
        if (const auto again = one_line(oncall::words_of_recurrence(plan.what), most_silence_words); !again.empty())
            what += "\n" + again;
        if (const auto reason = one_line(plan.what.reason, most_silence_words); !reason.empty())
            what += "\n" + reason;
        made.parts.push_back(Heading{std::move(what), {}, {}});
        if (!plan.times.empty()) {
            Mrkdwn times{"Its next times:"};
            for (const auto& [from, to] : plan.times)
                times += "\n• " + date(from) + " – " + date(to);
            made.parts.push_back(Heading{std::move(times), {}, {}});
        }
        Mrkdwn met{"In the last week it would have met "};
        met += (plan.counted_all ? Mrkdwn{} : Mrkdwn{"more than "}) + number(plan.last_week)
            + (plan.last_week == 1 ? Mrkdwn{" alert."} : Mrkdwn{" alerts."});
        made.parts.push_back(Heading{std::move(met), {}, {}});
        Mrkdwn open = plan.open_count == 0 ? Mrkdwn{"No alert that is open now is met."}
                                           : "Open now: " + number(plan.open_count) + " that it meets; "
                + (plan.open_too ? Mrkdwn{"what pages of these stops, and pages again at the end if it is open."}
                                 : Mrkdwn{"what pages of these goes on."});
        for (std::size_t i = 0; i < std::min(plan.open.size(), most_open_shown); ++i)
            open += "\n• " + one_line(plan.open[i], 150);
        made.parts.push_back(Heading{std::move(open), {}, {}});
    }
    for (const auto& one : plan.grave)
        made.parts.push_back(Heading{"⚠️ " + one_line(one, most_silence_words), {}, {}});
    if (!plan.grave.empty() && !plan.draft.empty()) {
        auto sure = silence_field(Field::Kind::tick, field::silence_sure, "Are you sure?");
        sure.choices = {{"Yes, nobody is to be paged for these", "true", {}}};
        sure.required = true;
        made.parts.push_back(std::move(sure));
    }
    return form(made);
}

} // namespace blocks
