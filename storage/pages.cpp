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

constexpr std::string_view by_id = "SELECT id, version, alert, state, urgency, policy, round, level, attempt, due, started_at"
                                   " FROM pages WHERE id = $1";
constexpr std::string_view by_alert = "SELECT id, version, alert, state, urgency, policy, round, level, attempt, due, started_at"
                                      " FROM pages WHERE alert = $1 ORDER BY id DESC LIMIT 1";

std::optional<oncall::Page> one(Query row)
{
    if (!row.step())
        return std::nullopt;
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
    return page;
}

} // namespace

void Pages::add(oncall::Page& page) const
{
    run(tx,
        "INSERT INTO pages (version, alert, state, urgency, policy, round, level, attempt, due, started_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        page.version, page.alert.value, oncall::name(page.state), oncall::name(page.urgency), policy_out(page.policy),
        page.next.round, page.next.level, page.next.attempt, page.due, page.started_at);
    page.id = {tx.last_id()};
}

std::optional<oncall::Page> Pages::find(oncall::PageId id) const { return one(Query{tx, by_id, id.value}); }
std::optional<oncall::Page> Pages::latest(oncall::AlertId alert) const { return one(Query{tx, by_alert, alert.value}); }

void Pages::save(oncall::Page& page) const
{
    run(tx,
        "UPDATE pages SET version = version + 1, state = $3, round = $4, level = $5, attempt = $6, due = $7"
        " WHERE id = $1 AND version = $2",
        page.id.value, page.version, oncall::name(page.state), page.next.round, page.next.level, page.next.attempt, page.due);
    if (tx.changes() != 1)
        throw Conflict{"page " + std::to_string(page.id.value) + " was changed by somebody else"};
    ++page.version;
}

} // namespace storage
