#pragma once

#include "oncall/alert.hpp"
#include "oncall/rise.hpp"
#include "oncall/routing.hpp"

/// What becomes of an alert that comes in, besides whose it is.
namespace oncall {

/// Why an alert that ought to page does not yet, and when that is looked at again: until then at the latest nobody is paged for
/// it, and there is always an end.
struct Hold {
    enum class Kind { delay, flapping, silence, maintenance };
    Kind kind{};
    std::int64_t subject{}; // the silence, or the window; of the others zero
    TimePoint until{};
    std::string because{}; // for the card and the timeline: "silenced by <@U1> until …: rack is moved"
    bool operator==(const Hold&) const = default;
};
std::string_view name(Hold::Kind kind);
Hold::Kind hold_kind_in(std::string_view name);

/// What stands around an alert when it comes.
struct Circumstances {
    std::vector<Hold> holds{}; // of silences, windows and flapping that hold now
    AlertId group{}; // an open alert of its group; zero: none
};

struct Arrival {
    enum class Course {
        page, // now
        hold, // later, if it is open then and nothing else holds it
        join, // the alert of its group stands for it
        show, // its rule or its policy pages nobody: its card says it
        keep, // neither shown nor paged
    } course{};
    Hold hold{}; // of hold: the one that lasts longest
};

/// Suppressed before grouped, grouped before held, and a hold only holds what would page. Between holds the one that ends last
/// counts; a silence and a window before a delay that ends at the same time.
Arrival arrival_of(const Routed& routed, const Circumstances& around, TimePoint now);

/// Whether a further report of a held alert ends its hold: delay and flapping end when it gets worse; what somebody asked for
/// does not.
bool breaks(const Hold& hold, const Reported& now_is);

} // namespace oncall
