#include "oncall/verbs.hpp"

#include "oncall/who_may.hpp"

namespace oncall {

std::string_view name(AlertState state)
{
    switch (state) {
    case AlertState::triggered: return "triggered";
    case AlertState::acknowledged: return "acknowledged";
    case AlertState::promised: return "promised";
    case AlertState::snoozed: return "snoozed";
    case AlertState::resolved: break;
    }
    return "resolved";
}

std::string_view name(PageState state)
{
    switch (state) {
    case PageState::paging: return "paging";
    case PageState::acknowledged: return "acknowledged";
    case PageState::resolved: return "resolved";
    case PageState::exhausted: break;
    }
    return "exhausted";
}

std::string_view name(NotificationState state)
{
    switch (state) {
    case NotificationState::planned: return "planned";
    case NotificationState::sent: return "sent";
    case NotificationState::confirmed: return "confirmed";
    case NotificationState::failed: return "failed";
    case NotificationState::declined: return "declined";
    case NotificationState::cancelled: break;
    }
    return "cancelled";
}

std::string_view name(Urgency urgency) { return urgency == Urgency::high ? "high" : "low"; }

std::string_view name(Verb verb)
{
    switch (verb) {
    case Verb::acknowledge: return "acknowledge";
    case Verb::unacknowledge: return "unacknowledge";
    case Verb::promise: return "promise";
    case Verb::escalate: return "escalate";
    case Verb::decline: return "decline";
    case Verb::reassign: return "reassign";
    case Verb::add_responder: return "add_responder";
    case Verb::join: return "join";
    case Verb::snooze: return "snooze";
    case Verb::resolve: return "resolve";
    case Verb::reopen: return "reopen";
    case Verb::note: return "note";
    case Verb::undo: return "undo";
    case Verb::cancel: return "cancel";
    case Verb::still_on_it: return "still_on_it";
    case Verb::refire: return "refire";
    case Verb::again: return "again";
    case Verb::clear: return "clear";
    case Verb::come_back: return "come_back";
    case Verb::wake: return "wake";
    case Verb::lapse: break;
    }
    return "lapse";
}

std::variant<Effect, Refusal> apply(AlertState state, Verb verb)
{
    using enum AlertState;
    using P = Effect::Paging;
    const bool open = state != resolved;
    switch (verb) {
    case Verb::acknowledge:
        if (state == acknowledged)
            return Refusal{"{who} has it already, since {when}. Nothing to do, unless you want to escalate or resolve it."};
        if (open)
            return Effect{acknowledged, "acknowledged", P::stop};
        break;
    case Verb::unacknowledge:
        if (state == triggered)
            return Refusal{"Nobody has acknowledged it yet: it is being paged."};
        if (open)
            return Effect{triggered, "un-acknowledged it", P::start};
        break;
    case Verb::promise:
        if (state == acknowledged)
            return Refusal{"{who} has it already, since {when}. Nothing to do, unless you want to escalate or resolve it."};
        if (open)
            return Effect{promised, "is on it", P::stop};
        break;
    case Verb::escalate:
        if (open)
            return Effect{triggered, "escalated to the next level", P::next_level};
        break;
    case Verb::decline:
        if (state == triggered)
            return Effect{triggered, "said \"not me\"", P::hand_over};
        if (open)
            return Effect{triggered, "handed it back", P::next_level};
        break;
    case Verb::reassign:
        if (open)
            return Effect{triggered, "reassigned it", P::redirect};
        break;
    case Verb::add_responder:
        if (open)
            return Effect{state, "asked for help", P::ask};
        break;
    case Verb::join:
        if (state == triggered)
            return Effect{acknowledged, "acknowledged", P::stop};
        if (open)
            return Effect{state, "is on the way to help", P::keep};
        break;
    case Verb::snooze:
        if (open)
            return Effect{snoozed, "snoozed", P::stop};
        break;
    case Verb::resolve:
        if (open)
            return Effect{resolved, "resolved", P::stop};
        break;
    case Verb::reopen:
        if (open)
            return Refusal{"It is open. Nothing to re-open."};
        return Effect{triggered, "re-opened it", P::start};
    case Verb::note: return Effect{state, "noted", P::keep};
    case Verb::undo:
        if (state == triggered)
            return Refusal{"There is nothing to undo."};
        return Effect{triggered, "took that back", P::resume};
    case Verb::cancel:
        if (state == triggered)
            return Effect{acknowledged, "cancelled the page", P::stop};
        if (open)
            return Refusal{"Nobody is being paged for it: {who} has it, since {when}."};
        break;
    case Verb::still_on_it:
        // Too late, and paged again: it is an answer all the same.
        if (state == triggered)
            return Effect{acknowledged, "is still on it", P::stop};
        if (state == acknowledged)
            return Effect{acknowledged, "is still on it", P::keep};
        if (open)
            return Refusal{"It has been answered since, by {who} at {when}."};
        break;
    case Verb::refire:
        if (open)
            return Effect{state, "", P::keep};
        break;
    case Verb::again:
        if (open)
            return Effect{triggered, "pages again", P::start};
        break;
    case Verb::clear:
        if (open)
            return Effect{resolved, "cleared by its source", P::stop};
        break;
    case Verb::come_back:
        if (open)
            return Refusal{"It is open, so it cannot come back."};
        return Effect{triggered, "came back", P::resume};
    case Verb::wake:
        if (state != snoozed)
            return Refusal{"It is not snoozed."};
        return Effect{triggered, "back from its snooze", P::start};
    case Verb::lapse:
        if (state != promised && state != acknowledged)
            return Refusal{"Nobody has promised anything."};
        return Effect{triggered, "not heard of since", P::start};
    }
    return Refusal{"It was resolved by {who} at {when}. Nothing more to do: if it happens again, it comes again, and "
                   "`/oncall reopen` opens this one."};
}

Deed deed_of(Verb verb, bool own)
{
    const bool pages = (verb == Verb::unacknowledge && !own) || verb == Verb::reassign || verb == Verb::add_responder
        || verb == Verb::escalate || verb == Verb::reopen;
    return pages ? Deed::page_on : Deed::answer;
}

} // namespace oncall
