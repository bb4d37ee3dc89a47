#include "catch.hpp"
#include "slack/user.hpp"

using slack::Json;

TEST_CASE("A person of another workspace is a stranger, whether or not a channel is shared", "[slack][user]")
{
    const auto kind = [](const std::string& user) { return slack::kind_in(Json::parse(user), "THOME"); };
    CHECK(kind(R"({"id":"U1","team_id":"THOME","is_restricted":false})") == "member");
    CHECK(kind(R"({"id":"U1","team_id":"THOME","is_restricted":true})") == "guest");
    CHECK(kind(R"({"id":"U1","team_id":"TELSE","is_stranger":true})") == "stranger");
    CHECK(kind(R"({"id":"U1","team_id":"TELSE","is_stranger":false})") == "stranger");
    CHECK(kind(R"({"id":"U1","team_id":"TELSE","is_restricted":true})") == "stranger");
    CHECK(kind(R"({"id":"U1","team_id":"TELSE","enterprise_user":{"id":"W1"}})") == "member"); // of our organisation
    CHECK(kind(R"({"id":"U1","team_id":"TELSE","deleted":true})") == "gone");
    CHECK(kind(R"({"id":"U1","team_id":"THOME","is_bot":true})") == "bot");
    CHECK(kind(R"({"id":"U1"})") == "member");
}
