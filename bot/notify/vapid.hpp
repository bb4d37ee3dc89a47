#pragma once

#include "notify/encrypted_content.hpp"
#include "oncall/time.hpp"

#include <functional>

namespace notify {

using oncall::TimePoint;

/// How we tell push services who we are (RFC 8292).
struct Vapid {
    KeyPair keys{};
    std::string subject{}; // "mailto:…" or "https://…": whom its operators may write to
};

/// A pair out of what `random` draws, 32 bytes at a time.
KeyPair fresh_keys(const std::function<std::string(std::size_t)>& random);

/// The value of the Authorization header for one endpoint: a token (JWT, ES256) for its origin that holds for twelve hours, and
/// our public key.
std::string vapid_header(const Vapid& vapid, const std::string& endpoint, TimePoint now);

} // namespace notify
