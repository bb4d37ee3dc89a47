#pragma once

#include <string_view>

namespace config {

/// An e-mail address, @handle or Slack id (U…, W…).
bool is_person(std::string_view text);

/// "#name" or a channel's id (C…, G…).
bool is_channel(std::string_view text);

/// "@handle" or a user group's id (S…).
bool is_user_group(std::string_view text);

/// http:// or https:// and something behind it.
bool is_web_address(std::string_view text);

} // namespace config
