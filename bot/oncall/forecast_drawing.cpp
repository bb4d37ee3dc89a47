#include "oncall/forecast_drawing.hpp"

#include "oncall/policy_words.hpp"
#include "oncall/reach_words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr milliseconds columns_of[]{10s, 20s, 30s, 1min, 2min, 5min, 10min, 15min, 30min, 1h, 2h, 6h, 12h, 24h};

struct Canvas {
    TimePoint from{};
    milliseconds column{};
    std::vector<ForecastDrawing::Row> rows{};

    std::size_t at(TimePoint time) const
    {
        return std::min(static_cast<std::size_t>(std::max<std::int64_t>((time - from) / column, 0)), drawn_columns - 1);
    }
    ForecastDrawing::Row* row(const std::string& who)
    {
        const auto found =
            std::find_if(rows.begin(), rows.end(), [&](const ForecastDrawing::Row& one) { return one.who == who; });
        if (found != rows.end())
            return &*found;
        if (rows.size() == most_drawn_rows)
            return nullptr;
        rows.push_back({who, std::string(drawn_columns, ' ')});
        return &rows.back();
    }
    /// The stronger sign stays.
    static void put(char& cell, char sign)
    {
        constexpr std::string_view order{" -o!x"};
        if (order.find(sign) > order.find(cell))
            cell = sign;
    }
    void wait(ForecastDrawing::Row& in, TimePoint begin, TimePoint end) const
    {
        for (auto i = at(begin); i <= at(std::max(begin, end - 1ms)); ++i)
            put(in.cells[i], '-');
    }
};

char sign_of(const NotificationStep& step)
{
    for (const auto& method : step.methods)
        if (const auto named = method_in(method); named && wakes(named->kind))
            return '!';
    return 'o';
}

std::string scale_of(milliseconds column)
{
    const bool in_seconds = column < 1min, in_hours = column >= 30min;
    const milliseconds unit = in_seconds ? milliseconds{1s} : in_hours ? milliseconds{1h} : milliseconds{1min};
    std::string text(drawn_columns, ' ');
    for (std::size_t i = 0; i < drawn_columns; i += 10) {
        const auto number = std::to_string(column * static_cast<std::int64_t>(i) / unit);
        text.replace(i, number.size(), number);
    }
    while (text.ends_with(' '))
        text.pop_back();
    return text + (in_seconds ? " s" : in_hours ? " h" : " min");
}

} // namespace

ForecastDrawing drawing_of(const Forecast& forecast)
{
    // Where the first round ends.
    auto end = forecast.exhausted.value_or(forecast.from);
    std::vector<const Forecast::Step*> steps;
    for (const auto& step : forecast.steps) {
        if (step.position.round > 0) {
            end = step.at;
            break;
        }
        steps.push_back(&step);
    }
    if (!steps.empty())
        end = std::max(end, steps.back()->at + 1s);
    Canvas canvas{forecast.from, std::end(columns_of)[-1], {}};
    for (const auto column : columns_of)
        if (column * static_cast<std::int64_t>(drawn_columns) > end - forecast.from) {
            canvas.column = column;
            break;
        }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = *steps[i];
        const auto until = i + 1 < steps.size() ? steps[i + 1]->at : end; // who waits in between is answered still
        for (const auto& person : step.people) {
            auto* const row = canvas.row(person.person);
            if (!row)
                continue;
            canvas.wait(*row, step.at, until);
            auto at = step.at + person.held;
            for (const auto& one : person.steps) {
                if (at < end)
                    Canvas::put(row->cells[canvas.at(at)], sign_of(one));
                at += one.wait;
            }
        }
        for (const auto& other : step.others)
            if (auto* const row = canvas.row(words_of(other))) {
                canvas.wait(*row, step.at, until);
                Canvas::put(row->cells[canvas.at(step.at)], 'o');
            }
    }
    if (forecast.exhausted && *forecast.exhausted == end)
        if (auto* const row = canvas.row(""))
            Canvas::put(row->cells[canvas.at(end)], 'x');
    return {scale_of(canvas.column), std::move(canvas.rows)};
}

} // namespace oncall
