#include "commands/check_slack.hpp"

#include <algorithm>

namespace commands {

using slack::at;
using slack::Json;
using slack::text_at;

namespace {

Uses channels_of(const config::Settings& settings, const oncall::Configuration& configuration)
{
    Uses found;
    if (!settings.channel.empty())
        found[settings.channel].push_back("ONCALL_CHANNEL");
    for (const auto& [name, team] : configuration.teams)
        if (!team.channel.empty())
            found[team.channel].push_back("team " + name);
    for (const auto& [name, policy] : configuration.policies)
        for (const auto& level : policy.levels)
            for (const auto& target : level.targets)
                if (target.kind == oncall::TargetKind::channel)
                    found[target.name].push_back("policy " + name);
    return found;
}

bool has_topic(const oncall::Configuration& configuration, const std::string& channel)
{
    return std::any_of(configuration.teams.begin(), configuration.teams.end(),
        [&](const auto& entry) { return entry.second.topic && entry.second.channel == channel; });
}

} // namespace

asio::awaitable<void> SlackCheck::list_channels(Uses wanted, std::map<std::string, Json>& found)
{
    std::string kinds;
    for (const auto& [scope, kind] : {std::pair{"channels:read", "public_channel"}, std::pair{"groups:read", "private_channel"}})
        if (may(scope))
            kinds += (kinds.empty() ? "" : ",") + std::string{kind};
    std::string cursor;
    do {
        Json arguments;
        arguments["types"] = kinds;
        arguments["limit"] = 999;
        if (!cursor.empty())
            arguments["cursor"] = cursor;
        const auto page = co_await ask("conversations.list", std::move(arguments));
        for (const auto& channel : at(page, {"channels"}))
            if (const auto one = wanted.find("#" + text_at(channel, {"name"})); one != wanted.end()) {
                found[one->first] = channel;
                wanted.erase(one);
            }
        cursor = wanted.empty() ? "" : text_at(page, {"response_metadata", "next_cursor"});
    } while (!cursor.empty());
}

void SlackCheck::judge_channel(const std::string& wanted, const std::vector<std::string>& uses, const Json& channel) const
{
    auto line = "Channel " + wanted;
    if (const auto known_as = text_at(channel, {"name"}); wanted.front() != '#' && !known_as.empty())
        line += " = #" + known_as;
    line += " (" + joined(uses) + ")";
    const bool member = is_true(channel, "is_member"), closed = is_true(channel, "is_private");
    if (channel.is_null())
        bad(line + " is not there, or it is private and the bot is not in it.",
            "Correct the name, or make the channel; in a private one write /invite @" + name_ + ".");
    else if (is_true(channel, "is_archived"))
        bad(line + " is archived: nothing can be posted there.", "Unarchive it, or name another channel.");
    else if (!member && (closed || !may("chat:write.public")))
        bad(line + ": the bot is not in it.", "Write /invite @" + name_ + " there.");
    else if (!member && has_topic(configuration_, wanted))
        bad(line + ": its topic is to follow who is on call, and the bot is not in it.", "Write /invite @" + name_ + " there.");
    else
        good(line + ": the bot can post there.");
}

asio::awaitable<void> SlackCheck::check_channels()
{
    const auto wanted = channels_of(settings_, configuration_);
    Uses named;
    std::map<std::string, Json> found;
    std::string trouble;
    for (const auto& [channel, uses] : wanted) {
        if (channel.front() == '#') {
            named.emplace(channel, uses);
            continue;
        }
        try {
            Json arguments;
            arguments["channel"] = channel;
            const auto answer = co_await ask("conversations.info", std::move(arguments));
            found[channel] = at(answer, {"channel"});
        } catch (const slack::Error& error) {
            if (error.code() != "channel_not_found")
                trouble = error.code();
        }
    }
    if (!named.empty())
        try {
            co_await list_channels(named, found);
        } catch (const slack::Error& error) {
            trouble = error.code();
        }
    for (const auto& [channel, uses] : wanted)
        if (const auto one = found.find(channel); one != found.end())
            judge_channel(channel, uses, one->second);
        else if (trouble.empty())
            judge_channel(channel, uses, Json{});
        else
            note("Channel " + channel + " (" + joined(uses) + ") was not looked for to the end: Slack says " + trouble + ".");
}

} // namespace commands
