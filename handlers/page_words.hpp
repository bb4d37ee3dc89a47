#pragma once

#include "oncall/paging_by_hand.hpp"

#include <map>

/// What people write behind `/oncall page`, and messages as Slack hands them to us. Pure.
namespace handlers {

/// "@ana @bo payments: checkout is down", taken apart.
struct PageSentence {
    std::vector<oncall::Recipient> whom{}; // people as person_in() reads them
    std::optional<oncall::Urgency> urgency{}; // if it was said
    std::string reason{}; // as Slack writes it; typed_plain() makes it readable
    /// A name that several things have: the one that was taken, and the others.
    struct Shared {
        oncall::Recipient taken{};
        std::vector<oncall::Recipient> others{};
    };
    std::vector<Shared> shared{};
    std::string unknown{}; // where a name was expected: the first word
    bool may_mean_low{}; // the reason begins with "low"
};

/// Whom, how urgently and why. Names that end in a colon are a list: people, and what the configuration names, with `and` and
/// commas between if one likes. Without a colon it is the people mentioned at the beginning, or one name and the people behind
/// it. `low`, `high`, `urgently` may stand before the names, or in a list; `urgently` behind them too.
PageSentence page_sentence(const std::string& text, const oncall::Configuration& configuration);

/// What Slack's text says to a reader: mentions by name, links and channels as they are shown, `&amp;` and its like undone.
std::string typed_plain(const std::string& text, const std::map<std::string, std::string>& names);

/// "<!subteam^S123|@dba>" → "S123" and "@dba"; the handle may be empty. nullopt when it is none.
struct GroupMention {
    std::string id{};
    std::string handle{};
};
std::optional<GroupMention> group_mention_in(const std::string& word);

} // namespace handlers
