#pragma once

#include "notify/outcome.hpp"

#include <string_view>

/// What Twilio reports of a message or a call, by callback or when it is asked.
namespace notify {

/// A message's status, and the error code that came with it (0: none), as a status callback says them.
Outcome sms_became(std::string_view status, int error_code);
/// A call's status, and who answered. Answered by a machine is not reached.
Outcome call_became(std::string_view status, std::string_view answered_by);
/// It will not go, and why.
Outcome refused(std::string why);
/// What one of Twilio's error codes means for whom it was to reach.
Outcome error_means(int code);

/// Where Twilio calls us, below ONCALL_PUBLIC_URL.
inline constexpr std::string_view sms_path{"/twilio/sms"}, status_path{"/twilio/status"}, voice_path{"/twilio/voice/"};

} // namespace notify
