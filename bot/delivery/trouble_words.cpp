#include "delivery/trouble_words.hpp"

#include "slack/errors.hpp"
#include "slack/scopes.hpp"

#include <algorithm>
#include <cctype>

namespace delivery::words {

namespace {

constexpr std::string_view make_app_token{
    "Make an app-level token (xapp-…) with the scope connections:write on the app's page Basic Information at "
    "https://api.slack.com/apps, put it into SLACK_APP_TOKEN, and start me again."};

std::string capitalised(std::string text)
{
    if (!text.empty())
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

std::string and_fix(const storage::Trouble& one, const std::string& bot)
{
    const auto fix = slack::fix_of(one.code, one.method, one.of.kind == "scope" ? one.of.subject : "", bot);
    return fix.empty() ? std::string{} : " " + fix;
}

} // namespace

std::string uses_of(const oncall::Configuration& configuration, const std::string& fallback, const std::string& channel)
{
    std::string text;
    const auto add = [&](const std::string& use) { text += (text.empty() ? "" : ", ") + use; };
    for (const auto& [name, team] : configuration.teams)
        if (team.channel == channel)
            add("team " + name);
    for (const auto& [name, policy] : configuration.policies)
        if (std::any_of(policy.levels.begin(), policy.levels.end(), [&](const auto& level) {
                return std::any_of(level.targets.begin(), level.targets.end(),
                    [&](const auto& target) { return target.kind == oncall::TargetKind::channel && target.name == channel; });
            }))
            add("policy " + name);
    if (channel == fallback)
        add("ONCALL_CHANNEL");
    return text;
}

std::string kept_from(const storage::Trouble& one)
{
    if (one.of.kind == "scope") {
        const std::string without{slack::without_scope(one.of.subject)};
        return "the app lacks the scope " + one.of.subject + ": " + (without.empty() ? "Slack refuses " + one.method : without);
    }
    if (one.of.kind == "token")
        return one.of.subject == "SLACK_APP_TOKEN"
            ? "Slack does not accept SLACK_APP_TOKEN (" + one.code + "): clicks and commands do not reach me"
            : "Slack does not accept SLACK_BOT_TOKEN: " + slack::words_of(one.code) + "; nothing of mine reaches Slack";
    return slack::words_of(one.code);
}

std::string stands(const storage::Trouble& one, const std::string& uses, const std::string& bot)
{
    if (one.of.kind == "channel")
        return "I could not post in " + one.of.subject + (uses.empty() ? "" : " (" + uses + ")") + ": " + kept_from(one) + "."
            + and_fix(one, bot) + " What still counts I post then; I try again by myself.";
    const auto what = capitalised(kept_from(one)) + ".";
    if (one.of.kind == "scope")
        return what + and_fix(one, bot) + " I notice it by myself.";
    if (one.of.kind == "token" && one.of.subject == "SLACK_APP_TOKEN")
        return what + " " + std::string{make_app_token};
    return what + and_fix(one, bot);
}

std::string in_short(const storage::Trouble& one)
{
    return one.of.kind == "channel" ? "I cannot post in " + one.of.subject + ": " + kept_from(one) + "."
                                    : capitalised(kept_from(one)) + ".";
}

std::string is_over(const storage::Trouble& one)
{
    std::string text;
    if (one.of.kind == "channel")
        text = "I can post in " + one.of.subject + " again.";
    else if (one.of.kind == "scope")
        text = "The app has the scope " + one.of.subject + " now; what stopped without it works again.";
    else if (one.of.kind == "token")
        text = "Slack accepts " + one.of.subject + " again.";
    else
        text = "Slack does again what it refused (" + one.code + ").";
    if (one.released > 0)
        text += " " + std::to_string(one.released)
            + (one.released == 1 ? " message that waited goes" : " messages that waited go") + " out.";
    return text;
}

} // namespace delivery::words
