#include "storage/levels.hpp"

#include "oncall/unable.hpp"
#include "storage/answers.hpp"
#include "storage/people_sync.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

std::optional<oncall::Beginning> RoundRobins::find(const std::string& policy, int levels_left) const
{
    Query row{tx, "SELECT name, place FROM round_robins WHERE policy = $1 AND levels_left = $2", policy, levels_left};
    if (!row.step())
        return std::nullopt;
    oncall::Beginning found;
    found.name = row.text();
    found.place = row.number();
    return found;
}

void RoundRobins::save(const std::string& policy, int levels_left, const oncall::Beginning& beginning) const
{
    run(tx,
        "INSERT INTO round_robins (policy, levels_left, name, place) VALUES ($1, $2, $3, $4) ON CONFLICT (policy, levels_left) "
        "DO UPDATE SET name = excluded.name, place = excluded.place",
        policy, levels_left, beginning.name, beginning.place);
}

std::vector<ReadGroup> ReadGroups::all() const
{
    std::vector<ReadGroup> found;
    for (Query row{tx, "SELECT name, slack_id, members, read_at, trouble FROM group_members ORDER BY name"}; row.step();) {
        ReadGroup one;
        one.name = row.text();
        one.slack_id = row.text();
        one.members = nlohmann::json::parse(row.text()).get<std::vector<std::string>>();
        one.read_at = row.time();
        one.trouble = row.text();
        found.push_back(std::move(one));
    }
    return found;
}

void ReadGroups::save(const ReadGroup& group) const
{
    run(tx,
        "INSERT INTO group_members (name, slack_id, members, read_at, trouble) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO "
        "UPDATE SET slack_id = excluded.slack_id, members = excluded.members, read_at = excluded.read_at, trouble = "
        "excluded.trouble",
        group.name, group.slack_id, nlohmann::json(group.members).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
        group.read_at, group.trouble);
}

std::vector<oncall::Policy> ReadGroups::running_policies() const
{
    std::vector<oncall::PageId> ids;
    // One for each policy: after a storm many pages have the same.
    for (Query row{tx,
             "SELECT MIN(pages.id) FROM alerts JOIN pages ON pages.alert = alerts.id WHERE alerts.state <> 'resolved' AND "
             "pages.policy LIKE '%user_group:%' GROUP BY pages.policy"};
         row.step();)
        ids.push_back({row.integer()});
    std::vector<oncall::Policy> policies;
    for (const auto id : ids)
        policies.push_back(Pages{tx}.find(id).value_or(oncall::Page{}).policy);
    return policies;
}

oncall::GroupMembers ReadGroups::members() const
{
    oncall::GroupMembers members;
    for (auto& group : all())
        if (group.read_at != TimePoint{})
            members.emplace(std::move(group.name), std::move(group.members));
    return members;
}

std::vector<oncall::PageId> waiting_pages(Transaction& tx)
{
    std::vector<oncall::PageId> found;
    for (Query row{tx, "SELECT id FROM pages WHERE state IN ('paging', 'exhausted') AND waits = 1 ORDER BY id"}; row.step();)
        found.push_back({row.integer()});
    return found;
}

std::string known_as(Transaction& tx, const std::string& reference)
{
    const People people{tx};
    auto person = people.find(reference);
    if (!person && reference.find('@') != reference.npos)
        person = people.by_email(reference);
    return person && !person->user_id.empty() ? person->user_id : reference;
}

oncall::Known known_people(Transaction& tx)
{
    oncall::Known known;
    const auto all = People{tx}.all();
    for (const auto& person : all)
        if (!person.user_id.empty())
            known[person.reference] = person.user_id;
    for (const auto& person : all)
        if (!person.user_id.empty() && !person.email.empty())
            known.try_emplace(person.email, person.user_id);
    return known;
}

oncall::Surroundings surroundings(
    Transaction& tx, const oncall::Alert& alert, const oncall::Configuration& configuration, const oncall::Page& page)
{
    oncall::Surroundings around{alert, configuration};
    around.groups = ReadGroups{tx}.members();
    around.tried = oncall::tried_of(Notifications{tx}.of_page(page.id));
    for (auto& tried : around.tried)
        tried.name = known_as(tx, tried.name);
    for (const auto& person : Notifications{tx}.declined(page.id))
        around.declined.insert(known_as(tx, person));
    if (page.responder.empty())
        for (const auto& one : Acknowledgements{tx}.of_alert(alert.id))
            around.acknowledged.insert(one.person);
    for (const auto& [user, kind] : who_answers_nothing(tx))
        around.unable.emplace(user, oncall::why_unable(kind));
    around.known_as = [&tx](const std::string& reference) { return known_as(tx, reference); };
    around.beginning = [&tx, &page](const oncall::Level&, int left) {
        auto found = RoundRobins{tx}.find(page.policy.name, left);
        if (found)
            found->name = known_as(tx, found->name);
        return found;
    };
    return around;
}

} // namespace storage
