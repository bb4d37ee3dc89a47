#include "handlers/source_command.hpp"

#include "blocks/sources.hpp"
#include "config/nearest.hpp"
#include "handlers/first_event.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/intake.hpp"
#include "handlers/look.hpp"
#include "handlers/opening.hpp"
#include "handlers/source_mapping.hpp"
#include "handlers/source_views.hpp"
#include "oncall/look_permission.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers {

using oncall::Configuration;
using oncall::Refusal;
using slack::Json;
using storage::PayloadState;
using storage::Transaction;
namespace action = blocks::action;

namespace {

constexpr std::string_view source_again{"`/oncall source` once more"};

slack::View paste_form(const Configuration& configuration, const std::string& source)
{
    std::vector<std::string> names;
    for (const auto& [name, one] : configuration.sources)
        names.push_back(name);
    return blocks::source_paste_form(names, configuration.sources.contains(source) ? source : std::string{});
}

/// The form of a new source, with the format in it that somebody has named.
slack::View form_of_new_source(Transaction& tx, const Context& app, const std::string& word, const Asked& asked)
{
    std::string format;
    std::vector<std::string> known;
    for (const auto& one : sources::formats()) {
        known.emplace_back(one.name);
        if (oncall::lower(word) == one.name || oncall::lower(word) == oncall::lower(one.product))
            format = one.name;
    }
    if (format.empty() && !word.empty())
        if (const auto near = config::nearest(oncall::lower(word), known))
            format = *near;
    if (format.empty() && !word.empty())
        throw Refusal{"I know no format " + word + ". There are: " + oncall::listed(known)
            + ". What posts JSON of its own is `/oncall source add generic`."};
    FormState state;
    state.subject = {"source", "", true};
    const auto around = surroundings(tx, app, state.subject, asked);
    oncall::permit_settings(around.editor, *around.now);
    auto values = values_of(state.subject, *around.now, around.naming);
    if (!format.empty())
        values["format"] = {"=" + format};
    return form_view(state, values, around);
}

/// What it would become now, if it came again.
slack::View would_become(Transaction& tx, const Context& app, std::int64_t id, const Asked& asked)
{
    const auto payload = payload_meant(tx, id);
    const auto around = around_source(tx, app, payload.source, asked);
    const auto& source = source_meant(*around.now, payload.source);
    permit_source(around, payload.source);
    auto read = supposed(sent_again(payload, asked.now), source);
    if (!payload.whole)
        read.note = "It was longer than what is kept of it.";
    const auto foreseen = what_would_become(tx, app, *around.now, read, asked.now);
    return blocks::forecast_view(foreseen, note_below(read), around.names);
}

slack::View as_it_came(Transaction& tx, const Context& app, std::int64_t id, const Asked& asked)
{
    const auto payload = payload_meant(tx, id);
    const auto around = around_source(tx, app, payload.source, asked);
    permit_source(around, payload.source);
    blocks::PayloadView shown;
    shown.source = payload.source;
    shown.line = line_of_payload(payload, true);
    shown.headers = payload.headers;
    shown.query = payload.query;
    shown.body = payload.body;
    shown.whole = payload.whole;
    return blocks::source_payload(shown, around.names);
}

std::string dismiss(Transaction& tx, const Context& app, std::int64_t id, const Asked& asked)
{
    const auto payload = payload_meant(tx, id);
    permit_source(around_source(tx, app, payload.source, asked), payload.source);
    const auto words = "dismissed by " + oncall::mention(asked.actor) + "; it was: " + payload.words;
    if (!storage::Payloads{tx}.move(id, PayloadState::unread, PayloadState::dismissed, words, payload.alerts))
        return "It is no dead letter any more.";
    clear_unread(tx, app, payload, asked.now);
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "dismiss", "a dead letter of source " + payload.source, payload.words, "");
    return "It is dismissed.";
}

std::string begin_to_wait(Transaction& tx, const Context& app, const std::string& source, const Asked& asked)
{
    const auto around = around_source(tx, app, source, asked);
    source_meant(*around.now, source);
    permit_source(around, source);
    if (!wait_for_first_event(tx, source, asked.actor, asked.now))
        return {};
    const auto until = waits_until(tx, source, asked.actor).value_or(asked.now);
    // By direct message, which tells that they work, and stays when the view is closed.
    storage::Outbox{tx}.add(
        "first_event:" + source + ":" + asked.actor + ":begun:" + std::to_string(until.time_since_epoch().count()),
        "person_words", storage::Priority::answer, asked.actor, 0,
        asked.actor + "\n⏳ I wait for the first event of source " + source + " until " + oncall::date_token(until)
            + ", and write here what it becomes.",
        asked.now);
    return {};
}

/// What a press opens on top of the view; none: it changes the view it is in.
MakeForm opened_by(const slack::Action& pressed, const Asked& asked, Context& app)
{
    const auto& id = pressed.action_id;
    const auto value = pressed.value;
    if (id == action::source_add)
        return [&app, asked](Transaction& tx) { return form_of_new_source(tx, app, "", asked); };
    if (id == action::source_paste)
        return [&app, value](Transaction&) { return paste_form(*app.configuration(), value); };
    if (id == action::source_lines)
        return [&app, value](Transaction&) {
            const auto configuration = app.configuration();
            return blocks::source_lines(value, lines_to_paste(app, source_meant(*configuration, value), ""));
        };
    if (id != action::source_payload)
        return {};
    const auto [what, which] = value_in_two(value);
    const auto payload = number_in(which);
    if (what == "test")
        return [&app, asked, payload](Transaction& tx) { return would_become(tx, app, payload, asked); };
    if (what == "show")
        return [&app, asked, payload](Transaction& tx) { return as_it_came(tx, app, payload, asked); };
    if (what == "map")
        return [&app, asked, payload](Transaction& tx) { return mapping_form(tx, app, payload, asked); };
    return {};
}

/// What stands in the view after a press. `words`: what a replay came to.
slack::View after_press(Transaction& tx, const Context& app, const slack::Action& pressed, const Asked& asked, std::string words)
{
    const auto& id = pressed.action_id;
    oncall::permit_look(asker_of(tx, asked));
    if (id == action::source_list || id == action::source_list_back)
        return list_of_sources(tx, app, number_in<std::size_t>(pressed.value));
    if (id == action::source_open)
        return view_of_source(tx, app, pressed.value, asked);
    if (id == action::source_wait) {
        words = begin_to_wait(tx, app, pressed.value, asked);
        return view_of_source(tx, app, pressed.value, asked, words);
    }
    if (const auto [what, payload] = value_in_two(pressed.value); what == "dismiss")
        words = dismiss(tx, app, number_in(payload), asked);
    return view_of_source(tx, app, pressed.private_metadata, asked, words);
}

/// Checks, and then replays it in transactions of its own: whoever presses twice replays once. The words are hers.
asio::awaitable<std::string> replay_pressed(std::int64_t payload, Asked asked, Context& app)
{
    std::string no;
    auto permit = [&](Transaction& tx) {
        try {
            const auto found = payload_meant(tx, payload);
            permit_source(around_source(tx, app, found.source, asked), found.source);
        } catch (const Refusal& refusal) {
            no = refusal.what();
        }
    };
    co_await app.database.read(permit);
    if (!no.empty())
        co_return no;
    auto replaying = replay(app, payload, asked);
    co_return co_await std::move(replaying);
}

asio::awaitable<void> change_source_view(slack::Action pressed, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall source", app);
    std::string words;
    const auto value = value_in_two(pressed.value);
    if (pressed.action_id == action::source_payload && value.first == "replay") {
        auto replaying = replay_pressed(number_in(value.second), asked, app);
        words = co_await std::move(replaying);
    }
    auto make = [&app, pressed, asked, words](Transaction& tx) {
        auto view = after_press(tx, app, pressed, asked, words);
        // Where a key is shown it stays: what was pressed there is answered by direct message.
        return pressed.callback_id == blocks::view::settings_done ? slack::View{} : std::move(view);
    };
    auto changing = change_view(make, pressed, app);
    co_await std::move(changing);
}

/// "add grafana" → "grafana"; nullopt: it does not begin so.
std::optional<std::string> behind(const std::string& rest, std::string_view word)
{
    if (oncall::lower(rest).substr(0, word.size()) != word || (rest.size() > word.size() && rest[word.size()] != ' '))
        return std::nullopt;
    return oncall::trimmed(rest.substr(word.size()));
}

} // namespace

Answer source_command(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall source", app);
    rest = oncall::trimmed(rest);
    auto make = [&app, rest, asked](Transaction& tx) {
        const auto configuration = app.configuration();
        if (rest.empty() || !configuration->sources.contains(rest)) {
            if (const auto format = behind(rest, "add"))
                return form_of_new_source(tx, app, *format, asked);
            if (const auto format = behind(rest, "new"))
                return form_of_new_source(tx, app, *format, asked);
            if (const auto source = behind(rest, "test"))
                return paste_form(*configuration, *source);
        }
        oncall::permit_look(asker_of(tx, asked));
        return rest.empty() || rest == "list" ? list_of_sources(tx, app, 0) : view_of_source(tx, app, rest, asked);
    };
    auto opened = open_made_form(make, opening_by(command, std::string{source_again}), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_source(slack::Action pressed, std::string, Context& app)
{
    const auto asked = asked_by(pressed.actor, "/oncall source", app);
    if (auto make = opened_by(pressed, asked, app))
        open_on_top(std::move(make), pressed, std::string{source_again}, app);
    else
        app.tasks.spawn("a view of the sources", change_source_view(std::move(pressed), app));
    co_return Json{};
}

Answer submit_source_payload(slack::Submission sent, std::string, Context& app)
{
    const auto asked = asked_by(sent.actor, "/oncall source", app);
    const auto values = blocks::form_values(sent.state);
    const auto first = [&](std::string_view field) {
        const auto found = values.find(std::string{field});
        return found == values.end() || found->second.empty() ? std::string{} : found->second.front();
    };
    const auto text = first(blocks::view::source_paste_text);
    auto name = first(blocks::view::source_paste_source);
    name.erase(0, name.starts_with('=') ? 1 : 0);
    std::map<std::string, std::string> errors;
    auto look = [&](Transaction& tx) {
        slack::View view;
        try {
            oncall::permit_look(asker_of(tx, asked));
            const auto configuration = app.configuration();
            const auto read = name.empty() ? supposed(text, *configuration)
                                           : supposed(sent_from_text(text), source_meant(*configuration, name));
            const auto names = storage::People{tx}.names();
            view = blocks::forecast_view(what_would_become(tx, app, *configuration, read, asked.now), note_below(read), names);
        } catch (const Refusal& refusal) {
            errors.emplace(blocks::view::source_paste_text, blocks::plain(refusal.what(), storage::People{tx}.names()));
        }
        return view;
    };
    auto view = co_await app.database.read(look);
    if (!errors.empty())
        co_return errors_answer(errors);
    co_return view_answer("push", std::move(view));
}

} // namespace handlers
