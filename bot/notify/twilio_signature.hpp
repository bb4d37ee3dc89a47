#pragma once

#include "net/message.hpp"

namespace notify {

/// What Twilio puts into X-Twilio-Signature: base64 of HMAC-SHA1 by the account's auth token over the URL it calls and the
/// parameters it posts, by name, each once.
std::string twilio_signature(const std::string& auth_token, const std::string& url, std::vector<net::Header> parameters);

/// Whether a request was signed by Twilio, by any of the auth tokens. `url` is the one Twilio called, in full; with and without
/// the scheme's own port, which Twilio may or may not name. Takes as long for a wrong signature as for a right one.
bool is_signed_by_twilio(const std::vector<std::string>& auth_tokens, const std::string& url,
    const std::vector<net::Header>& parameters, std::string_view signature);

} // namespace notify
