#include "mail/message.hpp"

#include "catch.hpp"

TEST_CASE("A mail's text is read whatever its charset, and without what is attached", "[mail]")
{
    struct Row {
        const char* raw;
        const char* text;
    };
    const Row rows[] = {
        {"Subject: x\nContent-Type: text/plain; charset=iso-8859-1\n\nSt\xF6rung", "St\u00F6rung"},
        {"Subject: x\n\nSt\xF6rung", "St\u00F6rung"},
        {"Subject: x\nContent-Type: text/plain; charset=utf-8\n\nSt\u00F6rung", "St\u00F6rung"},
        {"Subject: x\nContent-Type: text/plain; charset=klingon\n\nSt\u00F6rung", "St\u00F6rung"},
        {"Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nU3TDtnJ1bmc=",
            "St\u00F6rung"},
        {"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello wor", "hello wor"},
        {"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nContent-Disposition: "
         "attachment\n\nno\n--b\nContent-Type: text/plain\n\nyes\n--b--\n",
            "yes"},
        {"Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
         "text/html\n\n<p>no</p>\n--b\n\nyes\n--b--\n",
            "yes"},
        {"Subject: x\nContent-Type: message/rfc822\n\nSubject: y\n\ninner", "inner"},
    };
    for (const auto& row : rows) {
        INFO(row.raw);
        const auto mail = mail::read(row.raw);
        REQUIRE(mail);
        CHECK(mail->text == row.text);
    }
}

TEST_CASE("A mail's headers are read with or without mbox's line, decoded and unfolded", "[mail]")
{
    const auto mail = mail::read("From ana Tue Nov  3 12:00:00 2026\nFrom: =?iso-8859-1?Q?J=FCrgen?= <j@example.com>\nTo: a@b\n"
                                 "Subject: =?utf-8?B?U3TDtnJ1bmc=?=\n of two\nMessage-Id: <1@b>\nIn-Reply-To: <0@b>\n"
                                 "Auto-Submitted: auto-generated\n\ntext");
    REQUIRE(mail);
    CHECK(mail->from == "J\u00FCrgen <j@example.com>");
    CHECK(mail->subject == "St\u00F6rung of two");
    CHECK_THAT(mail->message_id, contains("1@b"));
    CHECK_THAT(mail->in_reply_to, contains("0@b"));
    CHECK(mail->auto_submitted == "auto-generated");
    for (const auto* const none : {"", "hello world\n", "\n\nSubject: x", " : x", "{}", ": x"})
        CHECK_FALSE(mail::read(none));
}

TEST_CASE("No mail ends the process, however deep and however long", "[mail]")
{
    const auto many = [](std::string head, const std::string& part, int count, const std::string& tail) {
        for (int i = 0; i < count; ++i)
            head += part;
        return head + tail;
    };
    const std::string mails[] = {
        many("Subject: x\n", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1'000, "end"),
        many("Subject: x\n", "Content-Type: message/rfc822\n\n", 5'000, "end"),
        many("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 20'000, "--b--"),
        many("Subject: x\nTo: ", "a:", 100'000, "\n\nx"),
        many("Subject: x\nContent-Type: message/rfc822\n\nfrom :", "\n a:", 50'000, "\n\nx"),
        many("Subject: x\nCc: ", "(", 100'000, "\n\nx"),
        many("Subject: x\n", "a: b\n", 100'000, "\nx"),
        many("Subject: ", "=?utf-8?Q?=C3=BC?= ", 10'000, "\n\nx"),
        many("Subject: x\nContent-Type: text/html\n\n", "<", 200'000, ""),
        many("Subject: x\nContent-Type: text/html\n\n", "<style></", 20'000, ""),
    };
    for (const auto& raw : mails) {
        INFO(raw.substr(0, 60));
        const auto mail = mail::read(raw);
        REQUIRE(mail);
        CHECK(mail->text.size() <= 65'536);
        CHECK(mail->subject.size() <= 4'096);
    }
}

TEST_CASE("Of HTML stays what people read", "[mail]")
{
    CHECK(mail::text_of_html("<html><head><title>no</title><style>p{}</style></head><body><h1>Disk &amp; CPU</h1>"
                             "<p>It&#39;s  <b>full</b> &#x1F600;<br>now &lt;b&gt;</p><script>a<b</script>"
                             "<table><tr><td>a</td><td>b</td></tr></table><!-- no --></body>")
        == "Disk & CPU\nIt's full \U0001F600\nnow <b>\na b");
    CHECK(mail::text_of_html("a &unknown; &#xD800; &# b <unclosed") == "a &unknown;  &# b");
}
