#include "catch.hpp"
#include "delivery/follower_words.hpp"
#include "delivery/trouble_words.hpp"
#include "delivery/waiting.hpp"
#include "places.hpp"

using storage::Trouble;

TEST_CASE("What keeps us is said with its reason, what stops, and what to do", "[delivery]")
{
    struct Case {
        std::string kind{}, subject{}, code{}, method{};
        std::vector<std::string> says{};
        std::string over{};
    };
    const std::vector<Case> cases{
        {"channel", "#payments", "not_in_channel", "chat.postMessage",
            {"I could not post in #payments (team payments): I am not in the channel (not_in_channel). Write `/invite @pager` "
             "there."},
            "I can post in #payments again."},
        {"channel", "#payments", "restricted_action_read_only_channel", "chat.postMessage", {"read-only", "Posting permissions"},
            "I can post in #payments again."},
        {"scope", "files:write", "missing_scope", "files.getUploadURLExternal",
            {"The app lacks the scope files:write: schedules are shown without pictures", "OAuth & Permissions",
                "reinstall the app"},
            "The app has the scope files:write now"},
        {"scope", "admin.users:write", "missing_scope", "admin.users.list", {"Slack refuses admin.users.list"},
            "The app has the scope admin.users:write now"},
        {"app", "team_access_not_granted", "team_access_not_granted", "chat.postMessage", {"organization", "An admin"},
            "Slack does again what it refused (team_access_not_granted)."},
        {"app", "not_enabled", "not_enabled", "views.publish", {"The app's Home tab is off", "turn on the Home Tab"},
            "Slack does again what it refused (not_enabled)."},
        {"token", "SLACK_BOT_TOKEN", "token_revoked", "chat.postMessage",
            {"Slack does not accept SLACK_BOT_TOKEN", "revoked", "nothing of mine reaches Slack", "OAuth & Permissions"},
            "Slack accepts SLACK_BOT_TOKEN again."},
        {"token", "SLACK_APP_TOKEN", "invalid_auth", "apps.connections.open",
            {"clicks and commands do not reach me", "connections:write"}, "Slack accepts SLACK_APP_TOKEN again."},
    };
    for (const auto& one : cases) {
        INFO(one.kind << " " << one.code);
        Trouble trouble;
        trouble.of = {one.kind, one.subject};
        trouble.code = one.code;
        trouble.method = one.method;
        const auto text = delivery::words::stands(trouble, one.kind == "channel" ? "team payments" : "", "pager");
        INFO(text);
        for (const auto& part : one.says)
            CHECK(has(text, part));
        CHECK(has(delivery::words::is_over(trouble), one.over));
        CHECK_FALSE(has(delivery::words::kept_from(trouble), "#payments")); // anybody may read /health
    }
    Trouble waited;
    waited.of = {"channel", "#payments"};
    waited.released = 2;
    CHECK(delivery::words::is_over(waited) == "I can post in #payments again. 2 messages that waited go out.");
}

TEST_CASE("What keeps a user group or a topic is said by the same words as everything else", "[delivery]")
{
    struct Case {
        std::string kind{}, code{}, method{}, scope{}, says{};
    };
    const std::vector<Case> cases{
        {"topic", "not_in_channel", "conversations.setTopic", "",
            "I am not in the channel (not_in_channel). Write `/invite @pager` there."},
        {"topic", "is_archived", "conversations.setTopic", "", "the channel is archived (is_archived). Unarchive it, or name"},
        {"topic", "user_is_restricted", "conversations.setTopic", "",
            "I may not change the channel (user_is_restricted). An owner"},
        {"topic", "missing_scope", "conversations.setTopic", "channels:write.topic",
            "the app lacks the scope channels:write.topic (missing_scope). Add it at"},
        {"group", "permission_denied", "usergroups.users.update", "",
            "only admins may change that, and a bot may do it only where everyone may (permission_denied). An owner or admin "
            "allows "
            "it: Workspace settings"},
        {"group", "no_permission", "usergroups.users.update", "", "only admins may change that"},
        {"group", "user_not_found", "usergroups.users.update", "",
            "somebody of them cannot be in a user group (user_not_found). Guests, bots"},
        {"group", "of_tomorrow", "usergroups.users.update", "",
            "Slack says of_tomorrow. See this code at https://docs.slack.dev/reference/methods/usergroups.users.update."},
    };
    storage::Follower follower;
    for (const auto& one : cases) {
        follower.kind = one.kind;
        follower.name = one.kind == "group" ? "@payments-oncall" : "#payments";
        const auto text = delivery::words::refused(follower, {"payments", "search"}, one.method, one.code, one.scope, "pager");
        INFO(text);
        CHECK(text.starts_with((one.kind == "group" ? "The user group @payments-oncall" : "The topic of #payments")
            + std::string{" (teams payments, search) does not follow who is on call: "} + one.says));
    }
    CHECK(has(delivery::words::not_there(follower, {"payments"}, "pager"), "there is no such user group (no_such_subteam)."));
}

TEST_CASE("A message goes to the channel that its lane names, and to none when it is for a person", "[delivery]")
{
    delivery::Job job;
    job.method = "chat.postMessage";
    job.to = "C0123456789";
    job.row.lane = "#payments";
    CHECK(delivery::place_of(job) == "#payments"); // a thread's own channel is known by its id
    job.row.lane = "spoken";
    CHECK(delivery::place_of(job) == "C0123456789");
    job.to = "D0123456789";
    CHECK(delivery::place_of(job).empty());
    job.to = "#payments";
    job.to_person = true;
    CHECK(delivery::place_of(job).empty());
    job.to_person = false;
    job.method = "response_url";
    CHECK(delivery::place_of(job).empty());
}
