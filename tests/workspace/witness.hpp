#pragma once

#include <nlohmann/json.hpp>

namespace workspace {

/// Told what the workspace found nothing wrong with, as it was sent: an array of blocks, a view, or options. Null: nobody is.
using Witness = void (*)(const nlohmann::ordered_json& sent);
Witness& witness();

} // namespace workspace
