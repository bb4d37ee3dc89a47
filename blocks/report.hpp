#pragma once

#include "blocks/blocks.hpp"
#include "oncall/report.hpp"

namespace blocks {

namespace action {
inline constexpr std::string_view report_file{"report.file"}; // value: what it is of, as ReportShown::value
} // namespace action

struct ReportShown {
    oncall::Report report{};
    std::string title{}; // "Hours on call of schedule payments"
    std::string period{}; // in words
    std::string time_zone{};
    bool planned{}; // it has not begun
    bool so_far{}; // it is not over
    std::string value{}; // of the button that gives it as a file
};
/// `/oncall report`: who was on call for how long, as a table.
Message report(const ReportShown& shown);

} // namespace blocks
