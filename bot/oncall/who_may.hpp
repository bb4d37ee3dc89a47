#pragma once

#include <string_view>

/// What each kind of person may do at all: the one table that every permission begins with. Who of them may do it to what is
/// asked after that, by each permit_….
namespace oncall {

enum class Deed {
    look, // at alerts and schedules, for oneself
    post, // what one looks at, for all who are in a channel
    see_coverage,
    see_report, // of others' hours on call
    see_own_report,
    answer, // an alert: acknowledge, resolve, say "not me" …
    page_on, // from an alert there is: escalate, reassign, add, reopen
    page, // by hand
    override_schedule,
    silence, // and plan maintenance
    take_shift,
    change_settings,
    set_contact, // how oneself is reached
    be_away, // and have it known
    read_calendar, // of one's shifts
    hand_over, // a shift: its note, and that one has it now
    speak, // to us, in a sentence
};
inline constexpr int deeds_count = static_cast<int>(Deed::speak) + 1;

/// Whether somebody comes from another workspace. Of our own members and guests it is known: in an organisation of several
/// workspaces what colleagues do has their own workspace's id. Of everybody else their team says it; an unknown one is ours.
bool is_elsewhere(std::string_view kind, std::string_view actor_team, std::string_view home_team);

/// Why not; empty: they may. `kind`: "member", "guest", "bot", "gone", "stranger", as Slack says; empty: not known yet.
/// `stranger`: by is_elsewhere.
std::string_view why_may_not(Deed deed, std::string_view kind, bool stranger);

/// Throws Refusal with these words, and `more` after them.
void permit(Deed deed, std::string_view kind, bool stranger, std::string_view more = {});

} // namespace oncall
