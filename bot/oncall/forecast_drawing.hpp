#pragma once

#include "oncall/forecast.hpp"

namespace oncall {

/// A forecast's first round as a picture of letters: a row for each person and channel, a column for each stretch of time.
/// "o": Slack or e-mail; "!": what may wake somebody, push, SMS or a call; "-": an answer is waited for; "x": the end.
struct ForecastDrawing {
    struct Row {
        std::string who{}; // as in Forecast; a channel or the like in words; empty: the end
        std::string cells{};
    };
    std::string scale{}; // above the cells: "0         10        20 min"
    std::vector<Row> rows{};
};

inline constexpr std::size_t drawn_columns = 30; // what a phone shows on one line beside a name
inline constexpr std::size_t most_drawn_rows = 20;

ForecastDrawing drawing_of(const Forecast& forecast);

} // namespace oncall
