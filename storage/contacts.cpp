#include "storage/contacts.hpp"

#include "storage/repositories.hpp"
#include "storage/rules_json.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

const std::string select_methods =
    "SELECT id, version, person, kind, label, address, added_at, verified_at, consented_at, stopped_at, "
    "last_at, last_outcome FROM contact_methods WHERE ";
const std::string method_by_id = select_methods + "id = $1";
const std::string methods_of_person = select_methods + "person = $1 ORDER BY id";
const std::string by_address = select_methods + "kind = $1 AND address = $2 ORDER BY id";

oncall::ContactMethod method_in(Query& row)
{
    oncall::ContactMethod found;
    found.id = {row.integer()};
    found.version = row.integer();
    found.person = row.text();
    found.kind = oncall::contact_kind_in(row.text()).value_or(oncall::ContactKind::webhook);
    found.label = row.text();
    found.address = row.text();
    found.added_at = row.time();
    found.verified_at = row.time();
    found.consented_at = row.time();
    found.stopped_at = row.time();
    found.last_at = row.time();
    found.last_outcome = row.text();
    return found;
}

std::vector<oncall::ContactMethod> methods_in(Query row)
{
    std::vector<oncall::ContactMethod> found;
    while (row.step())
        found.push_back(method_in(row));
    return found;
}

bool said(Transaction& tx, const std::string& number, bool start, TimePoint at)
{
    run(tx,
        "INSERT INTO stopped_numbers (number, at, started) VALUES ($1, $2, $3) ON CONFLICT (number) DO UPDATE SET at = "
        "excluded.at, started = excluded.started WHERE excluded.at >= stopped_numbers.at",
        sha256(number), at, start ? 1 : 0);
    return tx.changes() > 0;
}

} // namespace

bool ContactMethods::add(oncall::ContactMethod& method) const
{
    run(tx,
        "INSERT INTO contact_methods (version, person, kind, label, address, added_at, verified_at, consented_at, stopped_at, "
        "last_at, last_outcome, code_hash, code_until, code_tries) VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, 0, '', '', 0, 0)"
        " ON CONFLICT (person, kind, address) DO NOTHING",
        method.person, oncall::name(method.kind), method.label, method.address, method.added_at, method.verified_at,
        method.consented_at, method.stopped_at);
    if (tx.changes() == 0)
        return false;
    method.id = {tx.last_id()};
    method.version = 1;
    return true;
}

std::optional<oncall::ContactMethod> ContactMethods::find(oncall::ContactId id) const
{
    Query row{tx, method_by_id, id.value};
    return row.step() ? std::optional{method_in(row)} : std::nullopt;
}

std::vector<oncall::ContactMethod> ContactMethods::of(const std::string& person) const
{
    return methods_in(Query{tx, methods_of_person, person});
}

std::vector<oncall::ContactMethod> ContactMethods::at(oncall::ContactKind kind, const std::string& address) const
{
    return methods_in(Query{tx, by_address, oncall::name(kind), address});
}

void ContactMethods::save(oncall::ContactMethod& method) const
{
    run(tx,
        "UPDATE contact_methods SET version = version + 1, label = $3, address = $4, verified_at = $5, consented_at = $6, "
        "stopped_at = $7 WHERE id = $1 AND version = $2",
        method.id.value, method.version, method.label, method.address, method.verified_at, method.consented_at,
        method.stopped_at);
    if (tx.changes() != 1)
        throw Conflict{"contact method " + std::to_string(method.id.value) + " was changed by somebody else"};
    ++method.version;
}

void ContactMethods::remove(oncall::ContactId id) const { run(tx, "DELETE FROM contact_methods WHERE id = $1", id.value); }

void ContactMethods::used(oncall::ContactId id, TimePoint at, const std::string& outcome) const
{
    run(tx, "UPDATE contact_methods SET last_at = $2, last_outcome = $3 WHERE id = $1", id.value, at, outcome);
}

void ContactMethods::stop(oncall::ContactId id, TimePoint at) const
{
    run(tx, "UPDATE contact_methods SET version = version + 1, stopped_at = $2 WHERE id = $1 AND stopped_at = 0", id.value, at);
}

void ContactMethods::set_code(oncall::ContactId id, const std::string& code_hash, TimePoint until) const
{
    run(tx, "UPDATE contact_methods SET code_hash = $2, code_until = $3, code_tries = 0 WHERE id = $1", id.value, code_hash,
        until);
}

ContactMethods::PendingCode ContactMethods::pending_code(oncall::ContactId id) const
{
    PendingCode found;
    Query row{tx, "SELECT code_hash, code_until, code_tries FROM contact_methods WHERE id = $1", id.value};
    if (row.step()) {
        found.hash = row.text();
        found.until = row.time();
        found.tries = row.number();
    }
    return found;
}

void ContactMethods::count_try(oncall::ContactId id) const
{
    run(tx, "UPDATE contact_methods SET code_tries = code_tries + 1 WHERE id = $1", id.value);
}

void ContactMethods::forget_code(oncall::ContactId id) const
{
    run(tx, "UPDATE contact_methods SET code_hash = '', code_until = 0, code_tries = 0 WHERE id = $1", id.value);
}

bool StoppedNumbers::add(const std::string& number, TimePoint at) const { return said(tx, number, false, at); }

bool StoppedNumbers::remove(const std::string& number, TimePoint at) const { return said(tx, number, true, at); }

bool StoppedNumbers::has(const std::string& number) const
{
    return Query{tx, "SELECT 1 FROM stopped_numbers WHERE number = $1 AND started = 0", sha256(number)}.step();
}

PersonsRules NotificationRules::of(const std::string& person) const
{
    PersonsRules found;
    found.person = person;
    Query row{tx, "SELECT version, rules, quiet FROM notification_rules WHERE person = $1", person};
    if (row.step()) {
        found.version = row.integer();
        found.rules = rules_in(row.text());
        found.quiet = quiet_in(row.text());
    }
    return found;
}

std::vector<std::string> NotificationRules::teams() const
{
    std::vector<std::string> names;
    for (Query row{tx, "SELECT person FROM notification_rules WHERE person >= 'team:' AND person < 'team;' ORDER BY person"};
         row.step();)
        names.push_back(row.text().substr(std::string_view{"team:"}.size()));
    return names;
}

void NotificationRules::save(PersonsRules& rules) const
{
    if (rules.version == 0)
        run(tx,
            "INSERT INTO notification_rules (person, version, rules, quiet) VALUES ($1, 1, $2, $3) ON CONFLICT (person) DO "
            "NOTHING",
            rules.person, rules_out(rules.rules), quiet_out(rules.quiet));
    else
        run(tx, "UPDATE notification_rules SET version = version + 1, rules = $3, quiet = $4 WHERE person = $1 AND version = $2",
            rules.person, rules.version, rules_out(rules.rules), quiet_out(rules.quiet));
    if (tx.changes() != 1)
        throw Conflict{"the notification rules of " + rules.person + " were changed by somebody else"};
    ++rules.version;
}

void NotificationRules::remove(const std::string& person) const
{
    run(tx, "DELETE FROM notification_rules WHERE person = $1", person);
}

} // namespace storage
