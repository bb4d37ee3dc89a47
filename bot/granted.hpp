#pragma once

#include "net/message.hpp"
#include "oncall/configuration.hpp"

/// The scopes that Slack has given the bot, as its answers say.
class GrantedScopes {
public:
    void look_at(const net::Response& response);
    /// Those that the configuration needs, those aside without which people are paged all the same, and Slack has not given, with
    /// what cannot be done: "im:write: nobody can be …". Nothing while Slack has not said.
    std::vector<std::string> missing(const oncall::Configuration& configuration) const;

private:
    std::string all_{}; // with commas; empty: Slack has not said
};
