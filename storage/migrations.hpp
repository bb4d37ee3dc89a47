#pragma once

#include <string_view>
#include <vector>

namespace storage {

struct Migration {
    std::string_view name{};
    std::string_view sql{};
};

/// All of storage/migrations, in order of their numbers.
const std::vector<Migration>& migrations();

} // namespace storage
