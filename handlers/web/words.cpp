#include "handlers/web/words.hpp"

#include "notify/text.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

std::string plain_words(std::string words, const blocks::Names& names, const std::string& time_zone)
{
    const std::string_view open{"<!date^"};
    for (auto at = words.find(open); at != words.npos; at = words.find(open, at)) {
        std::int64_t seconds{};
        std::from_chars(words.data() + at + open.size(), words.data() + words.size(), seconds);
        const auto end = std::min(words.find('>', at), words.size() - 1);
        words.replace(at, end - at + 1, notify::date_and_time(oncall::TimePoint{std::chrono::seconds{seconds}}, time_zone));
    }
    auto said = notify::clean(blocks::plain(words, names));
    said.erase(std::remove(said.begin(), said.end(), '`'), said.end());
    return said;
}

} // namespace handlers
