#include "blocks/sources.hpp"

#include "blocks/forecast.hpp"
#include "blocks/golden.hpp"
#include "blocks/settings.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

using namespace std::chrono_literals;
using blocks::PayloadLine;
using Problems = std::vector<std::string>;

namespace {

blocks::SourceLine some_source()
{
    blocks::SourceLine line;
    line.name = "grafana <!channel>";
    line.product = "Grafana";
    line.service = "checkout";
    line.team = "payments";
    line.heard = noon - 5min;
    line.dead_letters = 2;
    return line;
}

blocks::SourceView some_source_view()
{
    blocks::SourceView shown;
    shown.line = some_source();
    shown.said = "It is dismissed.";
    shown.facts = {"Each request must be signed.", "Branches: main."};
    shown.severities = {"p1, sev0 → critical", "p4 → warning"};
    shown.dead = {{3, noon - 24h, PayloadLine::Became::dead_letter, "title is missing"}};
    shown.last = {{9, noon - 5min, PayloadLine::Became::alert, "alert #12"},
        {8, noon - 6min, PayloadLine::Became::dead_letter, "alerts must be a list <@U9>"},
        {7, noon - 7min, PayloadLine::Became::replayed, "alert #11"},
        {6, noon - 8min, PayloadLine::Became::dismissed, "dismissed by <@U02BO000000>"}};
    shown.may_edit = true;
    shown.names = {{"U02BO000000", "Bo"}};
    return shown;
}

} // namespace

TEST_CASE("Sources look as they did when somebody last looked at them", "[blocks][sources]")
{
    auto quiet = some_source();
    quiet.name = "nagios";
    quiet.heard.reset();
    quiet.dead_letters = 0;
    quiet.quiet = true;
    golden_view("sources_list", blocks::sources_list({some_source(), quiet}, 0));
    golden_view("sources_list_empty", blocks::sources_list({}, 3));
    golden_view("source_view", blocks::source_view(some_source_view()));
    auto others = some_source_view();
    others.may_edit = false;
    others.said.clear();
    others.dead.clear();
    others.last.clear();
    others.waits_until = noon + 1h;
    golden_view("source_view_of_others", blocks::source_view(others));
    golden_view("source_lines",
        blocks::source_lines("grafana",
            {{"*Alerting*, *Contact points*. The URL:", "https://oncall.example.com/hooks/YOUR-KEY"},
                {"A test:", "curl -d '{\"a\": \"<b> & c\"}' x"}, {"And that is all.", ""}}));
    golden_view("source_paste_form", blocks::source_paste_form({"grafana", "scripts"}, "scripts"));
    blocks::PayloadView payload{"grafana", {8, noon, PayloadLine::Became::dead_letter, "title is missing"},
        R"({"content-type":"application/json"})", "", R"({"a": "<!channel> ``` &lt;"})", false};
    golden_view("source_payload", blocks::source_payload(payload, {}));
    auto maps = some_source_view();
    maps.maps = true;
    golden_view("source_view_of_any_shape", blocks::source_view(maps));
    blocks::MappingView mapping;
    mapping.payload = 8;
    mapping.source = "scripts <!channel>";
    mapping.guessed = true;
    mapping.places = {{"/event/headline", "The disk is full\n<!channel>"}, {"/event/id", "d-7"},
        {"/a/place/that/is/far/away/from/all/others/in/it/level", "P2"}};
    mapping.taken = {{"title", "/event/headline"}, {"dedup_key", "/event/id"}};
    mapping.otherwise = {"severity"};
    golden_view("source_mapping", blocks::source_mapping(mapping));
    mapping.taken.clear();
    mapping.otherwise.clear();
    golden_view("source_mapping_of_nothing_known", blocks::source_mapping(mapping));
    blocks::ForecastView forecast;
    forecast.title = "Checkout is down";
    forecast.facts = {"From source grafana, format grafana", "Key k1"};
    forecast.lines = {"0 min: <@U02BO000000>"};
    golden_view("forecast_view", blocks::forecast_view({forecast}, "Nothing was stored.", {{"U02BO000000", "Bo"}}));
}

TEST_CASE("However much a source has sent, Slack takes its views, and hostile text stays text", "[blocks][sources]")
{
    const std::string name{"<!channel> ``` <@U9> *x* "}, hostile{name + "\xFF\n\xE2\x80\xAE"}; // names are checked when read
    const auto sound = [](const blocks::View& view) {
        auto problems = workspace::problems_in_view(view, "modal");
        for (const auto& text : texts(view))
            for (auto& problem : unsound_text(text, {}))
                problems.push_back(std::move(problem));
        return problems;
    };
    std::vector<blocks::SourceLine> lines(300, some_source());
    for (std::size_t i = 0; i < lines.size(); ++i)
        lines[i].name = name + std::to_string(i);
    for (const std::size_t page : {0, 7, 1'000})
        CHECK(sound(blocks::sources_list(lines, page)) == Problems{});
    auto shown = some_source_view();
    shown.line.name = name;
    shown.said = shown.line.team = hostile;
    shown.facts.assign(20, hostile);
    shown.severities.assign(50, hostile + std::string(2'000, '<'));
    shown.last.assign(10, {1, noon, PayloadLine::Became::dead_letter, hostile + std::string(5'000, '&')});
    shown.dead = shown.last;
    CHECK(sound(blocks::source_view(shown)) == Problems{});
    for (const auto& body :
        {std::string(64 << 10, '<'), std::string(64 << 10, '\xFF'), std::string(64 << 10, '\0'), std::string{}}) {
        blocks::PayloadView payload;
        payload.source = hostile;
        payload.body = payload.headers = body;
        CHECK(sound(blocks::source_payload(payload, {})) == Problems{});
    }
    blocks::ForecastView forecast;
    forecast.title = hostile;
    forecast.facts.assign(50, hostile);
    forecast.lines.assign(500, "5 min: " + hostile + std::string(2'000, '<'));
    CHECK(sound(blocks::forecast_view(std::vector<blocks::ForecastView>(5, forecast), hostile, {})) == Problems{});
    blocks::MappingView mapping;
    mapping.source = hostile;
    for (int i = 10; i < 109; ++i)
        mapping.places.push_back({"/" + name + std::string(80, '<') + std::to_string(i), name + std::string(100, '&')});
    mapping.taken["title"] = mapping.places.back().pointer;
    CHECK(sound(blocks::source_mapping(mapping)) == Problems{});
    CHECK(has(blocks::source_mapping(mapping).dump(), "initial_option"));
    shown.maps = true;
    CHECK(sound(blocks::source_view(shown)) == Problems{});
    blocks::PlanView plan;
    plan.draft = "d1";
    plan.lines.assign(500, hostile);
    plan.becomes.assign(5, forecast);
    CHECK(sound(blocks::settings_plan(plan, {})) == Problems{});
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i)
        names.push_back(name + std::to_string(i));
    CHECK(sound(blocks::source_paste_form(names, names.back())) == Problems{});
    CHECK(has(blocks::source_paste_form(names, names.back()).dump(), "initial_option"));
}
