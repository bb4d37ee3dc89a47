#include "handlers/heartbeat_command.hpp"

#include "blocks/heartbeats.hpp"
#include "blocks/say.hpp"
#include "config/nearest.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/heartbeat_form.hpp"
#include "handlers/heartbeats.hpp"
#include "handlers/opening.hpp"
#include "handlers/pings.hpp"
#include "handlers/source_views.hpp"
#include "oncall/look_permission.hpp"
#include "oncall/silences.hpp"
#include "oncall/words.hpp"
#include "storage/heartbeats.hpp"

#include <algorithm>

namespace handlers {

using oncall::Heartbeat;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;
namespace action = blocks::action;

namespace {

constexpr std::string_view heartbeats_again{"`/oncall heartbeats` once more"};

/// Whoever may change what it is, and of one that pings have made whoever may change its source.
void permit_heartbeat(const Surroundings& around, const Heartbeat& one)
{
    const auto kind = one.configured ? "heartbeat" : "source";
    oncall::permit_edit(around.editor, kind, one.configured ? one.name : one.source, *around.now, *around.now);
}

bool may_edit_heartbeat(const Surroundings& around, const Heartbeat& one)
{
    try {
        permit_heartbeat(around, one);
        return true;
    } catch (const Refusal&) {
        return false;
    }
}

/// Those that are called so; of "cron/backup" that of the source cron.
std::vector<Heartbeat> heartbeats_called(const std::vector<Heartbeat>& all, const std::string& name)
{
    std::vector<Heartbeat> found;
    for (const auto& one : all)
        if (oncall::lower(one.name) == oncall::lower(name) || oncall::lower(one.source + "/" + one.name) == oncall::lower(name))
            found.push_back(one);
    if (!found.empty())
        return found;
    std::vector<std::string> known;
    for (const auto& one : all)
        known.push_back(one.name);
    const auto near = config::nearest(name, known);
    throw Refusal{"There is no heartbeat " + name + ". " + (near ? "Did you mean " + *near + "? " : std::string{})
        + "`/oncall heartbeats` lists those there are."};
}

Heartbeat heartbeat_meant(Transaction& tx, const std::string& name)
{
    auto found = heartbeats_called(storage::Heartbeats{tx}.all(), name);
    if (found.size() == 1)
        return std::move(found.front());
    std::vector<std::string> names;
    for (const auto& one : found)
        names.push_back("`" + one.source + "/" + one.name + "`");
    throw Refusal{"Several are called so: " + oncall::listed(names) + ". Write which."};
}

Heartbeat heartbeat_meant(Transaction& tx, std::int64_t id)
{
    auto found = storage::Heartbeats{tx}.find(id);
    if (!found)
        throw Refusal{"That heartbeat is there no more. `/oncall heartbeats` lists those there are."};
    return std::move(*found);
}

slack::View list_of_heartbeats(Transaction& tx, const Context& app, std::size_t page, const Asked& asked,
    const std::string& words = {}, const std::string& name = {})
{
    oncall::permit_look(asker_of(tx, asked));
    const auto around = surroundings(tx, app, {"heartbeat", "", true}, asked);
    auto all = storage::Heartbeats{tx}.all();
    if (!name.empty())
        all = heartbeats_called(all, name);
    // What needs somebody stands first.
    std::stable_partition(all.begin(), all.end(), [&](const Heartbeat& one) {
        const auto state = state_of(one, asked.now);
        return state == oncall::HeartbeatState::missing || state == oncall::HeartbeatState::failed;
    });
    blocks::HeartbeatsView shown;
    for (auto& one : all) {
        const bool may_edit = may_edit_heartbeat(around, one);
        if (!may_edit)
            one.last_words.clear(); // what it sent may be nobody else's
        shown.lines.push_back({std::move(one), may_edit});
    }
    shown.page = page;
    shown.said = words;
    if (app.our_beat)
        shown.ours = app.our_beat();
    shown.now = asked.now;
    shown.names = around.names;
    return blocks::heartbeats_list(shown);
}

slack::View form_of_heartbeat(Transaction& tx, const Context& app, const oncall::Monitor& begun, const Asked& asked)
{
    FormState state;
    state.subject = {"heartbeat", "", true};
    const auto around = surroundings(tx, app, state.subject, asked);
    oncall::permit_settings(around.editor, *around.now);
    if (around.now->sources.empty())
        throw Refusal{
            "A heartbeat is pinged by the key of a source, and there is none yet. `/oncall source add generic` makes one."};
    blocks::Values values;
    put_monitor(values, begun);
    if (begun.source.empty() && around.now->sources.size() == 1)
        values["source"] = {"=" + around.now->sources.begin()->first};
    values["name"] = {begun.name};
    return form_view(state, values, around);
}

/// What is configured is changed; what a ping has made is set up.
slack::View form_to_change(Transaction& tx, const Context& app, const Heartbeat& one, const Asked& asked)
{
    if (!one.configured) {
        oncall::Monitor monitor;
        monitor.name = one.name;
        monitor.source = one.source;
        monitor.every = oncall::heartbeat_interval(one.every, one.unit).value_or(monitor.every);
        monitor.grace = one.grace;
        monitor.description = one.description.size() <= oncall::most_monitor_description ? one.description : "";
        return form_of_heartbeat(tx, app, monitor, asked);
    }
    FormState state;
    state.subject = {"heartbeat", one.name, false};
    const auto around = surroundings(tx, app, state.subject, asked);
    permit_heartbeat(around, one);
    state.seen = fingerprint(around.holds);
    return form_view(state, values_of(state.subject, *around.now, around.naming), around);
}

/// What is paused already stays so, unless another end is said, which has a reason.
std::string pause_until(
    Transaction& tx, const Context& app, const Heartbeat& one, TimePoint until, const std::string& reason, const Asked& asked)
{
    const bool pauses = one.enabled || !reason.empty();
    if (pauses)
        pause_heartbeat(tx, app, one, until, reason, asked);
    return "Heartbeat " + one.name + " is paused until " + oncall::date_token(pauses ? until : one.paused_until)
        + ", unless somebody resumes it before: its silence is told nobody."
        + (reason.empty() ? " For longer: `/oncall heartbeats pause " + one.name + " 3d because …`." : std::string{});
}

/// pause, resume or delete; what was done, in words. Done twice, it is done once.
std::string change_heartbeat(
    Transaction& tx, const Context& app, const std::string& what, const Heartbeat& one, const Asked& asked)
{
    permit_heartbeat(surroundings(tx, app, {"heartbeat", one.name, false}, asked), one);
    if (what == "delete" && one.configured)
        throw Refusal{"Heartbeat " + one.name + " is configured: `/oncall settings heartbeats` changes and deletes it."};
    if (what == "delete") {
        remove_heartbeat(tx, app, one, asked.now);
        storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "delete", "heartbeat " + one.name, "", "");
        return "Heartbeat " + one.name
            + " is deleted. If it is pinged again and its source makes heartbeats by first pings, it is back.";
    }
    if (what == "pause")
        return pause_until(tx, app, one, asked.now + oncall::usual_pause, "", asked);
    if (!one.enabled)
        resume_heartbeat(tx, app, one, asked);
    return "Heartbeat " + one.name
        + (one.pinged_at == TimePoint{} ? " is resumed: its first ping begins the watch." : " is resumed: its time begins now.");
}

/// "backup 3d because the disk is moved"
std::string pause_as_said(Transaction& tx, const Context& app, const std::string& text, const Asked& asked)
{
    std::vector<std::string> names;
    for (const auto& one : storage::Heartbeats{tx}.all()) {
        names.push_back(one.name);
        names.push_back(one.source + "/" + one.name);
    }
    const auto said = oncall::pause_said(text, names, zone_of(tx, asked.actor), asked.now);
    const auto one = heartbeat_meant(tx, said.name);
    permit_heartbeat(surroundings(tx, app, {"heartbeat", one.name, false}, asked), one);
    if (!said.trouble.empty())
        throw Refusal{said.trouble};
    return pause_until(tx, app, one, said.until, said.reason, asked);
}

slack::View lines_of_heartbeat(const Context& app, const Heartbeat& one)
{
    return blocks::source_lines(one.source, ping_lines(app.address, "", one.name));
}

/// What a press opens on top of the list; none: it changes the list.
MakeForm opened_on_heartbeats(const slack::Action& pressed, const Asked& asked, Context& app)
{
    if (pressed.action_id == action::heartbeats_add)
        return [&app, asked](Transaction& tx) { return form_of_heartbeat(tx, app, {}, asked); };
    if (pressed.action_id != action::heartbeats_menu)
        return {};
    const auto [what, which] = value_in_two(pressed.value);
    const auto id = number_in(which);
    if (what == "lines")
        return [&app, asked, id](Transaction& tx) {
            oncall::permit_look(asker_of(tx, asked));
            return lines_of_heartbeat(app, heartbeat_meant(tx, id));
        };
    if (what == "edit")
        return [&app, asked, id](Transaction& tx) { return form_to_change(tx, app, heartbeat_meant(tx, id), asked); };
    return {};
}

slack::View heartbeats_after(Transaction& tx, const Context& app, const slack::Action& pressed, const Asked& asked)
{
    const bool by_menu = pressed.action_id == action::heartbeats_menu;
    const auto page = number_in<std::size_t>(by_menu ? pressed.private_metadata : pressed.value);
    std::string words;
    if (by_menu) {
        const auto [what, which] = value_in_two(pressed.value);
        if (what != "pause" && what != "resume" && what != "delete")
            throw Refusal{"This button is from another version of me. Open `/oncall heartbeats` again."};
        words = change_heartbeat(tx, app, what, heartbeat_meant(tx, number_in(which)), asked);
    }
    return list_of_heartbeats(tx, app, page, asked, words);
}

} // namespace

Answer heartbeats_command(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall heartbeats", app);
    rest = oncall::trimmed(rest);
    const auto blank = std::min(rest.find(' '), rest.size());
    const auto first = oncall::lower(rest.substr(0, blank));
    const auto name = oncall::trimmed(rest.substr(blank));
    const bool does = first == "pause" || first == "resume" || first == "delete" || first == "remove";
    if (does && !name.empty()) {
        const std::string what = first == "remove" ? "delete" : first;
        auto work = [&](Transaction& tx) {
            const auto words = what == "pause" ? pause_as_said(tx, app, name, asked)
                                               : change_heartbeat(tx, app, what, heartbeat_meant(tx, name), asked);
            return slack::body(blocks::words(words, storage::People{tx}.names()));
        };
        auto answer = co_await app.database.transaction(work);
        co_return answer;
    }
    auto make = [&app, rest, first, name, asked](Transaction& tx) {
        if (first == "add" || first == "new") {
            oncall::Monitor begun;
            begun.name = name;
            return form_of_heartbeat(tx, app, begun, asked);
        }
        const bool all = rest.empty() || first == "list" || ((first == "pause" || first == "resume") && name.empty());
        return list_of_heartbeats(tx, app, 0, asked, "", all ? "" : rest);
    };
    auto opened = open_made_form(make, opening_by(command, std::string{heartbeats_again}), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_heartbeats(slack::Action pressed, std::string, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall heartbeats", app);
    if (auto make = opened_on_heartbeats(pressed, asked, app)) {
        open_on_top(std::move(make), pressed, std::string{heartbeats_again}, app);
        co_return Json{};
    }
    auto make = [&app, pressed, asked](Transaction& tx) { return heartbeats_after(tx, app, pressed, asked); };
    app.tasks.spawn("the heartbeats", change_view(make, pressed, app));
    co_return Json{};
}

} // namespace handlers
