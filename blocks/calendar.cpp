#include "blocks/calendar.hpp"

#include "blocks/kit.hpp"

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_calendar_name = 80;

Json new_address(const CalendarAddressView& shown)
{
    auto pressed = button("New address", action::calendar_new, shown.schedule.empty() ? "me" : "schedule:" + shown.schedule);
    Json sure;
    sure["title"] = plain_label("Make a new address?");
    sure["text"] = mrkdwn_text("The one you have stops working at once: your calendar app must then be given the new one.", 270);
    sure["confirm"] = plain_label("New address");
    sure["deny"] = plain_label("No");
    pressed["confirm"] = std::move(sure);
    return pressed;
}

} // namespace

Message calendar_address(const CalendarAddressView& shown)
{
    const auto what =
        shown.schedule.empty() ? Mrkdwn{"Your shifts"} : "The shifts of schedule " + one_line(shown.schedule, most_calendar_name);
    const auto intro = shown.replaced ? "Here is the new address. The one before works no more.\n" : Mrkdwn{};
    std::vector<Json> blocks;
    blocks.push_back(section(intro + bold(what)
        + " as a calendar, a year ahead. Subscribe to this address in your calendar app:\n`" + escape(shown.url) + "`"));
    blocks.push_back(context({"Google: Other calendars → + → From URL. Outlook: Add calendar → Subscribe from web. "
                              "Apple: File → New Calendar Subscription."}));
    blocks.push_back(context({"Whoever has the address can read these shifts: keep it to yourself. "
        + (shown.read_at == oncall::TimePoint{} ? Mrkdwn{"No app has read it yet."}
                                                : "An app read it last " + date(shown.read_at) + ".")}));
    blocks.push_back(actions({new_address(shown)}));
    return message(what + " as a calendar: " + escape(shown.url), std::move(blocks));
}

} // namespace blocks
