#pragma once

#include "slack/message.hpp"

namespace handlers {

/// The answer to a command, which only its asker sees.
slack::Json said(const slack::Message& message);

} // namespace handlers
