#include "handlers/slack.hpp"

#include "blocks/absences.hpp"
#include "blocks/bundle.hpp"
#include "blocks/calendar.hpp"
#include "blocks/channel_bundle.hpp"
#include "blocks/contact.hpp"
#include "blocks/cover.hpp"
#include "blocks/coverage.hpp"
#include "blocks/details.hpp"
#include "blocks/directories.hpp"
#include "blocks/forecast.hpp"
#include "blocks/from_message.hpp"
#include "blocks/grouping.hpp"
#include "blocks/handoff.hpp"
#include "blocks/heartbeats.hpp"
#include "blocks/notification_rules.hpp"
#include "blocks/overrides.hpp"
#include "blocks/page_form.hpp"
#include "blocks/report.hpp"
#include "blocks/say.hpp"
#include "blocks/schedule_edit.hpp"
#include "blocks/schedule_form.hpp"
#include "blocks/schedule_picture.hpp"
#include "blocks/services.hpp"
#include "blocks/settings.hpp"
#include "blocks/silences.hpp"
#include "blocks/sources.hpp"
#include "blocks/unable.hpp"
#include "handlers/absences.hpp"
#include "handlers/calendar.hpp"
#include "handlers/change_events.hpp"
#include "handlers/channel_bundles.hpp"
#include "handlers/choose_alert.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/coverage.hpp"
#include "handlers/directories.hpp"
#include "handlers/drill.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/from_message.hpp"
#include "handlers/handoff_routes.hpp"
#include "handlers/heartbeat_command.hpp"
#include "handlers/home.hpp"
#include "handlers/invited.hpp"
#include "handlers/merge.hpp"
#include "handlers/my_shifts.hpp"
#include "handlers/opening.hpp"
#include "handlers/permits.hpp"
#include "handlers/report.hpp"
#include "handlers/routes.hpp"
#include "handlers/schedule_edit.hpp"
#include "handlers/schedule_edits.hpp"
#include "handlers/schedule_look.hpp"
#include "handlers/services.hpp"
#include "handlers/settings.hpp"
#include "handlers/silences.hpp"
#include "handlers/source_command.hpp"
#include "handlers/source_mapping.hpp"
#include "handlers/speech.hpp"
#include "handlers/suggestions.hpp"
#include "handlers/sun_form.hpp"
#include "handlers/unable.hpp"
#include "oncall/alert.hpp"

#include <algorithm>
#include <array>

namespace handlers {

using oncall::Deed;
using slack::Json;

namespace {

// By the word of oncall/command_verbs, which also says what else each is called.
constexpr std::array commands{
    CommandRoute{"who", who, Deed::look},
    CommandRoute{"help", help, Deed::speak},
    CommandRoute{"status", status, Deed::look},
    CommandRoute{"timeline", timeline, Deed::look},
    CommandRoute{"show", show_alert, Deed::look},
    CommandRoute{"merge", merge_alerts, Deed::page_on},
    CommandRoute{"split", split_alert, Deed::page_on},
    CommandRoute{"page", page, Deed::page},
    CommandRoute{"policy", policy, Deed::look},
    CommandRoute{"whatif", what_if, Deed::look},
    CommandRoute{"test", test_policy, Deed::change_settings},
    CommandRoute{"override", override_form, Deed::override_schedule},
    CommandRoute{"overrides", overrides, Deed::look},
    CommandRoute{"silence", silence, Deed::silence},
    CommandRoute{"silences", silences, Deed::look},
    CommandRoute{"maintenance", maintenance, Deed::silence},
    CommandRoute{"cover", cover, Deed::take_shift},
    CommandRoute{"coverage", coverage, Deed::see_coverage},
    CommandRoute{"swap", swap_shifts, Deed::take_shift},
    CommandRoute{"take", take_shift, Deed::take_shift},
    CommandRoute{"settings", settings, Deed::change_settings},
    CommandRoute{"source", source_command, Deed::change_settings},
    CommandRoute{"heartbeats", heartbeats_command, Deed::change_settings},
    CommandRoute{"service", service_command, Deed::look},
    CommandRoute{"team", team_command, Deed::look},
    CommandRoute{"contact", contact, Deed::set_contact},
    CommandRoute{"rules", rules, Deed::set_contact},
    CommandRoute{"readiness", readiness, Deed::look},
    CommandRoute{"handoff", handoff, Deed::hand_over},
    CommandRoute{"reminders", reminders, Deed::set_contact},
    CommandRoute{"calendar", calendar, Deed::read_calendar},
    CommandRoute{"calendars", calendars, Deed::look},
    CommandRoute{"directory", directory_command, Deed::look},
    CommandRoute{"changes", changes, Deed::look},
    CommandRoute{"away", away, Deed::be_away},
    CommandRoute{"schedule", schedule, Deed::look},
    CommandRoute{"me", my_shifts, Deed::look},
    CommandRoute{"report", report, Deed::see_own_report},
};

constexpr std::array verbs{
    VerbRoute{"ack", oncall::Verb::acknowledge},
    VerbRoute{"unack", oncall::Verb::unacknowledge},
    VerbRoute{"promise", oncall::Verb::promise},
    VerbRoute{"escalate", oncall::Verb::escalate},
    VerbRoute{"notme", oncall::Verb::decline},
    VerbRoute{"reassign", oncall::Verb::reassign},
    VerbRoute{"add", oncall::Verb::add_responder},
    VerbRoute{"join", oncall::Verb::join},
    VerbRoute{"snooze", oncall::Verb::snooze},
    VerbRoute{"resolve", oncall::Verb::resolve},
    VerbRoute{"reopen", oncall::Verb::reopen},
    VerbRoute{"note", oncall::Verb::note},
    VerbRoute{"undo", oncall::Verb::undo},
    VerbRoute{"cancel", oncall::Verb::cancel},
    VerbRoute{"still", oncall::Verb::still_on_it},
};

constexpr std::array actions{
    ActionRoute{blocks::action::acknowledge, click_verb, Deed::answer},
    ActionRoute{blocks::action::escalate, click_verb, Deed::page_on},
    ActionRoute{blocks::action::resolve, click_verb, Deed::answer},
    ActionRoute{blocks::action::snooze, click_verb, Deed::answer},
    ActionRoute{blocks::action::reopen, click_verb, Deed::page_on},
    ActionRoute{blocks::action::join, click_verb, Deed::answer},
    ActionRoute{blocks::action::promise, click_verb, Deed::answer},
    ActionRoute{blocks::action::decline, click_verb, Deed::answer},
    ActionRoute{blocks::action::note, click_verb, Deed::answer},
    ActionRoute{blocks::action::undo, click_verb, Deed::answer},
    ActionRoute{blocks::action::home_unacknowledge, click_verb, Deed::answer},
    ActionRoute{blocks::action::still_on_it, click_verb, Deed::answer},
    ActionRoute{blocks::action::more, click_verb, Deed::answer},
    ActionRoute{blocks::action::acknowledge_all, click_bundle, Deed::answer},
    ActionRoute{blocks::action::acknowledge_shown, click_channel_bundle, Deed::answer},
    ActionRoute{blocks::action::show, click_show_alert, Deed::answer},
    ActionRoute{blocks::action::merge, click_merge, Deed::page_on},
    ActionRoute{blocks::action::split, click_split, Deed::page_on},
    ActionRoute{blocks::action::suggestion_merge, click_suggestion, Deed::page_on},
    ActionRoute{blocks::action::suggestion_refuse, click_suggestion, Deed::answer},
    ActionRoute{blocks::action::open_page, click_page, Deed::page},
    ActionRoute{blocks::action::page_people, change_page_form, Deed::page},
    ActionRoute{blocks::action::page_others, change_page_form, Deed::page},
    ActionRoute{blocks::action::page_urgency, change_page_form, Deed::page},
    ActionRoute{blocks::action::override_open, click_override_open, Deed::override_schedule},
    ActionRoute{blocks::action::override_edit, click_override_edit, Deed::override_schedule},
    ActionRoute{blocks::action::override_end, click_override_verb, Deed::override_schedule},
    ActionRoute{blocks::action::override_take_back, click_override_verb, Deed::override_schedule},
    ActionRoute{blocks::action::override_undo, click_override_verb, Deed::override_schedule},
    ActionRoute{blocks::view::override_schedule, change_override_form, Deed::override_schedule},
    ActionRoute{blocks::view::override_people, change_override_form, Deed::override_schedule},
    ActionRoute{blocks::view::override_from, change_override_form, Deed::override_schedule},
    ActionRoute{blocks::view::override_to, change_override_form, Deed::override_schedule},
    ActionRoute{blocks::view::override_stead, change_override_form, Deed::override_schedule},
    ActionRoute{blocks::view::override_instead_of, change_override_form, Deed::override_schedule},
    ActionRoute{blocks::action::silence_open, click_silence_open, Deed::silence},
    ActionRoute{blocks::action::silence_edit, click_silence_open, Deed::silence},
    ActionRoute{blocks::action::silence_end, click_silence, Deed::silence},
    ActionRoute{blocks::action::silence_undo, click_silence, Deed::silence},
    ActionRoute{blocks::action::handoff_accept, click_handoff_accept, Deed::hand_over},
    ActionRoute{blocks::action::handoff_note, click_handoff_note, Deed::hand_over},
    ActionRoute{blocks::action::reminders_open, click_reminders, Deed::set_contact},
    ActionRoute{blocks::action::pager_test, click_pager_test, Deed::set_contact},
    ActionRoute{blocks::action::cover_take, click_cover, Deed::take_shift},
    ActionRoute{blocks::action::cover_cancel, click_cover, Deed::take_shift},
    ActionRoute{blocks::action::cover_agree, click_cover, Deed::take_shift},
    ActionRoute{blocks::action::cover_decline, click_cover, Deed::take_shift},
    ActionRoute{blocks::action::cover_part, click_cover_part, Deed::take_shift},
    ActionRoute{blocks::action::coverage_fix, click_coverage_fix, Deed::override_schedule},
    ActionRoute{blocks::action::settings_kind, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_page, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_page_back, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_new, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_edit, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_rule, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_add_level, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_level, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_level_back, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_target, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_delete, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_rotate, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::settings_end_overlap, click_settings, Deed::change_settings},
    ActionRoute{blocks::action::source_list, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_list_back, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_open, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_lines, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_wait, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_paste, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_payload, click_source, Deed::change_settings},
    ActionRoute{blocks::action::source_add, click_source, Deed::change_settings},
    ActionRoute{blocks::action::heartbeats_list, click_heartbeats, Deed::change_settings},
    ActionRoute{blocks::action::heartbeats_list_back, click_heartbeats, Deed::change_settings},
    ActionRoute{blocks::action::heartbeats_add, click_heartbeats, Deed::change_settings},
    ActionRoute{blocks::action::heartbeats_menu, click_heartbeats, Deed::change_settings},
    ActionRoute{blocks::action::service_open, click_service, Deed::look},
    ActionRoute{blocks::action::service_list, click_service, Deed::look},
    ActionRoute{blocks::action::service_list_back, click_service, Deed::look},
    ActionRoute{blocks::action::service_pick, click_service, Deed::look},
    ActionRoute{blocks::action::service_subscribe, click_subscribe, Deed::look},
    ActionRoute{blocks::action::service_hook, click_service_hook, Deed::change_settings},
    ActionRoute{blocks::action::team_open, click_service, Deed::look},
    ActionRoute{blocks::action::team_list, click_service, Deed::look},
    ActionRoute{blocks::action::team_list_back, click_service, Deed::look},
    ActionRoute{blocks::action::contact_open, click_contact_open, Deed::set_contact},
    ActionRoute{blocks::action::contact_add, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::contact_menu, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::contact_test, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::contact_again, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::contact_guide, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::rules_open, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::rules_back, click_contact, Deed::set_contact},
    ActionRoute{blocks::action::rules_quiet, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_quiet_new, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_quiet_none, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_quiet_team, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_menu, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_new, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_new_low, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_default, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_default_low, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_add_step, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_step, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::rules_change, click_rules, Deed::set_contact},
    ActionRoute{blocks::action::directory_read, click_directory, Deed::change_settings},
    ActionRoute{blocks::action::directory_try, click_directory, Deed::change_settings},
    ActionRoute{blocks::action::calendar_new, click_calendar_new, Deed::read_calendar},
    ActionRoute{blocks::action::away_remove, click_away_remove, Deed::be_away},
    ActionRoute{blocks::action::cover_ask, click_cover_ask, Deed::take_shift},
    ActionRoute{blocks::action::schedule_edit_undo, click_schedule_undo, Deed::change_settings},
    ActionRoute{blocks::action::schedule_earlier, click_schedule, Deed::look},
    ActionRoute{blocks::action::schedule_later, click_schedule, Deed::look},
    ActionRoute{blocks::action::schedule_post, click_schedule, Deed::post},
    ActionRoute{blocks::action::schedule_pick, click_schedule, Deed::look},
    ActionRoute{blocks::action::schedule_edit, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::schedule_new, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::schedule_rotation, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::schedule_add_rotation, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::schedule_yaml, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::schedule_yaml_file, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::schedule_back, click_schedule_form, Deed::change_settings},
    ActionRoute{blocks::action::report_file, click_report, Deed::see_own_report},
    ActionRoute{blocks::action::say, click_say, Deed::speak},
    ActionRoute{blocks::action::home_cover, click_home_cover, Deed::take_shift},
    ActionRoute{blocks::action::home_settings, click_home_settings, Deed::change_settings},
    ActionRoute{blocks::action::unable_fix, click_unable_fix, Deed::change_settings},
};

// Of the verbs those that open a form when nothing follows: they are understood without any names, so that no database that has
// much to do comes before their form.
constexpr std::array<std::string_view, 23> open_alone{"page", "note", "reassign", "add", "snooze", "override", "silence",
    "maintenance", "cover", "swap", "take", "away", "handoff", "reminders", "settings", "source", "service", "team", "heartbeats",
    "contact", "rules", "merge", "split"};

// As in the manifest.
constexpr std::array shortcuts{
    ShortcutRoute{blocks::shortcut::page_from_message, page_from_message, Deed::page},
    ShortcutRoute{blocks::shortcut::page_global, page_from_anywhere, Deed::page},
    ShortcutRoute{blocks::shortcut::note_from_message, note_from_message, Deed::answer},
};

constexpr std::array views{
    ViewRoute{blocks::view::page, submit_page, Deed::page},
    ViewRoute{blocks::view::verb, submit_verb, Deed::answer},
    ViewRoute{blocks::view::merge, submit_merge, Deed::page_on},
    ViewRoute{blocks::view::split, submit_split, Deed::page_on},
    ViewRoute{blocks::view::note_from_message, submit_note_from_message, Deed::answer},
    ViewRoute{blocks::view::drill, submit_drill, Deed::change_settings},
    ViewRoute{blocks::view::override_form, submit_override, Deed::override_schedule},
    ViewRoute{blocks::view::silence_form, submit_silence, Deed::silence},
    ViewRoute{blocks::view::silence_plan, save_silence, Deed::silence},
    ViewRoute{blocks::view::handoff_note, submit_handoff_note, Deed::hand_over},
    ViewRoute{blocks::view::reminders, submit_reminders, Deed::set_contact},
    ViewRoute{blocks::view::cover_form, submit_cover, Deed::take_shift},
    ViewRoute{blocks::view::cover_part_form, submit_cover_part, Deed::take_shift},
    ViewRoute{blocks::view::swap_form, submit_swap, Deed::take_shift},
    ViewRoute{blocks::view::take_form, submit_take, Deed::take_shift},
    ViewRoute{blocks::view::settings_form, submit_settings, Deed::change_settings},
    ViewRoute{blocks::view::settings_plan, save_settings, Deed::change_settings},
    ViewRoute{blocks::view::settings_rotate, rotate_settings, Deed::change_settings},
    ViewRoute{blocks::view::source_paste, submit_source_payload, Deed::change_settings},
    ViewRoute{blocks::view::source_mapping, submit_source_mapping, Deed::change_settings},
    ViewRoute{blocks::view::schedule_form, submit_schedule, Deed::change_settings},
    ViewRoute{blocks::view::schedule_yaml, submit_schedule_yaml, Deed::change_settings},
    ViewRoute{blocks::view::schedule_plan, save_schedule, Deed::change_settings},
    ViewRoute{sun_view, submit_sun, Deed::change_settings},
    ViewRoute{blocks::view::contact_kind, submit_contact_kind, Deed::set_contact},
    ViewRoute{blocks::view::contact_address, submit_contact_address, Deed::set_contact},
    ViewRoute{blocks::view::contact_code, submit_contact_code, Deed::set_contact},
    ViewRoute{blocks::view::contact_label, submit_contact_label, Deed::set_contact},
    ViewRoute{blocks::view::contact_remove, submit_contact_remove, Deed::set_contact},
    ViewRoute{blocks::view::rules_form, submit_rule, Deed::set_contact},
    ViewRoute{blocks::view::rules_preview, submit_rule_preview, Deed::set_contact},
    ViewRoute{blocks::view::quiet_form, submit_quiet_hours, Deed::set_contact},
    ViewRoute{blocks::view::away_form, submit_away, Deed::be_away},
    ViewRoute{blocks::view::unable_form, submit_unable, Deed::change_settings},
    ViewRoute{blocks::view::unable_plan, save_unable, Deed::change_settings},
};

/// What people type comes with typographic spaces and quotes; a verb in any case.
std::pair<std::string, std::string> verb_and_rest(std::string text)
{
    for (const std::string_view odd : {"\xC2\xA0", "\xE2\x80\xAF", "\t", "\n"})
        for (auto at = text.find(odd); at != text.npos; at = text.find(odd))
            text.replace(at, odd.size(), " ");
    const auto begin = text.find_first_not_of(' ');
    if (begin == text.npos)
        return {};
    const auto end = std::min(text.find(' ', begin), text.size());
    auto verb = text.substr(begin, end - begin);
    std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto rest = text.find_first_not_of(' ', end);
    if (rest == text.npos)
        return {verb, ""};
    return {verb, text.substr(rest, text.find_last_not_of(' ') - rest + 1)};
}

/// Whether a handler was found for a verb's word; then `answer` does it.
std::optional<Answer> run_verb(
    const std::string& verb, std::string rest, slack::Command command, std::string delivery, Context& app)
{
    const auto* const changing = std::find_if(verbs.begin(), verbs.end(), [&](const auto& r) { return r.word == verb; });
    if (changing != verbs.end()) {
        permit_to_come_in(oncall::deed_of(changing->verb), command.actor, app);
        return change_by_words(*changing, std::move(command), std::move(rest), std::move(delivery), app);
    }
    const auto* const route = std::find_if(commands.begin(), commands.end(), [&](const auto& r) { return r.verb == verb; });
    if (route == commands.end())
        return std::nullopt;
    permit_to_come_in(route->deed, command.actor, app);
    return route->handle(std::move(command), std::move(rest), std::move(delivery), app);
}

Json nothing_understood(const oncall::Sentence& sentence)
{
    auto words = "I don't know \"" + sentence.unknown + "\". ";
    if (!sentence.suggestions.empty())
        words += "Did you mean `/oncall " + sentence.suggestions.front() + "`? ";
    words += "`/oncall help` lists what I understand.";
    return slack::body(blocks::words(words));
}

/// What was typed, and what is understood of it.
struct TypedCommand {
    slack::Command command{};
    std::string delivery{};
    HeardCommand heard{};
};

asio::awaitable<void> hear_typed(std::shared_ptr<TypedCommand> typed, Context& app)
{
    const auto now = app.clock.now();
    auto hearing = hear_command(typed->command, now, app);
    typed->heard = co_await std::move(hearing);
}

Answer answer_typed(std::shared_ptr<TypedCommand> typed, Context& app)
{
    const auto& sentence = typed->heard.sentence;
    auto running = run_verb(sentence.verb, sentence.rest, typed->command, typed->delivery, app);
    if (running) {
        auto work = std::move(*running);
        co_return co_await std::move(work);
    }
    if (sentence.readings.empty() && sentence.question.empty())
        co_return nothing_understood(sentence);
    co_return asked_back(typed->heard);
}

/// What is typed so is mostly answered by a form: its trigger waits for nobody.
bool may_open_form(const std::string& verb, const std::string& rest)
{
    if (verb == "schedule")
        return rest.starts_with("edit") || rest.starts_with("new") || rest.starts_with("sun");
    const auto more = std::count(rest.begin(), rest.end(), ' ');
    const bool acts = verb == "handoff" || verb == "snooze" || verb == "heartbeats" || verb == "split" || rest == "cancel"
        || rest == "list" || rest.find(':') != rest.npos;
    if (acts || std::find(open_alone.begin(), open_alone.end(), verb) == open_alone.end())
        return false;
    const bool of_an_alert = verb == "note" || verb == "reassign" || verb == "add" || verb == "merge";
    return verb == "override" || more <= (of_an_alert ? 0 : 1);
}

Answer command(slack::Command command, std::string delivery, Context& app)
{
    command.came = app.clock.now();
    const auto typed = std::make_shared<TypedCommand>();
    typed->command = std::move(command);
    typed->delivery = std::move(delivery);
    auto& sentence = typed->heard.sentence;
    auto [verb, rest] = verb_and_rest(typed->command.text);
    const bool has_form = !typed->command.trigger_id.empty();
    const bool alone = rest.empty() && has_form && std::find(open_alone.begin(), open_alone.end(), verb) != open_alone.end();
    if (alone || typed->command.said == slack::Command::Said::pressed) {
        sentence.verb = std::move(verb);
        sentence.rest = std::move(rest);
        sentence.unknown = sentence.verb;
    } else if (has_form && may_open_form(verb, rest)) {
        Hear hear = [typed, &app] { return hear_typed(typed, app); };
        AnswerBy answer = [typed, &app](std::string trigger_id) {
            typed->command.trigger_id = std::move(trigger_id);
            return answer_typed(typed, app);
        };
        auto opening = opening_by(typed->command, "`/oncall " + verb + "` once more");
        auto answering = answer_when_heard(std::move(hear), std::move(answer), std::move(opening), typed->delivery, app);
        co_return co_await std::move(answering);
    } else {
        auto hearing = hear_typed(typed, app);
        co_await std::move(hearing);
    }
    auto answering = answer_typed(typed, app);
    co_return co_await std::move(answering);
}

/// Home answers nobody: what was said to whoever pressed is shown on top of it.
Answer click_in_home(ActionRoute route, slack::Action action, std::string delivery, Context& app)
{
    const HomePress press{action.actor.user, action.trigger_id};
    const auto shows = action.private_metadata;
    action.response_url = home_reply(press);
    const auto now = app.clock.now();
    std::string no;
    try {
        permit_to_come_in(route.deed, action.actor, app);
        auto handled = route.handle(std::move(action), delivery, app);
        co_await std::move(handled);
    } catch (const oncall::Refusal& refusal) {
        no = refusal.what();
    }
    // Whoever presses looks at it.
    auto say = [&](storage::Transaction& tx) {
        storage::HomeViews{tx}.pressed(press.person, shows, now);
        if (!no.empty())
            say_at_home(tx, press, delivery, no, now);
    };
    co_await app.database.transaction(say);
    if (app.look_at_homes)
        app.look_at_homes(true);
    app.tasks.spawn("words at Home", show_words_at_home(press, app));
    co_return Json{};
}

/// In a message or a form.
Answer click_elsewhere(ActionRoute route, slack::Action action, std::string delivery, Context& app)
{
    std::string no;
    try {
        permit_to_come_in(route.deed, action.actor, app);
    } catch (const oncall::Refusal& refusal) {
        no = refusal.what();
    }
    if (no.empty()) {
        auto handled = route.handle(std::move(action), std::move(delivery), app);
        co_return co_await std::move(handled);
    }
    const auto now = app.clock.now();
    auto say = [&](storage::Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, now))
            respond_or_write(tx, delivery, action.response_url, action.actor.user, no, now);
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

Answer clicks(std::vector<slack::Action> pressed, std::string delivery, Context& app)
{
    for (auto& action : pressed) {
        const auto* const found =
            std::find_if(actions.begin(), actions.end(), [&](const auto& r) { return r.action_id == action.action_id; });
        const auto route = found == actions.end() ? ActionRoute{"", click_unknown, Deed::speak} : *found;
        const bool in_home = is_in_home(action);
        auto handled = in_home ? click_in_home(route, std::move(action), delivery, app)
                               : click_elsewhere(route, std::move(action), delivery, app);
        co_await std::move(handled);
    }
    co_return Json{};
}

Answer submitted(slack::Submission submission, std::string delivery, Context& app)
{
    const auto* const route =
        std::find_if(views.begin(), views.end(), [&](const auto& r) { return r.callback_id == submission.callback_id; });
    if (route == views.end())
        co_return Json{};
    permit_to_come_in(route->deed, submission.actor, app);
    auto handled = route->handle(std::move(submission), std::move(delivery), app);
    co_return co_await std::move(handled);
}

Answer used_shortcut(slack::Shortcut used, std::string delivery, Context& app)
{
    const auto* const route =
        std::find_if(shortcuts.begin(), shortcuts.end(), [&](const auto& r) { return r.callback_id == used.callback_id; });
    if (route == shortcuts.end())
        co_return Json{};
    std::string no;
    try {
        permit_to_come_in(route->deed, used.actor, app);
    } catch (const oncall::Refusal& refusal) {
        no = refusal.what();
    }
    if (no.empty()) {
        auto handled = route->handle(std::move(used), std::move(delivery), app);
        co_return co_await std::move(handled);
    }
    const auto now = app.clock.now();
    auto say = [&](storage::Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, now))
            respond_or_write(tx, delivery, used.response_url, used.actor.user, no, now);
    };
    co_await app.database.transaction(say);
    co_return Json{};
}

bool is_menu_of_silences(std::string_view action_id)
{
    return action_id == blocks::action::silence_services || action_id == blocks::action::silence_teams;
}

Deed deed_of_lookup(std::string_view action_id)
{
    return is_menu_of_alerts(action_id)                ? Deed::answer
        : action_id == blocks::view::override_schedule ? Deed::override_schedule
        : is_menu_of_silences(action_id)               ? Deed::silence
        : action_id == blocks::action::page_others     ? Deed::page
        : action_id == blocks::action::service_pick    ? Deed::look
                                                       : Deed::change_settings;
}

Answer looked_up(slack::Lookup typing, Context& app)
{
    try {
        permit_to_come_in(deed_of_lookup(typing.action_id), typing.actor, app);
    } catch (const oncall::Refusal&) {
        co_return blocks::suggestions({}, typing.typed);
    }
    if (is_menu_of_alerts(typing.action_id)) {
        auto alerts = look_up_alerts(std::move(typing), app);
        co_return co_await std::move(alerts);
    }
    if (typing.action_id == blocks::view::override_schedule) {
        auto schedules = look_up_override(std::move(typing), app);
        co_return co_await std::move(schedules);
    }
    if (typing.action_id == blocks::action::service_pick) {
        auto services = look_up_services(std::move(typing), app);
        co_return co_await std::move(services);
    }
    if (is_menu_of_silences(typing.action_id)) {
        auto names = look_up_silence(std::move(typing), app);
        co_return co_await std::move(names);
    }
    auto options = typing.action_id == blocks::action::page_others ? look_up_page(std::move(typing), app)
                                                                   : look_up_settings(std::move(typing), app);
    co_return co_await std::move(options);
}

Answer dispatch(slack::Payload payload, std::string delivery, Context& app)
{
    if (auto* typed = std::get_if<slack::Command>(&payload)) {
        auto handled = command(std::move(*typed), std::move(delivery), app);
        co_return co_await std::move(handled);
    }
    if (auto* pressed = std::get_if<std::vector<slack::Action>>(&payload)) {
        auto handled = clicks(std::move(*pressed), std::move(delivery), app);
        co_return co_await std::move(handled);
    }
    if (auto* filled = std::get_if<slack::Submission>(&payload)) {
        auto handled = submitted(std::move(*filled), std::move(delivery), app);
        co_return co_await std::move(handled);
    }
    if (auto* typing = std::get_if<slack::Lookup>(&payload)) {
        auto handled = looked_up(std::move(*typing), app);
        co_return co_await std::move(handled);
    }
    if (auto* used = std::get_if<slack::Shortcut>(&payload)) {
        auto handled = used_shortcut(std::move(*used), std::move(delivery), app);
        co_return co_await std::move(handled);
    }
    if (auto* event = std::get_if<slack::Event>(&payload)) {
        if (is_invitation(*event, app)) {
            auto handled = invited(std::move(*event), app);
            co_return co_await std::move(handled);
        }
        if (event->type == "app_home_opened") {
            auto handled = home_opened(std::move(*event), app);
            co_return co_await std::move(handled);
        }
        if (event->type == "user_change" || event->type == "team_join") {
            auto heard = hear_of_person(std::move(*event), app);
            co_return co_await std::move(heard);
        }
        auto handled = hear_event(std::move(*event), app);
        co_return co_await std::move(handled);
    }
    co_return Json{};
}

template <class OfActor> void for_actors(slack::Payload& payload, OfActor change)
{
    if (auto* typed = std::get_if<slack::Command>(&payload))
        change(typed->actor);
    if (auto* pressed = std::get_if<std::vector<slack::Action>>(&payload))
        for (auto& one : *pressed)
            change(one.actor);
    if (auto* filled = std::get_if<slack::Submission>(&payload))
        change(filled->actor);
    if (auto* typing = std::get_if<slack::Lookup>(&payload))
        change(typing->actor);
    if (auto* used = std::get_if<slack::Shortcut>(&payload))
        change(used->actor);
}

/// Whether the database knows somebody of another workspace as one of ours whom the roster has not met: it has just started, or
/// Slack does not answer it.
asio::awaitable<bool> is_colleague(slack::Actor who, Context& app)
{
    const auto met_as = app.kind_of ? app.kind_of(who.user) : std::string{};
    if (who.user.empty() || !met_as.empty() || !oncall::is_elsewhere({}, who.team, app.home_team))
        co_return false;
    auto load = [&who](storage::Transaction& tx) {
        const auto known = storage::People{tx}.find(who.user);
        return known ? known->kind : std::string{};
    };
    const auto kind = co_await app.database.read(load);
    co_return kind == "member" || kind == "guest";
}

} // namespace

std::vector<std::string_view> routed_words()
{
    std::vector<std::string_view> words;
    for (const auto& route : commands)
        words.push_back(route.verb);
    for (const auto& route : verbs)
        words.push_back(route.word);
    return words;
}

std::vector<std::string_view> words_that_open_alone() { return {open_alone.begin(), open_alone.end()}; }

std::vector<WayIn> all_routes()
{
    std::vector<WayIn> all;
    const auto add = [&](WayIn::By by, std::string_view what, Deed deed) { all.push_back({by, what, deed}); };
    for (const auto& route : commands)
        add(WayIn::By::command, route.verb, route.deed);
    for (const auto& route : verbs)
        add(WayIn::By::command, route.word, oncall::deed_of(route.verb));
    for (const auto& route : actions)
        add(WayIn::By::action, route.action_id, route.deed);
    for (const auto& route : shortcuts)
        add(WayIn::By::shortcut, route.callback_id, route.deed);
    for (const auto& route : views)
        add(WayIn::By::view, route.callback_id, route.deed);
    for (const auto menu : {blocks::action::alerts_open, blocks::view::override_schedule, blocks::action::page_others,
             blocks::action::service_pick, blocks::action::silence_services, blocks::action::silence_teams})
        add(WayIn::By::lookup, menu, deed_of_lookup(menu));
    add(WayIn::By::lookup, "", deed_of_lookup("")); // all others are of the settings
    return all;
}

std::vector<std::string_view> routed_shortcuts()
{
    std::vector<std::string_view> ids;
    for (const auto& route : shortcuts)
        ids.push_back(route.callback_id);
    return ids;
}

Asked asked_by(const slack::Actor& actor, std::string via, const Context& app)
{
    return {actor.user, actor.team, std::move(via), app.clock.now(), app.home_team, actor.name};
}

void respond(
    storage::Transaction& tx, const std::string& key, const std::string& response_url, const std::string& words, TimePoint now)
{
    if (const auto press = home_press_in(response_url))
        say_at_home(tx, *press, key, words, now);
    else if (!response_url.empty())
        storage::Outbox{tx}.add("respond:" + key, "respond", storage::Priority::answer, response_lane(response_url), 0,
            response_url + "\n" + words, now);
}

void respond_or_write(storage::Transaction& tx, const std::string& key, const std::string& response_url,
    const std::string& person, const std::string& words, TimePoint now)
{
    if (response_url.empty())
        storage::Outbox{tx}.add("said:" + key, "person_words", storage::Priority::answer, person, 0, person + "\n" + words, now);
    else
        respond(tx, key, response_url, words, now);
}

std::string response_lane(const std::string& response_url)
{
    return "response:" + std::to_string(std::hash<std::string>{}(response_url) % 16);
}

asio::awaitable<Json> from_slack(slack::Payload payload, std::string delivery, Context& app)
{
    const bool is_command = std::holds_alternative<slack::Command>(payload);
    const bool is_form = std::holds_alternative<slack::Submission>(payload);
    const auto* const event = std::get_if<slack::Event>(&payload);
    // In a large workspace they come all day, of people who matter to nobody here; what matters is told by who reads it.
    const bool is_of_people = event && slack::text_at(event->event, {"type"}) == "user_change";
    slack::Actor actor;
    for_actors(payload, [&](const slack::Actor& one) { actor = one; });
    app.meet(actor.user);
    // A refusal of a command or a form is its answer. Everything else that escapes leaves the delivery unanswered, so that Slack
    // says so to the person, who tries again; for a command there are words.
    std::string no;
    Json apology;
    try {
        auto knowing = is_colleague(actor, app);
        const bool colleague = co_await std::move(knowing);
        if (colleague)
            for_actors(payload, [&](slack::Actor& one) { one.team = app.home_team; });
        auto work = dispatch(std::move(payload), std::move(delivery), app);
        auto answer = co_await std::move(work);
        if (app.look_at_homes && !is_of_people)
            app.look_at_homes(false); // whatever it was may be shown there
        co_return answer;
    } catch (const oncall::Refusal& refusal) {
        no = refusal.what();
    } catch (const std::exception& error) {
        if (doors::is_cancellation(error))
            throw;
        if (!is_command)
            throw;
        const auto reference = app.random.token(4);
        app.log.error("a command failed", {{"reference", reference}, {"error", error.what()}});
        apology = slack::body(blocks::something_broke(reference));
    }
    if (!no.empty()) {
        auto load = [](storage::Transaction& tx) { return storage::People{tx}.names(); };
        const auto names = co_await app.database.read(load);
        // A form shows no message.
        apology = is_form ? view_answer("update", refusal_view(no, names)) : slack::body(blocks::words(no, names));
    }
    co_return apology;
}

} // namespace handlers
