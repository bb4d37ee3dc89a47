#pragma once

#include "handlers/confirm.hpp"
#include "handlers/texts.hpp"
#include "handlers/web/call.hpp"
#include "scenarios/carrier.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"
#include "storage/sql.hpp"

#include <algorithm>
#include <deque>

namespace scenario {

constexpr std::chrono::hours day{24};

inline asio::awaitable<void> report(handlers::Context& app, std::string reference, Outcome outcome)
{
    const auto now = app.clock.now();
    auto work = [&](storage::Transaction& tx) { return handlers::confirm(tx, app, reference, outcome, outcome.why, now); };
    co_await app.database.transaction(work);
}

inline asio::awaitable<void> text(handlers::Context& app, handlers::Text said)
{
    auto taking = handlers::take_text(std::move(said), true, app);
    co_await std::move(taking);
}

inline asio::awaitable<void> press(handlers::Context& app, handlers::PickedUp call)
{
    auto taking = handlers::take_call(std::move(call), app);
    co_await std::move(taking);
}

/// From when to when an alert was somebody's, or over.
struct Answered {
    TimePoint from{};
    TimePoint to{};
    std::int64_t at{}; // as the alert says it
};

/// A week of a small team: monitoring that fires and clears, carriers, mail and Slack that fail in every way, a service that
/// dies, and people who answer by whatever reached them, late and twice. One seed, one week. It ends early when the auditor finds
/// something.
class Week {
public:
    explicit Week(std::uint64_t seed)
        : dice_{seed * 7'919}
        , world_{sample_configuration(), seed}
    {
        for (auto* carrier : carriers()) {
            carrier->clock = &world_.clock;
            carrier->reached = [this](Sent& one) { reached(one); };
        }
        world_.providers = {{ContactKind::sms, {&sms_, &other_sms_}}, {ContactKind::voice, {&voice_}},
            {ContactKind::ntfy, {&ntfy_}}, {ContactKind::pushover, {&pushover_}}, {ContactKind::gotify, {&gotify_}}};
        world_.open_post_office();
        people();
        sample();
    }

    void live(milliseconds how_long, int alerts_a_day)
    {
        const auto end = world_.clock.now() + how_long;
        for (int days = 0; days < how_long / day; ++days)
            plan_day(world_.clock.now() + days * day, alerts_a_day);
        while (world_.clock.now() < end && !world_.has_found())
            go(std::min(end, world_.clock.now() + 5min));
    }

    /// Nobody does anything any more, and everything works.
    void let_it_end()
    {
        plans_.clear();
        world_.doom = {};
        world_.slack().outage(false);
        for (auto* carrier : carriers())
            carrier->down = false;
        world_.post_office.outcome = {};
        world_.post_office.hangs = false;
        if (!world_.running())
            world_.start();
        for (const auto end = world_.clock.now() + 4h; world_.clock.now() < end && !world_.has_found();)
            go(std::min(end, world_.clock.now() + 10min));
    }

    /// In so many alerts, sends and crashes.
    std::string counts() const
    {
        std::size_t by_carriers = 0;
        for (const auto* carrier : {&sms_, &other_sms_, &voice_, &ntfy_, &pushover_, &gotify_})
            by_carriers += carrier->sent.size();
        return std::to_string(alerts_) + " alerts, " + std::to_string(by_carriers) + " sends by carriers, "
            + std::to_string(world_.post_office.seen.size()) + " mails, " + std::to_string(answers_) + " answers tried, "
            + std::to_string(crashes_.size()) + " crashes";
    }

    // What was seen.
    World& world() { return world_; }
    std::vector<Carrier*> carriers() { return {&sms_, &other_sms_, &voice_, &ntfy_, &pushover_, &gotify_}; }
    int alerts() const { return alerts_; }
    /// The last hundred things that happened.
    std::string story() const
    {
        std::string all;
        for (const auto& line : story_)
            all += line + "\n";
        return all;
    }
    /// Whether somebody had it, or it was over, before that and after it.
    bool was_answered(std::int64_t alert, TimePoint at) const
    {
        const auto found = answers_of_.find(alert);
        return found != answers_of_.end() && std::any_of(found->second.begin(), found->second.end(), [&](const Answered& span) {
            return span.from < at && at < span.to; // at its end it may have been given back
        });
    }
    std::int64_t crashes_between(TimePoint from, TimePoint to) const
    {
        return std::count_if(crashes_.begin(), crashes_.end(), [&](TimePoint at) { return from <= at && at <= to; });
    }

private:
    // --- who there is -------------------------------------------------------------------------------------------------------
    void people()
    {
        for (const std::string who : {"ana", "bo", "chi"}) {
            const auto number = "+49151000000" + std::to_string(phones_.size());
            phones_[number] = who;
            for (const auto kind : {ContactKind::sms, ContactKind::voice})
                add(kind, who, number);
            for (const auto kind : {ContactKind::ntfy, ContactKind::pushover, ContactKind::gotify})
                add(kind, who, who);
        }
        using oncall::NotificationRule;
        NotificationRule nights{"Nights", oncall::Urgency::high, {}, {{{"sms", "voice"}, 1min}, {{"slack", "push"}, 0s}}};
        oncall::Window window;
        window.from = 22h;
        window.to = 7h;
        nights.windows = {window};
        rules("ana", {nights});
        rules("bo",
            {{"Mine", oncall::Urgency::high, {},
                {{{"ntfy"}, 30s}, {{"slack", "pushover"}, 1min}, {{"sms"}, 2min}, {{"voice"}, 0s}}}});
    }
    void add(ContactKind kind, const std::string& who, const std::string& address)
    {
        oncall::ContactMethod method;
        method.person = world_.slack().person(who).id();
        method.kind = kind;
        method.address = address;
        method.added_at = method.verified_at = method.consented_at = world_.clock.now();
        world_.write([&](storage::Transaction& tx) { return storage::ContactMethods{tx}.add(method); });
    }
    void rules(const std::string& who, std::vector<oncall::NotificationRule> of_hers)
    {
        world_.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(world_.slack().person(who).id());
            rules.rules = std::move(of_hers);
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    }

    // --- what happens -------------------------------------------------------------------------------------------------------
    void plan(TimePoint at, std::string what, std::function<void()> work)
    {
        plans_.emplace(at, std::pair{std::move(what), std::move(work)});
    }
    void plan_in(milliseconds in, std::string what, std::function<void()> work)
    {
        plan(world_.clock.now() + in, std::move(what), std::move(work));
    }

    void plan_day(TimePoint begin, int alerts)
    {
        const auto some = [&](int times, const std::string& what, const std::function<void()>& work) {
            for (int i = 0; i < times; ++i)
                plan(begin + dice_.within(0s, day), what, work);
        };
        some(alerts, "an alert", [this] { fire(); });
        some(alerts / 3, "a command", [this] { command(); });
        some(dice_.any(3), "Slack is out", [this] { slack_out(); });
        some(3, "answers of Slack's are lost", [this] { world_.slack().act_then_hang("chat.postMessage", 1 + dice_.any(3)); });
        some(3, "Slack has enough",
            [this] { world_.slack().rate_limit("chat.postMessage", std::chrono::seconds{1 + dice_.any(60)}, 1 + dice_.any(3)); });
        some(4, "a carrier is down", [this] { carrier_down(); });
        some(3, "mail is in trouble", [this] { mail_trouble(); });
        some(3, "somebody wants quiet", [this] { quiet(); });
        some(4, "a crash is near", [this] {
            world_.doom = {dice_.chance(60) ? world_.commits + 1 + dice_.any(30) : 0, 0,
                dice_.chance(40) ? world_.sends + 1 + dice_.any(5) : 0};
        });
        some(1, "the machine goes down", [this] { stop(dice_.within(1s, 20min)); });
        some(dice_.chance(30) ? 1 : 0, "the mail server is taken out of the settings", [this] { without_mail(); });
    }

    void fire()
    {
        static const std::vector<std::string> titles{"Checkout is down", "Ledger is slow", "Disk is full", "Queue is long"};
        const auto key = "key-" + std::to_string(dice_.any(8));
        if (world_.alert(dice_.one_of(titles), key).status != 202)
            return;
        ++alerts_;
        if (dice_.chance(25))
            plan_in(dice_.within(10s, 40min), key + " clears", [this, key] { world_.resolved(key); });
        if (dice_.chance(50))
            plan_in(dice_.within(10s, 25min), "a button", [this] { click(); });
    }
    void slack_out()
    {
        world_.slack().outage(true);
        plan_in(dice_.within(1min, 45min), "Slack is back", [this] { world_.slack().outage(false); });
    }
    void carrier_down()
    {
        auto* const one = dice_.one_of(carriers());
        one->down = true;
        plan_in(dice_.within(5min, 1h), one->name() + " is up", [one] { one->down = false; });
    }
    void mail_trouble()
    {
        auto& mail = world_.post_office;
        mail.hangs = dice_.chance(30);
        mail.outcome.how = dice_.chance(50) ? Outcome::later : Outcome::refused;
        mail.outcome.why = "no mail today";
        plan_in(dice_.within(5min, 1h), "mail works", [&mail] {
            mail.outcome = {};
            mail.hangs = false;
        });
    }
    void quiet()
    {
        static const std::vector<std::string> names{"ana", "bo", "chi"};
        const auto now = world_.clock.now();
        world_.slack().person(dice_.one_of(names)).do_not_disturb(now - 1h, now + dice_.within(10min, 8h));
    }
    void stop(milliseconds for_how_long)
    {
        crashed();
        world_.kill();
        away_until_ = world_.clock.now() + for_how_long;
    }
    void without_mail()
    {
        crashed();
        world_.close_post_office();
        plan_in(dice_.within(10min, 2h), "a mail server is set up", [this] {
            crashed();
            world_.open_post_office();
        });
    }
    void crashed()
    {
        crashes_.push_back(world_.clock.now());
        away_until_ = {};
        world_.doom = {};
    }

    // --- what people do -----------------------------------------------------------------------------------------------------
    /// Something is on a phone. Its owner may answer: at once, late, twice.
    void reached(Sent& one)
    {
        if (one.known_at != TimePoint{} && dice_.chance(70)) {
            auto* const told = &one;
            for (int times = dice_.chance(15) ? 2 : 1; times > 0; --times)
                plan(one.known_at + dice_.within(0s, 3s), "a report of " + one.id, [this, told] {
                    if (!world_.running())
                        return; // nobody calls twice
                    auto& carrier = carrier_of(*told);
                    auto came = carrier.tell(*told);
                    world_.app().context().tasks.spawn("a report", report(world_.app().context(), told->reference, came));
                });
        }
        if (one.kind == ContactKind::voice && !one.arrives)
            return;
        if (!dice_.chance(one.kind == ContactKind::voice ? 35 : 12))
            return;
        const auto delay = one.kind == ContactKind::voice ? dice_.within(5s, 40s) : dice_.within(5s, 15min);
        const auto* const at = &one;
        plan_in(delay, "an answer to " + one.id, [this, at] { answer(*at); });
        if (dice_.chance(15)) // double
            plan_in(delay, "the same answer", [this, at] { answer(*at); });
        if (dice_.chance(10)) // and late
            plan_in(delay + 20min, "a late answer", [this, at] { answer(*at); });
    }
    Carrier& carrier_of(const Sent& one)
    {
        for (auto* carrier : carriers())
            if (carrier->name() == one.carrier)
                return *carrier;
        throw std::logic_error{"no such carrier"};
    }

    void answer(const Sent& one)
    {
        if (!world_.running())
            return;
        ++answers_;
        if (one.kind == ContactKind::sms) {
            static const std::vector<std::string> words{"4", "4 #", "4 #", "6 #", "6", "8 #", "no #", "4 all", "what?"};
            handlers::Text said;
            said.id = "SM" + one.id + std::to_string(answers_ / 2); // some come twice
            said.from = one.address;
            said.words = dice_.one_of(words);
            if (const auto hole = said.words.find('#'); hole != said.words.npos)
                said.words.replace(hole, 1, std::to_string(one.alert));
            said.at = world_.clock.now();
            note("texts " + said.words);
            world_.app().context().tasks.spawn("a text", text(world_.app().context(), std::move(said)));
            return;
        }
        if (one.actions.empty())
            return;
        const auto& action =
            one.actions[dice_.chance(70) ? 0 : static_cast<std::size_t>(dice_.any(static_cast<int>(one.actions.size())))];
        const auto path = action.url.substr(action.url.find("/a/"));
        note(action.verb);
        if (one.kind == ContactKind::voice) {
            handlers::PickedUp call;
            call.id = "CA" + one.id;
            call.token = one.actions.front().url.substr(one.actions.front().url.find("/a/") + 3);
            call.status = "in-progress";
            call.answered_by = "human";
            call.keys = std::to_string(1 + (dice_.chance(70) ? 0 : dice_.any(3)));
            world_.app().context().tasks.spawn("a key", press(world_.app().context(), std::move(call)));
            return;
        }
        post(path);
    }
    void post(const std::string& path)
    {
        net::Request request;
        request.method = dice_.chance(10) ? "GET" : "POST";
        request.target = path;
        request.peer = "phone " + std::to_string(dice_.any(4));
        world_.request(std::move(request));
    }
    void click()
    {
        static const std::vector<std::string> names{"ana", "bo", "chi", "cto"};
        static const std::vector<std::string> labels{
            "Acknowledge", "Acknowledge", "Acknowledge", "Resolve", "Not me", "Escalate"};
        auto& person = world_.slack().person(dice_.one_of(names));
        ++answers_;
        try {
            const auto message = !screens_.empty() && dice_.chance(20) ? dice_.one_of(screens_) : person.last_dm();
            const auto label = dice_.one_of(labels);
            note(person.name() + " presses " + label);
            if (dice_.chance(15))
                person.click_as_seen(message, label);
            person.click(message, label);
            screens_.push_back(message);
            if (screens_.size() > 8)
                screens_.pop_front();
        } catch (const workspace::NotThere&) {
            note("which is not there");
        }
    }
    /// Mails are answered too.
    void read_mail()
    {
        for (; mails_read_ < world_.post_office.taken.size(); ++mails_read_) {
            const auto& mail = world_.post_office.taken[mails_read_];
            const auto at = mail.text.find("/a/");
            if (at == mail.text.npos || !dice_.chance(8))
                continue;
            const auto path = mail.text.substr(at, mail.text.find_first_of(" \n\r", at) - at);
            plan_in(dice_.within(30s, 20min), "a link in a mail", [this, path] {
                ++answers_;
                post(path);
            });
        }
    }
    void command()
    {
        static const std::vector<std::string> names{"ana", "bo", "chi"};
        static const std::vector<std::string> said{"ack #", "unack #", "escalate #", "resolve #", "reopen #", "notme #", "undo #",
            "snooze # 20m", "promise # 10m", "reassign # @bo", "note # still looking"};
        auto verb = dice_.one_of(said);
        verb.replace(verb.find('#'), 1, std::to_string(std::max<std::int64_t>(1, newest_ - dice_.any(6))));
        const auto& who = dice_.one_of(names);
        note(who + ": " + verb);
        world_.slack().person(who).command("/oncall", verb, "#payments-alerts");
    }

    // --- how time passes ----------------------------------------------------------------------------------------------------
    /// To the next thing that happens, at most to `end`.
    void go(TimePoint end)
    {
        auto to = plans_.empty() ? end : std::min(end, std::max(plans_.begin()->first, world_.clock.now()));
        if (!world_.running()) {
            if (away_until_ == TimePoint{}) { // it died of itself
                crashes_.push_back(world_.clock.now());
                away_until_ = world_.clock.now() + dice_.within(1s, 2min);
                note("the service has died");
            }
            to = std::min(to, std::max(away_until_, world_.clock.now()));
        }
        world_.advance(to - world_.clock.now());
        if (!world_.running() && away_until_ != TimePoint{} && world_.clock.now() >= away_until_) {
            away_until_ = {};
            world_.doom = {};
            world_.start();
            note("the service starts");
        }
        sample();
        while (!plans_.empty() && plans_.begin()->first <= world_.clock.now()) {
            const auto next = plans_.extract(plans_.begin());
            note(next.mapped().first);
            next.mapped().second();
            world_.settle();
            sample();
        }
        read_mail();
    }

    void note(const std::string& what)
    {
        story_.push_back(oncall::iso(world_.clock.now(), "UTC").substr(5, 14) + " " + what);
        if (story_.size() > 120)
            story_.pop_front();
    }
    /// Which alerts are answered now.
    void sample()
    {
        if (!world_.running())
            return;
        struct State {
            std::int64_t id{};
            bool answered{};
            std::int64_t at{};
        };
        std::int64_t newest = newest_;
        const auto states = world_.look([&](storage::Transaction& tx) {
            std::vector<State> all;
            for (storage::Query row{
                     tx, "SELECT id, state, answered_at FROM alerts WHERE id > $1 OR state <> 'resolved'", newest_};
                 row.step();) {
                State one;
                one.id = row.integer();
                one.answered = row.text() != "triggered";
                one.at = row.integer();
                newest = std::max(newest, one.id);
                all.push_back(one);
            }
            return all;
        });
        newest_ = newest;
        const auto now = world_.clock.now();
        std::set<std::int64_t> open;
        for (const auto& one : states) {
            if (one.answered)
                answered(one.id, one.at, now);
            open.insert(one.id);
        }
        for (const auto id : open_before_)
            if (!open.contains(id))
                answers_of_[id].push_back({now, now, -1}); // it is resolved, perhaps again
        for (auto& [id, spans] : answers_of_)
            if (!open.contains(id) && !spans.empty())
                spans.back().to = now;
        open_before_ = std::move(open);
    }
    void answered(std::int64_t alert, std::int64_t at, TimePoint now)
    {
        auto& spans = answers_of_[alert];
        if (spans.empty() || spans.back().at != at)
            spans.push_back({now, now, at});
        spans.back().to = now;
    }

    Dice dice_;
    Carrier sms_{"Twilio", ContactKind::sms, dice_}, other_sms_{"Other", ContactKind::sms, dice_},
        voice_{"Caller", ContactKind::voice, dice_}, ntfy_{"ntfy", ContactKind::ntfy, dice_},
        pushover_{"Pushover", ContactKind::pushover, dice_}, gotify_{"Gotify", ContactKind::gotify, dice_};
    World world_; // goes first
    std::map<std::string, std::string> phones_{};
    std::multimap<TimePoint, std::pair<std::string, std::function<void()>>> plans_{};
    std::deque<std::string> story_{};
    std::deque<workspace::Message> screens_{}; // as somebody saw them a while ago
    std::map<std::int64_t, std::vector<Answered>> answers_of_{};
    std::set<std::int64_t> open_before_{};
    std::int64_t newest_{};
    std::size_t mails_read_{};
    int alerts_{};
    int answers_{};
    std::vector<TimePoint> crashes_{};
    TimePoint away_until_{};
};

} // namespace scenario
