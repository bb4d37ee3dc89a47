#include "config/plan_parts.hpp"
#include "config/reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace config {

namespace {

using oncall::Override;
using storage::StoredOverride;

/// "2026-12-24 00:00 to 2026-12-27 00:00: put dee@example.com instead of ana@example.com", in the schedule's zone.
std::string override_words(const Override& what, const std::string& zone)
{
    const auto minute = [&](oncall::TimePoint at) {
        const auto text = oncall::iso(at, zone);
        return text.substr(0, 10) + " " + text.substr(11, 5);
    };
    const auto* const does = what.kind == Override::Kind::put ? "put " : what.kind == Override::Kind::add ? "add " : "remove ";
    return minute(what.from) + " to " + minute(what.to) + ": " + does + joined(what.people)
        + (what.instead_of.empty() ? "" : " instead of " + what.instead_of)
        + (what.rotation.empty() ? "" : " in rotation " + what.rotation);
}

/// In the time that is still to come.
bool overlap(const Override& one, const Override& other, oncall::TimePoint now)
{
    return std::max({one.from, other.from, now}) < std::min(one.to, other.to);
}

/// The schedule's zone, as it holds.
std::string zone_in(const Stored& stored, const std::string& schedule)
{
    for (const auto& item : stored.items)
        if (item.kind == "schedule" && item.name == schedule && !item.holds.empty())
            return nlohmann::json::parse(item.holds).value("time_zone", oncall::Schedule{}.time_zone);
    return oncall::Schedule{}.time_zone;
}

/// The overrides of one schedule.
class OfSchedule {
public:
    OfSchedule(Plan& plan, const Stored& stored, const oncall::Schedule& file, const oncall::Schedule& result,
        const Wishes& wishes, const Hand& hand)
        : plan_{plan}
        , file_{file}
        , result_{result}
        , wishes_{wishes}
        , hand_{hand}
        , zone_before_{zone_in(stored, file.name)}
    {
        for (const auto& row : stored.overrides)
            if (row.schedule == file.name)
                rows_.push_back({row, false});
    }

    void run()
    {
        std::vector<Row*> of(file_.overrides.size());
        for (std::size_t at = 0; at < of.size(); ++at)
            of[at] = take([&](const StoredOverride& row) { return row.said == json(file_.overrides[at]); });
        for (std::size_t at = 0; at < of.size(); ++at)
            if (!of[at])
                of[at] = take([&](const StoredOverride& row) {
                    return row.cancelled_at == oncall::TimePoint{} && row.what == file_.overrides[at];
                });
        for (std::size_t at = 0; at < of.size(); ++at)
            if (of[at])
                known(of[at]->row, file_.overrides[at]);
            else
                add(file_.overrides[at]);
        for (auto at = placed_.size(); at-- > 0;)
            rank(at);
        for (auto& one : placed_) {
            if (one.row.what.id == 0)
                tell("", override_words(one.row.what, file_.time_zone) + outranked(one.row));
            if (one.write)
                plan_.overrides.push_back(std::move(one.row));
        }
        for (auto& row : rows_)
            if (!row.taken && !row.row.said.empty() && (row.row.origin == "file" || row.row.cancelled_at != oncall::TimePoint{}))
                gone(row.row);
    }

private:
    struct Row {
        StoredOverride row{};
        bool taken{};
    };
    /// One that will hold and that the file says; in the file's order.
    struct Placed {
        StoredOverride row{}; // without an id: a new one
        bool write{};
        bool edited{}; // in Slack: stays as it is
    };

    std::string json(const Override& what) const { return override_json(what, file_.time_zone); }
    bool edited(const StoredOverride& row) const
    {
        return json(row.what) != row.said && override_json(row.what, zone_before_) != row.said;
    }

    template <class Wanted> Row* take(const Wanted& wanted)
    {
        for (auto& row : rows_)
            if (!row.taken && wanted(row.row)) {
                row.taken = true;
                return &row;
            }
        return nullptr;
    }

    void tell(const std::string& before, const std::string& after)
    {
        auto found = std::find_if(plan_.changes.begin(), plan_.changes.end(), [&](const Change& change) {
            return change.kind == "schedule" && change.name == file_.name && change.action != Action::keep;
        });
        if (found == plan_.changes.end()) {
            Change change;
            change.action = Action::change;
            change.kind = "schedule";
            change.name = file_.name;
            found = plan_.changes.insert(found, std::move(change));
        }
        found->fields.push_back({"override", before, after});
    }
    void keep(const StoredOverride& row, std::string why, std::vector<Difference> fields)
    {
        Change change;
        change.action = Action::keep;
        change.kind = "override";
        change.name = "of " + file_.name;
        change.why = std::move(why);
        change.fields = std::move(fields);
        change.changed_by = row.cancelled_by;
        change.changed_at = row.cancelled_at;
        plan_.changes.push_back(std::move(change));
    }

    void add(const Override& what)
    {
        StoredOverride fresh;
        fresh.what = what;
        fresh.what.id = 0;
        fresh.schedule = file_.name;
        fresh.origin = "file";
        fresh.said = json(what);
        fresh.made_by = hand_.by;
        fresh.made_at = hand_.now;
        for (const auto& [row, taken] : rows_) // the latest made, whatever the clock said before
            fresh.made_at = std::max(fresh.made_at, row.made_at);
        placed_.push_back({std::move(fresh), true, false});
    }

    /// Whether `one`, which stands before `other` in the file, counts as made before it.
    static bool precedes(const StoredOverride& one, const StoredOverride& other)
    {
        if (one.made_at != other.made_at)
            return one.made_at < other.made_at;
        return other.what.id == 0 || (one.what.id != 0 && one.what.id < other.what.id);
    }

    /// The later in the file wins: one counts as made before what stands behind it there, if only just. None becomes newer by
    /// that.
    void rank(std::size_t at)
    {
        auto& one = placed_[at];
        const auto was = one.row.made_at;
        const StoredOverride* behind = nullptr;
        for (auto next = at + 1; next < placed_.size(); ++next) {
            const auto& other = placed_[next].row;
            if (!overlap(one.row.what, other.what, hand_.now) || precedes(one.row, other))
                continue;
            behind = &other;
            one.row.made_at = other.made_at;
            if (!precedes(one.row, other))
                one.row.made_at -= oncall::milliseconds{1};
        }
        if (!behind || one.row.what.id == 0)
            return;
        const bool from_slack = one.row.origin != "file" && !wishes_.force;
        if (one.edited || from_slack) {
            one.row.made_at = was;
            if (!one.edited)
                keep(one.row,
                    "made in Slack after what stands behind it in the file, and goes on to win over that; --force takes the "
                    "file's order: "
                        + override_words(one.row.what, file_.time_zone),
                    {});
            return;
        }
        one.write = true;
        const auto said = override_words(one.row.what, file_.time_zone);
        tell(said, said + ", but where they overlap: " + override_words(behind->what, file_.time_zone));
    }

    /// What Slack made since goes on to win over one that the file puts before an older one; that is said.
    std::string outranked(const StoredOverride& fresh) const
    {
        std::string by;
        for (const auto& [row, taken] : rows_)
            if (!taken && row.origin != "file" && row.cancelled_at == oncall::TimePoint{} && fresh.made_at < row.made_at
                && overlap(fresh.what, row.what, hand_.now))
                by += (by.empty() ? " (where they overlap, what was made in Slack since wins: " : "; ")
                    + override_words(row.what, file_.time_zone);
        return by.empty() ? "" : by + ")";
    }

    void known(StoredOverride& row, const Override& wanted)
    {
        const bool over = wanted.to <= hand_.now;
        const auto says = json(wanted);
        if (row.cancelled_at != oncall::TimePoint{}) {
            if (wishes_.force && !over) {
                forget(row);
                add(wanted);
            } else if (!over) {
                keep(row, "taken back in Slack, and still in the file; stays so, --force brings it back",
                    {{"override", "", override_words(wanted, file_.time_zone)}});
            }
            return;
        }
        Placed one;
        if (row.said != says) { // made in Slack, or changed there to what the file says now
            row.said = says;
            one.write = true;
        } else if (row.what != wanted && edited(row) && !wishes_.force) {
            one.edited = true;
            if (!over)
                keep(row, "edited in Slack; stays so, --force takes the file's",
                    {{"override", override_words(row.what, result_.time_zone), override_words(wanted, file_.time_zone)}});
        } else if (row.what != wanted && file_.time_zone == result_.time_zone) {
            tell(override_words(row.what, file_.time_zone), override_words(wanted, file_.time_zone));
            const auto id = row.what.id;
            row.what = wanted;
            row.what.id = id;
            one.write = true;
        }
        one.row = row;
        placed_.push_back(std::move(one));
    }

    void gone(StoredOverride& row)
    {
        if (row.cancelled_at != oncall::TimePoint{}) {
            forget(row); // both agree
            return;
        }
        if (row.what.to <= hand_.now)
            return; // history stays
        if (edited(row) && !wishes_.force) {
            keep(row, "no longer in the file, and edited in Slack; stays, --force takes it back",
                {{"override", override_words(row.what, result_.time_zone), ""}});
            return;
        }
        tell(override_words(row.what, result_.time_zone), "");
        withdraw(row);
    }

    /// What has been stays as it was; the rest does not happen.
    void withdraw(StoredOverride row)
    {
        if (row.what.from < hand_.now) {
            row.what.to = hand_.now;
        } else {
            row.cancelled_by = hand_.by;
            row.cancelled_at = hand_.now;
        }
        forget(row);
    }
    void forget(StoredOverride row)
    {
        row.said.clear();
        plan_.overrides.push_back(std::move(row));
    }

    Plan& plan_;
    const oncall::Schedule& file_;
    const oncall::Schedule& result_;
    const Wishes& wishes_;
    const Hand& hand_;
    std::string zone_before_;
    std::vector<Row> rows_{};
    std::vector<Placed> placed_{};
};

} // namespace

void plan_overrides(Plan& plan, const Stored& stored, const oncall::Configuration& file, const oncall::Configuration& result,
    const Wishes& wishes, const Hand& hand)
{
    for (const auto& [name, schedule] : file.schedules)
        if (const auto will_be = result.schedules.find(name); will_be != result.schedules.end())
            OfSchedule{plan, stored, schedule, will_be->second, wishes, hand}.run();
    end_overrides(plan, stored, result, hand);
}

void end_overrides(Plan& plan, const Stored& stored, const oncall::Configuration& result, const Hand& hand)
{
    for (auto row : stored.overrides)
        if (!result.schedules.contains(row.schedule) && row.cancelled_at == oncall::TimePoint{}) {
            row.cancelled_by = hand.by;
            row.cancelled_at = hand.now;
            row.said.clear();
            plan.overrides.push_back(std::move(row));
        }
}

} // namespace config
