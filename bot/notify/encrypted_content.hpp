#pragma once

#include <string>
#include <string_view>

/// Web push's encryption (RFC 8291: P-256, HKDF, the content coding aes128gcm of RFC 8188), by OpenSSL.
namespace notify {

/// A key of P-256: 32 bytes of it are private, 65 (an uncompressed point) are public.
struct KeyPair {
    std::string secret{};
    std::string open{};
};

/// The pair of a private key; an empty one when the 32 bytes are none (one of 2^32 that are drawn).
KeyPair key_pair(std::string_view secret);

/// Whether 65 bytes are a point of the curve.
bool is_public_key(std::string_view open);

/// The private key as PEM, for those who sign with it.
std::string pem_of(const KeyPair& keys);

/// The most that can be said so that it is 4,096 bytes when encrypted: what every push service takes (RFC 8291 §4).
inline constexpr std::size_t most_plain = 4'096 - 86 - 17;

/// Encrypts for whoever subscribed with `their_key` (public) and `their_secret` (16 bytes). `ours`: a pair for this message
/// alone; `salt`: 16 random bytes. Throws std::invalid_argument when there is too much to say or a key is none.
std::string encrypted(std::string_view words, std::string_view their_key, std::string_view their_secret, const KeyPair& ours,
    std::string_view salt);

} // namespace notify
