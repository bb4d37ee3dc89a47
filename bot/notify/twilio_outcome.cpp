#include "notify/twilio_outcome.hpp"

#include <algorithm>
#include <iterator>

namespace notify {

Outcome refused(std::string why)
{
    Outcome outcome;
    outcome.how = Outcome::refused;
    outcome.why = std::move(why);
    return outcome;
}

namespace {

struct Meaning {
    int code{};
    std::string_view why{};
    enum { once, gone, mend, wait } what{once}; // it failed; it will never work; an operator is needed; later
};
/// https://www.twilio.com/docs/api/errors
constexpr Meaning meanings[]{
    {10001, "the Twilio account is not active", Meaning::mend},
    {14107, "our number sends more than Twilio lets it", Meaning::wait},
    {20003, "Twilio does not take our credentials: check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN", Meaning::mend},
    {20004, "the Twilio account may not do that", Meaning::mend},
    {20005, "the Twilio account is not active", Meaning::mend},
    {20404, "Twilio knows no such account: check TWILIO_ACCOUNT_SID", Meaning::mend},
    {20429, "Twilio asks to wait", Meaning::wait},
    {21210, "TWILIO_FROM is no number of this Twilio account", Meaning::mend},
    {21211, "there is no such number", Meaning::gone},
    {21212, "TWILIO_FROM is no number that can send", Meaning::mend},
    {21214, "the number cannot be reached"},
    {21215, "the Twilio account may not call that country: allow it in Voice, Settings, Geo permissions", Meaning::mend},
    {21216, "Twilio blocks calls to that number"},
    {21217, "there is no such number", Meaning::gone},
    {21219, "a trial account of Twilio reaches verified numbers alone: upgrade it", Meaning::mend},
    {21408, "the Twilio account may not text that country: allow it in Messaging, Settings, Geo permissions", Meaning::mend},
    {21603, "TWILIO_FROM is missing", Meaning::mend},
    {21606, "TWILIO_FROM cannot send text messages", Meaning::mend},
    {21608, "a trial account of Twilio reaches verified numbers alone: upgrade it", Meaning::mend},
    {21610, "its owner answered STOP; START, sent to our number, takes that back", Meaning::gone},
    {21611, "too many text messages wait at Twilio", Meaning::wait},
    {21612, "Twilio cannot reach that number from ours"},
    {21614, "the number takes no text messages", Meaning::gone},
    {21635, "a landline takes no text messages", Meaning::gone},
    {21659, "TWILIO_FROM is no number of this Twilio account", Meaning::mend},
    {21660, "TWILIO_FROM is no number of this Twilio account", Meaning::mend},
    {30001, "too many text messages waited at Twilio"},
    {30002, "the Twilio account is suspended", Meaning::mend},
    {30003, "the phone cannot be reached: off, or without a network"},
    {30004, "the phone or its network blocks us"},
    {30005, "the network knows no such number"},
    {30006, "a landline, or a network that cannot be reached"},
    {30007, "the network filtered it out"},
    {30008, "the network lost it"},
    {30032, "our toll-free number is not verified yet: do that in Twilio's console", Meaning::mend},
    {30034, "our number is not registered for texting the USA (A2P 10DLC): do that in Twilio's console", Meaning::mend},
    {30410, "the network took too long"},
    {63038, "the account's daily limit of text messages is reached", Meaning::mend},
};

bool is_machine(std::string_view answered_by) { return answered_by.starts_with("machine") || answered_by == "fax"; }

} // namespace

Outcome sms_became(std::string_view status, int error_code)
{
    Outcome outcome;
    if (status == "delivered" || status == "read") {
        outcome.how = Outcome::confirmed;
    } else if (status == "undelivered" || status == "failed" || status == "canceled") {
        outcome = error_means(error_code);
        outcome.how = Outcome::refused; // of this one nothing comes any more, whatever the code would mean before
        if (outcome.why.empty())
            outcome.why = error_code > 0 ? "the network did not take it (error " + std::to_string(error_code) + ")"
                                         : "the network did not take it";
    }
    return outcome;
}

Outcome call_became(std::string_view status, std::string_view answered_by)
{
    Outcome outcome;
    if (status == "busy")
        return refused("the line was busy");
    if (status == "no-answer")
        return refused("nobody picked up");
    if (status == "failed" || status == "canceled")
        return refused("the call could not be put through");
    if (is_machine(answered_by))
        return refused(answered_by == "fax" ? "a fax machine picked up" : "an answering machine picked up");
    if (!answered_by.empty() && (status == "in-progress" || status == "completed"))
        outcome.how = Outcome::confirmed;
    else if (status == "completed")
        return refused("it was hung up before anything was said");
    return outcome;
}

Outcome error_means(int code)
{
    const auto* const found =
        std::find_if(std::begin(meanings), std::end(meanings), [&](const Meaning& one) { return one.code == code; });
    if (found == std::end(meanings))
        return refused("");
    auto outcome = refused(std::string{found->why} + " (error " + std::to_string(code) + ")");
    outcome.gone = found->what == Meaning::gone;
    outcome.needs_an_operator = found->what == Meaning::mend;
    if (found->what == Meaning::wait)
        outcome.how = Outcome::later;
    return outcome;
}

} // namespace notify
