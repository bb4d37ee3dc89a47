#pragma once

#include "oncall/time.hpp"
#include "slack/message.hpp"

/// How Amazon SNS signs. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
namespace notify {

/// Whether an address is one of SNS itself from which it hands out its certificates, or where a subscription is confirmed: https,
/// sns.REGION.amazonaws.com, and there a .pem file, or the action. A bucket that somebody calls "sns" has such a host too, but
/// for the region: "sns.s3-us-west-2.amazonaws.com" is none.
bool is_sns_certificate_url(const std::string& url);
bool is_sns_subscribe_url(const std::string& url);

/// What SNS has signed of a message; empty when a part of it is missing.
std::string sns_signed_text(const slack::Json& message);

/// What is wrong with a certificate (PEM): it is none, is for somebody else, holds at another time; empty: nothing. Who signed it
/// is not looked at: it is trusted for the address that it was fetched from.
std::string sns_certificate_problem(const std::string& certificate, oncall::TimePoint now);

/// Whether the message was signed, by SHA-1 or SHA-256 as it says, with the certificate's key.
bool is_signed_by_sns(const slack::Json& message, const std::string& certificate);

} // namespace notify
