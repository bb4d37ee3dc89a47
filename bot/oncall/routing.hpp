#pragma once

#include "oncall/configuration.hpp"

namespace oncall {

/// What rules look at.
struct AlertFields {
    std::string source{};
    std::string service{}; // as the payload names it; may be unknown
    std::string title{};
    std::string description{};
    std::string severity{}; // lower case
    std::map<std::string, std::string> labels{};
    TimePoint at{}; // when it came
};

/// Whose problem an alert is, and why.
struct Routed {
    std::string service{}; // empty: unmapped
    std::string team{}; // of the service; without one a rule's, or its source's owner
    std::string policy{}; // empty: none, so nobody is paged
    bool own_policy{}; // it is none of the service's, but a rule's or a team's
    Urgency urgency{Urgency::high};
    std::string severity{}; // as the source, or a rule, says
    std::string title{}; // the same
    bool page{};
    milliseconds delay{}; // it pages so much later
    bool suppress{}; // it is kept, and neither shown nor paged
    std::string group_key{}; // with the rule's name; empty: it is not grouped
    milliseconds group_within{};
    bool lost{}; // it ought to page, and no service stands behind it
    std::string rule{}; // of several "a, b"
    std::string because{}; // one sentence
};

/// What rules say, the first that matches first: each thing is said once, by the first that says it, and the first that does not
/// go on is the last. The service is the rules', else the one the payload names, else the rules' default. Where these know none
/// and the rules name a team it is that team's, by its policy; else it is the source's service, else its team's. Severities as
/// the source means them.
Routed route(const Configuration& configuration, const AlertFields& fields);

/// Texts are compared letter by letter, and of a long one the beginning is looked at (oncall/pattern.hpp). `greater` and `less`
/// compare severities by how bad they are, all else as numbers; what is none holds neither way.
bool matches(const Condition& condition, const AlertFields& fields);

/// The rules that speak about it, in their order.
std::vector<const Rule*> rules_for(const Configuration& configuration, const AlertFields& fields);

/// By the table of oncall/severity: critical and error are high; warning and info low; none given, or a word nobody knows, is
/// high.
Urgency urgency_of(std::string_view severity);

} // namespace oncall
