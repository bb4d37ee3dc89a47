#include "storage/answers.hpp"

#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <algorithm>

namespace storage {

using oncall::AlertId;
using oncall::milliseconds;

bool Acknowledgements::add(AlertId alert, const oncall::Acknowledgement& one) const
{
    run(tx,
        "INSERT INTO acknowledgements (alert, person, at, via) VALUES ($1, $2, $3, $4) ON CONFLICT (alert, person) DO NOTHING",
        alert.value, one.person, one.at, one.via);
    return tx.changes() > 0;
}

std::vector<oncall::Acknowledgement> Acknowledgements::of_alert(AlertId alert) const
{
    std::vector<oncall::Acknowledgement> found;
    for (Query row{tx, "SELECT person, at, via FROM acknowledgements WHERE alert = $1 ORDER BY at, person", alert.value};
         row.step();) {
        oncall::Acknowledgement one;
        one.person = row.text();
        one.at = row.time();
        one.via = row.text();
        found.push_back(std::move(one));
    }
    return found;
}

bool Acknowledgements::remove(AlertId alert, const std::string& person) const
{
    run(tx, "DELETE FROM acknowledgements WHERE alert = $1 AND person = $2", alert.value, person);
    return tx.changes() > 0;
}

void Acknowledgements::clear(AlertId alert) const { run(tx, "DELETE FROM acknowledgements WHERE alert = $1", alert.value); }

void Acknowledgements::spare(oncall::PageId page, const std::string& person) const
{
    // The plus keeps SQLite from walking all that is ready: there are only a few keys.
    run(tx,
        "DELETE FROM outbox WHERE +state = 'ready' AND ambiguous = 0 AND key IN"
        " (SELECT 'notify:' || key FROM notifications WHERE page = $1 AND person = $2 AND state = 'planned')",
        page.value, person);
    std::vector<oncall::NotificationId> withdrawn;
    for (Query row{tx,
             "SELECT id FROM notifications WHERE page = $1 AND person = $2 AND state = 'planned' AND NOT EXISTS (SELECT 1 FROM "
             "outbox WHERE outbox.key = 'notify:' || notifications.key)",
             page.value, person};
         row.step();)
        withdrawn.push_back({row.integer()});
    for (const auto id : withdrawn)
        Notifications{tx}.cancel(id);
}

void PagedAgain::add(oncall::PageId page, const std::string& why) const
{
    run(tx, "INSERT INTO paged_again (page, why) VALUES ($1, $2)", page.value, why);
}

std::string PagedAgain::why(oncall::PageId page) const
{
    Query row{tx, "SELECT why FROM paged_again WHERE page = $1", page.value};
    return row.step() ? row.text() : std::string{};
}

void Gathered::add(const std::string& kind, const std::string& lane, std::string line, TimePoint now) const
{
    constexpr std::ptrdiff_t most = 10;
    constexpr std::string_view begins{"and "}, ends{" more, see `/oncall status`"};
    std::replace(line.begin(), line.end(), '\n', ' ');
    const auto place = "gathered:" + kind + ":" + lane + ":";
    auto key = place + std::to_string(now.time_since_epoch().count());
    auto body = lane;
    // Of what has begun to leave nothing is changed.
    if (Query row{tx,
            "SELECT key, body FROM outbox WHERE key >= $1 AND key < $2 AND +state = 'ready' AND ambiguous = 0 ORDER BY key DESC "
            "LIMIT 1",
            place, place + "\x7f"};
        row.step()) {
        key = row.text();
        body = row.text();
    }
    const auto lines = std::count(body.begin(), body.end(), '\n');
    if (lines < most) {
        body += "\n" + line;
    } else {
        const auto last = body.rfind('\n');
        const auto counted = lines > most ? std::stoll(body.substr(last + 1 + begins.size())) : 0;
        if (lines > most)
            body.erase(last);
        body += "\n" + std::string{begins} + std::to_string(counted + 1) + std::string{ends};
    }
    Outbox{tx}.add(key, kind, Priority::answer, lane, 0, body, now);
}

std::optional<StillOnIt> StillOnIts::find(AlertId alert) const
{
    Query row{tx, "SELECT alert, person, every, due, asked_at FROM still_on_it WHERE alert = $1", alert.value};
    if (!row.step())
        return std::nullopt;
    StillOnIt one;
    one.alert = {row.integer()};
    one.person = row.text();
    one.every = milliseconds{row.integer()};
    one.due = row.time();
    one.asked_at = row.time();
    return one;
}

void StillOnIts::save(const StillOnIt& one) const
{
    run(tx,
        "INSERT INTO still_on_it (alert, person, every, due, asked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (alert) DO UPDATE"
        " SET person = excluded.person, every = excluded.every, due = excluded.due, asked_at = excluded.asked_at",
        one.alert.value, one.person, one.every.count(), one.due, one.asked_at);
}

void StillOnIts::forget(AlertId alert) const { run(tx, "DELETE FROM still_on_it WHERE alert = $1", alert.value); }

void EscalationFacts::add(const oncall::Alert& alert, const oncall::Page& page, const oncall::AnswerFact& fact) const
{
    if (alert.drill)
        return;
    run(tx,
        "INSERT INTO answer_facts (alert, page, policy, service, team, urgency, person, round, level, attempt, answered_at, took,"
        " hour, told_by, answered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        alert.id.value, page.id.value, page.policy.name, alert.service, alert.team, oncall::name(page.urgency), fact.person,
        fact.at.round, fact.at.level, fact.at.attempt, fact.answered_at, fact.took ? fact.took->count() : -1, fact.hour,
        fact.told_by, fact.answered_by);
}

void EscalationFacts::take_back(AlertId alert, const std::string& person, TimePoint at) const
{
    run(tx, "DELETE FROM answer_facts WHERE alert = $1 AND person = $2 AND answered_at = $3", alert.value, person, at);
}

void EscalationFacts::add(const oncall::Page& page, const oncall::SkipFact& fact) const
{
    run(tx,
        "INSERT INTO skip_facts (alert, page, policy, who, round, level, attempt, at, why) VALUES ($1, $2, $3, $4, $5, $6, $7, "
        "$8, $9) ON CONFLICT (page, round, level, attempt, who) DO NOTHING",
        page.alert.value, page.id.value, page.policy.name, fact.who, fact.at.round, fact.at.level, fact.at.attempt, fact.when,
        name(fact.why));
}

void EscalationFacts::add_unanswered(oncall::PageId page, TimePoint at) const
{
    run(tx, "INSERT INTO over_unanswered (page, at) VALUES ($1, $2) ON CONFLICT (page) DO UPDATE SET at = excluded.at",
        page.value, at);
}

void EscalationFacts::forget_unanswered(oncall::PageId page) const
{
    run(tx, "DELETE FROM over_unanswered WHERE page = $1", page.value);
}

bool EscalationFacts::is_unanswered(oncall::PageId page) const
{
    return Query{tx, "SELECT 1 FROM over_unanswered WHERE page = $1", page.value}.step();
}

namespace {

const std::string answers_from =
    "SELECT person, round, level, attempt, answered_at, took, hour, told_by, answered_by FROM answer_facts WHERE ";
const std::string answers_of_person = answers_from + "person = $1 AND answered_at >= $2 ORDER BY answered_at, id";
const std::string answers_of_alert = answers_from + "alert = $1 ORDER BY id";

std::vector<oncall::AnswerFact> answers_in(Query row)
{
    std::vector<oncall::AnswerFact> found;
    while (row.step()) {
        oncall::AnswerFact fact;
        fact.person = row.text();
        fact.at.round = row.number();
        fact.at.level = row.number();
        fact.at.attempt = row.number();
        fact.answered_at = row.time();
        if (const auto took = row.integer(); took >= 0)
            fact.took = milliseconds{took};
        fact.hour = row.number();
        fact.told_by = row.text();
        fact.answered_by = row.text();
        found.push_back(std::move(fact));
    }
    return found;
}

} // namespace

std::vector<oncall::AnswerFact> EscalationFacts::answers_of(const std::string& person, TimePoint since) const
{
    return answers_in(Query{tx, answers_of_person, person, since});
}

std::vector<oncall::AnswerFact> EscalationFacts::answers(AlertId alert) const
{
    return answers_in(Query{tx, answers_of_alert, alert.value});
}

std::vector<oncall::SkipFact> EscalationFacts::skips(AlertId alert) const
{
    using Why = oncall::Skip::Why;
    std::vector<oncall::SkipFact> found;
    for (Query row{tx, "SELECT who, round, level, attempt, at, why FROM skip_facts WHERE alert = $1 ORDER BY id", alert.value};
         row.step();) {
        oncall::SkipFact fact;
        fact.who = row.text();
        fact.at.round = row.number();
        fact.at.level = row.number();
        fact.at.attempt = row.number();
        fact.when = row.time();
        const auto why = row.text();
        for (const auto one : {Why::condition, Why::empty, Why::declined, Why::acknowledged, Why::unable})
            if (why == name(one))
                fact.why = one;
        found.push_back(std::move(fact));
    }
    return found;
}

} // namespace storage
