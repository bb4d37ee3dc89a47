#include "oncall/auto_resolve.hpp"

#include "oncall/time.hpp"
#include "oncall/words.hpp"

namespace oncall {

namespace {

constexpr std::string_view not_reported{"not reported for "};

} // namespace

std::optional<milliseconds> auto_resolve_in(std::string_view text)
{
    if (lower(text) == "never")
        return auto_resolve_never;
    const auto duration = duration_in(text);
    return duration && *duration >= auto_resolve_least && *duration <= auto_resolve_most ? duration : std::nullopt;
}

std::string auto_resolve_out(milliseconds auto_resolve)
{
    return auto_resolve == milliseconds{} ? "" : auto_resolve < milliseconds{} ? "never" : duration_out(auto_resolve);
}

milliseconds may_be_unreported(const Source& source, bool ends)
{
    if (source.auto_resolve != milliseconds{})
        return std::max(source.auto_resolve, milliseconds{});
    return ends ? milliseconds{} : auto_resolve_usual;
}

std::string not_reported_for(milliseconds quiet)
{
    const std::pair<milliseconds, std::string_view> units[]{
        {std::chrono::days{1}, "day"}, {std::chrono::hours{1}, "hour"}, {std::chrono::minutes{1}, "minute"}};
    for (const auto& [unit, name] : units)
        if (quiet >= unit && quiet % unit == milliseconds{}) {
            const auto count = quiet / unit;
            return std::string{not_reported} + std::to_string(count) + " " + std::string{name} + (count == 1 ? "" : "s");
        }
    return std::string{not_reported} + duration_out(quiet);
}

bool is_over_by_silence(const Alert& alert)
{
    return alert.state == AlertState::resolved && alert.answered_by.empty() && alert.answered_via == "a timer";
}

} // namespace oncall
