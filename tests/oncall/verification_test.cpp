#include "catch.hpp"
#include "noon.hpp"
#include "oncall/alert.hpp"
#include "oncall/contact_permission.hpp"
#include "oncall/verification.hpp"

#include <rapidcheck.h>

using namespace oncall;

namespace {

std::string bytes_of(std::uint64_t number)
{
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xff);
    return bytes;
}

std::string refusal_of(const std::function<void()>& work)
{
    try {
        work();
        return "";
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
}

} // namespace

TEST_CASE("A code has six digits, whatever was drawn", "[oncall][contact]")
{
    CHECK(code_of(bytes_of(0)) == "000000");
    CHECK(code_of(bytes_of(7)) == "000007");
    CHECK(code_of(bytes_of(999'999)) == "999999");
    CHECK(code_of(bytes_of(1'000'000)) == "000000");
    CHECK(rc::check("six digits that are read again", [] {
        const auto code = code_of(*rc::gen::container<std::string>(8, rc::gen::arbitrary<char>()));
        RC_ASSERT(code.size() == 6U);
        RC_ASSERT(code_in(code) == code);
    }));
}

TEST_CASE("A code is read as people type it, and nothing else is", "[oncall][contact]")
{
    for (const std::string typed : {"123456", " 123 456 ", "123-456", "12 34 56"})
        CHECK(code_in(typed) == "123456");
    for (const std::string typed : {"", "12345", "1234567", "12345a", "１２３４５６", "123.456"})
        CHECK(code_in(typed) == "");
}

TEST_CASE("A code holds for ten minutes and five tries", "[oncall][contact]")
{
    const PendingCode pending{"right", noon + code_holds, 0};
    CHECK(answer_of(pending, "right", noon) == CodeAnswer::right);
    CHECK(answer_of(pending, "wrong", noon) == CodeAnswer::wrong);
    CHECK(answer_of(pending, "right", noon + code_holds - 1ms) == CodeAnswer::right);
    CHECK(answer_of(pending, "right", noon + code_holds) == CodeAnswer::too_late);
    CHECK(answer_of({"right", noon + code_holds, most_code_tries - 1}, "right", noon) == CodeAnswer::right);
    CHECK(answer_of({"right", noon + code_holds, most_code_tries}, "right", noon) == CodeAnswer::too_often);
    CHECK(answer_of({}, "", noon) == CodeAnswer::too_late); // none was sent
}

TEST_CASE("Addresses are kept as they are typed, or refused with what to write", "[oncall][contact]")
{
    using enum ContactKind;
    const auto kept = [](ContactKind kind, const std::string& typed) { return address_in(kind, typed).address; };
    CHECK(kept(email, " ana@example.com ") == "ana@example.com");
    CHECK(kept(email, "ana+oncall@mail.example.co.uk") == "ana+oncall@mail.example.co.uk");
    CHECK(kept(ntfy, "ana-oncall_7") == "ana-oncall_7");
    CHECK(kept(pushover, "uQiRzpo4DXghDmr9QzzfQu27cmVRsG") == "uQiRzpo4DXghDmr9QzzfQu27cmVRsG");
    CHECK(kept(gotify, "AbCd.1234_xyz") == "AbCd.1234_xyz");
    CHECK(kept(webhook, "https://push.example.com:8443/m?token=abc") == "https://push.example.com:8443/m?token=abc");
    CHECK(kept(webhook, "HTTPS://Example.com") == "https://Example.com");
    const std::vector<std::pair<ContactKind, std::string>> wrong{{email, ""}, {email, "ana"}, {email, "@example.com"},
        {email, "ana@"}, {email, "ana@localhost"}, {email, "a b@example.com"}, {email, "ana@example.com\r\nBcc: bo@example.com"},
        {email, "ana@example..com"}, {email, "<ana@example.com>"}, {email, "ana@example.com,bo@example.com"},
        {email, std::string(65, 'a') + "@example.com"}, {ntfy, ""}, {ntfy, "two words"}, {ntfy, "../other"},
        {ntfy, "http://ntfy.example.com/x"}, {ntfy, std::string(65, 'a')}, {pushover, "short"},
        {pushover, "uQiRzpo4DXghDmr9QzzfQu27cmVRs-"}, {gotify, "https://push.example.com/"}, {gotify, ""},
        {webhook, "http://example.com"}, {webhook, "https://user:password@example.com/"}, {webhook, "https://"},
        {webhook, "https://example.com:port/"}, {webhook, "https://exa mple.com"}, {webhook, "javascript:alert(1)"},
        {webhook, "https://-bad.example.com"}, {webhook, "https://[::1]/"}, {webhook, "https://localhost/"},
        {webhook, "https://a.example.com/\"><x"}};
    for (const auto& [kind, typed] : wrong) {
        INFO(name(kind) << ": " << typed);
        CHECK(kept(kind, typed) == "");
        CHECK(address_in(kind, typed).problem.size() > 10);
    }
}

TEST_CASE("Webhooks may lead into one's own network where the operator allows it", "[oncall][contact]")
{
    const auto kept = [](const std::string& typed) { return address_in(ContactKind::webhook, typed, true).address; };
    for (const std::string url : {"https://intranet/x", "https://localhost:9000", "http://127.0.0.1:9000/x",
             "https://[::1]:8443/x", "https://10.1.2.3/", "https://example.com/x"})
        CHECK(kept(url) == url);
    CHECK(kept("HTTP://localhost/") == "http://localhost/");
    for (const std::string url : {"ftp://intranet/", "intranet", "https://", "http://", "https://[]/", "https://[::1/",
             "https://[x]/", "https://a@intranet/", "https://in tranet/", "https://-x/"})
        CHECK(kept(url) == "");
    CHECK(address_in(ContactKind::email, "ana@localhost", true).address == "");
}

TEST_CASE("Whatever is typed, an address that is kept is printable and short", "[oncall][contact]")
{
    CHECK(rc::check("printable", [] {
        const auto kind = *rc::gen::element(
            ContactKind::email, ContactKind::ntfy, ContactKind::pushover, ContactKind::gotify, ContactKind::webhook);
        const auto read = address_in(kind, *rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<bool>());
        RC_ASSERT(read.address.empty() != read.problem.empty());
        for (const auto c : read.address)
            RC_ASSERT(c > ' ' && c < '\x7f');
    }));
}

TEST_CASE("Ways to be reached are their owner's alone; admins see that there are some", "[oncall][contact]")
{
    Asker ana;
    ana.id = "U1";
    ana.kind = "member";
    CHECK(permit_contacts(ana, false, "U1") == Sees::everything);
    CHECK(permit_contacts(ana, true, "U1") == Sees::everything);
    CHECK(permit_contacts(ana, true, "U2") == Sees::masked);
    CHECK_THAT(refusal_of([&] { permit_contacts(ana, false, "U2"); }), contains("Only admins (ONCALL_ADMINS)"));
    CHECK(refusal_of([&] { permit_contact(ana, "U1"); }) == "");
    // Whether there is such a one is not told either.
    CHECK(refusal_of([&] { permit_contact(ana, "U2"); }) == refusal_of([&] { permit_contact(ana, ""); }));
    CHECK(refusal_of([&] { permit_contact(ana, "U2"); }) != "");
    auto stranger = ana;
    stranger.stranger = true;
    CHECK_THAT(refusal_of([&] { permit_contacts(stranger, false, "U1"); }), contains("this workspace"));
    CHECK(refusal_of([&] { permit_contact(stranger, "U1"); }) != "");
    auto guest = ana;
    guest.kind = "guest"; // who is paged is reached
    CHECK(refusal_of([&] { permit_contact(guest, "U1"); }) == "");
}
