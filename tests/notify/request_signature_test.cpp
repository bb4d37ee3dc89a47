#include "notify/request_signature.hpp"

#include "catch.hpp"
#include "notify/signed_token.hpp"

using namespace std::chrono_literals;

TEST_CASE("A request is signed by any of its secrets, by one of the signatures of its header, and by nothing else", "[notify]")
{
    const std::string body{R"({"title":"It is down"})"};
    const auto by = [&](const std::string& secret) { return notify::hex(notify::hmac(secret, body)); };
    auto upper = by("new");
    for (auto& c : upper)
        c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    const std::vector<std::string> secrets{"old", "new"};
    struct Row {
        std::string header;
        std::string prefix;
        bool is_signed;
    };
    const std::vector<Row> rows{
        {"sha256=" + by("new"), "sha256=", true},
        {"sha256=" + by("old"), "sha256=", true},
        {by("new"), "", true},
        {upper, "", true},
        {"v1=" + by("gone") + ", v1=" + by("new"), "v1=", true},
        {"v0=" + by("new"), "v1=", false},
        {by("new"), "sha256=", false},
        {"sha256=" + by("gone"), "sha256=", false},
        {"sha256=" + by(""), "sha256=", false},
        {"sha256=" + by("new").substr(0, 63), "sha256=", false},
        {"sha256=" + by("new") + "0", "sha256=", false},
        {"sha256=", "sha256=", false},
        {"", "", false},
        {std::string(10'000, ','), "", false},
    };
    for (const auto& row : rows) {
        INFO(row.header.substr(0, 200));
        CHECK(notify::is_signed(secrets, body, row.header, row.prefix) == row.is_signed);
        CHECK_FALSE(notify::is_signed(secrets, body + " ", row.header, row.prefix));
        CHECK_FALSE(notify::is_signed({}, body, row.header, row.prefix));
        CHECK_FALSE(notify::is_signed({""}, body, row.header, row.prefix));
    }
}

TEST_CASE("A signed time is recent for five minutes, to both sides", "[notify]")
{
    const oncall::TimePoint now{1'793'707'200s};
    for (const auto* words : {"1793707200", "1793706900", "1793707500"})
        CHECK(notify::is_recent(words, now));
    for (const auto* words : {"1793706899", "1793707501", "", "now", "1793707200 ", "17937072000000000000000", "-1793707200"})
        CHECK_FALSE(notify::is_recent(words, now));
}
