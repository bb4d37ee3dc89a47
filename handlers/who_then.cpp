#include "handlers/who_then.hpp"

#include "blocks/who_then.hpp"
#include "config/nearest.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/said.hpp"
#include "oncall/grammar.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"

namespace handlers {

using oncall::Refusal;
using storage::Transaction;

namespace {

constexpr std::size_t most_stretches_then = 12;
constexpr auto longest_asked = std::chrono::days{62};

std::set<std::string> schedules_asked(const oncall::WhoAsked& asked, const oncall::Configuration& configuration)
{
    std::set<std::string> schedules;
    for (const auto& one : asked.of)
        for (auto& its : oncall::schedules_behind(one, configuration))
            if (configuration.schedules.contains(its))
                schedules.insert(std::move(its));
    if (schedules.empty() && !asked.of.empty())
        throw Refusal{"No schedule stands behind " + asked.of.front().name
            + ". `/oncall policy` shows who is paged, and `/oncall` all schedules."};
    if (asked.of.empty())
        for (const auto& [name, schedule] : configuration.schedules)
            schedules.insert(name);
    return schedules;
}

void refuse_unclear(const oncall::WhoAsked& asked, const oncall::Configuration& configuration)
{
    if (!asked.unknown.empty()) {
        const auto meant = config::nearest(asked.unknown, oncall::recipient_names(configuration));
        throw Refusal{"“" + asked.unknown + "” is no schedule, no team, no service and no time. "
            + (meant ? "Did you mean `/oncall who " + *meant + "`? " : std::string{})
            + "Write it as `/oncall who payments tomorrow 18:00-22:00`, or `/oncall` for all of them now."};
    }
    if (!asked.trouble.empty())
        throw Refusal{asked.trouble};
}

std::string team_by(const oncall::Configuration& configuration, const std::string& schedule)
{
    for (const auto& [team, its] : configuration.teams)
        if (const auto policy = oncall::policy_in(configuration, oncall::policy_of_team(configuration, team)))
            if (oncall::schedules_of(configuration, *policy).contains(schedule))
                return team;
    return {};
}

} // namespace

Answer who_of(slack::Command command, std::string rest, Context& app)
{
    const auto now = app.clock.now();
    const auto configuration = app.configuration();
    std::string zone;
    blocks::Names names;
    auto load = [&](Transaction& tx) {
        zone = zone_of(tx, command.actor.user);
        names = storage::People{tx}.names();
    };
    co_await app.database.read(load);
    const auto asked = oncall::who_asked(rest, *configuration, oncall::is_time_zone(zone) ? zone : "UTC", now);
    refuse_unclear(asked, *configuration);
    const auto schedules = schedules_asked(asked, *configuration);
    if (!asked.span && !asked.moment) {
        std::vector<blocks::OnCallLine> lines;
        for (const auto& name : schedules)
            lines.push_back(
                {name, team_by(*configuration, name), oncall::who_is_on_call(configuration->schedules.at(name), now)});
        co_return said(blocks::who(lines, now, names));
    }
    if (asked.span && asked.span->to - asked.span->from > longest_asked)
        throw Refusal{"That is more than I list. `/oncall schedule` draws a longer time."};
    std::vector<blocks::OnCallThen> all;
    for (const auto& name : schedules) {
        const auto& schedule = configuration->schedules.at(name);
        blocks::OnCallThen one;
        one.schedule = name;
        if (asked.moment) {
            one.stretches.push_back({*asked.moment, *asked.moment, oncall::who_is_on_call(schedule, *asked.moment).people});
        } else {
            one.stretches = oncall::outlook(schedule, asked.span->from, asked.span->to, most_stretches_then + 1);
            one.more = one.stretches.size() > most_stretches_then;
            one.stretches.resize(std::min(one.stretches.size(), most_stretches_then));
        }
        all.push_back(std::move(one));
    }
    const auto from = asked.span ? asked.span->from : now, to = asked.span ? asked.span->to : now;
    co_return said(blocks::who_then(all, asked.moment, from, to, names));
}

} // namespace handlers
