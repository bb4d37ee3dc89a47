#pragma once

#include "oncall/schedule.hpp"

#include <map>

namespace pictures {

/// How the people of a schedule are told apart: by colour, by pattern and always by name.
class People {
public:
    /// Who is not in `names` is called by what stands before the @, unless somebody else would be too.
    People(const oncall::Schedule& schedule, const std::map<std::string, std::string>& names);

    /// Their place in the schedule, so that their colour is the same in every picture of it.
    std::size_t place(const std::string& person) const;
    std::string name(const std::string& person) const;
    /// One to three letters that are nobody else's, where there are any.
    std::string initials(const std::string& person) const;
    /// All of them in `room` hundredths of the font's size: names, shortened names or initials; empty when nothing fits.
    std::string words(const std::vector<std::string>& people, int room) const;
    /// Their initials alone, or the first's and how many more they are; empty when that does not fit.
    std::string initials(const std::vector<std::string>& people, int room) const;
    /// Everybody, by place.
    const std::vector<std::string>& all() const { return all_; }

private:
    struct Known {
        std::size_t place{};
        std::string name{};
        std::string initials{};
    };
    std::vector<std::string> all_{};
    std::map<std::string, Known> known_{};
};

} // namespace pictures
