#pragma once

#include "config/items.hpp"
#include "storage/repositories.hpp"

#include <map>
#include <optional>

/// What a new oncall.yaml, or a form in Slack, changes of what holds. Pure.
namespace config {

/// What the database knows.
struct Stored {
    std::vector<storage::Item> items{};
    std::vector<storage::StoredOverride> overrides{}; // those that hold, and what the file says of others
    std::map<std::string, std::string> keys{}; // source → the hash of the key that stays
    std::map<std::string, std::string> secrets{}; // source → the hash of the signing secret that stays
};

struct Difference {
    std::string field{}; // "levels[0].patience"
    std::string before{}; // empty: there was none
    std::string after{}; // empty: there is none any more
    bool operator==(const Difference&) const = default;
};

enum class Action { create, change, remove, keep };

/// One thing that happens to an item, or that does not and is said.
struct Change {
    Action action{};
    std::string kind{}; // of an item; or "override"; or "order", of the rules
    std::string name{};
    std::vector<Difference> fields{}; // of what is kept: what the file would change
    std::string why{}; // of what is kept
    std::string changed_by{}; // of what is kept as it is in Slack: by whom; a Slack user id
    oncall::TimePoint changed_at{};
};

/// What is to be done. With problems nothing of it may be.
struct Plan {
    std::vector<Change> changes{}; // what people are told, in the order of the kinds
    std::vector<Problem> problems{};

    std::vector<storage::Item> items{}; // rows to write
    std::vector<std::pair<std::string, std::string>> forgotten{}; // rows to delete: kind and name
    std::vector<storage::StoredOverride> overrides{}; // rows to write, in this order; those without an id are new
    std::map<std::string, std::string> keys{}; // source → the hash of the key that it is to have
    std::vector<std::string> keyless{}; // new sources for which a key is to be made
    std::map<std::string, std::string> secrets{}; // source → the signing secret that it is to have

    /// Whether anything that holds changes.
    bool changes_anything() const;
    /// Whether there is anything to write, if only what the file said.
    bool writes_anything() const
    {
        return !items.empty() || !forgotten.empty() || !overrides.empty() || !keys.empty() || !keyless.empty()
            || !secrets.empty();
    }
};

struct Wishes {
    bool prune{}; // delete what is gone from the file
    bool force{}; // the file's word counts more than Slack's
};

/// Who changes it, and when: "the file", or a Slack user id.
struct Hand {
    std::string by{};
    oncall::TimePoint now{};
};

/// Three ways: what holds, what the file said last, what it says now. Changed by the file alone: changes. Changed in Slack alone,
/// or by both: stays and is reported, each time, unless forced. Deleted in Slack: stays deleted. Gone from the file: reported,
/// and deleted when pruned. Made in Slack: never pruned. The same file twice changes nothing the second time.
Plan plan(const Stored& stored, const oncall::Configuration& file, const Wishes& wishes, const Hand& hand);

/// One thing that a form in Slack changes.
struct Edit {
    std::string kind{};
    std::string name{};
    std::string json{}; // what it is to be, as in Item; empty: deleted. A source that is there keeps its keys whatever this says
    std::string opened_with{}; // what it was when the form was opened; empty: it was not there
    std::optional<std::size_t> place{}; // of a rule: among the rules, from 0; none: where it is, a new one last
    std::vector<std::string> order_seen{}; // the rules as they stood when the place was chosen; empty: whatever their order
    std::string signing_secret{}; // of a source: another one; empty: it keeps what it has
};

/// Checked as the whole file is; problems have a path, as "policy payments.levels[0].patience". What somebody else changed while
/// the form was open is a problem at "policy payments", and so is another order of the rules than the one that was seen.
Plan plan(const Stored& stored, const std::vector<Edit>& edits, const Hand& hand);

/// The plan for people: one line each with +, ~, - or =, and a line that counts. `names`: what people are called, by Slack id.
/// Empty lines and colours are the terminal's: with `colours` only there.
std::string describe(const Plan& plan, const std::map<std::string, std::string>& names, bool colours = false);
/// One of its lines, without the sign.
std::string describe(const Change& change, const std::map<std::string, std::string>& names);

/// Field by field; two JSON texts of Item, either may be empty. Where one says nothing: the value that then holds, with
/// "(default)", or "unset" when there is none. Of a calendar's address only the host is told.
std::vector<Difference> differences(const std::string& before, const std::string& after);

/// The items, as kind and name, that name this one: "team payments".
std::vector<std::string> users_of(const std::vector<Item>& items, const std::string& kind, const std::string& name);

} // namespace config
