#include "blocks/cover.hpp"
#include "config/nearest.hpp"
#include "handlers/climb.hpp"
#include "handlers/contact.hpp"
#include "handlers/cover_forms.hpp"
#include "handlers/opening.hpp"
#include "handlers/said.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace handlers {

using namespace oncall;
using slack::Json;
using storage::Transaction;

namespace {

constexpr std::string_view cover_usage{
    "Write `/oncall cover me friday 18:00-22:00`, `/oncall cover my next shift`, or `/oncall cover` for a form."};

constexpr std::size_t most_reason_bytes = 300;

std::vector<std::string> words_in(const std::string& text)
{
    std::istringstream stream{text};
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

/// The schedule among the words, which go; empty: none is named. Throws Refusal when what is left names none there is.
std::string cut_schedule(const Context& app, std::vector<std::string>& words)
{
    const auto configuration = app.configuration();
    constexpr std::size_t most_in_name = 12;
    for (auto count = std::min(words.size(), most_in_name); count > 0; --count) // a longer name counts before a shorter one
        for (std::size_t from = 0; from + count <= words.size(); ++from) {
            std::string name;
            for (auto at = from; at < from + count; ++at)
                name += (at == from ? "" : " ") + words[at];
            if (!configuration->schedules.contains(name))
                continue;
            words.erase(
                words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(from + count));
            return name;
        }
    return {};
}

void refuse_unknown(const Context& app, std::vector<std::string> words)
{
    std::erase_if(words, [](const std::string& one) {
        return one == "me" || one == "my" || one == "shift" || one == "please" || one == "for" || one == "schedule";
    });
    std::string name;
    for (const auto& one : words)
        name += (name.empty() ? "" : " ") + one;
    if (name.empty())
        return;
    std::vector<std::string> known;
    for (const auto& [its, schedule] : app.configuration()->schedules)
        known.push_back(its);
    const auto meant = config::nearest(name, known);
    throw Refusal{"I don't know what “" + name + "” is. " + (meant ? "Did you mean schedule " + *meant + "? " : std::string{})
        + std::string{cover_usage}};
}

std::string next_listed(const std::vector<std::pair<std::string, Span>>& shifts)
{
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(shifts.size(), 3); ++i)
        text += "\n• " + written(shifts[i].second) + ", schedule " + shifts[i].first;
    return text;
}

/// The schedule and the time of `whose` that the words mean. Throws Refusal. `who`: "You are", "<@U…> is".
std::pair<std::string, Span> time_of(Transaction& tx, const Context& app, const std::string& whose, const std::string& schedule,
    const SaidTime& time, const std::string& who, TimePoint now)
{
    auto next = next_shifts(tx, app, whose, now, 5);
    if (!schedule.empty())
        std::erase_if(next, [&](const auto& one) { return one.first != schedule; });
    if (!time.span) {
        if (next.empty())
            throw Refusal{who + " not on call in the coming 60 days."};
        const auto to_come = std::find_if(next.begin(), next.end(), [&](const auto& one) { return one.second.from > now; });
        return to_come == next.end() ? next.front() : *to_come;
    }
    const auto found = on_call_in(tx, app, whose, {std::max(time.span->from, now), time.span->to}, schedule);
    if (found.empty())
        throw Refusal{who + " not on call then: " + written(*time.span) + "."
            + (next.empty() ? std::string{} : " What comes next:" + next_listed(next))};
    if (found.size() > 1) {
        std::string names;
        for (const auto& [name, spans] : found)
            names += (names.empty() ? "" : " and ") + name;
        throw Refusal{who + " on call by schedules " + names + " then. Write which one as well, as `" + found.begin()->first
            + " friday 18:00-22:00`."};
    }
    return {found.begin()->first, *time.span};
}

Answer ask_by_words(CoverWish wish, std::string delivery, Asked asked, Context& app)
{
    std::string words;
    auto work = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first(delivery, asked.now))
            words = asked_words(ask(tx, app, wish, asked));
        return storage::People{tx}.names();
    };
    const auto names = co_await app.database.transaction(work);
    if (words.empty())
        co_return Json{};
    co_return said(blocks::words(words, names));
}

Answer cancel_by_words(slack::Command command, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    std::string words;
    std::vector<CoverRequest> open;
    auto work = [&](Transaction& tx) {
        open = storage::CoverRequests{tx}.open_of(asked.actor);
        if (open.empty())
            throw Refusal{"You have no open request. `/oncall overrides` takes back what was agreed."};
        if (open.size() == 1 && storage::Inbox{tx}.first(delivery, asked.now))
            words = cancel_request(tx, app, open.front().id, asked).words;
        return storage::People{tx}.names();
    };
    const auto names = co_await app.database.transaction(work);
    if (open.size() > 1)
        co_return said(blocks::open_requests(open, names));
    if (words.empty())
        co_return Json{};
    co_return said(blocks::words(words, names));
}

} // namespace

std::string cut_reason(std::vector<std::string>& words)
{
    const auto because = std::find(words.begin(), words.end(), "because");
    std::string reason;
    for (auto one = because; one != words.end(); ++one)
        if (one != because)
            reason += (reason.empty() ? "" : " ") + *one;
    words.erase(because, words.end());
    return cut_between_characters(std::move(reason), most_reason_bytes);
}

Answer cover(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    auto words = words_in(rest);
    if (words.size() == 1 && words.front() == "cancel") {
        auto cancelling = cancel_by_words(std::move(command), std::move(delivery), app);
        co_return co_await std::move(cancelling);
    }
    CoverWish wish;
    wish.reason = cut_reason(words);
    wish.schedule = cut_schedule(app, words);
    constexpr std::string_view instead{"`/oncall cover me friday 18:00-22:00`"};
    if (words.empty()) {
        const auto schedule = wish.schedule;
        auto make = [&app, schedule, asked](Transaction& tx) { return cover_form_of(tx, app, schedule, asked.now, asked); };
        auto opened = open_made_form(make, opening_by(command, std::string{instead}), app);
        co_await std::move(opened);
        co_return Json{};
    }
    std::optional<slack::View> form;
    auto load = [&](Transaction& tx) {
        const auto time = time_said(words, zone_of(tx, asked.actor), asked.now);
        if (!time.trouble.empty())
            throw Refusal{time.trouble};
        refuse_unknown(app, time.rest);
        if (!time.span && !time.next_shift)
            form = cover_form_of(tx, app, wish.schedule, asked.now, asked);
        else
            std::tie(wish.schedule, wish.when) = time_of(tx, app, asked.actor, wish.schedule, time, "You are", asked.now);
        return 0;
    };
    co_await app.database.read(load);
    if (form) {
        app.tasks.spawn("open a form of cover",
            open_form(std::move(*form), command.trigger_id, command.response_url, std::string{instead}, app));
        co_return Json{};
    }
    auto asking = ask_by_words(std::move(wish), std::move(delivery), asked, app);
    co_return co_await std::move(asking);
}

Answer swap_shifts(slack::Command command, std::string rest, std::string, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    auto make = [&app, rest, asked](Transaction& tx) {
        std::string with;
        for (const auto& word : words_in(rest)) {
            const auto person = person_in(word);
            with = person.empty() ? "" : known_as(tx, person);
            if (person.empty() && word != "with")
                throw Refusal{"Write `/oncall swap`, or `/oncall swap @bo` for the shifts of one person. A form opens."};
            if (with.find('@') != with.npos)
                throw Refusal{"I don't know " + person + ". Choose the person from the list Slack shows while you type."};
        }
        return swap_form_of(tx, app, with, asked);
    };
    auto opened = open_made_form(make, opening_by(command, "`/oncall swap`"), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer take_shift(slack::Command command, std::string rest, std::string delivery, Context& app)
{
    const auto asked = asked_by(command.actor, "/oncall", app);
    auto words = words_in(rest);
    CoverWish wish;
    wish.kind = RequestKind::take;
    wish.reason = cut_reason(words);
    wish.schedule = cut_schedule(app, words);
    if (words.empty()) {
        const auto schedule = wish.schedule;
        auto make = [&app, schedule, asked](Transaction& tx) { return take_form_of(tx, app, schedule, asked); };
        auto opened = open_made_form(make, opening_by(command, "`/oncall take @bo friday 18:00-22:00`"), app);
        co_await std::move(opened);
        co_return Json{};
    }
    auto load = [&](Transaction& tx) {
        for (auto word = words.begin(); word != words.end(); ++word)
            if (const auto person = person_in(*word); !person.empty()) {
                wish.other = known_as(tx, person);
                if (wish.other.find('@') != wish.other.npos)
                    throw Refusal{"I don't know " + person + ". Choose the person from the list Slack shows while you type."};
                words.erase(word);
                break;
            }
        if (wish.other.empty())
            throw Refusal{
                "Whose time? Write `/oncall take @bo friday 18:00-22:00`, `/oncall take @bo` for the next shift, or `/oncall "
                "take` for a form. They are asked first."};
        const auto time = time_said(words, zone_of(tx, asked.actor), asked.now);
        if (!time.trouble.empty())
            throw Refusal{time.trouble};
        refuse_unknown(app, time.rest);
        std::tie(wish.schedule, wish.when) =
            time_of(tx, app, wish.other, wish.schedule, time, "<@" + wish.other + "> is", asked.now);
        return 0;
    };
    co_await app.database.read(load);
    app.meet(wish.other);
    auto asking = ask_by_words(std::move(wish), std::move(delivery), asked, app);
    co_return co_await std::move(asking);
}

Answer click_cover(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto about = numbers_in(pressed.value);
    const auto& id = pressed.action_id;
    std::string no, schedule;
    auto work = [&](Transaction& tx) {
        if (!storage::Inbox{tx}.first(delivery, asked.now))
            return 0;
        const auto deed = id == blocks::action::cover_take ? take(tx, app, about.first, about.second, std::nullopt, asked)
            : id == blocks::action::cover_cancel           ? cancel_request(tx, app, about.first, asked)
                                                 : answer_request(tx, app, about.first, id == blocks::action::cover_agree, asked);
        schedule = deed.schedule;
        respond(tx, delivery, pressed.response_url, deed.words, asked.now);
        return 0;
    };
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what(); // nothing of it was kept
    }
    if (!no.empty()) {
        auto say = [&](Transaction& tx) {
            if (storage::Inbox{tx}.first(delivery, asked.now))
                respond(tx, delivery, pressed.response_url, no, asked.now);
        };
        co_await app.database.transaction(say);
    }
    if (!schedule.empty()) {
        auto effect = take_effect(schedule, app);
        co_await std::move(effect);
    }
    co_return Json{};
}

/// A button opens the form that `load` makes; what it refuses is said.
Answer open_by_button(std::function<slack::View(Transaction&)> load, slack::Action pressed, std::string delivery,
    std::string instead, Asked asked, Context& app)
{
    Opening opening{pressed.trigger_id, pressed.response_url, std::move(instead), asked.actor, false, {}, false};
    auto opened = open_or_refuse(std::move(load), std::move(opening), std::move(delivery), app);
    co_await std::move(opened);
    co_return Json{};
}

Answer click_cover_part(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto about = numbers_in(pressed.value);
    auto load = [asked, about](Transaction& tx) {
        const auto request = storage::CoverRequests{tx}.find(about.first);
        if (!request)
            throw Refusal{"There is no such request any more."};
        if (const auto over = closed_words(*request); !over.empty())
            throw Refusal{over};
        permit_taker(asker_of(tx, asked));
        return blocks::cover_part_form(*request, storage::People{tx}.names());
    };
    return open_by_button(std::move(load), std::move(pressed), std::move(delivery), "press *Take it* for all of it", asked, app);
}

Answer click_cover_ask(slack::Action pressed, std::string delivery, Context& app)
{
    const auto asked = asked_by(pressed.actor, "a button in Slack", app);
    const auto to = pressed.value.rfind('|');
    const auto from = to == pressed.value.npos || to == 0 ? pressed.value.npos : pressed.value.rfind('|', to - 1);
    if (from == pressed.value.npos)
        throw Refusal{"This button is of an older version of me. Write `/oncall cover`."};
    const auto schedule = pressed.value.substr(0, from);
    std::int64_t begins{};
    std::from_chars(pressed.value.data() + from + 1, pressed.value.data() + to, begins);
    const TimePoint about{milliseconds{begins}};
    auto load = [&app, asked, schedule, about](
                    Transaction& tx) { return cover_form_of(tx, app, schedule, std::max(about, asked.now), asked); };
    return open_by_button(std::move(load), std::move(pressed), std::move(delivery), "`/oncall cover`", asked, app);
}

} // namespace handlers
