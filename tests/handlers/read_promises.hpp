#pragma once

#include "handlers/payload_files.hpp"

/// What must be true of whatever a format makes of whatever was sent.
namespace payloads {

/// What is wrong with it, a sentence each: texts that are no UTF-8 or beyond the limits of sources.hpp, an alert without a title,
/// a clear without a key, a payload of which nothing at all is left.
std::vector<std::string> wrong_in(const Read& read, std::string_view format);

/// Reads it as the intake does: what is wrong, with what is read and with the words of a refusal. What a format may throw is
/// BadPayload; everything else is wrong. `read`, when given, gets what was read; it stays as it is on a refusal.
std::vector<std::string> wrong_with(
    const handlers::sources::Format& format, const Sent& sent, const oncall::Source& source, Read* read = nullptr);

} // namespace payloads
