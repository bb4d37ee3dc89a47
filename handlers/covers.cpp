#include "handlers/covers.hpp"

#include "handlers/climb.hpp"
#include "handlers/contact.hpp"
#include "handlers/cover_messages.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

std::string spans_listed(const std::vector<Span>& all)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : ", ") + written(one);
    return text;
}

/// For the audit: what it says, without anybody's zone.
std::string request_described(const CoverRequest& request)
{
    const auto span = [](const Span& one) { return iso(one.from, "UTC") + " to " + iso(one.to, "UTC"); };
    auto text = std::string{name(request.kind)} + " by " + request.requester
        + (request.other.empty() ? "" : " with " + request.other) + ", " + span(request.when);
    if (request.kind == RequestKind::swap)
        text += " for " + span(request.theirs);
    text += ", " + std::string{name(request.state)};
    for (const auto& part : request.parts)
        text += ", " + part.taker + " has " + span(part.when);
    return text + (request.reason.empty() ? "" : ": " + request.reason);
}

void audit(Transaction& tx, const Asked& asked, const std::string& verb, const CoverRequest& request, const std::string& before)
{
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, verb,
        "request " + std::to_string(request.id) + " of schedule " + request.schedule, before, request_described(request));
}

/// What became of it by itself.
void audit_by_itself(
    Transaction& tx, const std::string& verb, const CoverRequest& request, const std::string& before, TimePoint now)
{
    Asked nobody;
    nobody.via = "a timer";
    nobody.now = now;
    audit(tx, nobody, verb, request, before);
}

void set_timer(Transaction& tx, const CoverRequest& request, TimePoint now)
{
    const storage::Timers timers{tx};
    if (const auto due = next_due(request, now))
        timers.set(storage::TimerKind::cover, request.id, *due);
    else
        timers.clear(storage::TimerKind::cover, request.id);
}

/// Another state: it is kept, its messages and its timer follow.
void request_changed(Transaction& tx, CoverRequest& request, TimePoint now)
{
    ++request.version;
    if (!is_open(request) && request.closed_at == TimePoint{})
        request.closed_at = now;
    storage::CoverRequests{tx}.save(request);
    set_timer(tx, request, now);
    follow(tx, request, now);
}

void close(Transaction& tx, CoverRequest& request, CoverState state, const std::string& why, TimePoint now)
{
    request.state = state;
    request.why = why;
    request_changed(tx, request, now);
}

void tell_person(Transaction& tx, const CoverRequest& request, const std::string& person, const std::string& what,
    const std::string& words, TimePoint now)
{
    storage::Outbox{tx}.add("cover_words:" + std::to_string(request.id) + ":" + what + ":" + std::to_string(request.version),
        "person_words", storage::Priority::answer, person, 0, person + "\n" + words, now);
}

void tell_requester(
    Transaction& tx, const CoverRequest& request, const std::string& what, const std::string& words, TimePoint now)
{
    tell_person(tx, request, request.requester, what, words, now);
}

/// How `taker` gets a time that is all of it `whose`. Throws Refusal: nobody can have it, or the taker has it anyway.
std::vector<OverrideDraft> drafts_for(const OverrideDesk& desk, const std::string& schedule, const std::string& taker,
    const std::string& whose, Span when, TimePoint now)
{
    if (!on_call_spans(desk.schedule, desk.known, taker, when).empty())
        throw Refusal{mention(taker) + " is on call then anyway, so that one person less would be. Choose another time, or "
            + "somebody else."};
    OverrideDraft draft;
    draft.schedule = schedule;
    draft.people = {taker};
    draft.from = when.from;
    draft.to = when.to;
    draft.instead_of = whose;
    auto drafts = agreed_drafts(draft, desk.schedule, desk.known, now);
    if (drafts.empty())
        throw Refusal{mention(whose) + " is on call then by an override that adds people, or by a temporary schedule, and nobody "
            + "can stand in there. `/oncall overrides` lists what can be ended or edited, and `/oncall override` puts "
            + "somebody else on call instead of everybody."};
    return drafts;
}

/// Overrides by agreement: `taker` instead of `whose`. Throws Refusal.
void put_taker(Transaction& tx, const Context& app, CoverRequest& request, const std::string& taker, const std::string& whose,
    Span when, const Asked& asked)
{
    for (const auto& draft : drafts_for(desk_of(tx, app, request.schedule), request.schedule, taker, whose, when, asked.now)) {
        OverrideWish wish;
        wish.draft = draft;
        wish.reason = std::string{name(request.kind)} + (request.reason.empty() ? "" : ": " + request.reason);
        const auto desk = desk_of(tx, app, request.schedule);
        const auto looked_at = look_at(wish.draft, desk.schedule, desk.known, asked.now);
        if (!looked_at.problems.empty())
            throw Refusal{looked_at.problems.begin()->second};
        wish.seen = seen_of(wish.draft, looked_at.changes);
        try {
            const auto done = make_override(tx, app, wish, asked);
            request.parts.push_back({taker, {done.one.what.from, done.one.what.to}, done.one.what.id, false});
        } catch (const InvalidOverride& invalid) {
            throw Refusal{invalid.problems.begin()->second};
        }
    }
    // Whoever takes back a time that others took asks nobody for it any more.
    for (auto& own : storage::CoverRequests{tx}.active(asked.now))
        if (own.requester == taker && own.kind == RequestKind::cover && own.schedule == request.schedule
            && own.when.from < when.to && when.from < own.when.to && (is_open(own) || own.state == CoverState::taken)) {
            const auto before = request_described(own);
            close(tx, own, CoverState::cancelled, "", asked.now);
            audit(tx, asked, "cancel request", own, before);
        }
}

/// Who has left, by what Slack said last, whichever name it was asked by.
using Leavers = std::set<std::string>;
Leavers leavers(Transaction& tx)
{
    std::map<std::string, storage::Person> newest;
    for (auto& one : storage::People{tx}.all())
        if (!one.user_id.empty() && !one.kind.empty())
            if (auto& known = newest[one.user_id]; known.user_id.empty() || known.asked_at < one.asked_at)
                known = std::move(one);
    Leavers left;
    for (const auto& [id, person] : newest)
        if (person.kind == "gone")
            left.insert(id);
    return left;
}

CoverRequest found_request(Transaction& tx, std::int64_t id)
{
    auto request = storage::CoverRequests{tx}.find(id);
    if (!request)
        throw Refusal{"There is no such request any more. `/oncall cover` makes one."};
    return std::move(*request);
}

std::vector<std::string> problems_of_times(const CoverWish& wish, TimePoint now)
{
    for (const auto& span : {wish.when, wish.theirs}) {
        if (span == Span{})
            continue;
        if (span.from - now > furthest_override)
            return {"That is more than a year ahead. Ask for an earlier time."};
        if (span.to - span.from > longest_override)
            return {"That lasts more than 90 days. Ask for a shorter time, or have the rotation changed."};
        if (span.to <= now)
            return {"That is over already. Ask for a time that is still to come."};
    }
    return {};
}

bool is_within(const std::vector<Span>& all, const Span& one)
{
    return std::any_of(all.begin(), all.end(), [&](const Span& it) { return it.from <= one.from && one.to <= it.to; });
}

/// One stretch in which `person` is on call, or a Refusal.
Span stretch_of(const OverrideDesk& desk, const std::string& whose, const std::string& schedule, Span wish, TimePoint now,
    const std::string& who)
{
    const Span within{std::max(wish.from, now), wish.to};
    const auto hers = on_call_spans(desk.schedule, desk.known, whose, within);
    if (hers.empty()) {
        const auto next = next_spans(desk.schedule, desk.known, whose, now, 3);
        throw Refusal{who + " not on call by schedule " + schedule + " then."
            + (next.empty() ? std::string{} : " What comes next: " + spans_listed(next) + ".")};
    }
    if (hers.size() > 1)
        throw Refusal{"In that time there are several shifts: " + spans_listed(hers) + ". Ask for one of them."};
    return hers.front();
}

} // namespace

CoverRequest ask(Transaction& tx, const Context& app, CoverWish wish, const Asked& asked)
{
    if (const auto wrong = problems_of_times(wish, asked.now); !wrong.empty())
        throw Refusal{wrong.front()};
    remember(tx, asked);
    OverrideDesk desk;
    CoverRequest request;
    request.kind = wish.kind;
    request.schedule = wish.schedule;
    request.requester = asked.actor;
    request.other = wish.other;
    request.when = wish.when;
    request.theirs = wish.theirs;
    request.reason = wish.reason;
    request.opened_at = asked.now;
    request.done_until = asked.now - milliseconds{1};
    // Her own time she may give away, and the override is made by whoever agrees: she needs no more than to be able to answer a
    // page.
    if (const auto asker = asker_of(tx, asked); wish.kind == RequestKind::take || asker.stranger || !asker.kind.empty())
        permit_taker(asker);
    desk = desk_of(tx, app, wish.schedule);
    if (wish.kind == RequestKind::take) {
        if (wish.other == asked.actor)
            throw Refusal{"That is your own time already. `/oncall cover` asks others to take it."};
        request.when = stretch_of(desk, wish.other, wish.schedule, wish.when, asked.now, mention(wish.other) + " is");
    } else {
        request.when = stretch_of(desk, asked.actor, wish.schedule, wish.when, asked.now, "You are");
    }
    if (wish.kind == RequestKind::swap) {
        if (wish.other == asked.actor)
            throw Refusal{"Both shifts are yours. Choose one of somebody else."};
        request.theirs = stretch_of(desk, wish.other, wish.schedule, wish.theirs, asked.now, mention(wish.other) + " is");
        const auto is_as_shown = [](const Span& one, const Span& shown) {
            return one.from - shown.from < std::chrono::seconds{1} && shown.to <= one.to;
        };
        if (request.when.from <= asked.now || request.theirs.from <= asked.now)
            throw Refusal{"A shift that has begun cannot be swapped. `/oncall cover` asks for its rest."};
        if (!is_as_shown(request.when, wish.when) || !is_as_shown(request.theirs, wish.theirs))
            throw Refusal{"The schedule has changed meanwhile. Write `/oncall swap` once more to see the shifts as they are."};
        if (request.when.from < request.theirs.to && request.theirs.from < request.when.to)
            throw Refusal{"These two are at the same time. Choose others."};
        drafts_for(desk, wish.schedule, asked.actor, wish.other, request.theirs, asked.now);
    }
    // Nobody is asked for what could not be made.
    const auto& owner = wish.kind == RequestKind::take ? wish.other : asked.actor;
    const auto& taker = wish.kind == RequestKind::take ? asked.actor : wish.other;
    drafts_for(desk, wish.schedule, taker.empty() ? "whoever takes it" : taker, owner, request.when, asked.now);
    if (!wish.other.empty() && leavers(tx).contains(wish.other))
        throw Refusal{mention(wish.other) + " has left this workspace. `/oncall override` puts somebody else on call."};
    const auto open = storage::CoverRequests{tx}.open_of(asked.actor);
    for (const auto& one : open)
        if (one.kind == request.kind && one.schedule == request.schedule && one.when.from < request.when.to
            && request.when.from < one.when.to && one.other == request.other)
            throw Refusal{"You have asked for that already: " + written(one.when)
                + ". `/oncall cover cancel` calls it off, and then you can ask anew."};
    if (open.size() >= most_open_requests)
        throw Refusal{"You have " + std::to_string(open.size())
            + " open requests, and that is the most. `/oncall cover cancel` calls one off."};
    if (storage::CoverRequests{tx}.asked_since(asked.actor, asked.now - std::chrono::hours{24}) >= most_requests_a_day)
        throw Refusal{"You have asked " + std::to_string(most_requests_a_day)
            + " times within a day, and that is the most. `/oncall override` puts somebody on call."};
    if (request.kind == RequestKind::cover)
        request.left = {request.when};
    storage::CoverRequests{tx}.add(request);
    audit(tx, asked, "ask for " + std::string{name(request.kind)}, request, "");
    announce(tx, app, request, desk, asked.now);
    set_timer(tx, request, asked.now);
    return request;
}

namespace {

enum class CoverNews { none, passed, some };

/// A cover as the schedule has it now. What was given back is open from now on.
CoverNews look_again(const Schedule& schedule, const Known& known, CoverRequest& request, TimePoint now)
{
    const bool was_taken = request.state == CoverState::taken;
    if (!is_open(request) && !was_taken)
        return CoverNews::none;
    const auto hers = on_call_spans(schedule, known, request.requester, request.when);
    auto left = left_of(request, hers, now);
    // What has merely passed ends by its timer.
    if ((left == request.left && !was_taken) || (left.empty() && !was_taken && !left_of(request, hers, TimePoint{}).empty()))
        return CoverNews::none;
    auto parts = kept_of(request.parts, left);
    const bool given_back = !left.empty() && (was_taken || parts != request.parts);
    if (given_back) {
        request.opened_at = std::max(request.opened_at, now); // it ends anew
        left = left_of(request, hers, now);
    }
    request.parts = std::move(parts);
    const auto state = state_of(request, left);
    auto still = request.left;
    std::erase_if(still, [&](const Span& one) { return one.to <= now; });
    const auto news = given_back || state != request.state || left != still ? CoverNews::some
        : left != request.left                                              ? CoverNews::passed
                                                                            : CoverNews::none;
    request.left = std::move(left);
    request.state = state;
    return news;
}

/// A part whose taker will answer no page, and nobody was told.
bool is_left_behind(Transaction& tx, const Leavers& gone, const CoverPart& part, TimePoint now)
{
    if (part.reported || part.when.to <= now || !gone.contains(part.taker))
        return false;
    const auto made = storage::Overrides{tx}.find(part.override_id);
    return made && made->cancelled_at == TimePoint{} && !is_over(made->what, now);
}

void report_leavers(Transaction& tx, const Context& app, const Leavers& gone, CoverRequest& request, TimePoint now)
{
    for (auto& part : request.parts) {
        if (!is_left_behind(tx, gone, part, now))
            continue;
        part.reported = true;
        const auto& giver = giver_of(request, part);
        const auto words = mention(part.taker) + ", who took " + written(part.when) + " by schedule " + request.schedule
            + " from " + mention(giver)
            + ", has left this workspace and answers no page. `/oncall overrides` takes that back, or `/oncall override` puts "
              "somebody else on call.";
        storage::CoverRequests{tx}.save(request);
        tell_person(tx, request, giver, "left:" + part.taker + ":" + std::to_string(part.override_id), words, now);
        tell_channels(tx, app, request, "left:" + std::to_string(part.override_id), words, now);
        audit_by_itself(tx, "report a leaver", request, request_described(request), now);
    }
}

/// A swap or a take holds as long as both are on call as they were.
std::string stale(const Schedule& schedule, const Known& known, const CoverRequest& request, TimePoint now)
{
    const auto& owner = request.kind == RequestKind::take ? request.other : request.requester;
    const auto request_changed = "The schedule has changed: ";
    const Span when{std::max(request.when.from, std::min(now, request.when.to)), request.when.to};
    if (when.from < when.to && !is_within(on_call_spans(schedule, known, owner, request.when), when))
        return request_changed + mention(owner) + " is not on call any more " + written(request.when) + ".";
    if (request.kind == RequestKind::swap
        && !is_within(on_call_spans(schedule, known, request.other, request.theirs), request.theirs))
        return request_changed + mention(request.other) + " is not on call any more " + written(request.theirs) + ".";
    return {};
}

/// Whether a review would change it; cheap, where desks and leavers are at hand.
bool is_to_be_reviewed(Transaction& tx, const Leavers& gone, const OverrideDesks& desks, CoverRequest request, TimePoint now)
{
    const bool open = is_open(request);
    if (std::any_of(request.parts.begin(), request.parts.end(),
            [&](const CoverPart& part) { return is_left_behind(tx, gone, part, now); }))
        return true;
    if (open && (gone.contains(request.requester) || gone.contains(request.other)))
        return true;
    if (open && !storage::Timers{tx}.find(storage::TimerKind::cover, request.id))
        return true;
    const auto schedule = desks.schedules.find(request.schedule);
    if (schedule == desks.schedules.end())
        return open;
    if (request.kind != RequestKind::cover)
        return open && !stale(schedule->second, desks.known, request, now).empty();
    return look_again(schedule->second, desks.known, request, now) != CoverNews::none;
}

/// It ends by itself.
void end_by_itself(Transaction& tx, CoverRequest& request, const std::string& why, TimePoint now)
{
    const auto before = request_described(request);
    close(tx, request, CoverState::ended, why, now);
    audit_by_itself(tx, "end request", request, before, now);
}

/// Brings a request up to what people and schedules are now.
void review(Transaction& tx, const Context& app, CoverRequest& request, TimePoint now)
{
    const auto gone = leavers(tx);
    report_leavers(tx, app, gone, request, now);
    const bool open = is_open(request);
    if (open && gone.contains(request.requester)) {
        end_by_itself(tx, request,
            mention(request.requester) + " has left this workspace, so nobody is asked any more."
                + (request.parts.empty() ? "" : " What was taken stays."),
            now);
        return;
    }
    if (open && !request.other.empty() && gone.contains(request.other)) {
        end_by_itself(tx, request, mention(request.other) + " has left this workspace.", now);
        tell_requester(tx, request, "gone", "Your request is over: " + request.why, now);
        return;
    }
    std::optional<OverrideDesk> desk;
    try {
        desk = desk_of(tx, app, request.schedule);
    } catch (const Refusal&) {
        if (open) {
            end_by_itself(tx, request, "Schedule " + request.schedule + " is not there any more.", now);
            tell_requester(tx, request, "gone", "Your request is over: " + request.why, now);
        }
        return;
    }
    if (request.kind != RequestKind::cover) {
        const auto why = open ? stale(desk->schedule, desk->known, request, now) : std::string{};
        if (why.empty())
            return;
        end_by_itself(tx, request, why, now);
        tell_requester(tx, request, "stale", "Your request is over. " + why, now);
        return;
    }
    const auto before = request_described(request);
    const auto parts = request.parts;
    const bool was_taken = request.state == CoverState::taken;
    const auto news = look_again(desk->schedule, desk->known, request, now);
    if (news == CoverNews::none)
        return;
    if (news == CoverNews::passed) { // what somebody reads of it is still what is open
        storage::CoverRequests{tx}.save(request);
        set_timer(tx, request, now);
        follow(tx, request, now);
        return;
    }
    if (request.state == CoverState::ended)
        request.why =
            "That time, or what was left of it, is not " + mention(request.requester) + "'s any more: the schedule has changed.";
    if (is_open(request))
        request.closed_at = {};
    request_changed(tx, request, now);
    audit_by_itself(tx, "review request", request, before, now);
    if (request.state == CoverState::ended)
        tell_requester(tx, request, "stale", "Your request for cover is over. " + request.why, now);
    else if (is_open(request) && (was_taken || request.parts != parts)) {
        tell_requester(tx, request, "back",
            "You are on call again " + spans_listed(request.left) + " by schedule " + request.schedule
                + ": what was taken was given back. It is open again, and I ask anew.",
            now);
        ask_again(tx, app, request, *desk, CoverAudience::reminder, now);
    }
}

} // namespace

CoverDeed take(Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const std::optional<Span>& part,
    const Asked& asked)
{
    auto request = found_request(tx, id);
    if (request.kind != RequestKind::cover)
        throw Refusal{"This button is from another version of me."};
    if (const auto over = closed_words(request); !over.empty())
        throw Refusal{over};
    if (request.requester == asked.actor)
        throw Refusal{"It is your own time. `/oncall cover cancel` calls the request off."};
    permit_taker(asker_of(tx, asked));
    // What the schedule has become is kept, also where nothing is taken: the next press finds it as it was shown.
    review(tx, app, request, asked.now);
    if (const auto over = closed_words(request); !over.empty())
        return {over, ""};
    // What somebody saw is what they take.
    if (!part && request.version != version) {
        std::string who;
        for (const auto& one : request.parts)
            who += mention(one.taker) + " has " + written(one.when) + ". ";
        return {who + "What is open now: " + spans_listed(request.left)
                + ". Press again, on the newest message of it, if you take that; *Take a part…* works on each.",
            ""};
    }
    const auto before = request_described(request);
    const auto desk = desk_of(tx, app, request.schedule);
    const auto open = taken_of(request, part, asked.now);
    std::vector<Span> taken;
    for (const auto& span : open) {
        const auto free = outside({span}, on_call_spans(desk.schedule, desk.known, asked.actor, span));
        taken.insert(taken.end(), free.begin(), free.end());
    }
    if (taken.empty())
        throw Refusal{"You are on call then anyway, so that one person less would be. Somebody else must take it."};
    for (const auto& span : taken)
        put_taker(tx, app, request, asked.actor, request.requester, span, asked);
    const auto after = desk_of(tx, app, request.schedule);
    request.left = left_of(request, on_call_spans(after.schedule, after.known, request.requester, request.when), asked.now);
    request.state = state_of(request, request.left);
    if (request.state == CoverState::ended)
        request.state = CoverState::taken; // nobody is asked for anything any more
    request_changed(tx, request, asked.now);
    audit(tx, asked, "take cover", request, before);
    return {"You have it: you are on call " + spans_listed(taken) + " by schedule " + request.schedule + ", instead of "
            + mention(request.requester) + ". `/oncall overrides` gives it back.",
        request.schedule};
}

CoverDeed answer_request(Transaction& tx, const Context& app, std::int64_t id, bool agrees, const Asked& asked)
{
    auto request = found_request(tx, id);
    if (request.kind == RequestKind::cover)
        throw Refusal{"This button is from another version of me."};
    if (const auto over = closed_words(request); !over.empty())
        throw Refusal{over};
    if (asked.actor != request.other)
        throw Refusal{"Only " + mention(request.other) + " can answer that."};
    const auto before = request_described(request);
    if (!agrees) {
        close(tx, request, CoverState::declined, "", asked.now);
        audit(tx, asked, "decline", request, before);
        tell_requester(tx, request, "declined",
            mention(request.other) + " has said no"
                + (request.kind == RequestKind::swap ? " to the swap: nothing changes." : ": they stay on call.")
                + " `/oncall cover` asks everybody who shares the schedule.",
            asked.now);
        return {"You said no. Nothing changes, and " + mention(request.requester) + " is told.", ""};
    }
    permit_taker(asker_of(tx, asked));
    review(tx, app, request, asked.now);
    if (const auto over = closed_words(request); !over.empty())
        return {over, ""};
    if (const auto known = storage::People{tx}.find(request.requester); known && !known->kind.empty() && known->kind != "member")
        throw Refusal{mention(request.requester)
            + " is no full member of this workspace any more, so this cannot be agreed. `/oncall cover` asks others."};
    const bool swap = request.kind == RequestKind::swap;
    if (swap && std::min(request.when.from, request.theirs.from) <= asked.now)
        throw Refusal{"A shift of it has begun, so it cannot be swapped any more."};
    if (swap) {
        put_taker(tx, app, request, request.other, request.requester, request.when, asked);
        put_taker(tx, app, request, request.requester, request.other, request.theirs, asked);
    } else {
        put_taker(tx, app, request, request.requester, request.other, request.when, asked);
    }
    close(tx, request, CoverState::taken, "", asked.now);
    audit(tx, asked, "agree", request, before);
    return {(swap ? "Agreed: you are on call " + written(request.when) + ", and " + mention(request.requester) + " is "
                        + written(request.theirs)
                  : "Agreed: " + mention(request.requester) + " is on call instead of you " + written(request.when))
            + ". `/oncall overrides` takes that back.",
        request.schedule};
}

CoverDeed cancel_request(Transaction& tx, const Context&, std::int64_t id, const Asked& asked)
{
    auto request = found_request(tx, id);
    if (asked.actor != request.requester)
        throw Refusal{"Only " + mention(request.requester) + " can call that off."};
    if (const auto over = closed_words(request); !over.empty())
        throw Refusal{"It is over already. " + over};
    const auto before = request_described(request);
    close(tx, request, CoverState::cancelled, "", asked.now);
    audit(tx, asked, "cancel request", request, before);
    auto words = std::string{"Called off. Nobody is asked any more"};
    if (request.kind != RequestKind::cover)
        return {words + ", and nothing changes.", ""};
    words += ", and you are on call" + (request.left.empty() ? std::string{"."} : " " + spans_listed(request.left) + ".");
    if (!request.parts.empty())
        words += " What others have taken stays theirs; `/oncall overrides` gives it back.";
    return {words, ""};
}

void cover_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    auto request = storage::CoverRequests{tx}.find(id);
    if (!request || !is_open(*request)) {
        storage::Timers{tx}.clear(storage::TimerKind::cover, id);
        return;
    }
    review(tx, app, *request, now);
    const auto step = due_step(*request, now);
    if (is_open(*request) && step == CoverStep::end) {
        end_by_itself(tx, *request, "", now);
        if (request->kind == RequestKind::cover)
            tell_requester(tx, *request, "end",
                (request->parts.empty() ? "Nobody took your time on call" : "Nobody took the rest of your time on call")
                    + std::string{": you are on call "} + spans_listed(request->left) + " by schedule " + request->schedule
                    + ". `/oncall cover` asks anew, `/oncall override` puts somebody on call.",
                now);
        else
            tell_requester(
                tx, *request, "end", "No answer came in time from " + mention(request->other) + ": nothing changes.", now);
        return;
    }
    if (!is_open(*request))
        return;
    request->done_until = now;
    storage::CoverRequests{tx}.save(*request);
    if (step == CoverStep::remind)
        ask_again(tx, app, *request, desk_of(tx, app, request->schedule), CoverAudience::reminder, now);
    else if (step == CoverStep::last_call)
        last_call(tx, app, *request, desk_of(tx, app, request->schedule), now);
    set_timer(tx, *request, now);
}

asio::awaitable<void> review_covers(Context& app)
{
    const auto now = app.clock.now();
    // Most stay as they are, so they are looked at where no page waits for it.
    std::vector<std::int64_t> to_review;
    auto list = [&](Transaction& tx) {
        to_review.clear();
        auto all = storage::CoverRequests{tx}.active(now);
        if (all.empty())
            return all;
        const auto gone = leavers(tx);
        std::set<std::string> schedules;
        for (const auto& request : all)
            schedules.insert(request.schedule);
        const auto desks = desks_of(tx, app, schedules);
        for (const auto& request : all)
            if (is_to_be_reviewed(tx, gone, desks, request, now))
                to_review.push_back(request.id);
        return all;
    };
    const auto active = co_await app.database.read(list);
    if (active.empty())
        co_return;
    // By their ids: of a person who is deactivated Slack finds no address any more.
    for (const auto& request : active) {
        app.meet(request.requester);
        app.meet(request.other);
        for (const auto& part : request.parts)
            app.meet(part.taker);
    }
    std::exception_ptr trouble;
    for (const auto id : to_review) {
        auto work = [&](Transaction& tx) {
            auto request = storage::CoverRequests{tx}.find(id);
            if (!request)
                return;
            review(tx, app, *request, now);
            if (is_open(*request) && !storage::Timers{tx}.find(storage::TimerKind::cover, request->id))
                set_timer(tx, *request, now); // it must end, whatever became of its row
        };
        try {
            co_await app.database.transaction(work);
        } catch (const std::exception&) {
            trouble = std::current_exception(); // the others are reviewed all the same
        }
    }
    if (trouble)
        std::rethrow_exception(trouble);
}

namespace {

std::set<std::string> names_of_schedules(const Context& app)
{
    std::set<std::string> names;
    for (const auto& [name, schedule] : app.configuration()->schedules)
        names.insert(name);
    return names;
}

} // namespace

std::map<std::string, std::vector<Span>> on_call_in(
    Transaction& tx, const Context& app, const std::string& mention, Span within, const std::string& only)
{
    std::map<std::string, std::vector<Span>> found_request;
    const auto desks = desks_of(tx, app, only.empty() ? names_of_schedules(app) : std::set{only});
    for (const auto& [name, schedule] : desks.schedules)
        if (auto hers = on_call_spans(schedule, desks.known, mention, within); !hers.empty())
            found_request[name] = std::move(hers);
    return found_request;
}

std::vector<std::pair<std::string, Span>> next_shifts(
    Transaction& tx, const Context& app, const std::string& mention, TimePoint now, std::size_t most)
{
    std::vector<std::pair<std::string, Span>> found_request;
    const auto desks = desks_of(tx, app, names_of_schedules(app));
    for (const auto& [name, schedule] : desks.schedules)
        for (const auto& span : next_spans(schedule, desks.known, mention, now, most))
            found_request.emplace_back(name, span);
    std::stable_sort(
        found_request.begin(), found_request.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return found_request;
}

} // namespace handlers
