#pragma once

#include "storage/troubles.hpp"

/// What keeps us from something until a person acts, and what mends it. One line each, for whoever can.
namespace delivery::words {

/// `uses`: who needs the channel ("team payments"); may be empty. `bot`: what we are called in Slack, without "@".
std::string stands(const storage::Trouble& one, const std::string& uses, const std::string& bot);
std::string is_over(const storage::Trouble& one);
/// What is wrong, as a sentence, for whoever asks how things are.
std::string in_short(const storage::Trouble& one);
/// What is wrong, as half a sentence, without names of channels.
std::string kept_from(const storage::Trouble& one);

} // namespace delivery::words
