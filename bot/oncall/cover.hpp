#pragma once

#include "oncall/override_permission.hpp"
#include "oncall/time_words.hpp"

/// Requests about shifts: somebody asks others to cover a time of hers, to swap with one of theirs, or for a time of theirs.
/// What comes of one is an override; here is what is still open, who is asked, and when they are asked again.
namespace oncall {

enum class RequestKind { cover, swap, take };
/// `partly_taken` is open as well.
enum class CoverState { open, partly_taken, taken, cancelled, declined, ended };
std::string_view name(RequestKind kind);
std::string_view name(CoverState state);
std::optional<RequestKind> request_kind_in(std::string_view name);
std::optional<CoverState> cover_state_in(std::string_view name);

/// To whom a message about a request is: each sees it with other words and buttons.
enum class CoverAudience { channel, member, reminder, last_call, requester, asked };
std::string_view name(CoverAudience audience);
std::optional<CoverAudience> cover_audience_in(std::string_view name);

/// What somebody took of it, by which override.
struct CoverPart {
    std::string taker{};
    Span when{};
    std::int64_t override_id{};
    bool reported{}; // that the taker has left since
    bool operator==(const CoverPart&) const = default;
};

/// People are Slack ids.
struct CoverRequest {
    std::int64_t id{};
    RequestKind kind{RequestKind::cover};
    CoverState state{CoverState::open};
    std::string schedule{};
    std::string requester{};
    std::string other{}; // of a swap or a take: who is asked
    Span when{}; // the requester's time; of a take the other's
    Span theirs{}; // of a swap: the other's time
    std::string reason{};
    TimePoint opened_at{}; // when it was asked, or became open again
    TimePoint done_until{}; // reminders up to then have been sent
    TimePoint closed_at{};
    std::string why{}; // it ended before its time, as in words()
    std::vector<Span> left{}; // of a cover: what nobody has taken
    std::vector<CoverPart> parts{}; // in the order they were taken
    std::int64_t version{1}; // grows with each change that a button would be stale by
    bool operator==(const CoverRequest&) const = default;
};

bool is_open(const CoverRequest& request);

/// When somebody is on call by that schedule, within `within`; stretches that touch are one.
std::vector<Span> on_call_spans(const Schedule& schedule, const Known& known, const std::string& person, Span within);
/// Her next ones that are not over, the first `most` of them that begin within the next 60 days.
std::vector<Span> next_spans(
    const Schedule& schedule, const Known& known, const std::string& person, TimePoint now, std::size_t most);

/// What is left of a request for cover: what of its time she is on call in, by the schedule as it is now.
std::vector<Span> left_of(const CoverRequest& request, const std::vector<Span>& hers, TimePoint now);
/// What of the parts nobody gave back, when that is left.
std::vector<CoverPart> kept_of(const std::vector<CoverPart>& parts, const std::vector<Span>& left);
/// Where it stands when that is left. Of one that is over, as it is. When nothing is left and nobody took it all, it has ended.
CoverState state_of(const CoverRequest& request, const std::vector<Span>& left);

/// What is done about a request, and when.
enum class CoverStep { remind, last_call, end };
struct CoverDue {
    CoverStep step{};
    TimePoint at{};
    bool operator==(const CoverDue&) const = default;
};
/// In order. Cover is asked for anew a day, four hours and an hour before what is left begins, and for the last time half an hour
/// before; with its beginning the request ends. One that was made while that time runs is called for at once and ends with it.
/// A swap and a take end when the first of the shifts begins, or the one that runs is over.
std::vector<CoverDue> plan_of(const CoverRequest& request);
/// What is due by now and has not been done; of several, missed by an outage, the last.
std::optional<CoverStep> due_step(const CoverRequest& request, TimePoint now);
/// When something is due next.
std::optional<TimePoint> next_due(const CoverRequest& request, TimePoint now);

/// What somebody takes of what is left: all that `wish` and it have in common, from now on. Throws Refusal with what is open, and
/// where it is so little, or in so many parts already, that only all of it can be taken.
std::vector<Span> taken_of(const CoverRequest& request, const std::optional<Span>& wish, TimePoint now);
/// That it is open no more, and who has it; empty: it is open.
std::string closed_words(const CoverRequest& request);

/// Who shares the rotations of a schedule, as Slack knows them, without her.
std::vector<std::string> others_of(const Schedule& schedule, const Known& known, const std::string& without);

/// Whom a policy that asks this schedule pages after it at that time, of the first later level that reaches anybody but `asked`;
/// as Slack knows them, as far as it does.
std::vector<std::string> next_levels(const Configuration& configuration, const std::string& schedule, const Known& known,
    TimePoint at, const std::vector<std::string>& asked);

/// Whether somebody may take over a time on call whose owner agrees: every full member of this workspace. Throws Refusal.
void permit_taker(const Asker& asker);

/// What of `all` lies outside of `gone`.
std::vector<Span> outside(const std::vector<Span>& all, const std::vector<Span>& gone);

/// Whose time a part was: of a take, and of the second half of a swap, the other's.
const std::string& giver_of(const CoverRequest& request, const CoverPart& part);

/// The least that is taken of a request, but for all that is left.
inline constexpr milliseconds least_part{15 * 60 * 1000};
/// In how many parts a request is taken before only all that is left can be.
inline constexpr std::size_t most_cover_parts = 20;
/// How many requests one person makes within a day.
inline constexpr std::size_t most_requests_a_day = 10;
/// How often one person is reminded of a request, however often it is given back.
inline constexpr std::size_t most_reminders = 6;
/// How many open requests one person has at most.
inline constexpr std::size_t most_open_requests = 5;
/// How many people are asked by direct message at most; all others read the channel.
inline constexpr std::size_t most_asked = 30;

} // namespace oncall
