#pragma once

#include "delivery/job.hpp"
#include "oncall/report.hpp"

/// Who was on call for how long: for a message, and as a file.
namespace delivery {

/// Of what: one schedule, the schedules a team pages by, one person over all schedules, or all there are.
struct ReportWish {
    enum class Of { all, schedule, team, person } of{Of::all};
    std::string name{}; // of the schedule or team; the person's Slack id
    oncall::Period period{};
    std::string time_zone{}; // in whose days it is
};
/// "<of>:<from>:<to>:<time zone>:<name>", seconds since 1970; what buttons carry.
std::string value_of(const ReportWish& wish);
std::optional<ReportWish> report_wish_in(const std::string& value);

/// The schedules it is of; none: what it names is not there.
std::vector<const oncall::Schedule*> schedules_of(const oncall::Configuration& configuration, const ReportWish& wish);
/// What has been until `now`; of what has not begun, what is planned.
oncall::Report report_in(
    storage::Transaction& tx, const oncall::Configuration& configuration, const ReportWish& wish, oncall::TimePoint now);

/// More schedules over a longer time than are counted at once.
bool is_too_much(const oncall::Configuration& configuration, const ReportWish& wish);

/// Asks for it as a CSV file, in `person`'s direct messages; when Slack refuses that, she is told by `response_url`. `key` makes
/// it sent once.
void add_report_file(storage::Transaction& tx, const std::string& key, const ReportWish& wish, const std::string& person,
    const std::string& response_url, oncall::TimePoint now);
/// Renders such a row: kind "report_file".
void write_report(storage::Transaction& tx, const Desk& desk, Job& job);
/// Slack refused it: whoever asked is told.
void tell_refused_report(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& why, oncall::TimePoint now);

} // namespace delivery
