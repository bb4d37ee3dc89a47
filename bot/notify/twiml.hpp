#pragma once

#include <string>
#include <string_view>

/// What a phone call or an answer to a text message says, as Twilio wants it (TwiML). Everything foreign is escaped.
namespace notify {

/// What a call says first: twice, then a key is waited for. `action`: where the key goes; empty: no keys can be asked for (there
/// is no address for them), and it says where to answer instead.
std::string page_twiml(std::string_view spoken, const std::string& action);
/// The same for a bundle, whose one answer is to acknowledge all of it.
std::string bundle_twiml(std::string_view spoken, const std::string& action);
/// Words that nothing is to be answered to, said twice: a code, a test.
std::string twice_twiml(std::string_view words);
/// A call's last words.
std::string farewell_twiml(std::string_view words);
/// Ends a call without a word: a machine has taken it.
std::string hang_up_twiml();
/// The answer to a text message; empty words: none.
std::string text_twiml(std::string_view words);

/// What a key does.
struct Key {
    enum What { acknowledge, resolve, escalate, again, nothing } what{nothing};
};
/// 1 or 4, 2 or 6, 3 or 8, *: ours, and those that PagerDuty's users have in their fingers.
Key key_in(std::string_view digits);

} // namespace notify
