#include "calendars.hpp"

#include "doors/run_on.hpp"
#include "feeds/calendar_in.hpp"
#include "feeds/fetch.hpp"
#include "handlers/absences.hpp"
#include "handlers/configure.hpp"
#include "handlers/feeds.hpp"
#include "notify/text.hpp"
#include "storage/feeds.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace std::chrono_literals;
using oncall::TimePoint;
using storage::Feed;
using storage::Feeds;
using storage::Outbox;
using storage::Transaction;

namespace {

constexpr oncall::milliseconds read_every = 30min;
constexpr oncall::milliseconds rest_of_trouble[]{5min, 10min, 20min, 40min, 60min};
constexpr auto spread_every = 24h; // what repeats is known as far ahead each day
constexpr auto back = std::chrono::days{40}, ahead = std::chrono::days{400};
constexpr auto back_of_duty = std::chrono::days{400}; // reports count what was
constexpr auto old = 2h; // then it is said that it cannot be read
constexpr auto look_every = 6h; // for shifts that have come near
constexpr auto rest_of_handles = 24h; // until one is sought again
constexpr std::size_t most_readings = 12; // of the list of everybody, in that time
constexpr auto slack_answers = 5min; // for whom it is asked
constexpr auto longest_reading = 10s; // of a calendar that is there

oncall::milliseconds rest_after(int failures)
{
    const auto last = static_cast<int>(std::size(rest_of_trouble)) - 1;
    return rest_of_trouble[std::clamp(failures - 1, 0, last)];
}

/// The same as what came over the network.
feeds::Fetched file_at(const std::string& path)
{
    constexpr std::streamoff most = 5 << 20;
    feeds::Fetched fetched;
    std::error_code ignored;
    const bool is_file = std::filesystem::is_regular_file(path, ignored); // a pipe would never end
    std::ifstream file;
    if (is_file)
        file.open(path, std::ios::binary | std::ios::ate);
    const auto size = is_file && file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (size < 0) {
        fetched.trouble = "the file " + path + " cannot be read";
    } else if (size > most) {
        fetched.trouble = "the file " + path + " is larger than 5 MB";
    } else {
        fetched.body.resize(static_cast<std::size_t>(size));
        file.seekg(0);
        file.read(fetched.body.data(), size);
        fetched.how = file ? feeds::Fetched::fresh : feeds::Fetched::failed;
        fetched.trouble = file ? "" : "the file " + path + " cannot be read";
    }
    return fetched;
}

/// What a copy says of the time around `now`.
feeds::ReadCalendar spread(const std::string& body, std::chrono::days since, TimePoint now)
{
    feeds::CalendarLimits limits;
    const auto end = std::chrono::steady_clock::now() + longest_reading;
    limits.too_late = [end] { return std::chrono::steady_clock::now() > end; };
    return feeds::calendar_in(body, now - since, now + ahead, limits);
}

void tell_of_calendar(
    Transaction& tx, const handlers::Context& app, const Feed& feed, const std::vector<handlers::FeedUse>& uses, TimePoint now)
{
    const auto key = "feed:" + storage::sha256(feed.address).substr(0, 16) + ":";
    for (const auto& use : uses) {
        const auto& to = use.person.empty() ? app.fallback_channel : use.person;
        if (to.empty())
            continue;
        auto words = "I can read the calendar " + use.what + " (" + handlers::shown_address(feed.address) + ") again.";
        if (feed.told && feed.read_at == TimePoint{})
            words = "I cannot read the calendar " + use.what + " (" + handlers::shown_address(feed.address) + "): " + feed.trouble
                + " I go on trying.";
        else if (feed.told)
            words = "The calendar " + use.what + " (" + handlers::shown_address(feed.address) + ") is "
                + handlers::age_words(now - feed.read_at) + " old, and I cannot read it: " + feed.trouble
                + " What I read last holds, and I go on trying.";
        Outbox{tx}.add(key + to, use.person.empty() ? "channel_words" : "person_words", storage::Priority::furniture, to, 0,
            to + "\n" + words, now);
    }
}

/// What had events to come when it was read last, and has none, or the other way round, is said at once: nobody may be on duty by
/// it. So is a first copy that has no shifts. `before`: how many were to come then; nullopt: it is the first.
void tell_of_shifts(Transaction& tx, const handlers::Context& app, const Feed& feed, const std::vector<handlers::FeedUse>& uses,
    std::optional<std::size_t> before, TimePoint now)
{
    const auto after = oncall::to_come(feed.events, now);
    const bool was_full = before.value_or(1) > 0; // one expects shifts of it
    if (was_full == (after > 0) || app.fallback_channel.empty())
        return;
    const auto key = "feed:" + storage::sha256(feed.address).substr(0, 16) + ":shifts";
    std::string words;
    for (const auto& use : uses) {
        if (!use.person.empty() || (!before && !use.shifts))
            continue;
        const std::string what = use.shifts ? "shifts" : "holidays";
        words += (words.empty() ? "" : "\n") + std::string{"The calendar "} + use.what + " ("
            + handlers::shown_address(feed.address) + ") ";
        if (after > 0)
            words += "has " + what + " to come: " + std::to_string(after) + ".";
        else
            words += "has no " + what + " to come" + (before ? " any more. It had " + std::to_string(*before) + ". " : ". ")
                + (use.shifts ? "Nobody is on duty by it. " : "")
                + "If that is not meant, mend the calendar: I read it again soon.";
    }
    if (!words.empty())
        Outbox{tx}.add(key, "channel_words", storage::Priority::furniture, app.fallback_channel, 0,
            app.fallback_channel + "\n" + words, now);
}

std::string digest_of(const oncall::Nameless& event)
{
    auto words = event.schedule + "\n" + event.rotation + "\n" + event.title;
    for (const auto* const people : {&event.unknown, &event.several, &event.strange})
        for (const auto& person : *people)
            words += "\n" + person;
    return storage::sha256(words).substr(0, 16);
}

} // namespace

Calendars::Calendars(handlers::Context& app, net::Network& network, doors::Worker* worker)
    : app_{app}
    , network_{network}
    , worker_{worker}
    , wake_{app.tasks.loop()}
    , news_{app.tasks.loop()}
{
}

void Calendars::look_again()
{
    hurry_ = true;
    wake_.ring();
    news_.ring();
}

asio::awaitable<void> Calendars::tell()
{
    while (true) {
        auto telling = handlers::tell_clashes(app_);
        co_await std::move(telling);
        co_await news_.sleep(app_.clock, app_.clock.now() + look_every);
    }
}

asio::awaitable<void> Calendars::run()
{
    while (true) {
        hurry_ = false;
        const auto next = co_await pass();
        if (!hurry_)
            co_await wake_.sleep(app_.clock, std::min(next, app_.clock.now() + look_every));
    }
}

/// Reads those whose time has come; returns when the next one's comes.
asio::awaitable<TimePoint> Calendars::pass()
{
    const auto now = app_.clock.now();
    const auto configuration = app_.configuration();
    auto load = [&](Transaction& tx) {
        std::map<std::string, TimePoint> wanted;
        for (const auto& use : handlers::feed_uses(tx, *configuration))
            wanted.emplace(use.address, now);
        std::vector<std::string> unwanted;
        for (const auto& [address, due] : Feeds{tx}.due())
            if (const auto found = wanted.find(address); found != wanted.end())
                found->second = due;
            else
                unwanted.push_back(address);
        return std::pair{wanted, unwanted};
    };
    const auto looked = co_await app_.database.read(load);
    const auto& [wanted, unwanted] = looked;
    auto forget = [&looked](Transaction& tx) {
        for (const auto& address : looked.second)
            Feeds{tx}.remove(address);
    };
    if (!unwanted.empty())
        co_await app_.database.transaction(forget);
    // Who is on duty comes first, and what people read for themselves does not hold it up.
    const auto duty = handlers::addresses_of(*configuration);
    std::vector<std::string> of_duty, others;
    auto next = TimePoint::max(), next_duty = TimePoint::max();
    for (const auto& [address, due] : wanted) {
        const bool is_duty = duty.contains(address);
        if (due <= now)
            (is_duty ? of_duty : others).push_back(address);
        else
            next = std::min(next, due);
        if (is_duty && due > now)
            next_duty = std::min(next_duty, due);
    }
    bool news = !unwanted.empty();
    for (const auto& address : of_duty) {
        const bool changed = co_await look_at(address);
        next_duty = std::min(next_duty, app_.clock.now() + rest_of_trouble[0]);
        if (changed) {
            auto in_force = handlers::put_in_force(app_);
            co_await std::move(in_force);
            hurry_ = false; // that was ourselves
            news_.ring();
        }
    }
    for (const auto& address : others) {
        const bool changed = co_await look_at(address);
        news = news || changed;
        if (hurry_ || app_.clock.now() >= next_duty) {
            next = app_.clock.now(); // the rest in the next pass
            break;
        }
    }
    if (!of_duty.empty() || !others.empty())
        next = std::min(next, app_.clock.now() + rest_of_trouble[0]);
    if (news) {
        auto in_force = handlers::put_in_force(app_);
        co_await std::move(in_force);
        hurry_ = false; // that was ourselves
        news_.ring();
    }
    auto telling = tell_nameless();
    const auto again = co_await std::move(telling);
    co_return std::min(next, again);
}

/// Reads one. Whether it says something else than before.
asio::awaitable<bool> Calendars::look_at(std::string address)
{
    auto find = [&address](Transaction& tx) { return Feeds{tx}.find(address); };
    auto feed = co_await app_.database.read(find);
    if (!feed) {
        feed.emplace();
        feed->address = address;
    }
    co_return co_await read(std::move(*feed));
}

/// Puts in what the copy says. Its problem, if it is no calendar.
asio::awaitable<std::string> Calendars::take_apart(Feed& feed, std::string body, TimePoint now)
{
    const auto configuration = app_.configuration();
    const bool is_duty = handlers::addresses_of(*configuration).contains(feed.address);
    const auto since = is_duty ? back_of_duty : back;
    const auto read = std::make_shared<feeds::ReadCalendar>();
    auto piece = [read, body = std::move(body), since, now] { *read = spread(body, since, now); };
    if (worker_) {
        auto working = doors::run_on(*worker_, app_.tasks.loop(), std::move(piece));
        co_await std::move(working);
    } else {
        piece();
    }
    if (!read->problem.empty())
        co_return read->problem;
    feed.notes.clear();
    for (const auto& note : read->notes)
        feed.notes += (feed.notes.empty() ? "" : " ") + notify::one_line(note, 200);
    if (is_duty) {
        const auto place = oncall::calendar_place_of(feed.address, *configuration);
        auto all = oncall::with_past(feed.events, std::move(read->events), now - since, now, place);
        feed.events = std::move(all.events);
        if (all.forgot)
            feed.notes += (feed.notes.empty() ? "" : " ") + std::string{"Of what is over, the newest 5,000 events are kept."};
    } else {
        feed.events = std::move(read->events);
    }
    feed.spread_at = now;
    co_return std::string{};
}

/// Events that do not name whom I know, though somebody was meant: Slack is asked for them, and those that stay unknown are said
/// in the fallback channel, once. When to look again.
asio::awaitable<TimePoint> Calendars::tell_nameless()
{
    constexpr std::size_t most = 5, most_asked = 20;
    const auto now = app_.clock.now();
    const auto configuration = app_.configuration();
    // A digest of each, whenever it happens: what repeats is one.
    std::map<std::string, oncall::Nameless> there;
    for (const auto& event : app_.nameless)
        if (event.to > now)
            there.emplace(digest_of(event), event);
    std::erase_if(nameless_since_, [&](const auto& entry) { return !there.contains(entry.first); });
    std::erase_if(asked_for_, [&](const auto& entry) { return now - entry.second >= rest_of_handles; });
    std::erase_if(readings_, [&](TimePoint at) { return now - at >= rest_of_handles; });
    auto next = TimePoint::max();
    std::set<std::string> all, stay;
    std::size_t asked = 0;
    const bool may_read_list = readings_.size() < most_readings;
    bool reads_list = false;
    for (const auto& [digest, event] : there) {
        all.insert(digest);
        for (const auto& person : event.unknown) {
            // Handles are sought in the list of everybody, which is long; those of one pass by one reading.
            const bool is_handle = person.starts_with('@');
            const auto rest = is_handle ? rest_of_handles : 1h;
            if (is_handle && !may_read_list)
                continue;
            const auto last = asked_for_.find(person);
            if (!app_.meet || asked >= most_asked || (last != asked_for_.end() && now - last->second < rest))
                continue;
            ++asked;
            reads_list = reads_list || is_handle;
            asked_for_[person] = now;
            app_.meet(person);
        }
        const auto since = nameless_since_.emplace(digest, now).first->second;
        if (now - since >= slack_answers)
            stay.insert(digest);
        else
            next = std::min(next, since + slack_answers);
    }
    if (reads_list)
        readings_.push_back(now);
    if (app_.fallback_channel.empty())
        co_return next;
    auto tell = [&](Transaction& tx) {
        const auto fresh = Feeds{tx}.untold(all, stay, now);
        std::string words;
        std::size_t count = 0;
        for (const auto& digest : fresh)
            if (count++ < most)
                words += "\n• " + handlers::nameless_words(there.at(digest), *configuration);
        if (count > most)
            words += "\n• and " + std::to_string(count - most) + " more: `/oncall calendars` shows them";
        if (count > 0)
            Outbox{tx}.add("nameless:" + *fresh.begin(), "channel_words", storage::Priority::furniture, app_.fallback_channel, 0,
                app_.fallback_channel
                    + "\nCalendars call people on duty whom I do not know. Write an e-mail address or a @handle into "
                      "the title:"
                    + words,
                now);
    };
    // Most passes change nothing.
    if (stay != told_of_ || !has_looked_)
        co_await app_.database.transaction(tell);
    told_of_ = std::move(stay);
    has_looked_ = true;
    co_return next;
}

/// Whether it says something else than before.
asio::awaitable<bool> Calendars::read(Feed feed)
{
    feeds::Fetched fetched;
    if (feed.address.starts_with("file:")) {
        fetched = file_at(feed.address.substr(5));
    } else {
        auto fetching = feeds::fetch(network_, feed.address, feed.etag, feed.modified);
        fetched = co_await std::move(fetching);
    }
    const auto now = app_.clock.now();
    const auto before = feed.events;
    const bool first = feed.read_at == TimePoint{};
    const auto had = first ? std::nullopt : std::optional{oncall::to_come(feed.events, feed.read_at)};
    auto trouble = fetched.trouble;
    if (fetched.how == feeds::Fetched::fresh && fetched.body == feed.body)
        fetched.how = feeds::Fetched::unchanged;
    const bool is_fresh = fetched.how == feeds::Fetched::fresh;
    if (is_fresh || (!feed.body.empty() && now - feed.spread_at >= spread_every)) {
        // It rests first: should it end this process, it is not what the next one begins with.
        auto rest = [&feed, now](Transaction& tx) {
            Feeds{tx}.put_off(feed.address, now + rest_after(feed.failures + 1), "reading it did not come to an end.");
        };
        co_await app_.database.transaction(rest);
    }
    if (is_fresh) {
        auto taking = take_apart(feed, fetched.body, now);
        trouble = co_await std::move(taking);
        if (trouble.empty()) {
            feed.body = std::move(fetched.body);
            feed.etag = fetched.etag;
            feed.modified = fetched.modified;
        }
    }
    if (!feed.body.empty() && now - feed.spread_at >= spread_every) {
        auto taking = take_apart(feed, feed.body, now);
        co_await std::move(taking);
    }
    feed.trouble = trouble;
    const bool told_before = feed.told;
    if (trouble.empty()) {
        feed.read_at = now;
        feed.failures = 0;
        feed.due = now + read_every;
        feed.told = false;
    } else {
        ++feed.failures;
        feed.due = now + std::max<oncall::milliseconds>(rest_after(feed.failures), fetched.wait);
        feed.told = feed.told || feed.read_at == TimePoint{} || now - feed.read_at >= old;
        app_.log.warning("a calendar cannot be read",
            {{"host", handlers::shown_address(feed.address)}, {"error", fetched.detail.empty() ? trouble : fetched.detail}});
    }
    const auto configuration = app_.configuration();
    auto save = [&](Transaction& tx) {
        auto uses = handlers::feed_uses(tx, *configuration);
        std::erase_if(uses, [&](const auto& use) { return use.address != feed.address; });
        if (uses.empty())
            return; // taken out meanwhile
        Feeds{tx}.save(feed);
        if (feed.told != told_before)
            tell_of_calendar(tx, app_, feed, uses, now);
        if (trouble.empty())
            tell_of_shifts(tx, app_, feed, uses, had, now);
    };
    co_await app_.database.transaction(save);
    co_return feed.events != before || (first && trouble.empty());
}
