#pragma once

#include "handlers/context.hpp"

/// Changes of the configuration: by the file, by Slack, by overrides.
namespace handlers {

/// Another configuration or other overrides were committed: they hold from here on, and whoever follows them looks again. On the
/// loop, after the commit and before its answer.
asio::awaitable<void> put_in_force(Context& app);

} // namespace handlers
