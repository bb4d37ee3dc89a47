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

json condition_out(const oncall::LevelCondition& when)
{
    auto condition = json::object();
    if (when.urgency)
        condition["urgency"] = oncall::name(*when.urgency);
    if (!when.severities.empty())
        condition["severities"] = when.severities;
    if (when.working_hours)
        condition["working_hours"] = *when.working_hours;
    return condition;
}

oncall::LevelCondition condition_in(const json& condition)
{
    oncall::LevelCondition when;
    if (condition.contains("urgency"))
        when.urgency = condition.at("urgency").get<std::string>() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
    when.severities = condition.value("severities", std::vector<std::string>{});
    if (condition.contains("working_hours"))
        when.working_hours = condition.at("working_hours").get<bool>();
    return when;
}

json level_out(const oncall::Level& level)
{
    auto targets = json::array();
    for (const auto& target : level.targets)
        targets.push_back(oncall::target_out(target));
    json out{{"targets", targets}, {"patience", level.patience.count()}, {"retries", level.retries}};
    out["order"] = oncall::order_out(level.order);
    out["acknowledgements"] = level.acknowledgements;
    out["when"] = condition_out(level.when);
    out["wait_for_working_hours"] = level.wait_for_working_hours;
    return out;
}

/// Of pages that began before a field was there, it has its default.
oncall::Level level_in(const json& level)
{
    oncall::Level one{{}, oncall::milliseconds{level.at("patience").get<std::int64_t>()}, level.at("retries").get<int>()};
    for (const auto& target : level.at("targets"))
        if (const auto known = oncall::target_in(target.get<std::string>()))
            one.targets.push_back(*known);
    one.order = oncall::order_in(level.value("order", std::string{})).value_or(one.order);
    one.acknowledgements = level.value("acknowledgements", one.acknowledgements);
    one.when = condition_in(level.value("when", json::object()));
    one.wait_for_working_hours = level.value("wait_for_working_hours", false);
    return one;
}

std::string policy_out(const oncall::Policy& policy)
{
    auto levels = json::array();
    for (const auto& level : policy.levels)
        levels.push_back(level_out(level));
    json out{{"name", policy.name}, {"repeat", policy.repeat}, {"levels", levels}};
    out["until_answered"] = policy.until_answered;
    out["low_urgency_in_channel"] = policy.low_urgency_in_channel;
    out["still_on_it"] = policy.still_on_it.count();
    out["refire_pages"] = policy.refire_pages;
    out["rise_pages"] = policy.rise_pages;
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

oncall::Policy policy_in(const std::string& text)
{
    const auto read = json::parse(text);
    oncall::Policy policy{read.at("name").get<std::string>(), read.at("repeat").get<int>()};
    for (const auto& level : read.at("levels"))
        policy.levels.push_back(level_in(level));
    policy.until_answered = read.value("until_answered", policy.until_answered);
    policy.low_urgency_in_channel = read.value("low_urgency_in_channel", policy.low_urgency_in_channel);
    policy.still_on_it = oncall::milliseconds{read.value("still_on_it", std::int64_t{})};
    policy.refire_pages = read.value("refire_pages", policy.refire_pages);
    policy.rise_pages = read.value("rise_pages", policy.rise_pages);
    return policy;
}

const std::string select_pages =
    "SELECT id, version, alert, state, urgency, policy, round, level, attempt, due, started_at, "
    "stepped_at, stopped_at, responder, asked_by, last_round, last_level, last_attempt, waits FROM pages WHERE ";
const std::string page_by_id = select_pages + "id = $1";
const std::string page_of_alert = select_pages + "alert = $1 AND responder = '' ORDER BY id DESC LIMIT 1";
const std::string responders = select_pages + "alert = $1 AND responder <> '' ORDER BY id";

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
    const auto round = row.number(), level = row.number(), attempt = row.number();
    if (round >= 0)
        page.last = oncall::Position{round, level, attempt};
    page.waits = row.number() != 0;
    return page;
}

std::optional<oncall::Page> one_page(Query row)
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

std::optional<oncall::Page> Pages::find(oncall::PageId id) const { return one_page(Query{tx, page_by_id, id.value}); }
std::optional<oncall::Page> Pages::latest(oncall::AlertId alert) const { return one_page(Query{tx, page_of_alert, alert.value}); }

std::vector<oncall::Page> Pages::of_responders(oncall::AlertId alert) const
{
    std::vector<oncall::Page> found;
    for (Query row{tx, responders, alert.value}; row.step();)
        found.push_back(page_in(row));
    return found;
}

void Pages::save(oncall::Page& page) const
{
    const auto last = page.last.value_or(oncall::Position{-1, 0, 0});
    run(tx,
        "UPDATE pages SET version = version + 1, state = $3, round = $4, level = $5, attempt = $6, due = $7, "
        "stepped_at = $8, stopped_at = $9, last_round = $10, last_level = $11, last_attempt = $12, waits = $13, urgency = $14 "
        "WHERE id = $1 AND version = $2",
        page.id.value, page.version, oncall::name(page.state), page.next.round, page.next.level, page.next.attempt, page.due,
        page.stepped_at, page.stopped_at, last.round, last.level, last.attempt, page.waits ? 1 : 0, oncall::name(page.urgency));
    if (tx.changes() != 1)
        throw Conflict{"page " + std::to_string(page.id.value) + " was changed by somebody else"};
    ++page.version;
}

} // namespace storage
