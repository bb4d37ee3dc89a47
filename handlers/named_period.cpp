#include "handlers/named_period.hpp"

#include "oncall/alert.hpp"

namespace handlers {

std::pair<std::string, std::string> name_and_rest(const std::string& words, const std::vector<std::string>& names)
{
    std::string longest;
    for (const auto& name : names)
        if (name.size() > longest.size() && words.starts_with(name) && (words.size() == name.size() || words[name.size()] == ' '))
            longest = name;
    const auto rest = longest.empty() ? 0 : words.find_first_not_of(' ', longest.size());
    return {longest, rest == words.npos ? "" : words.substr(rest)};
}

oncall::Period period_said(const std::string& words, const std::string& zone, oncall::TimePoint now, const std::string& example)
{
    if (const auto period = oncall::period_in(words, zone, now))
        return *period;
    throw oncall::Refusal{"I don't understand “" + words
        + "” as a time. Write `2w`, `next week`, `last month`, `2026-10` or `2026-11-02 to 2026-11-15` (at most 400 days), as in "
          "`"
        + example + "`."};
}

} // namespace handlers
