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

void tell_requester(
    Transaction& tx, const CoverRequest& request, const std::string& what, const std::string& words, TimePoint now)
{
    storage::Outbox{tx}.add("cover_words:" + std::to_string(request.id) + ":" + what + ":" + std::to_string(request.version),
        "person_words", storage::Priority::answer, request.requester, 0, request.requester + "\n" + words, now);
}

/// An override by agreement: `person` instead of `whose`. Throws Refusal.
CoverPart put_taker(Transaction& tx, const Context& app, const CoverRequest& request, const std::string& taker,
    const std::string& whose, Span when, const Asked& asked)
{
    OverrideWish wish;
    wish.agreed = true;
    wish.draft.schedule = request.schedule;
    wish.draft.people = {taker};
    wish.draft.from = when.from;
    wish.draft.to = when.to;
    wish.draft.stead = Stead::one_person;
    wish.draft.instead_of = whose;
    wish.reason = std::string{name(request.kind)} + (request.reason.empty() ? "" : ": " + request.reason);
    const auto desk = desk_of(tx, app, request.schedule);
    const auto looked_at = look_at(wish.draft, desk.schedule, desk.known, asked.now);
    if (!looked_at.problems.empty())
        throw Refusal{looked_at.problems.begin()->second};
    wish.seen = seen_of(wish.draft, looked_at.changes);
    try {
        const auto done = make_override(tx, app, wish, asked);
        return {taker, {done.one.what.from, done.one.what.to}, done.one.what.id, false};
    } catch (const InvalidOverride& invalid) {
        throw Refusal{invalid.problems.begin()->second};
    }
}

/// By what Slack said last, whichever name it was asked by.
bool is_deactivated(Transaction& tx, const std::string& id)
{
    std::optional<storage::Person> newest;
    for (auto& one : storage::People{tx}.all())
        if (one.user_id == id && !one.kind.empty() && (!newest || newest->asked_at < one.asked_at))
            newest = std::move(one);
    return newest && newest->kind == "gone";
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
    if (wish.kind == RequestKind::take) {
        // The override is made by whoever agrees; she who takes it needs no more than to be able to answer a page.
        permit_taker(asker_of(tx, asked));
        desk = desk_of(tx, app, wish.schedule);
        if (wish.other == asked.actor)
            throw Refusal{"That is your own time already. `/oncall cover` asks others to take it."};
        request.when = stretch_of(desk, wish.other, wish.schedule, wish.when, asked.now, mention(wish.other) + " is");
    } else {
        desk = override_desk(tx, app, wish.schedule, asked);
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
    }
    if (!wish.other.empty() && is_deactivated(tx, wish.other))
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
    if (request.kind == RequestKind::cover)
        request.left = {request.when};
    storage::CoverRequests{tx}.add(request);
    audit(tx, asked, "ask for " + std::string{name(request.kind)}, request, "");
    announce(tx, app, request, desk, asked.now);
    set_timer(tx, request, asked.now);
    return request;
}

namespace {

/// A cover as the schedule has it now; true when that is other than it was.
bool look_again(const OverrideDesk& desk, CoverRequest& request, TimePoint now)
{
    auto hers = on_call_spans(desk.schedule, desk.known, request.requester, request.when);
    const bool was_taken = request.state == CoverState::taken;
    if (was_taken && !left_of(request, hers, now).empty())
        request.opened_at = std::max(request.opened_at, now); // it ends anew
    auto left = left_of(request, hers, now);
    // What has merely passed ends by its timer.
    if ((left == request.left && !was_taken) || (left.empty() && !was_taken && !left_of(request, hers, TimePoint{}).empty()))
        return false;
    request.parts = kept_of(request.parts, left);
    const auto state = state_of(request, left);
    const bool news = state != request.state || left != request.left;
    request.left = std::move(left);
    request.state = state;
    return news;
}

bool is_over(const CoverPart& part, TimePoint now) { return part.when.to <= now; }

void report_leavers(Transaction& tx, const Context& app, CoverRequest& request, TimePoint now)
{
    for (auto& part : request.parts) {
        if (part.reported || is_over(part, now) || !is_deactivated(tx, part.taker))
            continue;
        part.reported = true;
        const auto words = mention(part.taker) + ", who took " + written(part.when) + " by schedule " + request.schedule
            + " from " + mention(request.requester)
            + ", has left this workspace and answers no page. `/oncall overrides` takes that back, or `/oncall override` puts "
              "somebody else on call.";
        storage::CoverRequests{tx}.save(request);
        tell_requester(tx, request, "left:" + part.taker + ":" + std::to_string(part.override_id), words, now);
        tell_channels(tx, app, request, "left:" + std::to_string(part.override_id), words, now);
    }
}

/// A swap or a take holds as long as both are on call as they were.
std::string stale(const OverrideDesk& desk, const CoverRequest& request, TimePoint now)
{
    const auto& owner = request.kind == RequestKind::take ? request.other : request.requester;
    const auto request_changed = "The schedule has changed: ";
    const Span when{std::max(request.when.from, std::min(now, request.when.to)), request.when.to};
    if (when.from < when.to && !is_within(on_call_spans(desk.schedule, desk.known, owner, request.when), when))
        return request_changed + mention(owner) + " is not on call any more " + written(request.when) + ".";
    if (request.kind == RequestKind::swap
        && !is_within(on_call_spans(desk.schedule, desk.known, request.other, request.theirs), request.theirs))
        return request_changed + mention(request.other) + " is not on call any more " + written(request.theirs) + ".";
    return {};
}

/// Brings a request up to what people and schedules are now.
void review(Transaction& tx, const Context& app, CoverRequest& request, TimePoint now)
{
    report_leavers(tx, app, request, now);
    const bool open = is_open(request);
    if (open && is_deactivated(tx, request.requester)) {
        close(tx, request, CoverState::ended,
            mention(request.requester) + " has left this workspace, so nobody is asked any more."
                + (request.parts.empty() ? "" : " What was taken stays."),
            now);
        return;
    }
    if (open && !request.other.empty() && is_deactivated(tx, request.other)) {
        close(tx, request, CoverState::ended, mention(request.other) + " has left this workspace.", now);
        tell_requester(tx, request, "gone", "Your request is over: " + request.why, now);
        return;
    }
    std::optional<OverrideDesk> desk;
    try {
        desk = desk_of(tx, app, request.schedule);
    } catch (const Refusal&) {
        if (open) {
            close(tx, request, CoverState::ended, "Schedule " + request.schedule + " is not there any more.", now);
            tell_requester(tx, request, "gone", "Your request is over: " + request.why, now);
        }
        return;
    }
    if (request.kind != RequestKind::cover) {
        const auto why = open ? stale(*desk, request, now) : std::string{};
        if (why.empty())
            return;
        close(tx, request, CoverState::ended, why, now);
        tell_requester(tx, request, "stale", "Your request is over. " + why, now);
        return;
    }
    const auto before = request.state;
    const auto parts = request.parts.size();
    if (!look_again(*desk, request, now))
        return;
    if (request.state == CoverState::ended)
        request.why =
            "That time, or what was left of it, is not " + mention(request.requester) + "'s any more: the schedule has changed.";
    if (is_open(request))
        request.closed_at = {};
    request_changed(tx, request, now);
    if (request.state == CoverState::ended)
        tell_requester(tx, request, "stale", "Your request for cover is over. " + request.why, now);
    else if (is_open(request) && request.parts.size() < parts) {
        tell_requester(tx, request, "back",
            "You are on call again " + spans_listed(request.left) + " by schedule " + request.schedule
                + ": what was taken was given back. It is open again, and I ask anew.",
            now);
        if (before == CoverState::taken)
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
    const auto desk = desk_of(tx, app, request.schedule);
    // What somebody saw is what they take.
    const bool is_news = look_again(desk, request, asked.now);
    if (const auto over = closed_words(request); !over.empty())
        throw Refusal{over};
    if (request.left.empty())
        throw Refusal{"Nothing of it is open any more."};
    if (!part && (is_news || request.version != version)) {
        std::string who;
        for (const auto& one : request.parts)
            who += mention(one.taker) + " has " + written(one.when) + ". ";
        throw Refusal{who + "What is open now: " + spans_listed(request.left) + ". Press again if you take that."};
    }
    const auto before = request_described(request);
    auto spans = taken_of(request, part, asked.now);
    std::vector<Span> taken;
    for (const auto& span : spans) {
        request.parts.push_back(put_taker(tx, app, request, asked.actor, request.requester, span, asked));
        taken.push_back(request.parts.back().when);
    }
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
    review(tx, app, request, asked.now);
    if (const auto over = closed_words(request); !over.empty())
        return {over, ""};
    const bool swap = request.kind == RequestKind::swap;
    if (swap && std::min(request.when.from, request.theirs.from) <= asked.now)
        throw Refusal{"A shift of it has begun, so it cannot be swapped any more."};
    if (swap) {
        permit_taker(asker_of(tx, asked));
        request.parts.push_back(put_taker(tx, app, request, request.other, request.requester, request.when, asked));
        request.parts.push_back(put_taker(tx, app, request, request.requester, request.other, request.theirs, asked));
    } else {
        request.parts.push_back(put_taker(tx, app, request, request.requester, request.other, request.when, asked));
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
        close(tx, *request, CoverState::ended, "", now);
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
    auto list = [&](Transaction& tx) { return storage::CoverRequests{tx}.active(now); };
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
    auto work = [&](Transaction& tx) {
        for (auto& request : storage::CoverRequests{tx}.active(now)) {
            review(tx, app, request, now);
            if (is_open(request) && !storage::Timers{tx}.find(storage::TimerKind::cover, request.id))
                set_timer(tx, request, now); // it must end, whatever became of its row
        }
    };
    co_await app.database.transaction(work);
}

std::map<std::string, std::vector<Span>> on_call_in(
    Transaction& tx, const Context& app, const std::string& mention, Span within, const std::string& only)
{
    std::map<std::string, std::vector<Span>> found_request;
    for (const auto& [name, schedule] : app.configuration()->schedules) {
        if (!only.empty() && name != only)
            continue;
        const auto desk = desk_of(tx, app, name);
        if (auto hers = on_call_spans(desk.schedule, desk.known, mention, within); !hers.empty())
            found_request[name] = std::move(hers);
    }
    return found_request;
}

std::vector<std::pair<std::string, Span>> next_shifts(
    Transaction& tx, const Context& app, const std::string& mention, TimePoint now, std::size_t most)
{
    std::vector<std::pair<std::string, Span>> found_request;
    for (const auto& [name, schedule] : app.configuration()->schedules) {
        const auto desk = desk_of(tx, app, name);
        for (const auto& span : next_spans(desk.schedule, desk.known, mention, now, most))
            found_request.emplace_back(name, span);
    }
    std::stable_sort(
        found_request.begin(), found_request.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return found_request;
}

} // namespace handlers
