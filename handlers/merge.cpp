#include "handlers/merge.hpp"

#include "blocks/choose_alert.hpp"
#include "blocks/details.hpp"
#include "blocks/grouping.hpp"
#include "blocks/loading.hpp"
#include "handlers/channel_bundles.hpp"
#include "handlers/choose_alert.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/grouping.hpp"
#include "handlers/opening.hpp"
#include "handlers/permits.hpp"
#include "handlers/said.hpp"
#include "oncall/words.hpp"
#include "storage/groups.hpp"

#include <charconv>
#include <sstream>

namespace handlers {

using oncall::AlertId;
using oncall::Refusal;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::string_view merge_usage{
    "Which alerts? Write `/oncall merge 17 into 12`: then #12 stands for both. `/oncall status` lists what is open."};
constexpr std::string_view split_usage{
    "Which alert? Write `/oncall split 17`, by its number: then it stands for itself. `/oncall show 12` lists the group of #12."};

AlertId number_read(std::string_view text)
{
    AlertId id;
    if (text.starts_with('#'))
        text.remove_prefix(1);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id.value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() && id.value > 0 ? id : AlertId{};
}

/// "17 into 12", "#17 12", "17 from 12"; at most two. Throws Refusal with the usage.
std::vector<AlertId> numbers_said(const std::string& rest, std::string_view usage)
{
    std::vector<AlertId> found;
    std::istringstream words{rest};
    for (std::string word; words >> word;) {
        if (const auto id = number_read(word); id.value != 0)
            found.push_back(id);
        else if (word != "into" && word != "with" && word != "to" && word != "in" && word != "and" && word != "from"
            && word != "#")
            throw Refusal{std::string{usage}};
    }
    if (found.size() > 2)
        throw Refusal{std::string{usage}};
    return found;
}

std::string words_of_merge(const oncall::Alert& child, const oncall::Alert& into)
{
    return "Merged " + oncall::number(child.id) + " " + child.title + " into " + oncall::number(into.id) + " " + into.title
        + ", which stands for both.";
}

std::string words_of_split(Transaction& tx, const oncall::Alert& child)
{
    return oncall::number(child.id) + " " + child.title + " stands for itself again."
        + (is_paged(tx, child.id) ? " It is being paged." : "");
}

/// Does it, and returns what is said of it.
std::string merge_and_say(Transaction& tx, const Context& app, AlertId child, AlertId into, const Asked& asked)
{
    const auto stands = merge(tx, app, child, into, asked);
    return words_of_merge(storage::Alerts{tx}.find(child).value_or(oncall::Alert{}), stands);
}

MakeForm form_of_merge(AlertId child, const Asked& asked)
{
    return [child, asked](Transaction& tx) {
        permit_deed(tx, oncall::Deed::page_on, asked);
        std::optional<oncall::Alert> one;
        if (child.value != 0) {
            one = storage::Alerts{tx}.find(child);
            if (!one)
                throw Refusal{"There is no alert " + oncall::number(child) + ". `/oncall status` lists what is open."};
            if (one->state == oncall::AlertState::resolved)
                throw Refusal{oncall::number(child) + " is over. Only open alerts can be merged."};
        }
        if (storage::Alerts{tx}.all_open(2).size() < 2)
            throw Refusal{"Fewer than two alerts are open, so there is nothing to merge."};
        return blocks::merge_form(one);
    };
}

MakeForm form_of_split(const Asked& asked)
{
    return [asked](Transaction& tx) {
        permit_deed(tx, oncall::Deed::page_on, asked);
        if (storage::AlertGroups{tx}.all_open_children(1).empty())
            throw Refusal{"No open alert is in a group of another, so there is nothing to split."};
        return blocks::split_form();
    };
}

/// A form's answer is what `act` says, in its place; what `act` refuses stands at `field`.
Answer answer_in_form(
    std::string field, std::string delivery, TimePoint now, std::function<blocks::Message(Transaction&)> act, Context& app)
{
    Json answer;
    std::string no;
    blocks::Names names;
    auto work = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        if (storage::Inbox{tx}.first(delivery, now))
            answer = view_answer("update", blocks::answered_here(slack::body(act(tx))));
    };
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    if (!no.empty())
        answer = error_answer(field, blocks::plain(no, names));
    co_return answer;
}

} // namespace

Answer merge_alerts(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    const auto numbers = numbers_said(rest, merge_usage);
    if (numbers.size() < 2) {
        auto make = form_of_merge(numbers.empty() ? AlertId{} : numbers.front(), asked);
        auto opened = open_made_form(std::move(make), opening_by(command, "`/oncall merge 17 into 12`"), app);
        co_await std::move(opened);
        co_return Json{};
    }
    std::string words;
    auto work = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, asked.now))
            words = merge_and_say(tx, app, numbers[0], numbers[1], asked);
    };
    co_await app.database.transaction(work);
    if (words.empty())
        co_return Json{};
    co_return said(blocks::merge_done(words, numbers[0]));
}

Answer split_alert(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    const auto numbers = numbers_said(rest, split_usage);
    if (numbers.empty()) {
        auto make = form_of_split(asked);
        auto opened = open_made_form(std::move(make), opening_by(command, "`/oncall split 17`"), app);
        co_await std::move(opened);
        co_return Json{};
    }
    std::string words;
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const auto alert = storage::Alerts{tx}.find(numbers[0]);
        if (numbers.size() == 2 && alert && alert->parent != numbers[1])
            throw Refusal{oncall::number(alert->id) + " is not of the group of " + oncall::number(numbers[1]) + ". "
                + std::string{split_usage}};
        words = words_of_split(tx, split(tx, app, numbers[0], asked));
    };
    co_await app.database.transaction(work);
    if (words.empty())
        co_return Json{};
    co_return said(blocks::words(words));
}

Answer click_merge(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    Opening opening;
    opening.trigger_id = pressed.trigger_id;
    opening.response_url = pressed.response_url;
    opening.person = asked.actor;
    opening.instead = "`/oncall merge 17 into 12`";
    auto opened = open_or_refuse(form_of_merge(number_read(pressed.value), asked), std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_split(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto id = number_read(pressed.value);
    std::string words;
    bool done = false;
    blocks::Names names;
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return;
        const bool shown = storage::Messages{tx}.at(pressed.channel, pressed.message_ts).has_value();
        const bool in_details = pressed.block_id == blocks::action::in_details;
        names = storage::People{tx}.names();
        try {
            if (id.value == 0)
                throw Refusal{"This button is from another version of me. " + std::string{split_usage}};
            words = words_of_split(tx, split(tx, app, id, asked));
            done = true;
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        // What took the merge back stands where the button was.
        if (done && !shown && !in_details && !pressed.response_url.empty())
            storage::Outbox{tx}.add("respond:" + delivery, "respond_over", storage::Priority::answer,
                response_lane(pressed.response_url), 0, pressed.response_url + "\n" + words, asked.now);
        else
            respond(tx, delivery, pressed.response_url, words, asked.now);
        if (in_details && !shown && !pressed.response_url.empty() && storage::Alerts{tx}.find(id))
            follow_details(tx, app, delivery, id, pressed.response_url, asked.now);
    };
    co_await app.database.transaction(work);
    if (is_in_form(pressed) && !words.empty()) {
        auto view = done ? blocks::answered_here(slack::body(blocks::words(words, names))) : blocks::not_loaded(words, names);
        app.tasks.spawn("show what was split", show_after_press(std::move(view), !done, pressed, app));
    }
    co_return Json{};
}

Answer submit_merge(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const bool named = !filled.private_metadata.empty();
    const auto child = named ? number_read(filled.private_metadata) : alert_chosen(filled.state);
    const auto into = alert_chosen(filled.state, blocks::view::merge_into);
    if (child.value == 0)
        co_return error_answer(named ? blocks::view::merge_into : blocks::view::verb_alert, "Choose an alert.");
    if (into.value == 0)
        co_return error_answer(blocks::view::merge_into, "Choose an alert.");
    auto act = [&app, child, into, asked](
                   Transaction& tx) { return blocks::merge_done(merge_and_say(tx, app, child, into, asked), child); };
    auto answering = answer_in_form(std::string{blocks::view::merge_into}, std::move(delivery), asked.now, act, app);
    co_return co_await std::move(answering);
}

Answer submit_split(slack::Submission filled, std::string delivery, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto child = alert_chosen(filled.state);
    if (child.value == 0)
        co_return error_answer(blocks::view::verb_alert, "Choose an alert.");
    auto act = [&app, child, asked](Transaction& tx) { return blocks::words(words_of_split(tx, split(tx, app, child, asked))); };
    auto answering = answer_in_form(std::string{blocks::view::verb_alert}, std::move(delivery), asked.now, act, app);
    co_return co_await std::move(answering);
}

} // namespace handlers
