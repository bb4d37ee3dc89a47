#pragma once

#include "blocks/blocks.hpp"

/// Words that were written for Slack, said elsewhere.
namespace handlers {

/// A refusal or a deed as plain text: times in `time_zone`, people by name, commands as they are.
std::string plain_words(std::string words, const blocks::Names& names, const std::string& time_zone);

} // namespace handlers
