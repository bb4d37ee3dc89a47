#pragma once

#include "blocks/alert_words.hpp"

/// What the messages about an alert are put together from. Lines are words, empty where there is nothing to say; whoever builds a
/// message says which of them stand large and which small.
namespace blocks {

inline constexpr std::string_view red{"#E01E5A"}, amber{"#ECB22E"}, blue{"#36C5F0"}, green{"#2EB67D"};
/// Of what stands beside the message.
std::string_view colour_of(oncall::AlertState state);

/// How much of foreign words is shown: enough to act on, little enough that the buttons stay in sight.
inline constexpr std::size_t most_title = 250;
inline constexpr std::size_t most_title_on_lock_screen = 120;
inline constexpr std::size_t most_description = 600;
inline constexpr std::size_t most_value = 150;
inline constexpr std::size_t most_people = 20;

// alert_words.cpp: the words that lines are made of.

/// A service, a team, a severity, a label's name.
kit::Mrkdwn word(const std::string& foreign);
kit::Mrkdwn hash(const oncall::Alert& alert);
kit::Mrkdwn title_of(const oncall::Alert& alert, std::size_t most);
/// "critical · checkout"
kit::Mrkdwn facts_of(const oncall::Alert& alert, const kit::Mrkdwn& between);
/// "Ana, Bo and Chi"
kit::Mrkdwn by_name(const std::vector<std::string>& people, const Names& names);
/// The same, and each of them is notified.
kit::Mrkdwn by_mention(const std::vector<std::string>& people);
/// "1 of 2 acknowledged (Ana)"; empty: one is enough.
kit::Mrkdwn so_far(const AlertView& shown);
/// " after 1h12m": as exact as anybody wants to know it.
kit::Mrkdwn how_long(const oncall::Alert& alert);
/// "🔴 #42 Checkout is down (critical, checkout): Triggered"
kit::Mrkdwn in_a_line(const AlertView& shown);
/// A line of a timeline, without its time. In timeline.cpp.
kit::Mrkdwn line_of(const oncall::TimelineEntry& entry, const Names& names);

// alert_lines.cpp: how its page stands.

bool is_paging(const AlertView& shown);
bool is_exhausted(const AlertView& shown);
/// Nobody is being paged right now, and somebody will be.
bool is_held(const AlertView& shown);
/// When the first of them is told; only of what is held.
oncall::TimePoint held_until(const AlertView& shown);
/// Nothing has become of it since: no answer, and no page that is newer.
bool has_come_back(const AlertView& shown);

// The lines themselves, about in the order in which a card has them.

/// Foreign words get a text of their own each: an open backtick in one must not swallow what is ours.
kit::Mrkdwn headline(const AlertView& shown);
/// What the message said before somebody answered, struck through; `person`: whose DM it is in.
kit::Mrkdwn superseded(const AlertView& shown, const std::string& person);
kit::Mrkdwn struck(const kit::Mrkdwn& text);
/// `before`: what it said before, struck through.
kit::Mrkdwn state_line(const AlertView& shown, const kit::Mrkdwn& before = {});
kit::Mrkdwn circumstances(const AlertView& shown);
/// "Came back today at 12:08, after 2m, 3 times so far · flapping: 5 times in 30 minutes"
kit::Mrkdwn back_line(const AlertView& shown);
/// What it is to know of it at three in the morning, at most three lines: the time before, how that ended, and what else is open.
kit::Mrkdwn story_lines(const AlertView& shown);
/// What is amiss with the page itself.
kit::Mrkdwn warning(const AlertView& shown);
/// Why it is paged though it had been answered.
kit::Mrkdwn again(const AlertView& shown);
/// The alert that stands for this one, and how that is.
kit::Mrkdwn stands_for_it(const AlertView& shown);
/// What it stands for: how many, and a few of them.
kit::Mrkdwn group_lines(const AlertView& shown);
kit::Mrkdwn over_by_source(const AlertView& shown);
/// "Held until 07:00 by Ana's quiet hours": with nobody else to be paged it waits.
kit::Mrkdwn held_lines(const AlertView& shown);
/// Who else was asked to help.
kit::Mrkdwn helpers(const AlertView& shown, bool mentions = true);
kit::Mrkdwn description(const oncall::Alert& alert);
kit::Mrkdwn labels(const oncall::Alert& alert);
/// Where one can read on; the host is shown, so that a label cannot pretend to lead elsewhere.
std::vector<kit::Mrkdwn> links(const AlertView& shown);

} // namespace blocks
