#include "blocks/overrides.hpp"

#include "blocks/kit.hpp"
#include "blocks/schedule_name.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::OverrideField;
using oncall::Stead;

namespace {

constexpr std::size_t most_changes = 20;
constexpr std::size_t most_people_listed = 10;
constexpr std::size_t most_listed = 14; // each is three blocks of a message's fifty
constexpr std::size_t most_override_word = 60;
constexpr std::size_t most_reason = 300;

/// `written` is how one of them is.
template <class Written> Mrkdwn first_few(const std::vector<std::string>& all, Written written)
{
    std::vector<Mrkdwn> called;
    for (const auto& person : all) {
        if (called.size() == most_people_listed) {
            called.push_back("+" + number(static_cast<std::int64_t>(all.size() - most_people_listed)) + " more");
            break;
        }
        called.push_back(written(person));
    }
    return called.empty() ? Mrkdwn{"nobody"} : joined(called, ", ");
}

Mrkdwn people(const std::vector<std::string>& all, const Names& names)
{
    return first_few(all, [&](const std::string& person) { return name(person, names); });
}

/// In a view a mention notifies nobody, and Slack knows everybody's name.
Mrkdwn people_in_view(const std::vector<std::string>& all, const Names& names)
{
    return first_few(
        all, [&](const std::string& person) { return names.contains(person) ? name(person, names) : mention(person); });
}

Mrkdwn span(oncall::TimePoint from, oncall::TimePoint to) { return date(from) + " – " + date(to); }

/// One stretch a line: when, who before, who after.
std::vector<Json> rows(const std::vector<oncall::ShiftChange>& changes, const Names& names)
{
    std::vector<Json> shown;
    for (const auto& change : changes) {
        if (shown.size() == most_changes) {
            shown.push_back(context({"and " + number(static_cast<std::int64_t>(changes.size() - most_changes)) + " more"}));
            break;
        }
        shown.push_back(section(span(change.start, change.end) + "\n" + people_in_view(change.before, names) + "  →  "
            + bold(people_in_view(change.after, names))));
    }
    return shown;
}

std::string value_of(Stead stead)
{
    return std::string{stead == Stead::as_well ? view::stead_as_well
            : stead == Stead::one_person       ? view::stead_one_person
                                               : view::stead_everybody};
}

std::string plain_name(const std::string& person, const Names& names)
{
    const auto known = names.find(person);
    return known == names.end() || known->second.empty() ? person : known->second;
}

/// "Bo instead of Ana", "Bo instead of everybody", "Bo as well", "without Chi"
Mrkdwn meaning(const oncall::Override& one, const Names& names)
{
    const auto who = people(one.people, names);
    const auto of = one.rotation.empty() ? Mrkdwn{} : ", rotation " + schedule_name(one.rotation);
    switch (one.kind) {
    case oncall::Override::Kind::add: return bold(who) + " as well" + of;
    case oncall::Override::Kind::remove: return "without " + bold(who) + of;
    case oncall::Override::Kind::put: break;
    }
    return bold(who) + " instead of " + (one.instead_of.empty() ? Mrkdwn{"everybody"} : name(one.instead_of, names)) + of;
}

/// More than a menu holds are found by typing.
Json schedule_input(const std::vector<std::string>& all, const std::string& chosen)
{
    std::vector<Option> schedules;
    for (const auto& one : all)
        schedules.push_back({one, one});
    auto made = told_at_once(choice_of("Schedule", view::override_schedule, "Choose a schedule", schedules, chosen));
    if (auto& element = made["element"]; element.contains("option_groups")) {
        element.erase("option_groups");
        element["type"] = "external_select";
        element["min_query_length"] = 0;
    }
    return made;
}

std::vector<Json> fields(const OverrideForm& form)
{
    std::vector<Json> made;
    const auto& draft = form.draft;
    if (form.id == 0) {
        made.push_back(schedule_input(form.schedules, draft.schedule));
    } else {
        made.push_back(section("Schedule " + bold(schedule_name(draft.schedule))));
    }
    const auto what = draft.times_only ? meaning(form.edited, form.names) : people_in_view(draft.people, form.names);
    if (form.begun) {
        made.push_back(section(what + " since " + date(draft.from.value_or(oncall::TimePoint{}))));
        made.push_back(context({"It has begun, so its end is what can still change. Another override changes who."}));
        made.push_back(told_at_once(moment_input("To", view::override_to, draft.to)));
        return made;
    }
    if (draft.times_only) {
        made.push_back(section(what));
        made.push_back(
            context({"Here its times can change. Who, and what it does, is changed in the file, or by another override."}));
        made.push_back(told_at_once(moment_input("From", view::override_from, draft.from)));
        made.push_back(told_at_once(moment_input("To", view::override_to, draft.to)));
        return made;
    }
    made.push_back(told_at_once(people_input(
        "Who is on call then", view::override_people, "Choose one person or several", draft.people, oncall::most_put_on_call)));
    made.push_back(told_at_once(moment_input("From", view::override_from, draft.from)));
    made.push_back(told_at_once(moment_input("To", view::override_to, draft.to)));
    made.push_back(told_at_once(radio_input("Instead of", view::override_stead,
        {{"Everybody on call", value_of(Stead::everybody)}, {"One person", value_of(Stead::one_person)},
            {"Nobody: they are on call as well", value_of(Stead::as_well)}},
        value_of(draft.stead))));
    if (draft.stead == Stead::one_person && !form.on_call.empty()) {
        std::vector<Option> whose;
        for (const auto& person : form.on_call)
            whose.push_back({plain_name(person, form.names), person});
        made.push_back(told_at_once(
            choice_of("Whose time they take", view::override_instead_of, "Choose a person", whose, draft.instead_of)));
    }
    return made;
}

/// What it changes, or why that cannot be said yet.
std::vector<Json> preview(const OverrideForm& form)
{
    std::vector<Json> shown{divider(), section("*Before → after*")};
    if (!form.looked_at.problems.empty()) {
        std::vector<Mrkdwn> hints;
        for (const auto& [field, words] : form.looked_at.problems)
            hints.push_back(prose(words, form.names));
        shown.push_back(context({joined(hints, "\n")}));
        return shown;
    }
    auto changes = rows(form.looked_at.changes, form.names);
    if (changes.empty())
        changes.push_back(context({"The same people are on call."}));
    shown.insert(shown.end(), changes.begin(), changes.end());
    return shown;
}

Json undo_button(const std::string& undo)
{
    return undo.empty() ? Json{} : actions({button("Undo", action::override_undo, undo)});
}

} // namespace

View override_form(const OverrideForm& form)
{
    auto blocks = fields(form);
    if (!form.note.empty())
        blocks.insert(blocks.begin(), section("⚠️ " + prose(form.note, form.names)));
    auto reason = text_input(
        "Reason", view::override_reason, "I am at the dentist's", "Everybody it concerns reads it.", 300, Need::optional);
    if (!one_line(form.reason, most_reason).empty())
        reason["element"]["initial_value"] = form.reason; // it came out of such a field
    blocks.push_back(std::move(reason));
    for (auto& block : preview(form))
        blocks.push_back(std::move(block));
    auto made = modal(
        form.id == 0 ? "Override" : "Edit override", form.id == 0 ? "Make it" : "Save", view::override_form, std::move(blocks));
    made["private_metadata"] = std::to_string(form.id) + ":" + std::to_string(form.version) + ":" + form.seen;
    return made;
}

View override_done(const OverrideDone& done)
{
    std::vector<Json> blocks{section(prose(done.words, done.names))};
    for (auto& row : rows(done.changes, done.names))
        blocks.push_back(std::move(row));
    if (!done.told.empty())
        blocks.push_back(context({"Told: " + people_in_view(done.told, done.names)}));
    blocks.push_back(undo_button(done.undo));
    blocks.push_back(context({"`/oncall overrides` lists, edits and takes back."}));
    auto made = modal("Override", "", view::override_form, std::move(blocks));
    made.erase("submit");
    made["close"]["text"] = "Close";
    return made;
}

Message overrides(const std::vector<OverrideLine>& all, oncall::TimePoint now, const Names& names, const std::string& words,
    const std::string& undo)
{
    std::vector<OverrideLine> lines;
    for (const auto& line : all)
        if (!oncall::is_over(line.one, now))
            lines.push_back(line);
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.one.from < b.one.from; });

    std::vector<Mrkdwn> text{prose(words, names)};
    std::vector<Json> blocks{section(text.front()), undo_button(undo), header("Overrides")};
    const auto another = actions({button("Override …", action::override_open, "", Style::primary)});
    if (lines.empty()) {
        text.push_back("No override holds, and none is to come.");
        blocks.push_back(section(text.back()));
        blocks.push_back(another);
        return message(joined(text, "\n"), std::move(blocks));
    }
    std::size_t shown = 0;
    for (const auto& line : lines) {
        if (shown++ == most_listed) {
            text.push_back("and " + number(static_cast<std::int64_t>(lines.size() - most_listed))
                + " more: `/oncall overrides` with a schedule's name lists its own");
            blocks.push_back(context({text.back()}));
            break;
        }
        const auto value = std::to_string(line.one.id) + ":" + std::to_string(line.version);
        const bool runs = oncall::has_begun(line.one, now);
        const auto headline = schedule_name(line.schedule) + ": " + meaning(line.one, names);
        const auto when = span(line.one.from, line.one.to);
        text.push_back(headline + ", " + when);
        blocks.push_back(section((runs ? Mrkdwn{"🟢 "} : "") + headline + "\n" + when));
        blocks.push_back(context({line.made_by.empty() ? Mrkdwn{} : "by " + name(line.made_by, names),
            shortened(prose(line.reason, names), most_reason)}));
        blocks.push_back(actions({button("Edit …", action::override_edit, value),
            runs ? button("End now", action::override_end, value) : button("Take back", action::override_take_back, value)}));
    }
    blocks.push_back(another);
    return message(joined(text, "\n"), std::move(blocks));
}

} // namespace blocks
