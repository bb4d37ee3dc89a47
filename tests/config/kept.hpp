#pragma once

#include "config/plan.hpp"

#include <algorithm>

/// What the database would hold after a plan was carried out, without one.
namespace kept {

inline constexpr oncall::TimePoint noon{oncall::milliseconds{1'793'707'200'000}}; // 2026-11-03 12:00 UTC, a Tuesday

class Kept {
public:
    config::Plan apply(const oncall::Configuration& file, const config::Wishes& wishes = {})
    {
        return carry_out(config::plan(stored, file, wishes, {"the file", now}));
    }
    config::Plan edit(const std::vector<config::Edit>& edits, const std::string& who = "UBO")
    {
        return carry_out(config::plan(stored, edits, {who, now}));
    }
    /// A form that is opened and saved.
    config::Plan edit(const std::string& kind, const std::string& name, const std::string& json)
    {
        return edit({config::Edit{kind, name, json, holds(kind, name), {}}});
    }

    std::string holds(const std::string& kind, const std::string& name) const
    {
        for (const auto& item : stored.items)
            if (item.kind == kind && item.name == name)
                return item.holds;
        return {};
    }
    /// As it is in force; with the overrides that hold.
    oncall::Configuration configuration() const
    {
        std::vector<config::Item> items;
        for (const auto& item : stored.items)
            if (!item.holds.empty())
                items.push_back({item.kind, item.name, item.holds});
        auto parsed = config::configuration_of(items);
        for (const auto& one : stored.overrides)
            if (one.cancelled_at == oncall::TimePoint{})
                parsed.configuration.schedules.at(one.schedule).overrides.push_back(one.what);
        for (auto& [name, source] : parsed.configuration.sources)
            if (const auto key = stored.keys.find(name); key != stored.keys.end())
                source.key_hash = key->second;
        problems = parsed.problems.size();
        return std::move(parsed.configuration);
    }
    storage::StoredOverride& add_override(oncall::Override what, const std::string& schedule)
    {
        storage::StoredOverride one;
        one.what = std::move(what);
        one.what.id = ++last_id_;
        one.schedule = schedule;
        one.made_by = "UBO";
        one.made_at = now;
        stored.overrides.push_back(one);
        return stored.overrides.back();
    }

    config::Stored stored{};
    oncall::TimePoint now{noon};
    mutable std::size_t problems{}; // of what was in force when it was last asked for

private:
    config::Plan carry_out(config::Plan plan)
    {
        if (!plan.problems.empty())
            return plan;
        const auto place = [&](const std::string& kind, const std::string& name) {
            return std::find_if(stored.items.begin(), stored.items.end(),
                [&](const storage::Item& item) { return item.kind == kind && item.name == name; });
        };
        for (const auto& item : plan.items) {
            if (const auto at = place(item.kind, item.name); at != stored.items.end())
                *at = item;
            else
                stored.items.push_back(item);
        }
        for (const auto& [kind, name] : plan.forgotten)
            if (const auto at = place(kind, name); at != stored.items.end())
                stored.items.erase(at);
        std::sort(stored.items.begin(), stored.items.end(), [](const storage::Item& a, const storage::Item& b) {
            return std::tie(a.kind, a.position, a.name) < std::tie(b.kind, b.position, b.name);
        });
        for (auto one : plan.overrides) {
            const auto at = std::find_if(stored.overrides.begin(), stored.overrides.end(),
                [&](const storage::StoredOverride& other) { return other.what.id == one.what.id; });
            if (one.what.id == 0) {
                one.what.id = ++last_id_;
                stored.overrides.push_back(one);
            } else if (one.cancelled_at != oncall::TimePoint{} && one.said.empty()) {
                stored.overrides.erase(at);
            } else {
                *at = one;
            }
        }
        std::sort(stored.overrides.begin(), stored.overrides.end(),
            [](const auto& a, const auto& b) { return std::tie(a.made_at, a.what.id) < std::tie(b.made_at, b.what.id); });
        for (const auto& [source, key] : plan.keys)
            stored.keys[source] = key;
        for (const auto& source : plan.keyless)
            stored.keys[source] = storage::sha256("made for " + source);
        for (const auto& [source, secret] : plan.secrets)
            stored.secrets[source] = storage::sha256(secret);
        std::erase_if(stored.secrets, [&](const auto& secret) { return holds("source", secret.first).empty(); });
        std::erase_if(stored.keys, [&](const auto& key) { return holds("source", key.first).empty(); });
        return plan;
    }

    std::int64_t last_id_{};
};

inline std::vector<std::string> said(const config::Plan& plan)
{
    std::vector<std::string> lines;
    for (const auto& change : plan.changes)
        lines.push_back(config::describe(change, {{"UBO", "Bo"}}));
    return lines;
}

} // namespace kept
