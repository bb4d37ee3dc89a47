#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

using nlohmann::json;

namespace {

oncall::PageState page_state(const std::string& name)
{
    using enum oncall::PageState;
    for (const auto state : {paging, acknowledged, resolved})
        if (name == oncall::name(state))
            return state;
    return exhausted;
}

std::string policy_out(const oncall::Policy& policy)
{
    auto levels = json::array();
    for (const auto& level : policy.levels) {
        auto targets = json::array();
        for (const auto& target : level.targets)
            targets.push_back(oncall::target_out(target));
        levels.push_back(json{{"targets", targets}, {"patience", level.patience.count()}, {"retries", level.retries}});
    }
    return json{{"name", policy.name}, {"repeat", policy.repeat}, {"levels", levels}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
}

oncall::Policy policy_in(const std::string& text)
{
    const auto read = json::parse(text);
    oncall::Policy policy{read.at("name").get<std::string>(), read.at("repeat").get<int>()};
    for (const auto& level : read.at("levels")) {
        oncall::Level one{{}, oncall::milliseconds{level.at("patience").get<std::int64_t>()}, level.at("retries").get<int>()};
        for (const auto& target : level.at("targets"))
            if (const auto known = oncall::target_in(target.get<std::string>()))
                one.targets.push_back(*known);
        policy.levels.push_back(std::move(one));
    }
    return policy;
}

const std::string select = "SELECT id, version, alert, state, urgency, policy, round, level, attempt, due, started_at, "
                           "stepped_at, stopped_at, responder, asked_by FROM pages WHERE ";
const std::string by_id = select + "id = $1";
const std::string by_alert = select + "alert = $1 AND responder = '' ORDER BY id DESC LIMIT 1";
const std::string responders = select + "alert = $1 AND responder <> '' ORDER BY id";

oncall::Page page_in(Query& row)
{
    oncall::Page page;
    page.id = {row.integer()};
    page.version = row.integer();
    page.alert = {row.integer()};
    page.state = page_state(row.text());
    page.urgency = row.text() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
    page.policy = policy_in(row.text());
    page.next.round = row.number();
    page.next.level = row.number();
    page.next.attempt = row.number();
    page.due = row.time();
    page.started_at = row.time();
    page.stepped_at = row.time();
    page.stopped_at = row.time();
    page.responder = row.text();
    page.asked_by = row.text();
    return page;
}

std::optional<oncall::Page> one(Query row)
{
    if (!row.step())
        return std::nullopt;
    return page_in(row);
}

} // namespace

void Pages::add(oncall::Page& page) const
{
    run(tx,
        "INSERT INTO pages (version, alert, state, urgency, policy, round, level, attempt, due, started_at, stepped_at, "
        "responder, asked_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)",
        page.version, page.alert.value, oncall::name(page.state), oncall::name(page.urgency), policy_out(page.policy),
        page.next.round, page.next.level, page.next.attempt, page.due, page.started_at, page.responder, page.asked_by);
    page.id = {tx.last_id()};
}

std::optional<oncall::Page> Pages::find(oncall::PageId id) const { return one(Query{tx, by_id, id.value}); }
std::optional<oncall::Page> Pages::latest(oncall::AlertId alert) const { return one(Query{tx, by_alert, alert.value}); }

std::vector<oncall::Page> Pages::of_responders(oncall::AlertId alert) const
{
    std::vector<oncall::Page> found;
    for (Query row{tx, responders, alert.value}; row.step();)
        found.push_back(page_in(row));
    return found;
}

void Pages::save(oncall::Page& page) const
{
    run(tx,
        "UPDATE pages SET version = version + 1, state = $3, round = $4, level = $5, attempt = $6, due = $7, "
        "stepped_at = $8, stopped_at = $9 WHERE id = $1 AND version = $2",
        page.id.value, page.version, oncall::name(page.state), page.next.round, page.next.level, page.next.attempt, page.due,
        page.stepped_at, page.stopped_at);
    if (tx.changes() != 1)
        throw Conflict{"page " + std::to_string(page.id.value) + " was changed by somebody else"};
    ++page.version;
}

} // namespace storage
