#pragma once

#include "config/node.hpp"
#include "config/oncall_yaml.hpp"

#include <map>
#include <set>

namespace config {

/// A value and what it is called, as "team payments.channel".
struct Place {
    const Node* node{};
    std::string path{};
    Place item(std::size_t index) const { return {&node->items[index], path + "[" + std::to_string(index) + "]"}; }
};

/// The entries of one mapping, by key.
class Fields {
public:
    bool has(const std::string& key) const { return found_.contains(key); }
    std::size_t count() const { return found_.size(); }
    /// One that is there.
    const Place& at(const std::string& key) const { return found_.at(key); }
    /// It, or else the mapping itself: where something is said about a key that may be missing.
    const Place& near(const std::string& key) const { return has(key) ? at(key) : of_; }
    const Place& of() const { return of_; }
    const std::map<std::string, Place>& all() const { return found_; }

private:
    friend class Reader;
    Place of_{};
    std::map<std::string, Place> found_{};
};

/// A name used somewhere, checked once everything has been read.
struct Reference {
    Place at{};
    std::string kind{};
    std::string name{};
};

/// What all that is read has in common: it collects problems and never stops at one.
class Reader {
public:
    Reader(const Environment& environment, Names names)
        : environment_{environment}
        , names_{names}
    {
    }

    void problem(const Place& at, const std::string& what, const std::string& fix);
    /// Whether there was a problem in what has the path `head`, as "team payments".
    bool is_faulty(const std::string& head) const { return faulty_.contains(head); }
    /// What is read from here on belongs to `head`.
    void enter(std::string head) { head_ = std::move(head); }

    /// The entries of a mapping that is called `what` in messages; those with keys that are not `known` or given twice are
    /// reported. Nothing at all counts as an empty mapping.
    Fields fields(const Place& at, const std::string& what, const std::vector<std::string>& known);
    /// The same where any key goes, `each` called in the order they were written.
    template <typename Each> void names_of(const Place& at, const std::string& what, Each each)
    {
        const auto& node = *at.node;
        if (!is_mapping(at, what, {}))
            return;
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < node.keys.size(); ++i) {
            const Place key{&node.keys[i], at.path};
            if (is_key(key, what) && is_first(key, what, seen.insert(node.keys[i].text).second))
                each(node.keys[i].text, key, node.items[i]);
        }
    }

    /// The text of a scalar; empty, after a problem, when it is none or has nothing in it.
    std::string text(const Place& at, const std::string& what);
    /// "" when the key is not there.
    std::string text(const Fields& in, const std::string& key);
    /// One that must not look like a number: in quotes then.
    std::string quoted_text(const Fields& in, const std::string& key);
    int number(const Fields& in, const std::string& key, int otherwise, int least, int most);
    std::optional<int> number(const Place& at, const std::string& what, int least, int most);
    std::optional<bool> truth(const Fields& in, const std::string& key);
    std::string reference(const Fields& in, const std::string& key, const std::string& kind);
    void refer(const Place& at, const std::string& kind, const std::string& name);
    std::string zone(const Fields& in, const std::string& key);
    /// The elements of a list; none when it is missing, or nothing.
    std::vector<Place> list(const Fields& in, const std::string& key);
    /// One person or a list of them, each once.
    std::vector<std::string> people(const Place& at, const std::string& what);
    bool is_person_here(std::string_view name) const;
    /// A name that people see: 1 to 80 characters without control characters.
    void check_name(const Place& at, const std::string& name, const std::string& what);

    /// A date and time of the wall clock; a problem when the key is missing, unless `optional`.
    std::optional<oncall::LocalTime> local_time(const Fields& in, const std::string& key, bool optional = false);
    /// An instant: a time with an offset, or one that is local in `zone`.
    std::optional<oncall::TimePoint> instant(const Fields& in, const std::string& key, const std::string& zone);
    /// Reports that `what` has no time: all of it is skipped by the clocks of `zone`, which go on at `after`.
    void skipped(const Place& at, const std::string& what, oncall::TimePoint after, const std::string& zone);

    /// "did you mean `x`?", else `otherwise`.
    std::string suggestion(const std::string& word, const std::vector<std::string>& candidates, const std::string& otherwise);

    /// All problems in the file's order.
    std::vector<Problem> problems();
    const std::vector<Reference>& references() const { return references_; }

    std::optional<std::string> variable(const std::string& name) const { return environment_(name); }

    std::map<std::string, std::string> key_hashes{}; // of the sources read so far, to find two that are the same

private:
    const Environment& environment_;
    const Names names_;

    bool is_mapping(const Place& at, const std::string& what, const std::vector<std::string>& known);
    bool is_key(const Place& key, const std::string& what);
    bool is_first(const Place& key, const std::string& what, bool first);

    std::vector<Problem> problems_{};
    std::size_t left_out_{};
    std::vector<Reference> references_{};
    std::string head_{};
    std::set<std::string> faulty_{};
    std::set<const Node*> unreadable_{}; // of a wrong type: nothing more is said about them
    std::size_t comparisons_{}; // names compared for suggestions; bounded, as each costs
};

std::string joined(const std::vector<std::string>& words);

} // namespace config
