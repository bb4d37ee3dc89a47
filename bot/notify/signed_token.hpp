#pragma once

#include "oncall/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What stands in links of ours: who may do what, signed (JWT, HS256).
namespace notify {

/// A token of ASCII letters, digits and "-_.". Throws std::invalid_argument without a secret.
std::string sign(const std::string& secret, const nlohmann::json& claims);

/// The same by a private key of P-256 (PEM; ES256), for others to read.
std::string sign_for_others(const std::string& private_key, const nlohmann::json& claims);

/// The claims of a token that `sign` has made with this secret; nullopt for anything else, however malformed.
std::optional<nlohmann::json> claims_in(const std::string& secret, std::string_view token);

/// A secret of its own for each purpose, made of the one there is: what is signed for one is nothing for another.
std::string derived(const std::string& secret, std::string_view purpose);

/// A time as claims say it (RFC 7519, NumericDate): whole seconds.
std::int64_t numeric_date(oncall::TimePoint at);

/// HMAC-SHA256, 32 bytes.
std::string hmac(std::string_view secret, std::string_view words);
/// Bytes in lower-case hex.
std::string hex(std::string_view bytes);

} // namespace notify
