#include "handlers/schedule_draft.hpp"

#include "blocks/schedule_form.hpp"
#include "config/schedule_yaml.hpp"
#include "delivery/text_file.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/permits.hpp"
#include "handlers/policy_draft.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using blocks::Heading;
using blocks::Values;
using oncall::Refusal;
using slack::Json;
namespace action = blocks::action;

namespace {

const std::string no_room{"no_room"}; // beside the fields: the YAML does not fit into one

std::string drafted_name(const Subject& subject) { return subject.fresh ? std::string{"new"} : subject.name; }

ScheduleParts parts_wanted(const FormState& state, const Surroundings& around, TimePoint now)
{
    ScheduleParts wanted;
    wanted.name = state.subject.name;
    wanted.fresh = state.subject.fresh;
    wanted.now = now;
    wanted.has_been =
        !wanted.fresh && !around.holds.empty() && has_been_used(schedule_in(around.holds, wanted.name).schedule, now);
    return wanted;
}

blocks::Form schedule_modal(const FormState& state, std::string_view callback)
{
    blocks::Form form;
    form.callback = callback;
    form.metadata = metadata_of(state);
    form.generation = state.generation;
    return form;
}

struct RotationPress {
    std::string how{};
    std::size_t index{std::string::npos};
    std::size_t to{std::string::npos};
};

/// "edit:3", "move:3:2"
RotationPress rotation_press_in(const std::string& value)
{
    const auto colon = std::min(value.find(':'), value.size());
    RotationPress press;
    press.how = value.substr(0, colon);
    const auto* const end = value.data() + value.size();
    if (colon == value.size())
        return press;
    const auto* at = std::from_chars(value.data() + colon + 1, end, press.index).ptr;
    if (at != end && *at == ':')
        std::from_chars(at + 1, end, press.to);
    return press;
}

/// What was typed; what only we put there stays ours.
Values typed_into(const Json& state)
{
    auto typed = blocks::form_values(state);
    Values fields;
    for (auto& [field, texts] : typed)
        if (field == "name" || field == "time_zone" || field == "effective" || field == "yaml" || field.starts_with("rotation."))
            fields[field] = std::move(texts);
    return fields;
}

std::string file_name_of(const std::string& schedule)
{
    std::string name;
    for (const char c : schedule)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    return (name.empty() ? "schedule" : name.substr(0, 60)) + ".yaml";
}

void send_yaml(storage::Transaction& tx, Context& app, const std::string& name, std::string text, const Asked& asked)
{
    delivery::TextFile file;
    file.person = asked.actor;
    file.name = file_name_of(name);
    file.words = (name.empty() ? std::string{"The new schedule"} : "Schedule " + name)
        + " as YAML, as it stands in your form. Change it, and give it back: `/oncall schedule edit`, Edit YAML, From a file.";
    file.text = std::move(text);
    delivery::add_text_file(tx, app.random.token(16), file, asked.now);
}

/// It may be shown as YAML, and is given as a file where there is no room.
PressedSchedule show_yaml(storage::Transaction& tx, Context& app, FormState& state, Values& values, bool as_file,
    const Surroundings& around, const Asked& asked)
{
    const auto schedule = drafted(values, drafted_name(state.subject));
    const auto name = state.subject.fresh ? fields::text_in(values, "name") : state.subject.name;
    const auto typed = fields::texts_in(values, "yaml");
    const auto text = as_file && !typed.empty() && !typed.front().empty() ? typed.front() : config::schedule_yaml(schedule);
    if (text.size() > most_typed) {
        values[no_room] = {"true"};
        values.erase("yaml");
    } else {
        values["yaml"] = {text};
    }
    if (as_file || values.contains(no_room))
        send_yaml(tx, app, name, text, asked);
    keep_draft(tx, app, state, values, asked);
    return {
        schedule_yaml_view(state, values, around, asked.now, true), schedule_yaml_view(state, values, around, asked.now, false)};
}

void open_rotation(Values& values, FormState& state, std::size_t index, const Surroundings& around, TimePoint now)
{
    const auto schedule = drafted(values, drafted_name(state.subject));
    const bool is_there = index < schedule.rotations.size();
    const auto naming = naming_in(schedule, around.naming);
    forget_rotation(values);
    put_rotation(
        values, is_there ? newest_of(schedule.rotations[index]) : rotation_to_begin_with(schedule.time_zone, now), naming);
    state.level = static_cast<int>(std::min(index, schedule.rotations.size()));
}

/// The people that were chosen a moment ago and cannot answer a page.
void check_chosen(storage::Transaction& tx, const Values& values, const oncall::Rotation& before, const Naming& naming,
    const blocks::Names& names, std::map<std::string, std::string>& errors)
{
    std::vector<std::string> had;
    for (const auto& turn : before.turns)
        for (const auto& person : turn)
            if (const auto id = naming.ids.find(person); id != naming.ids.end())
                had.push_back(id->second);
    for (const auto& person : fields::texts_in(values, std::string{rotation_people}))
        if (!fields::contains(had, person))
            if (const auto why = cannot_answer(tx, person); !why.empty())
                errors.emplace(std::string{rotation_people}, blocks::plain(why, names));
}

} // namespace

Naming naming_in(const oncall::Schedule& schedule, Naming naming)
{
    const auto add = [&](const oncall::Rotation& rotation) {
        for (const auto& turn : rotation.turns)
            for (const auto& person : turn)
                if (person.find('@') == person.npos && !naming.ids.contains(person))
                    naming.ids[person] = person;
    };
    for (const auto& rotation : schedule.rotations) {
        add(rotation);
        for (const auto& version : rotation.versions)
            add(version);
    }
    return naming;
}

slack::View open_schedule(storage::Transaction& tx, Context& app, const std::string& name, bool fresh, const Asked& asked)
{
    FormState state;
    state.subject = {"schedule", fresh ? std::string{} : name, fresh};
    const auto around = surroundings(tx, app, state.subject, asked);
    if (fresh)
        oncall::permit_settings(around.editor, *around.now);
    else if (around.holds.empty())
        throw Refusal{"There is no schedule " + name + " any more. `/oncall schedule` lists those there are."};
    else
        oncall::permit_edit(around.editor, "schedule", name, *around.now, *around.now);
    state.seen = fingerprint(around.holds);
    Values values;
    if (fresh) {
        oncall::Schedule begun;
        begun.name = drafted_name(state.subject);
        if (const auto person = storage::People{tx}.find(asked.actor); person && oncall::is_time_zone(person->time_zone))
            begun.time_zone = person->time_zone;
        values["name"] = {name};
        put_schedule(values, begun, asked.now);
    } else {
        put_schedule(values, schedule_in(around.holds, name).schedule, asked.now);
    }
    keep_draft(tx, app, state, values, asked);
    return schedule_view(state, values, around, asked.now);
}

std::vector<blocks::Part> parts_of_schedule(
    const FormState& state, const Values& values, const Surroundings& around, TimePoint now)
{
    const auto schedule = drafted(values, drafted_name(state.subject));
    const auto naming = naming_in(schedule, around.naming);
    if (state.level < 0)
        return schedule_parts(parts_wanted(state, around, now), values, naming);
    const auto index = static_cast<std::size_t>(state.level);
    return rotation_parts(state.subject.name,
        index < schedule.rotations.size() ? newest_of(schedule.rotations[index]) : oncall::Rotation{}, schedule.time_zone,
        naming);
}

slack::View schedule_view(const FormState& state, const Values& values, const Surroundings& around, TimePoint now,
    const std::vector<std::string>& words)
{
    const bool is_rotation = state.level >= 0;
    auto form = schedule_modal(state, blocks::view::schedule_form);
    form.title = is_rotation ? "Rotation" : state.subject.fresh ? "New schedule" : "Edit schedule";
    form.submit = is_rotation ? "Done" : "Check";
    form.close = "Close";
    for (const auto& one : words)
        form.parts.push_back(Heading{"⚠️ " + blocks::kit::prose(one, around.names), {}, {}});
    for (auto& part : parts_of_schedule(state, values, around, now))
        form.parts.push_back(std::move(part));
    if (!is_rotation && !state.subject.fresh)
        form.parts.push_back(std::vector<blocks::Press>{{"Delete…", action::settings_delete, "", true, {}}});
    return blocks::form(form, values);
}

slack::View schedule_yaml_view(const FormState& state, const Values& values, const Surroundings& around, TimePoint now, bool file)
{
    auto form = schedule_modal(state, blocks::view::schedule_yaml);
    const bool fits = !values.contains(no_room);
    const bool can_be_given = fits || file; // else there is nothing to check
    form.title = "Edit YAML";
    form.submit = can_be_given ? "Check" : "";
    form.close = "Close";
    const auto wanted = parts_wanted(state, around, now);
    if (!wanted.fresh)
        form.parts.push_back(Heading{"schedule " + blocks::kit::bold(blocks::kit::one_line(wanted.name, 80)), {}, {}});
    else if (can_be_given)
        add_name(form.parts);
    form.parts.push_back(Heading{
        "It is what oncall.yaml has under the schedule's name. Comments are not kept, and overrides are not in it.", {}, {}});
    if (fits)
        form.parts.push_back(fields::lines("yaml", "YAML"));
    else
        form.parts.push_back(Heading{
            blocks::kit::Mrkdwn{"It is longer than the 3,000 characters that a field of Slack's holds. I am sending it to you "
                                "as a file, in your direct messages with me"}
                + (file ? blocks::kit::Mrkdwn{": change it there, and upload it here."} : blocks::kit::Mrkdwn{"."}),
            {}, {}});
    if (file) {
        blocks::Field upload;
        upload.kind = blocks::Field::Kind::file;
        upload.id = "file";
        upload.label = "From a file";
        upload.hint = fits ? "In place of the text above: yaml, yml or txt, up to 256 KB." : "yaml, yml or txt, up to 256 KB.";
        upload.required = !fits;
        upload.choices = {{"yaml", "yaml", ""}, {"yml", "yml", ""}, {"txt", "txt", ""}};
        form.parts.push_back(upload);
    } else {
        form.parts.push_back(
            Heading{"Slack takes no file here: perhaps the scope files:read is missing. Whoever installed me adds "
                    "it and installs me again; `oncall-bot apply` takes the whole oncall.yaml meanwhile.",
                {}, {}});
    }
    if (can_be_given)
        add_takes_effect(form.parts, wanted);
    std::vector<blocks::Press> presses;
    if (fits)
        presses.push_back({"Send it to me as a file", action::schedule_yaml_file, "", false, {}});
    presses.push_back({"Back without these changes", action::schedule_back, "", false, {}});
    form.parts.push_back(presses);
    return blocks::form(form, values);
}

slack::View schedule_yaml_again(
    const FormState& state, Values values, const Json& typed, const Surroundings& around, TimePoint now)
{
    const auto sent = blocks::form_values(typed);
    if (fields::text_in(sent, "yaml").empty())
        return schedule_view(state, values, around, now);
    for (const char* field : {"name", "effective", "yaml"})
        if (const auto found = sent.find(field); found != sent.end())
            values[field] = found->second;
    values.erase(no_room);
    return schedule_yaml_view(state, values, around, now, sent.contains("file"));
}

PressedSchedule press_schedule(storage::Transaction& tx, Context& app, const slack::Action& pressed, FormState state,
    const Surroundings& around, const Asked& asked)
{
    const bool back = pressed.action_id == action::schedule_back; // what was typed into the rotation or the YAML is let go
    auto [values, generation] = draft_of(tx, state, back ? Values{} : typed_into(pressed.state), asked);
    if (generation != state.generation) { // of a view that is gone: what stands there now
        state.generation = generation;
        state.level = -1;
        if (pressed.action_id == action::schedule_yaml_file)
            return {schedule_yaml_again(state, values, pressed.state, around, asked.now), {}};
        return {schedule_view(state, values, around, asked.now), {}};
    }
    ++state.generation;
    if (pressed.action_id == action::schedule_yaml || pressed.action_id == action::schedule_yaml_file)
        return show_yaml(tx, app, state, values, pressed.action_id == action::schedule_yaml_file, around, asked);
    if (back) {
        forget_rotation(values);
        values.erase("yaml");
        values.erase(no_room);
        state.level = -1;
    } else if (pressed.action_id == action::schedule_add_rotation) {
        open_rotation(values, state, std::string::npos, around, asked.now);
    } else if (const auto press = rotation_press_in(pressed.value); press.how == "edit") {
        open_rotation(values, state, press.index, around, asked.now);
    } else if (press.how == "remove") {
        remove_rotation(values, press.index);
    } else {
        move_rotation(values, press.index, press.to);
    }
    keep_draft(tx, app, state, values, asked);
    return {schedule_view(state, values, around, asked.now), {}};
}

std::map<std::string, std::string> take_rotation(
    storage::Transaction& tx, Context& app, FormState& state, Values& values, const Surroundings& around, const Asked& asked)
{
    auto draft = draft_of(tx, state, values, asked);
    values = std::move(draft.values);
    const auto index = static_cast<std::size_t>(std::max(state.level, 0));
    state.level = -1;
    if (draft.generation != state.generation) { // taken already
        state.generation = draft.generation;
        return {};
    }
    auto schedule = drafted(values, drafted_name(state.subject));
    const auto naming = naming_in(schedule, around.naming);
    const bool is_there = index < schedule.rotations.size();
    const auto before = is_there ? newest_of(schedule.rotations[index]) : rotation_to_begin_with(schedule.time_zone, asked.now);
    auto rotation = before;
    std::map<std::string, std::string> errors;
    read_rotation(rotation, values, schedule.time_zone, naming, asked.now, errors);
    check_chosen(tx, values, before, naming, around.names, errors);
    put_rotation_back(schedule, is_there ? index : std::string::npos, before, rotation);
    if (errors.empty()) {
        const auto begins =
            "schedule " + schedule.name + ".rotations[" + std::to_string(is_there ? index : schedule.rotations.size() - 1) + "].";
        for (const auto& problem : schedule_in(schedule_out(schedule), schedule.name).problems)
            if (problem.path.starts_with(begins))
                errors.emplace(rotation_field(problem.path.substr(begins.size())), words_of(problem));
    }
    if (!errors.empty())
        return errors;
    forget_rotation(values);
    keep_drafted(values, schedule);
    if (values.at("schedule").front().size() > most_drafted)
        throw Refusal{"It is too long for a form. Change it in oncall.yaml, and have it applied by `oncall-bot apply`."};
    ++state.generation;
    keep_draft(tx, app, state, values, asked);
    return {};
}

} // namespace handlers
