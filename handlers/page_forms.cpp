#include "blocks/page_form.hpp"
#include "config/nearest.hpp"
#include "delivery/spoken.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/changed_form.hpp"
#include "handlers/climb.hpp"
#include "handlers/from_message.hpp"
#include "handlers/opening.hpp"
#include "handlers/page_words.hpp"
#include "handlers/routes.hpp"
#include "handlers/said.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;
namespace view = blocks::view;

namespace {

constexpr std::string_view instead_of_page_form{"`/oncall page @ana the checkout is down`"};
constexpr std::size_t most_page_value = 130, most_page_metadata = 3'000;

std::string lines_joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

/// --- the form -------------------------------------------------------------------------------------------------------------

/// What goes with the form unseen: about whom it has asked already, and what the page is about.
std::string metadata_out(const HandPage& wish, const std::vector<std::string>& asked_about)
{
    Json about = Json::object();
    about["asked"] = asked_about;
    if (wish.about.value != 0)
        about["alert"] = wish.about.value;
    if (!wish.link.href.empty())
        about["link"] = wish.link.href;
    const auto text = about.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() <= most_page_metadata ? text : "{}";
}

struct FilledPage {
    HandPage wish{};
    std::vector<std::string> asked_about{};
};

blocks::Choice choice_of(const Recipient& one, const std::string& group) { return {one.name, recipient_out(one), group}; }

std::vector<blocks::Choice> choices_of(const Configuration& configuration)
{
    std::vector<blocks::Choice> choices;
    const auto add = [&](const auto& map, RecipientKind kind, const std::string& group) {
        for (const auto& [name, what] : map)
            if (recipient_out({kind, name}).size() <= most_page_value)
                choices.push_back(choice_of({kind, name}, group));
    };
    add(configuration.services, RecipientKind::service, "Services");
    add(configuration.teams, RecipientKind::team, "Teams");
    add(configuration.schedules, RecipientKind::schedule, "Schedules");
    add(configuration.policies, RecipientKind::policy, "Policies");
    return choices;
}

FilledPage filled_in(const Json& state, const std::string& metadata)
{
    FilledPage filled;
    auto values = blocks::form_values(state);
    const auto first = [&](std::string_view field) {
        const auto found = values.find(std::string{field});
        return found == values.end() || found->second.empty() ? std::string{} : found->second.front();
    };
    for (const auto& person : values[std::string{view::page_person}])
        filled.wish.whom.push_back({RecipientKind::person, person});
    for (const auto& other : values[std::string{view::page_others}])
        if (const auto one = recipient_in(other))
            filled.wish.whom.push_back(*one);
    filled.wish.urgency = first(view::page_urgency) == "low" ? Urgency::low : Urgency::high;
    filled.wish.reason = first(view::page_why);
    const auto end = filled.wish.reason.find_last_not_of(" \n\t");
    filled.wish.reason.resize(end == filled.wish.reason.npos ? 0 : end + 1);
    Json about;
    try {
        about = slack::parse(metadata, most_page_metadata);
    } catch (const slack::BadJson&) {
        return filled; // of another version of ours
    }
    for (const auto& person : slack::at(about, {"asked"}))
        if (person.is_string())
            filled.asked_about.push_back(person.get<std::string>());
    if (const auto& alert = slack::at(about, {"alert"}); alert.is_number_integer())
        filled.wish.about = {alert.get<std::int64_t>()};
    if (const auto link = slack::text_at(about, {"link"}); !link.empty())
        filled.wish.link = {link, "The message in Slack"};
    return filled;
}

/// The form as far as it is filled in, with what that comes to.
blocks::PageForm page_form_of(Transaction& tx, const Context& app, const HandPage& wish, TimePoint now)
{
    blocks::PageForm form;
    const auto configuration = app.configuration();
    form.names = storage::People{tx}.names();
    form.others = choices_of(*configuration);
    for (const auto& one : wish.whom)
        form.values[std::string{one.kind == RecipientKind::person ? view::page_person : view::page_others}].push_back(
            one.kind == RecipientKind::person ? one.name : recipient_out(one));
    form.values[std::string{view::page_urgency}] = {std::string{name(wish.urgency)}};
    form.values[std::string{view::page_why}] = {wish.reason};
    std::vector<std::string> asked_about;
    if (!wish.whom.empty()) {
        const auto look = look_at_page(tx, app, wish.whom, wish.urgency, now);
        for (const auto* one : to_ask_about(look)) {
            form.questions.push_back(hour_words(*one));
            asked_about.push_back(one->person);
        }
        form.lines = look_words(look, app);
    }
    form.metadata = metadata_out(wish, asked_about);
    return form;
}

/// The form to begin with; whoever may not page is told now. Throws Refusal.
slack::View new_page_form(Transaction& tx, const Context& app, HandPage wish, const Asked& asked)
{
    permit_page(tx, app, asked);
    if (const auto about = wish.about.value == 0 ? std::nullopt : storage::Alerts{tx}.find(wish.about))
        wish.reason = about->title;
    std::erase_if(wish.whom, [](const Recipient& one) { return one.kind == RecipientKind::user_group; });
    for (auto& one : wish.whom)
        if (one.kind == RecipientKind::person) {
            const auto typed = one.name;
            one.name = known_as(tx, typed);
            if (!is_slack_id(one.name))
                throw Refusal{"I don't know " + typed + ". Choose the person from the list Slack shows while you type."};
        }
    return blocks::page_form(page_form_of(tx, app, wish, asked.now));
}

Opening page_opening(const std::string& trigger_id, const std::string& response_url, const Asked& asked)
{
    return {trigger_id, response_url, std::string{instead_of_page_form}, asked.actor, false, {}, false};
}

/// Opens it for somebody who has pressed or chosen something; a refusal goes to the same place. `wish.reason` is as Slack writes
/// it.
Answer open_by(HandPage wish, Asked asked, std::string trigger_id, std::string response_url, std::string delivery, Context& app,
    bool in_form = false)
{
    auto make = [&app, wish, asked](Transaction& tx) {
        auto filled = wish;
        filled.reason = typed_plain(wish.reason, storage::People{tx}.names());
        return new_page_form(tx, app, std::move(filled), asked);
    };
    auto opening = page_opening(trigger_id, response_url, asked);
    opening.alone = response_url.empty(); // a message would go nowhere
    opening.push = in_form;
    auto opened = open_or_refuse(make, std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

/// --- the sentence ---------------------------------------------------------------------------------------------------------

std::string not_understood(const std::string& word, const Configuration& configuration)
{
    const auto meant = config::nearest(word, recipient_names(configuration));
    return "Whom? Nobody and nothing is called \"" + word + "\"" + (meant ? "; did you mean " + *meant + "?" : ".")
        + " Nobody was paged. Write " + std::string{instead_of_page_form}
    + ", or the name of a service, team, schedule or policy first: "
      "`/oncall page payments …`; `/oncall page` alone opens a form.";
}

/// What was taken for granted.
std::vector<std::string> assumptions(const PageSentence& said)
{
    std::vector<std::string> words;
    for (const auto& shared : said.shared) {
        std::string others;
        for (const auto& one : shared.others)
            others += (others.empty() ? "" : " and ") + std::string{"a "} + std::string{name(one.kind)};
        words.push_back("I took " + shared.taken.name + " for the " + std::string{name(shared.taken.kind)} + "; it is " + others
            + " too: `/oncall page " + recipient_out(shared.others.front()) + " …` pages that.");
    }
    if (said.may_mean_low)
        words.push_back(
            "It goes out with high urgency. For low urgency write `low` before the names: `/oncall page low @ana …`.");
    return words;
}

} // namespace

Answer page(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto configuration = app.configuration();
    const auto said = page_sentence(rest, *configuration);
    if (!said.unknown.empty())
        throw Refusal{not_understood(said.unknown, *configuration)};
    const auto asked = asked_by(command.actor, "/oncall", app);
    HandPage wish;
    wish.whom = said.whom;
    wish.urgency = said.urgency.value_or(Urgency::high);
    for (const auto& one : wish.whom)
        if (one.kind == RecipientKind::person)
            app.meet(one.name);
    if (said.whom.empty() || said.reason.empty()) {
        auto make = [&app, wish, asked](Transaction& tx) { return new_page_form(tx, app, wish, asked); };
        auto by = page_opening(command.trigger_id, command.response_url, asked);
        by.came = command.came;
        auto opening = open_made_form(make, std::move(by), app);
        co_await std::move(opening);
        co_return Json{};
    }
    auto concerned = wish.whom;
    concerned.push_back({RecipientKind::person, asked.actor});
    auto knowing = get_to_know(std::move(concerned), app);
    co_await std::move(knowing);
    std::map<std::string, std::string> names;
    auto work = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return std::vector<std::string>{};
        wish.reason = typed_plain(said.reason, names);
        auto words = page_by_hand(tx, app, wish, asked).words;
        const auto assumed = assumptions(said);
        words.insert(words.end(), assumed.begin(), assumed.end());
        // By what people are reached, and when, is not for all who read a channel.
        if (command.said == slack::Command::Said::to_us && !command.channel.starts_with('D') && words.size() > 1) {
            const auto aside = slack::body(blocks::words(lines_joined(words), names));
            delivery::say_to_person(tx, delivery + ":aside", asked.actor, aside, asked.now);
            words.resize(1);
        }
        return words;
    };
    const auto words = co_await app.database.transaction(work);
    if (words.empty())
        co_return Json{};
    co_return handlers::said(blocks::words(lines_joined(words), names));
}

Answer click_page(slack::Action pressed, std::string delivery, Context& app)
{
    constexpr std::string_view of_alert{"alert:"};
    HandPage wish;
    if (const auto whom = recipient_in(pressed.value))
        wish.whom.push_back(*whom);
    if (pressed.value.starts_with(of_alert))
        std::from_chars(pressed.value.data() + of_alert.size(), pressed.value.data() + pressed.value.size(), wish.about.value);
    const bool in_form = is_in_form(pressed);
    auto opened = open_by(std::move(wish), asked_by(pressed.actor, "a button in Slack", app), pressed.trigger_id,
        pressed.response_url, std::move(delivery), app, in_form);
    co_return co_await std::move(opened);
}

Answer page_from_message(slack::Shortcut used, std::string delivery, Context& app)
{
    const auto asked = asked_by(used.actor, "a message in Slack", app);
    HandPage wish;
    wish.reason = used.message_text;
    wish.link.href = message_link(used);
    auto opened =
        open_by(std::move(wish), asked, std::move(used.trigger_id), std::move(used.response_url), std::move(delivery), app);
    co_return co_await std::move(opened);
}

Answer page_from_anywhere(slack::Shortcut used, std::string delivery, Context& app)
{
    auto opened =
        open_by({}, asked_by(used.actor, "a shortcut in Slack", app), std::move(used.trigger_id), {}, std::move(delivery), app);
    co_return co_await std::move(opened);
}

Answer change_page_form(slack::Action pressed, std::string delivery, Context& app)
{
    const auto filled = filled_in(pressed.state, pressed.private_metadata);
    const auto now = app.clock.now();
    auto load = [&app, filled, now](Transaction& tx) { return blocks::page_form(page_form_of(tx, app, filled.wish, now)); };
    show_changed_form(std::move(pressed), std::move(delivery), app, load, filled.wish.whom);
    co_return Json{};
}

Answer submit_page(slack::Submission sent, std::string, Context& app)
{
    const auto asked = asked_by(sent.actor, "a form in Slack", app);
    const auto filled = filled_in(sent.state, sent.private_metadata);
    const std::string person_field{view::page_person}, why_field{view::page_why};
    forget_changed_form(sent.view_id, app);
    Json errors = Json::object();
    if (filled.wish.whom.empty())
        errors[person_field] = "Choose whom to page, here or below.";
    if (filled.wish.reason.empty())
        errors[why_field] = "Say what is wrong: it is what they read first.";
    auto concerned = filled.wish.whom;
    concerned.push_back({RecipientKind::person, asked.actor});
    if (errors.empty()) {
        auto knowing = get_to_know(std::move(concerned), app);
        co_await std::move(knowing);
    }
    std::map<std::string, std::string> names;
    std::string no;
    auto work = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        const storage::Inbox inbox{tx};
        const auto key = "page form:" + sent.view_id;
        // One form pages once, however often it arrives.
        if (inbox.seen(key))
            return blocks::page_done({"This form has paged already. `/oncall status` shows it."}, names);
        permit_page(tx, app, asked);
        const auto look = look_at_page(tx, app, filled.wish.whom, filled.wish.urgency, asked.now);
        const auto about = to_ask_about(look);
        const bool asks = std::any_of(about.begin(), about.end(), [&](const HandReached* one) {
            return std::find(filled.asked_about.begin(), filled.asked_about.end(), one->person) == filled.asked_about.end();
        });
        if (asks)
            return blocks::page_form(page_form_of(tx, app, filled.wish, asked.now));
        const auto paged = page_by_hand(tx, app, filled.wish, asked);
        inbox.first(key, asked.now);
        return blocks::page_done(paged.words, names);
    };
    std::optional<slack::View> shown;
    try {
        if (errors.empty())
            shown = co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    if (!no.empty())
        errors[person_field] = blocks::plain(no, names);
    Json answer;
    answer["response_action"] = shown ? "update" : "errors";
    if (shown)
        answer["view"] = std::move(*shown);
    else
        answer["errors"] = std::move(errors);
    co_return answer;
}

Answer look_up_page(slack::Lookup typing, Context& app)
{
    const auto configuration = app.configuration();
    co_return blocks::suggestions(choices_of(*configuration), typing.typed);
}

} // namespace handlers
