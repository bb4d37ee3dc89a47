#include "catch.hpp"
#include "slack/errors.hpp"
#include "slack/scopes.hpp"

#include <map>
#include <set>
#include <string>

using namespace slack;

namespace {

/// Every error of every method we call, as Slack's reference lists them.
const std::map<std::string, std::vector<std::string_view>>& errors_of_methods()
{
    static const std::map<std::string, std::vector<std::string_view>> all{
        {"any",
            {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "two_factor_setup_required",
                "not_allowed_token_type", "token_expired", "missing_scope", "no_permission", "team_access_not_granted",
                "ekm_access_denied", "access_denied", "accesslimited", "enterprise_is_restricted", "invalid_arguments",
                "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data", "invalid_post_type",
                "missing_post_type", "invalid_json", "json_not_object", "missing_argument", "ratelimited", "rate_limited",
                "internal_error", "fatal_error", "service_unavailable", "request_timeout", "external_channel_migrating",
                "org_login_required", "team_added_to_org", "method_deprecated", "deprecated_endpoint", "unknown_method"}},
        {"apps.connections.open",
            {"invalid_auth", "not_authed", "missing_args", "forbidden_team", "insecure_request", "internal_error",
                "account_inactive", "user_removed_from_team", "team_disabled"}},
        {"chat.postMessage",
            {"channel_not_found", "not_in_channel", "is_archived", "no_text", "invalid_blocks", "invalid_blocks_format",
                "msg_blocks_too_long", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
                "too_many_attachments", "attachment_payload_limit_exceeded", "restricted_action",
                "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_thread_locked",
                "restricted_action_non_threadable_channel", "cannot_reply_to_message", "messages_tab_disabled",
                "message_limit_exceeded", "rate_limited", "app_access_restricted", "team_not_found", "is_duplicate",
                "duplicate_message_not_found", "duplicate_channel_not_found", "msg_too_long", "cannot_dm_bot",
                "user_is_restricted"}},
        {"chat.update",
            {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "msg_too_long", "block_mismatch",
                "update_failed", "external_channel_migrating", "streaming_state_conflict"}},
        {"conversations.open",
            {"user_not_found", "user_disabled", "user_not_visible", "not_enough_users", "too_many_users",
                "invalid_user_combination"}},
        {"conversations.info", {"channel_not_found"}},
        {"conversations.list", {"invalid_types", "invalid_cursor"}},
        {"conversations.history", {"not_in_channel", "invalid_ts_latest", "invalid_ts_oldest"}},
        {"conversations.replies", {"thread_not_found"}},
        {"conversations.setTopic", {"too_long", "not_in_channel", "user_is_restricted"}},
        {"users.info", {"user_not_found", "user_not_visible"}},
        {"users.list", {"limit_required"}},
        {"users.lookupByEmail", {"users_not_found"}},
        {"usergroups.list", {"plan_upgrade_required"}},
        {"usergroups.users.list", {"no_such_subteam"}},
        {"usergroups.users.update",
            {"permission_denied", "no_users_provided", "invalid_users", "invalid_user", "failed_for_some_users",
                "subteam_max_users_exceeded", "plan_upgrade_required", "paid_teams_only", "single_channel_guests_cannot_be_added",
                "missing_argument"}},
        {"views.open",
            {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "view_too_large", "duplicate_external_id",
                "invalid_arguments"}},
        {"views.push", {"push_limit_reached", "not_found"}},
        {"views.update", {"not_found", "hash_conflict", "view_too_large"}},
        {"views.publish", {"hash_conflict", "not_enabled", "view_too_large"}},
        {"files.getUploadURLExternal",
            {"file_uploads_disabled", "file_upload_size_restricted", "storage_limit_reached", "snippet_too_large"}},
        {"files.completeUploadExternal", {"channel_not_found", "not_in_channel", "file_not_found", "posting_to_channel_denied"}},
    };
    return all;
}

} // namespace

TEST_CASE("Every error of the methods we call is known, and has words, and a fix where somebody can mend it", "[slack]")
{
    for (const auto& [method, codes] : errors_of_methods())
        for (const auto code : codes) {
            INFO(method << ": " << code);
            const auto* const known = known_error(code);
            REQUIRE(known);
            CHECK_FALSE(known->words.empty());
            const auto words = words_of(code, "im:write"), fix = fix_of(code, method, "im:write", "pager");
            CHECK(words.ends_with("(" + std::string{code} + ")"));
            CHECK(words.find('{') == words.npos);
            CHECK(fix.find('{') == fix.npos);
            if (known->remedy == Remedy::person || known->remedy == Remedy::nobody) {
                REQUIRE_FALSE(fix.empty());
                CHECK(fix.back() == '.');
            }
            // What goes by itself is tried again, and nothing else but what the app lacks.
            const bool again = known->error_class == ErrorClass::slow_down || known->error_class == ErrorClass::transient
                || known->error_class == ErrorClass::migration || known->error_class == ErrorClass::unreachable;
            CHECK(again == (known->remedy == Remedy::wait && code != "invalid_cursor"));
        }
    std::set<std::string_view> seen;
    for (const auto& one : known_errors())
        CHECK(seen.insert(one.code).second);
}

TEST_CASE("Errors that people act on say what to do", "[slack]")
{
    CHECK(words_of("not_in_channel") == "I am not in the channel (not_in_channel)");
    CHECK(fix_of("not_in_channel", "chat.postMessage", "", "pager") == "Write `/invite @pager` there.");
    const Error lacks{ErrorClass::setup, "conversations.open", "missing_scope", "needed im:write; provided chat:write", false};
    CHECK(needed_scope(lacks) == "im:write");
    CHECK(words_of(lacks) == "the app lacks the scope im:write (missing_scope)");
    CHECK(fix_of(lacks, "pager").find("reinstall the app") != std::string::npos);
    const Error ours{ErrorClass::our_bug, "chat.postMessage", "invalid_blocks", "no more than 25 items", false};
    CHECK(words_of(ours) == "Slack calls my message wrong (invalid_blocks): no more than 25 items");
    CHECK(needed_scope(ours).empty());
    CHECK(words_of("of_tomorrow") == "Slack says of_tomorrow");
    CHECK(fix_of("of_tomorrow", "chat.update", "", "pager")
        == "See this code at https://docs.slack.dev/reference/methods/chat.update.");
}

TEST_CASE("Each scope says what stops without it; of several one is enough", "[slack]")
{
    for (const auto& use : scope_uses()) {
        INFO(use.name);
        CHECK(without_scope(use.name) == use.without);
        CHECK_FALSE(use.without.empty());
    }
    CHECK(without_scope("mpim:read,channels:read") == without_scope("channels:read"));
    CHECK(without_scope("admin").empty());
    CHECK(scopes_in("chat:write, im:write,") == std::set<std::string>{"chat:write", "im:write"});
    CHECK(scopes_in("").empty());
}
