#include "handlers/web/calendar.hpp"

#include "feeds/calendar_out.hpp"
#include "handlers/overrides.hpp"
#include "notify/text.hpp"
#include "oncall/diary.hpp"
#include "oncall/who_may.hpp"
#include "storage/calendar_addresses.hpp"

#include <algorithm>

namespace handlers {

using storage::CalendarAddress;
using storage::CalendarAddresses;
using storage::PublishedShift;
using storage::PublishedShifts;
using storage::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view begins{"/calendar/"}, ends{".ics"};
constexpr std::size_t token_length = 40, most_name = 80;
constexpr std::size_t most_asked = 30, most_known = 10'000;
constexpr auto within = 10min;
constexpr auto noted_every = 1h; // when an app read it

net::Response plain(int status, const std::string& words)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body = words + "\n";
    return response;
}

net::Response nothing_here()
{
    return plain(404, "there is no such calendar; /oncall calendar in Slack shows the address of yours");
}

/// Empty: it is no token's.
std::string token_in(std::string_view path)
{
    if (!path.starts_with(begins) || !path.ends_with(ends) || path.size() != begins.size() + token_length + ends.size())
        return {};
    const std::string token{path.substr(begins.size(), token_length)};
    return token.find_first_not_of("0123456789abcdef") == token.npos ? token : std::string{};
}

/// All that the configuration may call a Slack user.
std::set<std::string> known_names(Transaction& tx, const std::string& user)
{
    std::set<std::string> names{user};
    for (const auto& [reference, known] : known_people(tx))
        if (known == user)
            names.insert(reference);
    return names;
}

struct Found {
    CalendarAddress address{};
    std::set<std::string> hers{};
    std::map<std::string, std::string> names{};
};

std::string shift_people(const std::vector<std::string>& people, const std::map<std::string, std::string>& names)
{
    std::string all;
    for (const auto& person : people) {
        const auto known = names.find(person);
        all += (all.empty() ? "" : ", ")
            + notify::one_line(known == names.end() || known->second.empty() ? person : known->second, most_name);
    }
    return all;
}

feeds::PublishedEvent event_of(const oncall::DiaryEntry& entry, const Found& found)
{
    const auto schedule = notify::one_line(entry.schedule, most_name);
    const bool own = found.address.schedule.empty();
    const auto people = shift_people(entry.shift.people, found.names);
    feeds::PublishedEvent event;
    event.uid = storage::sha256((own ? found.address.person + "\n" : "\n") + entry.key).substr(0, 32) + "@oncall-bot";
    event.from = entry.shift.start;
    event.to = entry.shift.end;
    event.title = own ? "On call: " + schedule : people + " (" + schedule + ")";
    event.text = "On call by schedule " + schedule
        + (entry.shift.rotation.empty() ? "" : ", rotation " + notify::one_line(entry.shift.rotation, most_name))
        + (entry.shift.overridden ? ", by an override" : "") + ": " + people + ".";
    return event;
}

/// What was told of it before says how often it has changed. True: it is as it was told; else it is to be counted by `save`.
bool count(Transaction& tx, feeds::PublishedEvent& event, TimePoint now, bool save)
{
    const auto digest = storage::sha256(std::to_string(event.from.time_since_epoch().count()) + "\n"
        + std::to_string(event.to.time_since_epoch().count()) + "\n" + event.title + "\n" + event.text)
                            .substr(0, 32);
    const PublishedShifts shifts{tx};
    auto told = shifts.find(event.uid);
    const bool same = told && told->digest == digest;
    if (!same && !save)
        return false;
    if (!same) {
        PublishedShift fresh;
        fresh.uid = event.uid;
        fresh.digest = digest;
        fresh.sequence = told ? told->sequence + 1 : 0;
        fresh.changed_at = now;
        fresh.ends_at = event.to;
        shifts.save(fresh);
        told = fresh;
    }
    event.sequence = told->sequence;
    event.changed_at = told->changed_at;
    return same;
}

bool is_known(const net::Request& request, const std::string& etag)
{
    const auto have = net::header(request.headers, "If-None-Match");
    return have == "*" || have.find(etag) != have.npos;
}

} // namespace

asio::awaitable<net::Response> CalendarDoor::serve(net::Request request)
{
    const auto token = token_in(net::path(request.target));
    if (token.empty())
        co_return nothing_here();
    // Looked up by its hash: how long it takes tells nothing about the tokens there are.
    const auto hash = storage::sha256(token);
    const auto now = app_.clock.now();
    auto find = [&](Transaction& tx) -> std::optional<Found> {
        const auto address = CalendarAddresses{tx}.by_token_hash(hash);
        if (!address)
            return std::nullopt;
        const auto owner = storage::People{tx}.find(address->person);
        if (owner && !oncall::why_may_not(oncall::Deed::read_calendar, owner->kind, false).empty())
            return std::nullopt;
        Found found;
        found.address = *address;
        found.hers = known_names(tx, address->person);
        found.names = storage::People{tx}.names();
        return found;
    };
    const auto found = co_await app_.database.read(find);
    const auto configuration = app_.configuration();
    if (!found || (!found->address.schedule.empty() && !configuration->schedules.contains(found->address.schedule)))
        co_return nothing_here();
    if (asked_.size() > most_known)
        asked_.clear();
    if (const auto wait = asked_.try_emplace(hash, SlidingWindow{most_asked, within}).first->second.admit(now)) {
        auto slow = plain(429, "this calendar is read too often");
        slow.headers.push_back({"Retry-After", std::to_string(wait->count())});
        co_return slow;
    }

    const auto span = oncall::diary_span(now);
    const auto& schedule = found->address.schedule;
    const auto entries = schedule.empty() ? oncall::diary_of(*configuration, found->hers, span)
                                          : oncall::diary_of(configuration->schedules.at(schedule), span);
    feeds::PublishedCalendar calendar;
    calendar.name = schedule.empty() ? "On call" : "On call: " + notify::one_line(schedule, most_name);
    calendar.text =
        schedule.empty() ? "Your shifts of all schedules" : "Who is on call by schedule " + notify::one_line(schedule, most_name);
    for (const auto& entry : entries)
        calendar.events.push_back(event_of(entry, *found));
    // Most of the time nothing has changed, and nothing is written.
    auto look = [&](Transaction& tx) {
        bool same = true;
        for (auto& event : calendar.events)
            same = count(tx, event, now, false) && same;
        return same;
    };
    const bool as_told = co_await app_.database.read(look);
    auto publish = [&](Transaction& tx) {
        for (auto& event : calendar.events)
            count(tx, event, now, true);
        if (now - found->address.read_at >= noted_every) {
            CalendarAddresses{tx}.was_read(found->address, now);
            PublishedShifts{tx}.forget_before(span.from - 24h);
        }
    };
    if (!as_told || now - found->address.read_at >= noted_every)
        co_await app_.database.transaction(publish);

    net::Response response;
    response.body = feeds::calendar_out(calendar);
    const auto etag = "\"" + storage::sha256(response.body).substr(0, 32) + "\"";
    response.headers = {{"ETag", etag}, {"Cache-Control", "private, no-cache"}, {"X-Robots-Tag", "noindex, nofollow"},
        {"Referrer-Policy", "no-referrer"}, {"X-Content-Type-Options", "nosniff"}};
    if (is_known(request, etag)) {
        response.status = 304;
        response.body.clear();
        co_return response;
    }
    response.headers.push_back({"Content-Type", "text/calendar; charset=utf-8"});
    response.headers.push_back({"Content-Disposition", "inline; filename=\"on-call.ics\""});
    co_return response;
}

} // namespace handlers
