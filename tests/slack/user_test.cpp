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

TEST_CASE("A profile is what we keep of a user, however much of it there is", "[slack][user]")
{
    const auto whole = slack::profile_in(Json::parse(R"({"id":"U1","team_id":"THOME","name":"ana","tz":"Europe/Berlin",
        "locale":"de-DE","updated":1793707200,"profile":{"display_name":"Ana B","real_name":"Ana","email":"ana@example.com"}})"),
        "THOME");
    CHECK(whole.user == "U1");
    CHECK(whole.handle == "ana");
    CHECK(whole.called == "Ana B");
    CHECK(whole.name == "Ana B");
    CHECK(whole.email == "ana@example.com");
    CHECK(whole.time_zone == "Europe/Berlin");
    CHECK(whole.locale == "de-DE");
    CHECK(whole.kind == "member");
    CHECK(whole.updated == 1'793'707'200);
    const auto little = slack::profile_in(Json::parse(R"({"id":"U1","deleted":true,"updated":"x","profile":null})"), "THOME");
    CHECK(little.kind == "gone");
    CHECK(little.updated == 0);
    CHECK(slack::profile_in(Json::parse(R"({"id":"U1"})"), "").kind.empty()); // ours is not known yet
    CHECK(slack::profile_in(Json{}, "THOME") == slack::Profile{});
}
