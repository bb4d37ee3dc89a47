#include "handlers/policy_draft.hpp"

#include "config/items.hpp"
#include "handlers/opening.hpp"
#include "handlers/permits.hpp"
#include "handlers/policy_form.hpp"
#include "storage/drafts.hpp"

namespace handlers {

using blocks::Values;
using oncall::Refusal;
using slack::Json;
namespace action = blocks::action;

namespace {

constexpr auto policy_draft_lives = std::chrono::hours{24};

std::string draft_json(const Values& values, int generation)
{
    Json json;
    json["generation"] = generation;
    json["values"] = Json::object();
    for (const auto& [field, texts] : values)
        json["values"][field] = texts;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

PolicyDraft draft_in(const std::string& text)
{
    const auto json = slack::parse(text, std::size_t{1} << 20);
    PolicyDraft draft;
    draft.generation = json.at("generation").get<int>();
    for (const auto& [field, texts] : json.at("values").items())
        draft.values[field] = texts.get<std::vector<std::string>>();
    return draft;
}

struct DraftPress {
    std::string how{};
    std::size_t index{};
};

/// "up:3"
DraftPress draft_press_in(const std::string& value)
{
    const auto [how, index] = value_in_two(value);
    return {how, number_in<std::size_t>(index)};
}

/// Of index - 1 and index + 1 the one that is meant; what is out of range is taken as such by who moves.
std::size_t beside(const DraftPress& pressed) { return pressed.how == "up" ? pressed.index - 1 : pressed.index + 1; }

void press_target(Values& values, std::size_t level, const DraftPress& pressed)
{
    if (pressed.how == "remove")
        remove_target(values, level, pressed.index);
    else
        move_target(values, level, pressed.index, beside(pressed));
}

void press_level(Values& values, FormState& state, const DraftPress& pressed)
{
    if (pressed.how == "remove")
        remove_level(values, pressed.index);
    else if (pressed.how != "edit")
        move_level(values, pressed.index, beside(pressed));
    else if (pressed.index < levels_in(values))
        state.level = static_cast<int>(pressed.index);
}

/// What is wrong with the policy as it stands, by field.
std::map<std::string, std::string> level_errors(const Subject& subject, const Values& values, oncall::Configuration all)
{
    std::map<std::string, std::string> errors;
    const auto name = subject.fresh ? std::string{"new"} : subject.name; // its name is asked for in the policy's form
    auto& policy = all.policies[name];
    policy = {};
    policy.name = name;
    read(policy, values, errors);
    const auto begins = "policy " + name + ".";
    for (const auto& problem : config::configuration_of(config::items_of(all)).problems)
        if (problem.path.starts_with(begins))
            errors.emplace(policy_field(policy, problem.path.substr(begins.size())), words_of(problem));
    return errors;
}

} // namespace

void keep_draft(storage::Transaction& tx, Context& app, FormState& state, const Values& values, const Asked& asked)
{
    const storage::Drafts drafts{tx};
    drafts.forget_before(asked.now - policy_draft_lives);
    if (state.draft.empty())
        state.draft = app.random.token(16);
    else
        drafts.forget(state.draft);
    drafts.add({state.draft, asked.actor, draft_json(values, state.generation), asked.now});
}

PolicyDraft draft_of(storage::Transaction& tx, const FormState& state, const Values& typed, const Asked& asked)
{
    const auto draft = state.draft.empty() ? std::nullopt : storage::Drafts{tx}.find(state.draft);
    if (!draft || draft->actor != asked.actor)
        throw Refusal{"This form is older than a day, or from another version of me. Open `/oncall "
            + std::string{state.subject.kind == "schedule" ? "schedule" : "settings"} + "` again."};
    auto found = draft_in(draft->edits);
    if (found.generation == state.generation)
        for (const auto& [field, texts] : typed)
            found.values[field] = texts;
    return found;
}

slack::View press_policy(storage::Transaction& tx, Context& app, const slack::Action& pressed, FormState state,
    const Surroundings& around, const Asked& asked)
{
    const bool back = pressed.action_id == action::settings_level_back; // what was typed into the level is let go
    auto [values, generation] = draft_of(tx, state, back ? Values{} : blocks::form_values(pressed.state), asked);
    if (generation != state.generation) { // of a view that is gone: what stands there now
        state.generation = generation;
        state.level = -1;
        return form_view(state, values, around);
    }
    const auto what = draft_press_in(pressed.value);
    ++state.generation;
    if (back) {
        const auto level = static_cast<std::size_t>(std::max(state.level, 0));
        if (values[level_field(level, "targets")].empty())
            remove_level(values, level); // it was added a moment ago
        state.level = -1;
    } else if (pressed.action_id == action::settings_target && state.level >= 0) {
        const auto level = static_cast<std::size_t>(state.level);
        press_target(values, level, what);
        take_added(values, level, around.naming); // what was chosen beside the list is not lost by a change of the list
    } else if (pressed.action_id == action::settings_add_level) {
        add_level(values);
        state.level = static_cast<int>(levels_in(values)) - 1;
    } else if (pressed.action_id == action::settings_level) {
        press_level(values, state, what);
    }
    keep_draft(tx, app, state, values, asked);
    return form_view(state, values, around);
}

std::map<std::string, std::string> take_level(
    storage::Transaction& tx, Context& app, FormState& state, Values& values, const Surroundings& around, const Asked& asked)
{
    auto draft = draft_of(tx, state, values, asked);
    values = std::move(draft.values);
    if (draft.generation != state.generation) { // taken already
        state.generation = draft.generation;
        state.level = -1;
        return {};
    }
    const auto level = static_cast<std::size_t>(std::max(state.level, 0));
    std::map<std::string, std::string> errors;
    for (const auto& person : values[level_field(level, "add_people")])
        if (const auto why = cannot_answer(tx, person); !why.empty())
            errors.emplace(level_field(level, "add_people"), blocks::plain(why, around.names));
    take_added(values, level, around.naming);
    for (const auto& [field, words] : level_errors(state.subject, values, *around.now))
        if (level_of(field) == level)
            errors.emplace(field, words);
    if (!errors.empty())
        return errors;
    ++state.generation;
    state.level = -1;
    keep_draft(tx, app, state, values, asked);
    return {};
}

} // namespace handlers
