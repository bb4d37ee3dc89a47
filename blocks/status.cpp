#include "blocks/alert_lines.hpp"
#include "blocks/paging_lines.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::TimePoint;

namespace {

constexpr std::size_t most_open_blocks = 46; // beside what stands around the open alerts
constexpr std::size_t most_attempts = 8; // of one open alert, and of all of them
constexpr std::size_t most_attempts_in_all = 16;
constexpr std::int64_t most_open = 20;
constexpr std::size_t most_open_text = 8'300;

/// Cancel, reassign, add: of a page that runs.
Json page_menu(const AlertView& shown)
{
    if (!is_paging(shown) && !is_exhausted(shown))
        return {};
    const auto value = ":" + std::to_string(shown.alert.id.value) + ":" + std::to_string(shown.alert.version);
    return overflow(action::more,
        {{"Cancel the page", "cancel" + value}, {"Reassign …", "reassign" + value}, {"Add someone …", "add_responder" + value}});
}

/// One open alert of `/oncall status`.
struct OpenLine {
    Mrkdwn text{};
    std::vector<Json> blocks{};
    std::size_t length{}; // of all its words
};

OpenLine open_line(const AlertView& shown, TimePoint now, std::size_t most_lines)
{
    const auto& alert = shown.alert;
    std::vector<Mrkdwn> parts{state_of(shown)};
    if (is_held(shown))
        parts.back() += ", held until " + date(held_until(shown)) + " by quiet hours";
    else if (is_paging(shown))
        parts.back() += ", paging" + (shown.paged.empty() ? Mrkdwn{} : " " + by_name(shown.paged, shown.names));
    else if (is_exhausted(shown))
        parts.back() += shown.acknowledged.empty() ? Mrkdwn{", *nobody answered*"} : Mrkdwn{", *nobody is left to page*"};
    if (alert.triggered_at != TimePoint{} && alert.triggered_at <= now)
        parts.push_back("since " + date(alert.triggered_at));
    const auto state = joined(parts, " · ");
    const auto title = dot_of(alert.state) + " " + bold(hash(alert)) + " " + title_of(alert, most_title_on_lock_screen);
    const auto stands = joined({where_it_stands(shown), what_comes_next(shown)}, " · ");
    const auto about = joined({joined({state, facts_of(alert, " · "), group_of(shown)}, " · "), stands}, "\n");
    const bool is_active = is_paging(shown) || is_exhausted(shown);
    const auto tried = is_active && most_lines > 0 ? joined(attempt_lines(shown, most_lines, true), "\n") : Mrkdwn{};
    auto menu = page_menu(shown);
    OpenLine line{in_short(alert) + ": " + state,
        {menu.is_null() ? section(title) : section(title, std::move(menu)), context({about}), context({tried}),
            context({helpers(shown)})},
        title.text().size() + about.text().size() + tried.text().size()};
    std::erase_if(line.blocks, [](const Json& block) { return block.is_null(); });
    return line;
}

} // namespace

Message status(const std::vector<AlertView>& open, TimePoint now, bool slack_up, const std::string& whose, std::size_t more,
    const std::vector<std::string>& notes)
{
    std::vector<const AlertView*> sorted;
    for (const auto& one : open)
        sorted.push_back(&one);
    const auto is_active = [](const AlertView* one) { return is_paging(*one) || is_exhausted(*one); };
    std::stable_sort(sorted.begin(), sorted.end(),
        [&](const auto* a, const auto* b) { return is_active(a) != is_active(b) ? is_active(a) : a->alert.id > b->alert.id; });

    const auto count = static_cast<std::int64_t>(open.size() + more);
    const auto about = whose.empty() ? Mrkdwn{} : " " + one_line(whose, most_value);
    const auto trouble = slack_up ? Mrkdwn{} : "⚠️ My connection to Slack is down: pages and cards may be late.";
    const auto summary = count == 0 ? "No open alerts" + about + "."
        : count == 1                ? "1 open alert" + about + ":"
                                    : number(count) + " open alerts" + about + ":";
    std::vector<Mrkdwn> lines{trouble, summary};
    std::vector<Json> blocks{section(trouble), section(bold(summary))};
    // What is shown is shown whole: kit would leave out words.
    const auto active = static_cast<std::size_t>(std::count_if(sorted.begin(), sorted.end(), is_active));
    const auto most_lines = std::min(most_attempts_in_all / std::max<std::size_t>(active, 1), most_attempts);
    std::int64_t said = 0;
    std::size_t length = 0;
    for (const auto* one : sorted) {
        auto line = open_line(*one, now, most_lines);
        length += line.length;
        if (said == most_open || blocks.size() + line.blocks.size() > most_open_blocks || length > most_open_text)
            break;
        ++said;
        lines.push_back(line.text);
        blocks.insert(blocks.end(), std::make_move_iterator(line.blocks.begin()), std::make_move_iterator(line.blocks.end()));
    }
    if (count > said) {
        const auto rest = "and " + number(count - said) + " more";
        lines.push_back(rest);
        blocks.push_back(context({rest}));
    }
    if (count > 0)
        blocks.push_back(context({"`/oncall ack 42` takes one, `/oncall resolve 42` closes it. `/oncall status payments` shows "
                                  "one team, `/oncall status here` this channel."}));
    for (const auto& note : notes) {
        const auto said_of_it = "⚠️ " + one_line(note, most_value);
        lines.push_back(said_of_it);
        blocks.push_back(context({said_of_it}));
    }
    return message(joined(lines, "\n"), std::move(blocks));
}

} // namespace blocks
