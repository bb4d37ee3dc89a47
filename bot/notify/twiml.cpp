#include "notify/twiml.hpp"

#include "notify/sms_text.hpp"
#include "notify/text.hpp"

namespace notify {

namespace {

constexpr std::size_t longest_spoken = 300; // characters; said twice and escaped it is within the 4000 that Twilio takes
constexpr std::string_view head{R"(<?xml version="1.0" encoding="UTF-8"?><Response>)"};
constexpr std::string_view tail{"</Response>"};

std::string xml_escaped(std::string_view text)
{
    std::string all;
    for (const char c : text)
        switch (c) {
        case '&': all += "&amp;"; break;
        case '<': all += "&lt;"; break;
        case '>': all += "&gt;"; break;
        case '"': all += "&quot;"; break;
        case '\'': all += "&apos;"; break;
        default: all += c;
        }
    return all;
}

/// Noncharacters are no XML, and no speech either.
std::string speakable(std::string_view text)
{
    auto line = one_line(text, longest_spoken);
    for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
        for (auto at = line.find(none); at != line.npos; at = line.find(none, at))
            line.erase(at, none.size());
    return line;
}

std::string say(std::string_view text) { return "<Say>" + xml_escaped(speakable(text)) + "</Say>"; }

std::string document(const std::string& inner) { return std::string{head} + inner + std::string{tail}; }

std::string asking(std::string_view spoken, const std::string& action, std::string_view keys)
{
    const auto twice = say(spoken) + R"(<Pause length="1"/>)" + say(spoken);
    if (action.empty())
        return document(twice + say("Answer in Slack, or by text message. Goodbye."));
    return document(R"(<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="10" method="POST" action=")"
        + xml_escaped(action) + "\">" + twice + say(keys) + "</Gather>"
        + say("No key was pressed, so nothing has changed. Goodbye."));
}

} // namespace

std::string page_twiml(std::string_view spoken, const std::string& action)
{
    return asking(spoken, action, "Press 1 to acknowledge, 2 to resolve, 3 to escalate, or star to hear it again.");
}

std::string bundle_twiml(std::string_view spoken, const std::string& action)
{
    return asking(spoken, action, "Press 1 to acknowledge all of them, or star to hear it again.");
}

std::string twice_twiml(std::string_view words)
{
    return document(say(words) + R"(<Pause length="1"/>)" + say(words) + "<Hangup/>");
}

std::string farewell_twiml(std::string_view words) { return document(say(words) + "<Hangup/>"); }

std::string hang_up_twiml() { return document("<Hangup/>"); }

std::string text_twiml(std::string_view words)
{
    return document(words.empty() ? std::string{} : "<Message>" + xml_escaped(sms_words(words)) + "</Message>");
}

Key key_in(std::string_view digits)
{
    if (digits == "1" || digits == "4")
        return {Key::acknowledge};
    if (digits == "2" || digits == "6")
        return {Key::resolve};
    if (digits == "3" || digits == "8")
        return {Key::escalate};
    return {digits == "*" ? Key::again : Key::nothing};
}

} // namespace notify
