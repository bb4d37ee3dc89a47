#pragma once

#include "oncall/configuration.hpp"
#include "storage/troubles.hpp"

/// What keeps us from something until a person acts, and what mends it. One line each, for whoever can.
namespace delivery::words {

/// "team payments, ONCALL_CHANNEL"; empty: nobody names the channel. `fallback`: what ONCALL_CHANNEL says.
std::string uses_of(const oncall::Configuration& configuration, const std::string& fallback, const std::string& channel);
/// `uses`: who needs the channel ("team payments"); may be empty. `bot`: what we are called in Slack, without "@".
std::string stands(const storage::Trouble& one, const std::string& uses, const std::string& bot);
std::string is_over(const storage::Trouble& one);
/// What is wrong, as a sentence, for whoever asks how things are.
std::string in_short(const storage::Trouble& one);
/// What is wrong, as half a sentence, without names of channels.
std::string kept_from(const storage::Trouble& one);

} // namespace delivery::words
