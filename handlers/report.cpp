#include "handlers/report.hpp"

#include "blocks/report.hpp"
#include "config/nearest.hpp"
#include "delivery/report.hpp"
#include "handlers/contact.hpp"
#include "handlers/named_period.hpp"
#include "handlers/said.hpp"
#include "oncall/look_permission.hpp"

#include <tuple>

namespace handlers {

using delivery::ReportWish;
using oncall::Configuration;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;
using Of = ReportWish::Of;

namespace {

constexpr std::string_view example{"/oncall report payments last month"};

std::string rest_without(std::string words, std::string_view prefix)
{
    words.erase(0, prefix.size());
    return words;
}

/// Who it is of; what follows is the time. "schedule:payments" and "team:payments" say which of two is meant. Throws Refusal.
std::pair<ReportWish, std::string> wish_in(
    std::string words, const Configuration& configuration, const std::string& asker, TimePoint now)
{
    ReportWish wish;
    const auto [me, of_hers] = name_and_rest(words, {"me"});
    if (!me.empty()) {
        wish.of = Of::person;
        wish.name = asker;
        return {wish, of_hers};
    }
    std::vector<std::string> schedules, teams, known;
    for (const auto& [name, schedule] : configuration.schedules)
        schedules.push_back(name);
    for (const auto& [name, team] : configuration.teams)
        teams.push_back(name);
    for (const auto& [of, prefix, names] :
        {std::tuple{Of::schedule, "schedule", &schedules}, std::tuple{Of::team, "team", &teams}}) {
        const auto colon = std::string{prefix} + ":";
        const auto rest = words.starts_with(colon) ? rest_without(words, colon) : words;
        if (rest == words && (words.starts_with("schedule:") || words.starts_with("team:")))
            continue;
        if (const auto [name, time] = name_and_rest(rest, *names); !name.empty()) {
            wish.of = of;
            wish.name = name;
            return {wish, time};
        }
        known.insert(known.end(), names->begin(), names->end());
    }
    if (words.empty() || oncall::period_in(words, "UTC", now))
        return {wish, words};
    const auto meant = config::nearest(words.substr(0, words.find(' ')), known);
    throw Refusal{"“" + words + "” is no schedule, no team and no time. "
        + (meant ? "Did you mean `/oncall report " + *meant + "`? " : std::string{}) + "Write it as `" + std::string{example}
        + "`, `/oncall report me` or `/oncall report 2026-10`."};
}

std::string report_title(const ReportWish& wish)
{
    switch (wish.of) {
    case Of::schedule: return "Hours on call of schedule " + wish.name;
    case Of::team: return "Hours on call of team " + wish.name;
    case Of::person: return "Your hours on call";
    case Of::all: break;
    }
    return "Hours on call of all schedules";
}

/// The schedule's of one schedule, else that of whoever asks; as long as that is not known, of the first schedule.
std::string report_zone(Transaction& tx, const Configuration& configuration, const ReportWish& wish, const std::string& asker)
{
    if (wish.of != Of::schedule)
        if (const auto person = storage::People{tx}.find(asker); person && oncall::is_time_zone(person->time_zone))
            return person->time_zone;
    const auto schedules = delivery::schedules_of(configuration, wish);
    return schedules.empty() ? "UTC" : schedules.front()->time_zone;
}

} // namespace

Answer report(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto configuration = app.configuration();
    const auto now = app.clock.now();
    const auto wished = wish_in(std::move(rest), *configuration, command.actor.user, now);
    auto wish = wished.first;
    const auto time = wished.second.empty() ? std::string{"last week"} : wished.second;
    const auto asked = asked_by(command.actor, "/oncall", app);
    auto load = [&](Transaction& tx) {
        oncall::permit_report(asker_of(tx, asked), wish.of == Of::person);
        wish.time_zone = report_zone(tx, *configuration, wish, asked.actor);
        wish.period = period_said(time, wish.time_zone, now, std::string{example});
        if (delivery::is_too_much(*configuration, wish))
            throw Refusal{"That is more than I count at once: of so many schedules a shorter time. Or ask for one team, as in `"
                + std::string{example} + "`."};
        blocks::ReportShown shown;
        shown.report = delivery::report_in(tx, *configuration, wish, now);
        return shown;
    };
    auto shown = co_await app.database.read(load);
    shown.title = report_title(wish);
    shown.period = oncall::words_of(wish.period, wish.time_zone);
    shown.time_zone = wish.time_zone;
    shown.planned = wish.period.from >= now;
    shown.so_far = wish.period.from < now && now < wish.period.to;
    shown.value = delivery::value_of(wish);
    co_return said(blocks::report(shown));
}

Answer click_report(slack::Action action, std::string delivered, Context& app)
{
    const auto now = app.clock.now();
    const auto wish = delivery::report_wish_in(action.value);
    const auto key = delivered + ":report";
    const auto asked = asked_by(action.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(key, now))
            return;
        std::string words{"I can't read that button any more. `/oncall report` makes a new one."};
        try {
            if (wish) {
                oncall::permit_report(asker_of(tx, asked), wish->of == Of::person);
                delivery::add_report_file(tx, key, *wish, action.actor.user, action.response_url, now);
                words = "The file comes into your direct messages with me.";
            }
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        respond(tx, key, action.response_url, words, now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

} // namespace handlers
