#include "catch.hpp"
#include "noon.hpp"
#include "notify/email.hpp"
#include "notify/template.hpp"
#include "notify/text.hpp"

#include <algorithm>

using namespace notify;

namespace {

const Mailbox us{"Oncall", "oncall@example.com"};

Email a_mail()
{
    Email email;
    email.to = "ana@example.com";
    email.subject = "[#1 critical] checkout: Checkout is down";
    email.date = TimePoint{std::chrono::milliseconds{1'793'707'200'000}};
    return email;
}

std::string line(const std::vector<std::string>& head, const std::string& name)
{
    for (const auto& one : head)
        if (one.starts_with(name + ": "))
            return one.substr(name.size() + 2);
    return "none";
}

std::string subject(const std::string& text)
{
    auto email = a_mail();
    email.subject = text;
    return line(head(email, us), "Subject");
}

} // namespace

TEST_CASE("A mail's head is ASCII in short lines, whatever stands in it", "[notify]")
{
    auto email = a_mail();
    for (const auto& text : {std::string{"short"}, std::string(500, 'x'), std::string(60, 'x') + " " + std::string(60, 'y'),
             std::string(300, '\xC3'), std::string{"ünïcödé ünïcödé ünïcödé ünïcödé ünïcödé ünïcödé ünïcödé ünïcödé ünïcödé"},
             std::string("a\0b\r\nc\x1B[31m", 10),
             std::string{
                 "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z"},
             std::string{"🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥"}}) {
        email.subject = text;
        for (const auto& one : head(email, {text, "oncall@example.com"})) {
            INFO(one);
            CHECK(std::all_of(
                one.begin(), one.end(), [](unsigned char c) { return (c >= 0x20 && c < 0x7F) || c == '\r' || c == '\n'; }));
            for (std::size_t at = 0, end; at < one.size(); at = end + 2) {
                end = std::min(one.find("\r\n", at), one.size());
                CHECK(end - at <= 78);
                CHECK(one.find_first_not_of(' ', at) < end); // no line of blanks
                if (at > 0)
                    CHECK(one[at] == ' '); // it goes on
                CHECK(one.substr(at, end - at).find_first_of("\r\n") == std::string::npos);
            }
        }
    }
}

TEST_CASE("A subject is encoded when it must be, and only then", "[notify]")
{
    CHECK(subject("[#1 critical] checkout: down") == "[#1 critical] checkout: down");
    CHECK(subject("  a \t\r\n  b  ") == "a b");
    CHECK(subject("größer") == "=?utf-8?B?Z3LDtsOfZXI=?=");
    CHECK(subject("=?utf-8?B?aGE=?=") == "=?utf-8?B?PT91dGYtOD9CP2FHRT0/PQ==?="); // it says this, and not "ha"
    CHECK(subject("") == "");
}

TEST_CASE("A sender's name is quoted or encoded", "[notify]")
{
    const auto from = [](const std::string& name) { return line(head(a_mail(), {name, "o@example.com"}), "From"); };
    CHECK(from("") == "o@example.com");
    CHECK(from("Oncall, Inc.") == "\"Oncall, Inc.\" <o@example.com>");
    CHECK(from("a\"b\\c") == "\"a\\\"b\\\\c\" <o@example.com>");
    CHECK(from("Bereitschaft für alle") == "=?utf-8?B?QmVyZWl0c2NoYWZ0IGbDvHIgYWxsZQ==?= <o@example.com>");
}

TEST_CASE("What urges, threads and repeats is in the head", "[notify]")
{
    auto email = a_mail();
    CHECK(line(head(email, us), "Importance") == "none");
    CHECK(line(head(email, us), "Message-ID") == "none");
    email.urgent = true;
    email.id = "page-7.1";
    email.thread = "alert-1.1";
    const auto lines = head(email, us);
    CHECK(line(lines, "Importance") == "high");
    CHECK(line(lines, "Message-ID") == "<page-7.1@example.com>");
    CHECK(line(lines, "References") == "<alert-1.1@example.com>");
    CHECK(head(email, us) == lines);
    CHECK(line(lines, "Date") == "Tue, 03 Nov 2026 12:00:00 +0000");
    email.date = TimePoint{std::chrono::milliseconds{951'782'399'999}};
    CHECK(line(head(email, us), "Date") == "Mon, 28 Feb 2000 23:59:59 +0000");
    email.to = "ana@example.com\r\nBcc: eve@example.com";
    CHECK_THROWS_AS(head(email, us), std::invalid_argument);
}

TEST_CASE("Foreign text is cleaned before it is shown", "[notify]")
{
    CHECK(clean("a\r\nb\rc\nd\te\x01\x7F") == "a\nb\nc\nd e");
    CHECK(clean("a\xE2\x80\xAE"
                "b\xE2\x81\xA6"
                "c\xEF\xBB\xBF")
        == "abc"); // right-to-left override, isolate, byte order mark
    CHECK(clean("\xC2\x85|\xE2\x80\xA8|") == "|\n|"); // C1, line separator
    for (const std::string broken :
        {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xF0\x9F\x94", "\x80"}) {
        const auto cleaned = clean("a" + broken + "b");
        INFO(cleaned);
        CHECK(cleaned.starts_with("a\xEF\xBF\xBD"));
        CHECK(cleaned.ends_with("b"));
    }
    CHECK(clean("ä€🔥") == "ä€🔥");
    CHECK(one_line(" a\n\n b ", 10) == "a b");
    CHECK(one_line("äöü", 3) == "äöü");
    CHECK(one_line("äöüx", 3) == "äö…");
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("Only web addresses are links", "[notify]")
{
    for (const std::string good : {"https://example.com/a?b=c&d#e", "HTTP://example.com", "https://wiki.example.com/Übersicht"})
        CHECK(is_web_address(good));
    for (const std::string bad : {"", "javascript:alert(1)", "data:text/html,x", "https:/x", "https://", "http://a b",
             "https://a\n.b", "https://a\"onclick=x", "https://a<b", " https://a", "file:///etc/passwd",
             "https://a\xE2\x80\xAE"
             "b"})
        CHECK_FALSE(is_web_address(bad));
}

TEST_CASE("A time is told in the person's zone, else in UTC", "[notify]")
{
    CHECK(date_and_time(noon, "Europe/Berlin") == "2026-11-03 13:00 (Europe/Berlin)");
    CHECK(date_and_time(noon, "") == "2026-11-03 12:00 UTC");
    CHECK(date_and_time(noon, "Mars/Olympus") == "2026-11-03 12:00 UTC");
}

TEST_CASE("What fills a template is shown and never becomes part of it", "[notify]")
{
    Filling filling;
    filling.texts["name"] = "<script>\"'&{{{secret}}}{{#list}}";
    filling.texts["secret"] = "seen";
    filling.texts["none"] = "";
    Filling inner;
    inner.texts["name"] = "";
    filling.lists["list"] = {inner, inner};
    CHECK(html("<a b=\"{{name}}\">", filling) == "<a b=\"&lt;script&gt;&quot;&#39;&amp;{{{secret}}}{{#list}}\">");
    CHECK(plain("{{name}}", filling) == filling.texts["name"]);
    CHECK(plain("{{#none}}x{{/none}}{{^none}}y{{/none}}{{none}}", filling) == "y");
    CHECK(plain("{{#list}}[{{name}}]{{/list}}", filling) == "[][]"); // an empty text is not looked for further out
    CHECK_THROWS(plain("{{#open}}", filling));
    CHECK(style_source("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}
