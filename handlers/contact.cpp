#include "handlers/contact.hpp"

#include "handlers/form_answers.hpp"
#include "handlers/opening.hpp"
#include "handlers/reach.hpp"
#include "handlers/routes.hpp"
#include "notify/push_link.hpp"
#include "notify/webhook_secret.hpp"
#include "oncall/reach_words.hpp"
#include "slack/client.hpp"
#include "storage/contacts.hpp"

#include <algorithm>
#include <array>

namespace handlers {

using oncall::ContactId;
using oncall::ContactKind;
using oncall::ContactMethod;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;
namespace action = blocks::action;
namespace view = blocks::view;

namespace {

constexpr std::string_view via_contact{"/oncall contact"};

/// "<view id of the list>:<kind or id of the method>"
struct ContactMetadata {
    std::string list{};
    std::string what{};
};

ContactMetadata contact_metadata_in(const std::string& metadata)
{
    const auto [list, what] = value_in_two(metadata);
    return {list, what};
}

std::string about_out(const ContactMetadata& about) { return about.list + ":" + about.what; }

ContactId id_in(const std::string& text) { return {number_in(text)}; }

/// What the operator sets for a kind that he has not set up.
std::string_view missing(ContactKind kind)
{
    switch (kind) {
    case ContactKind::email: return "SMTP_URL, SMTP_FROM";
    case ContactKind::sms:
    case ContactKind::voice: return "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM";
    case ContactKind::web_push: return "ONCALL_PUBLIC_URL, by https";
    case ContactKind::pushover: return "PUSHOVER_TOKEN";
    case ContactKind::ntfy: return "NTFY_URL";
    case ContactKind::gotify: return "GOTIFY_URL";
    case ContactKind::webhook:
    case ContactKind::slack: break;
    }
    return "not switched on";
}

std::vector<blocks::ContactWay> ways_offered(const Context& app)
{
    constexpr std::array offered{ContactKind::sms, ContactKind::voice, ContactKind::web_push, ContactKind::ntfy,
        ContactKind::pushover, ContactKind::gotify, ContactKind::email, ContactKind::webhook};
    std::vector<blocks::ContactWay> ways;
    for (const auto kind : offered)
        ways.push_back({kind, app.ways.contains(kind) ? "" : std::string{missing(kind)}});
    return ways;
}

std::string value_in(const blocks::Values& values, std::string_view field)
{
    const auto found = values.find(std::string{field});
    return found == values.end() || found->second.empty() ? "" : found->second.front();
}

/// The block a field is in, whatever its generation.
std::string block_with(const Json& state, std::string_view field)
{
    if (state.is_object())
        for (const auto& [block, elements] : state.items())
            if (block == field || block.starts_with(std::string{field} + "#"))
                return block;
    return std::string{field};
}

/// Of high urgency, at this moment: what everybody should know who opens the list.
std::string nothing_wakes(Transaction& tx, const Context& app, const Asked& asked)
{
    const auto rule = rule_of(tx, app, asked.actor, "", oncall::Urgency::high, asked.now);
    if (can_wake(rule, contacts_of(tx, app, asked.actor)))
        return {};
    const bool any = std::any_of(app.ways.begin(), app.ways.end(), oncall::wakes);
    return any ? "⚠️ Nothing here would wake you at night. Add SMS, a phone call or a push app."
               : "⚠️ Nothing here would wake you at night, and whoever runs me has set up nothing that could.";
}

asio::awaitable<void> refresh(std::string list, std::string words, Asked asked, Context& app)
{
    return show_again(
        std::move(list), [=, &app](Transaction& tx) { return contact_view(tx, app, asked.actor, asked, {words}); }, app);
}

slack::View form_for(const Context& app, ContactKind kind, const std::string& metadata, const Asked& asked)
{
    if (kind != ContactKind::web_push)
        return blocks::contact_address_form(kind, metadata);
    const auto url = app.public_address ? notify::push_link(app.address, app.answer_secret, asked.actor, asked.now) : "";
    return blocks::contact_page(kind, url, metadata);
}

ShownView react_to_contact(Transaction& tx, Context& app, const slack::Action& pressed, const std::string& delivery,
    const std::string& random, const Asked& asked)
{
    const auto [what, which] = value_in_two(pressed.value);
    if (pressed.action_id == action::contact_guide)
        return {true,
            blocks::contact_guide(app.callers, app.public_address && !app.callers.empty() ? app.address + "/contact.vcf" : "")};
    if (pressed.action_id == action::contact_again) {
        const auto about = contact_metadata_in(pressed.private_metadata);
        const auto method = storage::Inbox{tx}.first(delivery, asked.now) ? send_code(tx, app, id_in(about.what), random, asked)
                                                                          : own_contact(tx, id_in(about.what), asked);
        const auto another = static_cast<int>(asked.now.time_since_epoch().count() / 1'000 % 1'000'000);
        return {false,
            blocks::contact_code_form(
                method, "Another code is on its way. The one before holds no longer.", pressed.private_metadata, another)};
    }
    permit_contact(asker_of(tx, asked), asked.actor);
    if (pressed.action_id == action::rules_open)
        return {false, rules_view(tx, app, "", asked)};
    if (pressed.action_id == action::rules_back)
        return {false, contact_view(tx, app, asked.actor, asked)};
    const auto metadata = about_out({pressed.view_id, which});
    if (pressed.action_id == action::contact_add)
        return {true, blocks::contact_kind_form(ways_offered(app), metadata)};
    if (what == "test") {
        const auto words = storage::Inbox{tx}.first(delivery, asked.now) ? test_contact(tx, app, which, delivery, asked)
                                                                         : "That test is on its way already.";
        return {false, contact_view(tx, app, asked.actor, asked, {words})};
    }
    const auto method = own_contact(tx, id_in(which), asked);
    if (what == "code")
        return {true, blocks::contact_code_form(method, "", metadata)};
    if (what == "label")
        return {true,
            blocks::contact_label_form(method, metadata,
                method.kind == ContactKind::webhook ? notify::webhook_secret(app.answer_secret, method_out(method)) : "")};
    if (what == "remove")
        return {true, blocks::contact_remove_form(method, metadata)};
    throw Refusal{"This button is from another version of me. Open `/oncall contact` again."};
}

/// Those who have a number that somebody else wants now may have left: by the next try that is known.
void ask_after(const std::vector<std::string>& people, Context& app)
{
    for (const auto& person : people)
        app.meet(person);
}

/// A form was sent: runs `work`, and its refusals stand where they belong.
template <class Work> Answer sent(Work work, Context& app)
{
    auto safely = [&](Transaction& tx) { return work(tx); };
    std::string no;
    Json answer;
    try {
        answer = co_await app.database.transaction(safely);
    } catch (const WrongField& wrong) {
        answer = error_answer(wrong.field, wrong.what());
        ask_after(wrong.holders, app);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    } catch (const storage::Conflict&) {
        no = "You changed it elsewhere at the same time. `/oncall contact` shows how it stands.";
    }
    if (!no.empty()) {
        auto load = [](Transaction& tx) { return storage::People{tx}.names(); };
        const auto names = co_await app.database.read(load);
        answer = view_answer("update", blocks::contact_refusal(no, names));
    }
    co_return answer;
}

} // namespace

slack::View contact_view(
    Transaction& tx, const Context& app, const std::string& person, const Asked& asked, std::vector<std::string> notes)
{
    const auto sees = permit_contacts(asker_of(tx, asked), is_admin(tx, app, asked.actor), person);
    blocks::ContactList list;
    list.person = person;
    list.hers = sees == oncall::Sees::everything;
    list.mails = app.ways.contains(ContactKind::email);
    list.methods = storage::ContactMethods{tx}.of(person);
    list.names = storage::People{tx}.names();
    list.notes = std::move(notes);
    if (const auto known = storage::People{tx}.find(person))
        list.email = known->email;
    if (const auto words = list.hers ? nothing_wakes(tx, app, asked) : ""; !words.empty())
        list.notes.push_back(words);
    return blocks::contact_list(list);
}

asio::awaitable<void> show_view(std::string trigger_id, std::string view_id, std::string hash, ShownView shown, Context& app)
{
    Json arguments;
    if (shown.push)
        arguments["trigger_id"] = trigger_id;
    else
        arguments["view_id"] = view_id;
    if (!shown.push && !hash.empty())
        arguments["hash"] = hash;
    arguments["view"] = std::move(shown.view);
    const std::string method = shown.push ? "views.push" : "views.update";
    std::string trouble;
    try {
        co_await app.slack.call(method, arguments);
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    // It took longer than a press is good for: it stands in the place of what was pressed in.
    if (trouble == "expired_trigger_id" && !view_id.empty()) {
        trouble.clear();
        arguments.erase("trigger_id");
        arguments["view_id"] = view_id;
        try {
            co_await app.slack.call("views.update", std::move(arguments));
        } catch (const slack::Error& error) {
            trouble = error.code();
        }
    }
    if (!trouble.empty() && trouble != "hash_conflict" && trouble != "not_found" && trouble != "exchanged_trigger_id")
        app.log.warning("a view of somebody's contact methods could not be shown", {{"method", method}, {"error", trouble}});
}

asio::awaitable<void> show_what_comes(slack::Action pressed, std::function<ShownView(Transaction&)> react, Context& app)
{
    ShownView shown;
    std::string no;
    try {
        shown = co_await app.database.transaction(react);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    if (!no.empty()) {
        auto load = [](Transaction& tx) { return storage::People{tx}.names(); };
        const auto names = co_await app.database.read(load);
        shown.push = true;
        shown.view = blocks::contact_refusal(no, names);
    }
    auto showing = show_view(pressed.trigger_id, pressed.view_id, pressed.view_hash, std::move(shown), app);
    co_await std::move(showing);
}

asio::awaitable<void> show_again(std::string list, std::function<slack::View(Transaction&)> load, Context& app)
{
    ShownView shown;
    shown.view = co_await app.database.read(load);
    auto showing = show_view("", std::move(list), "", std::move(shown), app);
    co_await std::move(showing);
}

Answer contact(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, std::string{via_contact}, app);
    const auto named = rest.empty() ? asked.actor : person_in(rest);
    if (named.empty())
        throw Refusal{"Whose? `/oncall contact` alone shows yours; admins may write `/oncall contact @ana`."};
    auto make = [&app, named, asked](Transaction& tx) {
        const auto known = storage::People{tx}.find(named);
        return contact_view(tx, app, known && !known->user_id.empty() ? known->user_id : named, asked);
    };
    auto opened = open_made_form(make, opening_by(command, "`/oncall contact` once more"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_contact_open(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, std::string{via_contact}, app);
    Opening opening{pressed.trigger_id, pressed.response_url, "`/oncall contact`", asked.actor, false, {}, false};
    auto make = [&app, asked](Transaction& tx) { return contact_view(tx, app, asked.actor, asked); };
    auto opened = open_or_refuse(make, std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_contact(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, std::string{via_contact}, app);
    const auto random = app.random.bytes(8);
    auto work = [=, &app](Transaction& tx) { return react_to_contact(tx, app, pressed, delivery, random, asked); };
    app.tasks.spawn("contact methods", show_what_comes(pressed, std::move(work), app));
    co_return Json{};
}

Answer submit_contact_kind(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_contact}, app);
    const auto kind = oncall::contact_kind_in(value_in(blocks::form_values(filled.state), view::contact_by));
    if (!kind || !app.ways.contains(*kind))
        co_return error_answer(view::contact_by, "This one can't be used any more. Choose another.");
    auto about = contact_metadata_in(filled.private_metadata);
    about.what = oncall::name(*kind);
    co_return view_answer("update", form_for(app, *kind, about_out(about), asked));
}

Answer submit_contact_address(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_contact}, app);
    const auto values = blocks::form_values(filled.state);
    auto about = contact_metadata_in(filled.private_metadata);
    const auto kind = oncall::contact_kind_in(about.what);
    ContactWish wish;
    wish.kind = kind.value_or(ContactKind::slack);
    wish.typed = value_in(values, view::contact_typed);
    wish.label = value_in(values, view::contact_called);
    wish.consents = !value_in(values, view::contact_consent).empty();
    const auto random = app.random.bytes(8);
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return Json{}; // what the first came to is shown
        const auto method = add_contact(tx, app, wish, random, asked);
        about.what = std::to_string(method.id.value);
        return view_answer("update", blocks::contact_code_form(method, "A code is on its way.", about_out(about)));
    };
    auto sending = sent(work, app);
    auto answer = co_await std::move(sending);
    if (answer.contains("view"))
        app.tasks.spawn("show the new contact method", refresh(about.list, "", asked, app));
    co_return answer;
}

Answer submit_contact_code(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_contact}, app);
    const auto typed = value_in(blocks::form_values(filled.state), view::contact_digits);
    const auto about = contact_metadata_in(filled.private_metadata);
    std::string words;
    std::vector<std::string> holders;
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now)) {
            // Of two answers either may arrive: none closes the form unless the code was right.
            const auto method = storage::ContactMethods{tx}.find(id_in(about.what));
            const bool is_proven = method && method->verified_at != TimePoint{};
            return is_proven ? Json{} : error_answer(block_with(filled.state, view::contact_digits), "Type the code once more.");
        }
        const auto came = confirm_contact(tx, app, id_in(about.what), typed, asked);
        holders = came.holders;
        if (!came.problem.empty())
            return error_answer(block_with(filled.state, view::contact_digits), came.problem);
        words = "✅ " + words_of(came.method, true) + " is yours. Pages go there from now on. Press Test to hear one.";
        return Json{};
    };
    auto confirming = sent(work, app);
    auto answer = co_await std::move(confirming);
    ask_after(holders, app);
    if (!words.empty())
        app.tasks.spawn("show the verified contact method", refresh(about.list, words, asked, app));
    co_return answer;
}

Answer submit_contact_label(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_contact}, app);
    const auto label = value_in(blocks::form_values(filled.state), view::contact_called);
    const auto about = contact_metadata_in(filled.private_metadata);
    auto work = [&](Transaction& tx) {
        label_contact(tx, id_in(about.what), label, asked);
        return Json{};
    };
    auto saving = sent(work, app);
    auto answer = co_await std::move(saving);
    if (answer.empty())
        app.tasks.spawn("show the label", refresh(about.list, "", asked, app));
    co_return answer;
}

Answer submit_contact_remove(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, std::string{via_contact}, app);
    const auto about = contact_metadata_in(filled.private_metadata);
    auto work = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, asked.now))
            remove_contact(tx, id_in(about.what), asked);
        return Json{};
    };
    auto removing = sent(work, app);
    auto answer = co_await std::move(removing);
    if (answer.empty())
        app.tasks.spawn("show what is left", refresh(about.list, "It is removed, and its address is erased.", asked, app));
    co_return answer;
}

} // namespace handlers
