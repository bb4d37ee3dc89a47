#include "handlers/absences.hpp"

#include "blocks/absences.hpp"
#include "feeds/fetch_rules.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/feeds.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/opening.hpp"
#include "handlers/overrides.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"
#include "oncall/verbs.hpp"
#include "oncall/who_may.hpp"
#include "storage/absences.hpp"
#include "storage/feeds.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using oncall::Refusal;
using slack::Json;
using storage::Absence;
using storage::Absences;
using storage::Transaction;
namespace view = blocks::view;
using namespace std::chrono_literals;

namespace {

constexpr auto ahead = std::chrono::days{120}; // how early one hears of a clash
constexpr std::size_t most_absences = 100;
constexpr std::size_t most_of_calendar = 20; // in a list

std::string date_words(TimePoint at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} {time}|" + oncall::iso(at, "UTC").substr(0, 16) + " UTC>";
}

void store(Transaction& tx, const Asked& asked, TimePoint from, TimePoint to, const std::string& why)
{
    const Absences absences{tx};
    const auto hers = absences.coming(asked.actor, asked.now);
    if (hers.size() >= most_absences)
        throw Refusal{"You have 100 absences to come. Remove some first: `/oncall away list`."};
    for (const auto& one : hers)
        if (one.from == from && one.to == to)
            return; // it is known
    Absence fresh;
    fresh.person = asked.actor;
    fresh.from = from;
    fresh.to = to;
    fresh.why = why;
    fresh.made_by = asked.actor;
    fresh.made_at = asked.now;
    absences.add(fresh);
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "away", asked.actor, "", oncall::iso(from, "UTC") + " to " + oncall::iso(to, "UTC"));
}

std::vector<oncall::Away> in_calendar(
    Transaction& tx, const std::string& person, const std::vector<oncall::CalendarEvent>& events)
{
    const auto known = storage::People{tx}.find(person);
    return oncall::absences_in(person, events, zone_of(tx, person), known ? known->email : std::string{});
}

Json absence_list(Transaction& tx, const std::string& person, TimePoint now, const std::string& note)
{
    std::vector<blocks::AbsenceLine> lines;
    for (const auto& one : Absences{tx}.coming(person, now))
        lines.push_back({one.id, one.from, one.to, one.why});
    std::string calendar;
    if (const auto address = Absences{tx}.calendar_of(person); !address.empty()) {
        const auto feed = storage::Feeds{tx}.find(address).value_or(storage::Feed{});
        calendar = shown_address(address) + ", " + feed_words({feed.read_at, feed.trouble, feed.notes}, now);
        std::size_t count = 0;
        for (const auto& one : in_calendar(tx, person, feed.events))
            if (one.to > now && count++ < most_of_calendar)
                lines.push_back({0, one.from, one.to, one.why});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const auto& one, const auto& other) { return one.from < other.from; });
    return said(blocks::absences(lines, calendar, note));
}

const std::string noted{"Noted. If you are on call then, I tell you in a moment, with a button to find cover."};

/// As Slack writes an address that somebody typed: "<https://…|…>".
std::string calendar_address_in(std::string text)
{
    if (text.starts_with('<'))
        text.erase(0, 1);
    text.erase(std::min(text.find_first_of("|> "), text.size()));
    for (auto at = text.find("&amp;"); at != text.npos; at = text.find("&amp;", at + 1))
        text.replace(at, 5, "&");
    return text;
}

void absences_changed(Context& app)
{
    if (app.configured)
        app.configured();
}

} // namespace

Answer away(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall away", app);
    if (rest.empty()) {
        auto make = [asked](Transaction& tx) {
            permit_deed(tx, oncall::Deed::be_away, asked);
            return blocks::away_form();
        };
        auto opened = open_made_form(make, opening_by(command, "`/oncall away 2026-12-24 to 2027-01-02`"), app);
        co_await std::move(opened);
        co_return Json{};
    }
    auto permit = [&](Transaction& tx) { permit_deed(tx, oncall::Deed::be_away, asked); };
    co_await app.database.read(permit);
    if (rest == "list") {
        auto list = [&](Transaction& tx) { return absence_list(tx, asked.actor, asked.now, ""); };
        co_return co_await app.database.read(list);
    }
    constexpr std::string_view of_calendar{"calendar "};
    if (rest.starts_with(of_calendar)) {
        const auto word = rest.substr(of_calendar.size());
        const auto address = word == "off" ? std::string{} : calendar_address_in(word);
        if (const auto problem = address.empty() ? std::string{} : feeds::address_problem(address); !problem.empty())
            throw Refusal{"I cannot read that calendar: " + problem + "."};
        auto set = [&](Transaction& tx) -> Json {
            if (!storage::Inbox{tx}.first(delivery, asked.now))
                return {};
            Absences{tx}.set_calendar(asked.actor, address, asked.now);
            storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "calendar of absences", asked.actor, "",
                address.empty() ? "none" : shown_address(address));
            return absence_list(tx, asked.actor, asked.now,
                address.empty()
                    ? "I read your calendar no more."
                    : "I read that calendar from now on: whole days in it, and what lasts four hours or more. An event with "
                      "#oncall-ignore in its title is none.");
        };
        auto said = co_await app.database.transaction(set);
        absences_changed(app);
        co_return said;
    }
    auto work = [&](Transaction& tx) -> Json {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return {};
        const auto wish = oncall::away_in(rest, asked.now, zone_of(tx, asked.actor));
        if (!wish.problem.empty())
            throw Refusal{wish.problem};
        store(tx, asked, wish.from, wish.to, wish.why);
        return absence_list(tx, asked.actor, asked.now,
            "You are away from " + date_words(wish.from) + " to " + date_words(wish.to) + ". " + noted);
    };
    auto said = co_await app.database.transaction(work);
    absences_changed(app);
    co_return said;
}

Answer submit_away(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    auto permit = [&](Transaction& tx) { permit_deed(tx, oncall::Deed::be_away, asked); };
    co_await app.database.read(permit);
    const auto moment = [&](std::string_view field) -> std::optional<TimePoint> {
        const auto& seconds = slack::at(slack::at(filled.state, {field, field}), {"selected_date_time"});
        if (!seconds.is_number_integer())
            return std::nullopt;
        return TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(seconds.get<std::int64_t>(), 0, 9'999'999'999)}};
    };
    const auto from = moment(view::away_from), to = moment(view::away_to);
    std::string problem;
    auto at = view::away_to;
    if (!from) {
        problem = "Choose when it begins.";
        at = view::away_from;
    } else if (!to || *to <= *from) {
        problem = "Choose an end after the beginning.";
    } else if (*to <= asked.now) {
        problem = "That is over already.";
    }
    if (!problem.empty())
        co_return error_answer(at, problem);
    const auto& why = slack::at(slack::at(filled.state, {view::away_why, view::away_why}), {"value"});
    const auto reason = why.is_string() ? why.get<std::string>().substr(0, 200) : std::string{};
    auto work = [&](Transaction& tx) { store(tx, asked, *from, *to, reason); };
    co_await app.database.transaction(work);
    absences_changed(app);
    co_return Json{};
}

Answer click_away_remove(slack::Action action, std::string delivery, Context& app)
{
    const auto asked = asked_by(action.actor, "a button in Slack", app);
    std::int64_t id{};
    std::from_chars(action.value.data(), action.value.data() + action.value.size(), id);
    auto work = [&](Transaction& tx) {
        const auto found = Absences{tx}.find(id);
        if (!found || found->person != asked.actor)
            throw Refusal{"This absence is there no more. `/oncall away list` shows those to come."};
        Absences{tx}.remove(id);
        storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "not away", asked.actor,
            oncall::iso(found->from, "UTC") + " to " + oncall::iso(found->to, "UTC"), "");
        respond(tx, delivery, action.response_url,
            "Removed: you are not away from " + date_words(found->from) + " to " + date_words(found->to)
                + ". `/oncall away list` shows the others.",
            asked.now);
    };
    co_await app.database.transaction(work);
    absences_changed(app);
    co_return Json{};
}

std::vector<oncall::Away> absences_at(Transaction& tx, TimePoint now)
{
    std::vector<oncall::Away> all;
    for (auto& one : Absences{tx}.coming(now))
        if (!has_left_us(tx, one.person))
            all.push_back({one.person, one.from, one.to, one.why});
    for (const auto& [person, address] : Absences{tx}.calendars()) {
        if (has_left_us(tx, person))
            continue;
        const auto feed = storage::Feeds{tx}.find(address);
        if (!feed)
            continue;
        auto hers = in_calendar(tx, person, feed->events);
        std::erase_if(hers, [&](const oncall::Away& away) { return away.to <= now; });
        all.insert(all.end(), hers.begin(), hers.end());
    }
    return all;
}

asio::awaitable<void> tell_clashes(Context& app)
{
    const auto now = app.clock.now();
    std::vector<oncall::Away> away;
    std::map<std::string, std::set<std::string>> names; // what the configuration may call people, by Slack id
    auto load = [&](Transaction& tx) {
        away = absences_at(tx, now);
        if (away.empty())
            return;
        for (const auto& [reference, user] : known_people(tx))
            names[user].insert(reference);
        for (const auto& one : away)
            names[one.person].insert(one.person);
    };
    co_await app.database.read(load);
    if (away.empty())
        co_return;
    const auto found = oncall::clashes(*app.configuration(), away, names, now, now + ahead);
    if (found.empty())
        co_return;
    auto tell = [&](Transaction& tx) {
        Absences{tx}.forget_clashes_before(now - 24h);
        const oncall::Clash* told = nullptr;
        for (const auto& clash : found) {
            if (!Absences{tx}.first_clash(clash.person, clash.schedule, clash.from, clash.to))
                continue;
            // Several absences in a shift are one word.
            if (told && told->person == clash.person && told->schedule == clash.schedule
                && told->shift.start == clash.shift.start)
                continue;
            told = &clash;
            const auto begins = std::to_string(clash.from.time_since_epoch().count());
            const auto value = clash.schedule + "|" + std::to_string(clash.from.time_since_epoch().count()) + "|"
                + std::to_string(clash.to.time_since_epoch().count());
            const auto words = "You are on call by schedule " + clash.schedule + " from " + date_words(clash.shift.start) + " to "
                + date_words(clash.shift.end) + ", and away from " + date_words(clash.from) + " to " + date_words(clash.to)
                + (clash.why.empty() ? "" : " (" + clash.why + ")")
                + ". You are paged all the same until somebody covers for you.";
            storage::Outbox{tx}.add("clash:" + clash.person + ":" + clash.schedule + ":" + begins, "clash",
                storage::Priority::furniture, clash.person, 0, clash.person + "\n" + value + "\n" + words, now);
        }
    };
    co_await app.database.transaction(tell);
}

} // namespace handlers
