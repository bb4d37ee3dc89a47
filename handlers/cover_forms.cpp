#include "handlers/cover_forms.hpp"
#include "blocks/cover.hpp"
#include "handlers/form_answers.hpp"
#include "handlers/permits.hpp"
#include "handlers/web/words.hpp"
#include "storage/people_sync.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace oncall;
using blocks::kit::Option;
using slack::Json;
using storage::Transaction;
namespace view = blocks::view;

namespace {

constexpr std::size_t most_shifts = 20; // to choose from, of each schedule
constexpr std::size_t most_of_others = 6;
constexpr std::size_t most_schedules_looked_at = 12; // of those that are not hers
constexpr std::size_t most_options = 100;
constexpr std::size_t most_option_value = 150;
std::int64_t seconds_of(TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }
TimePoint moment_of(std::int64_t seconds)
{
    return TimePoint{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, 9'999'999'999)}};
}

std::string shift_value(const Span& span, const std::string& rest)
{
    return std::to_string(seconds_of(span.from)) + ":" + std::to_string(seconds_of(span.to)) + ":" + rest;
}

/// --- forms ----------------------------------------------------------------------------------------------------------------

std::vector<Option> options_of(
    const std::vector<std::pair<std::string, Span>>& shifts, const std::string& zone, oncall::TimeStyle style)
{
    std::vector<Option> options;
    for (const auto& [schedule, span] : shifts)
        if (auto value = shift_value(span, schedule); value.size() <= most_option_value && options.size() < most_options)
            options.push_back({in_zone(span, zone, style) + ", " + schedule, std::move(value)});
    return options;
}

/// A shift of somebody else, to come or running.
struct OthersShift {
    Span span{};
    std::string person{};
    std::string schedule{};
};

/// Those of everybody, or of `with` alone, the first ones first.
std::vector<OthersShift> shifts_of_others(
    Transaction& tx, const Context& app, const std::set<std::string>& schedules, const std::string& with, const Asked& asked)
{
    std::vector<OthersShift> theirs;
    const auto desks = desks_of(tx, app, schedules);
    for (const auto& [name, schedule] : desks.schedules)
        for (const auto& person : others_of(schedule, desks.known, asked.actor)) {
            if (!with.empty() && person != with)
                continue;
            for (const auto& span : next_spans(schedule, desks.known, person, asked.now, most_of_others))
                theirs.push_back({span, person, name});
        }
    std::stable_sort(theirs.begin(), theirs.end(), [](const auto& a, const auto& b) { return a.span < b.span; });
    return theirs;
}

std::vector<Option> options_of(
    const std::vector<OthersShift>& shifts, const blocks::Names& names, const std::string& zone, oncall::TimeStyle style)
{
    std::vector<Option> options;
    for (const auto& one : shifts) {
        const auto known = names.find(one.person);
        auto value = shift_value(one.span, one.person + ":" + one.schedule);
        if (value.size() <= most_option_value && options.size() < most_options)
            options.push_back({(known == names.end() || known->second.empty() ? one.person : known->second) + ": "
                    + in_zone(one.span, zone, style) + ", " + one.schedule,
                std::move(value)});
    }
    return options;
}

const Json& cover_value_at(const Json& state, std::string_view field, std::initializer_list<std::string_view> keys)
{
    return slack::at(slack::at(state, {field, field}), keys);
}

std::string chosen_in(const Json& state, std::string_view field)
{
    return slack::text_at(slack::at(state, {field, field}), {"selected_option", "value"});
}

/// What was chosen of others' shifts.
OthersShift others_shift_in(const Json& state, std::string_view field)
{
    const auto chosen = numbers_in(chosen_in(state, field));
    const auto colon = std::min(chosen.rest.find(':'), chosen.rest.size());
    return {{moment_of(chosen.first), moment_of(chosen.second)}, chosen.rest.substr(0, colon),
        chosen.rest.substr(std::min(colon + 1, chosen.rest.size()))};
}

std::optional<TimePoint> moment_chosen(const Json& state, std::string_view field)
{
    const auto& seconds = cover_value_at(state, field, {"selected_date_time"});
    return seconds.is_number_integer() ? std::optional{moment_of(seconds.get<std::int64_t>())} : std::nullopt;
}

std::string reason_in(const Json& state)
{
    auto reason = slack::text_at(slack::at(state, {view::cover_reason, view::cover_reason}), {"value"});
    reason.resize(reason.find_last_not_of(" \n\t") + 1);
    return reason;
}

/// The times that were chosen of a shift; all of it where none were.
Span part_chosen(const Json& state, const Span& shift)
{
    return {moment_chosen(state, view::cover_from).value_or(shift.from), moment_chosen(state, view::cover_to).value_or(shift.to)};
}

/// What the form shows wrong of them; null: nothing.
Json wrong_part(const Span& part, const Span& shift)
{
    if (part.to <= part.from)
        return error_answer(view::cover_to, "It must end after it begins.");
    if (part.from < shift.from || shift.to < part.from)
        return error_answer(view::cover_from, "That is not within the shift chosen above.");
    if (shift.to < part.to)
        return error_answer(view::cover_to, "That is not within the shift chosen above.");
    return {};
}

struct Reader {
    blocks::Names names{};
    std::string zone{};
};
asio::awaitable<Reader> reader(std::string user, Context& app)
{
    auto load = [&](Transaction& tx) { return Reader{storage::People{tx}.names(), zone_of(tx, user)}; };
    co_return co_await app.database.read(load);
}

/// Asks, once for each `key`; a refusal stands at `field`.
Answer ask_by_form(CoverWish wish, std::string key, std::string_view field, Asked asked, Context& app)
{
    std::string no, words{"That is done already."};
    auto work = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first(key, asked.now))
            words = asked_words(ask(tx, app, wish, asked));
        return 0;
    };
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    auto asking = reader(asked.actor, app);
    const auto who = co_await std::move(asking);
    if (!no.empty())
        co_return error_answer(field, plain_words(no, who.names, who.zone));
    co_return view_answer("update", blocks::cover_done(words, who.names));
}

} // namespace

Numbers numbers_in(const std::string& text)
{
    Numbers found;
    const auto* const end = text.data() + text.size();
    const auto [colon, error] = std::from_chars(text.data(), end, found.first);
    if (error != std::errc{} || colon == end)
        return found;
    const auto [stop, wrong] = std::from_chars(colon + 1, end, found.second);
    if (wrong == std::errc{} && stop != end)
        found.rest = std::string{stop + 1, end};
    return found;
}

std::string zone_of(Transaction& tx, const std::string& user)
{
    const auto known = storage::People{tx}.find(user);
    return known && is_time_zone(known->time_zone) ? known->time_zone : "UTC";
}

oncall::TimeStyle style_of(Transaction& tx, const std::string& user)
{
    return oncall::time_style(storage::PeopleSync{tx}.locale_of(user));
}

std::string asked_words(const CoverRequest& request)
{
    const auto times = written(request.when) + ", schedule " + request.schedule;
    switch (request.kind) {
    case RequestKind::swap:
        return "Asked <@" + request.other + "> to swap: they take " + times + ", and you take " + written(request.theirs)
            + ". Nothing changes before they agree.";
    case RequestKind::take:
        return "Asked <@" + request.other + "> whether you may take " + times + ". Nothing changes before they say OK.";
    case RequestKind::cover: break;
    }
    return "Asked who takes " + times
        + ". You stay on call until somebody does, and are told. `/oncall cover cancel` calls it off.";
}

slack::View cover_form_of(Transaction& tx, const Context& app, const std::string& schedule, TimePoint about, const Asked& asked)
{
    auto shifts = next_shifts(tx, app, asked.actor, asked.now, most_shifts);
    if (!schedule.empty())
        std::erase_if(shifts, [&](const auto& one) { return one.first != schedule; });
    // The first is the one that is chosen.
    const auto is_meant = [&](const auto& one) { return one.second.from <= about && about < one.second.to; };
    std::stable_partition(shifts.begin(), shifts.end(), is_meant);
    const auto zone = zone_of(tx, asked.actor);
    const auto options = options_of(shifts, zone, style_of(tx, asked.actor));
    if (options.empty())
        throw Refusal{"You are not on call in the coming 60 days, so there is nothing to cover."};
    return blocks::cover_form(options, zone);
}

slack::View swap_form_of(Transaction& tx, const Context& app, const std::string& with, const Asked& asked)
{
    auto mine = next_shifts(tx, app, asked.actor, asked.now, most_shifts);
    const auto has_begun = [&](const auto& one) { return one.second.from <= asked.now; };
    std::erase_if(mine, has_begun);
    if (mine.empty())
        throw Refusal{"You have no shift to come within 60 days, so there is nothing to swap. `/oncall take @bo` offers to take "
                      "somebody's."};
    const auto zone = zone_of(tx, asked.actor);
    const auto style = style_of(tx, asked.actor);
    std::set<std::string> schedules;
    for (const auto& [schedule, span] : mine)
        schedules.insert(schedule);
    auto theirs = shifts_of_others(tx, app, schedules, with, asked);
    std::erase_if(theirs, [&](const OthersShift& one) { return one.span.from <= asked.now; });
    if (theirs.empty())
        throw Refusal{(with.empty() ? std::string{"Nobody else has"} : "<@" + with + "> has")
            + " a shift to come within 60 days in a schedule of yours. `/oncall cover` asks others to take your time."};
    const auto options = options_of(theirs, storage::People{tx}.names(), zone, style);
    return blocks::swap_form(options_of(mine, zone, style), options, zone);
}

slack::View take_form_of(Transaction& tx, const Context& app, const std::string& schedule, const Asked& asked)
{
    permit_taker(asker_of(tx, asked));
    const auto configuration = app.configuration();
    const auto known = known_people(tx);
    std::set<std::string> any, hers;
    for (const auto& [name, one] : configuration->schedules) {
        if (any.size() < most_schedules_looked_at)
            any.insert(name);
        const auto sharers = others_of(one, known, "");
        if (std::find(sharers.begin(), sharers.end(), asked.actor) != sharers.end())
            hers.insert(name);
    }
    if (!schedule.empty())
        hers = {schedule};
    auto theirs = shifts_of_others(tx, app, hers.empty() ? any : hers, "", asked);
    // Whom Slack does not know nobody can ask.
    std::erase_if(theirs, [](const OthersShift& one) { return one.person.find('@') != one.person.npos; });
    if (theirs.empty())
        throw Refusal{"Nobody else has a shift within 60 days "
            + (schedule.empty() ? std::string{"that you could take."} : "by schedule " + schedule + ".")
            + " `/oncall override` puts somebody on call."};
    const auto zone = zone_of(tx, asked.actor);
    return blocks::take_form(options_of(theirs, storage::People{tx}.names(), zone, style_of(tx, asked.actor)), zone);
}

Answer submit_cover(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto chosen = numbers_in(chosen_in(filled.state, view::cover_shift));
    CoverWish wish;
    wish.schedule = chosen.rest;
    wish.reason = reason_in(filled.state);
    const Span shift{moment_of(chosen.first), moment_of(chosen.second)};
    wish.when = part_chosen(filled.state, shift);
    if (auto wrong = wrong_part(wish.when, shift); !wrong.is_null())
        co_return wrong;
    auto asking = ask_by_form(std::move(wish), "cover form:" + filled.view_id, view::cover_shift, asked, app);
    co_return co_await std::move(asking);
}

Answer submit_swap(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto mine = numbers_in(chosen_in(filled.state, view::cover_shift));
    const auto theirs = others_shift_in(filled.state, view::cover_theirs);
    CoverWish wish;
    wish.kind = RequestKind::swap;
    wish.schedule = mine.rest;
    wish.other = theirs.person;
    wish.when = {moment_of(mine.first), moment_of(mine.second)};
    wish.theirs = theirs.span;
    wish.reason = reason_in(filled.state);
    if (theirs.schedule != mine.rest)
        co_return error_answer(view::cover_theirs, "Choose a shift of the same schedule.");
    app.meet(wish.other);
    auto asking = ask_by_form(std::move(wish), "cover form:" + filled.view_id, view::cover_theirs, asked, app);
    co_return co_await std::move(asking);
}

Answer submit_take(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto theirs = others_shift_in(filled.state, view::cover_theirs);
    CoverWish wish;
    wish.kind = RequestKind::take;
    wish.schedule = theirs.schedule;
    wish.other = theirs.person;
    wish.when = part_chosen(filled.state, theirs.span);
    wish.reason = reason_in(filled.state);
    if (auto wrong = wrong_part(wish.when, theirs.span); !wrong.is_null())
        co_return wrong;
    app.meet(wish.other);
    auto asking = ask_by_form(std::move(wish), "cover form:" + filled.view_id, view::cover_theirs, asked, app);
    co_return co_await std::move(asking);
}

Answer submit_cover_part(slack::Submission filled, std::string, Context& app)
{
    const auto asked = asked_by(filled.actor, "a form in Slack", app);
    const auto about = numbers_in(filled.private_metadata);
    const Span part{moment_chosen(filled.state, view::cover_from).value_or(TimePoint{}),
        moment_chosen(filled.state, view::cover_to).value_or(TimePoint{})};
    std::string no;
    CoverDeed deed{"That is done already.", ""};
    auto work = [&](Transaction& tx) {
        if (storage::Inbox{tx}.first("cover form:" + filled.view_id, asked.now))
            deed = take(tx, app, about.first, about.second, part, asked);
        return 0;
    };
    try {
        co_await app.database.transaction(work);
    } catch (const Refusal& refusal) {
        no = refusal.what();
    }
    if (!deed.schedule.empty()) {
        auto effect = take_effect(deed.schedule, app);
        co_await std::move(effect);
    }
    auto asking = reader(asked.actor, app);
    const auto who = co_await std::move(asking);
    if (!no.empty())
        co_return error_answer(view::cover_from, plain_words(no, who.names, who.zone));
    co_return view_answer("update", blocks::cover_done(deed.words, who.names));
}

} // namespace handlers
