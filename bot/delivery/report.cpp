#include "delivery/report.hpp"

#include "delivery/refusal_words.hpp"
#include "oncall/calendars.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "storage/feeds.hpp"

#include <array>
#include <charconv>

namespace delivery {

using oncall::TimePoint;
using Of = ReportWish::Of;

namespace {

constexpr std::array<std::string_view, 4> kinds_of_report{"all", "schedule", "team", "person"};
constexpr std::int64_t most_counted = 40'000; // days of a schedule each: about a tenth of a second, in which nothing is stored

/// A row's body: "person\nresponse_url\nwhat it is of".
struct ReportAsked {
    std::string person{};
    std::string response_url{};
    std::string value{};
};
ReportAsked report_asked_in(const std::string& body)
{
    const auto first = std::min(body.find('\n'), body.size());
    const auto from = std::min(first + 1, body.size());
    const auto second = std::min(body.find('\n', from), body.size());
    return {body.substr(0, first), body.substr(from, second - from), body.substr(std::min(second + 1, body.size()))};
}

/// What stands before the next colon; what follows stays in `rest`.
std::string_view part(std::string_view& rest)
{
    const auto colon = std::min(rest.find(':'), rest.size());
    const auto found = rest.substr(0, colon);
    rest.remove_prefix(std::min(colon + 1, rest.size()));
    return found;
}

std::optional<TimePoint> time_in(std::string_view text)
{
    std::int64_t seconds{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > 9'999'999'999)
        return std::nullopt;
    return TimePoint{std::chrono::seconds{seconds}};
}

/// "oncall-payments-2026-10-26.csv"
std::string report_file_name(const ReportWish& wish)
{
    std::string name{"oncall-"};
    for (const char c : wish.of == Of::schedule || wish.of == Of::team
            ? wish.name
            : std::string{kinds_of_report.at(static_cast<std::size_t>(wish.of))})
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    return name.substr(0, 60) + "-" + oncall::iso(wish.period.from, wish.time_zone).substr(0, 10) + ".csv";
}

} // namespace

std::string value_of(const ReportWish& wish)
{
    const auto seconds = [](TimePoint at) {
        return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    };
    return std::string{kinds_of_report.at(static_cast<std::size_t>(wish.of))} + ":" + seconds(wish.period.from) + ":"
        + seconds(wish.period.to) + ":" + wish.time_zone + ":" + wish.name;
}

std::optional<ReportWish> report_wish_in(const std::string& value)
{
    std::string_view rest{value};
    const auto of = std::find(kinds_of_report.begin(), kinds_of_report.end(), part(rest));
    const auto from = time_in(part(rest)), to = time_in(part(rest));
    ReportWish wish;
    wish.time_zone = part(rest);
    wish.name = rest;
    if (of == kinds_of_report.end() || !from || !to || *from >= *to || *to - *from > std::chrono::hours{24 * 401}
        || !oncall::is_time_zone(wish.time_zone))
        return std::nullopt;
    wish.of = static_cast<Of>(of - kinds_of_report.begin());
    wish.period = {*from, *to};
    return wish;
}

std::vector<const oncall::Schedule*> schedules_of(const oncall::Configuration& configuration, const ReportWish& wish)
{
    std::set<std::string> of_team;
    if (wish.of == Of::team)
        if (const auto team = configuration.teams.find(wish.name); team != configuration.teams.end())
            if (const auto policy = oncall::policy_in(configuration, oncall::policy_of_team(configuration, team->first)))
                of_team = oncall::schedules_of(configuration, *policy);
    std::vector<const oncall::Schedule*> found;
    for (const auto& [name, schedule] : configuration.schedules)
        if (wish.of == Of::all || wish.of == Of::person || (wish.of == Of::schedule && name == wish.name)
            || of_team.contains(name))
            found.push_back(&schedule);
    return found;
}

oncall::Report report_in(
    storage::Transaction& tx, const oncall::Configuration& configuration, const ReportWish& wish, TimePoint now)
{
    const storage::People people{tx};
    std::map<std::string, oncall::ReportedPerson> met;
    const auto who = [&](const std::string& reference) -> oncall::ReportedPerson {
        if (const auto known = met.find(reference); known != met.end())
            return known->second;
        oncall::ReportedPerson person{reference, reference, {}};
        auto found = people.find(reference);
        if ((!found || found->user_id.empty()) && reference.find('@') != reference.npos)
            if (auto of_hers = people.by_email(reference))
                found = std::move(of_hers);
        if (found) {
            person.id = found->user_id.empty() ? reference : found->user_id;
            person.name = found->name.empty() ? reference : found->name;
            person.time_zone = found->time_zone;
        }
        return met.emplace(reference, person).first->second;
    };
    auto period = wish.period;
    if (period.from < now && now < period.to)
        period.to = now;
    std::set<std::string> addresses;
    for (const auto& [name, calendar] : configuration.holidays)
        if (auto address = oncall::address_of(calendar); !address.empty())
            addresses.insert(std::move(address));
    const auto read = storage::Feeds{tx}.events(addresses);
    const auto holidays = [&](const oncall::Schedule& schedule, const std::string& rotation) -> oncall::Holidays {
        const auto* const calendar = oncall::holidays_of(schedule, rotation, configuration.holidays);
        return calendar ? oncall::dates_of(*calendar, read) : oncall::Holidays{};
    };
    return oncall::report_of(
        schedules_of(configuration, wish), period, who, wish.of == Of::person ? wish.name : std::string{}, holidays);
}

bool is_too_much(const oncall::Configuration& configuration, const ReportWish& wish)
{
    const auto lasts = std::chrono::ceil<std::chrono::days>(wish.period.to - wish.period.from).count();
    return static_cast<std::int64_t>(schedules_of(configuration, wish).size()) * lasts > most_counted;
}

void add_report_file(storage::Transaction& tx, const std::string& key, const ReportWish& wish, const std::string& person,
    const std::string& response_url, TimePoint now)
{
    storage::Outbox{tx}.add("report:" + key, "report_file", storage::Priority::furniture, "report:" + person, 0,
        person + "\n" + response_url + "\n" + value_of(wish), now);
}

void write_report(storage::Transaction& tx, const Desk& desk, Job& job)
{
    const auto asked = report_asked_in(job.row.body);
    const auto wish = report_wish_in(asked.value);
    if (!wish || is_too_much(desk.configuration, *wish))
        return;
    // Of the time it was asked for, so that a further attempt finds the same file in Slack.
    const auto report = report_in(tx, desk.configuration, *wish, job.row.created_at);
    job.method = "files.completeUploadExternal";
    job.to = asked.person;
    job.to_person = true;
    Attached file;
    file.bytes = oncall::csv_of(report, wish->time_zone);
    file.name = report_file_name(*wish);
    file.title = "On call, " + oncall::words_of(wish->period, wish->time_zone);
    file.words = "The report you asked for: hours on call, " + oncall::words_of(wish->period, wish->time_zone) + ".";
    job.attached = std::move(file);
}

void tell_refused_report(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& why, TimePoint now)
{
    const auto asked = report_asked_in(row.body);
    tell_where_asked(tx, row, asked.response_url, asked.person, "I could not give you the report as a file: " + why, now);
}

} // namespace delivery
