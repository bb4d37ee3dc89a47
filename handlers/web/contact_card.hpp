#pragma once

#include "net/message.hpp"

#include <string>
#include <vector>

namespace handlers {

/// The numbers that we call from as a contact that phones take up, vCard 3.0; 404 when there are none.
net::Response contact_card(const std::vector<std::string>& numbers);

} // namespace handlers
