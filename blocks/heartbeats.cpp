#include "blocks/heartbeats.hpp"

#include <algorithm>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t heartbeats_on_a_page = 40;
constexpr std::size_t most_heartbeat_word = 80;
constexpr std::size_t most_last_words_shown = 150, most_pause_reason = 200;

Mrkdwn heartbeat_word(std::string_view foreign) { return one_line(foreign, most_heartbeat_word); }

Mrkdwn state_words(const oncall::Heartbeat& one, oncall::TimePoint now, const Names& names)
{
    switch (state_of(one, now)) {
    case oncall::HeartbeatState::fresh: return "✅ fresh";
    case oncall::HeartbeatState::late: return "⏳ late";
    case oncall::HeartbeatState::missing: return "⚠️ missing";
    case oncall::HeartbeatState::failed: return "⚠️ " + heartbeat_word(one.failure);
    case oncall::HeartbeatState::never: return "⚠️ never heard of: its first ping begins the watch";
    case oncall::HeartbeatState::paused: break;
    }
    return "⏸️ " + pause_words(one, names);
}

/// In seconds at least: what took less took "0s".
Mrkdwn took_words(oncall::milliseconds lasted)
{
    return lasted < oncall::milliseconds{} ? Mrkdwn{} : "its last run took " + heartbeat_word(oncall::duration_out(lasted));
}

/// The end counts: errors stand there.
std::string last_line_of(const std::string& words)
{
    const auto end = words.find_last_not_of("\n ");
    if (end == words.npos)
        return {};
    const auto line = words.rfind('\n', end);
    return words.substr(line == words.npos ? 0 : line + 1, end - (line == words.npos ? 0 : line + 1) + 1);
}

Mrkdwn heartbeat_words(const oncall::Heartbeat& one, oncall::TimePoint now, const Names& names)
{
    const auto due = due_at(one);
    const auto last = heartbeat_word(last_line_of(one.last_words));
    const auto words = last.empty() ? Mrkdwn{} : "last words: " + one_line(last_line_of(one.last_words), most_last_words_shown);
    const auto nothing_yet = Mrkdwn{};
    return joined(
        {bold(heartbeat_word(one.name)) + " · " + state_words(one, now, names),
            joined({"source " + heartbeat_word(one.source), heartbeat_word(interval_words(one)),
                       one.grace == oncall::milliseconds{} ? nothing_yet
                                                           : heartbeat_word(oncall::duration_out(one.grace)) + " late at most",
                       one.service.empty() ? nothing_yet : "service " + heartbeat_word(one.service),
                       one.configured ? nothing_yet : Mrkdwn{"made by who pings it"}},
                " · "),
            joined({one.pinged_at == oncall::TimePoint{} ? nothing_yet : "last ping " + date(one.pinged_at),
                       due ? "next by " + date(*due) : nothing_yet,
                       one.started_at == oncall::TimePoint{} ? nothing_yet : "running since " + date(one.started_at),
                       took_words(one.lasted)},
                " · "),
            words},
        "\n");
}

Heading heartbeat_heading(const HeartbeatLine& line, oncall::TimePoint now, const Names& names)
{
    const auto& one = line.heartbeat;
    const auto id = std::to_string(one.id);
    std::vector<Option> menu{{"Lines to paste…", "lines:" + id}};
    if (line.may_edit) {
        menu.push_back(one.enabled ? Option{"Pause for a day", "pause:" + id} : Option{"Resume", "resume:" + id});
        menu.push_back({one.configured ? "Edit…" : "Set up…", "edit:" + id});
        if (!one.configured)
            menu.push_back({"Delete", "delete:" + id});
    }
    return {heartbeat_words(one, now, names), action::heartbeats_menu, menu};
}

Mrkdwn outgoing_words(const OutgoingBeat& ours)
{
    if (!ours.is_set)
        return "*Ours*: nobody outside notices when I die. Set ONCALL_HEARTBEAT_URL to the address of a monitor elsewhere.";
    if (ours.last == oncall::TimePoint{})
        return ours.fails ? Mrkdwn{"*Ours*: ⚠️ the outgoing ping does not get through; check ONCALL_HEARTBEAT_URL."}
                          : Mrkdwn{"*Ours*: the outgoing ping is set, and has not gone out since I started."};
    return "*Ours*: "
        + (ours.fails ? Mrkdwn{"⚠️ the outgoing ping does not get through; it last did "}
                      : "✅ the outgoing ping got through ")
        + date(ours.last);
}

} // namespace

Mrkdwn pause_words(const oncall::Heartbeat& paused, const Names& names)
{
    auto words = "paused until " + date(paused.paused_until);
    if (!paused.paused_by.empty())
        words += " by " + name(paused.paused_by, names);
    if (const auto reason = one_line(paused.pause_reason, most_pause_reason); !reason.empty())
        words += ": " + reason;
    return words;
}

View heartbeats_list(const HeartbeatsView& shown)
{
    const auto& lines = shown.lines;
    const auto pages = std::max<std::size_t>(1, (lines.size() + heartbeats_on_a_page - 1) / heartbeats_on_a_page);
    const auto page = std::min(shown.page, pages - 1);
    Form made;
    made.title = "Heartbeats";
    made.close = "Close";
    made.callback = view::heartbeats;
    made.metadata = std::to_string(page);
    if (!shown.said.empty())
        made.parts.push_back(Heading{prose(shown.said, shown.names), {}, {}});
    made.parts.push_back(std::vector<Press>{{"Add a heartbeat…", action::heartbeats_add, "", false, {}}});
    for (auto i = page * heartbeats_on_a_page; i < std::min(lines.size(), (page + 1) * heartbeats_on_a_page); ++i)
        made.parts.push_back(heartbeat_heading(lines[i], shown.now, shown.names));
    if (lines.empty())
        made.parts.push_back(
            Heading{"Nothing is to be heard of yet. Add a job that must run: its last line pings me, and when it "
                    "does not in time, somebody is paged.",
                {}, {}});
    made.parts.push_back(Heading{outgoing_words(shown.ours), {}, {}});
    std::vector<Press> turn;
    if (page > 0)
        turn.push_back({"Previous page", action::heartbeats_list_back, std::to_string(page - 1), false, {}});
    if (page + 1 < pages)
        turn.push_back({"Next page", action::heartbeats_list, std::to_string(page + 1), false, {}});
    made.parts.push_back(turn);
    return form(made);
}

} // namespace blocks
