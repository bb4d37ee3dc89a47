#include "handlers/settings.hpp"

#include "config/items.hpp"
#include "slack/message.hpp"
#include "storage/drafts.hpp"

#include <algorithm>

namespace handlers {

using slack::Json;

namespace {

constexpr auto draft_lives = std::chrono::hours{24};

/// "levels[0].patience" → "level 1, patience"; "then.service" → "service".
std::string field_words(std::string field)
{
    if (field.starts_with("then."))
        field.erase(0, 5);
    if (field.starts_with("levels[")) {
        const auto end = field.find(']');
        const auto index = field.substr(7, end - 7);
        if (end != field.npos && index.find_first_not_of("0123456789") == index.npos && index.size() < 4)
            field =
                "level " + std::to_string(std::stoi(index) + 1) + (end + 2 < field.size() ? ", " + field.substr(end + 2) : "");
    }
    std::replace(field.begin(), field.end(), '_', ' ');
    return field;
}

std::string difference_line(const config::Difference& difference, bool is_new)
{
    const auto field = "• " + field_words(difference.field) + ": ";
    if (is_new)
        return field + difference.after;
    return field + difference.before + " → " + difference.after;
}

std::string title_of(const config::Change& change)
{
    if (change.kind == "order")
        return "the order of the rules";
    const auto what = change.kind + " " + change.name;
    return change.action == config::Action::create ? "new: " + what
        : change.action == config::Action::remove  ? what + " is deleted"
                                                   : what;
}

std::vector<config::Item> held(storage::Transaction& tx)
{
    std::vector<config::Item> items;
    for (const auto& item : storage::Items{tx}.all())
        if (!item.holds.empty() && item.kind != "order")
            items.push_back({item.kind, item.name, item.holds});
    return items;
}

Json edits_json(const std::vector<config::Edit>& edits)
{
    auto list = Json::array();
    for (const auto& edit : edits) {
        Json one;
        one["kind"] = edit.kind;
        one["name"] = edit.name;
        one["json"] = edit.json;
        one["opened_with"] = edit.opened_with;
        if (!edit.signing_secret.empty())
            one["signing_secret"] = edit.signing_secret;
        if (edit.place)
            one["place"] = *edit.place;
        if (!edit.order_seen.empty())
            one["order_seen"] = edit.order_seen;
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace

std::string words_of(const config::Problem& problem)
{
    return problem.what + (problem.fix.empty() ? "." : ": " + problem.fix + (problem.fix.ends_with('?') ? "" : "."));
}

std::vector<std::string> lines_of(const config::Plan& plan)
{
    std::vector<std::string> lines;
    for (const auto& change : plan.changes) {
        if (change.action == config::Action::keep)
            continue;
        lines.push_back(title_of(change));
        if (change.action != config::Action::remove)
            for (const auto& difference : change.fields)
                lines.push_back(difference_line(difference, change.action == config::Action::create));
    }
    return lines;
}

std::string in_use(storage::Transaction& tx, const std::string& kind, const std::string& name)
{
    std::string users;
    for (const auto& one : config::users_of(held(tx), kind, name))
        users += (users.empty() ? "" : ", ") + one;
    return users.empty() ? "" : kind + " " + name + " is used by " + users + ". Change or delete that first.";
}

std::vector<std::string> rules_in_order(storage::Transaction& tx)
{
    std::vector<std::string> names;
    for (const auto& item : held(tx))
        if (item.kind == "rule")
            names.push_back(item.name);
    return names;
}

void permit_edits(storage::Transaction& tx, const std::vector<config::Edit>& edits, const oncall::Editor& editor)
{
    const auto before = held(tx);
    auto after = before;
    for (const auto& edit : edits) {
        const auto found = std::find_if(after.begin(), after.end(),
            [&](const config::Item& item) { return item.kind == edit.kind && item.name == edit.name; });
        if (edit.json.empty()) {
            if (found != after.end())
                after.erase(found);
        } else if (found != after.end()) {
            found->json = edit.json;
        } else {
            after.push_back({edit.kind, edit.name, edit.json});
        }
    }
    const auto was = config::configuration_of(before).configuration, becomes = config::configuration_of(after).configuration;
    for (const auto& edit : edits)
        oncall::permit_edit(editor, edit.kind, edit.name, was, becomes);
}

config::Edit edit_to(const Subject& subject, const oncall::Configuration& becomes, const Surroundings& around)
{
    config::Edit edit;
    edit.kind = subject.kind;
    edit.name = subject.name;
    edit.opened_with = around.holds;
    for (auto& item : config::items_of(becomes))
        if (item.kind == subject.kind && item.name == subject.name)
            edit.json = std::move(item.json);
    return edit;
}

Planned plan_edits(storage::Transaction& tx, Context& app, const std::vector<config::Edit>& edits, const Surroundings& around,
    const Asked& asked)
{
    permit_edits(tx, edits, around.editor);
    const auto plan = edit(tx, app, edits, asked, true).plan;
    Planned planned;
    planned.problems = plan.problems;
    planned.changes = plan.changes_anything();
    if (!plan.problems.empty()) {
        for (const auto& problem : plan.problems)
            planned.view.lines.push_back(problem.what + ". " + problem.fix);
        return planned;
    }
    planned.view.lines = lines_of(plan);
    planned.view.removes = std::all_of(edits.begin(), edits.end(), [](const config::Edit& one) { return one.json.empty(); });
    if (!planned.changes)
        return planned;
    planned.view.draft = app.random.token(16);
    const storage::Drafts drafts{tx};
    drafts.forget_before(asked.now - draft_lives);
    drafts.add({planned.view.draft, asked.actor, edits_json(edits).dump(), asked.now});
    return planned;
}

} // namespace handlers
