#include "handlers/source_mapping.hpp"

#include "handlers/form_answers.hpp"
#include "handlers/form_fields.hpp"
#include "handlers/intake.hpp"
#include "handlers/look.hpp"
#include "handlers/opening.hpp"
#include "handlers/source_views.hpp"
#include "handlers/sources/mapped.hpp"

namespace handlers {

using oncall::Refusal;
using slack::Json;
using storage::Transaction;

namespace {

constexpr int most_tried = 20; // payloads that came before

/// What is chosen from: the source as it is now, and something that it sent.
struct MappingWork {
    Surroundings around{};
    storage::Payload payload{};
    sources::Sent sent{};
    oncall::Source source{};
    sources::MappingOffer offer{};
};

MappingWork mapping_work(Transaction& tx, const Context& app, std::int64_t id, const Asked& asked)
{
    MappingWork work;
    work.payload = payload_meant(tx, id);
    work.around = around_source(tx, app, work.payload.source, asked);
    work.source = source_meant(*work.around.now, work.payload.source);
    permit_source(work.around, work.source.name);
    if (!takes_mapping(work.source))
        throw Refusal{"Where the fields stand is chosen for sources of format generic alone; others have their places."};
    work.sent = sent_again(work.payload, asked.now);
    if (!work.payload.whole)
        throw Refusal{"It was longer than what is kept of it, so that nobody can choose from it. Send a shorter one."};
    if (!work.sent.body.is_structured())
        throw Refusal{"That is no JSON, and there is nothing to choose from it."};
    work.offer = sources::mapping_offered(work.sent.body, work.source.mapping);
    if (work.offer.places.empty())
        throw Refusal{"Nothing in it says anything, so there is nothing to choose from it."};
    return work;
}

/// Field → the place that was chosen; "": none is to be. A field that was left open is not there.
std::map<std::string, std::string> places_chosen(const blocks::Values& values)
{
    std::map<std::string, std::string> places;
    for (const auto name : sources::chosen_fields)
        if (const std::string field{name}; !fields::texts_in(values, field).empty())
            places.emplace(field, fields::option_in(values, field));
    return places;
}

/// Empty: that source reads it.
std::string why_unread(const sources::Sent& sent, const oncall::Source& source)
{
    try {
        supposed(sent, source);
        return {};
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
}

/// A mapping reads all that its source sends: how much of what came last it would not, and was read until now.
std::string what_is_lost(Transaction& tx, const oncall::Source& before, const oncall::Source& after, TimePoint now)
{
    int lost = 0;
    const storage::Payloads payloads{tx};
    for (const auto& one : payloads.last(before.name, most_tried)) {
        const auto payload = payloads.find(one.id);
        if (!payload || !payload->whole)
            continue;
        const auto sent = sent_again(*payload, now);
        lost += why_unread(sent, before).empty() && !why_unread(sent, after).empty() ? 1 : 0;
    }
    return lost == 0 ? std::string{}
                     : std::to_string(lost)
            + " of what it sent last could be read until now, and by this mapping no more. Have what is of another shape sent by "
              "a source of its own.";
}

Json check_mapping(Transaction& tx, Context& app, std::int64_t id, const blocks::Values& values, const Asked& asked)
{
    auto work = mapping_work(tx, app, id, asked);
    const auto wrong = [&](const std::string& words) {
        const auto* const field = words.find("dedup_key") == words.npos ? "title" : "dedup_key";
        return error_answer(field, blocks::plain(words, work.around.names));
    };
    auto becomes = *work.around.now;
    auto& source = becomes.sources.at(work.source.name);
    source.mapping = sources::mapping_chosen(work.offer, places_chosen(values));
    if (const auto why = why_unread(work.sent, source); !why.empty())
        return wrong(why);
    const auto edit = edit_to({"source", source.name, false}, becomes, work.around);
    auto planned = plan_edits(tx, app, {edit}, work.around, asked);
    if (!planned.problems.empty())
        return wrong(words_of(planned.problems.front()));
    if (!planned.changes)
        return wrong("Its mapping takes these places already. Choose another one, or go back.");
    planned.view.becomes = what_would_become(tx, app, becomes, supposed(work.sent, source), asked.now);
    if (auto lost = what_is_lost(tx, work.source, source, asked.now); !lost.empty())
        planned.view.warnings.push_back(std::move(lost));
    return view_answer("push", blocks::settings_plan(planned.view, work.around.names));
}

} // namespace

bool takes_mapping(const oncall::Source& source) { return source.format == "generic"; }

slack::View mapping_form(Transaction& tx, const Context& app, std::int64_t payload, const Asked& asked)
{
    auto work = mapping_work(tx, app, payload, asked);
    blocks::MappingView shown;
    shown.payload = payload;
    shown.source = work.source.name;
    shown.guessed = work.offer.is_guessed;
    shown.taken = work.offer.taken;
    for (auto& place : work.offer.places)
        shown.places.push_back({std::move(place.pointer), std::move(place.value)});
    for (const auto& [name, field] : work.offer.mapping.fields)
        if (!shown.taken.contains(name))
            shown.otherwise.insert(name);
    return blocks::source_mapping(shown);
}

Answer submit_source_mapping(slack::Submission sent, std::string, Context& app)
{
    const auto asked = asked_by(sent.actor, "/oncall source", app);
    const auto payload = number_in(sent.private_metadata);
    const auto values = blocks::form_values(sent.state);
    auto work = [&](Transaction& tx) {
        try {
            return check_mapping(tx, app, payload, values, asked);
        } catch (const Refusal& refusal) {
            return view_answer("push", refusal_view(refusal.what(), storage::People{tx}.names()));
        }
    };
    auto result = co_await app.database.transaction(work);
    co_return result;
}

} // namespace handlers
