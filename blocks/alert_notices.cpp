#include "blocks/alert_lines.hpp"
#include "blocks/details.hpp"
#include "oncall/flapping.hpp"

namespace blocks {

using namespace kit;
using oncall::AlertState;
using oncall::TimePoint;

Message reminder(const AlertView& shown)
{
    const auto& alert = shown.alert;
    // Answered by now: what it was about, as it stands.
    if (alert.state != AlertState::promised)
        return card(shown);
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto otherwise = shown.page
        ? " Without an answer it is paged again in " + number(oncall::promise_grace / std::chrono::minutes{1}) + " minutes."
        : Mrkdwn{};
    return message("⏰ You said you would be on " + in_short(alert) + " by now. Are you?" + otherwise,
        {section("⏰ *You said you would be on this by now.*" + otherwise), section(headline(shown)), section(state_line(shown)),
            context(links(shown)),
            actions({button("I'm on it", action::acknowledge, value, Style::primary),
                button("10 more minutes", action::promise, value + ":10"), button("Not me", action::decline, value)})},
        amber);
}

Message still_on_it(const AlertView& shown)
{
    const auto& alert = shown.alert;
    // Answered by now: what it was about, as it stands.
    if (alert.state != AlertState::acknowledged || shown.still_asked_at == TimePoint{})
        return card(shown);
    const auto value = std::to_string(alert.id.value) + ":" + std::to_string(alert.version);
    const auto otherwise =
        " Without an answer it is paged again in " + number(oncall::promise_grace / std::chrono::minutes{1}) + " minutes.";
    return message("⏰ Still on " + in_short(alert) + "?" + otherwise,
        {section("⏰ *Still on it?*" + otherwise), section(headline(shown)), section(state_line(shown)), context(links(shown)),
            actions({button("Still on it", action::still_on_it, value, Style::primary)})},
        amber);
}

Message dead_end(const AlertView& shown, const std::string& what)
{
    const auto& alert = shown.alert;
    auto why = prose(what, shown.names);
    if (why.empty())
        why = "it leads nowhere";
    // No verbs here: this message is not followed up, and a button must not go dead.
    return message("⚠️ " + in_short(alert) + ": " + shortened(why, most_description),
        {section("⚠️ *This alert meets a dead end.* The configuration should say who is to be paged."), section(why),
            section(headline(shown)), section(state_line(shown)), context({circumstances(shown)}), context(links(shown)),
            actions({button("Page someone …", action::open_page, "alert:" + std::to_string(alert.id.value))})},
        amber);
}

Message change_line(const AlertView& shown)
{
    const auto& alert = shown.alert;
    auto text = dot_of(alert.state) + " " + in_short(alert) + ": ";
    if (alert.state != AlertState::resolved && has_come_back(shown))
        text += "came back after " + escape(oncall::over_for(shown.back->over_for))
            + (alert.state == AlertState::triggered ? Mrkdwn{} : ", " + state_of(shown));
    else if (alert.state == AlertState::triggered)
        text += "open again";
    else
        text += state_of(shown) + (alert.state == AlertState::resolved ? how_long(alert) : Mrkdwn{});
    return message(text + ".", {context({text + "."})});
}

} // namespace blocks
