#include "homes.hpp"

#include "delivery/passing.hpp"
#include "handlers/first_event.hpp"
#include "slack/client.hpp"
#include "storage/home_views.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using oncall::TimePoint;
using slack::Json;
using storage::HomeViews;
using storage::Transaction;

namespace {

constexpr oncall::milliseconds lately = 24h; // whoever opened it before sees the state of then, until she opens it again
constexpr int most_homes = 1'000;
constexpr oncall::milliseconds gap = 2s; // between two looks at what has changed
constexpr oncall::milliseconds look_at_homes_every = 1min; // for what nothing tells of
constexpr int most_failed = 3; // in a row
constexpr oncall::milliseconds first_rest_of_homes = 5s, longest_rest_of_homes = 5min;
const std::string publishing{"views.publish"};

} // namespace

Homes::Homes(handlers::Context& app, std::function<oncall::SetupFacts()> facts)
    : app_{app}
    , facts_{std::move(facts)}
    , wake_{app.tasks.loop()}
    , turns_{app.clock.now()}
{
}

void Homes::look(bool opened)
{
    if (!opened && !watched_)
        return; // a storm of alerts costs nothing while nobody looks
    watched_ = true;
    opened_ = opened_ || opened;
    if (!opened) {
        changed_ = true;
        turns_.changed();
    }
    wake_.ring();
}

asio::awaitable<void> Homes::run()
{
    while (true) {
        changed_ = false;
        const bool opened = std::exchange(opened_, false);
        busy_ = {};
        TimePoint next{};
        std::string trouble;
        try {
            next = co_await pass(opened);
        } catch (const std::exception& error) {
            if (doors::is_cancellation(error))
                throw;
            trouble = error.what();
        }
        if (!trouble.empty()) {
            app_.log.error("Home was not looked at; it is later", {{"error", trouble}});
            next = app_.clock.now() + look_at_homes_every; // a full disk must not fill the log
        }
        // Pages and answers come first, however many look.
        const auto rested = app_.clock.now() + std::clamp(10 * busy_, gap, look_at_homes_every);
        while (!opened_) {
            const auto when = changed_ && trouble.empty() ? rested : std::max(next, rested);
            if (app_.clock.now() >= when)
                break;
            co_await wake_.sleep(app_.clock, when);
        }
    }
}

/// Shows everybody what has changed for her, as far as Slack takes it now; returns when to look again.
asio::awaitable<TimePoint> Homes::pass(bool opened)
{
    const auto now = app_.clock.now();
    if (now >= tidy_at_)
        co_await tidy(now);
    auto list = [&](Transaction& tx) { return HomeViews{tx}.lately(now - lately, most_homes); };
    const auto rows = co_await app_.database.read(list);
    if (rows.empty()) {
        watched_ = opened_; // somebody may have opened hers since
        duties_.clear();
        turns_.changed(); // what comes now is not counted
        co_return TimePoint::max();
    }
    if (now < rest_until_ && !opened)
        co_return rest_until_;
    std::erase_if(duties_, [&](const auto& entry) {
        return std::none_of(rows.begin(), rows.end(), [&](const auto& row) { return row.person == entry.first; });
    });
    budget_.tidy(now);
    if (now >= look_at_all_) {
        turns_.changed();
        look_at_all_ = now + look_at_homes_every;
    }
    due_ = look_at_all_;
    const auto changes = turns_.changes();
    const auto turns = turns_.due(rows, now);
    if (turns.empty())
        co_return std::min(due_, turns_.next(now));
    auto facts = facts_();
    auto begin = [&](Transaction& tx) {
        facts.troubles = handlers::what_to_mend(tx, facts.bot);
        facts.silent_sources = handlers::silent_sources(tx, *app_.configuration());
        return handlers::home_look(tx, app_, now);
    };
    auto look = co_await app_.database.read(begin);
    look.steps = oncall::steps_left(*look.configuration, facts, now);
    busy_ += app_.clock.now() - now;
    bool any = false;
    int failed = 0;
    for (const auto& turn : turns) {
        const auto at = app_.clock.now();
        // Whoever opens it does not wait for those who did not, and nobody is shown what is no longer so.
        if (any && ((opened_ && !turn.opened) || ((opened_ || changed_) && at - now >= gap)))
            co_return at;
        if (at < rest_until_ && !turn.opened)
            co_return rest_until_;
        if (!budget_.allows(publishing, publishing, at))
            co_return std::min(due_, budget_.next(at));
        const auto went = co_await show(rows[turn.row], look, changes);
        if (went == Went::later)
            co_return rest_until_;
        if (went == Went::nowhere)
            co_return TimePoint::max();
        any = true;
        if (went == Went::published)
            failed = 0;
        // What fails for several fails for all.
        if (went == Went::failed && ++failed == most_failed) {
            rest();
            co_return rest_until_;
        }
    }
    co_return std::min(due_, turns_.next(app_.clock.now()));
}

asio::awaitable<void> Homes::tidy(TimePoint now)
{
    tidy_at_ = now + 1h;
    auto any = [&](Transaction& tx) { return HomeViews{tx}.any_before(now - lately); };
    const bool old = co_await app_.database.read(any);
    auto forget = [&](Transaction& tx) { HomeViews{tx}.forget_before(now - lately); };
    if (old)
        co_await app_.database.transaction(forget);
}

/// What she does and where she stands changes seldom, and takes long to find.
const handlers::HomeDuty& Homes::duty_of(const std::string& person, const handlers::HomeLook& look)
{
    auto& duty = duties_[person];
    if (duty.configuration != look.configuration || look.now >= duty.until)
        duty = handlers::home_duty(look.configuration, look.known, person, look.now);
    return duty;
}

asio::awaitable<Homes::Went> Homes::show(storage::HomeView row, handlers::HomeLook& look, std::uint64_t changes)
{
    const auto now = app_.clock.now();
    const auto lane = "home:" + row.person;
    if (!budget_.allows(lane, publishing, now)) {
        due_ = std::min(due_, budget_.next(now));
        co_return Went::current;
    }
    const auto& duty = duty_of(row.person, look);
    auto load = [&](Transaction& tx) { return handlers::home_of(tx, app_, look, duty, row.person); };
    auto home = co_await app_.database.read(load);
    busy_ += app_.clock.now() - now;
    if (home.digest == row.shows) {
        turns_.current(row, changes, home.until);
        co_return Went::current;
    }
    budget_.spend(lane, publishing, now);
    auto publishing_it = publish(std::move(row), std::move(home), changes);
    co_return co_await std::move(publishing_it);
}

asio::awaitable<Homes::Went> Homes::publish(storage::HomeView row, handlers::HomeShown home, std::uint64_t changes)
{
    // Until Slack has answered, nobody knows: if this process dies now, the next one publishes it once more.
    auto begin = [&](Transaction& tx) { HomeViews{tx}.begin(row.person); };
    if (!row.shows.empty())
        co_await app_.database.transaction(begin);
    Json arguments;
    arguments["user_id"] = row.person;
    arguments["view"] = std::move(home.view);
    std::optional<slack::Error> failure;
    try {
        std::string method = publishing;
        co_await app_.slack.call(std::move(method), std::move(arguments));
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (!failure) {
        auto done = [&](Transaction& tx) { HomeViews{tx}.shows(row.person, home.digest); };
        co_await app_.database.transaction(done);
        failures_ = 0;
        rest_until_ = {};
        turns_.current(row, changes, home.until);
        co_return Went::published;
    }
    if (delivery::is_passing(failure->error_class())) {
        app_.log.info("Home could not be published; it is tried again", {{"error", failure->what()}});
        if (failure->error_class() == slack::ErrorClass::transient) {
            turns_.failed(row, app_.clock.now()); // it may be this one alone
            co_return Went::failed;
        }
        rest(*failure);
        co_return Went::later;
    }
    co_await refused(std::move(row.person), failure->code(), failure->details());
    const bool off = failure->code() == storage::home_switched_off;
    const auto went = off ? Went::nowhere : Went::published;
    co_return went;
}

/// Slack asks for it.
void Homes::rest(const slack::Error& error)
{
    rest();
    if (error.error_class() != slack::ErrorClass::slow_down)
        return;
    --failures_;
    rest_until_ = app_.clock.now() + error.retry_after().value_or(30s);
    budget_.rest(publishing, rest_until_);
}

/// Everybody waits.
void Homes::rest()
{
    rest_until_ = app_.clock.now() + std::min(longest_rest_of_homes, first_rest_of_homes * (1 << std::min(failures_, 8)));
    ++failures_;
}

/// She sees the last one until she opens it again.
asio::awaitable<void> Homes::refused(std::string person, std::string code, std::string details)
{
    const bool off = code == storage::home_switched_off;
    auto work = [&](Transaction& tx) {
        if (off)
            HomeViews{tx}.switched_off();
        else
            HomeViews{tx}.refuse(person, code);
    };
    co_await app_.database.transaction(work);
    if (!off) // whoever watches Slack says that
        app_.log.error("Slack takes somebody's Home not", {{"person", person}, {"error", code}, {"details", details}});
}
