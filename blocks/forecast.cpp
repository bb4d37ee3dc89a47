#include "blocks/forecast.hpp"

#include "blocks/form.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_in_section = 2'800; // of Slack's 3,000 characters
constexpr std::size_t most_line = 600;
constexpr std::size_t most_forecast_lines = 60;
constexpr std::size_t most_warnings = 8;
constexpr std::size_t most_policies = 60;
constexpr std::size_t most_view_blocks_of_forecast = 100; // Slack's
constexpr std::size_t most_forecast_word = 80;
constexpr std::size_t most_name_columns = 10; // columns of a name in a picture of letters

/// "5 min: Bo" with its time in bold.
Mrkdwn timed_line(const std::string& words, const Names& names)
{
    const auto colon = words.find(": ");
    if (colon == words.npos || colon > 12)
        return shortened(prose(words, names), most_line);
    return bold(prose(words.substr(0, colon), names)) + "  " + shortened(prose(words.substr(colon + 2), names), most_line);
}

/// In so many columns, whatever was its length; a mark that would end the block of code is none.
Mrkdwn padded(const std::string& foreign)
{
    std::string name;
    for (const char c : clean(foreign, most_name_columns))
        name += c == '`' ? '\'' : c == '\n' ? ' ' : c;
    const auto length = static_cast<std::size_t>(
        std::count_if(name.begin(), name.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    auto text = escape(name);
    for (auto i = length; i <= most_name_columns; ++i)
        text += " ";
    return text;
}

Mrkdwn cells(const std::string& drawn) { return escape(drawn.substr(0, drawn.find_last_not_of(' ') + 1)); }

/// In as few sections as there must be.
void add_lines(std::vector<Json>& blocks, const std::vector<Mrkdwn>& lines)
{
    Mrkdwn text;
    for (const auto& line : lines) {
        if (!text.empty() && text.text().size() + line.text().size() > most_in_section) {
            blocks.push_back(section(text));
            text = {};
        }
        text += text.empty() ? line : "\n" + line;
    }
    blocks.push_back(section(text));
}

} // namespace

Mrkdwn drawn(const oncall::ForecastDrawing& drawing, const Names& names)
{
    if (drawing.rows.empty())
        return {};
    Mrkdwn text = "```\n" + padded("") + cells(drawing.scale);
    for (const auto& row : drawing.rows) {
        const auto called = names.find(row.who);
        const auto& who = called == names.end() || called->second.empty() ? row.who : called->second;
        text += "\n" + padded(who) + cells(row.cells);
    }
    return text + "\n```\no Slack, e-mail · ! push, SMS, call · - waits for an answer · x nobody has answered";
}

namespace {

struct ForecastShown {
    std::vector<Json> blocks{};
    std::vector<Mrkdwn> text{};
};

ForecastShown forecast_shown(const std::vector<ForecastView>& views, const std::string& note, const Names& names)
{
    ForecastShown all;
    auto& shown = all.blocks;
    auto& text = all.text;
    for (const auto& view : views) {
        if (!shown.empty())
            shown.push_back(divider());
        const auto title = shortened(prose(view.title, names), most_line);
        shown.push_back(section(bold(title)));
        text.push_back(title);
        std::vector<Mrkdwn> facts, lines;
        for (const auto& fact : view.facts)
            facts.push_back(shortened(prose(fact, names), most_line));
        for (const auto& line : view.lines) {
            if (lines.size() == most_forecast_lines) {
                lines.push_back(
                    "and " + number(static_cast<std::int64_t>(view.lines.size() - most_forecast_lines)) + " lines more");
                break;
            }
            lines.push_back(timed_line(line, names));
        }
        shown.push_back(context({joined(facts, "\n")}));
        shown.push_back(section(drawn(view.drawing, names)));
        add_lines(shown, lines);
        text.insert(text.end(), facts.begin(), facts.end());
        text.insert(text.end(), lines.begin(), lines.end());
        for (std::size_t i = 0; i < view.warnings.size() && i < most_warnings; ++i)
            shown.push_back(context({"⚠️ " + shortened(prose(view.warnings[i], names), most_line)}));
        if (view.warnings.size() > most_warnings)
            shown.push_back(context(
                {"⚠️ and " + number(static_cast<std::int64_t>(view.warnings.size() - most_warnings)) + " warnings more"}));
    }
    shown.push_back(context({prose(note, names)}));
    return all;
}

} // namespace

Message forecast(const std::vector<ForecastView>& views, const std::string& note, const Names& names)
{
    auto shown = forecast_shown(views, note, names);
    return message(joined(shown.text, "\n"), std::move(shown.blocks));
}

View forecast_view(const std::vector<ForecastView>& views, const std::string& note, const Names& names)
{
    Form looked_at;
    looked_at.title = "What would happen";
    looked_at.close = "Back";
    looked_at.callback = view::forecast;
    auto made = form(looked_at);
    for (auto& block : forecast_shown(views, note, names).blocks)
        if (!block.is_null() && made["blocks"].size() < most_view_blocks_of_forecast)
            made["blocks"].push_back(std::move(block));
    return made;
}

Message policies(const oncall::Configuration& configuration)
{
    std::vector<Mrkdwn> lines;
    for (const auto& [name, policy] : configuration.policies) {
        if (lines.size() == most_policies) {
            lines.push_back("and " + number(static_cast<std::int64_t>(configuration.policies.size() - most_policies)) + " more");
            break;
        }
        lines.push_back(bold(one_line(name, most_forecast_word)) + ": " + number(static_cast<std::int64_t>(policy.levels.size()))
            + (policy.levels.size() == 1 ? Mrkdwn{" level"} : " levels"));
    }
    if (lines.empty())
        lines.push_back("There are no policies yet. `/oncall settings policies` makes one.");
    else
        lines.push_back("`/oncall policy` and a name shows who would be paged by it now.");
    std::vector<Json> shown;
    add_lines(shown, lines);
    return message(joined(lines, "\n"), std::move(shown));
}

View drill_modal(const oncall::Configuration& configuration)
{
    std::vector<Option> options;
    for (const auto& [name, policy] : configuration.policies)
        options.push_back({name, name});
    return modal("Run a drill", "Run the drill", view::drill,
        {section("🧪 Pages everybody on the policy as if something were broken. Every message says that it is a drill. "
                 "`/oncall policy` and a name shows who that is."),
            choice_of("Policy", view::drill_policy, "Choose a policy", options, "")});
}

View drill_runs(const std::string& words)
{
    Form runs;
    runs.title = "The drill runs";
    runs.close = "Done";
    runs.callback = view::drill;
    runs.parts = {Heading{prose(words, {}), {}, {}}};
    return form(runs);
}

} // namespace blocks
