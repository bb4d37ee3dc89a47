#include "oncall/reach_words.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

constexpr std::array<std::string_view, 7> short_day_names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::string_view name_of(Weekday day) { return short_day_names[static_cast<std::size_t>(day)]; }

/// In the middle of a sentence.
std::string_view noun_of(ContactKind kind)
{
    switch (kind) {
    case ContactKind::slack: return "Slack";
    case ContactKind::email: return "e-mail";
    case ContactKind::sms: return "SMS";
    case ContactKind::voice: return "phone call";
    case ContactKind::web_push: return "web push";
    case ContactKind::ntfy: return "ntfy";
    case ContactKind::pushover: return "Pushover";
    case ContactKind::gotify: return "Gotify";
    case ContactKind::webhook: return "webhook";
    }
    return "";
}

std::string clock(std::chrono::minutes time)
{
    const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(time.count() / 60) + ":" + two(time.count() % 60);
}

/// "1 min", "90 s", "1 h 30 min".
std::string span(milliseconds time)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    if (seconds < 120 && seconds % 60 != 0)
        return std::to_string(seconds) + " s";
    std::string text;
    const std::pair<std::int64_t, std::string_view> parts[]{
        {seconds / 3600, " h"}, {seconds / 60 % 60, " min"}, {seconds % 60, " s"}};
    for (const auto& [count, unit] : parts)
        if (count != 0)
            text += (text.empty() ? "" : " ") + std::to_string(count) + std::string{unit};
    return text;
}

/// "Mon to Fri", "Sat, Sun".
std::string words_of_days(std::vector<Weekday> listed)
{
    std::sort(listed.begin(), listed.end());
    listed.erase(std::unique(listed.begin(), listed.end()), listed.end());
    std::string text;
    for (std::size_t i = 0; i < listed.size();) {
        auto last = i;
        while (last + 1 < listed.size() && static_cast<int>(listed[last + 1]) == static_cast<int>(listed[last]) + 1)
            ++last;
        text += (text.empty() ? "" : ", ") + std::string{name_of(listed[i])};
        if (last == i + 1)
            text += ", " + std::string{name_of(listed[last])};
        else if (last > i)
            text += " to " + std::string{name_of(listed[last])};
        i = last + 1;
    }
    return text;
}

std::string words_of_window(const Window& window)
{
    if (window.from_day && window.to_day)
        return std::string{name_of(*window.from_day)} + " " + clock(window.from) + " to " + std::string{name_of(*window.to_day)}
        + " " + clock(window.to);
    const auto when = window.days.empty() ? std::string{"every day"} : words_of_days(window.days);
    const bool whole = window.from.count() == 0 && window.to == std::chrono::hours{24};
    return whole ? when : when + ", " + clock(window.from) + " to " + clock(window.to);
}

/// A method as a step names it: "sms", "push", "sms:12".
std::string words_of_method(const std::string& method, const std::vector<ContactMethod>& hers)
{
    if (method == "push")
        return "push";
    if (const auto kind = contact_kind_in(method))
        return std::string{noun_of(*kind)};
    const auto named = method_in(method);
    if (!named)
        return method;
    const auto own = std::find_if(hers.begin(), hers.end(), [&](const auto& one) { return one.id == named->id; });
    if (own == hers.end())
        return std::string{noun_of(named->kind)} + " that was removed";
    return std::string{noun_of(own->kind)} + (own->label.empty() ? " " + masked(*own) : " " + own->label);
}

bool is_set_up(const std::string& method, const std::vector<ContactMethod>& hers)
{
    NotificationStep alone;
    alone.methods = {method};
    return !methods_of(alone, hers).empty();
}

} // namespace

std::string words_of(const ContactMethod& method, bool whole)
{
    auto address = whole ? method.address : masked(method);
    if (method.kind == ContactKind::web_push)
        address.clear(); // keys, nothing to read
    return std::string{title(method.kind)} + (address.empty() ? "" : " " + address)
        + (method.label.empty() ? "" : ", " + method.label);
}

std::string words_of(const std::vector<Window>& windows)
{
    std::string text;
    for (const auto& window : windows)
        text += (text.empty() ? "" : "; ") + words_of_window(window);
    return text.empty() ? "always" : text;
}

std::string quiet_words(const Window& window, std::size_t of, const std::string& time_zone)
{
    std::string text = "Low urgency waits ";
    const bool whole = window.from.count() == 0 && window.to == std::chrono::hours{24};
    if (window.from_day && window.to_day)
        text += "from " + std::string{name_of(*window.from_day)} + " " + clock(window.from) + " to "
            + std::string{name_of(*window.to_day)} + " " + clock(window.to);
    else if (whole)
        text += words_of_days(window.days) + ", all day";
    else
        text += (window.days.empty() ? "" : words_of_days(window.days) + " ") + "from " + clock(window.from) + " to "
            + clock(window.to);
    if (!time_zone.empty())
        text += " (" + time_zone + ")";
    // Where there are others, one may go on where this one ends.
    return text + (of == 1 && !whole ? "; one digest at " + clock(window.to) : "; one digest when that is over");
}

std::string words_of(const std::vector<NotificationStep>& steps, const std::vector<ContactMethod>& hers)
{
    std::string text;
    milliseconds after{};
    for (const auto& step : steps) {
        const bool skipped = methods_of(step, hers).empty();
        std::string methods;
        for (const auto& method : step.methods)
            methods += (methods.empty() ? "" : ", ") + words_of_method(method, hers)
                + (skipped || is_set_up(method, hers) ? "" : " (not set up)");
        if (methods.empty())
            continue;
        text += text.empty() ? "" : " ";
        if (skipped) {
            text += "Skipped, as not set up: " + methods + ".";
            continue;
        }
        text += (after.count() == 0 ? std::string{"At once"} : "After " + span(after)) + ": " + methods + ".";
        after += step.wait;
    }
    return text.empty() ? "Nothing." : text;
}

bool wakes(ContactKind kind) { return kind != ContactKind::slack && kind != ContactKind::email && kind != ContactKind::webhook; }

bool can_wake(const NotificationRule& rule, const std::vector<ContactMethod>& hers)
{
    for (const auto& step : rule.steps)
        for (const auto& method : methods_of(step, hers))
            if (const auto named = method_in(method); named && wakes(named->kind))
                return true;
    return false;
}

} // namespace oncall
