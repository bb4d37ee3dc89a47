#include "config/plan.hpp"

#include "config/plan_hashes.hpp"
#include "config/plan_parts.hpp"
#include "config/reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace config {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kind_order[]{
    "team", "service", "holidays", "schedule", "policy", "source", "heartbeat", "directory", "rule"};

auto rank(const std::string& kind)
{
    return std::find(std::begin(kind_order), std::end(kind_order), kind) - std::begin(kind_order);
}

} // namespace

std::vector<std::string> woven(std::vector<std::string> base, const std::vector<std::string>& other)
{
    auto after = base.begin();
    for (const auto& one : other) {
        const auto there = std::find(base.begin(), base.end(), one);
        after = there == base.end() ? base.insert(after, one) : there;
        ++after;
    }
    return base;
}

namespace {

/// Those of `list` that are in `other` too, in the order of `list`.
std::vector<std::string> within(const std::vector<std::string>& list, const std::vector<std::string>& other)
{
    std::vector<std::string> both;
    for (const auto& one : list)
        if (std::find(other.begin(), other.end(), one) != other.end())
            both.push_back(one);
    return both;
}

bool same_order(const std::vector<std::string>& one, const std::vector<std::string>& other)
{
    return within(one, other) == within(other, one);
}

} // namespace

/// Works on a copy of the rows; what differs from the originals at the end is written.
class Planner {
public:
    Planner(const Stored& stored, const Hand& hand)
        : stored_{stored}
        , hand_{hand}
    {
        for (const auto& item : stored.items)
            rows_[{static_cast<int>(rank(item.kind)), item.kind, item.name}] = item;
        for (const auto& item : stored.items)
            if (item.kind == "rule" && !item.holds.empty())
                rules_.push_back(item.name);
    }

    Plan follow(const oncall::Configuration& file, const Wishes& wishes);
    Plan make(const std::vector<Edit>& edits);

private:
    using Key = std::tuple<int, std::string, std::string>;
    static Key key_of(const std::string& kind, const std::string& name) { return {static_cast<int>(rank(kind)), kind, name}; }

    storage::Item* find(const std::string& kind, const std::string& name)
    {
        const auto found = rows_.find(key_of(kind, name));
        return found == rows_.end() ? nullptr : &found->second;
    }
    storage::Item& row(const std::string& kind, const std::string& name)
    {
        auto& found = rows_[key_of(kind, name)];
        found.kind = kind;
        found.name = name;
        return found;
    }
    void hold(storage::Item& item, std::string json)
    {
        item.holds = std::move(json);
        item.changed_by = hand_.by;
        item.changed_at = hand_.now;
    }
    void tell(Action action, const storage::Item& item, std::vector<Difference> fields)
    {
        Change change;
        change.action = action;
        change.kind = item.kind;
        change.name = item.name;
        change.fields = std::move(fields);
        plan_.changes.push_back(std::move(change));
    }
    void keep(const storage::Item& item, std::string why, std::vector<Difference> fields = {})
    {
        tell(Action::keep, item, std::move(fields));
        auto& change = plan_.changes.back();
        change.why = std::move(why);
        change.changed_by = item.changed_by == hand_.by ? "" : item.changed_by;
        change.changed_at = item.changed_at;
    }

    void follow(const Item& says, const Wishes& wishes);
    std::string follow_hashes(const storage::Item& item, const Item& says, const Wishes& wishes, bool fresh = false);
    std::string follow_key(const storage::Item& item, const Item& says, const Wishes& wishes, bool fresh);
    std::string follow_secret(const storage::Item& item, const Item& says, const Wishes& wishes, bool fresh);
    bool stays_replaced(const storage::Item& item, const std::string& word, const std::string& has, const std::string& said,
        const std::string& wanted, const Wishes& wishes);
    void check_keys();
    void without(storage::Item& item, const Wishes& wishes);
    void reorder(const oncall::Configuration& file, const Wishes& wishes);
    void place(const std::vector<std::string>& order);
    /// The rows as they will be, checked as a whole. nullopt with problems.
    std::optional<oncall::Configuration> check();
    std::vector<Item> items_held() const;
    void finish();

    const Stored& stored_;
    Hand hand_;
    std::map<Key, storage::Item> rows_{};
    std::vector<std::string> rules_{}; // in their order, before
    std::map<std::string, std::string> file_secrets_{}; // source → the signing secret that the file names
    Plan plan_{};
};

void Planner::follow(const Item& says, const Wishes& wishes)
{
    const auto* const known = find(says.kind, says.name);
    auto& item = row(says.kind, says.name);
    const auto wanted = without_hashes(says.json);
    const bool edited = known && (item.said.empty() || !same(item.holds, item.said));
    if (known && same(item.holds, wanted)) { // so it is already
        item.said = follow_hashes(item, says, wishes);
        return;
    }
    if (edited && !wishes.force) {
        const auto fields = item.holds.empty() ? std::vector<Difference>{} : differences(item.holds, wanted);
        keep(item,
            item.holds.empty()      ? "deleted in Slack, and still in the file; stays deleted, --force brings it back"
                : item.said.empty() ? "made in Slack, and now in the file otherwise; stays as in Slack, --force takes the file's"
                : same(item.said, wanted)
                ? "edited in Slack; stays so, --force takes the file's"
                : "changed in the file and edited in Slack; stays as in Slack, --force takes the file's",
            fields);
        if (item.kind == "source" && !item.holds.empty() && !item.said.empty()) { // its key and its secret are another matter
            const auto said = follow_hashes(item, says, wishes);
            for (const auto field : {key_field, secret_field})
                item.said = with_hash(item.said, field, hash_in(said, field));
        }
        return;
    }
    tell(item.holds.empty() ? Action::create : Action::change, item, differences(item.holds, wanted));
    const bool fresh = item.holds.empty();
    hold(item, wanted);
    item.said = follow_hashes(item, says, wishes, fresh);
}

/// The key and the signing secret of a source: three ways too. Returns what is to be remembered as said.
std::string Planner::follow_hashes(const storage::Item& item, const Item& says, const Wishes& wishes, bool fresh)
{
    if (item.kind != "source")
        return says.json;
    const auto json = with_hash(says.json, key_field, follow_key(item, says, wishes, fresh));
    return with_hash(json, secret_field, follow_secret(item, says, wishes, fresh));
}

/// `has`, `said`, `wanted`: hashes. Whether what was replaced in Slack, or by `token`, stays so; that is told then.
bool Planner::stays_replaced(const storage::Item& item, const std::string& word, const std::string& has, const std::string& said,
    const std::string& wanted, const Wishes& wishes)
{
    if (said.empty() || said == has || wishes.force)
        return false;
    keep(item,
        "its " + word + (has.empty() ? " was revoked" : " was replaced")
            + (said == wanted ? "" : ", and the file has another now") + "; stays so, --force takes the file's " + word);
    return true;
}

std::string Planner::follow_key(const storage::Item& item, const Item& says, const Wishes& wishes, bool fresh)
{
    const auto wanted = hash_in(says.json, key_field);
    const auto said = hash_in(item.said, key_field);
    const auto found = stored_.keys.find(item.name);
    const auto has = found == stored_.keys.end() ? std::string{} : found->second;
    if (wanted.empty() && fresh && has.empty())
        plan_.keyless.push_back(item.name);
    if (wanted.empty() || wanted == has) // left out: it keeps the one it has
        return wanted;
    if (!fresh && stays_replaced(item, "key", has, said, wanted, wishes))
        return said;
    if (!fresh)
        tell(Action::change, item, {{"key", "the one it has", "another"}});
    plan_.keys[item.name] = wanted;
    return wanted;
}

std::string Planner::follow_secret(const storage::Item& item, const Item& says, const Wishes& wishes, bool fresh)
{
    const auto wanted = hash_in(says.json, secret_field);
    const auto said = hash_in(item.said, secret_field);
    const auto found = stored_.secrets.find(item.name);
    const auto has = found == stored_.secrets.end() ? std::string{} : found->second;
    if (wanted.empty() || wanted == has)
        return wanted;
    if (!fresh && stays_replaced(item, "signing secret", has, said, wanted, wishes))
        return said;
    if (!fresh)
        tell(Action::change, item, {secret_changes(!has.empty())});
    plan_.secrets[item.name] = file_secrets_.at(item.name);
    return wanted;
}

/// It is not in the file.
void Planner::without(storage::Item& item, const Wishes& wishes)
{
    if (item.holds.empty()) { // both agree that it is gone
        rows_.erase(key_of(item.kind, item.name));
        return;
    }
    if (item.said.empty()) {
        if (wishes.prune && !item.changed_by.starts_with("directory "))
            keep(item, "made in Slack and never in the file; stays");
        return;
    }
    if (!wishes.prune) {
        keep(item, "no longer in the file; stays, --prune deletes it");
        return;
    }
    if (!same(item.holds, item.said) && !wishes.force) {
        keep(item, "no longer in the file, and edited in Slack; stays, --prune --force deletes it");
        return;
    }
    tell(Action::remove, item, differences(item.holds, ""));
    rows_.erase(key_of(item.kind, item.name));
}

/// Rules have an order, and it too may be changed in the file, in Slack, or in both.
void Planner::reorder(const oncall::Configuration& file, const Wishes& wishes)
{
    std::vector<std::string> says;
    for (const auto& rule : file.rules)
        says.push_back(rule.name);
    const auto* const known = find("order", "rules");
    const auto said = known ? Json::parse(known->said).get<std::vector<std::string>>() : std::vector<std::string>{};
    const bool file_moved = !same_order(says, said);
    const bool slack_moved = !same_order(rules_, said);
    auto order = woven(rules_, says);
    bool remember = true;
    if (!same_order(rules_, says)) {
        if (wishes.force || (file_moved && !slack_moved)) {
            order = woven(says, rules_);
        } else {
            Change change;
            change.action = Action::keep;
            change.kind = "order";
            change.name = "rules";
            change.why = file_moved && slack_moved
                ? "changed in the file and in Slack; stays as in Slack, --force takes the file's"
                : "changed in Slack; stays so, --force takes the file's";
            change.fields.push_back({"order", joined(within(rules_, says)), joined(within(says, rules_))});
            plan_.changes.push_back(std::move(change));
            remember = !file_moved;
        }
    }
    place(order);
    if (remember && (!says.empty() || known))
        row("order", "rules").said = Json(says).dump();
}

void Planner::place(const std::vector<std::string>& order)
{
    std::vector<std::string> held;
    for (const auto& name : order)
        if (auto* const rule = find("rule", name); rule && !rule->holds.empty()) {
            rule->position = static_cast<std::int64_t>(held.size());
            held.push_back(name);
        }
    if (same_order(rules_, held))
        return;
    Change change;
    change.action = Action::change;
    change.kind = "order";
    change.name = "rules";
    change.fields.push_back({"order", joined(within(rules_, held)), joined(held)});
    plan_.changes.push_back(std::move(change));
}

std::vector<Item> Planner::items_held() const
{
    std::vector<const storage::Item*> held;
    for (const auto& [key, item] : rows_)
        if (!item.holds.empty())
            held.push_back(&item);
    std::stable_sort(held.begin(), held.end(), [](const auto* a, const auto* b) {
        return std::pair{rank(a->kind), a->position} < std::pair{rank(b->kind), b->position};
    });
    std::vector<Item> items;
    for (const auto* const item : held)
        items.push_back({item->kind, item->name, item->holds});
    return items;
}

/// No two sources have the same key.
void Planner::check_keys()
{
    auto keys = stored_.keys;
    for (const auto& [source, key] : plan_.keys)
        keys[source] = key;
    std::map<std::string, std::string> source_of;
    for (const auto& [source, key] : keys) {
        const auto* const item = find("source", source);
        if (!item || item->holds.empty())
            continue;
        if (const auto [other, first] = source_of.emplace(key, source); !first)
            plan_.problems.push_back({0, 0, "sources " + other->second + " and " + source + " have the same key",
                "give each source its own key", "source " + source + ".key"});
    }
}

std::optional<oncall::Configuration> Planner::check()
{
    check_keys();
    const auto items = items_held();
    for (const auto& before : stored_.items) {
        const auto* const now = find(before.kind, before.name);
        // What came from a directory stays when that is not read any more.
        if (before.kind == "order" || before.kind == "directory" || (now && !now->holds.empty()))
            continue;
        const auto users = users_of(items, before.kind, before.name);
        if (users.empty())
            continue;
        const auto what = before.kind + " " + before.name;
        const auto gone = before.holds.empty() ? " was deleted in Slack, and is used by " : " is used by ";
        plan_.problems.push_back({0, 0, what + gone + joined(users),
            before.holds.empty() ? "name another there, or bring it back (--force)" : "have them use another first", what});
    }
    auto parsed = configuration_of(items);
    // What is missing has been said, and better.
    if (plan_.problems.empty())
        plan_.problems = std::move(parsed.problems);
    if (!plan_.problems.empty())
        return std::nullopt;
    return std::move(parsed.configuration);
}

void Planner::finish()
{
    std::stable_sort(
        plan_.changes.begin(), plan_.changes.end(), [](const Change& a, const Change& b) { return rank(a.kind) < rank(b.kind); });
    std::set<std::pair<std::string, std::string>> before;
    for (const auto& item : stored_.items) {
        const auto* const now = find(item.kind, item.name);
        if (!now)
            plan_.forgotten.emplace_back(item.kind, item.name);
        else if (now->holds != item.holds || now->said != item.said || now->position != item.position)
            plan_.items.push_back(*now);
        before.emplace(item.kind, item.name);
    }
    for (const auto& [key, item] : rows_)
        if (!before.contains({item.kind, item.name}))
            plan_.items.push_back(item);
}

Plan Planner::follow(const oncall::Configuration& file, const Wishes& wishes)
{
    for (const auto& [name, source] : file.sources)
        file_secrets_[name] = source.signing_secret;
    std::set<std::pair<std::string, std::string>> in_file;
    for (const auto& says : said_by(file)) {
        follow(says, wishes);
        in_file.emplace(says.kind, says.name);
    }
    for (const auto& item : stored_.items)
        if (item.kind != "order" && !in_file.contains({item.kind, item.name}))
            without(*find(item.kind, item.name), wishes);
    reorder(file, wishes);
    if (const auto result = check()) {
        plan_overrides(plan_, stored_, file, *result, wishes, hand_);
        finish();
    }
    return std::move(plan_);
}

Plan Planner::make(const std::vector<Edit>& edits)
{
    auto order = rules_;
    for (const auto& edit : edits) {
        const auto what = edit.kind + " " + edit.name;
        const auto* const known = find(edit.kind, edit.name);
        const auto holds = known ? known->holds : std::string{};
        if (!same(holds, edit.opened_with)) {
            plan_.problems.push_back({0, 0,
                holds.empty()                  ? what + " was deleted while the form was open"
                    : edit.opened_with.empty() ? "there is a " + what + " already"
                                               : what + " was changed by somebody else while the form was open",
                edit.opened_with.empty() ? "choose another name" : "nothing was saved; open the form again, and look", what});
            continue;
        }
        if (edit.place && !edit.order_seen.empty() && edit.order_seen != rules_) {
            plan_.problems.push_back({0, 0, "the order of the rules was changed by somebody else",
                "nothing was saved; look at it again, and save then", what});
            continue;
        }
        if (!edit.json.empty()) {
            if (edit.kind == "source" && holds.empty()) {
                if (const auto key = hash_in(edit.json, key_field); key.empty())
                    plan_.keyless.push_back(edit.name);
                else
                    plan_.keys[edit.name] = key;
            }
            row(edit.kind, edit.name).holds = without_hashes(edit.json);
        } else if (known && known->said.empty()) {
            rows_.erase(key_of(edit.kind, edit.name));
        } else if (known) {
            row(edit.kind, edit.name).holds.clear();
        }
        if (edit.kind == "rule" && !edit.json.empty()) {
            const auto at = std::find(order.begin(), order.end(), edit.name);
            const auto was = static_cast<std::size_t>(at - order.begin());
            if (at != order.end())
                order.erase(at);
            const auto to = std::min(edit.place.value_or(was), order.size());
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(to), edit.name);
        }
    }
    if (!plan_.problems.empty())
        return std::move(plan_);
    place(order);
    const auto result = check();
    if (!result)
        return std::move(plan_);
    // Written as the file would be, whatever the form's way of writing it.
    std::map<std::pair<std::string, std::string>, std::string> written;
    for (auto& item : items_of(*result))
        written[{item.kind, item.name}] = std::move(item.json);
    std::map<std::pair<std::string, std::string>, storage::Item> before;
    for (const auto& item : stored_.items)
        before[{item.kind, item.name}] = item;
    for (const auto& edit : edits) {
        const auto& was = before[{edit.kind, edit.name}];
        auto now = edit.json.empty() ? std::string{} : written[{edit.kind, edit.name}];
        auto told = was;
        told.kind = edit.kind;
        told.name = edit.name;
        std::vector<Difference> secret;
        if (const auto has = stored_.secrets.find(edit.name); !edit.signing_secret.empty() && edit.kind == "source"
            && !now.empty() && (has == stored_.secrets.end() || has->second != storage::sha256(edit.signing_secret))) {
            plan_.secrets[edit.name] = edit.signing_secret;
            secret.push_back(secret_changes(has != stored_.secrets.end()));
            if (was.holds.empty())
                secret.back().before.clear();
        }
        if (now == was.holds) {
            if (!secret.empty())
                tell(Action::change, told, std::move(secret));
            if (auto* const item = find(edit.kind, edit.name))
                item->holds = std::move(now);
            continue;
        }
        auto fields = differences(was.holds, now);
        fields.insert(fields.end(), secret.begin(), secret.end());
        tell(now.empty() ? Action::remove : was.holds.empty() ? Action::create : Action::change, told, std::move(fields));
        if (auto* const item = find(edit.kind, edit.name))
            hold(*item, std::move(now));
    }
    end_overrides(plan_, stored_, *result, hand_);
    finish();
    return std::move(plan_);
}

Plan plan(const Stored& stored, const oncall::Configuration& file, const Wishes& wishes, const Hand& hand)
{
    return Planner{stored, hand}.follow(file, wishes);
}

Plan plan(const Stored& stored, const std::vector<Edit>& edits, const Hand& hand) { return Planner{stored, hand}.make(edits); }

bool Plan::changes_anything() const
{
    return std::any_of(changes.begin(), changes.end(), [](const Change& change) { return change.action != Action::keep; });
}

} // namespace config
