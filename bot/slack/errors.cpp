#include "slack/errors.hpp"

#include <algorithm>

namespace slack {

namespace {

constexpr std::string_view make_token{
    "Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions at https://api.slack.com/apps into "
    "SLACK_BOT_TOKEN, and start me again; if there is none, install the app to the workspace."};
constexpr std::string_view let_in{"An owner or admin of the workspace must let the app do that."};
constexpr std::string_view may_post{
    "Somebody who manages the channel lets me post: its settings, Posting permissions. Or name another channel in the "
    "configuration."};
constexpr std::string_view name_another_person{"Let somebody else be on call, or correct the person in the configuration."};
constexpr std::string_view edit_groups{
    "An owner or admin allows it: Workspace settings, Permissions, User Groups, who can edit: everyone."};
constexpr std::string_view no_such_thing{};

/// With the class that decides whether it is tried again, and how.
std::vector<KnownError> all_errors()
{
    using enum ErrorClass;
    using enum Remedy;
    constexpr auto refusal = ErrorClass::refused;
    constexpr auto the_app = About::app;
    return {
        // Tokens.
        {"invalid_auth", auth_dead, person, the_app, "Slack does not accept the token", make_token},
        {"not_authed", auth_dead, person, the_app, "Slack was given no token", make_token},
        {"account_inactive", auth_dead, person, the_app, "the app was removed, or its bot deactivated", make_token},
        {"token_revoked", auth_dead, person, the_app, "the token was revoked: the app was uninstalled, or the token made anew",
            make_token},
        {"two_factor_setup_required", auth_dead, person, the_app, "the workspace demands two-factor authentication",
            "Whoever installed the app sets up two-factor authentication in Slack."},
        {"not_allowed_token_type", auth_dead, person, the_app, "this is not the kind of token Slack wants here",
            "Put the bot token (xoxb-…) into SLACK_BOT_TOKEN and the app-level token (xapp-…) into SLACK_APP_TOKEN."},
        {"user_removed_from_team", auth_dead, person, the_app, "the bot was removed from the workspace", make_token},
        {"team_disabled", auth_dead, person, the_app, "the workspace is disabled", "An owner must bring the workspace back."},
        {"forbidden_team", auth_dead, person, the_app, "the app may not connect from this workspace", let_in},
        {"token_expired", token_aged, person, the_app, "the token has expired",
            "Turn token rotation off for the app (it cannot be turned off once on: make the app anew), and copy its token."},
        // What the app or the workspace lacks.
        {"missing_scope", setup, person, the_app, "the app lacks the scope {scope}",
            "Add it at https://api.slack.com/apps, OAuth & Permissions, Bot Token Scopes, and reinstall the app."},
        {"no_permission", setup, person, the_app, "the app may not do that in this workspace", let_in},
        {"team_access_not_granted", setup, person, the_app, "the app was not let into this workspace of the organization",
            "An admin of the organization adds the workspace to the app: Manage organization, Integrations, Installed apps."},
        {"ekm_access_denied", setup, person, the_app, "the keys of the workspace were suspended (Enterprise Key Management)",
            "An admin who manages the keys (EKM) must give access back."},
        {"access_denied", setup, person, the_app, "Slack denies the app access", let_in},
        {"accesslimited", setup, person, the_app, "Slack limits the app's access", let_in},
        {"enterprise_is_restricted", setup, person, the_app, "the organization does not let the app in", let_in},
        {"app_access_restricted", setup, person, the_app, "the workspace restricts the app",
            "An owner or admin allows it: Manage apps, the app, Settings."},
        {"messages_tab_disabled", refusal, person, the_app, "the app's Messages Tab is off, so that it reaches nobody directly",
            "At https://api.slack.com/apps, under App Home, turn on the Messages Tab."},
        {"not_enabled", refusal, person, the_app, "the app's Home tab is off",
            "At https://api.slack.com/apps, under App Home, turn on the Home Tab."},
        {"method_deprecated", gone, ours, the_app, "Slack has retired what I call", "Install a newer oncall-bot."},
        {"deprecated_endpoint", gone, ours, the_app, "Slack has retired what I call", "Install a newer oncall-bot."},
        {"unknown_method", gone, ours, the_app, "Slack does not know what I call", "Install a newer oncall-bot."},
        // Places.
        {"not_in_channel", refusal, person, About::channel, "I am not in the channel", "Write `/invite @{bot}` there."},
        {"channel_not_found", refusal, person, About::channel,
            "there is no such channel, or it is private and I am not in it, or it was renamed",
            "Write `/invite @{bot}` there, or correct its name in the configuration."},
        {"is_archived", refusal, person, About::channel, "the channel is archived",
            "Unarchive it, or name another channel in the configuration."},
        {"is_inactive", refusal, person, About::channel, "the channel is archived",
            "Unarchive it, or name another channel in the configuration."},
        {"restricted_action", refusal, person, About::channel, "the channel lets only some people post", may_post},
        {"restricted_action_read_only_channel", refusal, person, About::channel, "the channel is read-only for me", may_post},
        {"restricted_action_thread_only_channel", refusal, person, About::channel, "the channel takes replies in threads alone",
            may_post},
        {"restricted_action_thread_locked", refusal, over, About::message, "the thread is locked", no_such_thing},
        // Cards are taken there all the same.
        {"restricted_action_non_threadable_channel", refusal, over, About::message, "the channel takes no threads",
            no_such_thing},
        {"posting_to_channel_denied", refusal, person, About::channel, "I may not post in the channel", may_post},
        {"message_limit_exceeded", refusal, person, About::channel, "the workspace has used up its messages",
            "See the workspace's plan: Slack takes no more messages of apps."},
        {"team_not_found", refusal, person, About::channel, "the channel's workspace is not known to the app",
            "An admin of the organization adds the workspace to the app."},
        {"method_not_supported_for_channel_type", refusal, person, About::channel, "this is not a channel of that kind",
            "Name a channel in the configuration, not a direct message."},
        {"too_many_members", refusal, person, About::channel, "the channel has too many members", "Name another channel."},
        {"not_authorized", refusal, person, About::channel, "I may not change the channel",
            "An owner or admin allows everyone to do that, or takes it out of the configuration."},
        // People.
        {"user_disabled", refusal, nobody, About::person, "they are deactivated in Slack", name_another_person},
        {"user_not_found", refusal, nobody, About::person, "Slack knows nobody of that name", name_another_person},
        {"users_not_found", refusal, nobody, About::person, "nobody in Slack has that address",
            "Write the address of their profile in Slack, or their member id (U…), in the configuration."},
        {"user_not_visible", refusal, nobody, About::person, "Slack does not show them to the app", name_another_person},
        {"user_is_restricted", refusal, nobody, About::person, "they are a guest, or may not do that",
            "Have an admin make a full member of them, or let somebody else be on call."},
        {"cannot_dm_bot", refusal, nobody, About::person, "they are a bot, and bots take no direct messages",
            "Name a person in the configuration."},
        {"user_is_bot", refusal, nobody, About::person, "they are a bot", "Name a person in the configuration."},
        {"user_not_in_channel", refusal, nobody, About::person, "they are not in the channel",
            "They join the channel, and ask again."},
        {"org_user_not_in_team", refusal, nobody, About::person, "they are not in this workspace",
            "An admin of the organization adds them to the workspace."},
        {"ura_max_channels", refusal, nobody, About::person, "they are a guest of other channels", name_another_person},
        {"no such handle is known", transient, wait, About::person, "nobody in Slack has that name yet", name_another_person},
        // User groups.
        {"permission_denied", refusal, person, About::request,
            "only admins may change that, and a bot may do it only where everyone may", edit_groups},
        {"plan_upgrade_required", refusal, person, About::request, "Slack has that on paid plans only",
            "Take it out of the configuration, or upgrade the workspace."},
        {"paid_teams_only", refusal, person, About::request, "Slack has that on paid plans only",
            "Take it out of the configuration, or upgrade the workspace."},
        {"subteam_max_users_exceeded", refusal, person, About::request, "the user group would have more people than Slack allows",
            "Name fewer permanent_members."},
        {"no_such_subteam", refusal, person, About::request, "there is no such user group",
            "Make it in Slack (People & user groups), or correct its name in the configuration."},
        {"no_users_provided", refusal, person, About::request, "a user group cannot be empty",
            "Let somebody be on call, or name permanent_members."},
        {"invalid_users", refusal, person, About::request, "somebody of them cannot be in a user group",
            "Guests, bots and deactivated people cannot be: let somebody else be on call."},
        {"invalid_user", refusal, person, About::request, "somebody of them cannot be in a user group",
            "Guests, bots and deactivated people cannot be: let somebody else be on call."},
        {"failed_for_some_users", refusal, person, About::request, "somebody of them cannot be in a user group",
            "Guests, bots and deactivated people cannot be: let somebody else be on call."},
        {"single_channel_guests_cannot_be_added", refusal, person, About::request, "a guest cannot be in a user group",
            "Have an admin make a full member of them, or let somebody else be on call."},
        // Files.
        {"file_uploads_disabled", refusal, person, About::request, "the workspace takes no files",
            "An owner or admin allows uploads: Workspace settings, Permissions."},
        {"file_upload_size_restricted", refusal, person, About::request, "the workspace takes no files of this size",
            "An owner or admin allows larger ones: Workspace settings, Permissions."},
        {"storage_limit_reached", refusal, person, About::request, "the workspace's storage for files is full",
            "Delete old files in Slack, or upgrade the workspace."},
        {"snippet_too_large", our_bug, ours, About::request, "the file is too large for Slack", no_such_thing},
        {"file_not_found", refusal, over, About::message, "the file is not there any more", no_such_thing},
        // Messages and views.
        {"message_not_found", refusal, over, About::message, "the message was deleted", no_such_thing},
        {"thread_not_found", refusal, over, About::message, "the message was deleted", no_such_thing},
        {"cant_update_message", refusal, over, About::message, "the message is not mine to edit", no_such_thing},
        {"cant_delete_message", refusal, over, About::message, "the message is not mine to delete", no_such_thing},
        {"edit_window_closed", refusal, over, About::message, "the workspace lets nobody edit messages so old", no_such_thing},
        {"cannot_reply_to_message", refusal, over, About::message, "this message takes no replies", no_such_thing},
        {"update_failed", transient, wait, About::message, "Slack could not edit the message", no_such_thing},
        {"streaming_state_conflict", transient, wait, About::message, "Slack was busy with the message", no_such_thing},
        {"is_duplicate", refusal, over, About::message, "Slack has that message already", no_such_thing},
        {"duplicate_message_not_found", refusal, ours, About::message, "Slack took the message for another", no_such_thing},
        {"duplicate_channel_not_found", refusal, ours, About::message, "Slack took the message for another", no_such_thing},
        {"already_reacted", refusal, over, About::message, "that is done already", no_such_thing},
        {"not_found", refusal, over, About::message, "the form was closed", no_such_thing},
        {"hash_conflict", refusal, over, About::message, "the form shows something newer", no_such_thing},
        {"expired_trigger_id", refusal, person, About::request, "that took longer than the 3 s Slack allows", "Press again."},
        {"exchanged_trigger_id", refusal, person, About::request, "that press was used already", "Press again."},
        {"invalid_trigger_id", refusal, person, About::request, "that press is not known to Slack", "Press again."},
        {"push_limit_reached", refusal, ours, About::request, "Slack shows three forms above each other at most", no_such_thing},
        {"duplicate_external_id", refusal, ours, About::request, "such a form is open already", no_such_thing},
        {"view_too_large", our_bug, ours, About::request, "the form is too large for Slack", no_such_thing},
        // Our own.
        {"invalid_arguments", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_arg_name", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_array_arg", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_charset", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_form_data", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_post_type", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"missing_post_type", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_json", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"json_not_object", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"missing_argument", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"missing_args", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"insecure_request", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_types", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"limit_required", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_ts_latest", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_ts_oldest", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"not_enough_users", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"too_many_users", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_user_combination", our_bug, ours, About::request, "Slack calls my request wrong", no_such_thing},
        {"invalid_cursor", refusal, wait, About::request, "a list has changed meanwhile", no_such_thing},
        {"fetch_members_failed", transient, wait, About::request, "Slack could not read its own list", no_such_thing},
        {"invalid_blocks", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        {"invalid_blocks_format", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        {"invalid_attachments", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        {"block_mismatch", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        {"msg_blocks_too_long", our_bug, ours, About::message, "the message is too long for Slack", no_such_thing},
        {"msg_too_long", our_bug, ours, About::message, "the message is too long for Slack", no_such_thing},
        {"too_long", our_bug, ours, About::message, "that is too long for Slack", no_such_thing},
        {"no_text", our_bug, ours, About::message, "the message is empty", no_such_thing},
        {"too_many_attachments", our_bug, ours, About::message, "the message has too many parts for Slack", no_such_thing},
        {"attachment_payload_limit_exceeded", our_bug, ours, About::message, "the message is too large for Slack", no_such_thing},
        {"metadata_too_large", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        {"invalid_metadata_format", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        {"invalid_metadata_schema", our_bug, ours, About::message, "Slack calls my message wrong", no_such_thing},
        // What goes by itself.
        {"ratelimited", slow_down, wait, About::request, "Slack wants fewer messages a minute", no_such_thing},
        {"rate_limited", slow_down, wait, About::request, "Slack wants fewer messages a minute", no_such_thing},
        {"http_429", slow_down, wait, About::request, "Slack wants fewer messages a minute", no_such_thing},
        {"internal_error", transient, wait, About::request, "Slack had a fault of its own", no_such_thing},
        {"fatal_error", transient, wait, About::request, "Slack had a fault of its own", no_such_thing},
        {"service_unavailable", transient, wait, About::request, "Slack is not there at the moment", no_such_thing},
        {"request_timeout", transient, wait, About::request, "Slack took too long", no_such_thing},
        {"external_channel_migrating", transient, wait, About::channel, "Slack is moving the channel", no_such_thing},
        {"org_login_required", migration, wait, the_app, "Slack is moving the workspace", no_such_thing},
        {"team_added_to_org", migration, wait, the_app, "Slack is moving the workspace", no_such_thing},
        {"no_answer", transient, wait, About::request, "Slack does not answer", no_such_thing},
        {"bad_answer", transient, wait, About::request, "Slack's answer made no sense", no_such_thing},
        {"unreachable", unreachable, wait, About::request, "Slack cannot be reached", no_such_thing},
    };
}

std::string filled(std::string_view text, std::string_view key, std::string_view value)
{
    std::string out{text};
    for (auto at = out.find(key); at != out.npos; at = out.find(key, at + value.size()))
        out.replace(at, key.size(), value);
    return out;
}

} // namespace

const std::vector<KnownError>& known_errors()
{
    static const auto all = all_errors();
    return all;
}

const KnownError* known_error(std::string_view code)
{
    const auto& all = known_errors();
    const auto found = std::find_if(all.begin(), all.end(), [&](const KnownError& known) { return known.code == code; });
    return found == all.end() ? nullptr : &*found;
}

ErrorClass classify(std::string_view code)
{
    const auto* const known = known_error(code);
    return known ? known->error_class : ErrorClass::refused;
}

std::string needed_scope(const Error& error)
{
    constexpr std::string_view needed{"needed "};
    if (error.code() != "missing_scope" || !error.details().starts_with(needed))
        return {};
    return error.details().substr(needed.size(), error.details().find(';') - needed.size());
}

std::string words_of(std::string_view code, std::string_view scope)
{
    const auto* const known = known_error(code);
    if (!known)
        return "Slack says " + std::string{code};
    return filled(known->words, "{scope}", scope.empty() ? "that is needed here" : scope) + " (" + std::string{code} + ")";
}

std::string fix_of(std::string_view code, std::string_view method, std::string_view scope, std::string_view bot)
{
    const auto* const known = known_error(code);
    if (!known)
        return code.starts_with("http_")
            ? std::string{}
            : "See this code at https://docs.slack.dev/reference/methods/" + std::string{method} + ".";
    return filled(filled(known->fix, "{bot}", bot), "{scope}", scope);
}

std::string words_of(const Error& error)
{
    auto words = words_of(error.code(), needed_scope(error));
    // What is wrong with a message is in Slack's details alone.
    if (error.error_class() == ErrorClass::our_bug && !error.details().empty())
        words += ": " + error.details();
    return words;
}

std::string fix_of(const Error& error, std::string_view bot)
{
    return fix_of(error.code(), error.method(), needed_scope(error), bot);
}

} // namespace slack
