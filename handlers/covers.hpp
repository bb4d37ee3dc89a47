#pragma once

#include "handlers/overrides.hpp"
#include "storage/covers.hpp"

/// The one place where requests for cover, swaps and takes change. Everything here runs inside a transaction: the request, the
/// overrides that come of it, audit, timer and messages leave together. Where overrides were made, the caller takes effect after
/// the commit.
namespace handlers {

struct CoverWish {
    oncall::RequestKind kind{oncall::RequestKind::cover};
    std::string schedule{};
    std::string other{}; // of a swap or a take: a Slack id
    oncall::Span when{}; // of a cover whatever of it she is on call in is asked for
    oncall::Span theirs{};
    std::string reason{};
};
/// Asks. Throws Refusal; nothing is changed then.
oncall::CoverRequest ask(storage::Transaction& tx, const Context& app, CoverWish wish, const Asked& asked);

/// What somebody did to a request, in words for them. `schedule`: whose overrides it made; empty: none.
struct CoverDeed {
    std::string words{};
    std::string schedule{};
};
/// Takes what is left of it, or what of that lies in `part`. `version`: as it was shown. Throws Refusal, which says who has it.
CoverDeed take(storage::Transaction& tx, const Context& app, std::int64_t id, std::int64_t version,
    const std::optional<oncall::Span>& part, const Asked& asked);
/// The one who was asked agrees to a swap or a take, or declines. Throws Refusal.
CoverDeed answer_request(storage::Transaction& tx, const Context& app, std::int64_t id, bool agrees, const Asked& asked);
/// The requester calls it off; what was taken stays. Throws Refusal.
CoverDeed cancel_request(storage::Transaction& tx, const Context& app, std::int64_t id, const Asked& asked);

/// A request whose timer is due: a reminder, the last call, its end.
void cover_due(storage::Transaction& tx, const Context& app, std::int64_t id, TimePoint now);

/// Schedules, overrides or who people are may have changed: requests for what is theirs no more end, what was given back is open
/// again, and whoever took something and has left is reported. Those concerned are looked up once a day. On the loop, each hour
/// and whenever another configuration is in force.
asio::awaitable<void> review_covers(Context& app);

/// The schedules by which somebody is on call in that time, and when. With `only`, of that one.
std::map<std::string, std::vector<oncall::Span>> on_call_in(
    storage::Transaction& tx, const Context& app, const std::string& person, oncall::Span within, const std::string& only = {});
/// Her next shifts, by schedule; those that run first, and the first `most` of each.
std::vector<std::pair<std::string, oncall::Span>> next_shifts(
    storage::Transaction& tx, const Context& app, const std::string& person, TimePoint now, std::size_t most);

} // namespace handlers
