#include "homes.hpp"

#include "delivery/passing.hpp"
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
constexpr oncall::milliseconds first_rest_of_homes = 5s, longest_rest_of_homes = 5min;
const std::string publishing{"views.publish"};

} // namespace

Homes::Homes(handlers::Context& app, std::function<oncall::SetupFacts()> facts)
    : app_{app}
    , facts_{std::move(facts)}
    , wake_{app.tasks.loop()}
{
}

void Homes::look(bool opened)
{
    if (!opened && !watched_)
        return; // a storm of alerts costs nothing while nobody looks
    watched_ = true;
    changed_ = true;
    opened_ = opened_ || opened;
    wake_.ring();
}

asio::awaitable<void> Homes::run()
{
    while (true) {
        changed_ = false;
        const bool opened = std::exchange(opened_, false);
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
        const auto rested = app_.clock.now() + gap;
        while (!opened_) {
            const auto when = changed_ ? std::min(next, rested) : next;
            if (app_.clock.now() >= when)
                break;
            co_await wake_.sleep(app_.clock, when);
        }
    }
}

/// Shows everybody what has changed for her; returns when to look again.
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
        co_return TimePoint::max();
    }
    if (now < rest_until_ && !opened)
        co_return rest_until_;
    std::erase_if(duties_, [&](const auto& entry) {
        return std::none_of(rows.begin(), rows.end(), [&](const auto& row) { return row.person == entry.first; });
    });
    budget_.tidy(now);
    due_ = now + look_at_homes_every;
    auto facts = facts_();
    auto begin = [&](Transaction& tx) {
        facts.troubles = handlers::troubles_of_followers(tx);
        return handlers::home_look(tx, app_, now);
    };
    auto look = co_await app_.database.read(begin);
    look.steps = oncall::steps_left(*look.configuration, facts, now);
    for (const auto& row : rows) {
        // Whoever opens it does not wait for those who opened it before.
        if (opened_)
            co_return now;
        const auto went = co_await show(row.person, row.shows, look);
        if (went == Went::later)
            co_return std::max(due_, now);
        if (went == Went::nowhere)
            co_return TimePoint::max();
    }
    co_return due_;
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

asio::awaitable<Homes::Went> Homes::show(std::string person, std::string shows, handlers::HomeLook& look)
{
    const auto now = app_.clock.now();
    const auto lane = "home:" + person;
    if (!budget_.allows(lane, publishing, now)) {
        due_ = std::min(due_, budget_.next(now));
        co_return Went::on;
    }
    const auto& duty = duty_of(person, look);
    auto load = [&](Transaction& tx) { return handlers::home_of(tx, app_, look, duty, person); };
    auto home = co_await app_.database.read(load);
    due_ = std::min(due_, home.until);
    if (home.digest == shows)
        co_return Went::on;
    budget_.spend(lane, publishing, now);
    auto publishing_it = publish(std::move(person), std::move(shows), std::move(home));
    co_return co_await std::move(publishing_it);
}

asio::awaitable<Homes::Went> Homes::publish(std::string person, std::string shows, handlers::HomeShown home)
{
    // Until Slack has answered, nobody knows: if this process dies now, the next one publishes it once more.
    auto begin = [&](Transaction& tx) { HomeViews{tx}.begin(person); };
    if (!shows.empty())
        co_await app_.database.transaction(begin);
    Json arguments;
    arguments["user_id"] = person;
    arguments["view"] = std::move(home.view);
    std::optional<slack::Error> failure;
    try {
        std::string method = publishing;
        co_await app_.slack.call(std::move(method), std::move(arguments));
    } catch (const slack::Error& error) {
        failure.emplace(error);
    }
    if (!failure) {
        auto done = [&](Transaction& tx) { HomeViews{tx}.shows(person, home.digest); };
        co_await app_.database.transaction(done);
        failures_ = 0;
        rest_until_ = {};
        said_off_ = false;
        co_return Went::on;
    }
    if (delivery::is_passing(failure->error_class())) {
        fail(*failure);
        co_return Went::later;
    }
    co_await refused(std::move(person), failure->code(), failure->details());
    const bool off = failure->code() == storage::home_switched_off;
    const auto went = off ? Went::nowhere : Went::on;
    co_return went;
}

/// It is tried again, and everybody waits for it: what fails for one fails for all.
void Homes::fail(const slack::Error& error)
{
    const auto now = app_.clock.now();
    auto rest = std::min(longest_rest_of_homes, first_rest_of_homes * (1 << std::min(failures_, 8)));
    if (error.error_class() == slack::ErrorClass::slow_down) {
        rest = error.retry_after().value_or(30s);
        budget_.rest(publishing, now + rest);
    } else {
        ++failures_;
    }
    rest_until_ = now + rest;
    due_ = rest_until_;
    app_.log.info("Home could not be published; it is tried again", {{"error", error.what()}});
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
    if (!off)
        app_.log.error("Slack takes somebody's Home not", {{"person", person}, {"error", code}, {"details", details}});
    else if (!std::exchange(said_off_, true))
        app_.log.warning(
            "Home is switched off in Slack. At https://api.slack.com/apps, under App Home, turn on the Home Tab.", {});
}
