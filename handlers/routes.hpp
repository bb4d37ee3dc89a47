#pragma once

#include "handlers/paging.hpp"
#include "oncall/who_may.hpp"
#include "slack/payloads.hpp"

namespace handlers {

struct Opening;

using Answer = asio::awaitable<slack::Json>;

/// Of each route `deed` is the least that whoever comes by it wants; what needs more is asked by its handler.

/// `/oncall <verb> <rest>`: `verb` as in oncall/command_verbs, `rest` as the grammar leaves it.
struct CommandRoute {
    std::string_view verb{};
    Answer (*handle)(slack::Command command, std::string rest, std::string delivery, Context& app){};
    oncall::Deed deed{};
};
/// `/oncall <word> 42 …` for the verbs of alerts; all are read and done by one function.
struct VerbRoute {
    std::string_view word{};
    oncall::Verb verb{};
};
struct ActionRoute {
    std::string_view action_id{};
    Answer (*handle)(slack::Action action, std::string delivery, Context& app){};
    oncall::Deed deed{};
};
struct ShortcutRoute {
    std::string_view callback_id{};
    Answer (*handle)(slack::Shortcut shortcut, std::string delivery, Context& app){};
    oncall::Deed deed{};
};
struct ViewRoute {
    std::string_view callback_id{};
    Answer (*handle)(slack::Submission submission, std::string delivery, Context& app){};
    oncall::Deed deed{};
};

// commands.cpp
Answer who(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer help(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer status(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `timeline 42`: what was done about an alert, and each thing that was sent to anybody for it.
Answer timeline(slack::Command command, std::string rest, std::string delivery, Context& app);
/// A verb of an alert. Without what it needs, a form opens.
Answer change_by_words(VerbRoute route, slack::Command command, std::string rest, std::string delivery, Context& app);

/// Opens a form; the trigger lives for 3 seconds, so it is not queued. Whoever asked is told when it fails, and what to write
/// `instead`.
asio::awaitable<void> open_form(
    slack::View form, std::string trigger_id, std::string response_url, std::string instead, Context& app);
/// The same for a verb; without an alert it is chosen in the form. Says itself what to write instead.
asio::awaitable<void> open_verb_modal(
    oncall::Verb verb, oncall::AlertId alert, Opening opening, std::string delivery, Context& app);

/// What was done, in words for whoever did it.
std::string deed(storage::Transaction& tx, const Wish& wish, const oncall::Alert& changed);

/// "<@U123>", "<@U123|ana>", "@ana", "ana@example.com", "<mailto:…|…>"; empty: it is none of these.
std::string person_in(const std::string& word);

Asked asked_by(const slack::Actor& actor, std::string via, const Context& app);

/// What is said by response_url goes in a few lanes, in order for each.
std::string response_lane(const std::string& response_url);
/// Words for whoever did something, and for nobody else. `key` makes them said once.
void respond(
    storage::Transaction& tx, const std::string& key, const std::string& response_url, const std::string& words, TimePoint now);
/// The same; where Slack gave no response_url, as for a form's button or a shortcut, by direct message.
void respond_or_write(storage::Transaction& tx, const std::string& key, const std::string& response_url,
    const std::string& person, const std::string& words, TimePoint now);

// look.cpp
/// `policy payments`: who would be paged by it now, minute by minute; alone: the policies there are.
Answer policy(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `what if …`: by which rule, service and policy an alert would go, and to whom. Nothing is stored and nobody paged.
Answer what_if(slack::Command command, std::string rest, std::string delivery, Context& app);
// drill.cpp
/// `test payments`: pages by a policy for nothing, and says so everywhere.
Answer test_policy(slack::Command command, std::string rest, std::string delivery, Context& app);

// clicks.cpp
Answer click_verb(slack::Action action, std::string delivery, Context& app);
Answer click_unknown(slack::Action action, std::string delivery, Context& app);
Answer submit_verb(slack::Submission submission, std::string delivery, Context& app);

// bundles.cpp
/// Acknowledges all that a message told of.
Answer click_bundle(slack::Action action, std::string delivery, Context& app);

// page_forms.cpp
/// `page`, or with whom and why: pages them at once.
Answer page(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_page(slack::Action action, std::string delivery, Context& app);
/// A message is what somebody is to be paged for.
Answer page_from_message(slack::Shortcut shortcut, std::string delivery, Context& app);
/// A field of the form was changed: whom it pages now is shown.
Answer change_page_form(slack::Action action, std::string delivery, Context& app);
Answer submit_page(slack::Submission submission, std::string delivery, Context& app);
/// Somebody types into its menu of services, teams, schedules and policies.
Answer look_up_page(slack::Lookup lookup, Context& app);

// override_forms.cpp
/// `override`, or with a schedule's name, people and for how long: the form that makes one, filled in so far. Whoever says all of
/// it of herself alone is put on call at once.
Answer override_form(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `overrides`, or with a schedule's name: those that hold or are to come.
Answer overrides(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_override_open(slack::Action action, std::string delivery, Context& app);
Answer click_override_edit(slack::Action action, std::string delivery, Context& app);
/// End now, take back, undo.
Answer click_override_verb(slack::Action action, std::string delivery, Context& app);
/// A field of the form was changed: what that would change is shown.
Answer change_override_form(slack::Action action, std::string delivery, Context& app);
Answer submit_override(slack::Submission submission, std::string delivery, Context& app);
/// Somebody types into its menu of schedules.
Answer look_up_override(slack::Lookup lookup, Context& app);

// settings.cpp
/// `settings`, or with a kind ("policies"): the configuration, to be looked at and changed.
Answer settings(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Anything pressed or chosen in it that is no submission.
Answer click_settings(slack::Action action, std::string delivery, Context& app);
/// Somebody types into a menu of its forms.
Answer look_up_settings(slack::Lookup lookup, Context& app);
// settings_save.cpp
/// A form was filled in: what it would change is shown.
Answer submit_settings(slack::Submission submission, std::string delivery, Context& app);
/// What was shown is saved.
Answer save_settings(slack::Submission submission, std::string delivery, Context& app);
Answer rotate_settings(slack::Submission submission, std::string delivery, Context& app);

// contact.cpp
/// `contact`: how whoever asks is reached, to be changed; with a person: what an admin may see of hers.
Answer contact(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_contact_open(slack::Action action, std::string delivery, Context& app);
/// Anything pressed in it.
Answer click_contact(slack::Action action, std::string delivery, Context& app);
Answer submit_contact_kind(slack::Submission submission, std::string delivery, Context& app);
Answer submit_contact_address(slack::Submission submission, std::string delivery, Context& app);
Answer submit_contact_code(slack::Submission submission, std::string delivery, Context& app);
Answer submit_contact_label(slack::Submission submission, std::string delivery, Context& app);
Answer submit_contact_remove(slack::Submission submission, std::string delivery, Context& app);
// rules.cpp
/// `rules`: when which of her methods is used; with a team's name: for its people who have no rules.
Answer rules(slack::Command command, std::string rest, std::string delivery, Context& app);
Answer click_rules(slack::Action action, std::string delivery, Context& app);
/// A rule was filled in: what it means is shown.
Answer submit_rule(slack::Submission submission, std::string delivery, Context& app);
Answer submit_rule_preview(slack::Submission submission, std::string delivery, Context& app);
/// Quiet hours were filled in: they are saved, and what is held waits by them.
Answer submit_quiet_hours(slack::Submission submission, std::string delivery, Context& app);
// readiness.cpp
/// `readiness`: who of the coming rota cannot be reached.
Answer readiness(slack::Command command, std::string rest, std::string delivery, Context& app);

} // namespace handlers
