#pragma once

#include "blocks/kit.hpp"
#include "oncall/forecast_drawing.hpp"

/// What would happen, to be looked at.
namespace blocks {

namespace view {
inline constexpr std::string_view drill{"drill.submit"};
inline constexpr std::string_view drill_policy{"policy"}; // block and action id
inline constexpr std::string_view forecast{"forecast"};
} // namespace view

/// One thing that would happen: words of ours that speak of people (`<@U…>`) and times (`<!date^…>`).
struct ForecastView {
    std::string title{};
    std::vector<std::string> facts{}; // how it comes to that, a line each
    std::vector<std::string> lines{}; // who is paged and when; the part before the first ": " is its time
    std::vector<std::string> warnings{};
    oncall::ForecastDrawing drawing{}; // without rows: none
};
/// `note` stands below all.
Message forecast(const std::vector<ForecastView>& views, const std::string& note, const Names& names);

/// The same as a view.
View forecast_view(const std::vector<ForecastView>& views, const std::string& note, const Names& names);

/// A forecast as a picture of letters in columns, with what they mean.
kit::Mrkdwn drawn(const oncall::ForecastDrawing& drawing, const Names& names);

/// The policies there are, each with how it is looked at.
Message policies(const oncall::Configuration& configuration);

/// The form behind a bare `/oncall test`. There is a policy.
View drill_modal(const oncall::Configuration& configuration);
/// It was sent, and the drill runs: words of ours.
View drill_runs(const std::string& words);

} // namespace blocks
