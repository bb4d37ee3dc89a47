#include "blocks/cover.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;
using oncall::CoverAudience;
using oncall::CoverRequest;
using oncall::RequestKind;
using oncall::Span;

namespace {

constexpr std::size_t most_cover_word = 60;
constexpr std::size_t most_cover_reason = 300;
constexpr std::size_t most_parts = 12;

Mrkdwn one_span(const Span& one) { return date(one.from) + " – " + date(one.to); }

Mrkdwn spans(const std::vector<Span>& all)
{
    std::vector<Mrkdwn> called;
    for (const auto& one : all)
        called.push_back(one_span(one));
    return joined(called, ", ");
}

Mrkdwn cover_schedule(const CoverRequest& request)
{
    const auto shown = one_line(request.schedule, most_cover_word);
    return "schedule " + (shown.empty() ? Mrkdwn{"(no name)"} : shown);
}

std::string cover_value(const CoverRequest& request)
{
    return std::to_string(request.id) + ":" + std::to_string(request.version);
}

/// What is asked, of whoever reads it.
Mrkdwn question(const CoverView& shown)
{
    const auto& request = shown.request;
    const auto who = name(request.requester, shown.names), other = name(request.other, shown.names);
    const bool mine = shown.audience == CoverAudience::requester;
    switch (request.kind) {
    case RequestKind::swap:
        return "🔁 " + (mine ? "You asked " + other + " to swap times on call" : who + " asks to swap times on call with you")
            + ", " + cover_schedule(request);
    case RequestKind::take:
        return "🤝 " + (mine ? "You offered " + other + " to be on call instead" : who + " offers to be on call instead of you")
            + ", " + cover_schedule(request);
    case RequestKind::cover: break;
    }
    if (mine)
        return "🙋 You asked who takes your time on call, " + cover_schedule(request);
    const bool open = oncall::is_open(request);
    if (open && shown.audience == CoverAudience::reminder)
        return "⏰ Reminder: " + who + " asks who takes a time on call, " + cover_schedule(request);
    if (open && shown.audience == CoverAudience::last_call)
        return "📣 Last call: a time on call that " + who + " cannot do is still open, " + cover_schedule(request);
    return "🙋 " + who + " asks who takes a time on call, " + cover_schedule(request);
}

/// Whose time is whose, once it is agreed.
std::vector<Mrkdwn> times(const CoverView& shown)
{
    const auto& request = shown.request;
    if (request.kind != RequestKind::swap)
        return {bold(one_span(request.when))};
    const bool mine = shown.audience == CoverAudience::requester;
    const auto who = name(request.requester, shown.names), other = name(request.other, shown.names);
    return {(mine ? other + " takes: " : "You take: ") + bold(one_span(request.when)),
        (mine ? "You take: " : who + " takes: ") + bold(one_span(request.theirs))};
}

Mrkdwn cover_state(const CoverView& shown)
{
    const auto& request = shown.request;
    if (oncall::is_open(request)) {
        if (shown.audience == CoverAudience::requester && request.kind != RequestKind::cover)
            return name(request.other, shown.names) + " has not answered yet.";
        return request.parts.empty() ? Mrkdwn{} : "Still open: " + bold(spans(request.left));
    }
    const bool good = request.state == oncall::CoverState::taken;
    return (good ? Mrkdwn{"✅ "} : Mrkdwn{"⚪ "}) + prose(oncall::closed_words(request), shown.names);
}

Json cover_buttons(const CoverView& shown)
{
    const auto& request = shown.request;
    if (!oncall::is_open(request))
        return {};
    const auto value = cover_value(request);
    if (shown.audience == CoverAudience::requester)
        return actions({button("Cancel", action::cover_cancel, value)});
    if (request.kind == RequestKind::swap)
        return actions(
            {button("Agree", action::cover_agree, value, Style::primary), button("Decline", action::cover_decline, value)});
    if (request.kind == RequestKind::take)
        return actions({button("OK", action::cover_agree, value, Style::primary), button("No", action::cover_decline, value)});
    return actions({button(request.parts.empty() ? "Take it" : "Take the rest", action::cover_take, value, Style::primary),
        button("Take a part…", action::cover_part, value)});
}

Json reason_input(std::string_view hint)
{
    return text_input("Reason", view::cover_reason, "I am at the dentist's", hint, most_cover_reason, Need::optional);
}

Json optional_moment(std::string_view label, std::string_view id)
{
    auto input = moment_input(label, id, std::nullopt);
    input["optional"] = true;
    return input;
}

Json zone_line(const std::string& zone)
{
    return context({"Times are those of " + one_line(zone.empty() ? "UTC" : zone, most_cover_word) + "."});
}

} // namespace

Message cover(const CoverView& shown)
{
    const auto& request = shown.request;
    const auto asked = question(shown);
    const auto state = cover_state(shown);
    auto when = times(shown);
    std::vector<Mrkdwn> text{asked + ": " + joined(when, "; ")};
    std::vector<Json> blocks{section(asked), section(joined(when, "\n"))};
    if (oncall::is_open(request)) {
        std::vector<Mrkdwn> parts;
        for (const auto& part : request.parts) {
            if (parts.size() == most_parts) {
                parts.push_back("and " + number(static_cast<std::int64_t>(request.parts.size() - most_parts)) + " more");
                break;
            }
            parts.push_back("✅ " + name(part.taker, shown.names) + ": " + one_span(part.when));
        }
        blocks.push_back(section(joined(parts, "\n")));
    }
    blocks.push_back(section(state));
    if (!request.reason.empty())
        blocks.push_back(context({"Reason: " + shortened(prose(request.reason, shown.names), most_cover_reason)}));
    text.push_back(state);
    if (oncall::is_open(request) && shown.audience != CoverAudience::requester)
        text.push_back(request.kind == RequestKind::cover ? Mrkdwn{"Take it in Slack."} : "Answer in Slack.");
    if (oncall::is_open(request) && shown.audience == CoverAudience::last_call)
        blocks.push_back(context({"Without anybody " + name(request.requester, shown.names) + " stays on call."}));
    blocks.push_back(cover_buttons(shown));
    return message(joined(text, " "), std::move(blocks));
}

View cover_form(const std::vector<Option>& shifts, const std::string& zone)
{
    std::vector<Json> blocks{
        choice_of("Your time on call", view::cover_shift, "Choose a shift", shifts, shifts.empty() ? "" : shifts.front().value),
        zone_line(zone), optional_moment("Only from", view::cover_from), optional_moment("Only to", view::cover_to),
        context({"Leave both empty to ask for the whole shift."}), reason_input("Everybody who is asked reads it.")};
    return modal("Ask for cover", "Ask", view::cover_form, std::move(blocks));
}

View cover_part_form(const CoverRequest& request, const Names& names)
{
    std::optional<oncall::TimePoint> from, to;
    if (!request.left.empty()) {
        from = request.left.front().from;
        to = request.left.front().to;
    }
    std::vector<Json> blocks{section(name(request.requester, names) + ", " + cover_schedule(request)),
        section("Open: " + bold(spans(request.left))), moment_input("From", view::cover_from, from),
        moment_input("To", view::cover_to, to), context({"You are on call then. `/oncall overrides` gives it back."})};
    auto made = modal("Take a part", "Take it", view::cover_part_form, std::move(blocks));
    made["private_metadata"] = cover_value(request);
    return made;
}

View swap_form(const std::vector<Option>& mine, const std::vector<Option>& theirs, const std::string& zone)
{
    std::vector<Json> blocks{
        choice_of("Your time on call", view::cover_shift, "Choose a shift", mine, mine.empty() ? "" : mine.front().value),
        choice_of("For theirs", view::cover_theirs, "Choose a shift", theirs, ""), zone_line(zone), reason_input("They read it."),
        context({"They are asked. Nothing changes before they agree."})};
    return modal("Swap shifts", "Ask", view::swap_form, std::move(blocks));
}

View take_form(const std::vector<Option>& theirs, const std::string& zone)
{
    std::vector<Json> blocks{choice_of("Whose shift", view::cover_theirs, "Choose a shift", theirs, ""), zone_line(zone),
        optional_moment("Only from", view::cover_from), optional_moment("Only to", view::cover_to),
        context({"Leave both empty to take the whole shift."}), reason_input("They read it."),
        context({"They are asked. Nothing changes before they say OK."})};
    return modal("Take a shift", "Ask", view::take_form, std::move(blocks));
}

View cover_done(const std::string& words, const Names& names)
{
    std::vector<Json> blocks{section(prose(words, names))};
    auto made = modal("On call", "", view::cover_form, std::move(blocks));
    made.erase("submit");
    made["close"]["text"] = "Close";
    return made;
}

Message open_requests(const std::vector<CoverRequest>& requests, const Names& names)
{
    std::vector<Mrkdwn> text{"Which one? These of yours are open:"};
    std::vector<Json> blocks{section(text.front())};
    for (const auto& request : requests) {
        auto line = question({request, CoverAudience::requester, names}) + ": " + one_span(request.when);
        blocks.push_back(section(line, button("Cancel", action::cover_cancel, cover_value(request))));
        text.push_back(std::move(line));
    }
    return message(joined(text, "\n"), std::move(blocks));
}

} // namespace blocks
