#include "handlers/schedule_look.hpp"

#include "blocks/schedule_picture.hpp"
#include "config/nearest.hpp"
#include "delivery/schedule_picture.hpp"
#include "handlers/contact.hpp"
#include "handlers/named_period.hpp"
#include "handlers/said.hpp"
#include "handlers/schedule_edit.hpp"
#include "handlers/sun_form.hpp"
#include "oncall/look_permission.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"

#include <charconv>

namespace handlers {

using oncall::Configuration;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::string_view usual_period{"2w"};

std::vector<std::string> schedule_names(const Configuration& configuration)
{
    std::vector<std::string> names;
    for (const auto& [name, schedule] : configuration.schedules)
        names.push_back(name);
    return names;
}

/// The first team that pages by it.
std::string first_team_of(const Configuration& configuration, const std::string& schedule)
{
    for (const auto& [name, team] : configuration.teams)
        if (const auto policy = oncall::policy_in(configuration, oncall::policy_of_team(configuration, name)))
            if (oncall::schedules_of(configuration, *policy).contains(schedule))
                return name;
    return {};
}

blocks::Message schedule_list(const Configuration& configuration)
{
    std::vector<blocks::ScheduleListed> all;
    for (const auto& name : schedule_names(configuration))
        all.push_back({name, first_team_of(configuration, name)});
    return blocks::schedules(all);
}

/// "payments next month"; where there is one schedule, its name may be left out. Throws Refusal.
std::pair<std::string, std::string> schedule_and_time(const std::string& words, const Configuration& configuration, TimePoint now)
{
    const auto names = schedule_names(configuration);
    auto [name, rest] = name_and_rest(words, names);
    if (!name.empty())
        return {name, rest};
    if (names.size() == 1 && oncall::period_in(words, "UTC", now))
        return {names.front(), words};
    const auto meant = config::nearest(words.substr(0, words.find(' ')), names);
    throw Refusal{"There is no schedule " + words + ". "
        + (meant ? "Did you mean `/oncall schedule " + *meant + "`? " : std::string{})
        + "`/oncall schedule` lists those there are."};
}

/// "<from>:<to>:<alone>:<schedule>"
struct Shown {
    oncall::Period period{};
    bool alone{};
    std::string schedule{};
};

std::optional<Shown> shown_in(const std::string& value)
{
    Shown shown;
    std::string_view rest{value};
    const auto number = [&]() -> std::optional<std::int64_t> {
        std::int64_t read{};
        const auto colon = rest.find(':');
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + std::min(colon, rest.size()), read);
        if (colon == rest.npos || error != std::errc{} || end != rest.data() + colon)
            return std::nullopt;
        rest.remove_prefix(colon + 1);
        return read;
    };
    const auto from = number(), to = number(), alone = number();
    constexpr std::int64_t last = 9'999'999'999;
    if (!from || !to || !alone || *from < 0 || *to > last || *from >= *to)
        return std::nullopt;
    shown.period = {TimePoint{std::chrono::seconds{*from}}, TimePoint{std::chrono::seconds{*to}}};
    shown.alone = *alone == 1;
    shown.schedule = rest;
    return shown;
}

/// The same picture goes into a channel once a minute, however many press.
std::string posted_key(const delivery::SchedulePicture& wish, TimePoint now)
{
    const auto seconds = [](TimePoint at) { return std::to_string(at.time_since_epoch().count() / 1'000); };
    return "posted:" + wish.place + ":" + seconds(wish.from) + ":" + seconds(wish.to) + ":"
        + std::to_string(std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count()) + ":" + wish.schedule;
}

} // namespace

Answer schedule(slack::Command command, std::string rest, std::string delivered, Context& app)
{
    const auto configuration = app.configuration();
    if (rest.empty())
        co_return said(schedule_list(*configuration));
    // A schedule that is called so is shown all the same.
    const auto [verb, of] = name_and_rest(rest, {"new", "edit"});
    if (!verb.empty() && !configuration->schedules.contains(verb) && !configuration->schedules.contains(rest)) {
        auto opening = schedule_form_by_words(std::move(command), of, verb == "new", app);
        co_return co_await std::move(opening);
    }
    if (const auto sun = name_and_rest(rest, {"sun"});
        !sun.first.empty() && !configuration->schedules.contains("sun") && !configuration->schedules.contains(rest)) {
        auto form = sun_form(std::move(command), sun.second, app);
        co_return co_await std::move(form);
    }
    const auto now = app.clock.now();
    const auto wanted = schedule_and_time(rest, *configuration, now);
    const auto& [name, time] = wanted;
    const auto& its = configuration->schedules.at(name);
    const auto period = period_said(
        time.empty() ? std::string{usual_period} : time, its.time_zone, now, "/oncall schedule " + name + " next month");
    delivery::SchedulePicture wish;
    wish.schedule = name;
    wish.from = period.from;
    wish.to = period.to;
    wish.response_url = command.response_url;
    blocks::ScheduleShown shown;
    shown.schedule = name;
    shown.now = now;
    shown.on_call = oncall::who_is_on_call(its, now);
    shown.period = oncall::words_of(period, its.time_zone);
    auto work = [&](Transaction& tx) {
        shown.names = storage::People{tx}.names();
        if (storage::Inbox{tx}.first(delivered, now))
            delivery::add_picture(tx, delivered, wish, now);
    };
    co_await app.database.transaction(work);
    co_return said(blocks::schedule_words(shown));
}

Answer click_schedule(slack::Action action, std::string delivered, Context& app)
{
    namespace button = blocks::action;
    const auto configuration = app.configuration();
    const auto now = app.clock.now();
    const bool picks = action.action_id == button::schedule_pick;
    const auto shown = picks ? std::nullopt : shown_in(action.value);
    const auto name = picks ? action.value : shown ? shown->schedule : std::string{};
    const auto found = configuration->schedules.find(name);
    delivery::SchedulePicture wish;
    std::string no;
    if (!picks && !shown) {
        no = "I can't read that button any more. `/oncall schedule` makes a new one.";
    } else if (found == configuration->schedules.end()) {
        no = "There is no schedule " + name + " any more. `/oncall schedule` lists those there are.";
    } else {
        const auto& zone = found->second.time_zone;
        auto period = picks ? *oncall::period_in(usual_period, zone, now) : shown->period;
        if (action.action_id == button::schedule_earlier)
            period = oncall::earlier(period, zone);
        else if (action.action_id == button::schedule_later)
            period = oncall::later(period, zone);
        wish.schedule = name;
        wish.from = period.from;
        wish.to = period.to;
        if (action.action_id == button::schedule_post) {
            wish.place = action.channel;
            wish.asker = action.actor.user;
            wish.told_at = action.response_url;
        } else {
            wish.response_url = action.response_url;
            wish.over = shown && shown->alone;
        }
        if (!oncall::is_in_reach(period))
            no = "I only look from the year 2000 to 2099.";
    }
    const auto key = delivered + ":" + action.action_id;
    const auto asked = asked_by(action.actor, "a button in Slack", app);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(key, now))
            return;
        try {
            wish.place.empty() ? oncall::permit_look(asker_of(tx, asked)) : oncall::permit_post(asker_of(tx, asked));
        } catch (const Refusal& refusal) {
            no = refusal.what();
        }
        if (no.empty() && !wish.place.empty() && !storage::Inbox{tx}.first(posted_key(wish, now), now))
            no = "That picture was asked for here a moment ago. If it does not come, press again in a minute.";
        if (no.empty())
            delivery::add_picture(tx, key, wish, now);
        else
            respond(tx, key, action.response_url, no, now);
    };
    co_await app.database.transaction(work);
    co_return Json{};
}

} // namespace handlers
