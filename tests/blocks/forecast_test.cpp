#include "blocks/forecast.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"

using Texts = std::vector<std::string>;

TEST_CASE("However much is foreseen, Slack takes it, and hostile names stay words", "[blocks]")
{
    const std::string hostile{"<!channel> ``` <@U9> *x* \xFF\n"};
    blocks::ForecastView view;
    view.title = hostile + std::string(5'000, 't');
    view.facts.assign(50, hostile);
    view.lines.assign(500, "5 min: " + hostile + std::string(2'000, '<'));
    view.warnings.assign(50, hostile);
    for (int i = 0; i < 20; ++i)
        view.drawing.rows.push_back({hostile + std::to_string(i), std::string(30, '!')});
    view.drawing.scale = "0 min";
    const auto message = blocks::forecast({view, view, view, view, view}, hostile, {});
    CHECK(unsound(message) == Texts{});
    CHECK(unsound(blocks::forecast({}, "", {})) == Texts{});
    oncall::Configuration all;
    for (int i = 0; i < 500; ++i)
        all.policies[hostile + std::to_string(i)].levels.resize(i % 3);
    CHECK(unsound(blocks::policies(all)) == Texts{});
    CHECK(unsound(blocks::policies({})) == Texts{});
}
