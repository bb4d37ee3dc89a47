#pragma once

#include "storage/database.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What must hold whatever happens (README, "Watching it"), read from the tables by SQL of its own: none of it goes by way of the
/// repositories, so that a fault of theirs cannot hide itself.
namespace storage {

/// A timer that is not there, or at the wrong time, and when it should be.
struct LostTimer {
    std::string kind{}; // "page", "run", "snooze", "promise"
    std::int64_t subject{};
    TimePoint due{};
};

/// Something that must not be. `invariant` and `subject` tell one from another; no text names a person or says what an alert is
/// about.
struct Finding {
    std::string invariant{}; // "I1" … "I8"
    std::string subject{}; // "page 12"
    std::string words{}; // what is wrong, and what to do
    std::optional<LostTimer> lost{}; // `find_again` can put it right
};

/// Looks for what breaks an invariant:
///
/// I1  a sender was told that an alert is kept, and no such alert is there;
/// I2  an open page, a person's ladder with steps left, or a snoozed or promised alert has no timer, one that is overdue by more
/// than a minute, or one long after its
///     time; a page is held for others for longer than half a minute; an alert waits for an answer while its page has stopped; a
///     message has been under way for minutes;
/// I3  the last step of an open page told nobody, not even the fallback channel, and is held neither for others nor by anybody's
///     quiet hours;
/// I4  a notification of an open page is planned and nothing is there to send it; a whole step failed and the page waits all the
///     same; the first page in the outbox is due and nobody takes it. A message that is tried in vain while Slack is out is none
///     of these: its page climbs on by its timer, which I2 holds;
/// I5  a notification was sent more often than once for each attempt, of which each but the first follows a failed one, and once
///     for each start of the service since it was planned. One that was taken long ago and never confirmed is not lost;
/// I6  a notification was planned after its page was answered, or left more than a minute after (what was under way then may
/// still
///     arrive; one whose fate was looked up later counts by Slack's own time of it); an answered alert's page
///     goes on, or somebody's ladder of a page that has stopped;
/// I7  a notification does not say why;
/// I8  an open alert is shown in its channel by no card, neither of its own nor one that it shares, and none waits to be posted.
///
/// What is over and done with (I5, I6's sends, I7) is told for an hour. At most a hundred of each kind are returned.
class Invariants {
public:
    /// By indexes alone; what is over is never walked. For any connection; remembers between calls what was under way before.
    std::vector<Finding> check(Transaction& tx, TimePoint now);

    /// Every query of `check`, for a test of their plans.
    static std::vector<std::string_view> queries();

private:
    void accepted(Transaction& tx, std::vector<Finding>& found);
    void under_way(Transaction& tx, TimePoint now, std::vector<Finding>& found);
    void first_in_line(Transaction& tx, TimePoint now, std::vector<Finding>& found);

    std::int64_t looked_up_to_{}; // what senders were told, a part of it at a time
    std::map<std::pair<std::int64_t, std::int64_t>, TimePoint> leased_{}; // row and attempt → first seen
    std::pair<std::int64_t, std::int64_t> first_{}; // row and attempt
    TimePoint first_since_{};
};

/// Sets a lost timer, if what it is for still waits for it. False: not any more.
bool find_again(Transaction& tx, const LostTimer& lost, TimePoint now);

} // namespace storage
