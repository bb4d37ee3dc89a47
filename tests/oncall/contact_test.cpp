#include "catch.hpp"
#include "oncall/contact.hpp"

using namespace oncall;

namespace {

ContactMethod a_method(ContactKind kind, const std::string& address, std::int64_t id = 12)
{
    ContactMethod method;
    method.id = {id};
    method.kind = kind;
    method.address = address;
    method.verified_at = TimePoint{1ms};
    method.consented_at = TimePoint{1ms};
    return method;
}

} // namespace

TEST_CASE("A contact method's name says its kind and its number, and is read back", "[oncall][contact]")
{
    using enum ContactKind;
    for (const auto kind : {slack, email, sms, voice, web_push, ntfy, pushover, gotify, webhook}) {
        CHECK(contact_kind_in(name(kind)) == kind);
        if (kind == slack)
            continue;
        const auto read = method_in(method_out(a_method(kind, "")));
        REQUIRE(read);
        CHECK(read->kind == kind);
        CHECK(read->id == ContactId{12});
    }
    CHECK(method_out(a_method(slack, "U1", 0)) == "slack");
    CHECK(method_out(a_method(email, "a@b.example", 0)) == "email");
    CHECK(method_in("slack")->id == ContactId{});
    for (const auto* none : {"", "sms", "push", "channel", "fallback", "sms:", "sms:0", "sms:-1", "sms:1x",
             "sms:99999999999999999999", "slack:3", "SMS:1", "fax:1"}) {
        INFO(none);
        CHECK_FALSE(method_in(none));
    }
}

TEST_CASE("A contact method is used once it is verified, until it is stopped, and with consent where that is asked",
    "[oncall][contact]")
{
    auto method = a_method(ContactKind::sms, "+4915112345678");
    CHECK(is_usable(method));
    method.consented_at = {};
    CHECK_FALSE(is_usable(method));
    method.kind = ContactKind::ntfy;
    CHECK(is_usable(method));
    method.stopped_at = TimePoint{2ms};
    CHECK_FALSE(is_usable(method));
    method.stopped_at = {};
    method.verified_at = {};
    CHECK_FALSE(is_usable(method));
}

TEST_CASE("Others see of an address what tells it apart, and never the whole", "[oncall][contact]")
{
    using enum ContactKind;
    CHECK(masked(a_method(sms, "+4915112345612")) == "+49 … 12");
    CHECK(masked(a_method(voice, "+12025550199")) == "+1 … 99");
    CHECK(masked(a_method(voice, "+37255501234")) == "+372 … 34");
    CHECK(masked(a_method(sms, "4915112345612")) == "a number");
    CHECK(masked(a_method(email, "ana@example.com")) == "a…@example.com");
    CHECK(masked(a_method(email, "@example.com")) == "an address");
    CHECK(masked(a_method(webhook, "https://ana:secret@hooks.example.com:8443/T123?key=abc")) == "a URL at hooks.example.com");
    CHECK(masked(a_method(web_push, R"({"endpoint":"https://fcm.googleapis.com/fcm/send/abc","keys":{}})"))
        == "a browser at fcm.googleapis.com");
    CHECK(masked(a_method(ntfy, "ana-secret-topic")) == "a topic");
    CHECK(masked(a_method(pushover, "uQiRzpo4DXghDmr9QzzfQu27cmVRsG")) == "a key");
}
