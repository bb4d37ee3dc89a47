#include "oncall/pattern.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <mutex>

namespace oncall {

namespace {

constexpr std::int64_t most_memory = 1 << 20; // of one pattern, with the states that it has been through
constexpr std::size_t most_compiled = 256;
constexpr int most_steps = 2'000; // of the program that it becomes: each byte of a text may cost so much

std::shared_ptr<const re2::RE2> compiled(const std::string& pattern)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(most_memory);
    options.set_never_capture(true);
    return std::make_shared<const re2::RE2>(pattern, options);
}

bool is_taken(const re2::RE2& made) { return made.ok() && made.ProgramSize() <= most_steps; }

/// Those that were asked for last.
class Compiled {
public:
    std::shared_ptr<const re2::RE2> get(const std::string& pattern)
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = places_.find(pattern); known != places_.end()) {
            all_.splice(all_.begin(), all_, known->second);
            return known->second->second;
        }
        all_.emplace_front(pattern, compiled(pattern));
        places_.emplace(pattern, all_.begin());
        if (all_.size() > most_compiled) {
            places_.erase(all_.back().first);
            all_.pop_back();
        }
        return all_.front().second;
    }

private:
    std::mutex mutex_{};
    std::list<std::pair<std::string, std::shared_ptr<const re2::RE2>>> all_{};
    std::map<std::string, decltype(all_)::iterator> places_{};
};

} // namespace

std::string why_no_pattern(const std::string& pattern)
{
    if (pattern.size() > most_pattern)
        return "it is longer than " + std::to_string(most_pattern) + " bytes";
    const auto made = compiled(pattern);
    if (made->ok() && !is_taken(*made))
        return "it repeats too much";
    return made->ok() ? std::string{} : made->error();
}

bool is_found(const std::string& pattern, std::string_view text)
{
    if (pattern.size() > most_pattern)
        return false;
    static Compiled known;
    const auto made = known.get(pattern);
    // What ends the text is not where it is cut.
    const auto seen = std::min(text.size(), most_looked_at);
    return is_taken(*made) && made->Match({text.data(), text.size()}, 0, seen, re2::RE2::UNANCHORED, nullptr, 0);
}

} // namespace oncall
