#pragma once

#include <string_view>

/// What each kind of person may do at all: the one table that every permission begins with. Who of them may do it to what is
/// asked after that, by each permit_….
namespace oncall {

enum class Deed {
    look, // at schedules, for oneself
    post, // what one looks at, for all who are in a channel
    see_coverage,
    see_report, // of others' hours on call
    see_own_report,
    answer, // an alert: acknowledge, resolve, say "not me" …
    page, // by hand
    override_schedule,
    take_shift,
    change_settings,
    set_contact, // how oneself is reached
    be_away, // and have it known
    read_calendar, // of one's shifts
};

/// Why not; empty: they may. `kind`: "member", "guest", "bot", "gone", "stranger", as Slack says; empty: not known yet.
/// `stranger`: what was done came from another workspace, whatever is known.
std::string_view why_may_not(Deed deed, std::string_view kind, bool stranger);

/// Throws Refusal with these words, and `more` after them.
void permit(Deed deed, std::string_view kind, bool stranger, std::string_view more = {});

} // namespace oncall
