#include "blocks/handoff.hpp"
#include "handlers/climb.hpp"
#include "handlers/handoff.hpp"
#include "handlers/handoff_routes.hpp"
#include "handlers/opening.hpp"
#include "handlers/page_words.hpp"
#include "handlers/said.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;
namespace view = blocks::view;

namespace {

constexpr std::string_view no_handoff{
    "You are on call by no schedule, and went off none within the last 12 hours: there is no handoff to write a note for. "
    "`/oncall` shows who is on call."};

/// Behind the value of the schedule whose note the form shows.
constexpr char note_is_shown = '*';

std::string note_value(const NoteTarget& target) { return std::to_string(target.watched) + ":" + std::to_string(target.handoff); }

slack::View form_of(Transaction& tx, const std::vector<NoteTarget>& targets, const std::string& watched, const std::string& who)
{
    blocks::NoteForm form;
    const auto* chosen = &targets.front();
    for (const auto& target : targets)
        if (std::to_string(target.watched) == watched)
            chosen = &target;
    for (const auto& target : targets) {
        form.handoffs.push_back(
            {"schedule " + target.schedule + (target.handoff == 0 ? ": whoever comes after me" : ": whoever came after me"),
                note_value(target), {}});
        if (&target == chosen)
            form.handoffs.back().value += note_is_shown;
    }
    form.chosen = note_value(*chosen) + note_is_shown;
    if (const auto note = storage::HandoffNotes{tx}.find(chosen->schedule, who, chosen->handoff))
        form.text = note->text;
    return blocks::note_form(form);
}

std::vector<NoteTarget> targets_of(Transaction& tx, const Context& app, const Asked& asked)
{
    auto targets = note_targets(tx, app, asked.actor, asked.now);
    if (targets.empty())
        throw Refusal{std::string{no_handoff}};
    return targets;
}

/// "payments the cache is cold": of which schedule, if that was said, and what.
std::pair<const NoteTarget*, std::string> note_target_in(const std::vector<NoteTarget>& targets, const std::string& words)
{
    const NoteTarget* named = nullptr;
    for (const auto& target : targets) {
        const bool is_it = words.starts_with(target.schedule)
            && (words.size() == target.schedule.size() || words[target.schedule.size()] == ' '
                || words[target.schedule.size()] == ':');
        if (is_it && (!named || named->schedule.size() < target.schedule.size()))
            named = &target;
    }
    if (!named)
        return {targets.size() == 1 ? &targets.front() : nullptr, words};
    const auto rest = words.find_first_not_of(" :", named->schedule.size());
    return {named, rest == words.npos ? "" : words.substr(rest)};
}

std::string note_value_in(const blocks::Values& values, std::string_view field)
{
    const auto found = values.find(std::string{field});
    return found == values.end() || found->second.empty() ? "" : found->second.front();
}

std::string lead_of(const Reminders& chosen) { return chosen.note ? duration_out(*chosen.note) : "never"; }

slack::View reminders_of(Transaction& tx, const std::string& who)
{
    const auto all = storage::ReminderChoices{tx}.all();
    std::vector<std::string> before;
    for (const auto one : all(who).before)
        before.push_back(duration_out(one));
    return blocks::reminders_form(before, lead_of(all(who)));
}

/// Opens what `load` builds, or says why not.
Answer open_handoff_form(slack::Action pressed, std::string delivery, Context& app, std::function<slack::View(Transaction&)> load)
{
    Opening opening;
    opening.trigger_id = pressed.trigger_id;
    opening.response_url = pressed.response_url;
    opening.instead = "it as a command";
    opening.person = pressed.actor.user;
    auto opened = open_or_refuse(std::move(load), std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

} // namespace

Answer handoff(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall handoff", app);
    if (rest.empty()) {
        auto make = [&app, asked](Transaction& tx) { return form_of(tx, targets_of(tx, app, asked), "", asked.actor); };
        auto opened = open_made_form(make, opening_by(command, "`/oncall handoff …` with your note"), app);
        co_await std::move(opened);
        co_return Json{};
    }
    slack::View form;
    std::string words;
    bool done_before = false;
    blocks::Names names;
    auto work = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        const auto targets = targets_of(tx, app, asked);
        const auto [target, text] = note_target_in(targets, rest);
        if (target && text.empty()) {
            form = form_of(tx, targets, std::to_string(target->watched), asked.actor);
            return;
        }
        if (!target) {
            std::string all;
            for (const auto& one : targets)
                all += (all.empty() ? "" : ", ") + one.schedule;
            throw Refusal{"Of which schedule? Yours are " + all + ". Write `/oncall handoff " + targets.front().schedule
                + " …`, or `/oncall handoff` alone for a form."};
        }
        done_before = !storage::Inbox{tx}.first(delivery, asked.now);
        if (done_before)
            return;
        remember(tx, asked);
        const auto whole = blocks::kit::clean(trimmed(typed_plain(text, names)), std::string::npos);
        const auto kept = blocks::kit::clean(whole, blocks::most_note);
        words = write_note(tx, *target, kept, asked);
        if (kept != whole)
            words += " It was too long, and its end is cut off: look at it with `/oncall handoff`.";
    };
    co_await app.database.transaction(work);
    if (done_before)
        co_return Json{};
    if (words.empty()) {
        app.tasks.spawn("open the handoff note",
            open_form(std::move(form), command.trigger_id, command.response_url, "`/oncall handoff …` with your note", app));
        co_return Json{};
    }
    co_return said(blocks::words(words, names));
}

Answer click_handoff_note(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto watched = pressed.value;
    auto load = [=, &app](Transaction& tx) { return form_of(tx, targets_of(tx, app, asked), watched, asked.actor); };
    return open_handoff_form(std::move(pressed), std::move(delivery), app, std::move(load));
}

Answer submit_handoff_note(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto values = blocks::form_values(filled.state);
    auto which = note_value_in(values, view::handoff_of);
    const bool is_shown = which.ends_with(note_is_shown);
    if (is_shown)
        which.pop_back();
    const auto text = trimmed(note_value_in(values, view::handoff_text));
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const auto targets = note_targets(tx, app, asked.actor, asked.now);
        auto found = std::find_if(targets.begin(), targets.end(), [&](const auto& one) { return note_value(one) == which; });
        // The shift has ended while the form was open: it is the same handoff.
        if (found == targets.end() && which.ends_with(":0"))
            found = std::find_if(
                targets.begin(), targets.end(), [&](const auto& one) { return which == std::to_string(one.watched) + ":0"; });
        if (found == targets.end())
            throw Refusal{"This handoff was more than 12 hours ago, or is not yours any more, so its note stays as it is."};
        // What the form did not show is not written over.
        if (!is_shown && storage::HandoffNotes{tx}.find(found->schedule, asked.actor, found->handoff))
            throw Refusal{"There is a note of yours for schedule " + found->schedule
                + " already, which this form did not show. `/oncall handoff " + found->schedule + "` shows it, to be changed."};
        remember(tx, asked);
        write_note(tx, *found, text, asked);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

Answer click_handoff_accept(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        std::string words;
        bool done = false;
        try {
            words = accept_handoff(tx, app, pressed.value, asked);
            done = true;
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        // In her own messages the button has done its work; the channel's message shows it by itself.
        if (done && pressed.value.starts_with('h') && !pressed.response_url.empty())
            storage::Outbox{tx}.add("respond:" + delivery, "respond_over", storage::Priority::answer,
                response_lane(pressed.response_url), 0, pressed.response_url + "\n" + words, asked.now);
        else
            respond(tx, delivery, pressed.response_url, words, asked.now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

Answer reminders(slack::Command command, std::string, std::string, Context& app)
{
    const auto who = command.actor.user;
    auto make = [who](Transaction& tx) { return reminders_of(tx, who); };
    auto opened = open_made_form(make, opening_by(command, "`/oncall reminders` once more"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_reminders(slack::Action pressed, std::string delivery, Context& app)
{
    const auto who = pressed.actor.user;
    auto load = [=](Transaction& tx) { return reminders_of(tx, who); };
    return open_handoff_form(std::move(pressed), std::move(delivery), app, std::move(load));
}

Answer submit_reminders(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "/oncall reminders", app);
    const auto values = blocks::form_values(filled.state);
    Reminders chosen;
    chosen.before.clear();
    if (const auto ticked = values.find(std::string{view::reminders_before}); ticked != values.end())
        for (const auto one : reminder_choices)
            if (std::find(ticked->second.begin(), ticked->second.end(), duration_out(one)) != ticked->second.end())
                chosen.before.push_back(one);
    chosen.note.reset();
    for (const auto one : note_choices)
        if (duration_out(one) == note_value_in(values, view::reminders_note))
            chosen.note = one;
    auto work = [&](Transaction& tx) {
        const storage::ReminderChoices choices{tx};
        const auto before = choices.all()(asked.actor);
        if (before == chosen)
            return;
        remember(tx, asked);
        choices.save(asked.actor, chosen);
        const auto listed = [](const Reminders& all) {
            std::string text;
            for (const auto one : all.before)
                text += (text.empty() ? "" : ", ") + duration_out(one);
            return (text.empty() ? "none" : text) + "; note " + lead_of(all);
        };
        storage::Audit{tx}.add(
            asked.now, asked.actor, asked.via, "choose reminders", asked.actor, listed(before), listed(chosen));
        plan_handoffs(tx, app, asked.now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

Answer click_pager_test(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        try {
            test_pager(tx, app, asked);
        } catch (const Refusal& refusal) {
            respond_or_write(tx, delivery, pressed.response_url, asked.actor, refusal.what(), asked.now);
        }
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

} // namespace handlers
