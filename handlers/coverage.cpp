#include "handlers/coverage.hpp"

#include "blocks/coverage.hpp"
#include "config/nearest.hpp"
#include "handlers/contact.hpp"
#include "handlers/handoff.hpp"
#include "handlers/named_period.hpp"
#include "handlers/open_override.hpp"
#include "handlers/overrides.hpp"
#include "handlers/said.hpp"
#include "oncall/look_permission.hpp"
#include "oncall/words.hpp"
#include "storage/coverage.hpp"
#include "storage/people_sync.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;
using storage::WatchedCoverage;

namespace {

/// Who changes a schedule often changes more of it right after.
constexpr milliseconds until_it_is_settled = 2min;
constexpr std::string_view coverage_example{"/oncall coverage payments next month"};
constexpr std::string_view usual_coverage{"4w"};
constexpr std::int64_t most_days_looked_at = 5'000; // of all schedules together

Coverage coverage_ahead(const Schedule& schedule, const RotaPeople& people, TimePoint now)
{
    return coverage_of(schedule, people, now, now + told_ahead, 1'000);
}

/// What is to be told by coverage, and not by the report of those whom no page reaches.
std::vector<Finding> own_findings(Transaction& tx, const Coverage& coverage)
{
    std::set<std::string> reported;
    for (const auto& one : storage::UnablePeople{tx}.told())
        reported.insert(one.person);
    return without_reported(coverage.findings, reported);
}

/// What was told and still holds; what is over or mended is marked so, and its messages say it.
std::vector<ToldFinding> still_told(
    Transaction& tx, const std::string& schedule, const std::vector<Finding>& findings, TimePoint now)
{
    const storage::ToldCoverages all{tx};
    std::vector<ToldFinding> told;
    for (const auto& one : all.open(schedule)) {
        bool changed = false;
        for (std::size_t place = 0; place < one.findings.size(); ++place) {
            const auto& each = one.findings[place];
            if (each.over_at != TimePoint{})
                continue;
            auto as_told = each.told();
            if (const auto end = end_by_now(findings, as_told); end != as_told.to) {
                all.goes_on(one.id, place, end);
                as_told.to = end;
            }
            const bool past = as_told.to <= now;
            if (!past && is_found(findings, as_told)) {
                told.push_back(as_told);
                continue;
            }
            all.over(one.id, place, past ? as_told.to : now);
            changed = true;
        }
        if (!changed)
            continue;
        for (const auto& message : all.messages(one.id))
            storage::Outbox{tx}.add(
                storage::coverage_key(message.id), "coverage", storage::Priority::furniture, message.place, message.id, "", now);
    }
    return told;
}

void set_next_look(Transaction& tx, WatchedCoverage& watched, TimePoint next)
{
    const storage::Timers timers{tx};
    if (watched.id == 0 || watched.next != next) {
        watched.next = next;
        storage::WatchedCoverages{tx}.save(watched);
    }
    if (timers.find(storage::TimerKind::coverage, watched.id) != next)
        timers.set(storage::TimerKind::coverage, watched.id, next);
}

void forget_watched(Transaction& tx, const WatchedCoverage& watched)
{
    storage::WatchedCoverages{tx}.remove(watched.id);
    storage::Timers{tx}.clear(storage::TimerKind::coverage, watched.id);
}

/// Once: what is told is written down in the same transaction.
void tell_coverage(Transaction& tx, const Context& app, const Configuration& configuration, const std::string& schedule,
    const std::vector<ToTell>& due, TimePoint now)
{
    storage::ToldCoverage told;
    told.schedule = schedule;
    told.at = now;
    for (const auto& one : due)
        told.findings.push_back({one.finding, one.ahead, {}});
    const storage::ToldCoverages all{tx};
    all.add(told);
    for (const auto& channel : channels_told(app, configuration, schedule)) {
        const auto message = all.show(told.id, channel);
        storage::Outbox{tx}.add(
            storage::coverage_key(message.id), "coverage", storage::Priority::furniture, message.place, message.id, "", now);
    }
}

void know_unknown(Transaction& tx, const Configuration& configuration, const std::vector<std::string>& unknown)
{
    const storage::UnknownPeople all{tx};
    std::set<std::string> named;
    for (const auto& [person, places] : people_of(configuration))
        named.insert(person);
    all.keep_only(named);
    for (const auto& person : unknown)
        all.add(person);
}

/// The schedule somebody named and the time, or all of them. Throws Refusal.
std::pair<std::vector<std::string>, std::string> coverage_wish(
    const std::string& words, const Configuration& configuration, TimePoint now)
{
    std::vector<std::string> names;
    for (const auto& [name, schedule] : configuration.schedules)
        names.push_back(name);
    if (names.empty())
        throw Refusal{"There are no schedules yet. The configuration says who is on call."};
    auto [name, rest] = name_and_rest(words, names);
    if (!name.empty())
        return {{name}, rest};
    if (words.empty() || period_in(words, "UTC", now))
        return {names, words};
    const auto meant = config::nearest(words.substr(0, words.find(' ')), names);
    throw Refusal{"“" + words + "” is no schedule and no time. "
        + (meant ? "Did you mean `/oncall coverage " + *meant + "`? " : std::string{}) + "Write it as `"
        + std::string{coverage_example} + "`."};
}

/// What a Fix button names.
struct ToFix {
    FindingKind kind{};
    TimePoint from{};
    TimePoint to{};
    std::string person{};
    std::string schedule{};
};

std::optional<ToFix> to_fix_in(const std::string& value)
{
    std::array<std::string, 4> parts;
    std::size_t at = 0;
    for (auto& part : parts) {
        const auto colon = value.find(':', at);
        if (colon == value.npos)
            return std::nullopt;
        part = value.substr(at, colon - at);
        at = colon + 1;
    }
    const auto kind = finding_kind_in(parts[0]);
    const auto seconds = [](const std::string& text) -> std::optional<std::int64_t> {
        std::int64_t read{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
        constexpr std::int64_t last = 9'999'999'999;
        const bool is_time = error == std::errc{} && end == text.data() + text.size() && read >= 0 && read <= last;
        return is_time ? std::optional{read} : std::nullopt;
    };
    const auto from = seconds(parts[1]), to = seconds(parts[2]);
    if (!kind || !from || !to || *from >= *to)
        return std::nullopt;
    return ToFix{*kind, TimePoint{std::chrono::seconds{*from}}, TimePoint{std::chrono::seconds{*to}}, parts[3], value.substr(at)};
}

/// What the form is to begin with, by what holds now. Throws Refusal.
OpenedOverride fix_of(Transaction& tx, const Context& app, const ToFix& fix, const Asked& asked)
{
    const auto desk = override_desk(tx, app, fix.schedule, asked);
    OpenedOverride opened;
    opened.schedule = fix.schedule;
    const auto begin = std::max<TimePoint>(fix.from, std::chrono::floor<std::chrono::minutes>(asked.now));
    if (fix.to <= asked.now)
        throw Refusal{"That time is over. `/oncall coverage " + fix.schedule + "` says what is to come."};
    if (fix.kind == FindingKind::gap) {
        // Where it ends says the schedule: by now it may be later.
        const auto left = gaps(desk.schedule, begin, begin + longest_override);
        if (left.empty() || left.front().start >= fix.to)
            throw Refusal{"Somebody is on call then by now: there is nothing to mend. `/oncall coverage " + fix.schedule
                + "` says what is to come."};
        opened.from = left.front().start;
        opened.to = std::min(left.front().end, opened.from + longest_override);
        return opened;
    }
    opened.from = begin;
    opened.to = std::min(fix.to, begin + longest_override);
    if (fix.kind == FindingKind::doubled) {
        const auto left = doubles(desk.schedule, begin, opened.to);
        if (left.empty())
            throw Refusal{"Only one is on call then by now: there is nothing to mend. `/oncall coverage " + fix.schedule
                + "` says what is to come."};
        opened.from = left.front().start;
        opened.to = left.front().end;
    }
    const auto on_call = on_call_between(desk.schedule, desk.known, opened.from, opened.to);
    if (std::find(on_call.begin(), on_call.end(), fix.person) == on_call.end())
        throw Refusal{mention(fix.person) + " is not on call then any more: there is nothing to mend. `/oncall coverage "
            + fix.schedule + "` says what is to come."};
    opened.instead_of = fix.person; // of a double, the other one goes on alone
    return opened;
}

} // namespace

void plan_coverage(Transaction& tx, const Context& app, const std::vector<std::string>& unknown, TimePoint now)
{
    const auto configuration = app.configuration();
    know_unknown(tx, *configuration, unknown);
    const storage::WatchedCoverages watches{tx};
    std::map<std::string, WatchedCoverage> watched;
    for (auto& one : watches.all())
        watched.emplace(one.schedule, std::move(one));
    // What was so before anybody looked is told in the morning, not in the middle of setting up.
    const bool is_first = watched.empty();
    std::optional<RotaPeople> people;
    for (const auto& [name, schedule] : configuration->schedules) {
        if (teams_of(*configuration, name).empty())
            continue;
        if (!people)
            people = storage::rota_people(tx);
        WatchedCoverage one;
        if (auto found = watched.extract(name); !found.empty())
            one = std::move(found.mapped());
        const auto coverage = coverage_ahead(schedule, *people, now);
        const auto told = still_told(tx, name, coverage.findings, now);
        if (one.id != 0 && one.next <= now)
            continue; // overdue: it is looked at right away
        one.schedule = name;
        if (one.id == 0 && is_first)
            one.quiet_until = next_morning(schedule.time_zone, now);
        const auto own = own_findings(tx, coverage);
        auto next = next_look(own, told, schedule.time_zone, now);
        if (!to_tell(own, told, schedule.time_zone, now).empty()) {
            const bool is_waiting = one.id != 0 && one.next <= now + until_it_is_settled;
            next = is_waiting ? one.next : now + until_it_is_settled;
        }
        set_next_look(tx, one, std::max(next, one.quiet_until));
    }
    for (const auto& [name, gone] : watched) {
        still_told(tx, name, {}, now);
        forget_watched(tx, gone);
    }
}

void coverage_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    const auto configuration = app.configuration();
    auto watched = storage::WatchedCoverages{tx}.find(id);
    const auto schedule = watched ? configuration->schedules.find(watched->schedule) : configuration->schedules.end();
    if (schedule == configuration->schedules.end()) {
        storage::Timers{tx}.clear(storage::TimerKind::coverage, id);
        if (watched) {
            still_told(tx, watched->schedule, {}, now);
            storage::WatchedCoverages{tx}.remove(id);
        }
        return;
    }
    const auto coverage = coverage_ahead(schedule->second, storage::rota_people(tx), now);
    const auto& zone = schedule->second.time_zone;
    auto told = still_told(tx, watched->schedule, coverage.findings, now);
    const auto own = own_findings(tx, coverage);
    if (now >= watched->quiet_until)
        if (const auto due = to_tell(own, told, zone, now); !due.empty()) {
            tell_coverage(tx, app, *configuration, watched->schedule, due, now);
            for (const auto& one : due)
                told.push_back(storage::CoverageFinding{one.finding, one.ahead, {}}.told());
        }
    set_next_look(tx, *watched, std::max(next_look(own, told, zone, now), watched->quiet_until));
}

Answer coverage(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto configuration = app.configuration();
    const auto now = app.clock.now();
    const auto wished = coverage_wish(rest, *configuration, now);
    const auto& names = wished.first;
    const auto& zone = configuration->schedules.at(names.front()).time_zone;
    const auto time = wished.second.empty() ? std::string{usual_coverage} : wished.second;
    const auto period = period_said(time, zone, now, std::string{coverage_example});
    if (period.to <= now)
        throw Refusal{"That time is over, and coverage is of what is to come: nothing of the past can be mended. Write it as `"
            + std::string{coverage_example} + "`."};
    const auto days = std::chrono::floor<std::chrono::days>(period.to - period.from).count() + 1;
    if (static_cast<std::int64_t>(names.size()) * days > most_days_looked_at)
        throw Refusal{"That is more than I look at at once: of so many schedules a shorter time. Or ask for one schedule, as in `"
            + std::string{coverage_example} + "`."};
    const auto asked = asked_by(command.actor, "/oncall", app);
    const Period looked_at{std::max(now, period.from), period.to}; // of today what is left
    RotaPeople people;
    auto load = [&](Transaction& tx) {
        permit_coverage(asker_of(tx, asked));
        people = storage::rota_people(tx);
        blocks::CoverageShown known;
        known.names = storage::People{tx}.names();
        return known;
    };
    auto shown = co_await app.database.read(load);
    for (const auto& name : names) {
        // One at a time: pages go between them.
        auto look = [&](Transaction&) {
            return coverage_of(configuration->schedules.at(name), people, looked_at.from, looked_at.to);
        };
        auto all = co_await app.database.read(look);
        shown.schedules.push_back({name, all.covered, all.whole});
        shown.left_out += all.left_out;
        for (auto& one : all.findings)
            shown.lines.push_back({name, std::move(one)});
    }
    shown.period = words_of(looked_at, zone);
    shown.now = now;
    co_return said(blocks::coverage(shown));
}

Answer click_coverage_fix(slack::Action pressed, std::string delivery, Context& app)
{
    const auto fix = to_fix_in(pressed.value);
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    auto what = [&app, fix, asked](Transaction& tx) {
        if (!fix)
            throw Refusal{"I can't read that button any more. `/oncall coverage` makes a new one."};
        return fix_of(tx, app, *fix, asked);
    };
    auto opened = open_override(std::move(pressed), std::move(delivery), app, std::move(what));
    co_return co_await std::move(opened);
}

} // namespace handlers
