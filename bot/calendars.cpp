#include "calendars.hpp"

#include "doors/run_on.hpp"
#include "feeds/calendar_in.hpp"
#include "feeds/fetch.hpp"
#include "handlers/absences.hpp"
#include "handlers/configure.hpp"
#include "handlers/feeds.hpp"
#include "storage/feeds.hpp"

#include <algorithm>
#include <fstream>

using namespace std::chrono_literals;
using oncall::TimePoint;
using storage::Feed;
using storage::Feeds;
using storage::Transaction;

namespace {

constexpr oncall::milliseconds read_every = 30min;
constexpr oncall::milliseconds rest_of_trouble[]{5min, 10min, 20min, 40min, 60min};
constexpr auto spread_every = 24h; // what repeats is known as far ahead each day
constexpr auto back = std::chrono::days{40}, ahead = std::chrono::days{400};
constexpr auto old = 2h; // then it is said that it cannot be read
constexpr auto look_every = 6h; // for shifts that have come near
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
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
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
feeds::ReadCalendar spread(const std::string& body, TimePoint now)
{
    feeds::CalendarLimits limits;
    const auto end = std::chrono::steady_clock::now() + longest_reading;
    limits.too_late = [end] { return std::chrono::steady_clock::now() > end; };
    return feeds::calendar_in(body, now - back, now + ahead, limits);
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
        storage::Outbox{tx}.add(key + to, use.person.empty() ? "channel_words" : "person_words", storage::Priority::furniture, to,
            0, to + "\n" + words, now);
    }
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
    auto next = TimePoint::max();
    bool news = !unwanted.empty();
    for (const auto& [address, due] : wanted) {
        if (due > now) {
            next = std::min(next, due);
            continue;
        }
        auto find = [&address = address](Transaction& tx) { return Feeds{tx}.find(address); };
        auto feed = co_await app_.database.read(find);
        if (!feed) {
            feed.emplace();
            feed->address = address;
        }
        const bool changed = co_await read(std::move(*feed));
        news = news || changed;
        next = std::min(next, app_.clock.now() + rest_of_trouble[0]);
    }
    if (news) {
        auto in_force = handlers::put_in_force(app_);
        co_await std::move(in_force);
        hurry_ = false; // that was ourselves
        news_.ring();
        auto telling = tell_nameless();
        co_await std::move(telling);
    }
    co_return next;
}

/// Puts in what the copy says. Its problem, if it is no calendar.
asio::awaitable<std::string> Calendars::take_apart(Feed& feed, std::string body, TimePoint now)
{
    const auto read = std::make_shared<feeds::ReadCalendar>();
    auto piece = [read, body = std::move(body), now] { *read = spread(body, now); };
    if (worker_) {
        auto working = doors::run_on(*worker_, app_.tasks.loop(), std::move(piece));
        co_await std::move(working);
    } else {
        piece();
    }
    if (!read->problem.empty())
        co_return read->problem;
    feed.events = std::move(read->events);
    feed.notes.clear();
    for (const auto& note : read->notes)
        feed.notes += (feed.notes.empty() ? "" : " ") + note;
    feed.spread_at = now;
    co_return std::string{};
}

/// Events by which nobody is on duty though somebody was meant: in the fallback channel, once a day at most while they stay.
asio::awaitable<void> Calendars::tell_nameless()
{
    constexpr std::size_t most = 5;
    const auto now = app_.clock.now();
    std::string words, key;
    std::size_t count = 0;
    for (const auto& event : app_.nameless) {
        if (event.from < now)
            continue;
        key += event.schedule + "\n" + event.rotation + "\n" + event.title + "\n";
        if (count++ < most)
            words += "\n• rotation " + event.rotation + " of schedule " + event.schedule + ": \"" + event.title + "\" on "
                + oncall::iso(event.from, "UTC").substr(0, 10);
    }
    if (count == 0 || app_.fallback_channel.empty())
        co_return;
    if (count > most)
        words += "\n• and " + std::to_string(count - most) + " more";
    auto tell = [&](Transaction& tx) {
        const auto digest = storage::sha256(key).substr(0, 16);
        if (storage::Inbox{tx}.first("nameless:" + digest, now))
            storage::Outbox{tx}.add("nameless:" + digest, "channel_words", storage::Priority::furniture, app_.fallback_channel, 0,
                app_.fallback_channel
                    + "\nNobody is on duty by these events of calendars, because nobody I know is named in them. "
                      "Write an e-mail address, @handle or name into the title:"
                    + words,
                now);
    };
    co_await app_.database.transaction(tell);
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
    };
    co_await app_.database.transaction(save);
    co_return feed.events != before || (first && trouble.empty());
}
