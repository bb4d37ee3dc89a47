#pragma once

#include <string>

namespace notify {

/// What the owner checks a webhook's signature with. Another for each contact method (`method` as "webhook:12"), made of the
/// service's own secret (the one of answer links): nothing of it is stored. For its owner's eyes only.
std::string webhook_secret(const std::string& service_secret, const std::string& method);

} // namespace notify
