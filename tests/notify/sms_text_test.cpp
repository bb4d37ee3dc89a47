#include "catch.hpp"
#include "notify/sms_text.hpp"
#include "notify/twiml.hpp"
#include "twilio/twilio.hpp"

using namespace notify;

namespace {

PageMessage page(const std::string& title, const std::string& code = "")
{
    PageMessage message;
    message.alert = 12;
    message.title = title;
    message.code = code;
    return message;
}

std::string repeated(const std::string& what, int times)
{
    std::string all;
    for (int time = 0; time < times; ++time)
        all += what;
    return all;
}

} // namespace

TEST_CASE("Segments are counted as networks count them", "[notify][sms]")
{
    CHECK(segments("") == 0);
    CHECK(segments(std::string(160, 'a')) == 1);
    CHECK(segments(std::string(161, 'a')) == 2);
    CHECK(segments(std::string(306, 'a')) == 2);
    CHECK(segments(std::string(307, 'a')) == 3);
    CHECK(segments(repeated("[", 80)) == 1); // two places each
    CHECK(segments(repeated("[", 81)) == 2);
    CHECK(segments(std::string(152, 'a') + "[" + std::string(152, 'a')) == 3); // no segment ends inside a character
    CHECK(segments(repeated("ä", 160)) == 1);
    CHECK(segments(repeated("ж", 70)) == 1);
    CHECK(segments(repeated("ж", 71)) == 2);
    CHECK(segments(repeated("🚨", 35)) == 1); // two places each
    CHECK(segments(repeated("🚨", 36)) == 2);
}

TEST_CASE("A page's text message says first what is broken, and how to answer", "[notify][sms]")
{
    CHECK(sms_text(page("[#12 critical] checkout: Checkout is down"))
        == "[#12 critical] checkout: Checkout is down\nReply 4 to acknowledge, 6 to resolve.");
    CHECK(sms_text(page("x", "12")) == "x\nReply 4 12 to acknowledge, 6 12 to resolve.");
    auto test = page("x");
    test.test = true;
    CHECK(sms_text(test) == "x\nThis is a test; there is nothing to do.");
    PageMessage code;
    code.text = "123456 is your code for on-call.\nNobody asks you for it.";
    CHECK(sms_text(code) == code.text);
}

TEST_CASE("A text message is three segments at most, and its last line is whole", "[notify][sms]")
{
    for (const auto& piece : {std::string{"a"}, std::string{"["}, std::string{"ж"}, std::string{"🚨"}, std::string{"é "},
             std::string{"“"}, std::string{"\xF0\x9F"}, std::string{"…"}})
        for (const int times : {1, 60, 150, 158, 159, 400, 5'000}) {
            const auto text = sms_text(page(repeated(piece, times)));
            INFO(piece << " " << times);
            CHECK(segments(text) <= most_segments);
            CHECK(text.ends_with("\nReply 4 to acknowledge, 6 to resolve."));
        }
    const auto cut = sms_text(page(std::string(490, 'a')));
    CHECK(has(cut, "aaa...\nReply 4"));
    CHECK(segments(cut) == most_segments);
    CHECK(segments(sms_words(repeated("words ", 1'000))) == most_segments);
}

TEST_CASE("Foreign words cannot make a line of their own in a text message", "[notify][sms]")
{
    const auto text = sms_text(page("down\nReply 4 to wire money\r\nReply 6\xE2\x80\xA8here\xE2\x80\xAE"
                                    "gnp"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK(text.ends_with("\nReply 4 to acknowledge, 6 to resolve."));
    CHECK_FALSE(has(text, "\xE2\x80\xAE"));
    CHECK(has(sms_text(page("a “quoted” word – and …")), "a \"quoted\" word - and ..."));
}

TEST_CASE("A call says what is broken twice, and which keys do what", "[notify][voice]")
{
    const std::string words{"checkout: <Say>5 & 6</Say> \"down\" ]]> it's"};
    const auto response = twilio::twiml_in(page_twiml(words, "https://oncall.example.com/twilio/voice/a.b-c?x=1&y=\"2\""));
    REQUIRE(response.inner.size() == 2);
    const auto& gather = response.inner.front();
    CHECK(gather.name == "Gather");
    CHECK(gather.attributes.at("numDigits") == "1");
    CHECK(gather.attributes.at("finishOnKey").empty());
    CHECK(gather.attributes.at("action") == "https://oncall.example.com/twilio/voice/a.b-c?x=1&y=\"2\"");
    REQUIRE(gather.inner.size() == 4);
    CHECK(gather.inner[0].text == words);
    CHECK(gather.inner[2].text == words);
    CHECK(has(gather.inner[3].text, "Press 1 to acknowledge, 2 to resolve, 3 to escalate, or star"));
    CHECK(has(response.inner[1].text, "No key was pressed"));
}

TEST_CASE("A call without an address for keys says where to answer", "[notify][voice]")
{
    const auto response = twilio::twiml_in(page_twiml("It is down.", ""));
    REQUIRE(response.inner.size() == 4);
    CHECK(has(response.inner[3].text, "Answer in Slack, or by text message."));
    const auto longest = page_twiml(std::string(5'000, '&'), "");
    CHECK(longest.size() <= 4'000);
    twilio::twiml_in(longest);
}

TEST_CASE("Answers to text messages and last words are TwiML, whatever is in them", "[notify][sms][voice]")
{
    for (const std::string words : {"", "a & b < c > \"d\" 'e'", "two\nlines", "\x01\x02\xFF", "</Message></Response>"}) {
        INFO(words);
        const auto text = twilio::twiml_in(text_twiml(words));
        CHECK(text.inner.size() == (words.empty() ? 0u : 1u));
        CHECK(twilio::twiml_in(farewell_twiml(words)).inner.back().name == "Hangup");
    }
    CHECK(twilio::twiml_in(text_twiml("two\nlines & more")).inner.front().text == "two\nlines & more");
    CHECK(twilio::twiml_in(hang_up_twiml()).inner.size() == 1);
}

TEST_CASE("Keys are ours, and those that PagerDuty's users know", "[notify][voice]")
{
    CHECK(key_in("1").what == Key::acknowledge);
    CHECK(key_in("4").what == Key::acknowledge);
    CHECK(key_in("2").what == Key::resolve);
    CHECK(key_in("6").what == Key::resolve);
    CHECK(key_in("3").what == Key::escalate);
    CHECK(key_in("8").what == Key::escalate);
    CHECK(key_in("*").what == Key::again);
    for (const auto* other : {"", "0", "5", "7", "9", "#", "11", "1*", "x"})
        CHECK(key_in(other).what == Key::nothing);
}
