#pragma once

#include "storage/database.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

/// How much of what there is at a moment, for those who watch the service. Names nobody.
struct Counts {
    std::map<std::string, std::int64_t> alerts{}; // open ones, by state; a state nothing is in is there with 0
    std::map<std::string, std::int64_t> pages{}; // that run, by state
    struct Waiting {
        std::int64_t rows{};
        oncall::milliseconds oldest{}; // since it was asked for
    };
    std::array<Waiting, 5> outbox{}; // by priority
    std::int64_t held{}; // pages to a person that wait for their bundle to close
    oncall::milliseconds timer_lag{}; // by how much the earliest timer is overdue
};

/// Without drills. By indexes of what is open or waits: cheap however much is over.
Counts count(Transaction& tx, TimePoint now);

/// Every query of `count`, for a test of their plans.
std::vector<std::string_view> count_queries();

} // namespace storage
