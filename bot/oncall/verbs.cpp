#include "oncall/verbs.hpp"

namespace oncall {

std::string_view name(AlertState state)
{
    switch (state) {
    case AlertState::triggered: return "triggered";
    case AlertState::acknowledged: return "acknowledged";
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

std::string_view name(Urgency urgency) { return urgency == Urgency::high ? "high" : "low"; }

std::string_view name(Verb verb)
{
    switch (verb) {
    case Verb::acknowledge: return "acknowledge";
    case Verb::escalate: return "escalate";
    case Verb::resolve: return "resolve";
    case Verb::snooze: return "snooze";
    case Verb::refire: return "refire";
    case Verb::clear: return "clear";
    case Verb::wake: break;
    }
    return "wake";
}

std::variant<Effect, Refusal> apply(AlertState state, Verb verb)
{
    using enum AlertState;
    using P = Effect::Paging;
    switch (state) {
    case triggered:
        switch (verb) {
        case Verb::acknowledge: return Effect{acknowledged, "acknowledged", P::stop};
        case Verb::escalate: return Effect{triggered, "escalated to the next level", P::next_level};
        case Verb::resolve: return Effect{resolved, "resolved", P::stop};
        case Verb::snooze: return Effect{snoozed, "snoozed", P::stop};
        case Verb::refire: return Effect{triggered, "", P::keep};
        case Verb::clear: return Effect{resolved, "cleared by its source", P::stop};
        case Verb::wake: return Refusal{"It is not snoozed."};
        }
        break;
    case acknowledged:
        switch (verb) {
        case Verb::acknowledge:
            return Refusal{"{who} has it already, since {when}. Nothing to do, unless you want to escalate or resolve it."};
        case Verb::escalate: return Effect{triggered, "escalated to the next level", P::next_level};
        case Verb::resolve: return Effect{resolved, "resolved", P::stop};
        case Verb::snooze: return Effect{snoozed, "snoozed", P::stop};
        case Verb::refire: return Effect{acknowledged, "", P::keep};
        case Verb::clear: return Effect{resolved, "cleared by its source", P::stop};
        case Verb::wake: return Refusal{"It is not snoozed."};
        }
        break;
    case snoozed:
        switch (verb) {
        case Verb::acknowledge: return Effect{acknowledged, "acknowledged", P::stop};
        case Verb::escalate: return Effect{triggered, "escalated to the next level", P::next_level};
        case Verb::resolve: return Effect{resolved, "resolved", P::stop};
        case Verb::snooze: return Effect{snoozed, "snoozed", P::stop};
        case Verb::refire: return Effect{snoozed, "", P::keep};
        case Verb::clear: return Effect{resolved, "cleared by its source", P::stop};
        case Verb::wake: return Effect{triggered, "back from its snooze", P::start};
        }
        break;
    case resolved: break;
    }
    return Refusal{"It was resolved by {who} at {when}. Nothing more to do: if it happens again, it comes as a new alert."};
}

void permit(Verb, std::string_view actor_team, std::string_view home_team)
{
    if (!actor_team.empty() && !home_team.empty() && actor_team != home_team)
        throw Refusal{"Only members of this workspace can do that. Ask somebody here to do it for you."};
}

} // namespace oncall
