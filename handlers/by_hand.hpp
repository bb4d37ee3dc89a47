#pragma once

#include "handlers/context.hpp"

/// The one place where people are paged by hand. What takes a Transaction runs inside it.
namespace handlers {

/// Whom, how urgently and why.
struct HandPage {
    std::vector<oncall::Recipient> whom{};
    oncall::Urgency urgency{};
    std::string reason{}; // plain text; it is what they read and hear first
    oncall::Link link{}; // where it is told in full; may be empty
    oncall::AlertId about{}; // an alert that it is paged for besides; zero: none
};

/// Somebody whom the first step of it reaches.
struct HandReached {
    std::string person{}; // a Slack id, or as configured
    bool named{}; // chosen herself, not by a schedule or a team
    bool on_call{}; // by any schedule
    std::optional<oncall::LocalHour> hour{}; // where she is; nullopt: not known
    std::string how{}; // by which methods and when, in words without addresses
    bool wakes{}; // one of them may wake her
    std::optional<TimePoint> held{}; // until then, by her quiet hours
};

/// What a page by hand would come to.
struct HandLook {
    std::vector<oncall::Recipient> whom{}; // of those asked for, who can be paged; people by their Slack ids
    oncall::Policy policy{}; // what is climbed; without levels: nobody can be paged
    std::vector<HandReached> people{};
    std::vector<std::string> others{}; // channels and webhooks that it tells, in words
    std::vector<std::string> problems{}; // sentences: who cannot be reached, and why
    std::vector<std::string> next{}; // whom the first step reaches that reaches others
    oncall::milliseconds next_in{}; // and when; zero: there is none
    oncall::milliseconds lasts{}; // until everybody has been tried; zero: not soon
};
HandLook look_at_page(storage::Transaction& tx, const Context& app, const std::vector<oncall::Recipient>& whom,
    oncall::Urgency urgency, TimePoint now);

/// Those of them who were chosen and are off call or asleep: before they are paged from a form, it asks.
std::vector<const HandReached*> to_ask_about(const HandLook& look);
std::vector<const HandReached*> to_ask_about(HandLook&& look) = delete;
/// "It is 03:10 for <@U1>, who is not on call.", one for each.
std::string hour_words(const HandReached& reached);
/// What is shown of it before and after, a line each. As in blocks::words().
std::vector<std::string> look_words(const HandLook& look, const Context& app);

/// Whether `asked.actor` may page by hand at all. Throws Refusal.
void permit_page(storage::Transaction& tx, const Context& app, const Asked& asked);
/// The same for a service, which may name who alone pages it.
void permit_page_of(storage::Transaction& tx, const Context& app, const std::string& service, const Asked& asked);
/// Counts one more page by them, to a person of an alert that there is: so and so many an hour. Throws Refusal.
void count_page(storage::Transaction& tx, const Context& app, oncall::AlertId alert, const std::string& what, const Asked& asked);

struct HandPaged {
    oncall::AlertId alert{};
    bool again{}; // it is the page that was made a moment ago
    std::vector<std::string> words{}; // for whoever paged, a line each
};
/// Pages them all, one alert standing for it. Throws Refusal, also when nobody could be reached; nothing is changed then.
HandPaged page_by_hand(storage::Transaction& tx, const Context& app, HandPage wish, const Asked& asked);

/// The alert that a source wants people paged for. Of `whom` those are left out who cannot be paged, and the fallback channel
/// is told. When that leaves nobody, nothing is done: it returns why, else nothing.
std::string page_for_source(
    storage::Transaction& tx, const Context& app, oncall::Alert& alert, const std::vector<std::string>& whom, const Asked& asked);

/// A Slack user id, and no name or address.
bool is_slack_id(const std::string& person);
/// "team:payments", or a person as an id, an address or a mention; nullopt: at most a name.
std::optional<oncall::Recipient> recipient_written(const std::string& word);

/// Asks Slack, for two seconds at most, who these are of whom it has not told us yet, and who is in these user groups: people,
/// as Slack ids or addresses, and groups; others are left alone.
asio::awaitable<void> get_to_know(std::vector<oncall::Recipient> whom, Context& app);

} // namespace handlers
