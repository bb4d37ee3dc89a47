#pragma once

#include "oncall/names.hpp"
#include "oncall/schedule.hpp"

#include <map>
#include <set>
#include <string_view>

namespace oncall {

/// What makes somebody be on call, or nobody. Ordered as entries of one instant are.
struct Cause {
    enum class Kind { turn, put, add, temporary, nobody };
    static constexpr std::size_t whole_schedule = static_cast<std::size_t>(-1);
    std::size_t rotation{whole_schedule}; // its place in the schedule
    Kind kind{Kind::nobody};
    std::size_t number{}; // turn: the version; put, add: the override; temporary: the temporary schedule
    std::int64_t part{}; // turn: the turn; temporary: the shift
    auto operator<=>(const Cause&) const = default;
};

/// One entry of the final schedule at an instant. As long as it stays equal, it is one shift.
struct Entry {
    Cause cause{};
    Names people{};
    bool overridden{};
    bool operator==(const Entry&) const = default;
};

/// The overrides that hold at an instant, of those with one scope: the whole schedule or one rotation. The later made wins.
class ActiveOverrides {
public:
    /// The schedule must outlive it.
    explicit ActiveOverrides(const Schedule& schedule)
        : schedule_{&schedule}
    {
    }
    void begins(std::size_t number, const Override& one) { change(number, one, true); }
    void ends(std::size_t number, const Override& one) { change(number, one, false); }
    bool empty() const { return active_ == 0; }
    /// What they make of `entries`; those left with nobody are gone.
    void apply(std::vector<Entry>& entries, std::size_t scope) const;

private:
    using Numbers = std::set<std::size_t>;
    using ByPerson = std::map<std::string_view, Numbers>;
    void change(std::size_t number, const Override& one, bool begins);
    bool removed_after(std::size_t number, std::string_view person) const;
    Names kept(const Override& one, std::size_t number) const;
    void follow(Entry& entry, std::size_t first) const;

    const Schedule* schedule_;
    Numbers puts_{};
    Numbers adds_{};
    ByPerson replaced_{}; // by identity
    ByPerson removed_{};
    std::size_t active_{};
};

} // namespace oncall
