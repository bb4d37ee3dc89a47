#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace oncall {

/// The people of an entry, each once: mostly as the schedule lists them, without a copy, else in a list of its own. The schedule
/// must outlive it.
class Names {
public:
    using List = std::vector<std::string>;

    Names() = default;
    explicit Names(const List& of_schedule)
        : list_{&of_schedule}
    {
        for (auto one = list_->begin(); one != list_->end(); ++one)
            if (std::find(list_->begin(), one, *one) != one) {
                *this = Names{};
                for (const auto& person : of_schedule)
                    add(person);
                return;
            }
    }
    /// Into a list of its own, which nobody else has seen yet; not when they are in it already.
    void add(const std::string& person)
    {
        if (!own_)
            own_ = std::make_shared<List>();
        if (std::find(own_->begin(), own_->end(), person) == own_->end())
            own_->push_back(person);
        list_ = own_.get();
    }

    auto begin() const { return list_ ? list_->begin() : List::const_iterator{}; }
    auto end() const { return list_ ? list_->end() : List::const_iterator{}; }
    bool empty() const { return !list_ || list_->empty(); }
    std::size_t size() const { return list_ ? list_->size() : 0; }
    bool operator==(const Names& other) const
    {
        return list_ == other.list_ || std::equal(begin(), end(), other.begin(), other.end());
    }

private:
    const List* list_{};
    std::shared_ptr<List> own_{};
};

} // namespace oncall
