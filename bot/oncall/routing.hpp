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
    std::string team{}; // of the service; of an unmapped alert, its source's owner
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
    std::string rule{};
    std::string because{}; // one sentence
};

/// The first rule that matches decides; without one the service the payload names, else the source's own.
Routed route(const Configuration& configuration, const AlertFields& fields);

bool matches(const Condition& condition, const AlertFields& fields);

/// By the table of oncall/severity: critical and error are high; warning and info low; none given, or a word nobody knows, is
/// high.
Urgency urgency_of(std::string_view severity);

} // namespace oncall
